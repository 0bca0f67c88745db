package convention

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"

	"github.com/google/uuid"
)

// Detachement is a lot that becomes a convention of its own.
type Detachement struct {
	UUID  uuid.UUID // of the new convention
	LotID int64
	Le    time.Time
}

type storeMixte interface {
	// InterrupteurOuvert tells whether a feature switch is on (02 §12); one that is not there is off.
	InterrupteurOuvert(ctx context.Context, nom string) (bool, error)
	// Regroupables lists, among the conventions of operations, those that p sees and nothing depends on (02 §8.1).
	Regroupables(ctx context.Context, p auth.Principal, operationIDs []int64) ([]uuid.UUID, error)
	// Absorber moves lots, comments, events, files and links of seconde vie of a convention to the survivor, and
	// deletes its row softly (MX-07). Both are locked by the caller.
	Absorber(ctx context.Context, p auth.Principal, absorbee *Dossier, r Regroupement) error
	// Detacher gives a lot its own convention, with a copy of the fields of the form, and returns its id (MX-11, MX-12).
	Detacher(ctx context.Context, d *Dossier, n Detachement) (int64, error)
}

// InterrupteurMixte opens grouping and ungrouping (02 §8.1).
const InterrupteurMixte = "convention_mixte_on"

// Regroupee is the outcome of a grouping.
type Regroupee struct {
	Dossier   *Dossier // the survivor
	Absorbees []uuid.UUID
	Ecarts    []Ecart // values of the form that differed (MX-08)
}

// Regrouper makes one convention of several, all of one operation and in PROJET (MX-01 to MX-08): the oldest survives
// with its uuid and number, and takes the lots, comments, events and files of the others. It locks every convention of
// the operation, so that a submission of one of them waits or is waited for. Errors: not_found outside the perimeter or
// when the switch is off, forbidden, and the refusals of 02 §8.1, all at once.
func (s *Service) Regrouper(ctx context.Context, p auth.Principal, ids []uuid.UUID) (Regroupee, error) {
	var out Regroupee
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.mixteOuverte(ctx, p); err != nil {
			return err
		}
		if err := demandeRegroupement(ids); err != nil {
			return err
		}
		dossiers, err := s.verrouillerEnsemble(ctx, p, ids)
		if err != nil {
			return err
		}
		if err := regroupables(dossiers, false); err != nil {
			return err
		}
		out, err = s.absorber(ctx, p, dossiers)
		return err
	})
	if err != nil {
		return Regroupee{}, fmt.Errorf("group conventions: %w", err)
	}
	return out, nil
}

func (s *Service) mixteOuverte(ctx context.Context, p auth.Principal) error {
	ouverte, err := s.store.InterrupteurOuvert(ctx, InterrupteurMixte)
	if err != nil {
		return err
	}
	if !ouverte {
		return fault.New(fault.NotFound, "CONVENTION_MIXTE_FERMEE", "Le regroupement de conventions n’est pas disponible pour le moment.")
	}
	if p.EnLecture() || !p.Peut(auth.ChangeConvention) {
		return fault.PermissionRefusee()
	}
	return nil
}

// Regroupables lists the conventions that p may tick to group or ungroup, among those of operations: none for a read-only
// profile, nor when the switch is off.
func (s *Service) Regroupables(ctx context.Context, p auth.Principal, operationIDs []int64) ([]uuid.UUID, error) {
	if p.EnLecture() || !p.Peut(auth.ChangeConvention) || len(operationIDs) == 0 {
		return []uuid.UUID{}, nil
	}
	ouverte, err := s.store.InterrupteurOuvert(ctx, InterrupteurMixte)
	if err != nil || !ouverte {
		return []uuid.UUID{}, err
	}
	return s.store.Regroupables(ctx, p, operationIDs)
}

