package bal

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Counts of 07 §10.10, column by column; the four rules of the deposit are apart.
func TestTableCodes_counts(t *testing.T) {
	t.Parallel()
	type compte struct{ e, w, i, hors int }
	attendu := map[string]compte{
		"1.1-strict": {46, 1, 50, 43},
		"1.2-strict": {55, 1, 59, 25},
		"1.3-strict": {57, 1, 60, 22},
		"1.3-relax":  {25, 67, 26, 22},
		"1.3":        {43, 57, 18, 22},
		"1.4":        {50, 61, 12, 17},
		"1.5":        {47, 52, 12, 29},
	}
	depot := []string{"commune_insee.valeur_inattendue", "commune_insee.out_of_perimeter", "rows.delete_too_many_addresses", "rows.delete_many_addresses"}
	require.Len(t, tableCodes, 140+len(depot))
	for _, p := range Profils() {
		var c compte
		for _, l := range tableCodes[:140] {
			code := strings.Replace(l.code, "_@@", "_bre", 1)
			switch n := NiveauDe(p.Code, code); {
			case HorsVersion(p.Code, code):
				c.hors++
			case n == Erreur:
				c.e++
			case n == Avertissement:
				c.w++
			case n == Information:
				c.i++
			}
		}
		require.Equal(t, attendu[p.Code], c, p.Code)
		for i, code := range depot {
			require.Equal(t, tableCodes[140+i].code, code)
			niveau := Erreur
			if code == "rows.delete_many_addresses" {
				niveau = Avertissement
			}
			require.Equal(t, niveau, NiveauDe(p.Code, code))
		}
	}
}

// The parentheses of the table and the versions of the fields (07 §10.4) say the same thing.
func TestTableCodes_parenthesesFollowTheVersionsOfFields(t *testing.T) {
	t.Parallel()
	vus := map[string]bool{}
	for _, l := range tableCodes[:140] {
		require.False(t, vus[l.code], l.code)
		vus[l.code] = true
		niveaux := strings.Fields(l.niveaux)
		require.Len(t, niveaux, len(profils), l.code)
		for i, lettre := range niveaux {
			code := strings.Replace(l.code, "_@@", "_oc-nicard", 1)
			hors := strings.HasPrefix(lettre, "(")
			require.Equal(t, hors, HorsVersion(profils[i].Code, code), "%s in %s", l.code, profils[i].Code)
			require.Equal(t, strings.Trim(lettre, "()"), NiveauDe(profils[i].Code, code).String(), "%s in %s", l.code, profils[i].Code)
			require.Contains(t, "EWI", strings.Trim(lettre, "()"))
		}
	}
}

func TestNiveauDe(t *testing.T) {
	t.Parallel()
	for _, cas := range []struct {
		profil, code string
		niveau       Niveau
		hors         bool
	}{
		{"1.3-relax", "file.encoding.non_standard", Information, false},
		{"1.4", "file.encoding.non_standard", Erreur, false},
		{"1.4", "field.toponyme.missing", Information, true},
		{"1.5", "field.toponyme.missing", Erreur, false},
		{"1.5", "cle_interop.structure_invalide", Erreur, true},
		{"1.3", "voie_nom.trop_court", Erreur, false},
		{"1.3", "voie_nom_bre.trop_court", Avertissement, false},
		{"1.5", "voie_nom_bre.trop_court", Avertissement, true},
		{"1.5", "toponyme_fr-gallo.trop_court", Avertissement, false},
		{"1.5", "toponyme_bre.espaces_debut_fin", Information, false},
		{"1.4", "commune_nom_bre.espaces_debut_fin", Information, false},
		{"1.3", "voie_nom_zzz.trop_court", Information, false},
		{"1.3", "position_bre.valeur_invalide", Information, false},
		{"1.4", "row.lack_of_id_ban", Erreur, false},
		{"1.3", "row.lack_of_id_ban", Information, false},
		{"1.3", "rows.empty", Erreur, false},
		{"1.3", "code.inconnu", Information, false},
		{"1.3", "field.inconnue.missing", Information, false},
		{"1.6", "rows.empty", Information, false},
		{"1.3", "", Information, false},
	} {
		require.Equal(t, cas.niveau, NiveauDe(cas.profil, cas.code), "%s in %s", cas.code, cas.profil)
		require.Equal(t, cas.hors, HorsVersion(cas.profil, cas.code), "%s in %s", cas.code, cas.profil)
	}
}

