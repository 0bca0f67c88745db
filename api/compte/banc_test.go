package compte_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/compte"
	"apilos/api/internal/testdb"
	"apilos/api/siap"
	"apilos/api/store"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// depart is a Monday morning in Paris.
var depart = time.Date(2025, 6, 2, 8, 0, 0, 0, time.UTC)

const (
	sirenA = "900000001"
	sirenB = "900000019"
	sirenC = "900000027"
)

// horloge is a clock that tests move.
type horloge struct {
	mu sync.Mutex
	t  time.Time
}

func (h *horloge) lire() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.t
}

func (h *horloge) avancer(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.t = h.t.Add(d)
}

// faux is a SIAP in memory: habilitations by login, and a breakdown on demand.
type faux struct {
	mu      sync.Mutex
	habs    map[string][]siap.HabilitationDTO
	panne   error
	fusions []siap.FusionDTO
	appels  int
}

func (f *faux) RefreshHabilitations(_ context.Context, login string, _ int64) ([]siap.HabilitationDTO, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.appels++
	return f.habs[login], f.panne
}

func (f *faux) Menu(context.Context, string, int64) ([]siap.MenuItemDTO, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return []siap.MenuItemDTO{{Libelle: "Opérations", Active: true, URL: "/operation"}}, f.panne
}

func (f *faux) Config(context.Context) (siap.ConfigDTO, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return siap.ConfigDTO{RacineURLAccesWeb: "https://siap.example", URLAccesWeb: "/tableau-bord",
		URLAccesWebOperation: "/operation/<NUM_OPE_SIAP>", URLAccesWebGestionHabilitation: "/gerer"}, f.panne
}

func (f *faux) Fusions(context.Context, string, int64, string) ([]siap.FusionDTO, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.fusions, f.panne
}

func (f *faux) donner(login string, habs ...siap.HabilitationDTO) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.habs[login] = habs
}

func (f *faux) tomber(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.panne = err
}

func (f *faux) nbAppels() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.appels
}

// tampon is a buffer that goroutines may share.
type tampon struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (w *tampon) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (w *tampon) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

// hacheur digests for nothing and counts how often it is asked: the work of a sign-in.
type hacheur struct {
	mu       sync.Mutex
	verifies int
	vieux    bool // digests made so far are weaker than those of today
}

func (h *hacheur) Hacher(_ context.Context, motDePasse string) (string, error) {
	return "clair:" + motDePasse, nil
}

func (h *hacheur) Verifier(_ context.Context, motDePasse, empreinte string) (ok, aRefaire bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.verifies++
	return "clair:"+motDePasse == empreinte, h.vieux, nil
}

func (h *hacheur) travail() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := h.verifies
	h.verifies = 0
	return n
}

// banc is a service on a database of its own.
type banc struct {
	t       testing.TB
	base    *testdb.Base
	db      *store.DB
	comptes *store.Comptes
	siap    *faux
	heure   *horloge
	journal *tampon
	jetons  *auth.Tokens
	svc     *compte.Service
	hacheur *hacheur

	mu       sync.Mutex
	fusions  []compte.DemandeFusion
	demandes []string // identifiers for which a link was asked
}

// nouveauBanc makes the test parallel: each one has its own database.
func nouveauBanc(t *testing.T) *banc {
	t.Helper()
	t.Parallel()
	base := testdb.New(t)
	db, err := store.New(base.Pool)
	require.NoError(t, err)
	b := &banc{t: t, base: base, db: db, comptes: store.NewComptes(db), heure: &horloge{t: depart}, journal: &tampon{},
		siap: &faux{habs: map[string][]siap.HabilitationDTO{}}, hacheur: &hacheur{}}
	b.jetons, err = auth.NewTokens([]auth.Key{{ID: "a", Secret: []byte(strings.Repeat("k", 32))}},
		"https://app.example", b.heure.lire, uuid.NewString)
	require.NoError(t, err)
	b.svc = b.service()
	return b
}

// service returns another process on the same database.
func (b *banc) service() *compte.Service { return b.serviceAvec(func(*compte.Config) {}) }

