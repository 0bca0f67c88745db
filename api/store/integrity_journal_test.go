package store_test

var reglesJournal = []regle{
	{"I19_un_commentaire_clos_a_sa_date", []essai{
		{nom: "CLOS_sans_date", sql: ins("commentaire", "convention_id=1; nom_objet='convention'; message='m'; statut='CLOS'"), refus: controle + "commentaire_check1"},
		{nom: "RESOLU_sans_date", sql: ins("commentaire", "convention_id=1; nom_objet='convention'; message='m'; statut='RESOLU'"), refus: controle + "commentaire_check"},
		{nom: "message_vide", sql: ins("commentaire", "convention_id=1; nom_objet='convention'; message='  '"), refus: controle + "commentaire_check2"},
		{nom: "message_de_5001_caracteres", sql: ins("commentaire", "convention_id=1; nom_objet='convention'; message=repeat('m', 5001)"), refus: controle + "commentaire_check2"},
		{nom: "CLOS", sql: ins("commentaire", "convention_id=1; nom_objet='convention'; message='m'; statut='CLOS'; clos_le=now()")},
		{nom: "message_de_5000_caracteres", sql: ins("commentaire", "convention_id=1; nom_objet='convention'; message=repeat('é', 5000)")},
		{nom: "importe", sql: ins("commentaire", "convention_id=1; nom_objet='convention'; statut='CLOS'; importe=true")},
	}},
	{"I21_colonnes_de_recherche_toujours_a_jour", []essai{
		{nom: "numero_de_recherche_d_une_convention", sql: "UPDATE convention SET numero_pour_recherche = 'X' WHERE id = 2", refus: calculee},
		{nom: "numero_de_recherche_d_une_operation", sql: "UPDATE operation SET numero_operation_pour_recherche = 'X' WHERE id = 1", refus: calculee},
		{nom: "date_d_achevement", sql: "UPDATE operation SET date_achevement_compile = now() WHERE id = 1", refus: calculee},
		{nom: "vecteur", sql: "UPDATE operation SET recherche_nom = 'x' WHERE id = 1", refus: calculee},
		{nom: "rang_du_statut", sql: "UPDATE convention SET statut_rang = 1 WHERE id = 1", refus: calculee},
		{nom: "numero_suivi", sql: "UPDATE convention SET numero = '13/d-2 .a' WHERE id = 2", verif: "numero_pour_recherche = '13D2A' FROM convention WHERE id = 2"},
		{nom: "numero_efface", sql: "UPDATE convention SET numero = NULL WHERE id = 1", verif: "numero_pour_recherche IS NULL FROM convention WHERE id = 1"},
		{nom: "operation_suivie", sql: "UPDATE operation SET numero_operation = 'a-1/2', nom = 'Les Érables', date_achevement_previsible = '2024-05-01' WHERE id = 1",
			verif: `numero_operation_pour_recherche = 'A12' AND date_achevement_compile = '2024-05-01'
			        AND recherche_nom @@ to_tsquery('fr_unaccent', 'erable') FROM operation WHERE id = 1`},
		{nom: "achevement_reel_prioritaire", sql: "UPDATE operation SET date_achevement_previsible = '2024-05-01', date_achevement = '2024-06-01' WHERE id = 1",
			verif: "date_achevement_compile = '2024-06-01' FROM operation WHERE id = 1"},
		{nom: "rang_suivi", sql: "UPDATE convention SET statut = 'ANNULEE' WHERE id = 1", verif: "statut_rang = 10 FROM convention WHERE id = 1"},
	}},
	{"I23_historique_en_ajout_seul", []essai{
		{nom: "modification", avant: []string{ins("convention_historique", "convention_id=1; statut='PROJET'")},
			sql: "UPDATE convention_historique SET commentaire = 'x'", refus: ajoutSeul},
		{nom: "suppression", avant: []string{ins("convention_historique", "convention_id=1; statut='PROJET'")},
			sql: "DELETE FROM convention_historique", refus: ajoutSeul},
		{nom: "statut_inconnu", sql: ins("convention_historique", "convention_id=1; statut='PERDUE'"), refus: controle + "convention_historique_statut_check"},
		{nom: "ajout", sql: ins("convention_historique", "convention_id=1; statut='PROJET'; utilisateur_id=1")},
	}},
	{"I23_instantanes_en_ajout_seul", []essai{
		{nom: "modification", avant: []string{ins("convention_instantane", "convention_id=1; motif='VALIDATION'; schema_version=1; donnees='{}'; empreinte=repeat('a', 64)")},
			sql: "UPDATE convention_instantane SET donnees = '[]'", refus: ajoutSeul},
		{nom: "suppression", avant: []string{ins("convention_instantane", "convention_id=1; motif='VALIDATION'; schema_version=1; donnees='{}'; empreinte=repeat('a', 64)")},
			sql: "DELETE FROM convention_instantane", refus: ajoutSeul},
		{nom: "ajout", sql: ins("convention_instantane", "convention_id=1; motif='SIGNATURE'; schema_version=1; donnees='{}'; empreinte=repeat('a', 64)")},
	}},
	{"I23_journal_en_ajout_seul", []essai{
		{nom: "CC_30_modification", avant: []string{ins("journal_audit", "action='E'; commande='x'")}, sql: "UPDATE journal_audit SET commande = 'y'", refus: ajoutSeul},
		{nom: "suppression", avant: []string{ins("journal_audit", "action='E'; commande='x'")}, sql: "DELETE FROM journal_audit", refus: ajoutSeul},
		{nom: "auteur_supprime", avant: []string{ins("journal_audit", "action='E'; utilisateur_id=1")}, sql: "DELETE FROM utilisateur WHERE id = 1",
			refus: cle + "journal_audit_utilisateur_id_fkey"},
		{nom: "action_inconnue", sql: ins("journal_audit", "action='?'"), refus: controle + "journal_audit_action_check"},
		{nom: "ajout", sql: ins("journal_audit", "action='~'; avant='{}'; apres='{}'; utilisateur_id=1")},
		{nom: "purge_par_le_proprietaire", avant: []string{ins("journal_audit", "action='E'"), "ALTER TABLE journal_audit DISABLE TRIGGER tg_journal_audit_ajout"},
			sql: "DELETE FROM journal_audit"},
	}},
	{"compteur_de_numeros", []essai{
		{nom: "departement_inconnu", sql: ins("compteur_numero_convention", "code_departement='99'; annee=2024"), refus: cle + "compteur_numero_convention_code_departement_fkey"},
		{nom: "avant_1977", sql: ins("compteur_numero_convention", "code_departement='13'; annee=1976"), refus: controle + "compteur_numero_convention_annee_check"},
		{nom: "reservation_01_10_4", avant: []string{ins("compteur_numero_convention", "code_departement='13'; annee=2024; dernier=7")},
			sql: `INSERT INTO compteur_numero_convention (code_departement, annee, dernier) VALUES ('13', 2024, 1)
			      ON CONFLICT (code_departement, annee) DO UPDATE SET dernier = compteur_numero_convention.dernier + 1`,
			verif: "dernier = 8 FROM compteur_numero_convention WHERE code_departement = '13' AND annee = 2024"},
	}},
	{"fusion_et_suppression", []essai{
		{nom: "absorbee_sans_suppression", sql: "UPDATE convention SET fusionnee_dans_id = 2 WHERE id = 1", refus: controle + "convention_check3"},
		{nom: "absorbee_par_elle_meme", sql: "UPDATE convention SET fusionnee_dans_id = 1, supprime_le = now() WHERE id = 1", refus: controle + "convention_check3"},
		{nom: "seconde_vie_d_elle_meme", sql: ins("convention_seconde_vie", "convention_id=1; parent_id=1"), refus: controle + "convention_seconde_vie_check"},
		{nom: "absorbee", sql: "UPDATE convention SET fusionnee_dans_id = 2, supprime_le = now() WHERE id = 1"},
	}},
	{"messages_sortants_uniques", []essai{
		{nom: "meme_cle", avant: []string{ins("message_sortant", "canal='EMAIL'; type='EM-01'; cle_unicite='k'")},
			sql: ins("message_sortant", "canal='EMAIL'; type='EM-01'; cle_unicite='k'"), refus: unicite + "message_sortant_cle_unicite_key"},
		{nom: "sans_cle", sql: ins("message_sortant", "canal='EMAIL'; type='EM-01'; cle_unicite=NULL"), refus: obligatoire},
		{nom: "autre_cle", avant: []string{ins("message_sortant", "canal='EMAIL'; type='EM-01'; cle_unicite='k'")},
			sql: ins("message_sortant", "canal='EMAIL'; type='EM-01'; cle_unicite='l'")},
	}},
}
