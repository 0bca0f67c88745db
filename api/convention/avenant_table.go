package convention

import "apilos/api/comment"

// Short names of the table below: a column with its comment target, or with its own name when nothing can comment it.
func operationCol(colonne string, cibles ...string) ChampBloc {
	if len(cibles) == 0 {
		cibles = []string{comment.Cle("programme", colonne)}
	}
	return ChampBloc{Table: TableOperation, Colonne: colonne, Cibles: cibles}
}

func conventionCol(colonne string, cibles ...string) ChampBloc {
	if len(cibles) == 0 {
		cibles = []string{comment.Cle("convention", colonne)}
	}
	return ChampBloc{Table: TableConvention, Colonne: colonne, Cibles: cibles}
}

func foyerCol(colonne string, cibles ...string) ChampBloc {
	if len(cibles) == 0 {
		cibles = []string{comment.Cle("convention", colonne)}
	}
	return ChampBloc{Table: tableFoyerResidence, Colonne: colonne, Cibles: cibles}
}

func lotCol(colonne string, cibles ...string) ChampBloc {
	if len(cibles) == 0 {
		cibles = []string{comment.Cle("lot", colonne)}
	}
	return ChampBloc{Table: TableLots, Colonne: colonne, Cibles: cibles}
}

func (c ChampBloc) nomme(libelle string) ChampBloc { c.Libelle = libelle; return c }
func (c ChampBloc) propre() ChampBloc              { c.Propre = true; return c }
func (c ChampBloc) suite() ChampBloc               { c.Suite, c.Cibles = true, nil; return c }
func (c ChampBloc) dit(f func(*VersionComplete, any) string) ChampBloc {
	c.dire = f
	return c
}

func prefixer(prefixe string, noms ...string) []string {
	out := make([]string, 0, len(noms))
	for _, n := range noms {
		out = append(out, prefixe+n)
	}
	return out
}

// Blocs is the table of 02 §3.4, "ours adds" included, in the order of the form.
func Blocs() []Bloc {
	return []Bloc{
		blocBailleur(), blocProgramme(), blocCadastre(), blocEDD(), blocDuree(), blocLogements(), blocStationnement(),
		blocAttribution("foyer_attribution", foyer), blocAttribution("residence_attribution", residence), blocVariantes(),
		{
			Type: "champ_libre", Libelle: "Informations complémentaires", Etapes: []CodeEtape{EtapeChampLibre}, famille: toutes,
			Champs: []ChampBloc{conventionCol("champ_libre_avenant").propre()},
		},
		{
			Type: "commentaires", Libelle: "Commentaires au service", Etapes: []CodeEtape{EtapeCommentaires}, famille: toutes,
			Champs: []ChampBloc{conventionCol("commentaires").propre()}, FichiersConvention: []string{"COMMENTAIRES", "ATTACHED"},
			CiblesFichiers: []string{"convention__attached"},
		},
		{
			Type: "denonciation", Libelle: "Dénonciation", Etapes: []CodeEtape{EtapeDenonciation}, famille: finDeConvention,
			Champs:             []ChampBloc{conventionCol("date_denonciation").propre(), conventionCol("motif_denonciation").propre()},
			FichiersConvention: []string{"INSTRUCTION_DENONCIATION"}, CiblesFichiers: []string{"convention__fichier_instruction_denonciation"},
		},
		{
			Type: "resiliation", Libelle: "Résiliation", Etapes: []CodeEtape{EtapeResiliation}, famille: finDeConvention,
			Champs: []ChampBloc{
				conventionCol("date_resiliation").nomme("Date de résiliation").propre(),
				conventionCol("motif_resiliation").nomme("Motif de résiliation").propre(), conventionCol("acte_resiliation").propre(),
				conventionCol("commentaires").propre(),
			},
			FichiersConvention: []string{"INSTRUCTION_RESILIATION", "COMMENTAIRES"},
			CiblesFichiers:     []string{"convention__fichier_instruction_resiliation", "convention__attached"},
		},
	}
}

