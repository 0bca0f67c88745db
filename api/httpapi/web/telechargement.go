package web

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"apilos/api/auth"
	"apilos/api/fault"
	"apilos/api/httpapi"
	"apilos/api/telechargement"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceTelechargements gives one-time addresses and opens files.
type ServiceTelechargements interface {
	Ouvrir(ctx context.Context, p auth.Principal, document uuid.UUID, enLigne bool) (telechargement.Lien, error)
	Servir(ctx context.Context, jeton string, a telechargement.Appel) (telechargement.Contenu, error)
}

// Telechargements serves the files of conventions, by addresses that serve once (05 C.3).
type Telechargements struct{ Service ServiceTelechargements }

const (
	cheminTelechargements = "/telechargements"
	// dureeTelechargement is the longest download: 500 MB on a slow line. It replaces the write deadline of
	// the server, made for pages.
	dureeTelechargement = 15 * time.Minute
	// politiqueEnLigne lets our own pages, and no other site, show a file in a frame.
	politiqueEnLigne = "sandbox; default-src 'none'; frame-ancestors 'self'"
)

// Routes implements httpapi.Resource. The second route is public since a browser that follows a link sends
// no access token: the one-time token of the address is the proof. It must not be mounted behind a guard
// that forbids a GET to write through its context: using a token writes, in a transaction of its own.
func (r Telechargements) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodPost, Path: cheminTelechargements, Access: httpapi.Requires(auth.ViewConvention).OpenToReaders(), NoReplay: true, Handler: r.ouvrir},
		{Method: http.MethodGet, Path: cheminTelechargements + "/:jeton", Access: httpapi.Public(), Stream: true, Timeout: dureeTelechargement, Handler: r.servir},
	}
}

// DemandeTelechargement is the body of a request for an address.
type DemandeTelechargement struct {
	DocumentUUID uuid.UUID              `json:"document_uuid" validate:"required" swaggertype:"string" format:"uuid"`
	EnLigne      httpapi.Optional[bool] `json:"en_ligne" swaggertype:"boolean"` // true: to show it in the page
}

// LienTelechargement is an address that serves once.
type LienTelechargement struct {
	URL      string    `json:"url" validate:"required" example:"/api/v1/telechargements/…"`
	ExpireLe time.Time `json:"expire_le" validate:"required"`
} // @name LienTelechargement

// ouvrir gives the address of a document.
//
//	@Summary		Obtenir l’adresse d’un document
//	@Description	L’adresse rendue vit 60 secondes, ne sert qu’une fois et seulement tant que votre session est ouverte : demandez-la au moment de l’utiliser. « en_ligne » affiche un PDF ou une image dans la page au lieu de l’enregistrer. Un document dont la vérification antivirus n’est pas terminée donne 409 FICHIER_NON_VERIFIE.
//	@Tags			conventions
//	@Accept			json
//	@Produce		json
//	@Param			corps	body		DemandeTelechargement	true	"Document voulu"
//	@Success		200		{object}	LienTelechargement
//	@Failure		400,401,403,404,409,413,415,422,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/telechargements [post]
func (r Telechargements) ouvrir(c echo.Context) error {
	var corps DemandeTelechargement
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	if corps.DocumentUUID == uuid.Nil {
		return fault.New(fault.Invalid, "invalide", "Dites quel document vous voulez télécharger.").
			WithFields(fault.Field{Pointer: "/document_uuid", Code: "required", Detail: "L’identifiant du document est nécessaire."})
	}
	enLigne := corps.EnLigne.Ptr()
	lien, err := r.Service.Ouvrir(c.Request().Context(), httpapi.Principal(c), corps.DocumentUUID, enLigne != nil && *enLigne)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, LienTelechargement{URL: "/api/v1" + cheminTelechargements + "/" + lien.Jeton, ExpireLe: lien.ExpireLe})
}

// servir sends a file.
//
//	@Summary		Télécharger un document par son adresse à usage unique
//	@Description	Sans jeton d’accès : l’adresse suffit, une seule fois, pendant 60 secondes. Déjà utilisée, expirée, ou de session fermée, elle donne 404. Le contenu est envoyé d’un bloc, sans reprise partielle.
//	@Tags			conventions
//	@Produce		application/pdf,image/png,image/jpeg,application/zip,application/octet-stream
//	@Param			jeton	path		string	true	"Jeton de l’adresse"
//	@Success		200		{file}		file	"Contenu du document"
//	@Failure		404,429,500,503	{object}	httpapi.Problem
//	@Router			/telechargements/{jeton} [get]
func (r Telechargements) servir(c echo.Context) error {
	if c.Request().Method == http.MethodHead { // a look must not use the address
		return telechargement.LienPerime()
	}
	contenu, err := r.Service.Servir(c.Request().Context(), c.Param("jeton"), telechargement.Appel{
		IP: httpapi.TruncateIP(c.RealIP()), RequeteID: httpapi.RequestID(c),
	})
	if err != nil {
		return err
	}
	defer contenu.Corps.Close()
	httpapi.SetFile(c, contenu.Nom, contenu.TypeMime, contenu.EnLigne)
	h := c.Response().Header()
	if contenu.EnLigne {
		h.Set("Content-Security-Policy", politiqueEnLigne)
	}
	h.Set(echo.HeaderContentLength, strconv.FormatInt(contenu.Taille, 10))
	h.Set("Accept-Ranges", "none")
	// A server without deadlines (tests) has none to move.
	_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(dureeTelechargement))
	c.Response().WriteHeader(http.StatusOK)
	_, err = io.Copy(c.Response(), contenu.Corps)
	return err
}
