package convention_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"apilos/api/sim"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func (a *atelier) papier(p auth.Principal, racine uuid.UUID, in convention.ImportAvenant) (*convention.Dossier, bool, error) {
	a.t.Helper()
	if in.RevisionID == "" {
		in.RevisionID = a.depot(p, "avenant "+in.Numero)
	}
	return a.Importation.ImporterAvenant(context.Background(), p, racine, in)
}

// bailleur adds a bailleur and returns its row and its uuid.
func (a *atelier) bailleur(nom string) (int64, *uuid.UUID) {
	a.t.Helper()
	id := a.Bailleur(nom, "HLM")
	var u uuid.UUID
	require.NoError(a.t, a.Base.Pool.QueryRow(context.Background(), `SELECT uuid FROM bailleur WHERE id = $1`, id).Scan(&u))
	return id, &u
}

func (a *atelier) effectif(racine uuid.UUID) (id int64) {
	a.t.Helper()
	require.NoError(a.t, a.Base.Pool.QueryRow(context.Background(), `SELECT bailleur_effectif_id FROM convention WHERE uuid = $1`, racine).Scan(&id))
	return id
}

func entier(n int) *int { return &n }

func TestAV22AV23AvenantDePapier(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnInstructeur()
	racine := a.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	b, choisi := a.bailleur("Repreneur")
	d, deja, err := a.papier(p, racine, convention.ImportAvenant{
		Numero: "1", AnneeSignature: 2026, BailleurUUID: choisi, NbLogements: entier(12), ChampLibre: "Vu.", Description: "Cession", Types: []string{"cadastre"},
	})
	require.NoError(t, err)
	require.False(t, deja)
	c := d.Convention
	require.Equal(t, convention.Signee, c.Statut)
	require.Equal(t, date.New(2026, time.January, 1), *c.SigneLe)
	require.Equal(t, "ANNEE", c.PrecisionDateSignature)
	require.Equal(t, "IMPORT", c.Source)
	require.Equal(t, "1", *c.Numero)
	require.Equal(t, "Vu.", c.ChampLibreAvenant)
	require.Equal(t, "Cession", c.DescAvenant, "path C: the description is kept")
	require.ElementsMatch(t, []string{"bailleur", "logements", "champ_libre", "cadastre"}, d.TypesAvenant)
	require.Equal(t, b, d.Operation.BailleurID)
	require.Equal(t, 12, d.NbLogements())
	require.NotNil(t, d.DocumentCourant(convention.RubriqueDocumentSigne))
	r, err := a.Service.Lire(context.Background(), p, racine)
	require.NoError(t, err)
	require.Equal(t, a.BailleurID, r.Operation.BailleurID, "AV-23: the root still says its own")
	require.Equal(t, 2, r.NbLogements())
	require.Equal(t, b, a.effectif(racine), "PE-21")
	require.Empty(t, a.Sortie.recus)
	require.Equal(t, 1, a.Compter(`SELECT count(*) FROM convention_historique WHERE convention_id = $1 AND statut = 'SIGNEE' AND transition = 'importer' AND statut_precedent IS NULL`, c.ID))
	require.NoError(t, a.Store.VerifierJournaux(context.Background()))
	// What does not change is no type.
	d, _, err = a.papier(p, racine, convention.ImportAvenant{Numero: "2", AnneeSignature: 2026, BailleurUUID: choisi, NbLogements: entier(12)})
	require.NoError(t, err)
	require.Empty(t, d.TypesAvenant)
}

func TestAV10AV24RangEtBailleurEffectif(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnInstructeur()
	racine := a.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	c, uc := a.bailleur("C de 2010")
	_, ub := a.bailleur("B de 1998")
	recent, _, err := a.papier(p, racine, convention.ImportAvenant{Numero: "2", AnneeSignature: 2010, BailleurUUID: uc, NbLogements: entier(7)})
	require.NoError(t, err)
	require.Equal(t, 1, *recent.Convention.RangAvenant)
	ancien, _, err := a.papier(p, racine, convention.ImportAvenant{Numero: "1", AnneeSignature: 1998, BailleurUUID: ub})
	require.NoError(t, err)
	require.Equal(t, 1, *ancien.Convention.RangAvenant)
	require.Equal(t, 2, ancien.NbLogements(), "copied from the version of 1998: the root")
	require.Equal(t, 1, a.Compter(`SELECT count(*) FROM convention WHERE uuid = $1 AND rang_avenant = 2`, recent.Convention.UUID))
	require.Equal(t, c, a.effectif(racine), "an older import changes nothing")
	entre, _, err := a.papier(p, racine, convention.ImportAvenant{Numero: "1 bis", AnneeSignature: 2005})
	require.NoError(t, err)
	require.Equal(t, ancien.Convention.ID, *entre.Convention.BaseID, "copied from the one signed last before it")
	require.Equal(t, 2, *entre.Convention.RangAvenant)
}

