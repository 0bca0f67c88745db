package operation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/siap"
	"github.com/google/uuid"
)

// Demande asks for an operation of SIAP to be brought into the platform.
type Demande struct {
	Numero string
	// JamaisConventionnee is the answer "never conventioned" to the choice of a seconde vie (SV-01 b).
	JamaisConventionnee bool
	// Suite runs at the end of the transaction with the active conventions of the financements of the operation, when it
	// could be synchronised: it is the choice of the origins of a seconde vie (SV-03). Its error undoes everything.
	Suite func(ctx context.Context, conventions []Reference) error
	// DansPerimetre makes a call of SIAP obey the perimeter of its habilitation (05 A.3, mode strict), as those
	// of the web application always do.
	DansPerimetre bool
}

// Reference names a convention by one of its financements.
type Reference struct {
	UUID        uuid.UUID
	Financement CodeAide
}

// Resultat is what a synchronisation did and has to tell. Doing it again gives the same operation and
// the same conventions, in Existantes.
type Resultat struct {
	Numero        string
	OperationID   int64      // 0 when there is no local operation
	OperationUUID *uuid.UUID // nil idem
	Creees        []Reference
	Existantes    []Reference // active ones that were there before, within the perimeter
	Messages      []Message
	// Cause is why nothing could be created; nil otherwise. The web application shows Messages; the
	// inbound API answers with Cause.
	Cause *fault.Error
}

// essaisMax bounds the restarts after a creation made outside the lock.
const essaisMax = 3

// Synchroniser brings the operation and its missing conventions (02 §9.1, 05 B.6.7) for a person of the
// web application, who becomes the author of conventions without author (CR-02, CR-06). It is one
// transaction, idempotent whoever calls together (CR-04). Outages and refusals of SIAP, and what the
// operation lacks, are Messages, not errors; errors are forbidden without add_convention (CR-07),
// not_found for a number that designates nothing, and breakdowns.
func (s *Service) Synchroniser(ctx context.Context, p auth.Principal, d Demande) (Resultat, error) {
	return s.synchroniser(ctx, p, d, event.OrigineWeb)
}

// SynchroniserPourSIAP is Synchroniser for a call of SIAP itself (05 A.6): nobody becomes the author,
// seconde vie does not wait for a choice, several root operations are an error whatever their owners,
// and the perimeter is the caller's business (05 A.3).
func (s *Service) SynchroniserPourSIAP(ctx context.Context, p auth.Principal, numero string) (Resultat, error) {
	return s.SynchroniserDemandeSIAP(ctx, p, Demande{Numero: numero})
}

// SynchroniserDemandeSIAP is SynchroniserPourSIAP for a caller that may want the perimeter checked.
func (s *Service) SynchroniserDemandeSIAP(ctx context.Context, p auth.Principal, d Demande) (Resultat, error) {
	return s.synchroniser(ctx, p, d, event.OrigineSIAP)
}

func (s *Service) synchroniser(ctx context.Context, p auth.Principal, d Demande, origine string) (Resultat, error) {
	if !p.Peut(auth.AddConvention) {
		return Resultat{}, fault.PermissionRefusee()
	}
	brut, numero, err := numeroLisible(d.Numero)
	if err != nil {
		return Resultat{}, err
	}
	y := &synchronisation{s: s, p: p, demande: d, origine: origine, brut: brut, numero: numero, le: s.horloge().UTC().Truncate(time.Microsecond)}
	if p.Login == "" || p.HabilitationID == 0 { // only CERBERE accounts speak to SIAP
		return y.sansSIAP(ctx, messageSansHabilitation(), fault.New(fault.Forbidden, CodeSansHabilitation, messageSansHabilitation().Detail))
	}
	dto, err := s.source.RefreshOperation(ctx, p.Login, p.HabilitationID, brut)
	if err != nil {
		message, cause, err := echecSIAP(err, brut)
		if err != nil {
			return Resultat{}, fmt.Errorf("read operation %s in SIAP: %w", numero, err)
		}
		return y.sansSIAP(ctx, message, cause)
	}
	y.lire(dto)
	for essai := 1; ; essai++ {
		err := s.store.InTx(ctx, y.executer)
		if err == nil {
			return y.res, nil
		}
		if !errors.Is(err, ErrDejaCree) || essai == essaisMax {
			return Resultat{}, fmt.Errorf("synchronise operation %s: %w", numero, err)
		}
	}
}

