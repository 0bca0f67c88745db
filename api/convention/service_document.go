package convention

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/fichier"
	"github.com/google/uuid"
)

// MaxDocumentSigne is the greatest size of a signed PDF, in bytes (00 decision 25; 1 Mo is 1 000 000 bytes).
const MaxDocumentSigne = 500_000_000

// Depots receives the files of conventions: every one is a revision, checked and published by its engine
// (00 decision 20), which calls Service.Attacher in the transaction of the publication.
type Depots interface {
	// PublierDocument publishes a file at once for a rubrique of the convention id, and returns the id of its
	// revision. A refused or failed deposit leaves nothing behind.
	PublierDocument(ctx context.Context, p auth.Principal, id uuid.UUID, in Depot) (revisionID string, err error)
	// Retirer removes the object of a withdrawn file.
	Retirer(ctx context.Context, cle string) error
}

type storeDocument interface {
	// ConventionsDe lists the conventions of a version of an operation, or the one of a lot, oldest first and
	// whatever the perimeter.
	ConventionsDe(ctx context.Context, o ObjetPlan, id uuid.UUID) ([]uuid.UUID, error)
	// AttacherFichiers records files and attaches them; those in force for the same rubrique are archived.
	// A file whose ID is known already exists.
	AttacherFichiers(ctx context.Context, d *Dossier, a *Attachement, p auth.Principal, le time.Time) error
	// ArchiverDocuments archives the files in force: their revisions are not current any more.
	ArchiverDocuments(ctx context.Context, d *Dossier, p auth.Principal, le time.Time, rubriques ...string) error
	// PerimerDocumentsGeneres marks the generated documents of a convention as obsolete (T09).
	PerimerDocumentsGeneres(ctx context.Context, conventionID int64) error
	// VerrouillerFichier loads a file to write its verdict, with the convention it is attached to.
	VerrouillerFichier(ctx context.Context, fichierID int64) (*fichier.Fichier, *Dossier, error)
	EcrireVerdict(ctx context.Context, f *fichier.Fichier) error
	// RetablirDocument withdraws an infected document and puts the previous one of its rubrique back in force,
	// with their revisions.
	RetablirDocument(ctx context.Context, conventionID, infecteID int64, le time.Time) error
}

// Depot is a file given for a convention.
type Depot struct {
	Version  int
	Rubrique string // DOCUMENT_SIGNE
	Nom      string
	Contenu  io.Reader
}

// deposable tells whether p may deposit or replace the signed file now: before signature, or to
// correct it while SIGNEE (T12). Elsewhere the deposit is a conflict, never a change of statut.
func (d *Dossier) deposable(p auth.Principal) error {
	if d.LectureSeule(p) || !p.Peut(auth.ChangeConvention) {
		return fault.PermissionRefusee()
	}
	if d.initialeDeposable(p) {
		return nil
	}
	if s := d.Convention.Statut; s != ASigner && s != Signee && !(s == Denoncee && d.Genre() == GenreDenonciation) { // AV-33
		return fault.New(fault.Conflict, "DEPOT_INTERDIT",
			"Le document signé se dépose au statut « À signer » : le dossier est au statut « "+s.Libelle(p.CoteInstructeur(), d.Genre())+" ».").
			With("statut_courant", string(s))
	}
	return nil
}

// initialeDeposable tells whether p may give the signed file that a convention in force has never had, while an avenant
// waits for it (AV-20). It is an archive that is completed: neither the statut nor the dates change (AV-21).
func (d *Dossier) initialeDeposable(p auth.Principal) bool {
	return !d.EstAvenant() && d.Convention.Statut.Actif() && d.AvenantEnCours != nil && d.DocumentCourant(RubriqueDocumentSigne) == nil &&
		duService(p) && p.Peut(auth.ValidateConvention)
}

