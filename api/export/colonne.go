package export

import (
	"strings"

	"apilos/api/convention"
	"apilos/api/date"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// Ligne is a convention or an avenant, as the store reads it for an export.
type Ligne struct {
	ID                   int64
	UUID                 uuid.UUID
	NumeroOperation      string
	NumeroConvention     string // its own, or its parent's for an avenant
	NumeroAvenant        string
	Statut               convention.Statut
	Ville                string
	CodePostal           string
	CodeInsee            string
	OperationNom         string
	AdministrationNom    string
	Financements         []string `gorm:"-"` // codes, of every lot
	NbLogements          int      // sum of the lots
	Nature               string
	Adresse              string
	BailleurNom          string
	Siret                string
	DateSignature        *date.Date
	LoyerM2              decimal.NullDecimal // euros per m², of the first logement of the first lot
	DateLivraison        *date.Date
	DateFinConventionnee *date.Date
}

// Cellule is a text, or a number when Nombre is not empty.
type Cellule struct{ Texte, Nombre string }

func texte(s string) Cellule { return Cellule{Texte: s} }

// Entetes are the headers, in their historical order; the last two are new (06 §1.12).
func Entetes() []string {
	return []string{
		"Numéro d'opération SIAP", "Numéro de convention", "Numéro d'avenant", "Statut de la convention", "Commune", "Code postal", "Code INSEE",
		"Nom de l'opération", "Instructeur", "Type de financement", "Nombre de logements", "Nature de l'opération", "Adresse",
		"Raison sociale du bailleur", "SIRET du Bailleur", "Date de signature", "Montant du loyer au m2", "Livraison",
		"Date de fin de conventionnement", "Identifiant", "Lien",
	}
}

// Cellules are the values of a row, in the order of Entetes. base is the public address of the platform.
func (l Ligne) Cellules(base string) []Cellule {
	libelles := make([]string, 0, len(l.Financements))
	for _, f := range l.Financements {
		libelles = append(libelles, convention.Financement(f).Libelle())
	}
	adresse := ""
	if l.Adresse != "" && l.CodePostal != "" && l.Ville != "" {
		adresse = l.Adresse + ", " + l.CodePostal + " " + l.Ville
	}
	loyer := Cellule{}
	if l.LoyerM2.Valid {
		loyer.Nombre = l.LoyerM2.Decimal.StringFixed(2)
	}
	return []Cellule{
		texte(l.NumeroOperation), texte(l.NumeroConvention), texte(l.NumeroAvenant), texte(l.Statut.Stocke()), texte(l.Ville), texte(l.CodePostal),
		texte(l.CodeInsee), texte(l.OperationNom), texte(l.AdministrationNom), texte(strings.Join(libelles, ", ")),
		{Nombre: decimal.NewFromInt(int64(l.NbLogements)).String()}, texte(l.Nature), texte(adresse), texte(l.BailleurNom), texte(l.Siret),
		texte(jour(l.DateSignature)), loyer, texte(jour(l.DateLivraison)), texte(jour(l.DateFinConventionnee)), texte(l.UUID.String()),
		texte(base + "/conventions/" + l.UUID.String()),
	}
}

// jour is DD/MM/YYYY, or a dash.
func jour(d *date.Date) string {
	if d == nil {
		return "-"
	}
	return d.French()
}
