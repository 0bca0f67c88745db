package web

import (
	"context"
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/fichier"
	"apilos/api/httpapi"
	"apilos/api/revision"
	"apilos/api/revision/genre"

	"github.com/labstack/echo/v4"
)

// ServiceRevisions is the engine of revisions.
type ServiceRevisions interface {
	Creer(ctx context.Context, a revision.Acteur, c revision.Creation) (*revision.Revision, error)
	Deposer(ctx context.Context, a revision.Acteur, id string, d revision.Depot) (*revision.RevisionFichier, error)
	Calculer(ctx context.Context, a revision.Acteur, id string) (*revision.Revision, error)
	Publier(ctx context.Context, a revision.Acteur, id string, p revision.Publication) (*revision.Revision, error)
	Restaurer(ctx context.Context, a revision.Acteur, id string) (*revision.Revision, error)
	PublierEnUnAppel(ctx context.Context, a revision.Acteur, c revision.Creation, depots iter.Seq2[revision.Depot, error], p revision.Publication) (*revision.Revision, error)
	Lire(ctx context.Context, a revision.Acteur, id string) (*revision.Revision, error)
	Courante(ctx context.Context, a revision.Acteur, n revision.Nature, porteeCle string) (*revision.Revision, error)
	Lister(ctx context.Context, a revision.Acteur, f revision.Filtre) ([]revision.Revision, string, error)
	Fichier(ctx context.Context, a revision.Acteur, id, typ string) (*revision.Revision, revision.RevisionFichier, error)
	Telecharger(ctx context.Context, a revision.Acteur, r *revision.Revision, f revision.RevisionFichier, debut, longueur int64) (io.ReadCloser, error)
}

// Revisions serves the versioned files of the platform (07 §12).
type Revisions struct{ Service ServiceRevisions }

// Limits of the routes that carry files.
const (
	margeFormulaire   = 1 << 20
	dureeEnvoi        = 10 * time.Minute // 05 D
	dureeCalcul       = 3 * time.Minute
	maxVersionEnvoyee = 1 << 30
)

// Routes implements httpapi.Resource.
func (r Revisions) Routes() []httpapi.Route {
	lire, changer := httpapi.Requires(auth.ViewConvention), httpapi.Requires(auth.ChangeConvention).Write()
	const octets = convention.MaxDocumentSigne + margeFormulaire
	return []httpapi.Route{
		{Method: http.MethodPost, Path: "/revisions", Access: changer, Handler: r.creer},
		{Method: http.MethodGet, Path: "/revisions", Access: lire, Handler: r.lister},
		{Method: http.MethodPost, Path: `/revisions\:publish`, Access: changer, Handler: r.enUnAppel, BodyLimit: octets, Timeout: dureeEnvoi, Limit: httpapi.LimitUpload},
		{Method: http.MethodGet, Path: "/revisions/courante", Access: lire, Handler: r.courante},
		{Method: http.MethodGet, Path: "/revisions/:id", Access: lire, Handler: r.lire},
		{Method: http.MethodPut, Path: "/revisions/:id/files/:type", Access: changer, Handler: r.deposer, BodyLimit: octets, Timeout: dureeEnvoi, Limit: httpapi.LimitUpload},
		{Method: http.MethodGet, Path: "/revisions/:id/files/:type/download", Access: lire, Handler: r.telecharger, Stream: true, Timeout: dureeTelechargement},
		{Method: http.MethodPost, Path: "/revisions/:id/compute", Access: changer, Handler: r.calculer, Timeout: dureeCalcul},
		{Method: http.MethodPost, Path: "/revisions/:id/publish", Access: changer, Handler: r.publier},
		{Method: http.MethodPost, Path: "/revisions/:id/restore", Access: changer, Handler: r.restaurer},
	}
}

// RevisionVue is one version of the files of a scope.
type RevisionVue struct {
	ID               string          `json:"id" validate:"required" example:"65f0c0ffee00000000000001"`
	Nature           string          `json:"nature" validate:"required" enums:"bal,convention_signee,publication_fonciere,annexe,plan,cerfa_surcharge,instruction,evenement"`
	PorteeType       string          `json:"portee_type" validate:"required" example:"convention"`
	PorteeCle        string          `json:"portee_cle" validate:"required"`
	Statut           string          `json:"statut" validate:"required" enums:"pending,published"`
	Prete            *bool           `json:"prete" extensions:"x-nullable"`
	Courante         bool            `json:"courante" validate:"required"`
	Contexte         json.RawMessage `json:"contexte" validate:"required" swaggertype:"object"`
	Validation       json.RawMessage `json:"validation" validate:"required" swaggertype:"object"`
	CalculeeContreID *string         `json:"calculee_contre_id" extensions:"x-nullable"`
	PublieLe         *time.Time      `json:"publie_le" extensions:"x-nullable"`
	CreeLe           time.Time       `json:"cree_le" validate:"required"`
	MisAJourLe       time.Time       `json:"mis_a_jour_le" validate:"required"`
	Fichiers         []FichierVue    `json:"fichiers" validate:"required"`
} // @name Revision

