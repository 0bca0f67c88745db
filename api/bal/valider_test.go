package bal_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apilos/api/bal"
	"apilos/api/cog"
)

var horloge = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

func options() bal.Options {
	return bal.Options{Horloge: horloge, Cog: cog.Charger(), Graine: [16]byte{1}}
}

func valider(t testing.TB, contenu string, o bal.Options) *bal.Rapport {
	t.Helper()
	r, err := bal.Valider(t.Context(), source([]byte(contenu)), o)
	require.NoError(t, err)
	return r
}

func public(t testing.TB, nom string) string {
	t.Helper()
	contenu, err := os.ReadFile("testdata/public/files/" + nom)
	require.NoError(t, err)
	return string(contenu)
}

func resume(r *bal.Rapport, code string) *bal.CodeResume {
	for i := range r.Resume {
		if r.Resume[i].Code == code {
			return &r.Resume[i]
		}
	}
	return nil
}

// TestResume: line numbers are those of a spreadsheet, 20 at most, with the values at fault (07 §10.11).
func TestResume(t *testing.T) {
	t.Parallel()
	var f strings.Builder
	f.WriteString("numero;voie_nom;source\n")
	for i := range 30 {
		fmt.Fprintf(&f, "x%d;Rue A;\n", i)
	}
	r := valider(t, f.String(), options())
	require.False(t, r.Valide)
	require.Equal(t, 30, r.LignesInvalides)
	c := resume(r, "numero.type_invalide")
	require.NotNil(t, c)
	require.Equal(t, bal.Erreur, c.Niveau)
	require.Equal(t, bal.Libelle("numero.type_invalide"), c.Libelle)
	require.Equal(t, 30, c.Nombre)
	require.Len(t, c.PremieresLignes, 20)
	require.Equal(t, []int{2, 3, 4}, c.PremieresLignes[:3])
	require.Equal(t, []string{"x0", "x1", "x2"}, c.PremieresValeurs[:3])
	require.Empty(t, resume(r, "row.adresse_incomplete").PremieresValeurs)
	niveaux := ""
	for _, c := range r.Resume {
		niveaux += c.Niveau.String()
	}
	require.Regexp(t, "^E+W+I+$", niveaux, "most serious first")
}

// TestCommuneAttendue counts the rows of other communes (07 §4.4) without touching the codes of the profile.
func TestCommuneAttendue(t *testing.T) {
	t.Parallel()
	contenu := "cle_interop;commune_insee;numero;voie_nom\n" +
		"27115_0010_00001;27115;1;Rue A\n" +
		"75101_0010_00001;;1;Rue A\n" +
		";;1;Rue A\n" +
		"75101_0010_00001;27115;1;Rue A\n"
	o := options()
	sans := valider(t, contenu, o)
	require.Equal(t, []bal.CommuneDuFichier{{Code: "27115", Lignes: 2}, {Code: "75101", Lignes: 1, PremiereLigne: 1}, {Lignes: 1, PremiereLigne: 2}}, sans.Communes)
	o.CommuneAttendue = "27115"
	avec := valider(t, contenu, o)
	require.Equal(t, []int{3, 4}, resume(avec, "commune_insee.valeur_inattendue").PremieresLignes)
	require.Equal(t, sans.Codes, avec.Codes)
	require.Equal(t, sans.CodesProfil, avec.CodesProfil)
	o.CommuneAttendue = "75101"
	require.Equal(t, 3, resume(valider(t, contenu, o), "commune_insee.valeur_inattendue").Nombre)
}

func TestProfilDemande(t *testing.T) {
	t.Parallel()
	contenu := public(t, "001-valid-1.1.csv")
	o := options()
	require.Equal(t, "1.3", valider(t, contenu, o).Profil)
	o.Profil = "1.1-strict"
	r := valider(t, contenu, o)
	require.Equal(t, "1.1-strict", r.Profil)
	require.True(t, r.Valide)
	o.Profil = "2.0"
	_, err := bal.Valider(t.Context(), source([]byte(contenu)), o)
	require.ErrorContains(t, err, "2.0")
}

