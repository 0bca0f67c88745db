package notification_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/ban"
	"apilos/api/depot"
	"apilos/api/distant"
	"apilos/api/internal/fixture"
	"apilos/api/mail"
	"apilos/api/notification"
	"apilos/api/partenaire"
	"apilos/api/siap"
	"apilos/api/sim"
	"apilos/api/store"

	"github.com/stretchr/testify/require"
)

const (
	client = "5f9b1a2c3d4e5f6a7b8c9d0e"
	jeton  = "Xm4kQ9vT2bL7nR5cW8dJ3fH6gK1sP0aZ"
)

// boiteAuxLettres is a Sender whose failures the test decides.
type boiteAuxLettres struct {
	mu    sync.Mutex
	echec error
	recus []mail.Message
}

func (b *boiteAuxLettres) Send(_ context.Context, m mail.Message) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.echec != nil {
		return "", b.echec
	}
	b.recus = append(b.recus, m)
	return "id-du-relais", nil
}

type file struct{ ids []int64 }

func (f *file) LivrerMessages(_ context.Context, envois ...alert.Envoi) error {
	for _, e := range envois {
		f.ids = append(f.ids, e.MessageID)
	}
	return nil
}

// banc is the outbox and the engine on PostgreSQL, with the simulated services.
type banc struct {
	*fixture.Monde
	*notification.Boite
	t        *testing.T
	le       time.Time
	file     *file
	sim      *sim.Server
	moteur   *alert.Service
	sceau    *depot.Sceau
	courrier *boiteAuxLettres
}

type options struct{ sansServices bool }

func nouveauBanc(t *testing.T, o options) *banc {
	t.Helper()
	t.Parallel()
	b := &banc{Monde: fixture.Nouveau(t), t: t, le: time.Date(2026, 4, 15, 9, 30, 0, 0, time.UTC), file: &file{}, courrier: &boiteAuxLettres{}}
	horloge := func() time.Time { return b.le }
	silence := slog.New(slog.DiscardHandler)
	var err error
	b.sim, err = sim.Start(t.Context(), sim.Options{Logger: silence})
	require.NoError(t, err)
	t.Cleanup(b.sim.Close)
	b.sceau, err = depot.NewSceau([]byte("cle-de-la-plateforme-pour-les-tests"))
	require.NoError(t, err)
	gabarits, err := mail.NewModeles()
	require.NoError(t, err)

	racine := b.sim.URL()
	configBAN := ban.Config{Base: racine + sim.RacineBAN, Jeton: "jeton-ban", Horloge: horloge, Journal: silence}
	configPartenaire := partenaire.Config{Base: racine + sim.RacinePartenaires, Horloge: horloge, Journal: silence}
	if o.sansServices {
		configBAN.Base, configPartenaire.Base = "", ""
	}
	versBAN, err := ban.New(configBAN)
	require.NoError(t, err)
	versPartenaires, err := partenaire.New(configPartenaire)
	require.NoError(t, err)
	var versMessagerie *distant.Client
	if !o.sansServices {
		versMessagerie, err = distant.New(distant.Config{Nom: "messagerie d’équipe", Base: racine + sim.CrochetMessagerie, Horloge: horloge, Journal: silence})
		require.NoError(t, err)
	}
	courriels := &notification.Courriels{
		Courrier: b.courrier, Gabarits: gabarits, Sceau: b.sceau, Domaine: "apilos.example", Copie: []string{"copie@apilos.example"}, RacineBAL: "https://editeur.example/",
	}
	transports := courriels.Transports()
	transports[alert.CanalBAN] = notification.BAN(versBAN)
	transports[alert.CanalMessagerie] = notification.Messagerie(versMessagerie)
	transports[alert.CanalPartenaire] = notification.Partenaires(versPartenaires)

	s, err := siap.New(siap.Config{Host: racine, Key: b.sim.Key()})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	b.moteur, err = alert.NewService(alert.Config{
		Store: store.NewAlertes(b.Store), File: b.file, SIAP: s, Courrier: b.courrier, Gabarits: gabarits, Horloge: horloge, Alea: func() float64 { return 0 },
		Journal: silence, BaseURL: "https://apilos.example.org", Domaine: "apilos.example", Transports: transports,
	})
	require.NoError(t, err)
	b.Boite = notification.NewBoite(b.moteur)
	return b
}

// envoyer writes the messages in a transaction and delivers them.
func (b *banc) envoyer(messages ...depot.Message) {
	b.t.Helper()
	require.NoError(b.t, b.Store.InTx(b.t.Context(), func(ctx context.Context) error { return b.Envoyer(ctx, messages...) }))
	b.livrerTout()
}

func (b *banc) livrerTout() {
	b.t.Helper()
	for {
		ids := b.file.ids
		b.file.ids = nil
		for _, id := range ids {
			s, err := b.moteur.Livrer(b.t.Context(), id)
			require.NoError(b.t, err)
			if s.Attendre > 0 {
				b.file.ids = append(b.file.ids, id)
			}
		}
		if len(b.file.ids) == len(ids) {
			return
		}
	}
}

