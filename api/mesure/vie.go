package mesure

import (
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
)

// jour counts days since 1 January 1970: lives are sums of delays.
type jour int

func jourDe(d date.Date) jour { return jour(d.Time().Unix() / 86400) }

func (j jour) date() date.Date { return date.From(j.a(0)) }

// a is the instant so many seconds after the beginning of the day, in UTC. People work from 7 to 17 h UTC, so that the day is
// the same in Paris.
func (j jour) a(secondes int) time.Time { return time.Unix(int64(j)*86400+int64(secondes), 0).UTC() }

const (
	premiereHeure  = 7 * 3600
	dureeDuTravail = 10 * 3600
)

// evenement is a transition that was carried out.
type evenement struct {
	code        convention.Code
	de, vers    convention.Statut // de is empty at creation
	jour        jour
	le          time.Time
	cote        auth.Typologie
	commentaire string
}

// vie is what happened to a convention or an avenant until the end of the data.
type vie struct {
	evenements []evenement
	statut     convention.Statut
	dernier    jour
	tours      int // requests for corrections
	// Days of what the columns keep; zero when it did not happen.
	premiereSoumission, soumission time.Time
	valide, signe, envoi, publie   jour
}

func (v *vie) arriver(a alea, code convention.Code, vers convention.Statut, le jour, cote auth.Typologie, commentaire string) {
	instant := le.a(premiereHeure + a.IntN(dureeDuTravail))
	v.evenements = append(v.evenements, evenement{code, v.statut, vers, le, instant, cote, commentaire})
	v.statut, v.dernier = vers, le
}

// statutAu is the statut on a day, the first one before the birth.
func (v *vie) statutAu(j jour) convention.Statut {
	s := v.evenements[0].vers
	for _, e := range v.evenements {
		if e.jour <= j {
			s = e.vers
		}
	}
	return s
}

// parcours tells how a dossier will live.
type parcours struct {
	debut, fin   jour // fin: nothing happens after
	parService   bool // created by the service
	publiable    bool
	abandonnable bool
}

// vivre plays a dossier from its creation, as far as the end of the data lets it go.
func vivre(a alea, p parcours) vie {
	var v vie
	createur := auth.Bailleur
	if p.parService {
		createur = auth.Instructeur
	}
	v.arriver(a, convention.Creer, convention.Projet, p.debut, createur, "")
	if !v.instruire(a, p) {
		return v
	}
	if le := v.dernier + jour(a.entre(4, 90)); le <= p.fin {
		v.signer(a, le)
	}
	if v.signe == 0 || !p.publiable {
		return v
	}
	v.publier(a, p)
	return v
}

// instruire goes from the project to the validation; it answers whether it got there.
func (v *vie) instruire(a alea, p parcours) bool {
	dort := a.chance(15) // projects that nobody finishes
	abandon := p.abandonnable && a.chance(35)
	le := v.dernier + jour(a.entre(4, 90))
	switch {
	case le > p.fin || dort:
		return false
	case abandon && a.chance(500):
		v.arriver(a, convention.Annuler, convention.Annulee, le, auth.Bailleur, "Opération abandonnée.")
		return false
	}
	v.soumettre(a, convention.Soumettre, le)
	for range tirer(a, []poids[int]{{0, 45}, {1, 40}, {2, 15}}) {
		if le = v.dernier + jour(a.entre(5, 45)); le > p.fin {
			return false
		}
		v.arriver(a, convention.DemanderCorrections, convention.Correction, le, auth.Instructeur, "Quelques points à reprendre avant la validation.")
		v.tours++
		if le = v.dernier + jour(a.entre(3, 50)); le > p.fin {
			return false
		}
		v.soumettre(a, convention.RenvoyerInstruction, le)
	}
	le = v.dernier + jour(a.entre(4, 60))
	switch {
	case le > p.fin:
		return false
	case abandon:
		v.arriver(a, convention.Annuler, convention.Annulee, le, auth.Instructeur, "Financement retiré.")
		return false
	}
	v.arriver(a, convention.Valider, convention.ASigner, le, auth.Instructeur, "")
	v.valide = le
	return true
}

func (v *vie) soumettre(a alea, code convention.Code, le jour) {
	v.arriver(a, code, convention.Instruction, le, auth.Bailleur, "")
	v.soumission = v.evenements[len(v.evenements)-1].le
	if code == convention.Soumettre {
		v.premiereSoumission = v.soumission
	}
}

// signer deposits the signed document some days after people signed it.
func (v *vie) signer(a alea, le jour) {
	v.arriver(a, convention.Signer, convention.Signee, le, auth.Bailleur, "")
	v.signe = max(v.valide, le-jour(a.IntN(6)))
}

func (v *vie) publier(a alea, p parcours) {
	le := v.dernier + jour(a.entre(5, 90))
	if le > p.fin {
		return
	}
	v.arriver(a, convention.EnvoyerPublication, convention.PublicationEnCours, le, auth.Instructeur, "")
	v.envoi = le
	if le = v.dernier + jour(a.entre(20, 200)); le > p.fin {
		return
	}
	v.arriver(a, convention.Publier, convention.Publie, le, auth.Instructeur, "")
	v.publie = le - jour(a.IntN(5))
}

// finir ends a convention or an avenant in force (T18, T19).
func (v *vie) finir(a alea, code convention.Code, le jour) {
	vers := convention.Denoncee
	if code == convention.Resilier {
		vers = convention.Resiliee
	}
	v.arriver(a, code, vers, le, auth.Instructeur, "")
}
