package convention_test

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/comment"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/fichier"
	"apilos/api/internal/fixture"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// TestVieInvariants lives conventions at random: anybody asks for anything, allowed or not, and whatever happens the
// invariants of 01 §9 and 02 §10 hold, a refusal writes nothing, the history explains every statut and the chain of the
// journal verifies. VIE_PAS (accepted commands) and VIE_GRAINE lengthen it or play a failure again.
func TestVieInvariants(t *testing.T) {
	const mondes = 4
	pas := entierDe(t, "VIE_PAS", 10_000)
	graine := entierDe(t, "VIE_GRAINE", 1)
	vies := make([]*vie, mondes)
	t.Run("mondes", func(t *testing.T) {
		for n := range mondes {
			t.Run(strconv.Itoa(n+1), func(t *testing.T) {
				t.Parallel()
				v := nouvelleVie(t, uint64(graine*mondes+n)) //nolint:gosec // a seed of tests
				vies[n] = v
				for essai := 1; v.acceptes < pas/mondes; essai++ {
					v.pas(essai)
					if essai%400 == 0 {
						v.verifier()
					}
				}
				v.verifier()
				v.verifierJournaux()
			})
		}
	})
	if !t.Failed() {
		verifierCouverture(t, vies, pas >= 10_000)
	}
}

func entierDe(t *testing.T, nom string, defaut int) int {
	v := os.Getenv(nom)
	if v == "" {
		return defaut
	}
	n, err := strconv.Atoi(v)
	require.NoError(t, err, nom)
	return n
}

// vie is a world, its people and the instant they live at.
type vie struct {
	*fixture.Monde
	t         *testing.T
	service   *convention.Service
	rnd       *rand.Rand
	instant   time.Time
	acteurs   []auth.Principal
	habitues  int // the first of them, who may write
	superuser auth.Principal
	dossiers  []uuid.UUID
	faits     map[string]int // successful gestures, by name
	refus     map[string]int // codes of refusals
	acceptes  int
}

func nouvelleVie(t *testing.T, graine uint64) *vie {
	m := fixture.Nouveau(t)
	v := &vie{
		Monde: m, t: t, rnd: rand.New(rand.NewPCG(graine, 5)), instant: instant, //nolint:gosec // reproducible on purpose
		faits: map[string]int{}, refus: map[string]int{},
	}
	v.service = convention.NewService(m.Store, &sortie{}, sansDepots{}, nil, func() time.Time { return v.instant })
	v.superuser = m.Utilisateur("Root", "Staff")
	v.superuser.Superuser, v.superuser.Staff = true, true
	v.acteurs = []auth.Principal{
		m.EnBailleur(), m.EnBailleur(), m.EnInstructeur(), m.EnInstructeur(), m.EnAdministrateur(), v.superuser,
		fixture.EnLecture(m.EnBailleur()), fixture.EnLecture(m.EnInstructeur()), m.EtrangerBailleur(),
	}
	v.habitues = 6
	for range 6 {
		v.naitre()
	}
	return v
}

