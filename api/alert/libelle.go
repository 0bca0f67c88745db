package alert

import "strings"

// Libelle says in words what a message is.
func (m MessageSortant) Libelle() string {
	switch m.Type {
	case TypePurger:
		return "Suppression des alertes d’action du SIAP"
	case TypeCreer:
		return "Alerte au SIAP"
	}
	nom := libelleCourriel(strings.TrimPrefix(m.Type, prefixePreparation))
	if APreparer(m.Type) {
		return "Recherche des destinataires : " + nom
	}
	return "Courriel : " + nom
}

func libelleCourriel(code string) string {
	switch code {
	case "EM-01":
		return "confirmation de la demande d’instruction"
	case "EM-02":
		return "à instruire"
	case "EM-03":
		return "corrections requises"
	case "EM-04":
		return "corrections faites"
	case codeDocumentASigner:
		return "à signer"
	case "EM-06":
		return "document infecté"
	case "EM-11", "EM-12":
		return "questionnaire de satisfaction"
	case "EM-13":
		return "signature"
	case "EM-14":
		return "fin de la convention ou de l’avenant"
	case "EM-15", "EM-16":
		return "récapitulatif du mois"
	case codeAdministrationChangee:
		return "changement d’administration"
	case codeBailleurAbsent:
		return "bailleur non prévenu"
	}
	return code
}

// LibelleEtat says in words where a message stands.
func LibelleEtat(etat string) string {
	switch etat {
	case AEnvoyer:
		return "À envoyer"
	case EnCours:
		return "En cours d’envoi"
	case Envoye:
		return "Envoyé"
	case Echec:
		return "Refusé"
	case Abandon:
		return "Abandonné après plusieurs essais"
	case Ignoree:
		return "Non envoyé (désactivé ou dépassé)"
	case SansDestinataire:
		return "Aucun destinataire"
	}
	return etat
}

// LibelleErreur says in words why the last try failed, without the technical details, which Erreur keeps.
func LibelleErreur(erreur string) string {
	switch {
	case erreur == "":
		return ""
	case strings.Contains(erreur, "mail: temporary failure"):
		return "Le serveur de courriels n’a pas accepté le message pour le moment."
	case strings.Contains(erreur, "mail: permanent failure"):
		return "Le serveur de courriels refuse ce message ou cette adresse."
	case strings.HasPrefix(erreur, "siap "):
		_, phrase, _ := strings.Cut(erreur, ": ")
		if i := strings.IndexAny(phrase, "[:"); i > 0 {
			phrase = phrase[:i]
		}
		return strings.TrimSpace(phrase)
	}
	return majuscule(erreur)
}

func majuscule(s string) string {
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}
