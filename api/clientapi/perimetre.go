package clientapi

import (
	"apilos/api/auth"
)

// Genre is the kind of a perimeter.
type Genre string

// Kinds of perimeters.
const (
	National         Genre = "NATIONAL"
	Regional         Genre = "REGION"
	Departemental    Genre = "DEPARTEMENT"
	DeBailleurs      Genre = "BAILLEURS"
	DAdministration  Genre = "ADMINISTRATION"
	maxBailleurs           = 50
	libelleNational        = "France entière"
	entitePlateforme       = "Client d’API"
)

// Genres lists the kinds of perimeters.
func Genres() []Genre {
	return []Genre{National, Regional, Departemental, DeBailleurs, DAdministration}
}

// Libelle tells people what the client sees.
func (f *Fiche) Libelle() string {
	switch f.Perimetre {
	case National:
		return libelleNational
	case Regional:
		return "Région " + f.RegionNom
	case Departemental:
		return f.DepartementNom + " (" + valeur(f.Departement) + ")"
	case DAdministration:
		if f.Administration != nil {
			return f.Administration.Nom
		}
	case DeBailleurs:
		switch len(f.Bailleurs) {
		case 0:
		case 1:
			return f.Bailleurs[0].Nom
		case 2:
			return f.Bailleurs[0].Nom + " et " + f.Bailleurs[1].Nom
		default:
			return f.Bailleurs[0].Nom + " et d’autres bailleurs"
		}
	}
	return "Aucun"
}

// Actrice is a client with the rows that its perimeter opens now.
type Actrice struct {
	Client
	// BailleurIDs are those chosen and their children (PE-23).
	BailleurIDs []int64
}

// principal is who acts when the client calls: a role and a territory, as those that a habilitation gives, so
// that the one predicate of conventions applies to it unchanged (PE-20).
func (a *Actrice) principal() auth.Principal {
	p := auth.Principal{
		UtilisateurID: a.UtilisateurID, Nom: a.Nom, Entite: entitePlateforme, Login: a.LoginSiap,
		Client: &auth.Client{ID: a.ID, UUID: a.UUID.String(), Portees: a.portees()},
	}
	if a.HabilitationID != nil {
		p.HabilitationID = int64(*a.HabilitationID)
	}
	if a.DebitParMinute != nil {
		p.Client.DebitParMinute = *a.DebitParMinute
	}
	switch a.Perimetre {
	case National:
		p.Typologie, p.National = auth.Administrateur, true
	case Regional:
		p.Typologie, p.Region = auth.Administrateur, valeur(a.Region)
	case Departemental:
		p.Typologie, p.Departement = auth.Administrateur, valeur(a.Departement)
	case DAdministration:
		p.Typologie = auth.Instructeur
		if a.AdministrationID != nil {
			p.AdministrationID = *a.AdministrationID
		}
	case DeBailleurs:
		p.Typologie, p.BailleurIDs = auth.Bailleur, append([]int64{}, a.BailleurIDs...)
	}
	return p
}

func valeur(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
