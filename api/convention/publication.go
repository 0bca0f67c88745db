package convention

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"apilos/api/date"
)

// Lengths of what is typed about a publication, in characters (02 §1.4, T14 and T15).
const (
	maxReferenceSPF  = 50
	maxMotifRefusSPF = 1000
)

// Publication is where a convention stands with the land registry (service de la publicité foncière, 02 §7.3).
type Publication struct {
	// Courante is the last sending, whatever became of it.
	Courante PublicationSPF
	// Precedente is the publication that was reopened by T17, nil otherwise (PU-05).
	Precedente *PublicationSPF
}

// Ouverte tells whether the sending has no outcome yet.
func (p PublicationSPF) Ouverte() bool {
	return p.DatePublication == nil && p.DateRefus == nil && p.AnnuleLe == nil
}

// Publication tells where d stands with the land registry, nil when it was never sent.
func (d *Dossier) Publication() *Publication {
	if len(d.Publications) == 0 {
		return nil
	}
	out := &Publication{Courante: d.Publications[0]}
	if out.Courante.Ouverte() && len(d.Publications) > 1 && d.Publications[1].DatePublication != nil {
		out.Precedente = &d.Publications[1]
	}
	return out
}

// envoi is the day of the sending in progress, nil when unknown: what was imported has none.
func (d *Dossier) envoi() *date.Date {
	if p := d.Publication(); p != nil && p.Courante.Ouverte() {
		return p.Courante.DateEnvoi
	}
	return nil
}

// verifierEnvoi is T13: only some conventions are published (PU-01), not before they are signed (PU-06).
func verifierEnvoi(v *verification) {
	if !v.d.publiable() {
		v.manque("NON_PUBLIABLE", "/operation/nature_logement",
			"Cette convention ne se publie pas : depuis 2026, celles des organismes HLM et des SEM ne sont plus envoyées au service de la publicité foncière, sauf pour les foyers et les RHVS.")
	}
	v.verifierJour(v.cmd.DateEnvoi, jourPublication{
		champ: "/date_envoi_spf", nom: "La date d’envoi", apres: v.d.Convention.SigneLe, evenement: "la signature", facultatif: true,
	})
}

// verifierPublication is T14.
func verifierPublication(v *verification) {
	doc := v.d.DocumentCourant(RubriqueDocumentPublie)
	switch {
	case doc == nil:
		v.manque("FICHIER_PUBLICATION_MANQUANT", "/documents", "Déposez le document publié (PDF) avant d’indiquer sa référence.")
	case !doc.Fichier.Utilisable():
		v.manque("FICHIER_NON_VERIFIE", "/documents", "La vérification antivirus du document n’est pas terminée. Réessayez dans un instant.")
	}
	if v.apercu {
		return
	}
	v.verifierTexte(v.cmd.ReferenceSPF, maxReferenceSPF, "REFERENCE_REQUISE", "/reference_spf", "Référence de publication")
	v.verifierJour(v.cmd.DatePublication, v.depuisEnvoi("/date_publication_spf", "La date de publication"))
}

// verifierRefus is T15.
func verifierRefus(v *verification) {
	if v.apercu {
		return
	}
	v.verifierTexte(v.cmd.MotifRefusSPF, maxMotifRefusSPF, "MOTIF_REQUIS", "/motif_refus_spf", "Motif du refus")
	v.verifierJour(v.cmd.DateRefus, v.depuisEnvoi("/date_refus_spf", "La date du refus"))
}

func (v *verification) verifierTexte(texte string, max int, code, champ, nom string) {
	switch n := utf8.RuneCountInString(texte); {
	case n == 0:
		v.manque(code, champ, nom+" : à renseigner.")
	case n > max:
		v.manque("too_long", champ, fmt.Sprintf("%s : %d caractères au maximum.", nom, max))
	}
}

// jourPublication is a day of the publication and what it must follow (PU-06).
type jourPublication struct {
	champ, nom string
	apres      *date.Date
	evenement  string
	facultatif bool
}

// depuisEnvoi is a day that follows the sending, or the signature when the day of the sending is unknown.
func (v *verification) depuisEnvoi(champ, nom string) jourPublication {
	if envoi := v.d.envoi(); envoi != nil {
		return jourPublication{champ: champ, nom: nom, apres: envoi, evenement: "l’envoi"}
	}
	return jourPublication{champ: champ, nom: nom, apres: v.d.Convention.SigneLe, evenement: "la signature"}
}

