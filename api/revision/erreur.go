package revision

import (
	"fmt"
	"strings"

	"apilos/api/fault"
	"apilos/api/fichier"
)

// Codes of the faults of the engine. Their messages are those of the deposit contract (07 §4), shown to
// people as they are; only FICHIER_TROP_GROS differs: the contract's text is in English and belongs to
// the transport of the deposit.
const (
	CodeIdentifiant    = "IDENTIFIANT_INVALIDE"      // 400
	CodeInconnue       = "REVISION_INCONNUE"         // 404
	CodeNature         = "NATURE_INCONNUE"           // 400
	CodeNonModifiable  = "REVISION_NON_MODIFIABLE"   // 412
	CodeDejaAttache    = "FICHIER_DEJA_ATTACHE"      // 412
	CodeVide           = "FICHIER_VIDE"              // 404
	CodeTropGros       = "FICHIER_TROP_GROS"         // 413
	CodeMD5            = "MD5_DIFFERENT"             // 400
	CodeEncodage       = "ENCODAGE_REFUSE"           // 400
	CodeLongueur       = "LONGUEUR_DIFFERENTE"       // 400
	CodeStockage       = "STOCKAGE_INDISPONIBLE"     // 503
	CodeFichierAbsent  = "FICHIER_ABSENT"            // 404
	CodeObjetAbsent    = "OBJET_ABSENT"              // 404
	CodeEnCours        = "PUBLICATION_EN_COURS"      // 412
	CodeImpossible     = "PUBLICATION_IMPOSSIBLE"    // 412
	CodeTropLongue     = "VALIDATION_TROP_LONGUE"    // 503
	CodeTypeFichier    = "TYPE_FICHIER_INCONNU"      // 404
	CodeSansCourante   = "REVISION_COURANTE_ABSENTE" // 404
	CodeContexte       = "CONTEXTE_INVALIDE"         // 400
	CodeRefuse         = "FICHIER_REFUSE"            // 422, deposit in one call
	CodeChangePendant  = "REVISION_CHANGEE"          // 412, files changed while they were computed
	CodeExtension      = "EXTENSION_REFUSEE"         // 415
	CodeNomFichier     = "NOM_FICHIER_INVALIDE"      // 400
	CodePlageInvalide  = "PLAGE_INVALIDE"            // range outside of the file: the transport answers 416
	CodeFichierBloque  = "FICHIER_NON_VERIFIE"       // 409, not allowed by the antivirus
	CodeAntivirusMuet  = "ANTIVIRUS_INDISPONIBLE"    // 503
	CodeNonRestaurable = "RESTAURATION_IMPOSSIBLE"   // 412, restore of a revision never published
)

func idInvalide(v string) error {
	return fault.Newf(fault.BadRequest, CodeIdentifiant, "Revision Id %s is not ObjectId", v)
}

// Inconnue is the answer for an id that no revision has.
func Inconnue(id string) error {
	return fault.Newf(fault.NotFound, CodeInconnue, "Revision %s not found", id)
}

func natureInconnue(n Nature) error {
	return fault.Newf(fault.BadRequest, CodeNature, "La nature de révision « %s » n’existe pas.", n)
}

func nonModifiable() error {
	return fault.New(fault.Stale, CodeNonModifiable, "La révision n’est plus modifiable")
}

func dejaAttache() error {
	return fault.New(fault.Stale, CodeDejaAttache, "Fichier déjà attaché a la révision")
}

func vide() error { return fault.New(fault.NotFound, CodeVide, "Fichier non fourni.") }

// TropGros is the answer to a file of more than max bytes.
func TropGros(max int64) error {
	return fault.Newf(fault.TooLarge, CodeTropGros, "Ce fichier dépasse %s. Réduisez-le avant de le déposer.", taille(max)).With("limite_octets", max)
}

func md5Different() error {
	return fault.New(fault.BadRequest, CodeMD5, "La valeur de l’en-tête Content-MD5 ne correspond pas à la signature MD5 du contenu soumis.")
}

func encodageRefuse() error {
	return fault.New(fault.BadRequest, CodeEncodage, "Aucun encodage de contenue dans l’en-tête n’est accepté.")
}

