package convention

import (
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/date"
)

// Warnings about the day of a dénonciation (AV-32). They block nothing.
const (
	AvertissementDelai    = "DELAI_6_MOIS"
	AvertissementEcheance = "ECHEANCE_DIFFERENTE"
)

// Lengths of the notice and of a renewal of a convention (02 §3.7).
const (
	moisPreavis      = 6
	anneesReconduite = 3
)

// FinDeConvention tells where a convention stands with its end: asked for, planned, or past.
type FinDeConvention struct {
	Genre Genre
	Jour  *date.Date
	Motif string
	// Phrase is « Dénonciation prévue le … », « … depuis le … »; empty while the procedure is not validated.
	Phrase string
	// Terme is the next day the convention could end by itself, nil when its end is not known.
	Terme          *date.Date
	Avertissements []Avertissement
	// ActeMasque: the reader does not see the acte of this résiliation (02 §3.8).
	ActeMasque bool
}

// FinDeConvention is nil for a convention in force and for an ordinary avenant in force.
func (d *Dossier) FinDeConvention(jour date.Date) *FinDeConvention {
	s := d.Convention.Statut
	f, terminee := finDe(s)
	if !terminee {
		var procedure bool
		if f, procedure = d.fin(); !procedure {
			return nil
		}
	}
	out := &FinDeConvention{
		Genre: f.genre, Jour: f.jour(d.Convention), Motif: f.raison(d.Convention), Terme: d.terme(jour),
		Avertissements: d.avertissementsFin(jour), ActeMasque: d.ActeMasque,
	}
	if terminee && out.Jour != nil {
		nom := strings.ToUpper(string([]rune(f.genre.Nom())[:1])) + string([]rune(f.genre.Nom())[1:])
		if d.echeancePassee(jour) {
			out.Phrase = nom + " depuis le " + out.Jour.French()
		} else {
			out.Phrase = nom + " prévue le " + out.Jour.French()
		}
	}
	return out
}

// terme is the end of the convention, or its next renewal when it is past.
func (d *Dossier) terme(jour date.Date) *date.Date {
	t := d.Convention.DateFinConventionnement
	if t == nil {
		return nil
	}
	out := *t
	for n := 1; out.Before(jour) && n < 200; n++ {
		out = t.AddYears(n * anneesReconduite)
	}
	return &out
}

// avertissementsFin are the warnings of AV-32, for a dénonciation that is not validated yet.
func (d *Dossier) avertissementsFin(jour date.Date) []Avertissement {
	f, ok := d.fin()
	if !ok || f.genre != GenreDenonciation || !d.Convention.Statut.EnCours() {
		return nil
	}
	le := f.jour(d.Convention)
	if le == nil {
		return nil
	}
	var out []Avertissement
	demande := jour
	if s := d.Convention.PremiereSoumissionLe; s != nil {
		demande = date.InParis(*s)
	}
	if le.Before(ajouterMois(demande, moisPreavis)) {
		out = append(out, Avertissement{
			AvertissementDelai,
			"La dénonciation se notifie au moins 6 mois avant de prendre effet : le " + le.French() + " est à moins de 6 mois de la demande, du " + demande.French() + ".",
		})
	}
	if t := d.Convention.DateFinConventionnement; t != nil && !tombeAuTerme(*t, *le) {
		out = append(out, Avertissement{
			AvertissementEcheance,
			"La dénonciation prend effet au terme de la convention : le " + t.French() + ", puis tous les 3 ans. Le " + le.French() + " n’y correspond pas.",
		})
	}
	return out
}

// tombeAuTerme tells whether le is the term of the convention or one of its renewals.
func tombeAuTerme(terme, le date.Date) bool {
	annees := le.Year() - terme.Year()
	return annees >= 0 && annees%anneesReconduite == 0 && terme.AddYears(annees) == le
}

// ajouterMois keeps to the last day of a shorter month.
func ajouterMois(j date.Date, n int) date.Date {
	premier := date.New(j.Year(), j.Month()+time.Month(n), 1)
	dernier := date.New(premier.Year(), premier.Month()+1, 0)
	return date.New(premier.Year(), premier.Month(), min(j.Day(), dernier.Day()))
}

// Masquer removes from d what p does not see: the acte of a résiliation asked for by the service is not shown to the
// bailleur until it is validated (02 §3.8). The store calls it on every dossier that it loads for somebody.
func (d *Dossier) Masquer(p auth.Principal) {
	if d.Genre() != GenreResiliation || p.CoteInstructeur() || p.Superuser || p.Staff ||
		d.creeParBailleur() || d.Convention.Statut == Resiliee {
		return
	}
	d.ActeMasque = true
	d.Convention.ActeResiliation = ""
	visibles := d.Documents[:0:0]
	for _, doc := range d.Documents {
		if doc.Rattache.Rubrique != RubriqueInstructionResiliation {
			visibles = append(visibles, doc)
		}
	}
	d.Documents = visibles
}
