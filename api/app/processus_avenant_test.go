package app

import (
	"net/http"
	"sync"
	"testing"

	"apilos/api/convention"
	"apilos/api/fichier"
	"apilos/api/internal/fixture"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// TestAV04_CC04_deuxProcessus: what two people ask of one family at the same instant, through two programs: one wins,
// the other is told clearly what happened.
func TestAV04_CC04_deuxProcessus(t *testing.T) {
	f := nouvelleFerme(t)
	clients := []*client{f.service(f.lancer()), f.service(f.lancer())}
	const essais = 15

	t.Run("two creations of an avenant", func(t *testing.T) {
		for range essais {
			id := f.Convention(fixture.Conv{Statut: convention.Signee})
			creer := func(c *client) reponse {
				return c.ecrire(http.MethodPost, "/conventions/"+id.String()+"/avenants", `{"types":["programme"]}`, "")
			}
			gagne, perd := deuxEnsemble(t, http.StatusCreated, func() reponse { return creer(clients[0]) }, func() reponse { return creer(clients[1]) })
			require.Equal(t, http.StatusConflict, perd.Code, perd.Corps)
			require.Equal(t, "AVENANT_EN_COURS", perd.JSON()["code"])
			require.Equal(t, gagne.JSON()["uuid"], perd.JSON()["avenant_uuid"], "the page can open it")
			require.Equal(t, 1, f.Compter(`SELECT count(*) FROM convention WHERE parent_id = (SELECT id FROM convention WHERE uuid = $1)`, id))
		}
	})

	t.Run("a signature and a cancellation", func(t *testing.T) {
		for range essais {
			id := f.Convention(fixture.Conv{Statut: convention.ASigner})
			f.DocumentSigne(id, fichier.Sain)
			agir := func(c *client, action, corps string) func() reponse {
				return func() reponse {
					return c.ecrire(http.MethodPost, "/conventions/"+id.String()+"/actions/"+action, corps, `"1"`)
				}
			}
			_, perd := deuxEnsemble(t, http.StatusOK, agir(clients[0], "signer", `{"date_signature":"2026-04-01"}`), agir(clients[1], "annuler", `{}`))
			require.Equal(t, http.StatusPreconditionFailed, perd.Code, perd.Corps)
			require.NotEmpty(t, perd.JSON()["detail"])
			require.Equal(t, 1, f.historiques(id), "one change, one row")
		}
	})
}

// historiques counts the changes of statut of a convention, its creation apart.
func (f *ferme) historiques(id uuid.UUID) int {
	return f.Compter(`SELECT count(*) FROM convention_historique h JOIN convention c ON c.id = h.convention_id WHERE c.uuid = $1 AND h.transition <> 'creer'`, id)
}

// deuxEnsemble runs two requests at once and tells the one that succeeded from the other; exactly one does.
func deuxEnsemble(t *testing.T, succes int, un, autre func() reponse) (gagne, perd reponse) {
	t.Helper()
	var reponses [2]reponse
	var wg sync.WaitGroup
	for i, agir := range []func() reponse{un, autre} {
		wg.Go(func() { reponses[i] = agir() })
	}
	wg.Wait()
	if reponses[0].Code != succes {
		reponses[0], reponses[1] = reponses[1], reponses[0]
	}
	require.Equal(t, succes, reponses[0].Code, reponses[0].Corps)
	require.NotEqual(t, succes, reponses[1].Code, "both succeeded")
	return reponses[0], reponses[1]
}
