// Package httpapi is the transport: the route table with its access rules, the chain of middleware in
// front of every handler, strict reading of requests, and the one place where an error becomes an
// answer (problem.go).
//
// Invariants: a route without a declared Access is refused at start; a handler never writes an error
// body; a body is read with BindJSON and a query with Query, which refuse what they do not know; GET
// and HEAD never write (CC-13). The package knows no rule of the trade, no SQL and no storage; its
// sub-packages web, siapapi and depotapi hold the handlers of the three audiences.
//
// A file of handlers (package web) looks like this. The comment above a handler is read by swag: it is
// the OpenAPI document, so every parameter and every status of the handler is in it, in French.
//
//	// Commentaires serves the comments of conventions (02 §4).
//	type Commentaires struct{ Service ServiceCommentaires } // interface declared in this package, small
//
//	// Routes implements httpapi.Resource.
//	func (r Commentaires) Routes() []httpapi.Route {
//		return []httpapi.Route{
//			{Method: http.MethodGet, Path: "/conventions/:uuid/commentaires", Access: httpapi.Requires(auth.ViewComment), Handler: r.lister},
//			{Method: http.MethodPatch, Path: "/commentaires/:uuid", Access: httpapi.Requires(auth.ChangeComment).Write(), Handler: r.modifier},
//		}
//	}
//
//	// CommentaireModification is the body of a change. A field that the client may leave out or set to
//	// null is an httpapi.Optional, and any field that accepts or answers null (pointers too) says it with
//	// extensions:"x-nullable"; fields that are always there carry validate:"required".
//	type CommentaireModification struct {
//		Message httpapi.Optional[string] `json:"message" swaggertype:"string" extensions:"x-nullable" maxLength:"5000"`
//		Statut  httpapi.Optional[string] `json:"statut" swaggertype:"string" extensions:"x-nullable" enums:"OUVERT,RESOLU,CLOS"`
//	}
//
//	// modifier changes the text or the statut of a comment.
//	//
//	//	@Summary		Modifier un commentaire
//	//	@Description	Le texte par son auteur tant que le commentaire est ouvert ; le statut selon les droits de chacun.
//	//	@Tags			commentaires
//	//	@Accept			application/merge-patch+json,json
//	//	@Produce		json
//	//	@Param			uuid		path		string					true	"Identifiant du commentaire"	format(uuid)
//	//	@Param			If-Match	header		string					true	"Version lue, entre guillemets"	example("3")
//	//	@Param			corps		body		CommentaireModification	true	"Champs à modifier"
//	//	@Success		200			{object}	Commentaire				"Commentaire à jour"
//	//	@Header			200			{string}	ETag					"Version"
//	//	@Failure		400,401,403,404,409,412,415,422,428,429,500	{object}	httpapi.Problem	"Problème"
//	//	@Security		BearerAuth
//	//	@Router			/commentaires/{uuid} [patch]
//	func (r Commentaires) modifier(c echo.Context) error {
//		id, err := httpapi.UUIDParam(c, "uuid")
//		if err != nil {
//			return err
//		}
//		version, err := httpapi.IfMatch(c)
//		if err != nil {
//			return err
//		}
//		var corps CommentaireModification
//		if err := httpapi.BindJSON(c, &corps); err != nil {
//			return err
//		}
//		com, err := r.Service.Modifier(c.Request().Context(), httpapi.Principal(c), id, version, corps.Message.Ptr(), corps.Statut.Ptr())
//		if err != nil {
//			return err // a fault.Error becomes its problem, anything else a 500
//		}
//		return httpapi.Object(c, http.StatusOK, com.Version, commentaire(com))
//	}
//
// A list reads its parameters by name, and all mistakes come back together. A GET without any parameter
// still calls Query(c), so that an unknown one is refused:
//
//	q, err := httpapi.Query(c, "statut", "q", "page", "par_page")
//	if err != nil {
//		return err
//	}
//	page, statuts := q.Page(), q.List("statut", "PROJET", "INSTRUCTION")
//	if err := q.Err(); err != nil {
//		return err
//	}
//	lignes, total, err := …
//	return httpapi.JSONPage(c, page, total, lignes)
package httpapi
