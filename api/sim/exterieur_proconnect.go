package sim

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Identifiers of the platform at the simulated ProConnect (PC_FS_ID, PC_FS_SECRET).
const (
	ProConnectID     = "apilos-demonstration"
	ProConnectSecret = "secret-public-du-simulateur-proconnect"
)

const (
	vieCode   = 60 * time.Second
	vieJeton  = 5 * time.Minute
	fieldCode = "code"
	apiPC     = "/api/v2"
)

// ProConnect is the simulated provider: who may sign in, and how tokens are signed.
type ProConnect struct {
	Algorithme string  `json:"algorithme,omitempty"` // RS256 (default) or ES256
	Personnes  []Agent `json:"personnes,omitempty"`
}

// Agent is a public agent who may sign in.
type Agent struct {
	Prenom       string `json:"prenom"`
	Nom          string `json:"nom"`
	Courriel     string `json:"courriel"`
	Siret        string `json:"siret"`
	Organisation string `json:"organisation"`
}

// Initiales are shown beside the name.
func (a Agent) Initiales() string { return initials(Cerbere{Prenom: a.Prenom, Nom: a.Nom}) }

// connexion is a sign-in under way: the code, then the access token, lead to it.
type connexion struct {
	agent   Agent
	nonce   string
	retour  string
	expires time.Time
}

// clesPC are the keys of the provider.
type clesPC struct {
	rsa *rsa.PrivateKey
	ec  *ecdsa.PrivateKey
}

func nouvellesCles() (clesPC, error) {
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return clesPC{}, fmt.Errorf("clé RSA du simulateur : %w", err)
	}
	e, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return clesPC{}, fmt.Errorf("clé EC du simulateur : %w", err)
	}
	return clesPC{r, e}, nil
}

func (s *Simulator) routeProConnect(path string) (string, map[string]gestionnaire) {
	switch strings.TrimPrefix(path, apiPC) {
	case "/authorize":
		return RoutePCAuthorize, map[string]gestionnaire{"GET": s.pcAutoriser, "POST": s.pcChoisir}
	case "/token":
		return RoutePCToken, map[string]gestionnaire{"POST": s.pcJetons}
	case "/userinfo":
		return RoutePCUserinfo, map[string]gestionnaire{"GET": s.pcInformations}
	case "/jwks":
		return RoutePCCles, map[string]gestionnaire{"GET": s.pcCles}
	case "/.well-known/openid-configuration":
		return RoutePCDecouverte, map[string]gestionnaire{"GET": s.pcDecouverte}
	}
	return "", nil
}

func (s *Simulator) emetteurPC(r *http.Request) string {
	return s.publicURL(r) + RacineProConnect + apiPC
}

func (s *Simulator) pcDecouverte(r *http.Request, _ []byte) reply {
	racine := s.emetteurPC(r)
	return jsonReply(http.StatusOK, map[string]any{
		"issuer": racine, "authorization_endpoint": racine + "/authorize", "token_endpoint": racine + "/token",
		"userinfo_endpoint": racine + "/userinfo", "jwks_uri": racine + "/jwks", "response_types_supported": []string{"code"},
		"scopes_supported": []string{"openid", "siret"}, "id_token_signing_alg_values_supported": []string{"RS256", "ES256"},
		"userinfo_signing_alg_values_supported": []string{"RS256", "ES256"},
	})
}

func (s *Simulator) pcCles(*http.Request, []byte) reply {
	b64 := base64.RawURLEncoding.EncodeToString
	cles, err := s.cles()
	if err != nil {
		return problem(http.StatusInternalServerError, "Clés absentes.")
	}
	point, err := cles.ec.PublicKey.Bytes()
	if err != nil {
		return problem(http.StatusInternalServerError, "Clé illisible.")
	}
	return jsonReply(http.StatusOK, map[string]any{"keys": []map[string]string{
		{"kty": "RSA", "kid": "rs256", "use": "sig", "alg": "RS256", "n": b64(cles.rsa.N.Bytes()), "e": b64(big.NewInt(int64(cles.rsa.E)).Bytes())},
		{"kty": "EC", "kid": "es256", "use": "sig", "alg": "ES256", "crv": "P-256", "x": b64(point[1:33]), "y": b64(point[33:65])},
	}})
}