func TestAV08AV25CR2ARefus(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnBailleur()
	for _, statut := range convention.Statuts() {
		racine := a.Monde.Convention(fixture.Conv{Statut: statut})
		_, _, err := a.papier(p, racine, convention.ImportAvenant{Numero: "1", AnneeSignature: 2025})
		if statut.Actif() {
			require.NoError(t, err, statut)
			continue
		}
		require.True(t, fault.Is(err, fault.NotFound), "CR-2A %s: %v", statut, err)
		_, _, absente := a.papier(p, uuid.New(), convention.ImportAvenant{Numero: "1", AnneeSignature: 2025})
		require.Equal(t, fault.As(absente).Message, fault.As(err).Message, statut)
	}
	racine := a.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	_, _, err := a.papier(p, racine, convention.ImportAvenant{Numero: "2", AnneeSignature: 2020})
	require.NoError(t, err)
	_, _, err = a.papier(p, racine, convention.ImportAvenant{Numero: " 2 ", AnneeSignature: 2021, RevisionID: a.depot(p, "other")})
	require.True(t, fault.HasCode(err, convention.CodeNumeroAvenantExistant), "AV-25: %v", err)
	require.Equal(t, []string{"/numero"}, champs(err))
	for champ, in := range map[string]convention.ImportAvenant{
		"/types/0":            {Numero: "3", AnneeSignature: 2021, Types: []string{"denonciation"}},
		"/types/1":            {Numero: "3", AnneeSignature: 2021, Types: []string{"bailleur", "variantes"}},
		"/annee_signature":    {Numero: "3", AnneeSignature: 2027},
		"/nb_logements":       {Numero: "3", AnneeSignature: 2021, NbLogements: entier(0)},
		"/lots/0/financement": {Numero: "3", AnneeSignature: 2021, Lots: []convention.LotVersion{{Financement: convention.PLS, NbLogements: entier(3)}}},
		"/bailleur_uuid":      {Numero: "3", AnneeSignature: 2021, BailleurUUID: func() *uuid.UUID { _, u := a.bailleur("Pas le sien"); return u }()},
	} {
		_, _, err := a.papier(p, racine, in)
		require.Equal(t, []string{champ}, champs(err), "%v", err)
	}
	enCours := a.Monde.Avenant(racine, convention.Instruction)
	_, _, err = a.papier(p, racine, convention.ImportAvenant{Numero: "3", AnneeSignature: 2021})
	require.True(t, fault.HasCode(err, "AVENANT_EN_COURS"), "AV-08: %v", err)
	require.Equal(t, enCours.String(), fault.As(err).Extra["avenant_uuid"])
	_, _, err = a.papier(a.EtrangerBailleur(), racine, convention.ImportAvenant{Numero: "3", AnneeSignature: 2021})
	require.True(t, fault.Is(err, fault.NotFound))
	_, _, err = a.papier(p, racine, convention.ImportAvenant{Numero: "2", AnneeSignature: 2020})
	require.NoError(t, err, "CC-12: what is there already is answered, whatever is in progress")
}

func TestAV22ConventionMixteLotParLot(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnInstructeur()
	racine := a.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	a.Executer(`INSERT INTO lot (convention_id, financement, type_habitat, nb_logements) VALUES ($1, 'PLAI', 'COLLECTIF', 5)`, a.ID(racine))
	_, _, err := a.papier(p, racine, convention.ImportAvenant{Numero: "1", AnneeSignature: 2026, NbLogements: entier(9)})
	require.Equal(t, []string{"/nb_logements"}, champs(err), "which lot? %v", err)
	d, _, err := a.papier(p, racine, convention.ImportAvenant{Numero: "1", AnneeSignature: 2026, Lots: []convention.LotVersion{
		{Financement: convention.PLUS, NbLogements: entier(2)}, {Financement: convention.PLAI, NbLogements: entier(9)},
	}})
	require.NoError(t, err)
	require.Equal(t, []string{"logements"}, d.TypesAvenant)
	require.Equal(t, 11, d.NbLogements())
}

