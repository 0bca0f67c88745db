package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/direct"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/lib/pq"
)

// canalDirect is where the triggers of migration 0089 tell what moves.
const canalDirect = "apilos_direct"

// sondeDirect is how long a silent connection is trusted before it is asked whether it is still there.
const sondeDirect = 30 * time.Second

// publicsParRequete bounds the size of one statement of Changements.
const publicsParRequete = 40

// Direct reads what moved for package direct: it implements its Lecteur and its Source.
type Direct struct{ db *DB }

// NewDirect returns the reader of live updates on db.
func NewDirect(db *DB) Direct { return Direct{db} }

// Perimetre implements direct.Lecteur: the predicate itself, with its arguments.
func (s Direct) Perimetre(p auth.Principal) string {
	vu, args := perimetre(p, vueRecherche)
	return fmt.Sprintf("%t %s %q", p.Peut(auth.ViewConvention), vu, fmt.Sprint(args...))
}

type ligneDirect struct {
	Public     int
	UUID       uuid.UUID
	EstAvenant bool
	Version    int
	Statut     string
	Rang       int64
	Retrait    bool
	Repere     int64
}

func (l ligneDirect) changement() direct.Changement {
	c := direct.Changement{Objet: direct.ObjetConvention, UUID: l.UUID, Version: l.Version, Statut: l.Statut, Rang: l.Rang, Retrait: l.Retrait}
	if l.EstAvenant {
		c.Objet = direct.ObjetAvenant
	}
	return c
}

// membreDirect reads a convention that a public sees, lostDirect one that it saw. Their placeholders are closed by the
// perimeter conditions of the public.
const (
	membreDirect = `SELECT %d AS public, r.uuid, r.est_avenant, c.version, r.statut, r.flux_rang AS rang, false AS retrait
  FROM convention_recherche r JOIN convention c ON c.id = r.convention_id WHERE `
	perduDirect = `SELECT %d AS public, x.uuid, coalesce(c.est_avenant, false), 0, '', x.flux_rang, true
  FROM convention_retrait x LEFT JOIN convention c ON c.id = x.convention_id WHERE `
)

// branchesDirect are the two readings of one public: what it sees and what it lost, each narrowed by a condition.
func branchesDirect(i int, p auth.Principal, membre string, membreArgs []any, perdu string, perduArgs []any) (string, []any) {
	if !p.Peut(auth.ViewConvention) {
		return "", nil
	}
	vu, vuArgs := perimetre(p, vueRecherche)
	retire, retireArgs := perimetre(p, vueRetrait)
	var args []any
	for _, a := range [][]any{membreArgs, vuArgs, perduArgs, retireArgs, vuArgs} {
		args = append(args, a...)
	}
	return fmt.Sprintf(membreDirect, i) + membre + " AND (" + vu + ")\nUNION ALL\n" +
		fmt.Sprintf(perduDirect, i) + perdu + " AND (" + retire + ") AND NOT EXISTS (SELECT FROM convention_recherche r WHERE r.convention_id = x.convention_id AND (" + vu + "))", args
}

// Changements implements direct.Lecteur: one statement for forty perimeters. The rank is read in the statement that
// reads the rows, so that both see the same snapshot.
func (s Direct) Changements(ctx context.Context, publics []auth.Principal, racines []int64, depuis int64) ([][]direct.Changement, int64, error) {
	out := make([][]direct.Changement, len(publics))
	ids := pq.Int64Array(racines)
	var repere int64
	for debut := 0; debut < len(publics); debut += publicsParRequete {
		var branches []string
		var args []any
		for i := debut; i < min(debut+publicsParRequete, len(publics)); i++ {
			sql, a := branchesDirect(i, publics[i], "(r.convention_id = ANY(?) OR r.parent_id = ANY(?))", []any{ids, ids},
				"x.flux_rang >= ? AND coalesce(c.parent_id, x.convention_id) = ANY(?)", []any{depuis, ids})
			if sql != "" {
				branches, args = append(branches, sql), append(args, a...)
			}
		}
		if len(branches) == 0 {
			continue
		}
		var lignes []ligneDirect
		err := s.db.db(ctx).Raw(`SELECT h.repere, u.* FROM (SELECT `+horizonFlux+` AS repere) h LEFT JOIN (`+
			strings.Join(branches, "\nUNION ALL\n")+`) u ON true ORDER BY u.rang, u.uuid`, args...).Scan(&lignes).Error
		if err != nil {
			return nil, 0, fmt.Errorf("read live changes: %w", err)
		}
		for _, l := range lignes {
			if repere == 0 || l.Repere < repere {
				repere = l.Repere
			}
			if l.UUID != uuid.Nil {
				out[l.Public] = append(out[l.Public], l.changement())
			}
		}
	}
	if repere == 0 {
		var err error
		if repere, err = s.Repere(ctx); err != nil {
			return nil, 0, err
		}
	}
	return out, repere, nil
}

