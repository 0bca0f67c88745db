// Package depreciation lists what /api/v1 still accepts but will stop accepting, in one place: the headers
// of the answers, the OpenAPI document and the page of changes are all made from it.
//
// It holds declarations only; the chain of middleware acts on them. An entry is never removed before its
// Retrait, nor given a Retrait less than a year after its Depuis (a test checks it).
package depreciation

import "time"

// Depreciation is one route, or one parameter of a route, on its way out.
type Depreciation struct {
	Methode, Chemin string    // as in the document: GET, /conventions/{uuid}
	Parametre       string    // query parameter; "" when the whole route is deprecated
	Remplacant      string    // parameter that replaces it, or address for a route
	Depuis          time.Time // header Deprecation (RFC 9745)
	Retrait         time.Time // header Sunset (RFC 8594)
}

// Liste returns every entry.
func Liste() []Depreciation {
	depuis := time.Date(2026, time.November, 22, 0, 0, 0, 0, time.UTC)
	retrait := time.Date(2028, time.December, 31, 0, 0, 0, 0, time.UTC)
	var out []Depreciation
	for _, a := range [][2]string{
		{"cstatut", "statut"}, {"order_by", "tri"}, {"search_operation_nom", "operation_nom"},
		{"search_numero", "numero"}, {"search_lieu", "lieu"}, {"date_signature", "annee_signature"},
	} {
		out = append(out, Depreciation{"GET", "/conventions", a[0], a[1], depuis, retrait})
	}
	return out
}

// De returns the entries of one route of the document.
func De(methode, chemin string) []Depreciation {
	var out []Depreciation
	for _, d := range Liste() {
		if d.Methode == methode && d.Chemin == chemin {
			out = append(out, d)
		}
	}
	return out
}
