package bal

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func source(texte string) Source {
	return func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(texte)), nil }
}

const enteteComparee = "id_ban_adresse;id_ban_toponyme;cle_interop;commune_insee;voie_nom;numero;suffixe;position;x;y;long;lat;source;date_der_maj;certification_commune"

func fichierDe(lignes ...string) string {
	return enteteComparee + "\n" + strings.Join(lignes, "\n") + "\n"
}

func comparer(t *testing.T, avant, apres string, o OptionsComparaison) *Comparaison {
	t.Helper()
	c, err := Comparer(t.Context(), source(avant), source(apres), o)
	require.NoError(t, err)
	return c
}

func TestComparer(t *testing.T) {
	t.Parallel()
	const (
		un    = "a1;t1;01001_0010_00001;01001;Rue Haute;1;;entrée;;;5.1;46.1;Mairie;2024-01-01;1"
		deux  = "a2;t1;01001_0010_00002;01001;Rue Haute;2;;entrée;;;5.2;46.2;Mairie;2024-01-01;0"
		trois = "a3;t1;01001_0010_00003_bis;01001;Rue Haute;3;bis;entrée;;;5.3;46.3;Mairie;2024-01-01;"
	)
	c := comparer(t, fichierDe(un, deux, trois), fichierDe(
		"a4;t1;01001_0010_00004;01001;Rue Haute;4;;entrée;;;5.4;46.4;Mairie;2024-01-01;1",
		"a2;t1;01001_0010_00002;01001;Rue Basse;2;;parcelle;;;5.2;46.201;Mairie;2025-01-01;1",
		"a3;t1;01001_0010_00003_bis;01001;Rue Haute;003;bis;entrée;;;5.30;46.3;Commune;2025-06-01;0",
	), OptionsComparaison{Nombre: 10})
	require.Equal(t, CleIDBan, c.Cle)
	require.Equal(t, []int{1, 1, 1, 1, 3, 3}, []int{c.Ajoutees, c.Retirees, c.Modifiees, c.Inchangees, c.LignesAvant, c.LignesApres})
	require.Len(t, c.Elements, 3)

	ajout := c.Elements[0]
	require.Equal(t, Ajout, ajout.Changement)
	require.Equal(t, 2, ajout.Ligne)
	require.Nil(t, ajout.Avant)
	require.Equal(t, &AdresseComparee{Numero: "4", Voie: "Rue Haute", CommuneInsee: "01001", Position: "entrée", Long: "5.4", Lat: "46.4", Certifiee: true}, ajout.Apres)

	modification := c.Elements[1]
	require.Equal(t, Modification, modification.Changement)
	require.Equal(t, 3, modification.Ligne)
	require.Equal(t, "Rue Haute", modification.Avant.Voie)
	require.Equal(t, "Rue Basse", modification.Apres.Voie)
	require.InDelta(t, 111.2, modification.Deplacement, 0.005)
	require.Equal(t, []ChampModifie{
		{"voie_nom", "Rue Haute", "Rue Basse"},
		{"position", "entrée", "parcelle"},
		{"lat", "46.2", "46.201"},
		{"certification_commune", "0", "1"},
		{"date_der_maj", "2024-01-01", "2025-01-01"},
	}, modification.Champs)

	retrait := c.Elements[2]
	require.Equal(t, Retrait, retrait.Changement)
	require.Equal(t, 2, retrait.Ligne)
	require.Equal(t, "1", retrait.Avant.Numero)
	require.Nil(t, retrait.Apres)
}

func TestComparer_keyUsed(t *testing.T) {
	t.Parallel()
	const ligne = "a1;t1;01001_0010_00001;01001;Rue Haute;1;;;;;;;;;"
	for _, cas := range []struct{ nom, avant, apres, cle string }{
		{"identifiers everywhere", fichierDe(ligne), fichierDe(ligne), CleIDBan},
		{"place: identifier of the toponym", fichierDe(ligne), fichierDe(";t9;01001_0090_99999;01001;Lieu;99999;;;;;;;;;"), CleIDBan},
		{"an identifier is missing", fichierDe(ligne), fichierDe(";t1;01001_0010_00001;01001;Rue Haute;1;;;;;;;;;"), CleInterop},
		{"no identifier column", fichierDe(ligne), "cle_interop;numero\n01001_0010_00001;1\n", CleInterop},
		{"a key is missing", "cle_interop;numero\n;1\n", "cle_interop;numero\n01001_0010_00001;1\n", CleAdresse},
		{"neither", "commune_insee;numero\n01001;1\n", "commune_insee;numero\n01001;2\n", CleAdresse},
	} {
		t.Run(cas.nom, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, cas.cle, comparer(t, cas.avant, cas.apres, OptionsComparaison{}).Cle)
			require.Equal(t, cas.cle, comparer(t, cas.apres, cas.avant, OptionsComparaison{}).Cle)
		})
	}
}

