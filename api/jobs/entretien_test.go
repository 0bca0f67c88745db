package jobs_test

import (
	"context"
	"testing"
	"time"

	"apilos/api/convention"
	"apilos/api/internal/fixture"
	"apilos/api/jobs"
	"apilos/api/store"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/stretchr/testify/require"
)

// declencher enqueues a scheduled job without waiting for its hour.
func (b *banc) declencher(args river.JobArgs) {
	b.t.Helper()
	c, err := river.NewClient(riverpgxv5.New(b.db.Pool()), &river.Config{})
	require.NoError(b.t, err)
	_, err = c.Insert(context.Background(), args, nil)
	require.NoError(b.t, err)
}

type sessions struct{ purgees, verifiees chan struct{} }

func (s sessions) Purger(context.Context) (int, error) { s.purgees <- struct{}{}; return 1, nil }
func (s sessions) VerifierSessions(context.Context, int) (int, error) {
	s.verifiees <- struct{}{}
	return 0, nil
}

func TestHourlyPurge(t *testing.T) {
	b := nouveauBanc(t)
	p := b.EnBailleur()
	id := b.Convention(fixture.Conv{})
	autre := b.Convention(fixture.Conv{})
	for conv, age := range map[int64]string{b.ID(id): "31 days", b.ID(autre): "29 days"} {
		b.Executer(`INSERT INTO brouillon (utilisateur_id, convention_id, etape, valeurs, base_version, cree_le) VALUES ($1, $2, 'operation', '{}', 1, now() - $3::interval)`, p.UtilisateurID, conv, age)
	}
	for cle, age := range map[string]string{"vieille": "25 hours", "neuve": "23 hours"} {
		b.Executer(`INSERT INTO requete_idempotente (appelant, cle, empreinte, cree_le) VALUES ('s', $1, repeat('a', 64), now() - $2::interval)`, cle, age)
	}
	s := sessions{make(chan struct{}, 10), make(chan struct{}, 100)}
	b.lancer(jobs.Travaux{Sessions: s})
	b.declencher(jobs.Purger{})
	bientot(t, "purge", func() bool {
		return b.Compter(`SELECT count(*) FROM brouillon`) == 1 && b.Compter(`SELECT count(*) FROM requete_idempotente`) == 1
	})
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM requete_idempotente WHERE cle = 'neuve'`))
	<-s.purgees
	b.declencher(jobs.VerifierHabilitations{})
	<-s.verifiees
}

func TestRetentionEmptiesThenDeletesMessages(t *testing.T) {
	b := nouveauBanc(t)
	id := b.ID(b.Convention(fixture.Conv{}))
	for cle, age := range map[string]string{"neuf": "89 days", "vide": "91 days", "efface": "366 days"} {
		b.Executer(`INSERT INTO message_sortant (canal, type, convention_id, cle_unicite, charge, etat, traite_le, cree_le)
			VALUES ('EMAIL', 'EM-01', $1, $2, '{"donnees": {}}', 'ENVOYE', now() - $3::interval, now() - $3::interval)`, id, cle, age)
	}
	b.Executer(`INSERT INTO message_sortant (canal, type, convention_id, cle_unicite, charge, etat, cree_le, prochain_essai_le)
		VALUES ('BAN', 'ban.compose', $1, 'en-cours', '{}', 'A_ENVOYER', now() - interval '400 days', now())`, id)
	b.lancer(jobs.Travaux{})
	b.declencher(jobs.AppliquerRetention{})
	bientot(t, "retention", func() bool { return b.Compter(`SELECT count(*) FROM message_sortant`) == 3 })
	bientot(t, "content emptied", func() bool {
		return b.Compter(`SELECT count(*) FROM message_sortant WHERE charge IS NULL AND cle_unicite = 'vide'`) == 1
	})
	require.Equal(t, 2, b.Compter(`SELECT count(*) FROM message_sortant WHERE charge IS NOT NULL AND cle_unicite IN ('neuf','en-cours')`))
}

func TestMergersAreReadOnBehalfOfSomebodyWhoHoldsTheHabilitation(t *testing.T) {
	b := nouveauBanc(t)
	p := b.EnBailleur()
	b.Executer(`UPDATE role SET habilitation_id = 71 WHERE utilisateur_id = $1`, p.UtilisateurID)
	e := store.NewEntretien(b.db)
	d, ok, err := e.DemandeFusion(context.Background(), b.BailleurID, 71)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, p.Login, d.Login)
	require.Len(t, d.Siren, 9)
	b.Executer(`UPDATE utilisateur SET est_actif = false WHERE id = $1`, p.UtilisateurID)
	_, ok, err = e.DemandeFusion(context.Background(), b.BailleurID, 71)
	require.NoError(t, err)
	require.False(t, ok)
}

// Only what no living job will deliver is enqueued again.
func TestMessagesWithoutJobAreFound(t *testing.T) {
	b := nouveauBanc(t)
	id := b.Convention(fixture.Conv{Statut: convention.Projet})
	require.NoError(t, b.soumettre(b.EnBailleur(), id))
	e := store.NewEntretien(b.db)
	trouver := func() int {
		l, err := e.MessagesSansTache(context.Background(), time.Now(), 45*time.Second, 100)
		require.NoError(t, err)
		return len(l)
	}
	require.Zero(t, trouver(), "each has its job")
	b.Executer(`UPDATE river_job SET state = 'running', attempted_at = now()`)
	require.Zero(t, trouver(), "they run")
	b.Executer(`UPDATE river_job SET attempted_at = now() - interval '1 minute'`)
	require.Equal(t, 5, trouver(), "their worker is dead")
	b.Executer(`UPDATE message_sortant SET prochain_essai_le = now() + interval '1 hour'`)
	require.Zero(t, trouver(), "not due")
	b.Executer(`UPDATE message_sortant SET prochain_essai_le = now(), etat = 'ENVOYE'`)
	require.Zero(t, trouver(), "done")
}
