package event

import (
	"apilos/api/auth"
	"github.com/google/uuid"
)

// Origines of a row of history.
const (
	OrigineWeb     = "WEB"
	OrigineSIAP    = "SIAP"
	OrigineLot     = "LOT"
	OrigineSysteme = "SYSTEME"
	OrigineImport  = "IMPORT"
)

// Actions of a row of the journal.
const (
	Ajout        = "+"
	Modification = "~"
	Retrait      = "-"
	Lecture      = "L"
	Fait         = "E"
)

// Signer writes who acted in h: user, staff behind them, habilitation, profile and entity (CC-31).
func (h *Historique) Signer(p auth.Principal) {
	h.UtilisateurID, h.DetourneParID = optID(p.UtilisateurID), optID(p.DetourneParID)
	h.HabilitationID = optInt(p.HabilitationID)
	if p.Typologie != "" {
		t := string(p.Typologie)
		h.RoleTypologie = &t
	}
	h.ProfilSiap, h.CodeRoleSiap, h.Entite = p.Profil, p.CodeRole, p.Entite
	h.RequeteID = optUUID(p.RequeteID)
}

// Signer writes who acted in j.
func (j *Journal) Signer(p auth.Principal) {
	j.UtilisateurID, j.DetourneParID = optID(p.UtilisateurID), optID(p.DetourneParID)
	j.HabilitationID = optInt(p.HabilitationID)
	if p.UtilisateurID == 0 {
		j.Acteur = p.Login
	}
	j.IP, j.RequeteID = p.IP, optUUID(p.RequeteID)
}

func optID(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

func optInt(id int64) *int {
	if id == 0 {
		return nil
	}
	n := int(id)
	return &n
}

func optUUID(s string) *uuid.UUID {
	id, err := uuid.Parse(s)
	if err != nil {
		return nil
	}
	return &id
}
