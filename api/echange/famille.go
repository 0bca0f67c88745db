package echange

import (
	"apilos/api/administration"
	"apilos/api/bailleur"
	"apilos/api/convention"
	"apilos/api/operation"
)

// Famille is an operation as SIAP sees it: a number, its versions, and everything attached to them.
type Famille struct {
	// Affichee is the version whose fields describe the operation: the latest one, or the root after a
	// synchronisation (05 A.6).
	Affichee       operation.Operation
	Bailleur       bailleur.Bailleur
	Administration *administration.Administration // nil: none
	Versions       map[int64]operation.Operation  // by id
	Contenu
}

// Contenu is the conventions and avenants of an operation, whatever their statut, oldest first, with their
// lots. The maps are keyed by the id of what holds the rows; deleted conventions are left out.
type Contenu struct {
	Conventions    []convention.Convention
	Lots           map[int64][]convention.Lot           // by convention
	Logements      map[int64][]convention.Logement      // by lot
	Annexes        map[int64][]convention.Annexe        // by logement
	Prets          map[int64][]convention.Pret          // by lot
	Stationnements map[int64][]convention.Stationnement // by lot
}

// enCours is 05's "in progress": the statuts before the signature.
func enCours(s convention.Statut) bool { return s.EnCours() || s == convention.ASigner }

// ligne is the line of life of a convention: that of its root.
func ligne(c convention.Convention) int64 {
	if c.ParentID != nil {
		return *c.ParentID
	}
	return c.ID
}

// racine returns the oldest root of the family.
func (f *Famille) racine() operation.Operation {
	var out operation.Operation
	for _, v := range f.Versions {
		if v.OrigineID == nil && (out.ID == 0 || v.ID < out.ID) {
			out = v
		}
	}
	return out
}