// compteDistricts counts what is asked.
type compteDistricts struct {
	mu       sync.Mutex
	demandes map[string]int
}

func (c *compteDistricts) District(_ context.Context, insee string) (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.demandes[insee]++
	return "", false
}

// TestDistrictsDemandesSiNecessaire: nothing is asked for a file without identifier, once per commune otherwise (07 §10.1).
func TestDistrictsDemandesSiNecessaire(t *testing.T) {
	t.Parallel()
	for nom, attendu := range map[string]map[string]int{
		"003-valid-1.3.csv":             {},
		"278-ids-cog-match.csv":         {"27115": 1},
		"015-valid-1.4-without-ids.csv": {},
	} {
		d := &compteDistricts{demandes: map[string]int{}}
		o := options()
		o.Districts = d
		valider(t, public(t, nom), o)
		require.Equal(t, attendu, d.demandes, nom)
	}
}

// TestAdresseAvecEtSansIdentifiant: rule 7 of 07 §10.8 counts absence as a value, wherever the row without identifier is.
func TestAdresseAvecEtSansIdentifiant(t *testing.T) {
	t.Parallel()
	const code = "row.different_id_ban_adresses_with_same_adresse"
	sans, avec, autre := ";1;Rue A\n", "e80a341b-f5f4-434a-b86b-c3e6f6dad0ea;1;Rue A\n", ";2;Rue A\n"
	for _, cas := range []struct {
		lignes string
		fautes []int
	}{
		{sans + avec + autre, []int{2, 3}},
		{avec + sans + autre, []int{2, 3}},
		{autre + avec + autre + sans, []int{3, 5}},
		{sans + sans, nil},
		{avec + avec, nil},
	} {
		c := resume(valider(t, "id_ban_adresse;numero;voie_nom\n"+cas.lignes, options()), code)
		if cas.fautes == nil {
			require.Nil(t, c)
			continue
		}
		require.NotNil(t, c, cas.lignes)
		require.Equal(t, cas.fautes, c.PremieresLignes)
	}
}

// TestAdresseSansMarque: a uid_adresse without @a: is another identifier than no uid_adresse at all.
func TestAdresseSansMarque(t *testing.T) {
	t.Parallel()
	const code = "row.different_id_ban_adresses_with_same_adresse"
	libre, vide := "libre;1;Rue A\n", ";1;Rue A\n"
	require.Equal(t, []int{2, 3}, resume(valider(t, "uid_adresse;numero;voie_nom\n"+libre+vide, options()), code).PremieresLignes)
	require.Equal(t, []int{2, 3}, resume(valider(t, "uid_adresse;numero;voie_nom\n"+vide+libre, options()), code).PremieresLignes)
	require.Nil(t, resume(valider(t, "uid_adresse;numero;voie_nom\n"+libre+libre, options()), code))
	require.Nil(t, resume(valider(t, "uid_adresse;numero;voie_nom\n"+libre+";2;Rue A\n", options()), code))
}

