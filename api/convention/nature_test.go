package convention_test

import (
	"context"
	"encoding/json"
	"testing"

	"apilos/api/bailleur"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"apilos/api/operation"

	"github.com/stretchr/testify/require"
)

// TestNA00EtapesParNature: 8 natures × 4 bailleurs × 4 statuts give exactly the steps of 02 §8.3.
func TestNA00EtapesParNature(t *testing.T) {
	ordinaire := []convention.CodeEtape{"bailleur", "operation", "cadastre", "edd", "financement", "logements", "annexes", "stationnements", "commentaires"}
	foyer := []convention.CodeEtape{"bailleur", "operation", "cadastre", "edd", "financement", "logements", "collectif", "attribution", "variantes", "commentaires"}
	attendues := map[operation.NatureLogement]struct {
		etapes   []convention.CodeEtape
		optional func(bailleur.Nature) bool // of the EDD
	}{
		operation.LogementsOrdinaires:    {ordinaire, func(b bailleur.Nature) bool { return b == bailleur.HLM || b == bailleur.SEM }},
		operation.ResidenceUniversitaire: {ordinaire, func(bailleur.Nature) bool { return false }},
		operation.Rhvs:                   {ordinaire, func(bailleur.Nature) bool { return false }},
		operation.AutreFoyer:             {foyer, func(bailleur.Nature) bool { return false }},
		operation.Hebergement:            {foyer, func(bailleur.Nature) bool { return true }},
		operation.ResidenceSociale:       {foyer, func(bailleur.Nature) bool { return true }},
		operation.PensionsDeFamille:      {foyer, func(bailleur.Nature) bool { return true }},
		operation.ResidenceDAccueil:      {foyer, func(bailleur.Nature) bool { return true }},
	}
	vus := 0
	for nature, attendue := range attendues {
		for _, b := range bailleur.Natures() {
			for _, statut := range []convention.Statut{convention.Projet, convention.Signee, convention.PublicationEnCours, convention.Publie} {
				var d convention.Dossier
				d.Operation.NatureLogement, d.Bailleur.NatureBailleur, d.Convention.Statut = nature, b, statut
				var codes []convention.CodeEtape
				for _, e := range d.Etapes() {
					codes = append(codes, e.Code)
					require.Equal(t, e.Code == convention.EtapeEDD && attendue.optional(b), e.Facultative, "%s %s %s %s", nature, b, statut, e.Code)
				}
				require.Equal(t, attendue.etapes, codes, "%s %s %s", nature, b, statut)
				vus++
			}
		}
	}
	require.Equal(t, 8*4*4, vus)
}

// TestNA01EDDToujoursLa: the EDD is offered at every statut; it is optional for a résidence.
func TestNA01EDDToujoursLa(t *testing.T) {
	for _, statut := range convention.Statuts() {
		var d convention.Dossier
		d.Operation.NatureLogement, d.Convention.Statut = operation.Hebergement, statut
		etapes := d.Etapes()
		require.Len(t, etapes, 10)
		require.Equal(t, convention.EtapeEDD, etapes[3].Code)
		require.True(t, etapes[3].Facultative)
	}
}

