package config

import (
	"errors"
	"log/slog"
	"net/url"
	"strings"
)

// Mask is what a secret prints as.
const Mask = "********"

// Secret is a value that must never be printed. Convert it with Reveal, and only where it is used.
type Secret string

// Reveal returns the value itself.
func (s Secret) Reveal() string { return string(s) }

// String hides the value; an absent one is shown as such.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return Mask
}

// GoString hides the value from %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides the value from encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue hides the value from log/slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// SecretURL is an address that may hold a password; it prints without it.
type SecretURL string

// Reveal returns the address itself, password included.
func (u SecretURL) Reveal() string { return string(u) }

// String shows the address without its password. What cannot be read as an address with a host is hidden whole.
func (u SecretURL) String() string {
	if u == "" {
		return ""
	}
	parsed, err := url.Parse(string(u))
	if err != nil || parsed.Scheme == "" {
		return Mask
	}
	if _, hasPassword := parsed.User.Password(); hasPassword {
		parsed.User = url.UserPassword(parsed.User.Username(), Mask)
	}
	query := parsed.Query()
	for name := range query {
		if strings.Contains(strings.ToLower(name), "pass") || strings.Contains(strings.ToLower(name), "secret") {
			query.Set(name, Mask)
		}
	}
	parsed.RawQuery = query.Encode()
	return strings.ReplaceAll(parsed.String(), url.PathEscape(Mask), Mask)
}

// GoString hides the password from %#v.
func (u SecretURL) GoString() string { return u.String() }

// MarshalText hides the password from encoders.
func (u SecretURL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// LogValue hides the password from log/slog.
func (u SecretURL) LogValue() slog.Value { return slog.StringValue(u.String()) }

// Key is one signing key and the identifier written in the kid header, possibly empty.
type Key struct {
	ID     string
	Secret Secret
}

// KeyRing is an ordered list of keys: the first signs, all verify (rotation, 05 A.2).
type KeyRing []Key

// UnmarshalText reads kid:secret,kid:secret. A lone secret without kid is accepted; two keys need distinct kids.
func (r *KeyRing) UnmarshalText(text []byte) error {
	var ring KeyRing
	seen := map[string]bool{}
	for _, item := range splitList(string(text)) {
		id, secret, found := strings.Cut(item, ":")
		if !found {
			id, secret = "", item
		}
		if secret == "" {
			return errors.New("une clé est vide ; écrivez identifiant:secret,identifiant:secret")
		}
		if seen[id] {
			return errors.New("deux clés ont le même identifiant")
		}
		seen[id] = true
		ring = append(ring, Key{ID: id, Secret: Secret(secret)})
	}
	*r = ring
	return nil
}

// Current returns the key that signs; false when the ring is empty.
func (r KeyRing) Current() (Key, bool) {
	if len(r) == 0 {
		return Key{}, false
	}
	return r[0], true
}

// String shows the identifiers and hides the keys.
func (r KeyRing) String() string {
	shown := make([]string, len(r))
	for i, key := range r {
		shown[i] = strings.TrimPrefix(key.ID+":"+Mask, ":")
	}
	return strings.Join(shown, ",")
}

// GoString hides the keys from %#v.
func (r KeyRing) GoString() string { return r.String() }

// MarshalText hides the keys from encoders.
func (r KeyRing) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// LogValue hides the keys from log/slog.
func (r KeyRing) LogValue() slog.Value { return slog.StringValue(r.String()) }
