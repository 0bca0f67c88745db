package echange_test

import (
	"testing"

	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// CR-30, 05 G.5: every active statut blocks, on a parent or on an avenant, and nothing changes.
func TestCR30_bloqueeParUneActive(t *testing.T) {
	b := nouveau(t)
	for _, statut := range []convention.Statut{convention.Signee, convention.PublicationEnCours, convention.Publie} {
		for _, sur := range []string{"parent", "avenant"} {
			t.Run(string(statut)+" "+sur, func(t *testing.T) {
				enCours := b.Convention(fixture.Conv{Statut: convention.Instruction})
				b.Executer(`UPDATE convention SET statut = 'INSTRUCTION' WHERE uuid = $1`, enCours)
				op := b.Inserer(`SELECT operation_id FROM convention WHERE uuid = $1`, enCours)
				if sur == "parent" {
					b.Convention(fixture.Conv{Statut: statut, Financement: convention.PLAI, OperationID: op})
				} else {
					parent := b.Convention(fixture.Conv{Statut: convention.Resiliee, Financement: convention.PLAI, OperationID: op})
					a := b.Avenant(parent, convention.Signee)
					b.Executer(`UPDATE convention SET statut = $2::varchar, date_publication_spf = CASE WHEN $2::text = 'PUBLIE' THEN DATE '2026-04-10' END,
						reference_spf = CASE WHEN $2::text = 'PUBLIE' THEN '2026P9' ELSE '' END WHERE uuid = $1`, a, string(statut))
				}
				bloquee, err := b.service.Annuler(b.ctx, b.siap, b.numero(enCours))
				require.NoError(t, err)
				require.True(t, bloquee)
				require.Equal(t, "INSTRUCTION", b.statut(enCours))
			})
		}
	}
	require.Empty(t, b.sortie.recus)
}

// CR-30: what is in progress is cancelled, avenants first, with a history of origin SIAP and without author;
// what ended stays; doing it again changes nothing.
func TestCR30_toutCeQuiEstEnCours(t *testing.T) {
	b := nouveau(t)
	projet := b.Convention(fixture.Conv{})
	op := b.Inserer(`SELECT operation_id FROM convention WHERE uuid = $1`, projet)
	aSigner := b.Convention(fixture.Conv{Statut: convention.ASigner, Financement: convention.PLAI, OperationID: op})
	avenant := b.Avenant(aSigner, convention.Correction)
	finie := b.Convention(fixture.Conv{Statut: convention.Denoncee, Financement: convention.PLS, OperationID: op})
	ailleurs := b.Convention(fixture.Conv{})

	bloquee, err := b.service.Annuler(b.ctx, b.siap, b.numero(projet))
	require.NoError(t, err)
	require.False(t, bloquee)
	for id, veut := range map[uuid.UUID]string{projet: "ANNULEE", aSigner: "ANNULEE", avenant: "ANNULEE", finie: "DENONCEE", ailleurs: "PROJET"} {
		require.Equal(t, veut, b.statut(id))
	}
	require.Equal(t, 3, b.Compter(`SELECT count(*) FROM convention_historique WHERE transition = 'annuler' AND origine = 'SIAP'
		AND utilisateur_id IS NULL AND role_typologie IS NULL AND habilitation_id = 201 AND statut = 'ANNULEE' AND statut_precedent IS NOT NULL`))
	require.Equal(t, 3, b.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'annuler' AND mode = 'SIAP' AND acteur = $1`, b.siap.Principal.Login))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'siap.annulation' AND nom_table = 'operation' AND ligne_id = $1`, op))
	require.Equal(t, 3, b.Compter(`SELECT count(*) FROM convention_recherche WHERE statut = 'ANNULEE'`))
	require.Len(t, b.sortie.recus, 3, "alerts of action are removed by the messages of a cancellation")
	require.Equal(t, avenant, b.sortie.recus[0].ConventionUUID, "the avenant before its root")
	require.Equal(t, b.siap.UtilisateurID, b.sortie.recus[0].Acteur.UtilisateurID, "SIAP is called under the login of the call")
	require.NoError(t, b.Store.VerifierJournaux(b.ctx))

	bloquee, err = b.service.Annuler(b.ctx, b.siap, b.numero(projet))
	require.NoError(t, err)
	require.False(t, bloquee)
	require.Len(t, b.sortie.recus, 3)
}

// 05 A.8: all or nothing.
func TestCR30_estAtomique(t *testing.T) {
	b := nouveau(t)
	premiere := b.Convention(fixture.Conv{})
	op := b.Inserer(`SELECT operation_id FROM convention WHERE uuid = $1`, premiere)
	seconde := b.Convention(fixture.Conv{Financement: convention.PLAI, OperationID: op})
	b.sortie.panne = seconde
	_, err := b.service.Annuler(b.ctx, b.siap, b.numero(premiere))
	require.Error(t, err)
	require.Equal(t, []string{"PROJET", "PROJET"}, []string{b.statut(premiere), b.statut(seconde)})
	require.Zero(t, b.Compter(`SELECT count(*) FROM journal_audit WHERE mode = 'SIAP'`))
}

func TestCR30_inconnueOuVide(t *testing.T) {
	b := nouveau(t)
	bloquee, err := b.service.Annuler(b.ctx, b.siap, "INCONNUE")
	require.NoError(t, err)
	require.False(t, bloquee)
	for _, numero := range []string{"", "a\x00b", string(make([]rune, 256))} {
		_, err = b.service.Annuler(b.ctx, b.siap, numero)
		require.True(t, fault.Is(err, fault.NotFound), "%q", numero)
	}
}
