package reassignation

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"

	"github.com/google/uuid"
)

// Codes of refusals.
const (
	CodeInvalide = "reassignation_invalide"
	CodeEnCours  = "REASSIGNATION_EN_COURS"
	CodeEtat     = "REASSIGNATION_ETAT"
	CodeVide     = "REASSIGNATION_VIDE"
	CodeMotif    = "motif_invalide"
)

// Commands of the journal.
const (
	CommandeReassigner = "reassigner_administration"
	CommandeAnnuler    = "annuler_reassignation"
)

// TypeTache is the type of the task and the kind of its job (06 §5.2).
const TypeTache = "reassignation"

// Bounds.
const (
	MaxExemples     = 10
	MaxRestees      = 100
	GardeSimulation = 24 * time.Hour
	GardeTache      = 7 * 24 * time.Hour
	MaxDepartements = 110

	motifMin, motifMax = 5, 500
)

// Store keeps the runs.
type Store interface {
	storeCommunes
	storeExecution
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	Journaliser(ctx context.Context, j event.Journal) error
	// Administration finds a service by its uuid, or by its code when id is Nil; nil when there is none.
	Administration(ctx context.Context, id uuid.UUID, code string) (*Administration, error)
	// DepartementsInconnus are the codes of the list that are those of no département.
	DepartementsInconnus(ctx context.Context, codes []string) ([]string, error)
	// NumerosInconnus are the normalised numbers that no operation has.
	NumerosInconnus(ctx context.Context, numeros []string) ([]string, error)
	// Simuler keeps a simulation and its lines: the operations that the criteria name and their versions, in one statement,
	// those already of the target left out. It forgets the simulations older than avant.
	Simuler(ctx context.Context, n Nouvelle, avant time.Time) error
	// Lire returns a run, nil when there is none.
	Lire(ctx context.Context, id uuid.UUID) (*Detail, error)
	// Lister lists the runs that were confirmed, newest first.
	Lister(ctx context.Context, decalage, limite int) ([]Fiche, int, error)

	// Verrouiller waits for the other decisions of the platform on runs, and returns this one as it is; nil when there is none.
	Verrouiller(ctx context.Context, id uuid.UUID) (*Fiche, error)
	// AutreEnCours tells whether another run is at work.
	AutreEnCours(ctx context.Context, id int64) (bool, error)
	// Decider writes that a run enters CONFIRMEE or ANNULATION, with its task, which it creates.
	Decider(ctx context.Context, id int64, vers Etat, a Auteur, motif string, t *Tache) error
	// Relancer gives a run a new task.
	Relancer(ctx context.Context, id int64, a Auteur, t *Tache) error
}

// File enqueues the job of a run in the transaction of ctx (jobs.Client).
type File interface {
	Reassigner(ctx context.Context, reassignationID int64) error
}

// Service moves operations between services.
type Service struct {
	Store    Store
	File     File
	Horloge  func() time.Time
	NouvelID func() uuid.UUID
	// TailleLot is how many operations move in one transaction; tailleLot when 0.
	TailleLot int
}

// Demande is a simulation that is asked for: one of Departements, Fichier and Operations.
type Demande struct {
	Cible        uuid.UUID
	CodeCible    string // instead of Cible, on the command line
	CodeDe       string // only what belongs to this service
	Departements []string
	NomFichier   string
	Fichier      io.Reader
	Operations   []string
}

// Autoriser lets the staff only (PE-43).
func (s *Service) Autoriser(p auth.Principal) error {
	if !p.Staff && !p.Superuser {
		return fault.PermissionRefusee()
	}
	return nil
}

// Simuler finds what a run would move and keeps it. Errors: PERMISSION_REFUSEE, reassignation_invalide,
// fichier_communes_invalide.
func (s *Service) Simuler(ctx context.Context, p auth.Principal, d Demande) (*Detail, error) {
	if err := s.Autoriser(p); err != nil {
		return nil, err
	}
	n := Nouvelle{UUID: s.NouvelID(), ActeurID: p.UtilisateurID, Le: s.maintenant()}
	cible, err := s.Store.Administration(ctx, d.Cible, d.CodeCible)
	switch {
	case err != nil:
		return nil, fmt.Errorf("find the target: %w", err)
	case cible == nil:
		return nil, invalide("/cible", "Choisissez une administration de la liste.")
	}
	n.Cible = *cible
	if d.CodeDe != "" {
		de, err := s.Store.Administration(ctx, uuid.Nil, d.CodeDe)
		switch {
		case err != nil:
			return nil, fmt.Errorf("find the former service: %w", err)
		case de == nil:
			return nil, invalide("/de", "Aucune administration n’a le code « "+d.CodeDe+" ».")
		}
		n.Criteres.De = de.ID
	}
	if err := s.criteres(ctx, d, &n); err != nil {
		return nil, err
	}
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.Simuler(ctx, n, n.Le.Add(-GardeSimulation)); err != nil {
			return err
		}
		return s.journaliser(ctx, p, n.UUID, "reassignation.simulation", event.Ajout, map[string]any{"cible": n.Cible.UUID, "criteres": n.Criteres}, "")
	})
	if err != nil {
		return nil, fmt.Errorf("simulate a reassignment: %w", err)
	}
	return s.Lire(ctx, p, n.UUID)
}

