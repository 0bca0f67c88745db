package compte_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/compte"
	"apilos/api/fault"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

const bonMotDePasse = "grue bleuet ancre mercure"

func depuis(adresse string) compte.Appel {
	return compte.Appel{IP: "192.0.2.0", Adresse: adresse, Agent: "Navigateur de test", RequeteID: uuid.NewString()}
}

// compteLocal makes an account of the platform whose role is the instructing service of one administration.
func (b *banc) compteLocal(username, email string) {
	b.t.Helper()
	b.sql(`INSERT INTO administration (nom, code) VALUES ('DDT de la Creuse', 'DDT23') ON CONFLICT DO NOTHING`)
	_, err := b.svc.CreerCompte(fond, compte.NouveauCompte{
		Username: username, Email: email, Prenom: "Nora", Nom: "Essai", MotDePasse: bonMotDePasse,
		Role: &compte.DemandeRole{Typologie: auth.Instructeur, Administration: "DDT23"},
	}, compte.Intervention{Acteur: "exploitation@example.org", Motif: "Essai"})
	require.NoError(b.t, err)
}

func TestC6_signInByUsernameOrEmailWhateverTheCase(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("Nora.Essai", "Nora@Example.org")
	for _, identifiant := range []string{"Nora.Essai", "nora.essai", "NORA.ESSAI", "nora@example.org", " NORA@EXAMPLE.ORG "} {
		c, err := b.svc.ConnexionLocale(fond, identifiant, bonMotDePasse, depuis("198.51.100.7"))
		require.NoError(t, err, identifiant)
		p := b.principal(c.AccessToken)
		require.Equal(t, auth.Instructeur, p.Typologie)
		require.Equal(t, lire[int64](b, `SELECT id FROM administration WHERE code = 'DDT23'`), p.AdministrationID)
		require.Zero(t, p.HabilitationID, "a local account acts under 0")
		require.False(t, p.LectureSeule)
		r, err := b.svc.Session(fond, p)
		require.NoError(t, err)
		require.Equal(t, "Service instructeur", r.Habilitation.Entete)
		require.Equal(t, "DDT de la Creuse", r.Entite.Nom)
		require.Empty(t, r.Habilitations)
		_, err = b.rafraichir(c.Ouverte.Jeton, 0)
		require.NoError(t, err)
	}
	require.NotContains(t, b.journal.String(), "nora@example.org")
	require.Zero(t, b.siap.nbAppels(), "SIAP knows nothing of a local account")
}

// 05 C.6: the same answer and the same work for all that does not open.
func TestC6_refusalsTellNothing(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	b.sql(`INSERT INTO utilisateur (username, email, mot_de_passe_hash) VALUES ('jumelle1', 'double@example.org', 'clair:` + bonMotDePasse + `'),
		('jumelle2', 'DOUBLE@example.org', 'clair:` + bonMotDePasse + `'), ('sans', 'sans@example.org', NULL)`)
	b.sql(`INSERT INTO utilisateur (username, email, mot_de_passe_hash, est_actif) VALUES ('fermee', 'fermee@example.org', 'clair:` + bonMotDePasse + `', false)`)
	b.hacheur.travail()
	var message string
	for i, c := range []struct{ identifiant, motDePasse string }{
		{"nora", "un autre mot de passe"}, {"inconnue", bonMotDePasse}, {"double@example.org", bonMotDePasse},
		{"sans", ""}, {"sans", bonMotDePasse}, {"fermee", bonMotDePasse}, {"", ""}, {"nora\x00", bonMotDePasse}, {"nora", ""},
	} {
		_, err := b.svc.ConnexionLocale(fond, c.identifiant, c.motDePasse, depuis(fmt.Sprint("198.51.100.", i)))
		f := fault.As(err)
		require.NotNil(t, f, "%q", c.identifiant)
		require.Equal(t, fault.Unauthenticated, f.Kind, "%q", c.identifiant)
		require.Equal(t, "identifiants_refuses", f.Code)
		if message == "" {
			message = f.Message
		}
		require.Equal(t, message, f.Message)
		require.Equal(t, 1, b.hacheur.travail(), "%q: one comparison, no more, no less", c.identifiant)
	}
}

func TestC6_withCerbereThereIsNoLocalSignIn(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	svc := b.serviceAvec(func(c *compte.Config) { c.ComptesLocaux = false })
	_, err := svc.ConnexionLocale(fond, "nora", bonMotDePasse, depuis("198.51.100.1"))
	require.True(t, fault.Is(err, fault.NotFound))
	require.True(t, fault.Is(svc.DemanderReinitialisation(fond, "nora", appel), fault.NotFound))
	require.True(t, fault.Is(svc.NouveauMotDePasse(fond, "x", bonMotDePasse, appel), fault.NotFound))
}

