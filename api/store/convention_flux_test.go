package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/internal/fixture"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// lecteurFlux is an integrator: it keeps a cursor, and what it was told of each convention.
type lecteurFlux struct {
	t       *testing.T
	m       *fixture.Monde
	p       auth.Principal
	f       convention.Filtre
	curseur *convention.CurseurFlux
	copie   map[uuid.UUID]time.Time // last change seen
	recus   int
}

func nouveauLecteur(t *testing.T, m *fixture.Monde, p auth.Principal) *lecteurFlux {
	depuis := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	return &lecteurFlux{t: t, m: m, p: p, f: convention.Filtre{ModifieDepuis: &depuis, ParPage: 3}, copie: map[uuid.UUID]time.Time{}}
}

// lire reads one page and applies it as the guide says: withdrawals first.
func (l *lecteurFlux) lire() bool {
	l.t.Helper()
	page, err := l.m.Store.Flux(context.Background(), l.p, l.f, l.curseur)
	require.NoError(l.t, err)
	require.LessOrEqual(l.t, len(page.Lignes)+len(page.Retraits), 3)
	for _, r := range page.Retraits {
		delete(l.copie, r.UUID)
	}
	for _, x := range page.Lignes {
		l.copie[x.UUID] = x.MisAJourLe
		l.recus++
	}
	l.curseur = &page.Suivant
	return page.Fini
}

func (l *lecteurFlux) toutLire() {
	l.t.Helper()
	for !l.lire() {
	}
}

// jusqua reads until the copy is as wanted: a transaction of another database of the server may hold the
// horizon back for a moment.
func (l *lecteurFlux) jusqua(voulu func() bool, message string) {
	l.t.Helper()
	require.Eventually(l.t, func() bool { l.toutLire(); return voulu() }, 30*time.Second, 5*time.Millisecond, message)
}

func (l *lecteurFlux) a(id uuid.UUID) bool { _, ok := l.copie[id]; return ok }

// toucher is what every write of the product does: the source row, then the read model, in one transaction.
func toucher(ctx context.Context, m *fixture.Monde, id uuid.UUID) error {
	d, err := m.Store.Verrouiller(ctx, auth.Principal{Superuser: true}, id)
	if err != nil {
		return err
	}
	if err := m.Store.Modifier(ctx, d, map[string]any{}, time.Now().UTC().Truncate(time.Microsecond)); err != nil {
		return err
	}
	return m.Store.RafraichirRecherche(ctx, d.Racine.ID)
}

func agentFlux(m *fixture.Monde) auth.Principal {
	return auth.Principal{UtilisateurID: 2, Typologie: auth.Instructeur, AdministrationID: m.AdministrationID}
}

// TestFlux_aLateCommitIsNeverSkipped: a transaction begun first and committed last is the trap of every feed
// ordered by date.
func TestFlux_aLateCommitIsNeverSkipped(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	premiere, seconde := m.Convention(fixture.Conv{}), m.Convention(fixture.Conv{})
	l := nouveauLecteur(t, m, agentFlux(m))
	l.jusqua(func() bool { return len(l.copie) == 2 }, "both conventions")

	ecrite, valider, fini := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		fini <- m.Store.InTx(context.Background(), func(ctx context.Context) error {
			err := toucher(ctx, m, premiere)
			close(ecrite)
			<-valider
			return err
		})
	}()
	<-ecrite
	require.NoError(t, m.Store.InTx(context.Background(), func(ctx context.Context) error { return toucher(ctx, m, seconde) }))
	recus := l.recus
	l.toutLire()
	require.Equal(t, recus, l.recus, "the second change waits: the first, older, is not committed")
	close(valider)
	require.NoError(t, <-fini)
	l.jusqua(func() bool { return l.recus == recus+2 }, "both changes, once each")
	l.toutLire()
	require.Equal(t, recus+2, l.recus)
}

// TestFlux_concurrentWritersAreAllSeen: after any mix of commits and rollbacks the copy of a reader that
// never stopped reading is the data.
func TestFlux_concurrentWritersAreAllSeen(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	var ids []uuid.UUID
	for range 8 {
		ids = append(ids, m.Convention(fixture.Conv{}))
	}
	l := nouveauLecteur(t, m, agentFlux(m))
	refus := errors.New("rolled back on purpose")
	var wg sync.WaitGroup
	fini := make(chan struct{})
	for n := range 6 {
		wg.Go(func() {
			for i := range 25 {
				err := m.Store.InTx(context.Background(), func(ctx context.Context) error {
					if err := toucher(ctx, m, ids[(n*7+i*3)%len(ids)]); err != nil {
						return err
					}
					if i%5 == 4 {
						return refus
					}
					return nil
				})
				if err != nil && !errors.Is(err, refus) {
					t.Errorf("write: %v", err)
				}
			}
		})
	}
	go func() { wg.Wait(); close(fini) }()
	for en := true; en; {
		select {
		case <-fini:
			en = false
		default:
			l.lire()
		}
	}
	l.jusqua(func() bool {
		for _, id := range ids {
			var le time.Time
			require.NoError(t, m.Base.Pool.QueryRow(context.Background(), `SELECT mis_a_jour_le FROM convention WHERE uuid = $1`, id).Scan(&le))
			if !l.copie[id].Equal(le) {
				return false
			}
		}
		return true
	}, "the copy is the data")
}

