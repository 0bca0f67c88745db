package compte_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/compte"
	"apilos/api/fault"
	"apilos/api/siap"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

var fond = context.Background()

func TestAuthenticate_revocationByAnotherProcessIsSeenWithinFiveSeconds(t *testing.T) {
	b, o := bancOuvert(t)
	a, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	b.principal(a.AccessToken)
	require.NoError(t, b.service().Fermer(fond, a.Jeton, appel))

	b.heure.avancer(4 * time.Second)
	_, err = b.svc.Authenticate(fond, a.AccessToken)
	require.NoError(t, err, "the cache may still answer")
	b.heure.avancer(time.Second)
	_, err = b.svc.Authenticate(fond, a.AccessToken)
	require.True(t, fault.Is(err, fault.Unauthenticated), "%v", err)
}

func TestAuthenticate_revocationByThisProcessIsImmediate(t *testing.T) {
	b, o := bancOuvert(t)
	a, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	b.principal(a.AccessToken)
	require.NoError(t, b.svc.Fermer(fond, a.Jeton, appel))
	_, err = b.svc.Authenticate(fond, a.AccessToken)
	require.True(t, fault.Is(err, fault.Unauthenticated))
	require.NoError(t, b.svc.Fermer(fond, a.Jeton, appel), "signing out twice is not an error")
}

func TestPE02_inactiveAccountIsRefused(t *testing.T) {
	b, o := bancOuvert(t)
	a, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	b.sql(`UPDATE utilisateur SET est_actif = false`)
	b.heure.avancer(5 * time.Second)
	_, err = b.svc.Authenticate(fond, a.AccessToken)
	require.True(t, fault.Is(err, fault.Unauthenticated), "%v", err)
	_, err = b.rafraichir(a.Jeton, 0)
	require.True(t, fault.Is(err, fault.Unauthenticated), "%v", err)
}

func TestAuthenticate_tokenOfAnotherUserOrSessionIsRefused(t *testing.T) {
	b, o := bancOuvert(t)
	uid := lire[string](b, `SELECT uuid::text FROM utilisateur`)
	for name, c := range map[string]auth.Claims{
		"other subject":               {Subject: uuid.NewString(), SessionID: o.SessionID.String(), Habilitation: 71},
		"unknown session":             {Subject: uid, SessionID: uuid.NewString(), Habilitation: 71},
		"actor without impersonation": {Subject: uid, SessionID: o.SessionID.String(), Habilitation: 71, Actor: uuid.NewString()},
	} {
		signed, _, err := b.jetons.Issue(c)
		require.NoError(t, err)
		_, err = b.svc.Authenticate(fond, signed)
		require.True(t, fault.Is(err, fault.Unauthenticated), "%s: %v", name, err)
	}
	// A token signed by us for a habilitation that is not of the session has no role (PE-12).
	signed, _, err := b.jetons.Issue(auth.Claims{Subject: uid, SessionID: o.SessionID.String(), Habilitation: 999})
	require.NoError(t, err)
	require.Empty(t, b.principal(signed).Typologie)
}

func TestAuthenticate_childrenAndPersonalFilterOfABailleur(t *testing.T) {
	b, o := bancOuvert(t)
	b.sql(`INSERT INTO bailleur (nom, identifiant, siren, parent_id, parent_origine)
		SELECT 'Absorbé', $1, $1, id, 'SIAP' FROM bailleur WHERE siren = $2`, sirenC, sirenA)
	b.sql(`INSERT INTO bailleur (nom, identifiant, siren, parent_id, parent_origine)
		SELECT 'Petit-enfant', '900000035', '900000035', id, 'SIAP' FROM bailleur WHERE siren = $1`, sirenC)
	b.sql(`INSERT INTO departement (code_insee, nom, prefixe_postal) VALUES ('35', 'Ille-et-Vilaine', '35') ON CONFLICT DO NOTHING`)
	b.sql(`INSERT INTO utilisateur_filtre_departement SELECT u.id, d.id FROM utilisateur u, departement d WHERE d.code_insee = '35'`)
	a, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	p := b.principal(a.AccessToken)
	ids := []int64{
		lire[int64](b, `SELECT id FROM bailleur WHERE siren = $1`, sirenA),
		lire[int64](b, `SELECT id FROM bailleur WHERE siren = $1`, sirenC),
	}
	require.Equal(t, ids, p.BailleurIDs, "own bailleur and its children, one level (02 §2.3)")
	require.Equal(t, []string{"35"}, p.FiltreDepartements)

	// An instructeur has no personal filter.
	b.siap.donner("agent@example.org", gestion(73, "35047", "SERV_INSTR_ADMIN"))
	_, a = b.entrer("2", "agent@example.org")
	b.sql(`INSERT INTO utilisateur_filtre_departement SELECT u.id, d.id FROM utilisateur u, departement d WHERE u.username = '2' AND d.code_insee = '35'`)
	b.heure.avancer(6 * time.Second)
	require.Empty(t, b.principal(a.AccessToken).FiltreDepartements)
}