func (b *banc) etats() []string {
	b.t.Helper()
	rows, err := b.Base.Pool.Query(b.t.Context(), `SELECT etat FROM message_sortant ORDER BY id`)
	require.NoError(b.t, err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var e string
		require.NoError(b.t, rows.Scan(&e))
		out = append(out, e)
	}
	return out
}

func (b *banc) panne(route string, statut, fois int) {
	b.t.Helper()
	require.NoError(b.t, b.sim.AddFaults(sim.Fault{Match: sim.Match{Route: route}, Status: statut, Times: sim.Times(fois)}))
}

func composer(code string) depot.Message {
	return depot.Message{Canal: depot.CanalBAN, Type: depot.TypeComposer, CleUnicite: "ban:" + code, Charge: depot.ChargeComposer{CodeCommune: code}}
}

func TestBANComposerApresUnePanne(t *testing.T) {
	b := nouveauBanc(t, options{})
	b.panne(sim.RouteBANComposer, 503, 1)
	b.envoyer(composer("87085"))
	require.Empty(t, b.sim.Compositions())
	require.Equal(t, []string{"A_ENVOYER"}, b.etats())
	b.le = b.le.Add(10 * time.Second)
	b.livrerTout()
	require.Equal(t, "87085", b.sim.Compositions()[0].Code)
	require.Equal(t, []string{"ENVOYE"}, b.etats())
	require.Equal(t, []string{"Token ***"}, b.sim.Requests(sim.RouteBANComposer)[0].Headers["Authorization"])
}

func TestMessagerieDEquipe(t *testing.T) {
	b := nouveauBanc(t, options{})
	texte := "Initialisation d’une Base Adresse Locale - *Limoges* (87085)\nÉditeur d’adresses"
	b.envoyer(depot.Message{Canal: depot.CanalMessagerie, Type: depot.TypePublication, CleUnicite: "m", Charge: depot.ChargePublication{Texte: texte}})
	require.Len(t, b.sim.MessagesEquipe(), 1)
	require.Equal(t, texte, b.sim.MessagesEquipe()[0].Texte)
}

func TestRefusNEstPasRejoue(t *testing.T) {
	b := nouveauBanc(t, options{})
	b.panne(sim.RouteBANComposer, 400, -1)
	b.panne(sim.RouteMessagerie, 404, -1)
	b.envoyer(composer("87085"), depot.Message{Canal: depot.CanalMessagerie, Type: depot.TypePublication, CleUnicite: "m", Charge: depot.ChargePublication{Texte: "x"}})
	require.Equal(t, []string{"ECHEC", "ECHEC"}, b.etats())
}

// What happens to a client arrives in its order, even when the first step is late (07 §6.1).
func TestPartenaireDansLOrdre(t *testing.T) {
	b := nouveauBanc(t, options{})
	b.panne(sim.RoutePartenaire, 503, 1)
	charge := depot.ChargePartenaire{ClientID: client, Nom: "Éditeur", Perimetres: []depot.ChargePerimetre{{Type: "epci", Code: "248719312"}}}
	var messages []depot.Message
	for i, typ := range []string{depot.TypePartenaireCreer, depot.TypePartenaireModif, depot.TypePartenaireArret, depot.TypePartenaireReprise, depot.TypePartenaireArret} {
		messages = append(messages, depot.Message{Canal: depot.CanalPartenaire, Type: typ, CleUnicite: fmt.Sprint("p", i), Charge: charge})
	}
	slices.Reverse(b.file.ids)
	b.envoyer(messages...)
	require.Empty(t, b.sim.Partenaires(), "the next ones wait")
	b.le = b.le.Add(10 * time.Second)
	b.livrerTout()
	require.Equal(t, []sim.ClientPartenaire{{ClientID: client, Nom: "Éditeur", Type: "api-depot", Perimetres: []sim.PerimetrePublic{{Type: "epci", Code: "248719312"}}}}, b.sim.Partenaires())
	var methodes []string
	for _, r := range b.sim.Requests(sim.RoutePartenaire) {
		methodes = append(methodes, r.Method)
	}
	require.Equal(t, []string{"POST", "POST", "PUT", "DELETE", "PUT", "DELETE"}, methodes)
}

func TestServicesNonConfigures(t *testing.T) {
	b := nouveauBanc(t, options{sansServices: true})
	b.envoyer(composer("87085"),
		depot.Message{Canal: depot.CanalMessagerie, Type: depot.TypePublication, CleUnicite: "m", Charge: depot.ChargePublication{Texte: "x"}},
		depot.Message{Canal: depot.CanalPartenaire, Type: depot.TypePartenaireCreer, CleUnicite: "p", Charge: depot.ChargePartenaire{ClientID: client, Nom: "x"}},
		depot.Message{Canal: depot.CanalPartenaire, Type: "partenaire.inconnu", CleUnicite: "q", Charge: depot.ChargePartenaire{ClientID: "autre"}})
	require.Equal(t, []string{"ECHEC", "ECHEC", "ECHEC", "ECHEC"}, b.etats())
}

