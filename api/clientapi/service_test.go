package clientapi_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/clientapi"
	"apilos/api/fault"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestClient_reserveALEquipe(t *testing.T) {
	b := nouveauBanc(t)
	f, _ := b.creer(demande("Observatoire"))
	lecteur, superuser := b.staff, auth.Principal{Superuser: true, Login: "apilos token"}
	lecteur.LectureSeule = true
	programme := auth.Principal{Staff: true, Superuser: true, Client: &auth.Client{ID: 1, Portees: auth.Portees()}}
	for nom, tt := range map[string]struct {
		p          auth.Principal
		lit, ecrit bool
	}{
		"équipe": {b.staff, true, true}, "superuser": {superuser, true, true}, "équipe en lecture": {lecteur, true, false},
		"bailleur": {p: b.EnBailleur()}, "administration centrale": {p: auth.Principal{Typologie: auth.Administrateur, National: true}},
		"un client, même s’il se disait de l’équipe": {p: programme}, "personne": {},
	} {
		_, _, err := b.Lister(t.Context(), tt.p, clientapi.Filtre{Limite: 10})
		require.Equal(t, tt.lit, err == nil, nom)
		_, err = b.Lire(t.Context(), tt.p, f.UUID)
		require.Equal(t, !tt.lit, fault.Is(err, fault.NotFound), nom)
		_, _, err = b.Creer(t.Context(), tt.p, demande("Pour "+nom))
		require.Equal(t, !tt.ecrit, fault.HasCode(err, "PERMISSION_REFUSEE"), "%s: %v", nom, err)
	}
}

func TestClient_saisieRefusee(t *testing.T) {
	b := nouveauBanc(t)
	inconnu := uuid.New()
	hier, loin, zero, un := b.le.Add(-time.Hour), b.le.Add(4*366*24*time.Hour), 0, 1
	per := func(p clientapi.Perimetre) clientapi.Demande { d := demande("x"); d.Perimetre = p; return d }
	for nom, tt := range map[string]struct {
		d       clientapi.Demande
		attendu string
	}{
		"sans nom":                 {demande("  "), "/nom"},
		"nom trop long":            {demande(strings.Repeat("é", 101)), "/nom"},
		"nom sur deux lignes":      {demande("a\nb"), "/nom"},
		"description trop longue":  {clientapi.Demande{Nom: "x", Description: strings.Repeat("é", 201), Portees: []auth.Portee{auth.ConventionsLire}, Perimetre: clientapi.Perimetre{Genre: clientapi.National}}, "/description"},
		"sans portée":              {clientapi.Demande{Nom: "x", Perimetre: clientapi.Perimetre{Genre: clientapi.National}}, "/portees"},
		"portée inventée":          {demande("x", "tout:ecrire"), "/portees"},
		"écrire sans lire":         {demande("x", auth.ConventionsEcrire), "/portees"},
		"sans périmètre":           {clientapi.Demande{Nom: "x", Portees: auth.Portees()}, "/perimetre/type"},
		"région sans code":         {per(clientapi.Perimetre{Genre: clientapi.Regional}), "/perimetre/region"},
		"région inconnue":          {per(clientapi.Perimetre{Genre: clientapi.Regional, Region: "ZZ"}), "/perimetre/region"},
		"département inconnu":      {per(clientapi.Perimetre{Genre: clientapi.Departemental, Departement: "20"}), "/perimetre/departement"},
		"administration inconnue":  {per(clientapi.Perimetre{Genre: clientapi.DAdministration, Administration: &inconnu}), "/perimetre/administration"},
		"bailleur inconnu":         {per(clientapi.Perimetre{Genre: clientapi.DeBailleurs, Bailleurs: []uuid.UUID{inconnu}}), "/perimetre/bailleurs"},
		"national et département":  {per(clientapi.Perimetre{Genre: clientapi.National, Departement: "87"}), "/perimetre/departement"},
		"déjà expiré":              {clientapi.Demande{Nom: "x", Portees: auth.Portees(), Perimetre: clientapi.Perimetre{Genre: clientapi.National}, ExpireLe: &hier}, "/expire_le"},
		"expire trop loin":         {clientapi.Demande{Nom: "x", Portees: auth.Portees(), Perimetre: clientapi.Perimetre{Genre: clientapi.National}, ExpireLe: &loin}, "/expire_le"},
		"débit nul":                {clientapi.Demande{Nom: "x", Portees: auth.Portees(), Perimetre: clientapi.Perimetre{Genre: clientapi.National}, DebitParMinute: &zero}, "/debit_par_minute"},
		"SIAP sans habilitation":   {clientapi.Demande{Nom: "x", Portees: auth.Portees(), Perimetre: clientapi.Perimetre{Genre: clientapi.National}, LoginSIAP: "a"}, "/habilitation_siap"},
		"habilitation sans compte": {clientapi.Demande{Nom: "x", Portees: auth.Portees(), Perimetre: clientapi.Perimetre{Genre: clientapi.National}, HabilitationSIAP: &un}, "/login_siap"},
	} {
		_, _, err := b.Creer(t.Context(), b.staff, tt.d)
		require.True(t, fault.HasCode(err, "client_api_invalide"), "%s: %v", nom, err)
		require.Equal(t, tt.attendu, fault.As(err).Fields[0].Pointer, nom)
	}
	require.Zero(t, b.Compter(`SELECT count(*) FROM jeton_api`))
	require.Zero(t, b.Compter(`SELECT count(*) FROM utilisateur WHERE username LIKE 'api:%'`))
}

