package telechargement_test

import (
	"context"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"apilos/api/storage"
	"apilos/api/store"
	"apilos/api/telechargement"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

const contenu = "%PDF-1.7 contenu signé"

// contenus is a store of bytes that a test can take away.
type contenus struct {
	*storage.Local
	absent atomic.Bool
}

func (c *contenus) Ouvrir(ctx context.Context, cle string) (io.ReadCloser, int64, error) {
	if c.absent.Load() {
		return nil, 0, fault.New(fault.Unavailable, "STOCKAGE_INDISPONIBLE", "Le stockage ne répond pas.")
	}
	corps, info, err := c.Get(ctx, cle, nil)
	return corps, info.Size, err
}

type banc struct {
	*fixture.Monde
	t        *testing.T
	le       time.Time
	contenus *contenus
	service  *telechargement.Service
}

func nouveauBanc(t *testing.T) *banc {
	t.Helper()
	t.Parallel()
	local, err := storage.NewLocal(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = local.Close() })
	b := &banc{Monde: fixture.Nouveau(t), t: t, le: time.Date(2026, 4, 15, 9, 30, 0, 0, time.UTC), contenus: &contenus{Local: local}}
	horloge := func() time.Time { return b.le }
	conv := convention.NewService(b.Store, nil, nil, nil, horloge)
	b.service = telechargement.NewService(store.NewTelechargements(b.Store), conv, b.contenus, horloge)
	return b
}

// session opens a session for p.
func (b *banc) session(p auth.Principal) auth.Principal {
	b.t.Helper()
	p.SessionID = uuid.NewString()
	b.Executer(`INSERT INTO session (id, utilisateur_id, expire_inactivite_le, expire_absolue_le) VALUES ($1, $2, $3, $4)`,
		p.SessionID, p.UtilisateurID, b.le.Add(time.Hour), b.le.Add(2*time.Hour))
	return p
}

// document attaches a signed PDF to a new convention and returns its uuid.
func (b *banc) document(antivirus string) uuid.UUID {
	b.t.Helper()
	id := b.Convention(fixture.Conv{Statut: convention.ASigner})
	f := b.DocumentSigne(id, antivirus)
	cle := "conventions/" + uuid.NewString() + ".pdf"
	_, err := b.contenus.Put(context.Background(), cle, strings.NewReader(contenu), storage.Options{})
	require.NoError(b.t, err)
	b.Executer(`UPDATE fichier SET cle_objet = $2, nom_reel = 'Convention signée.pdf' WHERE id = $1`, f, cle)
	var doc uuid.UUID
	require.NoError(b.t, b.Base.Pool.QueryRow(context.Background(), `SELECT uuid FROM fichier_rattache WHERE fichier_id = $1`, f).Scan(&doc))
	return doc
}

func (b *banc) servir(jeton string) (string, error) {
	c, err := b.service.Servir(context.Background(), jeton, telechargement.Appel{IP: "192.0.2.0", RequeteID: "7d9a0c9e-0f43-4a52-9c39-0b1f3a5d2f10"})
	if err != nil {
		return "", err
	}
	defer c.Corps.Close()
	raw, err := io.ReadAll(c.Corps)
	require.NoError(b.t, err)
	require.EqualValues(b.t, len(raw), c.Taille)
	return string(raw), nil
}

func introuvable(t *testing.T, err error) {
	t.Helper()
	require.True(t, fault.Is(err, fault.NotFound), "%v", err)
}

func TestC3_addressServesOnceAndIsJournalled(t *testing.T) {
	b := nouveauBanc(t)
	p := b.session(b.EnBailleur())
	lien, err := b.service.Ouvrir(context.Background(), p, b.document("SAIN"), false)
	require.NoError(t, err)
	require.Equal(t, b.le.Add(time.Minute), lien.ExpireLe)
	require.Zero(t, b.Compter(`SELECT count(*) FROM jeton_unique WHERE empreinte = $1 OR objet::text LIKE '%' || $1 || '%'`, lien.Jeton), "only a digest is kept")
	require.Zero(t, b.Compter(`SELECT count(*) FROM journal_audit WHERE action = 'L'`), "asking is not reading")

	got, err := b.servir(lien.Jeton)
	require.NoError(t, err)
	require.Equal(t, contenu, got)
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM journal_audit WHERE action = 'L' AND commande = 'document.telecharge' AND nom_table = 'fichier'
		AND utilisateur_id = $1 AND habilitation_id = $2 AND ip = '192.0.2.0' AND requete_id IS NOT NULL AND racine_id IS NOT NULL AND empreinte IS NOT NULL`,
		p.UtilisateurID, p.HabilitationID), "CC-33")

	_, err = b.servir(lien.Jeton)
	introuvable(t, err)
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM journal_audit WHERE action = 'L'`))
}

