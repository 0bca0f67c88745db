package convention

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"apilos/api/auth"
	"apilos/api/fault"
	"apilos/api/operation"

	"github.com/google/uuid"
)

type storeSecondeVie interface {
	// Candidates searches what could be an origin, in the perimeter of p (SV-02).
	Candidates(ctx context.Context, p auth.Principal, f FiltreOrigines) (PageOrigines, error)
	// Origines describes the origins of conventions that p sees, and counts the others.
	Origines(ctx context.Context, p auth.Principal, conventionIDs []int64) ([]Origine, int, error)
	// ConventionsSecondeVie lists the roots of an operation that have origins, in the perimeter of p, oldest first.
	ConventionsSecondeVie(ctx context.Context, p auth.Principal, numero string) ([]uuid.UUID, error)
	// RemplacerOrigines links a convention to these origins and no other.
	RemplacerOrigines(ctx context.Context, conventionID int64, origines []int64) error
}

// Createur creates the conventions of an operation of SIAP (operation.Service).
type Createur interface {
	Synchroniser(ctx context.Context, p auth.Principal, d operation.Demande) (operation.Resultat, error)
}

// SecondesVies links the conventions of a seconde vie operation to those they replace (02 §8.2).
type SecondesVies struct {
	conventions *Service
	operations  Createur
}

// NewSecondesVies returns the service.
func NewSecondesVies(s *Service, c Createur) *SecondesVies { return &SecondesVies{s, c} }

// Etat reads the choice of an operation, without writing anything.
func (v *SecondesVies) Etat(ctx context.Context, p auth.Principal, numero string) (EtatSecondeVie, error) {
	store := v.conventions.store
	if !p.Peut(auth.ViewConvention) {
		return EtatSecondeVie{}, fault.PermissionRefusee()
	}
	var out EtatSecondeVie
	var err error
	if out.Ouverte, err = store.InterrupteurOuvert(ctx, InterrupteurSecondeVie); err != nil {
		return out, err
	}
	ids, err := store.ConventionsSecondeVie(ctx, p, operation.NormaliserNumero(numero))
	if err != nil {
		return out, err
	}
	var rows []int64
	out.Modifiable = out.Ouverte && !p.EnLecture() && p.Peut(auth.AddConvention)
	if !out.Modifiable {
		out.Raison = "Votre profil est en lecture seule : vous pouvez consulter les conventions d’origine."
	}
	for _, id := range ids {
		d, err := store.Charger(ctx, p, id)
		if err != nil {
			return out, err
		}
		if f := fault.As(originesFigees(p, d)); f != nil && out.Modifiable {
			out.Modifiable, out.Raison = false, f.Message
		}
		out.Conventions, rows = append(out.Conventions, d), append(rows, d.Convention.ID)
	}
	out.Origines, out.Masquees, err = store.Origines(ctx, p, rows)
	return out, err
}

// Candidates searches the conventions that could be origins (SV-02). A read-only profile does not search (SV-09).
func (v *SecondesVies) Candidates(ctx context.Context, p auth.Principal, f FiltreOrigines) (PageOrigines, error) {
	if err := v.ouverte(ctx, p); err != nil {
		return PageOrigines{}, err
	}
	f.NumeroOperation = operation.NormaliserNumero(f.NumeroOperation)
	return v.conventions.store.Candidates(ctx, p, f)
}

func (v *SecondesVies) ouverte(ctx context.Context, p auth.Principal) error {
	ouverte, err := v.conventions.store.InterrupteurOuvert(ctx, InterrupteurSecondeVie)
	if err != nil {
		return err
	}
	if !ouverte {
		return secondeVieFermee()
	}
	if p.EnLecture() || !p.Peut(auth.AddConvention) {
		return fault.PermissionRefusee()
	}
	return nil
}

// SecondeVieFaite is the outcome of a choice.
type SecondeVieFaite struct {
	Conventions []*Dossier // those of the operation, linked; one when they could be grouped
	Creees      []uuid.UUID
	Messages    []operation.Message
}

