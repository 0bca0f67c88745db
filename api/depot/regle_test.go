package depot

import (
	"crypto/rand"
	"log/slog"
	"strings"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/cog"
	"apilos/api/revision"

	"github.com/stretchr/testify/require"
)

// TestLossThresholds: exactly 20 % or 80 % does not count (07 section 4.4).
func TestLossThresholds(t *testing.T) {
	t.Parallel()
	for _, cas := range []struct {
		dernier, nouveau int
		trop, beaucoup   bool
	}{
		{0, 0, false, false}, {0, 5, false, false}, {10, 8, false, false}, {10, 7, false, true}, {10, 2, false, true}, {10, 1, true, true}, {5, 4, false, false},
		{5, 1, false, true}, {5, 0, true, true}, {1, 0, true, true}, {1000000, 800000, false, false}, {1000000, 799999, false, true}, {1000000, 199999, true, true}, {3, 100, false, false},
	} {
		trop, beaucoup := perte(cas.dernier, cas.nouveau)
		require.Equal(t, cas.trop, trop, cas)
		require.Equal(t, cas.beaucoup, beaucoup, cas)
	}
}

// TestRulesFollowTheFormat: the codes of the deposit come last, and the warning stays beside the error.
func TestRulesFollowTheFormat(t *testing.T) {
	t.Parallel()
	v := revision.Validation{Valid: true, Errors: []string{}, Warnings: []string{"a.b"}}
	ajouterRegles(&v, constat{dernier: 10, nouveau: 0, autreCommune: true, horsPerimetre: true})
	require.Equal(t, []string{CodeAutreCommune, CodeHorsPerimetre, CodeTropSupprime}, v.Errors)
	require.Equal(t, []string{"a.b", CodeSupprime}, v.Warnings)
	require.False(t, v.Valid)
	for _, code := range append(v.Errors, CodeSupprime) {
		require.NotEqual(t, code, LibelleCode(code), "every code of the deposit has a sentence")
	}
}

func TestPerimeters(t *testing.T) {
	t.Parallel()
	s := &Service{c: Config{Cog: cog.Charger()}}
	limoges, _ := s.c.Cog.Commune("87085")
	for _, cas := range []struct {
		nom, commune string
		p            []Perimetre
		dedans       bool
	}{
		{"none refuses everything", "87085", nil, false},
		{"its code", "87085", []Perimetre{{Type: "commune", Code: "87085"}}, true},
		{"another code", "87085", []Perimetre{{Type: "commune", Code: "87050"}}, false},
		{"its département", "87085", []Perimetre{{Type: "commune", Code: "87050"}, {Type: "departement", Code: "87"}}, true},
		{"département of another length", "97411", []Perimetre{{Type: "departement", Code: "974"}}, true},
		{"its EPCI", "87085", []Perimetre{{Type: "epci", Code: limoges.EPCI}}, true},
		{"an empty EPCI holds nobody", "75101", []Perimetre{{Type: "epci", Code: ""}}, false},
		{"mother of an arrondissement", "75101", []Perimetre{{Type: "commune", Code: "75056"}}, true},
		{"arrondissement itself", "75101", []Perimetre{{Type: "commune", Code: "75101"}}, true},
		{"a daughter does not hold its mother", "75056", []Perimetre{{Type: "commune", Code: "75101"}}, false},
		{"unknown type", "87085", []Perimetre{{Type: "region", Code: "75"}}, false},
	} {
		require.Equal(t, cas.dedans, s.dansPerimetre(cas.commune, cas.p), cas.nom)
	}
}

func TestTokensAndSeals(t *testing.T) {
	t.Parallel()
	vus := map[string]bool{}
	for range 200 {
		jeton, err := tirerJeton(rand.Reader)
		require.NoError(t, err)
		require.Regexp(t, `^[A-Za-z0-9]{32}$`, jeton)
		require.False(t, vus[jeton])
		vus[jeton] = true
		pin, err := tirerPIN(rand.Reader)
		require.NoError(t, err)
		require.Regexp(t, `^[0-9]{6}$`, pin)
	}
	_, err := tirerJeton(strings.NewReader("court"))
	require.Error(t, err)
	require.True(t, JetonAdmin("abc", "abc"))
	require.False(t, JetonAdmin("abc", "abd"))
	require.False(t, JetonAdmin("", ""), "no token, no administrator")
	s, err := NewSceau([]byte("cle-de-test-de-trente-deux-octets-au-moins"))
	require.NoError(t, err)
	autre, err := NewSceau([]byte("une-autre-cle-de-test-de-trente-deux-octets"))
	require.NoError(t, err)
	clair, err := s.Ouvrir(s.Sceller("042137"))
	require.NoError(t, err)
	require.Equal(t, "042137", clair)
	_, err = autre.Ouvrir(s.Sceller("042137"))
	require.Error(t, err)
	require.NotEqual(t, s.empreintePIN("a", "042137"), s.empreintePIN("b", "042137"), "bound to its habilitation")
	require.True(t, s.EtatSigne(s.SignerEtat("x"), "x"))
	require.False(t, s.EtatSigne(autre.SignerEtat("x"), "x"))
	require.False(t, s.EtatSigne(s.SignerEtat(""), ""))
}