func TestAuthenticate_entityRemovedGivesNoRoleUntilSIAPIsAskedAgain(t *testing.T) {
	b, o := bancOuvert(t)
	a, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	b.sql(`DELETE FROM bailleur WHERE siren = $1`, sirenA)
	b.heure.avancer(5 * time.Second)
	require.Empty(t, b.principal(a.AccessToken).Typologie)
	b.heure.avancer(15 * time.Minute)
	a, err = b.rafraichir(a.Jeton, 0)
	require.NoError(t, err)
	require.Equal(t, auth.Bailleur, b.principal(a.AccessToken).Typologie)
}

func TestPE12_switchChangesRightsAndNothingLeaks(t *testing.T) {
	b := nouveauBanc(t)
	b.siap.donner("une@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"), gestion(73, "35047", "SERV_INSTR_VALIDEUR"))
	_, a := b.entrer("1", "une@example.org")
	bailleur := b.principal(a.AccessToken)

	require.NoError(t, b.svc.ChangerHabilitation(fond, bailleur, 73, appel))
	require.Equal(t, bailleur, b.principal(a.AccessToken), "the token in use keeps its habilitation")
	suivant, err := b.rafraichir(a.Jeton, 0)
	require.NoError(t, err)
	instructeur := b.principal(suivant.AccessToken)
	require.Equal(t, auth.Instructeur, instructeur.Typologie)
	require.Empty(t, instructeur.BailleurIDs)
	require.NotZero(t, instructeur.AdministrationID)
	require.False(t, bailleur.Peut(auth.ValidateConvention))
	require.True(t, instructeur.Peut(auth.ValidateConvention))
	require.Equal(t, `{"apres": 73, "avant": 71}`, lire[string](b, `SELECT apres::text FROM journal_audit WHERE commande = 'habilitation.switch'`))
	require.Equal(t, 2, lire[int](b, `SELECT count(*) FROM role`), "both roles are remembered")
}

func TestChangerHabilitation_refusals(t *testing.T) {
	b := nouveauBanc(t)
	sans := avec(gestion(74, "35047", "SERV_INSTR_ADMIN"), func(h *siap.HabilitationDTO) { h.Gestionnaire = nil })
	b.siap.donner("une@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"), sans)
	b.siap.donner("autre@example.org", mo(99, sirenB, "MO_MORAL_NAT_ADMIN"))
	_, a := b.entrer("1", "une@example.org")
	_, _ = b.entrer("2", "autre@example.org")
	p := b.principal(a.AccessToken)
	for id, code := range map[int64]string{99: "habilitation_not_valid", 0: "habilitation_not_valid", -5: "habilitation_not_valid", 74: "PERIMETRE_ABSENT"} {
		err := b.svc.ChangerHabilitation(fond, p, id, appel)
		require.True(t, fault.HasCode(err, code), "%d: %v", id, err)
		require.True(t, fault.Is(err, fault.Forbidden))
	}
	require.Equal(t, int64(71), lire[int64](b, `SELECT s.habilitation_defaut_id FROM session s JOIN utilisateur u ON u.id = s.utilisateur_id WHERE u.username = '1'`), "the current one is kept")
}