func TestCC12AvenantsEnsemble(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnBailleur()
	racine := a.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	memes := make([]convention.ImportAvenant, 5)
	for n := range memes {
		memes[n] = convention.ImportAvenant{Numero: "1", AnneeSignature: 2025, RevisionID: a.depot(p, "same")}
	}
	require.Equal(t, map[string]int{"": 5}, a.ensemble(5, func(n int) error { _, _, err := a.papier(p, racine, memes[n]); return err }))
	require.Equal(t, 1, a.Compter(`SELECT count(*) FROM convention WHERE parent_id IS NOT NULL`))
	for n := range memes {
		memes[n] = convention.ImportAvenant{Numero: "2", AnneeSignature: 2025, RevisionID: a.depot(p, "another one "+string(rune('a'+n)))}
	}
	require.Equal(t, map[string]int{"": 1, convention.CodeNumeroAvenantExistant: 4}, a.ensemble(5, func(n int) error { _, _, err := a.papier(p, racine, memes[n]); return err }))
	// An import and the start of an avenant: both are whole, in one order or the other.
	issues := a.ensemble(2, func(n int) error {
		if n == 0 {
			_, err := a.Service.CreerAvenant(context.Background(), p, racine, nil)
			return err
		}
		_, _, err := a.papier(p, racine, convention.ImportAvenant{Numero: "3", AnneeSignature: 2025, RevisionID: a.depot(p, "third")})
		return err
	})
	require.LessOrEqual(t, issues["AVENANT_EN_COURS"], 1)
	require.Equal(t, 2, issues[""]+issues["AVENANT_EN_COURS"])
	require.Equal(t, 1, a.Compter(`SELECT count(*) FROM convention WHERE parent_id IS NOT NULL AND statut = 'PROJET'`))
}

// decrite is an operation described by hand, in Limoges.
func (a *atelier) decrite() convention.OperationSaisie {
	a.t.Helper()
	s := convention.OperationSaisie{
		Nom: "Quai Bleu", Financement: convention.PLUS, NatureLogement: "LOGEMENTSORDINAIRES", TypeHabitat: convention.Collectif,
		NbLogements: 12, CodePostal: "87000", Ville: "Limoges",
	}
	require.NoError(a.t, a.Base.Pool.QueryRow(context.Background(), `SELECT b.uuid, a.uuid FROM bailleur b, administration a WHERE b.id = $1 AND a.id = $2`,
		a.BailleurID, a.AdministrationID).Scan(&s.BailleurUUID, &s.AdministrationUUID))
	return s
}

func TestAV26CR25ConventionInconnue(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnInstructeur()
	in := convention.ConventionDeclaree{OperationSaisie: a.decrite(), Numero: "87.D.12.0042", AnneeSignature: 2012, NumeroAvenant: "3", RevisionID: a.depot(p, "root")}
	d, err := a.Importation.DeclarerConvention(context.Background(), p, in)
	require.NoError(t, err)
	require.Equal(t, convention.Projet, d.Convention.Statut)
	require.Equal(t, "3", *d.Convention.Numero)
	require.Equal(t, convention.Signee, d.Racine.Statut)
	require.Equal(t, "87.D.12.0042", *d.Racine.Numero)
	require.Equal(t, "ANNEE", d.Racine.PrecisionDateSignature)
	require.Equal(t, "87", *d.Operation.CodeInseeDepartement)
	r, err := a.Service.Lire(context.Background(), p, d.Racine.UUID)
	require.NoError(t, err)
	require.NotNil(t, r.DocumentCourant(convention.RubriqueDocumentSigne))
	require.Nil(t, d.DocumentCourant(convention.RubriqueDocumentSigne))
	require.Equal(t, 2, a.Compter(`SELECT count(*) FROM convention_historique`))
	require.NoError(t, a.Store.VerifierJournaux(context.Background()))

	in.RevisionID = ""
	_, err = a.Importation.DeclarerConvention(context.Background(), p, in)
	require.True(t, fault.HasCode(err, convention.CodeNumeroExistant), "CR-25: %v", err)
	require.Equal(t, d.Racine.UUID.String(), fault.As(err).Extra["convention_uuid"])
	require.Equal(t, 1, a.Compter(`SELECT count(*) FROM operation WHERE nom = 'Quai Bleu' AND origine_id IS NULL`))
	_, err = a.Importation.DeclarerConvention(context.Background(), p, convention.ConventionDeclaree{})
	require.ElementsMatch(t, []string{
		"/bailleur_uuid", "/administration_uuid", "/nom", "/financement", "/nature_logement", "/nb_logements", "/code_postal", "/ville", "/numero", "/annee_signature", "/numero_avenant",
	}, champs(err))
}

