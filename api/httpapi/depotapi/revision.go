package depotapi

import (
	"io"
	"net/http"

	"apilos/api/depot"
	"apilos/api/revision"

	"github.com/labstack/echo/v4"
)

// CreationRevision is the body of step 1.
type CreationRevision struct {
	Context Contexte `json:"context" validate:"required"`
} // @name CreationRevision

// creer is step 1.
//
//	@Summary		Étape 1 : créer une révision
//	@Description	Ouvre une révision pour une commune. « context » est obligatoire, même vide ; il est public. Plusieurs révisions peuvent être en attente pour une même commune. « Idempotency-Key » (facultatif) : la même requête envoyée deux fois en 24 heures donne la même révision.
//	@Tags			revisions
//	@Param			codeCommune				path	string				true	"Code INSEE de la commune, ou d’un arrondissement municipal"	example(87085)
//	@Param			ancienneCommuneAllowed	query	string				false	"« true » : un ancien code de commune est accepté"
//	@Param			Idempotency-Key			header	string				false	"Clé unique de la requête"	maxLength(255)
//	@Param			corps					body	CreationRevision	true	"Contexte de la révision"
//	@Success		201						{object}	RevisionVue	"Révision en attente"
//	@Failure		400,401,403,404,409,413,422,429,500,503	{object}	Erreur	"Refus"
//	@Security		ClientAuth
//	@Router			/communes/{codeCommune}/revisions [post]
func (r *API) creer(c echo.Context) error {
	code, err := r.commune(c)
	if err != nil {
		return err
	}
	a, err := r.client(c)
	if err != nil {
		return err
	}
	b, err := lireCorps(c)
	if err != nil {
		return err
	}
	contexte := b.contexte()
	if err := b.erreur(); err != nil {
		return err
	}
	return r.uneFois(c, a.Client.ID, b.octets, func() (int, any, error) {
		rev, err := r.Service.Creer(c.Request().Context(), a, code, contexte)
		if err != nil {
			return 0, nil, err
		}
		return http.StatusCreated, r.vueRevision(rev), nil
	})
}

// commune reads the code of the path: current, or former when the query allows it.
func (r *API) commune(c echo.Context) (string, error) {
	code := parametre(c, "codeCommune")
	return code, r.Service.CommuneActuelle(code, c.QueryParam("ancienneCommuneAllowed") == "true")
}

// proprietaire checks a revision of the path, then the caller, then that it is theirs.
func (r *API) proprietaire(c echo.Context) (id string, a depot.Acteur, err error) {
	id = parametre(c, "revisionId")
	clientID, _, err := r.Service.Proprietaire(c.Request().Context(), id)
	if err != nil {
		return id, a, err
	}
	if a, err = r.client(c); err != nil {
		return id, a, err
	}
	return id, a, depot.PeutDeposer(a, clientID)
}

// deposer is step 2.
//
//	@Summary		Étape 2 : envoyer le fichier
//	@Description	Le corps est le fichier lui-même, sans encodage, au plus 50 000 000 octets. « Content-MD5 » (facultatif) est vérifié, en hexadécimal ou en base64. Un fichier ne se remplace pas : créez une autre révision.
//	@Tags			revisions
//	@Accept			text/csv
//	@Param			revisionId	path		string		true	"Identifiant de la révision"
//	@Param			Content-MD5	header		string		false	"MD5 du fichier"
//	@Param			fichier		body		string		true	"Fichier CSV"
//	@Success		200			{object}	FichierVue	"Fichier reçu"
//	@Failure		400,401,403,404,412,413,429,500,503	{object}	Erreur	"Refus"
//	@Security		ClientAuth
//	@Router			/revisions/{revisionId}/files/bal [put]
func (r *API) deposer(c echo.Context) error {
	f, err := r.recevoir(c)
	if err != nil {
		r.vider(c)
		return err
	}
	return repondre(c, http.StatusOK, vueFichier(f))
}

func (r *API) recevoir(c echo.Context) (*revision.RevisionFichier, error) {
	id, a, err := r.proprietaire(c)
	if err != nil {
		return nil, err
	}
	req := c.Request()
	return r.Service.Deposer(req.Context(), a, id, revision.Depot{
		TypeMime: req.Header.Get(echo.HeaderContentType), Contenu: req.Body, TailleAnnoncee: req.ContentLength,
		MD5: req.Header.Get("Content-MD5"), Encodage: req.Header.Get(echo.HeaderContentEncoding),
	})
}