func TestRedirectAllowList(t *testing.T) {
	t.Parallel()
	s := &Service{c: Config{Reglages: Reglages{OriginesRetour: []string{"https://editeur.example.org/", "http://localhost:3000"}}}}
	for adresse, permis := range map[string]bool{
		"https://editeur.example.org/x?y=1": true, "HTTPS://EDITEUR.example.org": true, "http://localhost:3000/": true, "http://localhost:3001/": false,
		"http://editeur.example.org/": false, "https://editeur.example.org.pirate.fr/": false, "https://x@editeur.example.org/": false,
		"//editeur.example.org/": false, "javascript:alert(1)": false, "/relatif": false, "": false,
	} {
		require.Equal(t, permis, s.retourPermis(adresse), adresse)
	}
}

func TestHabilitationValidity(t *testing.T) {
	t.Parallel()
	le := time.Date(2026, 4, 15, 8, 0, 0, 0, time.UTC)
	h := Habilitation{Statut: HabilitationAcceptee, AccepteLe: &le}
	require.True(t, h.ValideLe(le.AddDate(50, 0, 0)), "never expires by default")
	h.ExpireLe = &le
	require.False(t, h.ValideLe(le))
	require.True(t, h.ValideLe(le.Add(-time.Second)))
	h.Statut = HabilitationRejetee
	require.False(t, h.ValideLe(le.Add(-time.Second)))
}

func TestWhoAdministers(t *testing.T) {
	t.Parallel()
	for nom, cas := range map[string]struct {
		p          auth.Principal
		voit, fait bool
	}{
		"nobody":      {auth.Principal{}, false, false},
		"bailleur":    {auth.Principal{UtilisateurID: 1, Typologie: auth.Bailleur}, false, false},
		"instructeur": {auth.Principal{UtilisateurID: 1, Typologie: auth.Instructeur}, false, false},
		"centrale":    {auth.Principal{UtilisateurID: 1, Typologie: auth.Administrateur, Profil: "ADM_CENTRALE"}, true, true},
		"read-only":   {auth.Principal{UtilisateurID: 1, Typologie: auth.Administrateur, Profil: "ADM_CENTRALE", LectureSeule: true}, true, false},
		"association": {auth.Principal{UtilisateurID: 1, Typologie: auth.Administrateur, Profil: "ASS_HLM"}, false, false},
		"région":      {auth.Principal{UtilisateurID: 1, Typologie: auth.Administrateur, Profil: "DIR_REG"}, false, false},
		"staff":       {auth.Principal{UtilisateurID: 1, Staff: true}, true, true},
	} {
		require.Equal(t, cas.voit, PeutVoir(cas.p), nom)
		require.Equal(t, cas.fait, PeutAdministrer(cas.p), nom)
	}
}

func TestSearchOfTerritories(t *testing.T) {
	t.Parallel()
	s := &Service{c: Config{Cog: cog.Charger(), Journal: slog.New(slog.DiscardHandler)}}
	premier := func(texte, departement string) string {
		liste, err := s.Territoires(t.Context(), FiltreTerritoires{Texte: texte, Departement: departement, Limite: 5})
		require.NoError(t, err)
		require.NotEmpty(t, liste, texte)
		require.LessOrEqual(t, len(liste), 5)
		return liste[0].Code
	}
	require.Equal(t, "87085", premier("LIMOGES", ""))
	require.Equal(t, "87085", premier("87085", "87"))
	require.Equal(t, "2A004", premier("2a004", ""))
	require.Equal(t, "42218", premier("saint etienne", "42"))
	require.Equal(t, "Limoges", s.NomCommune("87085"))
	require.Equal(t, "00000", s.NomCommune("00000"))
}
