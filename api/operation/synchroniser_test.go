package operation_test

import (
	"context"
	"sync"
	"testing"

	"apilos/api/auth"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"apilos/api/operation"
	"apilos/api/sim"
	"github.com/stretchr/testify/require"
)

func TestH2StoredExactly(t *testing.T) {
	b := nouveauBanc(t)
	b.Executer(`UPDATE bailleur SET identifiant = '732829320', siren = '732829320', siret = '732829320'`) // 900000001 is free
	numero := b.publier()
	res := b.synchroniser(b.national(), numero)
	require.Nil(t, res.Cause)
	require.Equal(t, []string{"PLS"}, aides(res.Creees))
	require.Empty(t, res.Existantes)
	require.Empty(t, res.Messages)

	bailleur := b.ligne(`SELECT * FROM bailleur WHERE identifiant = '900000001'`)
	require.Subset(t, bailleur, objet{
		"nom": "OPH Exemple", "type_identifiant": "SIREN", "siren": "900000001", "siret": "900000001", "adresse": "1 rue du Test",
		"code_postal": "35000", "ville": "RENNES", "nature_bailleur": "HLM", "sous_nature_bailleur": "NONRENSEIGNE", "version": 1.0,
	})
	administration := b.ligne(`SELECT * FROM administration WHERE code = '35047'`)
	require.Equal(t, "35047 - Rennes Est", administration["nom"])
	op := b.ligne(`SELECT * FROM operation WHERE numero_operation = $1`, numero)
	require.Equal(t, op["uuid"], res.OperationUUID.String())
	require.Subset(t, op, objet{
		"nom": "Quai Bleu", "adresse": "3 quai Bleu", "code_postal": "35000", "ville": "Rennes", "code_insee_commune": "35238",
		"code_insee_departement": "35", "code_insee_region": "53", "zone_123": "2", "zone_abc": "B1", "type_operation": "NEUF",
		"nature_logement": "LOGEMENTSORDINAIRES", "seconde_vie": false, "source": "SIAP", "origine_id": nil, "version": 1.0,
		"bailleur_id": bailleur["id"], "administration_id": administration["id"],
	})
	require.Contains(t, op["siap_synchronise_le"], "2026-04-15T08:00:00")
	require.Equal(t, [5]int{1, 1, 1, 1, 1}, b.nombres(numero))
	conv := b.ligne(`SELECT * FROM convention WHERE operation_id = $1`, op["id"])
	require.Subset(t, conv, objet{"statut": "PROJET", "numero": nil, "parent_id": nil, "source": "SIAP", "bailleur_effectif_id": bailleur["id"]})
	lot := b.ligne(`SELECT * FROM lot WHERE convention_id = $1`, conv["id"])
	require.Subset(t, lot, objet{
		"financement": "PLS", "type_habitat": "COLLECTIF", "nb_logements": 14.0, "nb_logements_plai_adp": nil, "operation_unicite_id": op["id"],
	})
	require.Subset(t, b.ligne(`SELECT preteur, autre, montant::text, numero, date_octroi, duree FROM pret WHERE lot_id = $1`, lot["id"]),
		objet{"preteur": "AUTRE", "autre": "PLS", "montant": "1200000.00", "numero": "", "date_octroi": nil, "duree": nil})
	require.Subset(t, b.ligne(`SELECT typologie, nb_stationnements, loyer::text FROM stationnement WHERE lot_id = $1`, lot["id"]),
		objet{"typologie": "PARKING_SUPERSTRUCTURE", "nb_stationnements": 4.0, "loyer": "25.00"})
}

// CR-01: an active convention is a root that is not ANNULEE.
func TestCR01CancelledConventionIsIgnored(t *testing.T) {
	b := nouveauBanc(t)
	p := b.bailleur()
	numero := b.publier(avecAides("PLUS"))
	premiere := b.synchroniser(p, numero)
	b.Executer(`UPDATE convention SET statut = 'ANNULEE' WHERE uuid = $1`, premiere.Creees[0].UUID)
	seconde := b.synchroniser(p, numero)
	require.Equal(t, []string{"PLUS"}, aides(seconde.Creees))
	require.NotEqual(t, premiere.Creees[0].UUID, seconde.Creees[0].UUID)
	require.Empty(t, seconde.Existantes)

	b.Executer(`UPDATE convention SET supprime_le = now() WHERE uuid = $1`, seconde.Creees[0].UUID)
	require.Equal(t, []string{"PLUS"}, aides(b.synchroniser(p, numero).Creees), "a deleted one neither")
}

