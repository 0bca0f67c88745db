package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"apilos/api/auth"
	"apilos/api/export"
	"apilos/api/fault"
	"apilos/api/httpapi"
	"apilos/api/telechargement"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceExports is what the routes of exports ask of the domain.
type ServiceExports interface {
	Conventions(ctx context.Context, p auth.Principal, d export.Demande) (export.Reponse, error)
	Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*export.Tache, error)
	Lister(ctx context.Context, p auth.Principal, decalage, limite int) ([]export.Tache, int, error)
	Suivre(ctx context.Context, p auth.Principal, id uuid.UUID) (*export.Tache, error)
}

// AdressesFichiers gives the one-time address of a file of the caller.
type AdressesFichiers interface {
	OuvrirFichier(ctx context.Context, p auth.Principal, fichierID int64) (telechargement.Lien, error)
}

// Exports writes lists of conventions as spreadsheets (06 §1.12).
type Exports struct {
	Service  ServiceExports
	Adresses AdressesFichiers
	Horloge  func() time.Time
}

// Routes implements httpapi.Resource. A file is not kept for Idempotency-Key; a long export asked for twice while it
// runs is one task.
func (r Exports) Routes() []httpapi.Route {
	lecture := httpapi.Requires(auth.ViewConvention)
	return []httpapi.Route{
		{Method: http.MethodPost, Path: "/exports/conventions", Access: lecture.OpenToReaders(), NoReplay: true, Stream: true, Limit: httpapi.LimitExport, Handler: r.demander},
		{Method: http.MethodGet, Path: "/exports", Access: lecture, Handler: r.lister},
		{Method: http.MethodGet, Path: "/exports/:uuid", Access: lecture, Handler: r.lire},
		{Method: http.MethodPost, Path: "/exports/:uuid/telechargement", Access: lecture.OpenToReaders(), NoReplay: true, Handler: r.telecharger},
	}
}

