package mail

import (
	"time"

	"apilos/api/date"
)

// Depot are the values of the e-mails of the deposit API (07 §6.1, §7, §8). It holds secrets (Jeton, Code):
// unlike the rest of Donnees it is never stored as it is.
type Depot struct {
	Client     string // software that deposits
	Mandataire string
	ChefDeFile string // "" when there is none
	Commune    string

	Jeton            string // DEP-01
	URLAPI           string
	URLDocumentation string

	Code     string     // DEP-02
	ExpireLe *time.Time // DEP-02
}

// Expiration is the French day and hour at which the code stops.
func (d Depot) Expiration() string {
	if d.ExpireLe == nil {
		return ""
	}
	return d.ExpireLe.In(date.Paris()).Format("02/01/2006 à 15 h 04")
}

// codesDepot lists the templates of the deposit.
func codesDepot() []string { return []string{"DEP-01", "DEP-02", "DEP-03"} }

// manquesDepot lists the mandatory values that a code of the deposit does not have.
func manquesDepot(code string, x *Depot) []string {
	d := Depot{}
	if x != nil {
		d = *x
	}
	present := map[string]bool{
		"client": oneLine(d.Client) != "", "mandataire": oneLine(d.Mandataire) != "", "commune": oneLine(d.Commune) != "",
		"jeton": d.Jeton != "", "url_api": absoluteURL(d.URLAPI), "url_documentation": absoluteURL(d.URLDocumentation),
		"code": d.Code != "", "expire_le": d.ExpireLe != nil && !d.ExpireLe.IsZero(),
	}
	champs := map[string][]string{
		"DEP-01": {"client", "mandataire", "jeton", "url_api", "url_documentation"},
		"DEP-02": {"client", "commune", "code", "expire_le"},
		"DEP-03": {"client", "commune"},
	}[code]
	var out []string
	for _, nom := range champs {
		if !present[nom] {
			out = append(out, nom)
		}
	}
	return out
}

// ExempleDepot returns invented but plausible data that fills every part of a template of the deposit.
func ExempleDepot(code string) Donnees {
	expire := time.Date(2026, time.January, 16, 9, 30, 0, 0, time.UTC)
	d := Donnees{Depot: &Depot{
		Client: "Éditeur d’adresses", Mandataire: "Société Exemple", ChefDeFile: "Métropole d’Exempleville", Commune: "Saint-Exemple-l’Église",
		Jeton: "Xm4kQ9vT2bL7nR5cW8dJ3fH6gK1sP0aZ", URLAPI: "https://apilos.example/api-depot", URLDocumentation: "https://apilos.example/api-depot/api",
		Code: "048213", ExpireLe: &expire,
	}, Email: "contact@exemple.example"}
	if code == "DEP-03" {
		d.Lien = "https://mes-adresses.example/bal/5f9b1a2c3d4e5f6a7b8c9d0e"
	}
	return d
}
