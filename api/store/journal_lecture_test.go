package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/event"
	"apilos/api/internal/fixture"
	"apilos/api/store"
	"apilos/migrations"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// lireDocuments writes n readings of a document of a family, as downloads do.
func lireDocuments(t testing.TB, m *fixture.Monde, racine int64, le time.Time, n int) {
	t.Helper()
	for i := range n {
		j := event.Journal{NomTable: "fichier", Action: event.Lecture, Commande: "document.telecharge", Mode: "NORMAL", Acteur: fmt.Sprint("été ", i),
			Apres: json.RawMessage(`{"b": "é <&>", "a": [1.50, null]}`), CreeLe: le.Add(time.Duration(i) * time.Second)}
		require.NoError(t, m.Store.InTx(context.Background(), func(ctx context.Context) error { return m.Store.Journaliser(ctx, racine, j) }))
	}
}

func controlerLectures(t testing.TB, m *fixture.Monde) []event.Rupture {
	t.Helper()
	bilan := event.BilanChaines{}
	require.NoError(t, m.Store.ControlerLectures(context.Background(), nil, &bilan))
	return bilan.Ruptures
}

var (
	vieux  = time.Date(2024, 3, 31, 21, 0, 0, 123456000, time.UTC)
	recent = time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)
)

// TestCC33_lesLecturesOntLeursChaines: a reading is no link of its family, and the readings of a month follow each other.
func TestCC33_lesLecturesOntLeursChaines(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	racine := m.ID(m.Convention(fixture.Conv{}))
	ecrireJournal(t, m, racine, 2)
	lireDocuments(t, m, racine, vieux, 3)
	ecrireJournal(t, m, racine, 2)
	lireDocuments(t, m, racine, recent, 2)
	require.Equal(t, 4, m.Compter(`SELECT lignes FROM journal_ancre WHERE racine_id = $1`, racine), "four links of the family")
	require.Equal(t, 5, m.Compter(`SELECT count(*) FROM journal_audit WHERE racine_id = $1 AND action = 'L' AND chaine_id IS NOT NULL`, racine))
	bilan := event.BilanChaines{}
	require.NoError(t, m.Store.ControlerLectures(context.Background(), nil, &bilan))
	require.Empty(t, bilan.Ruptures)
	require.Equal(t, event.BilanLectures{Chaines: 2, Lignes: 5}, *bilan.Lectures)
	require.NoError(t, m.Store.VerifierJournaux(context.Background()))
}

