package mail_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"apilos/api/mail"

	"github.com/stretchr/testify/require"
)

// What each template must show, in both versions (07 §6.1, §7 route 26, §8).
func TestDepotTemplatesShowEveryValue(t *testing.T) {
	m := newModeles(t)
	for code, attendu := range map[string]struct {
		sujet  string
		valeur []string
	}{
		"DEP-01": {"Accès à l’API dépôt d’une Base Adresse Locale", []string{"Xm4kQ9vT2bL7nR5cW8dJ3fH6gK1sP0aZ", "Éditeur d’adresses", "Société Exemple",
			"Métropole d’Exempleville", "https://apilos.example/api-depot", "https://apilos.example/api-depot/api", "Authorization: Token"}},
		"DEP-02": {"Demande de code d’identification", []string{"048213", "Éditeur d’adresses", "Saint-Exemple-l’Église", "16/01/2026 à 10 h 30"}},
		"DEP-03": {"La commune de Saint-Exemple-l’Église a repris la main sur sa Base Adresse Locale", []string{"Éditeur d’adresses",
			"https://mes-adresses.example/bal/5f9b1a2c3d4e5f6a7b8c9d0e", "ne seront plus publiées"}},
	} {
		t.Run(code, func(t *testing.T) {
			r, err := m.Render(code, mail.ExempleDepot(code))
			require.NoError(t, err)
			require.Equal(t, attendu.sujet, plain(r.Subject))
			for _, v := range attendu.valeur {
				require.Contains(t, plain(r.Text), v)
				require.Contains(t, plain(r.HTML), v)
			}
			for _, bad := range []string{"{{", "<no value>", "<nil>", "ZgotmplZ", "%!"} {
				require.NotContains(t, r.Text+r.HTML, bad)
			}
			require.NotContains(t, r.Text, "<", "markup in the text version")
			requireWellFormed(t, r.HTML)
		})
	}
}

func TestDepotTemplatesNeedTheirValues(t *testing.T) {
	m := newModeles(t)
	for code, noms := range map[string][]string{
		"DEP-01": {"client", "mandataire", "jeton", "url_api", "url_documentation"},
		"DEP-02": {"client", "commune", "code", "expire_le"},
		"DEP-03": {"client", "commune"},
	} {
		for _, d := range []mail.Donnees{{}, {Depot: &mail.Depot{ExpireLe: &time.Time{}, URLAPI: "javascript:alert(1)"}}} {
			_, err := m.Render(code, d)
			var manque *mail.MissingError
			require.ErrorAs(t, err, &manque, code)
			require.Equal(t, noms, manque.Champs, code)
		}
	}
}

func TestDepotTemplatesWithoutOptionalParts(t *testing.T) {
	m := newModeles(t)
	d := mail.ExempleDepot("DEP-01")
	d.Depot.ChefDeFile = ""
	r, err := m.Render("DEP-01", d)
	require.NoError(t, err)
	require.NotContains(t, r.Text+r.HTML, "Chef de file")
	d = mail.ExempleDepot("DEP-03")
	d.Lien = ""
	r, err = m.Render("DEP-03", d)
	require.NoError(t, err)
	require.NotContains(t, r.Text+r.HTML, "Voir la Base Adresse Locale")
}

func TestDepotTemplatesEscapeWhatPeopleWrote(t *testing.T) {
	m := newModeles(t)
	for _, code := range []string{"DEP-01", "DEP-02", "DEP-03"} {
		d := mail.ExempleDepot(code)
		d.Depot.Client, d.Depot.Mandataire, d.Depot.Commune = "<b>x</b>\r\nBcc: a@b.fr", "<i>y</i>", "Z\r\nBcc: a@b.fr<u>"
		r, err := m.Render(code, d)
		require.NoError(t, err)
		require.NotContains(t, r.HTML, "<b>x")
		require.NotContains(t, r.HTML, "<i>y")
		require.NotContains(t, r.HTML, "<u>")
		require.False(t, strings.ContainsAny(r.Subject, "\r\n"))
	}
}

// Secrets of the deposit never reach message_sortant.charge through Donnees.
func TestDepotValuesAreNotStored(t *testing.T) {
	b, err := json.Marshal(mail.ExempleDepot("DEP-01"))
	require.NoError(t, err)
	require.NotContains(t, string(b), "Xm4kQ9vT2bL7nR5cW8dJ3fH6gK1sP0aZ")
}
