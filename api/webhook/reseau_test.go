package webhook

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAdressesPubliques(t *testing.T) {
	for adresse, attendu := range map[string]bool{
		"8.8.8.8": true, "185.24.186.1": true, "2001:4860:4860::8888": true, "2a01:e0a::1": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "0.0.0.0": false,
		"100.64.0.1": false, "192.0.0.8": false, "198.18.0.1": false, "224.0.0.1": false, "240.0.0.1": false, "255.255.255.255": false,
		"::1": false, "::": false, "fe80::1": false, "fc00::1": false, "fd12::1": false, "ff02::1": false, "fec0::1": false,
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "64:ff9b::a00:1": false, "2002:a00:1::1": false, "2001:db8::1": false,
	} {
		require.Equal(t, attendu, publique(netip.MustParseAddr(adresse)), adresse)
	}
	require.False(t, publique(netip.Addr{}))
}

func TestVerifierURL(t *testing.T) {
	tests := map[string]struct{ public, prive bool }{
		"https://exemple.fr/reception?cle=1": {true, true},
		"https://exemple.fr:8443/":           {true, true},
		"http://exemple.fr/":                 {false, true},
		"http://127.0.0.1:8090/recepteur":    {false, true},
		"https://127.0.0.1/":                 {false, true},
		"https://[::1]/":                     {false, true},
		"https://169.254.169.254/latest":     {false, true},
		"https://localhost/":                 {false, true},
		"https://base.internal/":             {false, true},
		"https://serveur/":                   {false, true},
		"https://x.localhost./":              {false, true},
		"https://moi:secret@exemple.fr/":     {false, false},
		"https://exemple.fr/#a":              {false, false},
		"ftp://exemple.fr/":                  {false, false},
		"file:///etc/passwd":                 {false, false},
		"exemple.fr":                         {false, false},
		"https://":                           {false, false},
		"":                                   {false, false},
	}
	for adresse, tt := range tests {
		require.Equal(t, tt.public, verifierURL(adresse, false) == "", adresse)
		require.Equal(t, tt.prive, verifierURL(adresse, true) == "", "development: %s", adresse)
	}
}

// The name may resolve to anything: the address is checked when connecting.
func TestClientHTTPRefuseLeReseauPriveALaConnexion(t *testing.T) {
	appels := 0
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { appels++ }))
	defer s.Close()
	for prive, joint := range map[bool]bool{false: false, true: true} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, nil)
		require.NoError(t, err)
		res, err := ClientHTTP(prive).Do(req)
		if !joint {
			require.ErrorIs(t, err, errPrive)
			continue
		}
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
	}
	require.Equal(t, 1, appels)
}

func TestClientHTTPNeSuitPasLesRedirections(t *testing.T) {
	s := httptest.NewServer(http.RedirectHandler("http://169.254.169.254/", http.StatusTemporaryRedirect))
	defer s.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, nil)
	require.NoError(t, err)
	res, err := ClientHTTP(true).Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusTemporaryRedirect, res.StatusCode)
}