// verrouillerEnsemble loads conventions of one operation under the lock of all of them, in the common order (CC-04).
func (s *Service) verrouillerEnsemble(ctx context.Context, p auth.Principal, ids []uuid.UUID) ([]*Dossier, error) {
	charger := func() ([]*Dossier, error) {
		out := make([]*Dossier, 0, len(ids))
		for _, id := range ids {
			d, err := s.store.Charger(ctx, p, id)
			if err != nil {
				return nil, err
			}
			if d.LectureSeule(p) {
				return nil, fault.PermissionRefusee()
			}
			out = append(out, d)
		}
		return out, memeOperation(out)
	}
	if _, err := charger(); err != nil { // before locking: what is not of one operation is locked by nobody
		return nil, err
	}
	if _, err := s.store.VerrouillerOperation(ctx, p, ids[0]); err != nil {
		return nil, err
	}
	return charger()
}

// absorber carries the grouping out; the dossiers are locked and may be grouped.
func (s *Service) absorber(ctx context.Context, p auth.Principal, dossiers []*Dossier) (Regroupee, error) {
	parAnciennete(dossiers)
	le, _ := s.maintenant()
	survivante, out := dossiers[0], Regroupee{Ecarts: ecarts(dossiers)}
	var libelles, uuids []string
	touchees := []int64{survivante.Convention.ID}
	for _, d := range dossiers[1:] {
		r := Regroupement{AbsorbeeID: d.Convention.ID, SurvivanteID: survivante.Convention.ID, Libelle: tronquer(d.libelleLots(), 255), RegroupeeLe: le}
		if err := s.store.Absorber(ctx, p, d, r); err != nil {
			return out, err
		}
		avant := map[string]any{"financements": d.Financements(), "version": d.Convention.Version}
		for _, c := range champsConvention() {
			if v := c.lire(d); v != "" {
				avant[c.cle] = v
			}
		}
		if err := s.journaliserMixte(ctx, p, d, Regrouper, avant, map[string]any{"fusionnee_dans": survivante.Convention.UUID}, le); err != nil {
			return out, err
		}
		out.Absorbees = append(out.Absorbees, d.Convention.UUID)
		libelles, uuids, touchees = append(libelles, r.Libelle), append(uuids, d.Convention.UUID.String()), append(touchees, d.Convention.ID)
	}
	if err := s.store.Modifier(ctx, survivante, map[string]any{}, le); err != nil {
		return out, err
	}
	if err := s.noter(ctx, p, survivante, Regrouper, "Convention "+survivante.libelleLots()+" regroupée avec : "+strings.Join(libelles, " ; ")+".", le); err != nil {
		return out, err
	}
	err := s.journaliserMixte(ctx, p, survivante, Regrouper,
		map[string]any{"financements": survivante.Financements()}, map[string]any{"absorbees": uuids, "lots": libelles, "ecarts": out.Ecarts}, le)
	if err != nil {
		return out, err
	}
	if err := s.store.RafraichirRecherche(ctx, touchees...); err != nil {
		return out, err
	}
	out.Dossier, err = s.store.Charger(ctx, p, survivante.Convention.UUID)
	return out, err
}

// noter writes a row of history that changes no statut.
func (s *Service) noter(ctx context.Context, p auth.Principal, d *Dossier, code Code, commentaire string, le time.Time) error {
	precedent := string(d.Convention.Statut)
	h := &event.Historique{
		ConventionID: d.Convention.ID, Statut: precedent, StatutPrecedent: &precedent, Transition: string(code),
		Commentaire: tronquer(commentaire, 5000), ElementsIncomplets: json.RawMessage("[]"), CreeLe: le,
	}
	h.Signer(p)
	return s.store.InsererHistorique(ctx, h)
}

func (s *Service) journaliserMixte(ctx context.Context, p auth.Principal, d *Dossier, code Code, avant, apres map[string]any, le time.Time) error {
	j, err := journal(p, event.Modification, "convention", d.Convention.ID, d.Convention.UUID, string(code), avant, apres, le)
	if err != nil {
		return err
	}
	return s.store.Journaliser(ctx, d.Racine.ID, j)
}

// Degroupee is the outcome of an ungrouping.
type Degroupee struct {
	Dossier *Dossier // the original, with its first lot
	Creees  []*Dossier
}