// demande are the parameters of an authorisation, checked.
func (s *Simulator) demandePC(q url.Values) (url.Values, string) {
	portees := strings.Fields(q.Get("scope"))
	switch {
	case q.Get("client_id") != ProConnectID:
		return nil, "Le fournisseur de service est inconnu (client_id)."
	case !s.allowed(q.Get("redirect_uri")):
		return nil, "L'adresse de retour n'est pas dans la liste des adresses acceptées."
	case q.Get("response_type") != "code":
		return nil, "Seul response_type=code est accepté."
	case !slices.Contains(portees, "openid") || !slices.Contains(portees, "siret"):
		return nil, "Les portées openid et siret sont attendues."
	case len(q.Get("state")) < 8 || len(q.Get("nonce")) < 8:
		return nil, "state et nonce sont obligatoires (8 caractères au moins)."
	}
	return q, ""
}

// pcAutoriser shows who may sign in; ?as=COURRIEL chooses without the page.
func (s *Simulator) pcAutoriser(r *http.Request, _ []byte) reply {
	q, motif := s.demandePC(r.URL.Query())
	if motif != "" {
		return s.message(http.StatusBadRequest, "Demande ProConnect refusée", motif)
	}
	agents := s.exterieur().ProConnect.Personnes
	if as := q.Get("as"); as != "" {
		i := slices.IndexFunc(agents, func(a Agent) bool { return a.Courriel == as })
		if i < 0 {
			return s.message(http.StatusNotFound, "Personne inconnue", "Le scénario ne connaît pas "+as+".")
		}
		return s.pcRenvoyer(q, agents[i])
	}
	return s.page(http.StatusOK, "proconnect.html", struct {
		Destination string
		Demande     map[string]string
		Agents      []Agent
	}{destination(q.Get("redirect_uri")), champsPC(q), agents})
}

func champsPC(q url.Values) map[string]string {
	out := map[string]string{}
	for _, k := range []string{"client_id", "redirect_uri", "response_type", "scope", "state", "nonce"} {
		out[k] = q.Get(k)
	}
	return out
}

var reSiret = regexp.MustCompile(`^[0-9]{14}$`)

// pcChoisir signs in the person of the page: one of the scenario, somebody of another SIRET, or nobody.
func (s *Simulator) pcChoisir(_ *http.Request, body []byte) reply {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return s.message(http.StatusBadRequest, "Formulaire illisible", "Revenez à la page précédente et recommencez.")
	}
	q, motif := s.demandePC(form)
	if motif != "" {
		return s.message(http.StatusBadRequest, "Demande ProConnect refusée", motif)
	}
	if form.Get("refuser") != "" {
		return redirect(avecParametres(q.Get("redirect_uri"), url.Values{"error": {"access_denied"}, "state": {q.Get("state")}}))
	}
	agents := s.exterieur().ProConnect.Personnes
	if i := slices.IndexFunc(agents, func(a Agent) bool { return a.Courriel == form.Get(fieldLogin) }); i >= 0 {
		return s.pcRenvoyer(q, agents[i])
	}
	siret := strings.Join(strings.Fields(form.Get("siret")), "")
	if !reSiret.MatchString(siret) {
		return s.message(http.StatusBadRequest, "SIRET attendu", "Choisissez une personne, ou donnez un SIRET de 14 chiffres.")
	}
	return s.pcRenvoyer(q, Agent{Prenom: "Agent", Nom: siret, Courriel: "agent-" + siret + "@example.org", Siret: siret, Organisation: "Organisation " + siret})
}

