package convention

import (
	"slices"

	"apilos/api/auth"
	"apilos/api/comment"
)

// Modifiable is the set of fields an actor may change (02 §2.4), as comment location keys.
type Modifiable struct {
	Tout   bool
	Cles   map[string]bool // when not Tout: the commented fields and tables
	Raison string          // why, when something is closed
	Expert bool            // a convention in force is being corrected (PE-34)
}

// Accepte tells whether the field with this comment target may be changed. A field without target is
// open only when everything is.
func (m Modifiable) Accepte(cible string) bool { return m.Tout || (cible != "" && m.Cles[cible]) }

// AccepteEtape tells whether something of a step may be changed.
func (m Modifiable) AccepteEtape(e CodeEtape) bool {
	return m.Tout || slices.ContainsFunc(comment.Cibles(), func(c comment.Cible) bool { return c.Etape == string(e) && m.Cles[c.Cle()] })
}

// Rien tells whether nothing may be changed.
func (m Modifiable) Rien() bool { return !m.Tout && len(m.Cles) == 0 }

// ModifiablePar applies the matrix of 02 §2.4 to an actor.
func (d *Dossier) ModifiablePar(p auth.Principal) Modifiable {
	if d.LectureSeule(p) || !p.Peut(auth.ChangeConvention) {
		return Modifiable{Raison: "Votre profil est en lecture seule : vous pouvez consulter, télécharger et exporter."}
	}
	instructeur := p.CoteInstructeur() || p.Superuser || p.Staff
	switch s := d.Convention.Statut; {
	case s == Projet, instructeur && s.EnCours():
		return d.limiterAuxTypes(Modifiable{Tout: true})
	case s == Correction:
		return d.limiterAuxTypes(Modifiable{Cles: d.champsCommentes(), Raison: "Seuls les champs commentés par le service sont ouverts à la correction."})
	case s == Instruction:
		return Modifiable{Raison: "Le service instructeur examine le dossier : il n’est pas modifiable pour le moment."}
	case s == ASigner:
		return Modifiable{Raison: "Le dossier est validé : il n’est plus modifiable avant la signature."}
	case d.enModeExpert(p):
		return d.limiterAuxTypes(Modifiable{Tout: true, Expert: true})
	case s.Actif():
		return Modifiable{Raison: "La convention est signée : un avenant est nécessaire pour la modifier."}
	}
	return Modifiable{Raison: "Le dossier est clos : plus aucune modification n’est possible."}
}

// champsCommentes are the fields opened by a comment OUVERT or RESOLU (PE-30 to PE-32, CO-08). A
// comment on a table has champ "all" and opens the whole table.
func (d *Dossier) champsCommentes() map[string]bool {
	cles := map[string]bool{}
	for _, c := range d.Commentaires {
		if c.Statut.OuvreLeChamp() {
			cles[c.Champ()] = true
		}
	}
	return cles
}

// limiterAuxTypes keeps, on an avenant, the fields of its checked types only (AV-13, PE-33).
func (d *Dossier) limiterAuxTypes(m Modifiable) Modifiable {
	if !d.EstAvenant() {
		return m
	}
	cles := map[string]bool{}
	for _, b := range Blocs() {
		if !slices.Contains(d.TypesAvenant, b.Type) {
			continue
		}
		for _, cible := range b.cibles() {
			if m.Accepte(cible) {
				cles[cible] = true
			}
		}
	}
	return Modifiable{Cles: cles, Expert: m.Expert, Raison: "Sur un avenant, seules les rubriques cochées sont modifiables."}
}
