package httpapi

// mixteCodes are the codes of conventions mixtes (02 §8.1), of seconde vie (02 §8.2) and of types I and II (NA-03).
func mixteCodes() []CodeDoc {
	return []CodeDoc{
		{"CONVENTION_MIXTE_FERMEE", 404, "Regroupement indisponible", "Le regroupement de conventions est désactivé sur cette plateforme.", "Réessayez plus tard, ou demandez à l’assistance."},
		{"CONVENTION_REGROUPEE", 404, "Convention regroupée", "Cette convention a été regroupée avec une autre de la même opération ; « convention_uuid » donne celle qui la remplace.", "Ouvrez la convention qui la remplace."},
		{"REGROUPEMENT_INSUFFISANT", 422, "Liste à grouper refusée", "Un regroupement porte sur au moins deux conventions, chacune citée une fois.", "Choisissez au moins deux conventions différentes."},
		{"PROGRAMMES_DIFFERENTS", 422, "Opérations différentes", "Seules des conventions d’une même opération se groupent.", "Choisissez des conventions de la même opération."},
		{"STATUT_DIFFERENT", 422, "Convention qui n’est plus en projet", "Le regroupement et le dégroupement ne concernent que des conventions en projet.", "Retirez de la sélection les conventions qui ne sont plus en projet."},
		{"TYPES_HABITAT_DIFFERENTS", 422, "Types d’habitat différents", "Tous les lots d’une convention ont le même type d’habitat.", "Corrigez le type d’habitat, ou ne groupez que les conventions qui le partagent."},
		{"REGROUPEMENT_INTERDIT", 422, "Regroupement impossible", "Un avenant, une convention qui a des avenants, ou une convention liée à une seconde vie ne se groupe pas.", "Retirez-la de la sélection."},
		{"FINANCEMENT_EN_DOUBLE", 422, "Financement en double", "Deux lots portent le même financement.", "Annulez la convention à ne pas conserver, puis groupez les autres."},
		{"DEGROUPEMENT_INTERDIT", 422, "Dégroupement impossible", "Seule une convention de plusieurs financements, sans avenant ni seconde vie, se dégroupe.", "Vérifiez la convention choisie."},
		{"SECONDE_VIE_FERMEE", 404, "Seconde vie indisponible", "La fonctionnalité Seconde Vie est désactivée sur cette plateforme.", "Réessayez plus tard, ou demandez à l’assistance."},
		{"OPERATION_SANS_SECONDE_VIE", 422, "Opération qui n’est pas une seconde vie", "Le SIAP ne donne pas l’aide seconde vie à cette opération.", "Vérifiez les aides de l’opération dans le SIAP."},
		{"ORIGINE_REQUISE", 422, "Convention d’origine à choisir", "Aucune convention d’origine n’est donnée et il n’y en avait aucune.", "Sélectionnez au moins une convention d’origine, ou indiquez que l’opération n’a jamais été conventionnée."},
		{"ORIGINE_INVALIDE", 422, "Convention d’origine refusée", "Une origine est une convention signée de votre périmètre, d’une autre opération, qui n’est ni un avenant ni une seconde vie. « errors » dit laquelle est refusée.", "Choisissez les origines dans la liste proposée."},
		{"ORIGINES_FIGEES", 409, "Origines figées", "Les origines ne changent que tant que la convention seconde vie est en projet, en instruction ou en correction.", "Faites revenir la convention à l’instruction, ou créez un avenant."},
		{"SECONDE_VIE_SANS_CONVENTION", 409, "Aucune convention à relier", "Aucune convention n’a pu être créée ni trouvée pour cette opération.", "Lisez les messages de l’opération, puis recommencez."},
		{"TYPE_1_2_SANS_OBJET", 409, "Type de convention sans objet", "Le type I ou II ne se choisit que pour la convention d’un bailleur qui n’est ni HLM ni SEM, hors foyer et résidence.", "Aucune action n’est nécessaire."},
		{"TYPE_1_2_INVALIDE", 422, "Type de convention refusé", "Le type est Type1 ou Type2, et les options vont de 1 à 8, chacune une fois.", "Corrigez les valeurs indiquées."},
	}
}