// CodeRegroupementImpossible tells that the conventions stay apart (SV-03).
const CodeRegroupementImpossible = "REGROUPEMENT_IMPOSSIBLE"

// Choisir makes these conventions the origins of an operation: it creates the conventions of the operation and groups
// them when there was none with origins (SV-03), replaces the origins otherwise (SV-04, SV-05). Everything is one
// transaction; SIAP is read before it. Errors: not_found when the switch is off, forbidden, ORIGINE_REQUISE,
// ORIGINE_INVALIDE with the reason for each, ORIGINES_FIGEES, what stops a synchronisation.
func (v *SecondesVies) Choisir(ctx context.Context, p auth.Principal, numero string, origines []uuid.UUID) (SecondeVieFaite, error) {
	if err := v.ouverte(ctx, p); err != nil {
		return SecondeVieFaite{}, err
	}
	normalise := operation.NormaliserNumero(numero)
	connues, err := v.conventions.store.ConventionsSecondeVie(ctx, p, normalise)
	if err != nil {
		return SecondeVieFaite{}, err
	}
	if len(connues) == 0 && len(origines) == 0 {
		return SecondeVieFaite{}, origineRequise()
	}
	c := &choix{v: v, p: p, numero: normalise, origines: origines}
	if len(connues) > 0 {
		err = v.conventions.store.InTx(ctx, func(ctx context.Context) error { return c.relier(ctx, connues, false) })
	} else {
		err = c.creer(ctx, numero)
	}
	if err != nil {
		return SecondeVieFaite{}, fmt.Errorf("choose origins of operation %s: %w", normalise, err)
	}
	return c.fait, nil
}

type choix struct {
	v        *SecondesVies
	p        auth.Principal
	numero   string // normalised
	origines []uuid.UUID
	fait     SecondeVieFaite
}

// creer brings the conventions of the operation and links them in the same transaction (02 §10.3).
func (c *choix) creer(ctx context.Context, numero string) error {
	res, err := c.v.operations.Synchroniser(ctx, c.p, operation.Demande{Numero: numero, Suite: func(ctx context.Context, refs []operation.Reference) error {
		var ids []uuid.UUID
		for _, r := range refs {
			if !slices.Contains(ids, r.UUID) {
				ids = append(ids, r.UUID)
			}
		}
		return c.relier(ctx, ids, true)
	}})
	if err != nil {
		return err
	}
	if res.Cause != nil {
		return res.Cause
	}
	c.fait.Messages = append(c.fait.Messages, res.Messages...)
	for _, r := range res.Creees {
		c.fait.Creees = append(c.fait.Creees, r.UUID)
	}
	return nil
}

// relier links conventions, under the lock of all those of the operation, and groups the new ones.
func (c *choix) relier(ctx context.Context, ids []uuid.UUID, grouper bool) error {
	s := c.v.conventions
	c.fait = SecondeVieFaite{Messages: []operation.Message{}}
	if len(ids) == 0 {
		return fault.New(fault.Conflict, CodeSecondeVieSansObjet, "Aucune convention de cette opération ne peut recevoir des conventions d’origine.")
	}
	dossiers, err := s.verrouillerEnsemble(ctx, c.p, ids)
	if err != nil {
		return err
	}
	for _, d := range dossiers {
		if err := originesFigees(c.p, d); err != nil {
			return err
		}
		if !d.Operation.SecondeVie {
			return fault.New(fault.Invalid, CodeSansSecondeVie, "Cette opération n’est pas une seconde vie dans le SIAP : elle ne remplace aucune convention.")
		}
	}
	retenues, err := c.verifier(ctx)
	if err != nil {
		return err
	}
	le, _ := s.maintenant()
	for _, d := range dossiers {
		if err := c.lier(ctx, d, retenues, le); err != nil {
			return err
		}
	}
	if ids, err = c.grouper(ctx, ids, grouper); err != nil {
		return err
	}
	for _, id := range ids {
		d, err := s.store.Charger(ctx, c.p, id)
		if err != nil {
			return err
		}
		c.fait.Conventions = append(c.fait.Conventions, d)
	}
	return nil
}

