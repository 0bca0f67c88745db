package convention_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"apilos/api/operation"
	"apilos/api/siap"
	"apilos/api/sim"
	"apilos/api/store"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// reponseSIAP answers every reading with one operation; erreur replaces it.
type reponseSIAP struct {
	dto    siap.OperationDTO
	erreur error
}

func (r *reponseSIAP) Operation(context.Context, string, int64, string) (siap.OperationDTO, error) {
	return r.dto, r.erreur
}

func (r *reponseSIAP) RefreshOperation(context.Context, string, int64, string) (siap.OperationDTO, error) {
	return r.dto, r.erreur
}

type sceneSecondeVie struct {
	*scene
	t        *testing.T
	siap     *reponseSIAP
	secondes *convention.SecondesVies
	numero   string
	p        auth.Principal
}

// nouvelleSecondeVie is an operation known here, of the bailleur of the world, that SIAP describes with these aides.
func nouvelleSecondeVie(t *testing.T, aides ...string) *sceneSecondeVie {
	t.Helper()
	s := &sceneSecondeVie{scene: nouvelleScene(t), t: t, siap: &reponseSIAP{}, numero: "20240100777"}
	op := s.Operation(s.BailleurID, s.AdministrationID)
	s.Executer(`UPDATE operation SET numero_operation = $2, code_insee_departement = '35', code_insee_region = '53', code_insee_commune = '35238' WHERE id = $1`, op, s.numero)
	s.publier(true, aides...)
	magasin := store.NewOperationStore(s.Store)
	service := operation.NewService(s.siap, magasin, s.Service, magasin, func() time.Time { return instant })
	s.secondes = convention.NewSecondesVies(s.Service, service)
	s.p = s.EnBailleur()
	return s
}

func (s *sceneSecondeVie) publier(secondeVie bool, aides ...string) {
	s.t.Helper()
	scenario, err := sim.Load("minimal")
	require.NoError(s.t, err)
	dto, err := scenario.OperationDTO(s.numero)
	require.NoError(s.t, err)
	brut, err := json.Marshal(dto)
	require.NoError(s.t, err)
	var o map[string]any
	require.NoError(s.t, json.Unmarshal(brut, &o))
	if secondeVie {
		o["donneesOperation"].(map[string]any)["aides"] = []any{map[string]any{"code": "SECD_VIE"}}
	}
	modele, err := json.Marshal(o["detailsOperation"].([]any)[0])
	require.NoError(s.t, err)
	var details []any
	for _, a := range aides {
		var d map[string]any
		require.NoError(s.t, json.Unmarshal(modele, &d))
		d["aide"] = map[string]any{"code": a}
		details = append(details, d)
	}
	o["detailsOperation"] = details
	brut, err = json.Marshal(o)
	require.NoError(s.t, err)
	s.siap.dto = siap.OperationDTO{}
	require.NoError(s.t, json.Unmarshal(brut, &s.siap.dto))
}

func (s *sceneSecondeVie) origine(statut convention.Statut) uuid.UUID {
	return s.Monde.Convention(fixture.Conv{Statut: statut})
}

func (s *sceneSecondeVie) choisir(origines ...uuid.UUID) (convention.SecondeVieFaite, error) {
	return s.secondes.Choisir(context.Background(), s.p, s.numero, origines)
}

func (s *sceneSecondeVie) liens(id uuid.UUID) int {
	return s.Compter(`SELECT count(*) FROM convention_seconde_vie WHERE convention_id = (SELECT id FROM convention WHERE uuid = $1)`, id)
}

