package bal

// maxChiffres is the length of the longest number written in words; longer ones stay in digits.
const maxChiffres = 15

var (
	unites = [...]string{"", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
		"douze", "treize", "quatorze", "quinze", "seize", "dix sept", "dix huit", "dix neuf"}
	dizaines = [...]string{"", "", "vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre vingt", "quatre vingt"}
)

// ajouterNombre appends n in French words separated by spaces.
func ajouterNombre(dst []byte, n uint64) []byte {
	if n == 0 {
		return append(dst, "zéro"...) // the only word that keeps an accent
	}
	debut := len(dst)
	for _, ordre := range [...]struct {
		valeur        uint64
		un, plusieurs string
	}{
		{1e12, "billion", "billions"},
		{1e9, "milliard", "milliards"},
		{1e6, "million", "millions"},
		{1e3, "mille", "mille"},
	} {
		switch groupe := n / ordre.valeur; {
		case groupe == 0:
			continue
		case groupe == 1 && ordre.valeur == 1e3:
			dst = append(espacer(dst, debut), ordre.un...)
		case groupe == 1:
			dst = append(append(espacer(dst, debut), "un "...), ordre.un...)
		default:
			dst = ajouterCentaines(espacer(dst, debut), groupe)
			dst = append(append(dst, ' '), ordre.plusieurs...)
		}
		n %= ordre.valeur
	}
	if n > 0 {
		dst = ajouterCentaines(espacer(dst, debut), n)
	}
	return dst
}

// ajouterCentaines appends a number from 1 to 999.
func ajouterCentaines(dst []byte, n uint64) []byte {
	debut := len(dst)
	centaines, reste := n/100, n%100
	if centaines > 1 {
		dst = append(append(dst, unites[centaines]...), ' ')
	}
	if centaines > 0 {
		dst = append(dst, "cent"...)
	}
	if centaines > 1 && reste == 0 {
		dst = append(dst, 's')
	}
	if reste > 0 {
		dst = ajouterDizaines(espacer(dst, debut), reste)
	}
	return dst
}

// ajouterDizaines appends a number from 1 to 99.
func ajouterDizaines(dst []byte, n uint64) []byte {
	if n < 20 {
		return append(dst, unites[n]...)
	}
	dizaine, unite := n/10, n%10
	dst = append(dst, dizaines[dizaine]...)
	if dizaine == 7 || dizaine == 9 {
		unite += 10
	}
	switch {
	case n == 80:
		return append(dst, 's')
	case unite == 0:
		return dst
	case dizaine < 8 && unite%10 == 1:
		dst = append(dst, " et"...)
	}
	return append(append(dst, ' '), unites[unite]...)
}

// espacer appends a space unless nothing was written since debut.
func espacer(dst []byte, debut int) []byte {
	if len(dst) > debut {
		return append(dst, ' ')
	}
	return dst
}