// Without identifiers nor keys, two ways of writing a street are the same street, in files of two versions.
func TestComparer_sameAddressWrittenDifferently(t *testing.T) {
	t.Parallel()
	avant := "commune_insee;voie_nom;numero;suffixe\n01001;Av du Gal Leclerc;01;BIS\n"
	apres := "\ufeffnumero,suffixe,toponyme,commune_insee\r\n1,bis, avenue Général Leclerc ,01001\r\n"
	c := comparer(t, avant, apres, OptionsComparaison{Nombre: 1})
	require.Equal(t, []int{0, 0, 1, 0}, []int{c.Ajoutees, c.Retirees, c.Modifiees, c.Inchangees})
	require.Equal(t, []ChampModifie{{"voie_nom", "Av du Gal Leclerc", "avenue Général Leclerc"}, {"suffixe", "BIS", "bis"}}, c.Elements[0].Champs)
}

// A change of date or source alone is not a modification.
func TestComparer_dateAndSourceAlone(t *testing.T) {
	t.Parallel()
	c := comparer(t, fichierDe("a1;;;01001;Rue Haute;1;;;;;;;Mairie;2024-01-01;"), fichierDe("a1;;;01001;Rue Haute;1;;;;;;;Commune;2025-01-01;0"), OptionsComparaison{})
	require.Equal(t, 1, c.Inchangees)
}

func TestComparer_regionalColumns(t *testing.T) {
	t.Parallel()
	avant := "cle_interop;voie_nom;voie_nom_bre;voie_nom_fra\n01001_0010_00001;Rue Haute;Straed Uhel;\n"
	apres := "cle_interop;toponyme;toponyme_bre\n01001_0010_00001;Rue Haute;Straed al Lae\n"
	c := comparer(t, avant, apres, OptionsComparaison{Nombre: 5})
	require.Equal(t, []ChampModifie{{"voie_nom_bre", "Straed Uhel", "Straed al Lae"}}, c.Elements[0].Champs)
	require.Equal(t, 1, comparer(t, avant, strings.Replace(apres, "al Lae", "Uhel", 1), OptionsComparaison{}).Inchangees)
}

// A file may give several positions of an address: they are matched in order.
func TestComparer_sameKeySeveralTimes(t *testing.T) {
	t.Parallel()
	position := func(nom string) string { return "a1;;;01001;Rue Haute;1;;" + nom + ";;;;;;;" }
	entree, parcelle, segment := position("entrée"), position("parcelle"), position("segment")
	for _, cas := range []struct {
		nom          string
		avant, apres []string
		compte       []int
	}{
		{"same", []string{entree, parcelle, segment}, []string{entree, parcelle, segment}, []int{0, 0, 0, 3}},
		{"one less", []string{entree, parcelle, segment}, []string{entree, parcelle}, []int{0, 1, 0, 2}},
		{"one more", []string{entree}, []string{entree, parcelle, segment}, []int{2, 0, 0, 1}},
		{"last changed", []string{entree, parcelle}, []string{entree, segment}, []int{0, 0, 1, 1}},
		{"all gone", []string{entree, parcelle}, nil, []int{0, 2, 0, 0}},
	} {
		t.Run(cas.nom, func(t *testing.T) {
			t.Parallel()
			c := comparer(t, fichierDe(cas.avant...), fichierDe(cas.apres...), OptionsComparaison{Nombre: 9})
			require.Equal(t, cas.compte, []int{c.Ajoutees, c.Retirees, c.Modifiees, c.Inchangees})
			require.Len(t, c.Elements, c.Ajoutees+c.Retirees+c.Modifiees)
			for _, d := range c.Elements {
				require.Equal(t, d.Changement != Ajout, d.Avant != nil)
				require.Equal(t, d.Changement != Retrait, d.Apres != nil)
			}
		})
	}
}

