package bal

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
)

// Ligne is a row of the file with all that was found in it.
type Ligne struct {
	Numero       int                          `json:"line"` // zero-based, header and empty lines not counted
	Brutes       map[string]string            `json:"rawValues"`
	Valeurs      map[string]any               `json:"parsedValues"` // string, int, float64, bool or []string
	Remediations map[string]Remediation       `json:"remediations"`
	Annexes      map[string]map[string]any    `json:"additionalValues"` // what cle_interop and uid_adresse say
	Regionales   map[string]map[string]string `json:"localizedValues"`  // field, language
	Erreurs      []ErreurLigne                `json:"errors"`           // codes of the version of the profile
	Valide       bool                         `json:"isValid"`          // no error in the profile
}

// ErreurLigne is a code of a row. The same code may be there several times.
type ErreurLigne struct {
	Code   string `json:"code"`
	Champ  string `json:"schemaName,omitempty"`
	Niveau Niveau `json:"level"`
}

// exporter makes the row that callers see.
func (x *examen) exporter(li *ligne, regles anomalies, remedes []remede) Ligne {
	e := x.entete
	sortie := Ligne{
		Numero: li.rang, Brutes: make(map[string]string, len(e.lues)), Valeurs: make(map[string]any, len(e.lues)),
		Remediations: map[string]Remediation{}, Annexes: map[string]map[string]any{}, Regionales: map[string]map[string]string{},
		Erreurs: x.codesDeLigne(li, regles),
		Valide:  true,
	}
	for lue, i := range e.lues {
		col, c := &e.colonnes[i], li.cellule(e, lue)
		sortie.Brutes[col.nom] = string(c.brut)
		if !c.lue {
			continue
		}
		sortie.Valeurs[col.nom] = c.exporter(col.champ)
		if col.langue != "" {
			if sortie.Regionales[col.champ.nom()] == nil {
				sortie.Regionales[col.champ.nom()] = map[string]string{}
			}
			sortie.Regionales[col.champ.nom()][col.langue] = string(c.valeur)
		}
	}
	if li.cellules[champCleInterop].lue {
		sortie.Annexes[champCleInterop.nom()] = li.cle.exporter()
	}
	if c := &li.cellules[champUIDAdresse]; c.lue {
		marques, _ := lireMarques(c.valeur)
		sortie.Annexes[champUIDAdresse.nom()] = marques.exporter()
	}
	for i := range remedes {
		sortie.Remediations[remedes[i].champ.nom()] = remedes[i].exporter()
	}
	for _, err := range sortie.Erreurs {
		sortie.Valide = sortie.Valide && err.Niveau != Erreur
	}
	return sortie
}

// codesDeLigne lists the codes of a row: columns in the order of the file, then rules.
func (x *examen) codesDeLigne(li *ligne, regles anomalies) []ErreurLigne {
	e, profil := x.entete, profils[x.entete.profil].Code
	liste := []ErreurLigne{}
	ajouter := func(code, champ string) {
		if retenuSurLigne(profil, code) {
			liste = append(liste, ErreurLigne{code, champ, NiveauDe(profil, code)})
		}
	}
	for _, lue := range li.fautives {
		for reste := li.cellule(e, lue).codes; reste != 0; {
			var g int
			g, reste = reste.suivante()
			ajouter(e.code(rangGenre(lue, genre(g))), e.colonnes[e.lues[lue]].nom)
		}
	}
	for reste := regles; reste != 0; {
		var r int
		r, reste = reste.suivante()
		fois := 1
		switch regle(r) {
		case regleManqueIDBan:
			fois = li.manqueIDs
		case regleCommuneInattendue:
			fois = 0
		}
		for range fois {
			ajouter(codesRegle[r], "")
		}
	}
	return liste
}

// exporter gives the parsed value in the type of its field.
func (c *cellule) exporter(ch champ) any {
	switch ch {
	case champNumero:
		return int(c.nombre)
	case champX, champY, champLong, champLat:
		return Coordonnee(c.nombre)
	case champCertificationCommune:
		return c.valeur[0] == '1'
	case champCadParcelles:
		parcelles := []string{}
		for _, p := range bytes.Split(c.valeur, []byte("|")) {
			parcelles = append(parcelles, string(p))
		}
		return parcelles
	}
	return string(c.valeur)
}

// Coordonnee is a number of degrees or metres. A number too large to be represented is infinite, and null in JSON.
type Coordonnee float64

// MarshalJSON writes the shortest decimal text that reads back as the same number.
func (c Coordonnee) MarshalJSON() ([]byte, error) {
	if math.IsInf(float64(c), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(c))
}

// texte writes the number without exponent.
func (c Coordonnee) texte() string { return strconv.FormatFloat(float64(c), 'f', -1, 64) }

func (k *cle) exporter() map[string]any {
	suffixes := []string{}
	if len(k.suite) > 0 {
		for _, s := range bytes.Split(k.suite, []byte("_")) {
			suffixes = append(suffixes, string(s))
		}
	}
	annexe := map[string]any{"codeCommune": k.commune.code, "numeroVoie": string(k.numero), "suffixes": suffixes}
	if k.voie != nil {
		annexe["codeVoie"] = string(enCapitales(k.voie))
	}
	return annexe
}

func (i *ids) exporter() map[string]any {
	annexe := map[string]any{}
	for nom, id := range map[string][]byte{"idBanCommune": i.commune, "idBanToponyme": i.toponyme, "idBanAdresse": i.adresse} {
		annexe[nom] = nil
		if id != nil {
			annexe[nom] = string(id)
		}
	}
	return annexe
}
