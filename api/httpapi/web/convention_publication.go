package web

import (
	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/fault"
)

// PublicationSPF is where a convention stands with the land registry (02 §7.3).
type PublicationSPF struct {
	Etat            string     `json:"etat" validate:"required" enums:"EN_COURS,PUBLIEE,REFUSEE,ANNULEE"`
	Phrase          string     `json:"phrase" validate:"required" example:"Publiée le 11/02/2026 sous la référence 2026P123."`
	DateEnvoi       *date.Date `json:"date_envoi_spf" extensions:"x-nullable" swaggertype:"string" format:"date"`
	DatePublication *date.Date `json:"date_publication_spf" extensions:"x-nullable" swaggertype:"string" format:"date"`
	Reference       string     `json:"reference_spf" validate:"required"`
	DateRefus       *date.Date `json:"date_refus_spf" extensions:"x-nullable" swaggertype:"string" format:"date"`
	MotifRefus      string     `json:"motif_refus_spf" validate:"required"`
	// DepotPossible: the caller may deposit the published document now.
	DepotPossible bool `json:"depot_possible" validate:"required"`
} // @name PublicationSPF

// vuePublication is nil for a convention that was never sent.
func vuePublication(p auth.Principal, d *convention.Dossier) *PublicationSPF {
	suivi := d.Publication()
	if suivi == nil && d.Convention.Statut != convention.PublicationEnCours && d.Convention.DatePublicationSPF == nil {
		return nil
	}
	v := &PublicationSPF{
		Etat: "EN_COURS", DatePublication: d.Convention.DatePublicationSPF, Reference: d.Convention.ReferenceSPF,
		DepotPossible: d.PeutAttacher(p, convention.RubriqueDocumentPublie) == nil,
	}
	if suivi == nil {
		suivi = &convention.Publication{Courante: convention.PublicationSPF{DatePublication: v.DatePublication, Reference: v.Reference}}
		if d.Convention.Statut == convention.PublicationEnCours { // imported while it was being published
			suivi.Courante.DatePublication = nil
		}
	}
	c := suivi.Courante
	v.DateEnvoi, v.DateRefus, v.MotifRefus = c.DateEnvoi, c.DateRefus, c.MotifRefus
	switch {
	case c.AnnuleLe != nil:
		v.Etat, v.Phrase = "ANNULEE", "L’envoi en publication a été annulé."
	case c.DateRefus != nil:
		v.Etat, v.Phrase = "REFUSEE", "Publication refusée le "+c.DateRefus.French()+" pour le motif suivant : "+c.MotifRefus
	case c.DatePublication != nil:
		v.Etat, v.Phrase = "PUBLIEE", "Publiée le "+c.DatePublication.French()+" sous la référence "+c.Reference+"."
	default:
		v.Phrase = phraseEnvoi(suivi)
	}
	return v
}

// phraseEnvoi tells of a sending in progress, and of the publication that was reopened (PU-05).
func phraseEnvoi(suivi *convention.Publication) string {
	phrase := "Envoyée au service de la publicité foncière."
	if e := suivi.Courante.DateEnvoi; e != nil {
		phrase = "Envoyée au service de la publicité foncière le " + e.French() + "."
	}
	if a := suivi.Precedente; a != nil {
		phrase = "Publiée le " + a.DatePublication.French() + " sous la référence " + a.Reference + ", puis rouverte."
	}
	return phrase
}

// lireJours reads the days of an action; what is wrong comes back together.
func (a ActionDemandee) lireJours(cmd *convention.Commande) error {
	var champs []fault.Field
	for _, x := range []struct {
		texte      *string
		vers       **date.Date
		champ, nom string
	}{
		{a.DateSignature, &cmd.DateSignature, "/date_signature", "Date de signature"},
		{a.DateEnvoiSPF, &cmd.DateEnvoi, "/date_envoi_spf", "Date d’envoi"},
		{a.DatePublicationSPF, &cmd.DatePublication, "/date_publication_spf", "Date de publication"},
		{a.DateRefusSPF, &cmd.DateRefus, "/date_refus_spf", "Date du refus"},
		{a.DateDenonciation, &cmd.DateDenonciation, "/date_denonciation", "Date de dénonciation"},
		{a.DateResiliation, &cmd.DateResiliation, "/date_resiliation", "Date de résiliation"},
	} {
		if x.texte == nil {
			continue
		}
		jour, err := date.Parse(*x.texte)
		if err != nil {
			champs = append(champs, fault.Field{Pointer: x.champ, Code: "not_date", Detail: x.nom + " : saisissez une date (jj/mm/aaaa)."})
			continue
		}
		*x.vers = &jour
	}
	if len(champs) > 0 {
		return fault.New(fault.Invalid, "invalide", champs[0].Detail).WithFields(champs...)
	}
	return nil
}