func TestC3_refusedAddresses(t *testing.T) {
	b := nouveauBanc(t)
	doc := b.document("SAIN")
	for nom, abimer := range map[string]func(p auth.Principal){
		"expired": func(auth.Principal) { b.le = b.le.Add(time.Minute) },
		"session revoked": func(p auth.Principal) {
			b.Executer(`UPDATE session SET revoquee_le = now() WHERE id = $1`, p.SessionID)
		},
		"session idle": func(p auth.Principal) {
			b.Executer(`UPDATE session SET expire_inactivite_le = $2 WHERE id = $1`, p.SessionID, b.le)
		},
		"session over": func(p auth.Principal) {
			b.Executer(`UPDATE session SET expire_absolue_le = $2 WHERE id = $1`, p.SessionID, b.le)
		},
		"account closed": func(p auth.Principal) {
			b.Executer(`UPDATE utilisateur SET est_actif = false WHERE id = $1`, p.UtilisateurID)
		},
		"file infected": func(auth.Principal) { b.Executer(`UPDATE fichier SET antivirus = 'INFECTE', supprime_le = now()`) },
	} {
		p := b.session(b.EnBailleur())
		b.Executer(`UPDATE fichier SET antivirus = 'SAIN', supprime_le = NULL`)
		lien, err := b.service.Ouvrir(context.Background(), p, doc, false)
		require.NoError(t, err, nom)
		abimer(p)
		_, err = b.servir(lien.Jeton)
		require.Error(t, err, nom)
		introuvable(t, err)
	}
	for _, jeton := range []string{"", "x", strings.Repeat("a", 43), strings.Repeat("é", 43), "\x00"} {
		_, err := b.servir(jeton)
		introuvable(t, err)
	}
	// A token of another use opens nothing.
	b.Executer(`UPDATE fichier SET antivirus = 'SAIN', supprime_le = NULL`)
	lien, err := b.service.Ouvrir(context.Background(), b.session(b.EnBailleur()), doc, false)
	require.NoError(t, err)
	b.Executer(`UPDATE jeton_unique SET usage = 'MOT_DE_PASSE'`)
	_, err = b.servir(lien.Jeton)
	introuvable(t, err)
}

func TestC3_twentyUsersOfOneAddress(t *testing.T) {
	b := nouveauBanc(t)
	lien, err := b.service.Ouvrir(context.Background(), b.session(b.EnBailleur()), b.document("SAIN"), false)
	require.NoError(t, err)
	var servis atomic.Int32
	fini := make(chan struct{})
	for range 20 {
		go func() {
			if c, err := b.service.Servir(context.Background(), lien.Jeton, telechargement.Appel{}); err == nil {
				servis.Add(1)
				_ = c.Corps.Close()
			}
			fini <- struct{}{}
		}()
	}
	for range 20 {
		<-fini
	}
	require.EqualValues(t, 1, servis.Load())
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM journal_audit WHERE action = 'L'`))
}

func TestPerimeterAndAntivirusDecideWhoGetsAnAddress(t *testing.T) {
	b := nouveauBanc(t)
	bai, ctx := b.session(b.EnBailleur()), context.Background()
	sain := b.document("SAIN")
	for nom, p := range map[string]auth.Principal{"instructeur": b.EnInstructeur(), "reader": fixture.EnLecture(b.EnInstructeur())} {
		_, err := b.service.Ouvrir(ctx, p, sain, false)
		require.NoError(t, err, nom)
	}
	_, err := b.service.Ouvrir(ctx, b.EtrangerBailleur(), sain, false)
	introuvable(t, err)
	_, inconnu := b.service.Ouvrir(ctx, bai, uuid.New(), false)
	introuvable(t, inconnu)
	require.Equal(t, inconnu.Error(), err.Error(), "unknown and outside the perimeter are the same answer")

	for antivirus, mot := range map[string]string{"EN_ATTENTE": "en cours de vérification", "ECHEC": "n’a pas abouti"} {
		_, err := b.service.Ouvrir(ctx, bai, b.document(antivirus), false)
		require.True(t, fault.Is(err, fault.Conflict) && fault.HasCode(err, "FICHIER_NON_VERIFIE"), "%v", err)
		require.Contains(t, fault.As(err).Message, mot)
	}
	infecte := b.document("INFECTE")
	_, err = b.service.Ouvrir(ctx, bai, infecte, false)
	introuvable(t, err)
	_, err = b.service.Ouvrir(ctx, bai, b.document("NON_ANALYSE"), false)
	require.NoError(t, err, "scanning disabled by configuration")

	// A replaced version is archived, not lost (DO-07).
	b.Executer(`UPDATE fichier_rattache SET remplace_le = now() WHERE uuid = $1`, sain)
	_, err = b.service.Ouvrir(ctx, bai, sain, false)
	require.NoError(t, err)
}

// A store out of reach does not burn the address.
func TestStoreAwayKeepsTheAddress(t *testing.T) {
	b := nouveauBanc(t)
	lien, err := b.service.Ouvrir(context.Background(), b.session(b.EnBailleur()), b.document("SAIN"), false)
	require.NoError(t, err)
	b.contenus.absent.Store(true)
	_, err = b.servir(lien.Jeton)
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
	b.contenus.absent.Store(false)
	_, err = b.servir(lien.Jeton)
	require.NoError(t, err)
}

func TestD_typeSentIsOneOfOurs(t *testing.T) {
	b := nouveauBanc(t)
	p, doc := b.session(b.EnBailleur()), b.document("SAIN")
	for declare, want := range map[string]struct {
		typeMime string
		enLigne  bool
	}{
		"application/pdf": {"application/pdf", true}, "image/png": {"image/png", true}, "image/jpeg": {"image/jpeg", true},
		"text/html": {"application/octet-stream", false}, "image/svg+xml": {"application/octet-stream", false},
		"application/zip": {"application/zip", false}, "": {"application/octet-stream", false},
	} {
		b.Executer(`UPDATE fichier SET type_mime = $1`, declare)
		lien, err := b.service.Ouvrir(context.Background(), p, doc, true)
		require.NoError(t, err)
		c, err := b.service.Servir(context.Background(), lien.Jeton, telechargement.Appel{})
		require.NoError(t, err)
		require.NoError(t, c.Corps.Close())
		require.Equal(t, want.typeMime, c.TypeMime, declare)
		require.Equal(t, want.enLigne, c.EnLigne, declare)
	}
}