// TestNA02UneFamilleDAttribution: what the schema holds of the rule; the form comes with its step. The spelling is one
// everywhere, and a family replaces the other.
func TestNA02UneFamilleDAttribution(t *testing.T) {
	s := nouvelleScene(t)
	id := s.Monde.Convention(fixture.Conv{})
	s.Executer(`INSERT INTO convention_foyer_residence (convention_id, type_attribution) SELECT id, 'AGEES' FROM convention WHERE uuid = $1`, id)
	s.Executer(`UPDATE convention_foyer_residence SET type_attribution = 'HANDICAPEES'`)
	_, err := s.Base.Pool.Exec(context.Background(), `UPDATE convention_foyer_residence SET type_attribution = 'HANDICAPES'`)
	require.ErrorContains(t, err, "type_attribution")
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention_foyer_residence WHERE type_attribution = 'HANDICAPEES'`))
}

func TestNA03TypeRequisAvantValidation(t *testing.T) {
	s := nouvelleScene(t)
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})
	s.Executer(`UPDATE bailleur SET nature_bailleur = 'PRIVES' WHERE id = $1`, s.BailleurID)
	p := s.EnInstructeur()
	_, err := s.Service.Executer(context.Background(), p, id, convention.Valider, convention.Commande{Version: 1, Commentaire: "Validé", ConfirmerIncomplet: true})
	require.Contains(t, codesDe(err), "TYPE_1_2_REQUIS")

	deux := convention.Type2
	// Both sides choose, even the bailleur while the service examines the file, unlike the fields of the form.
	d, err := s.Service.ChoisirType(context.Background(), s.EnBailleur(), id, 1, convention.ChoixType{Valeur: &deux, Options: []int{8, 1}})
	require.NoError(t, err)
	require.Equal(t, []int32{1, 8}, []int32(d.Convention.Type2Options))
	require.Equal(t, 2, d.Convention.Version)
	un := convention.Type1
	d, err = s.Service.ChoisirType(context.Background(), p, id, 2, convention.ChoixType{Valeur: &un})
	require.NoError(t, err)
	require.Equal(t, []int32{1, 8}, []int32(d.Convention.Type2Options), "options that are not sent are kept")
	require.NoError(t, s.Store.VerifierJournal(context.Background(), d.Convention.ID))
	_, err = s.Service.Executer(context.Background(), p, id, convention.Valider, convention.Commande{Version: 3, Commentaire: "Validé", ConfirmerIncomplet: true})
	require.NotContains(t, codesDe(err), "TYPE_1_2_REQUIS")
}

func TestNA03QuiEtQuand(t *testing.T) {
	s := nouvelleScene(t)
	s.Executer(`UPDATE bailleur SET nature_bailleur = 'PRIVES' WHERE id = $1`, s.BailleurID)
	un := convention.Type1
	for _, statut := range convention.Statuts() {
		id := s.Monde.Convention(fixture.Conv{Statut: statut})
		_, err := s.Service.ChoisirType(context.Background(), s.EnBailleur(), id, 1, convention.ChoixType{Valeur: &un})
		if statut.EnCours() {
			require.NoError(t, err, statut)
			continue
		}
		require.True(t, fault.HasCode(err, "CHAMP_NON_MODIFIABLE"), "%s: %v", statut, err)
	}
	id := s.Monde.Convention(fixture.Conv{})
	refus := func(attendu string, c convention.ChoixType, version int) {
		t.Helper()
		_, err := s.Service.ChoisirType(context.Background(), s.EnBailleur(), id, version, c)
		require.True(t, fault.HasCode(err, attendu), "%v", err)
	}
	trois := "Type3"
	refus(convention.CodeTypeInvalide, convention.ChoixType{Valeur: &trois}, 1)
	refus(convention.CodeTypeInvalide, convention.ChoixType{Valeur: &un, Options: []int{1, 1}}, 1)
	refus("VERSION_PERIMEE", convention.ChoixType{Valeur: &un}, 7)
	_, err := s.Service.ChoisirType(context.Background(), fixture.EnLecture(s.EnBailleur()), id, 1, convention.ChoixType{Valeur: &un})
	require.True(t, fault.HasCode(err, "PERMISSION_REFUSEE"), "%v", err)
	_, err = s.Service.ChoisirType(context.Background(), s.EtrangerBailleur(), id, 1, convention.ChoixType{Valeur: &un})
	require.True(t, fault.Is(err, fault.NotFound), "%v", err)
	for nom, sql := range map[string]string{
		"foyer": `UPDATE operation SET nature_logement = 'AUTRE' WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`,
		"HLM":   `UPDATE bailleur SET nature_bailleur = 'HLM' WHERE id = (SELECT o.bailleur_id FROM convention c JOIN operation o ON o.id = c.operation_id WHERE c.uuid = $1)`,
	} {
		id = s.Monde.Convention(fixture.Conv{})
		s.Executer(sql, id)
		t.Log(nom)
		refus(convention.CodeTypeSansObjet, convention.ChoixType{Valeur: &un}, 1)
	}
}

func TestNA07OutreMerALaValidation(t *testing.T) {
	s := nouvelleScene(t)
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})
	s.Executer(`UPDATE operation SET code_postal = '97400', code_insee_departement = '974', code_insee_region = '04', code_insee_commune = '97411' WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, id)
	s.Rafraichir(id)
	_, err := s.Service.Executer(context.Background(), s.EnInstructeur(), id, convention.Valider, convention.Commande{Version: 1, Commentaire: "Validé", ConfirmerIncomplet: true})
	require.Contains(t, codesDe(err), "OUTRE_MER_NATURE")
	s.Executer(`UPDATE operation SET nature_logement = 'AUTRE' WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, id)
	_, err = s.Service.Executer(context.Background(), s.EnInstructeur(), id, convention.Valider, convention.Commande{Version: 1, Commentaire: "Validé", ConfirmerIncomplet: true})
	require.NotContains(t, codesDe(err), "OUTRE_MER_NATURE")
}

// TestNA09LAdresseEstCelleDeLaConvention: the step shows the first that is filled, and saves on the convention alone.
func TestNA09LAdresseEstCelleDeLaConvention(t *testing.T) {
	s := nouvelleScene(t)
	ids := s.groupe(convention.PLUS, convention.PLAI)
	p := s.EnBailleur()
	lire := func(i int) any {
		vue, err := s.Service.LireEtape(context.Background(), p, ids[i], convention.EtapeOperation)
		require.NoError(t, err)
		for _, c := range vue.Champs {
			if c.Cle == "adresse" {
				return c.Valeur
			}
		}
		return nil
	}
	require.Equal(t, "12 rue des Arènes", lire(0))
	_, err := s.Service.EnregistrerEtape(context.Background(), p, ids[0], convention.EtapeOperation, convention.SaisieEtape{
		Version: s.version(ids[0]), Valeurs: map[string]json.RawMessage{"adresse": json.RawMessage(`"14 rue des Arènes"`)},
	})
	require.NoError(t, err)
	require.Equal(t, "14 rue des Arènes", lire(0))
	require.Equal(t, "12 rue des Arènes", lire(1), "the sibling keeps its own")
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM operation WHERE adresse = '12 rue des Arènes' AND id = (SELECT operation_id FROM convention WHERE uuid = $1)`, ids[0]))
}
