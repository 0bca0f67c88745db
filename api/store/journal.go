package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"apilos/api/convention"
	"apilos/api/event"
)

// Journaliser appends a row to the journal of a family. Rows of a family are chained: each digest covers the previous one
// and the row's content, and an anchor remembers the last one, so that a removal or a change is seen (CC-32). The root is
// locked by the caller, hence one writer at a time and no global contention; should it not be, the database refuses the
// second of two rows that follow the same one and InTx tries again. A reading (CC-33) is no link of its family: the database
// puts it in a chain of readings, and nobody waits.
func (d *DB) Journaliser(ctx context.Context, racineID int64, j event.Journal) error {
	if j.CreeLe.IsZero() { // the database would date it after the digest is taken
		return errors.New("journal: a row without an instant")
	}
	j.RacineID = &racineID
	if j.Action == event.Lecture {
		if err := d.db(ctx).Create(&j).Error; err != nil {
			return fmt.Errorf("journal: %w", err)
		}
		return nil
	}
	var precedente *string
	err := d.db(ctx).Raw(`SELECT empreinte FROM journal_ancre WHERE racine_id = ?`, racineID).Scan(&precedente).Error
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

// ChampsModifies implements convention.Store from the journal: each write of a convention has its instant there. A comment
// raises no version.
func (d *DB) ChampsModifies(ctx context.Context, dos *convention.Dossier, n int) ([]string, error) {
	var out []string
	err := d.db(ctx).Raw(`
WITH ecrites AS (
  SELECT j.nom_table, j.apres, dense_rank() OVER (ORDER BY j.cree_le DESC) AS rang FROM journal_audit j
  WHERE j.racine_id = @racine AND j.action <> 'L' AND j.apres IS NOT NULL AND (j.nom_table = 'convention' AND j.ligne_id = @convention
    OR j.nom_table = 'operation' AND j.ligne_id = @operation
    OR j.nom_table = 'fichier' AND EXISTS (SELECT FROM fichier_rattache r WHERE r.fichier_id = j.ligne_id AND (r.convention_id = @convention OR r.operation_id = @operation))))
SELECT DISTINCT k.cle FROM (
  SELECT 'documents' AS cle FROM ecrites WHERE rang <= @n AND nom_table = 'fichier'
  UNION ALL SELECT c.cle FROM ecrites, jsonb_object_keys(apres) AS c (cle) WHERE rang <= @n AND nom_table <> 'fichier' AND jsonb_typeof(apres) = 'object') k
ORDER BY k.cle`, map[string]any{"racine": dos.Racine.ID, "convention": dos.Convention.ID, "operation": dos.Operation.ID, "n": n}).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("read what changed: %w", err)
	}
	return out, nil
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

// Historique implements convention.Store: newest first, by keyset on the id; the rows of the conventions that it
// absorbed are its own, with their origin (MX-07).
func (d *DB) Historique(ctx context.Context, conventionID, apres int64, limite int) ([]convention.LigneHistorique, error) {
	var out []convention.LigneHistorique
	q := d.db(ctx).Table("convention_historique h").
		Select(`h.*, l.libelle AS origine_libelle, trim(coalesce(u.prenom, '') || ' ' || coalesce(u.nom, '')) AS acteur_nom,
		        trim(coalesce(s.prenom, '') || ' ' || coalesce(s.nom, '')) AS detour_nom`).
		Joins("JOIN ("+lignee+"SELECT id, libelle FROM lignee) l ON l.id = h.convention_id", conventionID).
		Joins("LEFT JOIN utilisateur u ON u.id = h.utilisateur_id").
		Joins("LEFT JOIN utilisateur s ON s.id = h.detourne_par_id").
		Order("h.id DESC").Limit(limite)
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
WHERE h.convention_id IN (`+lignee+`SELECT id FROM lignee) AND h.role_typologie IS NOT NULL AND NOT u.est_staff AND NOT u.est_superuser
ORDER BY 2, 1`, conventionID).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("contributors: %w", err)
	}
	return out, nil
}