func TestPE15_switchAsksSIAPAgain(t *testing.T) {
	b, o := bancOuvert(t)
	a, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	p := b.principal(a.AccessToken)
	b.siap.donner("une@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"), mo(75, sirenC, "MO_MORAL_NAT_ADMIN"))
	err = b.svc.ChangerHabilitation(fond, p, 72, appel)
	require.True(t, fault.HasCode(err, compte.CodeHabilitation), "withdrawn a moment ago: %v", err)
	require.NoError(t, b.svc.ChangerHabilitation(fond, p, 75, appel), "given a moment ago")

	b.siap.tomber(errPanne)
	require.NoError(t, b.svc.ChangerHabilitation(fond, p, 71, appel), "SIAP down: the known list serves")
}

func TestSessions_ownOnly(t *testing.T) {
	b, o := bancOuvert(t)
	b.siap.donner("autre@example.org", mo(99, sirenB, "MO_MORAL_NAT_ADMIN"))
	autre, _ := b.entrer("2", "autre@example.org")
	a, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	p := b.principal(a.AccessToken)
	b.heure.avancer(time.Second)
	o2, err := b.ouvrir("1001", "une@example.org")
	require.NoError(t, err)

	rows, err := b.svc.Sessions(fond, p)
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{o2.SessionID, o.SessionID}, []uuid.UUID{rows[0].ID, rows[1].ID})
	require.Equal(t, "Navigateur de test", rows[0].Agent)

	for _, id := range []uuid.UUID{autre.SessionID, uuid.New()} {
		err := b.svc.FermerSession(fond, p, id, appel)
		require.True(t, fault.Is(err, fault.NotFound), "%v", err)
	}
	require.False(t, b.revoquee(autre))
	require.NoError(t, b.svc.FermerSession(fond, p, o2.SessionID, appel))
	require.True(t, fault.Is(b.svc.FermerSession(fond, p, o2.SessionID, appel), fault.NotFound), "already ended")
	rows, err = b.svc.Sessions(fond, p)
	require.NoError(t, err)
	require.Len(t, rows, 1)
	_, err = b.rafraichir(o2.Jeton, 0)
	require.True(t, fault.Is(err, fault.Unauthenticated))
}

func TestFermerParTickets_singleLogout(t *testing.T) {
	b := nouveauBanc(t)
	b.siap.donner("une@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"))
	o, err := b.svc.OuvrirSession(fond, compte.Ouverture{Identite: identite("1", "une@example.org"), Ticket: "ST-le-mien", Appel: appel})
	require.NoError(t, err)
	a, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	n, err := b.svc.FermerParTickets(fond, []string{"ST-inconnu", "ST-le-mien", "ST-le-mien"}, appel)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	_, err = b.svc.Authenticate(fond, a.AccessToken)
	require.True(t, fault.Is(err, fault.Unauthenticated))
}

// 05 C.5: the fields of an impersonation already reach the principal and the journal.
func TestDetournement_flowsIntoPrincipalAndJournal(t *testing.T) {
	b, o := bancOuvert(t)
	b.sql(`INSERT INTO utilisateur (username, est_staff) VALUES ('staff', true)`)
	b.sql(`INSERT INTO detournement (staff_id, cible_id, motif, mode) SELECT s.id, c.id, 'Aide demandée au téléphone', 'lecture'
		FROM utilisateur s, utilisateur c WHERE s.username = 'staff' AND c.username = '1001'`)
	b.sql(`UPDATE session SET detournement_id = d.id, detourne_par_id = d.staff_id FROM detournement d`)
	staff := lire[int64](b, `SELECT id FROM utilisateur WHERE username = 'staff'`)

	a, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	claims, err := b.jetons.Verify(a.AccessToken)
	require.NoError(t, err)
	require.Equal(t, lire[string](b, `SELECT uuid::text FROM utilisateur WHERE username = 'staff'`), claims.Actor)
	require.True(t, claims.ReadOnly)
	p := b.principal(a.AccessToken)
	require.Equal(t, staff, p.DetourneParID)
	require.Equal(t, auth.DetournementLecture, p.Mode)
	require.True(t, p.EnLecture())
	require.False(t, p.Staff, "the rights are those of the target")

	require.NoError(t, b.svc.ChangerHabilitation(fond, p, 72, appel))
	require.Equal(t, staff, lire[int64](b, `SELECT detourne_par_id FROM journal_audit WHERE commande = 'habilitation.switch'`))
	rows, err := b.svc.Sessions(fond, p)
	require.NoError(t, err)
	require.Empty(t, rows, "an impersonation is not one of the target's sessions")

	b.sql(`UPDATE detournement SET fin_le = now()`)
	b.heure.avancer(5 * time.Second)
	_, err = b.svc.Authenticate(fond, a.AccessToken)
	require.True(t, fault.Is(err, fault.Unauthenticated), "%v", err)
}

