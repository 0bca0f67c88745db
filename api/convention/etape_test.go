package convention_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func valeurs(t *testing.T, texte string) map[string]json.RawMessage {
	t.Helper()
	var v map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(texte), &v))
	return v
}

func (s *scene) enregistrer(t *testing.T, p auth.Principal, id uuid.UUID, texte string, resolus ...uuid.UUID) (convention.VueEtape, error) {
	t.Helper()
	return s.Service.EnregistrerEtape(context.Background(), p, id, convention.EtapeOperation, convention.SaisieEtape{
		Version: s.Compter(`SELECT version FROM convention WHERE uuid = $1`, id), Valeurs: valeurs(t, texte), CommentairesResolus: resolus,
	})
}

func TestPE30MatriceDEditabilite(t *testing.T) {
	s := nouvelleScene(t)
	bailleur, service := s.EnBailleur(), s.EnInstructeur()
	// 02 §2.4: "a" everything, "c" commented fields, "." nothing.
	table := map[convention.Statut]struct{ bailleur, service string }{
		convention.Projet: {"a", "a"}, convention.Instruction: {".", "a"}, convention.Correction: {"c", "a"}, convention.ASigner: {".", "."},
		convention.Signee: {".", "."}, convention.PublicationEnCours: {".", "."}, convention.Publie: {".", "."},
		convention.Resiliee: {".", "."}, convention.Denoncee: {".", "."}, convention.Annulee: {".", "."},
	}
	for _, statut := range convention.Statuts() {
		id := s.Monde.Convention(fixture.Conv{Statut: statut})
		s.Commentaire(id, "programme", "nom", "OUVERT")
		for _, a := range []struct {
			nom  string
			p    auth.Principal
			veut string
		}{
			{"bailleur", bailleur, table[statut].bailleur}, {"service", service, table[statut].service},
			{"lecteur", fixture.EnLecture(service), "."},
		} {
			nom := fmt.Sprint(statut, "/", a.nom)
			d, err := s.Service.Lire(context.Background(), a.p, id)
			require.NoError(t, err, nom)
			m := d.ModifiablePar(a.p)
			require.Equal(t, a.veut == "a", m.Tout, nom)
			require.Equal(t, a.veut == ".", m.Rien(), nom)
			require.Equal(t, a.veut != ".", m.Accepte("programme__nom"), nom)
			require.Equal(t, a.veut == "a", m.Accepte("programme__ville"), nom)
			// and the server really refuses
			_, err = s.enregistrer(t, a.p, id, fmt.Sprintf(`{"ville":"Ville %s"}`, nom))
			if a.veut == "a" {
				require.NoError(t, err, nom)
			} else {
				require.True(t, fault.Is(err, fault.Forbidden), "%s: %v", nom, err)
			}
			require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention WHERE uuid = $1 AND statut = $2`, id, string(statut)), "PE-36")
		}
	}
}

func TestPE30ChampsCommentesSeulement(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Correction})
	s.Commentaire(id, "programme", "nom", "OUVERT")
	s.Commentaire(id, "programme", "ville", "CLOS")

	_, err := s.enregistrer(t, p, id, `{"nom":"Les Érables","ville":"Panazol"}`)
	require.True(t, fault.HasCode(err, "CHAMP_NON_MODIFIABLE"))
	require.Equal(t, "/ville", fault.As(err).Fields[0].Pointer, "PE-32: CLOS opens nothing")
	require.Equal(t, 0, s.Compter(`SELECT count(*) FROM operation WHERE nom = 'Les Érables'`), "nothing saved")

	v, err := s.enregistrer(t, p, id, `{"nom":"Les Érables","ville":"Limoges"}`)
	require.NoError(t, err, "sending an unchanged value is not a change")
	require.Equal(t, 2, v.Dossier.Convention.Version)
}

func TestUX02EnregistrerEtMarquerResolu(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Correction})
	k := s.Commentaire(id, "programme", "nom", "OUVERT")
	autre := s.Monde.Convention(fixture.Conv{Statut: convention.Correction})
	etranger := s.Commentaire(autre, "programme", "nom", "OUVERT")

	_, err := s.enregistrer(t, p, id, `{"nom":"Les Érables"}`, etranger)
	require.True(t, fault.HasCode(err, "COMMENTAIRE_INCONNU"))
	require.Equal(t, 0, s.Compter(`SELECT count(*) FROM operation WHERE nom = 'Les Érables'`), "one transaction")
	_, err = s.enregistrer(t, p, id, `{"nom":"Les Érables"}`, k)
	require.NoError(t, err)
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM commentaire WHERE uuid = $1 AND statut = 'RESOLU' AND resolu_par_id = $2 AND resolu_le IS NOT NULL`, k, p.UtilisateurID), "CO-06")
	_, err = s.enregistrer(t, p, id, `{"nom":"Les Charmes"}`)
	require.NoError(t, err, "CO-08: RESOLU still opens the field")
}