// synchronisation is one run; what follows res is rebuilt by each attempt.
type synchronisation struct {
	s       *Service
	p       auth.Principal
	demande Demande
	origine string
	brut    string // number as asked
	numero  string // normalised
	le      time.Time

	plan  Plan
	refus *fault.Error // why the answer of SIAP cannot be followed
	dto   siap.OperationDTO

	res         Resultat
	racines     []Racine
	conventions []ConventionOperation
	anomalies   []Anomalie
	aRafraichir []int64
}

func (y *synchronisation) web() bool { return y.origine == event.OrigineWeb }

// lire keeps the plan.
func (y *synchronisation) lire(dto siap.OperationDTO) {
	y.dto = dto
	y.plan, y.refus = lireReponse(dto, y.numero)
}

// sansSIAP answers with what is known here, without writing (CR-08, CR-09).
func (y *synchronisation) sansSIAP(ctx context.Context, m Message, cause *fault.Error) (Resultat, error) {
	y.res = Resultat{Numero: y.brut, Messages: []Message{m}, Cause: cause}
	visibles, err := y.visibles(ctx)
	if err != nil {
		return Resultat{}, err
	}
	y.conventions = visibles
	y.res.Existantes = references(visibles)
	racines, err := y.s.store.RacinesVisibles(ctx, y.p, y.numero)
	if err != nil {
		return Resultat{}, fmt.Errorf("find operation %s: %w", y.numero, err)
	}
	if len(racines) > 0 {
		y.situer(racines[0].Operation)
	} else if m.Code == CodeInconnueSIAP {
		y.res.Messages = append(y.res.Messages, messageProgrammeIntrouvable(y.brut))
	}
	return y.res, nil
}

func (y *synchronisation) visibles(ctx context.Context) ([]ConventionOperation, error) {
	if !y.web() {
		return y.s.store.Conventions(ctx, y.numero)
	}
	return y.s.store.ConventionsVisibles(ctx, y.p, y.numero)
}

func (y *synchronisation) situer(o Operation) {
	id := o.UUID
	y.res.OperationID, y.res.OperationUUID, y.res.Numero = o.ID, &id, o.NumeroOperation
}

// executer is the transaction. Everything it decides is read again under the lock.
func (y *synchronisation) executer(ctx context.Context) error {
	y.res = Resultat{Numero: y.brut}
	y.anomalies, y.aRafraichir = slices.Clone(y.plan.Anomalies), nil
	if err := y.s.store.VerrouillerNumero(ctx, y.numero); err != nil {
		return err
	}
	var err error
	if y.racines, err = y.s.store.Racines(ctx, y.numero); err != nil {
		return err
	}
	if y.conventions, err = y.s.store.Conventions(ctx, y.numero); err != nil {
		return err
	}
	visibles, err := y.visibles(ctx)
	if err != nil {
		return err
	}
	y.res.Existantes = references(visibles)
	permis, err := y.dansPerimetre(ctx)
	switch {
	case err != nil:
		return err
	case y.refus != nil:
		y.noterRefus(y.refus)
	case !permis:
		y.renoncer(horsPerimetre(y.brut))
		return nil
	default:
		if err := y.appliquer(ctx, visibles); err != nil {
			return err
		}
	}
	if len(y.aRafraichir) > 0 {
		if err := y.s.recherche.Rafraichir(ctx, y.aRafraichir...); err != nil {
			return fmt.Errorf("refresh the search: %w", err)
		}
	}
	if y.demande.Suite != nil && y.res.Cause == nil {
		if err := y.demande.Suite(ctx, y.duPlan()); err != nil {
			return err
		}
	}
	return y.s.store.NoterAnomalies(ctx, y.numeroLu(), y.anomalies, y.le)
}

// duPlan lists the conventions, created or already there, of the financements of the operation.
func (y *synchronisation) duPlan() []Reference {
	return slices.DeleteFunc(slices.Concat(y.res.Existantes, y.res.Creees), func(r Reference) bool {
		return !slices.ContainsFunc(y.plan.Lots, func(l LotPrevu) bool { return l.Aide == r.Financement })
	})
}

