package httpapi

// domainCodes are the codes raised by the services behind the API, by subject.
func domainCodes() []CodeDoc {
	var all []CodeDoc
	for _, part := range [][]CodeDoc{
		conventionCodes(), operationCodes(), depotCodes(), webhookCodes(), exportCodes(), alerteCodes(), appelSIAPCodes(), revisionCodes(), sessionCodes(), siapCodes(),
		anomalieCodes(), clientCodes(), directCodes(), mixteCodes(), forcageCodes(), avenantCodes(), lectureCodes(), chroniqueCodes(), importationCodes(),
		changementCodes(), reassignationCodes(),
	} {
		all = append(all, part...)
	}
	return all
}

func conventionCodes() []CodeDoc {
	return []CodeDoc{
		{"invalide", 422, "Données refusées", "Des valeurs ne respectent pas les règles de l’étape ou de l’action ; « errors » donne chaque champ.", "Corrigez les champs indiqués : rien n’a été enregistré."},
		{"TRANSITION_INTERDITE", 409, "Action impossible dans ce statut", "Le statut actuel, donné par « statut_courant », ne permet pas cette action. « transitions_possibles » donne celles qui le sont.", "Rechargez la convention et choisissez une action possible."},
		{"PRECONDITIONS_NON_REMPLIES", 422, "Conditions non remplies", "L’action demande des éléments qui manquent ou sont faux ; « errors » les donne tous.", "Complétez les éléments indiqués puis recommencez."},
		{"action_inconnue", 404, "Action inconnue", "Aucune action ne porte ce code.", "Utilisez un des codes donnés par « transitions_possibles »."},
		{"CHAMP_NON_MODIFIABLE", 403, "Champ non modifiable", "Un champ envoyé n’est pas modifiable dans ce statut ou par ce rôle ; « errors » donne lesquels.", "Retirez ces champs, ou faites rouvrir la convention."},
		{"CONVENTION_TERMINEE", 409, "Convention terminée", "La convention est résiliée, dénoncée ou annulée : elle et ses avenants n’évoluent plus.", "Consultez la convention ; aucune action n’est possible."},
		{"DATE_INCOHERENTE", 422, "Date incohérente", "La fin d’une convention ne peut pas précéder sa signature.", "Vérifiez la date indiquée."},
		{"AVENANT_EN_COURS", 409, "Avenant déjà en cours", "Un autre avenant de la même convention n’est pas terminé.", "Terminez ou annulez cet avenant avant d’en créer un autre."},
		{"CONVENTION_NON_ACTIVE", 409, "Convention qui ne peut pas être amendée", "Un avenant se crée sur une convention signée et toujours en vigueur ; « statut_courant » donne son statut.", "Attendez la signature, ou consultez la convention."},
		{"TYPE_AVENANT_INCONNU", 422, "Type d’avenant inconnu", "Un des types demandés n’existe pas, ou est demandé deux fois.", "Utilisez les codes de la documentation, une fois chacun."},
		{"TYPE_AVENANT_EXCLUSIF", 422, "Type d’avenant exclusif", "Une dénonciation ou une résiliation ne se combine avec aucune autre modification.", "Créez un avenant pour la fin de convention, seule."},
		{"TYPE_AVENANT_INADAPTE", 422, "Type d’avenant sans objet", "La nature de logements de la convention n’a pas le bloc que ce type modifie.", "Choisissez un type qui concerne cette nature de logements."},
		{"NUMERO_EXISTANT", 422, "Numéro déjà attribué", "Une autre convention porte le numéro demandé. « numero_propose » donne un numéro libre.", "Choisissez le numéro proposé ou un autre."},
		{"NUMERO_PRIS", 409, "Numéro déjà attribué", "Une autre convention porte ce numéro. « numero_propose » donne un numéro libre.", "Choisissez le numéro proposé ou un autre."},
		{"NUMERO_AVENANT_EXISTANT", 422, "Numéro d’avenant existant", "Un avenant de la même convention porte déjà ce numéro.", "Choisissez le numéro suivant."},
		{"NUMERO_OPERATION_EXISTANT", 422, "Numéro d’opération existant", "Une autre opération porte déjà ce numéro.", "Vérifiez le numéro, ou ouvrez l’opération existante."},
		{"CONVENTION_EXISTANTE", 409, "Convention existante", "Une convention existe déjà pour cette opération et ce financement.", "Ouvrez la convention existante."},
		{"DONNEES_INVALIDES", 422, "Données refusées", "Une valeur n’est pas acceptée par la base de données.", "Corrigez la valeur indiquée puis recommencez."},
		{"DEPOT_INTERDIT", 409, "Dépôt impossible", "Le document ne peut pas être déposé ou retiré dans le statut actuel.", "Rechargez la convention pour voir ce qui est possible."},
		{"RUBRIQUE_INCONNUE", 422, "Rubrique inconnue", "Ce type de document ne se dépose pas à cette adresse.", "Utilisez une rubrique acceptée, par exemple DOCUMENT_SIGNE."},
		{"PDF_REQUIS", 422, "PDF attendu", "Le fichier déposé n’est pas un document PDF.", "Déposez un fichier PDF."},
		{"FICHIER_NON_VERIFIE", 409, "Fichier en cours de vérification", "La vérification de ce fichier par l’antivirus n’est pas terminée.", "Réessayez dans quelques instants."},
		{"STOCKAGE_INDISPONIBLE", 503, "Stockage indisponible", "Le stockage des fichiers ne répond pas.", "Réessayez dans un instant."},
		{"formulaire_invalide", 400, "Formulaire illisible", "L’envoi n’est pas un formulaire « multipart/form-data » complet, dans l’ordre attendu.", "Envoyez « rubrique » puis « fichier »."},
		{"type_non_pris_en_charge", 415, "Type de contenu refusé", "L’envoi n’est pas un formulaire « multipart/form-data ».", "Envoyez un formulaire."},
		{"trop_volumineux", 413, "Envoi trop volumineux", "Le contenu dépasse la taille permise.", "Réduisez-le puis recommencez."},
		{"CIBLE_INCONNUE", 422, "Champ commenté inconnu", "Le champ ou le tableau désigné n’existe pas dans ce dossier.", "Commentez un champ affiché."},
		{"unknown_row", 422, "Élément d’un autre dossier", "La ligne ou le commentaire désigné n’appartient pas à ce dossier.", "Rechargez la page puis recommencez."},
		{"COMMENTAIRE_INCONNU", 422, "Commentaire inconnu", "Un commentaire cité n’existe pas dans ce dossier.", "Rechargez les commentaires puis recommencez."},
		{"COMMENTAIRE_INTERDIT", 409, "Commentaire impossible", "Le statut de la convention ou du commentaire ne permet pas cette action.", "Rechargez la convention pour voir ce qui est possible."},
		{"AUTEUR_DIFFERENT", 403, "Réservé à l’auteur", "Le texte d’un commentaire ne se modifie que par son auteur, tant qu’il est ouvert.", "Ajoutez un autre commentaire."},
	}
}

