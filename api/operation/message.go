package operation

import (
	"errors"
	"fmt"
	"maps"

	"apilos/api/fault"
	"apilos/api/siap"
)

// Niveau is how serious a message is.
type Niveau string

// Levels.
const (
	Info      Niveau = "info"
	Attention Niveau = "warning"
	Erreur    Niveau = "error"
)

// Message is something told about an operation, as data (CR-10).
type Message struct {
	Code     string
	Niveau   Niveau
	Detail   string         // French sentence
	Contexte map[string]any // numbers, uuids and names the sentence is about
}

// Codes of messages that are not errors of 05 B.6.8.
const (
	CodeInconnueSIAP          = "OPERATION_INCONNUE_SIAP"
	CodeProgrammeIntrouvable  = "PROGRAMME_INTROUVABLE"
	CodePlusieursConventions  = "PLUSIEURS_CONVENTIONS"
	CodeSIAPIndisponible      = "SIAP_INDISPONIBLE"
	CodeSIAPNonAutorise       = "SIAP_NON_AUTORISE"
	CodeSIAPRefus             = "SIAP_REFUS"
	CodeSansHabilitation      = "SANS_HABILITATION"
	CodeSecondeVieFermee      = "SECONDE_VIE_INDISPONIBLE"
	CodeSecondeVieChoix       = "SECONDE_VIE_CHOIX"
	CodeOperationNonActualise = "OPERATION_NON_ACTUALISEE"
)

// messageDe tells people an error; the internal numbers that SIAP wants are left out.
func messageDe(f *fault.Error) Message {
	contexte := maps.Clone(f.Extra)
	delete(contexte, champDiff)
	return Message{Code: f.Code, Niveau: Erreur, Detail: f.Message, Contexte: contexte}
}

func messagePlusieurs(aide CodeAide, conventions []ConventionOperation) Message {
	uuids := make([]string, 0, len(conventions))
	for _, c := range conventions {
		uuids = append(uuids, c.UUID.String())
	}
	return Message{
		Code: CodePlusieursConventions, Niveau: Attention,
		Detail:   fmt.Sprintf("Plusieurs conventions actives pour le financement %s : annulez celles à ne pas conserver.", aide),
		Contexte: map[string]any{"financement": string(aide), "conventions": uuids},
	}
}

func messageSansHabilitation() Message {
	return Message{
		Code: CodeSansHabilitation, Niveau: Erreur,
		Detail: "Aucune habilitation validée : l’opération n’a pas pu être lue dans le SIAP. Connectez-vous par le SIAP avec une habilitation validée.",
	}
}

func messageProgrammeIntrouvable(numero string) Message {
	return Message{
		Code: CodeProgrammeIntrouvable, Niveau: Erreur,
		Detail:   "Aucun programme trouvé, vérifiez le numéro d’opération.",
		Contexte: map[string]any{"numero": numero},
	}
}

func messageSecondeVie(ouverte bool) Message {
	if !ouverte {
		return Message{
			Code: CodeSecondeVieFermee, Niveau: Info,
			Detail: "La fonctionnalité Seconde Vie n’est pas disponible pour le moment. Aucune convention n’a été créée.",
		}
	}
	return Message{
		Code: CodeSecondeVieChoix, Niveau: Info,
		Detail: "Cette opération est une seconde vie : choisissez les conventions d’origine, ou indiquez qu’elle n’a jamais été conventionnée.",
	}
}

func messageNonActualisee(ecarts []Anomalie) Message {
	champs := make([]string, 0, len(ecarts))
	for _, e := range ecarts {
		champs = append(champs, e.Champ)
	}
	return Message{
		Code: CodeOperationNonActualise, Niveau: Info,
		Detail:   "Une convention de cette opération est déjà instruite : les informations du SIAP qui ont changé depuis n’ont pas été reprises.",
		Contexte: map[string]any{"champs": champs},
	}
}

// echecSIAP translates a failed reading (05 B.2, CR-08, CR-09): what to tell, and what a caller who
// needs the answer of SIAP, the inbound API, must be told instead. A failure that is not one of the
// client, or a request given up, is returned as it is.
func echecSIAP(err error, numero string) (Message, *fault.Error, error) {
	var e *siap.Error
	if !errors.As(err, &e) {
		return Message{}, nil, err
	}
	cause := e.Fault()
	contexte := map[string]any{"numero": numero}
	switch {
	case errors.Is(err, siap.ErrNotFound):
		return Message{CodeInconnueSIAP, Info, fmt.Sprintf("L’opération %s n’existe pas dans le SIAP.", numero), contexte}, cause, nil
	case errors.Is(err, siap.ErrForbidden):
		return Message{CodeSIAPNonAutorise, Erreur, "Accès refusé par le SIAP pour votre habilitation : seules les conventions que vous pouvez déjà voir sont affichées.", contexte}, cause, nil
	case errors.Is(err, siap.ErrRejected):
		return Message{CodeSIAPRefus, Erreur, "Le SIAP a refusé la demande : vérifiez le numéro d’opération.", contexte}, cause, nil
	}
	return Message{CodeSIAPIndisponible, Attention, "SIAP injoignable, réessayez plus tard. Les conventions déjà connues restent disponibles.", contexte}, cause, nil
}