// CR-02: one PROJET with one lot per missing financement, cree_par the actor, with history and search.
func TestCR02EachMissingFinancement(t *testing.T) {
	b := nouveauBanc(t)
	p := b.bailleur()
	numero := b.publier(avecAides("PLUS", "PLAI", "PLAI_ADP"))
	res := b.synchroniser(p, numero)
	require.Equal(t, []string{"PLAI", "PLUS"}, aides(res.Creees))
	require.Equal(t, [5]int{1, 2, 2, 0, 0}, b.nombres(numero))
	for _, c := range res.Creees {
		id := b.ID(c.UUID)
		require.Subset(t, b.ligne(`SELECT statut, cree_par_id FROM convention WHERE id = $1`, id), objet{"statut": "PROJET", "cree_par_id": float64(p.UtilisateurID)})
		require.Subset(t, b.ligne(`SELECT statut, transition, origine, utilisateur_id FROM convention_historique WHERE convention_id = $1`, id),
			objet{"statut": "PROJET", "transition": "creer", "origine": "WEB", "utilisateur_id": float64(p.UtilisateurID)})
		require.Equal(t, 1, b.Compter(`SELECT count(*) FROM journal_audit WHERE racine_id = $1 AND commande = 'creer' AND utilisateur_id = $2`, id, p.UtilisateurID))
		require.Subset(t, b.ligne(`SELECT departement, financements FROM convention_recherche WHERE convention_id = $1`, id),
			objet{"departement": "35", "financements": []any{string(c.Financement)}})
	}
	require.Equal(t, 3.0, b.ligne(`SELECT nb_logements_plai_adp FROM lot WHERE financement = 'PLAI'`)["nb_logements_plai_adp"])
}

func TestCR03SansTravauxStored(t *testing.T) {
	b := nouveauBanc(t)
	numero := b.publier(func(o objet) { donnees(o)["sansTravaux"], o["detailsOperation"] = true, nil })
	res := b.synchroniser(b.bailleur(), numero)
	require.Equal(t, []string{"SANS_FINANCEMENT"}, aides(res.Creees))
	require.Equal(t, [5]int{1, 1, 1, 0, 0}, b.nombres(numero))
	require.Subset(t, b.ligne(`SELECT l.type_habitat, l.nb_logements, o.type_operation FROM lot l JOIN convention c ON c.id = l.convention_id
		JOIN operation o ON o.id = c.operation_id WHERE o.numero_operation = $1`, numero),
		objet{"type_habitat": "MIXTE", "nb_logements": 0.0, "type_operation": "SANSTRAVAUX"})
}

// CR-04 and 05 G.2.
func TestCR04TwiceGivesOneOfEach(t *testing.T) {
	b := nouveauBanc(t)
	p := b.bailleur()
	numero := b.publier()
	premiere := b.synchroniser(p, numero)
	seconde := b.synchroniser(p, numero)
	require.Empty(t, seconde.Creees)
	require.Equal(t, premiere.Creees, seconde.Existantes)
	require.Equal(t, premiere.OperationUUID, seconde.OperationUUID)
	require.Equal(t, [5]int{1, 1, 1, 1, 1}, b.nombres(numero))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM operation_instantane_siap`), "the same answer is kept once")
}

func TestCR04TwentyInParallelGiveOneOfEach(t *testing.T) {
	b := nouveauBanc(t)
	b.Executer(`UPDATE bailleur SET identifiant = '732829320', siren = '732829320', siret = '732829320'`)
	p := b.national()
	numero := b.publier(avecAides("PLUS", "PLAI"))
	resultats := enParallele(t, 20, func(int) (operation.Resultat, error) {
		return b.service.Synchroniser(b.ctx, p, operation.Demande{Numero: numero})
	})
	creees := 0
	for _, r := range resultats {
		require.Nil(t, r.Cause)
		require.Equal(t, resultats[0].OperationUUID, r.OperationUUID)
		require.Len(t, append(r.Creees, r.Existantes...), 2)
		creees += len(r.Creees)
	}
	require.Equal(t, 2, creees)
	require.Equal(t, [5]int{1, 2, 2, 0, 0}, b.nombres(numero))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM bailleur WHERE identifiant = '900000001'`))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM administration WHERE code = '35047'`))
	require.Equal(t, 2, b.Compter(`SELECT count(*) FROM convention_historique WHERE transition = 'creer'`))
}

// Different numbers do not wait for one another, and share a bailleur that neither knew.
func TestCR04TwoNumbersInParallel(t *testing.T) {
	b := nouveauBanc(t)
	b.Executer(`UPDATE bailleur SET identifiant = '732829320', siren = '732829320', siret = '732829320'`)
	p := b.national()
	numeros := []string{b.publier(avecNumero("20240100001")), b.publier(avecNumero("20240100002"))}
	enParallele(t, 8, func(i int) (operation.Resultat, error) {
		return b.service.Synchroniser(b.ctx, p, operation.Demande{Numero: numeros[i%2]})
	})
	for _, n := range numeros {
		require.Equal(t, [5]int{1, 1, 1, 1, 1}, b.nombres(n))
	}
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM bailleur WHERE identifiant = '900000001'`))
}

