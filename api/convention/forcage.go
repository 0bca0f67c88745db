package convention

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"apilos/api/auth"
	"apilos/api/comment"
	"apilos/api/date"
	"apilos/api/fault"

	"github.com/google/uuid"
)

// Forcer is the change of statut outside of the table of 02 §1.4, by the team of the platform with a motive (CC-34). It is
// no transition: transitions_possibles never lists it.
const Forcer Code = "forcer"

// modeForcage marks it in the journal.
const modeForcage = "FORCAGE"

// CodeForcageRefuse refuses a forced statut that would break a rule of integrity (01 §9), with every reason.
const CodeForcageRefuse = "FORCAGE_REFUSE"

// CibleForcage is a statut that could be forced, and why it cannot be; no reason: it can.
type CibleForcage struct {
	Statut Statut
	Refus  []fault.Field
}

// Forcage is what is asked: a statut, and why.
type Forcage struct {
	Version int // expected version (If-Match)
	Statut  Statut
	Motif   string
}

// ForcagePossible tells whether p may force the statut of d: a superuser, in writing.
func (d *Dossier) ForcagePossible(p auth.Principal) bool {
	return p.Superuser && !d.LectureSeule(p) && p.Peut(auth.ChangeConvention)
}

// CiblesForcage lists the other statuts of a dossier with what refuses each of them. Errors: not_found, forbidden.
func (s *Service) CiblesForcage(ctx context.Context, p auth.Principal, id uuid.UUID) (*Dossier, []CibleForcage, error) {
	d, err := s.Lire(ctx, p, id)
	if err != nil {
		return nil, nil, err
	}
	if !d.ForcagePossible(p) {
		return nil, nil, fault.PermissionRefusee()
	}
	var out []CibleForcage
	for _, vers := range Statuts() {
		if vers != d.Convention.Statut {
			out = append(out, CibleForcage{vers, d.refusForcage(vers)})
		}
	}
	return d, out, nil
}

// Forcer gives a statut to a convention or an avenant whatever the table of transitions says (CC-34): one transaction
// under the lock of the whole family, the rules of 01 §9 kept (FORCAGE_REFUSE says which one would break), history with
// the motive, journal of mode FORCAGE, action alerts deleted, no e-mail. Leaving the end of a convention takes its
// avenants back to where they were. Errors: not_found, forbidden, stale, FORCAGE_REFUSE, and those of the schema
// (NUMERO_PRIS, CONVENTION_EXISTANTE…).
func (s *Service) Forcer(ctx context.Context, p auth.Principal, id uuid.UUID, f Forcage) (*Dossier, error) {
	f.Motif = strings.TrimSpace(f.Motif)
	var out *Dossier
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		d, err := s.store.Verrouiller(ctx, p, id)
		if err != nil {
			return err
		}
		if !d.ForcagePossible(p) {
			return fault.PermissionRefusee()
		}
		if err := perimee(d, f.Version); err != nil {
			return err
		}
		if points := f.refus(d); len(points) > 0 {
			return refusDeForcage(points)
		}
		membres, err := s.store.VerrouillerMembres(ctx, d.Racine.ID, d.Convention.ID, Statuts()...)
		if err != nil {
			return err
		}
		if err := s.forcerFamille(ctx, p, d, f, membres); err != nil {
			return err
		}
		out, err = s.store.Charger(ctx, p, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("force statut: %w", err)
	}
	return out, nil
}

func refusDeForcage(points []fault.Field) error {
	return fault.New(fault.Invalid, CodeForcageRefuse, "Ce statut ne peut pas être forcé : rien n’a été enregistré.").WithFields(points...)
}

func (f Forcage) refus(d *Dossier) []fault.Field {
	var points []fault.Field
	switch n := utf8.RuneCountInString(f.Motif); {
	case n == 0:
		points = append(points, fault.Field{Pointer: "/motif", Code: "MOTIF_REQUIS", Detail: "Indiquez pourquoi le statut est forcé."})
	case n > maxCommentaire:
		points = append(points, fault.Field{Pointer: "/motif", Code: "too_long", Detail: "Motif : 5 000 caractères au maximum."})
	}
	return append(points, d.refusForcage(f.Statut)...)
}

// forcerFamille writes the row and, when the family leaves its end, the rows that ended with it.
func (s *Service) forcerFamille(ctx context.Context, p auth.Principal, d *Dossier, f Forcage, membres []uuid.UUID) error {
	le, jour := s.maintenant()
	nouvelle := func(d *Dossier) *execution {
		return &execution{
			ctx: ctx, s: s, d: d, p: p, cmd: Commande{Commentaire: f.Motif}, le: le, jour: jour, mode: modeForcage,
			changements: map[string]any{}, avant: map[string]any{}, notes: map[string]any{},
		}
	}
	fin := d.Convention.Statut
	if err := nouvelle(d).forcer(f.Statut); err != nil {
		return err
	}
	if _, terminee := finDe(fin); !terminee {
		return nil
	}
	for _, id := range membres {
		m, err := s.store.Charger(ctx, auth.Principal{Superuser: true}, id) // whatever the perimeter: the family stays whole
		if err != nil {
			return err
		}
		if m.Convention.Statut != fin {
			continue
		}
		vers, err := s.statutAvantFin(ctx, m)
		if err != nil {
			return err
		}
		if points := m.refusEtat(vers); len(points) > 0 {
			for i := range points {
				points[i].Detail = "Avenant " + texteDe(m.Convention.Numero) + " : " + points[i].Detail
			}
			return refusDeForcage(points)
		}
		e := nouvelle(m)
		e.entraine = true
		e.noter("par", d.Convention.UUID)
		if err := e.forcer(vers); err != nil {
			return fmt.Errorf("row %s of the family: %w", id, err)
		}
	}
	return nil
}

