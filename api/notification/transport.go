package notification

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"apilos/api/alert"
	"apilos/api/ban"
	"apilos/api/depot"
	"apilos/api/distant"
	"apilos/api/partenaire"
)

// dureeInsistance is how long an outside service is given to come back.
const dureeInsistance = 24 * time.Hour

// livreur is a transport made of a function.
type livreur struct {
	politique alert.Politique
	livrer    func(ctx context.Context, l *alert.Ligne) (string, error)
}

// Livrer implements alert.Transport.
func (x livreur) Livrer(ctx context.Context, l *alert.Ligne) (string, error) { return x.livrer(ctx, l) }

// Politique implements alert.Transport.
func (x livreur) Politique() alert.Politique { return x.politique }

// lire decodes the charge of a row; an empty one will never be better.
func lire(l *alert.Ligne, v any) error {
	if len(l.Charge) == 0 || json.Unmarshal(l.Charge, v) != nil {
		return alert.Definitif(errors.New("contenu du message illisible ou effacé"))
	}
	return nil
}

// qualifier tells the failures that another try would meet again.
func qualifier(err error) error {
	if errors.Is(err, distant.ErrRefuse) || errors.Is(err, ban.ErrNonConfigure) || errors.Is(err, partenaire.ErrNonConfigure) {
		return alert.Definitif(err)
	}
	return err
}

// BAN asks for the composition of a commune (canal BAN).
func BAN(c *ban.Client) alert.Transport {
	return livreur{alert.Politique{Duree: dureeInsistance}, func(ctx context.Context, l *alert.Ligne) (string, error) {
		var charge depot.ChargeComposer
		if err := lire(l, &charge); err != nil {
			return "", err
		}
		return "", qualifier(c.Composer(ctx, charge.CodeCommune))
	}}
}

// Messagerie writes in the chat of the team (canal MESSAGERIE); c is nil without MATTERMOST_WEBHOOK_URL. That
// address is a secret in itself: it is in no error.
func Messagerie(c *distant.Client) alert.Transport {
	return livreur{alert.Politique{Duree: dureeInsistance}, func(ctx context.Context, l *alert.Ligne) (string, error) {
		if c == nil {
			return "", alert.Definitif(errors.New("messagerie d’équipe non configurée"))
		}
		var charge depot.ChargePublication
		if err := lire(l, &charge); err != nil {
			return "", err
		}
		r, err := distant.JSON("POST", map[string]string{"text": charge.Texte})
		if err != nil {
			return "", err
		}
		_, err = c.Faire(ctx, r)
		return "", qualifier(err)
	}}
}

// Partenaires tells the partner directory (canal PARTENAIRE).
func Partenaires(c *partenaire.Client) alert.Transport {
	return livreur{alert.Politique{Duree: dureeInsistance}, func(ctx context.Context, l *alert.Ligne) (string, error) {
		var charge depot.ChargePartenaire
		if err := lire(l, &charge); err != nil {
			return "", err
		}
		fiche := partenaire.Fiche{ClientID: charge.ClientID, Nom: charge.Nom}
		for _, p := range charge.Perimetres {
			fiche.Perimetres = append(fiche.Perimetres, partenaire.Perimetre(p))
		}
		switch l.Type {
		case depot.TypePartenaireCreer:
			return "", qualifier(c.Creer(ctx, fiche))
		case depot.TypePartenaireModif:
			return "", qualifier(c.Modifier(ctx, fiche))
		case depot.TypePartenaireArret:
			return "", qualifier(c.Desactiver(ctx, charge.ClientID))
		case depot.TypePartenaireReprise:
			return "", qualifier(c.Reactiver(ctx, charge.ClientID))
		}
		return "", alert.Definitif(fmt.Errorf("type %q inconnu", l.Type))
	}}
}

// lienBAL is where people see a BAL of the editor mes-adresses.
func lienBAL(racine, id string) string {
	if racine == "" || id == "" || strings.ContainsAny(id, "/\\?#") {
		return ""
	}
	return strings.TrimRight(racine, "/") + "/bal/" + url.PathEscape(id)
}
