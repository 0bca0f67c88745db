package comment

import (
	"strconv"
	"strings"
	"sync"
)

// Cible is what a comment can be attached to: one field of the form, or a whole table (champ "all").
type Cible struct {
	NomObjet   string
	ChampObjet string
	Libelle    string
	Etape      string // code of the step that shows it
}

// Cle returns the location key without row, "programme__nom" (02 §4.1).
func (c Cible) Cle() string { return Cle(c.NomObjet, c.ChampObjet) }

// Cle joins an object and a field; a table is "logement__all".
func Cle(nomObjet, champObjet string) string { return nomObjet + "__" + champObjet }

// Cle returns the location key of c, with its row when it has one.
func (c Commentaire) Cle() string {
	if c.UUIDObjet == nil {
		return Cle(c.NomObjet, c.ChampObjet)
	}
	return Cle(c.NomObjet, c.ChampObjet) + "__" + c.UUIDObjet.String()
}

// Champ returns the location key of the field of c, whatever the row.
func (c Commentaire) Champ() string { return Cle(c.NomObjet, c.ChampObjet) }

// TrouverCible returns the target of a location; ok is false when the key is unknown (CIBLE_INCONNUE).
func TrouverCible(nomObjet, champObjet string) (Cible, bool) {
	c, ok := dictionnaire()[Cle(nomObjet, champObjet)]
	return c, ok
}

// dictionnaire is the table of 02 §4.1, made once: it is looked up for each field and each comment of a page. Nobody
// writes in it.
var dictionnaire = sync.OnceValue(ecrireDictionnaire)

