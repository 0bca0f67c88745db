package store_test

const fichier1 = "id=1; compartiment='c'; cle_objet='k1'; nom_reel='n'; nom_stockage='n'"

var deuxFichiers = []string{
	ins("fichier", fichier1),
	ins("fichier", "id=2; compartiment='c'; cle_objet='k2'; nom_reel='n'; nom_stockage='n'"),
}

// avecFichiers prepares two files, then the given statements.
func avecFichiers(sql ...string) []string {
	return append(deuxFichiers[:len(deuxFichiers):len(deuxFichiers)], sql...)
}

func rattache(champs string) string { return ins("fichier_rattache", champs) }

const idHexa = "'65f000000000000000000001'"

// revisionAnnexe is a revision about the attached files of convention 1.
func revisionAnnexe(champs string) string {
	return ins("revision", "nature='annexe'; portee_type='convention'; portee_cle='1'; "+champs)
}

var reglesFichier = []regle{
	{"I17_un_document_courant_par_rubrique", []essai{
		{nom: "DOCUMENT_SIGNE", avant: avecFichiers(rattache("fichier_id=1; convention_id=2; rubrique='DOCUMENT_SIGNE'")),
			sql: rattache("fichier_id=2; convention_id=2; rubrique='DOCUMENT_SIGNE'"), refus: unicite + "ux_fichier_rattache_courant"},
		{nom: "PREUVE_SIGNATURE", avant: avecFichiers(rattache("fichier_id=1; convention_id=2; rubrique='PREUVE_SIGNATURE'")),
			sql: rattache("fichier_id=2; convention_id=2; rubrique='PREUVE_SIGNATURE'"), refus: unicite + "ux_fichier_rattache_courant"},
		{nom: "DOCUMENT_PUBLIE", avant: avecFichiers(rattache("fichier_id=1; convention_id=2; rubrique='DOCUMENT_PUBLIE'")),
			sql: rattache("fichier_id=2; convention_id=2; rubrique='DOCUMENT_PUBLIE'"), refus: unicite + "ux_fichier_rattache_courant"},
		{nom: "DOCUMENT_GENERE", avant: avecFichiers(rattache("fichier_id=1; convention_id=2; rubrique='DOCUMENT_GENERE'")),
			sql: rattache("fichier_id=2; convention_id=2; rubrique='DOCUMENT_GENERE'"), refus: unicite + "ux_fichier_rattache_courant"},
		{nom: "CERFA_PERSONNALISE", avant: avecFichiers(rattache("fichier_id=1; convention_id=2; rubrique='CERFA_PERSONNALISE'")),
			sql: rattache("fichier_id=2; convention_id=2; rubrique='CERFA_PERSONNALISE'"), refus: unicite + "ux_fichier_rattache_courant"},
		{nom: "apres_remplacement", avant: avecFichiers(rattache("fichier_id=1; convention_id=2; rubrique='DOCUMENT_SIGNE'; remplace_le=now()")),
			sql: rattache("fichier_id=2; convention_id=2; rubrique='DOCUMENT_SIGNE'")},
		{nom: "pieces_a_volonte", avant: avecFichiers(rattache("fichier_id=1; convention_id=2; rubrique='ATTACHED'")),
			sql: rattache("fichier_id=2; convention_id=2; rubrique='ATTACHED'")},
		{nom: "sur_une_autre_convention", avant: avecFichiers(rattache("fichier_id=1; convention_id=2; rubrique='DOCUMENT_SIGNE'")),
			sql: rattache("fichier_id=2; convention_id=1; rubrique='DOCUMENT_SIGNE'")},
	}},
	{"I17_un_modele_actif_par_emplacement", []essai{
		{nom: "deux_pour_la_plateforme", avant: avecFichiers(ins("modele_document", "emplacement='HLM'; numero_version=1; fichier_id=1; sha256=repeat('a', 64); actif=true")),
			sql: ins("modele_document", "emplacement='HLM'; numero_version=2; fichier_id=2; sha256=repeat('b', 64); actif=true"), refus: unicite + "ux_modele_document_actif"},
		{nom: "meme_version", avant: avecFichiers(ins("modele_document", "emplacement='HLM'; numero_version=1; fichier_id=1; sha256=repeat('a', 64)")),
			sql: ins("modele_document", "emplacement='HLM'; numero_version=1; fichier_id=2; sha256=repeat('b', 64)"), refus: unicite + "modele_document_emplacement_administration_id_numero_versio_key"},
		{nom: "plateforme_et_administration", avant: avecFichiers(ins("modele_document", "emplacement='HLM'; numero_version=1; fichier_id=1; sha256=repeat('a', 64); actif=true")),
			sql: ins("modele_document", "emplacement='HLM'; administration_id=1; numero_version=1; fichier_id=2; sha256=repeat('b', 64); actif=true")},
	}},
	{"I18_une_piece_a_un_proprietaire_et_une_rubrique_valable", []essai{
		{nom: "sans_proprietaire", avant: avecFichiers(), sql: rattache("fichier_id=1; rubrique='PLAN'"), refus: controle + "fichier_rattache_check"},
		{nom: "deux_proprietaires", avant: avecFichiers(), sql: rattache("fichier_id=1; operation_id=1; convention_id=1; rubrique='PLAN'"), refus: controle + "fichier_rattache_check"},
		{nom: "rubrique_d_operation_sur_convention", avant: avecFichiers(), sql: rattache("fichier_id=1; convention_id=1; rubrique='VENDEUR'"), refus: controle + "fichier_rattache_check1"},
		{nom: "rubrique_de_convention_sur_operation", avant: avecFichiers(), sql: rattache("fichier_id=1; operation_id=1; rubrique='DOCUMENT_SIGNE'"), refus: controle + "fichier_rattache_check1"},
		{nom: "rubrique_de_convention_sur_evenement", avant: avecFichiers(ins("evenement", "id=1; convention_id=1")),
			sql: rattache("fichier_id=1; evenement_id=1; rubrique='ATTACHED'"), refus: controle + "fichier_rattache_check1"},
		{nom: "rubrique_inconnue", avant: avecFichiers(), sql: rattache("fichier_id=1; convention_id=1; rubrique='DIVERS'"), refus: controle + "fichier_rattache_check1"},
		{nom: "piece_jointe_sans_type", avant: avecFichiers(), sql: rattache("fichier_id=1; convention_id=1; rubrique='PIECE_JOINTE'"), refus: controle + "fichier_rattache_check2"},
		{nom: "type_hors_piece_jointe", avant: avecFichiers(), sql: rattache("fichier_id=1; convention_id=1; rubrique='ATTACHED'; type_piece='PHOTO'"), refus: controle + "fichier_rattache_check2"},
		{nom: "fichier_encore_rattache", avant: avecFichiers(rattache("fichier_id=1; operation_id=1; rubrique='PLAN'")),
			sql: "DELETE FROM fichier WHERE id = 1", refus: cle + "fichier_rattache_fichier_id_fkey"},
		{nom: "objet_deux_fois", avant: avecFichiers(), sql: ins("fichier", "compartiment='c'; cle_objet='k1'; nom_reel='n'; nom_stockage='n'"), refus: unicite + "fichier_compartiment_cle_objet_key"},
		{nom: "operation", avant: avecFichiers(), sql: rattache("fichier_id=1; operation_id=1; rubrique='PLAN'")},
		{nom: "convention", avant: avecFichiers(), sql: rattache("fichier_id=1; convention_id=1; rubrique='PIECE_JOINTE'; type_piece='PHOTO'")},
		{nom: "evenement", avant: avecFichiers(ins("evenement", "id=1; convention_id=1")), sql: rattache("fichier_id=1; evenement_id=1; rubrique='EVENEMENT'")},
	}},
	{"I24_une_revision_courante_par_nature_et_portee", []essai{
		{nom: "deux_courantes", avant: []string{revisionAnnexe("id=" + idHexa + "; " + publiee)},
			sql: revisionAnnexe("id='65f000000000000000000002'; " + publiee), refus: unicite + "ux_revision_courante"},
		{nom: "courante_sans_publication", sql: revisionAnnexe("id=" + idHexa + "; courante=true"), refus: controle + "revision_check"},
		{nom: "publiee_sans_date", sql: revisionAnnexe("id=" + idHexa + "; statut='published'; prete=NULL"), refus: controle + "revision_check1"},
		{nom: "date_sans_publication", sql: revisionAnnexe("id=" + idHexa + "; publie_le=now()"), refus: controle + "revision_check1"},
		{nom: "publiee_encore_prete", sql: revisionAnnexe("id=" + idHexa + "; statut='published'; prete=true; publie_le=now()"), refus: controle + "revision_check2"},
		{nom: "BAL_sans_client", sql: ins("revision", "id="+idHexa+"; nature='bal'; portee_type='commune'; portee_cle='13055'"), refus: controle + "revision_check3"},
		{nom: "identifiant_mal_forme", sql: revisionAnnexe("id='65F000000000000000000001'"), refus: controle + "revision_id_check"},
		{nom: "apres_remplacement", avant: []string{revisionAnnexe("id=" + idHexa + "; " + publiee), "UPDATE revision SET courante = false WHERE id = " + idHexa},
			sql: revisionAnnexe("id='65f000000000000000000002'; " + publiee)},
		{nom: "autre_portee", avant: []string{revisionAnnexe("id=" + idHexa + "; " + publiee)},
			sql: ins("revision", "id='65f000000000000000000002'; nature='annexe'; portee_type='convention'; portee_cle='2'; "+publiee)},
	}},
	{"I24_un_fichier_par_revision_et_type", []essai{
		{nom: "deux_fois_le_meme_type", avant: []string{revisionAnnexe("id=" + idHexa), ins("revision_fichier", "id="+idHexa+"; revision_id="+idHexa+"; type='document'; taille=1; sha256=repeat('a', 64); compartiment='c'; cle_objet='k'")},
			sql: ins("revision_fichier", "id='65f000000000000000000002'; revision_id="+idHexa+"; type='document'; taille=1; sha256=repeat('a', 64); compartiment='c'; cle_objet='k'"), refus: unicite + "revision_fichier_revision_id_type_key"},
		{nom: "taille_negative", avant: []string{revisionAnnexe("id=" + idHexa)},
			sql: ins("revision_fichier", "id="+idHexa+"; revision_id="+idHexa+"; type='document'; taille=-1; sha256=repeat('a', 64); compartiment='c'; cle_objet='k'"), refus: controle + "revision_fichier_taille_check"},
		{nom: "deux_types", avant: []string{revisionAnnexe("id=" + idHexa), ins("revision_fichier", "id="+idHexa+"; revision_id="+idHexa+"; type='document'; taille=1; sha256=repeat('a', 64); compartiment='c'; cle_objet='k'")},
			sql: ins("revision_fichier", "id='65f000000000000000000002'; revision_id="+idHexa+"; type='preuve'; taille=1; sha256=repeat('a', 64); compartiment='c'; cle_objet='k2'")},
	}},
}
