package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"apilos/api/alert"
	"apilos/api/ban"
	"apilos/api/distant"
	"apilos/api/httpapi/web"
	"apilos/api/mail"
	"apilos/api/notification"
	"apilos/api/partenaire"
	"apilos/api/revision"
	"apilos/api/sceau"
	"apilos/api/store"
	"apilos/api/webhook"

	"github.com/google/uuid"
)

// editeurBAL is where people see a BAL made with the public editor; links of e-mails (07 §8).
const editeurBAL = "https://mes-adresses.data.gouv.fr"

// exterieur is what delivers the messages of the deposit, and the webhooks.
type exterieur struct {
	sceau      *sceau.Sceau // of webhooks
	transports map[string]alert.Transport
	ban        *ban.Client      // one cache and one breaker for the deposit and the deliveries
	webhooks   *webhook.Service // set once messages are open
}

// ouvrirExterieur builds what delivers messages outside. A service without address is built too: a message to
// it ends at once, with the reason.
func (p *pieces) ouvrirExterieur(context.Context) error {
	d := p.cfg.Depot
	courriels, err := p.courrielsDepot()
	if err != nil {
		return err
	}
	versBAN, err := ban.New(ban.Config{Base: d.BANURL, Jeton: d.BANToken.Reveal(), Horloge: p.now, Journal: p.log})
	if err != nil {
		return fmt.Errorf("BAN_API_URL : %w", err)
	}
	partenaires, err := partenaire.New(partenaire.Config{Base: d.PartenaireURL, Jeton: d.PartenaireToken.Reveal(), Horloge: p.now, Journal: p.log})
	if err != nil {
		return fmt.Errorf("API_BAL_ADMIN_URL : %w", err)
	}
	var messagerie *distant.Client
	if adresse := d.MattermostURL.Reveal(); adresse != "" {
		if messagerie, err = distant.New(distant.Config{Nom: "messagerie d’équipe", Base: adresse, Horloge: p.now, Journal: p.log}); err != nil {
			return fmt.Errorf("MATTERMOST_WEBHOOK_URL : %w", err)
		}
	}
	cle, err := sceau.New([]byte(p.cfg.Security.SecretKey.Reveal()), webhook.UsageSceau)
	if err != nil {
		return fmt.Errorf("SECRET_KEY : %w", err)
	}
	transports := courriels.Transports()
	transports[alert.CanalBAN] = notification.BAN(versBAN)
	transports[alert.CanalMessagerie] = notification.Messagerie(messagerie)
	transports[alert.CanalPartenaire] = notification.Partenaires(partenaires)
	transports[alert.CanalWebhook] = &webhook.Livreur{
		Store: store.NewWebhooks(p.db), Sceau: cle, HTTP: webhook.ClientHTTP(p.cfg.Environment.Local()), Horloge: p.now,
	}
	p.exterieur = &exterieur{sceau: cle, transports: transports, ban: versBAN}
	return nil
}

func (p *pieces) courrielsDepot() (*notification.Courriels, error) {
	gabarits, err := mail.NewModeles()
	if err != nil {
		return nil, err
	}
	scelles, err := p.sceauDepot()
	if err != nil {
		return nil, fmt.Errorf("SECRET_KEY : %w", err)
	}
	copies, invalides := mail.Recipients(strings.Split(p.cfg.Mail.Bcc, ",")...)
	if len(invalides) > 0 {
		return nil, errors.New("SMTP_BCC : des adresses séparées par des virgules sont attendues")
	}
	return &notification.Courriels{
		Courrier: p.courriels, Gabarits: gabarits, Sceau: scelles, Domaine: mail.Domain(p.cfg.Mail.From), Copie: copies, RacineBAL: editeurBAL,
	}, nil
}

// ouvrirWebhooks comes after the messages, which it writes.
func (p *pieces) ouvrirWebhooks(context.Context) error {
	w, err := webhook.New(webhook.Config{
		Store: store.NewWebhooks(p.db), Messages: p.messages.alertes, Clients: p.clientsAPI, Sceau: p.exterieur.sceau, Horloge: p.now, NouvelID: uuid.New,
		Prive: p.cfg.Environment.Local(),
	})
	p.exterieur.webhooks = w
	return err
}

func (p *pieces) ressourceWebhooks() web.Webhooks { return web.Webhooks{Service: p.exterieur.webhooks} }

// revisionPubliee is what the event revision.publiee tells: nothing of the context nor of the depositor.
type revisionPubliee struct {
	Nature     string `json:"nature"`
	PorteeType string `json:"portee_type"`
	PorteeCle  string `json:"portee_cle"`
	Remplace   string `json:"remplace,omitempty"` // id of the revision that was current
}

// publiee tells the webhooks of a publication, in its transaction (00 decision 32). Events of one scope arrive
// in order.
func (p *pieces) publiee(ctx context.Context, e *revision.EnPublication) error {
	r := e.Revision
	donnees := revisionPubliee{Nature: r.Nature, PorteeType: r.PorteeType, PorteeCle: r.PorteeCle}
	if e.Precedente != nil {
		donnees.Remplace = e.Precedente.ID
	}
	adresse := p.cfg.Server.PublicBaseURL + "/api/v1/revisions/" + r.ID
	if revision.Nature(r.Nature) == revision.Bal {
		adresse = p.cfg.Depot.APIURL + "/revisions/" + r.ID
	}
	return p.exterieur.webhooks.Emettre(ctx, webhook.Evenement{
		Type: webhook.RevisionPublieeType, SurvenuLe: e.Le, Ordre: "revision:" + r.Nature + ":" + r.PorteeCle, RevisionID: r.ID,
		Public: revision.Nature(r.Nature) == revision.Bal, // anybody reads address files; the staff alone hears of the others
		Objet:  webhook.Objet{Type: "revision", UUID: r.ID, URL: adresse}, Donnees: donnees,
	})
}
