package compte_test

import (
	"strings"
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

const motif = "Aide demandée au téléphone"

// support is a world with people of each kind: a member of the staff and a superuser, each signed in, and targets.
type support struct {
	*banc
	staff, chef auth.Principal
	ids         map[string]uuid.UUID
}

func nouveauSupport(t *testing.T) *support {
	t.Helper()
	b := nouveauBanc(t)
	s := &support{banc: b, ids: map[string]uuid.UUID{}}
	b.siap.donner("cible@example.org", mo(71, sirenA, "MO_MORAL_REG_ADMIN"), avec(gestion(72, "35047", "SERV_INSTR_ADMIN"), func(h *siap.HabilitationDTO) { h.Favori = true }))
	b.sql(`INSERT INTO utilisateur (username, cerbere_login, email, prenom, nom, est_staff, est_superuser, est_actif) VALUES
		('9001', 'staff@example.org', 's@example.org', 'Aïda', 'Soutien', true, false, true),
		('9002', 'chef@example.org', 'c@example.org', 'Paul', 'Chef', true, true, true),
		('9003', 'collegue@example.org', 'k@example.org', 'Kim', 'Collègue', true, false, true),
		('1001', 'cible@example.org', 'u@example.org', 'Une', 'Cible', false, false, true),
		('1002', 'fermee@example.org', 'f@example.org', 'Une', 'Fermée', false, false, false),
		('1003', 'sans@example.org', 'n@example.org', 'Une', 'SansHabilitation', false, false, true)`)
	s.staff, s.chef = s.entrerStaff("9001", "staff@example.org"), s.entrerStaff("9002", "chef@example.org")
	s.nommer()
	for _, username := range []string{"9001", "9002", "9003", "1001", "1002", "1003"} {
		s.ids[username] = uuid.MustParse(lire[string](b, `SELECT uuid::text FROM utilisateur WHERE username = $1`, username))
	}
	return s
}

// nommer gives back the names that signing in replaced.
func (s *support) nommer() {
	s.sql(`UPDATE utilisateur SET prenom = 'Aïda', nom = 'Soutien' WHERE username = '9001'`)
	s.sql(`UPDATE utilisateur SET prenom = 'Paul', nom = 'Chef' WHERE username = '9002'`)
	s.sql(`UPDATE utilisateur SET prenom = 'Une', nom = 'Cible' WHERE username = '1001'`)
}

func (s *support) entrerStaff(id, login string) auth.Principal {
	_, a := s.entrer(id, login)
	return s.principal(a.AccessToken)
}

func (s *support) detourner(p auth.Principal, username string, mode auth.ModeDetournement) (compte.Connecte, error) {
	return s.svc.Detourner(fond, p, compte.DemandeDetournement{Cible: s.ids[username], Motif: motif, Mode: mode}, appel)
}

// 05 C.5, G.11: who may act as whom, in which mode.
func TestC5_matrixOfRights(t *testing.T) {
	s := nouveauSupport(t)
	s.siap.donner("une@example.org", mo(75, sirenB, "MO_MORAL_REG_ADMIN"))
	_, a := s.entrer("2001", "une@example.org")
	personne := s.principal(a.AccessToken)
	const lecture, complet = auth.DetournementLecture, auth.DetournementComplet
	for _, c := range []struct {
		qui   auth.Principal
		cible string
		mode  auth.ModeDetournement
		code  string // "" when allowed
	}{
		{s.staff, "1001", lecture, ""},
		{s.staff, "1001", "", ""},
		{s.staff, "1001", complet, "DETOURNEMENT_INTERDIT"},
		{s.staff, "1003", lecture, ""}, // without habilitation: seen as the person sees it
		{s.staff, "1002", lecture, "DETOURNEMENT_INTERDIT"},
		{s.staff, "9003", lecture, "DETOURNEMENT_INTERDIT"},
		{s.staff, "9002", lecture, "DETOURNEMENT_INTERDIT"},
		{s.staff, "9001", lecture, "DETOURNEMENT_INTERDIT"},
		{s.chef, "1001", lecture, ""},
		{s.chef, "1001", complet, ""},
		{s.chef, "9003", lecture, ""},
		{s.chef, "9003", complet, ""},
		{s.chef, "1002", complet, "DETOURNEMENT_INTERDIT"},
		{s.chef, "9002", lecture, "DETOURNEMENT_INTERDIT"},
		{personne, "1001", lecture, "introuvable"},
		{personne, "2001", lecture, "introuvable"},
	} {
		o, err := s.detourner(c.qui, c.cible, c.mode)
		if c.code != "" {
			require.True(t, fault.HasCode(err, c.code), "%d as %s (%s): %v", c.qui.UtilisateurID, c.cible, c.mode, err)
			continue
		}
		require.NoError(t, err, "%d as %s (%s)", c.qui.UtilisateurID, c.cible, c.mode)
		p := s.principal(o.AccessToken)
		require.Equal(t, c.qui.UtilisateurID, p.DetourneParID)
		require.Equal(t, s.ids[c.cible].String(), p.UtilisateurUUID)
		require.Equal(t, c.mode != complet, p.EnLecture())
		_, err = s.detourner(p, "1003", lecture)
		require.True(t, fault.HasCode(err, "detournement_interdit"), "never nested, in any mode: %v", err)
	}
	require.Contains(t, s.journal.String(), `"event":"detournement.debut"`)
}

func TestC5_requestIsChecked(t *testing.T) {
	s := nouveauSupport(t)
	for nom, d := range map[string]compte.DemandeDetournement{
		"no reason":       {Cible: s.ids["1001"]},
		"spaces":          {Cible: s.ids["1001"], Motif: "          a          "},
		"nine characters": {Cible: s.ids["1001"], Motif: "neuf sign"},
		"501 characters":  {Cible: s.ids["1001"], Motif: strings.Repeat("é", 501)},
		"unknown mode":    {Cible: s.ids["1001"], Motif: motif, Mode: "total"},
	} {
		_, err := s.svc.Detourner(fond, s.chef, d, appel)
		require.True(t, fault.HasCode(err, "DONNEES_INVALIDES"), "%s: %v", nom, err)
	}
	_, err := s.svc.Detourner(fond, s.chef, compte.DemandeDetournement{Cible: uuid.New(), Motif: motif}, appel)
	require.True(t, fault.Is(err, fault.NotFound))
	_, err = s.svc.Detourner(fond, s.chef, compte.DemandeDetournement{Cible: s.ids["1001"], Motif: strings.Repeat("é", 500)}, appel)
	require.NoError(t, err)
	require.Equal(t, 1, lire[int](s.banc, `SELECT count(*) FROM detournement`))
}

// 05 C.5: rights of the target, from SIAP, under the target's own login; token with sub and act.
func TestC5_sessionIsTheOneOfTheTarget(t *testing.T) {
	s := nouveauSupport(t)
	derniere := `SELECT derniere_connexion_le IS NULL FROM utilisateur WHERE username = '1001'`
	o, err := s.detourner(s.staff, "1001", auth.DetournementLecture)
	require.NoError(t, err)
	claims, err := s.jetons.Verify(o.AccessToken)
	require.NoError(t, err)
	require.Equal(t, s.ids["1001"].String(), claims.Subject)
	require.Equal(t, s.ids["9001"].String(), claims.Actor)
	require.True(t, claims.ReadOnly)
	p := s.principal(o.AccessToken)
	require.Equal(t, int64(72), p.HabilitationID, "the favourite of the target")
	require.Equal(t, "cible@example.org", p.Login)
	require.Equal(t, auth.Instructeur, p.Typologie)
	require.False(t, p.Staff, "the rights are those of the target")
	require.True(t, lire[bool](s.banc, derniere), "the target did not sign in")
	rows, err := s.svc.Sessions(fond, p)
	require.NoError(t, err)
	require.Empty(t, rows)

	a, err := s.rafraichir(o.Acces.Jeton, 71)
	require.NoError(t, err, "a tab of the impersonation may take another habilitation of the target")
	require.Equal(t, auth.Bailleur, s.principal(a.AccessToken).Typologie)
	r, err := s.svc.Session(fond, p)
	require.NoError(t, err)
	require.Equal(t, "Aïda Soutien", r.Detournement.Staff)
	require.Equal(t, motif, r.Detournement.Motif)
	require.Equal(t, depart.Add(time.Hour), r.Detournement.ExpireLe.UTC())

	var ligne struct{ auteur, cible, mode string }
	ligne.auteur = lire[string](s.banc, `SELECT u.username FROM journal_audit j JOIN utilisateur u ON u.id = j.utilisateur_id WHERE commande = 'detournement.debut'`)
	ligne.cible = lire[string](s.banc, `SELECT apres->>'cible' FROM journal_audit WHERE commande = 'detournement.debut'`)
	require.Equal(t, "9001", ligne.auteur)
	require.Equal(t, s.ids["1001"].String(), ligne.cible)
	require.Equal(t, motif, lire[string](s.banc, `SELECT motif FROM journal_audit WHERE commande = 'detournement.debut'`))
}

func TestC5_sixtyMinutesWhateverIsDone(t *testing.T) {
	s := nouveauSupport(t)
	o, err := s.detourner(s.chef, "1001", auth.DetournementComplet)
	require.NoError(t, err)
	jeton := o.Acces.Jeton
	for range 11 {
		s.heure.avancer(5 * time.Minute)
		a, err := s.rafraichir(jeton, 0)
		require.NoError(t, err)
		jeton = a.Jeton
	}
	s.heure.avancer(4 * time.Minute)
	a, err := s.rafraichir(jeton, 0)
	require.NoError(t, err)
	claims, err := s.jetons.Verify(a.AccessToken)
	require.NoError(t, err)
	require.Equal(t, depart.Add(time.Hour), claims.ExpiresAt, "the last token does not outlive the hour")
	s.heure.avancer(time.Minute)
	_, err = s.rafraichir(a.Jeton, 0)
	require.True(t, fault.Is(err, fault.Unauthenticated), "%v", err)
	lignes, _, err := s.svc.Detournements(fond, s.chef, 0, 10)
	require.NoError(t, err)
	require.False(t, lignes[0].EnCours)
	require.Equal(t, depart.Add(time.Hour), lignes[0].FinLe.UTC(), "the end of one that ran out is known")
	_, err = s.svc.Purger(fond)
	require.NoError(t, err)
	require.Equal(t, 1, lire[int](s.banc, `SELECT count(*) FROM detournement WHERE fin_le = debut_le + interval '1 hour'`), "and written")
}

func TestC5_stopComesBackToOneself(t *testing.T) {
	s := nouveauSupport(t)
	o, err := s.detourner(s.staff, "1001", auth.DetournementLecture)
	require.NoError(t, err)
	p := s.principal(o.AccessToken)
	require.True(t, fault.Is(s.svc.ArreterDetournement(fond, s.staff, appel), fault.NotFound), "one's own session is no impersonation")
	s.heure.avancer(10 * time.Minute)
	require.NoError(t, s.svc.ArreterDetournement(fond, p, appel))
	_, err = s.svc.Authenticate(fond, o.AccessToken)
	require.True(t, fault.Is(err, fault.Unauthenticated))
	_, err = s.rafraichir(o.Acces.Jeton, 0)
	require.True(t, fault.Is(err, fault.Unauthenticated))
	require.Equal(t, depart.Add(10*time.Minute), lire[time.Time](s.banc, `SELECT fin_le FROM detournement`).UTC())
	_, err = s.detourner(s.staff, "1003", auth.DetournementLecture)
	require.NoError(t, err, "the session of the staff goes on")
	require.Equal(t, "9001", lire[string](s.banc, `SELECT u.username FROM journal_audit j JOIN utilisateur u ON u.id = j.utilisateur_id WHERE commande = 'detournement.fin'`))
}

func TestC5_oneAtATime(t *testing.T) {
	s := nouveauSupport(t)
	o1, err := s.detourner(s.chef, "1001", auth.DetournementLecture)
	require.NoError(t, err)
	o2, err := s.detourner(s.chef, "1003", auth.DetournementLecture)
	require.NoError(t, err)
	_, err = s.svc.Authenticate(fond, o1.AccessToken)
	require.True(t, fault.Is(err, fault.Unauthenticated), "the former one is over")
	s.principal(o2.AccessToken)
	require.Equal(t, 1, lire[int](s.banc, `SELECT count(*) FROM detournement WHERE fin_le IS NULL`))
}

func TestC5_oneAtATimeEvenTogether(t *testing.T) {
	s := nouveauSupport(t)
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() { _, errs[i] = s.detourner(s.chef, "1001", auth.DetournementLecture) })
	}
	wg.Wait()
	// The first ones may already be over when their token is made.
	for _, err := range errs {
		require.True(t, err == nil || fault.Is(err, fault.Unauthenticated), "%v", err)
	}
	require.Equal(t, 8, lire[int](s.banc, `SELECT count(*) FROM detournement`))
	require.Equal(t, 1, lire[int](s.banc, `SELECT count(*) FROM detournement WHERE fin_le IS NULL`))
	require.Equal(t, 1, lire[int](s.banc, `SELECT count(*) FROM session WHERE parente_id IS NOT NULL AND revoquee_le IS NULL`))
}