// ecrireDictionnaire makes the table. Each line is "champ=libellé".
func ecrireDictionnaire() map[string]Cible {
	d := map[string]Cible{}
	add := func(objet, etape string, lignes ...string) {
		for _, l := range lignes {
			champ, libelle, _ := strings.Cut(l, "=")
			d[Cle(objet, champ)] = Cible{objet, champ, libelle, etape}
		}
	}
	add("bailleur", "bailleur",
		"uuid=Choix du bailleur", "nom=Nom du bailleur", "adresse=Adresse du bailleur",
		"code_postal=Code postal du bailleur", "ville=Ville du bailleur", "siret=SIRET du bailleur",
		"capital_social=Capital social du bailleur", "signataire_nom=Nom du signataire du bailleur",
		"signataire_fonction=Fonction du signataire du bailleur",
		"signataire_date_deliberation=Date de délibération du bailleur",
		"signataire_bloc_signature=Élément additionnel de signature du bailleur")
	add("programme", "operation",
		"nom=Nom de l’opération", "code_postal=Code postal", "ville=Ville", "anru=Financement ANRU", "anah=Financement ANAH",
		"nb_locaux_commerciaux=Locaux commerciaux", "nb_bureaux=Bureaux",
		"autres_locaux_hors_convention=Autres locaux hors convention", "type_operation=Type d’opération",
		"type_habitat=Type d’habitat", "nb_logements=Nombre de logements")
	add("programme", "cadastre",
		"permis_construire=Numéro de permis de construire", "date_acte_notarie=Date de l’acte notarié",
		"date_autorisation_hors_habitat_inclusif=Date d’autorisation hors habitat inclusif",
		"date_convention_location=Date de la convention de location", "date_achat=Date d’achat",
		"date_achevement_previsible=Date d’achèvement prévisible", "date_achevement=Date d’achèvement",
		"vendeur=Vendeur", "acquereur=Acquéreur", "reference_notaire=Référence du notaire",
		"reference_publication_acte=Référence de publication de l’acte", "acte_de_propriete=Acte de propriété",
		"certificat_adressage=Certificat d’adressage", "effet_relatif=Effet relatif",
		"reference_cadastrale=Images des références cadastrales")
	add("programme", "edd",
		"edd_volumetrique=EDD volumétrique", "edd_classique=EDD classique", "edd_stationnements=EDD des stationnements",
		"mention_publication_edd_volumetrique=Mention de publication de l’EDD volumétrique",
		"mention_publication_edd_classique=Mention de publication de l’EDD classique")
	add("lot", "logements",
		"loyer_derogatoire=Loyer dérogatoire",
		"surface_locaux_collectifs_residentiels=Surface des locaux collectifs résidentiels",
		"loyer_associations_foncieres=Loyer pour les associations foncières",
		"lgts_mixite_sociale_negocies=Logements à louer en plus à des ménages sous plafond",
		"nb_logements=Nombre de logements")
	for _, a := range []string{"caves", "soussols", "remises", "ateliers", "sechoirs", "celliers", "resserres", "combles", "balcons", "loggias", "terrasses"} {
		add("lot", "annexes", "annexe_"+a+"=Annexes : "+a)
	}
	add("lot", "edd", "edd_volumetrique=EDD volumétrique du lot", "edd_classique=EDD classique du lot")
	add("lot", "collectif",
		"foyer_residence_nb_garage_parking=Nombre de garages et de parkings",
		"foyer_residence_dependance=Dépendances", "foyer_residence_locaux_hors_convention=Locaux hors convention")
	add("convention", "champ_libre", "champ_libre_avenant=Informations complémentaires")
	add("convention", "operation", "adresse=Adresses du ou des bâtiments", "numero=Numéro de la convention")
	add("convention", "financement",
		"annee_fin_conventionnement=Date de fin de la convention", "fond_propre=Fonds propres",
		"historique_financement_public=Historique de financement public")
	add("convention", "commentaires", "commentaires=Commentaires à l’attention du service", "attached=Fichiers à joindre")
	add("convention", "recapitulatif", "type1and2=Type de convention (I ou II)",
		"fichier_override_cerfa=Document de remplacement")
	add("convention", "denonciation", "date_denonciation=Date de dénonciation", "motif_denonciation=Motif de dénonciation",
		"fichier_instruction_denonciation=Acte de dénonciation")
	add("convention", "resiliation", "date_resiliation=Date de résiliation", "motif_resiliation=Motif de résiliation",
		"acte_resiliation=Acte de résiliation", "fichier_instruction_resiliation=Pièces de l’acte de résiliation")
	for i := 1; i <= 8; i++ {
		add("convention", "recapitulatif", "type2_lgts_concernes_option"+strconv.Itoa(i)+"=Logements concernés, option "+strconv.Itoa(i))
	}
	add("convention", "bailleur",
		"gestionnaire=Entreprise gestionnaire", "gestionnaire_signataire_nom=Nom du signataire du gestionnaire",
		"gestionnaire_signataire_fonction=Fonction du signataire du gestionnaire",
		"gestionnaire_signataire_date_deliberation=Date de délibération du gestionnaire",
		"gestionnaire_signataire_bloc_signature=Élément additionnel de signature du gestionnaire",
		"identification_bailleur=Identification personnalisée du bailleur")
	add("convention", "attribution",
		"attribution_agees_autonomie=Résidence autonomie", "attribution_agees_ephad=EHPAD",
		"attribution_agees_desorientees=Unité pour personnes désorientées", "attribution_agees_petite_unite=Petite unité de vie",
		"attribution_agees_autre=Autre établissement pour personnes âgées", "attribution_agees_autre_detail=Précision (personnes âgées)",
		"attribution_handicapes_foyer=Foyer", "attribution_handicapes_foyer_de_vie=Foyer de vie ou occupationnel",
		"attribution_handicapes_foyer_medicalise=Foyer d’accueil médicalisé", "attribution_handicapes_autre=Autre établissement pour personnes handicapées",
		"attribution_handicapes_autre_detail=Précision (personnes handicapées)",
		"attribution_inclusif_conditions_specifiques=Conditions spécifiques d’accueil", "attribution_inclusif_conditions_admission=Conditions d’admission",
		"attribution_inclusif_modalites_attribution=Modalités d’attribution", "attribution_inclusif_partenariats=Partenariats",
		"attribution_inclusif_activites=Activités proposées", "attribution_reservation_prefectorale=Réservation préfectorale",
		"attribution_modalites_reservations=Modalités de gestion des réservations", "attribution_modalites_choix_personnes=Modalités de choix des personnes",
		"attribution_prestations_integrees=Prestations intégrées dans la redevance", "attribution_prestations_facultatives=Prestations facultatives",
		"attribution_residence_sociale_ordinaire=Résidence sociale ordinaire", "attribution_pension_de_famille=Pension de famille",
		"attribution_residence_accueil=Résidence accueil")
	add("convention", "variantes",
		"foyer_residence_variante_1=Variante 1", "foyer_residence_variante_2=Variante 2", "foyer_residence_variante_2_travaux=Travaux de la variante 2",
		"foyer_residence_variante_2_nb_tranches=Nombre de tranches de la variante 2", "foyer_residence_variante_2_nb_annees=Nombre d’années de la variante 2",
		"foyer_residence_variante_3=Variante 3")
	add("logement_edd", "edd", "all=Tableau de l’EDD simplifié")
	add("reference_cadastrale", "cadastre", "all=Tableau des références cadastrales")
	add("pret", "financement", "all=Tableau des prêts et financements")
	add("logement", "logements", "all=Tableau des logements en surface utile avec loyers")
	add("logements_sans_loyer", "logements", "all=Tableau des logements en surface utile sans loyers")
	add("logements_corrigee", "logements", "all=Tableau des logements en surface corrigée avec loyers")
	add("logements_corrigee_sans_loyer", "logements", "all=Tableau des logements en surface corrigée sans loyers")
	add("locaux_collectifs", "collectif", "all=Tableau des locaux collectifs")
	add("annexe", "annexes", "all=Tableau des annexes")
	add("type_stationnement", "stationnements", "all=Tableau des types de stationnement")
	return d
}

// Cibles lists every known target.
func Cibles() []Cible {
	d := dictionnaire()
	out := make([]Cible, 0, len(d))
	for _, c := range d {
		out = append(out, c)
	}
	return out
}

// CleConnue tells whether a location key without row is a known target.
func CleConnue(cle string) bool {
	_, ok := dictionnaire()[cle]
	return ok
}