// numeroLu is the number as SIAP writes it, so that staff of both platforms find the operation with it; as asked when
// SIAP answered about another one.
func (y *synchronisation) numeroLu() string {
	if lu := y.plan.Operation.NumeroOperation; NormaliserNumero(lu) == y.numero {
		return lu
	}
	return y.brut
}

// appliquer writes the plan, or tells why it cannot.
func (y *synchronisation) appliquer(ctx context.Context, visibles []ConventionOperation) error {
	if len(y.racines) > 0 {
		y.situer(y.racines[0].Operation)
	}
	if f := y.obstacle(); f != nil {
		y.noterRefus(f)
		return nil
	}
	o, err := y.operation(ctx)
	if err != nil || y.res.Cause != nil {
		return err
	}
	attendre, err := y.secondeVieEnAttente(ctx)
	if err != nil {
		return err
	}
	if !attendre {
		if err := y.conventionsManquantes(ctx, o); err != nil {
			return err
		}
	}
	y.res.Messages = append(y.res.Messages, doubles(y.plan, visibles)...)
	if err := y.attribuerAuteur(ctx); err != nil {
		return err
	}
	return y.garderInstantane(ctx, o.ID)
}

// noterRefus gives up because of the data, which staff will want to see (05 B.9); an operation that
// needs no convention is not a fault of the data.
func (y *synchronisation) noterRefus(f *fault.Error) {
	if f.Code != CodeAucunConventionnement {
		y.anomalies = append(y.anomalies, anomalieDe(f))
	}
	y.renoncer(f)
}

func (y *synchronisation) renoncer(f *fault.Error) {
	y.res.Cause = f
	y.res.Messages = append(y.res.Messages, messageDe(f))
}

// dansPerimetre tells whether the actor would see what is about to be created (CR-08). SIAP has already
// checked its own rules by answering.
func (y *synchronisation) dansPerimetre(ctx context.Context) (bool, error) {
	if !y.web() && !y.demande.DansPerimetre {
		return true, nil
	}
	situation, err := y.s.situation(ctx, y.plan, y.racines)
	if err != nil {
		return false, err
	}
	return y.s.store.DansPerimetre(ctx, y.p, situation)
}

// situation is where the operation is for the perimeter: as stored, else as SIAP describes it.
func (s *Service) situation(ctx context.Context, plan Plan, racines []Racine) (Situation, error) {
	if len(racines) > 0 {
		return racines[0].situation(), nil
	}
	out := Situation{Departement: plan.Operation.CodeInseeDepartement, Region: plan.Operation.CodeInseeRegion}
	b, err := s.store.BailleurParIdentifiant(ctx, plan.Bailleur.Identifiant)
	if err != nil {
		return Situation{}, err
	}
	if b != nil {
		out.BailleurID = &b.ID
	}
	a, err := s.store.AdministrationParCode(ctx, plan.Administration.Code)
	if err != nil {
		return Situation{}, err
	}
	if a != nil {
		out.AdministrationID = &a.ID
	}
	return out, nil
}

// obstacle returns what forbids any creation, before anything is written.
func (y *synchronisation) obstacle() *fault.Error {
	if len(y.racines) > 1 {
		f, conflit := doublon(y.brut, y.racines)
		if conflit || !y.web() {
			return f
		}
		y.anomalies = append(y.anomalies, anomalieDe(f))
		y.res.Messages = append(y.res.Messages, messageDe(f))
	}
	if incoherent(y.plan, y.racines, y.conventions) {
		return sansTravauxIncoherent()
	}
	return nil
}

func anomalieDe(f *fault.Error) Anomalie {
	champ, _ := f.Extra[champErreur].(string)
	return Anomalie{Code: f.Code, Champ: champ, Message: f.Message}
}

// references lists the active roots, one entry per financement.
func references(conventions []ConventionOperation) []Reference {
	out := []Reference{}
	for _, c := range conventions {
		if !c.active() {
			continue
		}
		for _, f := range c.Financements {
			out = append(out, Reference{c.UUID, f})
		}
	}
	return out
}