func longueurDifferente() error {
	return fault.New(fault.BadRequest, CodeLongueur, "La longueur de contenue dans l’en-tête ne correspond pas a la taille en octet du fichier.")
}

// StockageIndisponible is the answer when the store of objects does not take or give a file.
func StockageIndisponible(cause error) error {
	return fault.New(fault.Unavailable, CodeStockage, "Fichier non uploadé sur S3").Because(cause)
}

// ObjetAbsent is the answer when the row of a file exists and its object does not.
func ObjetAbsent(cause error) error {
	return fault.New(fault.NotFound, CodeObjetAbsent, "Fichier non trouvé sur S3").Because(cause)
}

func fichierAbsent(typ, id string) error {
	return fault.Newf(fault.NotFound, CodeFichierAbsent, "Aucun fichier de type '%s' associé à la révision %s", typ, id)
}

func publicationEnCours() error {
	return fault.New(fault.Stale, CodeEnCours, "La publication n’est pas possible car une publication est deja en cours")
}

func publicationImpossible() error {
	return fault.New(fault.Stale, CodeImpossible, "La publication n’est pas possible")
}

func validationTropLongue(cause error) error {
	return fault.New(fault.Unavailable, CodeTropLongue,
		"La validation du fichier n’a pas pu se terminer dans le délai prévu. La révision n’a pas changé : relancez la validation dans quelques instants.").Because(cause)
}

func typeInconnu(typ string) error {
	return fault.Newf(fault.NotFound, CodeTypeFichier, "Le fichier de type « %s » n’existe pas pour cette nature de révision.", typ)
}

func changeePendant() error {
	return fault.New(fault.Stale, CodeChangePendant, "Un fichier de la révision a changé pendant sa validation. Relancez la validation.")
}

func sansCourante() error {
	return fault.New(fault.NotFound, CodeSansCourante, "Aucune révision n’est publiée pour cet objet.")
}

func contexteInvalide(detail string) error {
	return fault.New(fault.BadRequest, CodeContexte, "Le contexte de la révision n’est pas valable : "+detail+".")
}

func extensionRefusee(acceptees []string) error {
	return fault.Newf(fault.Unsupported, CodeExtension, "Ce type de fichier n’est pas accepté. Déposez un fichier %s.", strings.Join(acceptees, ", "))
}

func nomInvalide() error {
	return fault.New(fault.BadRequest, CodeNomFichier, "Le nom du fichier contient un guillemet ou un caractère interdit. Renommez-le, puis déposez-le à nouveau.")
}

func fichierBloque(etat string) error {
	message := "Ce fichier est en cours de vérification antivirus. Réessayez dans un instant."
	switch etat {
	case fichier.Infecte:
		message = "L’antivirus a trouvé un virus dans ce fichier : il n’est pas disponible. Déposez un fichier sain."
	case fichier.Echec:
		message = "La vérification antivirus de ce fichier n’a pas abouti. Elle sera refaite automatiquement : réessayez plus tard."
	}
	return fault.New(fault.Conflict, CodeFichierBloque, message).With("antivirus", etat)
}

// AntivirusMuet is the answer of compute when the antivirus does not.
func AntivirusMuet(cause error) error {
	return fault.New(fault.Unavailable, CodeAntivirusMuet,
		"La vérification antivirus ne répond pas. La révision n’a pas changé : relancez la validation dans quelques instants.").Because(cause)
}

func nonRestaurable() error {
	return fault.New(fault.Stale, CodeNonRestaurable, "Seule une révision publiée, dont les fichiers sont sains, peut être restaurée.")
}

// taille writes a limit for people: 1 Mo is 1 000 000 bytes (07 §12).
func taille(n int64) string {
	switch {
	case n >= 1_000_000 && n%1_000_000 == 0:
		return fmt.Sprintf("%d Mo", n/1_000_000)
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d Mio", n>>20)
	case n >= 1000 && n%1000 == 0:
		return fmt.Sprintf("%d ko", n/1000)
	}
	return fmt.Sprintf("%d octets", n)
}
