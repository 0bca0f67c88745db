package siap

import (
	"encoding/json"

	"github.com/shopspring/decimal"
)

// AideDTO is a financement of the SIAP.
type AideDTO struct {
	Code    string `json:"code"`
	Libelle string `json:"libelle"`
}

// MaitreOuvrageDTO is the maître d'ouvrage of an operation (donneesMo or entiteMorale).
type MaitreOuvrageDTO struct {
	Nom           string      `json:"nom"`
	RaisonSociale string      `json:"raisonSociale"`
	Siren         Code        `json:"siren"`
	Siret         Code        `json:"siret"`
	Email         string      `json:"email"`
	CodeFamilleMO string      `json:"codeFamilleMO"` // HLM, SEM, Bailleurs privés…
	Commune       *Territoire `json:"commune"`
	AdresseLigne  string      `json:"adresseLigne"`
	AdresseLigne3 string      `json:"adresseLigne3"`
	AdresseLigne4 string      `json:"adresseLigne4"`
	AdresseLigne6 string      `json:"adresseLigne6"` // postcode and town
	CodePostal    Code        `json:"codePostal"`
	Ville         string      `json:"ville"`
}

// LieuDTO is a place known by its INSEE code.
type LieuDTO struct {
	CodeInsee Code   `json:"codeInsee"`
	Libelle   string `json:"libelle"`
}

// AdresseCompleteDTO is the address of an operation, cut in parts.
type AdresseCompleteDTO struct {
	Adresse           string
	CodePostal        Code
	CodeInseeCommune  Code
	Commune           string
	CodePostalCommune string
	// Complete is true when the keys adresse, codePostal and commune were all sent, even null: only
	// then does the address in parts win over the one-line address (05 B.6.5).
	Complete bool
}

type adresseCompleteJSON struct {
	Adresse           string `json:"adresse"`
	CodePostal        Code   `json:"codePostal"`
	CodeInseeCommune  Code   `json:"codeInseeCommune"`
	Commune           string `json:"commune"`
	CodePostalCommune string `json:"codePostalCommune"`
}

// UnmarshalJSON reads the parts and notes which keys were sent.
func (a *AdresseCompleteDTO) UnmarshalJSON(data []byte) error {
	var cles map[string]json.RawMessage
	if err := json.Unmarshal(data, &cles); err != nil {
		return err
	}
	var v adresseCompleteJSON
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	*a = AdresseCompleteDTO{
		Adresse: v.Adresse, CodePostal: v.CodePostal, CodeInseeCommune: v.CodeInseeCommune,
		Commune: v.Commune, CodePostalCommune: v.CodePostalCommune, Complete: true,
	}
	for _, k := range []string{"adresse", "codePostal", "commune"} {
		if _, sent := cles[k]; !sent {
			a.Complete = false
		}
	}
	return nil
}

// MarshalJSON writes the five keys, and only those with a value when the address is not complete, so
// that reading it again gives the same value.
func (a AdresseCompleteDTO) MarshalJSON() ([]byte, error) {
	v := adresseCompleteJSON{a.Adresse, a.CodePostal, a.CodeInseeCommune, a.Commune, a.CodePostalCommune}
	if a.Complete {
		return json.Marshal(v)
	}
	m := map[string]string{}
	for k, s := range map[string]string{
		"adresse": a.Adresse, "codePostal": string(a.CodePostal), "codeInseeCommune": string(a.CodeInseeCommune),
		"commune": a.Commune, "codePostalCommune": a.CodePostalCommune,
	} {
		if s != "" {
			m[k] = s
		}
	}
	return json.Marshal(m)
}

// LocalisationDTO is where the operation is.
type LocalisationDTO struct {
	Region          *LieuDTO            `json:"region"`
	Departement     *LieuDTO            `json:"departement"`
	Commune         *LieuDTO            `json:"commune"`
	Adresse         string              `json:"adresse"` // one line, "" when absent or null
	AdresseComplete *AdresseCompleteDTO `json:"adresseComplete"`
	Zonage123       Code                `json:"zonage123"` // 01, 1bis, 02, 03
	ZonageABC       Code                `json:"zonageABC"` // A, Abis, B1, B2, C
}

// DonneesOperationDTO is what identifies and describes the operation.
type DonneesOperationDTO struct {
	NomOperation        string    `json:"nomOperation"`
	NumeroOperation     Code      `json:"numeroOperation"`
	Aides               []AideDTO `json:"aides"`
	SousNatureOperation string    `json:"sousNatureOperation"` // CNE, AAM, AST…
	TypeConstruction    string    `json:"typeConstruction"`    // TC_C, TC_I…
	NatureLogement      string    `json:"natureLogement"`      // LOO, ALF, RES…
	Typologie           string    `json:"typologie"`           // used when natureLogement is empty
	SansTravaux         bool      `json:"sansTravaux"`
	StatutOperation     string    `json:"statutOperation"`
}

// NombreLogementsDTO counts the logements of a financement; nil means not said.
type NombreLogementsDTO struct {
	NbLogementsIndividuels *int `json:"nbLogementsIndividuels"`
	NbLogementsCollectifs  *int `json:"nbLogementsCollectifs"`
}

// TypeLogementDTO counts the logements of one typologie; areas are in square metres.
type TypeLogementDTO struct {
	TypeLogement     string           `json:"typeLogement"` // T1, T1BIS, T1P, T2…T6
	NbLogements      *int             `json:"nbLogements"`
	SurfaceHabitable *decimal.Decimal `json:"surfaceHabitable"`
	SurfaceAnnexe    *decimal.Decimal `json:"surfaceAnnexe"`
}

