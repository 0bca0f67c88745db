package securite

import (
	"context"
	"log/slog"
)

// Message is the text of every line, by which the security log is told from the rest.
const Message = "security"

// Issue is the outcome of an event.
type Issue string

// Outcomes.
const (
	OK      Issue = "ok"
	Refus   Issue = "refused"
	Degrade Issue = "degraded" // accepted without an answer of SIAP
	Verrou  Issue = "locked"
)

// Nom is the name of an event.
type Nom string

// Events. The first group is about sessions, the second about local accounts, the third about impersonation, the
// last about what is called and changed.
const (
	Ouverture        Nom = "session.ouverture"
	Fermeture        Nom = "session.fermeture"
	Revocation       Nom = "session.revocation"
	JetonReutilise   Nom = "session.jeton_reutilise"
	DeconnexionCAS   Nom = "session.deconnexion_cas"
	EtatConnexion    Nom = "connexion.etat"
	RefusCerbere     Nom = "connexion.cerbere"
	TicketReutilise  Nom = "connexion.ticket_reutilise"
	MessageCASRefuse Nom = "deconnexion.cas"
	Habilitation     Nom = "habilitation.switch"
	Retrait          Nom = "habilitation.retrait"

	Verrouillage      Nom = "compte.verrouillage"
	Deverrouillage    Nom = "compte.deverrouillage"
	MotDePasse        Nom = "compte.mot_de_passe"
	DemandeMotDePasse Nom = "compte.mot_de_passe_oublie"
	CompteModifie     Nom = "configuration.compte"

	InterrupteurModifie Nom = "configuration.interrupteur"

	Detournement    Nom = "detournement.debut"
	DetournementFin Nom = "detournement.fin"

	AccesRefuse   Nom = "acces.refuse"
	EcritureSIAP  Nom = "siap.ecriture"
	ClotureSIAP   Nom = "siap.cloture"
	Configuration Nom = "configuration" // followed by what was changed: configuration.webhooks
)

// Evenement is one line of the security log.
type Evenement struct {
	Nom           Nom
	Issue         Issue
	UtilisateurID int64
	DetourneParID int64
	Habilitation  int64
	IP            string // truncated
	RequeteID     string
}

// Ecrire writes e with the pairs of plus. What is not OK is a warning.
func Ecrire(ctx context.Context, log *slog.Logger, e Evenement, plus ...any) {
	attrs := []any{
		"event", string(e.Nom), "user", e.UtilisateurID, "habilitation", e.Habilitation,
		"ip", e.IP, "request_id", e.RequeteID, "outcome", string(e.Issue),
	}
	if e.DetourneParID != 0 {
		attrs = append(attrs, "detourne_par", e.DetourneParID)
	}
	niveau := slog.LevelWarn
	if e.Issue == OK {
		niveau = slog.LevelInfo
	}
	log.Log(ctx, niveau, Message, append(attrs, plus...)...)
}
