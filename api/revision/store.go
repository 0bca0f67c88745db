package revision

import (
	"context"
	"io"
	"time"

	"apilos/api/event"
)

// Store keeps revisions. A method that writes is one transaction by itself, or takes part in the one that
// ctx carries.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error

	// Inserer writes a revision, its files (restore) and its rows of journal.
	Inserer(ctx context.Context, r *Revision, j event.Journal) error
	// Charger loads a revision with its files, nil when there is none.
	Charger(ctx context.Context, id string) (*Revision, error)
	// ChargerAvecCourante loads it with the current revision of its scope, nil when there is none, in the
	// same snapshot.
	ChargerAvecCourante(ctx context.Context, id string) (r, courante *Revision, err error)
	// Courante loads the current revision of a scope with its files, nil when there is none.
	Courante(ctx context.Context, n Nature, porteeCle string) (*Revision, error)
	// Lister returns revisions with their files, newest first.
	Lister(ctx context.Context, f Filtre) ([]Revision, error)

	// AjouterFichier records an uploaded file if its revision is still pending; the revision is then not
	// ready any more. With remplacer a file of the same type is replaced, and its object left to the sweep;
	// without, it stays and the issue says so.
	AjouterFichier(ctx context.Context, f *RevisionFichier, remplacer bool, j event.Journal) (IssueAjout, error)
	// EcrireValidation writes the result of compute (Validation, Prete, CalculeeContreID, MisAJourLe of r, and
	// Antivirus of its files) if the revision is still pending and its files are those of r.
	EcrireValidation(ctx context.Context, r *Revision, j event.Journal) (IssueCalcul, error)

	// VerrouillerPublication takes the lock of the scope without waiting, then reads the revision again under
	// its row lock, with its files and the current revision. verrou is false when another publication of the
	// scope is running. It needs a transaction.
	VerrouillerPublication(ctx context.Context, n Nature, porteeCle, id string) (verrou bool, r, courante *Revision, err error)
	// Basculer makes r the current revision of its scope (Statut, Courante, Prete, PublieLe, Habilitation of r),
	// in place of the previous one, and invalidates the other pending revisions. It needs a transaction.
	Basculer(ctx context.Context, r *Revision, j event.Journal) error
	// Invalider marks a pending revision as not ready.
	Invalider(ctx context.Context, id string, le time.Time) error

	// Supprimer deletes a pending revision and returns its objects that no other row holds; nothing for a
	// published one.
	Supprimer(ctx context.Context, id string, j event.Journal) ([]Cle, error)
	// JournaliserLecture writes a row of journal by itself, whatever transaction ctx carries.
	JournaliserLecture(ctx context.Context, j event.Journal) error
	// Perimees lists pending revisions created before an instant.
	Perimees(ctx context.Context, avant time.Time, limite int) ([]Revision, error)
}

// Cle locates an object.
type Cle struct{ Compartiment, Objet string }

// IssueAjout is the outcome of AjouterFichier.
type IssueAjout int

// Outcomes of AjouterFichier.
const (
	Ajoute IssueAjout = iota
	AjoutDejaAttache
	AjoutNonModifiable
)

// IssueCalcul is the outcome of EcrireValidation.
type IssueCalcul int

// Outcomes of EcrireValidation.
const (
	Ecrite IssueCalcul = iota
	CalculNonModifiable
	CalculPerime
)

// Objet is what was stored.
type Objet struct {
	Taille      int64
	SHA256, MD5 string // lower-case hexadecimal
}

// Coffre keeps the bytes. Its errors are the faults of this package (TropGros, StockageIndisponible,
// ObjetAbsent) and those of the reader it was given.
type Coffre interface {
	Compartiment() string
	// Deposer streams r under a new key; beyond max bytes it fails with TropGros and keeps nothing.
	Deposer(ctx context.Context, cle string, r io.Reader, max int64, typeMime string) (Objet, error)
	// Ouvrir opens an object from the byte debut, longueur bytes of it or up to its end when longueur is 0.
	Ouvrir(ctx context.Context, cle string, debut, longueur int64) (io.ReadCloser, error)
	Retirer(ctx context.Context, cle string) error
}

// Filtre selects revisions of a nature, newest first.
type Filtre struct {
	Nature    Nature
	PorteeCle string
	Statut    string // "" for all
	// Apres is the id of the last revision of the previous page, "" for the first page.
	Apres  string
	Limite int
}
