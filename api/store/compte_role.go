package store

import (
	"context"
	"fmt"
	"time"

	"apilos/api/bailleur"
	"apilos/api/compte"
	"apilos/api/date"
	"apilos/api/siap"

	"github.com/google/uuid"
	"github.com/lib/pq"
)

// EnregistrerRole implements compte.Store. A territory that the platform does not know is left out of the
// row: this table is a memory, rights never come from it.
func (s *Comptes) EnregistrerRole(ctx context.Context, r compte.Role, le time.Time) error {
	err := s.db.db(ctx).Exec(`
INSERT INTO role (utilisateur_id, typologie, lecture_seule, bailleur_id, administration_id, perimetre_region,
                  perimetre_departement, profil_siap, code_role_siap, habilitation_id, expire_le, cree_le, mis_a_jour_le)
VALUES (?, ?, ?, ?, ?, (SELECT code_insee FROM region WHERE code_insee = ?),
        (SELECT code_insee FROM departement WHERE code_insee = ?), ?, ?, ?, ?, ?, ?)
ON CONFLICT (utilisateur_id, typologie, bailleur_id, administration_id, perimetre_region, perimetre_departement, lecture_seule)
DO UPDATE SET profil_siap = EXCLUDED.profil_siap, code_role_siap = EXCLUDED.code_role_siap,
   habilitation_id = EXCLUDED.habilitation_id, expire_le = EXCLUDED.expire_le,
   version = role.version + 1, mis_a_jour_le = EXCLUDED.mis_a_jour_le
WHERE (role.profil_siap, role.code_role_siap, role.habilitation_id, role.expire_le)
   IS DISTINCT FROM (EXCLUDED.profil_siap, EXCLUDED.code_role_siap, EXCLUDED.habilitation_id, EXCLUDED.expire_le)`,
		r.UtilisateurID, r.Typologie, r.LectureSeule, r.BailleurID, r.AdministrationID, r.PerimetreRegion,
		r.PerimetreDepartement, r.ProfilSiap, r.CodeRoleSiap, r.HabilitationID, r.ExpireLe, le, le).Error
	if err != nil {
		return fmt.Errorf("write role: %w", err)
	}
	return nil
}

// FinirRoles implements compte.Store.
func (s *Comptes) FinirRoles(ctx context.Context, utilisateurID int64, habilitations []int64, le time.Time) error {
	if len(habilitations) == 0 {
		return nil
	}
	veille := date.InParis(le).AddDays(-1)
	return s.db.db(ctx).Exec(`UPDATE role SET expire_le = ?, version = version + 1, mis_a_jour_le = ?
		WHERE utilisateur_id = ? AND habilitation_id = ANY(?) AND (expire_le IS NULL OR expire_le > ?)`,
		veille, le, utilisateurID, pq.Int64Array(habilitations), veille).Error
}

