// Package auth says who acts and what they may do: the Principal of a request, the permission matrix
// of 02 §2.1, and the signed tokens of the web application (05 C.3).
//
// Rights come from the active habilitation only. The perimeter of a principal is data here; the one
// predicate that applies it to conventions is in store (PE-20). The package knows neither HTTP nor
// SQL, and imports the standard library and the JWT library.
package auth
