package alert

import "fmt"

// Interrupteurs are the switches that decide at the moment of the change; they are read again when a
// message leaves (SW-01).
type Interrupteurs struct {
	Alertes         bool // siap_alerte_on
	CourrielsCoupes bool // transactional_emails_off
}

// Message is one row to write. Its order in a plan is its order of departure.
type Message struct {
	Canal        string
	Type         string
	Destinataire string // MO, SG or MO+SG for an alert; found later for an e-mail
	CleUnicite   string // convention, transition, template, recipient (AL-23, EM-26)
	Charge       any    // chargeAlerte or chargePreparation
	Ignoree      bool   // switched off: recorded, never sent (AL-05, EM-20)
}

// Planifier lists what an event sends: first the purge of the action alerts and the creations, in order
// (AL-03), then the e-mails. Pure; an event that tells nobody gives an empty plan.
func Planifier(e Evenement, i Interrupteurs) []Message {
	var plan []Message
	alertes := alertesDe(e.Transition)
	if (len(alertes) > 0 || e.Transition == transitionForcage) && e.Transition != transitionVirus {
		plan = append(plan, Message{Canal: CanalAlerte, Type: TypePurger, CleUnicite: cle(e, CanalAlerte, "purge", "")})
	}
	if e.Entraine {
		return couper(plan, i)
	}
	for _, a := range alertes {
		creation := a.creation(e)
		plan = append(plan, Message{
			Canal: CanalAlerte, Type: TypeCreer, Destinataire: a.services(), CleUnicite: cle(e, CanalAlerte, a.id, a.services()),
			Charge: chargeAlerte{Creation: &creation, Statut: e.Statut, Perissable: a.perissable()},
		})
	}
	for _, c := range courrielsDe(e) {
		plan = append(plan, Message{
			Canal: CanalCourriel, Type: prefixePreparation + c.code, CleUnicite: cle(e, CanalCourriel, c.code, ""),
			Charge: chargePreparation{Code: c.code, Vers: c.vers, Copie: c.copie, Faits: faitsDe(e)},
		})
	}
	return couper(plan, i)
}

// couper marks what the switches hold back.
func couper(plan []Message, i Interrupteurs) []Message {
	for n := range plan {
		plan[n].Ignoree = (plan[n].Canal == CanalAlerte && !i.Alertes) || (plan[n].Canal == CanalCourriel && i.CourrielsCoupes)
	}
	return plan
}

// cle is the idempotence key of a message: the same change never writes it twice.
func cle(e Evenement, canal, modele, destinataire string) string {
	origine := fmt.Sprintf("h%d", e.HistoriqueID)
	if e.Reference != "" {
		origine = e.Reference
	}
	if e.Transition == transitionVirus {
		origine = fmt.Sprintf("f%d%s", e.FichierID, e.RevisionFichierID)
	}
	k := fmt.Sprintf("%s:%d:%s:%s", canal, e.ConventionID, origine, modele)
	if destinataire != "" {
		k += ":" + destinataire
	}
	return k
}

// transitionForcage is a statut forced by the team of the platform: the action alerts of the former one are deleted, nobody
// is told (CC-34, AL-03).
const transitionForcage = "forcer"

// transitionVirus is the event of an infected file; it is no transition, so it purges nothing.
const transitionVirus = "virus"
