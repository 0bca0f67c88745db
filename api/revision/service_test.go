package revision_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"apilos/api/fault"
	"apilos/api/revision"

	"github.com/stretchr/testify/require"
)

func TestRevision_4_2_creation(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t)
	r := b.creer("a")
	require.True(t, revision.IDValide(r.ID))
	require.Equal(t, strings.ToLower(r.ID), r.ID)
	require.Equal(t, revision.EnAttente, r.Statut)
	require.False(t, *r.Prete)
	require.False(t, r.Courante)
	require.JSONEq(t, `{}`, string(r.Validation))
	require.JSONEq(t, `{}`, string(r.Contexte))
	require.NotEqual(t, r.ID, b.creer("a").ID, "several pending revisions of one scope live together")
	require.Equal(t, 2, b.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'revision.creee' AND utilisateur_id = $1`, b.acteur.Principal.UtilisateurID))

	for contexte, code := range map[string]string{
		`[]`: revision.CodeContexte, `"x"`: revision.CodeContexte, `{"a":`: revision.CodeContexte, `{"a":"\u0000"}`: revision.CodeContexte,
		`{"a":1e999999}`: revision.CodeContexte, `{"a":"` + strings.Repeat("x", 70_000) + `"}`: revision.CodeContexte,
		`{"a":"\ud800"}`: "", `{"a":12345678901234567890}`: "", ``: "",
	} {
		r, err := b.service.Creer(context.Background(), b.acteur, revision.Creation{Nature: revision.Annexe, PorteeCle: "a", Contexte: json.RawMessage(contexte)})
		if code != "" {
			require.True(t, fault.HasCode(err, code), "%.40s: %v", contexte, err)
			continue
		}
		require.NoError(t, err, contexte)
		require.NotEmpty(t, r.Contexte)
	}
	_, err := b.service.Creer(context.Background(), b.acteur, revision.Creation{Nature: "inconnue"})
	require.True(t, fault.HasCode(err, revision.CodeNature))
	b.genre.refusePortee = fault.Introuvable("Cette convention")
	_, err = b.service.Creer(context.Background(), b.acteur, revision.Creation{Nature: revision.Annexe, PorteeCle: "a"})
	require.True(t, fault.Is(err, fault.NotFound))
}

func TestRevision_4_3_refusalsWithTheirExactMessages(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t)
	const (
		md5      = "La valeur de l’en-tête Content-MD5 ne correspond pas à la signature MD5 du contenu soumis."
		encodage = "Aucun encodage de contenue dans l’en-tête n’est accepté."
		longueur = "La longueur de contenue dans l’en-tête ne correspond pas a la taille en octet du fichier."
		attache  = "Fichier déjà attaché a la révision"
		figee    = "La révision n’est plus modifiable"
		absent   = "Fichier non fourni."
		gros     = "Ce fichier dépasse 1 ko. Réduisez-le avant de le déposer."
	)
	publiee := b.prete("publiee", "x")
	_, err := b.publier(publiee.ID)
	require.NoError(t, err)
	pleine := b.creer("pleine")
	b.deposer(pleine.ID, "premier")
	long := strings.Repeat("x", maxEssai+1)
	for _, c := range []struct {
		nom, id, code, message string
		depot                  revision.Depot
	}{
		{"1 announced too long", "", revision.CodeTropGros, gros, revision.Depot{Contenu: iotest.ErrReader(errors.New("read")), TailleAnnoncee: maxEssai + 1}},
		{"1 too long, length unknown", "", revision.CodeTropGros, gros, revision.Depot{Contenu: strings.NewReader(long), TailleAnnoncee: -1}},
		{"1 over 4", "", revision.CodeTropGros, gros, revision.Depot{Contenu: strings.NewReader(long), TailleAnnoncee: -1, Encodage: "gzip"}},
		{"1 over 6", publiee.ID, revision.CodeTropGros, gros, revision.Depot{Contenu: strings.NewReader(long), TailleAnnoncee: -1}},
		{"2 announced empty", "", revision.CodeVide, absent, revision.Depot{Contenu: strings.NewReader(""), TailleAnnoncee: 0, MD5: "x", Encodage: "gzip"}},
		{"2 empty, length unknown", "", revision.CodeVide, absent, revision.Depot{Contenu: strings.NewReader(""), TailleAnnoncee: -1, MD5: "x"}},
		{"2 over 6", publiee.ID, revision.CodeVide, absent, revision.Depot{Contenu: strings.NewReader(""), TailleAnnoncee: -1}},
		{"2 over 7", pleine.ID, revision.CodeVide, absent, revision.Depot{Contenu: strings.NewReader(""), TailleAnnoncee: 0}},
		{"3 wrong MD5", "", revision.CodeMD5, md5, revision.Depot{Contenu: strings.NewReader("abc"), TailleAnnoncee: 3, MD5: empreinteMD5("abd")}},
		{"3 not a digest", "", revision.CodeMD5, md5, revision.Depot{Contenu: strings.NewReader("abc"), TailleAnnoncee: 3, MD5: "é"}},
		{"4 gzip", "", revision.CodeEncodage, encodage, revision.Depot{Contenu: strings.NewReader("abc"), TailleAnnoncee: 3, Encodage: "gzip"}},
		{"4 identity", "", revision.CodeEncodage, encodage, revision.Depot{Contenu: strings.NewReader("abc"), TailleAnnoncee: 3, Encodage: "identity"}},
		{"5 longer than announced", "", revision.CodeLongueur, longueur, revision.Depot{Contenu: strings.NewReader("abc"), TailleAnnoncee: 2}},
		{"5 shorter than announced", "", revision.CodeLongueur, longueur, revision.Depot{Contenu: strings.NewReader("abc"), TailleAnnoncee: 4}},
		{"5 cut by the sender", "", revision.CodeLongueur, longueur, revision.Depot{Contenu: io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(io.ErrUnexpectedEOF)), TailleAnnoncee: 4}},
		{"6 published", publiee.ID, revision.CodeNonModifiable, figee, revision.Depot{Contenu: strings.NewReader("abc"), TailleAnnoncee: 3}},
		{"7 already there", pleine.ID, revision.CodeDejaAttache, attache, revision.Depot{Contenu: strings.NewReader("abc"), TailleAnnoncee: -1}},
	} {
		avant := b.cles()
		id := c.id
		if id == "" {
			id = b.creer("neuve").ID
		}
		c.depot.Type = "document"
		_, err := b.service.Deposer(context.Background(), b.acteur, id, c.depot)
		require.Error(t, err, c.nom)
		refus(t, err, c.code, c.message)
		require.Equal(t, avant, b.cles(), "%s: nothing is left in the store", c.nom)
	}
	_, err = b.service.Deposer(context.Background(), b.acteur, "xyz", texte("a"))
	refus(t, err, revision.CodeIdentifiant, "Revision Id xyz is not ObjectId")
	_, err = b.service.Deposer(context.Background(), b.acteur, strings.Repeat("0", 24), texte("a"))
	refus(t, err, revision.CodeInconnue, "Revision 000000000000000000000000 not found")
	d := texte("a")
	for _, typ := range []string{"preuve", "piece:0", "piece:x", "piece:100", "piece:", "piece:*"} {
		d.Type = typ
		_, err = b.service.Deposer(context.Background(), b.acteur, pleine.ID, d)
		require.True(t, fault.HasCode(err, revision.CodeTypeFichier), typ)
	}
}

func TestRevision_4_3_acceptedUploads(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t)
	h := empreinteMD5("abc")
	brut, err := base64.StdEncoding.DecodeString("kAFQmDzST7DWlj99KOF/cg==")
	require.NoError(t, err)
	require.Len(t, brut, 16)
	for nom, d := range map[string]revision.Depot{
		"no header":       {Contenu: strings.NewReader("abc"), TailleAnnoncee: -1},
		"hexadecimal":     {Contenu: strings.NewReader("abc"), TailleAnnoncee: 3, MD5: h},
		"upper case":      {Contenu: strings.NewReader("abc"), TailleAnnoncee: 3, MD5: strings.ToUpper(h)},
		"base64":          {Contenu: strings.NewReader("abc"), TailleAnnoncee: 3, MD5: "kAFQmDzST7DWlj99KOF/cg=="},
		"byte by byte":    {Contenu: iotest.OneByteReader(strings.NewReader("abc")), TailleAnnoncee: -1, MD5: h},
		"exactly the max": {Contenu: strings.NewReader(strings.Repeat("x", maxEssai)), TailleAnnoncee: maxEssai},
		"max, unknown":    {Contenu: strings.NewReader(strings.Repeat("x", maxEssai)), TailleAnnoncee: -1},
	} {
		r := b.creer("a")
		d.Type = "document"
		f, err := b.service.Deposer(context.Background(), b.acteur, strings.ToUpper(r.ID), d)
		require.NoError(t, err, nom)
		require.Equal(t, "revisions/annexe/"+r.ID+"/"+f.ID, f.CleObjet)
		require.Equal(t, "NON_ANALYSE", f.Antivirus)
		corps, err := b.service.Ouvrir(context.Background(), *f, 1, 1)
		require.NoError(t, err)
		octet, err := io.ReadAll(corps)
		require.NoError(t, err)
		require.Len(t, octet, 1)
		require.NoError(t, corps.Close())
	}
	require.Equal(t, 7, b.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'revision.fichier_depose' AND apres->'fichiers'->>'document' IS NOT NULL`))
}