// Export is a long export of the caller.
type Export struct {
	UUID       uuid.UUID  `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Etat       string     `json:"etat" validate:"required" enums:"EN_ATTENTE,EN_COURS,TERMINEE,ECHEC,ANNULEE"`
	Avancement int        `json:"avancement" validate:"required"` // rows written
	Total      *int       `json:"total" extensions:"x-nullable"`
	Fichier    string     `json:"fichier" validate:"required" example:"conventions_22-11-2026.xlsx"`
	Taille     *int64     `json:"taille" extensions:"x-nullable"` // bytes
	CreeLe     time.Time  `json:"cree_le" validate:"required"`
	TermineLe  *time.Time `json:"termine_le" extensions:"x-nullable"`
	ExpireLe   *time.Time `json:"expire_le" extensions:"x-nullable"`
} // @name Export

// PageExports is a page of them.
type PageExports = httpapi.Page[Export]

// demander exports conventions.
//
//	@Summary		Exporter une liste de conventions
//	@Description	Mêmes critères que GET /conventions, dans le périmètre de l’habilitation active. Jusqu’à 1 000 lignes, la réponse est le fichier. Au-delà, ou avec « differe », la réponse est 202 avec la tâche à suivre (GET /taches/{uuid}) ; le fichier reste 7 jours. 200 000 lignes au plus. Chaque export est journalisé.
//	@Description	CSV : UTF-8 avec marque d’ordre, point-virgule ; un texte qui commence comme une formule est précédé d’une apostrophe.
//	@Tags			exports
//	@Produce		application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,text/csv,json
//	@Param			format			query		string		false	"Format du fichier"	Enums(xlsx, csv)	default(xlsx)
//	@Param			differe			query		bool		false	"En arrière-plan quelle que soit la taille"
//	@Param			q				query		string		false	"Nom d’opération, commune, bailleur ou numéro"				maxLength(255)
//	@Param			operation_nom	query		string		false	"Mots du nom de l’opération"								maxLength(255)
//	@Param			numero			query		string		false	"Numéro de convention ou d’opération"						maxLength(255)
//	@Param			bailleur		query		string		false	"Identifiant du bailleur, ou partie de son nom, ou début de son SIREN"	maxLength(255)
//	@Param			lieu			query		string		false	"Commune ou code postal"									maxLength(255)
//	@Param			statut			query		[]string	false	"Code du statut, ou libellé échangé avec le SIAP"			collectionFormat(csv)
//	@Param			financement		query		[]string	false	"Code du financement"										collectionFormat(csv)
//	@Param			nature_logement	query		[]string	false	"Code de la nature des logements"							collectionFormat(csv)
//	@Param			type_operation	query		[]string	false	"Code du type d’opération"									collectionFormat(csv)
//	@Param			annee_signature	query		[]string	false	"Année de signature"										collectionFormat(csv)
//	@Param			administration	query		[]string	false	"Code de l’administration"									collectionFormat(csv)
//	@Param			departement		query		[]string	false	"Code INSEE du département"									collectionFormat(csv)
//	@Param			region			query		[]string	false	"Code INSEE de la région"									collectionFormat(csv)
//	@Param			avenants		query		string		false	"Avenants"	Enums(inclus, exclus, seuls)	default(inclus)
//	@Param			anru			query		bool		false	"Opérations ANRU"
//	@Param			anah			query		bool		false	"Opérations ANAH"
//	@Param			seconde_vie		query		bool		false	"Secondes vies"
//	@Param			mixte			query		bool		false	"Plusieurs financements"
//	@Param			modifie_depuis	query		string		false	"Changées depuis cet instant"	maxLength(64)
//	@Param			a_moi			query		bool		false	"Seulement ce qui attend une action de votre part"
//	@Param			tri				query		string		false	"Ordre ; un tiret devant inverse"	Enums(pertinence, cree_le, -cree_le, mis_a_jour_le, -mis_a_jour_le, attente, -attente, ville, -ville, bailleur, -bailleur, numero, -numero, statut, -statut, date_signature, -date_signature, date_livraison, -date_livraison, nb_logements, -nb_logements)
//	@Success		200	{file}		file	"Fichier"
//	@Success		202	{object}	TacheLancee	"Tâche à suivre"
//	@Header			202	{string}	Location	"Adresse de la tâche"
//	@Failure		400,401,403,413,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/exports/conventions [post]
func (r Exports) demander(c echo.Context) error {
	noms := make([]string, 0, len(parametresListe()))
	for _, n := range parametresListe() {
		switch n {
		case "inclure", "page", "par_page", "apres":
		default:
			noms = append(noms, n)
		}
	}
	q, err := httpapi.Query(c, append(noms, "format", "differe")...)
	if err != nil {
		return err
	}
	f, err := lireFiltre(q, r.Horloge())
	if err != nil {
		return err
	}
	d := export.Demande{Filtre: f, Format: export.Format(q.Choice("format", string(export.XLSX), string(export.XLSX), string(export.CSV)))}
	if b := q.Bool("differe"); b != nil {
		d.Differe = *b
	}
	if err := q.Err(); err != nil {
		return err
	}
	rep, err := r.Service.Conventions(c.Request().Context(), httpapi.Principal(c), d)
	if err != nil {
		return err
	}
	if t := rep.Tache; t != nil {
		c.Response().Header().Set(echo.HeaderLocation, "/api/v1/taches/"+t.UUID.String())
		return c.JSON(http.StatusAccepted, TacheLancee{t.UUID})
	}
	httpapi.SetFile(c, rep.Nom, d.Format.TypeMime(), false)
	c.Response().Header().Set(echo.HeaderContentLength, strconv.Itoa(len(rep.Contenu)))
	return c.Blob(http.StatusOK, d.Format.TypeMime(), rep.Contenu)
}

// lister lists the long exports of the caller.
//
//	@Summary		Lister vos exports
//	@Description	Les exports en arrière-plan des sept derniers jours, les vôtres seulement, le plus récent d’abord.
//	@Tags			exports
//	@Produce		json
//	@Param			page		query		int			false	"Page"				minimum(1)
//	@Param			par_page	query		int			false	"Lignes par page"	minimum(1)	maximum(100)
//	@Success		200			{object}	PageExports	"Exports"
//	@Header			200			{string}	Link		"Pages voisines"
//	@Failure		400,401,403,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/exports [get]
func (r Exports) lister(c echo.Context) error {
	page, err := pageDemandee(c)
	if err != nil {
		return err
	}
	taches, total, err := r.Service.Lister(c.Request().Context(), httpapi.Principal(c), page.Offset(), page.ParPage)
	if err != nil {
		return err
	}
	out := make([]Export, 0, len(taches))
	for i := range taches {
		out = append(out, vueExport(&taches[i]))
	}
	return httpapi.JSONPage(c, page, total, out)
}

// lire reads one of them.
//
//	@Summary		Lire un de vos exports
//	@Description	Celui d’une autre personne donne 404.
//	@Tags			exports
//	@Produce		json
//	@Param			uuid	path		string	true	"Identifiant de la tâche"	format(uuid)
//	@Success		200		{object}	Export	"Export"
//	@Failure		400,401,403,404,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/exports/{uuid} [get]
func (r Exports) lire(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	t, err := r.Service.Lire(c.Request().Context(), httpapi.Principal(c), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, vueExport(t))
}

// telecharger gives the address of the file.
//
//	@Summary		Obtenir l’adresse du fichier d’un export
//	@Description	L’adresse rendue vit 60 secondes et ne sert qu’une fois.
//	@Tags			exports
//	@Produce		json
//	@Param			uuid	path		string				true	"Identifiant de la tâche"	format(uuid)
//	@Success		200		{object}	LienTelechargement	"Adresse"
//	@Failure		400,401,403,404,409,413,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/exports/{uuid}/telechargement [post]
func (r Exports) telecharger(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	ctx, p := c.Request().Context(), httpapi.Principal(c)
	t, err := r.Service.Lire(ctx, p, id)
	if err != nil {
		return err
	}
	if t.Etat != export.Terminee || t.FichierID == nil {
		return fault.New(fault.Conflict, "EXPORT_NON_PRET", "Le fichier de cet export n’est pas prêt.").With("etat", t.Etat)
	}
	lien, err := r.Adresses.OuvrirFichier(ctx, p, *t.FichierID)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, LienTelechargement{URL: "/api/v1" + cheminTelechargements + "/" + lien.Jeton, ExpireLe: lien.ExpireLe})
}

func vueExport(t *export.Tache) Export {
	return Export{
		UUID: t.UUID, Etat: string(t.Etat), Avancement: t.Avancement, Total: t.Total, Fichier: t.NomFichier, Taille: t.Taille,
		CreeLe: t.CreeLe.UTC(), TermineLe: enUTC(t.TermineLe), ExpireLe: enUTC(t.ExpireLe),
	}
}
