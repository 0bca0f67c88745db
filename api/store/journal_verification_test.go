package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/event"
	"apilos/api/internal/fixture"
	"apilos/api/store"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// ecrireJournal appends n rows to the chain of a family, as commands do.
func ecrireJournal(t testing.TB, m *fixture.Monde, racine int64, n int) {
	t.Helper()
	for i := range n {
		require.NoError(t, m.Store.InTx(context.Background(), func(ctx context.Context) error {
			tx, _ := store.Tx(ctx)
			if _, err := tx.Exec(ctx, `SELECT FROM convention WHERE id = $1 FOR UPDATE`, racine); err != nil {
				return err
			}
			return m.Store.Journaliser(ctx, racine, ligneJournal(i))
		}))
	}
}

func ligneJournal(i int) event.Journal {
	return event.Journal{
		NomTable: "convention", Action: event.Modification, Commande: fmt.Sprint("essai ", i), Mode: "NORMAL",
		Avant: json.RawMessage(`{"montant": "1.10", "lots": [1, 2]}`), Apres: json.RawMessage(`{"lots": [1], "montant": "1.20"}`),
		CreeLe: time.Now().UTC().Truncate(time.Microsecond),
	}
}

// falsifier runs statements as somebody who owns the database: no trigger stops them.
func falsifier(t *testing.T, m *fixture.Monde, statements ...string) {
	t.Helper()
	ctx := context.Background()
	require.NoError(t, pgx.BeginFunc(ctx, m.Base.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL session_replication_role = replica`); err != nil {
			return err
		}
		for _, sql := range statements {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return fmt.Errorf("%s: %w", sql, err)
			}
		}
		return nil
	}))
}

// TestCC32_chaqueFalsificationEstNommee: rows of a family altered by the owner of the database; the first broken link is
// named, and the other families stay good.
func TestCC32_chaqueFalsificationEstNommee(t *testing.T) {
	t.Parallel()
	// ids of the rows of the family are named l0 to l5 in the statements.
	cas := map[string]struct {
		sql    string
		nature event.NatureRupture
		ligne  int // index of the row that is named, -1: none is left
	}{
		"contenu changé":               {`UPDATE journal_audit SET apres = '{}' WHERE id = l2`, event.LigneModifiee, 2},
		"auteur changé":                {`UPDATE journal_audit SET acteur = 'autre' WHERE id = l2`, event.LigneModifiee, 2},
		"date changée":                 {`UPDATE journal_audit SET cree_le = cree_le + interval '1 microsecond' WHERE id = l3`, event.LigneModifiee, 3},
		"empreinte changée":            {`UPDATE journal_audit SET empreinte = repeat('a', 64) WHERE id = l1`, event.LigneModifiee, 1},
		"deux lignes changées":         {`UPDATE journal_audit SET motif = 'x' WHERE id IN (l1, l4)`, event.LigneModifiee, 1},
		"ligne retirée":                {`DELETE FROM journal_audit WHERE id = l2`, event.LigneRetiree, 3},
		"trois lignes retirées":        {`DELETE FROM journal_audit WHERE id IN (l1, l2, l3)`, event.LigneRetiree, 4},
		"début retiré":                 {`DELETE FROM journal_audit WHERE id = l0`, event.LigneRetiree, 1},
		"fin retirée":                  {`DELETE FROM journal_audit WHERE id = l5`, event.FinRetiree, 4},
		"trois dernières retirées":     {`DELETE FROM journal_audit WHERE id IN (l3, l4, l5)`, event.FinRetiree, 2},
		"tout retiré":                  {`DELETE FROM journal_audit WHERE id BETWEEN l0 AND l5`, event.FinRetiree, -1},
		"changée de famille":           {`UPDATE journal_audit SET racine_id = 99999 WHERE id = l5`, event.FinRetiree, 4},
		"ancre retirée":                {`DELETE FROM journal_ancre WHERE dernier_id = l5`, event.AncreFausse, 5},
		"ancre changée":                {`UPDATE journal_ancre SET empreinte = repeat('b', 64) WHERE dernier_id = l5`, event.AncreFausse, 5},
		"fin et compte retirés":        {`DELETE FROM journal_audit WHERE id = l5; UPDATE journal_ancre SET lignes = 5 WHERE dernier_id = l5`, event.AncreFausse, 4},
		"deux lignes interverties":     {`UPDATE journal_audit SET id = -1 WHERE id = l2; UPDATE journal_audit SET id = l2 WHERE id = l3; UPDATE journal_audit SET id = l3 WHERE id = -1`, event.LigneInseree, 2},
		"ligne remplacée, bien signée": {`REMPLACER`, event.LigneRetiree, 3},
		"ligne insérée, bien signée":   {`INSERER`, event.LigneInseree, 6},
		"ligne ajoutée, bien signée":   {`AJOUTER`, event.LigneInseree, 6},
	}
	m := fixture.Nouveau(t)
	temoin := m.ID(m.Convention(fixture.Conv{}))
	ecrireJournal(t, m, temoin, 3)
	for nom, c := range cas {
		uid := m.Convention(fixture.Conv{})
		racine := m.ID(uid)
		ecrireJournal(t, m, racine, 6)
		require.NoError(t, m.Store.VerifierJournal(context.Background(), racine), nom)
		lignes := lignesJournal(t, m, racine)
		var noms []string
		for i, l := range lignes {
			noms = append(noms, fmt.Sprint("l", i), fmt.Sprint(l.ID))
		}
		falsifiee := -1
		switch c.sql {
		case "REMPLACER":
			contrefaite(t, m, racine, lignes[2].ID, lignes[1].Empreinte, true)
		case "INSERER": // between two rows: the ids after it move
			falsifier(t, m, fmt.Sprintf(`UPDATE journal_audit SET id = id + 1000000 WHERE racine_id = %d AND id > %d`, racine, lignes[2].ID))
			falsifiee = int(lignes[2].ID) + 500000
			contrefaite(t, m, racine, int64(falsifiee), lignes[2].Empreinte, false)
		case "AJOUTER":
			falsifiee = int(lignes[5].ID) + 500000
			contrefaite(t, m, racine, int64(falsifiee), lignes[5].Empreinte, false)
		default:
			falsifier(t, m, strings.Split(strings.NewReplacer(noms...).Replace(c.sql), "; ")...)
		}
		bilan, err := m.Store.ControlerJournal(context.Background(), &uid)
		require.NoError(t, err, nom)
		require.Len(t, bilan.Ruptures, 1, nom)
		r := bilan.Ruptures[0]
		attendue := int64(falsifiee)
		switch {
		case c.ligne == -1:
			attendue = 0
		case c.ligne < 6:
			attendue = lignes[c.ligne].ID
		}
		require.Equal(t, []any{c.nature, attendue, uid}, []any{r.Nature, r.LigneID, *r.RacineUUID}, nom)
		require.Contains(t, r.String(), uid.String(), nom)
	}
	bilan, err := m.Store.ControlerJournal(context.Background(), nil)
	require.NoError(t, err)
	vues := map[uuid.UUID]bool{}
	for _, r := range bilan.Ruptures {
		if r.RacineUUID != nil {
			vues[*r.RacineUUID] = true
		}
	}
	require.Len(t, vues, len(cas), "the first broken link of each family, once")
	require.Len(t, bilan.Ruptures, len(cas)+1, "and the family to which a row was moved")
	require.NoError(t, m.Store.VerifierJournal(context.Background(), temoin))
	require.ErrorContains(t, m.Store.VerifierJournaux(context.Background()), "chaîne rompue")
}

type ligneChaine struct {
	ID        int64
	Empreinte string
}

func lignesJournal(t *testing.T, m *fixture.Monde, racine int64) []ligneChaine {
	t.Helper()
	rows, err := m.Base.Pool.Query(context.Background(), `SELECT id, empreinte FROM journal_audit WHERE racine_id = $1 ORDER BY id`, racine)
	require.NoError(t, err)
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ligneChaine])
	require.NoError(t, err)
	return out
}

// contrefaite writes a row whose digest is right for the row that it claims to follow: somebody who knows the algorithm.
func contrefaite(t *testing.T, m *fixture.Monde, racine, id int64, precedente string, remplace bool) {
	t.Helper()
	le := time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)
	j := event.Journal{ID: id, RacineID: &racine, NomTable: "convention", Action: event.Fait, Commande: "faux", Mode: "NORMAL", CreeLe: le}
	// The canonical form is the contract of the chain: it is written again here so that it cannot change unseen.
	contenu := fmt.Sprintf(`{"Racine":%d,"Ligne":null,"Table":"convention","Action":"E","Commande":"faux","Mode":"NORMAL","Objet":null,"Avant":null,"Apres":null,`+
		`"Motif":"","Acteur":"","Utilisateur":null,"Detourne":null,"Habilitation":null,"Requete":null,"Le":"2026-05-04T10:00:00.000000Z"}`, racine)
	somme := sha256.Sum256([]byte(precedente + contenu))
	e := hex.EncodeToString(somme[:])
	if remplace {
		falsifier(t, m, fmt.Sprintf(`DELETE FROM journal_audit WHERE id = %d`, id))
	}
	falsifier(t, m, fmt.Sprintf(`INSERT INTO journal_audit (id, racine_id, nom_table, action, commande, mode, cree_le, empreinte_precedente, empreinte)
		VALUES (%d, %d, '%s', '%s', '%s', '%s', '%s', '%s', '%s')`, id, racine, j.NomTable, j.Action, j.Commande, j.Mode, le.Format(time.RFC3339), precedente, e))
}

// TestCC32_deuxFamillesNeSAttendentPas: a writer who holds the chain of a family does not hold the others; a second one of
// the same family waits for it, and both rows follow each other.
func TestCC32_deuxFamillesNeSAttendentPas(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	a, b := m.ID(m.Convention(fixture.Conv{})), m.ID(m.Convention(fixture.Conv{}))
	ecrireJournal(t, m, a, 1)
	ecrite, valider, fini := make(chan struct{}), make(chan struct{}), make(chan error, 2)
	go func() {
		fini <- m.Store.InTx(context.Background(), func(ctx context.Context) error {
			err := m.Store.Journaliser(ctx, a, ligneJournal(1))
			close(ecrite)
			<-valider
			return err
		})
	}()
	<-ecrite
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	require.NoError(t, m.Store.InTx(ctx, func(ctx context.Context) error { return m.Store.Journaliser(ctx, b, ligneJournal(0)) }), "the other family does not wait")
	go func() {
		fini <- m.Store.InTx(context.Background(), func(ctx context.Context) error { return m.Store.Journaliser(ctx, a, ligneJournal(2)) })
	}()
	require.Eventually(t, func() bool {
		return m.Compter(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) == 1
	}, time.Minute, time.Millisecond, "the same family waits")
	close(valider)
	require.NoError(t, errors.Join(<-fini, <-fini))
	require.Equal(t, 3, m.Compter(`SELECT lignes FROM journal_ancre WHERE racine_id = $1`, a))
	require.NoError(t, m.Store.VerifierJournaux(context.Background()))
}

// TestCC32_vingtEcrivainsSansVerrou: even writers who forget to lock the root never fork a chain.
func TestCC32_vingtEcrivainsSansVerrou(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	racine := m.ID(m.Convention(fixture.Conv{}))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 5 {
				for m.Store.InTx(context.Background(), func(ctx context.Context) error { return m.Store.Journaliser(ctx, racine, ligneJournal(i)) }) != nil { //nolint:revive // refused: tried again
				}
			}
		})
	}
	stop := make(chan struct{})
	lu := make(chan error, 1)
	go func() { // a verification while the family is written sees no break
		for {
			select {
			case <-stop:
				lu <- nil
				return
			default:
				if err := m.Store.VerifierJournaux(context.Background()); err != nil {
					lu <- err
					return
				}
			}
		}
	}()
	wg.Wait()
	close(stop)
	require.NoError(t, <-lu)
	require.Equal(t, 20, m.Compter(`SELECT lignes FROM journal_ancre WHERE racine_id = $1`, racine))
	require.NoError(t, m.Store.VerifierJournaux(context.Background()))
}

// BenchmarkVerifierJournal reads the chains of 1 000 000 rows of 50 000 families.
func BenchmarkVerifierJournal(b *testing.B) {
	const familles, parFamille = 50_000, 20
	m := fixture.Nouveau(b)
	chargerChaines(b, m, familles, parFamille)
	for b.Loop() {
		bilan, err := m.Store.ControlerJournal(context.Background(), nil)
		require.NoError(b, err)
		require.Empty(b, bilan.Ruptures)
		require.EqualValues(b, familles*parFamille, bilan.Lignes)
	}
	b.ReportMetric(float64(familles*parFamille)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// chargerChaines copies good chains: what commands would have written, without their time.
func chargerChaines(b *testing.B, m *fixture.Monde, familles, parFamille int) {
	b.Helper()
	ctx := context.Background()
	le := time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)
	var ancres [][]any
	f, i, precedente := 1_000_000, 0, ""
	source := pgx.CopyFromFunc(func() ([]any, error) {
		if i == parFamille {
			ancres = append(ancres, []any{f, parFamille, (f-1_000_000)*parFamille + i, precedente})
			f, i, precedente = f+1, 0, ""
		}
		if f == 1_000_000+familles {
			return nil, nil
		}
		i++
		contenu := fmt.Sprintf(`{"Racine":%d,"Ligne":null,"Table":"convention","Action":"~","Commande":"etape","Mode":"NORMAL","Objet":null,"Avant":{"nom":"Les Érables"},`+
			`"Apres":{"nom":"Les Tilleuls"},"Motif":"","Acteur":"","Utilisateur":null,"Detourne":null,"Habilitation":null,"Requete":null,"Le":"2026-05-04T10:00:00.000000Z"}`, f)
		somme := sha256.Sum256([]byte(precedente + contenu))
		e := hex.EncodeToString(somme[:])
		var avant any
		if precedente != "" {
			avant = precedente
		}
		ligne := []any{(f-1_000_000)*parFamille + i, f, "convention", "~", "etape", json.RawMessage(`{"nom":"Les Érables"}`), json.RawMessage(`{"nom":"Les Tilleuls"}`), le, avant, e}
		precedente = e
		return ligne, nil
	})
	require.NoError(b, pgx.BeginFunc(ctx, m.Base.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL session_replication_role = replica`); err != nil {
			return err
		}
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{"journal_audit"},
			[]string{"id", "racine_id", "nom_table", "action", "commande", "avant", "apres", "cree_le", "empreinte_precedente", "empreinte"}, source); err != nil {
			return err
		}
		_, err := tx.CopyFrom(ctx, pgx.Identifier{"journal_ancre"}, []string{"racine_id", "lignes", "dernier_id", "empreinte"}, pgx.CopyFromRows(ancres))
		return err
	}))
	m.Executer(`ANALYZE journal_audit`)
}
