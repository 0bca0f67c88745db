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

	"github.com/stretchr/testify/require"
)

func TestOuvrirSession_createsTheAccountAndRefreshesItAtEachSignIn(t *testing.T) {
	b := nouveauBanc(t)
	b.siap.donner("une@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"))
	ctx := context.Background()

	_, err := b.ouvrir("1001", "une@example.org")
	require.NoError(t, err)
	require.Equal(t, "1001", lire[string](b, `SELECT username FROM utilisateur WHERE cerbere_login = 'une@example.org'`))
	require.Equal(t, depart, lire[time.Time](b, `SELECT derniere_connexion_le FROM utilisateur`).UTC())

	b.siap.donner("nouveau@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"))
	_, err = b.svc.OuvrirSession(ctx, compte.Ouverture{Appel: appel, Ticket: "ST-2", Identite: compte.Identite{
		ID: "1001", Login: "nouveau@example.org", Nom: "  Mariée\x01 ", Email: ""}})
	require.NoError(t, err)
	require.Equal(t, 1, lire[int](b, `SELECT count(*) FROM utilisateur`), "one pivot: UTILISATEUR.ID")
	require.Equal(t, "nouveau@example.org|Mariée|Une|une@example.org",
		lire[string](b, `SELECT concat_ws('|', cerbere_login, nom, prenom, email) FROM utilisateur`),
		"fields are refreshed, those CERBERE does not send are kept")
}

func TestOuvrirSession_refusesIncompleteIdentity(t *testing.T) {
	b := nouveauBanc(t)
	b.siap.donner("une@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"))
	for name, id := range map[string]compte.Identite{
		"no id":        {Login: "une@example.org"},
		"no login":     {ID: "1001"},
		"blank login":  {ID: "1001", Login: "   "},
		"control char": {ID: "1001\x00", Login: "une@example.org"},
		"too long":     {ID: fmt.Sprintf("%0200d", 1), Login: "une@example.org"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := b.svc.OuvrirSession(context.Background(), compte.Ouverture{Identite: id, Ticket: "ST-x", Appel: appel})
			require.True(t, fault.HasCode(err, compte.CodeCompteIncomplet), "%v", err)
			require.True(t, fault.Is(err, fault.Forbidden))
		})
	}
	require.Zero(t, lire[int](b, `SELECT count(*) FROM utilisateur`))
}

func TestOuvrirSession_refusesInactiveAccount(t *testing.T) {
	b := nouveauBanc(t)
	b.siap.donner("une@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"))
	b.sql(`INSERT INTO utilisateur (username, cerbere_login, nom, est_actif) VALUES ('1001', 'une@example.org', 'Avant', false)`)
	_, err := b.ouvrir("1001", "une@example.org")
	require.True(t, fault.HasCode(err, compte.CodeCompteDesactive), "%v", err)
	require.Equal(t, "Avant", lire[string](b, `SELECT nom FROM utilisateur`), "nothing is written")
	require.Zero(t, lire[int](b, `SELECT count(*) FROM session`))
}

// 05 C.1: an existing row with the same login and no CERBERE id is adopted; a row that has one is not.
func TestOuvrirSession_adoption(t *testing.T) {
	cases := []struct {
		name, username string
		dejaConnecte   bool
		adopte         bool
	}{
		{"username is the login", "une@example.org", false, true},
		{"account prepared by staff", "une.exemple", false, true},
		{"username is a CERBERE id", "999", false, false},
		{"already signed in through CERBERE", "abc-de", true, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := nouveauBanc(t)
			b.siap.donner("une@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"))
			b.sql(`INSERT INTO utilisateur (username, cerbere_login, est_staff) VALUES ($1, 'une@example.org', true)`, c.username)
			ancien := lire[int64](b, `SELECT id FROM utilisateur`)
			if c.dejaConnecte {
				b.sql(`INSERT INTO journal_audit (action, commande, utilisateur_id, apres) VALUES ('E', 'session.ouverture', $1, '{"cerbere":true}')`, ancien)
			}
			o, err := b.ouvrir("1001", "une@example.org")
			require.NoError(t, err)
			require.Equal(t, c.adopte, o.UtilisateurID == ancien)
			if !c.adopte { // the login now belongs to the newcomer, who inherits no right of the former holder
				require.True(t, lire[bool](b, `SELECT cerbere_login IS NULL FROM utilisateur WHERE id = $1`, ancien))
				require.False(t, lire[bool](b, `SELECT est_staff FROM utilisateur WHERE id = $1`, o.UtilisateurID))
			}
			require.Equal(t, "1001", lire[string](b, `SELECT username FROM utilisateur WHERE id = $1`, o.UtilisateurID))
		})
	}
}

