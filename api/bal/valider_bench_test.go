package bal_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"apilos/api/bal"
)

// fichierPropre writes a 1.4 file without anomaly of at least taille bytes.
func fichierPropre(taille int) []byte {
	alea := rand.New(rand.NewPCG(1, 2))
	uuid := func() string {
		a, b := alea.Uint64(), alea.Uint64()
		return fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", uint32(a), uint16(a>>32), a>>52, b>>52, b&0xFFFFFFFFFFFF)
	}
	types := []string{"Rue", "Avenue", "Impasse", "Allée", "Chemin", "Boulevard", "Place"}
	noms := []string{"de l’Église", "des Prés Fleuris", "du Vieux Moulin", "Saint-Martin", "du Général Leclerc", "des Écoles"}
	var f bytes.Buffer
	f.WriteString("id_ban_commune;id_ban_toponyme;id_ban_adresse;cle_interop;commune_insee;commune_nom;commune_deleguee_insee;" +
		"commune_deleguee_nom;voie_nom;lieudit_complement_nom;numero;suffixe;position;x;y;long;lat;cad_parcelles;source;date_der_maj;" +
		"certification_commune\n")
	commune := uuid()
	for voie := 1; f.Len() < taille; voie++ {
		toponyme := uuid()
		nom := fmt.Sprintf("%s %s n° %d", types[voie%len(types)], noms[voie%len(noms)], voie)
		for numero := 1; numero <= 40; numero++ {
			fmt.Fprintf(&f, "%s;%s;%s;27115_%04d_%05d;27115;Breux-sur-Avre;;;%s;;%d;;entrée;559688.46;6854197.56;1.0906%02d;48.772607;"+
				"271150000A%04d;Commune de Breux-sur-Avre;2019-%02d-%02d;1\n",
				commune, toponyme, uuid(), voie%10000, numero, nom, numero, alea.IntN(10), alea.IntN(9999), 1+numero%12, 1+numero%28)
		}
	}
	return f.Bytes()
}

// BenchmarkValiderPetit is a file of 2 kB, the most frequent deposit.
func BenchmarkValiderPetit(b *testing.B) {
	contenu := fichierPropre(500)[:2000]
	contenu = contenu[:bytes.LastIndexByte(contenu, '\n')+1]
	b.ReportAllocs()
	for b.Loop() {
		r, err := bal.Valider(b.Context(), source(contenu), options())
		require.NoError(b, err)
		require.True(b, r.Valide)
	}
}

func BenchmarkValider(b *testing.B) {
	contenu := fichierPropre(50_000_000)
	for _, travailleurs := range []int{1, 2} {
		b.Run(fmt.Sprintf("travailleurs=%d", travailleurs), func(b *testing.B) {
			b.SetBytes(int64(len(contenu)))
			o := options()
			o.Travailleurs = travailleurs
			lignes := 0
			for b.Loop() {
				r, err := bal.Valider(b.Context(), source(contenu), o)
				require.NoError(b, err)
				require.True(b, r.Valide, "%v", r.Resume)
				lignes += r.Lignes
			}
			b.ReportMetric(float64(lignes)/b.Elapsed().Seconds(), "rows/s")
		})
	}
	b.Run("encoding/csv", func(b *testing.B) {
		b.SetBytes(int64(len(contenu)))
		for b.Loop() {
			l := csv.NewReader(bytes.NewReader(contenu))
			l.Comma, l.ReuseRecord = ';', true
			for {
				if _, err := l.Read(); err == io.EOF {
					break
				}
			}
		}
	})
}
