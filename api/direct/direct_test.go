package direct_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/direct"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"apilos/api/store"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

const patience = 30 * time.Second

// direction is one process that tells live updates of a world.
func direction(t testing.TB, m *fixture.Monde, l direct.Limites) *direct.Diffuseur {
	t.Helper()
	lecteur := store.NewDirect(m.Store)
	if l.Regroupement == 0 {
		l.Regroupement = 5 * time.Millisecond
	}
	d := direct.New(lecteur, lecteur, l, time.Now, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(context.Background())
	fini := make(chan error, 1)
	go func() { fini <- d.Diffuser(ctx) }()
	t.Cleanup(func() { cancel(); require.NoError(t, <-fini) })
	ecoute(t, d)
	return d
}

func ecoute(t testing.TB, d *direct.Diffuseur) {
	t.Helper()
	require.Eventually(t, func() bool { return d.Etat().Ecoute }, patience, time.Millisecond)
}

func abonner(t testing.TB, d *direct.Diffuseur, p auth.Principal) *direct.Abonne {
	t.Helper()
	a, _, _, err := d.Abonner(context.Background(), p, nil)
	require.NoError(t, err)
	t.Cleanup(func() { d.Desabonner(a) })
	return a
}

func recu(t testing.TB, a *direct.Abonne) direct.Message {
	t.Helper()
	select {
	case m, ouvert := <-a.Messages():
		require.True(t, ouvert, "ended: %s", a.Motif())
		return m
	case <-time.After(patience):
		require.Fail(t, "nothing was told")
		return direct.Message{}
	}
}

func fini(t testing.TB, a *direct.Abonne) direct.Motif {
	t.Helper()
	for limite := time.After(patience); ; {
		select {
		case _, ouvert := <-a.Messages():
			if !ouvert {
				return a.Motif()
			}
		case <-limite:
			require.Fail(t, "still open")
		}
	}
}

func service(m *fixture.Monde, administrationID int64) auth.Principal {
	return auth.Principal{UtilisateurID: administrationID + 1000, Typologie: auth.Instructeur, AdministrationID: administrationID}
}

func siege() auth.Principal { return auth.Principal{UtilisateurID: 7, Superuser: true} }

// toucher is what every write of the product does: the source row, then the read model, in one transaction.
func toucher(m *fixture.Monde, id uuid.UUID, apres func(ctx context.Context) error) error {
	return m.Store.InTx(context.Background(), func(ctx context.Context) error {
		d, err := m.Store.Verrouiller(ctx, auth.Principal{Superuser: true}, id)
		if err != nil {
			return err
		}
		if err := m.Store.Modifier(ctx, d, map[string]any{}, time.Now().UTC().Truncate(time.Microsecond)); err != nil {
			return err
		}
		if err := m.Store.RafraichirRecherche(ctx, d.Racine.ID); err != nil || apres == nil {
			return err
		}
		return apres(ctx)
	})
}

// TestDirect_saysWhatMovedToThoseWhoSeeItOnly: a service never hears of the conventions of another one.
func TestDirect_saysWhatMovedToThoseWhoSeeItOnly(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	rennes, autre := m.Administration("DDT35", "Rennes Métropole"), m.Bailleur("Armor Toit", "HLM")
	ici := m.Convention(fixture.Conv{Statut: convention.Instruction})
	labas := m.Convention(fixture.Conv{OperationID: m.Operation(autre, rennes)})
	d := direction(t, m, direct.Limites{})
	publics := map[string]auth.Principal{
		"service d’ici": service(m, m.AdministrationID), "service de là-bas": service(m, rennes), "siège": siege(),
		"bailleur d’ici":      {UtilisateurID: 3, Typologie: auth.Bailleur, BailleurIDs: []int64{m.BailleurID}},
		"bailleur de là-bas":  {UtilisateurID: 4, Typologie: auth.Bailleur, BailleurIDs: []int64{autre}},
		"sans rôle":           {UtilisateurID: 5},
		"autre département":   {UtilisateurID: 6, Typologie: auth.Administrateur, Departement: "35"},
		"bailleur sans siren": {UtilisateurID: 8, Typologie: auth.Bailleur},
	}
	abonnes := map[string]*direct.Abonne{}
	for nom, p := range publics {
		abonnes[nom] = abonner(t, d, p)
	}
	require.NoError(t, toucher(m, ici, nil))
	// The second change is the sentinel: once its public has it, the first one went to whom it had to.
	for _, nom := range []string{"service d’ici", "bailleur d’ici", "siège"} {
		c := recu(t, abonnes[nom]).Changement
		require.Equal(t, direct.Changement{Objet: "convention", UUID: ici, Version: 2, Statut: "INSTRUCTION", Rang: c.Rang}, c, nom)
		require.Positive(t, c.Rang)
	}
	require.NoError(t, toucher(m, labas, nil))
	for _, nom := range []string{"service de là-bas", "bailleur de là-bas", "siège"} {
		require.Equal(t, labas, recu(t, abonnes[nom]).Changement.UUID, nom)
	}
	for nom, a := range abonnes {
		require.Empty(t, a.Messages(), nom)
	}
}

// TestDirect_whatLeavesThePerimeterIsWithdrawn: the service that loses a convention is told, the one that gets it too.
func TestDirect_whatLeavesThePerimeterIsWithdrawn(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	rennes := m.Administration("DDT35", "Rennes Métropole")
	id := m.Convention(fixture.Conv{})
	d := direction(t, m, direct.Limites{})
	ici, labas := abonner(t, d, service(m, m.AdministrationID)), abonner(t, d, service(m, rennes))
	require.NoError(t, m.Store.InTx(context.Background(), func(ctx context.Context) error {
		tx, _ := store.Tx(ctx)
		if _, err := tx.Exec(ctx, `UPDATE operation SET administration_id = $1 WHERE id = (SELECT operation_id FROM convention WHERE uuid = $2)`, rennes, id); err != nil {
			return err
		}
		return m.Store.RafraichirRecherche(ctx, m.ID(id))
	}))
	perdue, gagnee := recu(t, ici).Changement, recu(t, labas).Changement
	require.Equal(t, []any{id, true, "", 0}, []any{perdue.UUID, perdue.Retrait, perdue.Statut, perdue.Version}, "nothing more is said of it")
	require.Equal(t, []any{id, false, "PROJET"}, []any{gagnee.UUID, gagnee.Retrait, gagnee.Statut})
}

// TestDirect_tellsWhatIsCommittedAndWhoeverWroteIt: another process, a comment, an avenant; not what is rolled back,
// nor a reading.
func TestDirect_tellsWhatIsCommittedAndWhoeverWroteIt(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	id := m.Convention(fixture.Conv{Statut: convention.Signee})
	premier, second := direction(t, m, direct.Limites{}), direction(t, m, direct.Limites{})
	a, b := abonner(t, premier, siege()), abonner(t, second, siege())
	annule := errors.New("rolled back")
	require.ErrorIs(t, toucher(m, id, func(context.Context) error { return annule }), annule)
	journaliser := func(action string) {
		require.NoError(t, m.Store.InTx(context.Background(), func(ctx context.Context) error {
			return m.Store.Journaliser(ctx, m.ID(id), event.Journal{NomTable: "commentaire", Action: action, Commande: "essai", Mode: "NORMAL", CreeLe: time.Now()})
		}))
	}
	journaliser(event.Lecture)
	journaliser(event.Ajout)
	for _, x := range []*direct.Abonne{a, b} {
		require.Equal(t, 1, recu(t, x).Changement.Version, "the first thing told is the comment: same version")
	}
	avenant := m.Avenant(id, convention.Projet)
	for _, x := range []*direct.Abonne{a, b} {
		objets := map[uuid.UUID]string{}
		for len(objets) < 2 {
			c := recu(t, x).Changement
			objets[c.UUID] = c.Objet
		}
		require.Equal(t, map[uuid.UUID]string{id: "convention", avenant: "avenant"}, objets, "the page of the root shows its avenants")
	}
}

// TestDirect_aLostConnectionLosesNothing: pages are sent back, and ask for what was written meanwhile.
func TestDirect_aLostConnectionLosesNothing(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	id := m.Convention(fixture.Conv{})
	d := direction(t, m, direct.Limites{})
	a := abonner(t, d, siege())
	require.NoError(t, toucher(m, id, nil))
	repere := recu(t, a).Repere
	m.Executer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'apilos direct'`)
	require.Equal(t, direct.MotifReprise, fini(t, a))
	require.NoError(t, toucher(m, id, nil)) // nobody listens
	ecoute(t, d)
	revenu, manques, rejoue, err := d.Abonner(context.Background(), siege(), &repere)
	require.NoError(t, err)
	defer d.Desabonner(revenu)
	require.True(t, rejoue)
	require.NotEmpty(t, manques)
	require.Equal(t, []any{id, 3}, []any{manques[len(manques)-1].Changement.UUID, manques[len(manques)-1].Changement.Version})
	require.NoError(t, toucher(m, id, nil))
	require.Equal(t, 4, recu(t, revenu).Changement.Version, "and it follows again")
}

// TestDirect_whoComesBackLateReadsEverythingAgain: a replay is bounded, and stays within the perimeter.
func TestDirect_whoComesBackLateReadsEverythingAgain(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	rennes := m.Administration("DDT35", "Rennes Métropole")
	d := direction(t, m, direct.Limites{Rejeu: 2})
	debut := d.RepereSur()
	for range 3 {
		m.Convention(fixture.Conv{})
	}
	_, manques, rejoue, err := d.Abonner(context.Background(), siege(), &debut)
	require.NoError(t, err)
	require.False(t, rejoue)
	require.Empty(t, manques)
	_, manques, rejoue, err = d.Abonner(context.Background(), service(m, rennes), &debut)
	require.NoError(t, err)
	require.True(t, rejoue)
	require.Empty(t, manques, "those are not its own")
}

// TestDirect_manyFamiliesAtOnceAreNotNamed: a write in bulk costs one message.
func TestDirect_manyFamiliesAtOnceAreNotNamed(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	for range 60 {
		m.Convention(fixture.Conv{})
	}
	d := direction(t, m, direct.Limites{})
	a := abonner(t, d, siege())
	m.Executer(`UPDATE convention_recherche SET mis_a_jour_le = now()`)
	require.True(t, recu(t, a).ToutRelire)
	require.Empty(t, a.Messages())
}

// TestDirect_rightsThatChangeEndTheSubscription: a revoked session, a changed role, an account put aside.
func TestDirect_rightsThatChangeEndTheSubscription(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	d := direction(t, m, direct.Limites{})
	personne := m.Inserer(`INSERT INTO utilisateur (username) VALUES ('marie') RETURNING id`)
	session := func() (string, auth.Principal) {
		id := uuid.NewString()
		m.Executer(`INSERT INTO session (id, utilisateur_id, expire_inactivite_le, expire_absolue_le) VALUES ($1, $2, now() + interval '1 h', now() + interval '1 h')`, id, personne)
		return id, auth.Principal{UtilisateurID: personne, SessionID: id, Superuser: true}
	}
	for nom, ecriture := range map[string]string{
		"session fermée":         `UPDATE session SET revoquee_le = now() WHERE id = $1`,
		"habilitations changées": `UPDATE session SET habilitations = '[{"id": 1}]' WHERE id = $1`,
		"session effacée":        `DELETE FROM session WHERE id = $1`,
		"compte désactivé":       `UPDATE utilisateur SET est_actif = NOT est_actif WHERE id = (SELECT utilisateur_id FROM session WHERE id = $1)`,
		"rôle donné":             `INSERT INTO role (utilisateur_id, typologie) SELECT utilisateur_id, 'ADMINISTRATEUR' FROM session WHERE id = $1`,
	} {
		id, p := session()
		autre := abonner(t, d, siege())
		a := abonner(t, d, p)
		m.Executer(`UPDATE session SET vue_le = now() WHERE id = $1`, id) // not a change of rights
		m.Executer(ecriture, id)
		require.Equal(t, direct.MotifDroits, fini(t, a), nom)
		d.Desabonner(autre)
		require.Empty(t, autre.Motif(), "%s: others stay", nom)
	}
}

// TestDirect_limits: the oldest page of a person leaves, a full process refuses, a page that does not read is dropped.
func TestDirect_limits(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	id := m.Convention(fixture.Conv{})
	d := direction(t, m, direct.Limites{ParPersonne: 2, ParProcessus: 3, Tampon: 2})
	premiere, seconde := abonner(t, d, siege()), abonner(t, d, siege())
	troisieme := abonner(t, d, siege())
	require.Equal(t, direct.MotifLimite, fini(t, premiere))
	abonner(t, d, service(m, m.AdministrationID))
	_, _, _, err := d.Abonner(context.Background(), auth.Principal{UtilisateurID: 99, Superuser: true}, nil)
	require.Equal(t, "DIRECT_SATURE", fault.As(err).Code)
	for range 3 { // of which only one reads
		require.NoError(t, toucher(m, id, nil))
		recu(t, troisieme)
	}
	require.Equal(t, direct.MotifLent, fini(t, seconde))
	require.Positive(t, d.Etat().Abandons)
	d.Desabonner(troisieme)
	require.LessOrEqual(t, d.Etat().Abonnes, 1)
}

// TestDirect_stopsWithItsProcess: nothing holds the server back when it stops.
func TestDirect_stopsWithItsProcess(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	lecteur := store.NewDirect(m.Store)
	d := direct.New(lecteur, lecteur, direct.Limites{}, time.Now, slog.New(slog.DiscardHandler))
	avant, _, _, err := d.Abonner(context.Background(), siege(), nil)
	require.NoError(t, err)
	require.Equal(t, direct.MotifIndisponible, fini(t, avant), "nobody listens to the database yet")
	ctx, cancel := context.WithCancel(context.Background())
	sorti := make(chan error, 1)
	go func() { sorti <- d.Diffuser(ctx) }()
	ecoute(t, d)
	a := abonner(t, d, siege())
	cancel()
	require.NoError(t, <-sorti)
	require.Equal(t, direct.MotifArret, fini(t, a))
}

// BenchmarkCinqCentsAbonnes measures a write told to 500 pages of 100 perimeters, from the commit to the last buffer.
func BenchmarkCinqCentsAbonnes(b *testing.B) {
	m := fixture.Nouveau(b)
	id := m.Convention(fixture.Conv{})
	d := direction(b, m, direct.Limites{ParPersonne: 500, Regroupement: time.Millisecond})
	var avant, apres runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&avant)
	var abonnes []*direct.Abonne
	for i := range 500 {
		p := auth.Principal{UtilisateurID: int64(10 + i), Typologie: auth.Bailleur, BailleurIDs: []int64{m.BailleurID, int64(5000 + i%100)}}
		a, _, _, err := d.Abonner(context.Background(), p, nil)
		require.NoError(b, err)
		abonnes = append(abonnes, a)
	}
	runtime.GC()
	runtime.ReadMemStats(&apres)
	for b.Loop() {
		if err := toucher(m, id, nil); err != nil {
			b.Fatal(err)
		}
		for _, a := range abonnes {
			if _, ouvert := <-a.Messages(); !ouvert {
				b.Fatal(fmt.Sprint("ended: ", a.Motif()))
			}
		}
	}
	b.ReportMetric(float64(apres.HeapAlloc-avant.HeapAlloc)/500, "B/subscriber")
}