// FichierInitialeDeposable tells, of an avenant, whether p may give the signed file of its root (AV-20).
func (d *Dossier) FichierInitialeDeposable(p auth.Principal) bool {
	return d.EstAvenant() && d.Convention.Statut.EnCours() && d.Initiale.SansFichier && d.Racine.Statut.Actif() &&
		!d.LectureSeule(p) && duService(p) && p.Peut(auth.ValidateConvention)
}

// Deposer receives a signed PDF and publishes it as a revision. Statut, rights and version are checked
// before the first byte, and again when it is published. The file cannot be used before its antivirus
// verdict (DO-06). Nothing is ever overwritten (DO-07).
func (s *Service) Deposer(ctx context.Context, p auth.Principal, id uuid.UUID, in Depot) (Document, error) {
	if in.Rubrique != RubriqueDocumentSigne {
		return Document{}, fault.New(fault.Invalid, "RUBRIQUE_INCONNUE", "Ce type de document ne se dépose pas ici.")
	}
	d, err := s.Lire(ctx, p, id)
	if err != nil {
		return Document{}, err
	}
	if err := d.PeutAttacher(p, in.Rubrique); err != nil {
		return Document{}, err
	}
	if err := perimee(d, in.Version); err != nil {
		return Document{}, err
	}
	revision, err := s.depots.PublierDocument(ctx, p, id, in)
	if err != nil {
		return Document{}, err
	}
	if d, err = s.Lire(ctx, p, id); err != nil {
		return Document{}, err
	}
	for _, doc := range d.Documents {
		if doc.Rattache.RevisionID != nil && *doc.Rattache.RevisionID == revision {
			return doc, nil
		}
	}
	return Document{}, fmt.Errorf("document of revision %s is not attached", revision)
}

// AnnulerDepot archives the signed file before the signature (SG-01).
func (s *Service) AnnulerDepot(ctx context.Context, p auth.Principal, id, document uuid.UUID, version int) error {
	return s.store.InTx(ctx, func(ctx context.Context) error {
		d, err := s.store.Verrouiller(ctx, p, id)
		if err != nil {
			return err
		}
		if d.LectureSeule(p) || !p.Peut(auth.ChangeConvention) {
			return fault.PermissionRefusee()
		}
		doc := d.DocumentCourant(RubriqueDocumentSigne)
		if doc == nil || doc.Rattache.UUID != document {
			return fault.Introuvable("Ce document")
		}
		if err := perimee(d, version); err != nil {
			return err
		}
		if d.Convention.Statut != ASigner {
			return fault.New(fault.Conflict, "DEPOT_INTERDIT", "Le dépôt ne s’annule qu’avant la signature.").
				With("statut_courant", string(d.Convention.Statut))
		}
		le, _ := s.maintenant()
		if err := s.store.ArchiverDocuments(ctx, d, p, le, RubriqueDocumentSigne); err != nil {
			return err
		}
		if err := s.store.Modifier(ctx, d, map[string]any{}, le); err != nil {
			return err
		}
		return s.journaliserFichier(ctx, p, d, doc.Fichier, event.Retrait, "document.depot_annule", le)
	})
}

// Verdict writes what the antivirus said of a file. An infected one is withdrawn: the object is
// removed, the previous document comes back in force, the sides are told (DO-06, AL-T12, EM-06).
func (s *Service) Verdict(ctx context.Context, fichierID int64, verdict string) error {
	var aRetirer string
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		f, d, err := s.store.VerrouillerFichier(ctx, fichierID)
		if err != nil || f.Antivirus == verdict || f.SupprimeLe != nil {
			return err
		}
		le, _ := s.maintenant()
		f.Antivirus = verdict
		if verdict == fichier.Infecte {
			f.SupprimeLe, aRetirer = &le, f.CleObjet
		}
		if err := s.store.EcrireVerdict(ctx, f); err != nil || verdict != fichier.Infecte || d == nil {
			return err
		}
		if err := s.store.RetablirDocument(ctx, d.Convention.ID, f.ID, le); err != nil {
			return err
		}
		systeme := auth.Principal{Login: "antivirus"}
		if err := s.journaliserFichier(ctx, systeme, d, *f, event.Retrait, "document.infecte", le); err != nil {
			return err
		}
		ev := d.evenement(systeme, le)
		ev.Transition, ev.FichierID, ev.FichierNom = "virus", f.ID, f.NomReel
		if f.DeposeParID != nil {
			ev.DeposeParID = *f.DeposeParID
		}
		return s.sortant.Emettre(ctx, ev)
	})
	if err != nil || aRetirer == "" {
		return err
	}
	return s.depots.Retirer(ctx, aRetirer)
}