func TestCR25DeclarationsEnsemble(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnInstructeur()
	in := convention.ConventionDeclaree{OperationSaisie: a.decrite(), Numero: "87.D.12.0042", AnneeSignature: 2012, NumeroAvenant: "3"}
	require.Equal(t, map[string]int{"": 1, convention.CodeNumeroExistant: 4}, a.ensemble(5, func(int) error {
		_, err := a.Importation.DeclarerConvention(context.Background(), p, in)
		return err
	}))
	require.Equal(t, 2, a.Compter(`SELECT count(*) FROM convention`))
	require.Equal(t, 1, a.Compter(`SELECT count(*) FROM operation WHERE nom = 'Quai Bleu' AND origine_id IS NULL`), "a loser leaves nothing")
}

func TestAV26RechercheDeLaConventionInitiale(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnInstructeur()
	validee := a.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	a.Executer(`UPDATE convention SET numero = '87/D-12.0042', valide_le = '2012-05-01', signe_le = '2013-02-01' WHERE uuid = $1`, validee)
	enCours := a.Monde.Avenant(validee, convention.Instruction)
	ailleurs := a.Monde.Convention(fixture.Conv{Statut: convention.Signee, OperationID: a.Operation(a.BailleurID, a.Administration("DDT35", "DDT"))})
	a.Executer(`UPDATE convention SET numero = '35.D.12.0042', valide_le = '2012-05-01', signe_le = '2012-05-01' WHERE uuid = $1`, ailleurs)
	chercher := func(r convention.RechercheInitiale) []uuid.UUID {
		liste, err := a.Importation.ConventionsInitiales(context.Background(), p, r)
		require.NoError(t, err)
		out := []uuid.UUID{}
		for _, c := range liste {
			out = append(out, c.UUID)
		}
		return out
	}
	for _, r := range []convention.RechercheInitiale{
		{Departement: "87", Annee: 2012, Numero: "0042"}, {Departement: "87", Annee: 2013, Numero: "0042"}, {Departement: "87", Annee: 2012, Numero: "d 12-0042"},
	} {
		require.Equal(t, []uuid.UUID{validee}, chercher(r), "%+v", r)
	}
	for _, r := range []convention.RechercheInitiale{
		{Departement: "35", Annee: 2012, Numero: "0042"}, {Departement: "87", Annee: 2011, Numero: "0042"}, {Departement: "87", Annee: 2012, Numero: "0043"}, {Departement: "87", Annee: 2012, Numero: "%"},
	} {
		require.Empty(t, chercher(r), "%+v", r)
	}
	liste, err := a.Importation.ConventionsInitiales(context.Background(), p, convention.RechercheInitiale{Departement: "87", Annee: 2012, Numero: "0042"})
	require.NoError(t, err)
	require.Equal(t, &enCours, liste[0].AvenantEnCours)
	require.False(t, liste[0].AvenantPossible())
	_, err = a.Importation.ConventionsInitiales(context.Background(), p, convention.RechercheInitiale{Numero: " .-/ "})
	require.Equal(t, []string{"/departement", "/annee", "/numero"}, champs(err))
}

func TestCR20ConventionManuelle(t *testing.T) {
	a := nouvelAtelier(t)
	for _, p := range []auth.Principal{a.EnBailleur(), a.EnInstructeur()} {
		in := convention.ConventionManuelle{OperationSaisie: a.decrite()}
		in.NumeroOperation = "ANRU-" + p.Login
		in.Financement = convention.SansFinancement
		d, err := a.Importation.CreerConvention(context.Background(), p, in)
		require.NoError(t, err)
		require.Equal(t, convention.Projet, d.Convention.Statut)
		require.True(t, d.Operation.Anru)
		require.Equal(t, "SANSTRAVAUX", string(d.Operation.TypeOperation))
		require.Equal(t, p.Typologie, d.CreeParCote)
		require.Equal(t, []string{"87", "75"}, []string{*d.Operation.CodeInseeDepartement, *d.Operation.CodeInseeRegion})
		require.Len(t, d.Lots, 1)
		require.Equal(t, 1, a.Compter(`SELECT count(*) FROM convention_historique WHERE convention_id = $1 AND transition = 'creer' AND statut = 'PROJET'`, d.Convention.ID))
		in.NumeroOperation += "-2"
		in.Financement = convention.PLAI
		d, err = a.Importation.CreerConvention(context.Background(), p, in)
		require.NoError(t, err)
		require.Equal(t, "NEUF", string(d.Operation.TypeOperation))
	}
	require.NoError(t, a.Store.VerifierJournaux(context.Background()))
}

