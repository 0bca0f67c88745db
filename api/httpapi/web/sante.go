package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"apilos/api/httpapi"
	"github.com/labstack/echo/v4"
)

// Dependance is something the service leans on, and how to know whether it answers.
type Dependance struct {
	Nom string // base, stockage, antivirus, convertisseur, siap, file_taches
	// Obligatoire tells whether the service cannot work without it; the others only degrade it.
	Obligatoire bool
	// Verifier returns nil when the dependency answers. Its context ends after a second.
	Verifier func(ctx context.Context) error
}

// ConstruitPar identifies the program that answers.
type ConstruitPar struct{ Version, Commit, Date string }

// delaiSonde bounds one check, and is also how long an answer is reused: probes of several balancers
// must not become load.
const delaiSonde = time.Second

// Sante serves the probes (06 §7.2). It is mounted under /api/v1 and at the root.
type Sante struct {
	dependances []Dependance
	programme   ConstruitPar
	log         *slog.Logger
	now         func() time.Time

	mu    sync.Mutex
	etat  EtatSante
	lueLe time.Time
}

// NewSante returns the probes of these dependencies.
func NewSante(programme ConstruitPar, log *slog.Logger, now func() time.Time, dependances ...Dependance) *Sante {
	return &Sante{dependances: dependances, programme: programme, log: log, now: now}
}

// Routes implements httpapi.Resource.
func (s *Sante) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/sante/vie", Access: httpapi.Public(), Limit: httpapi.LimitNone, Handler: s.vie},
		{Method: http.MethodGet, Path: "/sante/pret", Access: httpapi.Public(), Limit: httpapi.LimitNone, Handler: s.pret},
		{Method: http.MethodGet, Path: "/version", Access: httpapi.Public(), Handler: s.version},
	}
}

// AliasSante gives the probes the names that orchestrators expect, at the root.
type AliasSante struct{ Sante *Sante }

// Routes implements httpapi.Resource.
func (a AliasSante) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/healthz", Access: httpapi.Public(), Limit: httpapi.LimitNone, Handler: a.Sante.vie},
		{Method: http.MethodGet, Path: "/readyz", Access: httpapi.Public(), Limit: httpapi.LimitNone, Handler: a.Sante.pret},
	}
}

// Vie is the answer of the liveness probe.
type Vie struct {
	Statut string `json:"statut" validate:"required" enums:"ok"`
}

// EtatSante is the answer of the readiness probe.
type EtatSante struct {
	Statut      string           `json:"statut" validate:"required" enums:"pret,degrade,indisponible"`
	Dependances []EtatDependance `json:"dependances" validate:"required"`
}

// EtatDependance is what one dependency answers.
type EtatDependance struct {
	Nom         string `json:"nom" validate:"required" example:"base"`
	Obligatoire bool   `json:"obligatoire" validate:"required"`
	Etat        string `json:"etat" validate:"required" enums:"ok,ko,delai_depasse"`
	DureeMs     int64  `json:"duree_ms" validate:"required"`
}

// VersionProgramme says what runs.
type VersionProgramme struct {
	Version     string `json:"version" validate:"required" example:"0.1.0"`
	Commit      string `json:"commit" validate:"required"`
	ConstruitLe string `json:"construit_le" validate:"required"`
}

// vie answers as long as the process runs.
//
//	@Summary		Le service est en vie
//	@Description	Répond toujours 200 tant que le programme fonctionne, sans interroger aucune dépendance.
//	@Tags			sante
//	@Produce		json
//	@Success		200		{object}	Vie				"En vie"
//	@Failure		400,429,500	{object}	httpapi.Problem	"Problème"
//	@Router			/sante/vie [get]
func (s *Sante) vie(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, Vie{Statut: "ok"})
}

// pret answers whether requests may be sent here.
//
//	@Summary		Le service est prêt
//	@Description	200 si la base et le stockage répondent en moins d’une seconde et si le schéma est à jour ; les autres dépendances ne font que dégrader le service.
//	@Tags			sante
//	@Produce		json
//	@Success		200		{object}	EtatSante		"Prêt, ou dégradé"
//	@Success		503		{object}	EtatSante		"Une dépendance obligatoire ne répond pas"
//	@Failure		400,429,500	{object}	httpapi.Problem	"Problème"
//	@Router			/sante/pret [get]
func (s *Sante) pret(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	etat := s.lire(c.Request().Context())
	status := http.StatusOK
	if etat.Statut == "indisponible" {
		status = http.StatusServiceUnavailable
	}
	return c.JSON(status, etat)
}

// version says which program answers.
//
//	@Summary		Version du service
//	@Description	Version, révision du code et date de construction du programme qui répond.
//	@Tags			sante
//	@Produce		json
//	@Success		200		{object}	VersionProgramme	"Version"
//	@Failure		400,429,500	{object}	httpapi.Problem		"Problème"
//	@Router			/version [get]
func (s *Sante) version(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, VersionProgramme{Version: s.programme.Version, Commit: s.programme.Commit, ConstruitLe: s.programme.Date})
}

// lire returns the state, checked again when the last answer is older than a second. Callers that come
// meanwhile wait for the one check.
func (s *Sante) lire(ctx context.Context) EtatSante {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.now(); s.lueLe.IsZero() || now.Sub(s.lueLe) >= delaiSonde {
		s.etat = s.verifier(context.WithoutCancel(ctx))
		s.lueLe = s.now()
	}
	return s.etat
}

func (s *Sante) verifier(ctx context.Context) EtatSante {
	etat := EtatSante{Statut: "pret", Dependances: make([]EtatDependance, len(s.dependances))}
	var wg sync.WaitGroup
	for i, d := range s.dependances {
		wg.Go(func() { etat.Dependances[i] = s.interroger(ctx, d) })
	}
	wg.Wait()
	for _, d := range etat.Dependances {
		switch {
		case d.Etat == "ok":
		case d.Obligatoire:
			etat.Statut = "indisponible"
		case etat.Statut == "pret":
			etat.Statut = "degrade"
		}
	}
	return etat
}

// interroger runs one check and does not wait longer than its delay, even for one that ignores its context.
func (s *Sante) interroger(ctx context.Context, d Dependance) EtatDependance {
	ctx, cancel := context.WithTimeout(ctx, delaiSonde)
	defer cancel()
	start := s.now()
	done := make(chan error, 1)
	go func() { done <- d.Verifier(ctx) }()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	out := EtatDependance{Nom: d.Nom, Obligatoire: d.Obligatoire, Etat: "ok", DureeMs: s.now().Sub(start).Milliseconds()}
	if err == nil {
		return out
	}
	out.Etat = "ko"
	if errors.Is(err, context.DeadlineExceeded) {
		out.Etat = "delai_depasse"
	}
	s.log.WarnContext(ctx, "dependency does not answer", "dependance", d.Nom, "error", err.Error())
	return out
}
