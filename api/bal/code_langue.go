package bal

import "strings"

// langue is a regional language that a column may be written in (07 §10.4).
type langue struct{ code, nom string }

var langues = [...]langue{
	{"fra", "français"},
	{"bre", "breton"},
	{"eus", "basque"},
	{"gsw", "alsacien"},
	{"cos", "corse"},
	{"gcr", "créole-guyanais"},
	{"gcf", "créole-martiniquais-guadeloupéen"},
	{"rcf", "créole-réunionnais"},
	{"swb", "mahorais"},
	{"oci", "occitan"},
	{"cat", "catalan"},
	{"pcd", "picard"},
	{"oc-provenc", "provençal"},
	{"oc-nicard", "niçard"},
	{"vls", "flamand"},
	{"fr-gallo", "gallo"},
	{"aji", "ajië"},
	{"dhv", "drehu"},
	{"nen", "nengone"},
	{"pri", "paicî"},
	{"ty", "tahitien"},
	{"mrq", "marquisien"},
	{"pmt", "Paumotu"},
	{"mrv", "mangarévien"},
	{"frp", "francoprovençal"},
}

// nomLangue is the French name of a regional language.
func nomLangue(code string) (string, bool) {
	for _, l := range langues {
		if l.code == code {
			return l.nom, true
		}
	}
	return "", false
}

// couperRegional reads the header of a regional column, voie_nom_bre for example: its base field and its
// language. It does not look whether the base column is there, which the format also asks.
func couperRegional(entete string) (c champ, code string, ok bool) {
	i := strings.LastIndexByte(entete, '_')
	if i < 0 {
		return 0, "", false
	}
	base, code := entete[:i], entete[i+1:]
	if _, connue := nomLangue(code); !connue {
		return 0, "", false
	}
	c, ok = champDe(base)
	if !ok || !champs[c].regional {
		return 0, "", false
	}
	return c, code, true
}
