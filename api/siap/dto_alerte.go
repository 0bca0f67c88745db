package siap

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Values of the creation payload (05 B.8).
const (
	AlerteModule = "APILOS"

	AlerteInformation  = "CATEGORIE_ALERTE_INFORMATION"
	AlerteAction       = "CATEGORIE_ALERTE_ACTION"
	AlerteModification = "CATEGORIE_ALERTE_MODIFICATION"

	AlerteEtiquette = "CUSTOM"

	AlerteChangementStatut = "Changement de statut"
	AlerteDetectionVirus   = "Détection de virus"

	// AlerteEtiquetteMax is the greatest length of a label, in characters (AL-02: strictly under 50).
	AlerteEtiquetteMax = 49
	// AlerteNomOperationMax is the greatest length the SIAP takes for the name of an operation.
	AlerteNomOperationMax = 100
)

// DestinataireDTO is a side that receives an alerte.
type DestinataireDTO struct {
	Role    string `json:"role"`    // INSTRUCTEUR, VALIDEUR, ADMINISTRATEUR
	Service string `json:"service"` // MO or SG
}

// AlerteCreation is the payload of a creation; every key is sent.
type AlerteCreation struct {
	Module                 string            `json:"module"`
	DateCreation           string            `json:"dateCreation"` // AAAA-MM-JJ
	CategorieInformation   string            `json:"categorieInformation"`
	Destinataires          []DestinataireDTO `json:"destinataires"`
	Etiquette              string            `json:"etiquette"`
	EtiquettePersonnalisee string            `json:"etiquettePersonnalisee"`
	TypeAlerte             string            `json:"typeAlerte"`
	URLDirection           string            `json:"urlDirection"` // relative path in our web application
	IDConvention           string            `json:"idConvention"`
	NumConvention          *string           `json:"numConvention"`
	CodeCommune            string            `json:"codeCommune"`
	CodeGestion            string            `json:"codeGestion"`
	NomOperation           *string           `json:"nomOperation"`
	NumOperation           *string           `json:"numOperation"`
	Siren                  string            `json:"siren"`
}

// Missing lists the required keys that are empty and the values the SIAP would refuse, as JSON key
// names. An alerte with such faults is not sent: it is a data-quality event (05 B.8).
func (a AlerteCreation) Missing() []string {
	var m []string
	for _, k := range []struct{ key, value string }{
		{"module", a.Module}, {"dateCreation", a.DateCreation}, {"categorieInformation", a.CategorieInformation},
		{"etiquette", a.Etiquette}, {"etiquettePersonnalisee", a.EtiquettePersonnalisee},
		{"typeAlerte", a.TypeAlerte}, {"urlDirection", a.URLDirection}, {"idConvention", a.IDConvention},
		{"codeCommune", a.CodeCommune}, {"codeGestion", a.CodeGestion}, {"siren", a.Siren},
	} {
		if strings.TrimSpace(k.value) == "" {
			m = append(m, k.key)
		}
	}
	if len(a.Destinataires) == 0 {
		m = append(m, "destinataires")
	}
	if utf8.RuneCountInString(a.EtiquettePersonnalisee) > AlerteEtiquetteMax {
		m = append(m, "etiquettePersonnalisee")
	}
	if a.NomOperation != nil && utf8.RuneCountInString(*a.NomOperation) > AlerteNomOperationMax {
		m = append(m, "nomOperation")
	}
	return m
}

// NomOperationAlerte cuts a name of 99 characters or more to its first 98 and an ellipsis (05 B.8).
func NomOperationAlerte(nom string) string {
	if utf8.RuneCountInString(nom) < 99 {
		return nom
	}
	return string([]rune(nom)[:98]) + "…"
}

// AlerteDTO is an alerte as the SIAP lists it.
type AlerteDTO struct {
	ID                    int64  `json:"id"`
	Categorie             string `json:"categorie"`
	Etiquette             string `json:"etiquette"`
	Module                string `json:"module"`
	DateCreation          string `json:"dateCreation"`
	TypeAlerte            string `json:"typeAlerte"`
	LibelleAlerte         string `json:"libelleAlerte"`
	NumOperation          Code   `json:"numOperation"`
	NomOperation          string `json:"nomOperation"`
	AdresseOperation      string `json:"adresseOperation"`
	AdresseComplOperation string `json:"adresseComplOperation"`
	CommuneOperation      string `json:"communeOperation"`
	PhaseOperation        string `json:"phaseOperation"` // PROGRAMMATION, AGREMENT, CLOTURE
	IDOperation           Code   `json:"idOperation"`
	IDDelegataire         Code   `json:"idDelegataire"`
	IDSf                  Code   `json:"idSf"`
	IDTransfertMo         Code   `json:"idTransfertMo"`
	LoginAssigne          string `json:"loginAssigne"`
	NomAssigne            string `json:"nomAssigne"`
	PrenomAssigne         string `json:"prenomAssigne"`
	RaisonSociale         string `json:"raisonSociale"`
	MotifSupression       string `json:"motifSupression"` // spelling of the SIAP
	SupprimeeForUser      bool   `json:"supprimeeForUser"`
	URLRedirection        string `json:"urlRedirection"`
}

// Action tells whether a is an action alerte: those are deleted before a statut change is told (AL-03).
func (a AlerteDTO) Action() bool { return a.Categorie == AlerteAction }

// SameAs tells whether a is, as far as the SIAP lets us see, the alerte that c would create: same
// label and same day (AL-23).
func (a AlerteDTO) SameAs(c AlerteCreation) bool {
	label := a.LibelleAlerte
	if label == "" {
		label = a.Etiquette
	}
	return label == c.EtiquettePersonnalisee && day(a.DateCreation) == day(c.DateCreation) &&
		(a.Categorie == "" || a.Categorie == c.CategorieInformation)
}

// jour keeps the day of a date or of an instant.
func day(s string) string {
	if len(s) > 10 {
		return s[:10]
	}
	return s
}

// check refuses a list entry without the keys that are always there.
func (a AlerteDTO) check() error {
	if a.ID == 0 {
		return fmt.Errorf("alerte sans identifiant")
	}
	return nil
}
