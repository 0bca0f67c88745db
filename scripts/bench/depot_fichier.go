package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"

	"apilos/api/cog"
)

// gabarit is a valid address file of format 1.4 with marks in place of the commune.
type gabarit struct{ contenu []byte }

const (
	marqueCode = "\x01CODE\x01"
	marqueNom  = "\x01NOM\x01"
)

// pour writes the file of a commune.
func (g gabarit) pour(code string) []byte {
	c, _ := cog.Charger().Commune(code)
	out := bytes.ReplaceAll(g.contenu, []byte(marqueCode), []byte(code))
	return bytes.ReplaceAll(out, []byte(marqueNom), []byte(c.Nom))
}

// fichierBAL makes a file of about so many bytes without anomaly.
func fichierBAL(octets int) gabarit {
	r := rand.New(rand.NewPCG(7, 7))
	var b bytes.Buffer
	b.Grow(octets + 1024)
	b.WriteString("id_ban_commune;id_ban_toponyme;id_ban_adresse;cle_interop;voie_nom;lieudit_complement_nom;numero;suffixe;commune_insee;commune_nom;" +
		"commune_deleguee_insee;commune_deleguee_nom;position;x;y;long;lat;cad_parcelles;source;date_der_maj;certification_commune\r\n")
	noms := []string{"Rue des Lilas", "Avenue de la Gare", "Chemin du Moulin", "Impasse des Acacias", "Place du Marché", "Route de Limoges"}
	for voie := 1; b.Len() < octets; voie++ {
		nom := fmt.Sprintf("%s %s", noms[voie%len(noms)], lettres(voie))
		for numero := 1; numero <= 40 && b.Len() < octets; numero++ {
			fmt.Fprintf(&b, ";;;%s_%04d_%05d;%s;;%d;;%s;%s;;;entrée;;;%.6f;%.6f;;Commune;2026-01-15;1\r\n",
				marqueCode, voie%9000+1, numero, nom, numero, marqueCode, marqueNom, 1.2+r.Float64()/10, 45.8+r.Float64()/10)
		}
	}
	return gabarit{b.Bytes()}
}

// lettres writes a number in capital letters, so that every street has its own name.
func lettres(n int) string {
	out := []byte{}
	for ; n > 0; n /= 26 {
		out = append(out, byte('A'+n%26))
	}
	return string(out)
}

// communes are some of those of mainland France.
func communes() []string {
	var out []string
	for _, departement := range []string{"01", "02", "10", "19", "22", "23", "24", "29", "33", "35", "44", "56", "59", "62", "69", "87"} {
		for n := 1; n < 400; n++ {
			code := fmt.Sprintf("%s%03d", departement, n)
			if cog.Charger().ActuelleBAL(code) {
				out = append(out, code)
			}
		}
	}
	return out
}
