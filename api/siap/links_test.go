package siap_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"apilos/api/siap"
)

func TestLinks(t *testing.T) {
	c := siap.ConfigDTO{
		RacineURLAccesWeb: "https://siap.example/", URLAccesWeb: "/tableau-bord",
		URLAccesWebOperation: "/operation/mes-operations/editer/<NUM_OPE_SIAP>/informations-generales",
	}
	require.Equal(t, "https://siap.example/tableau-bord?habilitation_id=71", c.ChangeHabilitationURL(71))
	require.Equal(t, "https://siap.example/gerer-habilitations?habilitation_id=71", c.ManageHabilitationsURL(71))
	require.Equal(t, "https://siap.example/operation/mes-operations/editer/A%2F1%20b/informations-generales?habilitation_id=71", c.OperationURL("A/1 b", 71))
	c.URLAccesWebGestionHabilitation, c.URLAccesWeb = "/mes-droits", "/accueil?vue=1"
	require.Equal(t, "https://siap.example/mes-droits?habilitation_id=3", c.ManageHabilitationsURL(3))
	require.Equal(t, "https://siap.example/accueil?vue=1&habilitation_id=3", c.ChangeHabilitationURL(3))
	require.Equal(t, "https://siap.example/accueil?vue=1", c.ChangeHabilitationURL(0))
}

func TestMenuLinks(t *testing.T) {
	c := siap.ConfigDTO{RacineURLAccesWeb: "https://siap.example"}
	for _, k := range []struct {
		name, url, want string
		current         bool
	}{
		{"relative", "/operation", "https://siap.example/operation?habilitation_id=5", true},
		{"relative without slash", "aide", "https://siap.example/aide?habilitation_id=5", false},
		{"with a query", "/a?b=1", "https://siap.example/a?b=1&habilitation_id=5", false},
		{"with a fragment", "/a#haut", "https://siap.example/a?habilitation_id=5#haut", false},
		{"absolute", "https://apilos.example/conventions", "https://apilos.example/conventions?habilitation_id=5", true},
		{"protocol relative", "//autre.example/x", "//autre.example/x?habilitation_id=5", false},
		{"deeper operation is not current", "/operation/x", "https://siap.example/operation/x?habilitation_id=5", false},
		{"javascript", "javascript:alert(1)", "", false},
		{"data", "data:text/html,x", "", false},
		{"javascript in capitals", " JavaScript:alert(1)", "", false},
		{"empty", "", "", false},
		{"unreadable", "http://[::1", "", false},
	} {
		t.Run(k.name, func(t *testing.T) {
			got := c.Menu([]siap.MenuItemDTO{{Libelle: "L", URL: k.url, Active: true, OpenNewWindow: true}}, 5)
			require.Equal(t, []siap.MenuLink{{Libelle: "L", URL: k.want, Actif: true, Courant: k.current, NouvelleFenetre: true}}, got)
		})
	}
}

func TestMenuShowsOneSubLevel(t *testing.T) {
	c := siap.ConfigDTO{RacineURLAccesWeb: "https://siap.example"}
	items := []siap.MenuItemDTO{{Libelle: "1", MenuItems: []siap.MenuItemDTO{{Libelle: "2", MenuItems: []siap.MenuItemDTO{{Libelle: "3"}}}}}}
	got := c.Menu(items, 5)
	require.Equal(t, "2", got[0].Entrees[0].Libelle)
	require.Empty(t, got[0].Entrees[0].Entrees)
	require.False(t, got[0].Actif)
}
