package alert_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"apilos/api/convention"
	"apilos/api/internal/fixture"

	"github.com/stretchr/testify/require"
)

// recapituler runs the job of the month and delivers what it wrote: recipient → text.
func (b *banc) recapituler() map[string]string {
	b.t.Helper()
	avant := len(b.relais.tous())
	require.NoError(b.t, b.alertes.Recapituler(context.Background()))
	b.livrerTout()
	out := map[string]string{}
	for _, m := range b.relais.tous()[avant:] {
		out[m.a[0]] = m.mail.Text
	}
	return out
}

// EM-15: the service is told once a month of what it has to instruct and of what waits for a signature.
func TestEM15_digestOfTheService(t *testing.T) {
	b := nouveauBanc(t)
	tous, partiel, aucun, autre := b.preference(b.EnInstructeur(), "TOUS"), b.EnInstructeur(), b.preference(b.EnInstructeur(), "AUCUN"), b.EnInstructeur()
	b.Executer(`UPDATE role SET administration_id = $2 WHERE utilisateur_id = $1`, autre.UtilisateurID, b.Administration("DDT23", "DDT de la Creuse"))
	aInstruire := b.Convention(fixture.Conv{Statut: convention.Instruction})
	aSigner := b.Convention(fixture.Conv{Statut: convention.ASigner})
	suivie := b.Convention(fixture.Conv{Statut: convention.ASigner})
	b.Executer(`INSERT INTO convention_historique (convention_id, statut, statut_precedent, transition, role_typologie, utilisateur_id)
		VALUES ($1, 'A_SIGNER', 'PROJET', 'valider', 'INSTRUCTEUR', $2)`, b.ID(suivie), partiel.UtilisateurID)
	b.Convention(fixture.Conv{Statut: convention.Projet}) // the bailleur's

	recus := b.recapituler()
	require.ElementsMatch(t, []string{tous.Email, partiel.Email}, cles(recus), "%s wants nothing, nothing waits for %s", aucun.Email, autre.Email)
	for _, id := range []string{aInstruire.String(), aSigner.String(), suivie.String()} {
		require.Contains(t, recus[tous.Email], base+"/conventions/"+id)
	}
	require.Contains(t, recus[tous.Email], "À instruire (un dossier)")
	require.Contains(t, recus[tous.Email], "À signer (2 dossiers)")
	require.Contains(t, recus[partiel.Email], aInstruire.String())
	require.Contains(t, recus[partiel.Email], suivie.String())
	require.NotContains(t, recus[partiel.Email], aSigner.String(), "PARTIEL never acted on it")

	b.h.Avancer(3 * time.Hour)
	require.Empty(t, b.recapituler(), "once a month")
	b.h.Avancer(31 * 24 * time.Hour)
	require.Len(t, b.recapituler(), 2)
}

// EM-16: the bailleur is told of its projects and of what it has to correct; a parent bailleur of those of its children.
func TestEM16_digestOfTheBailleur(t *testing.T) {
	b := nouveauBanc(t)
	tous, auteur, sans := b.preference(b.EnBailleur(), "TOUS"), b.EnBailleur(), b.EnBailleur()
	mere := b.EnBailleur()
	mere = b.preference(mere, "TOUS")
	groupe := b.Bailleur("Groupe Limousin", "HLM")
	b.Executer(`UPDATE role SET bailleur_id = $2 WHERE utilisateur_id = $1`, mere.UtilisateurID, groupe)
	b.Executer(`UPDATE bailleur SET parent_id = $2, parent_origine = 'MANUEL' WHERE id = $1`, b.BailleurID, groupe)
	sien, autre := b.Convention(fixture.Conv{}), b.Convention(fixture.Conv{})
	corriger := b.Convention(fixture.Conv{Statut: convention.Correction})
	b.Executer(`UPDATE convention SET cree_par_id = $2 WHERE id = $1`, b.ID(sien), auteur.UtilisateurID)
	b.Convention(fixture.Conv{Statut: convention.Instruction}) // the service's

	recus := b.recapituler()
	require.ElementsMatch(t, []string{tous.Email, auteur.Email, mere.Email}, cles(recus), "%s never acted", sans.Email)
	for _, qui := range []string{tous.Email, mere.Email} {
		for _, id := range []string{sien.String(), autre.String(), corriger.String()} {
			require.Contains(t, recus[qui], id)
		}
	}
	require.Contains(t, recus[auteur.Email], sien.String())
	require.NotContains(t, recus[auteur.Email], autre.String())
	require.NotContains(t, recus[auteur.Email], corriger.String())
}

func TestEM15_longListsAreCutAndCounted(t *testing.T) {
	b := nouveauBanc(t)
	service := b.preference(b.EnInstructeur(), "TOUS")
	for range 23 {
		b.Convention(fixture.Conv{Statut: convention.Instruction})
	}
	texte := b.recapituler()[service.Email]
	require.Equal(t, 20, strings.Count(texte, base+"/conventions/"))
	require.Contains(t, texte, "23 dossiers")
	require.Contains(t, texte, "et 3 autres dossiers")
}

func TestEM20_EM15_switchOfMailsKeepsDigests(t *testing.T) {
	b := nouveauBanc(t)
	b.EnInstructeur()
	b.Convention(fixture.Conv{Statut: convention.Instruction})
	b.Executer(`UPDATE interrupteur SET actif = true WHERE nom = 'transactional_emails_off'`)
	require.Empty(t, b.recapituler())
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM message_sortant WHERE type = 'EM-15' AND etat = 'IGNOREE'`))
}

func cles(m map[string]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	return out
}
