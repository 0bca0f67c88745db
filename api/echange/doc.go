// Package echange answers the calls of SIAP (05 A): the indicators of a habilitation, an operation with all its
// conventions, its closing and its cancellation, and the export of every convention (05 A.9).
//
// Where things live: famille.go what is shown of an operation; indicateur.go the indicators; service.go the use
// cases; annulation.go and cloture.go the two rules of 05 A.7 and A.8.
//
// Invariants: an operation is found by its exact number, and the empty number finds nothing; reading costs a
// constant number of statements; a cancellation is all or nothing; the perimeter is checked in mode strict
// only, but indicators always have one (05 A.3).
//
// It knows neither HTTP nor the form of the answers (package httpapi/siapapi), does not verify tokens (auth) nor
// work out who calls (compte), and creates no operation itself (operation).
package echange
