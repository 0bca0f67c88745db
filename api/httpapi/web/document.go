package web

import (
	"errors"
	"io"
	"net/http"
	"time"

	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/httpapi"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// Document is a file of a convention.
type Document struct {
	UUID             uuid.UUID  `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Rubrique         string     `json:"rubrique" validate:"required" example:"DOCUMENT_SIGNE"`
	Libelle          string     `json:"libelle" validate:"required"`
	Nom              string     `json:"nom" validate:"required"`
	Taille           int64      `json:"taille" validate:"required"`
	TypeMime         string     `json:"type_mime" validate:"required"`
	Antivirus        string     `json:"antivirus" validate:"required" enums:"EN_ATTENTE,SAIN,INFECTE,ECHEC,NON_ANALYSE"`
	AntivirusLibelle string     `json:"antivirus_libelle" validate:"required"`
	Utilisable       bool       `json:"utilisable" validate:"required"`
	CreeLe           time.Time  `json:"cree_le" validate:"required"`
	DeposePar        string     `json:"depose_par" validate:"required"`
	Courant          bool       `json:"courant" validate:"required"`
	RemplaceLe       *time.Time `json:"remplace_le" extensions:"x-nullable"`
} // @name Document

func vueDocument(d convention.Document) Document {
	out := Document{
		UUID: d.Rattache.UUID, Rubrique: d.Rattache.Rubrique, Libelle: convention.LibelleRubrique(d.Rattache.Rubrique),
		Nom: d.Fichier.NomReel, TypeMime: d.Fichier.TypeMime, Antivirus: d.Fichier.Antivirus,
		AntivirusLibelle: d.Fichier.LibelleAntivirus(), Utilisable: d.Fichier.Utilisable(), CreeLe: d.Rattache.CreeLe,
		DeposePar: d.DeposePar, Courant: d.Courant(), RemplaceLe: d.Rattache.RemplaceLe,
	}
	if d.Fichier.Taille != nil {
		out.Taille = *d.Fichier.Taille
	}
	return out
}

func vueDocuments(d *convention.Dossier) []Document {
	out := []Document{}
	for _, x := range d.Documents {
		out = append(out, vueDocument(x))
	}
	return out
}

// documents lists the files of a convention, replaced ones included (DO-07).
//
//	@Summary	Lister les documents d’une convention
//	@Description	Tous les fichiers, y compris ceux qui ont été remplacés : rien n’est jamais écrasé.
//	@Tags		conventions
//	@Produce	json
//	@Param		uuid				path		string	true	"Identifiant"	format(uuid)
//	@Success	200					{array}		Document
//	@Failure	400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security	BearerAuth
//	@Router		/conventions/{uuid}/documents [get]
func (r Conventions) documents(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	d, err := r.Service.Lire(c.Request().Context(), httpapi.Principal(c), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, vueDocuments(d))
}

// deposer receives the signed PDF, streamed.
//
//	@Summary		Déposer le document signé (PDF, 500 Mo au plus)
//	@Description	Au statut « À signer », ou pour corriger le fichier d’une convention signée. Le dépôt ne change jamais le statut. Le fichier n’est utilisable qu’après la vérification antivirus. Envoyez « rubrique » avant « fichier ».
//	@Tags			conventions
//	@Accept			multipart/form-data
//	@Produce		json
//	@Param			uuid		path		string	true	"Identifiant"	format(uuid)
//	@Param			If-Match	header		string	true	"Version lue, entre guillemets"
//	@Param			rubrique	formData	string	true	"Type de document"	Enums(DOCUMENT_SIGNE)
//	@Param			fichier		formData	file	true	"Document signé, au format PDF"
//	@Success		201			{object}	Document
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/documents [post]
func (r Conventions) deposer(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatchOrNone(c)
	if err != nil {
		return err
	}
	in := convention.Depot{Version: version}
	if in.Rubrique, in.Nom, in.Contenu, err = lireDepot(c); err != nil {
		return err
	}
	doc, err := r.Service.Deposer(c.Request().Context(), httpapi.Principal(c), id, in)
	if err != nil {
		return err
	}
	return httpapi.Created(c, "/api/v1/conventions/"+id.String()+"/documents", vueDocument(doc))
}

// lireDepot reads the parts of the form without keeping the file in memory: the file is the last part.
func lireDepot(c echo.Context) (rubrique, nom string, contenu io.Reader, err error) {
	illisible := fault.New(fault.BadRequest, "formulaire_invalide", "Envoyez un formulaire « multipart/form-data » avec « rubrique », puis « fichier ».")
	mr, err := c.Request().MultipartReader()
	if err != nil {
		return "", "", nil, fault.New(fault.Unsupported, "type_non_pris_en_charge", "Envoyez un formulaire « multipart/form-data ».").Because(err)
	}
	for {
		part, err := mr.NextPart()
		if errors.Is(err, io.EOF) {
			return "", "", nil, fault.New(fault.Invalid, "invalide", "Aucun fichier reçu.").
				WithFields(fault.Field{Pointer: "/fichier", Code: "required", Detail: "Choisissez le fichier à déposer."})
		}
		if err != nil {
			return "", "", nil, illisible.Because(err)
		}
		switch part.FormName() {
		case "rubrique":
			b, err := io.ReadAll(io.LimitReader(part, 64))
			if err != nil {
				return "", "", nil, illisible.Because(err)
			}
			rubrique = string(b)
		case "fichier":
			return rubrique, part.FileName(), part, nil
		default:
			return "", "", nil, illisible
		}
	}
}

// annulerDepot archives the deposited file before the signature.
//
//	@Summary	Annuler le dépôt du document signé
//	@Description	Avant la signature seulement. Le fichier est archivé, jamais effacé.
//	@Tags		conventions
//	@Param		uuid		path	string	true	"Identifiant de la convention"	format(uuid)
//	@Param		document	path	string	true	"Identifiant du document"		format(uuid)
//	@Param		If-Match	header	string	true	"Version lue, entre guillemets"
//	@Success	204
//	@Failure	400,401,403,404,409,412,428,429,500	{object}	httpapi.Problem
//	@Security	BearerAuth
//	@Router		/conventions/{uuid}/documents/{document} [delete]
func (r Conventions) annulerDepot(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	document, err := httpapi.UUIDParam(c, "document")
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatchOrNone(c)
	if err != nil {
		return err
	}
	if err := r.Service.AnnulerDepot(c.Request().Context(), httpapi.Principal(c), id, document, version); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