// FichierVue is a file of a revision.
type FichierVue struct {
	ID               string    `json:"id" validate:"required" example:"65f0c0ffee00000000000002"`
	RevisionID       string    `json:"revision_id" validate:"required"`
	Type             string    `json:"type" validate:"required" example:"document"`
	Nom              string    `json:"nom" validate:"required"`
	TypeMime         string    `json:"type_mime" validate:"required"`
	Taille           int64     `json:"taille" validate:"required"`
	Sha256           string    `json:"sha256" validate:"required"`
	Antivirus        string    `json:"antivirus" validate:"required" enums:"EN_ATTENTE,SAIN,INFECTE,ECHEC,NON_ANALYSE"`
	AntivirusLibelle string    `json:"antivirus_libelle" validate:"required"`
	CreeLe           time.Time `json:"cree_le" validate:"required"`
} // @name FichierRevision

// PageRevisions is a part of the history of a scope, newest first.
type PageRevisions struct {
	Resultats []RevisionVue `json:"resultats" validate:"required"`
	Suivant   string        `json:"suivant"` // to give as « apres » for the next part, empty at the end
} // @name PageRevisions

func vueFichier(f revision.RevisionFichier) FichierVue {
	return FichierVue{
		ID: f.ID, RevisionID: f.RevisionID, Type: f.Type, Nom: f.Nom, TypeMime: f.TypeMime, Taille: f.Taille, Sha256: f.Sha256, CreeLe: f.CreeLe,
		Antivirus: f.Antivirus, AntivirusLibelle: fichier.Fichier{Antivirus: f.Antivirus}.LibelleAntivirus(),
	}
}

func vueRevision(r *revision.Revision) RevisionVue {
	out := RevisionVue{
		ID: r.ID, Nature: r.Nature, PorteeType: r.PorteeType, PorteeCle: r.PorteeCle, Statut: r.Statut, Prete: r.Prete, Courante: r.Courante,
		Contexte: r.Contexte, Validation: r.Validation, CalculeeContreID: r.CalculeeContreID, PublieLe: r.PublieLe, CreeLe: r.CreeLe,
		MisAJourLe: r.MisAJourLe, Fichiers: []FichierVue{},
	}
	for _, f := range r.Fichiers {
		out.Fichiers = append(out.Fichiers, vueFichier(f))
	}
	return out
}

// acteur is who calls, for the engine.
func acteur(c echo.Context) revision.Acteur { return revision.Personne(httpapi.Principal(c)) }

// rendre writes a revision, or its error in the words of the platform.
func rendre(c echo.Context, statut int, r *revision.Revision, err error) error {
	if err != nil {
		return genre.PourPersonne(err)
	}
	c.Response().Header().Set("Cache-Control", "private, no-cache")
	return c.JSON(statut, vueRevision(r))
}

// revisionSeule reads the id of a route that takes no parameter.
func revisionSeule(c echo.Context) (string, error) {
	if _, err := httpapi.Query(c); err != nil {
		return "", err
	}
	return httpapi.TextParam(c, "id", 24)
}

// NouvelleRevision is the body of a creation.
type NouvelleRevision struct {
	Nature     string          `json:"nature" validate:"required" example:"annexe"`
	PorteeType string          `json:"portee_type" validate:"required" example:"convention"`
	PorteeCle  string          `json:"portee_cle" validate:"required" example:"6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11:vendeur"`
	Contexte   json.RawMessage `json:"contexte,omitempty" swaggertype:"object"`
}