// BailleurPriveDuRole implements compte.Store.
func (s *Comptes) BailleurPriveDuRole(ctx context.Context, utilisateurID, habilitationID int64) (*bailleur.Bailleur, error) {
	var rows []bailleur.Bailleur
	err := s.db.db(ctx).Raw(`
SELECT b.* FROM role r JOIN bailleur b ON b.id = r.bailleur_id
WHERE r.utilisateur_id = ? AND r.habilitation_id = ? AND r.profil_siap = ?
  AND b.nature_bailleur = ? AND b.type_identifiant = ?
ORDER BY r.mis_a_jour_le DESC LIMIT 1`,
		utilisateurID, habilitationID, string(siap.MOPersPhys), bailleur.Prives, bailleur.TypeEmail).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// Perimetre implements compte.Store: one statement.
func (s *Comptes) Perimetre(ctx context.Context, utilisateurID int64, h compte.Habilitation) (compte.Perimetre, error) {
	var row struct {
		UUID     uuid.UUID
		Nom      string
		Code     string
		Enfants  pq.Int64Array  `gorm:"type:bigint[]"`
		Filtre   pq.StringArray `gorm:"type:text[]"`
		EntiteID int64
	}
	q := s.db.db(ctx)
	switch h.Entite.Type {
	case siap.EntiteBailleur, siap.EntiteBailleurPrive:
		q = q.Raw(`
SELECT b.id AS entite_id, b.uuid, b.nom, CASE WHEN b.type_identifiant = 'EMAIL' THEN '' ELSE coalesce(b.siren, '') END AS code,
       ARRAY(SELECT c.id FROM bailleur c WHERE c.parent_id = b.id ORDER BY c.id) AS enfants,
       ARRAY(SELECT d.code_insee FROM utilisateur_filtre_departement f JOIN departement d ON d.id = f.departement_id
             WHERE f.utilisateur_id = ? ORDER BY d.code_insee) AS filtre
FROM bailleur b WHERE b.id = ?`, utilisateurID, h.EntiteID)
	case siap.EntiteAdministration:
		q = q.Raw(`SELECT id AS entite_id, uuid, nom, code FROM administration WHERE id = ?`, h.EntiteID)
	case siap.EntiteAucune:
		return compte.Perimetre{}, nil
	}
	if err := q.Scan(&row).Error; err != nil {
		return compte.Perimetre{}, fmt.Errorf("read perimeter: %w", err)
	}
	if row.EntiteID == 0 {
		return compte.Perimetre{}, nil
	}
	per := compte.Perimetre{EntiteUUID: row.UUID, EntiteNom: row.Nom, EntiteCode: row.Code, FiltreDepartements: row.Filtre}
	if h.Entite.Type != siap.EntiteAdministration {
		per.BailleurIDs = append([]int64{row.EntiteID}, row.Enfants...)
	}
	return per, nil
}

// cleVerrouFusion is the advisory lock that makes mergers be applied one at a time: two of them together
// could each add half of a cycle.
const cleVerrouFusion int64 = 0x667573696f6e

// maxAncetres bounds the climb to the ancestors of a bailleur.
const maxAncetres = 50

// VerrouillerFusions implements compte.StoreFusions.
func (s *Comptes) VerrouillerFusions(ctx context.Context, parentID int64, sirens []string) ([]compte.LienBailleur, []int64, error) {
	db := s.db.db(ctx)
	if err := db.Exec("SELECT pg_advisory_xact_lock(?)", cleVerrouFusion).Error; err != nil {
		return nil, nil, err
	}
	var liens []compte.LienBailleur
	err := db.Raw(`
SELECT id, coalesce(siren, '') AS siren, coalesce(parent_id, 0) AS parent_id, coalesce(parent_origine, '') AS origine
FROM bailleur WHERE siren = ANY(?) OR parent_id = ? ORDER BY id FOR UPDATE`, pq.StringArray(sirens), parentID).Scan(&liens).Error
	if err != nil {
		return nil, nil, err
	}
	var ancetres []int64
	err = db.Raw(`
WITH RECURSIVE lignee (id, parent_id, n) AS (
  SELECT id, parent_id, 0 FROM bailleur WHERE id = ?
  UNION ALL
  SELECT b.id, b.parent_id, l.n + 1 FROM bailleur b JOIN lignee l ON b.id = l.parent_id WHERE l.n < ?)
SELECT DISTINCT id FROM lignee WHERE n > 0`, parentID, maxAncetres).Scan(&ancetres).Error
	return liens, ancetres, err
}

// Rattacher implements compte.StoreFusions.
func (s *Comptes) Rattacher(ctx context.Context, ids []int64, parentID int64, le time.Time) error {
	var parent *int64
	var origine *bailleur.OrigineParent
	if parentID != 0 {
		o := bailleur.ParentSIAP
		parent, origine = &parentID, &o
	}
	return s.db.db(ctx).Exec(`UPDATE bailleur SET parent_id = ?, parent_origine = ?, version = version + 1, mis_a_jour_le = ?
		WHERE id = ANY(?)`, parent, origine, le, pq.Int64Array(ids)).Error
}