func TestCR20ActeursPermis(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnBailleur()
	in := convention.ConventionManuelle{OperationSaisie: a.decrite()}
	in.NumeroOperation = "A1"
	_, autre := a.bailleur("Autre Habitat")
	in.BailleurUUID = *autre
	_, err := a.Importation.CreerConvention(context.Background(), p, in)
	require.Equal(t, []string{"/bailleur_uuid"}, champs(err), "a bailleur gives its own: %v", err)
	_, err = a.Importation.CreerConvention(context.Background(), a.EnInstructeur(), in)
	require.NoError(t, err, "a service gives any")
	noms := func(p auth.Principal, q string) []string {
		liste, err := a.Importation.Bailleurs(context.Background(), p, q, "")
		require.NoError(t, err)
		out := []string{}
		for _, e := range liste {
			out = append(out, e.Nom)
		}
		return out
	}
	require.Equal(t, []string{"Limousin Habitat"}, noms(p, ""))
	require.Equal(t, []string{"Autre Habitat"}, noms(a.EnInstructeur(), "autre hab"))
	rennes := a.Administration("DDTM35", "DDTM Ille-et-Vilaine")
	a.Administration("ANRU", "Agence")
	services := func(p auth.Principal) []string {
		liste, err := a.Importation.Administrations(context.Background(), p, "")
		require.NoError(t, err)
		out := []string{}
		for _, e := range liste {
			out = append(out, e.Code)
		}
		return out
	}
	require.Equal(t, []string{"DDT87", "DDTM35"}, services(p))
	require.Equal(t, []string{"DDT87"}, services(a.EnInstructeur()))
	in = convention.ConventionManuelle{OperationSaisie: a.decrite()}
	in.NumeroOperation = "A2"
	require.NoError(t, a.Base.Pool.QueryRow(context.Background(), `SELECT uuid FROM administration WHERE id = $1`, rennes).Scan(&in.AdministrationUUID))
	_, err = a.Importation.CreerConvention(context.Background(), a.EnInstructeur(), in)
	require.Equal(t, []string{"/administration_uuid"}, champs(err), "%v", err)
	in = convention.ConventionManuelle{OperationSaisie: a.decrite()}
	in.NumeroOperation, in.CodePostal, in.Ville = "A3", "35000", "Rennes"
	_, err = a.Importation.CreerConvention(context.Background(), a.EnAdministrateur(), in)
	require.True(t, fault.HasCode(err, convention.CodeHorsPerimetre), "outside the région: %v", err)
}

