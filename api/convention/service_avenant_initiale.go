package convention

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"

	"github.com/google/uuid"
)

// CodeInitialeIncomplete holds back the validation of an avenant whose root lacks what the act quotes (AV-20).
const CodeInitialeIncomplete = "CONVENTION_INITIALE_INCOMPLETE"

// Initiale is what an act on a convention needs of its root (AV-20).
type Initiale struct {
	Ville          string
	LotsSansNombre []Financement // lots of the root whose number of dwellings is not known
	SansFichier    bool          // its signed file is not on the platform: recommended, never required
}

// Complete tells whether nothing that the validation wants is missing.
func (i Initiale) Complete() bool {
	return strings.TrimSpace(i.Ville) != "" && len(i.LotsSansNombre) == 0
}

// CompletionInitiale is what the instructeur gives of the root: the town when it is missing, the number of dwellings of
// each lot that has none.
type CompletionInitiale struct {
	Version int // of the avenant
	Ville   string
	Lots    map[Financement]int
}

// verifier names what is still missing, or wrong.
func (in CompletionInitiale) verifier(manques Initiale) []fault.Field {
	var out []fault.Field
	add := func(pointeur, code, detail string) {
		out = append(out, fault.Field{Pointer: pointeur, Code: code, Detail: detail})
	}
	switch ville := strings.TrimSpace(in.Ville); {
	case ville == "" && strings.TrimSpace(manques.Ville) == "":
		add("/ville", "required", "La ville de la convention d’origine est obligatoire.")
	case utf8.RuneCountInString(ville) > 255:
		add("/ville", "too_long", "Ville : 255 caractères au maximum.")
	case strings.ContainsAny(ville, "\n\r"):
		add("/ville", "one_line", "La ville tient sur une seule ligne.")
	}
	for _, f := range manques.LotsSansNombre {
		switch n, donne := in.Lots[f]; {
		case !donne:
			add("/lots", "required", "Indiquez le nombre de logements financés en "+f.Libelle()+".")
		case n < 1 || n >= maxEntier:
			add("/lots", "out_of_range", "Logements financés en "+f.Libelle()+" : indiquez un nombre entre 1 et 999 999.")
		}
	}
	for f := range in.Lots {
		if !slices.Contains(manques.LotsSansNombre, f) {
			add("/lots", "unknown_row", "Le nombre de logements financés en "+f.Libelle()+" est déjà connu, ou ce lot n’existe pas.")
		}
	}
	return out
}

type storeInitiale interface {
	// NombreDeLogements writes the declared number of the lots of a convention that have none.
	NombreDeLogements(ctx context.Context, conventionID int64, f Financement, n int, le time.Time) error
}

// CompleterInitiale writes what is missing on the root of an avenant, and on the avenant where it is empty too (AV-20).
// Neither the statut of the root nor its dates change (AV-21).
func (s *Service) CompleterInitiale(ctx context.Context, p auth.Principal, id uuid.UUID, in CompletionInitiale) (*Dossier, error) {
	var out *Dossier
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		racine, d, err := s.avecSaRacine(ctx, p, id)
		if err != nil {
			return err
		}
		instructeur := p.CoteInstructeur() || p.Superuser || p.Staff
		if d.LectureSeule(p) || !instructeur || !p.Peut(auth.ValidateConvention) {
			return fault.PermissionRefusee()
		}
		if err := perimee(d, in.Version); err != nil {
			return err
		}
		if !d.Convention.Statut.EnCours() {
			return d.TypesOuverts(p)
		}
		if refus := in.verifier(d.Initiale); refus != nil {
			return fault.New(fault.Invalid, "invalide", "Corrigez les points signalés : rien n’a été enregistré.").WithFields(refus...)
		}
		if d.Initiale.Complete() {
			out = d
			return nil
		}
		le, _ := s.maintenant()
		ville := strings.TrimSpace(d.Initiale.Ville) == ""
		for _, x := range []*Dossier{racine, d} {
			if err := s.completerVersion(ctx, p, x, in, ville, le); err != nil {
				return err
			}
		}
		if err := s.store.RafraichirRecherche(ctx, racine.Convention.ID); err != nil {
			return err
		}
		out, err = s.store.Charger(ctx, p, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("complete root: %w", err)
	}
	return out, nil
}

// avecSaRacine locks the conventions of the operation of the root, then the avenant.
func (s *Service) avecSaRacine(ctx context.Context, p auth.Principal, id uuid.UUID) (racine, d *Dossier, err error) {
	d, err = s.store.Charger(ctx, p, id)
	if err != nil {
		return nil, nil, err
	}
	if !d.EstAvenant() {
		return nil, nil, fault.Introuvable("Ce dossier")
	}
	if racine, err = s.store.VerrouillerOperation(ctx, p, d.Racine.UUID); err != nil {
		return nil, nil, err
	}
	d, err = s.store.Verrouiller(ctx, p, id)
	return racine, d, err
}

func (s *Service) completerVersion(ctx context.Context, p auth.Principal, d *Dossier, in CompletionInitiale, ville bool, le time.Time) error {
	var ecritures []Ecriture
	avant, apres := map[string]any{}, map[string]any{}
	if ville && strings.TrimSpace(d.Operation.Ville) == "" {
		v := strings.TrimSpace(in.Ville)
		ecritures = append(ecritures, Ecriture{TableOperation, "ville", v})
		avant["ville"], apres["ville"] = d.Operation.Ville, v
	}
	for _, l := range d.Lots {
		n, donne := in.Lots[l.Financement]
		if !donne || (l.NbLogements != nil && *l.NbLogements > 0) {
			continue
		}
		if err := s.store.NombreDeLogements(ctx, d.Convention.ID, l.Financement, n, le); err != nil {
			return err
		}
		cle := "nb_logements " + string(l.Financement)
		avant[cle], apres[cle] = l.NbLogements, n
	}
	if len(apres) == 0 {
		return nil
	}
	if err := s.store.Ecrire(ctx, d, ecritures, le); err != nil {
		return err
	}
	j, err := journal(p, event.Modification, "convention", d.Convention.ID, d.Convention.UUID, "initiale.completer", avant, apres, le)
	if err != nil {
		return err
	}
	return s.store.Journaliser(ctx, d.Racine.ID, j)
}