func TestOuvrirSession_loginGivenToAnotherKnownAccount(t *testing.T) {
	b := nouveauBanc(t)
	b.siap.donner("une@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"))
	b.sql(`INSERT INTO utilisateur (username, cerbere_login) VALUES ('1', 'une@example.org'), ('2', 'deux@example.org')`)
	o, err := b.ouvrir("2", "une@example.org")
	require.NoError(t, err)
	require.Equal(t, "2", lire[string](b, `SELECT username FROM utilisateur WHERE id = $1`, o.UtilisateurID))
	require.Equal(t, "2", lire[string](b, `SELECT username FROM utilisateur WHERE cerbere_login = 'une@example.org'`))
}

func TestPE13_parallelSignInsGiveOneAccountOneBailleurOneAdministration(t *testing.T) {
	b := nouveauBanc(t)
	const n = 20
	for i := range n {
		login := fmt.Sprintf("moi%d@example.org", i)
		b.siap.donner(login, mo(int64(100+i), sirenA, "MO_MORAL_NAT_ADMIN"))
		b.siap.donner("agent-"+login, gestion(int64(500+i), "35047", "SERV_INSTR_ADMIN"))
	}
	b.siap.donner("meme@example.org", personne(900, "Meme@Example.org"))
	svc := b.service()
	errs := make([]error, 3*n)
	var wg sync.WaitGroup
	for i := range n {
		login := fmt.Sprintf("moi%d@example.org", i)
		for j, id := range []compte.Identite{identite("a"+strconv.Itoa(i), login), identite("b"+strconv.Itoa(i), "agent-"+login), identite("c", "meme@example.org")} {
			wg.Go(func() {
				_, errs[3*i+j] = svc.OuvrirSession(context.Background(), compte.Ouverture{
					Identite: id, Ticket: fmt.Sprintf("ST-%d-%d", i, j), Appel: appel})
			})
		}
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	require.Equal(t, 1, lire[int](b, `SELECT count(*) FROM bailleur WHERE siren = $1`, sirenA))
	require.Equal(t, 1, lire[int](b, `SELECT count(*) FROM administration WHERE code = '35047'`))
	require.Equal(t, 1, lire[int](b, `SELECT count(*) FROM bailleur WHERE identifiant = 'meme@example.org'`))
	require.Equal(t, 1, lire[int](b, `SELECT count(*) FROM utilisateur WHERE username = 'c'`))
	require.Equal(t, 1, lire[int](b, `SELECT count(*) FROM role r JOIN utilisateur u ON u.id = r.utilisateur_id WHERE u.username = 'c'`))
	require.Equal(t, 3*n, lire[int](b, `SELECT count(*) FROM session`))
}

func TestPE13_entitiesAreCreatedFromTheHabilitation(t *testing.T) {
	b := nouveauBanc(t)
	b.siap.donner("mo@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"))
	b.siap.donner("prive@example.org", personne(72, "Paul@Example.ORG"))
	b.siap.donner("agent@example.org", gestion(73, "35047", "SERV_INSTR_ADMIN"))
	for i, login := range []string{"mo@example.org", "prive@example.org", "agent@example.org"} {
		_, err := b.ouvrir(strconv.Itoa(i), login)
		require.NoError(t, err)
	}
	require.Equal(t, "SIREN|900000001|900000001|AUTRES|1 rue du Test|35000|RENNES", lire[string](b,
		`SELECT concat_ws('|', type_identifiant, siren, siret, nature_bailleur, adresse, code_postal, ville) FROM bailleur WHERE identifiant = $1`, sirenA))
	require.Equal(t, "EMAIL|PRIVES|Paul Privé|", lire[string](b,
		`SELECT concat_ws('|', type_identifiant, nature_bailleur, nom, coalesce(siren, siret, '')) FROM bailleur WHERE identifiant = 'paul@example.org'`),
		"00 decision 23: no siren nor siret for a private owner")
	require.Equal(t, "35047 - Service", lire[string](b, `SELECT nom FROM administration WHERE code = '35047'`))
	require.Len(t, b.fusions, 1, "PE-14: only a bailleur with a SIREN has mergers to read")
	require.Equal(t, sirenA, b.fusions[0].Siren)
}