func TestRevision_4_3_storageDownLeavesNothing(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t)
	r := b.creer("a")
	b.objets.panne.Store(true)
	_, err := b.service.Deposer(context.Background(), b.acteur, r.ID, texte("abc"))
	refus(t, err, revision.CodeStockage, "Fichier non uploadé sur S3")
	require.True(t, fault.Is(err, fault.Unavailable))
	require.Zero(t, b.Compter(`SELECT count(*) FROM revision_fichier`))
	b.objets.panne.Store(false)
	b.deposer(r.ID, "abc")
}

func TestRevision_4_3_theCallerLeaves(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t)
	r := b.creer("a")
	ctx, partir := context.WithCancel(context.Background())
	d := texte("abc")
	d.TailleAnnoncee = -1
	d.Contenu = io.MultiReader(strings.NewReader("abc"), lecteur(func([]byte) (int, error) { partir(); return 0, io.EOF }))
	_, err := b.service.Deposer(ctx, b.acteur, r.ID, d)
	require.Error(t, err)
	require.Empty(t, b.cles())
	require.Zero(t, b.Compter(`SELECT count(*) FROM revision_fichier`))
}

type lecteur func(p []byte) (int, error)

func (l lecteur) Read(p []byte) (int, error) { return l(p) }

func TestRevision_4_4_compute(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t)
	ctx := context.Background()
	r := b.creer("a")
	_, err := b.service.Calculer(ctx, b.acteur, r.ID)
	refus(t, err, revision.CodeFichierAbsent, "Aucun fichier de type 'document' associé à la révision "+r.ID)

	f := b.deposer(r.ID, "faux texte")
	r, err = b.service.Calculer(ctx, b.acteur, r.ID)
	require.NoError(t, err)
	require.False(t, *r.Prete)
	require.JSONEq(t, `{"valid":false,"validatorVersion":"1.0.0","errors":["texte.faux"],"warnings":[],"infos":[]}`, string(r.Validation))
	_, err = b.publier(r.ID)
	refus(t, err, revision.CodeImpossible, "La publication n’est pas possible")

	require.NoError(t, b.objets.Delete(ctx, f.CleObjet))
	_, err = b.service.Calculer(ctx, b.acteur, r.ID)
	refus(t, err, revision.CodeObjetAbsent, "Fichier non trouvé sur S3")

	p := b.prete("b", "bon")
	_, err = b.publier(p.ID)
	require.NoError(t, err)
	_, err = b.service.Calculer(ctx, b.acteur, p.ID)
	refus(t, err, revision.CodeNonModifiable, "La révision n’est plus modifiable")

	meme := b.prete("b", "bon")
	require.Contains(t, string(meme.Validation), revision.InfoIdentique)
	require.NotContains(t, string(b.prete("b", "autre").Validation), revision.InfoIdentique)
}

