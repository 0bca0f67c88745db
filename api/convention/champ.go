package convention

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"apilos/api/date"
	"apilos/api/fault"
	"github.com/shopspring/decimal"
)

// TypeChamp says how a field is read and shown.
type TypeChamp string

// Types of fields.
const (
	Texte     TypeChamp = "texte"
	TexteLong TypeChamp = "texte_long"
	Entier    TypeChamp = "entier"
	Annee     TypeChamp = "annee" // an integer that is written without spaces
	Decimal   TypeChamp = "decimal"
	Booleen   TypeChamp = "booleen"
	Date      TypeChamp = "date"
	Liste     TypeChamp = "choix"
	// Lignes is a table of rows: see TableSaisie.
	Lignes TypeChamp = "lignes"
)

// Levels of an anomaly (03, reading conventions).
const (
	NiveauErreur        = "blocking"
	NiveauConfirmable   = "confirmable"
	NiveauAvertissement = "warning"
)

// Anomalie is something wrong with a field or a step.
type Anomalie = fault.Field

// Champ is one field of a step: its label, its rules, where it is stored and which comment target it
// answers to. Values are string (texte, choix), *int, decimal.NullDecimal, bool, *date.Date or []LigneSaisie.
type Champ struct {
	Cle     string
	Libelle string
	Type    TypeChamp
	// Requis refuses the save when the field is empty, RequisSi when it is empty and the condition holds.
	Requis   bool
	RequisSi *Condition
	Message  string // replaces "{Libellé} est obligatoire."
	Max      int    // characters
	Minimum  int    // of an integer
	Motif    *regexp.Regexp
	// MessageMotif explains the expected form, with an example.
	MessageMotif string
	Choix        []Choix
	// ChoixDe gives the values of a list that depends on the dossier, instead of Choix.
	ChoixDe func(*Dossier) []Choix
	// MessageChoix replaces the refusal of a value that is not in the list; %s is that value.
	MessageChoix string
	// Table describes the rows of a field of type Lignes.
	Table *TableSaisie
	// Total asks for the sum of a column under the table.
	Total bool
	// AfficheSi hides the field while the condition does not hold: a matter of page, never of rights.
	AfficheSi *Condition
	Aide      string
	Exemple   string
	// Cible is the comment target, "programme__nom"; empty when the field cannot be commented.
	Cible string
	// OuvertPar are other targets whose comments open the field too: the fields that one cannot correct without it.
	OuvertPar []string
	// Fige tells when nobody may change the field (NA-08); nil means never.
	Fige func(*Dossier) bool
	// CorrigeExpert lets expert mode change the field although it is frozen (02 §2.4).
	CorrigeExpert bool
	// Visible tells when the field is shown; nil means always.
	Visible func(*Dossier) bool
	Lire    func(*Dossier) any
	// Ecrire changes the dossier and names the columns to save.
	Ecrire func(*Dossier, any) Ecriture
}

// Ecriture names what a field changed: a table of the aggregate and a column with its value.
type Ecriture struct {
	Table   Table
	Colonne string
	Valeur  any
}

// Table is a table of the aggregate that a step may write.
type Table string

// Tables written by steps.
const (
	TableConvention Table = "convention"
	TableOperation  Table = "operation"
	TableLots       Table = "lot" // every lot of the convention
	// TableFoyerResidence is the part of a foyer or of a résidence; its row is made at the first write.
	TableFoyerResidence Table = "convention_foyer_residence"
	// TablePrets holds rows: the value written is a Difference.
	TablePrets Table = "pret"
)

// Condition depends on another field of the step, or on another column of the row.
type Condition struct {
	Champ string
	// Valeurs are those that make it hold; none: any value that is not empty. A boolean is "true" or "false".
	Valeurs []string
}

// tient tells whether the condition holds for the value of its field.
func (c *Condition) tient(valeur any) bool {
	texte := enTexte(valeur)
	if len(c.Valeurs) == 0 {
		return texte != ""
	}
	return slices.Contains(c.Valeurs, texte)
}

