package config

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"reflect"
	"strings"
)

// alias is an older name of a setting, used when the main name is absent.
type alias struct {
	Name, Main string
	secret     bool
}

// simpleAliases are the names whose value is taken as it is. Those that must be combined into one address
// (DB_*, SMTP_HOST…) are in composedAliases.
func simpleAliases() []alias {
	return []alias{
		{Name: "APPLICATION_DOMAIN_URL", Main: "PUBLIC_BASE_URL"},
		{Name: "POSTGRES_URL", Main: "DATABASE_URL", secret: true},
		{Name: "S3_ACCESS_KEY", Main: "AWS_ACCESS_KEY_ID"},
		{Name: "S3_SECRET_KEY", Main: "AWS_SECRET_ACCESS_KEY", secret: true},
		{Name: "S3_CONTAINER_ID", Main: "AWS_STORAGE_BUCKET_NAME"},
		{Name: "S3_REGION", Main: "AWS_S3_REGION_NAME"},
		{Name: "S3_ENDPOINT", Main: "AWS_S3_ENDPOINT_URL"},
		{Name: "SMTP_FROM", Main: "DEFAULT_FROM_EMAIL"},
	}
}

// jwtSignKey is the single key of the older installations. It is not an element of simpleAliases because such a key has
// no kid and may contain the characters that separate keys.
const jwtSignKey = "JWT_SIGN_KEY"

// composedAliases tells, for the documentation, which names are combined into which setting.
func composedAliases() []alias {
	return []alias{
		{Name: "DB_USER", Main: "DATABASE_URL"},
		{Name: "DB_PASSWORD", Main: "DATABASE_URL", secret: true},
		{Name: "DB_HOST", Main: "DATABASE_URL"},
		{Name: "DB_PORT", Main: "DATABASE_URL"},
		{Name: "DB_NAME", Main: "DATABASE_URL"},
		{Name: "SMTP_HOST", Main: "SMTP_URL"},
		{Name: "SMTP_PORT", Main: "SMTP_URL"},
		{Name: "SMTP_SECURE", Main: "SMTP_URL"},
		{Name: "SMTP_USER", Main: "SMTP_URL"},
		{Name: "SMTP_PASS", Main: "SMTP_URL", secret: true},
		{Name: jwtSignKey, Main: "JWT_SIGN_KEYS", secret: true},
	}
}

// source is the environment being prepared: blank values dropped, files read, aliases resolved.
type source struct {
	values   map[string]string
	problems []string
}

// newSource reads environ ("NAME=value", the last one wins) and applies files and aliases. A variable set to an empty
// or blank value counts as absent: that is what deployment tools write for "not set".
func newSource(environ []string) *source {
	src := &source{values: map[string]string{}}
	for _, entry := range environ {
		name, value, found := strings.Cut(entry, "=")
		if !found {
			continue
		}
		delete(src.values, name)
		if strings.TrimSpace(value) != "" {
			src.values[name] = value
		}
	}
	src.readFiles()
	for _, other := range simpleAliases() {
		if value, ok := src.values[other.Name]; ok {
			src.setDefault(other.Main, value)
		}
	}
	src.composeDatabaseURL()
	src.composeSMTPURL()
	return src
}

func (s *source) setDefault(name, value string) {
	if _, present := s.values[name]; !present && value != "" {
		s.values[name] = value
	}
}

func (s *source) has(name string) bool { _, ok := s.values[name]; return ok }

func (s *source) problem(format string, args ...any) {
	s.problems = append(s.problems, fmt.Sprintf(format, args...))
}

// readFiles gives NAME the content of the file that NAME_FILE designates, for every secret setting.
func (s *source) readFiles() {
	for _, name := range secretNames() {
		path, ok := s.values[name+"_FILE"]
		if !ok {
			continue
		}
		if s.has(name) {
			s.problem("%s : donné deux fois, directement et par %s_FILE ; gardez un seul des deux.", name, name)
			continue
		}
		content, err := os.ReadFile(path)
		if err != nil {
			s.problem("%s_FILE : le fichier « %s » est illisible ; vérifiez son chemin et ses droits.", name, path)
			continue
		}
		value := strings.TrimRight(string(content), "\r\n")
		if value == "" {
			s.problem("%s_FILE : le fichier « %s » est vide.", name, path)
			continue
		}
		s.values[name] = value
	}
}

// composeDatabaseURL builds DATABASE_URL from DB_HOST, DB_PORT, DB_NAME, DB_USER and DB_PASSWORD.
func (s *source) composeDatabaseURL() {
	if s.has("DATABASE_URL") || (!s.has("DB_HOST") && !s.has("DB_NAME")) {
		return
	}
	for _, name := range []string{"DB_HOST", "DB_NAME", "DB_USER"} {
		if !s.has(name) {
			s.problem("%s : nécessaire avec les autres réglages DB_… ; donnez-le, ou donnez DATABASE_URL.", name)
			return
		}
	}
	s.setDefault("DB_PORT", "5432")
	address := url.URL{
		Scheme: "postgres",
		Host:   net.JoinHostPort(s.values["DB_HOST"], s.values["DB_PORT"]),
		Path:   "/" + s.values["DB_NAME"],
		User:   userinfo(s.values["DB_USER"], s.values["DB_PASSWORD"]),
	}
	s.values["DATABASE_URL"] = address.String()
}

// composeSMTPURL builds SMTP_URL from SMTP_HOST, SMTP_PORT, SMTP_SECURE, SMTP_USER and SMTP_PASS.
func (s *source) composeSMTPURL() {
	if s.has("SMTP_URL") || !s.has("SMTP_HOST") {
		return
	}
	scheme, port := "smtp", "587"
	switch strings.ToLower(s.values["SMTP_SECURE"]) {
	case "yes", "true", "1", "on":
		scheme, port = "smtps", "465"
	}
	s.setDefault("SMTP_PORT", port)
	address := url.URL{
		Scheme: scheme,
		Host:   net.JoinHostPort(s.values["SMTP_HOST"], s.values["SMTP_PORT"]),
		User:   userinfo(s.values["SMTP_USER"], s.values["SMTP_PASS"]),
	}
	s.values["SMTP_URL"] = address.String()
}

func userinfo(user, password string) *url.Userinfo {
	switch {
	case user == "":
		return nil
	case password == "":
		return url.User(user)
	default:
		return url.UserPassword(user, password)
	}
}

// secretNames lists the settings and aliases that accept a _FILE variant: those whose type hides its value.
func secretNames() []string {
	var names []string
	eachSetting(reflect.TypeFor[Config](), func(field reflect.StructField, _ string) {
		switch field.Type {
		case reflect.TypeFor[Secret](), reflect.TypeFor[SecretURL](), reflect.TypeFor[KeyRing]():
			names = append(names, field.Tag.Get("env"))
		}
	})
	for _, other := range append(simpleAliases(), composedAliases()...) {
		if other.secret {
			names = append(names, other.Name)
		}
	}
	return names
}

// eachSetting calls visit for each field that has an env tag, with the name of its group ("" at the top), in the order
// of the struct.
func eachSetting(t reflect.Type, visit func(field reflect.StructField, group string)) {
	walkSettings(t, "", visit)
}

func walkSettings(t reflect.Type, group string, visit func(reflect.StructField, string)) {
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Tag.Get("env") != "" {
			visit(field, group)
		} else if field.Type.Kind() == reflect.Struct {
			walkSettings(field.Type, field.Name, visit)
		}
	}
}
