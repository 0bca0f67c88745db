package app

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"apilos/api/cerbere"
	"apilos/api/config"
	"apilos/api/convention"
	"apilos/api/httpapi"
	"apilos/api/httpapi/depotapi"
	"apilos/api/httpapi/docs"
	"apilos/api/httpapi/siapapi"
	"apilos/api/httpapi/web"
	"apilos/frontend"
	"apilos/openapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
)

// routeur builds the HTTP handler: API, sign-in, probes, documentation, application.
func (p *pieces) routeur(construit BuildInfo, mesures prometheus.Registerer) (*echo.Echo, error) {
	cfg := p.cfg
	politique := politique(cfg)
	accounts, err := p.accounts(politique)
	if err != nil {
		return nil, err
	}
	e, err := httpapi.New(httpapi.Config{
		Log: p.log, Now: p.now, NewID: uuid.NewString, TrustedProxies: cfg.Server.TrustedProxies, AllowedHosts: cfg.Server.AllowedHosts,
		HTTPSRedirect: cfg.Security.SSLRedirect, Metrics: mesures,
		ProblemWriters: map[string]httpapi.ProblemWriter{
			"/accounts": accounts.Pages.EcrireProbleme, cfg.Depot.BasePath: depotapi.EcrireErreur, siapapi.Base: siapapi.EcrireErreur,
		},
		HSTS: httpapi.HSTS{Seconds: cfg.Security.HSTSSeconds, IncludeSubdomains: cfg.Security.HSTSIncludeSubdomains, Preload: cfg.Security.HSTSPreload},
	})
	if err != nil {
		return nil, err
	}
	if err := p.mesurerMessages(mesures); err != nil {
		return nil, err
	}
	if err := p.mesurerDirect(mesures); err != nil {
		return nil, err
	}
	chaine := httpapi.Chain{
		Authenticator: authentificateur{personnes: p.comptes, clients: p.clientsAPI}, Origins: []string{cfg.Server.PublicBaseURL}, Log: p.log, Now: p.now, BodyLimit: int64(cfg.Server.MaxBody),
		Limits: p.debits, Idempotency: rejeux{p.db},
	}
	sante := p.sante(construit)
	api, err := p.ressources(construit, accounts, politique, sante)
	if err != nil {
		return nil, err
	}
	if err := httpapi.Mount(e, "/api/v1", chaine, web.AvecPortees(api...)...); err != nil {
		return nil, err
	}
	if err := httpapi.Mount(e, "", chaine, p.ressourcesRacine(accounts, politique, sante)...); err != nil {
		return nil, err
	}
	if err := p.monterDepot(e, politique); err != nil {
		return nil, err
	}
	if err := p.monterSIAP(e, politique); err != nil {
		return nil, err
	}
	if !frontend.Built() {
		p.log.Warn("the application was not built: only the API answers (scripts/build)")
		return e, nil
	}
	spa, err := httpapi.NewSPA(frontend.Dist(), politique)
	if err != nil {
		return nil, err
	}
	spa.Mount(e)
	return e, nil
}

func politique(cfg config.Config) httpapi.PagePolicy {
	s := cfg.Security
	return httpapi.PagePolicy{
		ScriptSrc: s.CSPScriptSrc, ConnectSrc: s.CSPConnectSrc, ImgSrc: s.CSPImgSrc, FrameSrc: s.CSPFrameSrc,
		FormAction: origines(cfg.Cerbere.BaseURL),
	}
}

// ressources are the routes of /api/v1.
func (p *pieces) ressources(construit BuildInfo, accounts web.Accounts, politique httpapi.PagePolicy, sante *web.Sante) ([]httpapi.Resource, error) {
	asJSON, asYAML := openapi.Apilos()
	document, err := docs.New(asJSON, asYAML, "/api/v1/docs", "/api/v1/schema", politique)
	if err != nil {
		return nil, err
	}
	mode := "local"
	if p.cfg.Cerbere.BaseURL != "" {
		mode = "cerbere"
	}
	return slices.Concat(p.ressourcesSIAP(), p.ressourcesComptes(), p.ressourcesExports(), p.ressourcesMixtes(), p.ressourcesExpert(), p.ressourcesChronique(), []httpapi.Resource{
		p.ressourceReassignations(),
		sante,
		web.NewConfigurations(web.ParametresPublics{
			Environnement: string(p.cfg.Environment), Version: construit.Version, ModeConnexion: mode, Simulateurs: p.cfg.Simulator.Enabled, UtilisateurSimule: p.cfg.Cerbere.MockUserID != "",
			URLAssistance: p.cfg.SIAPClient.AssistanceURL, DocumentSigneOctets: convention.MaxDocumentSigne, JSONOctets: int64(p.cfg.Server.MaxBody),
			Depot: web.DepotPublic{Chemin: p.cfg.Depot.BasePath, TailleMaxOctets: int64(p.cfg.Depot.MaxFileBytes), Demo: p.cfg.Depot.Demo},
		}),
		web.Depots{Service: p.depot, DelaiValidation: p.cfg.Depot.ValidationTimeout, Chemin: p.cfg.Depot.BasePath},
		documentation(document, politique),
		web.RapportsCSP{Log: p.log},
		web.Sessions{Service: p.comptes, Cookies: p.cookies(), Sortie: accounts.Sortie, Now: p.now},
		p.ressourceBailleurs(),
		p.ressourceAdministrations(),
		web.Statistiques{Service: p.echanges},
		web.Conventions{Service: p.conv, Horloge: p.now},
		p.changements(),
		web.Lectures{Service: p.conv},
		web.Avenants{Service: p.conv, Conventions: web.Conventions{Service: p.conv, Horloge: p.now}},
		web.FinsDeConvention{Conventions: web.Conventions{Service: p.conv, Horloge: p.now}},
		web.TypesAvenant{Service: p.conv, Conventions: web.Conventions{Service: p.conv, Horloge: p.now}},
		p.ressourceImportations(),
		web.Revisions{Service: p.revisions},
		web.Operations{Service: p.operations, Conventions: p.conv, LienSIAP: p.lienOperation, Regroupables: p.conv.Regroupables},
		p.telechargements(),
		web.Alertes{Service: p.messages.alertes, Conventions: p.conv},
		p.tableauBord(construit),
		p.ressourceWebhooks(),
		p.ressourceDirect(),
		web.ClientsAPI{Service: p.clientsAPI, Horloge: p.now},
		web.ExportsInfoSIAP{Ecrivain: infoSIAP{p.echanges}},
	}), nil
}

