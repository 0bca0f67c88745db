package alert

import (
	"time"

	"apilos/api/auth"
	"apilos/api/date"
	"apilos/api/mail"
	"github.com/google/uuid"
)

// ensemble is a set of recipients of 02 §6, resolved when the message is prepared.
type ensemble string

const (
	versBailleur              ensemble = "BAILLEUR"
	versInstructeurs          ensemble = "INSTR"
	versInstructeursSG        ensemble = "INSTR+" // all users of the administration, and those SIAP knows
	versDeuxSaufActeur        ensemble = "BAILLEUR+INSTR-ACTEUR"
	versActeur                ensemble = "ACTEUR"
	versDeposant              ensemble = "DEPOSANT"
	versAdministrations       ensemble = "ADMINISTRATIONS" // the service that leaves and the one that comes, but for the actor (D08)
	codeBailleurAbsent                 = "EM-29"
	codeAdministrationChangee          = "EM-18"
	codeDocumentASigner                = "EM-05"
)

// copie says whether the actor gets a copy.
type copie string

const (
	copieDemandee copie = "demandee" // asked for by the actor: preferences do not matter (EM-21)
	copieDroit    copie = "droit"    // by rule, unless the actor wants no mail
)

// courriel is a line of the table of 02 §6.
type courriel struct {
	code  string
	vers  ensemble
	copie copie
}

// courrielsDe is the table of 02 §6 by trigger. EM-05 leaves with the validation, as a notice with a link:
// its recipients do not wait for a document.
func courrielsDe(e Evenement) []courriel {
	demandee := copie("")
	if e.Copie {
		demandee = copieDemandee
	}
	switch e.Transition {
	case "soumettre":
		out := []courriel{{code: "EM-01", vers: versBailleur}, {code: "EM-02", vers: versInstructeursSG}}
		if e.Acteur.Typologie == auth.Bailleur {
			out = append(out, courriel{code: "EM-11", vers: versActeur})
		}
		return out
	case "demander_relecture", "demander_corrections", "relancer_bailleur":
		return []courriel{{code: "EM-03", vers: versBailleur, copie: demandee}}
	case "renvoyer_instruction", "notifier_instructeur":
		return []courriel{{code: "EM-04", vers: versInstructeurs, copie: demandee}}
	case "valider":
		out := []courriel{{code: codeDocumentASigner, vers: versBailleur, copie: copieDroit}}
		if e.Acteur.CoteInstructeur() {
			out = append(out, courriel{code: "EM-12", vers: versActeur})
		}
		return out
	case "signer":
		return []courriel{{code: "EM-13", vers: versDeuxSaufActeur}}
	case "denoncer", "resilier": // the side of the service alone validates an end, be it by a list of the staff (AV-44)
		return []courriel{{code: "EM-14", vers: versBailleur}}
	case "annuler":
		return []courriel{{code: "EM-14", vers: autrePartie(e.Acteur)}}
	case "changer_administration":
		return []courriel{{code: codeAdministrationChangee, vers: versAdministrations}}
	case transitionVirus:
		return []courriel{{code: "EM-06", vers: versDeposant}}
	}
	return nil
}

// autrePartie is the side that did not act (02 §6, AUTRE_PARTIE).
func autrePartie(acteur auth.Principal) ensemble {
	if acteur.CoteInstructeur() {
		return versBailleur
	}
	return versInstructeurs
}

// chargePreparation is what message_sortant.charge holds for an e-mail whose recipients are still to be
// found: enough to write it without reading the change again.
type chargePreparation struct {
	Code  string   `json:"code"`
	Vers  ensemble `json:"vers"`
	Copie copie    `json:"copie,omitempty"`
	Faits faits    `json:"faits"`
}

// faits are the parts of an event that e-mails show.
type faits struct {
	Transition     string    `json:"transition"`
	Le             time.Time `json:"le"`
	ConventionUUID uuid.UUID `json:"convention_uuid"`
	RacineID       int64     `json:"racine_id"`
	RacineUUID     uuid.UUID `json:"racine_uuid"`
	Genre          string    `json:"genre"`
	Numero         string    `json:"numero,omitempty"`

	Libelle          string `json:"libelle"`
	NumeroOperation  string `json:"numero_operation,omitempty"`
	Bailleur         string `json:"bailleur"`
	AdministrationID int64  `json:"administration_id,omitempty"`
	// Of EM-18: names of both services, and the one that leaves.
	Administration             string `json:"administration,omitempty"`
	AdministrationPrecedenteID int64  `json:"administration_precedente_id,omitempty"`
	AdministrationPrecedente   string `json:"administration_precedente,omitempty"`

	ActeurID      int64  `json:"acteur_id,omitempty"`
	ActeurNom     string `json:"acteur_nom"`
	DetourneParID int64  `json:"detourne_par_id,omitempty"`

	Commentaire   string     `json:"commentaire,omitempty"`
	DateSignature *date.Date `json:"date_signature,omitempty"`
	DateFin       *date.Date `json:"date_fin,omitempty"`
	Motif         string     `json:"motif,omitempty"`
	FichierNom    string     `json:"fichier_nom,omitempty"`
	DeposeParID   int64      `json:"depose_par_id,omitempty"`
}

func faitsDe(e Evenement) faits {
	f := faits{
		Transition: e.Transition, Le: e.Le, ConventionUUID: e.ConventionUUID, RacineID: e.RacineID, RacineUUID: e.RacineUUID,
		Genre: e.Genre, Libelle: e.Libelle, NumeroOperation: e.NumeroOperation, Bailleur: e.BailleurNom,
		AdministrationID: e.AdministrationID, ActeurID: e.Acteur.UtilisateurID, ActeurNom: e.Acteur.NomComplet(),
		DetourneParID: e.Acteur.DetourneParID, Commentaire: e.Commentaire, DateSignature: e.DateSignature, DateFin: e.DateFin, Motif: e.Motif,
		FichierNom: e.FichierNom, DeposeParID: e.DeposeParID,
	}
	f.Administration, f.AdministrationPrecedenteID, f.AdministrationPrecedente = e.AdministrationNom, e.AdministrationPrecedenteID, e.AdministrationPrecedenteNom
	if f.Libelle == "" {
		f.Libelle = e.OperationNom
	}
	if f.ActeurNom == "" {
		f.ActeurNom = "APiLos"
	}
	if e.Numero != nil {
		f.Numero = *e.Numero
	}
	return f
}

// chargeCourriel is what message_sortant.charge holds for an e-mail to one recipient.
type chargeCourriel struct {
	Donnees mail.Donnees `json:"donnees"`
	// Cc is the address of the actor who gets a copy; at most one message of a change has it.
	Cc []string `json:"cc,omitempty"`
}