func blocBailleur() Bloc {
	return Bloc{
		Type: "bailleur", Libelle: "Bailleur", Etapes: []CodeEtape{EtapeBailleur}, famille: toutes,
		Champs: []ChampBloc{
			operationCol("bailleur_id", "bailleur__uuid").nomme("Bailleur").dit(direBailleur),
			operationCol("administration_id").nomme("Service").dit(direAdministration),
			conventionCol("signataire_nom", "bailleur__signataire_nom"), conventionCol("signataire_fonction", "bailleur__signataire_fonction"),
			conventionCol("signataire_date_deliberation", "bailleur__signataire_date_deliberation"),
			conventionCol("signataire_bloc_signature", "bailleur__signataire_bloc_signature"),
			conventionCol("identification_bailleur"),
			conventionCol("identification_bailleur_detail").nomme("Identification du bailleur personnalisée"),
			foyerCol("gestionnaire"), foyerCol("gestionnaire_signataire_nom"), foyerCol("gestionnaire_signataire_fonction"),
			foyerCol("gestionnaire_signataire_date_deliberation"), foyerCol("gestionnaire_signataire_bloc_signature"),
			foyerCol("gestionnaire_bloc_info_complementaire").nomme("Éléments complémentaires concernant le gestionnaire"),
		},
	}
}

func blocProgramme() Bloc {
	return Bloc{
		Type: "programme", Libelle: "Opération", Etapes: []CodeEtape{EtapeOperation}, famille: toutes,
		Champs: []ChampBloc{
			operationCol("nom"), conventionCol("adresse"), operationCol("code_postal"), operationCol("ville"),
			operationCol("code_insee_commune").suite(), operationCol("code_insee_departement").suite(), operationCol("code_insee_region").suite(),
			lotCol("type_habitat", "programme__type_habitat").dit(parmi(TypesHabitat())), operationCol("type_operation").dit(parmi(typesOperation())),
			operationCol("anru"), operationCol("anah"), operationCol("nb_locaux_commerciaux"), operationCol("nb_bureaux"),
			operationCol("autres_locaux_hors_convention"),
		},
	}
}

func blocCadastre() Bloc {
	return Bloc{
		Type: "cadastre", Libelle: "Cadastre et effet relatif", Etapes: []CodeEtape{EtapeCadastre}, famille: toutes,
		Champs: []ChampBloc{
			operationCol("permis_construire"), operationCol("date_convention_location"), operationCol("date_autorisation_hors_habitat_inclusif"),
			operationCol("agrement_intermediation_date").nomme("Date de l’agrément d’intermédiation"),
			operationCol("agrement_intermediation_departement").nomme("Département de l’agrément d’intermédiation"),
			operationCol("agrement_intermediation_ville").nomme("Ville de signature de l’agrément d’intermédiation"),
			operationCol("date_achat"), operationCol("date_acte_notarie"), operationCol("date_achevement"), operationCol("date_achevement_previsible"),
			operationCol("vendeur"), operationCol("acquereur"), operationCol("reference_notaire"), operationCol("reference_publication_acte"),
			operationCol("acte_de_propriete"), operationCol("certificat_adressage"), operationCol("effet_relatif"), operationCol("reference_cadastrale"),
		},
		Lignes: []LignesBloc{{
			Table: tableCadastre, Titre: "Références cadastrales", Cibles: []string{"reference_cadastrale__all"}, lire: lignesCadastre,
			Colonnes: []ChampBloc{
				colonne("section", "Section"), colonne("numero", "Numéro"), colonne("lieudit", "Lieudit"), colonne("surface", "Surface"), colonne("autre", "Autre"),
			},
		}},
		FichiersOperation: []string{
			"VENDEUR", "ACQUEREUR", "REFERENCE_NOTAIRE", "REFERENCE_PUBLICATION_ACTE", "ACTE_DE_PROPRIETE", "EFFET_RELATIF", "CERTIFICAT_ADRESSAGE",
			"REFERENCE_CADASTRALE", "PLAN",
		},
	}
}

