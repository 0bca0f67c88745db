package bal

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// dialecte is how a file is written: the byte between columns and what ends a line.
type dialecte struct {
	separateur  byte
	finLigne    string // "\n", "\r\n" or "\r"
	introuvable bool   // no separator gives columns: reading goes on with a comma, and the file is refused
}

// nomFinLigne is the name of a line break in reports.
func nomFinLigne(finLigne string) string {
	switch finLigne {
	case "\n":
		return "Unix"
	case "\r\n":
		return "Windows"
	case "\r":
		return "Old Mac/BSD"
	}
	return ""
}

const (
	// portionDialecte is how much of a file is looked at to guess its line break, in characters.
	portionDialecte = 1 << 20
	// lignesDialecte is how many lines are read to choose the separator.
	lignesDialecte = 10
)

// separateurs are the candidates, in the order of preference between equals.
var separateurs = [...]byte{',', '\t', ';'}

// devinerDialecte looks at the beginning of a decoded file.
func devinerDialecte(debut []byte) dialecte {
	d := dialecte{finLigne: devinerFinLigne(debut)}
	d.separateur, d.introuvable = devinerSeparateur(debut, d.finLigne)
	return d
}

// devinerFinLigne counts the line breaks of the first portion, quoted parts left aside.
func devinerFinLigne(debut []byte) string {
	debut = premiersCaracteres(debut, portionDialecte)
	if bytes.IndexByte(debut, '\r') < 0 {
		return "\n"
	}
	texte := retirerGuillemets(string(debut))
	cr := strings.IndexByte(texte, '\r')
	lf := strings.IndexByte(texte, '\n')
	if cr < 0 || lf >= 0 && lf < cr {
		return "\n"
	}
	morceaux := strings.Count(texte, "\r") + 1
	suivis := strings.Count(texte, "\r\n")
	if strings.HasPrefix(texte, "\n") {
		suivis++
	}
	if 2*suivis >= morceaux {
		return "\r\n"
	}
	return "\r"
}

// premiersCaracteres cuts after n UTF-16 units.
func premiersCaracteres(texte []byte, n int) []byte {
	if len(texte) <= n {
		return texte
	}
	i := 0
	for i < len(texte) && n > 0 {
		_, taille := utf8.DecodeRune(texte[i:])
		i += taille
		if n--; taille == 4 {
			n--
		}
	}
	return texte[:i]
}

// retirerGuillemets takes away the pairs of quotes and what is between them.
func retirerGuillemets(texte string) string {
	var reste strings.Builder
	for {
		i := strings.IndexByte(texte, '"')
		if i < 0 {
			break
		}
		j := strings.IndexByte(texte[i+1:], '"')
		if j < 0 {
			break
		}
		reste.WriteString(texte[:i])
		texte = texte[i+1+j+1:]
	}
	reste.WriteString(texte)
	return reste.String()
}

// devinerSeparateur keeps the candidate whose number of columns varies least over the first lines, then the one that
// gives most columns.
func devinerSeparateur(debut []byte, finLigne string) (separateur byte, introuvable bool) {
	separateur, introuvable = separateurs[0], true
	meilleurEcart, meilleureMoyenne := 0, 0.0
	for _, candidat := range separateurs {
		ecart, moyenne := regularite(debut, dialecte{separateur: candidat, finLigne: finLigne})
		if moyenne <= 1.99 {
			continue
		}
		if introuvable || ecart < meilleurEcart || ecart == meilleurEcart && moyenne > meilleureMoyenne {
			separateur, introuvable = candidat, false
			meilleurEcart, meilleureMoyenne = ecart, moyenne
		}
	}
	return separateur, introuvable
}

// regularite gives the sum of the differences of the number of columns from line to line, and its mean.
func regularite(debut []byte, d dialecte) (ecart int, moyenne float64) {
	l := lexeur{donnees: debut, dialecte: d, fin: true}
	precedent, total, lignes := -1, 0, 0
	for range lignesDialecte {
		if !l.suivant() {
			break
		}
		if l.vide() {
			continue
		}
		n := l.nombre
		if precedent >= 0 {
			ecart += max(n-precedent, precedent-n)
		}
		precedent = n
		total += n
		lignes++
	}
	if lignes == 0 {
		return 0, 0
	}
	return ecart, float64(total) / float64(lignes)
}
