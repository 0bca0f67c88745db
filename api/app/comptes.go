package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"apilos/api/alert"
	"apilos/api/compte"
	"apilos/api/config"
	"apilos/api/httpapi"
	"apilos/api/httpapi/web"
	"apilos/api/mail"
	"apilos/api/sceau"

	"github.com/google/uuid"
)

// typeMotDePasse is the message that carries the link of a new password; what was typed is sealed in it, and the
// account is looked for only when it leaves.
const (
	typeMotDePasse  = "compte.mot_de_passe"
	usageMotDePasse = "compte.mot-de-passe"
	essaisLien      = 6 // a link that arrives after an hour is of no use
)

// chargeMotDePasse is the content of the message.
type chargeMotDePasse struct {
	Scelle []byte `json:"scelle"`
}

// comptesLocaux tells whether people sign in with a password: CERBERE is not the way in.
func (p *pieces) comptesLocaux() bool { return p.cfg.Cerbere.BaseURL == "" }

// ecrireLien has the link of a new password sent, in the transaction of ctx.
func (p *pieces) ecrireLien(ctx context.Context, identifiant string) error {
	cle := typeMotDePasse + ":" + uuid.NewString()
	charge, err := json.Marshal(chargeMotDePasse{p.sceauComptes.Sceller([]byte(identifiant), cle)})
	if err != nil {
		return fmt.Errorf("seal an identifier: %w", err)
	}
	return p.messages.alertes.Ajouter(ctx, &alert.MessageSortant{Canal: "EMAIL", Type: typeMotDePasse, CleUnicite: cle, Charge: charge})
}

// ouvrirLiens prepares the transport of these messages, before the engine of messages opens.
func (p *pieces) ouvrirLiens(context.Context) error {
	var err error
	if p.sceauComptes, err = sceau.New([]byte(p.cfg.Security.SecretKey.Reveal()), usageMotDePasse); err != nil {
		return fmt.Errorf("SECRET_KEY : %w", err)
	}
	gabarits, err := mail.NewModeles()
	if err != nil {
		return err
	}
	p.exterieur.transports[typeMotDePasse] = &livreurLiens{p: p, gabarits: gabarits, domaine: mail.Domain(p.cfg.Mail.From)}
	return nil
}

// livreurLiens writes and sends the e-mail of a link. A request that designates nobody ends like the others: whoever
// reads the list of messages learns nothing either.
type livreurLiens struct {
	p        *pieces
	gabarits *mail.Modeles
	domaine  string
}

// Politique implements alert.Transport.
func (l *livreurLiens) Politique() alert.Politique { return alert.Politique{Essais: essaisLien} }

// Livrer implements alert.Transport.
func (l *livreurLiens) Livrer(ctx context.Context, m *alert.Ligne) (string, error) {
	var charge chargeMotDePasse
	if err := json.Unmarshal(m.Charge, &charge); err != nil {
		return "", alert.Definitif(errors.New("contenu du message illisible ou effacé"))
	}
	identifiant, err := l.p.sceauComptes.Ouvrir(charge.Scelle, m.CleUnicite)
	if err != nil {
		return "", alert.Definitif(errors.New("contenu du message illisible : la clé de la plateforme a changé"))
	}
	lien, err := l.p.comptes.LienPour(ctx, string(identifiant), m.CleUnicite)
	if err != nil || lien == nil {
		return "", err
	}
	rendu, err := l.gabarits.Render(mail.CodeMotDePasse, mail.Donnees{
		Prenom: lien.Prenom, Nom: lien.Nom, Email: lien.Email,
		// In the fragment, which browsers send to no server: the link is in no log.
		Lien: l.p.cfg.Server.PublicBaseURL + "/connexion/mot-de-passe-oublie/reinitialiser#" + lien.Jeton,
	})
	if err != nil {
		return "", alert.Definitif(fmt.Errorf("mise en forme : %w", err))
	}
	externe, err := l.p.courriels.Send(ctx, mail.Message{
		To: []string{lien.Email}, Subject: rendu.Subject, Text: rendu.Text, HTML: rendu.HTML, MessageID: mail.MessageID(m.CleUnicite, l.domaine),
	})
	if errors.Is(err, mail.ErrPermanent) {
		return "", alert.Definitif(err)
	}
	return externe, err
}

// ressourcesComptes are the routes of local accounts and of impersonation.
func (p *pieces) ressourcesComptes() []httpapi.Resource {
	return []httpapi.Resource{
		web.ComptesLocaux{Service: p.comptes, Cookies: p.cookies(), Now: p.now},
		web.Detournements{Service: p.comptes, Cookies: p.cookies(), Now: p.now},
		web.Interrupteurs{Service: p.comptes},
		web.ComptesAdmin{Service: p.comptes},
	}
}

var _ web.ServiceDetournements = (*compte.Service)(nil)

// GererCompte runs fn with the service of accounts, for the command line.
func GererCompte(ctx context.Context, cfg config.Config, fn func(ctx context.Context, s *compte.Service) error) error {
	return avecPieces(ctx, cfg, journalDe(cfg, os.Stderr), func(ctx context.Context, p *pieces) error { return fn(ctx, p.comptes) })
}
