package compte_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/compte"
	"apilos/api/fault"

	"github.com/stretchr/testify/require"
)

func bancOuvert(t *testing.T) (*banc, compte.Ouverte) {
	b := nouveauBanc(t)
	b.siap.donner("une@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"), mo(72, sirenB, "MO_MORAL_REG_LECTEUR"))
	o, err := b.ouvrir("1001", "une@example.org")
	require.NoError(t, err)
	return b, o
}

func (b *banc) revoquee(o compte.Ouverte) bool {
	return lire[bool](b, `SELECT revoquee_le IS NOT NULL FROM session WHERE id = $1`, o.SessionID)
}

func TestRafraichir_rotates(t *testing.T) {
	b, o := bancOuvert(t)
	jetons := map[string]bool{o.Jeton: true}
	jeton := o.Jeton
	for range 5 {
		b.heure.avancer(4 * time.Minute)
		a, err := b.rafraichir(jeton, 0)
		require.NoError(t, err)
		require.False(t, jetons[a.Jeton], "a token never comes back")
		require.Len(t, a.Jeton, 43, "256 bits")
		jetons[a.Jeton] = true
		jeton = a.Jeton
		require.Equal(t, int64(71), b.principal(a.AccessToken).HabilitationID)
	}
	require.Equal(t, 1, lire[int](b, `SELECT count(*) FROM jeton_rafraichissement WHERE remplace_le IS NULL`))
	for j := range jetons {
		require.Zero(t, lire[int](b, `SELECT count(*) FROM jeton_rafraichissement WHERE empreinte = $1`, j), "only digests are stored")
	}
}

func TestRafraichir_twoTabsRace(t *testing.T) {
	b, o := bancOuvert(t)
	const n = 8
	acces := make([]compte.Acces, n)
	errs := make([]error, n)
	autre := b.service() // tabs may reach different processes
	var wg sync.WaitGroup
	for i := range n {
		svc := b.svc
		if i%2 == 1 {
			svc = autre
		}
		wg.Go(func() {
			acces[i], errs[i] = svc.Rafraichir(context.Background(), compte.Demande{Jeton: o.Jeton, Appel: appel})
		})
	}
	wg.Wait()
	for i := range n {
		require.NoError(t, errs[i])
		require.Equal(t, acces[0].Jeton, acces[i].Jeton, "whichever answer comes last, the cookie is good")
	}
	b.heure.avancer(time.Minute)
	_, err := b.rafraichir(acces[0].Jeton, 0)
	require.NoError(t, err)
	require.False(t, b.revoquee(o))
}

func TestRafraichir_lostAnswerIsForgivenDuringTheGrace(t *testing.T) {
	b, o := bancOuvert(t)
	premier, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	b.heure.avancer(30 * time.Second)
	second, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	require.Equal(t, premier.Jeton, second.Jeton)
}

func TestRafraichir_lateTabDoesNotBringAnOldCookieBack(t *testing.T) {
	b, o := bancOuvert(t)
	a1, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	_, err = b.rafraichir(a1.Jeton, 0)
	require.NoError(t, err)
	b.heure.avancer(10 * time.Second)
	late, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	require.Empty(t, late.Jeton, "the browser has a later cookie already")
	require.NotEmpty(t, late.AccessToken)
}

func TestRafraichir_reuseEndsTheSession(t *testing.T) {
	b, o := bancOuvert(t)
	a, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	b.heure.avancer(31 * time.Second)
	_, err = b.rafraichir(o.Jeton, 0)
	require.True(t, fault.Is(err, fault.Unauthenticated), "%v", err)
	require.True(t, b.revoquee(o))
	_, err = b.rafraichir(a.Jeton, 0)
	require.True(t, fault.Is(err, fault.Unauthenticated), "the thief's copy and the owner's both stop")
	_, err = b.svc.Authenticate(context.Background(), a.AccessToken)
	require.True(t, fault.Is(err, fault.Unauthenticated))
	require.Contains(t, b.journal.String(), `"event":"session.jeton_reutilise"`)
	require.Equal(t, 1, lire[int](b, `SELECT count(*) FROM journal_audit WHERE commande = 'session.jeton_reutilise'`))
}

