package bailleur

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/fault"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// Fiche is a bailleur with the one it is attached to.
type Fiche struct {
	Bailleur
	Parent *Lien
}

// Lien names another bailleur.
type Lien struct {
	ID   int64
	UUID uuid.UUID
	Nom  string
}

// Champ is a value given or not; given, it may be null.
type Champ[T any] struct {
	Donne  bool
	Valeur *T
}

// Modification is what a change asks for; nil and not given leave as it is.
type Modification struct {
	Nom, Adresse, CodePostal, Ville                            *string
	SignataireNom, SignataireFonction, SignataireBlocSignature *string
	Siret                                                      Champ[string]
	CapitalSocial                                              Champ[decimal.Decimal]
	SignataireDateDeliberation                                 Champ[date.Date]
	// The following are the staff's.
	Nature     *Nature
	SousNature *SousNature
	Parent     Champ[uuid.UUID]
}

// StoreFiches keeps the sheets of bailleurs.
type StoreFiches interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// Fiche returns a bailleur in the perimeter of p, not_found otherwise; verrou keeps it to the end of the
	// transaction.
	Fiche(ctx context.Context, p auth.Principal, id uuid.UUID, verrou bool) (Fiche, error)
	// ParentPossible returns a bailleur of any perimeter, whether it has a parent, and whether the bailleur
	// enfant has children: links are one level deep (PE-23).
	ParentPossible(ctx context.Context, id uuid.UUID, enfant int64) (parent *Lien, rattache, aDesEnfants bool, err error)
	// EcrireFiche writes columns and raises the version; stale when it is not the one given.
	EcrireFiche(ctx context.Context, id int64, version int, colonnes map[string]any, le time.Time) error
	Journaliser(ctx context.Context, j event.Journal) error
}

// Fiches reads and changes the sheets of bailleurs (05 E.2).
type Fiches struct {
	Store   StoreFiches
	Horloge func() time.Time
}

// Lire returns a bailleur in the perimeter of p, or not_found.
func (s Fiches) Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (Fiche, error) {
	if !p.Peut(auth.ViewBailleur) {
		return Fiche{}, fault.PermissionRefusee()
	}
	return s.Store.Fiche(ctx, p, id, false)
}

// Modifier changes a bailleur: people of the bailleur or of the one it is attached to, and the staff; an
// instructeur reads it only (06 §3.4). It fails with not_found, PERMISSION_REFUSEE, CHAMP_NON_MODIFIABLE for
// a field of the staff, VERSION_PERIMEE and invalide. Conventions validated before keep their frozen copy.
func (s Fiches) Modifier(ctx context.Context, p auth.Principal, id uuid.UUID, version int, m Modification) (Fiche, error) {
	var out Fiche
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		f, err := s.Store.Fiche(ctx, p, id, true)
		if err != nil {
			return err
		}
		if !modifiable(p, f) {
			return fault.PermissionRefusee()
		}
		if f.Version != version {
			return fault.FichePerimee(f.Version)
		}
		if err := reserves(p, m); err != nil {
			return err
		}
		apres, err := s.appliquer(ctx, f, m)
		if err != nil {
			return err
		}
		if out, err = s.enregistrer(ctx, p, f, apres); err != nil {
			return fmt.Errorf("change bailleur: %w", err)
		}
		return nil
	})
	return out, err
}

func modifiable(p auth.Principal, f Fiche) bool {
	if !p.Peut(auth.ChangeBailleur) {
		return false
	}
	return p.Staff || p.Superuser || (p.Typologie == auth.Bailleur && slices.Contains(p.BailleurIDs, f.ID))
}

// reserves refuses the fields of the staff to others.
func reserves(p auth.Principal, m Modification) error {
	if p.Staff || p.Superuser {
		return nil
	}
	var champs []fault.Field
	for pointeur, donne := range map[string]bool{
		"/nature_bailleur": m.Nature != nil, "/parent_uuid": m.Parent.Donne, "/sous_nature_bailleur": m.SousNature != nil,
	} {
		if donne {
			champs = append(champs, fault.Field{Pointer: pointeur, Code: "CHAMP_NON_MODIFIABLE", Detail: "Seule l’administration de la plateforme peut changer cette information."})
		}
	}
	if len(champs) == 0 {
		return nil
	}
	slices.SortFunc(champs, func(a, b fault.Field) int { return strings.Compare(a.Pointer, b.Pointer) })
	return fault.New(fault.Forbidden, "CHAMP_NON_MODIFIABLE", "Des informations envoyées ne sont pas modifiables par vous : rien n’a été enregistré.").WithFields(champs...)
}