func TestC5_endsWithTheSessionOfTheStaff(t *testing.T) {
	for nom, finir := range map[string]func(s *support, jeton string){
		"sign-out":     func(s *support, jeton string) { require.NoError(s.t, s.svc.Fermer(fond, jeton, appel)) },
		"deactivation": func(s *support, _ string) { s.sql(`UPDATE utilisateur SET est_actif = false WHERE username = '9001'`) },
		"rights withdrawn": func(s *support, _ string) {
			s.sql(`UPDATE utilisateur SET est_staff = false WHERE username = '9001'`)
		},
		"target joins the staff": func(s *support, _ string) {
			s.sql(`UPDATE utilisateur SET est_staff = true WHERE username = '1001'`)
		},
	} {
		t.Run(nom, func(t *testing.T) {
			s := nouveauSupport(t)
			o, a := s.entrer("9001", "staff@example.org")
			d, err := s.detourner(s.principal(a.AccessToken), "1001", auth.DetournementLecture)
			require.NoError(t, err)
			finir(s, a.Jeton)
			s.heure.avancer(5 * time.Second)
			_, err = s.svc.Authenticate(fond, d.AccessToken)
			require.True(t, fault.Is(err, fault.Unauthenticated), "%v", err)
			_, err = s.rafraichir(d.Acces.Jeton, 0)
			require.True(t, fault.Is(err, fault.Unauthenticated), "%v", err)
			_ = o
		})
	}
}

