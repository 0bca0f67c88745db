package revision_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"apilos/api/revision"
	"apilos/api/revision/coffre"
	"apilos/api/storage"
	"apilos/api/store"

	"github.com/stretchr/testify/require"
)

// objets is a store of bytes that a test can take away or slow down.
type objets struct {
	storage.Store
	panne atomic.Bool
}

func (o *objets) Put(ctx context.Context, key string, r io.Reader, opts storage.Options) (storage.Info, error) {
	if o.panne.Load() {
		return storage.Info{}, fmt.Errorf("put %s: %w", key, storage.ErrUnavailable)
	}
	return o.Store.Put(ctx, key, r, opts)
}

// genre is a nature made for the tests: a text is valid unless it starts with "faux".
type genre struct {
	nature                                                         revision.Nature
	types                                                          []revision.TypeFichier
	refusePortee, refuseLecture, refuseEcriture, refusePublication error
	pendant                                                        func(ctx context.Context, e revision.Entree) error // inside the validator
	avant                                                          func(ctx context.Context, p *revision.EnPublication) error
	apres                                                          func(ctx context.Context, p *revision.EnPublication) error
}

func (g *genre) Nature() revision.Nature { return g.nature }
func (g *genre) Libelle() string         { return "essai" }
func (g *genre) Portee(context.Context, revision.Acteur, string, string) error {
	return g.refusePortee
}
func (g *genre) PeutLire(context.Context, revision.Acteur, *revision.Revision) error {
	return g.refuseLecture
}
func (g *genre) PeutEcrire(context.Context, revision.Acteur, *revision.Revision) error {
	return g.refuseEcriture
}
func (g *genre) PeutPublier(context.Context, revision.Acteur, *revision.Revision) error {
	return g.refusePublication
}
func (g *genre) Fichiers() []revision.TypeFichier { return g.types }
func (g *genre) Valider(ctx context.Context, e revision.Entree) (revision.Validation, error) {
	if g.pendant != nil {
		if err := g.pendant(ctx, e); err != nil {
			return revision.Validation{}, err
		}
	}
	v := revision.Validation{Valid: true, ValidatorVersion: "1.0.0"}
	for _, f := range e.Fichiers {
		r, err := f.Ouvrir(ctx)
		if err != nil {
			return v, err
		}
		b, err := io.ReadAll(r)
		if err := r.Close(); err != nil {
			return v, err
		}
		if err != nil {
			return v, err
		}
		if bytes.HasPrefix(b, []byte("faux")) {
			v.Valid, v.Errors = false, []string{"texte.faux"}
		}
	}
	return v, nil
}

func (g *genre) AvantPublier(ctx context.Context, p *revision.EnPublication) error {
	if g.avant == nil {
		return nil
	}
	return g.avant(ctx, p)
}

func (g *genre) ApresPublier(ctx context.Context, p *revision.EnPublication) error {
	if g.apres == nil {
		return nil
	}
	return g.apres(ctx, p)
}

// maxEssai is the limit of the test nature, in bytes.
const maxEssai = 1000

type banc struct {
	*fixture.Monde
	t       testing.TB
	objets  *objets
	genre   *genre
	service *revision.Service
	acteur  revision.Acteur
}

func nouveauBanc(t testing.TB, regler ...func(*revision.Config)) *banc {
	t.Helper()
	local, err := storage.NewLocal(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = local.Close() })
	b := &banc{Monde: fixture.Nouveau(t), t: t, objets: &objets{Store: local}}
	b.genre = &genre{nature: revision.Annexe, types: []revision.TypeFichier{
		{Type: "document", Max: maxEssai, Obligatoire: true}, {Type: "piece:*", Max: maxEssai, Remplacable: true},
	}}
	b.service = b.nouveauService(regler...)
	b.acteur = revision.Personne(b.EnInstructeur())
	return b
}

// nouveauService is what another process would build on the same database and objects.
func (b *banc) nouveauService(regler ...func(*revision.Config)) *revision.Service {
	b.t.Helper()
	ids, err := revision.NewIdentifiants(time.Now, rand.Reader)
	require.NoError(b.t, err)
	c := revision.Config{Store: store.NewRevisions(b.Store), Coffre: coffre.New(b.objets), Identifiants: ids, Horloge: time.Now}
	for _, r := range regler {
		r(&c)
	}
	s, err := revision.New(c)
	require.NoError(b.t, err)
	require.NoError(b.t, s.Enregistrer(b.genre))
	return s
}

func (b *banc) creer(cle string) *revision.Revision {
	b.t.Helper()
	r, err := b.service.Creer(context.Background(), b.acteur, revision.Creation{Nature: revision.Annexe, PorteeType: "convention", PorteeCle: cle})
	require.NoError(b.t, err)
	return r
}

func texte(s string) revision.Depot {
	return revision.Depot{Type: "document", Nom: "a.txt", Contenu: bytes.NewBufferString(s), TailleAnnoncee: int64(len(s))}
}

func (b *banc) deposer(id, contenu string) *revision.RevisionFichier {
	b.t.Helper()
	f, err := b.service.Deposer(context.Background(), b.acteur, id, texte(contenu))
	require.NoError(b.t, err)
	return f
}

// prete is a revision computed and valid.
func (b *banc) prete(cle, contenu string) *revision.Revision {
	b.t.Helper()
	r := b.creer(cle)
	b.deposer(r.ID, contenu)
	r, err := b.service.Calculer(context.Background(), b.acteur, r.ID)
	require.NoError(b.t, err)
	require.True(b.t, *r.Prete)
	return r
}

func (b *banc) publier(id string) (*revision.Revision, error) {
	return b.service.Publier(context.Background(), b.acteur, id, revision.Publication{})
}

func (b *banc) cles() []string {
	b.t.Helper()
	liste, err := b.objets.List(context.Background(), "", "", storage.MaxList)
	require.NoError(b.t, err)
	out := []string{}
	for _, o := range liste {
		out = append(out, o.Key)
	}
	return out
}

func refus(t *testing.T, err error, code, message string) {
	t.Helper()
	f := fault.As(err)
	require.NotNil(t, f, "%v", err)
	require.Equal(t, code, f.Code)
	require.Equal(t, message, f.Message)
}

func empreinteMD5(s string) string {
	h := md5.Sum([]byte(s))
	return hex.EncodeToString(h[:])
}
