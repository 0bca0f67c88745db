package revision

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"time"
)

// Genre is what varies by nature. Its methods answer with faults made for the reader. Rights of a
// private nature hide what the actor may not see: not_found, never forbidden.
type Genre interface {
	Nature() Nature
	// Libelle names the nature for people.
	Libelle() string
	// Portee tells that the scope exists and that a may create a revision on it now.
	Portee(ctx context.Context, a Acteur, typ, cle string) error
	// PeutLire tells whether a may read r and its files.
	PeutLire(ctx context.Context, a Acteur, r *Revision) error
	// PeutEcrire tells whether a may add files to r and compute it.
	PeutEcrire(ctx context.Context, a Acteur, r *Revision) error
	// PeutPublier tells whether a may publish r.
	PeutPublier(ctx context.Context, a Acteur, r *Revision) error
	// Fichiers lists the types of files, required ones first.
	Fichiers() []TypeFichier
	// Valider checks the files. It writes nothing, honours cancellation and is deterministic. An error is
	// a breakdown (503 and the like): a bad file is a Validation.
	Valider(ctx context.Context, e Entree) (Validation, error)
	// AvantPublier runs in the publication transaction, under the lock of the scope, before the switch.
	// It may set p.Habilitation.
	AvantPublier(ctx context.Context, p *EnPublication) error
	// ApresPublier runs in the same transaction, after the switch: files attached, messages.
	ApresPublier(ctx context.Context, p *EnPublication) error
}

// Analysable is a Genre whose files are scanned for viruses. Without it they are NON_ANALYSE: the address
// files are public text.
type Analysable interface{ Analyse() Analyse }

// Analyse tells when the files of a nature are scanned.
type Analyse int

const (
	// AnalyseAuCalcul: compute scans, and refuses an infected file.
	AnalyseAuCalcul Analyse = iota
	// AnalyseApresPublication: the file is published unusable, and a job brings the verdict later (DO-06).
	AnalyseApresPublication
)

// Signalant is a Genre whose files found infected by compute are told of (EM-06, AL-T12). It is called once per
// file, in the transaction that keeps the verdict.
type Signalant interface {
	SignalerInfection(ctx context.Context, a Acteur, r *Revision, f RevisionFichier) error
}

// TypeFichier is a type of file that a nature accepts.
type TypeFichier struct {
	// Type is the name, or a pattern ending with ":*" for numbered files (FichierPiece).
	Type string
	// Max is the greatest size in bytes, accepted.
	Max int64
	// Extensions accepted for the original name, with their dot, lower case; empty: any.
	Extensions []string
	// TypeMime is that of every file of the type; "" when it depends on the file.
	TypeMime string
	// Mime gives the type of an extension; nil: the one announced by the sender.
	Mime func(extension string) string
	// Obligatoire: compute refuses the revision without it.
	Obligatoire bool
	// Remplacable: a new deposit replaces the file while the revision is pending.
	Remplacable bool
}

// plusieurs tells whether the type is numbered.
func (t TypeFichier) plusieurs() bool { return strings.HasSuffix(t.Type, ":*") }

// accepte tells whether the file type typ is of t: piece:1 to piece:99.
func (t TypeFichier) accepte(typ string) bool {
	if !t.plusieurs() {
		return t.Type == typ
	}
	n, ok := strings.CutPrefix(typ, strings.TrimSuffix(t.Type, "*"))
	return ok && len(n) >= 1 && len(n) <= 2 && n[0] >= '1' && n[0] <= '9' && (len(n) == 1 || n[1] >= '0' && n[1] <= '9')
}

// Entree is what a validator looks at.
type Entree struct {
	Revision *Revision
	// Courante is the current revision of the scope, nil without any.
	Courante *Revision
	// Fichiers are sorted by type.
	Fichiers []Contenu
	Horloge  time.Time
}

// Contenu is a file that can be opened, several times if needed.
type Contenu struct {
	RevisionFichier
	Ouvrir func(ctx context.Context) (io.ReadCloser, error)
}

// Fichier returns the file of a type.
func (e Entree) Fichier(typ string) (Contenu, bool) {
	for _, f := range e.Fichiers {
		if f.Type == typ {
			return f, true
		}
	}
	return Contenu{}, false
}

// EnPublication is a publication in progress, under the lock of its scope.
type EnPublication struct {
	Acteur      Acteur
	Publication Publication
	Revision    *Revision
	// Precedente was current until now, nil without any.
	Precedente *Revision
	Fichiers   []RevisionFichier
	Le         time.Time
	// Habilitation is the snapshot kept with the revision, set by AvantPublier; nil keeps null.
	Habilitation json.RawMessage
}