// verifier checks the origins again, whatever the page offered (SV-02): all refusals at once. One outside the perimeter
// is refused like one that does not exist.
func (c *choix) verifier(ctx context.Context) ([]*Dossier, error) {
	var out []*Dossier
	var refus []fault.Field
	for i, id := range c.origines {
		d, err := c.v.conventions.store.Charger(ctx, c.p, id)
		switch {
		case fault.Is(err, fault.NotFound):
			refus = append(refus, refusOrigine(i, "Cette convention n’existe pas dans votre périmètre."))
		case err != nil:
			return nil, err
		case slices.Contains(c.origines[:i], id):
			refus = append(refus, refusOrigine(i, "Cette convention est choisie deux fois."))
		case d.candidateOrigine(c.numero) != "":
			refus = append(refus, refusOrigine(i, d.Titre()+" : "+d.candidateOrigine(c.numero)+"."))
		default:
			out = append(out, d)
		}
	}
	if len(c.origines) > originesMax {
		refus = append(refus, refusOrigine(originesMax, fmt.Sprintf("%d conventions d’origine au plus.", originesMax)))
	}
	if len(refus) > 0 {
		return nil, fault.New(fault.Invalid, CodeOrigineInvalide, "Des conventions d’origine sont refusées : rien n’a été enregistré.").WithFields(refus...)
	}
	return out, nil
}

func (c *choix) lier(ctx context.Context, d *Dossier, origines []*Dossier, le time.Time) error {
	s := c.v.conventions
	rows, uuids := make([]int64, 0, len(origines)), make([]uuid.UUID, 0, len(origines))
	for _, o := range origines {
		rows, uuids = append(rows, o.Convention.ID), append(uuids, o.Convention.UUID)
	}
	anciennes, _, err := s.store.Origines(ctx, auth.Principal{Superuser: true}, []int64{d.Convention.ID})
	if err != nil {
		return err
	}
	avant := make([]uuid.UUID, 0, len(anciennes))
	for _, o := range anciennes {
		avant = append(avant, o.UUID)
	}
	if err := s.store.RemplacerOrigines(ctx, d.Convention.ID, rows); err != nil {
		return err
	}
	if err := s.store.Modifier(ctx, d, map[string]any{}, le); err != nil {
		return err
	}
	if err := s.noter(ctx, c.p, d, ChoisirOrigines, libelleOrigines(origines), le); err != nil {
		return err
	}
	if err := s.journaliserMixte(ctx, c.p, d, ChoisirOrigines, map[string]any{"origines": avant}, map[string]any{"origines": uuids}, le); err != nil {
		return err
	}
	return s.store.RafraichirRecherche(ctx, d.Convention.ID)
}

// grouper makes one convention of several; what prevents it is told, and they stay apart (SV-03).
func (c *choix) grouper(ctx context.Context, ids []uuid.UUID, voulu bool) ([]uuid.UUID, error) {
	s := c.v.conventions
	if !voulu || len(ids) < 2 {
		return ids, nil
	}
	ouverte, err := s.store.InterrupteurOuvert(ctx, InterrupteurMixte)
	if err != nil {
		return nil, err
	}
	dossiers := make([]*Dossier, 0, len(ids))
	for _, id := range ids {
		d, err := s.store.Charger(ctx, c.p, id)
		if err != nil {
			return nil, err
		}
		dossiers = append(dossiers, d)
	}
	empeche := errors.New("le regroupement de conventions n’est pas disponible pour le moment")
	if ouverte {
		empeche = regroupables(dossiers, true)
	}
	if empeche != nil {
		detail := "Les conventions restent séparées : " + empeche.Error() + "."
		if f := fault.As(empeche); f != nil {
			detail = "Les conventions restent séparées. " + f.Message
		}
		c.fait.Messages = append(c.fait.Messages, operation.Message{Code: CodeRegroupementImpossible, Niveau: operation.Attention, Detail: detail})
		return ids, nil
	}
	res, err := s.absorber(ctx, c.p, dossiers)
	if err != nil {
		return nil, err
	}
	return []uuid.UUID{res.Dossier.Convention.UUID}, nil
}