func TestSV02Candidates(t *testing.T) {
	s := nouvelleSecondeVie(t, "PLUS")
	bonne := s.origine(convention.Signee)
	publiee := s.origine(convention.Publie)
	s.Executer(`UPDATE operation SET nom = 'Résidence Évariste', ville = 'Périgueux' WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, publiee)
	s.Executer(`UPDATE convention SET numero = '24/2001/12.3' WHERE uuid = $1`, publiee)
	s.origine(convention.Instruction)
	s.origine(convention.Resiliee)
	s.Monde.Avenant(bonne, convention.Signee)
	deLOperation := s.Monde.Convention(fixture.Conv{Statut: convention.Signee, OperationID: s.Inserer(`SELECT id FROM operation WHERE numero_operation = $1`, s.numero)})
	seconde := s.origine(convention.Signee)
	s.Executer(`UPDATE operation SET seconde_vie = true WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, seconde)
	avecOrigines := s.origine(convention.Signee)
	s.Executer(`INSERT INTO convention_seconde_vie SELECT $1, $2`, s.ID(avecOrigines), s.ID(bonne))
	ailleurs := s.Monde.Convention(fixture.Conv{Statut: convention.Signee, OperationID: s.Operation(s.Bailleur("Autre", "HLM"), s.AdministrationID)})
	s.Rafraichir(publiee, seconde, avecOrigines, ailleurs, deLOperation)

	chercher := func(texte string, statut convention.Statut, page int) []uuid.UUID {
		res, err := s.secondes.Candidates(context.Background(), s.p, convention.FiltreOrigines{NumeroOperation: s.numero, Texte: texte, Statut: statut, Page: page, ParPage: 10})
		require.NoError(t, err)
		var out []uuid.UUID
		for _, o := range res.Resultats {
			out = append(out, o.UUID)
		}
		require.Equal(t, len(out), res.Total)
		return out
	}
	require.ElementsMatch(t, []uuid.UUID{bonne, publiee}, chercher("", "", 1))
	require.Equal(t, []uuid.UUID{publiee}, chercher("", convention.Publie, 1))
	for nom, texte := range map[string]string{"name": "evariste", "town": "PERIGUEUX", "part of a number": "2001-12"} {
		require.Equal(t, []uuid.UUID{publiee}, chercher(texte, "", 1), nom)
	}
	require.Empty(t, chercher("100%", "", 1), "no wildcard")

	// SV-09: a read-only profile does not search.
	_, err := s.secondes.Candidates(context.Background(), fixture.EnLecture(s.p), convention.FiltreOrigines{NumeroOperation: s.numero, Page: 1, ParPage: 10})
	require.True(t, fault.HasCode(err, "PERMISSION_REFUSEE"), "%v", err)
}

func TestSV03CreeRelieEtGroupe(t *testing.T) {
	s := nouvelleSecondeVie(t, "PLUS", "PLAI")
	un, deux := s.origine(convention.Signee), s.origine(convention.Publie)
	etat, err := s.secondes.Etat(context.Background(), s.p, s.numero)
	require.NoError(t, err)
	require.True(t, etat.Ouverte && etat.Modifiable)
	require.Empty(t, etat.Conventions)

	res, err := s.choisir(un, deux)
	require.NoError(t, err)
	require.Len(t, res.Conventions, 1, "grouped")
	d := res.Conventions[0]
	require.True(t, d.Mixte())
	require.Len(t, res.Creees, 2)
	require.Equal(t, 2, d.SecondeVieOrigines)
	require.Equal(t, 2, s.liens(d.Convention.UUID))
	require.Equal(t, 2, s.Compter(`SELECT count(*) FROM convention_seconde_vie`), "nothing stays on the absorbed one")
	require.True(t, d.ModeleSecondeVie(), "SV-08")
	require.Zero(t, s.Compter(`SELECT count(*) FROM convention WHERE uuid = ANY($1) AND (version > 1 OR statut NOT IN ('SIGNEE','PUBLIE'))`, []uuid.UUID{un, deux}), "SV-06: origins do not move")

	etat, err = s.secondes.Etat(context.Background(), s.p, s.numero)
	require.NoError(t, err)
	require.Len(t, etat.Conventions, 1)
	require.Len(t, etat.Origines, 2)
	require.Zero(t, etat.Masquees)
	require.NoError(t, s.Store.VerifierJournal(context.Background(), d.Convention.ID))

	// Somebody who does not see the origins knows how many there are.
	s.Executer(`UPDATE convention SET bailleur_effectif_id = $2 WHERE uuid = $1`, un, s.Bailleur("Acquéreur", "HLM"))
	s.Rafraichir(un)
	etat, err = s.secondes.Etat(context.Background(), s.p, s.numero)
	require.NoError(t, err)
	require.Len(t, etat.Origines, 1)
	require.Equal(t, 1, etat.Masquees)
}

