package bal

// ligneCode is a row of the table of codes.
type ligneCode struct {
	code string // @@ stands for any regional language
	// niveaux has one letter per profile, in the order of profils: E error, W warning, I information.
	// Parentheses: the field is not in the version of the profile, so the code is left out of what the
	// profile reports; the letter then only counts for the validity that ignores versions.
	niveaux string
	libelle string // empty: see Libelle
}

// tableCodes is the table of 07 §10.10, the only place that knows levels and labels. The four last rows are
// the rules of the deposit (07 §4.4), which do not depend on the profile.
//
// Four codes are never produced (voie_nom.valeur_manquante, toponyme.valeur_manquante,
// uid_adresse.incoherence_ids_ban, commune_deleguee_insee.commune_non_deleguee): they are in the published
// profiles, and old reports may carry them.
var tableCodes = [...]ligneCode{
	//                                                    1.1-strict 1.2-strict 1.3-strict 1.3-relax 1.3 1.4 1.5
	{"file.delimiter.non_standard", "E E E I E E E", "Le séparateur de colonnes n’est pas le point-virgule"},
	{"file.encoding.non_standard", "E E E I E E E", "L’encodage du fichier n’est pas UTF-8"},
	{"file.linebreak.non_standard", "E E E I E E E", "Le séparateur de lignes n’est pas standard"},

	{"field.cad_parcelles.missing", "(I) E E I I I I", ""},
	{"field.certification_commune.missing", "(I) (I) E W W W W", ""},
	{"field.cle_interop.missing", "E E E W W W (W)", ""},
	{"field.commune_deleguee_insee.missing", "(I) E E I I I I", ""},
	{"field.commune_deleguee_nom.missing", "(I) E E I I I I", ""},
	{"field.commune_insee.missing", "(I) E E W E E E", ""},
	{"field.commune_nom.missing", "E E E I I I I", ""},
	{"field.date_der_maj.missing", "E E E W W W W", ""},
	{"field.id_ban_adresse.missing", "(I) (I) (I) (I) (I) W E", ""},
	{"field.id_ban_commune.missing", "(I) (I) (I) (I) (I) W E", ""},
	{"field.id_ban_toponyme.missing", "(I) (I) (I) (I) (I) W E", ""},
	{"field.lat.missing", "E E E W E E E", ""},
	{"field.lieudit_complement_nom.missing", "(I) E E I I I I", ""},
	{"field.long.missing", "E E E W E E E", ""},
	{"field.numero.missing", "E E E E E E E", ""},
	{"field.position.missing", "E E E W W W W", ""},
	{"field.source.missing", "E E E W W W W", ""},
	{"field.suffixe.missing", "E E E W W W W", ""},
	{"field.toponyme.missing", "(I) (I) (I) (I) (I) (I) E", ""},
	{"field.uid_adresse.missing", "E E E I I (I) (I)", ""},
	{"field.voie_nom.missing", "E E E E E E (I)", ""},
	{"field.x.missing", "E E E W W W W", ""},
	{"field.y.missing", "E E E W W W W", ""},

	{"cle_interop.casse_invalide", "E E E W E E (E)", "La clé d’interopérabilité doit être en minuscules"},
	{"cle_interop.commune_ancienne", "I I I W W W (W)", "Le commune INSEE référencée dans la clé d’interopérabilité est une commune ancienne"},
	{"cle_interop.commune_invalide", "E E E E E E (E)", "Clé d’interopérabilité invalide (commune)"},
	{"cle_interop.espaces_debut_fin", "I I I W W W (W)", "La valeur du champ cle_interop ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"cle_interop.numero_invalide", "E E E E E E (E)", "Clé d’interopérabilité invalide (numéro)"},
	{"cle_interop.numero_prefixe_manquant", "E E E W E E (E)", "La partie numéro de la clé d’interopérabilité doit contenir 5 caractères"},
	{"cle_interop.structure_invalide", "E E E E E E (E)", "La clé d’interopérabilité doit contenir au moins 3 segments"},
	{"cle_interop.valeur_manquante", "E E E W E E (E)", "Le champ cle_interop ne doit pas être vide"},
	{"cle_interop.voie_invalide", "E E E W W W (W)", "Clé d’interopérabilité invalide (voie)"},
	{"cle_interop.voie_non_renseignee", "E E E I I I (I)", "La partie voie de la clé d’interopératibilité a été laissée à nul (0000 ou xxxx)"},

	{"uid_adresse.espaces_debut_fin", "I I I W W (W) (W)", "La valeur du champ uid_adresse ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"uid_adresse.incoherence_ids_ban", "I I I W W (W) (W)", ""},
	{"uid_adresse.type_invalide", "I I I W W (E) (E)", "La valeur de uid_adresse n’est pas valide"},

	{"id_ban_commune.espaces_debut_fin", "(I) (I) (I) (I) (I) I I", "La valeur du champ id_ban_commune ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"id_ban_commune.type_invalide", "(I) (I) (I) (I) (I) E E", "La valeur de id_ban_commune n’est pas un uuidv4 valide"},

	{"id_ban_toponyme.espaces_debut_fin", "(I) (I) (I) (I) (I) I I", "La valeur du champ id_ban_toponyme ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"id_ban_toponyme.type_invalide", "(I) (I) (I) (I) (I) E E", "La valeur de id_ban_toponyme n’est pas un uuidv4 valide"},

	{"id_ban_adresse.espaces_debut_fin", "(I) (I) (I) (I) (I) I I", "La valeur du champ id_ban_adresse ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"id_ban_adresse.type_invalide", "(I) (I) (I) (I) (I) E E", "La valeur de id_ban_adresse n’est pas un uuidv4 valide"},

	{"voie_nom.caractere_invalide", "E E E E E E (E)", "Le champ voie_nom contient des caractères non valides"},
	{"voie_nom.casse_incorrecte", "I I I W W W (W)", "Le nom de la voie est en majuscules"},
	{"voie_nom.contient_tiret_bas", "I I I W W W (W)", "Le nom de la voie contient un caractère tiret bas"},
	{"voie_nom.espaces_debut_fin", "I I I W W W (W)", "La valeur du champ voie_nom ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"voie_nom.trop_court", "I I I E E E (E)", "Le nom de la voie est trop court (3 caractères minimum)"},
	{"voie_nom.trop_long", "I I I E E E (E)", "Le nom de la voie est trop long (200 caractères maximum)"},
	{"voie_nom.valeur_manquante", "E E E E E E (E)", "Le champ voie_nom ne doit pas être vide"},
	{"voie_nom_@@.caractere_invalide", "E E E W W W (W)", "Le champ voie_nom contient des caractères non valides"},
	{"voie_nom_@@.casse_incorrecte", "I I I W W W (W)", "Le nom de la voie est en majuscules"},
	{"voie_nom_@@.contient_tiret_bas", "I I I W W W (W)", "Le nom de la voie contient un caractère tiret bas"},
	{"voie_nom_@@.espaces_debut_fin", "I I I W W W (W)", "La valeur du champ voie_nom ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"voie_nom_@@.trop_court", "I I I W W W (W)", "Le nom de la voie est trop court (3 caractères minimum)"},
	{"voie_nom_@@.trop_long", "I I I W W W (W)", "Le nom de la voie est trop long (200 caractères maximum)"},

	{"toponyme.caractere_invalide", "(I) (I) (I) (I) (I) (I) E", "Le champ toponyme contient des caractères non valides"},
	{"toponyme.casse_incorrecte", "(I) (I) (I) (I) (I) (I) W", "Le nom de la voie est en majuscules"},
	{"toponyme.contient_tiret_bas", "(I) (I) (I) (I) (I) (I) W", "Le nom de la voie contient un caractère tiret bas"},
	{"toponyme.espaces_debut_fin", "(I) (I) (I) (I) (I) (I) I", "La valeur du champ toponyme ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"toponyme.trop_court", "(I) (I) (I) (I) (I) (I) E", "Le nom de la voie est trop court (3 caractères minimum)"},
	{"toponyme.trop_long", "(I) (I) (I) (I) (I) (I) E", "Le nom de la voie est trop long (200 caractères maximum)"},
	{"toponyme.valeur_manquante", "(I) (I) (I) (I) (I) (I) E", "Le champ toponyme ne doit pas être vide"},
	{"toponyme_@@.caractere_invalide", "(I) (I) (I) (I) (I) (I) W", "Le champ toponyme contient des caractères non valides"},
	{"toponyme_@@.casse_incorrecte", "(I) (I) (I) (I) (I) (I) W", "Le nom de la voie est en majuscules"},
	{"toponyme_@@.contient_tiret_bas", "(I) (I) (I) (I) (I) (I) W", "Le nom de la voie contient un caractère tiret bas"},
	{"toponyme_@@.trop_court", "(I) (I) (I) (I) (I) (I) W", "Le nom de la voie est trop court (3 caractères minimum)"},
	{"toponyme_@@.trop_long", "(I) (I) (I) (I) (I) (I) W", "Le nom de la voie est trop long (200 caractères maximum)"},

	{"lieudit_complement_nom.espaces_debut_fin", "(I) I I W W W W", "La valeur du champ lieudit_complement_nom ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"lieudit_complement_nom_@@.espaces_debut_fin", "(I) I I W W W W", "La valeur du champ lieudit_complement_nom ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},

	{"numero.contient_prefixe", "E E E W E E E", "La valeur du champ numéro ne doit pas être préfixée par des zéros"},
	{"numero.espaces_debut_fin", "I I I W W W W", "La valeur du champ numero ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"numero.not_to_be_zero", "I I I I W W W", "La valeur du champ numéro ne doit pas être zéro"},
	{"numero.trop_grand", "I I I E E E E", "Le numéro doit être compris entre 0 et 99998 (sauf toponyme)"},
	{"numero.type_invalide", "E E E E E E E", "La valeur du champ numéro doit être un nombre entier"},
	{"numero.valeur_manquante", "E E E E E E E", "Le champ numero ne doit pas être vide"},

	{"suffixe.caractere_invalide", "I I I W W W W", "Le champ suffixe contient des caractères non valides"},
	{"suffixe.debut_invalide", "E E E E E E E", "La valeur du champ suffixe doit commencer par un caractère alphanumérique."},
	{"suffixe.espaces_debut_fin", "I I I W E E E", "La valeur du champ suffixe ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"suffixe.trop_long", "I I I E E E E", "La valeur du champ suffixe est trop longue"},

	{"commune_insee.commune_ancienne", "(I) I I W W W W", "Le code INSEE de la commune est le code d’une commune ancienne"},
	{"commune_insee.commune_invalide", "(I) E E E E E E", "Le code INSEE de la commune n’est pas valide"},
	{"commune_insee.espaces_debut_fin", "(I) I I W E E E", "La valeur du champ commune_insee ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"commune_insee.valeur_manquante", "(I) I I I E E E", "Le champ commune_insee ne doit pas être vide"},

	{"commune_nom.casse_incorrecte", "I I I I I I I", "Le nom de la commune est entièrement en majuscules ou en minuscules"},
	{"commune_nom.espaces_debut_fin", "I I I W W W W", "La valeur du champ commune_nom ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"commune_nom.valeur_manquante", "I I I I I I I", "Le champ commune_nom ne doit pas être vide"},

	{"commune_deleguee_insee.commune_invalide", "(I) E E W W W W", "Le code INSEE de la commune déléguée renseigné n’est pas valide"},
	{"commune_deleguee_insee.commune_non_deleguee", "(I) I I W W W W", ""},
	{"commune_deleguee_insee.espaces_debut_fin", "(I) I I W W W W", "La valeur du champ commune_deleguee_insee ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},

	{"commune_deleguee_nom.espaces_debut_fin", "(I) I I W W W W", "La valeur du champ commune_deleguee_nom ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},

	{"position.enum_fuzzy", "W W W W W W W", "La valeur de la position a été acceptée mais n’est pas conforme à la spécification"},
	{"position.espaces_debut_fin", "I I I W W W W", "La valeur du champ position ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"position.valeur_invalide", "E E E W W W W", "La valeur du champ position est incorrecte"},

	{"x.espaces_debut_fin", "I I I W W W W", "La valeur du champ x ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"x.separateur_decimal_invalide", "E E E W E E E", "Le séparateur des décimales du champ x doit être le point"},
	{"x.valeur_invalide", "E E E E E E E", "La valeur du champ x est incorrecte"},

	{"y.espaces_debut_fin", "I I I W W W W", "La valeur du champ y ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"y.separateur_decimal_invalide", "E E E W E E E", "Le séparateur des décimales du champ y doit être le point"},
	{"y.valeur_invalide", "E E E E E E E", "La valeur du champ y est incorrecte"},

	{"long.espaces_debut_fin", "I I I W W W W", "La valeur du champ long ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"long.separateur_decimal_invalide", "E E E W E E E", "Le séparateur des décimales du champ long doit être le point"},
	{"long.valeur_invalide", "E E E E E E E", "La valeur du champ long est incorrecte"},

	{"lat.espaces_debut_fin", "I I I W W W W", "La valeur du champ lat ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"lat.separateur_decimal_invalide", "E E E W E E E", "Le séparateur des décimales du champ lat doit être le point"},
	{"lat.valeur_invalide", "E E E E E E E", "La valeur du champ lat est incorrecte"},

	{"cad_parcelles.espaces_debut_fin", "(I) I I W W W W", "La valeur du champ cad_parcelles ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"cad_parcelles.pipe_debut_fin", "(I) E E W W W W", "Le symbole | ne doit pas être utilisé en début ou fin de chaîne"},
	{"cad_parcelles.valeur_invalide", "(I) E E W W W W", "La valeur du champ cad_parcelles est incorrecte"},

	{"source.espaces_debut_fin", "I I I W W W W", "La valeur du champ source ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"source.valeur_manquante", "E E E W W W W", "Le champ source ne doit pas être vide"},

	{"date_der_maj.date_ancienne", "I I I W W W W", "Date trop ancienne"},
	{"date_der_maj.date_future", "I I I W W W W", "Date dans le futur"},
	{"date_der_maj.date_invalide", "E E E W E E E", "Date invalide"},
	{"date_der_maj.espaces_debut_fin", "I I I W W W W", "La valeur du champ date_der_maj ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"date_der_maj.valeur_manquante", "E E E W W W W", "Le champ date_der_maj ne doit pas être vide"},

	{"certification_commune.espaces_debut_fin", "(I) (I) I I I I I", "La valeur du champ certification_commune ne doit pas avoir d’espaces en début ou en fin de chaîne de caractère"},
	{"certification_commune.valeur_invalide", "(I) (I) E W W W W", "La valeur du champ certification_commune est incorrecte"},

	{"row.adresse_incomplete", "E E E E E E E", "L’adresse est incomplète (numéro ou nom de la voie non renseignés)"},
	{"row.chef_lieu_invalide", "I I I W W W W", "La code INSEE de la commune courante ne correspond pas au chef lieu de la commune precedente renseignée"},
	{"row.cog_no_match_id_ban_commune", "I I I I I E E", "Le code_insee ne correspond pas au bon id_ban_commune"},
	{"row.commune_manquante", "I I I E E E E", "Aucun code commune valide n’est renseigné"},
	{"row.commune_nom_invalide", "I I I I W W W", "Le nom de la commune est invalide"},
	{"row.different_adresse_with_same_id_ban_adresse", "I I I I I W W", "L’adresse est différente pour le même id_ban_adresse"},
	{"row.different_id_ban_adresses_with_same_adresse", "I I I I I W W", "L’id_ban_adresse est différent pour la même adresse"},
	{"row.different_id_ban_toponyme_with_same_voie_nom", "I I I I I W W", "L’id_ban_toponyme est différent pour le même nom de voie"},
	{"row.different_voie_nom_with_same_id_ban_toponyme", "I I I I I W W", "Le nom de la voie (avec la commune déléguée) est différent pour le même id_ban_toponyme"},
	{"row.incoherence_numero", "E E E E E E E", "Le numéro ne correspond pas à la valeur présente dans la clé"},
	{"row.lack_of_id_ban", "I I I I I E E", "Il manque un ou plusieurs ids ban sur la ligne"},
	{"row.lieudit_complement_nom_not_declared", "I I I I W W W", "Le nom du lieudit complémentaire n’est pas déclaré en ligne 99999"},
	{"row.longlat_invalides", "I I I E E E E", "Les coordonnées long/lat sont en dehors du territoire ou invalides"},
	{"row.longlat_vides", "I I I E E E E", "Les coordonnées long/lat ne sont pas renseignées"},
	{"row.longlat_xy_incoherents", "I I I W W W W", "Les coordonnées long/lat et x/y ne sont pas cohérentes"},
	{"row.position_manquante", "E E E W W W W", "Position nulle"},
	{"row.voie_nom_have_same_lieudit_complement_nom", "I I I I W W W", "Le nom de la voie et le nom du lieudit complémentaire sont identiques"},

	{"rows.empty", "I I I E E E E", "Aucune ligne détecté"},
	{"rows.every_line_required_id_ban", "I I I I I E E", "Les ids ban sont requis pour toutes les lignes si ils sont utilisés"},
	{"rows.multi_id_ban_commune", "I I I I I E E", "Il ne peut pas y avoir differents id_ban_commune"},

	{"commune_insee.valeur_inattendue", "E E E E E E E", "Le code INSEE de la commune est différent de celui de la révision"},
	{"commune_insee.out_of_perimeter", "E E E E E E E", "La commune est hors du périmètre du chef de file"},
	{"rows.delete_too_many_addresses", "E E E E E E E", "Plus de 80 % des adresses seraient supprimées"},
	{"rows.delete_many_addresses", "W W W W W W W", "Plus de 20 % des adresses seraient supprimées"},
}
