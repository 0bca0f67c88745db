package convention

import "strings"

// Genre is what a row of the family is called (02, vocabulary "kind").
type Genre string

// Genres.
const (
	GenreConvention   Genre = "convention"
	GenreAvenant      Genre = "avenant"
	GenreDenonciation Genre = "denonciation"
	GenreResiliation  Genre = "resiliation"
)

// Nom returns the word shown to people, lower case.
func (g Genre) Nom() string {
	switch g {
	case GenreAvenant:
		return "avenant"
	case GenreDenonciation:
		return "dénonciation"
	case GenreResiliation:
		return "résiliation"
	}
	return "convention"
}

// Feminin tells whether the word is feminine; one function serves labels, alerts and sentences.
func (g Genre) Feminin() bool { return g != GenreAvenant }

func (g Genre) accorder(texte string) string {
	accord, demonstratif, article := "", "cet avenant", "l’"
	if g.Feminin() {
		accord, demonstratif, article = "e", "cette "+g.Nom(), "la "
	}
	return strings.NewReplacer("{accord}", accord, "{demonstratif}", demonstratif, "{article}", article, "{objet}", g.Nom()).Replace(texte)
}
