package notification

import (
	"context"
	"errors"
	"fmt"

	"apilos/api/alert"
	"apilos/api/depot"
	"apilos/api/mail"
)

// Codes of the templates.
const (
	codeJeton   = "DEP-01"
	codePIN     = "DEP-02"
	codeReprise = "DEP-03"
)

// reprisesCourriel is that of the other e-mails (02 EM-26).
const reprisesCourriel = 10

// Ouvreur opens what package depot sealed (depot.Sceau).
type Ouvreur interface {
	Ouvrir(scelle string) (string, error)
}

// Gabarits renders the e-mails (mail.Modeles).
type Gabarits interface {
	Render(code string, d mail.Donnees) (mail.Rendered, error)
}

// Courriels are the e-mails of the deposit.
type Courriels struct {
	Courrier mail.Sender
	Gabarits Gabarits
	Sceau    Ouvreur
	Domaine  string // of the sender, for Message-ID
	// Copie is SMTP_BCC: hidden copy of the mail to a partner that was replaced.
	Copie []string
	// RacineBAL is the editor that links to a BAL start with; "" shows no link.
	RacineBAL string
}

// Transports delivers the e-mails of the deposit, by type.
func (c *Courriels) Transports() map[string]alert.Transport {
	out := map[string]alert.Transport{}
	for typ, rediger := range map[string]func(l *alert.Ligne) (string, mail.Donnees, error){
		depot.TypeJeton: c.jeton, depot.TypeCode: c.code, depot.TypeReprise: c.reprise,
	} {
		out[typ] = livreur{alert.Politique{Essais: reprisesCourriel + 1}, func(ctx context.Context, l *alert.Ligne) (string, error) {
			code, donnees, err := rediger(l)
			if err != nil {
				return "", err
			}
			return c.envoyer(ctx, l, code, donnees)
		}}
	}
	return out
}

func (c *Courriels) envoyer(ctx context.Context, l *alert.Ligne, code string, d mail.Donnees) (string, error) {
	d.Email = l.Destinataire
	rendu, err := c.Gabarits.Render(code, d)
	if err != nil {
		return "", alert.Definitif(fmt.Errorf("mise en forme : %w", err))
	}
	m := mail.Message{
		To: []string{l.Destinataire}, Subject: rendu.Subject, Text: rendu.Text, HTML: rendu.HTML, MessageID: mail.MessageID(l.CleUnicite, c.Domaine),
	}
	if code == codeReprise {
		m.Bcc = c.Copie
	}
	externe, err := c.Courrier.Send(ctx, m)
	if errors.Is(err, mail.ErrPermanent) {
		return "", alert.Definitif(err)
	}
	return externe, err
}

// ouvrir opens a secret at the last moment.
func (c *Courriels) ouvrir(scelle string) (string, error) {
	clair, err := c.Sceau.Ouvrir(scelle)
	if err != nil || clair == "" {
		return "", alert.Definitif(errors.New("secret du message illisible : la clé de la plateforme a changé"))
	}
	return clair, nil
}

func (c *Courriels) jeton(l *alert.Ligne) (string, mail.Donnees, error) {
	var charge depot.ChargeJeton
	if err := lire(l, &charge); err != nil {
		return "", mail.Donnees{}, err
	}
	jeton, err := c.ouvrir(charge.JetonScelle)
	return codeJeton, mail.Donnees{Depot: &mail.Depot{
		Client: charge.Client, Mandataire: charge.Mandataire, ChefDeFile: charge.ChefDeFile, Jeton: jeton,
		URLAPI: charge.URLAPI, URLDocumentation: charge.URLDocumentation,
	}}, err
}

func (c *Courriels) code(l *alert.Ligne) (string, mail.Donnees, error) {
	var charge depot.ChargeCode
	if err := lire(l, &charge); err != nil {
		return "", mail.Donnees{}, err
	}
	code, err := c.ouvrir(charge.CodeScelle)
	expire := charge.ExpireLe
	return codePIN, mail.Donnees{Depot: &mail.Depot{Client: charge.Client, Commune: charge.Commune, Code: code, ExpireLe: &expire}}, err
}

func (c *Courriels) reprise(l *alert.Ligne) (string, mail.Donnees, error) {
	var charge depot.ChargeReprise
	if err := lire(l, &charge); err != nil {
		return "", mail.Donnees{}, err
	}
	return codeReprise, mail.Donnees{
		Lien: lienBAL(c.RacineBAL, charge.BALID), Depot: &mail.Depot{Client: charge.Client, Commune: charge.Commune},
	}, nil
}