func TestC6_fiveFailuresLockTheAddressForSixHours(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	b.hacheur.travail()
	ici, ailleurs := depuis("198.51.100.1"), depuis("203.0.113.9")
	for _, compteVise := range []string{"nora", "inconnue"} {
		for range 5 {
			_, err := b.svc.ConnexionLocale(fond, compteVise, "faux mot de passe", ici)
			require.True(t, fault.HasCode(err, "identifiants_refuses"), "%v", err)
		}
		b.hacheur.travail()
		_, err := b.svc.ConnexionLocale(fond, compteVise, bonMotDePasse, ici)
		f := fault.As(err)
		require.Equal(t, fault.RateLimited, f.Kind)
		require.Equal(t, "account_locked", f.Code)
		require.Equal(t, 6*3600, f.Extra["retry_after"], "known or not, the same wait")
		require.Zero(t, b.hacheur.travail(), "nothing is compared behind a lock")
	}
	_, err := b.svc.ConnexionLocale(fond, "NORA@example.org", bonMotDePasse, ici)
	require.True(t, fault.HasCode(err, "account_locked"), "the other identifier of the account is the same account")
	_, err = b.svc.ConnexionLocale(fond, "nora", bonMotDePasse, ailleurs)
	require.NoError(t, err, "its owner enters from elsewhere")

	b.heure.avancer(6*time.Hour - time.Second)
	_, err = b.svc.ConnexionLocale(fond, "nora", bonMotDePasse, ici)
	require.Equal(t, 1, fault.As(err).Extra["retry_after"])
	b.heure.avancer(time.Second)
	_, err = b.svc.ConnexionLocale(fond, "nora", bonMotDePasse, ici)
	require.NoError(t, err)
	require.Contains(t, b.journal.String(), `"event":"compte.verrouillage"`)
	require.Contains(t, b.journal.String(), `"outcome":"locked"`)
}

func TestC6_successForgetsTheFailuresOfTheAddress(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	for range 3 {
		for range 4 {
			_, err := b.svc.ConnexionLocale(fond, "nora", "faux mot de passe", depuis("198.51.100.1"))
			require.True(t, fault.HasCode(err, "identifiants_refuses"))
		}
		_, err := b.svc.ConnexionLocale(fond, "nora", bonMotDePasse, depuis("198.51.100.1"))
		require.NoError(t, err)
	}
	require.Equal(t, 12, lire[int](b, `SELECT echecs FROM tentative_connexion WHERE compte = 'nora' AND ip = ''`),
		"the failures of an outsider stay counted against the account")
}

// 05 C.6: twenty failures from anywhere slow the account down, and never for more than fifteen minutes.
func TestC6_twentyFailuresFromAnywhereSlowTheAccountDown(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	echouer := func(i int) *fault.Error {
		_, err := b.svc.ConnexionLocale(fond, "nora", "faux mot de passe", depuis(fmt.Sprint("203.0.113.", i)))
		return fault.As(err)
	}
	for i := range 20 {
		require.Equal(t, "identifiants_refuses", echouer(i).Code, "failure %d", i+1)
	}
	f := echouer(50)
	require.Equal(t, "account_locked", f.Code)
	require.Equal(t, 5, f.Extra["retry_after"])
	b.heure.avancer(3 * time.Second)
	require.Equal(t, 2, echouer(51).Extra["retry_after"], "an attempt made too early does not lengthen the wait")
	attendus := []int{10, 20, 40, 80, 160, 320, 640, 900, 900}
	attente := 2
	for i, s := range attendus {
		b.heure.avancer(time.Duration(attente) * time.Second)
		require.Equal(t, "identifiants_refuses", echouer(60+i).Code)
		f := echouer(100 + i)
		require.Equal(t, s, f.Extra["retry_after"])
		attente = s
	}
	b.heure.avancer(15 * time.Minute)
	_, err := b.svc.ConnexionLocale(fond, "nora", bonMotDePasse, depuis("198.51.100.1"))
	require.NoError(t, err, "the owner waits a quarter of an hour at most")
}

