package territoire

import (
	"maps"
	"slices"
	"strings"
)

// departements gives the département codes of each région; the territories without région are under
// "". It is the list that migrations put in the database (01 §10.3).
func departements() map[string][]string {
	return map[string][]string{
		"11": {"75", "77", "78", "91", "92", "93", "94", "95"},
		"24": {"18", "28", "36", "37", "41", "45"},
		"27": {"21", "25", "39", "58", "70", "71", "89", "90"},
		"28": {"14", "27", "50", "61", "76"},
		"32": {"02", "59", "60", "62", "80"},
		"44": {"08", "10", "51", "52", "54", "55", "57", "67", "68", "88"},
		"52": {"44", "49", "53", "72", "85"},
		"53": {"22", "29", "35", "56"},
		"75": {"16", "17", "19", "23", "24", "33", "40", "47", "64", "79", "86", "87"},
		"76": {"09", "11", "12", "30", "31", "32", "34", "46", "48", "65", "66", "81", "82"},
		"84": {"01", "03", "07", "15", "26", "38", "42", "43", "63", "69", "73", "74"},
		"93": {"04", "05", "06", "13", "83", "84"},
		"94": {"2A", "2B"},
		"01": {"971"}, "02": {"972"}, "03": {"973"}, "04": {"974"}, "06": {"976"},
		"": {"975", "977", "978", "986", "987", "988"},
	}
}

// RegionDe returns the région of a département, "" for the territories that have none; ok is false for
// a code that is not a département.
func RegionDe(departement string) (region string, ok bool) {
	for r, list := range departements() {
		if slices.Contains(list, departement) {
			return r, true
		}
	}
	return "", false
}

// RegionValide tells whether code is a région.
func RegionValide(code string) bool {
	_, ok := departements()[code]
	return ok && code != ""
}

// Departements lists the known codes in order.
func Departements() []string {
	var out []string
	for _, list := range departements() {
		out = append(out, list...)
	}
	slices.Sort(out)
	return out
}

// Regions lists the known codes in order.
func Regions() []string {
	var out []string
	for r := range maps.Keys(departements()) {
		if r != "" {
			out = append(out, r)
		}
	}
	slices.Sort(out)
	return out
}

// OutreMer tells whether the rule of overseas operations applies (NA-07): 971, 972, 973, 974 and 976.
// Saint-Pierre-et-Miquelon (975) is left out on purpose.
func OutreMer(departement string) bool {
	switch departement {
	case "971", "972", "973", "974", "976":
		return true
	}
	return false
}

// CodePostalValide tells whether s is five digits.
func CodePostalValide(s string) bool { return len(s) == 5 && chiffres(s) }

// CommuneValide tells whether s has the form of the INSEE code of a commune.
func CommuneValide(s string) bool {
	return len(s) == 5 && chiffres(s[:1]) && chiffres(s[2:]) &&
		(chiffres(s[1:2]) || ((s[1] == 'A' || s[1] == 'B') && s[0] == '2'))
}

// DepartementDeCommune returns the département of an INSEE code of commune, "" when it says none:
// three characters from 97, two before.
func DepartementDeCommune(commune string) string {
	if !CommuneValide(commune) {
		return ""
	}
	d := commune[:2]
	if d == "97" || d == "98" {
		d = commune[:3]
	}
	if _, ok := RegionDe(d); !ok {
		return ""
	}
	return d
}

// DepartementDeCodePostal returns the département of a postcode, "" when it says none: 200 and 201 are
// Corse-du-Sud, the other 20 Haute-Corse, three characters from 97000, two before (01 §4.4).
func DepartementDeCodePostal(codePostal string) string {
	if !CodePostalValide(codePostal) {
		return ""
	}
	var d string
	switch p := codePostal[:2]; {
	case p == "20":
		switch codePostal[2] {
		case '0', '1':
			d = "2A"
		case '2', '6':
			d = "2B"
		}
	case p >= "97":
		d = codePostal[:3]
	default:
		d = p
	}
	if _, ok := RegionDe(d); !ok {
		return ""
	}
	return d
}

// Codes are the INSEE codes of a place; "" means unknown.
type Codes struct {
	Commune, Departement, Region string
}

// Completer keeps the codes that are right and deduces the missing ones: the département from the
// commune, else from the postcode, and the région from the département (01 §4.4, CR-23). A code that
// does not exist, "20" among them, counts as missing.
func (c Codes) Completer(codePostal string) Codes {
	out := Codes{}
	if CommuneValide(c.Commune) {
		out.Commune = c.Commune
	}
	if _, ok := RegionDe(c.Departement); ok {
		out.Departement = c.Departement
	} else if d := DepartementDeCommune(out.Commune); d != "" {
		out.Departement = d
	} else {
		out.Departement = DepartementDeCodePostal(codePostal)
	}
	if RegionValide(c.Region) {
		out.Region = c.Region
	} else {
		out.Region, _ = RegionDe(out.Departement)
	}
	return out
}

// Normaliser gives a département or région code its INSEE length: "1" is 01, "2a" is 2A.
func Normaliser(code string) string {
	code = strings.ToUpper(strings.TrimSpace(code))
	if len(code) == 1 && chiffres(code) {
		return "0" + code
	}
	return code
}

func chiffres(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
