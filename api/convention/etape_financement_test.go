package convention_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func (s *scene) etape(t *testing.T, p auth.Principal, id uuid.UUID, code convention.CodeEtape, texte string) (convention.VueEtape, error) {
	t.Helper()
	return s.Service.EnregistrerEtape(context.Background(), p, id, code, convention.SaisieEtape{
		Version: s.Compter(`SELECT version FROM convention WHERE uuid = $1`, id), Valeurs: valeurs(t, texte),
	})
}

func (s *scene) financer(t *testing.T, p auth.Principal, id uuid.UUID, texte string) (convention.VueEtape, error) {
	t.Helper()
	return s.etape(t, p, id, convention.EtapeFinancement, texte)
}

// ligneCDC is a valid loan row; plus replaces or adds members.
func ligneCDC(plus string) string {
	base := map[string]any{"financement": "PLUS", "preteur": "CDCL", "numero": "77", "date_octroi": "2026-02-01", "duree": 35, "montant": "1000,50"}
	var autres map[string]any
	if err := json.Unmarshal([]byte("{"+plus+"}"), &autres); err != nil {
		panic(err)
	}
	for k, v := range autres {
		base[k] = v
	}
	b, err := json.Marshal(base)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func (s *scene) prets(t *testing.T, id uuid.UUID) []convention.Pret {
	t.Helper()
	d, err := s.Store.Charger(context.Background(), auth.Principal{Superuser: true}, id)
	require.NoError(t, err)
	return d.Prets
}

func TestEtapeFinancementLignesCreeesModifieesSupprimees(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	id := s.Monde.Convention(fixture.Conv{})
	avant := s.prets(t, id)[0]

	v, err := s.financer(t, p, id, `{"prets":[`+ligneCDC(``)+`,{"uuid":"`+avant.UUID.String()+`","montant":900000},{"financement":"PLUS","preteur":"AUTRE","autre":" Fondation ","montant":12}]}`)
	require.NoError(t, err)
	lignes := v.Dossier.Prets
	require.Len(t, lignes, 3)
	require.Equal(t, []string{"77", "5513", ""}, []string{lignes[0].Numero, lignes[1].Numero, lignes[2].Numero}, "the order sent is kept")
	require.Equal(t, []int{0, 1, 2}, []int{lignes[0].Ordre, lignes[1].Ordre, lignes[2].Ordre})
	require.Equal(t, avant.UUID, lignes[1].UUID, "a row keeps its identifier")
	require.Equal(t, "900000", lignes[1].Montant.String())
	require.Equal(t, avant.Duree, lignes[1].Duree, "a missing column does not change")
	require.Equal(t, "1000.5", lignes[0].Montant.String())
	require.Equal(t, "2026-02-01", lignes[0].DateOctroi.String())
	require.Equal(t, "Fondation", lignes[2].Autre)
	require.Equal(t, 2, v.Dossier.Convention.Version, "CC-02: rows raise the version of the convention")

	var j struct{ avant, apres json.RawMessage }
	require.NoError(t, s.Base.Pool.QueryRow(context.Background(),
		`SELECT avant, apres FROM journal_audit WHERE commande = 'etape.financement' ORDER BY id DESC LIMIT 1`).Scan(&j.avant, &j.apres))
	require.JSONEq(t, fmt.Sprintf(`{"prets":[{"uuid":%q,"ligne":1,"montant":"1180000"}]}`, avant.UUID), string(j.avant), "the journal keeps the rows that changed")
	require.Contains(t, string(j.apres), `"numero": "77"`)

	// the same rows again are no change at all
	memes := fmt.Sprintf(`{"prets":[{"uuid":%q},{"uuid":%q,"montant":"900000,00"},{"uuid":%q}]}`, lignes[0].UUID, lignes[1].UUID, lignes[2].UUID)
	v, err = s.financer(t, p, id, memes)
	require.NoError(t, err)
	require.Equal(t, 2, v.Dossier.Convention.Version)

	// a row that is not sent any more is deleted; the others move up
	v, err = s.financer(t, p, id, fmt.Sprintf(`{"prets":[{"uuid":%q},{"uuid":%q}]}`, lignes[2].UUID, lignes[1].UUID))
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{lignes[2].UUID, lignes[1].UUID}, []uuid.UUID{v.Dossier.Prets[0].UUID, v.Dossier.Prets[1].UUID})
	require.Equal(t, 2, s.Compter(`SELECT count(*) FROM pret p JOIN lot l ON l.id = p.lot_id WHERE l.convention_id = $1`, v.Dossier.Convention.ID))
}

