package web

import (
	"apilos/api/convention"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// BailleurSaisie is the body of the step "bailleur": like every body of a step it documents the fields that the registry
// of the domain reads (a test compares the two); an absent field is unchanged.
type BailleurSaisie struct {
	SignataireNom                          *string     `json:"signataire_nom,omitempty" maxLength:"255" example:"Catherine Vallade"`
	SignataireFonction                     *string     `json:"signataire_fonction,omitempty" maxLength:"255" example:"Directrice générale"`
	SignataireDateDeliberation             *string     `json:"signataire_date_deliberation,omitempty" extensions:"x-nullable" format:"date"`
	SignataireBlocSignature                *string     `json:"signataire_bloc_signature,omitempty" maxLength:"5000"`
	IdentificationBailleur                 *bool       `json:"identification_bailleur,omitempty"`
	IdentificationBailleurDetail           *string     `json:"identification_bailleur_detail,omitempty" maxLength:"5000"`
	Gestionnaire                           *string     `json:"gestionnaire,omitempty" maxLength:"255"`
	GestionnaireSignataireNom              *string     `json:"gestionnaire_signataire_nom,omitempty" maxLength:"255"`
	GestionnaireSignataireFonction         *string     `json:"gestionnaire_signataire_fonction,omitempty" maxLength:"255"`
	GestionnaireSignataireDateDeliberation *string     `json:"gestionnaire_signataire_date_deliberation,omitempty" extensions:"x-nullable" format:"date"`
	GestionnaireBlocInfoComplementaire     *string     `json:"gestionnaire_bloc_info_complementaire,omitempty" maxLength:"5000"`
	GestionnaireSignataireBlocSignature    *string     `json:"gestionnaire_signataire_bloc_signature,omitempty" maxLength:"5000"`
	ConfirmerErreurs                       bool        `json:"confirmer_erreurs,omitempty"`
	CommentairesResolus                    []uuid.UUID `json:"commentaires_resolus,omitempty" swaggertype:"array,string" format:"uuid"`
} // @name BailleurSaisie

// FinancementSaisie is the body of the step "financement". The table is sent whole: see PretSaisi.
type FinancementSaisie struct {
	AnneeFinConventionnement    *int        `json:"annee_fin_conventionnement,omitempty" minimum:"1977" example:"2066"`
	FondPropre                  *string     `json:"fond_propre,omitempty" extensions:"x-nullable" example:"250000.00"`
	HistoriqueFinancementPublic *string     `json:"historique_financement_public,omitempty" maxLength:"5000"`
	Prets                       []PretSaisi `json:"prets,omitempty" maxItems:"500"`
	ConfirmerErreurs            bool        `json:"confirmer_erreurs,omitempty"`
	CommentairesResolus         []uuid.UUID `json:"commentaires_resolus,omitempty" swaggertype:"array,string" format:"uuid"`
} // @name FinancementSaisie

// PretSaisi is a row of the table of loans and subsidies.
type PretSaisi struct {
	UUID        *uuid.UUID `json:"uuid,omitempty" extensions:"x-nullable" swaggertype:"string" format:"uuid"`
	Financement *string    `json:"financement,omitempty" example:"PLUS"`
	Preteur     *string    `json:"preteur,omitempty" enums:"ETAT,EPCI,REGION,VILLE,CDCF,CDCL,COMMUNE,ANRU,AUTRE"`
	Autre       *string    `json:"autre,omitempty" maxLength:"255"`
	Numero      *string    `json:"numero,omitempty" maxLength:"255"`
	DateOctroi  *string    `json:"date_octroi,omitempty" extensions:"x-nullable" format:"date"`
	Duree       *int       `json:"duree,omitempty" extensions:"x-nullable" minimum:"1"`
	Montant     *string    `json:"montant,omitempty" example:"1180000.00"`
} // @name PretSaisi

// lireBailleur documents the reading of the step "bailleur".
//
//	@Summary		Lire l’étape « Bailleur »
//	@Description	Qui signe pour le bailleur et, pour un foyer ou une résidence, pour le gestionnaire. Un champ vide reprend la fiche du bailleur.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid	path		string	true	"Identifiant"	format(uuid)
//	@Param			X-Mode-Edition	header		string	false	"« expert » : corriger une convention en vigueur ; toute autre valeur est sans effet"	example(expert)
//	@Success		200		{object}	Etape
//	@Header			200		{string}	ETag	"Version"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/bailleur [get]
func (r Conventions) lireBailleur(c echo.Context) error {
	return r.lireEtape(convention.EtapeBailleur)(c)
}

// enregistrerBailleur saves the step "bailleur".
//
//	@Summary		Enregistrer l’étape « Bailleur »
//	@Description	Un champ absent ne change pas. La fiche du bailleur n’est jamais modifiée. Le bailleur et l’administration se changent par leurs propres commandes.
//	@Tags			conventions
//	@Accept			json
//	@Produce		json
//	@Param			uuid		path		string			true	"Identifiant"	format(uuid)
//	@Param			If-Match	header		string			true	"Version lue, entre guillemets"
//	@Param			corps		body		BailleurSaisie	true	"Champs à enregistrer"
//	@Param			X-Mode-Edition	header		string	false	"« expert » : corriger une convention en vigueur ; toute autre valeur est sans effet"	example(expert)
//	@Success		200			{object}	Etape
//	@Header			200			{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/bailleur [put]
func (r Conventions) enregistrerBailleur(c echo.Context) error {
	return r.enregistrerEtape(c, convention.EtapeBailleur)
}

// lireFinancement documents the reading of the step "financement".
//
//	@Summary		Lire l’étape « Financement »
//	@Description	La fin de la convention et le tableau des prêts et subventions, dont les colonnes sont décrites avec leurs règles.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid	path		string	true	"Identifiant"	format(uuid)
//	@Param			X-Mode-Edition	header		string	false	"« expert » : corriger une convention en vigueur ; toute autre valeur est sans effet"	example(expert)
//	@Success		200		{object}	Etape
//	@Header			200		{string}	ETag	"Version"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/financement [get]
func (r Conventions) lireFinancement(c echo.Context) error {
	return r.lireEtape(convention.EtapeFinancement)(c)
}

// enregistrerFinancement saves the step "financement".
//
//	@Summary		Enregistrer l’étape « Financement »
//	@Description	Un champ absent ne change pas. Le tableau « prets » s’envoie entier, dans son ordre : une ligne absente est supprimée, une ligne sans « uuid » est créée, une colonne absente ne change pas. Un refus nomme la ligne et la colonne (« /prets/1/montant »).
//	@Tags			conventions
//	@Accept			json
//	@Produce		json
//	@Param			uuid		path		string				true	"Identifiant"	format(uuid)
//	@Param			If-Match	header		string				true	"Version lue, entre guillemets"
//	@Param			corps		body		FinancementSaisie	true	"Champs et lignes à enregistrer"
//	@Param			X-Mode-Edition	header		string	false	"« expert » : corriger une convention en vigueur ; toute autre valeur est sans effet"	example(expert)
//	@Success		200			{object}	Etape
//	@Header			200			{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/financement [put]
func (r Conventions) enregistrerFinancement(c echo.Context) error {
	return r.enregistrerEtape(c, convention.EtapeFinancement)
}
