package operation

import (
	"apilos/api/administration"
	"apilos/api/bailleur"
	"apilos/api/territoire"
	"github.com/shopspring/decimal"
)

// Plan is what an operation of SIAP asks the platform to hold (05 B.6): the rows as they would be
// created. It comes from the answer of SIAP alone; what exists already is compared with it later.
type Plan struct {
	Bailleur       BailleurPrevu
	Administration administration.Administration
	Operation      Operation
	SansTravaux    bool
	Lots           []LotPrevu // one per convention to have, in the order of SIAP
	Anomalies      []Anomalie
}

// BailleurPrevu is the bailleur that SIAP names.
type BailleurPrevu struct {
	bailleur.Bailleur
	// NatureDonnee is false when SIAP says nothing of the nature: an existing one is then kept.
	NatureDonnee bool
	// NomDonne is false when the name is one of ours, given because the database wants one.
	NomDonne bool
}

// LotPrevu is a convention to have, with its single lot.
type LotPrevu struct {
	Aide               CodeAide
	TypeHabitat        string // stored value: MIXTE, INDIVIDUEL, COLLECTIF
	NbLogements        int
	NbLogementsPlaiAdp *int // informative, PLAI only
	Prets              []PretPrevu
	Stationnements     []StationnementPrevu
}

// PretPrevu is a loan or a subsidy, with SIAP's type as the lender's name; the amount is in euros.
type PretPrevu struct {
	Autre   string
	Montant decimal.Decimal
}

// StationnementPrevu is a kind of parking; the rent is in euros per month and space.
type StationnementPrevu struct {
	Typologie string // stored value, 01 §2.4
	Nombre    int
	Loyer     decimal.Decimal
}

// Stored values written by the mapping.
const (
	habitatMixte      = "MIXTE"
	habitatIndividuel = "INDIVIDUEL"
	habitatCollectif  = "COLLECTIF"

	garageEnterre         = "GARAGE_ENTERRE"
	parkingSuperstructure = "PARKING_SUPERSTRUCTURE"
	placeStationnement    = "PLACE_STATIONNEMENT"
)

// HorsRegleOutreMer tells whether an operation with these values breaks NA-07: overseas, only foyers
// and résidences are conventionnés.
func HorsRegleOutreMer(departement *string, nature NatureLogement) bool {
	return departement != nil && territoire.OutreMer(*departement) && !nature.FoyerOuResidence()
}

// Anomalie is a data-quality event about an operation of SIAP (05 B.9).
type Anomalie struct {
	Code    string
	Champ   string // JSON path in SIAP's answer, or column of ours
	Valeur  string
	Message string // French, for the staff of both platforms
}

// Codes of anomalies; the error codes of 05 B.6.8 are used too.
const (
	AnomalieValeurInconnue     = "VALEUR_INCONNUE"
	AnomalieValeurInvalide     = "VALEUR_INVALIDE"
	AnomalieTexteTronque       = "TEXTE_TRONQUE"
	AnomalieFinancementDouble  = "FINANCEMENT_EN_DOUBLE"
	AnomalieBailleurSansNom    = "BAILLEUR_SANS_NOM"
	AnomalieBailleurRenomme    = "BAILLEUR_RENOMME"
	AnomalieBailleurDifferent  = "BAILLEUR_DIFFERENT"
	AnomalieSiretDejaUtilise   = "SIRET_DEJA_UTILISE"
	AnomalieEcart              = "ECART_SIAP"
	AnomalieNomHabilitation    = "BAILLEUR_NOM_HABILITATION" // noted by habilitations, not by synchronisations
	longueurValeurAnomalie     = 500
	longueurTexteCourt         = 255
	longueurCodeAdministration = 255
)

// CodesAnomalies lists the codes that a synchronisation notes, and marks as resolved when the operation
// no longer shows them.
func CodesAnomalies() []string {
	return []string{
		AnomalieValeurInconnue, AnomalieValeurInvalide, AnomalieTexteTronque, AnomalieFinancementDouble,
		AnomalieBailleurSansNom, AnomalieBailleurRenomme, AnomalieBailleurDifferent, AnomalieSiretDejaUtilise, AnomalieEcart,
		CodeOperationIncomplete, CodeBailleurNonIdentifie, CodeOperationEnDoublon, CodeOperationEnConflit,
		CodeSansTravauxIncoherent, CodeOutreMerNature,
	}
}