func enParallele(t *testing.T, n int, faire func(i int) (operation.Resultat, error)) []operation.Resultat {
	t.Helper()
	depart := make(chan struct{})
	resultats, erreurs := make([]operation.Resultat, n), make([]error, n)
	var attente sync.WaitGroup
	for i := range n {
		attente.Go(func() {
			<-depart
			resultats[i], erreurs[i] = faire(i)
		})
	}
	close(depart)
	attente.Wait()
	for _, err := range erreurs {
		require.NoError(t, err)
	}
	return resultats
}

// CR-05: a convention mixte covers every financement of its lots.
func TestCR05MixteCoversItsFinancements(t *testing.T) {
	b := nouveauBanc(t)
	p := b.bailleur()
	numero := b.publier(avecAides("PLUS"))
	mixte := b.synchroniser(p, numero).Creees[0]
	b.Executer(`INSERT INTO lot (convention_id, financement, nb_logements) VALUES ($1, 'PLAI', 3)`, b.ID(mixte.UUID))
	b.publier(avecAides("PLUS", "PLAI"))
	res := b.synchroniser(p, numero)
	require.Empty(t, res.Creees)
	require.Equal(t, []string{"PLAI", "PLUS"}, aides(res.Existantes))
	require.Empty(t, res.Messages)
}

// CR-06: the first person with rights who opens a convention that SIAP created becomes its author.
func TestCR06FirstWriterBecomesAuthor(t *testing.T) {
	b := nouveauBanc(t)
	numero := b.publier()
	p := b.bailleur()
	siap, err := b.service.SynchroniserPourSIAP(b.ctx, p, numero)
	require.NoError(t, err)
	require.Len(t, siap.Creees, 1)
	auteur := func() any {
		return b.ligne(`SELECT cree_par_id FROM convention WHERE uuid = $1`, siap.Creees[0].UUID)["cree_par_id"]
	}
	require.Nil(t, auteur())
	require.Equal(t, "SIAP", b.ligne(`SELECT origine FROM convention_historique`)["origine"])

	lecteur := b.connu(fixture.EnLecture(b.EnBailleur()))
	b.consulter(lecteur, numero)
	require.Nil(t, auteur(), "reading makes nobody an author")
	b.synchroniser(p, numero)
	require.Equal(t, float64(p.UtilisateurID), auteur())
	b.synchroniser(b.national(), numero)
	require.Equal(t, float64(p.UtilisateurID), auteur(), "the first one stays")
}

// CR-07: a read-only actor gets the list and creates nothing.
func TestCR07ReadOnlyCreatesNothing(t *testing.T) {
	b := nouveauBanc(t)
	numero := b.publier(avecAides("PLUS"))
	b.synchroniser(b.bailleur(), numero)
	b.publier(avecAides("PLUS", "PLAI"))
	lecteur := b.connu(fixture.EnLecture(b.EnBailleur()))
	_, err := b.service.Synchroniser(b.ctx, lecteur, operation.Demande{Numero: numero})
	require.True(t, fault.Is(err, fault.Forbidden))
	_, err = b.service.SynchroniserPourSIAP(b.ctx, lecteur, numero)
	require.True(t, fault.Is(err, fault.Forbidden))

	v := b.consulter(lecteur, numero)
	require.False(t, v.PeutCreer)
	require.Equal(t, []operation.CodeAide{"PLAI"}, v.Manquantes)
	require.Len(t, v.Financements[0].Conventions, 1)
	require.Empty(t, v.Financements[1].Conventions)
	require.Equal(t, [5]int{1, 1, 1, 0, 0}, b.nombres(numero))
}