func TestCourrielDAccesPorteLeJetonSansLeConserver(t *testing.T) {
	b := nouveauBanc(t, options{})
	b.envoyer(depot.Message{Canal: depot.CanalCourriel, Type: depot.TypeJeton, Destinataire: "contact@editeur.example", CleUnicite: "j", Charge: depot.ChargeJeton{
		ClientID: client, Client: "Éditeur", Mandataire: "Société", JetonScelle: b.sceau.Sceller(jeton),
		URLAPI: "https://apilos.example/api-depot", URLDocumentation: "https://apilos.example/api-depot/api",
	}})
	require.Len(t, b.courrier.recus, 1)
	m := b.courrier.recus[0]
	require.Equal(t, []string{"contact@editeur.example"}, m.To)
	require.Empty(t, m.Bcc, "nobody else gets a token")
	require.Equal(t, "Accès à l’API dépôt d’une Base Adresse Locale", m.Subject)
	require.Contains(t, m.Text, jeton)
	require.Contains(t, m.HTML, jeton)
	require.Zero(t, b.Compter(`SELECT count(*) FROM message_sortant m WHERE m::text LIKE '%' || $1 || '%'`, jeton))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM message_sortant WHERE etat = 'ENVOYE' AND identifiant_externe = 'id-du-relais'`))
}

func TestCourrielDeCode(t *testing.T) {
	b := nouveauBanc(t, options{})
	b.envoyer(depot.Message{Canal: depot.CanalCourriel, Type: depot.TypeCode, Destinataire: "mairie@limoges.example.org", CleUnicite: "c", Charge: depot.ChargeCode{
		HabilitationID: client, CodeCommune: "87085", Commune: "Limoges", Client: "Éditeur", CodeScelle: b.sceau.Sceller("048213"), ExpireLe: b.le.Add(24 * time.Hour),
	}})
	m := b.courrier.recus[0]
	require.Equal(t, "Demande de code d’identification", m.Subject)
	for _, partie := range []string{m.Text, m.HTML} {
		require.Contains(t, partie, "048213")
		require.Contains(t, partie, "16/04/2026 à 11 h 30", "hour of Paris")
	}
}

func TestCourrielDeReprise(t *testing.T) {
	b := nouveauBanc(t, options{})
	for i, bal := range []string{"5f9b1a2c", "", "../../x"} {
		b.envoyer(depot.Message{Canal: depot.CanalCourriel, Type: depot.TypeReprise, Destinataire: "chef@metropole.example", CleUnicite: fmt.Sprint("r", i), Charge: depot.ChargeReprise{
			CodeCommune: "87085", Commune: "Limoges", Client: "Éditeur", BALID: bal,
		}})
		m := b.courrier.recus[i]
		require.Equal(t, "La commune de Limoges a repris la main sur sa Base Adresse Locale", m.Subject)
		require.Equal(t, []string{"copie@apilos.example"}, m.Bcc, "SMTP_BCC")
		require.Equal(t, bal == "5f9b1a2c", strings.Contains(m.Text, "https://editeur.example/bal/"))
	}
	require.Contains(t, b.courrier.recus[0].HTML, "https://editeur.example/bal/5f9b1a2c")
}

func TestCourrielEchecs(t *testing.T) {
	b := nouveauBanc(t, options{})
	code := func(cle, scelle string) depot.Message {
		return depot.Message{Canal: depot.CanalCourriel, Type: depot.TypeCode, Destinataire: "a@b.example", CleUnicite: cle, Charge: depot.ChargeCode{
			Commune: "Limoges", Client: "Éditeur", CodeScelle: scelle, ExpireLe: b.le,
		}}
	}
	b.envoyer(code("altere", "n’importe quoi"))
	require.Equal(t, []string{"ECHEC"}, b.etats())
	b.courrier.echec = &mail.SendError{Temporary: true, Err: errors.New("relais absent")}
	b.envoyer(code("relais", b.sceau.Sceller("048213")))
	require.Equal(t, []string{"ECHEC", "A_ENVOYER"}, b.etats())
	b.courrier.echec = nil
	b.le = b.le.Add(10 * time.Second)
	b.livrerTout()
	require.Len(t, b.courrier.recus, 1)
	identifiant := b.courrier.recus[0].MessageID
	require.Equal(t, mail.MessageID("relais", "apilos.example"), identifiant, "the same Message-ID at each try (EM-26)")
	b.courrier.echec = &mail.SendError{Err: errors.New("adresse refusée")}
	b.envoyer(code("refus", b.sceau.Sceller("048213")))
	require.Equal(t, []string{"ECHEC", "ENVOYE", "ECHEC"}, b.etats())
}

func TestMessageSansCleNiTransaction(t *testing.T) {
	b := nouveauBanc(t, options{})
	require.NoError(t, b.Envoyer(t.Context()))
	require.Error(t, b.Envoyer(t.Context(), depot.Message{Canal: depot.CanalBAN, Type: depot.TypeComposer}))
	err := b.Store.InTx(t.Context(), func(ctx context.Context) error {
		require.NoError(t, b.Envoyer(ctx, composer("87085")))
		return errors.New("annulé")
	})
	require.Error(t, err)
	require.Empty(t, b.etats())
}
