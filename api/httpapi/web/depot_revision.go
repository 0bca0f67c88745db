package web

import (
	"encoding/json"
	"net/http"

	"apilos/api/depot"
	"apilos/api/fault"
	"apilos/api/httpapi"
	"apilos/api/revision"

	"github.com/labstack/echo/v4"
)

// RevisionDepot is a revision of addresses deposited by the staff. Its keys are those of the deposit API,
// so that the same screens read both.
type RevisionDepot struct {
	ID           string          `json:"id" validate:"required"`
	CodeCommune  string          `json:"codeCommune" validate:"required"`
	NomCommune   string          `json:"nomCommune" validate:"required"`
	ClientID     string          `json:"clientId" validate:"required"`
	Context      json.RawMessage `json:"context" validate:"required" swaggertype:"object"`
	Validation   json.RawMessage `json:"validation" validate:"required" swaggertype:"object"`
	Client       ReferenceDepot  `json:"client" validate:"required"`
	Status       string          `json:"status" validate:"required" enums:"pending,published"`
	IsReady      *bool           `json:"isReady" extensions:"x-nullable"`
	IsCurrent    bool            `json:"isCurrent" validate:"required"`
	Habilitation json.RawMessage `json:"habilitation" swaggertype:"object" extensions:"x-nullable"`
	CreatedAt    string          `json:"createdAt" validate:"required" format:"date-time"`
	UpdatedAt    string          `json:"updatedAt" validate:"required" format:"date-time"`
	PublishedAt  *string         `json:"publishedAt" format:"date-time" extensions:"x-nullable"`
	Files        []FichierBAL    `json:"files" validate:"required"`
} // @name RevisionDepot

// FichierBAL is the file of a RevisionDepot.
type FichierBAL struct {
	ID         string `json:"id" validate:"required"`
	RevisionID string `json:"revisionId" validate:"required"`
	Type       string `json:"type" validate:"required" enums:"bal"`
	Size       int64  `json:"size" validate:"required"`
	Hash       string `json:"hash" validate:"required"`
	CreatedAt  string `json:"createdAt" validate:"required" format:"date-time"`
} // @name FichierBAL

func vueFichierBAL(f *revision.RevisionFichier) FichierBAL {
	return FichierBAL{f.ID, f.RevisionID, f.Type, f.Taille, f.Sha256, depot.DateContrat(f.CreeLe)}
}

func (r Depots) repondreRevision(c echo.Context, statut int, rev *depot.RevisionLue, err error) error {
	if err != nil {
		return enFrancais(err, "Cette révision")
	}
	v := RevisionDepot{
		ID: rev.ID, CodeCommune: rev.PorteeCle, NomCommune: r.Service.NomCommune(rev.PorteeCle), ClientID: rev.Client.ID, Context: rev.Contexte, Validation: rev.Validation,
		Client: ReferenceDepot{rev.Client.ID, rev.Client.Nom}, Status: rev.Statut, IsReady: rev.Prete, IsCurrent: rev.Courante, Habilitation: rev.Habilitation,
		CreatedAt: depot.DateContrat(rev.CreeLe), UpdatedAt: depot.DateContrat(rev.MisAJourLe), Files: make([]FichierBAL, 0, len(rev.Fichiers)),
	}
	if rev.PublieLe != nil {
		le := depot.DateContrat(*rev.PublieLe)
		v.PublishedAt = &le
	}
	for n := range rev.Fichiers {
		v.Files = append(v.Files, vueFichierBAL(&rev.Fichiers[n]))
	}
	return c.JSON(statut, v)
}

// CreationRevisionDepot is the body of step 1. client_id is the client in whose name to deposit; without
// it, that of the platform.
type CreationRevisionDepot struct {
	Context  map[string]any `json:"context,omitempty"`
	ClientID *string        `json:"client_id,omitempty"`
} // @name CreationRevisionDepot

// creerRevision is step 1.
//
//	@Summary		Étape 1 d’un dépôt par un agent
//	@Description	Ouvre une révision pour une commune, au nom du client de la plateforme ou de celui qui est donné. « context » est public : n’y mettez rien de personnel.
//	@Tags			depot
//	@Param			code	path		string					true	"Code INSEE de la commune"	example(87085)
//	@Param			corps	body		CreationRevisionDepot	true	"Contexte de la révision"
//	@Success		201		{object}	RevisionDepot			"Révision en attente"
//	@Failure		400,401,403,404,409,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/communes/{code}/revisions [post]
func (r Depots) creerRevision(c echo.Context) error {
	a, err := r.acteur(c)
	if err != nil {
		return err
	}
	code := httpapi.PathParam(c, "code")
	if err := r.Service.CommuneActuelle(code, false); err != nil {
		return err
	}
	var in CreationRevisionDepot
	if err := httpapi.BindJSON(c, &in); err != nil {
		return err
	}
	contexte, err := contexteAgent(in.Context)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if in.ClientID != nil {
		a, err = r.Service.PourClient(ctx, a, *in.ClientID)
	} else {
		a.Client, err = r.Service.ClientDesAgents(ctx, a)
	}
	if err != nil {
		return enFrancais(err, "Ce client")
	}
	rev, err := r.Service.Creer(ctx, a, code, contexte)
	if err == nil { // the deposit shows its revisions to all
		c.Response().Header().Set(echo.HeaderLocation, r.Chemin+"/revisions/"+rev.ID)
	}
	return r.repondreRevision(c, http.StatusCreated, rev, err)
}