func TestC5_theTargetSeesWhoAndWhen(t *testing.T) {
	s := nouveauSupport(t)
	_, err := s.detourner(s.staff, "1001", auth.DetournementLecture)
	require.NoError(t, err)
	s.heure.avancer(time.Minute)
	_, err = s.detourner(s.chef, "1001", auth.DetournementComplet)
	require.NoError(t, err)
	_, err = s.detourner(s.chef, "1003", auth.DetournementLecture)
	require.NoError(t, err)

	_, a := s.entrer("1001", "cible@example.org")
	cible := s.principal(a.AccessToken)
	s.nommer()
	lignes, total, err := s.svc.MesDetournements(fond, cible, 0, 10)
	require.NoError(t, err)
	require.Equal(t, 2, total)
	require.Equal(t, "Paul Chef", lignes[0].StaffNom)
	require.Equal(t, "Aïda Soutien", lignes[1].StaffNom)
	require.True(t, lignes[1].EnCours)
	require.False(t, lignes[0].EnCours, "ended by the next one of the same person")
	_, _, err = s.svc.Detournements(fond, cible, 0, 10)
	require.True(t, fault.Is(err, fault.NotFound))
	_, total, err = s.svc.Detournements(fond, s.staff, 0, 1)
	require.NoError(t, err)
	require.Equal(t, 3, total)
	_, _, err = s.svc.Comptes(fond, cible, "", 0, 10)
	require.True(t, fault.Is(err, fault.NotFound))
	comptes, total, err := s.svc.Comptes(fond, s.staff, "cible UNE", 0, 10)
	require.NoError(t, err)
	require.Equal(t, 1, total, "every word, whatever the case and the order")
	require.Equal(t, "Cible", comptes[0].Nom)
}

// 05 C.4 and C.5: SIAP down, the last habilitations of the target serve, for reading.
func TestC5_siapDown(t *testing.T) {
	s := nouveauSupport(t)
	s.siap.tomber(errPanne)
	_, err := s.detourner(s.chef, "1001", auth.DetournementComplet)
	require.True(t, fault.HasCode(err, "siap_unavailable"), "%v", err)
	s.siap.tomber(nil)
	_, _ = s.entrer("1001", "cible@example.org")
	s.siap.tomber(errPanne)
	s.heure.avancer(time.Minute)
	o, err := s.detourner(s.chef, "1001", auth.DetournementComplet)
	require.NoError(t, err)
	require.True(t, s.principal(o.AccessToken).EnLecture())
}
