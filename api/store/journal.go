package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"apilos/api/convention"
	"apilos/api/event"
)

// Journaliser appends a row to the journal of a family. Rows of a family are chained: each digest
// covers the previous one and the row's content, so a removal or a change is seen (CC-32). The root is
// locked by the caller, hence one writer at a time and no global contention.
func (d *DB) Journaliser(ctx context.Context, racineID int64, j event.Journal) error {
	j.RacineID = &racineID
	var precedente *string
	err := d.db(ctx).Raw(`SELECT empreinte FROM journal_audit WHERE racine_id = ? ORDER BY id DESC LIMIT 1`, racineID).Scan(&precedente).Error
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	e, err := empreinteJournal(precedente, j)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	j.EmpreintePrecedente, j.Empreinte = precedente, &e
	if err := d.db(ctx).Create(&j).Error; err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// empreinteJournal is sha256 of the previous digest followed by the canonical JSON of the row.
func empreinteJournal(precedente *string, j event.Journal) (string, error) {
	contenu, err := json.Marshal(struct {
		Racine, Ligne  *int64
		Table, Action  string
		Commande, Mode string
		Objet          any
		Avant, Apres   any
		Motif, Acteur  string
		Utilisateur    *int64
		Detourne       *int64
		Habilitation   *int
		Requete        any
		Le             string
	}{
		j.RacineID, j.LigneID, j.NomTable, j.Action, j.Commande, j.Mode, j.ObjetUUID, canonique(j.Avant), canonique(j.Apres),
		j.Motif, j.Acteur, j.UtilisateurID, j.DetourneParID, j.HabilitationID, j.RequeteID, j.CreeLe.UTC().Format("2006-01-02T15:04:05.000000Z"),
	})
	if err != nil {
		return "", err
	}
	debut := ""
	if precedente != nil {
		debut = *precedente
	}
	return empreinte(append([]byte(debut), contenu...)), nil
}

// canonique gives the same text to a JSON value before and after its stay in a jsonb column: keys are
// sorted and spaces removed.
func canonique(brut json.RawMessage) any {
	if len(brut) == 0 {
		return nil
	}
	var v any
	if err := json.Unmarshal(brut, &v); err != nil {
		return string(brut)
	}
	return v
}

func empreinte(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// Historique implements convention.Store: newest first, by keyset on the id.
func (d *DB) Historique(ctx context.Context, conventionID, apres int64, limite int) ([]convention.LigneHistorique, error) {
	var out []convention.LigneHistorique
	q := d.db(ctx).Table("convention_historique h").
		Select(`h.*, trim(coalesce(u.prenom, '') || ' ' || coalesce(u.nom, '')) AS acteur_nom,
		        trim(coalesce(s.prenom, '') || ' ' || coalesce(s.nom, '')) AS detour_nom`).
		Joins("LEFT JOIN utilisateur u ON u.id = h.utilisateur_id").
		Joins("LEFT JOIN utilisateur s ON s.id = h.detourne_par_id").
		Where("h.convention_id = ?", conventionID).Order("h.id DESC").Limit(limite)
	if apres > 0 {
		q = q.Where("h.id < ?", apres)
	}
	if err := q.Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	return out, nil
}

// Contributeurs implements convention.Store (JO-01): distinct users of the history, staff excluded, by
// the role they had then; one statement.
func (d *DB) Contributeurs(ctx context.Context, conventionID int64) ([]convention.Contributeur, error) {
	var out []convention.Contributeur
	err := d.db(ctx).Raw(`
SELECT DISTINCT trim(u.prenom || ' ' || u.nom) AS nom, h.role_typologie <> 'BAILLEUR' AS cote_instructeur
FROM convention_historique h JOIN utilisateur u ON u.id = h.utilisateur_id
WHERE h.convention_id = ? AND h.role_typologie IS NOT NULL AND NOT u.est_staff AND NOT u.est_superuser
ORDER BY 2, 1`, conventionID).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("contributors: %w", err)
	}
	return out, nil
}

// VerifierJournal reads the chain of a family again and reports its first broken link (CC-32).
func (d *DB) VerifierJournal(ctx context.Context, racineID int64) error {
	rows, err := d.db(ctx).Model(&event.Journal{}).Where("racine_id = ?", racineID).Order("id").Rows()
	if err != nil {
		return fmt.Errorf("verify journal: %w", err)
	}
	defer rows.Close()
	var precedente *string
	for rows.Next() {
		var j event.Journal
		if err := d.gorm.ScanRows(rows, &j); err != nil {
			return fmt.Errorf("verify journal: %w", err)
		}
		e, err := empreinteJournal(precedente, j)
		if err != nil {
			return fmt.Errorf("verify journal: %w", err)
		}
		if j.Empreinte == nil || *j.Empreinte != e || !memeTexte(j.EmpreintePrecedente, precedente) {
			return fmt.Errorf("journal chain of family %d broken at row %d", racineID, j.ID)
		}
		precedente = j.Empreinte
	}
	return rows.Err()
}

func memeTexte(a, b *string) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// VerifierJournaux verifies the chain of every family.
func (d *DB) VerifierJournaux(ctx context.Context) error {
	var racines []int64
	if err := d.db(ctx).Raw(`SELECT DISTINCT racine_id FROM journal_audit WHERE racine_id IS NOT NULL ORDER BY 1`).Scan(&racines).Error; err != nil {
		return fmt.Errorf("verify journals: %w", err)
	}
	for _, id := range racines {
		if err := d.VerifierJournal(ctx, id); err != nil {
			return err
		}
	}
	return nil
}