func blocEDD() Bloc {
	return Bloc{
		Type: "edd", Libelle: "État descriptif de division", Etapes: []CodeEtape{EtapeEDD}, famille: toutes,
		Champs: []ChampBloc{
			operationCol("edd_volumetrique"), operationCol("mention_publication_edd_volumetrique"), operationCol("edd_classique"),
			operationCol("mention_publication_edd_classique"), operationCol("edd_stationnements"),
		},
		Lignes: []LignesBloc{{
			Table: tableLogementEDD, Titre: "EDD simplifié", Cibles: []string{"logement_edd__all"}, lire: lignesEDD,
			Colonnes: []ChampBloc{
				colonne("designation", "Désignation"), colonne("financement", "Financement").dit(direFinancement), colonne("numero_lot", "Numéro de lot"),
			},
		}},
		FichiersOperation: []string{"EDD_VOLUMETRIQUE", "EDD_CLASSIQUE", "EDD_STATIONNEMENTS"},
	}
}

func blocDuree() Bloc {
	return Bloc{
		Type: "duree", Libelle: "Durée et financement", Etapes: []CodeEtape{EtapeFinancement}, famille: toutes,
		Champs: []ChampBloc{
			conventionCol("date_fin_conventionnement", "convention__annee_fin_conventionnement"), conventionCol("fond_propre").dit(direEuros),
			conventionCol("historique_financement_public"),
		},
		Lignes: []LignesBloc{{
			Table: tablePret, Titre: "Prêts et subventions", Cibles: []string{"pret__all"}, lire: lignesPrets,
			Colonnes: []ChampBloc{
				colonne("preteur", "Organisme").dit(direPreteur), colonne("autre", "Précision sur l’organisme"), colonne("numero", "Numéro"),
				colonne("date_octroi", "Date d’octroi"), colonne("duree", "Durée (années)"), colonne("montant", "Montant").dit(direEuros),
			},
		}},
	}
}

func blocLogements() Bloc {
	return Bloc{
		Type: "logements", Libelle: "Logements", Etapes: []CodeEtape{EtapeLogements, EtapeAnnexes, EtapeCollectif}, famille: toutes,
		Champs: []ChampBloc{
			lotCol("nb_logements", "lot__nb_logements", "programme__nb_logements"), lotCol("lgts_mixite_sociale_negocies"),
			lotCol("loyer_derogatoire").dit(direEuros), lotCol("loyer_associations_foncieres").dit(direEuros),
			lotCol("surface_locaux_collectifs_residentiels").dit(direSurface),
			lotCol("surface_habitable_totale").nomme("Surface habitable totale").dit(direSurface),
			lotCol("types_annexes", prefixer("lot__annexe_", annexesIncluses...)...).nomme("Annexes incluses dans la surface utile").dit(direAnnexes),
			lotCol("foyer_residence_nb_garage_parking"), lotCol("foyer_residence_dependance"), lotCol("foyer_residence_locaux_hors_convention"),
		},
		Lignes: []LignesBloc{
			{
				Table: tableLogement, Titre: "Logements", lire: lignesLogements,
				Cibles: []string{"logement__all", "logements_sans_loyer__all", "logements_corrigee__all", "logements_corrigee_sans_loyer__all"},
				Colonnes: []ChampBloc{
					colonne("designation", "Désignation"), colonne("typologie", "Type").dit(direTypologie), colonne("surface_habitable", "Surface habitable").dit(direSurface),
					colonne("surface_annexes", "Surface des annexes").dit(direSurface), colonne("surface_annexes_retenue", "Surface des annexes retenue").dit(direSurface),
					colonne("surface_utile", "Surface utile").dit(direSurface), colonne("surface_corrigee", "Surface corrigée").dit(direSurface),
					colonne("loyer_par_metre_carre", "Loyer au m²").dit(direEuros), colonne("coefficient", "Coefficient").dit(direCoefficient),
					colonne("loyer", "Loyer").dit(direEuros),
				},
			},
			{
				Table: tableAnnexe, Titre: "Annexes", Cibles: []string{"annexe__all"}, lire: lignesAnnexes,
				Colonnes: []ChampBloc{
					colonne("typologie", "Type").dit(direAnnexe), colonne("surface_hors_surface_retenue", "Surface").dit(direSurface),
					colonne("loyer_par_metre_carre", "Loyer au m²").dit(direEuros), colonne("loyer", "Loyer").dit(direEuros),
				},
			},
			{
				Table: tableLocalCollectif, Titre: "Locaux collectifs", Cibles: []string{"locaux_collectifs__all"}, lire: lignesLocaux,
				Colonnes: []ChampBloc{
					colonne("type_local", "Type de local"), colonne("surface_habitable", "Surface habitable").dit(direSurface), colonne("nombre", "Nombre"),
				},
			},
		},
	}
}