func TestSession_resource(t *testing.T) {
	b := nouveauBanc(t)
	refusee := avec(gestion(74, "", "SERV_INSTR_ADMIN"), func(h *siap.HabilitationDTO) { h.Entete = "Sans service" })
	b.siap.donner("une@example.org", mo(71, sirenA, "MO_MORAL_REG_ADMIN"), refusee)
	b.sql(`INSERT INTO interrupteur (nom, actif, portee) VALUES ('t_tous', true, NULL), ('t_aucun', false, NULL),
		('t_bailleurs', true, '{"typologies":["BAILLEUR"]}'), ('t_agents', true, '{"typologies":["INSTRUCTEUR"]}')`)
	_, a := b.entrer("1", "une@example.org")
	r, err := b.svc.Session(fond, b.principal(a.AccessToken))
	require.NoError(t, err)

	require.Equal(t, int64(71), r.Habilitation.ID)
	require.Equal(t, "Rôle MO_MORAL_REG_ADMIN", r.Habilitation.Entete, "05 B.4: the label of the role when there is no entete")
	require.Equal(t, "bailleur", r.Entite.Type)
	require.Equal(t, sirenA, r.Entite.Code)
	require.Len(t, r.Habilitations, 2)
	require.True(t, r.Habilitations[0].Courante && r.Habilitations[0].Utilisable)
	require.Equal(t, "https://siap.example/tableau-bord?habilitation_id=74", r.Habilitations[1].Lien)
	require.False(t, r.Habilitations[1].Utilisable)
	require.NotEmpty(t, r.Habilitations[1].Motif)
	require.Equal(t, "https://siap.example/gerer?habilitation_id=71", r.LienGestion)
	require.Equal(t, "https://siap.example/operation?habilitation_id=71", r.Menu[0].URL)
	require.True(t, r.SIAP.Disponible)
	require.Empty(t, r.Avertissements)
	for nom, actif := range map[string]bool{"t_tous": true, "t_aucun": false, "t_bailleurs": true, "t_agents": false} {
		require.Equal(t, actif, r.Interrupteurs[nom], nom)
	}
}

func TestModifierPreferences(t *testing.T) {
	b, o := bancOuvert(t)
	a, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	p := b.principal(a.AccessToken)
	sombre, aucun, faux := "sombre", "AUCUN", "rose"

	u, err := b.svc.ModifierPreferences(fond, p, 0, compte.Preferences{Theme: &sombre, PreferencesEmail: &aucun})
	require.NoError(t, err)
	require.Equal(t, []string{"sombre", "AUCUN"}, []string{u.Theme, u.PreferencesEmail})
	version := u.Version
	u, err = b.svc.ModifierPreferences(fond, p, version, compte.Preferences{})
	require.NoError(t, err)
	require.Equal(t, version, u.Version, "nothing to change is not a change")

	_, err = b.svc.ModifierPreferences(fond, p, version-1, compte.Preferences{Theme: &sombre})
	require.True(t, fault.Is(err, fault.Stale), "%v", err)
	_, err = b.svc.ModifierPreferences(fond, p, 0, compte.Preferences{Theme: &faux, PreferencesEmail: &faux})
	require.Len(t, fault.As(err).Fields, 2)
	r, err := b.svc.Session(fond, p)
	require.NoError(t, err)
	require.Equal(t, "sombre", r.Utilisateur.Theme)
}