func TestEtapeOperationRegles(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	id := s.Monde.Convention(fixture.Conv{})
	for _, c := range []struct{ nom, corps, pointer, code string }{
		{"nom vide", `{"nom":"  "}`, "/nom", "required"},
		{"nom nul", `{"nom":null}`, "/nom", "required"},
		{"nom trop long", `{"nom":"` + strings.Repeat("é", 256) + `"}`, "/nom", "too_long"},
		{"nom nombre", `{"nom":12}`, "/nom", "not_text"},
		{"nom NUL", `{"nom":"a\u0000b"}`, "/nom", "not_text"},
		{"nom sur deux lignes", `{"nom":"a\nb"}`, "/nom", "one_line"},
		{"adresse vide", `{"adresse":""}`, "/adresse", "required"},
		{"code postal court", `{"code_postal":"8700"}`, "/code_postal", "bad_format"},
		{"code postal lettres", `{"code_postal":"8700A"}`, "/code_postal", "bad_format"},
		{"type habitat inconnu", `{"type_habitat":"YOURTE"}`, "/type_habitat", "bad_choice"},
		{"bureaux négatifs", `{"nb_bureaux":-1}`, "/nb_bureaux", "negative"},
		{"bureaux énormes", `{"nb_bureaux":99999999999999999999}`, "/nb_bureaux", "too_many_digits"},
		{"bureaux décimaux", `{"nb_bureaux":1.5}`, "/nb_bureaux", "not_integer"},
		{"bureaux texte", `{"nb_bureaux":"deux"}`, "/nb_bureaux", "not_integer"},
		{"anru texte", `{"anru":"oui"}`, "/anru", "not_bool"},
		{"champ inconnu", `{"loyer":1}`, "/loyer", "champ_inconnu"},
	} {
		_, err := s.enregistrer(t, p, id, c.corps)
		require.True(t, fault.Is(err, fault.Invalid), "%s: %v", c.nom, err)
		require.Equal(t, c.pointer, fault.As(err).Fields[0].Pointer, c.nom)
		require.Equal(t, c.code, fault.As(err).Fields[0].Code, c.nom)
	}
	require.Equal(t, 1, s.Compter(`SELECT version FROM convention WHERE uuid = $1`, id))
	v, err := s.enregistrer(t, p, id, `{"nom":" L’Orée du bois ","adresse":"1 rue A\r\n2 rue B","nb_bureaux":"3","nb_locaux_commerciaux":null,"anru":true,"type_habitat":"MIXTE","type_operation":""}`)
	require.NoError(t, err)
	d := v.Dossier
	require.Equal(t, "L’Orée du bois", d.Operation.Nom)
	require.Equal(t, "1 rue A\n2 rue B", d.Convention.Adresse)
	require.Equal(t, "12 rue des Arènes", d.Operation.Adresse, "NA-09: the operation keeps its own address")
	require.Equal(t, 3, *d.Operation.NbBureaux)
	require.Equal(t, convention.Mixte, d.Lots[0].TypeHabitat)
	require.EqualValues(t, "NEUF", d.Operation.TypeOperation, "an empty type keeps the stored one")
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention_recherche WHERE uuid = $1 AND nom_norm LIKE '%oree du bois%'`, id))
}

func TestNA08TypeOperationFige(t *testing.T) {
	s := nouvelleScene(t)
	id := s.Monde.Convention(fixture.Conv{Financement: convention.SansFinancement})
	_, err := s.enregistrer(t, s.EnBailleur(), id, `{"type_operation":"VEFA"}`)
	require.True(t, fault.HasCode(err, "CHAMP_NON_MODIFIABLE"), err)
}

func TestCC05VersionsDesConventionsSoeurs(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	op := s.Operation(s.BailleurID, s.AdministrationID)
	plus := s.Monde.Convention(fixture.Conv{OperationID: op, Financement: convention.PLUS})
	plai := s.Monde.Convention(fixture.Conv{OperationID: op, Financement: convention.PLAI})
	_, err := s.enregistrer(t, p, plus, `{"nom":"Bel-Air"}`)
	require.NoError(t, err)
	require.Equal(t, 2, s.Compter(`SELECT version FROM convention WHERE uuid = $1`, plai))
	_, err = s.enregistrer(t, p, plus, `{"adresse":"ailleurs"}`)
	require.NoError(t, err)
	require.Equal(t, 2, s.Compter(`SELECT version FROM convention WHERE uuid = $1`, plai), "the address is the convention's own")

	// Siblings saved at the same time never deadlock: each either wins or is told that it is stale.
	var wg sync.WaitGroup
	for i := range 12 {
		id := plus
		if i%2 == 0 {
			id = plai
		}
		wg.Go(func() {
			v := s.Compter(`SELECT version FROM convention WHERE uuid = $1`, id)
			_, err := s.Service.EnregistrerEtape(context.Background(), p, id, convention.EtapeOperation,
				convention.SaisieEtape{Version: v, Valeurs: valeurs(t, fmt.Sprintf(`{"nom":"Bel-Air %d"}`, i))})
			if err != nil && !fault.Is(err, fault.Stale) {
				t.Errorf("sibling: %v", err)
			}
		})
	}
	wg.Wait()
}

func TestCC06Brouillon(t *testing.T) {
	s := nouvelleScene(t)
	ctx := context.Background()
	p, autre := s.EnBailleur(), s.EnBailleur()
	id := s.Monde.Convention(fixture.Conv{})
	require.NoError(t, s.Service.GarderBrouillon(ctx, p, id, convention.EtapeOperation, json.RawMessage(`{"nom":"En cours"}`), 1))
	require.NoError(t, s.Service.GarderBrouillon(ctx, p, id, convention.EtapeOperation, json.RawMessage(`{"nom":"En cours de frappe"}`), 1))
	v, err := s.Service.LireEtape(ctx, p, id, convention.EtapeOperation)
	require.NoError(t, err)
	require.JSONEq(t, `{"nom":"En cours de frappe"}`, string(v.Brouillon.Valeurs))
	require.Equal(t, 1, v.Dossier.Convention.Version, "CC-06: a draft changes no version")
	v, err = s.Service.LireEtape(ctx, autre, id, convention.EtapeOperation)
	require.NoError(t, err)
	require.Nil(t, v.Brouillon, "drafts are personal")
	a, err := s.Service.Accueillir(ctx, p)
	require.NoError(t, err)
	require.Len(t, a.Brouillons, 1)
	_, err = s.enregistrer(t, p, id, `{"nom":"Terminé"}`)
	require.NoError(t, err)
	_, err = s.Service.LireBrouillon(ctx, p, id, convention.EtapeOperation)
	require.True(t, fault.Is(err, fault.NotFound), "saving erases the draft")
	err = s.Service.GarderBrouillon(ctx, fixture.EnLecture(p), id, convention.EtapeOperation, json.RawMessage(`{}`), 1)
	require.True(t, fault.Is(err, fault.Forbidden))
}

// A save that would take the convention out of the perimeter of its author names the field, it does not say that the
// convention is not there.
func TestPE20LeCodePostalNeSortPasDuPerimetre(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnAdministrateur()
	p.Region, p.Departement = "", "87"
	id := s.Monde.Convention(fixture.Conv{CreePar: auth.Administrateur})
	s.Executer(`UPDATE operation SET siap_synchronise_le = NULL WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, id)
	_, err := s.enregistrer(t, p, id, `{"code_postal":"19000","ville":"Tulle"}`)
	require.True(t, fault.HasCode(err, convention.CodeHorsPerimetre), "%v", err)
	require.Equal(t, "/code_postal", fault.As(err).Fields[0].Pointer)
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM operation o JOIN convention c ON c.operation_id = o.id WHERE c.uuid = $1 AND o.code_postal = '87000' AND o.ville = 'Limoges'`, id))
	_, err = s.enregistrer(t, p, id, `{"code_postal":"87100"}`)
	require.NoError(t, err)
}
