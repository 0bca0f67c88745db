package chronique

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/fault"

	"github.com/google/uuid"
)

// MaxDescription is the greatest length of a description, in characters (02 §7.5).
const MaxDescription = 5000

// premiereAnnee is the oldest year of a fact: the first conventions are of 1977, their papers may be older.
const premiereAnnee = 1900

// Refusals of the journal de bord.
const (
	CodeJournalFerme    = "JOURNAL_FERME"
	CodeEvenementAnnule = "EVENEMENT_ANNULE"
)

// Evenement is a fact with the names and files that its readers see.
type Evenement struct {
	event.Evenement
	ConventionUUID uuid.UUID
	CreePar        string
	ModifiePar     string     // author of the latest version, "" for the first one
	ModifieLe      *time.Time // nil for the first version
	AnnulePar      string
	Fichiers       []convention.Document // in force
	Revision       string                // that published them, "" without any
}

// Version is what a fact was before a correction (JO-11).
type Version struct {
	event.EvenementVersion
	RemplaceePar string
	Fichiers     []convention.Document
}

// Saisie is what is typed of a fact. A nil member is not changed; for a new fact the type and the day have defaults.
type Saisie struct {
	Type        *string
	SurvenuLe   *date.Date
	Description *string
}

// Journal is a page of the journal de bord of a convention.
type Journal struct {
	Dossier    *convention.Dossier
	Evenements []Evenement
	Total      int
	// Ouvert is false before A_SIGNER: there is nothing to read then.
	Ouvert bool
	// EcriturePossible: the caller may add a fact now.
	EcriturePossible bool
}

// Ouvert tells whether a convention has a journal de bord: from A_SIGNER on, and what it had when it is cancelled.
func Ouvert(d *convention.Dossier) bool {
	switch s := d.Convention.Statut; s {
	case convention.ASigner, convention.Resiliee, convention.Denoncee:
		return true
	case convention.Annulee:
		return d.Convention.ValideLe != nil
	default:
		return s.Actif()
	}
}

// Evenements reads a page of the journal de bord: forbidden for a bailleur (JO-12), empty before A_SIGNER.
func (s *Service) Evenements(ctx context.Context, p auth.Principal, id uuid.UUID, page Page) (Journal, error) {
	d, err := s.conventions.Lire(ctx, p, id)
	if err != nil {
		return Journal{}, err
	}
	if !service(p) {
		return Journal{}, fault.PermissionRefusee()
	}
	j := Journal{Dossier: d, Ouvert: Ouvert(d), EcriturePossible: Ouvert(d) && peutEcrire(p, d)}
	if !j.Ouvert {
		return j, nil
	}
	j.Evenements, j.Total, err = s.store.Evenements(ctx, d.Convention.ID, page)
	return j, err
}

// Evenement reads a fact. One outside the perimeter and an unknown one have one answer (JO-14); a bailleur is refused
// those of their own conventions (JO-12).
func (s *Service) Evenement(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, Evenement, error) {
	conv, err := s.store.ConventionDeLEvenement(ctx, id)
	if err != nil {
		return nil, Evenement{}, err
	}
	if conv == uuid.Nil {
		return nil, Evenement{}, inconnu()
	}
	d, err := s.conventions.Lire(ctx, p, conv)
	if err != nil {
		return nil, Evenement{}, cache(err)
	}
	if !service(p) {
		return nil, Evenement{}, fault.PermissionRefusee()
	}
	e, err := s.trouver(ctx, d, id)
	return d, e, err
}

// Versions reads what a fact was before its corrections, the latest first: for superusers only (JO-11).
func (s *Service) Versions(ctx context.Context, p auth.Principal, id uuid.UUID) ([]Version, error) {
	_, e, err := s.Evenement(ctx, p, id)
	if err != nil {
		return nil, err
	}
	if !p.Superuser {
		return nil, fault.PermissionRefusee()
	}
	return s.store.Versions(ctx, e.ID)
}

func (s *Service) trouver(ctx context.Context, d *convention.Dossier, id uuid.UUID) (Evenement, error) {
	if !Ouvert(d) {
		return Evenement{}, inconnu() // as in the list, which is empty then
	}
	e, err := s.store.Evenement(ctx, d.Convention.ID, id)
	if err != nil {
		return Evenement{}, err
	}
	if e == nil {
		return Evenement{}, inconnu()
	}
	return *e, nil
}

func inconnu() *fault.Error { return fault.Introuvable("Cet événement") }

// cache answers for a hidden convention what an unknown fact gets.
func cache(err error) error {
	if fault.Is(err, fault.NotFound) {
		return inconnu()
	}
	return err
}

// Lisible tells whether p has a journal de bord to read for d.
func Lisible(p auth.Principal, d *convention.Dossier) bool { return service(p) && Ouvert(d) }

