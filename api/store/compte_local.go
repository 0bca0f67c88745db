package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"apilos/api/compte"
	"apilos/api/date"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// ComptesParIdentifiant implements compte.Store.
func (s *Comptes) ComptesParIdentifiant(ctx context.Context, identifiant string) ([]compte.Utilisateur, error) {
	var rows []compte.Utilisateur
	if identifiant == "" {
		return nil, nil
	}
	err := s.db.db(ctx).Where("est_actif AND (lower(username) = lower(?) OR lower(email) = lower(?))", identifiant, identifiant).
		Order("id").Limit(2).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	return rows, nil
}

// VerrouillerUtilisateur implements compte.Store.
func (s *Comptes) VerrouillerUtilisateur(ctx context.Context, id int64) (*compte.Utilisateur, error) {
	return s.utilisateur(ctx, true, "id = ?", id)
}

// UtilisateurParUUID implements compte.Store.
func (s *Comptes) UtilisateurParUUID(ctx context.Context, id uuid.UUID) (*compte.Utilisateur, error) {
	return s.utilisateur(ctx, false, "uuid = ?", id)
}

// RoleLocal implements compte.Store: the latest one that is not past.
func (s *Comptes) RoleLocal(ctx context.Context, utilisateurID int64) (*compte.RoleLocal, error) {
	var rows []compte.RoleLocal
	err := s.db.db(ctx).Raw(`
SELECT r.*, coalesce(b.nom, a.nom, '') AS entite_nom
FROM role r LEFT JOIN bailleur b ON b.id = r.bailleur_id LEFT JOIN administration a ON a.id = r.administration_id
WHERE r.utilisateur_id = ? AND r.habilitation_id IS NULL
ORDER BY (r.expire_le IS NULL) DESC, r.expire_le DESC, r.mis_a_jour_le DESC, r.id DESC LIMIT 1`, utilisateurID).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// RemplacerRoleLocal implements compte.Store.
func (s *Comptes) RemplacerRoleLocal(ctx context.Context, r compte.Role, le time.Time) error {
	db := s.db.db(ctx)
	err := db.Exec(`UPDATE role SET expire_le = ?, version = version + 1, mis_a_jour_le = ?
		WHERE utilisateur_id = ? AND habilitation_id IS NULL AND expire_le IS NULL`, date.InParis(le).AddDays(-1), le, r.UtilisateurID).Error
	if err != nil {
		return err
	}
	return db.Exec(`
INSERT INTO role (utilisateur_id, typologie, lecture_seule, bailleur_id, administration_id, perimetre_region, perimetre_departement, profil_siap, cree_le, mis_a_jour_le)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (utilisateur_id, typologie, bailleur_id, administration_id, perimetre_region, perimetre_departement, lecture_seule)
DO UPDATE SET habilitation_id = NULL, expire_le = NULL, profil_siap = EXCLUDED.profil_siap, version = role.version + 1, mis_a_jour_le = EXCLUDED.mis_a_jour_le`,
		r.UtilisateurID, r.Typologie, r.LectureSeule, r.BailleurID, r.AdministrationID, r.PerimetreRegion, r.PerimetreDepartement, r.ProfilSiap, le, le).Error
}

// CibleDuRole implements compte.Store.
func (s *Comptes) CibleDuRole(ctx context.Context, r compte.DemandeRole) (compte.CibleRole, error) {
	var c compte.CibleRole
	err := s.db.db(ctx).Raw(`
SELECT coalesce((SELECT id FROM bailleur WHERE siren = nullif(?, '') ORDER BY id LIMIT 1), 0) AS bailleur_id,
       coalesce((SELECT id FROM administration WHERE code = nullif(?, '')), 0) AS administration_id,
       EXISTS (SELECT FROM region WHERE code_insee = ?) AS region_connue,
       EXISTS (SELECT FROM departement WHERE code_insee = ?) AS departement_connu`,
		r.Siren, r.Administration, r.Region, r.Departement).Scan(&c).Error
	return c, err
}

// ListerComptes implements compte.Store. Every word must be found in one of the names.
func (s *Comptes) ListerComptes(ctx context.Context, recherche string, le time.Time, decalage, limite int) ([]compte.LigneCompte, int, error) {
	q := s.db.db(ctx).Table("utilisateur u")
	for _, mot := range strings.Fields(recherche) {
		q = q.Where("sans_accent(u.nom || ' ' || u.prenom || ' ' || u.email || ' ' || u.username) LIKE ?", contient(mot))
	}
	var total int64
	if err := q.Session(&gorm.Session{}).Count(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count accounts: %w", err)
	}
	var rows []compte.LigneCompte
	err := q.Select(`u.*, (SELECT max(t.bloque_jusqu_a) FROM tentative_connexion t
		WHERE t.compte = left(lower(u.username), 254) AND t.bloque_jusqu_a > ?) AS verrouille_jusqu_a`, le).
		Order("u.nom, u.prenom, u.id").Offset(decalage).Limit(limite).Scan(&rows).Error
	if err != nil {
		return nil, 0, fmt.Errorf("list accounts: %w", err)
	}
	return rows, int(total), nil
}

// VerrouillerTentatives implements compte.Store. The row of all addresses comes first, for everybody.
func (s *Comptes) VerrouillerTentatives(ctx context.Context, nom, ip string, le time.Time) (paire, total *compte.TentativeConnexion, err error) {
	db := s.db.db(ctx)
	for _, adresse := range []string{"", ip} {
		t := compte.TentativeConnexion{Compte: nom, IP: adresse, DernierEchecLe: le}
		if err := db.Clauses(clause.OnConflict{DoNothing: true}).Create(&t).Error; err != nil {
			return nil, nil, fmt.Errorf("open the count of failures: %w", err)
		}
		var row compte.TentativeConnexion
		err := db.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate}).Where("compte = ? AND ip = ?", nom, adresse).Take(&row).Error
		if err != nil {
			return nil, nil, fmt.Errorf("lock the count of failures: %w", err)
		}
		if adresse == "" {
			total = &row
		}
		paire = &row
	}
	return paire, total, nil
}

