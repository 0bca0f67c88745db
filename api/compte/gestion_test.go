package compte_test

import (
	"testing"

	"apilos/api/auth"
	"apilos/api/compte"
	"apilos/api/fault"

	"github.com/stretchr/testify/require"
)

var operateur = compte.Intervention{Acteur: "exploitation@example.org", Motif: "Ouverture du service"}

func TestCreerCompte_refusals(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	bon := compte.NouveauCompte{Username: "omar", Email: "omar@example.org", Nom: "Essai"}
	for nom, changer := range map[string]func(*compte.NouveauCompte){
		"no username":          func(n *compte.NouveauCompte) { n.Username = "" },
		"username of CERBERE":  func(n *compte.NouveauCompte) { n.Username = "1001" },
		"username like e-mail": func(n *compte.NouveauCompte) { n.Username = "omar@example.org" },
		"no e-mail":            func(n *compte.NouveauCompte) { n.Email = "omar" },
		"no name":              func(n *compte.NouveauCompte) { n.Nom = " " },
		"username taken":       func(n *compte.NouveauCompte) { n.Username = "NORA" },
		"e-mail taken":         func(n *compte.NouveauCompte) { n.Email = "Nora@example.org" },
		"weak password":        func(n *compte.NouveauCompte) { n.MotDePasse = "motdepasse123" },
		"unknown bailleur": func(n *compte.NouveauCompte) {
			n.Role = &compte.DemandeRole{Typologie: auth.Bailleur, Siren: "900000001"}
		},
		"unknown service": func(n *compte.NouveauCompte) {
			n.Role = &compte.DemandeRole{Typologie: auth.Instructeur, Administration: "X"}
		},
		"no perimeter (PE-16)": func(n *compte.NouveauCompte) { n.Role = &compte.DemandeRole{Typologie: auth.Administrateur} },
		"two perimeters": func(n *compte.NouveauCompte) {
			n.Role = &compte.DemandeRole{Typologie: auth.Administrateur, Region: "75", Departement: "23"}
		},
		"unknown role": func(n *compte.NouveauCompte) { n.Role = &compte.DemandeRole{Typologie: "CHEF"} },
	} {
		n := bon
		changer(&n)
		_, err := b.svc.CreerCompte(fond, n, operateur)
		require.True(t, fault.Is(err, fault.Invalid), "%s: %v", nom, err)
	}
	require.Equal(t, 1, lire[int](b, `SELECT count(*) FROM utilisateur`))
}

func TestCreerCompte_simulationWritesNothing(t *testing.T) {
	b := nouveauBanc(t)
	i := operateur
	i.Simulation = true
	_, err := b.svc.CreerCompte(fond, compte.NouveauCompte{Username: "omar", Email: "omar@example.org", Nom: "Essai", Superuser: true}, i)
	require.NoError(t, err)
	require.Zero(t, lire[int](b, `SELECT count(*) FROM utilisateur`))
	require.NotContains(t, b.journal.String(), "configuration.compte")
}

func TestCreerCompte_superuser(t *testing.T) {
	b := nouveauBanc(t)
	u, err := b.svc.CreerCompte(fond, compte.NouveauCompte{Username: "omar", Email: "omar@example.org", Nom: "Essai", Superuser: true, MotDePasse: bonMotDePasse}, operateur)
	require.NoError(t, err)
	require.True(t, u.EstStaff && u.EstSuperuser)
	require.Equal(t, "exploitation@example.org", lire[string](b, `SELECT acteur FROM journal_audit WHERE commande = 'utilisateur.creation'`))
	require.NotContains(t, lire[string](b, `SELECT apres::text FROM journal_audit WHERE commande = 'utilisateur.creation'`), bonMotDePasse)
	require.Contains(t, b.journal.String(), `"event":"configuration.compte"`)
}

func TestPromouvoir(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	u, err := b.svc.Promouvoir(fond, "nora@example.org", true, false, operateur)
	require.NoError(t, err)
	require.True(t, u.EstStaff)
	require.False(t, u.EstSuperuser)
	_, err = b.svc.Promouvoir(fond, "nora", true, false, operateur)
	require.NoError(t, err, "done already: nothing more is written")
	require.Equal(t, 1, lire[int](b, `SELECT count(*) FROM journal_audit WHERE commande = 'utilisateur.droits'`))
	_, err = b.svc.Promouvoir(fond, "nora", false, false, operateur)
	require.NoError(t, err)
	require.Equal(t, 0, lire[int](b, `SELECT count(*) FROM utilisateur WHERE est_staff`))
	_, err = b.svc.Promouvoir(fond, "inconnue", true, true, operateur)
	require.True(t, fault.Is(err, fault.NotFound))
}