func TestClient_nomUniqueTantQuEnService(t *testing.T) {
	b := nouveauBanc(t)
	f, _ := b.creer(demande("Observatoire"))
	_, _, err := b.Creer(t.Context(), b.staff, demande("OBSERVATOIRE"))
	require.True(t, fault.HasCode(err, "NOM_CLIENT_PRIS"), "%v", err)
	require.NoError(t, b.Revoquer(t.Context(), b.staff, f.UUID, f.Version))
	b.creer(demande("Observatoire"))
}

// The table keeps digests, the journal and the security log no more than names and scopes.
func TestClient_leJetonNEstNullePart(t *testing.T) {
	b := nouveauBanc(t)
	f, jeton := b.creer(demande("Observatoire", auth.ConventionsLire, auth.WebhooksGerer))
	f, second, err := b.Tourner(t.Context(), b.staff, f.UUID, f.Version, time.Hour)
	require.NoError(t, err)
	require.NoError(t, b.Revoquer(t.Context(), b.staff, f.UUID, f.Version))
	for _, secret := range []string{jeton, second, jeton[len("apl_12345678_"):], second[len("apl_12345678_"):]} {
		require.NotContains(t, b.logs.String(), secret)
		for _, table := range []string{"jeton_api", "journal_audit", "utilisateur"} {
			require.Zero(t, b.Compter(`SELECT count(*) FROM `+table+` x WHERE x::text LIKE '%' || $1 || '%'`, secret), table)
		}
	}
	var empreinte string
	require.NoError(t, b.Base.Pool.QueryRow(t.Context(), `SELECT empreinte FROM jeton_api`).Scan(&empreinte))
	require.Len(t, empreinte, 64)
	require.NotContains(t, b.logs.String(), empreinte)
	require.Zero(t, b.Compter(`SELECT count(*) FROM journal_audit x WHERE x::text LIKE '%' || $1 || '%'`, empreinte))

	require.Equal(t, 3, b.Compter(`SELECT count(*) FROM journal_audit WHERE nom_table = 'jeton_api' AND utilisateur_id = $1
		AND commande IN ('client_api.creer','client_api.jeton','client_api.revoquer')`, b.staff.UtilisateurID))
	var faits []string
	for _, l := range strings.Split(strings.TrimSpace(b.logs.String()), "\n") {
		var ligne struct{ Msg, Event, Outcome, Client string }
		require.NoError(t, json.Unmarshal([]byte(l), &ligne))
		require.Equal(t, f.UUID.String(), ligne.Client)
		faits = append(faits, ligne.Event)
	}
	require.Equal(t, []string{"client_api.creer", "client_api.jeton", "client_api.revoquer"}, faits)
}

// What a client does is signed by an account of its name, with which nobody can sign in.
func TestClient_compteTechnique(t *testing.T) {
	b := nouveauBanc(t)
	f, jeton := b.creer(demande("Observatoire"))
	p, err := b.Authenticate(t.Context(), jeton)
	require.NoError(t, err)
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM utilisateur WHERE id = $1 AND nom = 'Observatoire' AND NOT est_actif AND NOT est_staff AND NOT est_superuser
		AND cerbere_login IS NULL AND mot_de_passe_hash IS NULL AND email = ''`, p.UtilisateurID))
	nom := "Observatoire des loyers"
	_, err = b.Modifier(t.Context(), b.staff, f.UUID, f.Version, clientapi.Reglage{Nom: &nom})
	require.NoError(t, err)
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM utilisateur WHERE id = $1 AND nom = $2`, p.UtilisateurID, nom))
	p, err = b.Authenticate(t.Context(), jeton)
	require.NoError(t, err)
	require.Equal(t, nom, p.NomComplet(), "at once in this process")
}

func TestClient_modifierDemandeLaVersionLue(t *testing.T) {
	b := nouveauBanc(t)
	f, _ := b.creer(demande("Observatoire"))
	portees := []auth.Portee{auth.OperationsLire, auth.ConventionsLire}
	apres, err := b.Modifier(t.Context(), b.staff, f.UUID, f.Version, clientapi.Reglage{Portees: &portees})
	require.NoError(t, err)
	require.Equal(t, []string{"conventions:lire", "operations:lire"}, []string(apres.Portees))
	require.Equal(t, f.Perimetre, apres.Perimetre)
	_, err = b.Modifier(t.Context(), b.staff, f.UUID, f.Version, clientapi.Reglage{Portees: &portees})
	require.True(t, fault.HasCode(err, "VERSION_PERIMEE"), "%v", err)
	require.NoError(t, b.Revoquer(t.Context(), b.staff, f.UUID, apres.Version))
	_, err = b.Modifier(t.Context(), b.staff, f.UUID, apres.Version+1, clientapi.Reglage{Portees: &portees})
	require.True(t, fault.HasCode(err, "CLIENT_REVOQUE"), "%v", err)
}

// Ten people renew the same client at once: one token is given, nine learn that they came too late.
func TestClient_rotationsSimultanees(t *testing.T) {
	b := nouveauBanc(t)
	f, premier := b.creer(demande("Observatoire"))
	jetons, erreurs := make([]string, 10), make([]error, 10)
	var wg sync.WaitGroup
	for i := range jetons {
		wg.Go(func() { _, jetons[i], erreurs[i] = b.Tourner(t.Context(), b.staff, f.UUID, f.Version, time.Hour) })
	}
	wg.Wait()
	var donnes []string
	for i, err := range erreurs {
		if err == nil {
			donnes = append(donnes, jetons[i])
			continue
		}
		require.True(t, fault.HasCode(err, "VERSION_PERIMEE"), "%v", err)
		require.Empty(t, jetons[i])
	}
	require.Len(t, donnes, 1)
	require.True(t, b.passe(b.Service, donnes[0]))
	require.True(t, b.passe(b.Service, premier), "the previous one has its grace")
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'client_api.jeton'`))
}