func operationCodes() []CodeDoc {
	return []CodeDoc{
		{"AUCUN_CONVENTIONNEMENT", 422, "Aucun conventionnement", "Aucune aide de l’opération ne nécessite de conventionnement.", "Vérifiez les aides de l’opération dans le SIAP."},
		{"OPERATION_INCOMPLETE", 422, "Opération incomplète", "Les informations du SIAP ne suffisent pas ; « field » donne ce qui manque.", "Complétez l’opération dans le SIAP puis réessayez."},
		{"BAILLEUR_NON_IDENTIFIE", 422, "Bailleur non identifié", "Le maître d’ouvrage n’a pas de SIREN utilisable dans le SIAP.", "Complétez le maître d’ouvrage dans le SIAP puis réessayez."},
		{"OPERATION_EN_DOUBLON", 422, "Opération en doublon", "Plusieurs fiches portent le même numéro d’opération.", "Signalez le doublon à l’assistance."},
		{"OPERATION_EN_CONFLIT", 422, "Opérations en conflit", "Plusieurs fiches portent le même numéro avec des bailleurs ou des administrations différents ; « diff » les donne.", "Signalez le conflit à l’assistance."},
		{"SANS_TRAVAUX_INCOHERENT", 422, "Financements incohérents", "L’opération a des programmes avec et sans financement.", "Annulez la convention devenue inutile, ou corrigez l’opération dans le SIAP."},
		{"OUTRE_MER_NATURE", 422, "Nature de logement non conventionnée", "Dans ce département d’outre-mer, seuls les foyers et les résidences sont conventionnés.", "Vérifiez la nature des logements dans le SIAP."},
		{"PROGRAMME_INTROUVABLE", 404, "Opération introuvable", "Ni le SIAP ni la plateforme ne connaissent ce numéro d’opération dans votre périmètre.", "Vérifiez le numéro."},
		{"SIAP_NON_AUTORISE", 403, "Refus du SIAP", "Le SIAP refuse cette opération à votre habilitation.", "Choisissez une autre habilitation, ou demandez l’accès à l’opération dans le SIAP."},
		{"OPERATION_HORS_PERIMETRE", 403, "Opération hors périmètre", "L’opération n’est pas dans le périmètre de votre habilitation.", "Choisissez une autre habilitation."},
	}
}