// Depuis implements direct.Lecteur. Unlike Flux it also gives what an older transaction could still precede: the
// reader was subscribed before, so that nothing falls between both.
func (s Direct) Depuis(ctx context.Context, p auth.Principal, rang int64, limite int) ([]direct.Changement, bool, error) {
	sql, args := branchesDirect(0, p, "r.flux_rang >= ?", []any{rang}, "x.flux_rang >= ?", []any{rang})
	if sql == "" {
		return nil, true, nil
	}
	var lignes []ligneDirect
	err := s.db.db(ctx).Raw(`SELECT * FROM (`+sql+`) u ORDER BY u.rang, u.uuid LIMIT ?`, append(args, limite+1)...).Scan(&lignes).Error
	if err != nil {
		return nil, false, fmt.Errorf("read missed changes: %w", err)
	}
	if len(lignes) > limite {
		return nil, false, nil
	}
	var out []direct.Changement
	for _, l := range lignes {
		out = append(out, l.changement())
	}
	return out, true, nil
}

// Repere implements direct.Lecteur.
func (s Direct) Repere(ctx context.Context) (int64, error) {
	c, err := s.db.finFlux(ctx)
	return c.Rang + 1, err
}

// Ecouter implements direct.Source on a connection of its own, outside of the pool: it is never given back.
func (s Direct) Ecouter(ctx context.Context, pret func(), recevoir func(direct.Avis)) error {
	cfg := s.db.pool.Config().ConnConfig.Copy()
	cfg.RuntimeParams["application_name"] = "apilos direct"
	cfg.Tracer = nil
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return fmt.Errorf("connect to listen: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "LISTEN "+canalDirect); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	pret()
	for {
		attente, cancel := context.WithTimeout(ctx, sondeDirect)
		n, err := conn.WaitForNotification(attente)
		cancel()
		switch {
		case err == nil:
			if a, ok := avisDirect(n.Payload); ok {
				recevoir(a)
			}
		case ctx.Err() != nil:
			return ctx.Err()
		case attente.Err() == nil || conn.IsClosed():
			return fmt.Errorf("wait for notifications: %w", err)
		default: // silence: is the server still there?
			sonde, cancel := context.WithTimeout(ctx, 5*time.Second)
			err := conn.Ping(sonde)
			cancel()
			if err != nil {
				return fmt.Errorf("connection that listens: %w", err)
			}
		}
	}
}

// avisDirect reads a message of the triggers; one that a later version wrote is not understood and left.
func avisDirect(texte string) (direct.Avis, bool) {
	if texte == "*" {
		return direct.Avis{Tout: true}, true
	}
	if texte == "" {
		return direct.Avis{}, false
	}
	genre, reste := texte[0], texte[1:]
	if genre == 's' {
		return direct.Avis{SessionID: reste}, reste != ""
	}
	n, err := strconv.ParseInt(reste, 10, 64)
	if err != nil || n <= 0 {
		return direct.Avis{}, false
	}
	switch genre {
	case 'f':
		return direct.Avis{RacineID: n}, true
	case 'u':
		return direct.Avis{UtilisateurID: n}, true
	}
	return direct.Avis{}, false
}
