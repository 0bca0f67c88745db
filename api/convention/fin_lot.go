package convention

import (
	"context"
	"errors"
	"fmt"
	"time"

	"apilos/api/auth"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/fault"

	"github.com/google/uuid"
)

// LigneLot is one convention to end, as a list says it (AV-44).
type LigneLot struct {
	Rang   int // in the list, from 1
	Numero string
	Jour   date.Date
	Motif  string
}

// IssueLot is what became of a line.
type IssueLot string

// Outcomes of a line.
const (
	LotFaite          IssueLot = "faite"
	LotIntrouvable    IssueLot = "introuvable"
	LotPlusieurs      IssueLot = "plusieurs trouvées"
	LotDejaTerminee   IssueLot = "déjà terminée"
	LotAvenantEnCours IssueLot = "avenant en cours"
	LotRefusee        IssueLot = "refusée"
)

// ResultatLot is the report of a line; Detail says why it was not done.
type ResultatLot struct {
	Ligne  LigneLot
	Issue  IssueLot
	Detail string
}

// RacineNumerotee is a convention found by its number.
type RacineNumerotee struct {
	UUID   uuid.UUID
	Statut Statut
}

// errSimulation takes back what a dry run did.
var errSimulation = errors.New("dry run")

// TerminerParLot ends conventions of a list, in the name of p, who must be a superuser (AV-44). Each line is one
// transaction that creates the avenant, then validates it (T18, T19); suivi is told after each one. Without executer
// the same is done and taken back: the report is what would happen. It stops at a breakdown, never at a refusal.
func (s *Service) TerminerParLot(ctx context.Context, p auth.Principal, genre Genre, lignes []LigneLot, executer bool, suivi func(ResultatLot) error) error {
	if !p.Superuser {
		return fault.PermissionRefusee()
	}
	f, code := denonciation, Denoncer
	if genre == GenreResiliation {
		f, code = resiliation, Resilier
	}
	for _, l := range lignes {
		r, err := s.terminerLigne(ctx, p, f, code, l, executer)
		if err != nil {
			return fmt.Errorf("line %d (%s): %w", l.Rang, l.Numero, err)
		}
		if err := suivi(r); err != nil {
			return err
		}
	}
	return nil
}

// terminerLigne answers an error for a breakdown only.
func (s *Service) terminerLigne(ctx context.Context, p auth.Principal, f fin, code Code, l LigneLot, executer bool) (ResultatLot, error) {
	r := ResultatLot{Ligne: l, Issue: LotFaite}
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		racines, err := s.store.RacinesParNumero(ctx, l.Numero)
		if err != nil {
			return err
		}
		if r.Issue = issueDe(racines); r.Issue != LotFaite {
			return errSimulation // nothing was written
		}
		d, err := s.creerAvenant(ctx, p, racines[0].UUID, []string{string(f.genre)}, event.OrigineLot)
		if err != nil {
			return err
		}
		if detail := f.avantSignature(d, l.Jour); detail != "" {
			return fault.New(fault.Invalid, "DATE_INCOHERENTE", detail)
		}
		le, _ := s.maintenant()
		if err := s.remplirFin(ctx, p, d, f, l, le); err != nil {
			return err
		}
		if _, err := s.executer(ctx, p, d.Convention.UUID, code, Commande{Version: d.Convention.Version}, event.OrigineLot); err != nil {
			return err
		}
		if !executer {
			return errSimulation
		}
		return nil
	})
	refus := fault.As(err)
	switch {
	case err == nil || errors.Is(err, errSimulation):
		return r, nil
	case refus == nil || refus.Kind == fault.Internal || refus.Kind == fault.Unavailable:
		return r, err
	case refus.Code == "AVENANT_EN_COURS":
		r.Issue = LotAvenantEnCours
	default:
		r.Issue = LotRefusee
	}
	r.Detail = refus.Message
	for _, x := range refus.Fields {
		if x.Detail != "" && x.Detail != refus.Message {
			r.Detail += " " + x.Detail
		}
	}
	return r, nil
}

func issueDe(racines []RacineNumerotee) IssueLot {
	switch {
	case len(racines) == 0:
		return LotIntrouvable
	case len(racines) > 1:
		return LotPlusieurs
	case racines[0].Statut == Resiliee || racines[0].Statut == Denoncee:
		return LotDejaTerminee
	}
	return LotFaite
}

// remplirFin writes the day and the reason of a line on the avenant that was created for it.
func (s *Service) remplirFin(ctx context.Context, p auth.Principal, d *Dossier, f fin, l LigneLot, le time.Time) error {
	colonnes := map[string]any{f.colonne: l.Jour, f.motif: tronquer(l.Motif, maxTexteFin)}
	j, err := journal(p, event.Modification, "convention", d.Convention.ID, d.Convention.UUID, "etape."+string(f.etape), nil, colonnes, le)
	if err != nil {
		return err
	}
	j.Mode = modeLot
	if err := s.store.Modifier(ctx, d, colonnes, le); err != nil {
		return err
	}
	return s.store.Journaliser(ctx, d.Racine.ID, j)
}