// Attempts made together are counted one by one: no more of them reach the comparison than the limit allows.
func TestC6_parallelFailuresAreCountedExactly(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	b.hacheur.travail()
	autre := b.service()
	var wg sync.WaitGroup
	codes := make([]string, 40)
	for i := range codes {
		wg.Go(func() {
			svc := b.svc
			if i%2 == 1 {
				svc = autre // another process
			}
			_, err := svc.ConnexionLocale(fond, "nora", "faux mot de passe", depuis("198.51.100.1"))
			codes[i] = fault.As(err).Code
		})
	}
	wg.Wait()
	n := map[string]int{}
	for _, c := range codes {
		n[c]++
	}
	require.Equal(t, map[string]int{"identifiants_refuses": 5, "account_locked": 35}, n)
	require.Equal(t, 5, b.hacheur.travail())
	require.Equal(t, 5, lire[int](b, `SELECT echecs FROM tentative_connexion WHERE ip = '198.51.100.1'`))
	require.Equal(t, 5, lire[int](b, `SELECT echecs FROM tentative_connexion WHERE ip = ''`))
}

// A password typed in the field of the identifier is kept nowhere.
func TestC6_whatIsTypedForNoAccountIsNotKept(t *testing.T) {
	b := nouveauBanc(t)
	_, err := b.svc.ConnexionLocale(fond, bonMotDePasse, "x", depuis("198.51.100.1"))
	require.True(t, fault.HasCode(err, "identifiants_refuses"))
	require.Equal(t, 2, lire[int](b, `SELECT count(*) FROM tentative_connexion WHERE compte ~ '^[?][0-9a-f]{64}$'`))
	require.NotContains(t, b.journal.String(), bonMotDePasse)
}

func TestC6_staffUnlocks(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	for range 6 {
		_, _ = b.svc.ConnexionLocale(fond, "nora", "faux mot de passe", depuis("198.51.100.1"))
	}
	id := uuid.MustParse(lire[string](b, `SELECT uuid::text FROM utilisateur WHERE username = 'nora'`))
	b.sql(`INSERT INTO utilisateur (username, est_staff) VALUES ('aide', true)`)
	staff := auth.Principal{UtilisateurID: lire[int64](b, `SELECT id FROM utilisateur WHERE username = 'aide'`), Staff: true}

	lignes, _, err := b.svc.Comptes(fond, staff, "nora", 0, 20)
	require.NoError(t, err)
	require.Len(t, lignes, 1)
	require.Equal(t, depart.Add(6*time.Hour), lignes[0].VerrouilleJusquA.UTC())

	require.True(t, fault.Is(b.svc.Deverrouiller(fond, auth.Principal{UtilisateurID: 1}, id, "Appel au téléphone", appel), fault.NotFound))
	require.True(t, fault.Is(b.svc.Deverrouiller(fond, staff, id, "non", appel), fault.Invalid))
	require.True(t, fault.Is(b.svc.Deverrouiller(fond, staff, uuid.New(), "Appel au téléphone", appel), fault.NotFound))
	require.NoError(t, b.svc.Deverrouiller(fond, staff, id, "Appel au téléphone", appel))
	_, err = b.svc.ConnexionLocale(fond, "nora", bonMotDePasse, depuis("198.51.100.1"))
	require.NoError(t, err)
	require.Equal(t, "Appel au téléphone", lire[string](b, `SELECT motif FROM journal_audit WHERE commande = 'utilisateur.deverrouillage'`))
}

func TestC6_weakerDigestIsReplacedAtTheNextSignIn(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	v := lire[int](b, `SELECT version FROM utilisateur WHERE username = 'nora'`)
	b.hacheur.vieux = true
	_, err := b.svc.ConnexionLocale(fond, "nora", bonMotDePasse, depuis("198.51.100.1"))
	require.NoError(t, err)
	require.Equal(t, v+1, lire[int](b, `SELECT version FROM utilisateur WHERE username = 'nora'`))
}

func TestC6_accountWithoutRoleIsToldSo(t *testing.T) {
	b := nouveauBanc(t)
	b.sql(`INSERT INTO utilisateur (username, mot_de_passe_hash) VALUES ('seul', 'clair:` + bonMotDePasse + `')`)
	_, err := b.svc.ConnexionLocale(fond, "seul", bonMotDePasse, depuis("198.51.100.1"))
	require.True(t, fault.HasCode(err, "compte_sans_role"), "%v", err)
	b.sql(`UPDATE utilisateur SET est_superuser = true`)
	c, err := b.svc.ConnexionLocale(fond, "seul", bonMotDePasse, depuis("198.51.100.1"))
	require.NoError(t, err, "PE-02")
	require.True(t, b.principal(c.AccessToken).Superuser)
}

