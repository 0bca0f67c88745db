package siap

import "encoding/json"

// Territoire is a région, a département, an EPCI or a commune.
type Territoire struct {
	ID       Code   `json:"id"`
	Libelle  string `json:"libelle"`
	Code     Code   `json:"code"`
	RegionID Code   `json:"regionId"`
}

// ProfilDTO is the profile of a groupe.
type ProfilDTO struct {
	Code    Profil `json:"code"`
	Libelle string `json:"libelle"`
}

// GroupeDTO is the role held: profile, role code and reach.
type GroupeDTO struct {
	ID               Code      `json:"id"`
	Profil           ProfilDTO `json:"profil"`
	CodeRole         string    `json:"codeRole"`
	LibelleRole      string    `json:"libelleRole"`
	CodePorteeTerrit string    `json:"codePorteeTerrit"` // NAT, REG, DEP, LOC, COM…
	IsSignataire     bool      `json:"isSignataire"`
	TypeDelegation   string    `json:"typeDelegation"` // T2, T3…
}

// GestionnaireHabilitationDTO is the service of a habilitation; the SIAP sends it with every value
// null for maîtres d'ouvrage and national profiles.
type GestionnaireHabilitationDTO struct {
	ID                             Code     `json:"id"`
	Code                           Code     `json:"code"`
	Libelle                        string   `json:"libelle"`
	TypeDelegation                 Code     `json:"typeDelegation"`
	TypeDelegataire                Code     `json:"typeDelegataire"`
	TypeLocalisation               string   `json:"typeLocalisation"`
	Statut                         string   `json:"statut"` // VALIDE, A_VALIDER, EXPIRE…
	AnneeDebutDelegation           *int     `json:"anneeDebutDelegation"`
	AnneeFinDelegation             *int     `json:"anneeFinDelegation"`
	IDDepartement                  Code     `json:"idDepartement"`
	IDEpci                         Code     `json:"idEpci"`
	IDRegion                       Code     `json:"idRegion"`
	IDDocumentConventionDelegation Code     `json:"idDocumentConventionDelegation"`
	Actions                        []string `json:"actions"`
}

// EntiteMoraleDTO is the maître d'ouvrage of a habilitation; nil for services.
type EntiteMoraleDTO struct {
	Nom          string      `json:"nom"`
	Siren        Code        `json:"siren"`
	Commune      *Territoire `json:"commune"`
	AdresseLigne string      `json:"adresseLigne"`
	// The numbered lines are those of the postal norm.
	AdresseLigne3 string `json:"adresseLigne3"`
	AdresseLigne4 string `json:"adresseLigne4"`
	AdresseLigne6 string `json:"adresseLigne6"`
	CodePostal    Code   `json:"codePostal"`
}

// PorteeDTO is the territory a habilitation covers.
type PorteeDTO struct {
	ID                     Code        `json:"id"`
	CodePortee             string      `json:"codePortee"` // NAT, REG, DEP, EPCI, COM, LOC
	RegComp                *Territoire `json:"regComp"`
	DepComp                *Territoire `json:"depComp"`
	EpciComp               *Territoire `json:"epciComp"`
	ComComp                *Territoire `json:"comComp"`
	Libellee               string      `json:"libellee"`
	TerritoireIntervention string      `json:"territoireIntervention"`
}

// AdresseHabilitationDTO is the postal address shown with a habilitation.
type AdresseHabilitationDTO struct {
	Adresse string      `json:"adresse"`
	Commune *Territoire `json:"commune"`
}

// PersonneDTO is the holder of a habilitation.
type PersonneDTO struct {
	Nom    string `json:"nom"`
	Prenom string `json:"prenom"`
	Email  string `json:"email"`
}

// HabilitationDTO is who may do what, where (05 B.3, call 2). Null texts are "".
type HabilitationDTO struct {
	ID                int64                        `json:"id"`
	Groupe            *GroupeDTO                   `json:"groupe"`
	Gestionnaire      *GestionnaireHabilitationDTO `json:"gestionnaire"`
	EntiteMorale      *EntiteMoraleDTO             `json:"entiteMorale"`
	PorteeTerritComp  *PorteeDTO                   `json:"porteeTerritComp"`
	TerritComp        json.RawMessage              `json:"territComp"` // not used by us
	Statut            string                       `json:"statut"`     // VALIDEE, A_VALIDER…
	Valide            bool                         `json:"valide"`
	DateDemande       string                       `json:"dateDemande"`
	DateExpiration    string                       `json:"dateExpiration"` // last day of validity, "" without end
	Favori            bool                         `json:"favori"`
	Titre             string                       `json:"titre"`
	Adresse           *AdresseHabilitationDTO      `json:"adresse"`
	CommuneSignataire json.RawMessage              `json:"communeSignataire"` // not used by us
	Utilisateur       *PersonneDTO                 `json:"utilisateur"`
	Entete            string                       `json:"entete"`
	SousTitre1        string                       `json:"sousTitre1"`
	SousTitre2        string                       `json:"sousTitre2"`
}

// Banniere returns the lines of the banner of the current habilitation (05 B.4): its title, then
// the subtitles that are not empty.
func (h HabilitationDTO) Banniere() []string {
	titre := h.Entete
	if titre == "" && h.Groupe != nil {
		titre = h.Groupe.LibelleRole
	}
	var lignes []string
	for _, l := range []string{titre, h.SousTitre1, h.SousTitre2} {
		if l != "" {
			lignes = append(lignes, l)
		}
	}
	return lignes
}

// UtilisateurGroupeDTO is a user of a service or of a maître d'ouvrage (calls 11 and 12, and the
// gestionnaires of an operation).
type UtilisateurGroupeDTO struct {
	Login   string      `json:"login"`
	Email   string      `json:"email"`
	Groupes []GroupeDTO `json:"groupes"`
}

// AProfil tells whether one of the groupes of u has the profile p.
func (u UtilisateurGroupeDTO) AProfil(p Profil) bool {
	for _, g := range u.Groupes {
		if g.Profil.Code == p {
			return true
		}
	}
	return false
}
