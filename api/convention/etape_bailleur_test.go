package convention_test

import (
	"context"
	"testing"

	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"

	"github.com/stretchr/testify/require"
)

func valeurDe(v convention.VueEtape, cle string) any {
	for _, c := range v.Champs {
		if c.Cle == cle {
			return c.Valeur
		}
	}
	return nil
}

func TestEtapeBailleurReprendLaFicheSansYEcrire(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	id := s.Monde.Convention(fixture.Conv{})
	v, err := s.Service.LireEtape(context.Background(), p, id, convention.EtapeBailleur)
	require.NoError(t, err)
	require.Equal(t, "Claire Roux", valeurDe(v, "signataire_nom"), "read from the record of the bailleur")
	require.Equal(t, "Limousin Habitat", valeurDe(v, "bailleur"))
	require.Equal(t, "DDT de la Haute-Vienne", valeurDe(v, "administration"))
	require.Nil(t, valeurDe(v, "gestionnaire"), "ordinary housing has no manager")

	v, err = s.etape(t, p, id, convention.EtapeBailleur, `{"signataire_nom":"Claire Roux","signataire_fonction":"Présidente","signataire_date_deliberation":"2026-03-02","signataire_bloc_signature":"Par délégation"}`)
	require.NoError(t, err)
	require.Equal(t, "", v.Dossier.Convention.SignataireNom, "the value shown is not a change")
	require.Equal(t, "Présidente", v.Dossier.Convention.SignataireFonction)
	require.Equal(t, "2026-03-02", v.Dossier.Convention.SignataireDateDeliberation.String())
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM bailleur WHERE id = $1 AND signataire_fonction = '' AND signataire_nom = 'Claire Roux'`, s.BailleurID))
	d, err := s.Service.Lire(context.Background(), p, id)
	require.NoError(t, err)
	carte := d.Recapitulatif()[0]
	var montres []string
	for _, c := range carte.Champs {
		montres = append(montres, c.Valeur)
	}
	require.Subset(t, montres, []string{"Limousin Habitat", "Claire Roux", "Présidente", "02/03/2026", "Par délégation", "DDT de la Haute-Vienne"})

	for _, cle := range []string{"bailleur", "administration", "siret"} {
		_, err = s.etape(t, p, id, convention.EtapeBailleur, `{"`+cle+`":"Autre"}`)
		require.True(t, fault.HasCode(err, "CHAMP_NON_MODIFIABLE"), "%s is changed by its own action: %v", cle, err)
	}
}

func TestNA05EtapeBailleurObligations(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	id := s.Monde.Convention(fixture.Conv{})
	s.Executer(`UPDATE bailleur SET signataire_nom = '' WHERE id = $1`, s.BailleurID)
	refus := func(corps, pointer, code string) {
		t.Helper()
		_, err := s.etape(t, p, id, convention.EtapeBailleur, corps)
		require.True(t, fault.Is(err, fault.Invalid), "%s: %v", corps, err)
		require.Equal(t, pointer, fault.As(err).Fields[0].Pointer, corps)
		require.Equal(t, code, fault.As(err).Fields[0].Code, corps)
	}
	refus(`{"signataire_fonction":"Directrice"}`, "/signataire_nom", "required")
	refus(`{"identification_bailleur":true}`, "/identification_bailleur_detail", "required")
	v, err := s.etape(t, p, id, convention.EtapeBailleur, `{"identification_bailleur":true,"identification_bailleur_detail":"La société X"}`)
	require.NoError(t, err, "the identification replaces the signatory")
	require.Len(t, v.Avertissements, 1)
	require.Equal(t, "sans_represente_par", v.Avertissements[0].Code)
	v, err = s.etape(t, p, id, convention.EtapeBailleur, `{"identification_bailleur_detail":"La société X, Représentée par Mme Y"}`)
	require.NoError(t, err)
	require.Empty(t, v.Avertissements)
	refus(`{"identification_bailleur":false}`, "/signataire_nom", "required")

	s.Executer(`UPDATE bailleur SET signataire_nom = 'Claire Roux' WHERE id = $1`, s.BailleurID)
	s.Executer(`UPDATE convention SET identification_bailleur = false WHERE uuid = $1`, id)
	_, err = s.etape(t, p, id, convention.EtapeBailleur, `{"gestionnaire":"Association"}`)
	require.True(t, fault.HasCode(err, "CHAMP_NON_MODIFIABLE"), "foyer and résidence only: %v", err)
	s.Executer(`UPDATE operation SET nature_logement = 'AUTRE' WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, id)
	_, err = s.etape(t, p, id, convention.EtapeBailleur, `{"gestionnaire":"Association"}`)
	require.Len(t, fault.As(err).Fields, 3, "the three of the signatory: %v", err)
	require.Equal(t, 0, s.Compter(`SELECT count(*) FROM convention_foyer_residence WHERE convention_id = $1`, s.ID(id)))
	v, err = s.etape(t, p, id, convention.EtapeBailleur, `{"gestionnaire":"Association","gestionnaire_signataire_nom":"M. B","gestionnaire_signataire_fonction":"Président",
		"gestionnaire_signataire_date_deliberation":"2026-01-22","gestionnaire_signataire_bloc_signature":"Par délégation"}`)
	require.NoError(t, err)
	require.Equal(t, "Association", v.Dossier.FoyerResidence.Gestionnaire)
	require.Equal(t, "Par délégation", v.Dossier.FoyerResidence.GestionnaireSignataireBlocSignature)
	require.Len(t, v.Dossier.FoyerResidence.Variantes, 3, "the other columns start from their default")
	v, err = s.etape(t, p, id, convention.EtapeBailleur, `{"gestionnaire":"","gestionnaire_signataire_nom":""}`)
	require.NoError(t, err)
	require.Equal(t, "Président", v.Dossier.FoyerResidence.GestionnaireSignataireFonction)
}
