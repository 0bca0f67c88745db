package convention

import (
	"reflect"
	"slices"
	"strings"

	"apilos/api/comment"
)

// Fates of a row between two versions.
const (
	LigneAjoutee   = "ajoutee"
	LigneSupprimee = "supprimee"
	LigneModifiee  = "modifiee"
	LigneInchangee = "inchangee"
)

// Warnings of a comparison with the version that the avenant amends.
const (
	TypeSansChangement = "TYPE_SANS_CHANGEMENT" // checked, and nothing differs
	ChangementSansType = "CHANGEMENT_SANS_TYPE" // differs, and is not checked
)

// Comparaison tells what an avenant changes, bloc by bloc.
type Comparaison struct {
	Avant, Apres *Dossier
	// Reference is true when Avant is the version that the avenant amends (AV-15): suggestions and warnings only make
	// sense then.
	Reference      bool
	Blocs          []BlocCompare
	TypesSuggeres  []string
	Avertissements []AvertissementBloc
}

// BlocCompare is a bloc with what differs.
type BlocCompare struct {
	Bloc
	Coche    bool
	Change   bool
	Champs   []ChampCompare
	Tableaux []TableauCompare
}

// NbChangements counts the fields and rows that differ.
func (b BlocCompare) NbChangements() int {
	n := 0
	for _, c := range b.Champs {
		if c.Change {
			n++
		}
	}
	for _, t := range b.Tableaux {
		n += t.Ajoutees + t.Supprimees + t.Modifiees
	}
	return n
}

// ChampCompare is a field before and after, in words and as it is stored; a nil raw value is an empty one.
type ChampCompare struct {
	Cle     string // column
	Table   Table
	Libelle string
	Lot     Financement // of a field of a lot, "" otherwise
	Etape   CodeEtape   // step that shows it, "" in a row: its table says it

	Avant, Apres         string
	AvantBrut, ApresBrut *string
	Change               bool
}

// TableauCompare is a table of rows with its counts.
type TableauCompare struct {
	Table                                       Table
	Titre                                       string
	Etape                                       CodeEtape
	Ajoutees, Supprimees, Modifiees, Inchangees int
	Lignes                                      []LigneComparee
}

// LigneComparee is a row: every column of a row that was added or removed, those that differ of a changed one.
type LigneComparee struct {
	Nom    string
	Lot    Financement
	Sort   string
	Champs []ChampCompare
}

// Comparer compares two versions of a family; it reads nothing else. The cost follows the number of rows.
func Comparer(avant, apres *VersionComplete, reference bool) Comparaison {
	out := Comparaison{Avant: avant.Dossier, Apres: apres.Dossier, Reference: reference, TypesSuggeres: []string{}}
	l := lecteur{}
	for _, b := range Blocs() {
		coche := slices.Contains(apres.TypesAvenant, b.Type)
		if !coche && (b.FinDeConvention() || !b.Concerne(apres.Dossier)) {
			continue // the end of a convention reaches its whole family: it says nothing of an avenant that is not one
		}
		x := comparerBloc(l, b, avant, apres)
		x.Coche = coche
		out.Blocs = append(out.Blocs, x)
		if reference {
			out.signaler(x)
		}
	}
	return out
}

// AvertissementBloc points out a bloc whose checkbox and content disagree.
type AvertissementBloc struct {
	Code, Type, Detail string
}

func (c *Comparaison) signaler(b BlocCompare) {
	if b.Change {
		c.TypesSuggeres = append(c.TypesSuggeres, b.Type)
	}
	switch {
	case b.Coche && !b.Change:
		c.Avertissements = append(c.Avertissements, AvertissementBloc{TypeSansChangement, b.Type,
			"« " + b.Libelle + " » est coché mais rien n’y change. Modifiez cette rubrique ou retirez-la."})
	case b.Change && !b.Coche:
		c.Avertissements = append(c.Avertissements, AvertissementBloc{ChangementSansType, b.Type,
			"« " + b.Libelle + " » a changé mais n’est pas coché. Cochez cette rubrique pour que l’avenant la reprenne."})
	}
}

func comparerBloc(l lecteur, b Bloc, avant, apres *VersionComplete) BlocCompare {
	out := BlocCompare{Bloc: b}
	for _, c := range b.Champs {
		switch {
		case c.Suite:
		case c.Table == TableLots:
			for _, x := range comparerLots(l, c, avant, apres) {
				x.Etape = b.etapeDe(c.Cibles)
				out.Champs = append(out.Champs, x)
			}
		default:
			x := comparerChamp(c, avant, apres, l.valeur(avant.modele(c.Table), c.Colonne), l.valeur(apres.modele(c.Table), c.Colonne))
			x.Etape = b.etapeDe(c.Cibles)
			out.Champs = append(out.Champs, x)
		}
	}
	for _, t := range b.Lignes {
		x := comparerLignes(l, t, t.lire(avant), t.lire(apres), avant, apres)
		x.Etape = b.etapeDe(t.Cibles)
		out.Tableaux = append(out.Tableaux, x)
	}
	if t, ok := comparerFichiers(l, b, avant, apres); ok {
		out.Tableaux = append(out.Tableaux, t)
	}
	out.Change = out.NbChangements() > 0
	return out
}

