package depot

import (
	"fmt"

	"apilos/api/fault"
)

// Messages of the contract (07 sections 2 to 7), byte for byte. The apostrophe is U+2019, except where the
// contract says otherwise: the token and the commune of a habilitation.

// ErrAuthentificationRequise answers a request of a client without the header.
func ErrAuthentificationRequise() *fault.Error {
	return fault.New(fault.Unauthenticated, "AUTHENTIFICATION_REQUISE", "Une authentification est nécessaire")
}

// ErrJetonManquant answers a header without a second word.
func ErrJetonManquant() *fault.Error {
	return fault.New(fault.Unauthenticated, "JETON_MANQUANT", "Le token d'authentification est manquant")
}

// ErrJetonInconnu answers an unknown token.
func ErrJetonInconnu() *fault.Error {
	return fault.New(fault.Unauthenticated, "JETON_INCONNU", "Authentification refusée")
}

// ErrClientDesactive answers a client that an administrator stopped.
func ErrClientDesactive() *fault.Error {
	return fault.New(fault.Forbidden, "CLIENT_DESACTIVE", "Le client est actuellement désactivé")
}

// ErrPasProprietaire answers a client on the revision of another one.
func ErrPasProprietaire() *fault.Error {
	return fault.New(fault.Forbidden, "REVISION_AUTRE_CLIENT", "Vous n’êtes pas autorisé à accéder à cette révision")
}

func errHabilitationAutreClient() *fault.Error {
	return fault.New(fault.Forbidden, "HABILITATION_AUTRE_CLIENT", "Vous n’êtes pas autorisé à accéder à cette habilitation")
}

// ErrCommuneInconnue is the 404 of the revision routes.
func ErrCommuneInconnue() *fault.Error {
	return fault.New(fault.NotFound, "COMMUNE_INCONNUE", "Le code commune n’existe pas")
}

// errCommuneHabilitation is the same with the ASCII apostrophe of the habilitation route.
func errCommuneHabilitation() *fault.Error {
	return fault.New(fault.NotFound, "COMMUNE_INCONNUE", "Le code commune n'existe pas")
}

// ErrSansCourante answers when a commune has no current revision.
func ErrSansCourante(code string) *fault.Error {
	return fault.Newf(fault.NotFound, "REVISION_COURANTE_ABSENTE", "Aucune revision trouvé pour la commune %s", code)
}

// Objet names what an identifier is for, in the messages of the contract.
type Objet string

// Objets.
const (
	ObjetRevision     Objet = "Revision"
	ObjetClient       Objet = "Client"
	ObjetMandataire   Objet = "Mandataire"
	ObjetChefDeFile   Objet = "Chef de file"
	ObjetHabilitation Objet = "Habilitation"
)

// ErrID answers an identifier that is not 24 hexadecimal characters.
func ErrID(o Objet, valeur string) *fault.Error {
	return fault.Newf(fault.BadRequest, "IDENTIFIANT_INVALIDE", "%s Id %s is not ObjectId", o, valeur)
}

// ErrAbsent answers an identifier that nothing has.
func ErrAbsent(o Objet, id string) *fault.Error {
	return fault.Newf(fault.NotFound, "ABSENT", "%s %s not found", o, id)
}

// ErrFichierAbsent answers a download of a revision without file; compute says the same.
func ErrFichierAbsent(id string) *fault.Error {
	return fault.Newf(fault.NotFound, "FICHIER_ABSENT", "Aucun fichier de type 'bal' associé à la révision %s", id)
}

// Invalides is a 400 whose message is a list, one sentence per broken rule, path first (07 section 2.3).
func Invalides(phrases ...string) *fault.Error {
	return fault.New(fault.BadRequest, "CHAMPS_INVALIDES", phrases[0]).With(ExtraPhrases, phrases)
}

// Scalaire is a 400 whose message is one sentence.
func Scalaire(phrase string) *fault.Error {
	return fault.New(fault.BadRequest, "PARAMETRE_INVALIDE", phrase).With(ExtraBadRequest, true)
}

// Members of a fault that tell the transport how to write its body.
const (
	ExtraPhrases    = "phrases"     // []string: message is this list
	ExtraBadRequest = "bad_request" // true: "error": "Bad Request" goes with the message
)

func errHabilitationValidee() *fault.Error {
	return fault.New(fault.Stale, "HABILITATION_VALIDEE", "Cette habilitation est déjà validée")
}

func errHabilitationRejetee() *fault.Error {
	return fault.New(fault.Stale, "HABILITATION_REJETEE", "Cette habilitation est rejetée")
}

func errCourrielEtranger() *fault.Error {
	return fault.New(fault.Stale, "COURRIEL_HORS_COMMUNE", "Impossible d’envoyer le code, l’email préconisé n’appartient pas à la commune")
}

func errCourrielRecent() *fault.Error {
	return fault.New(fault.Conflict, "COURRIEL_DEJA_ENVOYE", "Un courriel a déjà été envoyé, merci de patienter")
}

func errAucunCode() *fault.Error {
	return fault.New(fault.Stale, "CODE_ABSENT", "Aucun code n’a été envoyé")
}

func errCodeRejete() *fault.Error {
	return fault.New(fault.Stale, "CODE_REJETE", "Code non valide. Demande rejetée.")
}

func errCodeFaux(reste int) *fault.Error {
	pluriel := "s"
	if reste == 1 {
		pluriel = ""
	}
	return fault.New(fault.Stale, "CODE_FAUX", fmt.Sprintf("Code non valide, %d tentative%[2]s restante%[2]s", reste, pluriel)).With("remainingAttempts", reste)
}

func errCodeExpire() *fault.Error { return fault.New(fault.Stale, "CODE_EXPIRE", "Code expiré") }

func errSansChef() *fault.Error {
	return fault.New(fault.Stale, "SANS_CHEF_DE_FILE", "Le client n’a pas de chef de file")
}

func errHabilitationRequise(client string) *fault.Error {
	return fault.Newf(fault.BadRequest, "HABILITATION_REQUISE", "Le client %s nécessite une habilitation pour publier", client)
}

func errHabilitationInvalide(id string) *fault.Error {
	return fault.Newf(fault.NotFound, "HABILITATION_INVALIDE", "L’habilitation %s n’est pas valide", id)
}

func errSessionInvalide() *fault.Error {
	return fault.New(fault.BadRequest, "SESSION_INVALIDE", "Session invalide")
}

func errPasCourante() *fault.Error {
	return fault.New(fault.Stale, "REVISION_NON_COURANTE", "Erreur: on ne peut pas synchroniser une publication non courante")
}
