package operation

import (
	"errors"

	"apilos/api/fault"
)

// ErrDejaCree is what the store answers to the creation of an operation or of a convention that
// another transaction has just created; doing it again from the start finds it.
var ErrDejaCree = errors.New("operation: created meanwhile by another transaction")

// Codes of the errors that stop a synchronisation (05 B.6.8). They are fault.Invalid: the inbound API
// answers 422 with them, the web application shows them as messages (CR-10).
const (
	CodeAucunConventionnement  = "AUCUN_CONVENTIONNEMENT"
	CodeOperationIncomplete    = "OPERATION_INCOMPLETE"
	CodeBailleurNonIdentifie   = "BAILLEUR_NON_IDENTIFIE"
	CodeOperationEnDoublon     = "OPERATION_EN_DOUBLON"
	CodeOperationEnConflit     = "OPERATION_EN_CONFLIT"
	CodeSansTravauxIncoherent  = "SANS_TRAVAUX_INCOHERENT"
	CodeOutreMerNature         = "OUTRE_MER_NATURE"
	CodeOperationHorsPerimetre = "OPERATION_HORS_PERIMETRE"
)

// Members of the problems.
const (
	champErreur = "field" // JSON path at fault
	champDiff   = "diff"  // differing identifiers of OPERATION_EN_CONFLIT
)

func incomplete(champ string) *fault.Error {
	return fault.Newf(fault.Invalid, CodeOperationIncomplete,
		"Informations du SIAP insuffisantes : « %s » manque ou n’est pas utilisable. Complétez l’opération dans le SIAP, puis réessayez.", champ).
		With(champErreur, champ)
}

func aucunConventionnement() *fault.Error {
	return fault.New(fault.Invalid, CodeAucunConventionnement,
		"Aucune aide de cette opération ne nécessite de conventionnement.")
}

func outreMerNature(departement string) *fault.Error {
	return fault.Newf(fault.Invalid, CodeOutreMerNature,
		"Dans le département %s, seuls les foyers et les résidences sont conventionnés. Vérifiez la nature des logements dans le SIAP.", departement).
		With(champErreur, "donneesOperation.natureLogement")
}

func sansTravauxIncoherent() *fault.Error {
	return fault.New(fault.Invalid, CodeSansTravauxIncoherent,
		"Programmes avec et sans financement pour la même opération : annulez la convention qui ne correspond plus à l’opération, ou corrigez l’opération dans le SIAP.")
}

func enDoublon(numero string) *fault.Error {
	return fault.Newf(fault.Invalid, CodeOperationEnDoublon,
		"L’opération %s est en doublon : signalez-la à l’assistance pour qu’une seule fiche soit conservée.", numero)
}

func enConflit(numero string) *fault.Error {
	return fault.Newf(fault.Invalid, CodeOperationEnConflit,
		"L’opération %s est en doublon avec des bailleurs ou des administrations différents : signalez-la à l’assistance.", numero)
}

func horsPerimetre(numero string) *fault.Error {
	return fault.Newf(fault.Forbidden, CodeOperationHorsPerimetre,
		"L’opération %s n’est pas dans le périmètre de votre habilitation : aucune convention n’a été créée. Choisissez une autre habilitation.", numero)
}

func bailleurNonIdentifie(champ string) *fault.Error {
	return fault.New(fault.Invalid, CodeBailleurNonIdentifie,
		"Bailleur non identifiable (SIREN manquant). Complétez le maître d’ouvrage dans le SIAP, puis réessayez.").
		With(champErreur, champ)
}
