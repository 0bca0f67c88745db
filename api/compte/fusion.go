package compte

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"apilos/api/bailleur"
	"apilos/api/event"
	"apilos/api/siap"
)

// SIAPFusions is the call that lists mergers (05 B.3, call 5).
type SIAPFusions interface {
	Fusions(ctx context.Context, login string, habilitationID int64, siren string) ([]siap.FusionDTO, error)
}

// StoreFusions keeps the links between bailleurs.
type StoreFusions interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// VerrouillerFusions waits for its turn and returns, locked, the bailleurs that have one of these sirens or
	// whose parent is parentID, and the ancestors of parentID. One merger is applied at a time.
	VerrouillerFusions(ctx context.Context, parentID int64, sirens []string) (candidats []LienBailleur, ancetres []int64, err error)
	// Rattacher gives bailleurs a parent told by SIAP; parentID 0 removes it.
	Rattacher(ctx context.Context, ids []int64, parentID int64, le time.Time) error
	Journaliser(ctx context.Context, j event.Journal) error
}

// LienBailleur is a bailleur with its parent.
type LienBailleur struct {
	ID       int64
	Siren    string
	ParentID int64 // 0 without parent
	Origine  bailleur.OrigineParent
}

// Fusions keeps the mergers of bailleurs in step with SIAP (PE-14, 05 B.5.4). It runs in a background job:
// signing in never waits for it, and a failure leaves the known links as they are.
type Fusions struct {
	Store   StoreFusions
	SIAP    SIAPFusions
	Horloge func() time.Time
	Journal *slog.Logger
}

// Actualiser reads the mergers in which the bailleur of d absorbed others, and attaches to it those that the
// platform knows. Bailleurs attached by an earlier answer and no longer listed are detached; links made by
// hand are left alone; a link that would make a cycle is refused and logged. Calling it again is harmless.
// An error means that nothing changed and that the job should try later.
func (f *Fusions) Actualiser(ctx context.Context, d DemandeFusion) error {
	if d.BailleurID == 0 || d.Siren == "" {
		return errors.New("fusion: bailleur or siren missing")
	}
	recues, err := f.SIAP.Fusions(ctx, d.Login, d.HabilitationID, d.Siren)
	if err != nil {
		f.Journal.WarnContext(ctx, "fusions de bailleurs non lues, liens conservés", "bailleur", d.BailleurID, "error", err.Error())
		return fmt.Errorf("read mergers: %w", err)
	}
	absorbes := sirensAbsorbes(recues, d.Siren)
	return f.Store.InTx(ctx, func(ctx context.Context) error {
		candidats, ancetres, err := f.Store.VerrouillerFusions(ctx, d.BailleurID, absorbes)
		if err != nil {
			return fmt.Errorf("lock bailleurs: %w", err)
		}
		plan := planifier(d.BailleurID, absorbes, candidats, ancetres)
		for _, id := range plan.cycles {
			f.Journal.WarnContext(ctx, "fusion de bailleurs ignorée : elle ferait un cycle", "bailleur", d.BailleurID, "absorbe", id)
		}
		if err := f.appliquer(ctx, plan.rattacher, d.BailleurID, candidats); err != nil {
			return err
		}
		return f.appliquer(ctx, plan.detacher, 0, candidats)
	})
}

// sirensAbsorbes keeps the entries where siren absorbs; a past dateFinValidite is the day the absorbed one
// ceased, and does not end the merger.
func sirensAbsorbes(recues []siap.FusionDTO, siren string) []string {
	vus := map[string]bool{siren: true}
	out := []string{}
	for _, r := range recues {
		a := r.SirenAbsorbe.String()
		if r.SirenAbsorbant.String() != siren || a == "" || vus[a] {
			continue
		}
		vus[a] = true
		out = append(out, a)
	}
	return out
}

type planFusion struct{ rattacher, detacher, cycles []int64 }

// planifier compares what SIAP says with the links known.
func planifier(parentID int64, absorbes []string, candidats []LienBailleur, ancetres []int64) planFusion {
	liste := map[string]bool{}
	for _, s := range absorbes {
		liste[s] = true
	}
	audessus := map[int64]bool{}
	for _, id := range ancetres {
		audessus[id] = true
	}
	var p planFusion
	for _, c := range candidats {
		listee, attachee := c.Siren != "" && liste[c.Siren], c.ParentID == parentID
		switch {
		case c.ID == parentID || c.Origine == bailleur.ParentManuel:
		case listee && audessus[c.ID]:
			p.cycles = append(p.cycles, c.ID)
		case listee && !attachee:
			p.rattacher = append(p.rattacher, c.ID)
		case attachee && !listee:
			p.detacher = append(p.detacher, c.ID)
		}
	}
	return p
}

func (f *Fusions) appliquer(ctx context.Context, ids []int64, parentID int64, candidats []LienBailleur) error {
	if len(ids) == 0 {
		return nil
	}
	if err := f.Store.Rattacher(ctx, ids, parentID, f.Horloge().UTC()); err != nil {
		return fmt.Errorf("link bailleurs: %w", err)
	}
	for _, c := range candidats {
		for _, id := range ids {
			if c.ID != id {
				continue
			}
			if err := f.journaliser(ctx, c, parentID); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *Fusions) journaliser(ctx context.Context, c LienBailleur, parentID int64) error {
	avant, err := json.Marshal(map[string]any{"parent_id": c.ParentID})
	if err != nil {
		return fmt.Errorf("describe merger: %w", err)
	}
	apres, err := json.Marshal(map[string]any{"parent_id": parentID})
	if err != nil {
		return fmt.Errorf("describe merger: %w", err)
	}
	id := c.ID
	return f.Store.Journaliser(ctx, event.Journal{
		NomTable: "bailleur", LigneID: &id, Action: event.Modification, Commande: "bailleur.fusion", Mode: "SIAP",
		Avant: avant, Apres: apres, Acteur: "SIAP",
	})
}
