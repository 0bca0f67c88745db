package alert

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"apilos/api/auth"
	"apilos/api/mail"
)

// preparer finds the recipients of an e-mail and writes one row and one job per recipient (EM-25). SIAP is
// asked before the transaction; rows and end of the preparation are one transaction, so that a worker that
// dies leaves all of it or nothing.
func (t *essai) preparer(ctx context.Context) error {
	var charge chargePreparation
	if err := t.l.lire(&charge); err != nil {
		return t.echouer(ctx, definitif("contenu du courriel illisible ou effacé"), false)
	}
	p := &preparation{t: t, charge: charge, code: charge.Code}
	if err := p.reunir(ctx); err != nil {
		return t.echouer(ctx, err, false)
	}
	ctx = context.WithoutCancel(ctx)
	issue := Issue{Etat: Envoye}
	err := t.s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		envois, err := p.ecrire(ctx)
		if err != nil {
			return err
		}
		issue = Issue{Etat: Envoye, Erreur: p.constat(), Le: t.s.maintenant()}
		switch {
		case p.dejaDemande:
			issue.Etat, issue.Erreur = Ignoree, "questionnaire déjà envoyé à cette personne"
		case len(p.valides) == 0:
			issue.Etat = SansDestinataire
		}
		nous, err := t.s.cfg.Store.Conclure(ctx, t.l, issue)
		if err != nil {
			return err
		}
		if !nous {
			return errBail
		}
		if len(envois) == 0 {
			return nil
		}
		return t.s.cfg.File.LivrerMessages(ctx, envois...)
	})
	if errors.Is(err, errBail) {
		t.suite = Suite{Attendre: pauseOrdre}
		return nil
	}
	if err != nil {
		return err
	}
	t.s.cfg.Metriques.MessageTraite(t.l.Canal, issue.Etat)
	if len(p.invalides) > 0 {
		t.s.cfg.Journal.WarnContext(ctx, "adresses de courriel invalides", "message", t.l.ID, "type", p.code, "nombre", len(p.invalides))
	}
	if issue.Etat == SansDestinataire {
		t.s.cfg.Journal.InfoContext(ctx, "courriel sans destinataire", "message", t.l.ID, "type", p.code)
	}
	return nil
}

// preparation is an e-mail whose recipients are being found.
type preparation struct {
	t      *essai
	charge chargePreparation
	code   string // of the template: EM-05 may become EM-29

	personnes    map[string]Personne // by address in lower case, of the accounts we know
	valides      []string            // in order
	invalides    []string
	cc           []string
	donnees      mail.Donnees
	siapSansEcho bool // SIAP did not answer, local users only (EM-24)
	dejaDemande  bool // the questionnaire was sent before
}

// reunir fills recipients, copy and data. It writes nothing.
func (p *preparation) reunir(ctx context.Context) error {
	gestionnaire, err := p.gestionnaire(ctx)
	if err != nil {
		return err
	}
	liste, err := p.ensemble(ctx, p.charge.Vers)
	if err != nil {
		return err
	}
	if p.code == codeDocumentASigner {
		if liste, err = p.avertirValideur(ctx, liste, gestionnaire); err != nil {
			return err
		}
	}
	if err := p.copier(ctx); err != nil {
		return err
	}
	p.retenir(liste)
	return p.remplir(ctx, gestionnaire)
}

func (p *preparation) gestionnaire(ctx context.Context) (*Gestionnaire, error) {
	if p.charge.Faits.AdministrationID == 0 {
		return nil, nil
	}
	return p.t.s.cfg.Store.Gestionnaire(ctx, p.charge.Faits.AdministrationID)
}

// avertirValideur replaces EM-05 by a warning to the validator when it would reach nobody, or would not say
// where to send the paper (EM-29). The warning ignores preferences, as EM-17 does.
func (p *preparation) avertirValideur(ctx context.Context, liste []Personne, g *Gestionnaire) ([]Personne, error) {
	cause := ""
	switch {
	case g == nil:
		cause = "aucune administration n’est rattachée à cette convention."
	case !joignable(liste):
		cause = "aucun utilisateur du bailleur ne reçoit les courriels de cette convention."
	default:
		return liste, nil
	}
	p.code, p.charge.Copie, p.donnees.Cause = codeBailleurAbsent, "", cause
	return p.une(ctx, p.charge.Faits.ActeurID, false)
}

func joignable(liste []Personne) bool {
	for _, x := range liste {
		if mail.ValidAddress(strings.TrimSpace(x.Email)) {
			return true
		}
	}
	return false
}