func TestRevision_4_4_deadlineChangesNothing(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t, func(c *revision.Config) { c.DelaiCalcul = time.Second })
	r := b.creer("a")
	b.deposer(r.ID, "bon")
	b.genre.pendant = func(ctx context.Context, _ revision.Entree) error { <-ctx.Done(); return ctx.Err() }
	_, err := b.service.Calculer(context.Background(), b.acteur, r.ID)
	require.True(t, fault.HasCode(err, revision.CodeTropLongue), "%v", err)
	require.True(t, fault.Is(err, fault.Unavailable))
	lu, err := b.service.Lire(context.Background(), b.acteur, r.ID)
	require.NoError(t, err)
	require.JSONEq(t, `{}`, string(lu.Validation))

	ctx, partir := context.WithCancel(context.Background())
	partir()
	_, err = b.service.Calculer(ctx, b.acteur, r.ID)
	require.False(t, fault.HasCode(err, revision.CodeTropLongue), "the departure of the caller is not our deadline")
	require.Error(t, err)
}

func TestRevision_4_4_fileReplacedDuringCompute(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t)
	r := b.creer("a")
	b.deposer(r.ID, "bon")
	piece := func(contenu string) {
		d := texte(contenu)
		d.Type = "piece:1"
		_, err := b.service.Deposer(context.Background(), b.acteur, r.ID, d)
		require.NoError(t, err)
	}
	piece("un")
	b.genre.pendant = func(context.Context, revision.Entree) error { piece("faux"); return nil }
	_, err := b.service.Calculer(context.Background(), b.acteur, r.ID)
	require.True(t, fault.HasCode(err, revision.CodeChangePendant), "%v", err)
	b.genre.pendant = nil
	lu, err := b.service.Calculer(context.Background(), b.acteur, r.ID)
	require.NoError(t, err)
	require.False(t, *lu.Prete)
	piece("deux")
	lu, err = b.service.Calculer(context.Background(), b.acteur, r.ID)
	require.NoError(t, err)
	require.True(t, *lu.Prete)
	piece("trois")
	_, err = b.publier(r.ID)
	refus(t, err, revision.CodeImpossible, "La publication n’est pas possible")
}

