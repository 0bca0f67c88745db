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
	Le           time.Time
	Acteur       auth.Principal

	ConventionID   int64
	RacineID       int64
	ConventionUUID uuid.UUID
	Genre          string // convention, avenant, denonciation, resiliation
	Statut         string // after the change
	Numero         *string

	OperationNom      string
	NumeroOperation   string
	CodeInseeCommune  string
	BailleurID        int64
	BailleurNom       string
	BailleurSiren     string
	AdministrationID  int64 // 0: none
	AdministrationNom string
	CodeGestion       string

	Commentaire   string
	Copie         bool
	DateSignature *date.Date
	Motif         string

	// Of an infected file (transition "virus").
	FichierID   int64
	FichierNom  string
	DeposeParID int64
}
