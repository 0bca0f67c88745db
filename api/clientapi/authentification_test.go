package clientapi_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/clientapi"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestJeton_forme(t *testing.T) {
	b := nouveauBanc(t)
	f, jeton := b.creer(demande("Observatoire"))
	require.Regexp(t, `^apl_[a-z2-7]{8}_[a-z2-7]{52}$`, jeton)
	require.True(t, strings.HasPrefix(jeton, "apl_"+f.Prefixe+"_"))
	require.True(t, b.passe(b.Service, jeton))
	_, autre := b.creer(demande("Autre"))
	for nom, faux := range map[string]string{
		"rien": "", "marque seule": "apl_", "sans secret": jeton[:len("apl_12345678_")], "un caractère de moins": jeton[:len(jeton)-1],
		"un caractère de plus": jeton + "a", "majuscules": strings.ToUpper(jeton), "secret d’un autre": jeton[:len("apl_12345678_")] + autre[len("apl_12345678_"):],
		"préfixe inconnu": "apl_22222222_" + jeton[len("apl_12345678_"):], "un caractère changé": changer(jeton), "NUL": jeton[:len(jeton)-1] + "\x00",
		"empreinte": "apl_" + f.Prefixe + "_" + f.Empreinte[:52],
	} {
		require.False(t, b.passe(b.Service, faux), nom)
	}
	require.True(t, clientapi.Reconnait(jeton))
	require.False(t, clientapi.Reconnait("eyJhbGciOiJIUzI1NiJ9.e30.x"))
}

func changer(jeton string) string {
	dernier := "a"
	if strings.HasSuffix(jeton, "a") {
		dernier = "b"
	}
	return jeton[:len(jeton)-1] + dernier
}

func TestJeton_expireEtRevoque(t *testing.T) {
	b := nouveauBanc(t)
	fin := b.le.Add(time.Hour)
	d := demande("Observatoire")
	d.ExpireLe = &fin
	f, jeton := b.creer(d)
	require.True(t, b.passe(b.Service, jeton))
	b.le = fin
	require.False(t, b.passe(b.Service, jeton), "from the instant it ends, although it was read a moment ago")
	plusTard := b.le.Add(time.Hour)
	suite := &plusTard
	f, err := b.Modifier(t.Context(), b.staff, f.UUID, f.Version, clientapi.Reglage{ExpireLe: &suite})
	require.NoError(t, err)
	require.True(t, b.passe(b.Service, jeton), "prolonged")

	voisin := b.autreProcessus()
	require.True(t, b.passe(voisin, jeton))
	require.NoError(t, b.Revoquer(t.Context(), b.staff, f.UUID, f.Version))
	require.False(t, b.passe(b.Service, jeton), "at once here")
	b.le = b.le.Add(5 * time.Second)
	require.False(t, b.passe(voisin, jeton), "five seconds later elsewhere")
	_, ok, err := b.Principal(t.Context(), f.ID)
	require.NoError(t, err)
	require.False(t, ok)
}

func TestJeton_rotation(t *testing.T) {
	b := nouveauBanc(t)
	f, premier := b.creer(demande("Observatoire"))
	f, deuxieme, err := b.Tourner(t.Context(), b.staff, f.UUID, f.Version, clientapi.GraceParDefaut)
	require.NoError(t, err)
	require.NotEqual(t, premier, deuxieme)
	require.True(t, b.passe(b.Service, premier) && b.passe(b.Service, deuxieme), "both during the grace")
	b.le = b.le.Add(24*time.Hour - time.Second)
	require.True(t, b.passe(b.Service, premier))
	b.le = b.le.Add(time.Second)
	require.False(t, b.passe(b.Service, premier), "24 hours, no more")
	require.True(t, b.passe(b.Service, deuxieme))

	f, troisieme, err := b.Tourner(t.Context(), b.staff, f.UUID, f.Version, time.Hour)
	require.NoError(t, err)
	f, quatrieme, err := b.Tourner(t.Context(), b.staff, f.UUID, f.Version, time.Hour)
	require.NoError(t, err)
	require.False(t, b.passe(b.Service, deuxieme), "only the one before the last rotation has a grace")
	require.True(t, b.passe(b.Service, troisieme))
	_, cinquieme, err := b.Tourner(t.Context(), b.staff, f.UUID, f.Version, 0)
	require.NoError(t, err)
	require.False(t, b.passe(b.Service, quatrieme) || b.passe(b.Service, troisieme), "at once")
	require.True(t, b.passe(b.Service, cinquieme))

	_, _, err = b.Tourner(t.Context(), b.staff, f.UUID, f.Version+1, clientapi.GraceMax+time.Hour)
	require.ErrorContains(t, err, "client_api_invalide")
}

