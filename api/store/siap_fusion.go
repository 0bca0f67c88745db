package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"apilos/api/compte"
	"apilos/api/operation"
)

// FusionsSIAP keeps when the mergers of each bailleur were asked for, and the names that habilitations give them.
type FusionsSIAP struct{ db *DB }

// NewFusionsSIAP returns the store.
func NewFusionsSIAP(d *DB) FusionsSIAP { return FusionsSIAP{d} }

// Reserver tells whether the mergers of the bailleur of d are to be read now, and then notes that they are: once per
// intervalle, whoever asks at the same time.
func (s FusionsSIAP) Reserver(ctx context.Context, d compte.DemandeFusion, le time.Time, intervalle time.Duration) (bool, error) {
	var recente bool
	avant := le.Add(-intervalle)
	err := s.db.db(ctx).Raw(`SELECT EXISTS (SELECT FROM fusion_lecture WHERE bailleur_id = ? AND demandee_le > ?)`, d.BailleurID, avant).Scan(&recente).Error
	if err != nil || recente {
		return false, err
	}
	res := s.db.db(ctx).Exec(`
INSERT INTO fusion_lecture AS f (bailleur_id, login, habilitation_id, demandee_le) VALUES (?, ?, ?, ?)
ON CONFLICT (bailleur_id) DO UPDATE SET login = excluded.login, habilitation_id = excluded.habilitation_id, demandee_le = excluded.demandee_le
WHERE f.demandee_le <= ?`, d.BailleurID, d.Login, d.HabilitationID, le, avant)
	if res.Error != nil {
		return false, fmt.Errorf("note the reading of mergers: %w", res.Error)
	}
	return res.RowsAffected > 0, nil
}

// longueurNomBailleur is the length of the column bailleur.nom.
const longueurNomBailleur = 255

// NoterNom compares the name that a habilitation gives a bailleur with its name here: a habilitation never renames
// one, the difference is a data-quality event, counted once a day at most, and over when the names agree (05 B.6.1).
func (s FusionsSIAP) NoterNom(ctx context.Context, d compte.DemandeFusion, le time.Time) error {
	champ := "habilitation.entiteMorale.nom:" + d.Siren
	d.Nom = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(d.Nom, ""), "\x00", ""))
	if r := []rune(d.Nom); len(r) > longueurNomBailleur {
		d.Nom = strings.TrimSpace(string(r[:longueurNomBailleur]))
	}
	err := s.db.db(ctx).Exec(`
UPDATE siap_anomalie a SET resolue_le = @le FROM bailleur b
WHERE a.numero_operation = '' AND a.code = @code AND a.champ = @champ AND a.resolue_le IS NULL AND b.id = @id
  AND (b.nom = @nom OR a.valeur <> @nom)`,
		map[string]any{"le": le, "code": operation.AnomalieNomHabilitation, "champ": champ, "id": d.BailleurID, "nom": d.Nom}).Error
	if err != nil || d.Nom == "" {
		return err
	}
	err = s.db.db(ctx).Exec(`
INSERT INTO siap_anomalie (numero_operation, code, champ, valeur, message, premiere_fois, derniere_fois)
SELECT '', @code, @champ, @nom, 'L’habilitation nomme autrement le bailleur « ' || b.nom || ' » : le nom d’ici, donné par ses opérations, est gardé.', @le, @le
FROM bailleur b WHERE b.id = @id AND b.nom <> @nom
ON CONFLICT (numero_operation, code, champ, valeur) DO UPDATE SET message = excluded.message, derniere_fois = excluded.derniere_fois,
  occurrences = siap_anomalie.occurrences + 1, resolue_le = NULL
WHERE siap_anomalie.resolue_le IS NOT NULL OR siap_anomalie.derniere_fois < @hier`,
		map[string]any{"code": operation.AnomalieNomHabilitation, "champ": champ, "id": d.BailleurID, "nom": d.Nom, "le": le, "hier": le.Add(-24 * time.Hour)}).Error
	if err != nil {
		return fmt.Errorf("note the name of a bailleur: %w", err)
	}
	return nil
}

// NoterInconnue notes a code of a habilitation that is in no list, counted once a day at most.
func (s FusionsSIAP) NoterInconnue(ctx context.Context, champ, valeur string, le time.Time) error {
	err := s.db.db(ctx).Exec(`
INSERT INTO siap_anomalie (numero_operation, code, champ, valeur, message, premiere_fois, derniere_fois)
VALUES ('', @code, @champ, @valeur, 'Code inconnu dans une habilitation : elle donne au plus un accès en lecture.', @le, @le)
ON CONFLICT (numero_operation, code, champ, valeur) DO UPDATE SET derniere_fois = excluded.derniere_fois,
  occurrences = siap_anomalie.occurrences + 1, resolue_le = NULL
WHERE siap_anomalie.resolue_le IS NOT NULL OR siap_anomalie.derniere_fois < @hier`,
		map[string]any{"code": operation.AnomalieValeurInconnue, "champ": champ, "valeur": valeur, "le": le, "hier": le.Add(-24 * time.Hour)}).Error
	if err != nil {
		return fmt.Errorf("note an unknown code of SIAP: %w", err)
	}
	return nil
}