// The rights of each local role (02 §2.1), and PE-16 for what has no perimeter.
func TestDonnerRole_rightsOfEachRole(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	b.sql(`INSERT INTO bailleur (nom, siren, identifiant, type_identifiant) VALUES ('Creuse Habitat', '900000001', '900000001', 'SIREN')`)
	for _, c := range []struct {
		role   compte.DemandeRole
		verif  func(p auth.Principal) bool
		profil string
	}{
		{compte.DemandeRole{Typologie: auth.Bailleur, Siren: "900000001"}, func(p auth.Principal) bool {
			return len(p.BailleurIDs) == 1 && !p.Peut(auth.ValidateConvention) && p.Peut(auth.AddConvention)
		}, "MO_PERS_MORALE"},
		{compte.DemandeRole{Typologie: auth.Instructeur, Administration: "DDT23", LectureSeule: true}, func(p auth.Principal) bool {
			return p.AdministrationID != 0 && p.LectureSeule && !p.Peut(auth.ChangeConvention)
		}, "SER_GEST"},
		{compte.DemandeRole{Typologie: auth.Administrateur, Departement: "23"}, func(p auth.Principal) bool { return p.Departement == "23" && !p.National }, "SER_DEP"},
		{compte.DemandeRole{Typologie: auth.Administrateur, Region: "75"}, func(p auth.Principal) bool { return p.Region == "75" && !p.National }, "DIR_REG"},
		{compte.DemandeRole{Typologie: auth.Administrateur, National: true}, func(p auth.Principal) bool { return p.National && p.Peut(auth.ValidateConvention) }, "ADM_CENTRALE"},
	} {
		_, err := b.svc.DonnerRole(fond, "nora", c.role, operateur)
		require.NoError(t, err, "%+v", c.role)
		s, err := b.svc.ConnexionLocale(fond, "nora", bonMotDePasse, depuis("198.51.100.1"))
		require.NoError(t, err, "%+v", c.role)
		p := b.principal(s.AccessToken)
		require.Equal(t, c.role.Typologie, p.Typologie)
		require.Equal(t, c.profil, p.Profil)
		require.True(t, c.verif(p), "%+v gives %+v", c.role, p)
	}
	require.Equal(t, 1, lire[int](b, `SELECT count(*) FROM role WHERE expire_le IS NULL`), "one role at a time")

	b.sql(`UPDATE role SET perimetre_region = NULL, perimetre_departement = NULL, profil_siap = 'DIR_REG' WHERE expire_le IS NULL`)
	_, err := b.svc.ConnexionLocale(fond, "nora", bonMotDePasse, depuis("198.51.100.1"))
	require.True(t, fault.HasCode(err, "compte_sans_role"), "PE-16: %v", err)
}

func TestDonnerRole_notToAnAccountOfCerbere(t *testing.T) {
	b := nouveauBanc(t)
	b.sql(`INSERT INTO utilisateur (username, cerbere_login) VALUES ('1001', 'une@example.org')`)
	_, err := b.svc.DonnerRole(fond, "1001", compte.DemandeRole{Typologie: auth.Administrateur, National: true}, operateur)
	require.True(t, fault.Is(err, fault.Invalid), "%v", err)
}

func TestPoserMotDePasse(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	avant, err := b.svc.ConnexionLocale(fond, "nora", bonMotDePasse, depuis("198.51.100.1"))
	require.NoError(t, err)
	const nouveau = "orage peluche tramway silex"
	i := operateur
	i.Simulation = true
	_, err = b.svc.PoserMotDePasse(fond, "nora", nouveau, i)
	require.NoError(t, err)
	b.principal(avant.AccessToken)
	_, err = b.svc.PoserMotDePasse(fond, "nora", "motdepasse123", operateur)
	require.True(t, fault.HasCode(err, "MOT_DE_PASSE_REFUSE"))
	_, err = b.svc.PoserMotDePasse(fond, "nora", nouveau, operateur)
	require.NoError(t, err)
	_, err = b.svc.Authenticate(fond, avant.AccessToken)
	require.True(t, fault.Is(err, fault.Unauthenticated))
	_, err = b.svc.ConnexionLocale(fond, "nora", nouveau, depuis("198.51.100.1"))
	require.NoError(t, err)
	for range 6 {
		_, _ = b.svc.ConnexionLocale(fond, "nora", "faux", depuis("198.51.100.2"))
	}
	_, err = b.svc.DeverrouillerDesigne(fond, "nora", operateur)
	require.NoError(t, err)
	_, err = b.svc.ConnexionLocale(fond, "nora", nouveau, depuis("198.51.100.2"))
	require.NoError(t, err)
}
