package convention_test

import (
	"context"
	"testing"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"

	"github.com/stretchr/testify/require"
)

func TestAV20AV21ConventionInitialeIncomplete(t *testing.T) {
	s := nouvelleScene(t)
	ctx, p := context.Background(), s.EnInstructeur()
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Publie})
	s.Executer(`UPDATE operation SET ville = '' WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, racine)
	s.Executer(`UPDATE lot SET nb_logements = NULL WHERE convention_id = $1`, s.ID(racine))
	d, err := s.avenant(t, p, racine, "duree")
	require.NoError(t, err)
	id := d.Convention.UUID
	numero := "1"
	valider := func() error {
		_, err := s.Service.Executer(ctx, p, id, convention.Valider, convention.Commande{Version: s.version(id), Numero: &numero, ConfirmerIncomplet: true, Commentaire: "vu"})
		return err
	}
	codes := func(err error) (out []string) {
		for _, f := range fault.As(err).Fields {
			out = append(out, f.Code)
		}
		return out
	}
	require.Contains(t, codes(valider()), convention.CodeInitialeIncomplete)

	completer := func(p auth.Principal, in convention.CompletionInitiale) (*convention.Dossier, error) {
		in.Version = s.version(id)
		return s.Service.CompleterInitiale(ctx, p, id, in)
	}
	complet := convention.CompletionInitiale{Ville: " Troyes ", Lots: map[convention.Financement]int{"PLUS": 12}}
	_, err = completer(s.EnBailleur(), complet)
	require.True(t, fault.Is(err, fault.Forbidden), "%v", err)
	_, err = completer(s.EtrangerBailleur(), complet)
	require.True(t, fault.Is(err, fault.NotFound), "%v", err)
	for nom, in := range map[string]convention.CompletionInitiale{
		"nothing": {}, "no town": {Lots: complet.Lots}, "no number": {Ville: "Troyes"}, "zero": {Ville: "Troyes", Lots: map[convention.Financement]int{"PLUS": 0}},
		"unknown lot": {Ville: "Troyes", Lots: map[convention.Financement]int{"PLUS": 1, "PLS": 2}},
	} {
		_, err = completer(p, in)
		require.True(t, fault.Is(err, fault.Invalid), "%s: %v", nom, err)
	}
	d, err = completer(p, complet)
	require.NoError(t, err)
	require.True(t, d.Initiale.Complete())
	for _, x := range []string{racine.String(), id.String()} {
		require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention c JOIN operation o ON o.id = c.operation_id JOIN lot l ON l.convention_id = c.id
			WHERE c.uuid = $1 AND o.ville = 'Troyes' AND l.nb_logements = 12 AND c.version = 2`, x), "root and avenant carry them")
	}
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention WHERE uuid = $1 AND statut = 'PUBLIE' AND signe_le = '2026-03-26'`, racine), "AV-21")
	require.NotContains(t, codes(orVide(valider())), convention.CodeInitialeIncomplete)
	require.NoError(t, s.Store.VerifierJournaux(ctx))
}

// orVide gives a refusal without field for a success.
func orVide(err error) error {
	if err == nil {
		return fault.New(fault.Invalid, "aucun", "aucun")
	}
	return err
}
