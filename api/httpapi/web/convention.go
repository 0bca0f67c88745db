package web

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"apilos/api/auth"
	"apilos/api/comment"
	"apilos/api/convention"
	"apilos/api/httpapi"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceConventions is what the handlers ask of the domain.
type ServiceConventions interface {
	Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, error)
	Lister(ctx context.Context, p auth.Principal, f convention.Filtre) (convention.Page, error)
	Flux(ctx context.Context, p auth.Principal, f convention.Filtre, apres *convention.CurseurFlux) (convention.PageFlux, error)
	LotsDes(ctx context.Context, p auth.Principal, conventionIDs []int64) (map[int64][]convention.LotResume, error)
	Possibles(ctx context.Context, p auth.Principal, d *convention.Dossier) ([]convention.Possible, error)
	Contributeurs(ctx context.Context, d *convention.Dossier) ([]convention.Contributeur, error)
	Executer(ctx context.Context, p auth.Principal, id uuid.UUID, code convention.Code, cmd convention.Commande) (convention.Resultat, error)
	Historique(ctx context.Context, p auth.Principal, id uuid.UUID, apres int64, limite int) ([]convention.LigneHistorique, error)
	LireEtape(ctx context.Context, p auth.Principal, id uuid.UUID, code convention.CodeEtape) (convention.VueEtape, error)
	EnregistrerEtape(ctx context.Context, p auth.Principal, id uuid.UUID, code convention.CodeEtape, in convention.SaisieEtape) (convention.VueEtape, error)
	GarderBrouillon(ctx context.Context, p auth.Principal, id uuid.UUID, code convention.CodeEtape, valeurs json.RawMessage, base int) error
	LireBrouillon(ctx context.Context, p auth.Principal, id uuid.UUID, code convention.CodeEtape) (*convention.Brouillon, error)
	JeterBrouillon(ctx context.Context, p auth.Principal, id uuid.UUID, code convention.CodeEtape) error
	Commenter(ctx context.Context, p auth.Principal, id uuid.UUID, n convention.NouveauCommentaire) (comment.Commentaire, error)
	ModifierCommentaire(ctx context.Context, p auth.Principal, id uuid.UUID, m convention.ModificationCommentaire) (comment.Commentaire, error)
	LireCommentaire(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, comment.Commentaire, error)
	Deposer(ctx context.Context, p auth.Principal, id uuid.UUID, in convention.Depot) (convention.Document, error)
	AnnulerDepot(ctx context.Context, p auth.Principal, id, document uuid.UUID, version int) error
	Accueillir(ctx context.Context, p auth.Principal) (convention.Accueil, error)
}

// Conventions serves conventions, their steps, actions, comments, history and documents.
type Conventions struct {
	Service ServiceConventions
	Horloge func() time.Time
}