// creer opens a pending revision.
//
//	@Summary		Créer une révision
//	@Description	Une révision est une version des fichiers d’un objet : créez-la, déposez ses fichiers, validez-la, publiez-la. Natures et portées : « convention_signee », « publication_fonciere », « cerfa_surcharge » et « instruction » (uuid de la convention ou de l’avenant), « annexe » (uuid:emplacement) et « plan » (uuid:plan ; sa portée peut aussi être une « operation » ou un « lot »), « evenement » (portée « evenement », uuid d’un événement du journal de bord). Plusieurs révisions en attente peuvent coexister.
//	@Tags			revisions
//	@Accept			json
//	@Produce		json
//	@Param			Idempotency-Key	header		string				false	"Clé qui rend la requête rejouable"
//	@Param			corps			body		NouvelleRevision	true	"Nature et portée"
//	@Success		201				{object}	RevisionVue
//	@Failure		400,401,403,404,409,413,415,422,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/revisions [post]
func (r Revisions) creer(c echo.Context) error {
	var corps NouvelleRevision
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	in := revision.Creation{Nature: revision.Nature(corps.Nature), PorteeType: corps.PorteeType, PorteeCle: corps.PorteeCle, Contexte: corps.Contexte}
	if err := exigerPortee(in); err != nil {
		return err
	}
	out, err := r.Service.Creer(c.Request().Context(), acteur(c), in)
	if err != nil {
		return genre.PourPersonne(err)
	}
	return httpapi.Created(c, "/api/v1/revisions/"+out.ID, vueRevision(out))
}

// maxPorteeCle is the length of the column.
const maxPorteeCle = 120

func exigerPortee(in revision.Creation) error {
	var champs []fault.Field
	for _, v := range []struct {
		pointeur, valeur string
		max              int
	}{{"/nature", string(in.Nature), 30}, {"/portee_type", in.PorteeType, 20}, {"/portee_cle", in.PorteeCle, maxPorteeCle}} {
		switch {
		case v.valeur == "":
			champs = append(champs, fault.Field{Pointer: v.pointeur, Code: "required", Detail: "Cette valeur est nécessaire."})
		case len(v.valeur) > v.max:
			champs = append(champs, fault.Field{Pointer: v.pointeur, Code: "max", Detail: "Cette valeur est trop longue."})
		}
	}
	if len(champs) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "invalide", "Dites de quels fichiers il s’agit : nature, portee_type et portee_cle.").WithFields(champs...)
}

// lister returns the history of a scope.
//
//	@Summary	Lister les révisions d’un objet
//	@Description	De la plus récente à la plus ancienne, par pages : donnez « suivant » dans « apres » pour lire la suite.
//	@Tags		revisions
//	@Produce	json
//	@Param		nature		query		string	true	"Nature"
//	@Param		portee_cle	query		string	true	"Clé de la portée"
//	@Param		statut		query		string	false	"Statut"	Enums(pending,published)
//	@Param		apres		query		string	false	"Curseur de la page précédente"
//	@Param		limite		query		int		false	"Nombre de révisions"	minimum(1)	maximum(100)	default(20)
//	@Success	200			{object}	PageRevisions
//	@Failure	400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security	BearerAuth
//	@Router		/revisions [get]
func (r Revisions) lister(c echo.Context) error {
	q, err := httpapi.Query(c, "nature", "portee_cle", "statut", "apres", "limite")
	if err != nil {
		return err
	}
	f := revision.Filtre{
		Nature: revision.Nature(q.Text("nature")), PorteeCle: q.Text("portee_cle"),
		Statut: q.Choice("statut", "", revision.EnAttente, revision.Publiee), Apres: q.Text("apres"), Limite: q.Int("limite", 20, 1, revision.MaxListe),
	}
	if err := q.Err(); err != nil {
		return err
	}
	liste, suivant, err := r.Service.Lister(c.Request().Context(), acteur(c), f)
	if err != nil {
		return genre.PourPersonne(err)
	}
	out := PageRevisions{Resultats: []RevisionVue{}, Suivant: suivant}
	for i := range liste {
		out.Resultats = append(out.Resultats, vueRevision(&liste[i]))
	}
	return c.JSON(http.StatusOK, out)
}

// courante returns the revision in force.
//
//	@Summary	Lire la révision en vigueur d’un objet
//	@Description	Celle qui a été publiée en dernier, avec ses fichiers. Un objet sans révision publiée donne 404 REVISION_COURANTE_ABSENTE.
//	@Tags		revisions
//	@Produce	json
//	@Param		nature		query		string	true	"Nature"
//	@Param		portee_cle	query		string	true	"Clé de la portée"
//	@Success	200			{object}	RevisionVue
//	@Failure	400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security	BearerAuth
//	@Router		/revisions/courante [get]
func (r Revisions) courante(c echo.Context) error {
	q, err := httpapi.Query(c, "nature", "portee_cle")
	if err != nil {
		return err
	}
	nature, cle := q.Text("nature"), q.Text("portee_cle")
	if err := q.Err(); err != nil {
		return err
	}
	out, err := r.Service.Courante(c.Request().Context(), acteur(c), revision.Nature(nature), cle)
	return rendre(c, http.StatusOK, out, err)
}