// vider reads what is left of a refused file: many clients write it whole before they look at the answer,
// and would see a broken connection instead of the refusal. Those that wait for « 100-continue » do not.
func (r *API) vider(c echo.Context) {
	if c.Request().Header.Get("Expect") == "" {
		_, _ = io.Copy(io.Discard, io.LimitReader(c.Request().Body, r.Service.TailleMax()+1<<20))
	}
}

// calculer is step 3.
//
//	@Summary		Étape 3 : valider le fichier
//	@Description	Valide le fichier et garde le résultat : « isReady » dit si la révision peut être publiée. Peut être relancé tant que la révision est en attente. La réponse est 200 que le fichier soit valide ou non.
//	@Tags			revisions
//	@Param			revisionId	path		string		true	"Identifiant de la révision"
//	@Success		200			{object}	RevisionVue	"Révision, avec « validation »"
//	@Failure		400,401,403,404,412,429,500,503	{object}	Erreur	"Refus"
//	@Security		ClientAuth
//	@Router			/revisions/{revisionId}/compute [post]
func (r *API) calculer(c echo.Context) error {
	id, a, err := r.proprietaire(c)
	if err != nil {
		return err
	}
	rev, err := r.Service.Calculer(c.Request().Context(), a, id)
	if err != nil {
		return err
	}
	return repondre(c, http.StatusOK, r.vueRevision(rev))
}

// DemandePublication is the optional body of step 4.
type DemandePublication struct {
	HabilitationID string `json:"habilitationId,omitempty" example:"66f2c0ffee00000000000002"`
} // @name DemandePublication

// publier is step 4.
//
//	@Summary		Étape 4 : publier
//	@Description	Met la révision en production, à la place de la révision courante de la commune. Un client dont la stratégie est « habilitation » donne l’identifiant d’une habilitation acceptée. Les autres révisions en attente de la commune devront être validées à nouveau.
//	@Tags			revisions
//	@Param			revisionId	path		string				true	"Identifiant de la révision"
//	@Param			corps		body		DemandePublication	false	"Habilitation"
//	@Success		200			{object}	RevisionVue			"Révision courante"
//	@Failure		400,401,403,404,412,413,429,500,503	{object}	Erreur	"Refus"
//	@Security		ClientAuth
//	@Router			/revisions/{revisionId}/publish [post]
func (r *API) publier(c echo.Context) error {
	id, a, err := r.proprietaire(c)
	if err != nil {
		return err
	}
	b, err := lireCorps(c)
	if err != nil {
		return err
	}
	var p revision.Publication
	if h := b.id("habilitationId", false); h != nil {
		p.HabilitationID = *h
	}
	if err := b.erreur(); err != nil {
		return err
	}
	rev, err := r.Service.Publier(c.Request().Context(), a, id, p)
	if err != nil {
		return err
	}
	return repondre(c, http.StatusOK, r.vueRevision(rev))
}

// synchroniser publishes the current revision again with the identifiers of the BAN.
//
//	@Summary		Republier avec les identifiants de la BAN
//	@Description	Reprend la révision courante d’une commune, remplace ses identifiants par ceux de la Base Adresse Nationale, et publie le résultat au nom du même client, sans habilitation.
//	@Tags			revisions
//	@Param			revisionId	path		string		true	"Identifiant de la révision courante"
//	@Success		200			{object}	RevisionVue	"Nouvelle révision courante"
//	@Failure		400,403,404,412,429,500,502,503	{object}	Erreur	"Refus"
//	@Security		AdminAuth
//	@Router			/revisions/{revisionId}/sync-ids-ban-publish [post]
func (r *API) synchroniser(c echo.Context) error {
	id := parametre(c, "revisionId")
	if _, _, err := r.Service.Proprietaire(c.Request().Context(), id); err != nil {
		return err
	}
	a, err := r.admin(c)
	if err != nil {
		return err
	}
	rev, err := r.Service.Synchroniser(c.Request().Context(), a, id)
	if err != nil {
		return err
	}
	return repondre(c, http.StatusOK, r.vueRevision(rev))
}