// Routes implements httpapi.Resource.
func (r Conventions) Routes() []httpapi.Route {
	lire, changer := httpapi.Requires(auth.ViewConvention), httpapi.Requires(auth.ChangeConvention).Write()
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/moi/a-faire", Access: lire, Handler: r.accueil},
		{Method: http.MethodGet, Path: "/conventions", Access: lire, Champs: httpapi.FieldsOf[ConventionLigne](), Handler: r.lister},
		{Method: http.MethodGet, Path: "/conventions/:uuid", Access: lire, Champs: httpapi.FieldsOf[Convention](), Handler: r.lire},
		{Method: http.MethodGet, Path: "/avenants/:uuid", Access: lire, Champs: httpapi.FieldsOf[Convention](), Handler: r.lire}, // an avenant is a convention
		{Method: http.MethodDelete, Path: "/conventions/:uuid", Access: httpapi.Requires(auth.DeleteConvention).Write(), Handler: r.supprimer},
		{Method: http.MethodGet, Path: "/conventions/:uuid/recapitulatif", Access: lire, Handler: r.recapitulatif},
		{Method: http.MethodGet, Path: "/conventions/:uuid/actions", Access: lire, Handler: r.actions},
		// The permission of each action is the engine's (02 §1.4): it depends on the action and the statut.
		{Method: http.MethodPost, Path: "/conventions/:uuid/actions/:code", Access: httpapi.Requires(auth.ViewConvention).Write(), Handler: r.executer},
		{Method: http.MethodGet, Path: "/conventions/:uuid/operation", Access: lire, Handler: r.lireEtape(convention.EtapeOperation)},
		{Method: http.MethodPut, Path: "/conventions/:uuid/operation", Access: changer, Handler: r.enregistrerOperation},
		{Method: http.MethodGet, Path: "/conventions/:uuid/champ_libre", Access: lire, Handler: r.lireChampLibre},
		{Method: http.MethodPut, Path: "/conventions/:uuid/champ_libre", Access: changer, Handler: r.enregistrerChampLibre},
		{Method: http.MethodGet, Path: "/conventions/:uuid/message-au-service", Access: lire, Handler: r.lireMessage},
		{Method: http.MethodPut, Path: "/conventions/:uuid/message-au-service", Access: changer, Handler: r.enregistrerMessage},
		{Method: http.MethodGet, Path: "/conventions/:uuid/bailleur", Access: lire, Handler: r.lireBailleur},
		{Method: http.MethodPut, Path: "/conventions/:uuid/bailleur", Access: changer, Handler: r.enregistrerBailleur},
		{Method: http.MethodGet, Path: "/conventions/:uuid/financement", Access: lire, Handler: r.lireFinancement},
		{Method: http.MethodPut, Path: "/conventions/:uuid/financement", Access: changer, Handler: r.enregistrerFinancement},
		{Method: http.MethodGet, Path: "/conventions/:uuid/brouillons/:etape", Access: httpapi.Requires(auth.ChangeConvention), Handler: r.lireBrouillon},
		{Method: http.MethodPut, Path: "/conventions/:uuid/brouillons/:etape", Access: changer, Handler: r.garderBrouillon},
		{Method: http.MethodDelete, Path: "/conventions/:uuid/brouillons/:etape", Access: changer, Handler: r.jeterBrouillon},
		{Method: http.MethodGet, Path: "/conventions/:uuid/commentaires", Access: httpapi.Requires(auth.ViewComment), Handler: r.commentaires},
		{Method: http.MethodPost, Path: "/conventions/:uuid/commentaires", Access: httpapi.Requires(auth.AddComment).Write(), Handler: r.commenter},
		{Method: http.MethodGet, Path: "/commentaires/:uuid", Access: httpapi.Requires(auth.ViewComment), Handler: r.lireCommentaire},
		{Method: http.MethodPatch, Path: "/commentaires/:uuid", Access: httpapi.Requires(auth.ChangeComment).Write(), Handler: r.modifierCommentaire},
		{Method: http.MethodGet, Path: "/conventions/:uuid/documents", Access: lire, Handler: r.documents},
		{
			Method: http.MethodPost, Path: "/conventions/:uuid/documents", Access: changer, Handler: r.deposer,
			BodyLimit: convention.MaxDocumentSigne + (1 << 20), Timeout: dureeEnvoi, Limit: httpapi.LimitUpload,
		},
		{Method: http.MethodDelete, Path: "/conventions/:uuid/documents/:document", Access: changer, Handler: r.annulerDepot},
	}
}