func (b *banc) serviceAvec(changer func(*compte.Config)) *compte.Service {
	b.t.Helper()
	c := compte.Config{
		Store: b.comptes, Bailleurs: store.NewBailleurs(b.db), Administrations: store.NewAdministrations(b.db),
		SIAP: b.siap, Jetons: b.jetons, Horloge: b.heure.lire, NouvelID: uuid.New,
		Journal:       slog.New(slog.NewJSONHandler(b.journal, &slog.HandlerOptions{Level: slog.LevelDebug})),
		ComptesLocaux: true, Hacheur: b.hacheur,
		Reinitialisation: func(_ context.Context, identifiant string) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.demandes = append(b.demandes, identifiant)
			return nil
		},
		Fusion: func(_ context.Context, d compte.DemandeFusion) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.fusions = append(b.fusions, d)
			return nil
		},
	}
	changer(&c)
	s, err := compte.New(c)
	require.NoError(b.t, err)
	return s
}

func (b *banc) sql(query string, args ...any) {
	b.t.Helper()
	_, err := b.base.Pool.Exec(context.Background(), query, args...)
	require.NoError(b.t, err)
}

func lire[T any](b *banc, query string, args ...any) T {
	b.t.Helper()
	var v T
	require.NoError(b.t, b.base.Pool.QueryRow(context.Background(), query, args...).Scan(&v))
	return v
}

var appel = compte.Appel{IP: "192.0.2.0", Agent: "Navigateur de test", RequeteID: uuid.NewString()}

func identite(id, login string) compte.Identite {
	return compte.Identite{ID: id, Login: login, Nom: "Exemple", Prenom: "Une", Email: login}
}

func (b *banc) ouvrir(id, login string) (compte.Ouverte, error) {
	return b.svc.OuvrirSession(context.Background(), compte.Ouverture{
		Identite: identite(id, login), Ticket: "ST-" + uuid.NewString(), Appel: appel})
}

// entrer opens a session and returns it with an access token.
func (b *banc) entrer(id, login string) (compte.Ouverte, compte.Acces) {
	b.t.Helper()
	o, err := b.ouvrir(id, login)
	require.NoError(b.t, err)
	a, err := b.rafraichir(o.Jeton, 0)
	require.NoError(b.t, err)
	return o, a
}

func (b *banc) rafraichir(jeton string, habilitation int64) (compte.Acces, error) {
	return b.svc.Rafraichir(context.Background(), compte.Demande{Jeton: jeton, HabilitationID: habilitation, Appel: appel})
}

func (b *banc) principal(token string) auth.Principal {
	b.t.Helper()
	p, err := b.svc.Authenticate(context.Background(), token)
	require.NoError(b.t, err)
	return p
}

var errPanne = fmt.Errorf("appel: %w", siap.ErrUnavailable)

// mo is a habilitation of a maître d'ouvrage.
func mo(id int64, siren, role string) siap.HabilitationDTO {
	return siap.HabilitationDTO{
		ID: id, Statut: "VALIDEE", SousTitre1: "Bailleur " + siren,
		Groupe:       groupe(siap.MOPersMorale, role),
		EntiteMorale: &siap.EntiteMoraleDTO{Nom: "Bailleur " + siren, Siren: siap.Code(siren), AdresseLigne4: "1 rue du Test", AdresseLigne6: "35000 RENNES"},
	}
}

func personne(id int64, email string) siap.HabilitationDTO {
	return siap.HabilitationDTO{ID: id, Statut: "VALIDEE", Groupe: groupe(siap.MOPersPhys, "MO_PHYS"),
		Utilisateur: &siap.PersonneDTO{Nom: "Privé", Prenom: "Paul", Email: email}}
}

// gestion is a habilitation of an instructing service.
func gestion(id int64, code, role string) siap.HabilitationDTO {
	return siap.HabilitationDTO{ID: id, Statut: "VALIDEE", Groupe: groupe(siap.SerGest, role),
		Gestionnaire: &siap.GestionnaireHabilitationDTO{Code: siap.Code(code), Libelle: code + " - Service"}}
}

func groupe(p siap.Profil, role string) *siap.GroupeDTO {
	return &siap.GroupeDTO{Profil: siap.ProfilDTO{Code: p, Libelle: string(p)}, CodeRole: role, LibelleRole: "Rôle " + role}
}

func avec(h siap.HabilitationDTO, edit func(*siap.HabilitationDTO)) siap.HabilitationDTO {
	edit(&h)
	return h
}

func region(code siap.Code) *siap.PorteeDTO {
	return &siap.PorteeDTO{CodePortee: "REG", RegComp: &siap.Territoire{Code: code}}
}

func departement(code siap.Code) *siap.PorteeDTO {
	return &siap.PorteeDTO{CodePortee: "DEP", DepComp: &siap.Territoire{Code: code}}
}

var errQuelconque = errors.New("boom")