// SignalerInfection tells the sides of a convention that a file given for it was refused by the antivirus before it
// was attached (DO-06, AL-T12, EM-06), in the transaction of ctx. deposePar is its author, 0 when unknown.
func (s *Service) SignalerInfection(ctx context.Context, p auth.Principal, id uuid.UUID, depot, nom string, deposePar int64) error {
	d, err := s.store.Verrouiller(ctx, p, id)
	if err != nil {
		return err
	}
	le, _ := s.maintenant()
	systeme := auth.Principal{Login: "antivirus"}
	j, err := journal(systeme, event.Retrait, "convention", d.Convention.ID, d.Convention.UUID, "document.infecte", nil, map[string]any{"nom": nom, "depot": depot}, le)
	if err != nil {
		return err
	}
	if err := s.store.Journaliser(ctx, d.Racine.ID, j); err != nil {
		return err
	}
	ev := d.evenement(systeme, le)
	ev.Transition, ev.RevisionFichierID, ev.FichierNom, ev.DeposeParID = "virus", depot, nom, deposePar
	return s.sortant.Emettre(ctx, ev)
}

func (s *Service) journaliserFichier(ctx context.Context, p auth.Principal, d *Dossier, f fichier.Fichier, action, commande string, le time.Time) error {
	apres := map[string]any{"fichier": f.UUID, "nom": f.NomReel, "taille": f.Taille, "sha256": f.Sha256}
	j, err := journal(p, action, "fichier", f.ID, f.UUID, commande, nil, apres, le)
	if err != nil {
		return err
	}
	j.Mode = d.modeJournal(p)
	return s.store.Journaliser(ctx, d.Racine.ID, j)
}

var horsNom = regexp.MustCompile(`[^\p{L}\p{N}._ '()-]+`)

// nomReel keeps the name given by the person, without path nor control characters, at most 255.
func nomReel(nom string) string {
	if i := strings.LastIndexAny(nom, `/\`); i >= 0 {
		nom = nom[i+1:]
	}
	nom = strings.Trim(horsNom.ReplaceAllString(nom, "_"), " .")
	if nom == "" {
		nom = "document.pdf"
	}
	return tronquer(nom, 255)
}

// nomSigne is the name of a signed file (DO-05): numbers keep no slash nor space.
func nomSigne(d *Dossier, le time.Time) string {
	numero := func(n *string, defaut string) string {
		if n == nil || *n == "" {
			return defaut
		}
		return strings.NewReplacer(" ", "_", "/", "_").Replace(*n)
	}
	heure := le.In(date.Paris()).Format("2006-01-02_15-04")
	if d.EstAvenant() {
		return tronquer(fmt.Sprintf("convention_%s_avenant_%s_%s.pdf", numero(d.Racine.Numero, "NUM"), numero(d.Convention.Numero, "N"), heure), 255)
	}
	projet := ""
	if d.Convention.Statut.EnCours() {
		projet = "_projet"
	}
	return tronquer(fmt.Sprintf("convention_%s%s_%s.pdf", numero(d.Convention.Numero, "NUM"), projet, heure), 255)
}

// DepotPossible tells whether p may deposit the signed file now.
func (d *Dossier) DepotPossible(p auth.Principal) bool { return d.deposable(p) == nil }
