package convention

import (
	"context"
	"fmt"
	"slices"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"

	"github.com/google/uuid"
	"github.com/lib/pq"
)

// Values of type1and2 (NA-03).
const (
	Type1 = "Type1"
	Type2 = "Type2"
)

// optionsType2 is the number of clauses that a convention of type II keeps or strikes through (02 §8.3).
const optionsType2 = 8

// ChoisirType is the command of the journal for a change of type.
const ChoisirType Code = "choisir_type"

// Refusals of a choice of type.
const (
	CodeTypeSansObjet = "TYPE_1_2_SANS_OBJET"
	CodeTypeInvalide  = "TYPE_1_2_INVALIDE"
)

// ChoixType is the block I or II of a convention (NA-03).
type ChoixType struct {
	Valeur  *string // Type1, Type2, nil: not chosen yet
	Options []int   // clauses kept, 1 to 8, of a type II; nil leaves them as they are
}

// TypeModifiable tells whether p may choose the type: both sides, in writing, as long as the convention is EN_COURS,
// whatever fields its statut opens (NA-03, 02 §2.4).
func (d *Dossier) TypeModifiable(p auth.Principal) bool {
	return d.TypeUnDeuxRequis() && d.Convention.Statut.EnCours() && !d.LectureSeule(p) && p.Peut(auth.ChangeConvention)
}

func (c ChoixType) verifier() error {
	var points []fault.Field
	if c.Valeur != nil && *c.Valeur != Type1 && *c.Valeur != Type2 {
		points = append(points, fault.Field{Pointer: "/type1and2", Code: CodeTypeInvalide, Detail: "Choisissez le type I ou le type II."})
	}
	for i, o := range c.Options {
		if o < 1 || o > optionsType2 || slices.Contains(c.Options[:i], o) {
			points = append(points, fault.Field{Pointer: fmt.Sprintf("/options/%d", i), Code: CodeTypeInvalide, Detail: fmt.Sprintf("Les options vont de 1 à %d, chacune une fois.", optionsType2)})
		}
	}
	if len(points) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, CodeTypeInvalide, "Le type de convention n’est pas accepté : rien n’a été enregistré.").WithFields(points...)
}

// ChoisirType writes the type I or II and its options (NA-03). Errors: not_found, forbidden, stale, TYPE_1_2_SANS_OBJET
// for a convention that has none, CHAMP_NON_MODIFIABLE beyond EN_COURS, TYPE_1_2_INVALIDE.
func (s *Service) ChoisirType(ctx context.Context, p auth.Principal, id uuid.UUID, version int, c ChoixType) (*Dossier, error) {
	var out *Dossier
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		d, err := s.store.Verrouiller(ctx, p, id)
		if err != nil {
			return err
		}
		if err := d.admettreType(p, version); err != nil {
			return err
		}
		if err := c.verifier(); err != nil {
			return err
		}
		if err := s.ecrireType(ctx, p, d, c); err != nil {
			return err
		}
		out, err = s.store.Charger(ctx, p, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("choose type of convention: %w", err)
	}
	return out, nil
}

func (d *Dossier) admettreType(p auth.Principal, version int) error {
	switch {
	case d.LectureSeule(p) || !p.Peut(auth.ChangeConvention):
		return fault.PermissionRefusee()
	case version != d.Convention.Version:
		return perimee(d, version)
	case !d.TypeUnDeuxRequis():
		return fault.New(fault.Conflict, CodeTypeSansObjet, "Cette convention n’a pas de type I ou II : il ne concerne que les bailleurs qui ne sont ni HLM ni SEM, hors foyers et résidences.")
	case !d.TypeModifiable(p):
		return fault.New(fault.Forbidden, "CHAMP_NON_MODIFIABLE", "Le type de convention ne change plus dans ce statut : rien n’a été enregistré.").
			WithFields(fault.Field{Pointer: "/type1and2", Code: "CHAMP_NON_MODIFIABLE", Detail: "Type de convention : ce champ n’est pas ouvert à la modification."})
	}
	return nil
}

func (s *Service) ecrireType(ctx context.Context, p auth.Principal, d *Dossier, c ChoixType) error {
	le, _ := s.maintenant()
	options := d.Convention.Type2Options
	if c.Options != nil {
		options = pq.Int32Array{}
		for _, o := range c.Options {
			options = append(options, int32(o)) //nolint:gosec // 1 to 8, checked
		}
		slices.Sort(options)
	}
	avant := map[string]any{"type1and2": d.Convention.Type1and2, "type2_options": d.Convention.Type2Options}
	apres := map[string]any{"type1and2": c.Valeur, "type2_options": options}
	if err := s.store.Modifier(ctx, d, map[string]any{"type1and2": c.Valeur, "type2_options": options}, le); err != nil {
		return err
	}
	j, err := journal(p, event.Modification, "convention", d.Convention.ID, d.Convention.UUID, string(ChoisirType), avant, apres, le)
	if err != nil {
		return err
	}
	if err := s.store.Journaliser(ctx, d.Racine.ID, j); err != nil {
		return err
	}
	return s.store.RafraichirRecherche(ctx, d.Racine.ID)
}
