package web

import (
	"context"
	"net/http"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServicePiecesJointes lists and promotes the attachments of conventions (convention.Service).
type ServicePiecesJointes interface {
	Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, error)
	Promouvoir(ctx context.Context, p auth.Principal, id, piece uuid.UUID, version int) (*convention.Dossier, error)
}

// PiecesJointes serves the attachments taken over from the former system (02 DO-10).
type PiecesJointes struct {
	Service     ServicePiecesJointes
	Conventions Conventions // shows the convention after a promotion
}

// Routes implements httpapi.Resource.
func (r PiecesJointes) Routes() []httpapi.Route {
	lire := httpapi.Requires(auth.ViewConvention)
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/conventions/:uuid/pieces-jointes", Access: lire, Handler: r.lister},
		{Method: http.MethodPost, Path: "/conventions/:uuid/pieces-jointes/:document/promotion", Access: lire.Write(), Handler: r.promouvoir},
	}
}

// PieceJointe is an attachment.
type PieceJointe struct {
	PieceEvenement
	TypePiece   string `json:"type_piece" validate:"required" enums:"CONVENTION,RECTIFICATION,ATTESTATION_PREFECTORALE,AVENANT,PHOTO,AUTRE"`
	TypeLibelle string `json:"type_libelle" validate:"required"`
	Description string `json:"description" validate:"required"`
	// Promouvable: the caller may make it the signed document now.
	Promouvable bool `json:"promouvable" validate:"required"`
	// RaisonRefus says why the service may not; empty for the other side.
	RaisonRefus string `json:"raison_refus" validate:"required"`
} // @name PieceJointe

// lister lists the attachments of a convention.
//
//	@Summary		Lister les pièces jointes d’une convention
//	@Description	Les pièces en vigueur, dont celles reprises de l’ancien système. « promouvable » dit si vous pouvez en faire le document signé ; « raison_refus » dit au service pourquoi il ne le peut pas.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid	path	string	true	"Identifiant de la convention"	format(uuid)
//	@Success		200		{array}	PieceJointe
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/pieces-jointes [get]
func (r PiecesJointes) lister(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	p := httpapi.Principal(c)
	d, err := r.Service.Lire(c.Request().Context(), p, id)
	if err != nil {
		return err
	}
	out := []PieceJointe{}
	for _, x := range d.PiecesJointes() {
		typ := convention.PieceAutre
		if x.Rattache.TypePiece != nil {
			typ = *x.Rattache.TypePiece
		}
		v := PieceJointe{PieceEvenement: vuePieces([]convention.Document{x})[0], TypePiece: typ, TypeLibelle: convention.LibellePiece(typ), Description: x.Rattache.Description}
		refus := d.PeutPromouvoir(p, x)
		v.Promouvable = refus == nil
		if f := fault.As(refus); f != nil && f.Code != "PERMISSION_REFUSEE" {
			v.RaisonRefus = f.Message
		}
		out = append(out, v)
	}
	return c.JSON(http.StatusOK, out)
}

// promouvoir makes an attachment the signed document.
//
//	@Summary		Faire d’une pièce jointe le document signé
//	@Description	Pour une convention reprise de l’ancien système qui n’a pas de document signé : une pièce « CONVENTION » pour une convention, « AVENANT » pour un avenant, au format PDF. Le statut ne change pas et la pièce reste dans la liste.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid			path		string	true	"Identifiant de la convention"	format(uuid)
//	@Param			document		path		string	true	"Identifiant de la pièce"		format(uuid)
//	@Param			If-Match		header		string	true	"Version lue de la convention, entre guillemets"
//	@Param			Idempotency-Key	header		string	false	"Clé d’une intention"
//	@Success		200				{object}	Convention
//	@Header			200				{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/pieces-jointes/{document}/promotion [post]
func (r PiecesJointes) promouvoir(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	piece, err := httpapi.UUIDParam(c, "document")
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatchOrNone(c)
	if err != nil {
		return err
	}
	p, ctx := httpapi.Principal(c), c.Request().Context()
	d, err := r.Service.Promouvoir(ctx, p, id, piece, version)
	if err != nil {
		return err
	}
	v, err := r.Conventions.vue(ctx, p, d)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, d.Convention.Version)
	return c.JSON(http.StatusOK, v)
}
