package web

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"apilos/api/auth"
	"apilos/api/depot"
	"apilos/api/fault"
	"apilos/api/httpapi"
	"apilos/api/revision"

	"github.com/labstack/echo/v4"
)

// ServiceDepot is the deposit of address files, as its administration and the deposit by staff use it.
type ServiceDepot interface {
	ListeClients(ctx context.Context, a depot.Acteur, texte string, f depot.Fenetre) ([]depot.ClientDetail, int, error)
	LireClient(ctx context.Context, id string) (*depot.ClientDetail, error)
	CreerClient(ctx context.Context, a depot.Acteur, in depot.SaisieClient) (*depot.ClientDetail, string, error)
	ModifierClient(ctx context.Context, a depot.Acteur, id string, in depot.SaisieClient) (*depot.ClientDetail, error)
	RenouvelerJeton(ctx context.Context, a depot.Acteur, id string) (*depot.ClientDetail, string, error)
	ListeMandataires(ctx context.Context, a depot.Acteur, texte string, f depot.Fenetre) ([]depot.Mandataire, int, error)
	LireMandataire(ctx context.Context, id string) (*depot.Mandataire, error)
	CreerMandataire(ctx context.Context, a depot.Acteur, in depot.SaisieMandataire) (*depot.Mandataire, error)
	ModifierMandataire(ctx context.Context, a depot.Acteur, id string, in depot.SaisieMandataire) (*depot.Mandataire, error)
	ListeChefs(ctx context.Context, a depot.Acteur, texte string, f depot.Fenetre) ([]depot.ChefDetail, int, error)
	LireChef(ctx context.Context, id string) (*depot.ChefDetail, error)
	CreerChef(ctx context.Context, a depot.Acteur, in depot.SaisieChef) (*depot.ChefDetail, error)
	ModifierChef(ctx context.Context, a depot.Acteur, id string, in depot.SaisieChef) (*depot.ChefDetail, error)
	ListeHabilitations(ctx context.Context, a depot.Acteur, f depot.FiltreHabilitations) ([]depot.HabilitationDetail, int, error)
	Habilitation(ctx context.Context, id string) (*depot.Habilitation, error)
	Accepter(ctx context.Context, a depot.Acteur, id string) (*depot.Habilitation, error)
	Territoires(ctx context.Context, f depot.FiltreTerritoires) ([]depot.Territoire, error)
	NomCommune(code string) string

	CommuneActuelle(code string, ancienne bool) error
	TailleMax() int64
	ClientDesAgents(ctx context.Context, a depot.Acteur) (*depot.ClientDetail, error)
	PourClient(ctx context.Context, a depot.Acteur, clientID string) (depot.Acteur, error)
	PourRevision(ctx context.Context, a depot.Acteur, id string) (depot.Acteur, error)
	Creer(ctx context.Context, a depot.Acteur, code string, contexte json.RawMessage) (*depot.RevisionLue, error)
	Deposer(ctx context.Context, a depot.Acteur, id string, d revision.Depot) (*revision.RevisionFichier, error)
	Calculer(ctx context.Context, a depot.Acteur, id string) (*depot.RevisionLue, error)
	Publier(ctx context.Context, a depot.Acteur, id string, p revision.Publication) (*depot.RevisionLue, error)
}

// Depots serves the administration of the deposit, and the deposit by the staff with their session (00
// decision 29). Only staff and the central administration see it; those whose profile only reads change nothing.
type Depots struct {
	Service         ServiceDepot
	DelaiValidation time.Duration
	Chemin          string // of the public API of the deposit, where a revision is read
}

