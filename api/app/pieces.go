package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"apilos/api/admin"
	"apilos/api/antivirus"
	"apilos/api/auth"
	"apilos/api/clientapi"
	"apilos/api/compte"
	"apilos/api/config"
	"apilos/api/convention"
	"apilos/api/depot"
	"apilos/api/direct"
	"apilos/api/echange"
	"apilos/api/fault"
	"apilos/api/httpapi"
	"apilos/api/mail"
	"apilos/api/operation"
	"apilos/api/revision"
	"apilos/api/revision/genre"
	"apilos/api/sceau"
	"apilos/api/siap"
	"apilos/api/storage"
	"apilos/api/store"

	"github.com/google/uuid"
)

// pieces are the services of the platform, wired on one database.
type pieces struct {
	*base
	now          func() time.Time
	jetons       *auth.Tokens
	siap         *siap.Client
	mesureSIAP   *mesuresSIAP
	fichiers     storage.Store
	coffre       coffre
	scanner      antivirus.Scanner
	courriels    mail.Sender
	boite        *mail.Directory // development mailbox; nil when mails leave
	comptes      *compte.Service
	conv         *convention.Service
	revisions    *revision.Service
	depot        *depot.Service
	operations   *operation.Service
	echanges     *echange.Service
	messages     *messagerie
	exterieur    *exterieur
	debits       *httpapi.Limits
	fermetures   []func()
	sceauComptes *sceau.Sceau
	clientsAPI   *clientapi.Service
	direct       *direct.Diffuseur
}

func (p *pieces) fermer() {
	for i := len(p.fermetures) - 1; i >= 0; i-- {
		p.fermetures[i]()
	}
	p.base.fermer()
}

// assembler wires everything on an open database; it takes ownership of it.
func assembler(ctx context.Context, b *base) (*pieces, error) {
	p := &pieces{base: b, now: time.Now}
	p.debits = p.limites()
	for _, etape := range []func(context.Context) error{
		p.ouvrirSIAP, p.ouvrirFichiers, p.ouvrirCourriels, p.ouvrirComptes, p.ouvrirExterieur, p.ouvrirLiens, p.ouvrirMessages, p.ouvrirClientsAPI, p.ouvrirWebhooks, p.ouvrirRevisions, p.ouvrirConventions, p.ouvrirEchanges, p.ouvrirDepot, p.ouvrirDirect,
	} {
		if err := etape(ctx); err != nil {
			p.fermer()
			return nil, err
		}
	}
	return p, nil
}

func avecPieces(ctx context.Context, cfg config.Config, log *slog.Logger, fn func(context.Context, *pieces) error) error {
	b, err := ouvrirBase(ctx, cfg, log)
	if err != nil {
		return err
	}
	p, err := assembler(ctx, b)
	if err != nil {
		return err
	}
	defer p.fermer()
	return fn(ctx, p)
}

func (p *pieces) ouvrirSIAP(context.Context) error {
	c := p.cfg.SIAPClient
	p.mesureSIAP = nouvellesMesuresSIAP()
	client, err := siap.New(siap.Config{
		Host: c.Host, Path: c.Path, LogCalls: c.LogCalls, UserAgent: agent(p.version),
		Key: siap.Key{Kid: c.KeyID, Secret: []byte(c.SignKey.Reveal()), Algorithm: c.Algorithm},
	}, siap.WithLogger(p.log), siap.WithCacheStore(store.NewCacheSIAP(p.db)), siap.WithRequestID(httpapi.RequestIDFrom), siap.WithMetrics(p.mesureSIAP))
	if err != nil {
		return err
	}
	p.siap = client
	p.fermetures = append(p.fermetures, client.Close)
	return nil
}

func (p *pieces) ouvrirFichiers(ctx context.Context) error {
	s := p.cfg.Storage
	if s.UsesS3() {
		distant, err := storage.NewS3(storage.S3Config{
			Endpoint: s.EndpointURL, Region: s.Region, Bucket: s.Bucket, AccessKey: s.AccessKeyID,
			SecretKey: s.SecretAccessKey.Reveal(), PathStyle: s.PathStyle,
		})
		if err != nil {
			return fmt.Errorf("stockage objet : %w", err)
		}
		if p.cfg.Environment.Local() {
			if err := distant.EnsureBucket(ctx); err != nil {
				return fmt.Errorf("stockage objet : %w", err)
			}
		}
		p.fichiers = distant
	} else {
		local, err := storage.NewLocal(s.MediaRoot)
		if err != nil {
			return fmt.Errorf("dossier des fichiers : %w", err)
		}
		p.fichiers = local
		p.fermetures = append(p.fermetures, fermeture(p.log, local))
	}
	p.coffre = coffre{p.fichiers}
	p.scanner = antivirus.Disabled{}
	if addr := p.cfg.Antivirus.ClamdAddr; addr != "" {
		clamd, err := antivirus.NewClamd(addr, 0)
		if err != nil {
			return fmt.Errorf("antivirus : %w", err)
		}
		p.scanner = clamd
	}
	return nil
}

