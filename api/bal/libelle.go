package bal

// Libelle is the French sentence of a code (07 §10.13). A code of a regional column takes that of its base
// field and names the language; a code without sentence is returned as it is.
func Libelle(code string) string {
	index := codes()
	if info, ok := index[code]; ok && info.libelle != "" {
		return info.libelle
	}
	switch d := decouperCode(code); {
	case d.langue != "":
		if info, ok := index[d.champ.nom()+"."+d.regle]; ok && info.libelle != "" {
			return info.libelle + " [" + d.langue + "]"
		}
	case d.surChamp && code == "field."+d.champ.nom()+".missing":
		return "La colonne " + d.champ.nom() + " n’existe pas"
	}
	return code
}