func TestRevision_4_5_publication(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t)
	ctx := context.Background()
	un, deux, ailleurs := b.prete("a", "un"), b.prete("a", "deux"), b.prete("b", "trois")
	b.genre.avant = func(_ context.Context, p *revision.EnPublication) error {
		p.Habilitation = json.RawMessage(`{"id":"x"}`)
		return nil
	}
	var precedente *revision.Revision
	b.genre.apres = func(_ context.Context, p *revision.EnPublication) error {
		precedente = p.Precedente
		require.True(t, p.Revision.Courante)
		require.Len(t, p.Fichiers, 1)
		return nil
	}
	r, err := b.publier(un.ID)
	require.NoError(t, err)
	require.Nil(t, precedente)
	require.Equal(t, revision.Publiee, r.Statut)
	require.Nil(t, r.Prete)
	require.NotNil(t, r.PublieLe)
	lu, err := b.service.Courante(ctx, b.acteur, revision.Annexe, "a")
	require.NoError(t, err)
	require.Equal(t, un.ID, lu.ID)
	require.JSONEq(t, `{"id":"x"}`, string(lu.Habilitation))
	require.Len(t, lu.Fichiers, 1)

	_, err = b.publier(un.ID)
	refus(t, err, revision.CodeImpossible, "La publication n’est pas possible")
	_, err = b.publier(deux.ID) // invalidated by the first one
	refus(t, err, revision.CodeImpossible, "La publication n’est pas possible")
	_, err = b.publier(ailleurs.ID)
	require.NoError(t, err, "another scope is not concerned")
	_, err = b.service.Calculer(ctx, b.acteur, deux.ID)
	require.NoError(t, err)
	_, err = b.publier(deux.ID)
	require.NoError(t, err)
	require.Equal(t, un.ID, precedente.ID)
	require.Equal(t, 3, b.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'revision.publiee'`))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM revision WHERE portee_cle = 'a' AND courante`))

	page, suivant, err := b.service.Lister(ctx, b.acteur, revision.Filtre{Nature: revision.Annexe, PorteeCle: "a", Limite: 1})
	require.NoError(t, err)
	require.Equal(t, deux.ID, page[0].ID)
	page, suivant, err = b.service.Lister(ctx, b.acteur, revision.Filtre{Nature: revision.Annexe, PorteeCle: "a", Limite: 1, Apres: suivant})
	require.NoError(t, err)
	require.Equal(t, un.ID, page[0].ID)
	require.Empty(t, suivant)
}

func TestRevision_4_5_staleCompute(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t)
	ctx := context.Background()
	lente, rapide := b.creer("a"), b.prete("a", "rapide")
	b.deposer(lente.ID, "lente")
	// The publication of another one slips between the read and the write of the compute.
	b.genre.pendant = func(context.Context, revision.Entree) error { _, err := b.publier(rapide.ID); return err }
	r, err := b.service.Calculer(ctx, b.acteur, lente.ID)
	require.NoError(t, err)
	require.True(t, *r.Prete)
	b.genre.pendant = nil
	_, err = b.publier(lente.ID)
	refus(t, err, revision.CodeImpossible, "La publication n’est pas possible")
	lu, err := b.service.Lire(ctx, b.acteur, lente.ID)
	require.NoError(t, err)
	require.False(t, *lu.Prete)
	_, err = b.service.Calculer(ctx, b.acteur, lente.ID)
	require.NoError(t, err)
	_, err = b.publier(lente.ID)
	require.NoError(t, err)
}