// Routes implements httpapi.Resource.
func (r Depots) Routes() []httpapi.Route {
	lire, changer := httpapi.Requires(auth.ViewAdministration), httpapi.Requires(auth.ChangeAdministration).Write()
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/depot/clients", Access: lire, Handler: r.clients},
		{Method: http.MethodPost, Path: "/depot/clients", Access: changer, Handler: r.creerClient, NoReplay: true},
		{Method: http.MethodGet, Path: "/depot/clients/:id", Access: lire, Handler: r.lireClient},
		{Method: http.MethodPut, Path: "/depot/clients/:id", Access: changer, Handler: r.modifierClient},
		{Method: http.MethodPost, Path: "/depot/clients/:id/jeton", Access: changer, Handler: r.renouvelerJeton, NoReplay: true},
		{Method: http.MethodGet, Path: "/depot/mandataires", Access: lire, Handler: r.mandataires},
		{Method: http.MethodPost, Path: "/depot/mandataires", Access: changer, Handler: r.creerMandataire},
		{Method: http.MethodGet, Path: "/depot/mandataires/:id", Access: lire, Handler: r.lireMandataire},
		{Method: http.MethodPut, Path: "/depot/mandataires/:id", Access: changer, Handler: r.modifierMandataire},
		{Method: http.MethodGet, Path: "/depot/chefs-de-file", Access: lire, Handler: r.chefs},
		{Method: http.MethodPost, Path: "/depot/chefs-de-file", Access: changer, Handler: r.creerChef},
		{Method: http.MethodGet, Path: "/depot/chefs-de-file/:id", Access: lire, Handler: r.lireChef},
		{Method: http.MethodPut, Path: "/depot/chefs-de-file/:id", Access: changer, Handler: r.modifierChef},
		{Method: http.MethodGet, Path: "/depot/habilitations", Access: lire, Handler: r.habilitations},
		{Method: http.MethodPost, Path: "/depot/habilitations/:id/valider", Access: changer, Handler: r.validerHabilitation},
		{Method: http.MethodGet, Path: "/depot/territoires", Access: lire, Handler: r.territoires},
		{Method: http.MethodPost, Path: "/depot/communes/:code/revisions", Access: changer, Handler: r.creerRevision},
		{Method: http.MethodPut, Path: "/depot/revisions/:id/files/bal", Access: changer, Handler: r.deposer, BodyLimit: r.Service.TailleMax() + 1, Timeout: dureeEnvoi, Limit: httpapi.LimitUpload},
		{Method: http.MethodPost, Path: "/depot/revisions/:id/compute", Access: changer, Handler: r.calculer, Timeout: r.DelaiValidation + time.Minute},
		{Method: http.MethodPost, Path: "/depot/revisions/:id/publish", Access: changer, Handler: r.publier},
	}
}

// acteur is who calls; somebody who is not of the administration is refused.
func (r Depots) acteur(c echo.Context) (depot.Acteur, error) {
	p := httpapi.Principal(c)
	if !depot.PeutVoir(p) {
		return depot.Acteur{}, fault.PermissionRefusee()
	}
	return depot.Personne(p), nil
}

// enFrancais gives our own words to the refusals of the deposit contract that are in English there.
func enFrancais(err error, quoi string) error {
	if err == nil {
		return nil
	}
	for _, code := range []string{"IDENTIFIANT_INVALIDE", "ABSENT", revision.CodeInconnue} {
		if fault.HasCode(err, code) {
			return fault.Introuvable(quoi).Because(err)
		}
	}
	return err
}

// saisie checks the fields of a body: what is wrong is listed at once (422).
type saisie struct{ champs []fault.Field }

func (s *saisie) exiger(vrai bool, champ, detail string) {
	if !vrai {
		s.champs = append(s.champs, fault.Field{Pointer: "/" + champ, Code: "invalide", Detail: detail})
	}
}

func (s *saisie) erreur() error {
	if len(s.champs) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "invalide", s.champs[0].Detail).WithFields(s.champs...)
}

// ReferenceDepot names an object of the deposit.
type ReferenceDepot struct {
	ID  string `json:"id" validate:"required" example:"66f2c0ffee00000000000003"`
	Nom string `json:"nom" validate:"required"`
} // @name ReferenceDepot

// listeDepot reads the parameters of a list and asks for its page; autres are the parameters that the caller
// has read itself.
func listeDepot[T, V any](c echo.Context, r Depots, lister func(ctx context.Context, a depot.Acteur, texte string, f depot.Fenetre) ([]T, int, error), vue func(*T) V, autres ...string) error {
	q, err := httpapi.Query(c, append(autres, "q", "page", "par_page")...)
	if err != nil {
		return err
	}
	page, texte := q.Page(), q.Text("q")
	if err := q.Err(); err != nil {
		return err
	}
	a, err := r.acteur(c)
	if err != nil {
		return err
	}
	lignes, total, err := lister(c.Request().Context(), a, texte, depot.Fenetre{Limite: page.ParPage, Decalage: page.Offset()})
	if err != nil {
		return err
	}
	out := make([]V, 0, len(lignes))
	for n := range lignes {
		out = append(out, vue(&lignes[n]))
	}
	return httpapi.JSONPage(c, page, total, out)
}
