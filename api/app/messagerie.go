package app

import (
	"context"
	"math/rand/v2"

	"apilos/api/alert"
	"apilos/api/compte"
	"apilos/api/httpapi/web"
	"apilos/api/jobs"
	"apilos/api/mail"
	"apilos/api/store"
	"apilos/api/telechargement"
)

// messagerie is everything that leaves the platform or runs outside a request.
type messagerie struct {
	*jobs.Client // convention.Analyseur
	alertes      *alert.Service
	entretien    *store.Entretien
	mesures      *mesuresMessages
}

func (p *pieces) ouvrirMessages(context.Context) error {
	file, err := jobs.New(p.db.Pool(), store.Tx, p.log)
	if err != nil {
		return err
	}
	gabarits, err := mail.NewModeles()
	if err != nil {
		return err
	}
	depot, mesures := store.NewAlertes(p.db), nouvellesMesuresMessages(p.now)
	alertes, err := alert.NewService(alert.Config{
		Store: depot, File: file, SIAP: p.siap, Courrier: p.courriels, Gabarits: gabarits, Horloge: p.now, Alea: rand.Float64, Journal: p.log,
		BaseURL: p.cfg.Server.PublicBaseURL, Domaine: mail.Domain(p.cfg.Mail.From),
		QuestionnaireBailleur: p.cfg.Mail.QuestionnaireBailleur, QuestionnaireInstructeur: p.cfg.Mail.QuestionnaireInstructeur,
		Transports: p.exterieur.transports, Technique: p.compteTechnique(), Metriques: mesures,
	})
	if err != nil {
		return err
	}
	p.messages = &messagerie{Client: file, alertes: alertes, entretien: store.NewEntretien(p.db), mesures: mesures}
	return nil
}

// travailler works the jobs until ctx ends, then lets the running ones finish.
func (p *pieces) travailler(ctx context.Context) error {
	runner, err := jobs.NewRunner(p.db.Pool(), jobs.Options{
		Client: p.messages.Client, Horloge: p.now, Journal: p.log,
		Concurrence: p.cfg.Jobs.Concurrency, SansCalendrier: !p.cfg.Jobs.CronEnabled,
		Travaux: jobs.Travaux{
			Messages: p.messages.alertes, Recapitulatifs: p.messages.alertes, Sessions: p.comptes, Entretien: p.messages.entretien,
			Fusions:   &compte.Fusions{Store: store.NewComptes(p.db), SIAP: p.siap, Horloge: p.now, Journal: p.log},
			Analyse:   p.analyse(),
			Revisions: &jobs.RetentionRevisions{Revisions: p.revisions, Garde: p.gardeRevisions()},
			Exports:   p.exports(), Reassignations: p.reassignations(),
			Journal:  p.gardeJournal(),
			Balayage: &jobs.Balayage{Objets: p.fichiers, Inventaire: p.messages.entretien, Horloge: p.now, Journal: p.log},
		},
	})
	if err != nil {
		return err
	}
	if err := runner.Start(ctx); err != nil {
		return err
	}
	<-ctx.Done()
	arret, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.cfg.Server.ShutdownTimeout)
	defer cancel()
	return runner.Stop(arret)
}

// analyse scans files; without antivirus nothing asks for it.
func (p *pieces) analyse() *jobs.Analyse {
	return &jobs.Analyse{Fichiers: p.messages.entretien, Contenus: p.fichiers, Scanner: p.scanner, Verdicts: p.conv, Journal: p.log}
}

func (p *pieces) telechargements() web.Telechargements {
	return web.Telechargements{Service: p.serviceTelechargements()}
}

func (p *pieces) serviceTelechargements() *telechargement.Service {
	return telechargement.NewService(store.NewTelechargements(p.db), p.conv, p.coffre, p.now).AvecEvenements(p.chroniques())
}