// Degrouper gives each lot but the first its own convention in PROJET (MX-10 to MX-12). The original keeps its uuid,
// number, comments, history and files; comments on the rows of a lot follow it.
func (s *Service) Degrouper(ctx context.Context, p auth.Principal, id uuid.UUID, version int) (Degroupee, error) {
	var out Degroupee
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		out = Degroupee{}
		if err := s.mixteOuverte(ctx, p); err != nil {
			return err
		}
		d, err := s.store.VerrouillerOperation(ctx, p, id)
		if err != nil {
			return err
		}
		if d.LectureSeule(p) {
			return fault.PermissionRefusee()
		}
		if err := perimee(d, version); err != nil {
			return err
		}
		if err := d.degroupable(); err != nil {
			return err
		}
		return s.detacher(ctx, p, d, &out)
	})
	if err != nil {
		return Degroupee{}, fmt.Errorf("ungroup convention: %w", err)
	}
	return out, nil
}

func (s *Service) detacher(ctx context.Context, p auth.Principal, d *Dossier, out *Degroupee) error {
	le, _ := s.maintenant()
	lots := d.lotsParCreation()
	var libelles, uuids []string
	touchees := []int64{d.Convention.ID}
	for _, l := range lots[1:] {
		n := Detachement{UUID: uuid.Must(uuid.NewV7()), LotID: l.ID, Le: le}
		rowID, err := s.store.Detacher(ctx, d, n)
		if err != nil {
			return err
		}
		if err := s.inscrireDetachement(ctx, p, d, n, rowID, l); err != nil {
			return err
		}
		libelles, uuids, touchees = append(libelles, l.Financement.Libelle()), append(uuids, n.UUID.String()), append(touchees, rowID)
	}
	if err := s.store.Modifier(ctx, d, map[string]any{}, le); err != nil {
		return err
	}
	if err := s.noter(ctx, p, d, Degrouper, lots[0].Financement.Libelle()+" reste ici ; une convention à part pour : "+strings.Join(libelles, ", ")+".", le); err != nil {
		return err
	}
	err := s.journaliserMixte(ctx, p, d, Degrouper, map[string]any{"financements": d.Financements()},
		map[string]any{"financements": []Financement{lots[0].Financement}, "creees": uuids}, le)
	if err != nil {
		return err
	}
	if err := s.store.RafraichirRecherche(ctx, touchees...); err != nil {
		return err
	}
	return s.relire(ctx, p, d.Convention.UUID, uuids, out)
}

func (s *Service) relire(ctx context.Context, p auth.Principal, original uuid.UUID, creees []string, out *Degroupee) error {
	var err error
	if out.Dossier, err = s.store.Charger(ctx, p, original); err != nil {
		return err
	}
	for _, id := range creees {
		d, err := s.store.Charger(ctx, p, uuid.MustParse(id))
		if err != nil {
			return err
		}
		out.Creees = append(out.Creees, d)
	}
	return nil
}

// inscrireDetachement records the creation. The side that created the original still counts as the creator: it decides
// who may validate without submission (02 §1.4 T08).
func (s *Service) inscrireDetachement(ctx context.Context, p auth.Principal, d *Dossier, n Detachement, id int64, l Lot) error {
	h := &event.Historique{
		ConventionID: id, Statut: string(Projet), Transition: string(Creer), ElementsIncomplets: json.RawMessage("[]"), CreeLe: n.Le,
		Commentaire: "Convention " + l.Financement.Libelle() + " issue du dégroupement de " + d.Titre() + ".",
	}
	h.Signer(p)
	h.RoleTypologie = nil
	if d.CreeParCote != "" {
		cote := string(d.CreeParCote)
		h.RoleTypologie = &cote
	}
	if err := s.store.InsererHistorique(ctx, h); err != nil {
		return err
	}
	j, err := journal(p, event.Ajout, "convention", id, n.UUID, string(Degrouper), nil,
		map[string]any{"statut": Projet, "degroupee_de": d.Convention.UUID, "financement": l.Financement}, n.Le)
	if err != nil {
		return err
	}
	if err := s.store.Journaliser(ctx, id, j); err != nil {
		return err
	}
	return s.annoncer(ctx, Annonce{
		Type: AnnonceCreation, Le: n.Le, ConventionID: id, ConventionUUID: n.UUID, Objet: ObjetConvention, ObjetUUID: n.UUID,
		Donnees: ConventionAnnoncee{Projet, nil, event.OrigineWeb},
	})
}
