package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"apilos/api/internal/testdb"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

// The rules of 01 9.1 and 02 10.5 (CC-40), tried with raw statements that bypass the services: the
// database itself must refuse, for the expected reason, and accept the statement beside it.

// essai is one statement, run after the common rows of decor and its own preparation.
type essai struct {
	nom   string
	avant []string // must be accepted
	sql   string
	refus string // "SQLSTATE constraint" when it must be refused; the name is empty for triggers and types
	verif string // a boolean expression, true afterwards
}

const (
	unicite     = "23505 "
	cle         = "23503 "
	controle    = "23514 "
	exclusion   = "23P01 "
	ajoutSeul   = "23001 " // restrict_violation, raised by the triggers of append-only tables
	calculee    = "428C9 " // generated column
	obligatoire = "23502 "
)

// decor gives every test two operations, a convention in PROJET (1) with its lot, and a signed one (2).
var decor = []string{
	ins("bailleur", "id=1; nom='A'; identifiant='111111111'; siren='111111111'"),
	ins("bailleur", "id=2; nom='B'; identifiant='222222222'; siren='222222222'"),
	ins("administration", "id=1; nom='DDT'; code='DD001'"),
	ins("utilisateur", "id=1; username='u1'"),
	ins("utilisateur", "id=2; username='u2'"),
	ins("operation", "id=1; nom='O1'; numero_operation='20240000001'; bailleur_id=1; administration_id=1"),
	ins("operation", "id=2; nom='O2'; numero_operation='20240000002'; bailleur_id=1; administration_id=1"),
	racine("id=1; operation_id=1"),
	racine("id=2; operation_id=2; " + signee + "; numero='13.1.1'"),
	ins("lot", "id=1; convention_id=1; financement='PLUS'"),
	ins("lot", "id=2; convention_id=2; financement='PLUS'"),
}

const signee = "statut='SIGNEE'; valide_le='2024-01-10'; signe_le='2024-02-10'"

// ins writes an INSERT from "column=expression; ...".
func ins(table, champs string) string {
	var cols, vals []string
	for _, champ := range strings.Split(champs, "; ") {
		col, val, ok := strings.Cut(champ, "=")
		if !ok {
			panic("ins: " + champ)
		}
		cols, vals = append(cols, col), append(vals, val)
	}
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, strings.Join(cols, ", "), strings.Join(vals, ", "))
}

// racine inserts an original convention, avenant one of convention 2.
func racine(champs string) string  { return ins("convention", "bailleur_effectif_id=1; "+champs) }
func avenant(champs string) string { return ins("convention", "operation_id=2; parent_id=2; "+champs) }

// regle is a rule and its trials.
type regle struct {
	nom    string
	essais []essai
}

func groupes() [][]regle {
	return [][]regle{reglesConvention, reglesActeurs, reglesLot, reglesFichier, reglesJournal}
}

func TestIntegrite(t *testing.T) {
	conn, err := pgx.Connect(context.Background(), baseIntegrite(t).URL)
	require.NoError(t, err)
	defer conn.Close(context.Background())
	for _, groupe := range groupes() {
		for _, r := range groupe {
			t.Run(r.nom, func(t *testing.T) {
				refus, accords := 0, 0
				for _, e := range r.essais {
					t.Run(e.nom, func(t *testing.T) { e.jouer(t, conn) })
					if e.refus != "" {
						refus++
					} else {
						accords++
					}
				}
				require.Positive(t, refus, "a rule must refuse something")
				require.Positive(t, accords, "a rule must accept something")
			})
		}
	}
}

// baseIntegrite is a database whose own numbers do not meet those written here.
func baseIntegrite(t *testing.T) *testdb.Base {
	t.Helper()
	b := testdb.New(t)
	_, err := b.Pool.Exec(context.Background(), `
		SELECT setval(pg_get_serial_sequence(attrelid::regclass::text, attname), 1000)
		  FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
		 WHERE attidentity <> '' AND c.relnamespace = 'public'::regnamespace`)
	require.NoError(t, err)
	return b
}

