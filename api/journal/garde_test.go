package journal_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/event"
	"apilos/api/internal/fixture"
	"apilos/api/journal"
	"apilos/api/storage"
	"apilos/api/store"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// banc is a guarded journal, with a clock of its own.
type banc struct {
	*fixture.Monde
	t      *testing.T
	garde  *journal.Garde
	objets *storage.Local
	le     time.Time
}

func nouveauBanc(t *testing.T) *banc {
	t.Helper()
	t.Parallel()
	b := &banc{Monde: fixture.Nouveau(t), t: t, le: time.Date(2026, 5, 4, 2, 10, 0, 0, time.UTC)}
	var err error
	b.objets, err = storage.NewLocal(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = b.objets.Close() })
	b.garde = &journal.Garde{
		Store: store.Sceaux{DB: b.Store}, Objets: b.objets, Horloge: func() time.Time { return b.le }, Journal: slog.New(slog.DiscardHandler),
		Cles: []journal.Cle{{ID: "2026", Secret: []byte("une-cle-de-test-assez-longue-pour-tout")}},
	}
	return b
}

func (b *banc) famille() int64 { return b.ID(b.Convention(fixture.Conv{})) }

// ecrire appends rows to a family, as commands do.
func (b *banc) ecrire(racine int64, n int, auteur string) {
	b.t.Helper()
	for range n {
		require.NoError(b.t, b.Store.InTx(context.Background(), func(ctx context.Context) error {
			return b.Store.Journaliser(ctx, racine, event.Journal{NomTable: "convention", Action: event.Fait, Commande: "essai", Mode: "NORMAL", Acteur: auteur, CreeLe: b.le})
		}))
	}
}

func (b *banc) lireDocument(racine int64, le time.Time, lecteur string) {
	b.t.Helper()
	require.NoError(b.t, b.Store.InTx(context.Background(), func(ctx context.Context) error {
		return b.Store.Journaliser(ctx, racine, event.Journal{NomTable: "fichier", Action: event.Lecture, Commande: "document.telecharge", Mode: "NORMAL", Acteur: lecteur, CreeLe: le})
	}))
}

// sceller makes a seal one day after the last one and returns its digest and what it holds.
func (b *banc) sceller() (journal.Scelle, string) {
	b.t.Helper()
	b.le = b.le.Add(24 * time.Hour)
	s, err := b.garde.Sceller(context.Background())
	require.NoError(b.t, err)
	return s, b.objet(s.Cle)
}

func (b *banc) objet(cle string) string {
	b.t.Helper()
	corps, _, err := b.objets.Get(context.Background(), cle, nil)
	require.NoError(b.t, err)
	defer corps.Close()
	texte, err := io.ReadAll(corps)
	require.NoError(b.t, err)
	return string(texte)
}

func (b *banc) remplacer(cle, texte string) {
	b.t.Helper()
	require.NoError(b.t, b.objets.Delete(context.Background(), cle))
	_, err := b.objets.Put(context.Background(), cle, strings.NewReader(texte), storage.Options{})
	require.NoError(b.t, err)
}

func (b *banc) verifier(attendue string) []journal.Anomalie {
	b.t.Helper()
	bilan, err := b.garde.Verifier(context.Background(), attendue)
	require.NoError(b.t, err)
	return bilan.Anomalies
}

// chainesIntactes says that nothing but a seal can tell: every chain holds together and agrees with its end.
func (b *banc) chainesIntactes() {
	b.t.Helper()
	require.NoError(b.t, b.Store.VerifierJournaux(context.Background()))
	bilan := event.BilanChaines{}
	require.NoError(b.t, b.garde.ControlerLectures(context.Background(), &bilan))
	require.Empty(b.t, bilan.Ruptures)
}