func TestCR21CR22CR24RefusDeLaCreation(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnBailleur()
	in := convention.ConventionManuelle{OperationSaisie: a.decrite()}
	in.NumeroOperation = "A1"
	avecFichier := in
	avecFichier.RevisionID = a.depot(p, "x")
	_, err := a.Importation.CreerConvention(context.Background(), p, avecFichier)
	require.True(t, fault.HasCode(err, convention.CodeUtiliserAjout), "CR-21: %v", err)

	outreMer := in
	outreMer.CodePostal, outreMer.Ville = "97400", "Saint-Denis"
	_, err = a.Importation.CreerConvention(context.Background(), p, outreMer)
	require.True(t, fault.HasCode(err, "OUTRE_MER_NATURE"), "CR-24: %v", err)
	require.Equal(t, []string{"/nature_logement"}, champs(err))
	outreMer.NatureLogement = "RESISDENCESOCIALE"
	d, err := a.Importation.CreerConvention(context.Background(), p, outreMer)
	require.NoError(t, err)
	require.Equal(t, "974", *d.Operation.CodeInseeDepartement)
	require.NotNil(t, d.FoyerResidence)

	numero := a.numeroOperation(a.OperationID)
	existante := a.Monde.Convention(fixture.Conv{OperationID: a.OperationID})
	in.NumeroOperation = numero[:4] + "-" + numero[4:]
	_, err = a.Importation.CreerConvention(context.Background(), p, in)
	require.True(t, fault.HasCode(err, "CONVENTION_EXISTANTE"), "CR-12: %v", err)
	require.Equal(t, existante.String(), fault.As(err).Extra["convention_uuid"])
	in.Financement = convention.PLAI
	_, err = a.Importation.CreerConvention(context.Background(), p, in)
	require.True(t, fault.HasCode(err, convention.CodeOperationExistante), "CR-22: %v", err)
	require.Equal(t, numero, fault.As(err).Extra["numero_operation"])
	in.UtiliserOperation = true
	d, err = a.Importation.CreerConvention(context.Background(), p, in)
	require.NoError(t, err)
	require.Equal(t, a.OperationID, d.Operation.ID)

	cachee := convention.ConventionManuelle{OperationSaisie: a.decrite()}
	cachee.NumeroOperation = a.numeroOperation(a.Operation(a.Bailleur("Autre", "HLM"), a.AdministrationID))
	_, err = a.Importation.CreerConvention(context.Background(), p, cachee)
	require.True(t, fault.HasCode(err, "NUMERO_OPERATION_EXISTANT"), "%v", err)
	require.NotContains(t, fault.As(err).Extra, "numero_operation", "nothing is said of it")
}

func TestCR22CreationsEnsemble(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnBailleur()
	in := convention.ConventionManuelle{OperationSaisie: a.decrite()}
	in.NumeroOperation = "A1"
	require.Equal(t, map[string]int{"": 1, "CONVENTION_EXISTANTE": 4}, a.ensemble(5, func(int) error {
		_, err := a.Importation.CreerConvention(context.Background(), p, in)
		return err
	}))
	require.Equal(t, 1, a.Compter(`SELECT count(*) FROM convention`))
}

func TestCR23Corse(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnBailleur()
	for n, c := range []struct{ codePostal, ville, departement string }{{"20200", "Bastia", "2B"}, {"20000", "Ajaccio", "2A"}, {"20200", "Ville inconnue", "2B"}} {
		in := convention.ConventionManuelle{OperationSaisie: a.decrite()}
		in.NumeroOperation, in.CodePostal, in.Ville = "C"+string(rune('0'+n)), c.codePostal, c.ville
		d, err := a.Importation.CreerConvention(context.Background(), p, in)
		require.NoError(t, err)
		require.Equal(t, []string{c.departement, "94"}, []string{*d.Operation.CodeInseeDepartement, *d.Operation.CodeInseeRegion}, c.ville)
	}
	in := convention.ConventionManuelle{OperationSaisie: a.decrite()}
	in.NumeroOperation, in.CodePostal = "C9", "00100"
	_, err := a.Importation.CreerConvention(context.Background(), p, in)
	require.Equal(t, []string{"/code_postal"}, champs(err))
}

// TestCR27OperationDuSIAP: an operation that only SIAP has is created, without the conventions of a synchronisation.
func TestCR27OperationDuSIAP(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnAdministrateur()
	p.Region, p.National = "", true
	sc := *a.sim.Scenario()
	sc.Users = maps.Clone(sc.Users)
	modele := slices.Collect(maps.Values(sc.Users))[0]
	var h map[string]any
	require.NoError(t, json.Unmarshal(modele.Habilitations[0], &h))
	h["id"] = p.HabilitationID
	brut, err := json.Marshal(h)
	require.NoError(t, err)
	sc.Users[p.Login] = sim.User{Cerbere: sim.Cerbere{ID: "9", Nom: p.Nom, Prenom: p.Prenom, Mel: p.Email}, Habilitations: []json.RawMessage{brut}}
	a.sim.SetScenario(&sc)
	in := a.demande(p)
	in.NumeroOperation = "20240100777" // operation of the scenario minimal
	d, _, err := a.signee(p, in)
	require.NoError(t, err)
	require.Equal(t, "20240100777", d.Operation.NumeroOperation)
	require.Equal(t, 1, a.Compter(`SELECT count(*) FROM convention`), "no PROJET beside")
	require.Equal(t, 1, a.Compter(`SELECT count(*) FROM operation_instantane_siap`))
}
