package web_test

import (
	"maps"
	"strconv"

	"apilos/api/siap"
	"apilos/api/sim"
)

func clone(u map[string]sim.User) map[string]sim.User { return maps.Clone(u) }

// jetonSIAP is a token as SIAP signs them.
func jetonSIAP(b *bancConnexion) siap.Token {
	return siap.Token{Login: marie, HabilitationID: 101, JTI: "1", IssuedAt: b.heure.now()}
}

func itoa(n int) string { return strconv.Itoa(n) }