func TestProfils(t *testing.T) {
	t.Parallel()
	utilises := []string{}
	for _, p := range Profils() {
		if p.Utilise {
			utilises = append(utilises, p.Code+" "+p.Nom)
		}
		trouve, ok := ProfilDe(p.Code)
		require.True(t, ok)
		require.Equal(t, p, trouve)
	}
	require.Equal(t, []string{"1.5 BAL 1.5 (beta)", "1.4 BAL 1.4 (defaut)", "1.3 BAL 1.3 (legacy)"}, utilises)
	Profils()[0].Code = "changed"
	require.Equal(t, "1.5", Profils()[0].Code)
	_, ok := ProfilDe("1.6")
	require.False(t, ok)
}

func TestChamps(t *testing.T) {
	t.Parallel()
	parVersion := map[string]int{"1.1": 13, "1.2": 18, "1.3": 19, "1.4": 21, "1.5": 20}
	for version, n := range parVersion {
		trouves := 0
		for c := range champ(nbChamps) {
			if c.dansVersion(version) {
				trouves++
			}
		}
		require.Equal(t, n, trouves, version)
	}
	require.Equal(t, "cle_interop", champ(0).nom())
	require.Equal(t, "certification_commune", champ(nbChamps-1).nom())
	_, ok := champDe("NUMERO")
	require.False(t, ok)
}

func TestCouperRegional(t *testing.T) {
	t.Parallel()
	for _, cas := range []struct {
		entete, base, langue string
		ok                   bool
	}{
		{"voie_nom_bre", "voie_nom", "bre", true},
		{"toponyme_oc-provenc", "toponyme", "oc-provenc", true},
		{"commune_deleguee_nom_ty", "commune_deleguee_nom", "ty", true},
		{"lieudit_complement_nom_fra", "lieudit_complement_nom", "fra", true},
		{"voie_nom_BRE", "", "", false},
		{"voie_nom_zzz", "", "", false},
		{"voie_nom_", "", "", false},
		{"numero_bre", "", "", false},
		{"Voie_nom_bre", "", "", false},
		{"bre", "", "", false},
	} {
		c, langue, ok := couperRegional(cas.entete)
		require.Equal(t, cas.ok, ok, cas.entete)
		if ok {
			require.Equal(t, cas.base, c.nom())
			require.Equal(t, cas.langue, langue)
		}
	}
	require.Len(t, langues, 25)
}

func TestLibelle(t *testing.T) {
	t.Parallel()
	for code, libelle := range map[string]string{
		"voie_nom.trop_court":               "Le nom de la voie est trop court (3 caractères minimum)",
		"voie_nom_bre.trop_court":           "Le nom de la voie est trop court (3 caractères minimum) [bre]",
		"voie_nom_bre.espaces_debut_fin":    "La valeur du champ voie_nom ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère [bre]",
		"commune_nom_bre.espaces_debut_fin": "La valeur du champ commune_nom ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère [bre]",
		"field.x.missing":                   "La colonne x n’existe pas",
		"field.inconnue.missing":            "field.inconnue.missing",
		"cad_parcelles.pipe_debut_fin":      "Le symbole | ne doit pas être utilisé en début ou fin de chaîne",
		"file.encoding.non_standard":        "L’encodage du fichier n’est pas UTF-8",
		"file.delimiter.non_standard":       "Le séparateur de colonnes n’est pas le point-virgule",
		"file.linebreak.non_standard":       "Le séparateur de lignes n’est pas standard",
		"commune_nom.casse_incorrecte":      "Le nom de la commune est entièrement en majuscules ou en minuscules",
		"commune_nom_cos.casse_incorrecte":  "Le nom de la commune est entièrement en majuscules ou en minuscules [cos]",
		"commune_insee.valeur_inattendue":   "Le code INSEE de la commune est différent de celui de la révision",
		"rows.delete_too_many_addresses":    "Plus de 80 % des adresses seraient supprimées",
		"uid_adresse.incoherence_ids_ban":   "uid_adresse.incoherence_ids_ban",
		"voie_nom_zzz.trop_court":           "voie_nom_zzz.trop_court",
		"rien":                              "rien",
		"":                                  "",
	} {
		require.Equal(t, libelle, Libelle(code), code)
	}
	for _, l := range tableCodes {
		require.NotContains(t, l.libelle, "<langue>", l.code)
		require.NotContains(t, l.libelle, "'", l.code)
	}
}