func TestPE13_existingEntitiesAreNotRenamed(t *testing.T) {
	b := nouveauBanc(t)
	b.sql(`INSERT INTO bailleur (nom, identifiant, siren, siret) VALUES ('Nom choisi', $1, $1, '90000000100015')`, sirenA)
	b.sql(`INSERT INTO administration (nom, code) VALUES ('DDT choisie', '35047')`)
	b.siap.donner("mo@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"))
	b.siap.donner("agent@example.org", gestion(73, "35047", "SERV_INSTR_ADMIN"))
	_, a := b.entrer("1", "mo@example.org")
	require.Equal(t, "Nom choisi", b.principal(a.AccessToken).Entite)
	_, a = b.entrer("2", "agent@example.org")
	require.Equal(t, "DDT choisie", b.principal(a.AccessToken).Entite)
}

func TestPE13_siretHeldByAnotherBailleurDoesNotBlockTheCreation(t *testing.T) {
	b := nouveauBanc(t)
	b.sql(`INSERT INTO bailleur (nom, type_identifiant, identifiant, siret) VALUES ('Ancien', 'HISTORIQUE', 'X', $1)`, sirenA)
	b.siap.donner("mo@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"))
	_, err := b.ouvrir("1", "mo@example.org")
	require.NoError(t, err)
	require.True(t, lire[bool](b, `SELECT siret IS NULL FROM bailleur WHERE identifiant = $1`, sirenA))
}

func TestOuvrirSession_newBailleurNeedsARightSiren(t *testing.T) {
	b := nouveauBanc(t)
	b.siap.donner("mo@example.org", mo(71, "900000002", "MO_MORAL_NAT_ADMIN"))
	_, err := b.ouvrir("1", "mo@example.org")
	require.True(t, fault.HasCode(err, string(siap.RefusBailleurInconnu)), "%v", err)
	require.Zero(t, lire[int](b, `SELECT count(*) FROM bailleur`))

	b.sql(`INSERT INTO bailleur (nom, identifiant, siren) VALUES ('Repris', '900000002', '900000002')`)
	_, err = b.ouvrir("1", "mo@example.org")
	require.NoError(t, err, "an imported key is only classified (01 §4.1)")
}

func TestOuvrirSession_privateOwnerWhoseEmailChangedKeepsTheirBailleur(t *testing.T) {
	b := nouveauBanc(t)
	b.siap.donner("paul@example.org", personne(72, "paul@example.org"))
	_, a := b.entrer("1", "paul@example.org")
	avant := b.principal(a.AccessToken).BailleurIDs
	b.siap.donner("paul@example.org", personne(72, "paul.nouveau@example.org"))
	_, a = b.entrer("1", "paul@example.org")
	require.Equal(t, avant, b.principal(a.AccessToken).BailleurIDs)
	require.Equal(t, "paul.nouveau@example.org", lire[string](b, `SELECT identifiant FROM bailleur`))
}

