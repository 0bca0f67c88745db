package siapapi

import (
	"net/http"

	"apilos/api/compte"
	"apilos/api/httpapi"
	"apilos/api/securite"

	"github.com/labstack/echo/v4"
)

// numero is the number of the operation, decoded once.
func numero(c echo.Context) string { return httpapi.PathParam(c, "numero_operation") }

// operation reads an operation with all its conventions.
//
//	@Summary		Lire une opération
//	@Description	L’opération dans sa dernière version, avec toutes ses conventions et tous ses avenants, quel que soit leur statut. Le numéro est comparé exactement.
//	@Tags			operation
//	@Param			numero_operation	path		string		true	"Numéro de l’opération dans le SIAP"	maxlength(255)	example(20240870001)
//	@Success		200					{object}	Operation	"Opération"
//	@Failure		400,401,403,404,405,422,429,500,502,503	{object}	Erreur	"Refus"
//	@Security		jwtAuth
//	@Router			/operation/{numero_operation}/ [get]
func (r *API) operation(c echo.Context, a compte.AppelantSIAP) error {
	f, err := r.Service.Operation(c.Request().Context(), a, numero(c))
	if err != nil {
		return err
	}
	return repondre(c, http.StatusOK, vueOperation(f))
}

// synchroniser brings an operation from SIAP.
//
//	@Summary		Créer les conventions d’une opération
//	@Description	Lit l’opération dans le SIAP, crée ce qui manque (bailleur, administration, programme, une convention et un lot par financement conventionné) et la rend. Un second appel ne crée rien de plus.
//	@Tags			operation
//	@Param			numero_operation	path		string		true	"Numéro de l’opération dans le SIAP"	maxlength(255)	example(20240870001)
//	@Success		200					{object}	Operation	"Opération"
//	@Failure		400,401,403,404,405,413,422,429,500,502,503	{object}	Erreur	"Refus"
//	@Security		jwtAuth
//	@Router			/operation/{numero_operation}/ [post]
func (r *API) synchroniser(c echo.Context, a compte.AppelantSIAP) error {
	f, err := r.Service.Synchroniser(c.Request().Context(), a, numero(c))
	if err != nil {
		return err
	}
	return repondre(c, http.StatusOK, vueOperation(f))
}

// cloture tells whether an operation may be closed.
//
//	@Summary		L’opération peut-elle être clôturée ?
//	@Description	L’opération, si toutes ses conventions sont signées, et le dernier état validé de chaque convention. N’écrit rien.
//	@Tags			operation
//	@Param			numero_operation	path		string				true	"Numéro de l’opération dans le SIAP"	maxlength(255)	example(20240870001)
//	@Success		200					{object}	OperationCloture	"Opération à clôturer"
//	@Failure		400,401,403,404,405,422,429,500,502,503	{object}	Erreur	"Refus"
//	@Security		jwtAuth
//	@Router			/close_operation/{numero_operation}/ [get]
func (r *API) cloture(c echo.Context, a compte.AppelantSIAP) error {
	cl, err := r.Service.Cloture(c.Request().Context(), a, numero(c))
	if err != nil {
		return err
	}
	return repondre(c, http.StatusOK, vueCloture(cl))
}

// clore notes that SIAP has closed an operation.
//
//	@Summary		Signaler la clôture d’une opération
//	@Description	Même réponse que la lecture ; la clôture est notée dans le journal de l’opération, une fois par jour au plus. Aucune donnée n’est modifiée.
//	@Tags			operation
//	@Param			numero_operation	path		string				true	"Numéro de l’opération dans le SIAP"	maxlength(255)	example(20240870001)
//	@Success		200					{object}	OperationCloture	"Opération clôturée"
//	@Failure		400,401,403,404,405,413,422,429,500,502,503	{object}	Erreur	"Refus"
//	@Security		jwtAuth
//	@Router			/close_operation/{numero_operation}/ [post]
func (r *API) clore(c echo.Context, a compte.AppelantSIAP) error {
	cl, err := r.Service.Clore(c.Request().Context(), a, numero(c))
	if err != nil {
		return err
	}
	httpapi.SecurityEvent(c, r.Journal, securite.ClotureSIAP, securite.OK)
	return repondre(c, http.StatusOK, vueCloture(cl))
}

// Annulation is the outcome of a cancellation (05 A.8).
type Annulation struct {
	Status  string `json:"status" validate:"required" enums:"SUCCESS,ERROR" example:"SUCCESS"`
	Message string `json:"message,omitempty" example:"Annulation impossible : l’opération porte au moins une convention active."`
} // @name Annulation

const messageActive = "Annulation impossible : l’opération porte au moins une convention active. Dénoncez ou résiliez toutes ses conventions avant de demander l’annulation de l’opération."

// annuler cancels what is in progress.
//
//	@Summary		Annuler les conventions d’une opération
//	@Description	Annule toutes les conventions et tous les avenants en cours, ou aucun : si l’une est active (signée, en cours de publication ou publiée), la réponse est « ERROR » avec un message et rien ne change. Une opération inconnue ou sans convention à annuler donne « SUCCESS ».
//	@Tags			operation
//	@Param			numero_operation	path		string		true	"Numéro de l’opération dans le SIAP"	maxlength(255)	example(20240870001)
//	@Success		200					{object}	Annulation	"Résultat"
//	@Failure		400,401,403,404,405,413,422,429,500,502,503	{object}	Erreur	"Refus"
//	@Security		jwtAuth
//	@Router			/cancel_operation/{numero_operation}/ [post]
func (r *API) annuler(c echo.Context, a compte.AppelantSIAP) error {
	bloquee, err := r.Service.Annuler(c.Request().Context(), a, numero(c))
	if err != nil {
		return err
	}
	if bloquee {
		return repondre(c, http.StatusOK, Annulation{Status: "ERROR", Message: messageActive})
	}
	return repondre(c, http.StatusOK, Annulation{Status: "SUCCESS"})
}
