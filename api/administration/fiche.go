package administration

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"

	"github.com/google/uuid"
)

// Modification is what a change asks for; nil leaves as it is. The name and the code are those of REFSIL and
// never change here.
type Modification struct {
	VilleSignature, Adresse, CodePostal, Ville, SignataireBlocSignature *string
	NbConventionExemplaires                                             *int
}

// StoreFiches keeps the sheets of administrations.
type StoreFiches interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// Fiche returns an administration in the perimeter of p, not_found otherwise; verrou keeps it to the end
	// of the transaction.
	Fiche(ctx context.Context, p auth.Principal, id uuid.UUID, verrou bool) (Administration, error)
	// EcrireFiche writes columns and raises the version; stale when it is not the one given.
	EcrireFiche(ctx context.Context, id int64, version int, colonnes map[string]any, le time.Time) error
	Journaliser(ctx context.Context, j event.Journal) error
}

// Fiches reads and changes the sheets of administrations (05 E.2).
type Fiches struct {
	Store   StoreFiches
	Horloge func() time.Time
}

// Lire returns an administration in the perimeter of p, or not_found.
func (s Fiches) Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (Administration, error) {
	if !p.Peut(auth.ViewAdministration) {
		return Administration{}, fault.PermissionRefusee()
	}
	return s.Store.Fiche(ctx, p, id, false)
}

// Modifier changes an administration: its own people who have change_administration, and the staff (06
// §3.4). It fails with not_found, PERMISSION_REFUSEE, VERSION_PERIMEE and invalide.
func (s Fiches) Modifier(ctx context.Context, p auth.Principal, id uuid.UUID, version int, m Modification) (Administration, error) {
	var out Administration
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		a, err := s.Store.Fiche(ctx, p, id, true)
		if err != nil {
			return err
		}
		if !modifiable(p, a) {
			return fault.PermissionRefusee()
		}
		if a.Version != version {
			return fault.FichePerimee(a.Version)
		}
		apres, err := appliquer(a, m)
		if err != nil {
			return err
		}
		if out, err = s.enregistrer(ctx, p, a, apres); err != nil {
			return fmt.Errorf("change administration: %w", err)
		}
		return nil
	})
	return out, err
}

func modifiable(p auth.Principal, a Administration) bool {
	if !p.Peut(auth.ChangeAdministration) {
		return false
	}
	return p.Staff || p.Superuser || p.AdministrationID == a.ID
}

// appliquer returns the sheet after the change, or every mistake at once.
func appliquer(a Administration, m Modification) (Administration, error) {
	var champs []fault.Field
	refuser := func(cle, code, detail string) {
		champs = append(champs, fault.Field{Pointer: "/" + cle, Code: code, Detail: detail})
	}
	for _, t := range []struct {
		cle string
		v   *string
		dst *string
		max int
	}{
		{"ville_signature", m.VilleSignature, &a.VilleSignature, 255}, {"adresse", m.Adresse, &a.Adresse, 1000}, {"ville", m.Ville, &a.Ville, 255},
		{"code_postal", m.CodePostal, &a.CodePostal, 5}, {"signataire_bloc_signature", m.SignataireBlocSignature, &a.SignataireBlocSignature, 5000},
	} {
		switch {
		case t.v == nil:
		case utf8.RuneCountInString(*t.v) > t.max:
			refuser(t.cle, "max", fmt.Sprintf("Ce texte dépasse %d caractères.", t.max))
		default:
			*t.dst = strings.TrimSpace(*t.v)
		}
	}
	if m.CodePostal != nil && a.CodePostal != "" && (len(a.CodePostal) != 5 || strings.Trim(a.CodePostal, "0123456789") != "") {
		refuser("code_postal", "format", "Saisissez un code postal de cinq chiffres.")
	}
	if n := m.NbConventionExemplaires; n != nil {
		if *n < 1 || *n > 20 {
			refuser("nb_convention_exemplaires", "range", "Saisissez un nombre d’exemplaires entre 1 et 20.")
		}
		a.NbConventionExemplaires = *n
	}
	if len(champs) > 0 {
		return a, fault.New(fault.Invalid, "invalide", "Des informations sont à corriger : rien n’a été enregistré.").WithFields(champs...)
	}
	return a, nil
}

// enregistrer writes what differs, with its line in the journal; nothing when nothing does.
func (s Fiches) enregistrer(ctx context.Context, p auth.Principal, avant, apres Administration) (Administration, error) {
	le := s.Horloge().UTC().Truncate(time.Microsecond)
	ligne := event.Ligne{Table: "administration", ID: avant.ID, UUID: avant.UUID}
	ecarts, j, err := event.NouvelleModification(p, ligne, "administration.modifier", avant.colonnes(), apres.colonnes(), le)
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
func (a Administration) colonnes() map[string]any {
	return map[string]any{
		"ville_signature": a.VilleSignature, "adresse": a.Adresse, "code_postal": a.CodePostal, "ville": a.Ville,
		"signataire_bloc_signature": a.SignataireBlocSignature, "nb_convention_exemplaires": a.NbConventionExemplaires,
	}
}