func TestRafraichir_refusesWhatIsNotAToken(t *testing.T) {
	b, _ := bancOuvert(t)
	for _, jeton := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("é", 43), strings.Repeat("A", 5000), "' OR 1=1 --"} {
		_, err := b.rafraichir(jeton, 0)
		require.True(t, fault.Is(err, fault.Unauthenticated), "%.10q: %v", jeton, err)
	}
}

func TestRafraichir_lifeOfTheSession(t *testing.T) {
	b, o := bancOuvert(t)
	jeton := o.Jeton
	// In use, it slides: 5 h twice goes beyond the 6 h of idleness, not beyond the 12 h.
	for range 2 {
		b.heure.avancer(5 * time.Hour)
		a, err := b.rafraichir(jeton, 0)
		require.NoError(t, err)
		jeton = a.Jeton
	}
	b.heure.avancer(2*time.Hour - 2*time.Minute)
	a, err := b.rafraichir(jeton, 0)
	require.NoError(t, err)
	require.Equal(t, depart.Add(12*time.Hour), a.ExpireLe.UTC(), "the last access token ends with the session")
	b.heure.avancer(2 * time.Minute)
	_, err = b.rafraichir(a.Jeton, 0)
	require.True(t, fault.Is(err, fault.Unauthenticated), "absolute end at 12 h: %v", err)

	o2, err := b.ouvrir("1001", "une@example.org")
	require.NoError(t, err)
	b.heure.avancer(6 * time.Hour)
	_, err = b.rafraichir(o2.Jeton, 0)
	require.True(t, fault.Is(err, fault.Unauthenticated), "6 h idle: %v", err)
}

func TestRafraichir_habilitationPerTab(t *testing.T) {
	b, o := bancOuvert(t)
	a1, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	a2, err := b.rafraichir(a1.Jeton, 72)
	require.NoError(t, err)
	p1, p2 := b.principal(a1.AccessToken), b.principal(a2.AccessToken)
	require.Equal(t, int64(71), p1.HabilitationID)
	require.Equal(t, int64(72), p2.HabilitationID)
	require.False(t, p1.LectureSeule)
	require.True(t, p2.LectureSeule)
	require.NotEqual(t, p1.BailleurIDs, p2.BailleurIDs)
	require.Equal(t, int64(71), lire[int64](b, `SELECT habilitation_defaut_id FROM session`), "the default is untouched")

	a3, err := b.rafraichir(a2.Jeton, 0)
	require.NoError(t, err)
	require.Equal(t, int64(71), b.principal(a3.AccessToken).HabilitationID)
}

func TestRafraichir_foreignHabilitationIsRefusedAndChangesNothing(t *testing.T) {
	b, o := bancOuvert(t)
	_, err := b.rafraichir(o.Jeton, 999)
	require.True(t, fault.HasCode(err, compte.CodeHabilitation), "%v", err)
	require.True(t, fault.Is(err, fault.Forbidden))
	require.False(t, b.revoquee(o))
	b.heure.avancer(time.Minute)
	_, err = b.rafraichir(o.Jeton, 0)
	require.NoError(t, err, "the cookie was not rotated")
}

// The example of the rule: revoked at 10:00, renewal at 10:30, 401.
func TestPE15_revokedHabilitationRefusesTheRenewal(t *testing.T) {
	b, o := bancOuvert(t)
	a, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	b.siap.donner("une@example.org", mo(72, sirenB, "MO_MORAL_REG_LECTEUR"))

	b.heure.avancer(14 * time.Minute)
	appels := b.siap.nbAppels()
	a, err = b.rafraichir(a.Jeton, 0)
	require.NoError(t, err)
	require.Equal(t, appels, b.siap.nbAppels(), "not asked again before 15 minutes")

	b.heure.avancer(16 * time.Minute)
	_, err = b.rafraichir(a.Jeton, 0)
	require.True(t, fault.Is(err, fault.Unauthenticated), "%v", err)
	require.True(t, fault.HasCode(err, compte.CodeHabilitation))
	require.True(t, b.revoquee(o), "signing in again will offer the other habilitation")
	require.Equal(t, "2025-06-01", lire[string](b, `SELECT expire_le::text FROM role WHERE habilitation_id = 71`), "the role stays as a memory, ended")
}

