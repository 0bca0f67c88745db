package convention

import (
	"reflect"
	"slices"
	"strings"

	"apilos/api/fichier"

	"github.com/shopspring/decimal"
)

// tableFichiers is the name of the table of files of a comparison.
const tableFichiers Table = "fichier_rattache"

// FichierCompare is a file as a comparison sees it: two files of the same bytes are the same file, whatever their names
// or the rows that attach them.
type FichierCompare struct {
	Empreinte string
	Nom       string
	Taille    int64
}

// String is what identifies the bytes; it is the raw value of the comparison.
func (f FichierCompare) String() string { return f.Empreinte }

// ligneFichier is the model that the comparison reads.
type ligneFichier struct {
	Fichier FichierCompare `gorm:"column:fichier"`
}

// comparerFichiers compares the files of a bloc; ok is false when the bloc has none. Those of the convention belong to one
// act alone (02 §3.2): compared with another act, they were not there before.
func comparerFichiers(l lecteur, b Bloc, avant, apres *VersionComplete) (t TableauCompare, ok bool) {
	rubriques := slices.Concat(b.FichiersOperation, b.FichiersConvention)
	if len(rubriques) == 0 {
		return TableauCompare{}, false
	}
	avaient := rubriques
	if !memeActe(avant, apres) {
		avaient = b.FichiersOperation
	}
	description := LignesBloc{Table: tableFichiers, Titre: "Fichiers", Colonnes: []ChampBloc{colonne("fichier", "Fichier").dit(direFichier)}}
	t = comparerLignes(l, description, lignesFichiers(avant, avaient), lignesFichiers(apres, rubriques), avant, apres)
	t.Etape = b.Etapes[0]
	return t, true
}

// lignesFichiers are the files in force for some rubriques. Of one rubrique, the same bytes are the same file; then the
// same name with other bytes is a file that was replaced; what is left is paired in order, since publishing a slot
// replaces it as a whole.
func lignesFichiers(v *VersionComplete, rubriques []string) []ligneComparable {
	var out []ligneComparable
	for _, rubrique := range rubriques {
		docs := slices.Clone(v.Documents)
		slices.SortStableFunc(docs, func(a, b Document) int { return a.Rattache.Ordre - b.Rattache.Ordre })
		for _, doc := range docs {
			if doc.Rattache.Rubrique != rubrique || !doc.Courant() {
				continue
			}
			f := fichierCompare(doc.Fichier)
			out = append(out, ligneComparable{
				nom: nomRubrique(rubrique), cles: []string{cle(rubrique, f.Empreinte), cle(rubrique, f.Nom), cle(rubrique)},
				modele: reflect.ValueOf(ligneFichier{f}),
			})
		}
	}
	return out
}

func fichierCompare(f fichier.Fichier) FichierCompare {
	out := FichierCompare{Empreinte: f.UUID.String(), Nom: f.NomReel}
	if f.Sha256 != nil && *f.Sha256 != "" {
		out.Empreinte = *f.Sha256
	}
	if f.Taille != nil {
		out.Taille = *f.Taille
	}
	return out
}

// direFichier names a file with its size, as the pages do.
func direFichier(_ *VersionComplete, v any) string {
	f, _ := v.(FichierCompare)
	nom := f.Nom
	if nom == "" {
		nom = "Fichier sans nom"
	}
	if f.Taille <= 0 {
		return nom
	}
	return nom + " (" + direTaille(f.Taille) + ")"
}

func direTaille(octets int64) string {
	switch {
	case octets < 1000:
		return decimal.NewFromInt(octets).String() + "\u202foctets"
	case octets < 1000*1000:
		return decimal.NewFromInt(octets).Div(decimal.NewFromInt(1000)).Round(0).String() + "\u202fko"
	}
	return strings.Replace(decimal.NewFromInt(octets).Div(decimal.NewFromInt(1000*1000)).StringFixed(1), ".", ",", 1) + "\u202fMo"
}

// nomRubrique says what the files of a rubrique are: the label of the field that they illustrate.
func nomRubrique(rubrique string) string {
	switch rubrique {
	case RubriquePlan:
		return "Plan"
	case "ATTACHED":
		return "Pièces jointes"
	case RubriqueInstructionDenonciation, RubriqueInstructionResiliation:
		return "Acte de la procédure"
	}
	if l := libelleCible(rubriquesAnnexes[rubrique]); l != "" {
		return l
	}
	return rubrique
}