func TestRevision_4_5_hooksShareTheTransaction(t *testing.T) {
	t.Parallel()
	var echo error
	suivies := 0
	b := nouveauBanc(t, func(c *revision.Config) {
		c.Publiee = func(context.Context, *revision.EnPublication) error { suivies++; return echo }
	})
	r := b.prete("a", "un")
	b.genre.apres = func(context.Context, *revision.EnPublication) error { return errors.New("panne") }
	_, err := b.publier(r.ID)
	require.ErrorContains(t, err, "panne")
	lu, err := b.service.Lire(context.Background(), b.acteur, r.ID)
	require.NoError(t, err)
	require.Equal(t, revision.EnAttente, lu.Statut)
	require.True(t, *lu.Prete)
	b.genre.apres = nil
	b.genre.avant = func(context.Context, *revision.EnPublication) error { return fault.New(fault.BadRequest, "X", "x") }
	_, err = b.publier(r.ID)
	require.True(t, fault.HasCode(err, "X"))
	require.Zero(t, suivies)
	b.genre.avant, echo = nil, errors.New("outbox full")
	_, err = b.publier(r.ID)
	require.ErrorContains(t, err, "outbox full")
	require.Zero(t, b.Compter(`SELECT count(*) FROM revision WHERE courante`), "told in the transaction")
	echo = nil
	_, err = b.publier(r.ID)
	require.NoError(t, err)
	require.Equal(t, 2, suivies)
}

func TestRevision_12_restore(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t)
	ctx := context.Background()
	un := b.prete("a", "un")
	_, err := b.service.Restaurer(ctx, b.acteur, un.ID)
	require.True(t, fault.HasCode(err, revision.CodeNonRestaurable))
	_, err = b.publier(un.ID)
	require.NoError(t, err)
	deux := b.prete("a", "deux")
	_, err = b.publier(deux.ID)
	require.NoError(t, err)
	objets := b.cles()
	r, err := b.service.Restaurer(ctx, b.acteur, un.ID)
	require.NoError(t, err)
	require.Equal(t, objets, b.cles(), "no second object")
	require.Len(t, r.Fichiers, 1)
	_, err = b.service.Calculer(ctx, b.acteur, r.ID)
	require.NoError(t, err)
	_, err = b.publier(r.ID)
	require.NoError(t, err)
	_, f, err := b.service.Fichier(ctx, b.acteur, r.ID, "document")
	require.NoError(t, err)
	corps, err := b.service.Ouvrir(ctx, f, 0, 0)
	require.NoError(t, err)
	defer corps.Close()
	contenu, err := io.ReadAll(corps)
	require.NoError(t, err)
	require.Equal(t, "un", string(contenu))

	// A restored revision that is dropped leaves the shared object alone.
	autre, err := b.service.Restaurer(ctx, b.acteur, deux.ID)
	require.NoError(t, err)
	require.NoError(t, b.service.Supprimer(ctx, b.acteur, autre.ID))
	require.Equal(t, objets, b.cles())
	err = b.service.Supprimer(ctx, b.acteur, r.ID)
	require.True(t, fault.HasCode(err, revision.CodeNonModifiable), "nothing published is ever deleted")
}