func TestC6_roleRemovedEndsAccessAtTheNextReading(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	c, err := b.svc.ConnexionLocale(fond, "nora", bonMotDePasse, depuis("198.51.100.1"))
	require.NoError(t, err)
	b.sql(`UPDATE role SET expire_le = '2025-06-01'`)
	b.heure.avancer(5 * time.Second)
	require.Empty(t, b.principal(c.AccessToken).Typologie)
}

func TestC6_changeOfPasswordEndsTheOtherSessions(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	a1, err := b.svc.ConnexionLocale(fond, "nora", bonMotDePasse, depuis("198.51.100.1"))
	require.NoError(t, err)
	a2, err := b.svc.ConnexionLocale(fond, "nora", bonMotDePasse, depuis("198.51.100.2"))
	require.NoError(t, err)
	p := b.principal(a1.AccessToken)
	const nouveau = "orage peluche tramway silex"

	err = b.svc.ChangerMotDePasse(fond, p, "pas celui-ci du tout", nouveau, depuis("198.51.100.1"))
	require.True(t, fault.HasCode(err, "mot_de_passe_actuel"), "%v", err)
	err = b.svc.ChangerMotDePasse(fond, p, bonMotDePasse, "motdepasse123", depuis("198.51.100.1"))
	require.True(t, fault.HasCode(err, "MOT_DE_PASSE_REFUSE"), "%v", err)
	b.principal(a2.AccessToken)
	detourne := p
	detourne.DetourneParID, detourne.Mode = 99, auth.DetournementComplet
	err = b.svc.ChangerMotDePasse(fond, detourne, bonMotDePasse, nouveau, depuis("198.51.100.1"))
	require.True(t, fault.HasCode(err, "detournement_interdit"), "in both modes: %v", err)

	require.NoError(t, b.svc.ChangerMotDePasse(fond, p, bonMotDePasse, nouveau, depuis("198.51.100.1")))
	b.principal(a1.AccessToken)
	_, err = b.svc.Authenticate(fond, a2.AccessToken)
	require.True(t, fault.Is(err, fault.Unauthenticated), "%v", err)
	_, err = b.svc.ConnexionLocale(fond, "nora", bonMotDePasse, depuis("198.51.100.3"))
	require.True(t, fault.HasCode(err, "identifiants_refuses"))
	_, err = b.svc.ConnexionLocale(fond, "nora", nouveau, depuis("198.51.100.3"))
	require.NoError(t, err)
}

func TestC6_wrongCurrentPasswordCountsAsAFailure(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	a, err := b.svc.ConnexionLocale(fond, "nora", bonMotDePasse, depuis("198.51.100.1"))
	require.NoError(t, err)
	p := b.principal(a.AccessToken)
	for range 5 {
		require.True(t, fault.HasCode(b.svc.ChangerMotDePasse(fond, p, "essai d’un voleur", "x", depuis("198.51.100.1")), "mot_de_passe_actuel"))
	}
	require.True(t, fault.HasCode(b.svc.ChangerMotDePasse(fond, p, bonMotDePasse, "x", depuis("198.51.100.1")), "account_locked"))
}

func TestC6_resetLink(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	avant, err := b.svc.ConnexionLocale(fond, "nora", bonMotDePasse, depuis("198.51.100.1"))
	require.NoError(t, err)
	for range 6 {
		_, _ = b.svc.ConnexionLocale(fond, "nora", "faux mot de passe", depuis("198.51.100.2"))
	}
	for _, identifiant := range []string{"nora", "inconnue", " NORA@example.org "} {
		require.NoError(t, b.svc.DemanderReinitialisation(fond, identifiant, appel), "the same answer whoever it is")
	}
	require.Equal(t, []string{"nora", "inconnue", "NORA@example.org"}, b.demandes)
	require.True(t, fault.Is(b.svc.DemanderReinitialisation(fond, "  ", appel), fault.Invalid))

	l, err := b.svc.LienPour(fond, "inconnue", "demande-1")
	require.NoError(t, err)
	require.Nil(t, l)
	l, err = b.svc.LienPour(fond, "NORA@example.org", "demande-2")
	require.NoError(t, err)
	require.Equal(t, "nora@example.org", l.Email)
	encore, err := b.svc.LienPour(fond, "nora", "demande-2")
	require.NoError(t, err)
	require.Equal(t, l.Jeton, encore.Jeton, "an e-mail tried again holds the same link")
	require.Equal(t, 1, lire[int](b, `SELECT count(*) FROM jeton_unique WHERE usage = 'MOT_DE_PASSE'`))
	require.Zero(t, lire[int](b, `SELECT count(*) FROM jeton_unique WHERE empreinte = $1`, l.Jeton), "only the digest is kept")

	const nouveau = "orage peluche tramway silex"
	require.True(t, fault.HasCode(b.svc.NouveauMotDePasse(fond, "abc", nouveau, appel), "lien_expire"))
	require.True(t, fault.HasCode(b.svc.NouveauMotDePasse(fond, l.Jeton, "motdepasse123", appel), "MOT_DE_PASSE_REFUSE"))
	b.heure.avancer(59 * time.Minute)
	require.NoError(t, b.svc.NouveauMotDePasse(fond, l.Jeton, nouveau, appel), "a refused password leaves the link usable")
	require.True(t, fault.HasCode(b.svc.NouveauMotDePasse(fond, l.Jeton, "un autre mot très long", appel), "lien_expire"), "once")
	_, err = b.svc.Authenticate(fond, avant.AccessToken)
	require.True(t, fault.Is(err, fault.Unauthenticated), "every session is over")
	_, err = b.rafraichir(avant.Ouverte.Jeton, 0)
	require.True(t, fault.Is(err, fault.Unauthenticated))
	_, err = b.svc.ConnexionLocale(fond, "nora", nouveau, depuis("198.51.100.2"))
	require.NoError(t, err, "the owner of the mailbox is unlocked")
	require.NotContains(t, b.journal.String(), l.Jeton)
}

