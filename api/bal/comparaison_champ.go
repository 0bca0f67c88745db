package bal

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/cespare/xxhash/v2"
)

// champsCompares are the fields that describe an address, in the order in which changes are listed. Identifiers
// are left out: they say which address it is. The name of the street comes first, whatever its column.
var champsCompares = [...]champ{
	champVoieNom, champLieuditComplementNom, champNumero, champSuffixe, champCommuneInsee, champCommuneNom,
	champCommuneDelegueeInsee, champCommuneDelegueeNom, champPosition, champX, champY, champLong, champLat,
	champCadParcelles, champCertificationCommune, champSource, champDateDerMaj,
}

// sansPortee tells the fields that do not make a row different.
func sansPortee(c champ) bool { return c == champSource || c == champDateDerMaj }

// valeurComparee is the value of a field in a form that two files share.
func (l *ligneComparee) valeurComparee(c champ) []byte {
	switch c {
	case champVoieNom:
		return l.voie()
	case champCommuneInsee:
		return l.commune()
	case champNumero:
		return l.numeroAdresse()
	case champCertificationCommune:
		if v := l.valeur(c); len(v) > 0 {
			return v
		}
		return []byte("0")
	}
	return l.valeur(c)
}

// contenu stands for all that makes the row different from another.
func (l *ligneComparee) contenu() uint64 {
	b := l.tampon[:0]
	for _, c := range champsCompares {
		if sansPortee(c) {
			continue
		}
		v := l.valeurComparee(c)
		switch c {
		case champX, champY, champLong, champLat:
			if n, ok := nombreCompare(v); ok {
				b = strconv.AppendFloat(b, n, 'g', -1, 64)
				break
			}
			b = append(b, v...)
		default:
			b = append(b, v...)
		}
		b = append(b, 0)
	}
	l.tampon = b
	return xxhash.Sum64(b) + l.contenuRegional()
}

// contenuRegional does not depend on the order of columns, and ignores empty ones.
func (l *ligneComparee) contenuRegional() (somme uint64) {
	e := l.fichier.entete
	for _, i := range e.variantes {
		if i >= len(l.valeurs) {
			continue
		}
		if v := rogner(l.valeurs[i]); len(v) > 0 {
			l.tampon = append(append(append(l.tampon[:0], nomRegional(&e.colonnes[i])...), 0), v...)
			somme += xxhash.Sum64(l.tampon)
		}
	}
	return somme
}

// nomRegional names a regional column in the same way in every version of the format.
func nomRegional(c *colonne) string {
	base := c.champ
	if base == champToponyme {
		base = champVoieNom
	}
	return base.nom() + "_" + c.langue
}

// nombreCompare reads a coordinate, so that 2.50 is 2.5.
func nombreCompare(v []byte) (float64, bool) {
	n, err := strconv.ParseFloat(string(bytes.Replace(v, []byte(","), []byte("."), 1)), 64)
	return n + 0, err == nil && !math.IsNaN(n) // + 0: -0 is 0
}

// champs gives the values of all compared fields, as Apres; absent ones are left out.
func (l *ligneComparee) champs() []ChampModifie {
	liste := make([]ChampModifie, 0, len(champsCompares))
	for _, c := range champsCompares {
		if v := l.valeurComparee(c); len(v) > 0 {
			liste = append(liste, ChampModifie{Champ: c.nom(), Apres: string(v)})
		}
	}
	debut := len(liste)
	for _, i := range l.fichier.entete.variantes {
		if i < len(l.valeurs) {
			if v := rogner(l.valeurs[i]); len(v) > 0 {
				liste = append(liste, ChampModifie{Champ: nomRegional(&l.fichier.entete.colonnes[i]), Apres: string(v)})
			}
		}
	}
	slices.SortFunc(liste[debut:], func(a, b ChampModifie) int { return strings.Compare(a.Champ, b.Champ) })
	return liste
}

// champsModifies keeps what differs between the values of two rows.
func champsModifies(avant, apres []ChampModifie) []ChampModifie {
	var modifies []ChampModifie
	ajouter := func(nom string) {
		m := ChampModifie{Champ: nom, Avant: valeurDe(avant, nom), Apres: valeurDe(apres, nom)}
		if m.Avant != m.Apres && !memeNombre(m) {
			modifies = append(modifies, m)
		}
	}
	for _, c := range champsCompares {
		ajouter(c.nom())
	}
	var regionaux []string
	for _, v := range slices.Concat(avant, apres) {
		if strings.Contains(v.Champ, "_") && !estCompare(v.Champ) && !slices.Contains(regionaux, v.Champ) {
			regionaux = append(regionaux, v.Champ)
		}
	}
	slices.Sort(regionaux)
	for _, nom := range regionaux {
		ajouter(nom)
	}
	return modifies
}

func estCompare(nom string) bool {
	c, ok := champDe(nom)
	return ok && slices.Contains(champsCompares[:], c)
}

func memeNombre(m ChampModifie) bool {
	switch m.Champ {
	case "x", "y", "long", "lat":
		a, okA := nombreCompare([]byte(m.Avant))
		b, okB := nombreCompare([]byte(m.Apres))
		return okA && okB && a == b
	}
	return false
}

func valeurDe(liste []ChampModifie, nom string) string {
	for i := range liste {
		if liste[i].Champ == nom {
			return liste[i].Apres
		}
	}
	return ""
}

// rayonTerre is the mean radius, in metres.
const rayonTerre = 6_371_008.8

// deplacement is the distance in metres between the positions of two rows, by long and lat, else by x and y; zero
// when one is unknown.
func deplacement(avant, apres []ChampModifie) float64 {
	lire := func(noms ...string) (v [4]float64, ok bool) {
		for i, nom := range noms {
			for j, liste := range [...][]ChampModifie{avant, apres} {
				if v[2*j+i], ok = nombreCompare([]byte(valeurDe(liste, nom))); !ok {
					return v, false
				}
			}
		}
		return v, true
	}
	if v, ok := lire("long", "lat"); ok {
		dLong, dLat := radians(v[2]-v[0]), radians(v[3]-v[1])
		h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(radians(v[1]))*math.Cos(radians(v[3]))*math.Pow(math.Sin(dLong/2), 2)
		return centimetre(2 * rayonTerre * math.Asin(math.Min(1, math.Sqrt(h))))
	}
	if v, ok := lire("x", "y"); ok {
		return centimetre(math.Hypot(v[2]-v[0], v[3]-v[1]))
	}
	return 0
}

// adresse copies what is shown of the row.
func (l *ligneComparee) adresse() *AdresseComparee {
	return &AdresseComparee{
		Numero:       string(l.valeur(champNumero)),
		Suffixe:      string(l.valeur(champSuffixe)),
		Voie:         string(l.voie()),
		Complement:   string(l.valeur(champLieuditComplementNom)),
		CommuneInsee: string(l.commune()),
		CommuneNom:   string(l.valeur(champCommuneNom)),
		Position:     string(l.valeur(champPosition)),
		Long:         string(l.valeur(champLong)),
		Lat:          string(l.valeur(champLat)),
		Certifiee:    string(l.valeur(champCertificationCommune)) == "1",
	}
}
