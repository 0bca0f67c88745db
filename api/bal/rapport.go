package bal

import "encoding/json"

// VersionValidateur is the version of the published rule set that this package follows.
const VersionValidateur = "3.5.2"

// Rapport is the result of the validation of a file (07 §10.11). Its size does not depend on that of the file.
type Rapport struct {
	Encodage       string   `json:"encoding"`  // "utf-8" or "windows-1252"; empty when the file is not text
	FinDeLigne     string   `json:"linebreak"` // "\n", "\r\n" or "\r"
	Separateur     string   `json:"delimiter"`
	EntetesBruts   []string `json:"originalFields"`
	LectureReussie bool     `json:"parseOk"`
	// ErreursLecture are the first 100 reading errors: quotes, separator, then number of fields. InvalidQuotes alone
	// leaves LectureReussie true; everything below is empty when it is false.
	ErreursLecture       []ErreurLecture `json:"parseErrors"`
	NombreErreursLecture int             `json:"parseErrorsCount"`

	Colonnes             []ColonneDuFichier        `json:"fields"`
	ColonnesAbsentes     []ColonneAbsente          `json:"notFoundFields"` // fields of the version of the profile
	Fichier              *EtatFichier              `json:"fileValidation,omitempty"`
	Lignes               int                       `json:"rowsCount"`
	ValiditesProfils     map[string]ValiditeProfil `json:"profilesValidation,omitempty"` // without the filter of versions
	CodesGlobaux         []string                  `json:"globalErrors"`
	CodesLignes          []string                  `json:"rowsErrors"`
	Codes                []string                  `json:"uniqueErrors"` // global codes, then those of rows by discovery
	Profil               string                    `json:"profile"`
	CodesProfil          []CodeNiveau              `json:"profilErrors"` // codes of the version of the profile
	LignesInvalides      int                       `json:"rowsInvalid"`
	Valide               bool                      `json:"valid"` // no error in CodesProfil
	Resume               []CodeResume              `json:"summary"`
	Communes             []CommuneDuFichier        `json:"communes"`
	LignesAutresCommunes int                       `json:"communesOmitted"` // rows of the communes that are not listed

	absents         []champ
	lignesInvalides [len(profils)]int
}

// ErreurLecture is why a record could not be cut into fields (07 §10.3).
type ErreurLecture struct {
	Type    string `json:"type"` // Quotes, Delimiter, FieldMismatch or File
	Code    string `json:"code"`
	Message string `json:"message"`
	// Ligne is a zero-based data row; for Quotes, a record of the file, header and empty lines counted. Negative when
	// the error is that of the whole file.
	Ligne int `json:"-"`
	// Position is where the quoted field at fault begins, in UTF-16 units of the file without byte order mark, after its
	// quote. Negative for the other errors.
	Position int `json:"-"`
}

// MarshalJSON writes row and index only when there is one.
func (e ErreurLecture) MarshalJSON() ([]byte, error) {
	type base ErreurLecture
	objet := struct {
		base
		Row   *int `json:"row,omitempty"`
		Index *int `json:"index,omitempty"`
	}{base: base(e)}
	if e.Ligne >= 0 {
		objet.Row = &e.Ligne
	}
	if e.Position >= 0 {
		objet.Index = &e.Position
	}
	return json.Marshal(objet)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (e *ErreurLecture) UnmarshalJSON(texte []byte) error {
	type base ErreurLecture
	objet := struct {
		*base
		Row   *int `json:"row"`
		Index *int `json:"index"`
	}{base: (*base)(e)}
	if err := json.Unmarshal(texte, &objet); err != nil {
		return err
	}
	e.Ligne, e.Position = -1, -1
	if objet.Row != nil {
		e.Ligne = *objet.Row
	}
	if objet.Index != nil {
		e.Position = *objet.Index
	}
	return nil
}

// ColonneDuFichier is a column of the file; only Nom is set when the format does not know it.
type ColonneDuFichier struct {
	Nom        string `json:"name"`
	Champ      string `json:"schemaName,omitempty"`
	ChampLocal string `json:"localizedSchemaName,omitempty"`
	Langue     string `json:"locale,omitempty"`
}

// ColonneAbsente is a field of the format that the file has not got.
type ColonneAbsente struct {
	Champ  string `json:"schemaName"`
	Niveau Niveau `json:"level"`
}

// EtatFichier tells how the file is written, and whether it is as the format asks.
type EtatFichier struct {
	Encodage   ValeurFichier `json:"encoding"`
	Separateur ValeurFichier `json:"delimiter"`
	FinDeLigne ValeurFichier `json:"linebreak"` // Unix, Windows or Old Mac/BSD
}

// ValeurFichier is a property of the file.
type ValeurFichier struct {
	Valeur string `json:"value"`
	Valide bool   `json:"isValid"`
}

// ValiditeProfil is the verdict of a profile.
type ValiditeProfil struct {
	Code   string `json:"code"`
	Nom    string `json:"name"`
	Valide bool   `json:"isValid"`
}

// CodeNiveau is a code with its level in the profile.
type CodeNiveau struct {
	Code   string `json:"code"`
	Niveau Niveau `json:"level"`
}

// CodeResume is a code as shown to people: its sentence, how many rows have it, and the first of them.
type CodeResume struct {
	Code    string `json:"code"`
	Niveau  Niveau `json:"level"`
	Libelle string `json:"label"`
	Nombre  int    `json:"count"` // rows; 1 for a code of the whole file
	// PremieresLignes are at most 20 line numbers as a spreadsheet shows them: the header is line 1.
	PremieresLignes []int `json:"firstLines"`
	// PremieresValeurs are the values of those lines, for a code about a column.
	PremieresValeurs []string `json:"firstValues,omitempty"`
}

// CommuneDuFichier counts the rows of a commune: that of commune_insee, else that of cle_interop. Code is empty for the
// rows without any.
type CommuneDuFichier struct {
	Code          string `json:"code"`
	Lignes        int    `json:"rows"`
	PremiereLigne int    `json:"firstRow"` // zero-based
}

// MarshalText writes the letter of the level.
func (n Niveau) MarshalText() ([]byte, error) { return []byte{byte(n)}, nil }

// UnmarshalText reads the letter of a level.
func (n *Niveau) UnmarshalText(texte []byte) error {
	*n = Information
	if len(texte) == 1 {
		*n = Niveau(texte[0])
	}
	return nil
}

// retenus are the codes that the report of a profile shows, with their levels.
func (r *Rapport) retenus(profil string) []CodeNiveau {
	retenus := []CodeNiveau{}
	for _, code := range r.Codes {
		if !HorsVersion(profil, code) {
			retenus = append(retenus, CodeNiveau{code, NiveauDe(profil, code)})
		}
	}
	return retenus
}

// absentes are the fields of the version of a profile that the file has not got.
func (r *Rapport) absentes(profil string) []ColonneAbsente {
	absentes := []ColonneAbsente{}
	for _, c := range r.absents {
		if code := "field." + c.nom() + ".missing"; !HorsVersion(profil, code) {
			absentes = append(absentes, ColonneAbsente{c.nom(), NiveauDe(profil, code)})
		}
	}
	return absentes
}

// valide tells whether no code of the file is an error in the profile, fields of other versions included.
func (r *Rapport) valide(profil string) bool {
	for _, code := range r.Codes {
		if NiveauDe(profil, code) == Erreur {
			return false
		}
	}
	return true
}

// Refuse tells whether the file is not text at all, or in an encoding that is not accepted.
func (r *Rapport) Refuse() bool {
	return len(r.ErreursLecture) > 0 && r.ErreursLecture[0].Type == "File"
}