// naitre adds a convention of one of the natures that take different paths.
func (v *vie) naitre() {
	id := v.Convention(fixture.Conv{
		CreePar: choisir(v, []auth.Typologie{auth.Bailleur, auth.Instructeur}), Incomplete: v.rnd.IntN(4) == 0,
		Financement: choisir(v, []convention.Financement{convention.PLUS, convention.PLAI, convention.PLS}),
	})
	if v.rnd.IntN(2) == 0 {
		v.Executer(`UPDATE operation SET nature_logement = 'RHVS' WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, id)
	}
	v.dossiers = append(v.dossiers, id)
}

func choisir[T any](v *vie, parmi []T) T { return parmi[v.rnd.IntN(len(parmi))] }

// errSansObjet says that a geste has nothing to act on.
var errSansObjet = errors.New("nothing to act on")

// geste is something a person tries on a dossier. It answers its name, for the count of what was reached.
type geste struct {
	poids int
	fait  func(*vie, auth.Principal, *convention.Dossier) (string, error)
}

// gestes are all the ways to change a dossier. A new command of the domain is a line here.
func gestes() []geste {
	return []geste{
		{60, (*vie).executer},
		{10, (*vie).deposer},
		{8, (*vie).commenter},
		{8, (*vie).repondre},
		{10, (*vie).saisir},
		{6, (*vie).amender},
		{4, (*vie).corrigerNumero},
		{6, (*vie).forcer},
	}
}

func (v *vie) pas(essai int) {
	v.instant = v.instant.Add(time.Duration(v.rnd.IntN(12)) * time.Hour)
	if len(v.dossiers) < 3 || essai%120 == 0 {
		v.naitre()
	}
	id, p := choisir(v, v.dossiers), choisir(v, v.acteurs[:v.habitues])
	if v.rnd.IntN(6) == 0 {
		p = choisir(v, v.acteurs)
	}
	d, err := v.service.Lire(context.Background(), p, id)
	if err != nil {
		v.exigerRefus(err, "lire")
		if !fault.Is(err, fault.NotFound) {
			return
		}
		// He tries all the same, as a program that guesses would.
		d, err = v.Store.Charger(context.Background(), v.superuser, id)
		require.NoError(v.t, err)
	}
	avant := v.trace()
	nom, err := v.geste().fait(v, p, d)
	for errors.Is(err, errSansObjet) {
		nom, err = v.geste().fait(v, p, d)
	}
	if err != nil {
		v.exigerRefus(err, nom)
		require.Equal(v.t, avant, v.trace(), "%s was refused and wrote something: %v", nom, err)
		return
	}
	v.faits[nom]++
	v.acceptes++
	if nom == string(convention.Supprimer) {
		v.dossiers = slices.DeleteFunc(v.dossiers, func(x uuid.UUID) bool { return x == id })
	}
}

func (v *vie) geste() geste {
	total := 0
	for _, g := range gestes() {
		total += g.poids
	}
	n := v.rnd.IntN(total)
	for _, g := range gestes() {
		if n -= g.poids; n < 0 {
			return g
		}
	}
	panic("unreachable")
}

// trace sums what any write changes.
func (v *vie) trace() [4]int64 {
	var x [4]int64
	require.NoError(v.t, v.Base.Pool.QueryRow(context.Background(), `SELECT
		(SELECT coalesce(max(id), 0) FROM convention_historique), (SELECT coalesce(max(id), 0) FROM journal_audit),
		(SELECT sum(version) FROM convention) + (SELECT sum(version) FROM operation), (SELECT coalesce(sum(version), 0) FROM commentaire)`).
		Scan(&x[0], &x[1], &x[2], &x[3]))
	return x
}

// exigerRefus accepts the refusals of the domain only: an error without a code would be an answer 500.
func (v *vie) exigerRefus(err error, nom string) {
	f := fault.As(err)
	require.True(v.t, f != nil && f.Kind != fault.Internal, "%s: %v", nom, err)
	v.refus[f.Code]++
}

// version is the one he read, or an older one: the page stayed open.
func (v *vie) version(d *convention.Dossier) int {
	if v.rnd.IntN(20) == 0 {
		return d.Convention.Version - 1
	}
	return d.Convention.Version
}

// executer asks for a transition: mostly one that the page offers, sometimes any.
func (v *vie) executer(p auth.Principal, d *convention.Dossier) (string, error) {
	code := choisir(v, convention.CodesTransition())
	if possibles, err := v.service.Possibles(context.Background(), p, d); v.rnd.IntN(10) > 0 && err == nil && len(possibles) > 0 {
		code = choisir(v, possibles).Code
		for essai := 0; essai < 3 && (code == convention.Annuler || code == convention.Supprimer); essai++ {
			code = choisir(v, possibles).Code // most conventions live
		}
	}
	_, err := v.service.Executer(context.Background(), p, d.Convention.UUID, code, v.commande(d))
	return string(code), err
}

// commande is mostly a command that the rules accept, sometimes one with holes and dates in the wrong order.
func (v *vie) commande(d *convention.Dossier) convention.Commande {
	jour := date.InParis(v.instant)
	c := convention.Commande{
		Version: v.version(d), Commentaire: "motif", Copie: v.rnd.IntN(2) == 0, ConfirmerIncomplet: true, ConfirmerCommentairesOuverts: true,
		DateSignature: &jour, DateEnvoi: &jour, DatePublication: &jour, DateRefus: &jour, ReferenceSPF: "2026P456", MotifRefusSPF: "Pièce illisible",
		DateDenonciation: &jour, DateResiliation: &jour,
	}
	if v.rnd.IntN(4) > 0 {
		return c
	}
	quand := func() *date.Date {
		j := jour.AddDays(v.rnd.IntN(6) - 3)
		return choisir(v, []*date.Date{nil, &jour, &j})
	}
	c.DateSignature, c.DateEnvoi, c.DatePublication, c.DateRefus = quand(), quand(), quand(), quand()
	c.DateDenonciation, c.DateResiliation = quand(), quand()
	c.Commentaire, c.ReferenceSPF, c.MotifRefusSPF = choisir(v, []string{"", "motif"}), choisir(v, []string{"", "X"}), choisir(v, []string{"", "Y"})
	c.ConfirmerIncomplet, c.ConfirmerCommentairesOuverts = v.rnd.IntN(2) == 0, v.rnd.IntN(2) == 0
	numero := choisir(v, []string{"1", "2", "87.DDT87.26.0001", "87.DDT87.26.0002", strconv.Itoa(v.rnd.IntN(200))})
	c.Numero = &numero
	return c
}

// deposer puts the file that the statut waits for; the engine of files has its own tests.
func (v *vie) deposer(_ auth.Principal, d *convention.Dossier) (string, error) {
	rubrique := map[convention.Statut]string{
		convention.ASigner: convention.RubriqueDocumentSigne, convention.PublicationEnCours: convention.RubriqueDocumentPublie,
	}[d.Convention.Statut]
	if rubrique == "" {
		rubrique = d.RubriqueInstruction()
	}
	if rubrique == "" || d.DocumentCourant(rubrique) != nil {
		return "déposer", errSansObjet
	}
	v.Document(d.Convention.UUID, rubrique, fichier.Sain)
	return "déposer", nil
}

func (v *vie) commenter(p auth.Principal, d *convention.Dossier) (string, error) {
	if s := d.Convention.Statut; s != convention.Instruction && s != convention.Correction && v.rnd.IntN(6) > 0 {
		return "commenter", errSansObjet
	}
	cible := choisir(v, [][2]string{{"programme", "nom"}, {"programme", "ville"}, {"convention", "adresse"}, {"pret", "all"}, {"programme", "inconnu"}})
	_, err := v.service.Commenter(context.Background(), p, d.Convention.UUID, convention.NouveauCommentaire{
		NomObjet: cible[0], ChampObjet: cible[1], Message: choisir(v, []string{"à préciser", " "}),
	})
	return "commenter", err
}

func (v *vie) repondre(p auth.Principal, d *convention.Dossier) (string, error) {
	if len(d.Commentaires) == 0 {
		return "répondre", errSansObjet
	}
	c := choisir(v, d.Commentaires)
	vers := choisir(v, []comment.Statut{comment.Ouvert, comment.Resolu, comment.Clos})
	_, err := v.service.ModifierCommentaire(context.Background(), p, c.UUID, convention.ModificationCommentaire{Version: c.Version, Statut: &vers})
	return "commentaire " + string(vers), err
}

// saisir saves some fields of a step, with values that may be wrong.
func (v *vie) saisir(p auth.Principal, d *convention.Dossier) (string, error) {
	etape := choisir(v, d.Etapes())
	section, ok := d.SectionDe(etape.Code)
	if !ok {
		return "saisir", errSansObjet
	}
	valeurs := map[string]json.RawMessage{}
	for range 1 + v.rnd.IntN(3) {
		c := choisir(v, section.Champs)
		valeurs[c.Cle] = v.valeur(c)
	}
	_, err := v.service.EnregistrerEtape(context.Background(), p, d.Convention.UUID, etape.Code, convention.SaisieEtape{
		Version: v.version(d), Valeurs: valeurs, ConfirmerErreurs: v.rnd.IntN(2) == 0,
	})
	return "saisir " + string(etape.Code), err
}

func (v *vie) valeur(c convention.Champ) json.RawMessage {
	var x any = choisir(v, []string{"", "Texte " + strconv.Itoa(v.rnd.IntN(9)), "87000", "75011", "x\x00"})
	switch {
	case len(c.Choix) > 0 && v.rnd.IntN(5) > 0:
		x = choisir(v, c.Choix).Valeur
	case c.Type == convention.Entier || c.Type == convention.Decimal:
		x = v.rnd.IntN(3000) - 5
	case c.Type == convention.Booleen:
		x = v.rnd.IntN(2) == 0
	case c.Type == convention.Date:
		x = date.InParis(v.instant).AddDays(v.rnd.IntN(9000)).String()
	}
	b, err := json.Marshal(x)
	require.NoError(v.t, err)
	return b
}

func (v *vie) amender(p auth.Principal, d *convention.Dossier) (string, error) {
	if !d.Racine.Statut.Actif() && v.rnd.IntN(6) > 0 {
		return "avenant", errSansObjet
	}
	types := choisir(v, [][]string{nil, {"programme"}, {"bailleur", "duree"}, {"denonciation"}, {"resiliation"}, {"denonciation", "bailleur"}, {"inconnu"}})
	a, err := v.service.CreerAvenant(context.Background(), p, d.Convention.UUID, types)
	if err == nil {
		v.dossiers = append(v.dossiers, a.Convention.UUID)
	}
	return "avenant", err
}

// verifierCouverture fails when chance stopped reaching something: a property that nothing exercises proves nothing.
func verifierCouverture(t *testing.T, vies []*vie, complete bool) {
	faits, refus := map[string]int{}, map[string]int{}
	for _, v := range vies {
		for nom, n := range v.faits {
			faits[nom] += n
		}
		for code, n := range v.refus {
			refus[code] += n
		}
	}
	t.Logf("accepted: %v\nrefused: %v", faits, refus)
	if !complete {
		return
	}
	for _, code := range convention.CodesTransition() {
		if faits[string(code)] == 0 {
			t.Errorf("transition %s never happened", code)
		}
	}
	for _, code := range []string{"VERSION_PERIMEE", "PERMISSION_REFUSEE", "TRANSITION_INTERDITE", "PRECONDITIONS_NON_REMPLIES", "AVENANT_EN_COURS", "CHAMP_NON_MODIFIABLE"} {
		if refus[code] == 0 {
			t.Errorf("refusal %s never happened", code)
		}
	}
}
