package alert

import (
	"context"
	"encoding/json"
	"time"

	"apilos/api/auth"
	"apilos/api/siap"
	"github.com/google/uuid"
)

// Store keeps messages and finds their recipients.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	storeMessage
	storeDestinataire
	storeRegistre
	storeRelance
	// InterrupteurActif tells whether a switch is on for p acting for the administration code.
	InterrupteurActif(ctx context.Context, nom string, p auth.Principal, code string) (bool, error)
	// InterrupteurOuvert tells whether a switch is on at all, whatever its targets.
	InterrupteurOuvert(ctx context.Context, nom string) (bool, error)
}

type storeMessage interface {
	// InsererMessage adds a row and fills its ID; ID stays 0 when its key exists. A zero sequence becomes
	// the next one of (convention, canal): the caller holds the lock of the family.
	InsererMessage(ctx context.Context, m *MessageSortant) error
	// Ligne returns a row with its context, nil when there is none.
	Ligne(ctx context.Context, id int64) (*Ligne, error)
	// Reclamer takes a due row for the length of the lease, unless an earlier one of the same convention and
	// canal (and recipient, for e-mails), or of the same key of order, is not finished. The answer has no row
	// when it must wait or is done.
	Reclamer(ctx context.Context, id int64, le time.Time, bail time.Duration) (Reclamation, error)
	// Prolonger moves the end of the lease; false when the claim is no longer ours.
	Prolonger(ctx context.Context, l *Ligne, jusqua time.Time) (bool, error)
	// Conclure writes the outcome of a claim; false when it is no longer ours, and nothing is then written.
	Conclure(ctx context.Context, l *Ligne, i Issue) (bool, error)
	InsererLog(ctx context.Context, l *AlerteSIAPLog) error
	// Envoyees lists the alerts created before a row on the same convention, oldest first.
	Envoyees(ctx context.Context, conventionID int64, avant int) ([]Envoyee, error)
	// Posterieures lists the alerts that rows after this one created, or may have created, on the same
	// convention, newest first.
	Posterieures(ctx context.Context, conventionID int64, apres int) ([]Envoyee, error)
	SignalerAnomalie(ctx context.Context, a Anomalie) error
	// ResoudreAnomalies marks as resolved the open events of this code about an operation.
	ResoudreAnomalies(ctx context.Context, numero, code string, le time.Time) error
	// Attente counts the rows that are due and gives the age of the oldest (AL-26).
	Attente(ctx context.Context, le time.Time) (n int, plusAncienne time.Time, err error)
}

type storeDestinataire interface {
	// DestinatairesBailleur is the set BAILLEUR of 02 §6.
	DestinatairesBailleur(ctx context.Context, conventionID int64, le time.Time) ([]Personne, error)
	// DestinatairesInstructeurs is the set INSTR of 02 §6.
	DestinatairesInstructeurs(ctx context.Context, conventionID, administrationID int64, le time.Time) ([]Personne, error)
	// DestinatairesAdministration are all users of the administration who take e-mails.
	DestinatairesAdministration(ctx context.Context, conventionID, administrationID int64, le time.Time) ([]Personne, error)
	// AdressesRefusees tells which of these addresses, in lower case, belong to somebody who takes no
	// e-mail or whose account is closed, as main or secondary address.
	AdressesRefusees(ctx context.Context, adresses []string) (map[string]bool, error)
	// Personne returns an account, nil when there is none.
	Personne(ctx context.Context, id int64) (*Personne, error)
	// Gestionnaire returns the administration, nil when there is none.
	Gestionnaire(ctx context.Context, administrationID int64) (*Gestionnaire, error)
	// NumeroRacine returns the number of the root of a family, "" when it has none.
	NumeroRacine(ctx context.Context, racineID int64) (string, error)
	// Recapitulatifs lists, for the next people of a side after one, the dossiers that wait for them at these statuts:
	// the oldest first, at most so many per statut. Somebody for whom nothing waits has one line without uuid.
	Recapitulatifs(ctx context.Context, cote auth.Typologie, statuts []string, apres int64, gens, dossiers int, le time.Time) ([]RecapitulatifDossier, error)
	// MarquerQuestionnaire notes that the questionnaire of a side was sent; false when it already was (EM-28).
	MarquerQuestionnaire(ctx context.Context, utilisateurID int64, cote auth.Typologie, le time.Time) (bool, error)
}

// Ligne is a row of message_sortant with what its delivery looks at.
type Ligne struct {
	MessageSortant
	ConventionUUID uuid.UUID
	Statut         string // of the convention, now
	Login          string // SIAP login of the author, "" for a local account
	// Depassee: a later change of the convention purges the action alerts again.
	Depassee bool
}

// Reclamation is the answer to a claim.
type Reclamation struct {
	Ligne    *Ligne        // ours until the end of the lease; nil otherwise
	Doute    bool          // the previous try may have left: look before sending again
	Attendre time.Duration // > 0: not now
}

// Issue is the outcome of a try.
type Issue struct {
	Etat            string
	ProchainEssaiLe time.Time // of a row that is tried again
	Externe         string
	Erreur          string
	Le              time.Time
}

// Envoyee is an alert that SIAP has taken.
type Envoyee struct {
	Sequence int
	Externe  string
	Creation siap.AlerteCreation
}

// Anomalie is a data-quality event (05 B.9).
type Anomalie struct {
	NumeroOperation, Code, Champ, Message string
	Le                                    time.Time
}

// Personne is a possible recipient.
type Personne struct {
	ID                 int64
	Email, Prenom, Nom string
	SansCourriel       bool // preference AUCUN
	Active             bool
}

// Gestionnaire is what an e-mail says of an administration.
type Gestionnaire struct {
	Nom, Adresse, CodePostal, Ville string
	NbExemplaires                   int
}

func (l *Ligne) lire(v any) error { return json.Unmarshal(l.Charge, v) }

// essais counts the tries since the row was written, or sent again by somebody.
func (l *Ligne) essais() int { return l.Tentatives - l.EssaisAvant }

// depuis is when the first of those tries became possible.
func (l *Ligne) depuis() time.Time {
	if l.RelanceLe != nil {
		return *l.RelanceLe
	}
	return l.CreeLe
}