func sessionCodes() []CodeDoc {
	return []CodeDoc{
		{"SANS_HABILITATION", 403, "Habilitation nécessaire", "Aucune habilitation SIAP n’est active pour cette action.", "Choisissez une habilitation puis recommencez."},
		{"profil_not_supported", 403, "Profil sans accès", "Le profil de cette habilitation n’ouvre pas la plateforme.", "Choisissez une autre habilitation, ou demandez-la dans le SIAP."},
		{"PERIMETRE_ABSENT", 403, "Territoire manquant", "Cette habilitation ne dit pas sur quel territoire elle porte.", "Faites compléter l’habilitation dans le SIAP."},
		{"compte_incomplet", 403, "Compte incomplet", "CERBERE ne transmet pas les informations nécessaires à la connexion.", "Faites compléter votre compte par l’assistance CERBERE."},
		{"compte_desactive", 403, "Compte désactivé", "Votre compte est désactivé sur cette plateforme.", "Adressez-vous à l’assistance."},
		{"ticket_deja_utilise", 403, "Lien de connexion déjà utilisé", "Un lien de connexion ne sert qu’une fois.", "Recommencez la connexion."},
		{"ticket_refuse", 403, "Connexion refusée", "CERBERE n’a pas reconnu le ticket de connexion.", "Recommencez la connexion."},
		{"etat_connexion_invalide", 403, "Connexion interrompue", "La connexion n’a pas été commencée depuis ce navigateur, ou elle a trop duré.", "Recommencez la connexion."},
		{"cerbere_indisponible", 503, "CERBERE indisponible", "Le service de connexion CERBERE ne répond pas.", "Réessayez dans quelques minutes."},
		{"cerbere_reponse_invalide", 502, "Réponse de CERBERE illisible", "Le service de connexion CERBERE a répondu de façon inattendue.", "Réessayez dans quelques minutes ; si cela persiste, prévenez l’assistance."},
	}
}

func siapCodes() []CodeDoc {
	return []CodeDoc{
		{"siap_unavailable", 503, "SIAP indisponible", "Le SIAP ne répond pas, ou trop lentement.", "Réessayez dans quelques minutes."},
		{"siap_bad_gateway", 502, "Réponse du SIAP illisible", "Le SIAP a répondu de façon inattendue.", "Réessayez ; si cela persiste, prévenez l’assistance."},
		{"siap_forbidden", 403, "Refus du SIAP", "Le SIAP refuse cette consultation pour votre habilitation.", "Vérifiez votre habilitation dans le SIAP."},
		{"siap_not_found", 404, "Élément inconnu du SIAP", "Le SIAP ne connaît pas l’élément demandé.", "Vérifiez le numéro."},
		{"siap_rejected", 422, "Demande refusée par le SIAP", "Le SIAP a refusé les données envoyées.", "Vérifiez les données dans le SIAP, ou prévenez l’assistance."},
	}
}
