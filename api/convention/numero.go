package convention

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"apilos/api/date"
	"github.com/google/uuid"
)

// serie is a yearly sequence of numbers of one département; all its administrations share it (01 §4.3).
type serie struct {
	departement    string
	administration string // "D" for the State's own service, else the code of the délégataire
	annee          int
}

// serieDe returns the sequence of a root; ok is false without administration or département (FI-01).
func serieDe(d *Dossier, jour date.Date) (serie, bool) {
	if d.Administration == nil || d.Operation.CodeInseeDepartement == nil || *d.Operation.CodeInseeDepartement == "" {
		return serie{}, false
	}
	adm := d.Administration.Code
	if strings.HasPrefix(adm, "D") {
		adm = "D"
	}
	return serie{*d.Operation.CodeInseeDepartement, adm, jour.Year()}, true
}

// numero writes {dept}.{adm}.{aa}.{nnnn}.
func (s serie) numero(rang int) string {
	return fmt.Sprintf("%s.%s.%02d.%04d", s.departement, s.administration, s.annee%100, rang)
}

// rang reads the rank in a number of this département and year, whatever the administration.
func (s serie) rang(numero string) (int, bool) {
	parts := strings.Split(strings.TrimSpace(numero), ".")
	if len(parts) < 4 || parts[0] != s.departement || parts[len(parts)-2] != fmt.Sprintf("%02d", s.annee%100) {
		return 0, false
	}
	last := parts[len(parts)-1]
	if len(last) < 4 || len(last) > 6 {
		return 0, false
	}
	n, err := strconv.Atoi(last)
	return n, err == nil && n > 0
}

// Porteur is the convention that already has a number.
type Porteur struct {
	UUID    uuid.UUID
	Visible bool // in the perimeter of the caller
}

// proposerNumero returns the number to propose (FI-01, FI-05); "" when none can be.
func (s *Service) proposerNumero(ctx context.Context, d *Dossier, jour date.Date) (string, error) {
	if d.Convention.Numero != nil && *d.Convention.Numero != "" {
		return *d.Convention.Numero, nil
	}
	if d.EstAvenant() {
		return s.store.ProposerNumeroAvenant(ctx, d)
	}
	serie, ok := serieDe(d, jour)
	if !ok {
		return "", nil
	}
	dernier, err := s.store.DernierNumero(ctx, serie.departement, serie.annee)
	if err != nil {
		return "", err
	}
	return serie.numero(dernier + 1), nil
}