// memeActe tells whether the two versions are one act at two moments: what belongs to an act alone was its own before.
func memeActe(avant, apres *VersionComplete) bool {
	return avant.Convention.ID != 0 && avant.Convention.ID == apres.Convention.ID
}

// etapeDe is the step that shows a field of the bloc, from its comment targets.
func (b Bloc) etapeDe(cibles []string) CodeEtape {
	for _, c := range cibles {
		objet, champ, _ := strings.Cut(c, "__")
		if x, ok := comment.TrouverCible(objet, champ); ok && slices.Contains(b.Etapes, CodeEtape(x.Etape)) {
			return CodeEtape(x.Etape)
		}
	}
	return b.Etapes[0]
}

// comparerChamp compares one value; what belongs to one act alone was empty before (02 §3.2).
func comparerChamp(c ChampBloc, avant, apres *VersionComplete, vAvant, vApres any) ChampCompare {
	out := ChampCompare{Cle: c.Colonne, Table: c.Table, Libelle: c.Nom()}
	if !c.Propre || memeActe(avant, apres) {
		out.Avant, out.AvantBrut = c.texte(avant, vAvant), pointeurBrut(vAvant)
	}
	out.Apres, out.ApresBrut = c.texte(apres, vApres), pointeurBrut(vApres)
	out.Change = !memeBrut(out.AvantBrut, out.ApresBrut)
	return out
}

func pointeurBrut(v any) *string {
	if s, ok := brut(v); ok {
		return &s
	}
	return nil
}

func memeBrut(a, b *string) bool { return a == b || (a != nil && b != nil && *a == *b) }

// comparerLots compares a column of the lots, matched by financement (AV-19).
func comparerLots(l lecteur, c ChampBloc, avant, apres *VersionComplete) []ChampCompare {
	var out []ChampCompare
	for _, f := range financementsDes(avant, apres) {
		x := comparerChamp(c, avant, apres, valeurDuLot(l, avant, f, c.Colonne), valeurDuLot(l, apres, f, c.Colonne))
		x.Lot = f
		out = append(out, x)
	}
	return out
}

func financementsDes(versions ...*VersionComplete) []Financement {
	var out []Financement
	for _, v := range versions {
		for _, f := range v.Financements() {
			if !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// valeurDuLot is "" when the version has no such lot.
func valeurDuLot(l lecteur, v *VersionComplete, f Financement, colonne string) any {
	for _, lot := range v.Lots {
		if lot.Financement == f {
			return l.valeur(reflect.ValueOf(lot), colonne)
		}
	}
	return ""
}

func comparerLignes(l lecteur, t LignesBloc, lignesAvant, lignesApres []ligneComparable, avant, apres *VersionComplete) TableauCompare {
	out := TableauCompare{Table: t.Table, Titre: t.Titre}
	lire := func(r *ligneComparable, c ChampBloc) any {
		if r == nil {
			return ""
		}
		return l.valeur(r.modele, c.Colonne)
	}
	pareilles := func(a, b ligneComparable) bool {
		return !slices.ContainsFunc(t.Colonnes, func(c ChampBloc) bool {
			x, okX := brut(lire(&a, c))
			y, okY := brut(lire(&b, c))
			return x != y || okX != okY
		})
	}
	for _, p := range apparier(lignesAvant, lignesApres, pareilles) {
		var x LigneComparee
		switch {
		case p.avant == nil:
			x = LigneComparee{Nom: p.apres.nom, Lot: Financement(p.apres.lot), Sort: LigneAjoutee}
			out.Ajoutees++
		case p.apres == nil:
			x = LigneComparee{Nom: p.avant.nom, Lot: Financement(p.avant.lot), Sort: LigneSupprimee}
			out.Supprimees++
		case pareilles(*p.avant, *p.apres):
			x = LigneComparee{Nom: p.apres.nom, Lot: Financement(p.apres.lot), Sort: LigneInchangee}
			out.Inchangees++
		default:
			x = LigneComparee{Nom: p.apres.nom, Lot: Financement(p.apres.lot), Sort: LigneModifiee}
			out.Modifiees++
		}
		for _, c := range t.Colonnes {
			champ := comparerChamp(c, avant, apres, lire(p.avant, c), lire(p.apres, c))
			if champ.Change || (x.Sort == LigneInchangee && champ.Apres != "") {
				x.Champs = append(x.Champs, champ)
			}
		}
		out.Lignes = append(out.Lignes, x)
	}
	return out
}