// ressourcesRacine are the routes outside of /api/v1: sign-in pages, probes, problems, development pages.
func (p *pieces) ressourcesRacine(accounts web.Accounts, politique httpapi.PagePolicy, sante *web.Sante) []httpapi.Resource {
	out := []httpapi.Resource{accounts, web.AliasSante{Sante: sante}, racineSante{sante}, httpapi.ProblemPages{Policy: politique}}
	if p.boite != nil && p.cfg.Environment == config.Development {
		out = append(out, web.CourrielsDev{Boite: p.boite})
	}
	return out
}

// racineSante also answers the probes at the root, where operators look for them.
type racineSante struct{ *web.Sante }

func (p *pieces) cookies() web.Cookies {
	return web.Cookies{SansTLS: p.cfg.Environment == config.Development || p.cfg.Environment == config.Test}
}

// utilisateurSimule is the account of MOCK_CERBERE_USER_ID, 0 without one.
func (p *pieces) utilisateurSimule() (int64, error) {
	id := p.cfg.Cerbere.MockUserID
	if id == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("MOCK_CERBERE_USER_ID : identifiant %q invalide", id)
	}
	return n, nil
}

func (p *pieces) accounts(politique httpapi.PagePolicy) (web.Accounts, error) {
	a := web.Accounts{
		Service: p.comptes, Cookies: p.cookies(), Log: p.log, Now: p.now, BaseURL: p.cfg.Server.PublicBaseURL,
		Pages:    web.PagesConnexion{Politique: politique, URLAssistance: p.cfg.SIAPClient.AssistanceURL},
		SansEtat: p.cfg.Cerbere.ServiceState == config.Off,
	}
	var err error
	if a.UtilisateurSimule, err = p.utilisateurSimule(); err != nil {
		return a, err
	}
	if p.cfg.Cerbere.BaseURL == "" {
		return a, nil
	}
	client, err := cerbere.New(cerbere.Config{
		Base: p.cfg.Cerbere.BaseURL, Protocol: cerbere.Protocol(p.cfg.Cerbere.Protocol), Now: p.now, NewID: uuid.NewString,
	})
	if err != nil {
		return a, err
	}
	a.Cerbere = client
	return a, nil
}

// lienOperation is the page of an operation in SIAP, "" while SIAP never answered.
func (p *pieces) lienOperation(ctx context.Context, numero string, habilitationID int64) string {
	cfg, err := p.siap.Config(ctx)
	if err != nil {
		return ""
	}
	return cfg.OperationURL(numero, habilitationID)
}

// origines returns the origin of an address, for the form-action of the content policy.
func origines(adresse string) []string {
	u, err := url.Parse(adresse)
	if err != nil || u.Host == "" {
		return nil
	}
	return []string{u.Scheme + "://" + u.Host}
}

// sante lists what the readiness probe looks at; only database and storage are vital (06 §7.2).
func (p *pieces) sante(construit BuildInfo) *web.Sante {
	dependances := []web.Dependance{
		{Nom: "base", Obligatoire: true, Verifier: p.db.Pret},
		{Nom: "stockage", Obligatoire: true, Verifier: p.fichiers.Check},
		{Nom: "file_taches", Verifier: p.fileTaches},
		{Nom: "siap", Verifier: func(ctx context.Context) error { _, err := p.siap.Config(ctx); return err }},
	}
	if p.cfg.Antivirus.Enabled() {
		dependances = append(dependances, web.Dependance{Nom: "antivirus", Verifier: p.scanner.Check})
	}
	return web.NewSante(web.ConstruitPar(construit), p.log, p.now, dependances...)
}
