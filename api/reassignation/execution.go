package reassignation

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"apilos/api/event"

	"github.com/google/uuid"
)

// tailleLot is the usual size of a batch: nobody waits longer than that for a family.
const tailleLot = 50

// Lot is what one transaction did. Depasse: somebody else has ended the run.
type Lot struct {
	Reste    bool
	Depasse  bool
	Familles []FamilleDeplacee
}

// FamilleDeplacee is a root convention whose operation changed service.
type FamilleDeplacee struct {
	RacineID    int64
	RacineUUID  uuid.UUID
	OperationID int64
	Operations  int // with the versions of its avenants
	AvantUUID   *uuid.UUID
	AvantNom    string
	ApresUUID   *uuid.UUID
	ApresNom    string
}

type storeExecution interface {
	// Demarrer marks the task of a run as begun; it returns the run, nil when there is nothing left to do, and who asked.
	Demarrer(ctx context.Context, id int64) (*Fiche, Auteur, error)
	// Deplacer moves the next operations of a run in the state CONFIRMEE, at most limite, with their families: root
	// conventions are locked before their avenants, by id (CC-04); versions rise, the lists are refreshed. Several workers
	// on one run wait for each other.
	Deplacer(ctx context.Context, id int64, limite int, le time.Time) (Lot, error)
	// Rendre does the same the other way in the state ANNULATION, for what still belongs to the target and that no later run
	// moved.
	Rendre(ctx context.Context, id int64, limite int, le time.Time) (Lot, error)
	// JournaliserFamilles appends one line per family, families being locked.
	JournaliserFamilles(ctx context.Context, lignes []event.Journal) error
	// Finir ends a run and its task.
	Finir(ctx context.Context, id int64, vers Etat, le, expireLe time.Time) error
	// Echouer ends the task of a run that stays as it is.
	Echouer(ctx context.Context, id int64, le, expireLe time.Time) error
}

// Executer works a run to its end, one batch per transaction. It may be run again after an interruption: it goes on.
func (s *Service) Executer(ctx context.Context, id int64) error {
	f, auteur, err := s.Store.Demarrer(ctx, id)
	if err != nil || f == nil {
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("reassignment %d stopped: %w", id, err)
		}
		reste, err := s.lot(ctx, f, auteur)
		if err != nil {
			return fmt.Errorf("reassignment %d: %w", id, err)
		}
		if !reste {
			return nil
		}
	}
}

// lot does one batch; the last one ends the run.
func (s *Service) lot(ctx context.Context, f *Fiche, auteur Auteur) (reste bool, err error) {
	faire, commande, motif, fini := s.Store.Deplacer, CommandeReassigner, f.Motif, Terminee
	if f.Etat == Annulation {
		faire, commande, motif, fini = s.Store.Rendre, CommandeAnnuler, f.MotifAnnulation, Annulee
	}
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		le := s.maintenant()
		l, err := faire(ctx, f.ID, cmp.Or(s.TailleLot, tailleLot), le)
		if err != nil || l.Depasse {
			return err
		}
		lignes := make([]event.Journal, 0, len(l.Familles))
		for _, x := range l.Familles {
			j, err := ligneDeJournal(f, x, auteur, commande, motif, le)
			if err != nil {
				return err
			}
			lignes = append(lignes, j)
		}
		if err := s.Store.JournaliserFamilles(ctx, lignes); err != nil {
			return err
		}
		if reste = l.Reste; reste {
			return nil
		}
		return s.Store.Finir(ctx, f.ID, fini, le, le.Add(GardeTache))
	})
	return reste, err
}

// ligneDeJournal is written like that of a change of one convention (PE-42), in the mode of batches.
func ligneDeJournal(f *Fiche, x FamilleDeplacee, auteur Auteur, commande, motif string, le time.Time) (event.Journal, error) {
	j := event.Journal{
		RacineID: &x.RacineID, NomTable: "operation", LigneID: &x.OperationID, ObjetUUID: &x.RacineUUID, Action: event.Modification,
		Commande: commande, Mode: "LOT", Motif: motif, CreeLe: le,
	}
	avant := map[string]any{}
	if x.AvantUUID != nil {
		avant["administration"], avant["administration_nom"] = x.AvantUUID, x.AvantNom
	}
	apres := map[string]any{"operations": x.Operations, "reassignation": f.UUID}
	if x.ApresUUID != nil {
		apres["administration"], apres["administration_nom"] = x.ApresUUID, x.ApresNom
	} else {
		apres["administration"] = nil
	}
	var err error
	if len(avant) > 0 {
		if j.Avant, err = json.Marshal(avant); err != nil {
			return j, fmt.Errorf("journal of a family: %w", err)
		}
	}
	if j.Apres, err = json.Marshal(apres); err != nil {
		return j, fmt.Errorf("journal of a family: %w", err)
	}
	j.Signer(auteur.Principal())
	return j, nil
}

// Abandonner marks the task of a run as failed: its job will not be tried again by itself, somebody may launch it again.
func (s *Service) Abandonner(ctx context.Context, id int64) error {
	le := s.maintenant()
	return s.Store.Echouer(ctx, id, le, le.Add(GardeTache))
}