// Pages put one after the other give the whole list, whatever their size; each kind apart too.
func TestComparer_pages(t *testing.T) {
	t.Parallel()
	var avant, apres []string
	for i := range 60 {
		ligne := fmt.Sprintf("a%d;;;01001;Rue Haute;%d;;;;;;;;;", i, i)
		if i%3 != 0 {
			avant = append(avant, ligne)
		}
		if i%5 != 0 {
			apres = append(apres, strings.Replace(ligne, "Haute", []string{"Haute", "Basse"}[i%2], 1))
		}
	}
	a, b := fichierDe(avant...), fichierDe(apres...)
	for _, genre := range []Changement{0, Ajout, Retrait, Modification} {
		tout := comparer(t, a, b, OptionsComparaison{Changement: genre, Nombre: 1000})
		total := map[Changement]int{0: tout.Ajoutees + tout.Retirees + tout.Modifiees, Ajout: tout.Ajoutees, Retrait: tout.Retirees, Modification: tout.Modifiees}[genre]
		require.Positive(t, total)
		require.Len(t, tout.Elements, total)
		var pages []Difference
		for debut := 0; debut < total; debut += 7 {
			page := comparer(t, a, b, OptionsComparaison{Changement: genre, Debut: debut, Nombre: 7})
			require.Equal(t, tout.Modifiees, page.Modifiees)
			pages = append(pages, page.Elements...)
		}
		require.Equal(t, tout.Elements, pages)
		require.Empty(t, comparer(t, a, b, OptionsComparaison{Changement: genre, Debut: total, Nombre: 7}).Elements)
		require.Empty(t, comparer(t, a, b, OptionsComparaison{Changement: genre}).Elements)
	}
}

func TestComparer_nothingBefore(t *testing.T) {
	t.Parallel()
	c, err := Comparer(t.Context(), nil, source(fichierDe("a1;;;01001;Rue Haute;1;;;;;;;;;")), OptionsComparaison{Nombre: 1})
	require.NoError(t, err)
	require.Equal(t, 1, c.Ajoutees)
	require.Zero(t, c.LignesAvant)
}

func TestComparer_displacementByMetres(t *testing.T) {
	t.Parallel()
	c := comparer(t, "cle_interop;x;y\nk;700000;6600000\n", "cle_interop;x;y\nk;700003;6600004.0\n", OptionsComparaison{Nombre: 1})
	require.Equal(t, 5.0, c.Elements[0].Deplacement)
	c = comparer(t, "cle_interop;x;y\nk;;\n", "cle_interop;x;y\nk;700003;6600004.0\n", OptionsComparaison{Nombre: 1})
	require.Zero(t, c.Elements[0].Deplacement)
}

func TestComparer_unreadable(t *testing.T) {
	t.Parallel()
	bon := source(fichierDe("a1;;;01001;Rue Haute;1;;;;;;;;;"))
	for nom, mauvais := range map[string]string{"empty": "", "one column": "a\nb\n", "binary": "\x89PNG\r\n\x1a\n", "UTF-16": "\xff\xfea\x00"} {
		_, err := Comparer(t.Context(), bon, source(mauvais), OptionsComparaison{})
		require.ErrorIs(t, err, ErrIllisible, nom)
		_, err = Comparer(t.Context(), source(mauvais), bon, OptionsComparaison{})
		require.ErrorIs(t, err, ErrIllisible, nom)
	}
	annule, annuler := context.WithCancel(t.Context())
	annuler()
	_, err := Comparer(annule, bon, bon, OptionsComparaison{})
	require.ErrorIs(t, err, context.Canceled)
}

// Files larger than a block, with lines of all sizes: the same counts as row by row.
func TestComparer_largeFiles(t *testing.T) {
	t.Parallel()
	var avant, apres strings.Builder
	avant.WriteString(enteteComparee + "\n")
	apres.WriteString(enteteComparee + "\n")
	for i := range 20_000 {
		nom := strings.Repeat("x", i%97)
		fmt.Fprintf(&avant, "a%d;;;01001;Rue \"%s;%d;;;;;;;;;\n", i, nom, i)
		if i%4 > 0 {
			fmt.Fprintf(&apres, "A%d;;;01001;\"Rue \"\"%s\";%d;;;;;;;;;\n", i, nom, i)
		}
	}
	c := comparer(t, avant.String(), apres.String(), OptionsComparaison{})
	require.Equal(t, []int{0, 5_000, 0, 15_000}, []int{c.Ajoutees, c.Retirees, c.Modifiees, c.Inchangees})
}
