package alert

import (
	"strings"
	"time"
)

// Canaux of message_sortant that this package writes.
const (
	CanalAlerte   = "ALERTE_SIAP"
	CanalCourriel = "EMAIL"
)

// Types of rows. An e-mail to one recipient has its code as type (EM-01…); the row that finds its
// recipients has the same code after prefixePreparation.
const (
	TypePurger         = "alerte.purger"
	TypeCreer          = "alerte.creer"
	prefixePreparation = "preparer."
)

// États of a row. EN_COURS means that the message may have left: it is being sent, or the result of the
// last try is not known.
const (
	AEnvoyer         = "A_ENVOYER"
	EnCours          = "EN_COURS"
	Envoye           = "ENVOYE"
	Echec            = "ECHEC"
	Abandon          = "ABANDON"
	Ignoree          = "IGNOREE"
	SansDestinataire = "SANS_DESTINATAIRE"
)

// Switches of 02 §12 that concern this package.
const (
	InterrupteurAlertes   = "siap_alerte_on"
	InterrupteurCourriels = "transactional_emails_off"
)

// Policy of 02 §5.5 and 06 §5.2.
const (
	reculInitial       = 10 * time.Second // doubled at each try
	reculMax           = time.Hour
	dureeAlerte        = 24 * time.Hour // AL-22: then ABANDON
	reprisesCourriel   = 10             // EM-26
	defautBail         = 45 * time.Second
	pauseOrdre         = time.Second // wait for an earlier message that is leaving right now
	longueurErreur     = 2000
	longueurDescriptif = 255
)

// fini tells whether a row in this état needs nothing more.
func fini(etat string) bool { return etat != AEnvoyer && etat != EnCours }

// recul is the pause after try n (1, 2…): 10 s × 2^(n-1), capped at one hour, with a fifth of jitter
// downwards so that the cap holds; alea is in [0, 1).
func recul(n int, alea float64) time.Duration {
	d := reculMax
	if n >= 1 && n < 10 {
		d = min(reculInitial<<(n-1), reculMax)
	}
	return time.Duration(float64(d) * (1 - 0.2*alea))
}

func tronquer(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// Courriel tells whether a type is that of an e-mail to one recipient about a convention.
func Courriel(typ string) bool { return strings.HasPrefix(typ, "EM-") }

// APreparer tells whether a type is that of a row whose recipients are still to be found.
func APreparer(typ string) bool { return strings.HasPrefix(typ, prefixePreparation) }
