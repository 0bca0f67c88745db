package httpapi_test

import (
	"net/http"
	"testing"

	"apilos/api/auth"
	"apilos/api/httpapi"

	"github.com/stretchr/testify/require"
)

// programme is a client with scopes; its role is that of a national administrateur.
func programme(id int64, debit int, portees ...auth.Portee) auth.Principal {
	return auth.Principal{
		UtilisateurID: 100 + id, Typologie: auth.Administrateur, National: true,
		Client: &auth.Client{ID: id, UUID: "0f1e2d3c-0000-4000-8000-000000000000", Portees: portees, DebitParMinute: debit},
	}
}

// A route is closed to API clients unless it says so, whatever its declaration for people.
func TestClientsAPI_refusParDefaut(t *testing.T) {
	lire, ecrire := httpapi.Requires(auth.ViewConvention), httpapi.Requires(auth.ChangeConvention).Write()
	routes := []httpapi.Route{
		{Method: http.MethodGet, Path: "/ferme", Access: httpapi.Authenticated(), Handler: ok},
		{Method: http.MethodGet, Path: "/ferme-aussi", Access: lire, Handler: ok},
		{Method: http.MethodGet, Path: "/tout", Access: httpapi.Authenticated().Clients(""), Handler: ok},
		{Method: http.MethodGet, Path: "/lire", Access: lire.Clients(auth.ConventionsLire), Handler: ok},
		{Method: http.MethodPut, Path: "/ecrire", Access: ecrire.Clients(auth.ConventionsEcrire), Handler: ok},
		{Method: http.MethodPut, Path: "/trop", Access: httpapi.Requires(auth.ChangeBailleur).Write().Clients(auth.ConventionsEcrire), Handler: ok},
	}
	clients := people{
		"lecteur": programme(1, 0, auth.ConventionsLire), "redacteur": programme(2, 0, auth.ConventionsLire, auth.ConventionsEcrire),
		"muet": programme(3, 0), "personne": everybody()["instructeur"],
		"imposteur": func() auth.Principal { p := programme(4, 0); p.Staff, p.Superuser = true, true; return p }(),
	}
	s := serve(t, setup{chain: func(c *httpapi.Chain) { c.Authenticator = clients }}, routes...)
	for qui, attendus := range map[string]map[string]string{
		"lecteur":   {"/ferme": "FERME_AUX_CLIENTS", "/ferme-aussi": "FERME_AUX_CLIENTS", "/tout": "", "/lire": "", "/ecrire": "PORTEE_MANQUANTE", "/trop": "PORTEE_MANQUANTE"},
		"redacteur": {"/ferme": "FERME_AUX_CLIENTS", "/tout": "", "/lire": "", "/ecrire": "", "/trop": "PERMISSION_REFUSEE"},
		"muet":      {"/ferme": "FERME_AUX_CLIENTS", "/tout": "", "/lire": "PORTEE_MANQUANTE", "/ecrire": "PORTEE_MANQUANTE"},
		"imposteur": {"/ferme-aussi": "FERME_AUX_CLIENTS", "/lire": "PORTEE_MANQUANTE", "/ecrire": "PORTEE_MANQUANTE"},
		"personne":  {"/ferme": "", "/ferme-aussi": "", "/tout": "", "/lire": "", "/ecrire": "", "/trop": ""},
	} {
		for chemin, code := range attendus {
			methode := http.MethodGet
			if chemin == "/ecrire" || chemin == "/trop" {
				methode = http.MethodPut
			}
			r := s.do(methode, "/api/v1"+chemin, "", as(qui)...)
			if code == "" {
				require.Equal(t, http.StatusOK, r.StatusCode, "%s %s: %s", qui, chemin, r.body)
				continue
			}
			require.Equal(t, http.StatusForbidden, r.StatusCode, "%s %s", qui, chemin)
			p := r.problem(t)
			require.Equal(t, code, p["code"], "%s %s", qui, chemin)
			if code == "PORTEE_MANQUANTE" {
				require.Contains(t, p["detail"], p["portee"], "the sentence names the scope")
			}
		}
	}
	for _, l := range s.logs.lines(t, "security") {
		if l["user"] != float64(2) {
			require.Equal(t, "0f1e2d3c-0000-4000-8000-000000000000", l["client"])
		}
	}
}

// A client has one allowance, of its own rate, whatever the account or the connection.
func TestClientsAPI_debit(t *testing.T) {
	c := newClock()
	clients := people{"lent": programme(1, 10), "ordinaire": programme(2, 0), "autre": programme(3, 10)}
	s := serve(t, setup{chain: func(ch *httpapi.Chain) {
		ch.Authenticator = clients
		ch.Limits = httpapi.NewLimits(httpapi.DefaultRates(), httpapi.NewMemoryLimits(c.now))
	}}, httpapi.Route{Method: http.MethodGet, Path: "/x", Access: httpapi.Authenticated().Clients(""), Handler: ok})
	appeler := func(qui string) reply { return s.get("/api/v1/x", as(qui)...) }
	for reste := range 2 {
		r := appeler("lent")
		require.Equal(t, http.StatusOK, r.StatusCode)
		require.Equal(t, "10", r.Header.Get("RateLimit-Limit"))
		require.Equal(t, []string{"1", "0"}[reste], r.Header.Get("RateLimit-Remaining"))
	}
	r := appeler("lent")
	require.Equal(t, http.StatusTooManyRequests, r.StatusCode)
	require.Equal(t, "6", r.Header.Get("Retry-After"))
	require.Equal(t, http.StatusOK, appeler("autre").StatusCode)
	r = appeler("ordinaire")
	require.Equal(t, "600", r.Header.Get("RateLimit-Limit"))
	require.Equal(t, "119", r.Header.Get("RateLimit-Remaining"))
}