func (v *verification) verifierJour(jour *date.Date, r jourPublication) {
	switch {
	case jour == nil && (r.facultatif || v.apercu):
		if r.facultatif && r.apres != nil && !v.apercu && v.jour.Before(*r.apres) {
			v.manque("DATE_INCOHERENTE", r.champ, r.nom+" ne peut pas précéder "+r.evenement+" du "+r.apres.French()+".")
		}
	case jour == nil:
		v.manque("DATE_REQUISE", r.champ, r.nom+" : à renseigner.")
	case jour.After(v.jour):
		v.manque("DATE_FUTURE", r.champ, r.nom+" ne peut pas être dans le futur.")
	case r.apres != nil && jour.Before(*r.apres):
		v.manque("DATE_INCOHERENTE", r.champ, r.nom+" ne peut pas précéder "+r.evenement+" du "+r.apres.French()+".")
	}
}

// envoyerPublication is T13: a new sending; the refusal of the previous one stays in its row.
func envoyerPublication(e *execution) error {
	jour := e.jour
	if e.cmd.DateEnvoi != nil {
		jour = *e.cmd.DateEnvoi
	}
	e.avant["date_envoi_spf"] = nil
	e.noter("date_envoi_spf", jour)
	return e.s.store.OuvrirPublication(e.ctx, e.d.Convention.ID, &jour, e.le)
}

// publier is T14: reference and day are those of the sending and of the convention.
func publier(e *execution) error {
	e.avant["date_publication_spf"], e.avant["reference_spf"] = e.d.Convention.DatePublicationSPF, e.d.Convention.ReferenceSPF
	e.set("date_publication_spf", *e.cmd.DatePublication)
	e.set("reference_spf", e.cmd.ReferenceSPF)
	return e.s.store.ClorePublication(e.ctx, e.d.Convention.ID, PublicationSPF{DatePublication: e.cmd.DatePublication, Reference: e.cmd.ReferenceSPF}, e.le)
}

// refuserPublication is T15: the refusal is kept with its sending, and the document that was to be published is
// archived, so that another one is asked for next time.
func refuserPublication(e *execution) error {
	e.noter("date_refus_spf", *e.cmd.DateRefus)
	e.noter("motif_refus_spf", e.cmd.MotifRefusSPF)
	if err := e.retirerPubliee(); err != nil {
		return err
	}
	return e.s.store.ClorePublication(e.ctx, e.d.Convention.ID, PublicationSPF{DateRefus: e.cmd.DateRefus, MotifRefus: e.cmd.MotifRefusSPF}, e.le)
}

// annulerPublication is T16: the sending did not happen (PU-09).
func annulerPublication(e *execution) error {
	e.avant["date_envoi_spf"] = e.d.envoi()
	e.noter("date_envoi_spf", nil)
	if err := e.retirerPubliee(); err != nil {
		return err
	}
	return e.s.store.ClorePublication(e.ctx, e.d.Convention.ID, PublicationSPF{AnnuleLe: &e.le}, e.le)
}

// retirerPubliee archives the published document and clears what a reopened publication had kept (T17).
func (e *execution) retirerPubliee() error {
	if c := e.d.Convention; c.DatePublicationSPF != nil || c.ReferenceSPF != "" {
		e.avant["date_publication_spf"], e.avant["reference_spf"] = c.DatePublicationSPF, c.ReferenceSPF
		e.set("date_publication_spf", nil)
		e.set("reference_spf", "")
	}
	return e.s.store.ArchiverDocuments(e.ctx, e.d, e.p, e.le, RubriqueDocumentPublie)
}

// rouvrirPublication is T17: file, reference and day stay until they are replaced.
func rouvrirPublication(e *execution) error {
	var envoi *date.Date
	if len(e.d.Publications) > 0 {
		envoi = e.d.Publications[0].DateEnvoi
	}
	return e.s.store.OuvrirPublication(e.ctx, e.d.Convention.ID, envoi, e.le)
}

// normaliser trims what is typed.
func (c *Commande) normaliser() {
	for _, texte := range []*string{&c.Commentaire, &c.ReferenceSPF, &c.MotifRefusSPF} {
		*texte = strings.TrimSpace(*texte)
	}
}