// The table is the one of 05 B.5.1 with 02 §2.2 and the perimeters of B.5.2.
func TestB51_principalOfEachProfil(t *testing.T) {
	b := nouveauBanc(t)
	base := func(p siap.Profil, role string, portee *siap.PorteeDTO) siap.HabilitationDTO {
		return siap.HabilitationDTO{ID: 71, Statut: "VALIDEE", Groupe: groupe(p, role), PorteeTerritComp: portee}
	}
	ddt := func(h siap.HabilitationDTO) siap.HabilitationDTO {
		h.Gestionnaire = &siap.GestionnaireHabilitationDTO{Code: "DD035", Libelle: "DDTM 35"}
		return h
	}
	cases := []struct {
		nom           string
		h             siap.HabilitationDTO
		typologie     auth.Typologie
		lecture       bool
		region, dep   string
		national      bool
		bailleur, adm bool
	}{
		{"MO personne morale", mo(71, sirenA, "MO_MORAL_REG_ADMIN"), auth.Bailleur, false, "", "", false, true, false},
		{"MO en région, code nombre", avec(mo(71, sirenA, "MO_MORAL_REG_LECTEUR"), func(h *siap.HabilitationDTO) { h.PorteeTerritComp = region("1") }), auth.Bailleur, true, "01", "", false, true, false},
		{"MO personne physique", personne(71, "paul@example.org"), auth.Bailleur, false, "", "", false, true, false},
		{"service gestionnaire", gestion(71, "35047", "SERV_INSTR_VALIDEUR"), auth.Instructeur, false, "", "", false, false, true},
		{"gestionnaire CHORUS écrit (D06)", gestion(71, "35047", "SERV_INSTR_INSTRUCTEUR_CHORUS"), auth.Instructeur, false, "", "", false, false, true},
		{"gestionnaire lecteur", gestion(71, "35047", "SERV_INSTR_DELGEG3_LECTEUR"), auth.Instructeur, true, "", "", false, false, true},
		{"service départemental", ddt(base(siap.SerDep, "SERV_DEP_ADMIN", departement("35"))), auth.Administrateur, false, "", "35", false, false, true},
		{"service départemental corse", base(siap.SerDep, "SERV_DEP_ADMIN", departement("2a")), auth.Administrateur, false, "", "2A", false, false, false},
		{"service départemental CHORUS", base(siap.SerDep, "SERV_DEP_INSTRUCTEUR_CHORUS", departement("974")), auth.Administrateur, true, "", "974", false, false, false},
		{"direction régionale", base(siap.DirReg, "DIR_REG_VALIDEUR", region("53")), auth.Administrateur, false, "53", "", false, false, false},
		{"administration centrale", base(siap.AdmCentrale, "ADM_CENTRALE_ADMIN", nil), auth.Administrateur, false, "", "", true, false, false},
		{"association HLM nationale", base(siap.AssHlm, "ASS_HLM_NAT_LECTEUR", nil), auth.Administrateur, true, "", "", true, false, false},
		{"association HLM régionale", base(siap.AssHlm, "ASS_HLM_REG_LECTEUR", region("11")), auth.Administrateur, true, "11", "", false, false, false},
		{"partenaires", base(siap.Partenaires, "PARTENAIRES", nil), auth.Administrateur, true, "", "", true, false, false},
		{"PE-10 rôle inconnu", gestion(71, "35047", "X_NEW"), auth.Instructeur, true, "", "", false, false, true},
	}
	for i, c := range cases {
		t.Run(c.nom, func(t *testing.T) {
			login := fmt.Sprintf("p%d@example.org", i)
			b.siap.donner(login, c.h)
			_, a := b.entrer("p"+strconv.Itoa(i), login)
			p := b.principal(a.AccessToken)
			require.Equal(t, c.typologie, p.Typologie)
			require.Equal(t, c.lecture, p.LectureSeule)
			require.Equal(t, c.region, p.Region)
			require.Equal(t, c.dep, p.Departement)
			require.Equal(t, c.national, p.National)
			require.Equal(t, c.bailleur, len(p.BailleurIDs) == 1)
			require.Equal(t, c.adm, p.AdministrationID != 0)
			require.Equal(t, int64(71), p.HabilitationID)
			require.Equal(t, login, p.Login)
			require.False(t, p.Staff || p.Superuser)
		})
	}
	require.Contains(t, b.journal.String(), "X_NEW", "PE-10: an unknown role is logged")
}

