package web

import (
	"net/http"
	"unicode/utf8"

	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/httpapi"
	"github.com/labstack/echo/v4"
)

// ActionDemandee is what an action needs; each action reads its own fields and ignores none.
type ActionDemandee struct {
	Commentaire                  string  `json:"commentaire" maxLength:"5000"`
	Copie                        bool    `json:"copie"`
	ConfirmerIncomplet           bool    `json:"confirmer_incomplet"`
	ConfirmerCommentairesOuverts bool    `json:"confirmer_commentaires_ouverts"`
	Numero                       *string `json:"numero" extensions:"x-nullable" maxLength:"255"`
	DateSignature                *string `json:"date_signature" extensions:"x-nullable" format:"date"`
	DateEnvoiSPF                 *string `json:"date_envoi_spf" extensions:"x-nullable" format:"date"`       // « envoyer_publication » ; aujourd’hui par défaut
	DatePublicationSPF           *string `json:"date_publication_spf" extensions:"x-nullable" format:"date"` // « publier »
	ReferenceSPF                 string  `json:"reference_spf" maxLength:"50"`
	DateRefusSPF                 *string `json:"date_refus_spf" extensions:"x-nullable" format:"date"` // « refuser_publication »
	MotifRefusSPF                string  `json:"motif_refus_spf" maxLength:"1000"`
	DateDenonciation             *string `json:"date_denonciation" extensions:"x-nullable" format:"date"` // « corriger_date_denonciation »
	DateResiliation              *string `json:"date_resiliation" extensions:"x-nullable" format:"date"`  // « corriger_date_resiliation »
} // @name ActionDemandee

// Avertissement tells something that did not block the action.
type Avertissement struct {
	Code   string `json:"code" validate:"required"`
	Detail string `json:"detail" validate:"required"`
} // @name Avertissement

// ActionFaite is the answer to an action. The convention is absent once it is deleted, or has left the perimeter of the
// caller.
type ActionFaite struct {
	Convention     *Convention     `json:"convention,omitempty"`
	Avertissements []Avertissement `json:"avertissements" validate:"required"`
} // @name ActionFaite

// actions lists what the caller may do now.
//
//	@Summary	Lister les actions possibles pour vous, avec ce qui manque à chacune
//	@Description	Exactement les actions que votre habilitation et le statut permettent. La liste est vide en lecture seule.
//	@Tags		conventions
//	@Produce	json
//	@Param		uuid			path		string	true	"Identifiant"	format(uuid)
//	@Success	200				{array}		Action
//	@Header		200				{string}	ETag	"Version"
//	@Failure	400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security	BearerAuth
//	@Router		/conventions/{uuid}/actions [get]
func (r Conventions) actions(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	p := httpapi.Principal(c)
	d, err := r.Service.Lire(c.Request().Context(), p, id)
	if err != nil {
		return err
	}
	possibles, err := r.Service.Possibles(c.Request().Context(), p, d)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, d.Convention.Version)
	return c.JSON(http.StatusOK, vueActions(d, possibles))
}

// executer carries out an action.
//
//	@Summary		Faire une action sur une convention
//	@Description	Soumettre, demander des corrections, valider, signer… La réponse donne la convention après l’action. Une action refusée par le statut répond 409 avec « statut_courant » et « transitions_possibles » ; s’il manque des éléments, 422 les donne tous.
//	@Tags			conventions
//	@Accept			json
//	@Produce		json
//	@Param			uuid			path		string			true	"Identifiant"	format(uuid)
//	@Param			code			path		string			true	"Action"		Enums(soumettre, demander_relecture, demander_corrections, relancer_bailleur, renvoyer_instruction, notifier_instructeur, valider, revenir_instruction, rouvrir, signer, corriger_signature, envoyer_publication, publier, refuser_publication, annuler_publication, rouvrir_publication, denoncer, resilier, corriger_date_denonciation, corriger_date_resiliation, corriger_date_publication, annuler, reactiver, supprimer)
//	@Param			If-Match		header		string			true	"Version lue, entre guillemets"
//	@Param			Idempotency-Key	header		string			false	"Clé d’une intention : la même requête n’agit qu’une fois"
//	@Param			corps			body		ActionDemandee	false	"Données de l’action"
//	@Success		200				{object}	ActionFaite
//	@Header			200				{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/actions/{code} [post]
func (r Conventions) executer(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	code, err := httpapi.TextParam(c, "code", 30)
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatchOrNone(c)
	if err != nil {
		return err
	}
	var corps ActionDemandee
	if err := httpapi.BindOptionalJSON(c, &corps); err != nil {
		return err
	}
	cmd := convention.Commande{
		Version: version, Commentaire: corps.Commentaire, Copie: corps.Copie, ConfirmerIncomplet: corps.ConfirmerIncomplet,
		ConfirmerCommentairesOuverts: corps.ConfirmerCommentairesOuverts, Numero: corps.Numero,
		ReferenceSPF: corps.ReferenceSPF, MotifRefusSPF: corps.MotifRefusSPF,
	}
	if corps.Numero != nil && utf8.RuneCountInString(*corps.Numero) > 255 {
		return fault.New(fault.Invalid, "invalide", "Le numéro est trop long.").
			WithFields(fault.Field{Pointer: "/numero", Code: "trop_long", Detail: "Numéro : 255 caractères au plus."})
	}
	if err := corps.lireJours(&cmd); err != nil {
		return err
	}
	p := httpapi.Principal(c)
	res, err := r.Service.Executer(c.Request().Context(), p, id, convention.Code(code), cmd)
	if err != nil {
		return err
	}
	out := ActionFaite{Avertissements: vueAvertissements(res.Avertissements)}
	if res.Dossier == nil {
		return c.JSON(http.StatusOK, out)
	}
	if convention.Code(code) != convention.Supprimer {
		v, err := r.vue(c.Request().Context(), p, res.Dossier)
		if err != nil {
			return err
		}
		out.Convention = &v
	}
	httpapi.SetETag(c, res.Dossier.Convention.Version)
	return c.JSON(http.StatusOK, out)
}

// supprimer is the transition « supprimer » under the verb that HTTP has for it (02 T22).
//
//	@Summary		Supprimer une convention ou un avenant annulé
//	@Description	La même action que « supprimer » : seulement au statut ANNULEE, sans avenant ni seconde vie qui en dépende. La convention disparaît des listes ; son journal et son historique sont conservés.
//	@Tags			conventions
//	@Param			uuid		path	string	true	"Identifiant"	format(uuid)
//	@Param			If-Match	header	string	true	"Version lue, entre guillemets"
//	@Success		204
//	@Failure		400,401,403,404,409,412,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid} [delete]
func (r Conventions) supprimer(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatchOrNone(c)
	if err != nil {
		return err
	}
	_, err = r.Service.Executer(c.Request().Context(), httpapi.Principal(c), id, convention.Supprimer, convention.Commande{Version: version})
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
