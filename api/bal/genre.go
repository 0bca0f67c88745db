package bal

import "math/bits"

// genre is what is wrong with the value of a column; with the name of the column it makes a code
// ("voie_nom" + "trop_court"). The order is that in which the rules of a field are applied (07 §10.6).
type genre uint8

const (
	genreEspaces genre = iota
	genreValeurManquante
	genreCasseInvalide
	genreStructureInvalide
	genreCommuneInvalide
	genreCommuneAncienne
	genreVoieInvalide
	genreVoieNonRenseignee
	genreNumeroInvalide
	genreNumeroPrefixeManquant
	genreTypeInvalide
	genreTropCourt
	genreTropLong
	genreDebutInvalide
	genreCaractereInvalide
	genreTiretBas
	genreCasseIncorrecte
	genreTropGrand
	genreZero
	genrePrefixe
	genreEnumFlou
	genreSeparateurDecimal
	genrePipe
	genreValeurInvalide
	genreDateInvalide
	genreDateAncienne
	genreDateFuture
	// genreCasseDouble is the second casse_incorrecte of a name equal both to its lower and to its upper case: the
	// code is written twice on the row and counted once.
	genreCasseDouble

	nbGenres = iota
)

var nomsGenre = [nbGenres]string{
	genreEspaces:               "espaces_debut_fin",
	genreValeurManquante:       "valeur_manquante",
	genreCasseInvalide:         "casse_invalide",
	genreStructureInvalide:     "structure_invalide",
	genreCommuneInvalide:       "commune_invalide",
	genreCommuneAncienne:       "commune_ancienne",
	genreVoieInvalide:          "voie_invalide",
	genreVoieNonRenseignee:     "voie_non_renseignee",
	genreNumeroInvalide:        "numero_invalide",
	genreNumeroPrefixeManquant: "numero_prefixe_manquant",
	genreTypeInvalide:          "type_invalide",
	genreTropCourt:             "trop_court",
	genreTropLong:              "trop_long",
	genreDebutInvalide:         "debut_invalide",
	genreCaractereInvalide:     "caractere_invalide",
	genreTiretBas:              "contient_tiret_bas",
	genreCasseIncorrecte:       "casse_incorrecte",
	genreTropGrand:             "trop_grand",
	genreZero:                  "not_to_be_zero",
	genrePrefixe:               "contient_prefixe",
	genreEnumFlou:              "enum_fuzzy",
	genreSeparateurDecimal:     "separateur_decimal_invalide",
	genrePipe:                  "pipe_debut_fin",
	genreValeurInvalide:        "valeur_invalide",
	genreDateInvalide:          "date_invalide",
	genreDateAncienne:          "date_ancienne",
	genreDateFuture:            "date_future",
	genreCasseDouble:           "casse_incorrecte",
}

// regle is what is wrong with a row as a whole (07 §10.7, then the rules of 07 §10.8 that designate rows), in the
// order in which rules are applied.
type regle uint8

const (
	regleIncoherenceNumero regle = iota
	regleCommuneManquante
	regleCommuneNomInvalide
	regleVoieEgaleComplement
	reglePositionManquante
	regleLongLatVides
	regleLongLatXYIncoherents
	regleLongLatInvalides
	regleAdresseIncomplete
	regleChefLieuInvalide
	regleManqueIDBan
	regleIDCommuneAutreCommune
	regleVoiesDunToponyme
	regleToponymesDuneVoie
	regleAdressesDunID
	regleIDsDuneAdresse
	regleComplementNonDeclare
	// regleCommuneInattendue belongs to the deposit (07 §4.4) and exists only with Options.CommuneAttendue. It is
	// counted in the summary, never reported among the codes of a profile.
	regleCommuneInattendue

	nbRegles = iota
)

// codesRegle are the codes of the rules that designate rows.
var codesRegle = [nbRegles]string{
	regleIncoherenceNumero:     "row.incoherence_numero",
	regleCommuneManquante:      "row.commune_manquante",
	regleCommuneNomInvalide:    "row.commune_nom_invalide",
	regleVoieEgaleComplement:   "row.voie_nom_have_same_lieudit_complement_nom",
	reglePositionManquante:     "row.position_manquante",
	regleLongLatVides:          "row.longlat_vides",
	regleLongLatXYIncoherents:  "row.longlat_xy_incoherents",
	regleLongLatInvalides:      "row.longlat_invalides",
	regleAdresseIncomplete:     "row.adresse_incomplete",
	regleChefLieuInvalide:      "row.chef_lieu_invalide",
	regleManqueIDBan:           "row.lack_of_id_ban",
	regleIDCommuneAutreCommune: "row.cog_no_match_id_ban_commune",
	regleVoiesDunToponyme:      "row.different_voie_nom_with_same_id_ban_toponyme",
	regleToponymesDuneVoie:     "row.different_id_ban_toponyme_with_same_voie_nom",
	regleAdressesDunID:         "row.different_adresse_with_same_id_ban_adresse",
	regleIDsDuneAdresse:        "row.different_id_ban_adresses_with_same_adresse",
	regleComplementNonDeclare:  "row.lieudit_complement_nom_not_declared",
	regleCommuneInattendue:     "commune_insee.valeur_inattendue",
}

// anomalies is a set of genres or of regles: a value or a row has each of them at most once.
type anomalies uint32

func (a anomalies) avec(g genre) anomalies     { return a | 1<<g }
func (a *anomalies) relever(r regle)           { *a |= 1 << r }
func (a anomalies) suivante() (int, anomalies) { return bits.TrailingZeros32(uint32(a)), a & (a - 1) }