// EcriturePossible tells whether p may correct or cancel the facts of d now (JO-10).
func EcriturePossible(p auth.Principal, d *convention.Dossier) bool {
	return Ouvert(d) && peutEcrire(p, d)
}

func peutEcrire(p auth.Principal, d *convention.Dossier) bool {
	return service(p) && !d.LectureSeule(p) && p.Peut(auth.ValidateConvention)
}

// Noter adds a fact to the journal de bord (JO-10): forbidden without the right to validate, conflict
// JOURNAL_FERME before A_SIGNER, invalid for what is missing, all at once.
func (s *Service) Noter(ctx context.Context, p auth.Principal, id uuid.UUID, in Saisie) (*convention.Dossier, Evenement, error) {
	var d *convention.Dossier
	var e Evenement
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if d, err = s.store.Verrouiller(ctx, p, id); err != nil {
			return err
		}
		if err := exigerEcriture(p, d); err != nil {
			return err
		}
		le, jour := s.maintenant()
		nouveau := event.Evenement{
			UUID: uuid.Must(uuid.NewV7()), ConventionID: d.Convention.ID, TypeEvenement: string(event.TypeParDefaut), SurvenuLe: jour,
			CreeParID: auteur(p), Version: 1, CreeLe: le, MisAJourLe: le,
		}
		if err := in.appliquer(&nouveau, jour); err != nil {
			return err
		}
		if err := s.store.InsererEvenement(ctx, &nouveau); err != nil {
			return err
		}
		if err := s.journaliser(ctx, p, d, nouveau, event.Ajout, "evenement.cree", nil, contenu(nouveau), le); err != nil {
			return err
		}
		e, err = s.trouver(ctx, d, nouveau.UUID)
		return err
	})
	return d, e, err
}

// Corriger changes a fact: its previous version is kept (JO-11). What does not change writes nothing.
func (s *Service) Corriger(ctx context.Context, p auth.Principal, id uuid.UUID, version int, in Saisie) (*convention.Dossier, Evenement, error) {
	return s.modifier(ctx, p, id, version, "evenement.corrige", func(e *event.Evenement, _ time.Time, jour date.Date) error {
		if e.AnnuleLe != nil {
			return annule()
		}
		return in.appliquer(e, jour)
	})
}

// Annuler strikes a fact through: it stays in the list, nothing is deleted (JO-11).
func (s *Service) Annuler(ctx context.Context, p auth.Principal, id uuid.UUID, version int) (*convention.Dossier, Evenement, error) {
	return s.modifier(ctx, p, id, version, "evenement.annule", func(e *event.Evenement, le time.Time, _ date.Date) error {
		if e.AnnuleLe != nil {
			return annule()
		}
		e.AnnuleLe, e.AnnuleParID = &le, auteur(p)
		return nil
	})
}

func annule() *fault.Error {
	return fault.New(fault.Conflict, CodeEvenementAnnule, "Cet événement est annulé : il ne change plus. Ajoutez-en un autre.")
}

func (s *Service) modifier(ctx context.Context, p auth.Principal, id uuid.UUID, version int, commande string,
	changer func(e *event.Evenement, le time.Time, jour date.Date) error,
) (*convention.Dossier, Evenement, error) {
	var d *convention.Dossier
	var e Evenement
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if d, e, err = s.verrouiller(ctx, p, id, version); err != nil {
			return err
		}
		le, jour := s.maintenant()
		avant, apres := e.Evenement, e.Evenement
		if err := changer(&apres, le, jour); err != nil {
			return err
		}
		ancien, nouveau := ecarts(contenu(avant), contenu(apres))
		if len(nouveau) == 0 {
			return nil
		}
		apres.MisAJourLe = le
		if err := s.store.ModifierEvenement(ctx, &apres, auteur(p)); err != nil {
			return err
		}
		if err := s.journaliser(ctx, p, d, apres, event.Modification, commande, ancien, nouveau, le); err != nil {
			return err
		}
		e, err = s.trouver(ctx, d, id)
		return err
	})
	return d, e, err
}

// sansVersion is what is asked of a fact without a version: files that come from a revision. No header says it.
const sansVersion = -2

