package depotapi

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"time"

	"apilos/api/depot"
	"apilos/api/httpapi"
	"apilos/api/httpapi/docs"
	"apilos/api/revision"

	"github.com/labstack/echo/v4"
)

// Service is what the handlers call (depot.Service).
type Service interface {
	serviceRevision
	serviceAnnuaire
	serviceHabilitation
	serviceOutil
}

type serviceRevision interface {
	Authentifier(ctx context.Context, jeton string) (*depot.ClientDetail, error)
	CommuneActuelle(code string, ancienne bool) error
	CommuneConnue(code string) bool
	TailleMax() int64
	Proprietaire(ctx context.Context, id string) (clientID, codeCommune string, err error)
	Creer(ctx context.Context, a depot.Acteur, code string, contexte json.RawMessage) (*depot.RevisionLue, error)
	Deposer(ctx context.Context, a depot.Acteur, id string, d revision.Depot) (*revision.RevisionFichier, error)
	Calculer(ctx context.Context, a depot.Acteur, id string) (*depot.RevisionLue, error)
	Publier(ctx context.Context, a depot.Acteur, id string, p revision.Publication) (*depot.RevisionLue, error)
	Synchroniser(ctx context.Context, a depot.Acteur, id string) (*depot.RevisionLue, error)
	Revision(ctx context.Context, id string) (*depot.RevisionLue, error)
	Courante(ctx context.Context, code string) (*depot.RevisionLue, error)
	Ouvrir(ctx context.Context, f *revision.RevisionFichier, debut, longueur int64) (io.ReadCloser, error)
	EtatRevisions(ctx context.Context, f depot.FiltreRevisions) (depot.Etat, error)
	ParcourirRevisions(ctx context.Context, f depot.FiltreRevisions, fn func(*depot.RevisionLue) error) error
	EtatDernieres(ctx context.Context, clientID string) (depot.Etat, error)
	ParcourirDernieres(ctx context.Context, clientID string, f depot.Fenetre, fn func(*depot.RevisionLue) error) error
}

type serviceAnnuaire interface {
	LireClient(ctx context.Context, id string) (*depot.ClientDetail, error)
	CreerClient(ctx context.Context, a depot.Acteur, in depot.SaisieClient) (*depot.ClientDetail, string, error)
	ModifierClient(ctx context.Context, a depot.Acteur, id string, in depot.SaisieClient) (*depot.ClientDetail, error)
	RenouvelerJeton(ctx context.Context, a depot.Acteur, id string) (*depot.ClientDetail, string, error)
	PerimetresDuClient(ctx context.Context, a depot.Acteur, id string, ps []depot.SaisiePerimetre) (*depot.ChefDetail, error)
	EtatClients(ctx context.Context) (depot.Etat, error)
	ParcourirClients(ctx context.Context, f depot.Fenetre, fn func(depot.ClientDetail) error) error
	LireMandataire(ctx context.Context, id string) (*depot.Mandataire, error)
	CreerMandataire(ctx context.Context, a depot.Acteur, in depot.SaisieMandataire) (*depot.Mandataire, error)
	ModifierMandataire(ctx context.Context, a depot.Acteur, id string, in depot.SaisieMandataire) (*depot.Mandataire, error)
	EtatMandataires(ctx context.Context) (depot.Etat, error)
	ParcourirMandataires(ctx context.Context, f depot.Fenetre, fn func(depot.Mandataire) error) error
	LireChef(ctx context.Context, id string) (*depot.ChefDetail, error)
	CreerChef(ctx context.Context, a depot.Acteur, in depot.SaisieChef) (*depot.ChefDetail, error)
	ModifierChef(ctx context.Context, a depot.Acteur, id string, in depot.SaisieChef) (*depot.ChefDetail, error)
	EtatChefs(ctx context.Context) (depot.Etat, error)
	ParcourirChefs(ctx context.Context, f depot.Fenetre, fn func(depot.ChefDetail) error) error
}

type serviceHabilitation interface {
	CommuneHabilitable(code string) error
	CreerHabilitation(ctx context.Context, a depot.Acteur, code string) (*depot.Habilitation, error)
	Habilitation(ctx context.Context, id string) (*depot.Habilitation, error)
	Accessible(a depot.Acteur, h *depot.Habilitation) error
	Valides(ctx context.Context, ids []string) (map[string]bool, error)
	Accepter(ctx context.Context, a depot.Acteur, id string) (*depot.Habilitation, error)
	HabilitationsDuClient(ctx context.Context, a depot.Acteur, code string) ([]depot.Habilitation, error)
	CourrielsCommune(ctx context.Context, code string) ([]string, error)
	EnvoyerCode(ctx context.Context, a depot.Acteur, id, courriel string) error
	ValiderCode(ctx context.Context, a depot.Acteur, id, code string) error
	CommencerProConnect(ctx context.Context, h *depot.Habilitation, retour string) (depot.Depart, error)
	FinirProConnect(ctx context.Context, a depot.Acteur, etat, code string) (string, error)
}

