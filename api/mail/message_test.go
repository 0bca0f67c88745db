package mail_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"apilos/api/mail"
)

func TestEM23ValidAddress(t *testing.T) {
	valid := []string{"a@b.fr", "prenom.nom@rennes-metropole.fr", "o'neil+apl@sous.domaine.gouv.fr", "A_b-c@B.FR", strings.Repeat("a", 64) + "@b.fr"}
	invalid := []string{
		"", "foo", "foo@", "@b.fr", "a@b", "a@b.", "a@.fr", "a@b..fr", "a@-b.fr", "a@b-.fr", "a b@c.fr", "a@b c.fr", "a@b.fr,c@d.fr",
		"Nom <a@b.fr>", "<a@b.fr>", "a@b.fr ", "a@b.fr\nBcc: c@d.fr", "a@b@c.fr", ".a@b.fr", "a.@b.fr", "a..b@c.fr", `"a"@b.fr`, "a@[127.0.0.1]",
		"a@127.0.0.1", "é@b.fr", "a@préfecture.fr", strings.Repeat("a", 65) + "@b.fr", "a@" + strings.Repeat("b", 64) + ".fr",
		"a@" + strings.Repeat("b.", 130) + "fr", "a\x00@b.fr",
	}
	for _, a := range valid {
		require.True(t, mail.ValidAddress(a), a)
	}
	for _, a := range invalid {
		require.False(t, mail.ValidAddress(a), a)
	}
}

func TestEM23Recipients(t *testing.T) {
	valid, dropped := mail.Recipients(" a@b.fr", "foo", "", "A@B.fr", "c@d.fr", "foo ", "é@b.fr", "a@b.fr")
	require.Equal(t, []string{"a@b.fr", "c@d.fr"}, valid)
	require.Equal(t, []string{"foo", "é@b.fr"}, dropped)
	valid, dropped = mail.Recipients("", "foo")
	require.Empty(t, valid)
	require.Equal(t, []string{"foo"}, dropped)
}

func TestEM25OneMessagePerRecipient(t *testing.T) {
	m := mail.Message{To: []string{"a@b.fr", "c@d.fr", "e@f.fr"}, Cc: []string{"auteur@g.fr"}, Bcc: []string{"archive@g.fr"}, Subject: "s", Text: "t", HTML: "h"}
	out := mail.PerRecipient(m, "historique-12/EM-03", "apilos.example")
	require.Len(t, out, 3)
	ids := map[string]bool{}
	for i, one := range out {
		require.Equal(t, []string{m.To[i]}, one.To)
		require.Equal(t, "s", one.Subject)
		ids[one.MessageID] = true
		if i == 0 {
			require.Equal(t, m.Cc, one.Cc)
			require.Equal(t, m.Bcc, one.Bcc)
		} else {
			require.Empty(t, one.Cc, "the author gets one copy, not three")
			require.Empty(t, one.Bcc)
		}
	}
	require.Len(t, ids, 3)
	require.Equal(t, out, mail.PerRecipient(m, "historique-12/EM-03", "apilos.example"), "EM-26: the same key gives the same messages")
	m.To = []string{"c@d.fr"}
	require.Equal(t, out[1].MessageID, mail.PerRecipient(m, "historique-12/EM-03", "apilos.example")[0].MessageID, "the identifier depends on the recipient, not on the others")
	require.Empty(t, mail.PerRecipient(mail.Message{}, "k", "d"))
}

func TestEM26MessageID(t *testing.T) {
	one := mail.MessageID("convention-1/historique-2/EM-01/a@b.fr", "apilos.example")
	require.Equal(t, one, mail.MessageID("convention-1/historique-2/EM-01/a@b.fr", "apilos.example"))
	require.NotEqual(t, one, mail.MessageID("convention-1/historique-3/EM-01/a@b.fr", "apilos.example"))
	require.Regexp(t, `^[0-9a-f]{32}@apilos\.example$`, one)
	require.NotContains(t, one, "a@b.fr")
}

func TestDomain(t *testing.T) {
	require.Equal(t, "apilos.example", mail.Domain("APiLos <ne-pas-repondre@apilos.example>"))
	require.Equal(t, "b.fr", mail.Domain("a@b.fr"))
	require.Empty(t, mail.Domain("foo"))
}
