package jobs

import (
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Queues of 06 §5.2.
const (
	FileDocuments = "documents"
	FileCourriels = "courriels"
	FileSIAP      = "siap"
	FileFichiers  = "fichiers"
	FileLots      = "lots"
	FileBAL       = "bal"
	FileSysteme   = "systeme"
	// FileExterieur is for the outside services of the deposit and for webhooks: a recipient that does not
	// answer must not hold back e-mails nor SIAP.
	FileExterieur = "exterieur"
)

// Concurrence is the default number of jobs at the same time, by queue (06 §5.2).
func Concurrence() map[string]int {
	return map[string]int{
		FileDocuments: 2, FileCourriels: 5, FileSIAP: 5, FileFichiers: 4, FileLots: 1, FileBAL: 2, FileSysteme: 1, FileExterieur: 8,
	}
}

// Numbers of tries. Messages count their own tries in message_sortant: theirs only bound the breakdowns of
// our database.
const (
	essaisMessage = 20
	essaisFichier = 6 // 5 retries
	essaisSysteme = 3
)

// Arguments of the jobs: ids only, never personal data nor documents (06 §5.2).
type (
	// AlerteCreer creates one alert in SIAP.
	AlerteCreer struct {
		MessageID int64 `json:"message_id"`
	}
	// AlertePurger deletes the action alerts of a convention in SIAP.
	AlertePurger struct {
		MessageID int64 `json:"message_id"`
	}
	// PreparerCourriel finds the recipients of an e-mail.
	PreparerCourriel struct {
		MessageID int64 `json:"message_id"`
	}
	// EnvoyerCourriel sends an e-mail to one recipient.
	EnvoyerCourriel struct {
		MessageID int64 `json:"message_id"`
	}
	// LivrerExterieur delivers a message to an outside service or to a webhook.
	LivrerExterieur struct {
		MessageID int64 `json:"message_id"`
	}
	// Recapituler writes the monthly digests (EM-15, EM-16).
	Recapituler struct{}
	// AnalyserFichier scans an uploaded file.
	AnalyserFichier struct {
		FichierID int64 `json:"fichier_id"`
	}
	// LireFusions reads the mergers of a bailleur in SIAP (PE-14).
	LireFusions struct {
		BailleurID     int64 `json:"bailleur_id"`
		HabilitationID int64 `json:"habilitation_id"`
	}
	// RelancerMessages gives a job to each message that is due and has none.
	RelancerMessages struct{}
	// RelancerAnalyses scans again the files that could not be.
	RelancerAnalyses struct{}
	// VerifierHabilitations asks SIAP again for the habilitations of the sessions in use (05 C.4).
	VerifierHabilitations struct{}
	// Purger deletes what has expired.
	Purger struct{}
	// BalayerObjets removes the objects of the store that belong to no file.
	BalayerObjets struct{}
	// AppliquerRetention empties and deletes old messages (06 §7.8).
	AppliquerRetention struct{}
)

// Kind implements river.JobArgs.
func (AlerteCreer) Kind() string { return "alerte.creer" }

// Kind implements river.JobArgs.
func (AlertePurger) Kind() string { return "alerte.purger" }

// Kind implements river.JobArgs.
func (PreparerCourriel) Kind() string { return "preparer_courriel" }

// Kind implements river.JobArgs.
func (EnvoyerCourriel) Kind() string { return "envoyer_courriel" }

// Kind implements river.JobArgs.
func (LivrerExterieur) Kind() string { return "livrer_exterieur" }

// Kind implements river.JobArgs.
func (Recapituler) Kind() string { return "recapitulatifs_mensuels" }

// Kind implements river.JobArgs.
func (AnalyserFichier) Kind() string { return "analyser_fichier" }

// Kind implements river.JobArgs.
func (LireFusions) Kind() string { return "lire_fusions" }

// Kind implements river.JobArgs.
func (RelancerMessages) Kind() string { return "relancer_messages" }

// Kind implements river.JobArgs.
func (RelancerAnalyses) Kind() string { return "relancer_analyses" }

// Kind implements river.JobArgs.
func (VerifierHabilitations) Kind() string { return "verifier_habilitations" }

// Kind implements river.JobArgs.
func (Purger) Kind() string { return "purger" }

// Kind implements river.JobArgs.
func (BalayerObjets) Kind() string { return "balayer_objets" }

// Kind implements river.JobArgs.
func (AppliquerRetention) Kind() string { return "appliquer_retention" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (AlerteCreer) InsertOpts() river.InsertOpts { return dans(FileSIAP, essaisMessage) }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (AlertePurger) InsertOpts() river.InsertOpts { return dans(FileSIAP, essaisMessage) }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (PreparerCourriel) InsertOpts() river.InsertOpts { return dans(FileCourriels, essaisMessage) }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (EnvoyerCourriel) InsertOpts() river.InsertOpts { return dans(FileCourriels, essaisMessage) }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (LivrerExterieur) InsertOpts() river.InsertOpts { return dans(FileExterieur, essaisMessage) }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (Recapituler) InsertOpts() river.InsertOpts { return seul(FileLots, essaisSysteme) }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (AnalyserFichier) InsertOpts() river.InsertOpts { return dans(FileFichiers, essaisFichier) }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (LireFusions) InsertOpts() river.InsertOpts { return dans(FileSIAP, essaisFichier) }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (RelancerMessages) InsertOpts() river.InsertOpts { return dans(FileSysteme, 1) }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (RelancerAnalyses) InsertOpts() river.InsertOpts { return seul(FileSysteme, essaisSysteme) }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (VerifierHabilitations) InsertOpts() river.InsertOpts { return seul(FileSIAP, 1) }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (Purger) InsertOpts() river.InsertOpts { return seul(FileSysteme, essaisSysteme) }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (BalayerObjets) InsertOpts() river.InsertOpts { return seul(FileFichiers, essaisSysteme) }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (AppliquerRetention) InsertOpts() river.InsertOpts { return seul(FileSysteme, essaisSysteme) }

func dans(file string, essais int) river.InsertOpts {
	return river.InsertOpts{Queue: file, MaxAttempts: essais}
}

// seul is for scheduled jobs: one waiting or running is enough.
func seul(file string, essais int) river.InsertOpts {
	o := dans(file, essais)
	o.UniqueOpts = river.UniqueOpts{ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}}
	return o
}