// statutAvantFin is where an avenant was before its family ended; the procedure that ended it is abandoned.
func (s *Service) statutAvantFin(ctx context.Context, m *Dossier) (Statut, error) {
	if m.Genre().EstFin() {
		return Annulee, nil
	}
	lignes, err := s.store.Historique(ctx, m.Convention.ID, 0, 1)
	if err != nil {
		return "", err
	}
	if len(lignes) > 0 && lignes[0].StatutPrecedent != nil {
		if avant := Statut(*lignes[0].StatutPrecedent); avant.Actif() {
			return avant, nil
		}
	}
	return Signee, nil
}

// forcer writes one row: what its new statut needs and what it cannot keep, then what every change of statut writes.
func (e *execution) forcer(vers Statut) error {
	c := e.d.Convention
	if f, ok := finDe(c.Statut); ok && !e.d.Genre().EstFin() {
		e.avant[f.colonne] = f.jour(c)
		e.set(f.colonne, nil)
	}
	if err := e.forcerPublication(vers); err != nil {
		return err
	}
	if err := e.forcerSignature(vers); err != nil {
		return err
	}
	if vers == ASigner {
		for _, k := range e.d.Commentaires {
			if k.Statut != comment.Clos {
				e.clos = append(e.clos, k)
			}
		}
		if err := e.s.store.CloreCommentaires(e.ctx, e.d, e.p, e.le); err != nil {
			return err
		}
	}
	if err := e.conclure(transition{code: Forcer}, vers); err != nil {
		return err
	}
	if !e.d.EstAvenant() || !vers.Actif() {
		return nil
	}
	// Ranked once it is in force again: the ranks of cancelled avenants are nobody's (AV-10).
	if err := e.s.store.ClasserAvenant(e.ctx, e.d, *c.SigneLe); err != nil {
		return err
	}
	if err := e.s.store.RecalculerBailleurEffectif(e.ctx, e.d.Racine.ID); err != nil {
		return err
	}
	return e.s.store.RafraichirRecherche(e.ctx, e.d.Racine.ID)
}

// forcerSignature: what is not in force any more has neither signature date nor rank; its signed file is archived, except
// when it only waits to be signed again.
func (e *execution) forcerSignature(vers Statut) error {
	c := e.d.Convention
	if e.d.EstAvenant() {
		e.set("rang_avenant", nil)
	}
	if vers.Actif() || c.SigneLe == nil {
		return nil
	}
	if vers != ASigner {
		return rouvrir(e)
	}
	e.avant["signe_le"] = c.SigneLe
	e.set("signe_le", nil)
	e.set("precision_date_signature", "JOUR")
	return nil
}

// forcerPublication keeps one sending open while the publication lasts, and only then.
func (e *execution) forcerPublication(vers Statut) error {
	c, store := e.d.Convention, e.s.store
	ouverte := len(e.d.Publications) > 0 && e.d.Publications[0].Ouverte()
	switch {
	case vers == PublicationEnCours && !ouverte:
		jour := e.d.envoiForce(e.jour)
		e.noter("date_envoi_spf", jour)
		if err := store.OuvrirPublication(e.ctx, c.ID, &jour, e.le); err != nil {
			return err
		}
	case vers == Publie && ouverte:
		issue := PublicationSPF{DatePublication: c.DatePublicationSPF, Reference: c.ReferenceSPF}
		if err := store.ClorePublication(e.ctx, c.ID, issue, e.le); err != nil {
			return err
		}
	case vers != PublicationEnCours && ouverte:
		if err := store.ClorePublication(e.ctx, c.ID, PublicationSPF{AnnuleLe: &e.le}, e.le); err != nil {
			return err
		}
	}
	if vers == PublicationEnCours || vers == Publie {
		return nil
	}
	return e.retirerPubliee()
}

// envoiForce is the day of the last sending when it still follows the signature, otherwise today (PU-06).
func (d *Dossier) envoiForce(jour date.Date) date.Date {
	if len(d.Publications) > 0 {
		if envoi := d.Publications[0].DateEnvoi; envoi != nil && d.Convention.SigneLe != nil && !envoi.Before(*d.Convention.SigneLe) {
			return *envoi
		}
	}
	return jour
}