func TestSV03RegroupementImpossibleResteSepare(t *testing.T) {
	s := nouvelleSecondeVie(t, "PLUS", "PLAI")
	s.Executer(`UPDATE interrupteur SET actif = false WHERE nom = 'convention_mixte_on'`)
	res, err := s.choisir(s.origine(convention.Signee))
	require.NoError(t, err)
	require.Len(t, res.Conventions, 2)
	require.Equal(t, convention.CodeRegroupementImpossible, res.Messages[0].Code)
	for _, d := range res.Conventions {
		require.Equal(t, 1, d.SecondeVieOrigines)
	}
}

func TestSV04Et05RemplacerPuisRetirer(t *testing.T) {
	s := nouvelleSecondeVie(t, "PLUS")
	_, err := s.choisir()
	require.True(t, fault.HasCode(err, convention.CodeOrigineRequise), "SV-05: %v", err)
	require.Zero(t, s.Compter(`SELECT count(*) FROM convention`))
	un, deux := s.origine(convention.Signee), s.origine(convention.Signee)
	res, err := s.choisir(un, deux)
	require.NoError(t, err)
	id := res.Conventions[0].Convention.UUID
	s.siap.erreur = siap.ErrUnavailable // an outage does not prevent changing the choice
	res, err = s.choisir(deux)
	require.NoError(t, err)
	require.Equal(t, 1, s.liens(id))
	require.Equal(t, s.ID(deux), s.Inserer(`SELECT parent_id FROM convention_seconde_vie WHERE convention_id = $1`, s.ID(id)))
	require.Greater(t, res.Conventions[0].Convention.Version, 1)
	res, err = s.choisir()
	require.NoError(t, err)
	require.Zero(t, s.liens(id))
	require.False(t, res.Conventions[0].ModeleSecondeVie(), "SV-08: no origin, standard template")
	require.JSONEq(t, `["`+deux.String()+`"]`, s.texte(`SELECT avant->>'origines' FROM journal_audit WHERE commande = 'choisir_origines' ORDER BY id DESC LIMIT 1`))
}

func TestSV02OriginesVerifieesANouveau(t *testing.T) {
	s := nouvelleSecondeVie(t, "PLUS")
	bonne := s.origine(convention.Signee)
	refusees := map[string]uuid.UUID{
		"not ACTIF": s.origine(convention.Instruction), "avenant": s.Monde.Avenant(bonne, convention.Signee), "absent": uuid.New(),
		"hidden": s.Monde.Convention(fixture.Conv{Statut: convention.Signee, OperationID: s.Operation(s.Bailleur("Autre", "HLM"), s.AdministrationID)}),
	}
	for nom, id := range refusees {
		_, err := s.choisir(bonne, id)
		require.True(t, fault.HasCode(err, convention.CodeOrigineInvalide), "%s: %v", nom, err)
		require.Equal(t, "/origines/1", fault.As(err).Fields[0].Pointer, nom)
	}
	_, absente := s.choisir(refusees["absent"])
	_, cachee := s.choisir(refusees["hidden"])
	require.Equal(t, absente.Error(), cachee.Error())
	require.Zero(t, s.Compter(`SELECT count(*) FROM convention c JOIN operation o ON o.id = c.operation_id WHERE o.numero_operation = $1`, s.numero), "10.3: all or nothing")
}