// CR-08: SIAP refuses another bailleur, who sees his visible rows only.
func TestCR08SIAPRefusesAnotherBailleur(t *testing.T) {
	b := nouveauBanc(t)
	numero := b.publier()
	proprietaire := b.bailleur()
	b.synchroniser(proprietaire, numero)
	b.panne(403)

	etranger := b.connu(b.EtrangerBailleur())
	res := b.synchroniser(etranger, numero)
	require.Equal(t, []string{"SIAP_NON_AUTORISE"}, codes(res.Messages))
	require.Equal(t, "siap_forbidden", res.Cause.Code)
	require.Empty(t, res.Existantes)
	require.Nil(t, res.OperationUUID)
	_, err := b.service.Consulter(b.ctx, etranger, numero)
	require.True(t, fault.HasCode(err, "SIAP_NON_AUTORISE"))

	v := b.consulter(b.connu(b.EnBailleur()), numero)
	require.Equal(t, operation.DepuisLocal, v.Provenance)
	require.Equal(t, []string{"SIAP_NON_AUTORISE"}, codes(v.Messages))
	require.Len(t, v.Financements[0].Conventions, 1)
}

// CR-08: SIAP may answer more than our own perimeter; nothing is created outside it.
func TestCR08NothingIsCreatedOutsideThePerimeter(t *testing.T) {
	b := nouveauBanc(t)
	numero := b.publier()
	ailleurs := b.Utilisateur("Paul", "Ailleurs")
	ailleurs.Typologie, ailleurs.Region = auth.Administrateur, "93"
	for _, p := range []auth.Principal{b.connu(b.EtrangerBailleur()), b.connu(b.EnInstructeur()), b.connu(ailleurs)} {
		res := b.synchroniser(p, numero)
		require.Equal(t, []string{"OPERATION_HORS_PERIMETRE"}, codes(res.Messages))
		require.NotNil(t, res.Cause)
		v := b.consulter(p, numero)
		require.Equal(t, operation.DepuisSIAP, v.Provenance)
		require.False(t, v.PeutCreer)
		require.Empty(t, v.Manquantes)
	}
	require.Equal(t, [5]int{}, b.nombres(numero))

	b.synchroniser(b.bailleur(), numero)
	v := b.consulter(b.connu(b.EtrangerBailleur()), numero)
	require.Empty(t, v.Financements[0].Conventions, "another bailleur's convention stays invisible")
	require.Empty(t, v.OperationIDs)
}

// CR-09: SIAP down: banner, local conventions, nothing created, no conflict message.
func TestCR09SIAPDown(t *testing.T) {
	t.Parallel()
	for _, status := range []int{503, 500, 401, 429} {
		b := construireBanc(t)
		p := b.bailleur()
		numero := b.publier()
		b.synchroniser(p, numero)
		jumelle(b, numero) // would be a conflict
		b.publier(avecAides("PLS", "PLAI"))
		b.panne(status)

		res := b.synchroniser(b.connu(b.EnBailleur()), numero)
		require.Equal(t, []string{"SIAP_INDISPONIBLE"}, codes(res.Messages), status)
		require.Equal(t, operation.Attention, res.Messages[0].Niveau)
		require.Equal(t, []string{"PLS"}, aides(res.Existantes))
		require.NotNil(t, res.OperationUUID)
		require.Equal(t, map[bool]fault.Kind{true: fault.Unavailable, false: fault.BadGateway}[status == 503 || status == 429], res.Cause.Kind)

		v := b.consulter(b.connu(b.EnBailleur()), numero)
		require.Equal(t, operation.DepuisLocal, v.Provenance)
		require.Equal(t, []string{"SIAP_INDISPONIBLE"}, codes(v.Messages))
		require.Equal(t, "Quai Bleu", v.Operation.Nom)
		require.Len(t, v.Financements[0].Conventions, 1)
		require.Equal(t, 1, b.Compter(`SELECT count(*) FROM convention`))

		inconnue := b.consulter(b.connu(b.EnBailleur()), "20249999999")
		require.Equal(t, []string{"SIAP_INDISPONIBLE"}, codes(inconnue.Messages), "an outage never says that an operation does not exist")
	}
}

// jumelle adds a second root operation under the number, of another bailleur, as imports left some.
func jumelle(b *banc, numero string) int64 {
	id := b.Operation(b.Bailleur("Autre Habitat", "HLM"), b.AdministrationID)
	b.Executer(`UPDATE operation SET numero_operation = $1, anomalie_import = true WHERE id = $2`, numero, id)
	return id
}