// G.13 at the level of the service: fifty requests of two people never mix their perimeters.
func TestG13_principalsOfTwoPeopleNeverMix(t *testing.T) {
	b := nouveauBanc(t)
	b.siap.donner("une@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"))
	b.siap.donner("deux@example.org", gestion(72, "35047", "SERV_INSTR_ADMIN"))
	_, a1 := b.entrer("1", "une@example.org")
	_, a2 := b.entrer("2", "deux@example.org")
	attendus := []auth.Principal{b.principal(a1.AccessToken), b.principal(a2.AccessToken)}
	jetons := []string{a1.AccessToken, a2.AccessToken}
	b.heure.avancer(6 * time.Second) // everybody finds an empty cache
	recus := make([]auth.Principal, 50)
	errs := make([]error, 50)
	var wg sync.WaitGroup
	for i := range recus {
		wg.Go(func() { recus[i], errs[i] = b.svc.Authenticate(fond, jetons[i%2]) })
	}
	wg.Wait()
	for i := range recus {
		require.NoError(t, errs[i])
		require.Equal(t, attendus[i%2], recus[i])
	}
	recus[0].BailleurIDs[0] = -1 // a handler that would change its copy harms nobody
	require.Equal(t, attendus[0], b.principal(a1.AccessToken))
}

func TestLogs_holdNoSecret(t *testing.T) {
	b := nouveauBanc(t)
	b.siap.donner("secret.login@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"), gestion(72, "35047", "X_NEW"))
	ticket := "ST-" + strconv.Itoa(123456789)
	require.NoError(t, b.svc.ConsommerTicket(fond, ticket, appel))
	require.Error(t, b.svc.ConsommerTicket(fond, ticket, appel))
	o, err := b.svc.OuvrirSession(fond, compte.Ouverture{Identite: identite("1", "secret.login@example.org"), Ticket: ticket, Appel: appel})
	require.NoError(t, err)
	a, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	require.NoError(t, b.svc.ChangerHabilitation(fond, b.principal(a.AccessToken), 72, appel))
	b.siap.tomber(fmt.Errorf("%w: %w", siap.ErrUnavailable, errQuelconque))
	b.heure.avancer(16 * time.Minute)
	_, err = b.rafraichir(o.Jeton, 0) // reuse
	require.Error(t, err)
	_, err = b.ouvrir("1", "secret.login@example.org")
	require.NoError(t, err)

	lignes := b.journal.String()
	require.Contains(t, lignes, `"event":"session.ouverture"`)
	require.Contains(t, lignes, `"event":"habilitation.switch"`)
	require.Contains(t, lignes, `"event":"session.jeton_reutilise"`)
	for _, secret := range []string{ticket, o.Jeton, a.Jeton, a.AccessToken, "secret.login@example.org"} {
		require.NotContains(t, lignes, secret)
	}
	journal := lire[string](b, `SELECT coalesce(string_agg(concat(avant, apres, motif), ' '), '') FROM journal_audit`)
	for _, secret := range []string{ticket, o.Jeton, a.Jeton, a.AccessToken} {
		require.NotContains(t, journal, secret)
	}
}

func TestPurger_keepsWhatServesWhenSIAPIsDown(t *testing.T) {
	b, o := bancOuvert(t)
	require.NoError(t, b.svc.ConsommerTicket(fond, "ST-x", appel))
	require.NoError(t, b.svc.Fermer(fond, o.Jeton, appel))
	b.heure.avancer(23 * time.Hour)
	n, err := b.svc.Purger(fond)
	require.NoError(t, err)
	require.Zero(t, n)
	require.Zero(t, lire[int](b, `SELECT count(*) FROM jeton_unique`))
	b.heure.avancer(2 * time.Hour)
	n, err = b.svc.Purger(fond)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Zero(t, lire[int](b, `SELECT count(*) FROM jeton_rafraichissement`))
}

func TestOuvrirSessionSimulee(t *testing.T) {
	b := nouveauBanc(t)
	b.siap.donner("une@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"))
	b.sql(`INSERT INTO utilisateur (username, cerbere_login) VALUES ('local', 'une@example.org')`)
	id := lire[int64](b, `SELECT id FROM utilisateur`)
	require.NoError(t, b.svc.VerifierUtilisateurSimule(fond, id))
	require.Error(t, b.svc.VerifierUtilisateurSimule(fond, id+1), "the program must not start")
	o, err := b.svc.OuvrirSessionSimulee(fond, id, 0, appel)
	require.NoError(t, err)
	a, err := b.rafraichir(o.Jeton, 0)
	require.NoError(t, err)
	require.Equal(t, auth.Bailleur, b.principal(a.AccessToken).Typologie)
}
