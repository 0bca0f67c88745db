package convention

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"apilos/api/date"
	"apilos/api/operation"

	"github.com/lib/pq"
	"github.com/shopspring/decimal"
)

// VersionComplete is a dossier with the rows that only a comparison looks at.
type VersionComplete struct {
	*Dossier
	Annexes          []Annexe
	LocauxCollectifs []LocalCollectif
	LogementsEDD     []operation.LogementEDD
	// What the references of the operation are called.
	bailleur, administration string
}

// NouvelleVersion completes a dossier with the rows that are read apart.
func NouvelleVersion(d *Dossier, annexes []Annexe, locaux []LocalCollectif, edd []operation.LogementEDD) *VersionComplete {
	v := &VersionComplete{Dossier: d, Annexes: annexes, LocauxCollectifs: locaux, LogementsEDD: edd, bailleur: d.Bailleur.Nom}
	if d.Administration != nil {
		v.administration = d.Administration.Nom
	}
	return v
}

// modele is the row of v that holds the columns of a table; lots are asked one by one.
func (v *VersionComplete) modele(t Table) reflect.Value {
	switch t {
	case TableConvention:
		return reflect.ValueOf(v.Convention)
	case TableOperation:
		return reflect.ValueOf(v.Operation)
	}
	if v.FoyerResidence == nil {
		return reflect.ValueOf(FoyerResidence{Variantes: pq.Int32Array{1, 2, 3}}) // the defaults of the schema
	}
	return reflect.ValueOf(*v.FoyerResidence)
}

// lecteur reads columns of models by their name in the schema. It lives as long as a comparison.
type lecteur map[reflect.Type]map[string]int

// valeur returns the column of a row; a column that the model does not have is a fault of the table of blocs, which a
// test reads whole.
func (l lecteur) valeur(ligne reflect.Value, colonne string) any {
	t := ligne.Type()
	if l[t] == nil {
		l[t] = map[string]int{}
		for i := range t.NumField() {
			nom, _, _ := strings.Cut(strings.TrimPrefix(t.Field(i).Tag.Get("gorm"), "column:"), ";")
			l[t][nom] = i
		}
	}
	i, ok := l[t][colonne]
	if !ok {
		panic(fmt.Sprintf("convention: %s has no column %s", t, colonne))
	}
	return ligne.Field(i).Interface()
}

// brut is the canonical text of a stored value; ok is false when there is none.
func brut(v any) (texte string, ok bool) {
	switch x := v.(type) {
	case decimal.NullDecimal:
		return x.Decimal.String(), x.Valid
	case decimal.Decimal:
		return x.String(), true
	case *date.Date:
		if x == nil {
			return "", false
		}
		return x.String(), true
	case pq.StringArray:
		s := slices.Sorted(slices.Values(x))
		return strings.Join(s, ","), len(s) > 0
	case pq.Int32Array:
		s := make([]string, 0, len(x))
		for _, n := range slices.Sorted(slices.Values(x)) {
			s = append(s, strconv.Itoa(int(n)))
		}
		return strings.Join(s, ","), len(s) > 0
	}
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.Pointer {
		if r.IsNil() {
			return "", false
		}
		r = r.Elem()
	}
	texte = fmt.Sprint(r.Interface())
	return texte, texte != ""
}

// enMots writes a value for people when its column says nothing more.
func enMots(v any) string {
	switch x := v.(type) {
	case bool:
		if x {
			return "Oui"
		}
		return "Non"
	case decimal.NullDecimal:
		return nombreDecimal(x)
	case decimal.Decimal:
		return nombreDecimal(decimal.NewNullDecimal(x))
	case *date.Date:
		return jour(x)
	}
	s, _ := brut(v)
	return strings.ReplaceAll(s, ",", ", ")
}

// texte writes the value of a column for people.
func (c ChampBloc) texte(v *VersionComplete, valeur any) string {
	if _, ok := brut(valeur); !ok {
		return ""
	}
	if c.dire != nil {
		return c.dire(v, valeur)
	}
	if s, ok := valeur.(string); ok {
		return s
	}
	return enMots(valeur)
}