type serviceOutil interface {
	PremieresPublications(ctx context.Context, du, au time.Time) ([]depot.JourPremieres, error)
	Publications(ctx context.Context, du, au time.Time) ([]depot.JourPublications, error)
	DernieresPublications(ctx context.Context, f depot.Fenetre) ([]depot.DernierePublication, int, error)
	Maintenant() time.Time
	Demo() bool
	Sante() depot.Sante
	Rapport(ctx context.Context, id string, o depot.OptionsRapport) (*depot.Rapport, error)
	ValiderSansDepot(ctx context.Context, ouvrir depot.Ouvreur, o depot.OptionsRapport) (*depot.Rapport, error)
	Differences(ctx context.Context, id string, o depot.OptionsDifferences) (*depot.Differences, error)
	Corriger(ctx context.Context, ouvrir depot.Ouvreur, w io.Writer) (ecrite bool, err error)
	Territoires(ctx context.Context, f depot.FiltreTerritoires) ([]depot.Territoire, error)
	Commune(code string) (depot.Territoire, error)
	NomCommune(code string) string
}

// Signeur signs the state of ProConnect in the cookie of the browser (depot.Sceau).
type Signeur interface {
	SignerEtat(etat string) string
	EtatSigne(cookie, etat string) bool
}

// API are the routes of the deposit.
type API struct {
	Service         Service
	JetonAdmin      string // ADMIN_TOKEN; "" refuses everything to administrators
	EmailsPublics   bool   // DEPOT_PUBLIC_EMAILS
	Signeur         Signeur
	Base            string // DEPOT_BASE_PATH, path of the cookie
	CookieSansTLS   bool   // development and test: the cookie also travels without TLS
	DelaiValidation time.Duration
	DossierTampon   string                   // where bodies validated without deposit lie meanwhile; "" is that of the system
	Idempotence     httpapi.IdempotencyStore // nil: Idempotency-Key is ignored
	Document        *docs.Document
	Journal         *slog.Logger
}

// Limits of the transport. The size of bodies is checked by the handlers, after the caller: the contract
// wants 401 before 413.
const (
	sansLimite    = 1 << 40
	delaiEnvoi    = 10 * time.Minute // 05 D
	margeDeCalcul = 30 * time.Second
)

// Routes implements httpapi.Resource. Guards are in the handlers: every route is Public for the chain, since
// the contract checks the path before the caller.
func (r *API) Routes() []httpapi.Route {
	var out []httpapi.Route
	for _, groupe := range [][]httpapi.Route{r.routesRevision(), r.routesLecture(), r.routesAnnuaire(), r.routesHabilitation(), r.routesOutil()} {
		for _, route := range groupe {
			route.Access, route.BodyLimit = httpapi.Public(), sansLimite
			if route.Limit == "" {
				route.Limit = LimiteLecture
				if route.Method != http.MethodGet {
					route.Limit = httpapi.LimitNone // drawn by the guard, once the caller is known
				}
			}
			out = append(out, route)
		}
	}
	return out
}

func (r *API) routesRevision() []httpapi.Route {
	calcul := r.DelaiValidation + margeDeCalcul
	return []httpapi.Route{
		{Method: http.MethodPost, Path: "/communes/:codeCommune/revisions", Handler: r.creer},
		{Method: http.MethodPut, Path: "/revisions/:revisionId/files/bal", Handler: r.deposer, Timeout: delaiEnvoi},
		{Method: http.MethodPost, Path: "/revisions/:revisionId/compute", Handler: r.calculer, Timeout: calcul},
		{Method: http.MethodPost, Path: "/revisions/:revisionId/publish", Handler: r.publier},
		{Method: http.MethodPost, Path: "/revisions/:revisionId/sync-ids-ban-publish", Handler: r.synchroniser, Timeout: 2 * calcul},
	}
}

func (r *API) routesLecture() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/revisions/:revisionId", Handler: r.lire},
		{Method: http.MethodGet, Path: "/revisions/:revisionId/files/bal/download", Handler: r.telecharger, Stream: true, Timeout: delaiEnvoi},
		{Method: http.MethodGet, Path: "/revisions/client/:clientId", Handler: r.parClient, Timeout: delaiEnvoi},
		{Method: http.MethodGet, Path: "/communes/:codeCommune/revisions", Handler: r.parCommune},
		{Method: http.MethodGet, Path: "/communes/:codeCommune/current-revision", Handler: r.courante},
		{Method: http.MethodGet, Path: "/communes/:codeCommune/current-revision/files/bal/download", Handler: r.telechargerCourante, Stream: true, Timeout: delaiEnvoi},
		{Method: http.MethodGet, Path: "/current-revisions", Handler: r.courantes, Timeout: delaiEnvoi},
		{Method: http.MethodGet, Path: "/last-revisions", Handler: r.dernieres, Timeout: delaiEnvoi},
	}
}