// copier finds the copy of the actor: asked for, whatever the preferences (EM-21), or by rule.
func (p *preparation) copier(ctx context.Context) error {
	if p.charge.Copie == "" {
		return nil
	}
	acteur, err := p.une(ctx, p.charge.Faits.ActeurID, p.charge.Copie == copieDroit)
	if err != nil {
		return err
	}
	for _, x := range acteur {
		p.cc, _ = mail.Recipients(x.Email)
	}
	return nil
}

// retenir keeps the valid addresses, once each (EM-23); somebody who is a recipient needs no copy.
func (p *preparation) retenir(liste []Personne) {
	p.personnes = map[string]Personne{}
	var adresses []string
	for _, x := range liste {
		cle := strings.ToLower(strings.TrimSpace(x.Email))
		if _, vue := p.personnes[cle]; !vue {
			p.personnes[cle] = x
		}
		adresses = append(adresses, x.Email)
	}
	p.valides, p.invalides = mail.Recipients(adresses...)
	for _, a := range p.valides {
		for _, c := range p.cc {
			if strings.EqualFold(a, c) {
				p.cc = nil
			}
		}
	}
}

// ecrire adds a row per recipient. Rows of invalid addresses are kept as the trace that they were dropped.
func (p *preparation) ecrire(ctx context.Context) ([]Envoi, error) {
	if cote, ok := questionnaire(p.code); ok && len(p.valides) > 0 {
		premiere, err := p.t.s.cfg.Store.MarquerQuestionnaire(ctx, p.charge.Faits.ActeurID, cote, p.t.s.maintenant())
		if err != nil {
			return nil, err
		}
		if p.dejaDemande = !premiere; p.dejaDemande {
			return nil, nil // once per person for ever (EM-28)
		}
	}
	var envois []Envoi
	cc := p.cc
	for _, adresse := range p.valides {
		m, err := p.ligne(adresse, chargeCourriel{Donnees: p.pour(adresse), Cc: cc})
		if err != nil {
			return nil, err
		}
		if err := p.t.s.cfg.Store.InsererMessage(ctx, m); err != nil {
			return nil, err
		}
		if m.ID != 0 {
			envois = append(envois, Envoi{m.ID, m.Type})
		}
		cc = nil // one copy, not one per recipient
	}
	for _, adresse := range p.invalides {
		m, err := p.ligne(tronquer(adresse, 320), nil)
		if err != nil {
			return nil, err
		}
		m.Etat, m.Erreur, m.TraiteLe = Echec, "adresse invalide", &m.CreeLe
		if err := p.t.s.cfg.Store.InsererMessage(ctx, m); err != nil {
			return nil, err
		}
	}
	return envois, nil
}

func (p *preparation) ligne(adresse string, charge any) (*MessageSortant, error) {
	parent, le := p.t.l, p.t.s.maintenant()
	m := &MessageSortant{
		Canal: CanalCourriel, Type: p.code, ConventionID: parent.ConventionID, HistoriqueID: parent.HistoriqueID,
		Sequence: parent.Sequence, Destinataire: adresse, CleUnicite: cleDestinataire(parent.CleUnicite, p.code, adresse),
		UtilisateurID: parent.UtilisateurID, HabilitationID: parent.HabilitationID, Etat: AEnvoyer, ProchainEssaiLe: le, CreeLe: le,
	}
	if charge == nil {
		return m, nil
	}
	var err error
	m.Charge, err = json.Marshal(charge)
	return m, err
}

// cleDestinataire makes the key of a row from that of its preparation; an address may be longer than a key.
func cleDestinataire(parent, code, adresse string) string {
	somme := sha256.Sum256([]byte(strings.ToLower(adresse)))
	return parent + ":" + code + ":" + hex.EncodeToString(somme[:16])
}

// constat is what the row of the preparation says at its end.
func (p *preparation) constat() string {
	var mots []string
	if p.siapSansEcho {
		mots = append(mots, "SIAP non lu : seuls les utilisateurs connus de la plateforme ont été prévenus")
	}
	if n := len(p.invalides); n > 0 {
		mots = append(mots, fmt.Sprintf("%d adresse(s) invalide(s)", n))
	}
	return strings.Join(mots, " ; ")
}

// questionnaire tells whether a code is that of a questionnaire, and of which side.
func questionnaire(code string) (auth.Typologie, bool) {
	switch code {
	case "EM-11":
		return auth.Bailleur, true
	case "EM-12":
		return auth.Instructeur, true
	}
	return "", false
}