func TestPE11PE16_habilitationsThatGiveNothing(t *testing.T) {
	b := nouveauBanc(t)
	cases := []struct {
		nom  string
		habs []siap.HabilitationDTO
		code string
	}{
		{"aucune", nil, "habilitation_not_valid"},
		{"PE-11 à valider", []siap.HabilitationDTO{avec(mo(71, sirenA, "MO_PHYS"), func(h *siap.HabilitationDTO) { h.Statut = "A_VALIDER" })}, "habilitation_not_valid"},
		{"expirée hier", []siap.HabilitationDTO{avec(mo(71, sirenA, "MO_PHYS"), func(h *siap.HabilitationDTO) { h.DateExpiration = "2025-06-01" })}, "habilitation_not_valid"},
		{"date illisible", []siap.HabilitationDTO{avec(mo(71, sirenA, "MO_PHYS"), func(h *siap.HabilitationDTO) { h.DateExpiration = "bientôt" })}, "habilitation_not_valid"},
		{"profil inconnu", []siap.HabilitationDTO{{ID: 71, Statut: "VALIDEE", Groupe: groupe("AUTRE", "X")}}, "profil_not_supported"},
		{"sans groupe", []siap.HabilitationDTO{{ID: 71, Statut: "VALIDEE"}}, "profil_not_supported"},
		{"PE-16 SER_DEP sans département", []siap.HabilitationDTO{{ID: 71, Statut: "VALIDEE", Groupe: groupe(siap.SerDep, "SERV_DEP_ADMIN")}}, "PERIMETRE_ABSENT"},
		{"PE-16 DIR_REG sans région", []siap.HabilitationDTO{{ID: 71, Statut: "VALIDEE", Groupe: groupe(siap.DirReg, "DIR_REG_ADMIN")}}, "PERIMETRE_ABSENT"},
		{"PE-16 ASS_HLM_REG sans région", []siap.HabilitationDTO{{ID: 71, Statut: "VALIDEE", Groupe: groupe(siap.AssHlm, "ASS_HLM_REG_LECTEUR")}}, "PERIMETRE_ABSENT"},
		{"MO sans siren", []siap.HabilitationDTO{mo(71, "", "MO_MORAL_NAT_ADMIN")}, "BAILLEUR_NON_IDENTIFIE"},
		{"identifiant trop grand", []siap.HabilitationDTO{mo(1<<40, sirenA, "MO_MORAL_NAT_ADMIN")}, "habilitation_not_valid"},
	}
	for i, c := range cases {
		t.Run(c.nom, func(t *testing.T) {
			login := fmt.Sprintf("p%d@example.org", i)
			b.siap.donner(login, c.habs...)
			_, err := b.ouvrir("p"+strconv.Itoa(i), login)
			require.True(t, fault.HasCode(err, c.code), "%v", err)
			require.True(t, fault.Is(err, fault.Forbidden))
		})
	}
	require.Zero(t, lire[int](b, `SELECT count(*) FROM session`))
	b.siap.donner("dernier@example.org", avec(mo(71, sirenA, "MO_MORAL_NAT_ADMIN"), func(h *siap.HabilitationDTO) { h.DateExpiration = "2025-06-02" }))
	_, err := b.ouvrir("dernier", "dernier@example.org")
	require.NoError(t, err, "valid until the end of its last day")
}

func TestOuvrirSession_choiceOfTheHabilitation(t *testing.T) {
	b := nouveauBanc(t)
	favori := avec(mo(72, sirenB, "MO_MORAL_NAT_ADMIN"), func(h *siap.HabilitationDTO) { h.Favori = true })
	inutilisable := avec(gestion(70, "", "SERV_INSTR_ADMIN"), func(h *siap.HabilitationDTO) { h.Favori = true })
	cases := []struct {
		nom      string
		habs     []siap.HabilitationDTO
		demandee int64
		voulue   int64
	}{
		{"la première", []siap.HabilitationDTO{mo(71, sirenA, "MO_MORAL_NAT_ADMIN"), mo(73, sirenC, "MO_MORAL_NAT_ADMIN")}, 0, 71},
		{"la favorite", []siap.HabilitationDTO{mo(71, sirenA, "MO_MORAL_NAT_ADMIN"), favori}, 0, 72},
		{"celle demandée", []siap.HabilitationDTO{mo(71, sirenA, "MO_MORAL_NAT_ADMIN"), favori}, 71, 71},
		{"celle demandée n'est pas à la personne", []siap.HabilitationDTO{mo(71, sirenA, "MO_MORAL_NAT_ADMIN"), favori}, 999, 72},
		{"la favorite ne donne rien", []siap.HabilitationDTO{inutilisable, mo(71, sirenA, "MO_MORAL_NAT_ADMIN")}, 70, 71},
	}
	for i, c := range cases {
		t.Run(c.nom, func(t *testing.T) {
			login := fmt.Sprintf("p%d@example.org", i)
			b.siap.donner(login, c.habs...)
			o, err := b.svc.OuvrirSession(context.Background(), compte.Ouverture{
				Identite: identite("p"+strconv.Itoa(i), login), Ticket: "ST-" + login, HabilitationID: c.demandee, Appel: appel})
			require.NoError(t, err)
			require.Equal(t, c.voulue, lire[int64](b, `SELECT habilitation_defaut_id FROM session WHERE id = $1`, o.SessionID))
		})
	}
}

