package mail_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apilos/api/mail"
)

const sender = "APiLos – développement <ne-pas-repondre@apilos.example>"

// letter is a message that uses everything.
func letter(key string) mail.Message {
	return mail.Message{
		To: []string{"noel.garcon@bailleur.example"}, Cc: []string{"helene.lefevre@ddt.example"}, ReplyTo: "contact@apilos.example",
		Subject:   "À signer : convention n° 35.D.26.0001 – Résidence de l’Œuvre à Plœmeur, été 2026, un sujet assez long pour être plié",
		Text:      "Bonjour Noël,\n\n" + strings.Repeat("ligne très longue ", 100) + "\n.\n..point\nFrom ici\nŒuvre, 12 000 €",
		HTML:      `<!DOCTYPE html><p title="é=1">Bonjour Noël, « Œuvre », 12 000 €</p>`,
		MessageID: mail.MessageID(key, "apilos.example"),
		Attachments: []mail.Attachment{
			{Name: "convention signée été.pdf", ContentType: "application/pdf", Content: []byte("%PDF-1.7\x00\xff\r\n.\r\n" + strings.Repeat("x", 10_000))},
			{Name: "vide.bin"},
		},
	}
}

// requireLetter compares what arrived with what was sent.
func requireLetter(t *testing.T, want mail.Message, got *mail.Received) {
	t.Helper()
	require.Equal(t, want.To, got.To)
	require.Equal(t, want.Cc, got.Cc)
	require.Equal(t, want.ReplyTo, got.ReplyTo)
	require.Equal(t, "ne-pas-repondre@apilos.example", got.From)
	require.Equal(t, want.Subject, got.Subject)
	require.Equal(t, want.MessageID, got.MessageID)
	require.Equal(t, want.Text, got.Text)
	require.Equal(t, want.HTML, got.HTML)
	require.Len(t, got.Attachments, len(want.Attachments))
	require.Equal(t, len(want.Attachments), got.Files)
	for i, a := range want.Attachments {
		require.Equal(t, a.Name, got.Attachments[i].Name)
		require.Equal(t, string(a.Content), string(got.Attachments[i].Content))
	}
}

// clock gives instants one second apart.
func clock() func() time.Time {
	now := time.Date(2026, time.January, 15, 10, 30, 0, 0, time.UTC)
	return func() time.Time { now = now.Add(time.Second); return now }
}

func newDirectory(t *testing.T, dir string) *mail.Directory {
	t.Helper()
	d, err := mail.NewDirectory(dir, sender, clock())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	return d
}

func TestDirectoryRoundTrip(t *testing.T) {
	d := newDirectory(t, filepath.Join(t.TempDir(), "mails"))
	want := letter("k1")
	id, err := d.Send(t.Context(), want)
	require.NoError(t, err)
	got, err := d.Read(id)
	require.NoError(t, err)
	requireLetter(t, want, got)
	require.Equal(t, id, got.ID)
	require.Equal(t, time.Date(2026, time.January, 15, 10, 30, 1, 0, time.UTC), got.Date.UTC())
	raw, err := d.Raw(id)
	require.NoError(t, err)
	for _, header := range []string{"Auto-Submitted: auto-generated\r\n", "Content-Language: fr\r\n", "Message-ID: <" + want.MessageID + ">\r\n"} {
		require.Contains(t, string(raw), header)
	}
}

func TestDirectoryHidesBcc(t *testing.T) {
	d := newDirectory(t, t.TempDir())
	m := letter("k1")
	m.Bcc = []string{"cache@apilos.example"}
	id, err := d.Send(t.Context(), m)
	require.NoError(t, err)
	raw, err := d.Raw(id)
	require.NoError(t, err)
	require.NotContains(t, string(raw), "cache@apilos.example")
}

func TestEM26DirectoryWritesAMessageOnce(t *testing.T) {
	d := newDirectory(t, t.TempDir())
	first, err := d.Send(t.Context(), letter("k1"))
	require.NoError(t, err)
	second, err := d.Send(t.Context(), letter("k1"))
	require.NoError(t, err)
	require.Equal(t, first, second)
	list, err := d.List(10)
	require.NoError(t, err)
	require.Len(t, list, 1)
}