// TestRemediations gives the codes that each proposal corrects (07 §10.12).
func TestRemediations(t *testing.T) {
	t.Parallel()
	var lignes []bal.Ligne
	o := options()
	o.Ligne = func(l bal.Ligne) error {
		lignes = append(lignes, l)
		return nil
	}
	valider(t, "cle_interop;commune_insee;commune_nom;numero;voie_nom;date_der_maj\n"+
		"27115_0010_00001;;BREUX;1;Rue A;1 janv. 2018\n"+
		"27115_0010_00002;x;;2;Rue A;2030-01-01\n", o)
	require.Len(t, lignes, 2)
	valeur := func(i int, champ string) (string, []string, bool) {
		r := lignes[i].Remediations[champ]
		return *r.Valeur, r.Codes, r.Suppose
	}
	for _, cas := range []struct {
		ligne         int
		champ, valeur string
		codes         []string
		suppose       bool
	}{
		{0, "commune_insee", "27115", []string{"commune_insee.valeur_manquante"}, false},
		{1, "commune_insee", "27115", []string{"commune_insee.commune_invalide"}, false},
		{0, "commune_nom", "Breux-sur-Avre", []string{"commune_nom.casse_incorrecte", "row.commune_nom_invalide"}, false},
		{1, "commune_nom", "Breux-sur-Avre", []string{"commune_nom.valeur_manquante"}, false},
		{0, "date_der_maj", "2018-01-01", []string{"date_der_maj.date_invalide"}, false},
		{1, "date_der_maj", "2026-06-15", []string{"date_der_maj.date_future"}, true},
	} {
		v, codes, suppose := valeur(cas.ligne, cas.champ)
		require.Equal(t, cas.valeur, v)
		require.Equal(t, cas.codes, codes)
		require.Equal(t, cas.suppose, suppose)
	}
	id := lignes[0].Remediations["id_ban_toponyme"]
	require.Equal(t, []string{"field.id_ban_toponyme.missing", "row.lack_of_id_ban", "rows.every_line_required_id_ban"}, id.Codes)
	require.Equal(t, id.Valeur, lignes[1].Remediations["id_ban_toponyme"].Valeur, "one identifier for a street")
	require.NotEqual(t, lignes[0].Remediations["id_ban_adresse"].Valeur, lignes[1].Remediations["id_ban_adresse"].Valeur)
	require.Nil(t, lignes[0].Remediations["id_ban_commune"].Valeur, "no district known")
}

// TestRemediationsDates are the forms of 07 §10.12.
func TestRemediationsDates(t *testing.T) {
	t.Parallel()
	for brut, attendu := range map[string]string{
		"10/05/18": "2018-05-10", "10/05/2018": "2018-05-10", "2018/5/9": "2018-05-09", "1-2-2019": "2019-02-01",
		"2018-5-1": "2018-05-01", "10 05 2018": "2018-05-10", "2018 05 10": "2018-05-10", "1 JANVIER 2018": "2018-01-01",
		"01 août 2018": "2018-08-01", "1 déc 2018": "2018-12-01", "2018-05-10 1:3": "2018-05-10", "02/01/2010": "2010-01-02",
		// Today, for want of a date that can be believed.
		"01/01/2010": "", "10/05/50": "", "10/05/8": "", "30/02/2018": "", "1er mai 2018": "", "10.05.2018": "", "2018": "",
		"16/06/2026": "", "2018-05-10 25:00": "", "0001-05-10 10:00": "",
	} {
		var r bal.Remediation
		o := options()
		o.Ligne = func(l bal.Ligne) error {
			r = l.Remediations["date_der_maj"]
			return nil
		}
		valider(t, "numero;date_der_maj\n1;"+brut+"\n", o)
		require.Equal(t, attendu == "", r.Suppose, brut)
		if attendu == "" {
			attendu = "2026-06-15"
		}
		require.Equal(t, attendu, *r.Valeur, brut)
	}
}

func TestLigneInterromptLaValidation(t *testing.T) {
	t.Parallel()
	assez := errors.New("assez")
	lues := 0
	o := options()
	o.Ligne = func(bal.Ligne) error {
		if lues++; lues == 3 {
			return assez
		}
		return nil
	}
	_, err := bal.Valider(t.Context(), source([]byte(public(t, "007-valid-1.3-40-rows.csv"))), o)
	require.ErrorIs(t, err, assez)
	require.Equal(t, 3, lues)
}

// fichierSansFin is a source that produces rows for ever, or up to a number of bytes.
type fichierSansFin struct {
	ligne  func(i int) string
	limite int
	lu     int
	i      int
	reste  string
	avant  func(lu int)
}