func (p *pieces) ouvrirCourriels(context.Context) error {
	m := p.cfg.Mail
	if url := m.URL.Reveal(); url != "" {
		smtp, err := mail.NewSMTP(mail.SMTPConfig{URL: url, From: m.From, Now: p.now, Log: p.log})
		if err != nil {
			return fmt.Errorf("courriels : %w", err)
		}
		p.courriels = smtp
		return nil
	}
	boite, err := mail.NewDirectory(p.cfg.MailDir(), m.From, p.now)
	if err != nil {
		return fmt.Errorf("courriels : %w", err)
	}
	p.courriels, p.boite = boite, boite
	p.fermetures = append(p.fermetures, fermeture(p.log, boite))
	return nil
}

func (p *pieces) ouvrirComptes(context.Context) error {
	keys := make([]auth.Key, 0, len(p.cfg.Session.Keys))
	for _, k := range p.cfg.Session.Keys {
		keys = append(keys, auth.Key{ID: k.ID, Secret: []byte(k.Secret.Reveal())})
	}
	jetons, err := auth.NewTokens(keys, p.cfg.Server.PublicBaseURL, p.now, uuid.NewString)
	if err != nil {
		return fmt.Errorf("WEB_JWT_KEYS : %w", err)
	}
	p.jetons = jetons
	p.comptes, err = compte.New(compte.Config{
		Store: store.NewComptes(p.db), Bailleurs: store.NewBailleurs(p.db), Administrations: store.NewAdministrations(p.db),
		SIAP: p.siap, Jetons: jetons, Horloge: p.now, NouvelID: uuid.New, Journal: p.log,
		Inactivite: p.cfg.Session.Idle, DureeMax: p.cfg.Session.Max, SansMenu: p.cfg.SIAPClient.NoMenu, Fusion: p.fusion, FusionEntrante: p.fusionEntrante, ValeurInconnue: p.valeurInconnue,
		ComptesLocaux: p.comptesLocaux(), EchecsMax: p.cfg.Session.LoginFailureLimit, DureeVerrou: p.cfg.Session.LoginCooloff,
		Reinitialisation: p.ecrireLien,
	})
	return err
}

func (p *pieces) ouvrirConventions(context.Context) error {
	var analyseur convention.Analyseur
	if p.cfg.Antivirus.Enabled() {
		analyseur = p.messages
	}
	var err error
	if p.conv, err = p.conventions(p.revisions, p.messages.alertes, analyseur, p.now, convention.AvecAnnonces(annonceur{p}), convention.AvecHabilitations(habilitations{p}), convention.AvecSIAP(p.messages.alertes.SIAPJoignable)); err != nil {
		return err
	}
	if err := p.revisions.Enregistrer(genre.Evenement(p.chroniques())); err != nil {
		return err
	}
	depot := store.NewOperationStore(p.db)
	p.operations = operation.NewService(p.siap, depot, p.conv, depot, p.now)
	return nil
}

func fermeture(log *slog.Logger, c io.Closer) func() {
	return func() {
		if err := c.Close(); err != nil {
			log.Error("close", "error", err.Error())
		}
	}
}

// coffre gives the bytes of package storage to the downloads.
type coffre struct{ storage.Store }

// Ouvrir implements telechargement.Contenus.
func (c coffre) Ouvrir(ctx context.Context, cle string) (io.ReadCloser, int64, error) {
	corps, info, err := c.Get(ctx, cle, nil)
	if err != nil {
		return nil, 0, fmt.Errorf("open file: %w", stockage(err))
	}
	return corps, info.Size, nil
}

// stockage says in the words of the platform that the store does not answer.
func stockage(err error) error {
	if errors.Is(err, storage.ErrUnavailable) {
		return fault.New(fault.Unavailable, "STOCKAGE_INDISPONIBLE", "Le stockage des fichiers ne répond pas. Réessayez dans un instant.").Because(err)
	}
	return err
}

// rejeux gives the store of idempotency keys to the transport.
type rejeux struct{ db *store.DB }

// Begin implements httpapi.IdempotencyStore.
func (r rejeux) Begin(ctx context.Context, caller, key, fingerprint string) (httpapi.ReplayRecord, error) {
	nouvelle, connue, err := r.db.ReserverRequete(ctx, caller, key, fingerprint)
	switch {
	case err != nil:
		return httpapi.ReplayRecord{}, err
	case nouvelle:
		return httpapi.ReplayRecord{State: httpapi.ReplayNew, Fingerprint: fingerprint}, nil
	}
	return rejeu(connue), nil
}

func rejeu(r admin.RequeteIdempotente) httpapi.ReplayRecord {
	if r.StatutHttp == nil {
		return httpapi.ReplayRecord{State: httpapi.ReplayRunning, Fingerprint: r.Empreinte}
	}
	return httpapi.ReplayRecord{State: httpapi.ReplayDone, Fingerprint: r.Empreinte, Status: *r.StatutHttp, Answer: r.Reponse}
}

// Complete implements httpapi.IdempotencyStore.
func (r rejeux) Complete(ctx context.Context, caller, key string, status int, answer []byte) error {
	return r.db.GarderReponse(ctx, caller, key, status, answer)
}

// Release implements httpapi.IdempotencyStore.
func (r rejeux) Release(ctx context.Context, caller, key string) error {
	return r.db.LibererRequete(ctx, caller, key)
}