func blocStationnement() Bloc {
	return Bloc{
		Type: "stationnement", Libelle: "Stationnements", Etapes: []CodeEtape{EtapeStationnements}, famille: ordinaire,
		Lignes: []LignesBloc{{
			Table: tableStationnement, Titre: "Stationnements", Cibles: []string{"type_stationnement__all"}, lire: lignesStationnements,
			Colonnes: []ChampBloc{
				colonne("typologie", "Type").dit(direStationnement), colonne("nb_stationnements", "Nombre"), colonne("loyer", "Loyer").dit(direEuros),
			},
		}},
	}
}

// blocAttribution serves foyers and résidences: the columns are the same, the nature of housing decides which are filled.
func blocAttribution(typ string, famille familleType) Bloc {
	const p = "convention__attribution_"
	publics := prefixer(p, "agees_autonomie", "agees_ephad", "agees_desorientees", "agees_petite_unite", "agees_autre", "handicapes_foyer",
		"handicapes_foyer_de_vie", "handicapes_foyer_medicalise", "handicapes_autre")
	champs := []ChampBloc{
		foyerCol("type_attribution").nomme("Public accueilli").dit(parmi(typesAttribution)),
		foyerCol("publics", publics...).nomme("Types d’établissement").dit(direPublics),
		foyerCol("agees_autre_detail", p+"agees_autre_detail"), foyerCol("handicapes_autre_detail", p+"handicapes_autre_detail"),
		foyerCol("inclusif_conditions_specifiques", p+"inclusif_conditions_specifiques"), foyerCol("inclusif_conditions_admission", p+"inclusif_conditions_admission"),
		foyerCol("inclusif_modalites_attribution", p+"inclusif_modalites_attribution"), foyerCol("inclusif_partenariats", p+"inclusif_partenariats"),
		foyerCol("inclusif_activites", p+"inclusif_activites"),
	}
	if famille == residence {
		champs = []ChampBloc{
			foyerCol("type_attribution").suite(),
			foyerCol("publics", prefixer(p, "residence_sociale_ordinaire", "pension_de_famille", "residence_accueil")...).nomme("Types de résidence").dit(direPublics),
		}
	}
	return Bloc{
		Type: typ, Libelle: "Attributions", Etapes: []CodeEtape{EtapeAttribution}, famille: famille,
		Champs: append(champs,
			foyerCol("reservation_prefectorale_pct", p+"reservation_prefectorale"), foyerCol("modalites_reservations", p+"modalites_reservations"),
			foyerCol("modalites_choix_personnes", p+"modalites_choix_personnes"), foyerCol("prestations_integrees", p+"prestations_integrees"),
			foyerCol("prestations_facultatives", p+"prestations_facultatives")),
	}
}

func blocVariantes() Bloc {
	const p = "convention__foyer_residence_variante_"
	return Bloc{
		Type: "variantes", Libelle: "Variantes", Etapes: []CodeEtape{EtapeVariantes}, famille: foyerOuResidence,
		Champs: []ChampBloc{
			foyerCol("variantes", p+"1", p+"2", p+"3").nomme("Variantes retenues"),
			foyerCol("variante_2_travaux", p+"2_travaux"), foyerCol("variante_2_nb_tranches", p+"2_nb_tranches"), foyerCol("variante_2_nb_annees", p+"2_nb_annees"),
		},
	}
}

// colonne is a column of a table of rows.
func colonne(nom, libelle string) ChampBloc { return ChampBloc{Colonne: nom, Libelle: libelle} }
