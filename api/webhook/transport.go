package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/alert"
	"apilos/api/sceau"
)

// Limits of a delivery.
const (
	delaiLivraison = 10 * time.Second
	longueurRepons = 1000
	longueurErreur = 2000
)

// Livreur makes the deliveries (alert.Transport of the canal WEBHOOK). Every member is required.
type Livreur struct {
	Store   StoreLivreur
	Sceau   *sceau.Sceau // made for UsageSceau
	HTTP    *http.Client // see ClientHTTP
	Horloge func() time.Time
}

var _ alert.Transport = (*Livreur)(nil)

func (v *Livreur) maintenant() time.Time { return v.Horloge().UTC().Truncate(time.Microsecond) }

// Politique implements alert.Transport: 12 tries over 24 hours (00 decision 32).
func (v *Livreur) Politique() alert.Politique {
	return alert.Politique{Essais: 12, Pauses: []time.Duration{
		10 * time.Second, 30 * time.Second, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute,
		time.Hour, 2 * time.Hour, 4 * time.Hour, 6 * time.Hour, 10 * time.Hour,
	}}
}

// Livrer implements alert.Transport. Each try leaves a row in webhook_essai, whatever happens to it next.
func (v *Livreur) Livrer(ctx context.Context, l *alert.Ligne) (string, error) {
	w, err := v.destinataire(ctx, l)
	if err != nil {
		return "", err
	}
	contenu, err := lireCorps(l.Charge)
	if err != nil {
		return "", alert.Definitif(errors.New("contenu de l’événement illisible ou effacé"))
	}
	secret, err := v.Sceau.Ouvrir(w.SecretChiffre, w.UUID.String())
	if err != nil {
		return "", alert.Definitif(errors.New("secret illisible : la clé de la plateforme a changé, renouvelez le secret du webhook"))
	}
	essai := &Essai{MessageID: l.ID, Tentative: max(1, l.Tentatives), CreeLe: v.maintenant()}
	err = v.envoyer(ctx, w, l, string(secret), contenu, essai)
	if err != nil {
		essai.Erreur = couper(err.Error(), longueurErreur)
	}
	if e := v.Store.InsererEssai(context.WithoutCancel(ctx), essai); e != nil {
		return "", fmt.Errorf("log of delivery: %w", e)
	}
	return "", err
}

func (v *Livreur) destinataire(ctx context.Context, l *alert.Ligne) (*Webhook, error) {
	if l.WebhookID == nil {
		return nil, alert.Definitif(errors.New("message sans webhook"))
	}
	w, err := v.Store.ParID(ctx, *l.WebhookID)
	switch {
	case err != nil:
		return nil, err
	case w == nil || !w.Actif:
		return nil, alert.Definitif(errors.New("webhook désactivé, ou client d’API révoqué"))
	}
	return w, nil
}

// envoyer makes the call and fills essai. Any answer but a 2xx is tried again, except 410: the receiver says
// that it is gone for good.
func (v *Livreur) envoyer(ctx context.Context, w *Webhook, l *alert.Ligne, secret string, contenu []byte, essai *Essai) error {
	ctx, cancel := context.WithTimeout(ctx, delaiLivraison)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(contenu))
	if err != nil {
		return alert.Definitif(errors.New("adresse illisible"))
	}
	debut := v.maintenant()
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("User-Agent", "apilos-webhook")
	req.Header.Set("X-Apilos-Evenement", l.Type)
	req.Header.Set("X-Apilos-Livraison", l.UUID.String())
	req.Header.Set(EnTete, Signer(secret, debut, contenu))
	res, err := v.HTTP.Do(req)
	if err == nil {
		defer res.Body.Close()
		var lu []byte
		lu, _ = io.ReadAll(io.LimitReader(res.Body, 4*longueurRepons)) // only shown; the status decides
		essai.StatutHTTP, essai.Reponse = &res.StatusCode, couper(propre(lu), longueurRepons)
	}
	essai.DureeMS = int(v.maintenant().Sub(debut).Milliseconds())
	switch {
	case errors.Is(err, errPrive):
		return alert.Definitif(errors.New("l’adresse mène à un réseau privé : livraison refusée"))
	case err != nil:
		return fmt.Errorf("pas de réponse : %w", sansAdresse(err))
	case res.StatusCode == http.StatusGone:
		return alert.Definitif(errors.New("le destinataire n’existe plus (HTTP 410)"))
	case res.StatusCode < 200 || res.StatusCode > 299:
		return fmt.Errorf("réponse HTTP %d", res.StatusCode)
	}
	return nil
}

// sansAdresse drops the URL, whose parameters may be a secret of the receiver.
func sansAdresse(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func propre(b []byte) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(string(b), ""))
}

func couper(s string, n int) string {
	if utf8.RuneCountInString(s) > n {
		return string([]rune(s)[:n-1]) + "…"
	}
	return s
}