// criteres reads which operations are asked for.
func (s *Service) criteres(ctx context.Context, d Demande, n *Nouvelle) error {
	switch {
	case d.Fichier != nil:
		lignes, err := LireListe(d.Fichier)
		if err != nil {
			return err
		}
		r, err := reconnaitre(ctx, s.Store, lignes)
		if err != nil {
			return err
		}
		n.Criteres.Communes, n.Criteres.Fichier = r.Codes, cellule([]string{d.NomFichier}, 0)
		n.CodesPostaux, n.Rejets = r.CodesPostaux, r.Rejets
		return nil
	case len(d.Operations) > 0:
		return s.criteresNumeros(ctx, d.Operations, n)
	}
	codes := slices.Clone(d.Departements)
	slices.Sort(codes)
	codes = slices.Compact(codes)
	if len(codes) == 0 {
		return invalide("/departements", "Choisissez au moins un département, ou envoyez une liste de communes.")
	}
	if len(codes) > MaxDepartements {
		return invalide("/departements", "La liste des départements est trop longue.")
	}
	inconnus, err := s.Store.DepartementsInconnus(ctx, codes)
	if err != nil {
		return fmt.Errorf("check départements: %w", err)
	}
	if len(inconnus) > 0 {
		return invalide("/departements", "Code de département inconnu : "+strings.Join(inconnus, ", ")+".")
	}
	n.Criteres.Departements = codes
	return nil
}

// criteresNumeros keeps the numbers that are known, and refuses the others one by one.
func (s *Service) criteresNumeros(ctx context.Context, numeros []string, n *Nouvelle) error {
	rang := map[string]int{}
	for i, brut := range numeros {
		cle := NormaliserNumero(brut)
		if _, deja := rang[cle]; cle == "" || deja {
			continue
		}
		rang[cle] = i + 1
		n.Criteres.Operations = append(n.Criteres.Operations, cle)
	}
	inconnus, err := s.Store.NumerosInconnus(ctx, n.Criteres.Operations)
	if err != nil {
		return fmt.Errorf("check operation numbers: %w", err)
	}
	for _, cle := range inconnus {
		n.Rejets = append(n.Rejets, Rejet{Ligne: rang[cle], Commune: numeros[rang[cle]-1], Code: "operation_inconnue", Detail: "Aucune opération n’a ce numéro."})
	}
	slices.SortFunc(n.Rejets, func(a, b Rejet) int { return a.Ligne - b.Ligne })
	n.Criteres.Operations = slices.DeleteFunc(n.Criteres.Operations, func(cle string) bool { return slices.Contains(inconnus, cle) })
	return nil
}

// NormaliserNumero writes a number of operation as the search keeps it.
func NormaliserNumero(s string) string {
	return strings.ToUpper(strings.NewReplacer("/", "", "-", "", " ", "", ".", "").Replace(strings.TrimSpace(s)))
}

func invalide(pointeur, detail string) error {
	return fault.New(fault.Invalid, CodeInvalide, detail).WithFields(fault.Field{Pointer: pointeur, Code: CodeInvalide, Detail: detail})
}

// Lire returns a run; introuvable, for whoever is not of the staff too.
func (s *Service) Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*Detail, error) {
	if s.Autoriser(p) != nil {
		return nil, introuvable() // as if it did not exist
	}
	d, err := s.Store.Lire(ctx, id)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read a reassignment: %w", err)
	case d == nil:
		return nil, introuvable()
	}
	return d, nil
}

func introuvable() error { return fault.Introuvable("Cette réassignation") }

// Lister lists the runs, simulations left out.
func (s *Service) Lister(ctx context.Context, p auth.Principal, decalage, limite int) ([]Fiche, int, error) {
	if err := s.Autoriser(p); err != nil {
		return nil, 0, err
	}
	liste, total, err := s.Store.Lister(ctx, decalage, limite)
	if err != nil {
		return nil, 0, fmt.Errorf("list reassignments: %w", err)
	}
	return liste, total, nil
}

