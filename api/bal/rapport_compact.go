package bal

import "slices"

// Compact is a report written to be compared with another, key by key: the sets of codes of every profile. It is
// what `apilos bal validate --json` prints, with the rows that have something to say (CompactLigne) under the key rows.
type Compact struct {
	Interrompu           bool            `json:"thrown"` // always false: a file that cannot be read is a report
	LectureReussie       bool            `json:"parseOk"`
	Encodage             string          `json:"encoding,omitempty"`
	FinDeLigne           string          `json:"linebreak,omitempty"`
	Separateur           string          `json:"delimiter,omitempty"`
	ErreursLecture       []CompactErreur `json:"parseErrors"` // the first 20
	NombreErreursLecture int             `json:"parseErrorsCount"`
	Colonnes             []string        `json:"fields"` // name, ?name when unknown, name=>name for a regional one
	*CompactLu
}

// CompactLu is there only when the file could be read.
type CompactLu struct {
	ColonnesAbsentes []string                 `json:"notFoundFields"`
	Fichier          *EtatFichier             `json:"fileValidation"`
	Profil           string                   `json:"profile"`
	Lignes           int                      `json:"rowsCount"`
	Codes            []string                 `json:"uniqueErrors"`
	ValiditesProfils map[string]bool          `json:"profilesValidation"`
	Profils          map[string]CompactProfil `json:"profiles"`
}

// CompactErreur is a reading error.
type CompactErreur struct {
	Type  string `json:"type"`
	Code  string `json:"code"`
	Ligne *int   `json:"row,omitempty"` // see ErreurLecture
}

// CompactProfil is the verdict of a profile on the codes of its version, each list sorted.
type CompactProfil struct {
	Erreurs          []string `json:"E"`
	Avertissements   []string `json:"W"`
	Informations     []string `json:"I,omitzero"` // of the profiles chosen automatically
	LignesInvalides  int      `json:"rowsInvalid"`
	ColonnesAbsentes []string `json:"notFoundFields"` // level:field
}

// CompactLigne is a row.
type CompactLigne struct {
	Numero       int                `json:"line"`
	Valide       bool               `json:"isValid"`
	Erreurs      []string           `json:"errors"` // level:code
	Remediations map[string]*string `json:"remediations,omitempty"`
	Valeurs      map[string]any     `json:"parsedValues"`
}

// Compacter rewrites a report.
func (r *Rapport) Compacter() Compact {
	c := Compact{
		LectureReussie: r.LectureReussie, Encodage: r.Encodage, FinDeLigne: r.FinDeLigne, Separateur: r.Separateur,
		ErreursLecture:       []CompactErreur{},
		NombreErreursLecture: r.NombreErreursLecture,
		Colonnes:             []string{},
	}
	for _, e := range r.ErreursLecture[:min(len(r.ErreursLecture), 20)] {
		compacte := CompactErreur{Type: e.Type, Code: e.Code}
		if e.Ligne >= 0 {
			compacte.Ligne = &e.Ligne
		}
		c.ErreursLecture = append(c.ErreursLecture, compacte)
	}
	if !r.LectureReussie {
		return c
	}
	for _, col := range r.Colonnes {
		c.Colonnes = append(c.Colonnes, col.compacter())
	}
	lu := &CompactLu{
		ColonnesAbsentes: []string{}, Fichier: r.Fichier, Profil: r.Profil, Lignes: r.Lignes, Codes: slices.Sorted(slices.Values(r.Codes)),
		ValiditesProfils: map[string]bool{}, Profils: map[string]CompactProfil{},
	}
	if lu.Codes == nil {
		lu.Codes = []string{}
	}
	for _, absent := range r.absents {
		lu.ColonnesAbsentes = append(lu.ColonnesAbsentes, absent.nom())
	}
	for i, p := range profils {
		lu.ValiditesProfils[p.Code] = r.ValiditesProfils[p.Code].Valide
		lu.Profils[p.Code] = r.compacterProfil(p, r.lignesInvalides[i])
	}
	c.CompactLu = lu
	return c
}

func (c *ColonneDuFichier) compacter() string {
	switch {
	case c.ChampLocal != "":
		return c.Nom + "=>" + c.ChampLocal
	case c.Champ == "":
		return "?" + c.Nom
	}
	return c.Nom
}

func (r *Rapport) compacterProfil(p Profil, invalides int) CompactProfil {
	c := CompactProfil{Erreurs: []string{}, Avertissements: []string{}, LignesInvalides: invalides, ColonnesAbsentes: []string{}}
	if p.Utilise {
		c.Informations = []string{}
	}
	for _, retenu := range r.retenus(p.Code) {
		switch {
		case retenu.Niveau == Erreur:
			c.Erreurs = append(c.Erreurs, retenu.Code)
		case retenu.Niveau == Avertissement:
			c.Avertissements = append(c.Avertissements, retenu.Code)
		case p.Utilise:
			c.Informations = append(c.Informations, retenu.Code)
		}
	}
	slices.Sort(c.Erreurs)
	slices.Sort(c.Avertissements)
	slices.Sort(c.Informations)
	for _, absente := range r.absentes(p.Code) {
		c.ColonnesAbsentes = append(c.ColonnesAbsentes, absente.Niveau.String()+":"+absente.Champ)
	}
	return c
}

// Compacter rewrites a row. A row without code nor correction has nothing to say, except the two first of a file.
func (l *Ligne) Compacter() (ligne CompactLigne, utile bool) {
	c := CompactLigne{Numero: l.Numero, Valide: l.Valide, Erreurs: []string{}, Valeurs: l.Valeurs}
	for _, e := range l.Erreurs {
		c.Erreurs = append(c.Erreurs, e.Niveau.String()+":"+e.Code)
	}
	for champ, r := range l.Remediations {
		if c.Remediations == nil {
			c.Remediations = make(map[string]*string, len(l.Remediations))
		}
		c.Remediations[champ] = r.Valeur
	}
	return c, l.Numero < 2 || len(c.Erreurs) > 0 || len(c.Remediations) > 0
}
