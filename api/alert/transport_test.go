package alert_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"apilos/api/alert"

	"github.com/stretchr/testify/require"
)

// destinataire is a transport whose answers the test decides; it remembers what arrived.
type destinataire struct {
	mu        sync.Mutex
	politique alert.Politique
	repondre  func(l *alert.Ligne) (string, error)
	recus     []string
}

func (d *destinataire) Livrer(_ context.Context, l *alert.Ligne) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.repondre != nil {
		if externe, err := d.repondre(l); err != nil {
			return externe, err
		}
	}
	d.recus = append(d.recus, l.CleUnicite)
	return "recu-" + l.CleUnicite, nil
}

func (d *destinataire) Politique() alert.Politique { return d.politique }

func (d *destinataire) vus() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.recus)
}

func avec(d *destinataire, cles ...string) reglage {
	return func(c *alert.Config) {
		c.Transports = map[string]alert.Transport{}
		for _, cle := range cles {
			c.Transports[cle] = d
		}
	}
}

// ajouter writes rows in a transaction, as a domain package does.
func (b *banc) ajouter(lignes ...*alert.MessageSortant) {
	b.t.Helper()
	require.NoError(b.t, b.cfg.Store.InTx(context.Background(), func(ctx context.Context) error { return b.alertes.Ajouter(ctx, lignes...) }))
}

func message(cle, ordre string) *alert.MessageSortant {
	return &alert.MessageSortant{Canal: alert.CanalBAN, Type: "ban.compose", CleUnicite: cle, CleOrdre: ordre, Charge: []byte(`{"n":1}`)}
}

func TestTransportLivreUneFois(t *testing.T) {
	d := &destinataire{}
	b := nouveauBanc(t, avec(d, alert.CanalBAN))
	un := message("a", "")
	b.ajouter(un, message("a", ""), message("b", ""))
	require.Len(t, b.file.ids, 2, "the same key is never sent twice")
	b.livrerTout()
	require.ElementsMatch(t, []string{"a", "b"}, d.vus())
	b.livrer(un.ID)
	require.Len(t, d.vus(), 2)
	l := b.ligne(`SELECT * FROM message_sortant WHERE cle_unicite = 'a'`)
	require.Equal(t, "ENVOYE", l["etat"])
	require.Equal(t, "recu-a", l["identifiant_externe"])
	require.Zero(t, b.Compter(`SELECT count(*) FROM alerte_siap_log`), "the log of alerts is that of SIAP")
}

func TestTransportAnnuleAvecLaTransaction(t *testing.T) {
	d := &destinataire{}
	b := nouveauBanc(t, avec(d, alert.CanalBAN))
	err := b.cfg.Store.InTx(context.Background(), func(ctx context.Context) error {
		require.NoError(t, b.alertes.Ajouter(ctx, message("a", "")))
		return errors.New("la publication échoue")
	})
	require.Error(t, err)
	require.Zero(t, b.Compter(`SELECT count(*) FROM message_sortant`))
}

func TestTransportParTypeAvantLeCanal(t *testing.T) {
	parType, parCanal := &destinataire{}, &destinataire{}
	b := nouveauBanc(t, func(c *alert.Config) {
		c.Transports = map[string]alert.Transport{"depot.code": parType, alert.CanalBAN: parCanal}
	})
	courriel := &alert.MessageSortant{Canal: alert.CanalCourriel, Type: "depot.code", CleUnicite: "c", Destinataire: "a@b.fr", Charge: []byte(`{}`)}
	b.ajouter(courriel, message("a", ""))
	b.livrerTout()
	require.Equal(t, []string{"c"}, parType.vus())
	require.Equal(t, []string{"a"}, parCanal.vus())
}

func TestTransportOrdreParCle(t *testing.T) {
	enPanne := true
	d := &destinataire{}
	d.repondre = func(l *alert.Ligne) (string, error) {
		if enPanne && l.CleUnicite == "a1" {
			return "", errors.New("occupé")
		}
		return "", nil
	}
	b := nouveauBanc(t, avec(d, alert.CanalBAN))
	b.ajouter(message("a1", "A"), message("a2", "A"), message("a3", "A"), message("b1", "B"), message("libre", ""))
	b.livrerTout()
	require.ElementsMatch(t, []string{"b1", "libre"}, d.vus(), "what has another key does not wait")
	enPanne = false
	b.h.Avancer(11 * time.Second)
	b.livrerTout()
	require.Equal(t, []string{"a1", "a2", "a3"}, slices.DeleteFunc(d.vus(), func(s string) bool { return s == "b1" || s == "libre" }))
}