// motif tells why a statement was refused. PostgreSQL 18 gives ON DELETE RESTRICT a code of its own,
// which was the one of every foreign key before.
func motif(pg *pgconn.PgError) string {
	if pg.Code == "23001" && pg.ConstraintName != "" {
		return cle + pg.ConstraintName
	}
	return pg.Code + " " + pg.ConstraintName
}

func (e essai) jouer(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	ctx := context.Background()
	tx, err := conn.Begin(ctx)
	require.NoError(t, err)
	defer func() { require.NoError(t, tx.Rollback(ctx)) }()
	for _, sql := range append(decor[:len(decor):len(decor)], e.avant...) {
		_, err := tx.Exec(ctx, sql)
		require.NoError(t, err, "preparation: %s", sql)
	}
	_, err = tx.Exec(ctx, e.sql)
	if e.refus != "" {
		var pg *pgconn.PgError
		require.ErrorAs(t, err, &pg, "must be refused: %s", e.sql)
		require.Equal(t, e.refus, motif(pg), pg.Message)
		return
	}
	require.NoError(t, err, e.sql)
	if e.verif != "" {
		var ok bool
		require.NoError(t, tx.QueryRow(ctx, "SELECT "+e.verif).Scan(&ok))
		require.True(t, ok, e.verif)
	}
}

// The rules of 01 9.1 are all tried: a rule added to the specification must be added here.
func TestIntegrite_everyRuleIsTried(t *testing.T) {
	var noms []string
	for _, groupe := range groupes() {
		for _, r := range groupe {
			noms = append(noms, r.nom)
		}
	}
	for i := 1; i <= 24; i++ {
		prefix, found := fmt.Sprintf("I%d_", i), 0
		for _, nom := range noms {
			if strings.HasPrefix(nom, prefix) {
				found++
			}
		}
		require.Positive(t, found, "no trial for rule I%d", i)
	}
}

// Uniqueness holds between sessions that write at the same moment: exactly one wins.
func TestIntegrite_CC_40_concurrentWriters(t *testing.T) {
	cases := []struct {
		nom, contrainte string
		sql             func(i int) string
	}{
		{"I1_un_seul_avenant_en_cours", "ux_convention_avenant_en_cours", func(int) string { return avenant("statut='PROJET'") }},
		{"I4_un_lot_par_financement", "lot_convention_id_financement_key", func(int) string { return ins("lot", "convention_id=1; financement='PLAI'") }},
		{"I5_numero_unique", "ux_convention_numero", func(int) string { return racine("operation_id=1; numero=' x.1 '") }},
		{"I7_numero_operation_unique", "ux_operation_numero", func(int) string {
			return ins("operation", "nom='N'; numero_operation='N1'; bailleur_id=1")
		}},
		{"I22_une_convention_active_par_operation_et_financement", "ux_lot_operation_financement", func(i int) string {
			return ins("lot", fmt.Sprintf("convention_id=%d; financement='PLS'", 100+i))
		}},
		{"I24_une_revision_courante", "ux_revision_courante", func(i int) string {
			return ins("revision", fmt.Sprintf("id='%024x'; nature='annexe'; portee_type='convention'; portee_cle='1'; %s", i, publiee))
		}},
	}
	for _, c := range cases {
		t.Run(c.nom, func(t *testing.T) {
			ctx := context.Background()
			b := baseIntegrite(t)
			const sessions = 6
			for _, sql := range decor {
				_, err := b.Pool.Exec(ctx, sql)
				require.NoError(t, err)
			}
			for i := range sessions {
				_, err := b.Pool.Exec(ctx, racine(fmt.Sprintf("id=%d; operation_id=1", 100+i)))
				require.NoError(t, err)
			}
			errs := make(chan error, sessions)
			for i := range sessions {
				go func() {
					_, err := b.Pool.Exec(ctx, c.sql(i))
					errs <- err
				}()
			}
			won := 0
			for range sessions {
				err := <-errs
				var pg *pgconn.PgError
				switch {
				case err == nil:
					won++
				default:
					require.ErrorAs(t, err, &pg)
					require.Equal(t, c.contrainte, pg.ConstraintName)
				}
			}
			require.Equal(t, 1, won)
		})
	}
}