func TestPE15_otherTabsHabilitationRevokedDoesNotEndTheSession(t *testing.T) {
	b, o := bancOuvert(t)
	a, err := b.rafraichir(o.Jeton, 72)
	require.NoError(t, err)
	b.siap.donner("une@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"))
	b.heure.avancer(16 * time.Minute)
	_, err = b.rafraichir(a.Jeton, 72)
	require.True(t, fault.Is(err, fault.Forbidden), "%v", err)
	_, err = b.rafraichir(a.Jeton, 0)
	require.NoError(t, err)
}

func TestPE15_backgroundVerificationEndsAccessAtTheNextRequest(t *testing.T) {
	b, o := bancOuvert(t)
	a, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	b.heure.avancer(13 * time.Minute)
	a, err = b.rafraichir(a.Jeton, 0)
	require.NoError(t, err)
	b.siap.donner("une@example.org")
	b.heure.avancer(2 * time.Minute)

	n, err := b.svc.VerifierSessions(context.Background(), 100)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	p := b.principal(a.AccessToken)
	require.Empty(t, p.Typologie, "no data route lets this principal in")
	require.Empty(t, p.Permissions())
	r, err := b.svc.Session(context.Background(), p)
	require.NoError(t, err)
	require.Nil(t, r.Habilitation)
	require.Equal(t, compte.AvertissementHabilitation, r.Avertissements[0].Code)

	n, err = b.svc.VerifierSessions(context.Background(), 100)
	require.NoError(t, err)
	require.Zero(t, n, "nothing left to verify")
}

func TestVerifierSessions_siapDownKeepsRights(t *testing.T) {
	b, o := bancOuvert(t)
	a, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	b.siap.tomber(errPanne)
	b.heure.avancer(15 * time.Minute)
	n, err := b.svc.VerifierSessions(context.Background(), 100)
	require.NoError(t, err)
	require.Zero(t, n)

	b.heure.avancer(6 * time.Minute)
	a, err = b.rafraichir(a.Jeton, 0)
	require.NoError(t, err, "a breakdown of SIAP ends no session")
	p := b.principal(a.AccessToken)
	require.False(t, p.LectureSeule)
	r, err := b.svc.Session(context.Background(), p)
	require.NoError(t, err)
	require.False(t, r.SIAP.Disponible)
	require.Equal(t, compte.AvertissementSIAP, r.Avertissements[0].Code)
	require.Empty(t, r.Menu)
	require.Empty(t, r.LienGestion)

	b.siap.tomber(nil)
	a, err = b.rafraichir(a.Jeton, 0)
	require.NoError(t, err)
	r, err = b.svc.Session(context.Background(), b.principal(a.AccessToken))
	require.NoError(t, err)
	require.True(t, r.SIAP.Disponible)
	require.Empty(t, r.Avertissements)
}

func TestRafraichir_entityChangedInSIAPIsFollowed(t *testing.T) {
	b, o := bancOuvert(t)
	a, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	avant := b.principal(a.AccessToken).BailleurIDs
	b.siap.donner("une@example.org", mo(71, sirenC, "MO_MORAL_NAT_ADMIN"))
	b.heure.avancer(15 * time.Minute)
	a, err = b.rafraichir(a.Jeton, 0)
	require.NoError(t, err)
	p := b.principal(a.AccessToken)
	require.NotEqual(t, avant, p.BailleurIDs)
	require.Equal(t, "Bailleur "+sirenC, p.Entite)
}