// enTexte writes a value the way conditions name it; "" when nothing was given.
func enTexte(valeur any) string {
	switch v := valeur.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case *int:
		if v != nil {
			return strconv.Itoa(*v)
		}
	case *date.Date:
		if v != nil {
			return v.String()
		}
	case decimal.NullDecimal:
		if v.Valid {
			return v.Decimal.String()
		}
	}
	return ""
}

// egales tells whether two values are the same for people: 250000 and 250000.00 are.
func egales(a, b any) bool {
	x, ok := a.(decimal.NullDecimal)
	y, aussi := b.(decimal.NullDecimal)
	if ok && aussi {
		return x.Valid == y.Valid && x.Decimal.Equal(y.Decimal)
	}
	return reflect.DeepEqual(a, b)
}

func (c Champ) visible(d *Dossier) bool { return c.Visible == nil || c.Visible(d) }

// fige tells whether the field keeps its value whatever is open, a correction in expert mode apart for those it reaches.
func (c Champ) fige(d *Dossier, m Modifiable) bool {
	return c.Fige != nil && c.Fige(d) && !(m.Expert && c.CorrigeExpert)
}

// ouvert tells whether what m opens includes the field.
func (c Champ) ouvert(m Modifiable) bool {
	return m.Accepte(c.Cible) || slices.ContainsFunc(c.OuvertPar, m.Accepte)
}

// pour resolves what the field takes from the dossier.
func (c Champ) pour(d *Dossier) Champ {
	if c.ChoixDe != nil {
		c.Choix = c.ChoixDe(d)
	}
	if c.Table != nil {
		t := *c.Table
		t.Colonnes = slices.Clone(t.Colonnes)
		for i := range t.Colonnes {
			t.Colonnes[i] = t.Colonnes[i].pour(d)
		}
		c.Table = &t
	}
	return c
}

func (c Champ) erreur(code, format string, a ...any) *Anomalie {
	return &Anomalie{Pointer: "/" + c.Cle, Code: code, Detail: fmt.Sprintf(format, a...), Niveau: NiveauErreur}
}

// analyser reads a JSON value and applies the rules of the field.
func (c Champ) analyser(brut json.RawMessage) (any, *Anomalie) {
	switch c.Type {
	case Entier, Annee:
		return c.analyserEntier(brut)
	case Decimal:
		return c.analyserDecimal(brut)
	case Booleen:
		var b bool
		if err := json.Unmarshal(brut, &b); err != nil || estNul(brut) {
			return nil, c.erreur("not_bool", "%s : répondez par oui ou non.", c.Libelle)
		}
		return b, nil
	case Date:
		return c.analyserDate(brut)
	}
	return c.analyserTexte(brut)
}

func estNul(brut json.RawMessage) bool { return string(brut) == "null" }

func (c Champ) texte(brut json.RawMessage) (string, *Anomalie) {
	if estNul(brut) {
		return "", nil
	}
	var s string
	if err := json.Unmarshal(brut, &s); err != nil {
		return "", c.erreur("not_text", "%s : saisissez un texte.", c.Libelle)
	}
	if strings.ContainsRune(s, 0) || !utf8.ValidString(s) {
		return "", c.erreur("not_text", "%s contient des caractères illisibles.", c.Libelle)
	}
	return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")), nil
}

func (c Champ) obligatoire() *Anomalie {
	if c.Message != "" {
		return c.erreur("required", "%s", c.Message)
	}
	return c.erreur("required", "%s est obligatoire.", c.Libelle)
}

