package jobs

import (
	"time"

	"apilos/api/date"

	"github.com/riverqueue/river"
)

// chaqueHeure and chaqueJour are schedules at fixed minutes of the French clock: an interval counted from
// the start of the process would drift, and would never come on a process restarted every night.
type (
	chaqueMinute struct{}
	chaqueHeure  struct{ minute int }
	chaqueJour   struct{ heure, minute int }
	chaqueMois   struct{ heure int } // on the 1st
)

// Next implements river.PeriodicSchedule.
func (chaqueMinute) Next(t time.Time) time.Time { return t.Truncate(time.Minute).Add(time.Minute) }

// Next implements river.PeriodicSchedule.
func (c chaqueHeure) Next(t time.Time) time.Time {
	n := t.Truncate(time.Hour).Add(time.Duration(c.minute) * time.Minute)
	if !n.After(t) {
		n = n.Add(time.Hour)
	}
	return n
}

// Next implements river.PeriodicSchedule. On the night of a change of clock an hour that does not exist
// becomes the next one, and one that comes twice counts once.
func (c chaqueJour) Next(t time.Time) time.Time {
	p := t.In(date.Paris())
	n := time.Date(p.Year(), p.Month(), p.Day(), c.heure, c.minute, 0, 0, date.Paris())
	if !n.After(t) {
		n = time.Date(p.Year(), p.Month(), p.Day()+1, c.heure, c.minute, 0, 0, date.Paris())
	}
	return n.UTC()
}

// Next implements river.PeriodicSchedule.
func (c chaqueMois) Next(t time.Time) time.Time {
	p := t.In(date.Paris())
	n := time.Date(p.Year(), p.Month(), 1, c.heure, 0, 0, 0, date.Paris())
	if !n.After(t) {
		n = time.Date(p.Year(), p.Month()+1, 1, c.heure, 0, 0, 0, date.Paris())
	}
	return n.UTC()
}

// calendrier is the table of 06 §5.2 for the jobs of this version. Only the elected process enqueues.
func (t Travaux) calendrier() []*river.PeriodicJob {
	var out []*river.PeriodicJob
	chaque := func(id string, h river.PeriodicSchedule, auDepart bool, args river.JobArgs) {
		out = append(out, river.NewPeriodicJob(h, func() (river.JobArgs, *river.InsertOpts) { return args, nil },
			&river.PeriodicJobOpts{ID: id, RunOnStart: auDepart}))
	}
	if t.Entretien != nil {
		chaque("relancer_messages", chaqueMinute{}, true, RelancerMessages{})
		chaque("relancer_analyses", chaqueHeure{20}, true, RelancerAnalyses{})
		chaque("purger", chaqueHeure{5}, true, Purger{})
		chaque("appliquer_retention", chaqueJour{5, 0}, false, AppliquerRetention{})
	}
	if t.Recapitulatifs != nil {
		chaque("recapitulatifs_mensuels", chaqueMois{7}, false, Recapituler{})
	}
	if t.Sessions != nil {
		chaque("verifier_habilitations", chaqueMinute{}, false, VerifierHabilitations{})
	}
	if t.Balayage != nil {
		chaque("balayer_objets", chaqueJour{3, 30}, false, BalayerObjets{})
	}
	if t.Journal != nil {
		chaque("sceller_journal", chaqueJour{4, 10}, true, ScellerJournal{})
		chaque("purger_lectures", chaqueJour{4, 40}, false, PurgerLectures{})
	}
	if t.Revisions != nil {
		chaque("purger_revisions", chaqueJour{3, 10}, false, PurgerRevisions{})
	}
	return out
}