func TestEtapeFinancementChangeDeLot(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	id := s.Monde.Convention(fixture.Conv{})
	plai := s.Inserer(`INSERT INTO lot (convention_id, financement, type_habitat, nb_logements) VALUES ($1, 'PLAI', 'COLLECTIF', 1) RETURNING id`, s.ID(id))
	l := s.prets(t, id)[0]
	_, err := s.financer(t, p, id, fmt.Sprintf(`{"prets":[{"uuid":%q},%s,%s]}`, l.UUID, ligneCDC(`"financement":"PLAI","numero":"1"`), ligneCDC(`"numero":"2"`)))
	require.NoError(t, err)
	lignes := s.prets(t, id)
	require.Equal(t, []string{"5513", "2", "1"}, []string{lignes[0].Numero, lignes[1].Numero, lignes[2].Numero}, "rows are read lot by lot")
	require.Equal(t, plai, lignes[2].LotID)
	v, err := s.financer(t, p, id, fmt.Sprintf(`{"prets":[{"uuid":%q},{"uuid":%q,"financement":"PLAI"},{"uuid":%q}]}`, lignes[0].UUID, lignes[1].UUID, lignes[2].UUID))
	require.NoError(t, err)
	require.Equal(t, lignes[1].UUID, v.Dossier.Prets[1].UUID, "the moved row is the same")
	require.Equal(t, plai, v.Dossier.Prets[1].LotID)
}

func TestEtapeFinancementReglesDesLignes(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	id, autre := s.Monde.Convention(fixture.Conv{}), s.Monde.Convention(fixture.Conv{})
	etrangere := s.prets(t, autre)[0].UUID
	mienne := s.prets(t, id)[0].UUID
	for _, c := range []struct{ nom, lignes, pointer, code, detail string }{
		{"not a list", `{"a":1}`, "/prets", "not_list", ""},
		{"null", `null`, "/prets", "not_list", ""},
		{"too many", `[` + strings.TrimSuffix(strings.Repeat(`{},`, 501), ",") + `]`, "/prets", "too_many_rows", ""},
		{"row of another convention", `[{"uuid":"` + etrangere.String() + `"}]`, "/prets/0", "unknown_row", "Ligne 1"},
		{"row sent twice", `[{"uuid":"` + mienne.String() + `"},{"uuid":"` + mienne.String() + `"}]`, "/prets/1", "unknown_row", "Ligne 2"},
		{"not an identifier", `[{"uuid":"un"}]`, "/prets/0", "unknown_row", ""},
		{"column", `[` + ligneCDC(`"taux":3`) + `]`, "/prets/0/taux", "champ_inconnu", ""},
		{"financement", `[` + ligneCDC(`"financement":"PLAI"`) + `]`, "/prets/0/financement", "bad_choice", "Ligne 1, Financement : aucun lot de la convention n’est financé en PLAI."},
		{"no financement", `[` + ligneCDC(`"financement":null`) + `]`, "/prets/0/financement", "required", ""},
		{"preteur", `[` + ligneCDC(`"preteur":"BANQUE"`) + `]`, "/prets/0/preteur", "bad_choice", ""},
		{"montant", `[` + ligneCDC(``) + `,` + ligneCDC(`"numero":"2","montant":""`) + `]`, "/prets/1/montant", "required", "Ligne 2, Montant (€) : le montant du prêt est obligatoire."},
		{"montant négatif", `[` + ligneCDC(`"montant":-1`) + `]`, "/prets/0/montant", "negative", "Ligne 1, Montant (€) : ne peut pas être négatif."},
		{"montant décimales", `[` + ligneCDC(`"montant":"1,005"`) + `]`, "/prets/0/montant", "too_many_decimals", ""},
		{"montant énorme", `[` + ligneCDC(`"montant":"10000000000"`) + `]`, "/prets/0/montant", "too_many_digits", ""},
		{"duree nulle", `[` + ligneCDC(`"duree":0`) + `]`, "/prets/0/duree", "too_small", "Ligne 1, Durée (années) : au moins 1."},
		{"date", `[` + ligneCDC(`"date_octroi":"hier"`) + `]`, "/prets/0/date_octroi", "not_date", ""},
		{"CDC without numero", `[` + ligneCDC(`"numero":" "`) + `]`, "/prets/0/numero", "required", "Ligne 1, Numéro : le numéro est obligatoire pour un prêt de la Caisse des dépôts."},
		{"CDC without date", `[` + ligneCDC(`"date_octroi":null`) + `]`, "/prets/0/date_octroi", "required", ""},
		{"CDC without duree", `[` + ligneCDC(`"duree":null`) + `]`, "/prets/0/duree", "required", ""},
		{"AUTRE without name", `[` + ligneCDC(``) + `,{"financement":"PLUS","preteur":"AUTRE","montant":1}]`, "/prets/1/autre", "required", "Ligne 2, Préciser l’organisme financeur : précisez l’organisme financeur."},
		{"same numero", `[` + ligneCDC(`"numero":"A1"`) + `,` + ligneCDC(`"numero":"a1 "`) + `]`, "/prets/1/numero", "prets.numero_double", ""},
		{"no CDC loan", `[{"financement":"PLUS","preteur":"VILLE","montant":1}]`, "/prets", "prets.cdc_manquant", "Déclarez au moins un prêt de la Caisse des dépôts (foncier ou logement) pour le financement PLUS."},
		{"no row at all", `[]`, "/prets", "prets.cdc_manquant", ""},
	} {
		_, err := s.financer(t, p, id, `{"prets":`+c.lignes+`}`)
		require.True(t, fault.Is(err, fault.Invalid), "%s: %v", c.nom, err)
		f := fault.As(err).Fields[0]
		require.Equal(t, c.pointer, f.Pointer, c.nom)
		require.Equal(t, c.code, f.Code, c.nom)
		if c.detail != "" {
			require.Contains(t, f.Detail, c.detail, c.nom)
		}
	}
	require.Equal(t, 1, s.Compter(`SELECT version FROM convention WHERE uuid = $1`, id), "nothing saved")
	require.Len(t, s.prets(t, id), 1)
	require.Len(t, s.prets(t, autre), 1)
}