func (c Champ) analyserTexte(brut json.RawMessage) (any, *Anomalie) {
	s, bad := c.texte(brut)
	switch {
	case bad != nil:
		return nil, bad
	case s == "" && c.Requis:
		return nil, c.obligatoire()
	case c.Max > 0 && utf8.RuneCountInString(s) > c.Max:
		return nil, c.erreur("too_long", "%s : %d caractères au maximum.", c.Libelle, c.Max)
	case c.Type == Texte && strings.ContainsAny(s, "\n\r"):
		return nil, c.erreur("one_line", "%s tient sur une seule ligne.", c.Libelle)
	case s != "" && c.Motif != nil && !c.Motif.MatchString(s):
		return nil, c.erreur("bad_format", "%s", c.MessageMotif)
	case s != "" && c.Type == Liste && !c.propose(s) && c.MessageChoix != "":
		return nil, c.erreur("bad_choice", c.MessageChoix, tronquer(s, 40))
	case s != "" && c.Type == Liste && !c.propose(s):
		return nil, c.erreur("bad_choice", "%s : choisissez une valeur de la liste.", c.Libelle)
	}
	return s, nil
}

func (c Champ) propose(v string) bool {
	for _, x := range c.Choix {
		if x.Valeur == v {
			return true
		}
	}
	return false
}

// maxEntier keeps counts inside the integer columns of the schema.
const maxEntier = 1_000_000

func (c Champ) analyserEntier(brut json.RawMessage) (any, *Anomalie) {
	s := strings.Trim(string(brut), `"`)
	if estNul(brut) || strings.TrimSpace(s) == "" {
		if c.Requis {
			return nil, c.obligatoire()
		}
		return (*int)(nil), nil
	}
	v, err := decimal.NewFromString(strings.TrimSpace(s))
	switch {
	case err != nil || len(s) > 20 || !v.IsInteger():
		return nil, c.erreur("not_integer", "%s : saisissez un nombre entier.", c.Libelle)
	case v.IsNegative():
		return nil, c.erreur("negative", "%s ne peut pas être négatif.", c.Libelle)
	case v.GreaterThanOrEqual(decimal.NewFromInt(maxEntier)):
		return nil, c.erreur("too_many_digits", "%s doit être inférieur à 1 000 000.", c.Libelle)
	}
	n := int(v.IntPart())
	if n < c.Minimum {
		return nil, c.erreur("too_small", "%s : au moins %d.", c.Libelle, c.Minimum)
	}
	return &n, nil
}

func (c Champ) analyserDecimal(brut json.RawMessage) (any, *Anomalie) {
	s := strings.Replace(strings.TrimSpace(strings.Trim(string(brut), `"`)), ",", ".", 1)
	if estNul(brut) || s == "" {
		if c.Requis {
			return nil, c.obligatoire()
		}
		return decimal.NullDecimal{}, nil
	}
	v, err := decimal.NewFromString(s)
	switch {
	case err != nil || len(s) > 20:
		return nil, c.erreur("not_number", "%s : saisissez un nombre.", c.Libelle)
	case v.IsNegative():
		return nil, c.erreur("negative", "%s ne peut pas être négatif.", c.Libelle)
	case -v.Exponent() > 2:
		return nil, c.erreur("too_many_decimals", "%s : 2 décimales au maximum.", c.Libelle)
	case v.GreaterThanOrEqual(decimal.New(1, 10)):
		return nil, c.erreur("too_many_digits", "%s doit être inférieur à 10 000 000 000.", c.Libelle)
	}
	return decimal.NewNullDecimal(v), nil
}

func (c Champ) analyserDate(brut json.RawMessage) (any, *Anomalie) {
	s, bad := c.texte(brut)
	switch {
	case bad != nil:
		return nil, c.erreur("not_date", "%s : saisissez une date (jj/mm/aaaa).", c.Libelle)
	case s == "" && c.Requis:
		return nil, c.obligatoire()
	case s == "":
		return (*date.Date)(nil), nil
	}
	j, err := date.Parse(s)
	if err != nil || j.Year() < 1900 || j.Year() > 2500 {
		return nil, c.erreur("not_date", "%s : saisissez une date (jj/mm/aaaa).", c.Libelle)
	}
	return &j, nil
}
