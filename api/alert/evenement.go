package alert

import (
	"time"

	"apilos/api/auth"
	"apilos/api/date"
	"github.com/google/uuid"
)

// Evenement is a change that others must hear of. The convention service fills it inside the
// transaction; everything a message needs is here or can be read again by ConventionID.
type Evenement struct {
	Transition   string // code of 02 §1.4, for example "soumettre"
	HistoriqueID int64  // row of history of the change; idempotence key of the messages
	Reference    string // that key for a change that has no row of history
	Le           time.Time
	Acteur       auth.Principal

	ConventionID   int64
	RacineID       int64
	ConventionUUID uuid.UUID
	Genre          string // convention, avenant, denonciation, resiliation
	Statut         string // after the change
	Numero         *string

	// RacineUUID is the root of the family; uuid.Nil when the row is a root itself.
	RacineUUID uuid.UUID
	// Libelle is what people recognise in a message (operation and financements); OperationNom when empty.
	Libelle string

	OperationNom      string
	NumeroOperation   string
	CodeInseeCommune  string
	BailleurID        int64
	BailleurNom       string
	BailleurSiren     string
	AdministrationID  int64 // 0: none
	AdministrationNom string
	CodeGestion       string
	// Of a change of administration: the service that the convention leaves.
	AdministrationPrecedenteID  int64
	AdministrationPrecedenteNom string

	Commentaire   string
	Copie         bool
	DateSignature *date.Date
	DateFin       *date.Date // T18, T19: day the convention ends
	Motif         string
	// Entraine: the row changed with another one of its family, which tells everybody; only its own action alerts are
	// removed (AL-03).
	Entraine bool

	// Of an infected file (transition "virus"). A file refused before it was attached is only known by its
	// deposit, RevisionFichierID.
	FichierID         int64
	RevisionFichierID string
	FichierNom        string
	DeposeParID       int64
}
