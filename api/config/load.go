package config

import (
	"errors"
	"maps"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// Error lists everything that is wrong with the settings, one French sentence per line.
type Error struct {
	Environment Environment
	Problems    []string
}

// Error returns the lines to show to the person who starts the program.
func (e *Error) Error() string {
	header := "Configuration refusée (ENVIRONMENT=" + string(e.Environment) + ") : 1 réglage à corriger."
	if count := len(e.Problems); count > 1 {
		header = "Configuration refusée (ENVIRONMENT=" + string(e.Environment) + ") : " + strconv.Itoa(count) + " réglages à corriger."
	}
	return header + "\n- " + strings.Join(e.Problems, "\n- ")
}

// Load reads the settings from environ, in the form of os.Environ (the last of two equal names wins, which is how
// command-line flags override the environment). It returns *Error with every problem found.
func Load(environ []string) (Config, error) {
	src := newSource(environ)

	var environment Environment
	if err := environment.UnmarshalText([]byte(src.or("ENVIRONMENT", string(Development)))); err != nil {
		return Config{}, &Error{
			Environment: Environment(src.values["ENVIRONMENT"]),
			Problems:    []string{"ENVIRONMENT : " + err.Error() + "."},
		}
	}
	explicit := maps.Clone(src.values)
	src.applyEnvironmentDefaults(environment)

	cfg, parseProblems := parse(src.values)
	problems := append(src.problems, parseProblems...)
	if len(parseProblems) == 0 {
		cfg.complete(src)
		problems = append(problems, cfg.invalid()...)
		if !environment.Local() {
			problems = append(problems, cfg.missing(explicit)...)
		}
	}
	if len(problems) > 0 {
		return Config{}, &Error{Environment: environment, Problems: problems}
	}
	return cfg, nil
}

func (s *source) or(name, fallback string) string {
	if value, ok := s.values[name]; ok {
		return value
	}
	return fallback
}

// parse fills a Config from values. When a value cannot be read, each setting is tried alone so that every problem is
// reported under the name of its variable.
func parse(values map[string]string) (Config, []string) {
	var cfg Config
	if err := env.ParseWithOptions(&cfg, env.Options{Environment: values}); err == nil {
		return cfg, nil
	}
	var problems []string
	eachSetting(reflect.TypeFor[Config](), func(field reflect.StructField, _ string) {
		name := field.Tag.Get("env")
		value, ok := values[name]
		if !ok {
			return
		}
		var alone Config
		err := env.ParseWithOptions(&alone, env.Options{Environment: map[string]string{name: value}})
		if err != nil {
			problems = append(problems, name+" : "+explain(field.Type, value, err)+".")
		}
	})
	return Config{}, problems
}

// explain turns a parse error into French. Types of this package already speak French; the others are told by kind.
// The value is repeated only when its type is not secret.
func explain(t reflect.Type, value string, err error) string {
	if reflect.PointerTo(t).Implements(reflect.TypeFor[interface{ UnmarshalText([]byte) error }]()) {
		var aggregate env.AggregateError
		var parseError env.ParseError
		if errors.As(err, &aggregate) && errors.As(aggregate.Errors[0], &parseError) {
			return parseError.Err.Error()
		}
	}
	shown := "« " + value + " »"
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return shown + " n'est pas une durée ; écrivez par exemple 30s, 15m ou 6h"
	case t.Kind() == reflect.Bool:
		return shown + " n'est ni true ni false"
	case t.Kind() == reflect.Int:
		return shown + " n'est pas un nombre entier"
	case t.Kind() == reflect.Float64:
		return shown + " n'est pas un nombre ; le séparateur décimal est le point"
	case t.Kind() == reflect.Map:
		return shown + " n'est pas une liste nom:nombre,nom:nombre"
	default:
		return shown + " est illisible"
	}
}

// sansCerbere is the value of CERBERE_AUTH that chooses local accounts (05 C.6). Production and staging want it
// written: a forgotten setting must not open a sign-in by password. Elsewhere an absent one is enough.
const sansCerbere = "aucun"

// complete derives what depends on several settings and tidies what people write in different ways.
func (c *Config) complete(src *source) {
	c.Server.PublicBaseURL = strings.TrimRight(strings.TrimSpace(c.Server.PublicBaseURL), "/")
	c.SIAPClient.Host = strings.TrimRight(strings.TrimSpace(c.SIAPClient.Host), "/")
	if strings.EqualFold(strings.TrimSpace(c.Cerbere.BaseURL), sansCerbere) {
		c.Cerbere.BaseURL = ""
	}
	if c.Cerbere.BaseURL != "" && !strings.HasSuffix(c.Cerbere.BaseURL, "/") {
		c.Cerbere.BaseURL += "/"
	}
	c.Depot.complete(c.Server.PublicBaseURL)
	if key, ok := src.values[jwtSignKey]; ok && !src.has("JWT_SIGN_KEYS") {
		c.SIAPAPI.Keys = KeyRing{{Secret: Secret(key)}}
	}
	for _, list := range []*[]string{
		&c.Server.AllowedHosts, &c.SIAPAPI.Algorithms, &c.Security.CSPFrameSrc, &c.Security.CSPConnectSrc,
		&c.Security.CSPScriptSrc, &c.Security.CSPImgSrc,
	} {
		*list = splitList(strings.Join(*list, ","))
	}
	if len(c.Server.AllowedHosts) == 0 {
		c.Server.AllowedHosts = defaultHosts(*c)
	}
}
