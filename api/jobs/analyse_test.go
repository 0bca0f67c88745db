package jobs_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"apilos/api/antivirus"
	"apilos/api/convention"
	"apilos/api/internal/fixture"
	"apilos/api/jobs"
	"apilos/api/revision"
	"apilos/api/revision/coffre"
	"apilos/api/revision/genre"
	"apilos/api/storage"
	"apilos/api/store"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// detecteur is a scanner whose answers the test chooses: it reads the content as clamd does.
type detecteur struct {
	absent atomic.Bool
	refus  atomic.Bool
	passes atomic.Int32
}

var motif = []byte("EICAR-STANDARD")

func (d *detecteur) Scan(ctx context.Context, r io.Reader) (antivirus.Verdict, error) {
	d.passes.Add(1)
	if d.absent.Load() {
		return antivirus.Verdict{Statut: antivirus.Echec}, antivirus.ErrUnavailable
	}
	if d.refus.Load() {
		return antivirus.Verdict{Statut: antivirus.Echec}, antivirus.ErrSizeLimit
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return antivirus.Verdict{Statut: antivirus.Echec}, err
	}
	if bytes.Contains(b, motif) {
		return antivirus.Verdict{Statut: antivirus.Infecte, Signature: "Essai"}, nil
	}
	return antivirus.Verdict{Statut: antivirus.Sain}, ctx.Err()
}
func (d *detecteur) Check(context.Context) error { return nil }

// Analyser implements revision.Scanner: the signed document is never scanned while it is deposited.
func (d *detecteur) Analyser(context.Context, io.Reader) (bool, error) {
	return false, errors.New("not here")
}

type bancAnalyse struct {
	*banc
	contenus *storage.Local
	scanner  *detecteur
}

func nouveauBancAnalyse(t *testing.T) *bancAnalyse {
	b := &bancAnalyse{banc: nouveauBanc(t), scanner: &detecteur{}}
	var err error
	b.contenus, err = storage.NewLocal(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = b.contenus.Close() })
	ids, err := revision.NewIdentifiants(time.Now, rand.Reader)
	require.NoError(t, err)
	moteur, err := revision.New(revision.Config{
		Store: store.NewRevisions(b.db), Coffre: coffre.New(b.contenus), Identifiants: ids, Horloge: time.Now, Scanner: b.scanner,
	})
	require.NoError(t, err)
	b.conv = convention.NewService(b.db, b.alertes, genre.Depots{Moteur: moteur, Coffre: coffre.New(b.contenus)}, b.client, time.Now)
	require.NoError(t, moteur.Enregistrer(genre.Natures(b.conv)...))
	return b
}

func (b *bancAnalyse) travaux() jobs.Travaux {
	return jobs.Travaux{Analyse: &jobs.Analyse{Fichiers: store.NewEntretien(b.db), Contenus: b.contenus, Scanner: b.scanner, Verdicts: b.conv, Journal: b.journal}}
}

func (b *bancAnalyse) deposer(contenu string) (uuid.UUID, convention.Document) {
	b.t.Helper()
	id := b.Convention(fixture.Conv{Statut: convention.ASigner})
	bai := b.EnBailleur()
	d, err := b.conv.Lire(context.Background(), bai, id)
	require.NoError(b.t, err)
	doc, err := b.conv.Deposer(context.Background(), bai, id, convention.Depot{
		Version: d.Convention.Version, Rubrique: convention.RubriqueDocumentSigne, Nom: "signé.pdf", Contenu: bytes.NewReader(fixture.PDF(contenu)),
	})
	require.NoError(b.t, err)
	require.Equal(b.t, "EN_ATTENTE", doc.Fichier.Antivirus)
	return id, doc
}

func (b *bancAnalyse) antivirus(doc convention.Document) string {
	var etat string
	require.NoError(b.t, b.Base.Pool.QueryRow(context.Background(), `SELECT antivirus FROM fichier WHERE uuid = $1`, doc.Fichier.UUID).Scan(&etat))
	return etat
}

func TestDO06_depositedFileIsScannedBeforeItServes(t *testing.T) {
	b := nouveauBancAnalyse(t)
	_, doc := b.deposer("contenu")
	b.lancer(b.travaux())
	bientot(t, "verdict", func() bool { return b.antivirus(doc) == "SAIN" })
}