// GarageDTO counts the garages of one type.
type GarageDTO struct {
	Type                 string `json:"type"` // "Enterrés / Sous-sol", "Superstructure"
	NbGaragesIndividuels *int   `json:"nbGaragesIndividuels"`
	NbGaragesCollectifs  *int   `json:"nbGaragesCollectifs"`
}

// LoyerGarageDTO is the monthly rent of one type of garage, in euros.
type LoyerGarageDTO struct {
	Type  string           `json:"type"`
	Loyer *decimal.Decimal `json:"loyer"`
}

// LoyerDTO holds the rents of collective or individual logements, in euros per square metre and month.
type LoyerDTO struct {
	Type               string           `json:"type"` // Collectif, Individuel
	LoyerZone          *decimal.Decimal `json:"loyerZone"`
	LoyerBase          *decimal.Decimal `json:"loyerBase"`
	LoyerReglementaire *decimal.Decimal `json:"loyerReglementaire"`
	LoyerPratique      *decimal.Decimal `json:"loyerPratique"`
	LoyerGarages       []LoyerGarageDTO `json:"loyerGarages"`
}

// DetailOperationDTO describes one financement of the operation.
type DetailOperationDTO struct {
	Aide                *AideDTO            `json:"aide"`
	Logement            *NombreLogementsDTO `json:"logement"`
	DetailsTypeLogement []TypeLogementDTO   `json:"detailsTypeLogement"`
	Garages             []GarageDTO         `json:"garages"`
	Loyers              []LoyerDTO          `json:"loyers"`
}

// MontantDTO is a subvention or a prêt, in euros.
type MontantDTO struct {
	Type    string           `json:"type"`
	Montant *decimal.Decimal `json:"montant"`
}

// RepartitionAideDTO splits a complementary aide.
type RepartitionAideDTO struct {
	CodeAideComp       string           `json:"codeAideComp"`
	CodeAidePrincipale string           `json:"codeAidePrincipale"`
	Pourcentage        *decimal.Decimal `json:"pourcentage"`
}

// AideFiscaleDTO is a tax aid.
type AideFiscaleDTO struct {
	ID               Code             `json:"id"`
	IDTypeAideFiscal Code             `json:"idTypeAideFiscale"`
	Montant          *decimal.Decimal `json:"montant"`
}

// PlanFinancementDTO is the funding of one financement.
type PlanFinancementDTO struct {
	CodeAide            string               `json:"codeAide"`
	Subventions         []MontantDTO         `json:"subventions"`
	Prets               []MontantDTO         `json:"prets"`
	FondsPropres        *decimal.Decimal     `json:"fondsPropres"`
	RepartitionAideComp []RepartitionAideDTO `json:"repartitionAideComp"`
	AidesFiscales       []AideFiscaleDTO     `json:"aidesFisclaes"` // spelling of the SIAP
}

// GestionnaireDTO is the service in charge of an operation.
type GestionnaireDTO struct {
	ID               Code                   `json:"id"`
	Code             Code                   `json:"code"`
	Libelle          string                 `json:"libelle"`
	TypeDelegation   Code                   `json:"typeDelegation"`
	TypeDelegataire  Code                   `json:"typeDelegataire"`
	TypeLocalisation string                 `json:"typeLocalisation"`
	Adresse          json.RawMessage        `json:"adresse"` // a text or an object; not used by us
	Commune          json.RawMessage        `json:"commune"` // a text or a Territoire; not used by us
	Email            string                 `json:"email"`
	Utilisateurs     []UtilisateurGroupeDTO `json:"utilisateurs"`
}

// OperationDTO is an operation of the SIAP (OperationApiIntDTO, 05 B.3, call 4).
type OperationDTO struct {
	DonneesMo              *MaitreOuvrageDTO    `json:"donneesMo"`
	EntiteMorale           *MaitreOuvrageDTO    `json:"entiteMorale"`
	DonneesLocalisation    *LocalisationDTO     `json:"donneesLocalisation"`
	DonneesOperation       *DonneesOperationDTO `json:"donneesOperation"`
	DetailsOperation       []DetailOperationDTO `json:"detailsOperation"`
	PlansFinancement       []PlanFinancementDTO `json:"plansFinancement"`
	Gestionnaire           *GestionnaireDTO     `json:"gestionnaire"`
	GestionnaireSecondaire *GestionnaireDTO     `json:"gestionnaireSecondaire"`

	// Brut is the answer as it came, for operation_instantane_siap; nil when o was not read by a Client.
	Brut json.RawMessage `json:"-"`
}

// MaitreOuvrage returns the block that names the bailleur: entiteMorale when sent, otherwise
// donneesMo; nil when both are missing (05 B.6.1).
func (o OperationDTO) MaitreOuvrage() *MaitreOuvrageDTO {
	if o.EntiteMorale != nil {
		return o.EntiteMorale
	}
	return o.DonneesMo
}

// OperationSuccincteDTO is an operation in the list of a user (call 10).
type OperationSuccincteDTO struct {
	NumeroOperation Code            `json:"numeroOperation"`
	NomOperation    string          `json:"nomOperation"`
	Aides           []string        `json:"aides"`
	AdresseComplete json.RawMessage `json:"adresseComplete"` // a text or an object, shown as it is
}

// FusionDTO says that a legal person was absorbed by another (HistoriqueFusion, call 5).
type FusionDTO struct {
	SirenAbsorbe    Code   `json:"sirenAbsorbe"`
	SirenAbsorbant  Code   `json:"sirenAbsorbant"`
	DateFinValidite string `json:"dateFinValidite"` // day the absorbed one ceased; past entries are kept
}