func decimale(v any) decimal.NullDecimal {
	if d, ok := v.(decimal.Decimal); ok {
		return decimal.NewNullDecimal(d)
	}
	n, _ := v.(decimal.NullDecimal)
	return n
}

func direEuros(_ *VersionComplete, v any) string { return euros(decimale(v)) }

func direSurface(_ *VersionComplete, v any) string {
	if n := nombreDecimal(decimale(v)); n != "" {
		return n + "\u202fm²"
	}
	return ""
}

func direCoefficient(_ *VersionComplete, v any) string {
	return strings.Replace(decimale(v).Decimal.StringFixed(4), ".", ",", 1)
}

func direBailleur(v *VersionComplete, _ any) string       { return v.bailleur }
func direAdministration(v *VersionComplete, _ any) string { return v.administration }

func direFinancement(_ *VersionComplete, v any) string {
	s, _ := brut(v)
	return Financement(s).Libelle()
}

func direPreteur(_ *VersionComplete, v any) string { s, _ := brut(v); return libellePreteur(s, "") }

func direStationnement(_ *VersionComplete, v any) string {
	s, _ := brut(v)
	return libelleStationnement(s)
}

// parmi says a value by its label in a list.
func parmi(choix []Choix) func(*VersionComplete, any) string {
	return func(_ *VersionComplete, v any) string { s, _ := brut(v); return libelleChoix(choix, s) }
}

func direTypologie(_ *VersionComplete, v any) string {
	s, _ := brut(v)
	return libelleChoix([]Choix{{"T1bis", "T1 bis"}, {"T1prime", "T1’"}}, s)
}

func direAnnexe(_ *VersionComplete, v any) string {
	s, _ := brut(v)
	return libelleChoix([]Choix{{"TERRASSE", "Terrasse"}, {"JARDIN", "Jardin"}, {"COUR", "Cour"}}, s)
}

// annexesIncluses are the annexes that count in the surface utile, as their comment targets name them.
var annexesIncluses = []string{"caves", "soussols", "remises", "ateliers", "sechoirs", "celliers", "resserres", "combles", "balcons", "loggias", "terrasses"}

func direAnnexes(_ *VersionComplete, v any) string {
	s, _ := brut(v)
	var out []string
	for _, a := range strings.Split(s, ",") {
		out = append(out, a[:1]+strings.ToLower(a[1:]))
	}
	return strings.Join(out, ", ")
}

var typesAttribution = []Choix{
	{"AGEES", "Personnes âgées"}, {"HANDICAPEES", "Personnes handicapées"}, {"INCLUSIF", "Habitat inclusif"}, {"RESIDENCE", "Résidence"},
}

func direPublics(_ *VersionComplete, v any) string {
	s, _ := brut(v)
	var out []string
	for _, p := range strings.Split(s, ",") {
		out = append(out, libelleChoix([]Choix{
			{"AGEES_AUTONOMIE", "Résidence autonomie"}, {"AGEES_EPHAD", "EHPAD"}, {"AGEES_DESORIENTEES", "Unité pour personnes désorientées"},
			{"AGEES_PETITE_UNITE", "Petite unité de vie"}, {"AGEES_AUTRE", "Autre établissement pour personnes âgées"}, {"HANDICAPES_FOYER", "Foyer"},
			{"HANDICAPES_FOYER_DE_VIE", "Foyer de vie ou occupationnel"}, {"HANDICAPES_FOYER_MEDICALISE", "Foyer d’accueil médicalisé"},
			{"HANDICAPES_AUTRE", "Autre établissement pour personnes handicapées"}, {"RESIDENCE_SOCIALE_ORDINAIRE", "Résidence sociale ordinaire"},
			{"PENSION_DE_FAMILLE", "Pension de famille"}, {"RESIDENCE_ACCUEIL", "Résidence accueil"},
		}, p))
	}
	return strings.Join(out, ", ")
}