// pcRenvoyer sends back to the platform with a code that serves once.
func (s *Simulator) pcRenvoyer(q url.Values, a Agent) reply {
	code := random(32)
	s.mu.Lock()
	for k, c := range s.connexions {
		if s.now().After(c.expires) {
			delete(s.connexions, k)
		}
	}
	s.connexions["code:"+code] = connexion{a, q.Get("nonce"), q.Get("redirect_uri"), s.now().Add(vieCode)}
	s.mu.Unlock()
	return redirect(avecParametres(q.Get("redirect_uri"), url.Values{fieldCode: {code}, "state": {q.Get("state")}}))
}

func avecParametres(adresse string, q url.Values) string {
	separateur := "?"
	if strings.Contains(adresse, "?") {
		separateur = "&"
	}
	return adresse + separateur + q.Encode()
}

// pcJetons exchanges a code for tokens.
func (s *Simulator) pcJetons(r *http.Request, body []byte) reply {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return erreurOIDC("invalid_request")
	}
	secret := subtle.ConstantTimeCompare([]byte(form.Get("client_secret")), []byte(ProConnectSecret)) == 1
	if form.Get("client_id") != ProConnectID || !secret {
		return erreurOIDC("invalid_client")
	}
	cle := "code:" + form.Get(fieldCode)
	s.mu.Lock()
	c, ok := s.connexions[cle]
	delete(s.connexions, cle)
	s.mu.Unlock()
	if !ok || s.now().After(c.expires) || c.retour != form.Get("redirect_uri") || form.Get("grant_type") != "authorization_code" {
		return erreurOIDC("invalid_grant")
	}
	identite := s.revendicationsPC(r, c.agent)
	identite["nonce"], identite["acr"] = c.nonce, "eidas1"
	id, err := s.signerPC(identite)
	if err != nil {
		return problem(http.StatusInternalServerError, "Jeton non signé.")
	}
	acces := random(32)
	s.mu.Lock()
	s.connexions["acces:"+acces] = connexion{c.agent, "", "", s.now().Add(vieJeton)}
	s.mu.Unlock()
	return jsonReply(http.StatusOK, map[string]any{"access_token": acces, "id_token": id, "token_type": "Bearer", "expires_in": int(vieJeton.Seconds()), "scope": "openid siret"})
}

func erreurOIDC(code string) reply {
	return jsonReply(http.StatusBadRequest, map[string]string{"error": code, "error_description": "Refus du simulateur."})
}

// pcInformations tells who signed in, in a signed token.
func (s *Simulator) pcInformations(r *http.Request, _ []byte) reply {
	jeton, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	c, connu := s.connexions["acces:"+jeton]
	s.mu.Unlock()
	if !ok || !connu || s.now().After(c.expires) {
		return jsonReply(http.StatusUnauthorized, map[string]string{"error": "invalid_token"})
	}
	infos := s.revendicationsPC(r, c.agent)
	infos["siret"], infos["email"], infos["given_name"], infos["usual_name"] = c.agent.Siret, c.agent.Courriel, c.agent.Prenom, c.agent.Nom
	signe, err := s.signerPC(infos)
	if err != nil {
		return problem(http.StatusInternalServerError, "Jeton non signé.")
	}
	return reply{status: http.StatusOK, contentType: "application/jwt", body: []byte(signe)}
}

func (s *Simulator) revendicationsPC(r *http.Request, a Agent) jwt.MapClaims {
	le := s.now()
	return jwt.MapClaims{
		"iss": s.emetteurPC(r), "aud": ProConnectID, "sub": "sim-" + a.Courriel, "iat": le.Unix(), "exp": le.Add(vieJeton).Unix(),
	}
}

func (s *Simulator) signerPC(c jwt.MapClaims) (string, error) {
	cles, err := s.cles()
	if err != nil {
		return "", err
	}
	if s.exterieur().ProConnect.Algorithme == "ES256" {
		t := jwt.NewWithClaims(jwt.SigningMethodES256, c)
		t.Header["kid"] = "es256"
		return t.SignedString(cles.ec)
	}
	t := jwt.NewWithClaims(jwt.SigningMethodRS256, c)
	t.Header["kid"] = "rs256"
	return t.SignedString(cles.rsa)
}