func TestRevision_12_inOneCall(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t)
	ctx := context.Background()
	creation := revision.Creation{Nature: revision.Annexe, PorteeType: "convention", PorteeCle: "a"}
	suite := func(depots ...revision.Depot) func(func(revision.Depot, error) bool) {
		return func(yield func(revision.Depot, error) bool) {
			for _, d := range depots {
				if !yield(d, nil) {
					return
				}
			}
		}
	}
	r, err := b.service.PublierEnUnAppel(ctx, b.acteur, creation, suite(texte("bon")), revision.Publication{})
	require.NoError(t, err)
	require.True(t, r.Courante)
	objets, revisions := b.cles(), b.Compter(`SELECT count(*) FROM revision`)
	_, err = b.service.PublierEnUnAppel(ctx, b.acteur, creation, suite(texte("faux")), revision.Publication{})
	require.True(t, fault.HasCode(err, revision.CodeRefuse), "%v", err)
	require.Equal(t, "texte.faux", fault.As(err).Fields[0].Code)
	_, err = b.service.PublierEnUnAppel(ctx, b.acteur, creation, suite(), revision.Publication{})
	require.True(t, fault.HasCode(err, revision.CodeFichierAbsent))
	b.genre.apres = func(context.Context, *revision.EnPublication) error { return errors.New("panne") }
	_, err = b.service.PublierEnUnAppel(ctx, b.acteur, creation, suite(texte("bon")), revision.Publication{})
	require.Error(t, err)
	require.Equal(t, objets, b.cles(), "a failed call leaves nothing")
	require.Equal(t, revisions, b.Compter(`SELECT count(*) FROM revision`))
}

func TestRevision_2_2_rightsComeFromTheNature(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t)
	ctx := context.Background()
	r := b.prete("a", "un")
	cache := fault.Introuvable("Cette révision")
	b.genre.refuseLecture, b.genre.refuseEcriture, b.genre.refusePublication = cache, cache, cache
	_, err := b.service.Lire(ctx, b.acteur, r.ID)
	require.True(t, fault.Is(err, fault.NotFound))
	_, err = b.service.Deposer(ctx, b.acteur, r.ID, texte("x"))
	require.True(t, fault.Is(err, fault.NotFound))
	_, err = b.service.Calculer(ctx, b.acteur, r.ID)
	require.True(t, fault.Is(err, fault.NotFound))
	_, err = b.publier(r.ID)
	require.True(t, fault.Is(err, fault.NotFound))
	_, _, err = b.service.Fichier(ctx, b.acteur, r.ID, "document")
	require.True(t, fault.Is(err, fault.NotFound))
	_, err = b.service.Restaurer(ctx, b.acteur, r.ID)
	require.True(t, fault.Is(err, fault.NotFound))
	_, _, err = b.service.Lister(ctx, b.acteur, revision.Filtre{Nature: revision.Annexe, PorteeCle: "a"})
	require.True(t, fault.Is(err, fault.NotFound))
	_, err = b.service.Courante(ctx, b.acteur, revision.Annexe, "a")
	require.True(t, fault.Is(err, fault.NotFound))
}

func TestRevision_11_oldPendingRevisionsArePurged(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t)
	ctx := context.Background()
	vieille, publiee, neuve := b.prete("a", "vieille"), b.prete("a", "publiee"), b.prete("b", "neuve")
	_, err := b.publier(publiee.ID)
	require.NoError(t, err)
	b.Executer(`UPDATE revision SET cree_le = now() - interval '100 days' WHERE id IN ($1, $2)`, vieille.ID, publiee.ID)
	n, err := b.service.PurgerPerimees(ctx, time.Now().AddDate(0, 0, -90))
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Len(t, b.cles(), 2)
	_, err = b.service.Lire(ctx, b.acteur, vieille.ID)
	refus(t, err, revision.CodeInconnue, "Revision "+vieille.ID+" not found")
	for _, r := range []*revision.Revision{publiee, neuve} {
		_, err = b.service.Lire(ctx, b.acteur, r.ID)
		require.NoError(t, err)
	}
}

func TestRevision_names(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t)
	b.genre.types[0].Extensions = []string{".pdf"}
	for nom, attendu := range map[string]string{
		"Plan été.pdf": "Plan été.pdf", `C:\x\a.PDF`: "a.PDF", "../../a.pdf": "a.pdf", strings.Repeat("é", 300) + ".pdf": strings.Repeat("é", 251) + ".pdf",
		"a.exe": revision.CodeExtension, "pdf": revision.CodeExtension, "": revision.CodeExtension, `a".pdf`: revision.CodeNomFichier, "a\n.pdf": revision.CodeNomFichier,
		"a\xff.pdf": revision.CodeNomFichier,
	} {
		r := b.creer("a")
		f, err := b.service.Deposer(context.Background(), b.acteur, r.ID, revision.Depot{Type: "document", Nom: nom, Contenu: bytes.NewBufferString("x"), TailleAnnoncee: 1})
		if err != nil {
			require.Equal(t, attendu, fault.As(err).Code, nom)
			continue
		}
		require.Equal(t, attendu, f.Nom)
	}
}