// TestFlux_whatLeavesIsSaid: deletion and loss of perimeter reach those who saw the convention, and nobody else.
func TestFlux_whatLeavesIsSaid(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	voisine := m.Administration("DD023", "DDT de la Creuse")
	reste, part, efface := m.Convention(fixture.Conv{}), m.Convention(fixture.Conv{}), m.Convention(fixture.Conv{Statut: convention.Annulee})
	limoges := nouveauLecteur(t, m, agentFlux(m))
	gueret := nouveauLecteur(t, m, auth.Principal{UtilisateurID: 3, Typologie: auth.Instructeur, AdministrationID: voisine})
	national := nouveauLecteur(t, m, auth.Principal{UtilisateurID: 4, Superuser: true})
	rennes := nouveauLecteur(t, m, auth.Principal{UtilisateurID: 5, Typologie: auth.Administrateur, Region: "53"})
	limoges.jusqua(func() bool { return len(limoges.copie) == 3 }, "limoges sees three")
	national.jusqua(func() bool { return len(national.copie) == 3 }, "national sees three")
	gueret.toutLire()
	require.Empty(t, gueret.copie)
	avant := national.recus

	m.Executer(`UPDATE operation SET administration_id = $1 WHERE id = (SELECT operation_id FROM convention WHERE uuid = $2)`, voisine, part)
	m.Rafraichir(part)
	m.Executer(`UPDATE convention SET supprime_le = now() WHERE uuid = $1`, efface)
	m.Rafraichir(efface)

	limoges.jusqua(func() bool { return !limoges.a(part) && !limoges.a(efface) }, "both are withdrawn")
	require.True(t, limoges.a(reste))
	gueret.jusqua(func() bool { return gueret.a(part) }, "it enters the other perimeter although its date did not move")
	national.jusqua(func() bool { return !national.a(efface) }, "deleted for all who saw it")
	require.True(t, national.a(part), "still in sight: not withdrawn")
	require.Equal(t, avant+1, national.recus, "one change, and the one that did not move is not repeated")
	var vus int
	for fini := false; !fini; {
		page, err := m.Store.Flux(context.Background(), rennes.p, rennes.f, rennes.curseur)
		require.NoError(t, err)
		vus += len(page.Lignes) + len(page.Retraits)
		rennes.curseur, fini = &page.Suivant, page.Fini
	}
	require.Zero(t, vus, "nothing of a perimeter that was never one's own")

	m.Executer(`UPDATE operation SET administration_id = $1 WHERE id = (SELECT operation_id FROM convention WHERE uuid = $2)`, m.AdministrationID, part)
	m.Rafraichir(part)
	limoges.jusqua(func() bool { return limoges.a(part) }, "it comes back")
}

// TestFlux_aFamilyRewrittenWithoutChangeIsSilent: the read model is rewritten family by family.
func TestFlux_aFamilyRewrittenWithoutChangeIsSilent(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	racine := m.Convention(fixture.Conv{Statut: convention.Signee})
	avenant := m.Avenant(racine, convention.Projet, "bailleur")
	l := nouveauLecteur(t, m, agentFlux(m))
	l.jusqua(func() bool { return l.a(racine) && l.a(avenant) }, "both")
	recus := l.recus
	m.Rafraichir(racine)
	require.NoError(t, m.Store.InTx(context.Background(), func(ctx context.Context) error { return toucher(ctx, m, avenant) }))
	l.jusqua(func() bool { return l.recus > recus }, "the avenant")
	require.Equal(t, recus+1, l.recus)
}

func TestFlux_modifieDepuisStartsLate(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	ancienne := m.Convention(fixture.Conv{})
	temoin := nouveauLecteur(t, m, agentFlux(m))
	temoin.jusqua(func() bool { return temoin.a(ancienne) }, "settled")
	futur := time.Now().Add(time.Hour)
	l := nouveauLecteur(t, m, agentFlux(m))
	l.f.ModifieDepuis = &futur
	require.True(t, l.lire())
	require.Empty(t, l.copie)
	require.NotNil(t, l.curseur, "there is always a cursor to keep")
	l.f.ModifieDepuis = nil
	id := m.Convention(fixture.Conv{})
	l.jusqua(func() bool { return l.a(id) }, "what comes after the empty page")
	require.Len(t, l.copie, 1)
}

// TestCalerFlux_afterARestoration: numbers of transactions start again lower, cursors go on.
func TestCalerFlux_afterARestoration(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	id := m.Convention(fixture.Conv{})
	l := nouveauLecteur(t, m, agentFlux(m))
	l.jusqua(func() bool { return l.a(id) }, "first copy")
	base := `SELECT base FROM flux_repere`
	require.NoError(t, m.Store.CalerFlux(context.Background()))
	require.Zero(t, m.Compter(base), "nothing to do on the same server")

	// what a dump of a much older server holds
	m.Executer(`ALTER TABLE convention_recherche DISABLE TRIGGER tg_convention_recherche_flux`)
	m.Executer(`UPDATE convention_recherche SET flux_rang = 4000000000000`)
	m.Executer(`ALTER TABLE convention_recherche ENABLE TRIGGER tg_convention_recherche_flux`)
	l.curseur = &convention.CurseurFlux{Rang: 4_000_000_000_000, ID: 1 << 40}
	require.NoError(t, m.Store.CalerFlux(context.Background()))
	require.Equal(t, 4_000_000_000_000, m.Compter(base))
	recus := l.recus
	require.NoError(t, m.Store.InTx(context.Background(), func(ctx context.Context) error { return toucher(ctx, m, id) }))
	l.jusqua(func() bool { return l.recus == recus+1 }, "the change made after the restoration")
	require.NoError(t, m.Store.CalerFlux(context.Background()))
	require.Equal(t, 4_000_000_000_000, m.Compter(base), "once")
}
