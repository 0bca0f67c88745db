package controle

// Codes of refusal. Libelle says them in words.
const (
	TypeInattendu  = "file.unexpected_type" // the content is not what the extension says
	Vide           = "file.empty"
	PDFIllisible   = "pdf.unreadable"
	PDFChiffre     = "pdf.encrypted"
	PDFSansPage    = "pdf.no_page"
	ImageIllisible = "image.unreadable"
	ImageImmense   = "image.too_large"
	DocIllisible   = "document.unreadable"
	DocMacro       = "document.macro"
	DocDemesure    = "document.too_large" // once decompressed
)

var libelles = map[string]string{
	TypeInattendu:  "Le contenu du fichier ne correspond pas à son extension. Réenregistrez-le dans le bon format, puis déposez-le à nouveau.",
	Vide:           "Le fichier est vide.",
	PDFIllisible:   "Ce PDF ne peut pas être lu : il est incomplet ou abîmé. Enregistrez-le à nouveau, puis déposez-le.",
	PDFChiffre:     "Ce PDF est protégé par un mot de passe ou des restrictions. Déposez une version sans protection.",
	PDFSansPage:    "Ce PDF ne contient aucune page.",
	ImageIllisible: "Cette image ne peut pas être lue. Réexportez-la en PNG ou JPEG.",
	ImageImmense:   "Cette image a trop de pixels. Réduisez-la à 80 millions de pixels au plus.",
	DocIllisible:   "Ce document ne s’ouvre pas : il est incomplet ou abîmé. Enregistrez-le à nouveau, puis déposez-le.",
	DocMacro:       "Ce document contient des macros, qui ne sont pas acceptées. Enregistrez-le sans macro.",
	DocDemesure:    "Ce document est démesuré une fois décompressé. Réduisez-le, puis déposez-le à nouveau.",
}

// Libelle says a code in words, the code itself when it is not one of ours.
func Libelle(code string) string {
	if l, ok := libelles[code]; ok {
		return l
	}
	return code
}

// Verdict is what was found in a file.
type Verdict struct {
	// Code of refusal, "" when the file is accepted.
	Code string
	// TypeMime is what the content is.
	TypeMime string
	// Pages of a PDF, in points (1/72 inch) after rotation; at most maxPages.
	Pages []Page
	// NbPages of a PDF.
	NbPages int
	// Largeur and Hauteur of an image, in pixels.
	Largeur, Hauteur int
}

// Page is the size of a page.
type Page struct{ Largeur, Hauteur float64 }
