package convention_test

import (
	"context"
	"strconv"

	"apilos/api/auth"
	"apilos/api/convention"
)

// corrigerNumero asks for another number, mostly in expert mode.
func (v *vie) corrigerNumero(p auth.Principal, d *convention.Dossier) (string, error) {
	p.Expert = v.rnd.IntN(4) > 0
	numero := choisir(v, []string{"", "1", "87.DDT87.26.0001", strconv.Itoa(v.rnd.IntN(400))})
	_, err := v.service.CorrigerNumero(context.Background(), p, d.Convention.UUID, v.version(d), numero)
	return convention.CommandeNumero, err
}

// forcer asks for any statut, mostly as the one person who may: what the rules refuse writes nothing, what they accept
// leaves every invariant as it was (CC-34).
func (v *vie) forcer(p auth.Principal, d *convention.Dossier) (string, error) {
	if v.rnd.IntN(4) > 0 {
		p = v.superuser
	}
	f := convention.Forcage{Version: v.version(d), Statut: choisir(v, convention.Statuts()), Motif: choisir(v, []string{"motif", "motif", "motif", " "})}
	_, err := v.service.Forcer(context.Background(), p, d.Convention.UUID, f)
	return string(convention.Forcer), err
}
