package convention_test

import (
	"testing"

	"apilos/api/auth"
	"apilos/api/compte"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"apilos/api/store"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// PE-21: the switch says whether the latest signed avenant gives the whole family to its bailleur, or each row is judged
// on its own one; it counts at once for what is there, and for what is written afterwards.
func TestPE21InterrupteurDeVisibilite(t *testing.T) {
	s := nouvelleScene(t)
	ctx := t.Context()
	vendeur, acheteur, service := s.EnBailleur(), s.EtrangerBailleur(), s.EnInstructeur()
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	avenant := s.Monde.Avenant(racine, convention.Signee, "bailleur")
	s.Executer(`UPDATE convention SET rang_avenant = 1 WHERE uuid = $1`, avenant)
	s.vendre(avenant, acheteur.BailleurIDs[0])
	autre := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})

	regler := func(actif bool) {
		t.Helper()
		_, err := store.NewComptes(s.Store).EcrireInterrupteur(ctx, compte.FicheInterrupteur{
			Interrupteur: compte.Interrupteur{Nom: "visibilite_avenant_bailleur", Actif: actif}, Version: 2, MisAJourLe: instant,
		}, service.UtilisateurID)
		require.NoError(t, err)
	}
	voit := func(attendu bool, p auth.Principal, ids ...uuid.UUID) {
		t.Helper()
		for _, id := range ids {
			d, err := s.Service.Lire(ctx, p, id)
			if attendu {
				require.NoError(t, err)
				require.False(t, d.LectureSeule(p))
				continue
			}
			require.True(t, fault.Is(err, fault.NotFound), "%v", err)
		}
	}
	for range 2 {
		regler(true)
		voit(true, acheteur, racine, avenant)
		voit(false, vendeur, racine, avenant)
		s.Rafraichir(racine) // as any change of the family does
		voit(true, acheteur, racine, avenant)

		regler(false)
		voit(true, vendeur, racine)
		voit(false, vendeur, avenant)
		voit(true, acheteur, avenant)
		voit(false, acheteur, racine)
		s.Rafraichir(racine)
		voit(true, acheteur, avenant)
		voit(false, acheteur, racine)
		voit(true, vendeur, autre)
	}
}