func TestC6_resetLinkLimits(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	var wg sync.WaitGroup
	liens := make([]*compte.LienMotDePasse, 12)
	for i := range liens {
		wg.Go(func() {
			l, err := b.svc.LienPour(fond, "nora", fmt.Sprint("demande-", i))
			if err == nil {
				liens[i] = l
			}
		})
	}
	wg.Wait()
	var donnes []string
	for _, l := range liens {
		if l != nil {
			donnes = append(donnes, l.Jeton)
		}
	}
	require.Len(t, donnes, 5, "five in the hour, even together")
	const nouveau = "orage peluche tramway silex"
	require.NoError(t, b.svc.NouveauMotDePasse(fond, donnes[0], nouveau, appel))
	require.True(t, fault.HasCode(b.svc.NouveauMotDePasse(fond, donnes[1], "silex tramway peluche", appel), "lien_expire"), "one use ends the others")
	l, err := b.svc.LienPour(fond, "nora", "de plus")
	require.NoError(t, err)
	require.Nil(t, l, "used links still count")
	b.heure.avancer(time.Hour)
	l, err = b.svc.LienPour(fond, "nora", "une heure après")
	require.NoError(t, err)
	b.heure.avancer(time.Hour)
	require.True(t, fault.HasCode(b.svc.NouveauMotDePasse(fond, l.Jeton, nouveau, appel), "lien_expire"), "60 minutes")
}

func TestC6_oneLinkUsedTwiceTogetherServesOnce(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	l, err := b.svc.LienPour(fond, "nora", "demande")
	require.NoError(t, err)
	var wg sync.WaitGroup
	var mu sync.Mutex
	bons := 0
	for i := range 8 {
		wg.Go(func() {
			if b.svc.NouveauMotDePasse(fond, l.Jeton, fmt.Sprint("orage peluche tramway ", i), appel) == nil {
				mu.Lock()
				bons++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Equal(t, 1, bons)
}

func TestC6_noLinkForAnAccountOfCerbere(t *testing.T) {
	b := nouveauBanc(t)
	b.sql(`INSERT INTO utilisateur (username, cerbere_login, email) VALUES ('1001', 'une@example.org', 'une@example.org'), ('muette', NULL, '')`)
	for _, identifiant := range []string{"une@example.org", "1001", "muette"} {
		l, err := b.svc.LienPour(fond, identifiant, identifiant)
		require.NoError(t, err)
		require.Nil(t, l, identifiant)
	}
}

func TestPurger_forgetsOldFailures(t *testing.T) {
	b := nouveauBanc(t)
	for range 6 {
		_, _ = b.svc.ConnexionLocale(fond, "x", "y", depuis("198.51.100.1"))
	}
	b.heure.avancer(5 * time.Hour)
	_, _ = b.svc.ConnexionLocale(fond, "récente", "y", depuis("198.51.100.1"))
	b.heure.avancer(90 * time.Minute)
	_, err := b.svc.Purger(fond)
	require.NoError(t, err)
	require.Equal(t, 2, lire[int](b, `SELECT count(*) FROM tentative_connexion`))
	require.Equal(t, 1, lire[int](b, `SELECT count(DISTINCT compte) FROM tentative_connexion WHERE echecs = 1`), "the recent one")
}