// maxContexteAgent is the size of the context, in bytes.
const maxContexteAgent = 16 << 10

// contexteAgent keeps the keys of the contract and drops the others.
func contexteAgent(recu map[string]any) (json.RawMessage, error) {
	garde := map[string]any{}
	for _, cle := range []string{"nomComplet", "organisation"} {
		if v, ok := recu[cle].(string); ok {
			garde[cle] = v
		}
	}
	if extras, ok := recu["extras"].(map[string]any); ok {
		garde["extras"] = extras
	}
	brut, err := json.Marshal(garde)
	if err != nil || len(brut) > maxContexteAgent {
		return nil, fault.New(fault.Invalid, "invalide", "Le contexte de la révision est trop long : il est limité à 16 Kio.").Because(err)
	}
	return brut, nil
}

// deposer is step 2.
//
//	@Summary		Étape 2 d’un dépôt par un agent
//	@Description	Le corps est le fichier lui-même.
//	@Tags			depot
//	@Accept			text/csv
//	@Param			id			path		string		true	"Identifiant de la révision"
//	@Param			Content-MD5	header		string		false	"MD5 du fichier"
//	@Param			fichier		body		string		true	"Fichier CSV"
//	@Success		200			{object}	FichierBAL	"Fichier reçu"
//	@Failure		400,401,403,404,412,413,415,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/revisions/{id}/files/bal [put]
func (r Depots) deposer(c echo.Context) error {
	a, id, err := r.pourRevision(c)
	if err != nil {
		return err
	}
	req := c.Request()
	f, err := r.Service.Deposer(req.Context(), a, id, revision.Depot{
		TypeMime: req.Header.Get(echo.HeaderContentType), Contenu: req.Body, TailleAnnoncee: req.ContentLength,
		MD5: req.Header.Get("Content-MD5"), Encodage: req.Header.Get(echo.HeaderContentEncoding),
	})
	if err != nil {
		return enFrancais(err, "Cette révision")
	}
	return c.JSON(http.StatusOK, vueFichierBAL(f))
}

// pourRevision makes the caller act for the client of the revision.
func (r Depots) pourRevision(c echo.Context) (depot.Acteur, string, error) {
	id := httpapi.PathParam(c, "id")
	a, err := r.acteur(c)
	if err != nil {
		return a, id, err
	}
	a, err = r.Service.PourRevision(c.Request().Context(), a, id)
	return a, id, enFrancais(err, "Cette révision")
}

// calculer is step 3.
//
//	@Summary		Étape 3 d’un dépôt par un agent
//	@Description	Valide le fichier et garde le résultat.
//	@Tags			depot
//	@Param			id	path		string			true	"Identifiant de la révision"
//	@Success		200	{object}	RevisionDepot	"Révision, avec « validation »"
//	@Failure		400,401,403,404,412,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/revisions/{id}/compute [post]
func (r Depots) calculer(c echo.Context) error {
	a, id, err := r.pourRevision(c)
	if err != nil {
		return err
	}
	rev, err := r.Service.Calculer(c.Request().Context(), a, id)
	return r.repondreRevision(c, http.StatusOK, rev, err)
}

// PublicationDepot is the optional body of step 4. An agent who has no habilitation to give for a client
// that needs one says so with sans_habilitation, which is kept in the journal.
type PublicationDepot struct {
	HabilitationID   string `json:"habilitationId,omitempty"`
	SansHabilitation bool   `json:"sans_habilitation,omitempty"`
} // @name PublicationDepot

// publier is step 4.
//
//	@Summary		Étape 4 d’un dépôt par un agent
//	@Description	Met la révision en production. Pour un client dont la stratégie est « habilitation », donnez une habilitation, ou « sans_habilitation ».
//	@Tags			depot
//	@Param			id		path		string				true	"Identifiant de la révision"
//	@Param			corps	body		PublicationDepot	false	"Habilitation"
//	@Success		200		{object}	RevisionDepot		"Révision courante"
//	@Failure		400,401,403,404,412,413,415,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/revisions/{id}/publish [post]
func (r Depots) publier(c echo.Context) error {
	a, id, err := r.pourRevision(c)
	if err != nil {
		return err
	}
	var in PublicationDepot
	if err := httpapi.BindOptionalJSON(c, &in); err != nil {
		return err
	}
	rev, err := r.Service.Publier(c.Request().Context(), a, id, revision.Publication{HabilitationID: in.HabilitationID, SansHabilitation: in.SansHabilitation})
	return r.repondreRevision(c, http.StatusOK, rev, err)
}