// EcrireTentative implements compte.Store.
func (s *Comptes) EcrireTentative(ctx context.Context, t compte.TentativeConnexion) error {
	return s.db.db(ctx).Exec("UPDATE tentative_connexion SET echecs = ?, dernier_echec_le = ?, bloque_jusqu_a = ? WHERE compte = ? AND ip = ?",
		t.Echecs, t.DernierEchecLe, t.BloqueJusquA, t.Compte, t.IP).Error
}

// OublierTentatives implements compte.Store.
func (s *Comptes) OublierTentatives(ctx context.Context, nom, ip string) (int, error) {
	res := s.db.db(ctx).Exec("DELETE FROM tentative_connexion WHERE compte = ? AND (? = '' OR ip = ?)", nom, ip, ip)
	return int(res.RowsAffected), res.Error
}

// PurgerTentatives implements compte.Store.
func (s *Comptes) PurgerTentatives(ctx context.Context, avant, le time.Time) error {
	return s.db.db(ctx).Exec(`DELETE FROM tentative_connexion
		WHERE dernier_echec_le < ? AND (bloque_jusqu_a IS NULL OR bloque_jusqu_a <= ?)`, avant, le).Error
}

// AjouterLien implements compte.Store.
func (s *Comptes) AjouterLien(ctx context.Context, j compte.JetonUnique) error {
	return s.db.db(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&j).Error
}

// LienExiste implements compte.Store.
func (s *Comptes) LienExiste(ctx context.Context, empreinte string) (bool, error) {
	var oui bool
	err := s.db.db(ctx).Raw("SELECT EXISTS (SELECT FROM jeton_unique WHERE empreinte = ?)", empreinte).Scan(&oui).Error
	return oui, err
}

// LiensVivants implements compte.Store.
func (s *Comptes) LiensVivants(ctx context.Context, utilisateurID int64, le time.Time) (int, error) {
	var n int
	err := s.db.db(ctx).Raw("SELECT count(*) FROM jeton_unique WHERE utilisateur_id = ? AND usage = 'MOT_DE_PASSE' AND expire_le > ?", utilisateurID, le).Scan(&n).Error
	return n, err
}

// Lien implements compte.Store.
func (s *Comptes) Lien(ctx context.Context, empreinte string, le time.Time) (*compte.JetonUnique, error) {
	var rows []compte.JetonUnique
	err := s.db.db(ctx).Where("empreinte = ? AND usage = 'MOT_DE_PASSE' AND utilise_le IS NULL AND expire_le > ?", empreinte, le).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// UtiliserLien implements compte.Store.
func (s *Comptes) UtiliserLien(ctx context.Context, empreinte string, le time.Time) (bool, error) {
	res := s.db.db(ctx).Exec(`UPDATE jeton_unique SET utilise_le = ?
		WHERE empreinte = ? AND usage = 'MOT_DE_PASSE' AND utilise_le IS NULL AND expire_le > ?`, le, empreinte, le)
	return res.RowsAffected == 1, res.Error
}

// PerimerLiens implements compte.Store. The rows stay: they count against the limit of the hour.
func (s *Comptes) PerimerLiens(ctx context.Context, utilisateurID int64, le time.Time) error {
	return s.db.db(ctx).Exec("UPDATE jeton_unique SET utilise_le = ? WHERE utilisateur_id = ? AND usage = 'MOT_DE_PASSE' AND utilise_le IS NULL", le, utilisateurID).Error
}