func TestConsommerTicket_servesOnce(t *testing.T) {
	b := nouveauBanc(t)
	const n = 10
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = b.svc.ConsommerTicket(context.Background(), "ST-secret", appel) })
	}
	wg.Wait()
	gagnants := 0
	for _, err := range errs {
		if err == nil {
			gagnants++
			continue
		}
		require.True(t, fault.HasCode(err, compte.CodeTicketDejaUtilise), "%v", err)
	}
	require.Equal(t, 1, gagnants)
	require.Zero(t, lire[int](b, `SELECT count(*) FROM jeton_unique WHERE empreinte LIKE '%ST-%'`), "only a digest is kept")
}

// 05 C.4: SIAP down at sign-in.
func TestOuvrirSession_siapDown(t *testing.T) {
	b := nouveauBanc(t)
	b.siap.donner("une@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"))
	b.siap.tomber(errPanne)
	_, err := b.ouvrir("1001", "une@example.org")
	require.True(t, fault.HasCode(err, compte.CodeSIAPIndisponible), "never seen before: %v", err)
	require.True(t, fault.Is(err, fault.Unavailable))

	b.siap.tomber(nil)
	_, a := b.entrer("1001", "une@example.org")
	require.False(t, b.principal(a.AccessToken).LectureSeule)

	b.heure.avancer(23 * time.Hour)
	b.siap.tomber(errPanne)
	o, a := b.entrer("1001", "une@example.org")
	p := b.principal(a.AccessToken)
	require.True(t, p.LectureSeule, "last known habilitations, for reading only")
	require.Len(t, p.BailleurIDs, 1)
	r, err := b.svc.Session(context.Background(), p)
	require.NoError(t, err)
	require.False(t, r.SIAP.Disponible)
	require.Equal(t, compte.AvertissementDegrade, r.Avertissements[0].Code)

	b.siap.tomber(nil)
	a, err = b.rafraichir(jetonCourant(o, a), 0)
	require.NoError(t, err)
	require.False(t, b.principal(a.AccessToken).LectureSeule, "SIAP is back: the next renewal gives the rights back")

	b.heure.avancer(25 * time.Hour)
	b.siap.tomber(errPanne)
	_, err = b.ouvrir("1001", "une@example.org")
	require.True(t, fault.HasCode(err, compte.CodeSIAPIndisponible), "more than 24 h: %v", err)
}

// jetonCourant is the cookie a browser holds after a renewal.
func jetonCourant(o compte.Ouverte, a compte.Acces) string {
	if a.Jeton != "" {
		return a.Jeton
	}
	return o.Jeton
}

func TestOuvrirSession_siapRefusesThePerson(t *testing.T) {
	b := nouveauBanc(t)
	b.siap.donner("une@example.org", mo(71, sirenA, "MO_MORAL_NAT_ADMIN"))
	_, err := b.ouvrir("1001", "une@example.org")
	require.NoError(t, err)
	b.siap.tomber(fmt.Errorf("appel: %w", siap.ErrForbidden))
	_, err = b.ouvrir("1001", "une@example.org")
	require.True(t, fault.HasCode(err, compte.CodeHabilitation), "a refusal is not a breakdown: %v", err)
}

func TestPE02_staffEntersWithoutHabilitation(t *testing.T) {
	b := nouveauBanc(t)
	b.sql(`INSERT INTO utilisateur (username, cerbere_login, est_staff) VALUES ('1', 'staff@example.org', true)`)
	_, a := b.entrer("1", "staff@example.org")
	p := b.principal(a.AccessToken)
	require.True(t, p.Staff)
	require.Zero(t, p.HabilitationID)
	require.True(t, p.Peut(auth.ValidateConvention))

	b.siap.tomber(errPanne)
	_, err := b.ouvrir("1", "staff@example.org")
	require.NoError(t, err)
}