// lire returns one revision.
//
//	@Summary	Lire une révision
//	@Description	Avec son état, le résultat de sa validation et ses fichiers. Une révision inconnue ou hors de votre périmètre donne la même réponse 404.
//	@Tags		revisions
//	@Produce	json
//	@Param		id	path		string	true	"Identifiant de la révision"
//	@Success	200	{object}	RevisionVue
//	@Failure	400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security	BearerAuth
//	@Router		/revisions/{id} [get]
func (r Revisions) lire(c echo.Context) error {
	id, err := revisionSeule(c)
	if err != nil {
		return err
	}
	out, err := r.Service.Lire(c.Request().Context(), acteur(c), id)
	return rendre(c, http.StatusOK, out, err)
}

// calculer validates the files.
//
//	@Summary		Valider les fichiers d’une révision
//	@Description	Le résultat est dans « validation » : « valid », puis les codes « errors », « warnings » et « infos », et le détail par fichier. Peut être refait tant que la révision n’est pas publiée.
//	@Tags			revisions
//	@Produce		json
//	@Param			id	path		string	true	"Identifiant de la révision"
//	@Success		200	{object}	RevisionVue
//	@Failure		400,401,403,404,409,412,429,500,503	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/revisions/{id}/compute [post]
func (r Revisions) calculer(c echo.Context) error {
	id, err := revisionSeule(c)
	if err != nil {
		return err
	}
	out, err := r.Service.Calculer(c.Request().Context(), acteur(c), id)
	return rendre(c, http.StatusOK, out, err)
}

// PublicationDemandee is the optional body of publish.
type PublicationDemandee struct {
	Version        httpapi.Optional[int]    `json:"version" swaggertype:"integer"`        // of the convention that was read
	HabilitationID httpapi.Optional[string] `json:"habilitation_id" swaggertype:"string"` // « bal » only
}

// publier puts the revision in force.
//
//	@Summary		Publier une révision
//	@Description	Elle remplace celle qui est en vigueur ; les autres révisions en attente du même objet devront être validées à nouveau. Corps facultatif : « version », celle de la convention que vous avez lue, refuse la publication si le dossier a changé depuis.
//	@Tags			revisions
//	@Accept			json
//	@Produce		json
//	@Param			id		path		string				true	"Identifiant de la révision"
//	@Param			corps	body		PublicationDemandee	false	"Précisions"
//	@Success		200		{object}	RevisionVue
//	@Failure		400,401,403,404,409,412,413,415,422,429,500,503	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/revisions/{id}/publish [post]
func (r Revisions) publier(c echo.Context) error {
	id, err := revisionSeule(c)
	if err != nil {
		return err
	}
	var corps PublicationDemandee
	if err := httpapi.BindOptionalJSON(c, &corps); err != nil {
		return err
	}
	var p revision.Publication
	if v := corps.Version.Ptr(); v != nil {
		if *v < 1 || *v > maxVersionEnvoyee {
			return versionInvalide()
		}
		p.Version = *v
	}
	if h := corps.HabilitationID.Ptr(); h != nil {
		p.HabilitationID = *h
	}
	out, err := r.Service.Publier(c.Request().Context(), acteur(c), id, p)
	return rendre(c, http.StatusOK, out, err)
}

func versionInvalide() error {
	return fault.New(fault.Invalid, "invalide", "La version est un nombre entier à partir de 1.").
		WithFields(fault.Field{Pointer: "/version", Code: "min", Detail: "Donnez la version lue."})
}

// restaurer opens a revision with the files of a published one.
//
//	@Summary		Reprendre les fichiers d’une révision publiée
//	@Description	Crée une révision en attente avec les mêmes fichiers, sans les copier. Validez-la puis publiez-la pour la remettre en vigueur.
//	@Tags			revisions
//	@Produce		json
//	@Param			id	path		string	true	"Identifiant de la révision publiée"
//	@Success		201	{object}	RevisionVue
//	@Failure		400,401,403,404,409,412,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/revisions/{id}/restore [post]
func (r Revisions) restaurer(c echo.Context) error {
	id, err := revisionSeule(c)
	if err != nil {
		return err
	}
	out, err := r.Service.Restaurer(c.Request().Context(), acteur(c), id)
	if err != nil {
		return genre.PourPersonne(err)
	}
	return httpapi.Created(c, "/api/v1/revisions/"+out.ID, vueRevision(out))
}
