package webhook_test

import (
	"strings"
	"testing"

	"apilos/api/auth"
	"apilos/api/fault"
	"apilos/api/webhook"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func ptr[T any](v T) *T { return &v }

func TestReserveALEquipe(t *testing.T) {
	b := nouveauBanc(t)
	r := nouveauRecepteur(t)
	w, _ := b.abonner(r)
	lecteur := b.staff
	lecteur.LectureSeule = true
	// The existence of a webhook is hidden from others; a reader of the staff sees and does not write.
	for nom, tt := range map[string]struct {
		p                    auth.Principal
		lister, lire, ecrire fault.Kind
	}{
		"bailleur": {b.EnBailleur(), fault.Forbidden, fault.NotFound, fault.NotFound}, "instructeur": {b.EnInstructeur(), fault.Forbidden, fault.NotFound, fault.NotFound},
		"nobody": {auth.Principal{}, fault.Forbidden, fault.NotFound, fault.NotFound}, "reader": {lecteur, "", "", fault.Forbidden},
	} {
		verifier := func(attendu fault.Kind, err error) {
			t.Helper()
			if attendu == "" {
				require.NoError(t, err, nom)
				return
			}
			require.True(t, fault.Is(err, attendu), "%s: %v", nom, err)
		}
		_, _, err := b.Lister(t.Context(), tt.p, 0, 10)
		verifier(tt.lister, err)
		_, err = b.Lire(t.Context(), tt.p, w.UUID)
		verifier(tt.lire, err)
		_, _, err = b.Livraisons(t.Context(), tt.p, w.UUID, "", 0, 10)
		verifier(tt.lire, err)
		_, _, err = b.Creer(t.Context(), tt.p, webhook.Reglage{URL: &w.URL, Evenements: w.Evenements})
		verifier(fault.Forbidden, err)
		_, err = b.Modifier(t.Context(), tt.p, w.UUID, w.Version, webhook.Reglage{})
		verifier(tt.ecrire, err)
		_, _, err = b.RenouvelerSecret(t.Context(), tt.p, w.UUID, w.Version)
		verifier(tt.ecrire, err)
		verifier(tt.ecrire, b.Supprimer(t.Context(), tt.p, w.UUID, w.Version))
		_, err = b.Rejouer(t.Context(), tt.p, w.UUID, uuid.New())
		verifier(tt.ecrire, err)
	}
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM webhook`))
}

func TestVieDUnWebhook(t *testing.T) {
	b := nouveauBanc(t)
	w, _ := b.abonner(nouveauRecepteur(t))
	require.Equal(t, 1, w.Version)
	change, err := b.Modifier(t.Context(), b.staff, w.UUID, 1, webhook.Reglage{Description: ptr(" essai "), Evenements: []string{"document.signe", "document.signe"}})
	require.NoError(t, err)
	require.Equal(t, 2, change.Version)
	lu, err := b.Lire(t.Context(), b.staff, w.UUID)
	require.NoError(t, err)
	require.Equal(t, "essai", lu.Description)
	require.Equal(t, []string{"document.signe"}, []string(lu.Evenements))
	require.Equal(t, w.URL, lu.URL, "what is not given does not change")
	require.Equal(t, 2, lu.Version)

	_, err = b.Modifier(t.Context(), b.staff, w.UUID, 1, webhook.Reglage{Actif: ptr(false)})
	require.True(t, fault.HasCode(err, "VERSION_PERIMEE"))
	require.True(t, fault.HasCode(b.Supprimer(t.Context(), b.staff, w.UUID, 1), "VERSION_PERIMEE"))
	require.NoError(t, b.Supprimer(t.Context(), b.staff, w.UUID, 2))
	_, err = b.Lire(t.Context(), b.staff, w.UUID)
	require.True(t, fault.Is(err, fault.NotFound))
	require.True(t, fault.Is(b.Supprimer(t.Context(), b.staff, uuid.New(), 1), fault.NotFound))
	require.Equal(t, 3, b.Compter(`SELECT count(*) FROM journal_audit WHERE nom_table = 'webhook' AND objet_uuid = $1`, w.UUID))
}

func TestSupprimerEmporteSesLivraisons(t *testing.T) {
	b := nouveauBanc(t)
	r := nouveauRecepteur(t)
	w, _ := b.abonner(r)
	b.publier(revisionA, "87085")
	require.NoError(t, b.Supprimer(t.Context(), b.staff, w.UUID, w.Version))
	b.livrerTout()
	require.Empty(t, r.vus())
	require.Zero(t, b.Compter(`SELECT count(*) FROM message_sortant`))
}

func TestReglagesRefuses(t *testing.T) {
	b := nouveauBanc(t, true)
	bon := []string{"revision.publiee"}
	tests := map[string]struct {
		reglage webhook.Reglage
		champs  []string
	}{
		"nothing":       {webhook.Reglage{}, []string{"/url", "/evenements"}},
		"plain http":    {webhook.Reglage{URL: ptr("http://exemple.fr"), Evenements: bon}, []string{"/url"}},
		"inside":        {webhook.Reglage{URL: ptr("https://10.0.0.1/"), Evenements: bon}, []string{"/url"}},
		"no event":      {webhook.Reglage{URL: ptr("https://exemple.fr"), Evenements: []string{}}, []string{"/evenements"}},
		"unknown event": {webhook.Reglage{URL: ptr("https://exemple.fr"), Evenements: []string{"tout"}}, []string{"/evenements"}},
		"too long":      {webhook.Reglage{URL: ptr("https://exemple.fr"), Evenements: bon, Description: ptr(strings.Repeat("é", 201))}, []string{"/description"}},
		"long address":  {webhook.Reglage{URL: ptr("https://exemple.fr/" + strings.Repeat("a", 2000)), Evenements: bon}, []string{"/url"}},
	}
	for nom, tt := range tests {
		t.Run(nom, func(t *testing.T) {
			_, _, err := b.Creer(t.Context(), b.staff, tt.reglage)
			require.True(t, fault.HasCode(err, "webhook_invalide"), "%v", err)
			var champs []string
			for _, f := range fault.As(err).Fields {
				champs = append(champs, f.Pointer)
			}
			require.Equal(t, tt.champs, champs)
		})
	}
	require.Zero(t, b.Compter(`SELECT count(*) FROM webhook`))
}

func TestNombreDeWebhooksBorne(t *testing.T) {
	b := nouveauBanc(t)
	b.Executer(`INSERT INTO webhook (url, evenements, secret_chiffre) SELECT 'https://exemple.fr/' || n, '{document.signe}', '' FROM generate_series(1, 100) n`)
	_, _, err := b.Creer(t.Context(), b.staff, webhook.Reglage{URL: ptr("https://exemple.fr"), Evenements: []string{"document.signe"}})
	require.True(t, fault.HasCode(err, "WEBHOOKS_TROP_NOMBREUX"))
}
