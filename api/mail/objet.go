package mail

// Objet is what an e-mail speaks of: a convention or one of the three kinds of avenant (02 §5.2).
type Objet string

// Values of Objet.
const (
	ObjetConvention   Objet = "convention"
	ObjetAvenant      Objet = "avenant"
	ObjetDenonciation Objet = "denonciation"
	ObjetResiliation  Objet = "resiliation"
)

// Valid tells whether o is one of the four values.
func (o Objet) Valid() bool { return o.Nom() != "" }

// Nom is the noun: "convention".
func (o Objet) Nom() string {
	switch o {
	case ObjetConvention:
		return "convention"
	case ObjetAvenant:
		return "avenant"
	case ObjetDenonciation:
		return "dénonciation"
	case ObjetResiliation:
		return "résiliation"
	}
	return ""
}

// Titre is the noun at the beginning of a sentence.
func (o Objet) Titre() string {
	switch o {
	case ObjetConvention:
		return "Convention"
	case ObjetAvenant:
		return "Avenant"
	case ObjetDenonciation:
		return "Dénonciation"
	case ObjetResiliation:
		return "Résiliation"
	}
	return ""
}

// choose gives the masculine or the feminine form.
func (o Objet) choose(masculine, feminine string) string {
	if o == ObjetAvenant {
		return masculine
	}
	return feminine
}

// Le is the noun with its article: "la convention", "l’avenant".
func (o Objet) Le() string { return o.choose("l’", "la ") + o.Nom() }

// MajLe is Le at the beginning of a sentence.
func (o Objet) MajLe() string { return o.choose("L’", "La ") + o.Nom() }

// De is the noun with its contracted article: "de la convention", "de l’avenant".
func (o Objet) De() string { return "de " + o.Le() }

// Un is the noun with its indefinite article: "une convention".
func (o Objet) Un() string { return o.choose("un ", "une ") + o.Nom() }

// Cet is the noun with its demonstrative: "cette convention", "cet avenant".
func (o Objet) Cet() string { return o.choose("cet ", "cette ") + o.Nom() }

// La is the pronoun that stands for it: "la", "le".
func (o Objet) La() string { return o.choose("le", "la") }

// E is the mark of agreement of a participle: "e" or nothing.
func (o Objet) E() string { return o.choose("", "e") }

// Evenement is what ended a convention or an avenant (EM-14).
type Evenement string

// Values of Evenement.
const (
	EvenementAnnule  Evenement = "annule"  // T20
	EvenementDenonce Evenement = "denonce" // T18
	EvenementResilie Evenement = "resilie" // T19
)

// Participe is the past participle without its agreement: "annulé".
func (e Evenement) Participe() string {
	switch e {
	case EvenementAnnule:
		return "annulé"
	case EvenementDenonce:
		return "dénoncé"
	case EvenementResilie:
		return "résilié"
	}
	return ""
}

// Annulation tells T20 from the two ends of a signed convention, which take effect on a day.
func (e Evenement) Annulation() bool { return e == EvenementAnnule }