// TestCC33_uneLectureNAttendPersonne: neither a family that is being written nor another reading holds a reading back.
func TestCC33_uneLectureNAttendPersonne(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	racine := m.ID(m.Convention(fixture.Conv{}))
	lireDocuments(t, m, racine, recent, 1)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	lecture := event.Journal{NomTable: "fichier", Action: event.Lecture, Commande: "document.telecharge", Mode: "NORMAL", CreeLe: recent}
	require.NoError(t, m.Store.InTx(ctx, func(tenu context.Context) error {
		tx, _ := store.Tx(tenu)
		if _, err := tx.Exec(tenu, `SELECT FROM convention WHERE id = $1 FOR UPDATE`, racine); err != nil {
			return err
		}
		if err := m.Store.Journaliser(tenu, racine, lecture); err != nil { // holds the first chain
			return err
		}
		return m.Store.InTx(ctx, func(ctx context.Context) error { return m.Store.Journaliser(ctx, racine, lecture) })
	}))
	require.Equal(t, 2, m.Compter(`SELECT count(*) FROM journal_lecture`), "a second chain, for the second writer")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 10 {
				if err := m.Store.InTx(ctx, func(ctx context.Context) error { return m.Store.Journaliser(ctx, racine, lecture) }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	require.Equal(t, 83, m.Compter(`SELECT sum(lignes) FROM journal_lecture`))
	require.LessOrEqual(t, m.Compter(`SELECT count(*) FROM journal_lecture`), 9, "no more chains than writers at once")
	require.Empty(t, controlerLectures(t, m))
}

// TestCC33_chaqueFalsificationDesLecturesEstNommee: the owner of the database alters readings; c1 is the chain of six rows
// l0 to l5, c2 another one.
func TestCC33_chaqueFalsificationDesLecturesEstNommee(t *testing.T) {
	t.Parallel()
	cas := map[string]struct {
		sql    string
		nature event.NatureRupture
		ligne  int // -1: none is named
	}{
		"contenu changé":     {`UPDATE journal_audit SET apres = '{}' WHERE id = l2`, event.LigneModifiee, 2},
		"lecteur changé":     {`UPDATE journal_audit SET acteur = 'autre' WHERE id = l2`, event.LigneModifiee, 2},
		"famille changée":    {`UPDATE journal_audit SET racine_id = NULL WHERE id = l2`, event.LigneModifiee, 2},
		"date changée":       {`UPDATE journal_audit SET cree_le = cree_le + interval '1 microsecond' WHERE id = l3`, event.LigneModifiee, 3},
		"ligne retirée":      {`DELETE FROM journal_audit WHERE id = l2`, event.LigneRetiree, 3},
		"début retiré":       {`DELETE FROM journal_audit WHERE id = l0`, event.LigneRetiree, 1},
		"fin retirée":        {`DELETE FROM journal_audit WHERE id = l5`, event.FinRetiree, 4},
		"lignes retirées":    {`DELETE FROM journal_audit WHERE id BETWEEN l0 AND l5`, event.FinRetiree, -1},
		"sortie des chaînes": {`UPDATE journal_audit SET chaine_id = NULL, empreinte = NULL WHERE id = l5`, event.FinRetiree, 4},
		"fin retirée, ancre refaite sans son empreinte": {`DELETE FROM journal_audit WHERE id = l5; UPDATE journal_lecture SET lignes = 5, dernier_id = l4 WHERE id = 1`, event.AncreFausse, 4},
		"chaîne retirée avec son ancre":                 {`DELETE FROM journal_audit WHERE chaine_id = 1; DELETE FROM journal_lecture WHERE id = 1`, event.ChaineRetiree, -1},
		"ancre retirée":                                 {`DELETE FROM journal_lecture WHERE id = 1`, event.ChaineRetiree, -1},
		"dernière ancre retirée":                        {`DELETE FROM journal_lecture WHERE id = 2`, event.ChaineRetiree, -1},
		"mois avancé pour purger plus tôt":              {`UPDATE journal_lecture SET mois = '2020-01-01' WHERE id = 1`, event.AncreFausse, 0},
		"dite purgée":                                   {`UPDATE journal_lecture SET purgee_le = now(), signature = 'x' WHERE id = 1`, event.PurgeFausse, -1},
	}
	m := fixture.Nouveau(t)
	racine := m.ID(m.Convention(fixture.Conv{}))
	lireDocuments(t, m, racine, vieux, 6)
	lireDocuments(t, m, racine, recent, 2)
	var noms []string
	rows, err := m.Base.Pool.Query(context.Background(), `SELECT id FROM journal_audit WHERE chaine_id = 1 ORDER BY id`)
	require.NoError(t, err)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	require.NoError(t, err)
	for i, id := range ids {
		noms = append(noms, fmt.Sprint("l", i), fmt.Sprint(id))
	}
	m.Executer(`CREATE TABLE sauve_audit AS TABLE journal_audit; CREATE TABLE sauve_lecture AS TABLE journal_lecture`)
	for nom, c := range cas {
		falsifier(t, m, strings.Split(strings.NewReplacer(noms...).Replace(c.sql), "; ")...)
		ruptures := controlerLectures(t, m)
		require.NotEmpty(t, ruptures, nom)
		r := ruptures[len(ruptures)-1]
		if nom == "sortie des chaînes" {
			require.Equal(t, event.LectureHorsChaine, ruptures[0].Nature, nom)
		}
		attendue := int64(0)
		if c.ligne >= 0 {
			attendue = ids[c.ligne]
		}
		require.Equal(t, []any{c.nature, attendue}, []any{r.Nature, r.LigneID}, nom)
		require.Contains(t, r.String(), "lectures, chaîne n° ", nom)
		require.ErrorContains(t, m.Store.VerifierJournaux(context.Background()), "dans les lectures", nom)
		falsifier(t, m, `DELETE FROM journal_audit`, `DELETE FROM journal_lecture`,
			`INSERT INTO journal_audit SELECT * FROM sauve_audit`, `INSERT INTO journal_lecture SELECT * FROM sauve_lecture`)
		require.Empty(t, controlerLectures(t, m), nom)
	}
}

// TestCC33_seuleLaPurgeRetireDesLectures: whole chains older than a year, by the function only, and their end stays.
func TestCC33_seuleLaPurgeRetireDesLectures(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	m := fixture.Nouveau(t)
	racine := m.ID(m.Convention(fixture.Conv{}))
	lireDocuments(t, m, racine, vieux, 3)
	lireDocuments(t, m, racine, time.Now(), 2)
	for _, sql := range []string{`DELETE FROM journal_audit WHERE chaine_id = 1`, `UPDATE journal_audit SET acteur = '' WHERE chaine_id = 1`, `DELETE FROM journal_audit`} {
		_, err := m.Base.Pool.Exec(ctx, sql)
		require.ErrorContains(t, err, "lignes en ajout seul", sql)
	}
	chaines, err := m.Store.ChainesLectures(ctx)
	require.NoError(t, err)
	require.Len(t, chaines, 2)
	require.True(t, chaines[0].Purgeable(time.Now()))
	require.False(t, chaines[1].Purgeable(time.Now()))
	le := time.Now().UTC().Truncate(time.Microsecond)
	_, err = m.Store.PurgerChaine(ctx, chaines[1], le, "signature")
	require.ErrorContains(t, err, "conservées un an")
	changee := chaines[0]
	lireDocuments(t, m, racine, vieux, 1)
	_, err = m.Store.PurgerChaine(ctx, changee, le, "signature")
	require.ErrorContains(t, err, "elle a changé")
	_, err = m.Store.PurgerChaine(ctx, chaines[0], le, "")
	require.Error(t, err, "not without a signature")
	chaines, err = m.Store.ChainesLectures(ctx)
	require.NoError(t, err)
	n, err := m.Store.PurgerChaine(ctx, chaines[0], le, "signature")
	require.NoError(t, err)
	require.EqualValues(t, 4, n)
	require.Equal(t, 2, m.Compter(`SELECT count(*) FROM journal_audit WHERE action = 'L'`))
	require.Equal(t, 1, m.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'journal.purge_lectures' AND (avant->>'lignes')::int = 4 AND avant->>'mois' = '2024-03'`))
	require.Empty(t, controlerLectures(t, m), "purged is not missing")
	bilan := event.BilanChaines{}
	require.NoError(t, m.Store.ControlerLectures(ctx, func(c event.ChaineLectures) bool { return *c.Signature == "autre" }, &bilan))
	require.Equal(t, []event.Rupture{{Lectures: 1, Nature: event.PurgeFausse}}, bilan.Ruptures)
	n, err = m.Store.PurgerChaine(ctx, chaines[0], le, "signature")
	require.NoError(t, err)
	require.Zero(t, n, "once")
	lireDocuments(t, m, racine, vieux, 1) // a late row of a purged month
	require.Equal(t, 3, m.Compter(`SELECT max(id) FROM journal_lecture`), "a chain of its own")
	require.Empty(t, controlerLectures(t, m))
}

// TestCC33_lesLecturesDAvantEntrentDansLesChaines: readings of the former schema, and the way back.
func TestCC33_lesLecturesDAvantEntrentDansLesChaines(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	m := fixture.Nouveau(t)
	racine := m.ID(m.Convention(fixture.Conv{}))
	ecrireJournal(t, m, racine, 2)
	lireDocuments(t, m, racine, vieux, 2)
	annuler := func() {
		t.Helper()
		for {
			n, err := migrations.AnnulerDerniere(ctx, m.Base.Pool, nil)
			require.NoError(t, err)
			require.Positive(t, n)
			if m.Compter(`SELECT count(*) FROM information_schema.columns WHERE table_name = 'journal_audit' AND column_name = 'chaine_id'`) == 0 {
				return
			}
		}
	}
	annuler()
	require.Equal(t, 2, m.Compter(`SELECT count(*) FROM journal_audit WHERE action = 'L' AND empreinte IS NULL`))
	// a reading that the former version made a link of its family, and one of no family
	m.Executer(`INSERT INTO journal_audit (racine_id, nom_table, action, commande, mode, cree_le, empreinte_precedente, empreinte)
		SELECT racine_id, 'fichier', 'L', 'document.telecharge', 'NORMAL', '2025-02-01', empreinte, repeat('a', 64) FROM journal_ancre WHERE racine_id = $1`, racine)
	m.Executer(`INSERT INTO journal_audit (nom_table, action, commande, acteur, cree_le) VALUES ('convention', 'L', 'export.conventions', 'été', '2025-02-01')`)
	for range 2 {
		_, err := migrations.Appliquer(ctx, m.Base.Pool, nil)
		require.NoError(t, err)
		require.Equal(t, 3, m.Compter(`SELECT sum(lignes) FROM journal_lecture`))
		require.Equal(t, 2, m.Compter(`SELECT count(*) FROM journal_lecture`), "March 2024 and February 2025")
		require.Empty(t, controlerLectures(t, m))
		require.Equal(t, 3, m.Compter(`SELECT lignes FROM journal_ancre WHERE racine_id = $1`, racine), "a link stays a link")
		lireDocuments(t, m, racine, vieux, 1)
		require.Empty(t, controlerLectures(t, m), "the next one follows")
		m.Executer(`ALTER TABLE journal_audit DISABLE TRIGGER tg_journal_audit_ajout`)
		m.Executer(`WITH r AS (DELETE FROM journal_audit WHERE id = (SELECT max(id) FROM journal_audit WHERE chaine_id = 1) RETURNING 1) SELECT`)
		m.Executer(`ALTER TABLE journal_audit ENABLE TRIGGER tg_journal_audit_ajout`)
		annuler()
	}
}