// appliquer returns the sheet after the change, or every mistake at once.
func (s Fiches) appliquer(ctx context.Context, f Fiche, m Modification) (Fiche, error) {
	r := &refus{}
	for _, t := range []struct {
		cle string
		v   *string
		dst *string
		max int
	}{
		{"nom", m.Nom, &f.Nom, 255}, {"adresse", m.Adresse, &f.Adresse, 255}, {"ville", m.Ville, &f.Ville, 255},
		{"signataire_nom", m.SignataireNom, &f.SignataireNom, 255}, {"signataire_fonction", m.SignataireFonction, &f.SignataireFonction, 255},
		{"signataire_bloc_signature", m.SignataireBlocSignature, &f.SignataireBlocSignature, 5000},
	} {
		r.texte(t.cle, t.v, t.dst, t.max)
	}
	if strings.TrimSpace(f.Nom) == "" {
		r.ajouter("/nom", "required", "Saisissez le nom du bailleur.")
	}
	if r.texte("code_postal", m.CodePostal, &f.CodePostal, 5); f.CodePostal != "" && (len(f.CodePostal) != 5 || !chiffres(f.CodePostal)) {
		r.ajouter("/code_postal", "format", "Saisissez un code postal de cinq chiffres.")
	}
	r.montant(m.CapitalSocial, &f)
	r.siret(m.Siret, &f)
	if m.SignataireDateDeliberation.Donne {
		f.SignataireDateDeliberation = m.SignataireDateDeliberation.Valeur
	}
	r.nature(m, &f)
	if m.Parent.Donne {
		if err := s.rattacher(ctx, m.Parent.Valeur, &f, r); err != nil {
			return f, err
		}
	}
	return f, r.err()
}

// rattacher attaches f by hand: such a link is never undone by SIAP (05 B.5.4).
func (s Fiches) rattacher(ctx context.Context, parent *uuid.UUID, f *Fiche, r *refus) error {
	if parent == nil {
		f.Parent, f.ParentID, f.ParentOrigine = nil, nil, nil
		return nil
	}
	lien, rattache, aDesEnfants, err := s.Store.ParentPossible(ctx, *parent, f.ID)
	if err != nil {
		return err
	}
	switch {
	case lien == nil:
		r.ajouter("/parent_uuid", "unknown", "Ce bailleur n’existe pas.")
	case lien.ID == f.ID:
		r.ajouter("/parent_uuid", "self", "Un bailleur ne peut pas être rattaché à lui-même.")
	case rattache:
		r.ajouter("/parent_uuid", "depth", "Ce bailleur est lui-même rattaché à un autre : choisissez celui-ci.")
	case aDesEnfants:
		r.ajouter("/parent_uuid", "depth", "D’autres bailleurs sont rattachés à celui-ci : rattachez-les d’abord ailleurs.")
	default:
		origine := ParentManuel
		f.Parent, f.ParentID, f.ParentOrigine = lien, &lien.ID, &origine
	}
	return nil
}

// enregistrer writes what differs, with its line in the journal; nothing when nothing does.
func (s Fiches) enregistrer(ctx context.Context, p auth.Principal, avant, apres Fiche) (Fiche, error) {
	le := s.Horloge().UTC().Truncate(time.Microsecond)
	ligne := event.Ligne{Table: "bailleur", ID: avant.ID, UUID: avant.UUID}
	ecarts, j, err := event.NouvelleModification(p, ligne, "bailleur.modifier", avant.colonnes(), apres.colonnes(), le)
	if err != nil || len(ecarts) == 0 {
		return avant, err
	}
	if err := s.Store.EcrireFiche(ctx, avant.ID, avant.Version, ecarts, le); err != nil {
		return avant, err
	}
	apres.Version, apres.MisAJourLe = avant.Version+1, le
	return apres, s.Store.Journaliser(ctx, j)
}

// colonnes are the columns that a change may write.
func (f Fiche) colonnes() map[string]any {
	return map[string]any{
		"nom": f.Nom, "siret": f.Siret, "capital_social": f.CapitalSocial, "adresse": f.Adresse, "code_postal": f.CodePostal, "ville": f.Ville,
		"signataire_nom": f.SignataireNom, "signataire_fonction": f.SignataireFonction, "signataire_date_deliberation": f.SignataireDateDeliberation,
		"signataire_bloc_signature": f.SignataireBlocSignature, "nature_bailleur": f.NatureBailleur, "sous_nature_bailleur": f.SousNatureBailleur,
		"parent_id": f.ParentID, "parent_origine": f.ParentOrigine,
	}
}