func TestEtapeFinancementSansPretCDC(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	for _, f := range []convention.Financement{convention.PLS, "PALULOS", convention.SansFinancement} {
		id := s.Monde.Convention(fixture.Conv{Financement: f})
		_, err := s.financer(t, p, id, `{"prets":[]}`)
		require.NoError(t, err, f)
		require.Empty(t, s.prets(t, id))
	}
	id := s.Monde.Convention(fixture.Conv{Financement: convention.PLAI})
	s.Executer(`UPDATE operation SET type_operation = 'SANSTRAVAUX' WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, id)
	_, err := s.financer(t, p, id, `{"prets":[]}`)
	require.NoError(t, err)
}

func TestEtapeFinancementAnneeDeFin(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	id := s.Monde.Convention(fixture.Conv{})
	for _, c := range []struct{ valeur, code, detail string }{
		{"null", "required", ""},
		{"1976", "out_of_range", "comprise entre 1977 et 2526"},
		{"2527", "out_of_range", ""},
		{"2065", "fin_trop_tot", "L’année de fin de conventionnement ne peut pas être inférieure à 2066."},
	} {
		_, err := s.financer(t, p, id, `{"annee_fin_conventionnement":`+c.valeur+`}`)
		require.True(t, fault.Is(err, fault.Invalid), "%s: %v", c.valeur, err)
		require.Equal(t, "/annee_fin_conventionnement", fault.As(err).Fields[0].Pointer)
		require.Equal(t, c.code, fault.As(err).Fields[0].Code)
		require.Contains(t, fault.As(err).Fields[0].Detail, c.detail)
	}
	v, err := s.financer(t, p, id, `{"annee_fin_conventionnement":2070,"fond_propre":"250000,5"}`)
	require.NoError(t, err)
	require.Equal(t, "2070-06-30", v.Dossier.Convention.DateFinConventionnement.String())
	require.Equal(t, "250000.5", v.Dossier.Convention.FondPropre.Decimal.String())
	// a date that an import stored on another day stays until the year changes
	s.Executer(`UPDATE convention SET date_fin_conventionnement = DATE '2070-03-15' WHERE uuid = $1`, id)
	v, err = s.financer(t, p, id, `{"annee_fin_conventionnement":2070,"fond_propre":null}`)
	require.NoError(t, err)
	require.Equal(t, "2070-03-15", v.Dossier.Convention.DateFinConventionnement.String())
	require.False(t, v.Dossier.Convention.FondPropre.Valid)

	s.Executer(`UPDATE operation SET nature_logement = 'RESISDENCESOCIALE' WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, id)
	v, err = s.financer(t, p, id, `{"annee_fin_conventionnement":2071,"historique_financement_public":"Prêt de 1998"}`)
	require.NoError(t, err)
	require.Equal(t, "2071-12-31", v.Dossier.Convention.DateFinConventionnement.String())
	require.Equal(t, "Prêt de 1998", v.Dossier.Convention.HistoriqueFinancementPublic)
	_, err = s.financer(t, p, id, `{"fond_propre":1}`)
	require.True(t, fault.HasCode(err, "CHAMP_NON_MODIFIABLE"), "ordinary housing only: %v", err)
}