// verrouiller locks the family of a fact and checks, in the order of 02 §1.3, who asks, that the journal is open, and
// the version.
func (s *Service) verrouiller(ctx context.Context, p auth.Principal, id uuid.UUID, version int) (*convention.Dossier, Evenement, error) {
	conv, err := s.store.ConventionDeLEvenement(ctx, id)
	if err != nil {
		return nil, Evenement{}, err
	}
	if conv == uuid.Nil {
		return nil, Evenement{}, inconnu()
	}
	d, err := s.store.Verrouiller(ctx, p, conv)
	if err != nil {
		return nil, Evenement{}, cache(err)
	}
	if err := exigerEcriture(p, d); err != nil {
		return nil, Evenement{}, err
	}
	e, err := s.trouver(ctx, d, id)
	if err != nil {
		return nil, Evenement{}, err
	}
	switch version {
	case sansVersion, e.Version:
		return d, e, nil
	case fault.VersionAbsente:
		return nil, Evenement{}, fault.VersionRequise()
	}
	return nil, Evenement{}, VersionPerimee(e.Version)
}

// VersionPerimee is the answer to a correction made from an old version (CC-01).
func VersionPerimee(actuelle int) *fault.Error {
	return fault.New(fault.Stale, "VERSION_PERIMEE",
		"Cet événement a été modifié entre-temps. Relisez-le avant de recommencer : rien n’a été enregistré.").With("version", actuelle)
}

func exigerEcriture(p auth.Principal, d *convention.Dossier) error {
	if !peutEcrire(p, d) {
		return fault.PermissionRefusee()
	}
	if !Ouvert(d) {
		s := d.Convention.Statut
		return fault.New(fault.Conflict, CodeJournalFerme, "Le journal de bord s’ouvre au statut « À signer » : le dossier est au statut « "+
			s.Libelle(true, d.Genre())+" ».").With("statut_courant", string(s))
	}
	return nil
}

// appliquer checks what was typed and puts it in e; everything that is wrong comes at once.
func (in Saisie) appliquer(e *event.Evenement, jour date.Date) error {
	var champs []fault.Field
	if in.Type != nil {
		e.TypeEvenement = *in.Type
		if event.TypeEvenement(*in.Type).Libelle() == "" {
			champs = append(champs, fault.Field{Pointer: "/type_evenement", Code: "bad_choice", Detail: "Type d’événement : choisissez une valeur de la liste."})
		}
	}
	if in.Description != nil {
		e.Description = strings.TrimSpace(strings.ReplaceAll(*in.Description, "\r\n", "\n"))
	}
	switch n := utf8.RuneCountInString(e.Description); {
	case n == 0:
		champs = append(champs, fault.Field{Pointer: "/description", Code: "required", Detail: "Description : dites ce qui s’est passé."})
	case n > MaxDescription:
		champs = append(champs, fault.Field{Pointer: "/description", Code: "too_long", Detail: fmt.Sprintf("Description : %d caractères au maximum.", MaxDescription)})
	case strings.ContainsRune(e.Description, 0):
		champs = append(champs, fault.Field{Pointer: "/description", Code: "not_text", Detail: "La description contient des caractères illisibles."})
	}
	if in.SurvenuLe != nil {
		e.SurvenuLe = *in.SurvenuLe
		switch {
		case in.SurvenuLe.After(jour):
			champs = append(champs, fault.Field{Pointer: "/survenu_le", Code: "DATE_FUTURE", Detail: "La date de l’événement ne peut pas être dans le futur."})
		case in.SurvenuLe.Year() < premiereAnnee:
			champs = append(champs, fault.Field{Pointer: "/survenu_le", Code: "not_date", Detail: "La date de l’événement est trop ancienne : vérifiez l’année."})
		}
	}
	if len(champs) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "invalide", "Corrigez les points signalés : rien n’a été enregistré.").WithFields(champs...)
}

// contenu is what the journal compares of a fact.
func contenu(e event.Evenement) map[string]any {
	return map[string]any{"type_evenement": e.TypeEvenement, "survenu_le": e.SurvenuLe.String(), "description": e.Description, "annule": e.AnnuleLe != nil}
}

// ecarts keeps what differs.
func ecarts(avant, apres map[string]any) (ancien, nouveau map[string]any) {
	ancien, nouveau = map[string]any{}, map[string]any{}
	for cle, valeur := range apres {
		if avant[cle] != valeur {
			ancien[cle], nouveau[cle] = avant[cle], valeur
		}
	}
	return ancien, nouveau
}

func (s *Service) journaliser(ctx context.Context, p auth.Principal, d *convention.Dossier, e event.Evenement, action, commande string,
	avant, apres map[string]any, le time.Time,
) error {
	_, j, err := event.NouvelleModification(p, event.Ligne{Table: e.TableName(), ID: e.ID, UUID: e.UUID}, commande, avant, apres, le)
	if err != nil {
		return err
	}
	if j.Action = action; avant == nil {
		j.Avant = nil
	}
	return s.store.Journaliser(ctx, d.Racine.ID, j)
}

func auteur(p auth.Principal) *int64 {
	if p.UtilisateurID == 0 {
		return nil
	}
	id := p.UtilisateurID
	return &id
}
