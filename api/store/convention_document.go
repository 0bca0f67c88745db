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
	"github.com/google/uuid"
	"gorm.io/gorm"
)

// ConventionsDe implements convention.Store.
func (d *DB) ConventionsDe(ctx context.Context, o convention.ObjetPlan, id uuid.UUID) ([]uuid.UUID, error) {
	source := `JOIN operation o ON o.id = c.operation_id WHERE o.uuid = ?`
	if o == convention.PlanLot {
		source = `JOIN lot l ON l.convention_id = c.id WHERE l.uuid = ?`
	}
	var out []uuid.UUID
	if err := d.db(ctx).Raw(`SELECT c.uuid FROM convention c `+source+` AND c.supprime_le IS NULL ORDER BY c.id`, id).Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("find conventions of %s: %w", o, err)
	}
	return out, nil
}

// AttacherFichiers implements convention.Store.
func (d *DB) AttacherFichiers(ctx context.Context, dos *convention.Dossier, a *convention.Attachement, p auth.Principal, le time.Time) error {
	var par, conventionID, operationID *int64
	if p.UtilisateurID != 0 {
		par = &p.UtilisateurID
	}
	conventionID = &dos.Convention.ID
	if convention.SurOperation(a.Rubrique) {
		conventionID, operationID = nil, &dos.Operation.ID
	}
	var typePiece *string
	if a.TypePiece != "" {
		typePiece = &a.TypePiece
	}
	err := d.db(ctx).Exec(`UPDATE fichier_rattache a SET remplace_le = ?, remplace_par_id = ?
	   WHERE (a.convention_id = ? OR a.operation_id = ?) AND a.rubrique = ? AND a.type_piece IS NOT DISTINCT FROM ? AND a.remplace_le IS NULL
	     AND (NOT ? OR EXISTS (SELECT FROM revision n JOIN revision p ON p.nature = n.nature AND p.portee_cle = n.portee_cle WHERE n.id = ? AND p.id = a.revision_id))`,
		le, par, conventionID, operationID, a.Rubrique, typePiece, a.ParPortee, a.RevisionID).Error
	if err != nil {
		return fmt.Errorf("archive document: %w", err)
	}
	for i := range a.Fichiers {
		f := &a.Fichiers[i]
		if err := d.inscrireFichier(ctx, f); err != nil {
			return err
		}
		r := fichier.FichierRattache{
			UUID: uuid.Must(uuid.NewV7()), FichierID: f.ID, ConventionID: conventionID, OperationID: operationID, Rubrique: a.Rubrique,
			TypePiece: typePiece, Ordre: i, CreeParID: par, CreeLe: le, RevisionID: &a.RevisionID,
		}
		if err := d.db(ctx).Create(&r).Error; err != nil {
			return fmt.Errorf("attach file: %w", err)
		}
		a.Documents = append(a.Documents, r.UUID)
		// The same object may belong to several revisions (restore): they share its row.
		err := d.db(ctx).Exec(`UPDATE revision_fichier SET fichier_id = ? WHERE revision_id = ? AND cle_objet = ?`, f.ID, a.RevisionID, f.CleObjet).Error
		if err != nil {
			return fmt.Errorf("link file to its revision: %w", err)
		}
	}
	return nil
}

// inscrireFichier inserts a new file, or reads again the one that a restored revision publishes.
func (d *DB) inscrireFichier(ctx context.Context, f *fichier.Fichier) error {
	if f.ID == 0 {
		if err := d.db(ctx).Create(f).Error; err != nil {
			return fmt.Errorf("insert file: %w", err)
		}
		return nil
	}
	connu := fichier.Fichier{}
	if err := d.db(ctx).Take(&connu, f.ID).Error; err != nil {
		return fmt.Errorf("file %d of a restored revision: %w", f.ID, err)
	}
	*f = connu
	return nil
}

// ArchiverDocuments implements convention.Store.
func (d *DB) ArchiverDocuments(ctx context.Context, dos *convention.Dossier, p auth.Principal, le time.Time, rubriques ...string) error {
	var par *int64
	if p.UtilisateurID != 0 {
		par = &p.UtilisateurID
	}
	err := d.db(ctx).Exec(`WITH a AS (UPDATE fichier_rattache SET remplace_le = ?, remplace_par_id = ?
	   WHERE convention_id = ? AND rubrique IN ? AND remplace_le IS NULL RETURNING revision_id)
	   UPDATE revision SET courante = false WHERE courante AND id IN (SELECT revision_id FROM a)`, le, par, dos.Convention.ID, rubriques).Error
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

// EcrireVerdict implements convention.Store. The revisions that hold the file know it too.
func (d *DB) EcrireVerdict(ctx context.Context, f *fichier.Fichier) error {
	err := d.db(ctx).Table("fichier").Where("id = ?", f.ID).Updates(map[string]any{"antivirus": f.Antivirus, "supprime_le": f.SupprimeLe}).Error
	if err == nil {
		err = d.db(ctx).Exec(`UPDATE revision_fichier SET antivirus = ? WHERE fichier_id = ?`, f.Antivirus, f.ID).Error
	}
	if err != nil {
		return fmt.Errorf("write verdict: %w", err)
	}
	return nil
}

// RetablirDocument implements convention.Store.
func (d *DB) RetablirDocument(ctx context.Context, conventionID, infecteID int64, le time.Time) error {
	var retire []fichier.FichierRattache
	err := d.db(ctx).Raw(`UPDATE fichier_rattache SET remplace_le = ? WHERE fichier_id = ? AND convention_id = ? AND remplace_le IS NULL
	   RETURNING *`, le, infecteID, conventionID).Scan(&retire).Error
	if err != nil {
		return fmt.Errorf("withdraw infected document: %w", err)
	}
	if len(retire) == 0 {
		return nil // it was already replaced
	}
	if err := d.db(ctx).Exec(`UPDATE revision SET courante = false WHERE courante AND id = ?`, retire[0].RevisionID).Error; err != nil {
		return fmt.Errorf("withdraw infected revision: %w", err)
	}
	// Only a signed convention keeps its previous file: before signature the deposit simply never was.
	err = d.db(ctx).Exec(`WITH a AS (UPDATE fichier_rattache SET remplace_le = NULL, remplace_par_id = NULL WHERE id = (
	   SELECT r.id FROM fichier_rattache r JOIN fichier f ON f.id = r.fichier_id JOIN convention c ON c.id = r.convention_id
	    WHERE r.convention_id = ? AND r.rubrique = ? AND r.fichier_id <> ? AND f.supprime_le IS NULL
	      AND f.antivirus IN ('SAIN','NON_ANALYSE') AND c.statut <> 'A_SIGNER' ORDER BY r.id DESC LIMIT 1) RETURNING revision_id)
	   UPDATE revision SET courante = true WHERE statut = 'published' AND id IN (SELECT revision_id FROM a)`,
		conventionID, retire[0].Rubrique, infecteID).Error
	if err != nil {
		return fmt.Errorf("restore previous document: %w", err)
	}
	return nil
}