// A message given up no longer holds back those behind it.
func TestTransportAbandonLiberePuisOrdre(t *testing.T) {
	d := &destinataire{politique: alert.Politique{Essais: 2, Pauses: []time.Duration{time.Minute}}}
	d.repondre = func(l *alert.Ligne) (string, error) {
		if l.CleUnicite == "a1" {
			return "", errors.New("occupé")
		}
		return "", nil
	}
	b := nouveauBanc(t, avec(d, alert.CanalBAN))
	b.ajouter(message("a1", "A"), message("a2", "A"))
	b.livrerTout()
	require.Empty(t, d.vus())
	b.h.Avancer(time.Minute)
	b.livrerTout()
	require.Equal(t, []string{"a2"}, d.vus())
	l := b.ligne(`SELECT * FROM message_sortant WHERE cle_unicite = 'a1'`)
	require.Equal(t, "ABANDON", l["etat"])
	require.Equal(t, "occupé", l["erreur"])
	require.EqualValues(t, 2, l["tentatives"])
}

func TestTransportPolitiques(t *testing.T) {
	tests := map[string]struct {
		politique alert.Politique
		essais    int
		etat      string
	}{
		"number of tries": {alert.Politique{Essais: 4, Pauses: []time.Duration{time.Second, time.Minute}}, 4, "ABANDON"},
		// 10 s doubled up to one hour: 10, 20, 40… 2560, 3600 s…; the 9 first pauses make 85 minutes.
		"age": {alert.Politique{Duree: 90 * time.Minute}, 10, "ABANDON"},
	}
	for nom, tt := range tests {
		t.Run(nom, func(t *testing.T) {
			d := &destinataire{politique: tt.politique, repondre: func(*alert.Ligne) (string, error) { return "", errors.New("occupé") }}
			b := nouveauBanc(t, avec(d, alert.CanalBAN))
			m := message("a", "")
			b.ajouter(m)
			for range 40 {
				s := b.livrer(m.ID)
				if s.Attendre == 0 {
					require.Equal(t, "occupé", s.Perdu)
					break
				}
				b.h.Avancer(s.Attendre)
			}
			l := b.ligne(`SELECT * FROM message_sortant WHERE id = $1`, m.ID)
			require.Equal(t, tt.etat, l["etat"])
			require.EqualValues(t, tt.essais, l["tentatives"])
		})
	}
}

func TestTransportEchecDefinitif(t *testing.T) {
	d := &destinataire{repondre: func(*alert.Ligne) (string, error) { return "", alert.Definitif(errors.New("inconnu là-bas")) }}
	b := nouveauBanc(t, avec(d, alert.CanalBAN))
	m := message("a", "")
	b.ajouter(m)
	require.Equal(t, alert.Suite{Perdu: "inconnu là-bas"}, b.livrer(m.ID))
	require.Equal(t, "ECHEC", b.etat(m.ID))
	require.NoError(t, alert.Definitif(nil))
}

func TestCanalSansTransportNEstPasPerduEnSilence(t *testing.T) {
	b := nouveauBanc(t)
	m := message("a", "")
	b.ajouter(m)
	require.NotEmpty(t, b.livrer(m.ID).Perdu)
	require.Equal(t, "ABANDON", b.etat(m.ID))
}

// SW-01 stops the e-mails of the deposit like the others, not what goes to services.
func TestSW01CourrielsDuDepot(t *testing.T) {
	d := &destinataire{}
	b := nouveauBanc(t, avec(d, "depot.code", alert.CanalBAN))
	b.Executer(`UPDATE interrupteur SET actif = true WHERE nom = 'transactional_emails_off'`)
	courriel := &alert.MessageSortant{Canal: alert.CanalCourriel, Type: "depot.code", CleUnicite: "c", Destinataire: "a@b.fr", Charge: []byte(`{}`)}
	b.ajouter(courriel, message("a", ""))
	b.livrerTout()
	require.Equal(t, []string{"a"}, d.vus())
	require.Equal(t, "IGNOREE", b.etat(courriel.ID))
}

// Two workers on the same rows: each arrives once, in order.
func TestTransportDeuxOuvriers(t *testing.T) {
	d := &destinataire{}
	b := nouveauBanc(t, avec(d, alert.CanalBAN))
	var attendu []string
	var ids []int64
	for _, cle := range []string{"a1", "a2", "a3", "a4", "a5", "a6"} {
		m := message(cle, "A")
		b.ajouter(m)
		attendu, ids = append(attendu, cle), append(ids, m.ID)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for len(d.vus()) < len(ids) {
				for _, id := range slices.Backward(ids) {
					if _, err := b.alertes.Livrer(context.Background(), id); err != nil {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	wg.Wait()
	require.Equal(t, attendu, d.vus())
}