func TestDirectoryList(t *testing.T) {
	dir := t.TempDir()
	d := newDirectory(t, dir)
	for _, key := range []string{"k1", "k2", "k3"} {
		m := letter(key)
		m.Subject = key
		_, err := d.Send(t.Context(), m)
		require.NoError(t, err)
	}
	// Neither of these is a message of ours.
	require.NoError(t, os.WriteFile(filepath.Join(dir, "notes.eml"), []byte("x"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "20270101T000000.000Z-"+strings.Repeat("0", 32)+".eml"), []byte("not a message"), 0o600))
	list, err := d.List(2)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, "k3", list[0].Subject)
	require.Equal(t, "k2", list[1].Subject)
	require.Equal(t, 2, list[0].Files)
	require.Equal(t, []string{"noel.garcon@bailleur.example"}, list[0].To)

	again := newDirectory(t, dir) // another start of the program
	list, err = again.List(100)
	require.NoError(t, err)
	require.Len(t, list, 3)
}

func TestDirectoryUnknownMessage(t *testing.T) {
	dir := t.TempDir()
	d := newDirectory(t, filepath.Join(dir, "mails"))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "secret.eml"), []byte("secret"), 0o600))
	for _, id := range []string{"", "..", "../secret", "20260115T103001.000Z-" + strings.Repeat("0", 32), "20260115T103001.000Z-../../secret", "a\x00b"} {
		_, err := d.Read(id)
		require.ErrorIs(t, err, mail.ErrNotFound, id)
		_, err = d.Raw(id)
		require.ErrorIs(t, err, mail.ErrNotFound, id)
	}
}

func TestSendRefusesABadMessage(t *testing.T) {
	d := newDirectory(t, t.TempDir())
	tests := []struct {
		name   string
		change func(*mail.Message)
	}{
		{"no recipient", func(m *mail.Message) { m.To = nil }},
		{"invalid recipient", func(m *mail.Message) { m.To = []string{"foo"} }},
		{"injected recipient", func(m *mail.Message) { m.To = []string{"a@b.fr\r\nBcc: c@d.fr"} }},
		{"invalid copy", func(m *mail.Message) { m.Cc = []string{"foo"} }},
		{"no subject", func(m *mail.Message) { m.Subject = " \n" }},
		{"no text", func(m *mail.Message) { m.Text = "" }},
		{"no HTML", func(m *mail.Message) { m.HTML = "" }},
		{"no identifier", func(m *mail.Message) { m.MessageID = "" }},
		{"identifier without domain", func(m *mail.Message) { m.MessageID = "abc" }},
		{"injected identifier", func(m *mail.Message) { m.MessageID = "a@b>\r\nBcc: c@d.fr" }},
		{"invalid reply address", func(m *mail.Message) { m.ReplyTo = "foo" }},
		{"attachments too big", func(m *mail.Message) {
			m.Attachments = []mail.Attachment{{Name: "a", Content: make([]byte, mail.MaxAttachments)}, {Name: "b", Content: []byte("x")}}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := letter("k")
			tt.change(&m)
			_, err := d.Send(t.Context(), m)
			require.ErrorIs(t, err, mail.ErrPermanent)
			require.NotErrorIs(t, err, mail.ErrTemporary)
			require.NotContains(t, err.Error(), "@", "no address in errors")
		})
	}
	list, err := d.List(10)
	require.NoError(t, err)
	require.Empty(t, list)
}

func TestSubjectCannotInjectAHeader(t *testing.T) {
	d := newDirectory(t, t.TempDir())
	m := letter("k1")
	m.Subject = "Sujet\r\nBcc: victime@exemple.fr\r\n\r\ncorps"
	m.Attachments = []mail.Attachment{{Name: "a\r\nBcc: victime@exemple.fr\".pdf", Content: []byte("x")}}
	id, err := d.Send(t.Context(), m)
	require.NoError(t, err)
	got, err := d.Read(id)
	require.NoError(t, err)
	require.Equal(t, "Sujet Bcc: victime@exemple.fr corps", got.Subject)
	require.Equal(t, m.Text, got.Text)
	raw, err := d.Raw(id)
	require.NoError(t, err)
	require.NotContains(t, string(raw), "\nBcc:")
}

func TestDirectoryCancelledOrUnusable(t *testing.T) {
	dir := t.TempDir()
	d := newDirectory(t, filepath.Join(dir, "mails"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := d.Send(ctx, letter("k"))
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, mail.ErrTemporary)

	require.NoError(t, os.RemoveAll(filepath.Join(dir, "mails")))
	_, err = d.Send(t.Context(), letter("k"))
	require.ErrorIs(t, err, mail.ErrTemporary)

	_, err = mail.NewDirectory(t.TempDir(), "foo", clock())
	require.Error(t, err)
}