// A last use is written when a minute has passed since the one before, not by every call.
func TestJeton_derniereUtilisation(t *testing.T) {
	b := nouveauBanc(t)
	f, jeton := b.creer(demande("Observatoire"))
	lu := func() *time.Time {
		l, err := b.Lire(t.Context(), b.staff, f.UUID)
		require.NoError(t, err)
		require.Equal(t, f.Version, l.Version, "it is not a change of the client")
		return l.DerniereUtilisationLe
	}
	require.Nil(t, lu())
	debut := b.le
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { _, _ = b.Authenticate(t.Context(), jeton) })
	}
	wg.Wait()
	require.True(t, lu().Equal(debut))
	b.le = debut.Add(59 * time.Second)
	require.True(t, b.passe(b.Service, jeton) && b.passe(b.autreProcessus(), jeton))
	require.True(t, lu().Equal(debut))
	b.le = debut.Add(60 * time.Second)
	require.True(t, b.passe(b.Service, jeton))
	require.True(t, lu().Equal(b.le))
	require.False(t, b.passe(b.Service, changer(jeton)))
	require.True(t, lu().Equal(b.le))
}

// A perimeter becomes the role and the territory that people have, nothing more (PE-20).
func TestPE20_perimetreDuClient(t *testing.T) {
	b := nouveauBanc(t)
	fille := b.Bailleur("Fille", "HLM")
	b.Executer(`UPDATE bailleur SET parent_id = $1, parent_origine = 'SIAP' WHERE id = $2`, b.BailleurID, fille)
	autre := b.Bailleur("Autre", "HLM")
	ids := func(table string, id int64) uuid.UUID {
		var u uuid.UUID
		require.NoError(t, b.Base.Pool.QueryRow(t.Context(), `SELECT uuid FROM `+table+` WHERE id = $1`, id).Scan(&u))
		return u
	}
	service := ids("administration", b.AdministrationID)
	habilitation, debit := 42, 30
	for nom, tt := range map[string]struct {
		per     clientapi.Perimetre
		attendu auth.Principal
		libelle string
	}{
		"national":    {clientapi.Perimetre{Genre: clientapi.National}, auth.Principal{Typologie: auth.Administrateur, National: true}, "France entière"},
		"région":      {clientapi.Perimetre{Genre: clientapi.Regional, Region: "75"}, auth.Principal{Typologie: auth.Administrateur, Region: "75"}, "Région Nouvelle-Aquitaine"},
		"département": {clientapi.Perimetre{Genre: clientapi.Departemental, Departement: "87"}, auth.Principal{Typologie: auth.Administrateur, Departement: "87"}, "Haute-Vienne (87)"},
		"service":     {clientapi.Perimetre{Genre: clientapi.DAdministration, Administration: &service}, auth.Principal{Typologie: auth.Instructeur, AdministrationID: b.AdministrationID}, "DDT de la Haute-Vienne"},
		"bailleurs": {
			clientapi.Perimetre{Genre: clientapi.DeBailleurs, Bailleurs: []uuid.UUID{ids("bailleur", b.BailleurID), ids("bailleur", autre)}},
			auth.Principal{Typologie: auth.Bailleur, BailleurIDs: []int64{b.BailleurID, fille, autre}}, "Autre et Limousin Habitat",
		},
	} {
		d := demande("Client "+nom, auth.ConventionsLire, auth.ConventionsEcrire)
		d.Perimetre, d.LoginSIAP, d.HabilitationSIAP, d.DebitParMinute = tt.per, "programme@exemple.fr", &habilitation, &debit
		f, jeton := b.creer(d)
		require.Equal(t, tt.libelle, f.Libelle(), nom)
		p, err := b.Authenticate(t.Context(), jeton)
		require.NoError(t, err)
		slices.Sort(tt.attendu.BailleurIDs)
		tt.attendu.Client = &auth.Client{ID: f.ID, UUID: f.UUID.String(), Portees: []auth.Portee{auth.ConventionsLire, auth.ConventionsEcrire}, DebitParMinute: 30}
		tt.attendu.UtilisateurID, tt.attendu.Nom, tt.attendu.Entite = f.UtilisateurID, "Client "+nom, "Client d’API"
		tt.attendu.Login, tt.attendu.HabilitationID = "programme@exemple.fr", 42
		require.Equal(t, tt.attendu, p, nom)
		require.False(t, p.Peut(auth.ChangeAdministration) || p.Peut(auth.ChangeBailleur), nom)
		require.Equal(t, tt.attendu.Typologie != auth.Bailleur, p.Peut(auth.ValidateConvention), nom)
	}
}