func TestDO06_EM06_infectedFileIsRemovedAndToldOf(t *testing.T) {
	b := nouveauBancAnalyse(t)
	id, doc := b.deposer(string(motif))
	b.lancer(b.travaux())
	bientot(t, "verdict", func() bool { return b.antivirus(doc) == "INFECTE" })
	bientot(t, "messages delivered", b.finis)
	bientot(t, "object removed", func() bool {
		_, err := b.contenus.Stat(context.Background(), doc.Fichier.CleObjet)
		return errors.Is(err, storage.ErrNotFound)
	})
	// The antivirus has no SIAP credentials and no technical account is configured: the alert is given up.
	require.Empty(t, b.etiquettes(id))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM message_sortant WHERE canal = 'ALERTE_SIAP' AND etat = 'ABANDON'`))
	recus, err := b.courrier.List(10)
	require.NoError(t, err)
	require.Len(t, recus, 1)
	require.Contains(t, recus[0].Subject, "signé.pdf")
}

// A scan that cannot end never says clean: the file waits in ECHEC, and the job comes back.
func TestDO06_scannerAwayIsNeverClean(t *testing.T) {
	b := nouveauBancAnalyse(t)
	b.scanner.absent.Store(true)
	_, doc := b.deposer("contenu")
	b.lancer(b.travaux())
	bientot(t, "state ECHEC", func() bool { return b.antivirus(doc) == "ECHEC" })
	bientot(t, "another try is planned, five in all", func() bool {
		return b.Compter(`SELECT count(*) FROM river_job WHERE kind = 'analyser_fichier' AND state = 'retryable' AND max_attempts = 6
			AND scheduled_at BETWEEN now() + interval '1 second' AND now() + interval '11 seconds'`) == 1
	})
	b.scanner.absent.Store(false)
	bientot(t, "verdict at the second try", func() bool { return b.antivirus(doc) == "SAIN" })
}

func TestDO06_uselessTriesAreNotMade(t *testing.T) {
	b := nouveauBancAnalyse(t)
	b.scanner.refus.Store(true)
	_, doc := b.deposer("contenu")
	b.lancer(b.travaux())
	bientot(t, "job cancelled", func() bool {
		return b.Compter(`SELECT count(*) FROM river_job WHERE kind = 'analyser_fichier' AND state = 'cancelled'`) == 1
	})
	require.Equal(t, "ECHEC", b.antivirus(doc))
}

// A worker that died between the verdict and the removal of the object: the next run removes it.
func TestDO06_removalOfAnInfectedObjectIsFinished(t *testing.T) {
	b := nouveauBancAnalyse(t)
	_, doc := b.deposer(string(motif))
	b.Executer(`UPDATE fichier SET antivirus = 'INFECTE', supprime_le = now() WHERE uuid = $1`, doc.Fichier.UUID)
	b.lancer(b.travaux())
	bientot(t, "object removed", func() bool {
		_, err := b.contenus.Stat(context.Background(), doc.Fichier.CleObjet)
		return errors.Is(err, storage.ErrNotFound)
	})
	require.Zero(t, b.scanner.passes.Load())
}

// Files whose scan was given up get another chance later; old, clean and removed ones do not.
func TestFilesWithoutScanAreFound(t *testing.T) {
	b := nouveauBanc(t)
	id := b.Convention(fixture.Conv{Statut: convention.ASigner})
	fichier := func(etat, age string) int64 {
		f := b.DocumentSigne(id, etat)
		b.Executer(`UPDATE fichier SET cree_le = now() - $2::interval WHERE id = $1`, f, age)
		b.Executer(`UPDATE fichier_rattache SET remplace_le = now() WHERE fichier_id = $1`, f)
		return f
	}
	attendus := []int64{fichier("ECHEC", "1 hour"), fichier("EN_ATTENTE", "1 day")}
	fichier("SAIN", "1 hour")
	fichier("ECHEC", "30 days")
	fichier("EN_ATTENTE", "1 second")
	occupe := fichier("ECHEC", "1 hour")
	b.Executer(`INSERT INTO river_job (kind, args, queue, max_attempts, state, attempted_at) VALUES ('analyser_fichier', jsonb_build_object('fichier_id', $1::bigint), 'fichiers', 6, 'running', now())`, occupe)
	mort := fichier("ECHEC", "1 hour")
	b.Executer(`INSERT INTO river_job (kind, args, queue, max_attempts, state, attempted_at) VALUES ('analyser_fichier', jsonb_build_object('fichier_id', $1::bigint), 'fichiers', 6, 'running', now() - interval '1 hour')`, mort)
	ids, err := store.NewEntretien(b.db).FichiersSansTache(context.Background(), time.Now().Add(-7*24*time.Hour), time.Now().Add(-time.Minute), 100)
	require.NoError(t, err)
	require.Equal(t, append(attendus, mort), ids)
}