func TestSV07SeulementEnCours(t *testing.T) {
	s := nouvelleSecondeVie(t, "PLUS")
	un := s.origine(convention.Signee)
	res, err := s.choisir(un)
	require.NoError(t, err)
	id := res.Conventions[0].Convention.UUID
	for _, statut := range convention.Statuts() {
		if statut == convention.Annulee {
			continue
		}
		s.Executer(`UPDATE convention SET statut = $2, numero = 'N', valide_le = '2026-04-01', signe_le = '2026-04-02', date_publication_spf = '2026-04-03', reference_spf = 'R',
			date_denonciation = '2026-05-01', date_resiliation = '2026-05-01' WHERE uuid = $1`, id, string(statut))
		s.Rafraichir(id)
		_, err = s.choisir(un)
		if statut.EnCours() {
			require.NoError(t, err, statut)
			continue
		}
		require.True(t, fault.HasCode(err, convention.CodeOriginesFigees), "%s: %v", statut, err)
		etat, err := s.secondes.Etat(context.Background(), s.p, s.numero)
		require.NoError(t, err)
		require.False(t, etat.Modifiable, statut)
		require.NotEmpty(t, etat.Raison)
	}
}

func TestSV09LectureSeuleEtInterrupteur(t *testing.T) {
	s := nouvelleSecondeVie(t, "PLUS")
	un := s.origine(convention.Signee)
	_, err := s.secondes.Choisir(context.Background(), fixture.EnLecture(s.p), s.numero, []uuid.UUID{un})
	require.True(t, fault.HasCode(err, "PERMISSION_REFUSEE"), "%v", err)
	etat, err := s.secondes.Etat(context.Background(), fixture.EnLecture(s.p), s.numero)
	require.NoError(t, err)
	require.False(t, etat.Modifiable)
	s.Executer(`UPDATE interrupteur SET actif = false WHERE nom = 'seconde_vie_on'`)
	_, err = s.choisir(un)
	require.True(t, fault.Is(err, fault.NotFound), "%v", err)
	require.Zero(t, s.Compter(`SELECT count(*) FROM convention_seconde_vie`))
	s.Executer(`UPDATE interrupteur SET actif = true WHERE nom = 'seconde_vie_on'`)
	s.publier(false, "PLUS")
	_, err = s.choisir(un)
	require.True(t, fault.HasCode(err, convention.CodeSansSecondeVie), "%v", err)
	require.Zero(t, s.Compter(`SELECT count(*) FROM lot l JOIN convention c ON c.id = l.convention_id JOIN operation o ON o.id = c.operation_id WHERE o.numero_operation = $1`, s.numero))
}

func TestSV10PasDeRegroupementALaMain(t *testing.T) {
	s := nouvelleSecondeVie(t, "PLUS", "PLAI")
	res, err := s.choisir(s.origine(convention.Signee))
	require.NoError(t, err)
	d := res.Conventions[0]
	require.False(t, d.Regroupable(), "no selection box")
	_, err = s.Service.Degrouper(context.Background(), s.p, d.Convention.UUID, d.Convention.Version)
	require.True(t, fault.HasCode(err, convention.CodeDegroupementInterdit), "%v", err)
}

// TestSV03DeuxValidationsEnsemble: whoever validates together, the conventions exist once and keep one choice.
func TestSV03DeuxValidationsEnsemble(t *testing.T) {
	s := nouvelleSecondeVie(t, "PLUS", "PLAI")
	origines := []uuid.UUID{s.origine(convention.Signee), s.origine(convention.Signee)}
	erreurs := make([]error, 4)
	var wg sync.WaitGroup
	for i := range erreurs {
		wg.Go(func() { _, erreurs[i] = s.choisir(origines[i%2]) })
	}
	wg.Wait()
	for _, err := range erreurs {
		require.NoError(t, err)
	}
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention c JOIN operation o ON o.id = c.operation_id WHERE o.numero_operation = $1 AND c.supprime_le IS NULL`, s.numero))
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention_seconde_vie`))
}