// Confirmer launches a simulation. Asked again while the run is at work, it changes nothing, or launches again the job that
// gave up. Errors: PERMISSION_REFUSEE, introuvable, motif_invalide, REASSIGNATION_EN_COURS, REASSIGNATION_ETAT,
// REASSIGNATION_VIDE.
func (s *Service) Confirmer(ctx context.Context, p auth.Principal, id uuid.UUID, motif string) (*Detail, error) {
	return s.decider(ctx, p, id, motif, decision{de: Simulation, vers: Confirmee, commande: CommandeReassigner})
}

// Annuler gives back what a finished run moved and that has not moved since.
func (s *Service) Annuler(ctx context.Context, p auth.Principal, id uuid.UUID, motif string) (*Detail, error) {
	return s.decider(ctx, p, id, motif, decision{de: Terminee, vers: Annulation, commande: CommandeAnnuler})
}

type decision struct {
	de, vers Etat
	commande string
}

func (s *Service) decider(ctx context.Context, p auth.Principal, id uuid.UUID, motif string, d decision) (*Detail, error) {
	if err := s.Autoriser(p); err != nil {
		return nil, err
	}
	motif = strings.TrimSpace(motif)
	if n := utf8.RuneCountInString(motif); n < motifMin || n > motifMax {
		detail := "Donnez une raison de 5 à 500 caractères."
		return nil, fault.New(fault.Invalid, CodeMotif, detail).WithFields(fault.Field{Pointer: "/motif", Code: CodeMotif, Detail: detail})
	}
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		f, err := s.Store.Verrouiller(ctx, id)
		switch {
		case err != nil:
			return err
		case f == nil:
			return introuvable()
		case f.Etat == d.vers && !f.Interrompue():
			return nil // already at work
		case f.Etat == d.vers:
			return s.relancer(ctx, p, f)
		case f.Etat != d.de:
			return fault.New(fault.Conflict, CodeEtat, "Cette réassignation n’est plus dans l’état que vous avez vu. Rechargez la page.").
				With("etat_courant", string(f.Etat))
		}
		return s.lancer(ctx, p, f, motif, d)
	})
	if err != nil {
		return nil, fmt.Errorf("decide a reassignment: %w", err)
	}
	return s.Lire(ctx, p, id)
}

func (s *Service) lancer(ctx context.Context, p auth.Principal, f *Fiche, motif string, d decision) error {
	autre, err := s.Store.AutreEnCours(ctx, f.ID)
	switch {
	case err != nil:
		return err
	case autre:
		return fault.New(fault.Conflict, CodeEnCours, "Une autre réassignation est en cours. Attendez sa fin : deux réassignations ne peuvent pas se mêler.")
	case f.Avancee.Total() == 0, d.vers == Annulation && f.Avancee.Deplacees == 0:
		return fault.New(fault.Conflict, CodeVide, "Il n’y a aucune opération à déplacer.")
	}
	auteur := auteurDe(p, f.UUID)
	t, err := s.tache(auteur, f)
	if err != nil {
		return err
	}
	if err := s.Store.Decider(ctx, f.ID, d.vers, auteur, motif, t); err != nil {
		return err
	}
	if err := s.journaliser(ctx, p, f.UUID, d.commande, event.Modification, map[string]any{"etat": d.vers, "operations": t.Total}, motif); err != nil {
		return err
	}
	return s.File.Reassigner(ctx, f.ID)
}

func (s *Service) relancer(ctx context.Context, p auth.Principal, f *Fiche) error {
	auteur := auteurDe(p, f.UUID)
	t, err := s.tache(auteur, f)
	if err != nil {
		return err
	}
	if err := s.Store.Relancer(ctx, f.ID, auteur, t); err != nil {
		return err
	}
	return s.File.Reassigner(ctx, f.ID)
}

func (s *Service) tache(a Auteur, f *Fiche) (*Tache, error) {
	parametres, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("describe a reassignment: %w", err)
	}
	return &Tache{UUID: s.NouvelID(), Type: TypeTache, Total: f.Avancee.Total(), Parametres: parametres, CreeLe: s.maintenant()}, nil
}

func (s *Service) journaliser(ctx context.Context, p auth.Principal, id uuid.UUID, commande, action string, apres map[string]any, motif string) error {
	j := event.Journal{NomTable: "reassignation", ObjetUUID: &id, Action: action, Commande: commande, Mode: "LOT", Motif: motif, CreeLe: s.maintenant()}
	var err error
	if j.Apres, err = json.Marshal(apres); err != nil {
		return fmt.Errorf("journal of a reassignment: %w", err)
	}
	j.Signer(p)
	return s.Store.Journaliser(ctx, j)
}

func (s *Service) maintenant() time.Time { return s.Horloge().UTC().Truncate(time.Microsecond) }
