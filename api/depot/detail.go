package depot

import (
	"time"

	"apilos/api/revision"
)

// Strategies of authorisation (07 section 1).
const (
	StrategieInterne      = "internal"
	StrategieChefDeFile   = "chef-de-file"
	StrategieHabilitation = "habilitation"
)

// States of a habilitation.
const (
	HabilitationEnAttente = "pending"
	HabilitationAcceptee  = "accepted"
	HabilitationRejetee   = "rejected"
)

// Types of perimetre.
const (
	PerimetreCommune     = "commune"
	PerimetreDepartement = "departement"
	PerimetreEPCI        = "epci"
)

// ClientDetail is a client with the names that the contract shows beside it.
type ClientDetail struct {
	Client
	MandataireNom   string
	MandataireEmail string
	ChefNom         *string
	ChefEmail       *string
	ChefEmailPublic bool
}

// EmailContact is the public address of the client inside a revision: its own, else that of its mandataire
// (07 section 4.1, 00 decision 12).
func (c *ClientDetail) EmailContact() string {
	if c.Email != nil && *c.Email != "" {
		return *c.Email
	}
	return c.MandataireEmail
}

// ChefDetail is a chef de file with its perimetres.
type ChefDetail struct {
	ChefDeFile
	Perimetres []Perimetre
}

// HabilitationDetail is a habilitation with its client.
type HabilitationDetail struct {
	Habilitation
	Client ClientDetail
}

// RevisionLue is a revision of nature bal as it is shown.
type RevisionLue struct {
	revision.Revision
	Client   *ClientDetail
	Fichiers []revision.RevisionFichier
}

// FichierBAL returns the address file of the revision, nil before the upload.
func (r *RevisionLue) FichierBAL() *revision.RevisionFichier {
	for n := range r.Fichiers {
		if r.Fichiers[n].Type == revision.FichierBal {
			return &r.Fichiers[n]
		}
	}
	return nil
}

// FiltreRevisions selects revisions of nature bal.
type FiltreRevisions struct {
	CodeCommune  string   // "" for all
	CodesCommune []string // nil for all; with CodeCommune empty
	Statut       string   // "" for all
	Courantes    bool     // current ones only
	PublieDepuis *time.Time
	Texte        string // part of the name of the commune, or start of its code
	Departement  string
	Recentes     bool // newest publication first; needs Courantes
	// SansCommunes leaves these communes out: those that no longer exist.
	SansCommunes []string
	Fenetre      Fenetre
}

// FiltreHabilitations selects habilitations for the staff.
type FiltreHabilitations struct {
	Statut string
	Texte  string // part of the name of the client, or code of the commune
	// CodesCommune are those whose name matches Texte, filled by the service.
	CodesCommune []string
	Fenetre      Fenetre
}

// JourPremieres is one day of /stats/firsts-publications, cumulative.
type JourPremieres struct {
	Jour           time.Time
	Total          int
	ViaMesAdresses int
	ViaMoissonneur int
}

// JourPublications are the publications of one commune on one day.
type JourPublications struct {
	Jour           time.Time
	CodeCommune    string
	Total          int
	ViaMesAdresses int
	ViaMoissonneur int
}

// DernierePublication is the last publication of a commune.
type DernierePublication struct {
	CodeCommune string
	PublieLe    time.Time
}