func (f *fichierSansFin) Read(p []byte) (int, error) {
	if f.avant != nil {
		f.avant(f.lu)
	}
	n := 0
	for n < len(p) {
		if f.reste == "" {
			if f.limite > 0 && f.lu+n >= f.limite {
				break
			}
			f.reste = f.ligne(f.i)
			f.i++
		}
		m := copy(p[n:], f.reste)
		f.reste = f.reste[m:]
		n += m
	}
	if f.lu += n; n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func ligneFautive(i int) string {
	if i == 0 {
		return "numero;voie_nom;source;date_der_maj;position;commune_insee\n"
	}
	return fmt.Sprintf("x%d;%d;;2018-02-%d;nulle part;9%04d\n", i, i%100, 30+i%60, i%9999)
}

// TestAnnulation stops in the middle of a file without end.
func TestAnnulation(t *testing.T) {
	t.Parallel()
	ctx, annuler := context.WithCancel(t.Context())
	defer annuler()
	_, err := bal.Valider(ctx, func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(&fichierSansFin{ligne: ligneFautive, avant: func(lu int) {
			if lu > 20_000_000 {
				annuler()
			}
		}}), nil
	}, options())
	require.ErrorIs(t, err, context.Canceled)

	// The second reading too.
	var lectures atomic.Int32
	ctx, annuler = context.WithCancel(t.Context())
	defer annuler()
	_, err = bal.Valider(ctx, func(context.Context) (io.ReadCloser, error) {
		f := &fichierSansFin{ligne: ligneFautive, limite: 8_000_000}
		if lectures.Add(1) == 2 {
			f.limite = 0
			f.avant = func(lu int) {
				if lu > 20_000_000 {
					annuler()
				}
			}
		}
		return io.NopCloser(f), nil
	}, options())
	require.ErrorIs(t, err, context.Canceled)
	require.EqualValues(t, 2, lectures.Load())
}

// TestMemoireBornee validates 50 MB of rows that are all wrong: more than 200 000 rows in error, and memory that stays
// far under the 150 MB of 07 §14.
func TestMemoireBornee(t *testing.T) {
	fichier := func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(&fichierSansFin{ligne: ligneFautive, limite: 50_000_000}), nil
	}
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	runtime.GC()
	var avant runtime.MemStats
	runtime.ReadMemStats(&avant)
	maximum := avant.HeapInuse
	o := options()
	mesures := 0
	o.Progres = func(lu int64) {
		if mesures++; mesures%20 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			maximum = max(maximum, m.HeapInuse)
		}
	}
	r, err := bal.Valider(t.Context(), fichier, o)
	require.NoError(t, err)
	require.Greater(t, r.LignesInvalides, 200_000)
	require.Equal(t, r.Lignes, resume(r, "numero.type_invalide").Nombre)
	require.Len(t, resume(r, "numero.type_invalide").PremieresLignes, 20)
	require.Greater(t, mesures, 100)
	require.Less(t, (maximum-avant.HeapInuse)/1_000_000, uint64(100), "MB above idle")
}

// TestEnregistrementTropLong refuses a quote never closed without holding the file.
func TestEnregistrementTropLong(t *testing.T) {
	t.Parallel()
	r, err := bal.Valider(t.Context(), func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(&fichierSansFin{limite: 60_000_000, ligne: func(i int) string {
			switch i {
			case 0:
				return "numero;voie_nom\n"
			case 1:
				return "1;Rue A\n2;\"Rue"
			}
			return "                               \n"
		}}), nil
	}, options())
	require.NoError(t, err)
	require.False(t, r.LectureReussie)
	require.Equal(t, "MissingQuotes", r.ErreursLecture[0].Code)
	require.Equal(t, 2, r.ErreursLecture[0].Ligne)
}

// TestErreursLectureBornees keeps 100 errors and counts them all (07 §10.3).
func TestErreursLectureBornees(t *testing.T) {
	t.Parallel()
	r := valider(t, "numero;voie_nom\n"+strings.Repeat("1;Rue A\n", 10)+strings.Repeat("1\n", 50_000)+"\"a\"b\";c\n", options())
	require.False(t, r.LectureReussie)
	require.Equal(t, 50_001, r.NombreErreursLecture)
	require.Len(t, r.ErreursLecture, 100)
	require.Equal(t, bal.ErreurLecture{Type: "Quotes", Code: "InvalidQuotes", Message: "Trailing quote on quoted field is malformed", Ligne: 50_011, Position: 100_097}, r.ErreursLecture[0])
	require.Equal(t, bal.ErreurLecture{Type: "FieldMismatch", Code: "TooFewFields", Message: "Too few fields: expected 2 fields but parsed 1", Ligne: 108, Position: -1}, r.ErreursLecture[99])
	require.Empty(t, r.Codes)
}
