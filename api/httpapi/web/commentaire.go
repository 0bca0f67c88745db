package web

import (
	"net/http"
	"time"

	"apilos/api/auth"
	"apilos/api/comment"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/httpapi"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// AuteurCommentaire is who wrote a comment.
type AuteurCommentaire struct {
	Nom string `json:"nom" validate:"required"`
	Moi bool   `json:"moi" validate:"required"`
} // @name AuteurCommentaire

// Commentaire is a review comment on a field or a table.
type Commentaire struct {
	UUID          uuid.UUID         `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Version       int               `json:"version" validate:"required"`
	Cible         string            `json:"cible" validate:"required" example:"programme__nom"`
	NomObjet      string            `json:"nom_objet" validate:"required"`
	ChampObjet    string            `json:"champ_objet" validate:"required"`
	UUIDObjet     *uuid.UUID        `json:"uuid_objet" extensions:"x-nullable" swaggertype:"string" format:"uuid"`
	LibelleCible  string            `json:"libelle_cible" validate:"required"`
	Etape         string            `json:"etape" validate:"required"`
	Message       string            `json:"message" validate:"required"`
	Statut        string            `json:"statut" validate:"required" enums:"OUVERT,RESOLU,CLOS"`
	StatutLibelle string            `json:"statut_libelle" validate:"required"`
	Auteur        AuteurCommentaire `json:"auteur" validate:"required"`
	CreeLe        time.Time         `json:"cree_le" validate:"required"`
	MisAJourLe    time.Time         `json:"mis_a_jour_le" validate:"required"`
	ResoluLe      *time.Time        `json:"resolu_le" extensions:"x-nullable"`
	ResoluPar     string            `json:"resolu_par" validate:"required"`
	ClosLe        *time.Time        `json:"clos_le" extensions:"x-nullable"`
	ClosPar       string            `json:"clos_par" validate:"required"`
	Actions       []string          `json:"actions" validate:"required" enums:"modifier,resoudre,rouvrir,clore"`
	Lien          string            `json:"lien" validate:"required"`
} // @name Commentaire

// CommentairesConvention holds all the comments of a convention, one request for the page (CO-11).
type CommentairesConvention struct {
	Commentaires []Commentaire          `json:"commentaires" validate:"required"`
	Groupes      map[string][]uuid.UUID `json:"groupes" validate:"required" swaggertype:"object,array,string"`
	Possible     bool                   `json:"possible" validate:"required"`
} // @name CommentairesConvention

// CommentaireCreation is the body of a new comment.
type CommentaireCreation struct {
	NomObjet   string     `json:"nom_objet" validate:"required" maxLength:"255" example:"programme"`
	ChampObjet string     `json:"champ_objet" validate:"required" maxLength:"255" example:"nom"`
	UUIDObjet  *uuid.UUID `json:"uuid_objet" extensions:"x-nullable" swaggertype:"string" format:"uuid"`
	Message    string     `json:"message" validate:"required" maxLength:"5000"`
} // @name CommentaireCreation

// CommentaireModification changes the text or the statut of a comment.
type CommentaireModification struct {
	Message *string `json:"message,omitempty" maxLength:"5000"`
	Statut  *string `json:"statut,omitempty" enums:"OUVERT,RESOLU,CLOS"`
} // @name CommentaireModification

func vueCommentaire(p auth.Principal, d *convention.Dossier, c comment.Commentaire) Commentaire {
	cible, _ := comment.TrouverCible(c.NomObjet, c.ChampObjet)
	libelle := cible.Libelle
	if libelle == "" {
		libelle = c.NomObjet + " - " + c.ChampObjet // imported target (01 §3.21.1)
	}
	auteur := AuteurCommentaire{Nom: c.AuteurNom, Moi: c.AuteurID != nil && *c.AuteurID == p.UtilisateurID}
	if c.AuteurID == nil {
		auteur.Nom = "utilisateur supprimé" // CO-16
	}
	actions := d.ActionsCommentaire(p, c)
	if actions == nil {
		actions = []string{}
	}
	etape := d.EtapeDe(c)
	lien := lienRecapitulatif(d) + "?commentaire=" + c.UUID.String()
	if _, ok := d.SectionDe(etape); ok {
		lien = lienEtape(d, etape) + "?commentaire=" + c.UUID.String()
	}
	return Commentaire{
		UUID: c.UUID, Version: c.Version, Cible: c.Cle(), NomObjet: c.NomObjet, ChampObjet: c.ChampObjet, UUIDObjet: c.UUIDObjet,
		LibelleCible: libelle, Etape: string(etape), Message: c.Message, Statut: string(c.Statut), StatutLibelle: c.Statut.Libelle(),
		Auteur: auteur, CreeLe: c.CreeLe, MisAJourLe: c.MisAJourLe, ResoluLe: c.ResoluLe, ResoluPar: c.ResoluPar, ClosLe: c.ClosLe, ClosPar: c.ClosPar, Actions: actions, Lien: lien,
	}
}

// commentaires lists the comments of a convention.
//
//	@Summary	Lister les commentaires d’une convention
//	@Description	Tous les commentaires en une requête, avec leur regroupement par champ.
//	@Tags		commentaires
//	@Produce	json
//	@Param		uuid			path		string		true	"Identifiant de la convention"	format(uuid)
//	@Param		statut			query		[]string	false	"Statuts"						Enums(OUVERT, RESOLU, CLOS)	collectionFormat(csv)
//	@Param		nom_objet		query		string		false	"Objet commenté"
//	@Param		champ_objet		query		string		false	"Champ commenté"
//	@Param		uuid_objet		query		string	false	"Ligne commentée"	format(uuid)
//	@Success	200				{object}	CommentairesConvention
//	@Failure	400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security	BearerAuth
//	@Router		/conventions/{uuid}/commentaires [get]
func (r Conventions) commentaires(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	q, err := httpapi.Query(c, "statut", "nom_objet", "champ_objet", "uuid_objet")
	if err != nil {
		return err
	}
	statuts := q.List("statut", string(comment.Ouvert), string(comment.Resolu), string(comment.Clos))
	objet, champ, ligne := q.Text("nom_objet"), q.Text("champ_objet"), q.UUID("uuid_objet")
	if err := q.Err(); err != nil {
		return err
	}
	p := httpapi.Principal(c)
	d, err := r.Service.Lire(c.Request().Context(), p, id)
	if err != nil {
		return err
	}
	out := CommentairesConvention{Commentaires: []Commentaire{}, Groupes: map[string][]uuid.UUID{}, Possible: d.CommenterPossible(p)}
	for _, k := range d.Commentaires {
		if (len(statuts) > 0 && !contient(statuts, string(k.Statut))) || (objet != "" && objet != k.NomObjet) || (champ != "" && champ != k.ChampObjet) ||
			(ligne != nil && (k.UUIDObjet == nil || *k.UUIDObjet != *ligne)) {
			continue
		}
		out.Commentaires = append(out.Commentaires, vueCommentaire(p, d, k))
		out.Groupes[k.Cle()] = append(out.Groupes[k.Cle()], k.UUID)
	}
	return c.JSON(http.StatusOK, out)
}

func contient(liste []string, s string) bool {
	for _, x := range liste {
		if x == s {
			return true
		}
	}
	return false
}

// commenter adds a comment.
//
//	@Summary		Commenter un champ ou un tableau
//	@Description	Pendant l’instruction ou la correction. En correction, un commentaire ouvre son champ au bailleur.
//	@Tags			commentaires
//	@Accept			json
//	@Produce		json
//	@Param			uuid			path		string				true	"Identifiant de la convention"	format(uuid)
//	@Param			Idempotency-Key	header		string				false	"Clé d’une intention"
//	@Param			corps			body		CommentaireCreation	true	"Commentaire"
//	@Success		201				{object}	Commentaire
//	@Header			201				{string}	Location	"Adresse du commentaire"
//	@Failure		400,401,403,404,409,413,415,422,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/commentaires [post]
func (r Conventions) commenter(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	var corps CommentaireCreation
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	p, ctx := httpapi.Principal(c), c.Request().Context()
	k, err := r.Service.Commenter(ctx, p, id, convention.NouveauCommentaire{
		NomObjet: corps.NomObjet, ChampObjet: corps.ChampObjet, UUIDObjet: corps.UUIDObjet, Message: corps.Message,
	})
	if err != nil {
		return err
	}
	d, err := r.Service.Lire(ctx, p, id)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, k.Version)
	return httpapi.Created(c, "/api/v1/commentaires/"+k.UUID.String(), vueCommentaire(p, d, k))
}

// lireCommentaire returns one comment.
//
//	@Summary	Lire un commentaire
//	@Description	Avec les actions que vous pouvez faire.
//	@Tags		commentaires
//	@Produce	json
//	@Param		uuid				path		string	true	"Identifiant du commentaire"	format(uuid)
//	@Success	200					{object}	Commentaire
//	@Header		200					{string}	ETag	"Version"
//	@Failure	400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security	BearerAuth
//	@Router		/commentaires/{uuid} [get]
func (r Conventions) lireCommentaire(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	p := httpapi.Principal(c)
	d, k, err := r.Service.LireCommentaire(c.Request().Context(), p, id)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, k.Version)
	return c.JSON(http.StatusOK, vueCommentaire(p, d, k))
}

// modifierCommentaire changes a comment.
//
//	@Summary		Modifier un commentaire
//	@Description	Le texte par son auteur tant que le commentaire est ouvert ; le statut selon les droits de chacun : résoudre et rouvrir pour les deux côtés, clore pour le service.
//	@Tags			commentaires
//	@Accept			application/merge-patch+json,json
//	@Produce		json
//	@Param			uuid		path		string					true	"Identifiant du commentaire"	format(uuid)
//	@Param			If-Match	header		string					true	"Version lue, entre guillemets"
//	@Param			corps		body		CommentaireModification	true	"Champ à modifier"
//	@Success		200			{object}	Commentaire
//	@Header			200			{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/commentaires/{uuid} [patch]
func (r Conventions) modifierCommentaire(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatchOrNone(c)
	if err != nil {
		return err
	}
	var corps CommentaireModification
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	m := convention.ModificationCommentaire{Version: version, Message: corps.Message}
	if corps.Statut != nil {
		s := comment.Statut(*corps.Statut)
		if s != comment.Ouvert && s != comment.Resolu && s != comment.Clos {
			return fault.New(fault.Invalid, "invalide", "Ce statut n’existe pas.").
				WithFields(fault.Field{Pointer: "/statut", Code: "bad_choice", Detail: "Le statut doit être OUVERT, RESOLU ou CLOS."})
		}
		m.Statut = &s
	}
	p, ctx := httpapi.Principal(c), c.Request().Context()
	if _, err := r.Service.ModifierCommentaire(ctx, p, id, m); err != nil {
		return err
	}
	d, k, err := r.Service.LireCommentaire(ctx, p, id)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, k.Version)
	return c.JSON(http.StatusOK, vueCommentaire(p, d, k))
}
