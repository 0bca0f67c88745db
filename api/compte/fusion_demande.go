package compte

import (
	"context"
	"fmt"
	"time"

	"apilos/api/siap"
)

// IntervalleFusions is the least time between two readings of the mergers of a bailleur asked by calls of SIAP: the
// answer of SIAP is kept as long (05 B.2).
const IntervalleFusions = time.Hour

// FusionLecture is a row of table fusion_lecture: the last reading of the mergers of a bailleur that a call of SIAP
// asked for. It lends the job a login, since who calls may have no account here.
type FusionLecture struct {
	BailleurID     int64     `gorm:"column:bailleur_id;primaryKey;autoIncrement:false"`
	Login          string    `gorm:"column:login"`
	HabilitationID int       `gorm:"column:habilitation_id"`
	DemandeeLe     time.Time `gorm:"column:demandee_le"`
}

// TableName returns the name of the table.
func (FusionLecture) TableName() string { return "fusion_lecture" }

// demanderFusionsEntrantes has the mergers of the bailleur of a caller read later, as a sign-in does (05 B.5.4). It
// runs in the transaction of the caller.
func (s *Service) demanderFusionsEntrantes(ctx context.Context, login string, h Habilitation) error {
	if h.Entite.Type != siap.EntiteBailleur || s.cfg.FusionEntrante == nil {
		return nil
	}
	err := s.cfg.FusionEntrante(ctx, DemandeFusion{BailleurID: h.EntiteID, Siren: h.Entite.Pivot, Nom: h.Entite.Nom, Login: login, HabilitationID: h.ID})
	if err != nil {
		return fmt.Errorf("ask for the mergers of a caller: %w", err)
	}
	return nil
}