func TestPE31TableOuverteParSonCommentaire(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Correction})
	k := s.Commentaire(id, "convention", "fond_propre", "OUVERT")
	l := s.prets(t, id)[0]
	nouvelles := fmt.Sprintf(`[{"uuid":%q},%s]`, l.UUID, ligneCDC(``))

	_, err := s.financer(t, p, id, `{"fond_propre":1,"prets":`+nouvelles+`}`)
	require.True(t, fault.HasCode(err, "CHAMP_NON_MODIFIABLE"), err)
	require.Equal(t, "/prets", fault.As(err).Fields[0].Pointer)
	_, err = s.financer(t, p, id, `{"prets":[{"montant":-1}]}`)
	require.True(t, fault.HasCode(err, "CHAMP_NON_MODIFIABLE"), "rights come before rules: %v", err)
	require.Len(t, s.prets(t, id), 1, "nothing saved")
	_, err = s.financer(t, p, id, fmt.Sprintf(`{"fond_propre":1,"prets":[{"uuid":%q,"montant":1180000}]}`, l.UUID))
	require.NoError(t, err, "the same rows are not a change")

	// a closed table that breaks a rule does not stop the correction of an open field
	s.Executer(`DELETE FROM pret WHERE uuid = $1`, l.UUID)
	_, err = s.financer(t, p, id, `{"fond_propre":2}`)
	require.NoError(t, err)

	// a comment on the table opens the whole of it, a closed one opens nothing
	s.Executer(`UPDATE commentaire SET statut = 'CLOS', clos_le = now() WHERE uuid = $1`, k)
	_, err = s.financer(t, p, id, `{"fond_propre":3}`)
	require.True(t, fault.Is(err, fault.Forbidden), "PE-32: %v", err)
	s.Commentaire(id, "pret", "all", "RESOLU")
	v, err := s.financer(t, p, id, `{"prets":[`+ligneCDC(``)+`]}`)
	require.NoError(t, err)
	require.Len(t, v.Dossier.Prets, 1)
	v, err = s.financer(t, p, id, fmt.Sprintf(`{"prets":[{"uuid":%q,"duree":36}]}`, v.Dossier.Prets[0].UUID))
	require.NoError(t, err)
	require.Equal(t, 36, *v.Dossier.Prets[0].Duree)
	_, err = s.financer(t, p, id, `{"annee_fin_conventionnement":2080}`)
	require.True(t, fault.HasCode(err, "CHAMP_NON_MODIFIABLE"), "the table only: %v", err)
}

func TestPE33AvenantPretsSelonLesTypes(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	av := s.Avenant(racine, convention.Projet, "bailleur")
	corps := `{"prets":[` + ligneCDC(``) + `]}`
	_, err := s.financer(t, p, av, corps)
	require.True(t, fault.HasCode(err, "CHAMP_NON_MODIFIABLE"), err)
	_, err = s.etape(t, p, av, convention.EtapeBailleur, `{"signataire_nom":"Jeanne Petit"}`)
	require.NoError(t, err)
	s.Executer(`INSERT INTO convention_type_avenant (convention_id, type_code) VALUES ($1, 'duree')`, s.ID(av))
	v, err := s.financer(t, p, av, corps)
	require.NoError(t, err)
	require.Len(t, v.Dossier.Prets, 1)
	require.Len(t, s.prets(t, racine), 1, "the convention keeps its own loans")
}

// ref of an avenant is the day its convention was signed: without works, at least nine years from there.
func TestEcheanceAvenantDepuisLaSignature(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	av := s.Avenant(racine, convention.Projet, "duree")
	s.Executer(`UPDATE operation SET type_operation = 'SANSTRAVAUX' WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, av)
	s.Executer(`UPDATE convention SET signe_le = DATE '2010-09-01' WHERE uuid = $1`, racine)
	_, err := s.financer(t, p, av, `{"annee_fin_conventionnement":2019}`)
	require.True(t, fault.Is(err, fault.Invalid), err)
	require.Contains(t, fault.As(err).Fields[0].Detail, "inférieure à 2020")
	_, err = s.financer(t, p, av, `{"annee_fin_conventionnement":2030}`)
	require.NoError(t, err)
}

func TestCompletudeFinancement(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	id := s.Monde.Convention(fixture.Conv{})
	d, err := s.Service.Lire(context.Background(), p, id)
	require.NoError(t, err)
	jour := d.Convention.DateFinConventionnement.AddYears(-40)
	require.NotContains(t, codesB(d.Completude(jour)), "PRETS_CDC_MANQUANT")
	d.Prets[0].Numero = "" // as an import may leave it
	require.Contains(t, codesB(d.Completude(jour)), "PRET_INCOMPLET")
	d.Prets = nil
	require.Contains(t, codesB(d.Completude(jour)), "PRETS_CDC_MANQUANT")
}

func codesB(points []convention.Point) (out []string) {
	for _, p := range points {
		if p.Niveau == convention.NiveauBloquant && p.Etape == convention.EtapeFinancement {
			out = append(out, p.Code)
		}
	}
	return out
}
