package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/fichier"
	"gorm.io/gorm"
)

// InsererDocument implements convention.Store.
func (d *DB) InsererDocument(ctx context.Context, dos *convention.Dossier, f *fichier.Fichier, r *fichier.FichierRattache, le time.Time) error {
	if err := d.db(ctx).Exec(`UPDATE fichier_rattache SET remplace_le = ?, remplace_par_id = ?
	   WHERE convention_id = ? AND rubrique = ? AND remplace_le IS NULL`, le, r.CreeParID, dos.Convention.ID, r.Rubrique).Error; err != nil {
		return fmt.Errorf("archive document: %w", err)
	}
	if err := d.db(ctx).Create(f).Error; err != nil {
		return fmt.Errorf("insert file: %w", err)
	}
	r.FichierID = f.ID
	if err := d.db(ctx).Create(r).Error; err != nil {
		return fmt.Errorf("attach file: %w", err)
	}
	return nil
}

// ArchiverDocuments implements convention.Store.
func (d *DB) ArchiverDocuments(ctx context.Context, dos *convention.Dossier, p auth.Principal, le time.Time, rubriques ...string) error {
	var par *int64
	if p.UtilisateurID != 0 {
		par = &p.UtilisateurID
	}
	err := d.db(ctx).Exec(`UPDATE fichier_rattache SET remplace_le = ?, remplace_par_id = ?
	   WHERE convention_id = ? AND rubrique IN ? AND remplace_le IS NULL`, le, par, dos.Convention.ID, rubriques).Error
	if err != nil {
		return fmt.Errorf("archive documents: %w", err)
	}
	return nil
}

// PerimerDocumentsGeneres implements convention.Store.
func (d *DB) PerimerDocumentsGeneres(ctx context.Context, conventionID int64) error {
	err := d.db(ctx).Exec(`UPDATE document_genere SET etat = 'OBSOLETE' WHERE convention_id = ? AND etat = 'PRET' AND fichier_id IS NOT NULL`, conventionID).Error
	if err != nil {
		return fmt.Errorf("expire generated documents: %w", err)
	}
	return nil
}

// VerrouillerFichier implements convention.Store: the family first when the file is attached to a
// convention, then the file. The dossier is nil for a file attached to nothing.
func (d *DB) VerrouillerFichier(ctx context.Context, fichierID int64) (*fichier.Fichier, *convention.Dossier, error) {
	var ids []struct{ ID, Racine int64 }
	err := d.db(ctx).Raw(`SELECT c.id, coalesce(c.parent_id, c.id) AS racine FROM fichier_rattache r
	   JOIN convention c ON c.id = r.convention_id WHERE r.fichier_id = ? ORDER BY r.id LIMIT 1`, fichierID).Scan(&ids).Error
	if err != nil {
		return nil, nil, fmt.Errorf("find convention of file: %w", err)
	}
	var dos *convention.Dossier
	if len(ids) == 1 {
		if err := d.verrouillerFamille(ctx, ids[0].Racine, ids[0].ID); err != nil {
			return nil, nil, err
		}
		if dos, err = d.dossier(ctx, ids[0].ID); err != nil {
			return nil, nil, err
		}
	}
	var f fichier.Fichier
	err = d.db(ctx).Raw(`SELECT * FROM fichier WHERE id = ? FOR UPDATE`, fichierID).Take(&f).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil, fault.Introuvable("Ce fichier")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("lock file: %w", err)
	}
	return &f, dos, nil
}

// EcrireVerdict implements convention.Store.
func (d *DB) EcrireVerdict(ctx context.Context, f *fichier.Fichier) error {
	err := d.db(ctx).Table("fichier").Where("id = ?", f.ID).Updates(map[string]any{"antivirus": f.Antivirus, "supprime_le": f.SupprimeLe}).Error
	if err != nil {
		return fmt.Errorf("write verdict: %w", err)
	}
	return nil
}

// RetablirDocument implements convention.Store.
func (d *DB) RetablirDocument(ctx context.Context, conventionID int64, rubrique string, infecteID int64, le time.Time) error {
	res := d.db(ctx).Exec(`UPDATE fichier_rattache SET remplace_le = ? WHERE convention_id = ? AND rubrique = ? AND fichier_id = ? AND remplace_le IS NULL`,
		le, conventionID, rubrique, infecteID)
	if res.Error != nil {
		return fmt.Errorf("withdraw infected document: %w", res.Error)
	}
	if res.RowsAffected == 0 {
		return nil // it was already replaced
	}
	// Only a signed convention keeps its previous file: before signature the deposit simply never was.
	err := d.db(ctx).Exec(`UPDATE fichier_rattache SET remplace_le = NULL, remplace_par_id = NULL WHERE id = (
	   SELECT r.id FROM fichier_rattache r JOIN fichier f ON f.id = r.fichier_id JOIN convention c ON c.id = r.convention_id
	    WHERE r.convention_id = ? AND r.rubrique = ? AND r.fichier_id <> ? AND f.supprime_le IS NULL
	      AND f.antivirus IN ('SAIN','NON_ANALYSE') AND c.statut <> 'A_SIGNER' ORDER BY r.id DESC LIMIT 1)`,
		conventionID, rubrique, infecteID).Error
	if err != nil {
		return fmt.Errorf("restore previous document: %w", err)
	}
	return nil
}