// lire returns one convention.
//
//	@Summary		Lire une convention ou un avenant
//	@Description	Avec ses étapes, ce qui manque, les actions possibles pour vous, les compteurs de commentaires et les documents.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid			path		string	true	"Identifiant"	format(uuid)
//	@Param			inclure			query		[]string	false	"Ce qui s’ajoute : les derniers changements de statut"	Enums(historique)	collectionFormat(csv)
//	@Param			champs			query		[]string	false	"Seulement ces membres"	collectionFormat(csv)
//	@Param			X-Mode-Edition	header		string	false	"« expert » : corriger une convention en vigueur ; toute autre valeur est sans effet"	example(expert)
//	@Success		200				{object}	Convention
//	@Header			200				{string}	ETag	"Version"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid} [get]
//	@Router			/avenants/{uuid} [get]
func (r Conventions) lire(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	q, err := httpapi.Query(c, "inclure")
	if err != nil {
		return err
	}
	inclure := q.List("inclure", "historique")
	if err := q.Err(); err != nil {
		return err
	}
	ctx, p := c.Request().Context(), httpapi.Principal(c)
	d, err := r.Service.Lire(ctx, p, id)
	if err != nil {
		return err
	}
	v, err := r.vue(ctx, p, d)
	if err != nil {
		return err
	}
	if slices.Contains(inclure, "historique") {
		lignes, err := r.Service.Historique(ctx, p, id, 0, httpapi.DefaultParPage)
		if err != nil {
			return err
		}
		v.Historique = []EvenementHistorique{}
		for _, l := range lignes {
			v.Historique = append(v.Historique, vueHistorique(p, d, l))
		}
	}
	// Comments and antivirus states move without the version, which is why the chain adds a digest to the tag.
	httpapi.SetETag(c, v.Version)
	return c.JSON(http.StatusOK, v)
}

// uuidSeul reads the identifier of a route that takes no parameter.
func uuidSeul(c echo.Context) (uuid.UUID, error) {
	if _, err := httpapi.Query(c); err != nil {
		return uuid.Nil, err
	}
	return httpapi.UUIDParam(c, "uuid")
}

// EvenementHistorique is a line of the history.
type EvenementHistorique struct {
	UUID               uuid.UUID         `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Transition         string            `json:"transition" validate:"required"`
	Libelle            string            `json:"libelle" validate:"required"`
	Statut             string            `json:"statut" validate:"required"`
	StatutPrecedent    *string           `json:"statut_precedent" extensions:"x-nullable"`
	Commentaire        string            `json:"commentaire" validate:"required"`
	ElementsIncomplets []ElementConfirme `json:"elements_incomplets" validate:"required"`
	Origine            string            `json:"origine_regroupement,omitempty"` // financements de la convention absorbée qui l’a vécu
	Auteur             *AuteurHistorique `json:"auteur,omitempty"`
	CreeLe             time.Time         `json:"cree_le" validate:"required"`
} // @name EvenementHistorique

// ElementConfirme is a missing item that the actor accepted.
type ElementConfirme struct {
	Code    string `json:"code" validate:"required"`
	Etape   string `json:"etape" validate:"required"`
	Libelle string `json:"libelle" validate:"required"`
} // @name ElementConfirme

// AuteurHistorique is who did it, with the role they had then.
type AuteurHistorique struct {
	Nom        string  `json:"nom" validate:"required"`
	Role       string  `json:"role" validate:"required"`
	Entite     string  `json:"entite" validate:"required"`
	AuNomDePar *string `json:"assiste_par,omitempty"`
} // @name AuteurHistorique

func vueHistorique(p auth.Principal, d *convention.Dossier, l convention.LigneHistorique) EvenementHistorique {
	e := EvenementHistorique{
		UUID: l.UUID, Transition: l.Transition, Statut: l.Statut, StatutPrecedent: l.StatutPrecedent, Commentaire: l.Commentaire,
		ElementsIncomplets: []ElementConfirme{}, CreeLe: l.CreeLe, Origine: l.OrigineLibelle,
		Libelle: convention.LibelleHistorique(convention.Code(l.Transition), convention.Statut(l.Statut), p.CoteInstructeur(), d.Genre()),
	}
	// Written by the engine; a row that cannot be read shows no item rather than failing the page.
	_ = json.Unmarshal(l.ElementsIncomplets, &e.ElementsIncomplets)
	if l.ActeurNom != "" || l.Entite != "" {
		role := ""
		if l.RoleTypologie != nil {
			role = *l.RoleTypologie
		}
		e.Auteur = &AuteurHistorique{Nom: l.ActeurNom, Role: role, Entite: l.Entite}
		if l.DetourNom != "" {
			e.Auteur.AuNomDePar = &l.DetourNom
		}
	}
	return e
}