func (r *API) routesAnnuaire() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/clients", Handler: r.clients},
		{Method: http.MethodPost, Path: "/clients", Handler: r.creerClient},
		{Method: http.MethodGet, Path: "/clients/:clientId", Handler: r.lireClient},
		{Method: http.MethodPut, Path: "/clients/:clientId", Handler: r.modifierClient},
		{Method: http.MethodPost, Path: "/clients/:clientId/token", Handler: r.renouvelerJeton},
		{Method: http.MethodPut, Path: "/clients/:clientId/chef_de_file/perimeter", Handler: r.perimetresDuClient},
		{Method: http.MethodGet, Path: "/mandataires", Handler: r.mandataires},
		{Method: http.MethodPost, Path: "/mandataires", Handler: r.creerMandataire},
		{Method: http.MethodGet, Path: "/mandataires/:mandataireId", Handler: r.lireMandataire},
		{Method: http.MethodPut, Path: "/mandataires/:mandataireId", Handler: r.modifierMandataire},
		{Method: http.MethodGet, Path: "/chefs-de-file", Handler: r.chefs},
		{Method: http.MethodPost, Path: "/chefs-de-file", Handler: r.creerChef},
		{Method: http.MethodGet, Path: "/chefs-de-file/:chefDeFileId", Handler: r.lireChef},
		{Method: http.MethodPut, Path: "/chefs-de-file/:chefDeFileId", Handler: r.modifierChef},
	}
}

func (r *API) routesHabilitation() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodPost, Path: "/communes/:codeCommune/habilitations", Handler: r.creerHabilitation},
		{Method: http.MethodGet, Path: "/communes/:codeCommune/habilitations", Handler: r.mesHabilitations},
		{Method: http.MethodGet, Path: "/communes/:codeCommune/emails", Handler: r.courriels},
		{Method: http.MethodGet, Path: "/habilitations/proconnect/callback", Handler: r.retourProConnect},
		{Method: http.MethodPost, Path: "/habilitations/are-valid", Handler: r.valides},
		{Method: http.MethodGet, Path: "/habilitations/:habilitationId", Handler: r.lireHabilitation},
		{Method: http.MethodPut, Path: "/habilitations/:habilitationId/validate", Handler: r.accepter},
		{Method: http.MethodPost, Path: "/habilitations/:habilitationId/authentication/email/send-pin-code", Handler: r.envoyerCode},
		{Method: http.MethodPost, Path: "/habilitations/:habilitationId/authentication/email/validate-pin-code", Handler: r.validerCode},
		{Method: http.MethodGet, Path: "/habilitations/:habilitationId/authentication/proconnect", Handler: r.proConnect},
	}
}

func (r *API) routesOutil() []httpapi.Route {
	calcul := r.DelaiValidation + margeDeCalcul
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/stats/firsts-publications", Handler: r.premieresPublications},
		{Method: http.MethodGet, Path: "/stats/publications", Handler: r.publications},
		{Method: http.MethodGet, Path: "/stats/metrics-incubateur", Handler: r.mesures},
		{Method: http.MethodGet, Path: "/revisions/:revisionId/validation-report", Handler: r.rapport, Limit: LimiteValidation, Timeout: calcul},
		{Method: http.MethodGet, Path: "/revisions/:revisionId/diff", Handler: r.differences, Limit: LimiteValidation, Timeout: calcul},
		{Method: http.MethodPost, Path: "/validate", Handler: r.validerSansDepot, Limit: LimiteValidation, Timeout: delaiEnvoi},
		{Method: http.MethodPost, Path: "/autofix", Handler: r.corriger, Limit: LimiteValidation, Timeout: delaiEnvoi, Stream: true},
		{Method: http.MethodGet, Path: "/me", Handler: r.moi},
		{Method: http.MethodGet, Path: "/communes", Handler: r.communes},
		{Method: http.MethodGet, Path: "/communes/:codeCommune", Handler: r.lireCommune},
		{Method: http.MethodGet, Path: "/territoires", Handler: r.territoires},
		{Method: http.MethodGet, Path: "/health", Handler: r.sante},
		{Method: http.MethodGet, Path: "/api-json", Handler: r.schema},
		{Method: http.MethodGet, Path: "/api", Handler: r.page},
		{Method: http.MethodGet, Path: "/api/:fichier", Handler: r.fichierPage},
	}
}

// CORS lets any page call the deposit (07 section 2.1). It stands before the routes: a preflight has no
// route of its own.
func CORS(base string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if !sous(base, c.Request().URL.Path) {
				return next(c)
			}
			h := c.Response().Header()
			h.Set("Access-Control-Allow-Origin", "*")
			h.Set("Cross-Origin-Resource-Policy", "cross-origin")
			h.Set("Access-Control-Expose-Headers", "ETag, X-Total-Count, Link, Content-Disposition, Retry-After, X-Request-Id")
			if c.Request().Method != http.MethodOptions || c.Request().Header.Get("Access-Control-Request-Method") == "" {
				return next(c)
			}
			h.Set("Access-Control-Allow-Methods", "GET,POST,PUT")
			h.Set("Access-Control-Allow-Headers", "Authorization,Content-Type,Content-MD5,Idempotency-Key,If-None-Match,Range")
			h.Set("Access-Control-Max-Age", "600")
			return c.NoContent(http.StatusNoContent)
		}
	}
}

func sous(base, chemin string) bool {
	return chemin == base || (len(chemin) > len(base) && chemin[:len(base)] == base && chemin[len(base)] == '/')
}
