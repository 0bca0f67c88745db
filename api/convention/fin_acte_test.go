package convention_test

import (
	"context"
	"strings"
	"testing"

	"apilos/api/auth"
	"apilos/api/comment"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"

	"github.com/stretchr/testify/require"
)

// TestAV13FormulaireDeFin: the form of a procedure is its only step, and its fields are all that it opens.
func TestAV13FormulaireDeFin(t *testing.T) {
	s := nouvelleScene(t)
	for _, p := range procedures {
		racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
		d, err := s.avenant(t, s.EnBailleur(), racine, p.typ)
		require.NoError(t, err)
		etapes := d.Etapes()
		require.Len(t, etapes, 1)
		require.Equal(t, convention.EtapeConvention{Code: convention.CodeEtape(p.typ), Disponible: true}, etapes[0])
		_, err = s.Service.LireEtape(context.Background(), s.EnBailleur(), d.Convention.UUID, convention.EtapeOperation)
		require.True(t, fault.Is(err, fault.NotFound), err)
		vue, err := s.Service.LireEtape(context.Background(), s.EnBailleur(), d.Convention.UUID, convention.CodeEtape(p.typ))
		require.NoError(t, err)
		for _, c := range vue.Champs {
			require.True(t, c.Modifiable, c.Cle)
			require.True(t, comment.CleConnue(c.Cible), "%s can be commented", c.Cle)
		}
		enregistrer := func(texte string) (convention.VueEtape, error) {
			return s.Service.EnregistrerEtape(context.Background(), s.EnBailleur(), d.Convention.UUID, convention.CodeEtape(p.typ), convention.SaisieEtape{
				Version: s.Compter(`SELECT version FROM convention WHERE uuid = $1`, d.Convention.UUID), Valeurs: valeurs(t, texte),
			})
		}
		for texte, code := range map[string]string{
			`{"` + p.date + `": ""}`:                                       "required",
			`{"` + p.date + `": "2020-01-01"}`:                             "DATE_INCOHERENTE",
			`{"motif_` + p.typ + `": "` + strings.Repeat("é", 5001) + `"}`: "too_long",
			`{"nom": "Autre"}`:                                             "champ_inconnu",
		} {
			_, err = enregistrer(texte)
			require.Equal(t, []string{code}, codes(err), texte)
		}
		vue, err = enregistrer(`{"` + p.date + `": "2027-06-30", "motif_` + p.typ + `": "Vente du bâtiment"}`)
		require.NoError(t, err)
		require.Equal(t, "PROJET 2027-06-30", s.statutEtFin(d.Convention.UUID, p.date), "PE-36")
		require.Equal(t, "SIGNEE", s.statutEtFin(racine, p.date), "the root changes with T18 only")
		require.Len(t, vue.Dossier.Recapitulatif(), 1)

		// In CORRECTION the bailleur changes the commented field only (PE-30).
		_, err = s.executer(t, s.EnBailleur(), d.Convention.UUID, convention.Soumettre, convention.Commande{})
		require.NoError(t, err)
		s.Commentaire(d.Convention.UUID, "convention", p.date, "OUVERT")
		_, err = s.executer(t, s.EnInstructeur(), d.Convention.UUID, convention.DemanderCorrections, convention.Commande{})
		require.NoError(t, err)
		_, err = enregistrer(`{"motif_` + p.typ + `": "Autre"}`)
		require.True(t, fault.HasCode(err, "CHAMP_NON_MODIFIABLE"), err)
		_, err = enregistrer(`{"` + p.date + `": "2027-09-30"}`)
		require.NoError(t, err)
	}
}

// TestAV4xActeVisible is 02 §3.8.3: the acte of a résiliation is seen by the service, by the bailleur who asked for it,
// and by both once it is validated.
func TestAV4xActeVisible(t *testing.T) {
	s := nouvelleScene(t)
	for _, c := range []struct {
		cote    auth.Typologie
		p       auth.Principal
		visible bool
	}{
		{auth.Instructeur, s.EnBailleur(), false}, {auth.Instructeur, s.EnInstructeur(), true}, {auth.Instructeur, s.EnAdministrateur(), true},
		{auth.Bailleur, s.EnBailleur(), true}, {auth.Bailleur, s.EnInstructeur(), true},
	} {
		racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
		id := s.procedure(racine, procedures[1], convention.Projet, c.cote)
		s.Executer(`UPDATE convention SET acte_resiliation = 'Arrêté du 3 mars' WHERE uuid = $1`, id)
		vu := func() (fichiers int, texte, carte bool) {
			v, err := s.Service.LireEtape(context.Background(), c.p, id, convention.EtapeResiliation)
			require.NoError(t, err)
			for _, x := range v.Champs {
				texte = texte || x.Cle == "acte_resiliation" && x.Valeur == "Arrêté du 3 mars"
			}
			for _, k := range v.Dossier.Recapitulatif()[0].Champs {
				carte = carte || k.Cle == "convention__acte_resiliation"
			}
			return len(v.Dossier.Documents), texte, carte
		}
		fichiers, texte, carte := vu()
		require.Equal(t, []any{c.visible, c.visible, c.visible}, []any{fichiers == 1, texte, carte})
		d, err := s.Service.Lire(context.Background(), c.p, id)
		require.NoError(t, err)
		if !c.visible {
			require.True(t, fault.HasCode(d.PeutAttacher(c.p, convention.RubriqueInstructionResiliation), "DEPOT_INTERDIT"))
		}
		s.Executer(`UPDATE convention SET statut = 'RESILIEE' WHERE uuid = $1`, id)
		fichiers, texte, carte = vu()
		require.Equal(t, []any{true, true, true}, []any{fichiers == 1, texte, carte})
	}
}
