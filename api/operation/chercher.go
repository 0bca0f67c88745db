package operation

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"apilos/api/auth"
	"apilos/api/bailleur"
	"apilos/api/fault"
	"apilos/api/siap"
)

// Trouvee is an operation found by its number.
type Trouvee struct {
	Numero               string
	Nom                  string
	Bailleur             string
	Commune              string
	NatureLogement       NatureLogement
	CorrespondanceExacte bool
}

// trouveesMax bounds the operations with a number that resembles (CR-26).
const trouveesMax = 10

// Chercher finds an operation by number (CR-26): the one of SIAP, else the only one of the perimeter
// with exactly this number, else at most ten of the perimeter whose number resembles, best first. SIAP
// being down or refusing only removes its part. A text without any digit finds nothing.
func (s *Service) Chercher(ctx context.Context, p auth.Principal, q string) ([]Trouvee, error) {
	if !p.Peut(auth.ViewConvention) {
		return nil, fault.PermissionRefusee()
	}
	brut, numero, ok := lireNumero(q)
	if !ok || !strings.ContainsAny(numero, "0123456789") {
		return []Trouvee{}, nil
	}
	t, err := s.chercherSIAP(ctx, p, brut)
	if err != nil {
		return nil, err
	}
	if t != nil {
		return []Trouvee{*t}, nil
	}
	exactes, err := s.store.RacinesVisibles(ctx, p, numero)
	if err != nil {
		return nil, fmt.Errorf("find operation %s: %w", numero, err)
	}
	if len(exactes) == 1 {
		return []Trouvee{trouvee(exactes[0], true)}, nil
	}
	proches, err := s.store.Proches(ctx, p, numero, trouveesMax)
	if err != nil {
		return nil, fmt.Errorf("find operations like %s: %w", numero, err)
	}
	out := make([]Trouvee, 0, len(proches))
	for _, r := range proches {
		out = append(out, trouvee(r, NormaliserNumero(r.NumeroOperation) == numero))
	}
	return out, nil
}

// chercherSIAP returns nil when SIAP does not give the operation.
func (s *Service) chercherSIAP(ctx context.Context, p auth.Principal, numero string) (*Trouvee, error) {
	if p.Login == "" || p.HabilitationID == 0 {
		return nil, nil
	}
	dto, err := s.source.Operation(ctx, p.Login, p.HabilitationID, numero)
	var e *siap.Error
	if errors.As(err, &e) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read operation %s in SIAP: %w", numero, err)
	}
	plan, _ := LirePlan(dto) // an incomplete operation can still be named
	if NormaliserNumero(plan.Operation.NumeroOperation) != NormaliserNumero(numero) {
		return nil, nil
	}
	return &Trouvee{
		Numero: plan.Operation.NumeroOperation, Nom: plan.Operation.Nom, Bailleur: plan.Bailleur.Nom,
		Commune: plan.Operation.Ville, NatureLogement: plan.Operation.NatureLogement, CorrespondanceExacte: true,
	}, nil
}

func trouvee(r Racine, exacte bool) Trouvee {
	return Trouvee{r.NumeroOperation, r.Nom, r.BailleurNom, r.Ville, r.NatureLogement, exacte}
}

func bailleurVu(r Racine) BailleurVu {
	v := BailleurVu{UUID: r.BailleurUUID.String(), Nom: r.BailleurNom}
	if r.BailleurNature != bailleur.Prives {
		v.Siren = valeurOu(r.BailleurSiren, "")
	}
	return v
}

func sirenPublic(b BailleurPrevu) string {
	if b.NatureBailleur == bailleur.Prives {
		return ""
	}
	return valeurOu(b.Siren, "")
}
