package bal_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apilos/api/bal"
	"apilos/api/cog"
)

// TestChamps is the table of 07 §10.6: raw value, parsed value (nil: none), codes.
func TestChamps(t *testing.T) {
	t.Parallel()
	const uuid = "1bef012c-6285-4f84-971f-d8fe3a389ef5"
	for _, cas := range []struct {
		champ, brut string
		valeur      any
		codes       string
	}{
		{"cle_interop", "", nil, "valeur_manquante"},
		{"cle_interop", " 27115_0010_00002", "27115_0010_00002", "espaces_debut_fin"},
		{"cle_interop", "27115_0010_2_BIS", "27115_0010_00002_bis", "casse_invalide numero_prefixe_manquant"},
		{"cle_interop", "27115_0010_000002", "27115_0010_000002", "numero_prefixe_manquant"},
		{"cle_interop", "27115_0010", nil, "structure_invalide"},
		{"cle_interop", "27115__00002", nil, "structure_invalide"},
		{"cle_interop", "27115_0010_00002_", nil, "structure_invalide"},
		{"cle_interop", "27115_0010_00002_a__b", nil, "structure_invalide"},
		{"cle_interop", "99999_0010_00002", "99999_0010_00002", "commune_invalide"},
		{"cle_interop", "75056_0010_00002", "75056_0010_00002", "commune_invalide"},
		{"cle_interop", "2a004_0010_00002", "2a004_0010_00002", ""},
		{"cle_interop", "27115_00_00002", "27115_00_00002", "voie_invalide"},
		{"cle_interop", "27115_XxXx_00002", "27115_xxxx_00002", "casse_invalide voie_non_renseignee"},
		{"cle_interop", "27115_0000_00002", "27115_0000_00002", "voie_non_renseignee"},
		{"cle_interop", "27115_0010_abc", nil, "numero_invalide"},
		{"cle_interop", "27115_0010_٣", nil, "numero_invalide"},

		{"uid_adresse", "texte libre", "texte libre", ""},
		{"uid_adresse", "@c:" + uuid, "@c:" + uuid, ""},
		{"uid_adresse", "@C:" + strings.ToUpper(uuid), "@C:" + strings.ToUpper(uuid), ""},
		{"uid_adresse", "@c:x", nil, "type_invalide"},
		{"uid_adresse", "@c: x", "@c: x", ""},
		{"uid_adresse", "@v:" + uuid + "@a:" + uuid, nil, "type_invalide"},
		{"id_ban_adresse", strings.ToUpper(uuid), strings.ToUpper(uuid), ""},
		{"id_ban_commune", "1bef012c-6285-1f84-971f-d8fe3a389ef5", nil, "type_invalide"},
		{"id_ban_toponyme", "1bef012c62854f84971fd8fe3a389ef5", nil, "type_invalide"},

		{"voie_nom", "", nil, ""},
		{"voie_nom", "ab", nil, "trop_court"},
		{"voie_nom", "𝒜b", "𝒜b", ""}, // three UTF-16 units
		{"voie_nom", strings.Repeat("é", 200), strings.Repeat("é", 200), ""},
		{"voie_nom", strings.Repeat("é", 201), nil, "trop_long"},
		{"voie_nom", "Rue\uFFFDx", nil, "caractere_invalide"},
		{"toponyme", "Rue_x", "Rue x", "contient_tiret_bas"},
		{"voie_nom", "123", "123", "casse_incorrecte"},
		{"voie_nom", "RUE É", "RUE É", "casse_incorrecte"},
		{"voie_nom", "RUE STRAßE", "RUE STRAßE", ""},
		{"voie_nom_bre", "ab", nil, "trop_court"},
		{"commune_nom_bre", "", nil, ""},

		{"numero", "0", 0, "not_to_be_zero"},
		{"numero", "00", 0, "not_to_be_zero"},
		{"numero", "05", 5, "contient_prefixe"},
		{"numero", "99999", 99999, ""},
		{"numero", "100000", nil, "trop_grand"},
		{"numero", strings.Repeat("9", 40), nil, "trop_grand"},
		{"numero", "1.0", nil, "type_invalide"},
		{"numero", "٣", nil, "type_invalide"},

		{"suffixe", "bis ter", "bis ter", ""},
		{"suffixe", "aŸ", "aŸ", ""},
		{"suffixe", "aœ", "aœ", "caractere_invalide"},
		{"suffixe", "a×", "a×", "caractere_invalide"},
		{"suffixe", "1-2", "1-2", "caractere_invalide"},
		{"suffixe", "É", nil, "debut_invalide"},
		{"suffixe", "1234567𝒜", "1234567𝒜", "caractere_invalide"},
		{"suffixe", "12345678𝒜", nil, "trop_long"},

		{"commune_insee", "2a004", "2A004", ""},
		{"commune_insee", "69123", nil, "commune_invalide"},
		{"commune_insee", "69232", nil, "commune_invalide"},
		{"commune_insee", "50173", "50173", "commune_ancienne"},
		{"commune_deleguee_insee", "50173", "50173", ""},
		{"commune_deleguee_insee", "x", "X", "commune_invalide"},
		{"commune_nom", "Breux", "Breux", ""},
		{"commune_nom", "BREUX", "BREUX", "casse_incorrecte"},
		{"commune_nom", "123", "123", "casse_incorrecte casse_incorrecte"},

		{"position", "entrée", "entrée", ""},
		{"position", "entre\u0301e", "entrée", ""},
		{"position", "ENTREE!", "entrée", "enum_fuzzy"},
		{"position", "cage d'escalier", "cage d’escalier", "enum_fuzzy"},
		{"position", "délivrance_postale", nil, "valeur_invalide"},

		{"x", "05", bal.Coordonnee(5), ""},
		{"x", "012", nil, "valeur_invalide"},
		{"y", "-0", bal.Coordonnee(0), ""},
		{"long", "-1,25", bal.Coordonnee(-1.25), "separateur_decimal_invalide"},
		{"lat", "1.2,3", nil, "valeur_invalide"},
		{"x", ".5", nil, "valeur_invalide"},
		{"x", "1.", nil, "valeur_invalide"},
		{"x", "1e5", nil, "valeur_invalide"},
		{"x", "1." + strings.Repeat("3", 30), bal.Coordonnee(1.3333333333333333), ""},

		{"cad_parcelles", "|27115000AH5024||", []string{"27115000AH5024"}, "pipe_debut_fin"},
		{"cad_parcelles", "||", nil, "pipe_debut_fin valeur_invalide"},
		{"cad_parcelles", "271150000AH5024|27115000AH5025", []string{"27150000AH5024", "27115000AH5025"}, ""},
		{"cad_parcelles", "27115000AH5024||27115000AH5025", nil, "valeur_invalide"},

		{"date_der_maj", "2024-02-29", "2024-02-29", ""},
		{"date_der_maj", "2023-02-29", nil, "date_invalide"},
		{"date_der_maj", "1900-02-29", nil, "date_invalide"},
		{"date_der_maj", "2010-01-01", "2010-01-01", ""},
		{"date_der_maj", "2009-12-31", "2009-12-31", "date_ancienne"},
		{"date_der_maj", "2026-06-15", "2026-06-15", ""},
		{"date_der_maj", "2026-06-16", nil, "date_future"},
		{"date_der_maj", "10/05/2018", nil, "date_invalide"},

		{"certification_commune", "1", true, ""},
		{"certification_commune", "0", false, ""},
		{"certification_commune", "oui", nil, "valeur_invalide"},
		{"source", "\u00a0a\ufeff", "a", "espaces_debut_fin"},
		{"source", "\u200ba", "\u200ba", ""},
		{"lieudit_complement_nom", "x", "x", ""},
	} {
		t.Run(cas.champ+" "+cas.brut, func(t *testing.T) {
			t.Parallel()
			v, ok := bal.LireValeur(cas.champ, cas.brut, horloge, cog.Charger())
			require.True(t, ok)
			require.Equal(t, cas.valeur, v.Valeur)
			codes := []string{}
			for _, code := range strings.Fields(cas.codes) {
				codes = append(codes, cas.champ+"."+code)
			}
			require.Equal(t, codes, v.Codes)
		})
	}
	_, ok := bal.LireValeur("num", "1", horloge, cog.Charger())
	require.False(t, ok, "there is no alias of columns")
}

// TestDateParJourUTC: the day of the clock is that of UTC, whatever its zone (07 §10.1).
func TestDateParJourUTC(t *testing.T) {
	t.Parallel()
	minuit := time.Date(2026, 6, 15, 2, 0, 0, 0, time.FixedZone("Paris", 2*60*60)) // midnight in UTC
	v, _ := bal.LireValeur("date_der_maj", "2026-06-15", minuit.Add(-time.Second), cog.Charger())
	require.Equal(t, []string{"date_der_maj.date_future"}, v.Codes)
	v, _ = bal.LireValeur("date_der_maj", "2026-06-15", minuit, cog.Charger())
	require.Empty(t, v.Codes)
}
