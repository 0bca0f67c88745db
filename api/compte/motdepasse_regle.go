package compte

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"apilos/api/fault"

	"golang.org/x/text/unicode/norm"
)

// Lengths of a password, in characters (05 C.6).
const (
	minMotDePasse = 12
	maxMotDePasse = 256
)

// Codes of the fields of a refused password.
const (
	codeCourt    = "trop_court"
	codeLong     = "trop_long"
	codeChiffres = "chiffres_seuls"
	codeProche   = "trop_proche"
	codeCourant  = "trop_courant"
)

//go:embed motdepasse_courants.txt
var texteCourants string

// courants is the set of words of which the passwords everybody knows are made.
var courants = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for ligne := range strings.Lines(texteCourants) {
		if ligne, _, _ = strings.Cut(ligne, "#"); ligne != "" {
			for _, mot := range strings.Fields(ligne) {
				out[mot] = true
			}
		}
	}
	return out
})

// verifierMotDePasse refuses a password that is short, made of digits only, close to what is known of the person or
// among the common ones. pointeur designates the field for the caller. The error never quotes the password.
func verifierMotDePasse(motDePasse string, u Utilisateur, pointeur string) error {
	code, detail := defaut(composer(motDePasse), u)
	if code == "" {
		return nil
	}
	return fault.New(fault.Invalid, "MOT_DE_PASSE_REFUSE", detail).
		WithFields(fault.Field{Pointer: pointeur, Code: code, Detail: detail})
}

func defaut(motDePasse string, u Utilisateur) (code, detail string) {
	switch n := utf8.RuneCountInString(motDePasse); {
	case n < minMotDePasse:
		return codeCourt, "Choisissez un mot de passe d’au moins 12 caractères. Plusieurs mots sans lien entre eux conviennent."
	case n > maxMotDePasse:
		return codeLong, "Choisissez un mot de passe de 256 caractères au plus."
	case strings.TrimFunc(motDePasse, func(r rune) bool { return unicode.IsDigit(r) || unicode.IsSpace(r) }) == "":
		return codeChiffres, "Un mot de passe fait de chiffres seulement se devine. Ajoutez des lettres."
	case procheDe(motDePasse, u):
		return codeProche, "Ce mot de passe ressemble trop à votre nom, à votre identifiant ou à votre adresse électronique. Choisissez-en un autre."
	case courant(motDePasse):
		return codeCourant, "Ce mot de passe fait partie de ceux que l’on essaie en premier. Choisissez-en un autre."
	}
	return "", ""
}

// minReste is how many letters and digits a password must have besides what is known of the person.
const minReste = 8

// procheDe tells whether little remains of the password once the names of the person are removed, or whether it is
// one of them with a few changes.
func procheDe(motDePasse string, u Utilisateur) bool {
	mot := nu(motDePasse)
	connus := []string{u.Username, u.Email, u.EmailSecondaire, u.Prenom + u.Nom, u.Nom + u.Prenom}
	if u.CerbereLogin != nil {
		connus = append(connus, *u.CerbereLogin)
	}
	var morceaux []string
	for _, c := range connus {
		entier := nu(c)
		if ressemble(mot, entier) {
			return true
		}
		morceaux = append(morceaux, strings.FieldsFunc(c, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })...)
	}
	morceaux = append(morceaux, strings.Fields(u.Prenom)...)
	reste := mot
	for _, m := range append(morceaux, u.Nom) {
		if m = nu(m); utf8.RuneCountInString(m) >= 3 {
			reste = strings.ReplaceAll(reste, m, "")
		}
	}
	return reste != mot && utf8.RuneCountInString(reste) < minReste
}

// ressemble tells whether two texts differ by less than three characters in ten.
func ressemble(a, b string) bool {
	if utf8.RuneCountInString(b) < 4 {
		return false
	}
	long := max(utf8.RuneCountInString(a), utf8.RuneCountInString(b))
	return distance([]rune(a), []rune(b))*10 < long*3
}

// distance is the number of characters to add, remove or replace between a and b (Levenshtein).
func distance(a, b []rune) int {
	ligne := make([]int, len(b)+1)
	for j := range ligne {
		ligne[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonale := ligne[0]
		ligne[0] = i
		for j := 1; j <= len(b); j++ {
			cout := diagonale
			if a[i-1] != b[j-1] {
				cout = 1 + min(diagonale, ligne[j], ligne[j-1])
			}
			diagonale, ligne[j] = ligne[j], cout
		}
	}
	return ligne[len(b)]
}

// maxMotsCourants: four common words one after the other are a passphrase, three are a habit.
const maxMotsCourants = 3

// courant tells whether the password is made of the common words alone, up to three different ones, whatever digits
// and signs surround them, or repeats the same few characters.
func courant(motDePasse string) bool {
	if len(distincts(nu(motDePasse))) <= 4 {
		return true
	}
	mots := courants()
	noyau := leet(strings.TrimFunc(motDePasse, func(r rune) bool { return !unicode.IsLetter(r) }))
	for _, texte := range []string{nu(motDePasse), lettres(motDePasse), nu(noyau), lettres(noyau)} {
		if texte != "" && decoupe(texte, mots) <= maxMotsCourants {
			return true
		}
	}
	return false
}

// decoupe is the least number of different words that s is made of, or a number above any limit when s is not made
// of words. Digits between words count for nothing. s is at most maxMotDePasse long.
func decoupe(s string, mots map[string]bool) int {
	type etape map[string]bool
	meilleur := make([]etape, len(s)+1)
	meilleur[0] = etape{}
	for i := range s {
		if meilleur[i] == nil {
			continue
		}
		if s[i] >= '0' && s[i] <= '9' && meilleur[i+1] == nil {
			meilleur[i+1] = meilleur[i]
		}
		for j := i + 1; j <= min(len(s), i+maxMot); j++ {
			if !mots[s[i:j]] {
				continue
			}
			suite := etape{s[i:j]: true}
			for m := range meilleur[i] {
				suite[m] = true
			}
			if meilleur[j] == nil || len(suite) < len(meilleur[j]) {
				meilleur[j] = suite
			}
		}
	}
	if meilleur[len(s)] == nil {
		return maxMotDePasse
	}
	return len(meilleur[len(s)])
}

// maxMot is the length of the longest common word.
const maxMot = 26

// nu keeps letters without accents and digits, in lower case.
func nu(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(s)))
}

// leet gives letters back to the digits and signs that stand for them.
func leet(s string) string {
	return strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i", "€", "e").Replace(s)
}

func lettres(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, nu(s))
}

func distincts(s string) map[rune]bool {
	out := map[rune]bool{}
	for _, r := range s {
		out[r] = true
	}
	return out
}
