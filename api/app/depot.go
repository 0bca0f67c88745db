package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"apilos/api/annuaire"
	"apilos/api/ban"
	"apilos/api/depot"
	"apilos/api/fault"
	"apilos/api/httpapi"
	"apilos/api/httpapi/depotapi"
	"apilos/api/notification"
	"apilos/api/proconnect"
	"apilos/api/revision"
	"apilos/api/store"
	"apilos/openapi"

	"apilos/api/cog"

	"github.com/labstack/echo/v4"
)

// ouvrirDepot builds the deposit of address files and gives its nature to the engine of revisions.
func (p *pieces) ouvrirDepot(context.Context) error {
	d := p.cfg.Depot
	sceau, err := p.sceauDepot()
	if err != nil {
		return err
	}
	ids, err := revision.NewIdentifiants(p.now, rand.Reader)
	if err != nil {
		return fmt.Errorf("identifiers of the deposit: %w", err)
	}
	config := depot.Config{
		Store: store.NewDepots(p.db), Cog: cog.Charger(), Identifiants: ids, Moteur: p.revisions, Messages: notification.NewBoite(p.messages.alertes),
		Sceau: sceau, Alea: rand.Reader, Horloge: p.now, Journal: p.log,
		Reglages: depot.Reglages{
			URLAPI: d.APIURL, URLDocumentation: d.APIURL + "/api", Demo: d.Demo, HabilitationTTL: time.Duration(d.HabilitationTTL) * 24 * time.Hour,
			NotifierBAN: d.NotifyBAN, Messagerie: d.MattermostURL != "", Partenaire: d.PartenaireURL != "", OriginesRetour: d.PCOrigins, TailleMax: int64(d.MaxFileBytes),
			Contact: p.cfg.Mail.Contact,
		},
	}
	if err := p.autourDuDepot(&config); err != nil {
		return err
	}
	if p.depot, err = depot.New(config); err != nil {
		return err
	}
	return p.revisions.Enregistrer(p.depot.Genre())
}

// sceauDepot seals the secrets that wait in a message; the delivery opens them with the same.
func (p *pieces) sceauDepot() (*depot.Sceau, error) {
	return depot.NewSceau([]byte(p.cfg.Security.SecretKey.Reveal()))
}

// autourDuDepot connects the outside services that the settings name.
func (p *pieces) autourDuDepot(c *depot.Config) error {
	d := p.cfg.Depot
	if d.AnnuaireURL != "" {
		client, err := annuaire.New(annuaire.Config{Base: d.AnnuaireURL, Horloge: p.now, Journal: p.log})
		if err != nil {
			return fmt.Errorf("API_ANNUAIRE : %w", err)
		}
		c.Annuaire = client
	}
	if d.BANURL != "" {
		c.BAN = banDepot{p.exterieur.ban}
	}
	if d.PCURL != "" {
		client, err := proconnect.New(proconnect.Config{
			Base: d.PCURL, ID: d.PCID, Secret: d.PCSecret.Reveal(), Retour: d.PCCallback, Horloge: p.now, Journal: p.log,
		})
		if err != nil {
			return fmt.Errorf("PC_SERVICE_URL : %w", err)
		}
		if client.Configure() {
			c.ProConnect = proConnectDepot{client}
		}
	}
	return nil
}

// banDepot gives the identifiers of the BAN the form that the deposit wants.
type banDepot struct{ *ban.Client }

// Identifiants implements depot.BAN.
func (b banDepot) Identifiants(ctx context.Context, code string) (*depot.IdentifiantsBAN, error) {
	ids, err := b.Client.Identifiants(ctx, code)
	if err != nil {
		return nil, err
	}
	out := depot.IdentifiantsBAN(*ids)
	return &out, nil
}

// proConnectDepot tells a person without SIRET, who is of no mairie, from a provider that does not answer.
type proConnectDepot struct{ *proconnect.Client }

// Siret implements depot.ProConnect.
func (c proConnectDepot) Siret(ctx context.Context, code, nonce string) (string, error) {
	siret, err := c.Client.Siret(ctx, code, nonce)
	switch {
	case errors.Is(err, proconnect.ErrSansSiret):
		return "", nil
	case errors.Is(err, proconnect.ErrIndisponible):
		return "", fault.New(fault.Unavailable, "PROCONNECT_INDISPONIBLE", "ProConnect ne répond pas. Recommencez dans quelques instants.").Because(err)
	}
	return siret, err
}

// monterDepot serves the deposit API under DEPOT_BASE_PATH.
func (p *pieces) monterDepot(e *echo.Echo, politique httpapi.PagePolicy) error {
	d := p.cfg.Depot
	asJSON, asYAML := openapi.Depot()
	document, err := depotapi.NouveauDocument(asJSON, asYAML, d.BasePath, politique)
	if err != nil {
		return err
	}
	sceau, err := p.sceauDepot()
	if err != nil {
		return err
	}
	return depotapi.Monter(e, httpapi.Chain{Limits: p.debits, Log: p.log, Now: p.now}, &depotapi.API{
		Service: p.depot, JetonAdmin: d.AdminToken.Reveal(), EmailsPublics: d.PublicEmails, Signeur: sceau, Base: d.BasePath,
		CookieSansTLS: p.cfg.Environment.Local(), DelaiValidation: d.ValidationTimeout, Idempotence: rejeux{p.db}, Document: document, Journal: p.log,
	})
}