// falsifier runs statements as the owner of the database: no trigger stops them.
func (b *banc) falsifier(statements ...string) {
	b.t.Helper()
	ctx := context.Background()
	require.NoError(b.t, pgx.BeginFunc(ctx, b.Base.Pool, func(tx pgx.Tx) error {
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

// TestCC32_uneChaineRecalculeeAvecSonAncreEstVue: the owner of the database rewrites a family whole, digests and end
// included, under the same ids.
func TestCC32_uneChaineRecalculeeAvecSonAncreEstVue(t *testing.T) {
	b := nouveauBanc(t)
	bonne, visee, nouvelle := b.famille(), b.famille(), b.famille()
	b.ecrire(bonne, 2, "luc")
	b.ecrire(visee, 3, "luc")
	b.lireDocument(visee, b.le, "marie")
	_, texte := b.sceller()
	require.Contains(t, texte, fmt.Sprintf("\nfamille %d 3 ", visee))
	require.Contains(t, texte, "\nlecture 1 1 ")
	b.ecrire(bonne, 1, "luc") // what follows a seal is no anomaly
	b.ecrire(nouvelle, 1, "luc")
	b.lireDocument(visee, b.le, "marie")
	require.Empty(t, b.verifier(""))
	dernier := b.Compter(`SELECT dernier_id FROM journal_ancre WHERE racine_id = $1`, visee)

	b.falsifier(fmt.Sprintf(`DELETE FROM journal_audit WHERE racine_id = %d AND chaine_id IS NULL`, visee), fmt.Sprintf(`DELETE FROM journal_ancre WHERE racine_id = %d`, visee))
	b.ecrire(visee, 3, "un autre") // good digests, a good end
	b.falsifier(fmt.Sprintf(`UPDATE journal_audit SET id = id - (SELECT dernier_id FROM journal_ancre WHERE racine_id = %d) + %d WHERE racine_id = %d AND chaine_id IS NULL`, visee, dernier, visee),
		fmt.Sprintf(`UPDATE journal_ancre SET dernier_id = %d WHERE racine_id = %d`, dernier, visee))
	b.chainesIntactes()
	require.Equal(t, []journal.Anomalie{{Nature: journal.ChaineReecrite, Sceau: 1, Chaine: visee, LigneID: int64(dernier)}}, b.verifier(""))
	b.sceller() // a later seal hides nothing, and the chain is named once
	require.Len(t, b.verifier(""), 1)

	// A family that was rewritten before it was ever sealed is not seen: the limit is the last seal.
	b.falsifier(fmt.Sprintf(`DELETE FROM journal_audit WHERE racine_id = %d`, bonne), fmt.Sprintf(`DELETE FROM journal_ancre WHERE racine_id = %d`, bonne),
		`DELETE FROM journal_audit WHERE chaine_id = 1`, `DELETE FROM journal_lecture`)
	b.chainesIntactes()
	anomalies := b.verifier("")
	require.Len(t, anomalies, 3, "a family removed with its end, and the readings: %v", anomalies)
	require.True(t, anomalies[2].Lectures || anomalies[1].Lectures || anomalies[0].Lectures)
	for _, a := range anomalies {
		require.Contains(t, a.String(), "réécrite ou retirée depuis le sceau n° 1")
	}
}

// TestCC32_unSceauCouteCeQuiAChange: families that nobody wrote are not listed again; one whose transaction was running
// during a seal is in a later one.
func TestCC32_unSceauCouteCeQuiAChange(t *testing.T) {
	b := nouveauBanc(t)
	var familles []int64
	for range 5 {
		familles = append(familles, b.famille())
		b.ecrire(familles[len(familles)-1], 1, "luc")
	}
	listees := func(texte string) (out []int64) {
		for l := range strings.Lines(texte) {
			var racine int64
			if n, _ := fmt.Sscanf(l, "famille %d", &racine); n == 1 {
				out = append(out, racine)
			}
		}
		return out
	}
	premier, texte := b.sceller()
	require.ElementsMatch(t, familles, listees(texte))
	require.EqualValues(t, 5, premier.Chaines)
	b.ecrire(familles[1], 1, "luc")
	_, texte = b.sceller()
	require.Equal(t, familles[1:2], listees(texte))
	_, texte = b.sceller()
	require.Empty(t, listees(texte))

	lente := b.famille()
	require.NoError(t, b.Store.InTx(context.Background(), func(ctx context.Context) error {
		if err := b.Store.Journaliser(ctx, lente, event.Journal{NomTable: "convention", Action: event.Fait, Commande: "lente", Mode: "NORMAL", CreeLe: b.le}); err != nil {
			return err
		}
		b.ecrire(familles[2], 1, "luc") // a later row, committed first
		_, texte = b.sceller()
		require.Equal(t, familles[2:3], listees(texte))
		_, texte = b.sceller()
		require.Equal(t, familles[2:3], listees(texte), "again: what is before it is not settled")
		return nil
	}))
	_, texte = b.sceller()
	require.Contains(t, listees(texte), lente, "it is not forgotten")
	_, texte = b.sceller()
	require.Empty(t, listees(texte))
	require.Empty(t, b.verifier(premier.Empreinte))
	// a database restored from a backup gives the same ids again: everything is listed
	b.Executer(`SELECT setval('journal_audit_id_seq', 3)`)
	_, texte = b.sceller()
	require.Len(t, listees(texte), 6)
	require.Equal(t, []journal.Anomalie{{Nature: journal.EmpreinteInconnue}}, b.verifier(strings.Repeat("a", 64)))
}

// TestCC32_sceauxFalsifies: whoever holds the storage, or the database, or both, but not the key.
func TestCC32_sceauxFalsifies(t *testing.T) {
	b := nouveauBanc(t)
	racine := b.famille()
	var sceaux []journal.Scelle
	var textes []string
	for range 4 {
		b.ecrire(racine, 1, "luc")
		s, texte := b.sceller()
		sceaux, textes = append(sceaux, s), append(textes, texte)
	}
	require.Empty(t, b.verifier(""))
	ctx := context.Background()
	autre := *b.garde
	autre.Cles = []journal.Cle{{ID: "2026", Secret: []byte("une-autre-cle-que-celle-de-la-plateforme")}}
	cas := map[string]struct {
		faire    func()
		anomalie journal.Anomalie
	}{
		"objet changé":        {func() { b.remplacer(sceaux[1].Cle, strings.Replace(textes[1], "famille", "famille ", 1)) }, journal.Anomalie{Nature: journal.SceauAltere, Sceau: 2}},
		"fin changée":         {func() { b.remplacer(sceaux[1].Cle, textes[1][:len(textes[1])-2]+"0\n") }, journal.Anomalie{Nature: journal.SceauAltere, Sceau: 2}},
		"coupé":               {func() { b.remplacer(sceaux[1].Cle, textes[1][:len(textes[1])/2]) }, journal.Anomalie{Nature: journal.SceauAltere, Sceau: 2}},
		"vidé":                {func() { b.remplacer(sceaux[1].Cle, "") }, journal.Anomalie{Nature: journal.SceauAltere, Sceau: 2}},
		"suivi d’autre chose": {func() { b.remplacer(sceaux[1].Cle, textes[1]+"famille 1 1 1 x\n") }, journal.Anomalie{Nature: journal.SceauAltere, Sceau: 2}},
		"copié d’un autre":    {func() { b.remplacer(sceaux[1].Cle, textes[2]) }, journal.Anomalie{Nature: journal.SceauAltere, Sceau: 2}},
		"premier retiré":      {func() { require.NoError(t, b.objets.Delete(ctx, sceaux[0].Cle)) }, journal.Anomalie{Nature: journal.SceauRetire, Sceau: 1}},
		"retiré":              {func() { require.NoError(t, b.objets.Delete(ctx, sceaux[2].Cle)) }, journal.Anomalie{Nature: journal.SceauRetire, Sceau: 3}},
		"dernier retiré":      {func() { require.NoError(t, b.objets.Delete(ctx, sceaux[3].Cle)) }, journal.Anomalie{Nature: journal.SceauRetire, Sceau: 4}},
		"retiré, et de la base": {func() {
			require.NoError(t, b.objets.Delete(ctx, sceaux[2].Cle))
			b.falsifier(`DELETE FROM journal_sceau WHERE numero = 3`)
		}, journal.Anomalie{Nature: journal.SceauRetire, Sceau: 3}},
		"un sceau de trop": {func() {
			_, err := b.objets.Put(ctx, "sceaux/2026/05/04/0000000002", strings.NewReader(textes[1]), storage.Options{})
			require.NoError(t, err)
		}, journal.Anomalie{Nature: journal.SceauAltere, Sceau: 2}},
		"un objet qui n’en est pas un": {func() {
			_, err := b.objets.Put(ctx, "sceaux/2026/note", strings.NewReader("x"), storage.Options{})
			require.NoError(t, err)
		}, journal.Anomalie{Nature: journal.SceauAltere}},
		"l’empreinte de la base changée": {func() { b.falsifier(`UPDATE journal_sceau SET empreinte = repeat('a', 64) WHERE numero = 2`) }, journal.Anomalie{Nature: journal.SceauRemplace, Sceau: 2}},
		"signé par une autre clé": {func() {
			require.NoError(t, b.objets.Delete(ctx, sceaux[3].Cle))
			b.falsifier(`DELETE FROM journal_sceau WHERE numero = 4`)
			_, err := autre.Sceller(ctx)
			require.NoError(t, err)
		}, journal.Anomalie{Nature: journal.SceauAltere, Sceau: 4}},
	}
	for nom, c := range cas {
		c.faire()
		require.Equal(t, []journal.Anomalie{c.anomalie}, b.verifier(""), nom)
		require.NotEmpty(t, c.anomalie.String())
		liste, err := b.objets.List(ctx, journal.Prefixe, "", 100)
		require.NoError(t, err)
		for _, o := range liste {
			require.NoError(t, b.objets.Delete(ctx, o.Key))
		}
		b.falsifier(`DELETE FROM journal_sceau`)
		for i, s := range sceaux {
			_, err := b.objets.Put(ctx, s.Cle, bytes.NewReader([]byte(textes[i])), storage.Options{})
			require.NoError(t, err)
			require.NoError(t, b.garde.Store.InscrireSceau(ctx, event.SceauInscrit{Numero: s.Numero, CleObjet: s.Cle, Empreinte: s.Empreinte, CreeLe: s.CreeLe}))
		}
		require.Empty(t, b.verifier(""), nom)
	}

	// The seals go on after one that was spoilt or removed, and a key may be changed: the former one still verifies.
	b.remplacer(sceaux[3].Cle, "x")
	b.garde.Cles = append([]journal.Cle{{ID: "2027", Secret: []byte("la-cle-de-l-annee-suivante-assez-longue")}}, b.garde.Cles...)
	s, _ := b.sceller()
	require.EqualValues(t, 5, s.Numero)
	require.NoError(t, b.objets.Delete(ctx, s.Cle))
	s, _ = b.sceller()
	require.EqualValues(t, 6, s.Numero, "a number serves once")
	require.Equal(t, []journal.Anomalie{{Nature: journal.SceauAltere, Sceau: 4}, {Nature: journal.SceauRetire, Sceau: 5}}, b.verifier(s.Empreinte))
}

// TestCC32_deuxProcessusScellent: seals made at once follow each other.
func TestCC32_deuxProcessusScellent(t *testing.T) {
	b := nouveauBanc(t)
	b.ecrire(b.famille(), 1, "luc")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := b.garde.Sceller(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.Equal(t, 4, b.Compter(`SELECT max(numero) FROM journal_sceau`))
	require.Empty(t, b.verifier(""))
	// killed between the object and its row: the next one goes on
	b.falsifier(`DELETE FROM journal_sceau WHERE numero = 4`)
	s, _ := b.sceller()
	require.EqualValues(t, 5, s.Numero)
	require.Empty(t, b.verifier(""))
}

// TestCC32_leSceauDuJour: once a day, and late is said.
func TestCC32_leSceauDuJour(t *testing.T) {
	b := nouveauBanc(t)
	ctx := context.Background()
	require.NoError(t, b.garde.AJour(ctx), "nothing to seal")
	b.ecrire(b.famille(), 1, "luc")
	require.NoError(t, b.garde.AJour(ctx))
	b.le = b.le.Add(49 * time.Hour)
	require.ErrorContains(t, b.garde.AJour(ctx), "jamais été scellé")
	for range 3 {
		require.NoError(t, b.garde.ScellerDuJour(ctx))
	}
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM journal_sceau`))
	require.NoError(t, b.garde.AJour(ctx))
	b.le = b.le.Add(24 * time.Hour)
	require.NoError(t, b.garde.ScellerDuJour(ctx))
	require.Equal(t, 2, b.Compter(`SELECT count(*) FROM journal_sceau`))
	b.le = b.le.Add(49 * time.Hour)
	require.ErrorContains(t, b.garde.AJour(ctx), "le dernier sceau du journal date du 07/05/2026")
}

// TestCC33_purgeSignee: readings go after one year, whole chains, and a removal that the platform did not sign is seen.
func TestCC33_purgeSignee(t *testing.T) {
	b := nouveauBanc(t)
	ctx := context.Background()
	racine := b.famille()
	b.ecrire(racine, 2, "luc")
	for mois := range 3 { // February to April 2024
		for range 2 {
			b.lireDocument(racine, time.Date(2024, time.Month(2+mois), 28, 23, 0, 0, 0, time.UTC), "marie")
		}
	}
	b.le = time.Date(2025, 3, 31, 23, 59, 0, 0, time.UTC)
	_, _ = b.sceller() // 1 April 2025: February and March 2024 are one year old
	n, err := b.garde.PurgerLectures(ctx)
	require.NoError(t, err)
	require.EqualValues(t, 4, n)
	require.Equal(t, 2, b.Compter(`SELECT count(*) FROM journal_audit WHERE action = 'L'`))
	n, err = b.garde.PurgerLectures(ctx)
	require.NoError(t, err)
	require.Zero(t, n)
	b.chainesIntactes()
	require.Empty(t, b.verifier(""), "what was sealed and purged is not missing")
	b.sceller()
	require.Empty(t, b.verifier(""))

	rompues := func() []event.Rupture {
		bilan := event.BilanChaines{}
		require.NoError(t, b.garde.ControlerLectures(ctx, &bilan))
		return bilan.Ruptures
	}
	for nom, sql := range map[string]string{
		"une chaîne retirée, dite purgée":  `UPDATE journal_lecture SET purgee_le = now(), signature = (SELECT signature FROM journal_lecture WHERE id = 1) WHERE id = 3`,
		"signée par une clé inconnue":      `UPDATE journal_lecture SET purgee_le = now(), signature = '2030 00' WHERE id = 3`,
		"signature d’aucune clé":           `UPDATE journal_lecture SET purgee_le = now(), signature = 'x' WHERE id = 3`,
		"ce qui reste de la purge, changé": `UPDATE journal_lecture SET lignes = 1 WHERE id = 2`,
	} {
		b.falsifier(`DROP TABLE IF EXISTS sauve_audit`, `DROP TABLE IF EXISTS sauve_lecture`, `CREATE TABLE sauve_audit AS TABLE journal_audit`, `CREATE TABLE sauve_lecture AS TABLE journal_lecture`)
		if strings.Contains(sql, "id = 3") {
			b.falsifier(`DELETE FROM journal_audit WHERE chaine_id = 3`)
		}
		b.falsifier(sql)
		r := rompues()
		require.Len(t, r, 1, nom)
		require.Equal(t, event.PurgeFausse, r[0].Nature, nom)
		b.falsifier(`DELETE FROM journal_audit`, `DELETE FROM journal_lecture`, `INSERT INTO journal_audit SELECT * FROM sauve_audit`, `INSERT INTO journal_lecture SELECT * FROM sauve_lecture`)
		require.Empty(t, rompues(), nom)
	}

	// A broken chain stays: it is a proof.
	b.falsifier(`UPDATE journal_audit SET acteur = 'un autre' WHERE id = (SELECT min(id) FROM journal_audit WHERE chaine_id = 3)`)
	b.le = b.le.AddDate(1, 0, 0)
	n, err = b.garde.PurgerLectures(ctx)
	require.ErrorContains(t, err, "purge refusée : lectures, chaîne n° 3")
	require.Zero(t, n)
	require.Equal(t, 2, b.Compter(`SELECT count(*) FROM journal_audit WHERE action = 'L'`))
}
