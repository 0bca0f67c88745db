package mail

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"apilos/api/date"
)

// Donnees are the values of a template. It is what message_sortant.charge holds, hence the JSON names.
// Which ones a code needs is in champs; the others may stay empty. Texts written by people are
// shown as they are (escaped in HTML), never as markup.
type Donnees struct {
	// Objet of the message: EM-01 to EM-05, EM-13, EM-14, EM-17, EM-18, EM-29. For EM-14 after T18 or T19 it is
	// the convention that ends, not the avenant that ended it.
	Objet Objet `json:"objet,omitempty"`
	// Libelle is what people recognise: name of the operation, its financement.
	Libelle string `json:"libelle,omitempty"`
	// Numero of the convention or rank of the avenant, once given.
	Numero string `json:"numero,omitempty"`
	// NumeroConvention of the convention an avenant changes.
	NumeroConvention string `json:"numero_convention,omitempty"`
	// Bailleur is the name of the owner.
	Bailleur string `json:"bailleur,omitempty"`
	// Auteur is who acted: "Prénom Nom".
	Auteur string `json:"auteur,omitempty"`
	// Commentaire written with the action (EM-03, EM-04), several lines, at most 5000 characters.
	Commentaire string `json:"commentaire,omitempty"`

	// Lien is the absolute address of the button: récapitulatif, document page or questionnaire.
	Lien string `json:"lien,omitempty"`
	// LienPreferences is the absolute address of the notification settings; absent from EM-06 and EM-17,
	// which ignore preferences (EM-21).
	LienPreferences string `json:"lien_preferences,omitempty"`

	// AdministrationPrecedente is the service that a convention leaves, "" when it had none; Administration is then the
	// one that it joins (EM-18).
	AdministrationPrecedente string `json:"administration_precedente,omitempty"`
	// Administration, Adresse, CodePostal and Ville say where to send the paper originals (EM-05).
	Administration string `json:"administration,omitempty"`
	Adresse        string `json:"adresse,omitempty"`
	CodePostal     string `json:"code_postal,omitempty"`
	Ville          string `json:"ville,omitempty"`
	// NbExemplaires is nb_convention_exemplaires of the administration, 3 by default (EM-05).
	NbExemplaires int `json:"nb_exemplaires,omitempty"`
	// PieceJointe is the name of the file attached, empty when it was too big and Lien replaces it (EM-05).
	PieceJointe string `json:"piece_jointe,omitempty"`

	// Prenom, Nom and Email of the recipient (EM-06, EM-11, EM-12).
	Prenom string `json:"prenom,omitempty"`
	Nom    string `json:"nom,omitempty"`
	Email  string `json:"email,omitempty"`
	// NomFichier refused by the antivirus (EM-06).
	NomFichier string `json:"nom_fichier,omitempty"`

	// Date of the signature (EM-13), of the cancellation or of the end (EM-14).
	Date *date.Date `json:"date,omitempty"`
	// Evenement and Motif of EM-14.
	Evenement Evenement `json:"evenement,omitempty"`
	Motif     string    `json:"motif,omitempty"`
	// Cause of a failure, a French sentence (EM-17, EM-29).
	Cause string `json:"cause,omitempty"`

	// Listes are the dossiers of a monthly digest (EM-15, EM-16).
	Listes []Liste `json:"listes,omitempty"`

	// Depot holds the values of the e-mails of the deposit API (DEP-01 to DEP-03). It is never stored.
	Depot *Depot `json:"-"`
}

// Ligne is one row of the summary shown in most messages.
type Ligne struct{ Libelle, Valeur string }

// Fiche identifies the convention or the avenant the message speaks of.
func (d Donnees) Fiche() []Ligne {
	all := []Ligne{
		{"Opération", d.Libelle},
		{"Bailleur", d.Bailleur},
		{"Numéro de " + d.Objet.Le(), d.Numero},
		{"Convention concernée", d.NumeroConvention},
	}
	return slices.DeleteFunc(all, func(l Ligne) bool { return l.Valeur == "" })
}

// Salutation opens the message, with the name when it is known.
func (d Donnees) Salutation() string {
	return strings.Join(strings.Fields("Bonjour "+d.Prenom+" "+d.Nom), " ") + ","
}

// Reference names the object in a subject line: its number when it has one, then what people recognise.
func (d Donnees) Reference() string {
	switch {
	case d.Numero == "":
		return d.Libelle
	case d.Objet == ObjetConvention || d.NumeroConvention == "":
		return "n° " + d.Numero + " – " + d.Libelle
	}
	return "n° " + d.Numero + " à la convention " + d.NumeroConvention + " – " + d.Libelle
}

// Archive tells whether the attachment is an archive and not the document alone (EM-05).
func (d Donnees) Archive() bool { return strings.HasSuffix(strings.ToLower(d.PieceJointe), ".zip") }

// Exemplaires is the number of originals in words people use: "un exemplaire", "3 exemplaires".
func (d Donnees) Exemplaires() string {
	if d.NbExemplaires == 1 {
		return "un exemplaire"
	}
	return strconv.Itoa(d.NbExemplaires) + " exemplaires"
}

// AdressePostale is the address of the administration, line by line; empty when it is not known.
func (d Donnees) AdressePostale() []string {
	lines := append([]string{d.Administration}, strings.Split(d.Adresse, "\n")...)
	lines = append(lines, d.CodePostal+" "+d.Ville)
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return slices.DeleteFunc(lines, func(l string) bool { return l == "" })
}

// missing lists the mandatory values of code that d does not have, by JSON name.
func (d Donnees) missing(code string) []string {
	present := map[string]bool{
		"objet":          d.Objet.Valid(),
		"libelle":        oneLine(d.Libelle) != "",
		"bailleur":       oneLine(d.Bailleur) != "",
		"auteur":         oneLine(d.Auteur) != "",
		"lien":           absoluteURL(d.Lien),
		"email":          d.Email != "",
		"nom_fichier":    oneLine(d.NomFichier) != "",
		"nb_exemplaires": d.NbExemplaires > 0,
		"date":           d.Date != nil && !d.Date.IsZero(),
		"evenement":      d.Evenement.Participe() != "",
		"administration": oneLine(d.Administration) != "",
		"cause":          oneLine(d.Cause) != "",
		"listes":         listesCompletes(d.Listes),
	}
	var out []string
	for _, name := range champs(code) {
		if !present[name] {
			out = append(out, name)
		}
	}
	out = append(out, manquesDepot(code, d.Depot)...)
	if d.LienPreferences != "" && !absoluteURL(d.LienPreferences) {
		out = append(out, "lien_preferences")
	}
	return out
}

// champs gives the mandatory values of a code (02 §6, column "data").
func champs(code string) []string {
	switch code {
	case "EM-01", "EM-02", "EM-03", "EM-04":
		return []string{"objet", "libelle", "bailleur", "auteur", "lien"}
	case "EM-05":
		return []string{"objet", "libelle", "lien", "nb_exemplaires"}
	case "EM-06":
		return []string{"nom_fichier"}
	case "EM-11", "EM-12":
		return []string{"email", "lien"}
	case "EM-13":
		return []string{"objet", "libelle", "lien", "date"}
	case "EM-14":
		return []string{"objet", "libelle", "lien", "date", "evenement"}
	case "EM-15", "EM-16":
		return []string{"lien", "listes"}
	case "EM-18":
		return []string{"objet", "libelle", "auteur", "lien", "administration"}
	case CodeMotDePasse:
		return []string{"email", "lien"}
	case "EM-17", "EM-29":
		return []string{"objet", "libelle", "lien", "cause"}
	}
	return nil
}

func absoluteURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}
