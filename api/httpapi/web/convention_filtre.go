package web

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/httpapi"
	"apilos/api/operation"

	"github.com/google/uuid"
)

// parametresListe are those of the list of conventions (05 E.3); their former names are in
// httpapi/depreciation.
func parametresListe() []string {
	return []string{
		"q", "operation_nom", "numero", "bailleur", "lieu", "statut", "financement", "nature_logement", "type_operation", "annee_signature",
		"administration", "departement", "region", "avenants", "anru", "anah", "seconde_vie", "mixte", "modifie_depuis", "a_moi",
		"tri", "inclure", "page", "par_page", "apres",
	}
}

var (
	motifDepartement    = regexp.MustCompile(`^(\d{2,3}|2[AB])$`)
	motifRegion         = regexp.MustCompile(`^\d{2}$`)
	motifAdministration = regexp.MustCompile(`^[\p{L}\d_.-]{1,255}$`)
)

// lireFiltre reads the criteria; each refusal names its parameter, so that a typing error never returns
// everything.
func lireFiltre(q *httpapi.Params, maintenant time.Time) (convention.Filtre, error) {
	f := convention.Filtre{
		Texte: q.TextMax("q", 255), OperationNom: q.TextMax("operation_nom", 255), Numero: q.TextMax("numero", 255), Lieu: q.TextMax("lieu", 255),
		Anru: q.Bool("anru"), Anah: q.Bool("anah"), SecondeVie: q.Bool("seconde_vie"), Mixte: q.Bool("mixte"),
		ModifieDepuis: q.Instant("modifie_depuis"), Tri: convention.Tri(q.Choice("tri", "", tris()...)),
	}
	if b := q.Bool("a_moi"); b != nil {
		f.AMoi = *b
	}
	if a := q.Choice("avenants", "inclus", "inclus", "exclus", "seuls"); a != "inclus" {
		f.Avenants = convention.PlaceAvenants(a)
	}
	if b := q.TextMax("bailleur", 255); b != "" {
		if id, err := uuid.Parse(b); err == nil {
			f.Bailleur = &id
		} else {
			f.BailleurTexte = b
		}
	}
	if err := lireEnumerations(q, &f); err != nil {
		return f, err
	}
	return f, lireCodes(q, &f, maintenant)
}

// lireEnumerations reads the filters whose values are known.
func lireEnumerations(q *httpapi.Params, f *convention.Filtre) error {
	for _, s := range q.List("statut") {
		statut, ok := convention.StatutDe(s)
		if !ok {
			return parametreInvalide("statut", "choisissez un statut de la liste")
		}
		f.Statuts = append(f.Statuts, statut)
	}
	var err error
	if f.Financements, err = valeurs[convention.Financement](q, "financement", "choisissez un financement de la liste"); err != nil {
		return err
	}
	if f.Natures, err = valeurs[operation.NatureLogement](q, "nature_logement", "choisissez une nature de la liste"); err != nil {
		return err
	}
	f.TypesOperation, err = valeurs[operation.TypeOperation](q, "type_operation", "choisissez un type de la liste")
	return err
}

func valeurs[T interface {
	~string
	Valid() bool
}](q *httpapi.Params, nom, pourquoi string) ([]T, error) {
	var out []T
	for _, s := range q.List(nom) {
		if !T(s).Valid() {
			return nil, parametreInvalide(nom, pourquoi)
		}
		out = append(out, T(s))
	}
	return out, nil
}

// lireCodes reads the filters whose values live in tables, or are years.
func lireCodes(q *httpapi.Params, f *convention.Filtre, maintenant time.Time) error {
	for _, s := range q.List("annee_signature") {
		n, err := strconv.Atoi(s)
		if err != nil || len(s) != 4 || n < 1900 || n > maintenant.Year()+1 {
			return parametreInvalide("annee_signature", "donnez une année sur quatre chiffres, depuis 1900")
		}
		f.Annees = append(f.Annees, n)
	}
	for _, x := range []struct {
		nom, pourquoi string
		motif         *regexp.Regexp
		dst           *[]string
	}{
		{"administration", "donnez le code d’une administration", motifAdministration, &f.Administrations},
		{"departement", "donnez le code INSEE d’un département, par exemple 35 ou 2A", motifDepartement, &f.Departements},
		{"region", "donnez le code INSEE d’une région, par exemple 53", motifRegion, &f.Regions},
	} {
		for _, v := range q.List(x.nom) {
			if !x.motif.MatchString(v) {
				return parametreInvalide(x.nom, x.pourquoi)
			}
			*x.dst = append(*x.dst, v)
		}
	}
	return nil
}

func tris() []string {
	var out []string
	for _, t := range convention.Tris() {
		out = append(out, string(t))
	}
	return out
}

func parametreInvalide(nom, pourquoi string) error {
	return fault.Newf(fault.BadRequest, "parametre_invalide", "Le paramètre « %s » n’est pas valide : %s.", nom, pourquoi).
		WithFields(fault.Field{Pointer: "/" + nom, Code: "parametre_invalide", Detail: strings.ToUpper(pourquoi[:1]) + pourquoi[1:] + "."})
}
