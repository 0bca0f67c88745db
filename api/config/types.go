package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strconv"
	"strings"
)

// Environment is the kind of installation; it decides which defaults and which checks apply.
type Environment string

// The four environments. Any other name is refused at start: a misspelt "production" must not run as development.
const (
	Development Environment = "development"
	Test        Environment = "test"
	Staging     Environment = "staging"
	Production  Environment = "production"
)

// UnmarshalText accepts the four names, in any letter case.
func (e *Environment) UnmarshalText(text []byte) error {
	value, err := oneOf(string(text), Development, Test, Staging, Production)
	*e = value
	return err
}

// Local reports whether development defaults may be used: development and test.
func (e Environment) Local() bool { return e == Development || e == Test }

// SIAPScope says whether calls of SIAP are checked against the perimeter of the habilitation (05 A.3).
type SIAPScope string

// The two scopes of /api-siap.
const (
	ScopeTrusted SIAPScope = "trusted"
	ScopeStrict  SIAPScope = "strict"
)

// UnmarshalText accepts trusted and strict.
func (s *SIAPScope) UnmarshalText(text []byte) error {
	value, err := oneOf(string(text), ScopeTrusted, ScopeStrict)
	*s = value
	return err
}

// CASProtocol is the way tickets are validated (05 C.1).
type CASProtocol string

// The two protocols that the CERBERE client speaks.
const (
	CASSaml11 CASProtocol = "saml11"
	CAS3      CASProtocol = "cas3"
)

// UnmarshalText accepts saml11 and cas3.
func (p *CASProtocol) UnmarshalText(text []byte) error {
	value, err := oneOf(string(text), CASSaml11, CAS3)
	*p = value
	return err
}

// OnOff is a switch written "on" or "off".
type OnOff string

// The two positions of a switch.
const (
	On  OnOff = "on"
	Off OnOff = "off"
)

// UnmarshalText accepts on and off.
func (o *OnOff) UnmarshalText(text []byte) error {
	value, err := oneOf(string(text), On, Off)
	*o = value
	return err
}

// LogFormat is the shape of log lines.
type LogFormat string

// JSON lines for machines, text for a terminal.
const (
	LogJSON LogFormat = "json"
	LogText LogFormat = "text"
)

// UnmarshalText accepts json and text.
func (f *LogFormat) UnmarshalText(text []byte) error {
	value, err := oneOf(string(text), LogJSON, LogText)
	*f = value
	return err
}

// LogLevel is the threshold of log lines.
type LogLevel string

// UnmarshalText accepts debug, info, warn and error.
func (l *LogLevel) UnmarshalText(text []byte) error {
	value, err := oneOf[LogLevel](string(text), "debug", "info", "warn", "error")
	*l = value
	return err
}

// Slog returns the level as log/slog knows it.
func (l LogLevel) Slog() slog.Level {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l)); err != nil {
		return slog.LevelInfo
	}
	return level
}

// ByteSize is a number of bytes, written as a number or with a unit: 2MiB, 500MB, 10 Mo.
type ByteSize int64

var byteUnits = []struct {
	suffix string
	factor int64
}{
	{"KIB", 1 << 10}, {"MIB", 1 << 20}, {"GIB", 1 << 30}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9},
	{"KO", 1e3}, {"MO", 1e6}, {"GO", 1e9}, {"B", 1}, {"O", 1},
}

// UnmarshalText reads a positive number of bytes.
func (s *ByteSize) UnmarshalText(text []byte) error {
	value := strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(string(text)), " ", ""))
	factor := int64(1)
	for _, unit := range byteUnits {
		if strings.HasSuffix(value, unit.suffix) {
			value, factor = strings.TrimSuffix(value, unit.suffix), unit.factor
			break
		}
	}
	number, err := strconv.ParseInt(value, 10, 64)
	if err != nil || number <= 0 || number > (1<<62)/factor {
		return fmt.Errorf("« %s » n'est pas une taille ; écrivez par exemple 2MiB, 500MB ou un nombre d'octets", text)
	}
	*s = ByteSize(number * factor)
	return nil
}

// String writes the size with the largest unit that divides it.
func (s ByteSize) String() string {
	for _, unit := range []struct {
		suffix string
		factor ByteSize
	}{{"GiB", 1 << 30}, {"GB", 1e9}, {"MiB", 1 << 20}, {"MB", 1e6}, {"KiB", 1 << 10}, {"kB", 1e3}} {
		if s != 0 && s%unit.factor == 0 {
			return strconv.FormatInt(int64(s/unit.factor), 10) + unit.suffix
		}
	}
	return strconv.FormatInt(int64(s), 10) + "B"
}

// Prefixes is a list of networks; a single address counts as a network of one.
type Prefixes []netip.Prefix

// UnmarshalText reads addresses and CIDR networks separated by commas.
func (p *Prefixes) UnmarshalText(text []byte) error {
	var list Prefixes
	for _, item := range splitList(string(text)) {
		prefix, err := netip.ParsePrefix(item)
		if err != nil {
			addr, addrErr := netip.ParseAddr(item)
			if addrErr != nil {
				return fmt.Errorf("« %s » n'est ni une adresse IP ni un réseau comme 10.0.0.0/8", item)
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		list = append(list, prefix.Masked())
	}
	*p = list
	return nil
}

// oneOf returns the allowed value equal to text, whatever its letter case, or a French error that lists them.
func oneOf[T ~string](text string, allowed ...T) (T, error) {
	names := make([]string, len(allowed))
	for i, value := range allowed {
		if strings.EqualFold(strings.TrimSpace(text), string(value)) {
			return value, nil
		}
		names[i] = string(value)
	}
	return "", errors.New("« " + text + " » n'est pas admis ; valeurs possibles : " + strings.Join(names, ", "))
}

// splitList cuts a list on commas, drops the blanks around items and the empty items.
func splitList(text string) []string {
	var list []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}