// CR-10 and CR-11: two active conventions are told with both uuids, and block nothing.
func TestCR10CR11SeveralActiveConventions(t *testing.T) {
	b := nouveauBanc(t)
	p := b.bailleur()
	numero := b.publier(avecAides("PLUS"))
	premiere := b.synchroniser(p, numero).Creees[0].UUID
	seconde := b.Convention(fixture.Conv{OperationID: b.Operation(b.BailleurID, b.AdministrationID)})
	b.Executer(`UPDATE convention SET anomalie_import = true WHERE uuid = $1`, seconde)
	b.Executer(`UPDATE convention SET operation_id = (SELECT id FROM operation WHERE numero_operation = $2) WHERE uuid = $1`, seconde, numero)
	b.Rafraichir(seconde)
	b.publier(avecAides("PLUS", "PLAI"))

	res := b.synchroniser(p, numero)
	require.Equal(t, []string{"PLAI"}, aides(res.Creees))
	require.Equal(t, []string{"PLUS", "PLUS"}, aides(res.Existantes))
	require.Len(t, res.Messages, 1)
	m := res.Messages[0]
	require.Equal(t, "PLUSIEURS_CONVENTIONS", m.Code)
	require.Equal(t, operation.Attention, m.Niveau)
	require.Equal(t, "PLUS", m.Contexte["financement"])
	require.ElementsMatch(t, []string{premiere.String(), seconde.String()}, m.Contexte["conventions"])
	require.Equal(t, []string{"PLUSIEURS_CONVENTIONS"}, codes(b.consulter(p, numero).Messages))
}

// CR-12: the database refuses a second active root for (operation, financement); a synchronisation that
// meets a creation made outside its lock starts again and finds it.
func TestCR12SecondActiveRootIsRefused(t *testing.T) {
	b := nouveauBanc(t)
	p := b.bailleur()
	numero := b.publier(avecAides("PLUS", "PLAI"))
	b.synchroniser(p, numero)
	_, err := b.Base.Pool.Exec(b.ctx, `WITH c AS (INSERT INTO convention (operation_id, bailleur_effectif_id)
		SELECT id, bailleur_id FROM operation WHERE numero_operation = $1 RETURNING id) INSERT INTO lot (convention_id, financement) SELECT id, 'PLUS' FROM c`, numero)
	require.ErrorContains(t, err, "ux_lot_operation_financement")
}

func TestCR12CreationOutsideTheLockIsFound(t *testing.T) {
	b := nouveauBanc(t)
	p := b.bailleur()
	numero := b.publier(avecAides("PLUS"))
	b.synchroniser(p, numero)
	b.publier(avecAides("PLUS", "PLAI"))
	intrus := &intrusion{Store: b.store, faire: func() {
		id := b.Inserer(`INSERT INTO convention (operation_id, bailleur_effectif_id) SELECT id, bailleur_id FROM operation WHERE numero_operation = $1 RETURNING id`, numero)
		b.Executer(`INSERT INTO lot (convention_id, financement) VALUES ($1, 'PLAI')`, id)
	}}
	service := operation.NewService(b.client, intrus, b.journal(), b.store, b.now)
	res, err := service.Synchroniser(b.ctx, p, operation.Demande{Numero: numero})
	require.NoError(t, err)
	require.Empty(t, res.Creees)
	require.Equal(t, 1, intrus.fois)
	require.Equal(t, [5]int{1, 2, 2, 0, 0}, b.nombres(numero))
}

// intrusion creates a convention by another connection just before the service creates its own.
type intrusion struct {
	operation.Store
	faire func()
	fois  int
}

func (i *intrusion) CreerConventions(ctx context.Context, o operation.Operation, lots []operation.LotPrevu, auteur *int64) ([]operation.ConventionOperation, error) {
	if i.fois++; i.fois == 1 {
		i.faire()
	}
	return i.Store.CreerConventions(ctx, o, lots, auteur)
}

// The fault of the simulator is also a strict perimeter: SIAP itself refuses.
func TestCR08StrictSIAP(t *testing.T) {
	b := nouveauBanc(t)
	numero := b.publier(func(o objet) { o["gestionnaire"].(objet)["code"] = "99999" })
	b.scenario(func(sc *sim.Scenario) { sc.Perimetre = "strict" })
	res := b.synchroniser(b.national(), numero)
	require.Equal(t, []string{"SIAP_NON_AUTORISE"}, codes(res.Messages))
	require.Equal(t, [5]int{}, b.nombres(numero))
}
