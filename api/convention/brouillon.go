package convention

import (
	"context"
	"encoding/json"
	"time"

	"apilos/api/auth"
	"apilos/api/fault"
	"github.com/google/uuid"
)

// Brouillon is unsaved input of one person in a step (ux §3, autosave). It changes no data, no version
// and no statut; saving the step erases it.
type Brouillon struct {
	UtilisateurID  int64           `gorm:"column:utilisateur_id;primaryKey"`
	HabilitationID int             `gorm:"column:habilitation_id;primaryKey"`
	ConventionID   int64           `gorm:"column:convention_id;primaryKey"`
	Etape          CodeEtape       `gorm:"column:etape;primaryKey"`
	Valeurs        json.RawMessage `gorm:"column:valeurs;type:jsonb"`
	BaseVersion    int             `gorm:"column:base_version"`
	CreeLe         time.Time       `gorm:"column:cree_le;default:(-)"`
}

// TableName returns the name of the table.
func (Brouillon) TableName() string { return "brouillon" }

// BrouillonEnAttente is a draft with what the home page shows of it.
type BrouillonEnAttente struct {
	ConventionUUID uuid.UUID
	Etape          CodeEtape
	OperationNom   string
	CreeLe         time.Time
}

// maxBrouillon is the greatest size of a draft, in bytes.
const maxBrouillon = 512 << 10

// GarderBrouillon keeps the input of p in a step (at most 512 KiB). Only someone who may change
// something of the dossier has drafts: others get forbidden.
func (s *Service) GarderBrouillon(ctx context.Context, p auth.Principal, id uuid.UUID, code CodeEtape, valeurs json.RawMessage, base int) error {
	d, err := s.Lire(ctx, p, id)
	if err != nil {
		return err
	}
	if _, ok := d.SectionDe(code); !ok {
		return fault.Introuvable("Cette étape")
	}
	if d.ModifiablePar(p).Rien() || p.DetourneParID != 0 {
		return fault.PermissionRefusee()
	}
	if len(valeurs) > maxBrouillon {
		return fault.New(fault.TooLarge, "trop_volumineux", "Le brouillon dépasse 512 Ko.")
	}
	le, _ := s.maintenant()
	return s.store.GarderBrouillon(ctx, Brouillon{
		UtilisateurID: p.UtilisateurID, HabilitationID: int(p.HabilitationID), ConventionID: d.Convention.ID,
		Etape: code, Valeurs: valeurs, BaseVersion: base, CreeLe: le,
	})
}

// LireBrouillon returns the draft of p in a step, or not_found.
func (s *Service) LireBrouillon(ctx context.Context, p auth.Principal, id uuid.UUID, code CodeEtape) (*Brouillon, error) {
	d, err := s.Lire(ctx, p, id)
	if err != nil {
		return nil, err
	}
	b, err := s.store.Brouillon(ctx, p, d.Convention.ID, code)
	if err == nil && b == nil {
		return nil, fault.Introuvable("Ce brouillon")
	}
	return b, err
}

// JeterBrouillon erases the draft of p in a step; erasing nothing is fine.
func (s *Service) JeterBrouillon(ctx context.Context, p auth.Principal, id uuid.UUID, code CodeEtape) error {
	d, err := s.Lire(ctx, p, id)
	if err != nil {
		return err
	}
	return s.store.JeterBrouillon(ctx, p, d.Convention.ID, code)
}
