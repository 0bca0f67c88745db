package alert

import (
	"context"
	"strings"

	"apilos/api/date"
	"apilos/api/mail"
)

// Defaults of 02 §6.
const exemplairesParDefaut = 3

// remplir fills what the template shows, the same for all recipients.
func (p *preparation) remplir(ctx context.Context, g *Gestionnaire) error {
	f, d := p.charge.Faits, &p.donnees
	d.Objet, d.Libelle, d.Numero, d.Bailleur, d.Auteur = mail.Objet(f.Genre), f.Libelle, f.Numero, f.Bailleur, f.ActeurNom
	if err := p.nommerAuteur(ctx); err != nil {
		return err
	}
	if d.Objet != mail.ObjetConvention {
		numero, err := p.t.s.cfg.Store.NumeroRacine(ctx, f.RacineID)
		if err != nil {
			return err
		}
		d.NumeroConvention = numero
	}
	d.Lien = p.lien()
	if p.code != "EM-06" && p.code != codeBailleurAbsent { // they ignore preferences (EM-21)
		d.LienPreferences = p.t.s.cfg.BaseURL + "/parametres#courriels"
	}
	d.Commentaire, d.NomFichier = f.Commentaire, f.FichierNom
	if p.code == codeDocumentASigner {
		d.Administration, d.Adresse, d.CodePostal, d.Ville = g.Nom, g.Adresse, g.CodePostal, g.Ville
		if d.NbExemplaires = g.NbExemplaires; d.NbExemplaires <= 0 {
			d.NbExemplaires = exemplairesParDefaut
		}
	}
	if p.code == codeAdministrationChangee {
		d.Administration, d.AdministrationPrecedente = f.Administration, f.AdministrationPrecedente
	}
	p.dater()
	return nil
}

// nommerAuteur mentions the staff member who acts in place of somebody (05 C.5).
func (p *preparation) nommerAuteur(ctx context.Context) error {
	if p.charge.Faits.DetourneParID == 0 {
		return nil
	}
	staff, err := p.t.s.cfg.Store.Personne(ctx, p.charge.Faits.DetourneParID)
	if err != nil {
		return err
	}
	mention := "l’équipe APiLos"
	if staff != nil {
		mention = staff.Prenom + " " + staff.Nom + " (équipe APiLos)"
	}
	p.donnees.Auteur += ", par l’intermédiaire de " + mention
	return nil
}

// lien is the page of the button. EM-14 of T18 and T19 speaks of the convention that ends.
func (p *preparation) lien() string {
	f, base := p.charge.Faits, p.t.s.cfg.BaseURL+"/conventions/"
	switch p.code {
	case "EM-11":
		return p.t.s.cfg.QuestionnaireBailleur
	case "EM-12":
		return p.t.s.cfg.QuestionnaireInstructeur
	case codeDocumentASigner, codeBailleurAbsent, "EM-06", "EM-13":
		return base + f.ConventionUUID.String() + "/signature"
	case "EM-14":
		if (f.Transition == "denoncer" || f.Transition == "resilier") && f.RacineUUID != ([16]byte{}) {
			return base + f.RacineUUID.String() + "/recapitulatif"
		}
	}
	return base + f.ConventionUUID.String() + "/recapitulatif"
}

// dater fills the day and the nature of what happened (EM-13, EM-14).
func (p *preparation) dater() {
	f, d := p.charge.Faits, &p.donnees
	jour := date.InParis(f.Le)
	switch f.Transition {
	case "signer":
		if d.Date = f.DateSignature; d.Date == nil {
			d.Date = &jour
		}
	case "annuler":
		d.Evenement, d.Date, d.Motif = mail.EvenementAnnule, &jour, f.Motif
	case "denoncer":
		d.Evenement, d.Date, d.Motif, d.Objet = mail.EvenementDenonce, p.fin(jour), f.Motif, mail.ObjetConvention
	case "resilier":
		d.Evenement, d.Date, d.Motif, d.Objet = mail.EvenementResilie, p.fin(jour), f.Motif, mail.ObjetConvention
	}
}

// fin is the day a dénonciation or a résiliation takes effect.
func (p *preparation) fin(jour date.Date) *date.Date {
	if p.charge.Faits.DateFin != nil {
		return p.charge.Faits.DateFin
	}
	return &jour
}

// pour adds what concerns one recipient only.
func (p *preparation) pour(adresse string) mail.Donnees {
	d := p.donnees
	d.Email = adresse
	if x, ok := p.personnes[strings.ToLower(adresse)]; ok {
		d.Prenom, d.Nom = x.Prenom, x.Nom
	}
	return d
}
