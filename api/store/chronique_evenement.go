package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"apilos/api/chronique"
	"apilos/api/convention"
	"apilos/api/event"
	"apilos/api/fichier"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// Chroniques keeps the facts of the journal de bord and reads what happened to conventions.
type Chroniques struct{ *DB }

// NewChroniques returns the store of package chronique.
func NewChroniques(db *DB) Chroniques { return Chroniques{db} }

var _ chronique.Store = Chroniques{}

// ConventionDeLEvenement implements chronique.Store.
func (d Chroniques) ConventionDeLEvenement(ctx context.Context, id uuid.UUID) (uuid.UUID, error) {
	var row struct{ UUID uuid.UUID } // GORM takes a bare uuid for a slice of bytes
	err := d.db(ctx).Raw(`SELECT c.uuid FROM evenement e JOIN convention c ON c.id = e.convention_id WHERE e.uuid = ?`, id).Scan(&row).Error
	if err != nil {
		return uuid.Nil, fmt.Errorf("find convention of event: %w", err)
	}
	return row.UUID, nil
}

const selectionEvenement = `SELECT e.*, c.uuid AS convention_uuid, coalesce(btrim(concat(a.prenom, ' ', a.nom)), '') AS cree_par,
  coalesce(btrim(concat(x.prenom, ' ', x.nom)), '') AS annule_par, coalesce(btrim(concat(m.prenom, ' ', m.nom)), '') AS modifie_par, v.cree_le AS modifie_le
FROM evenement e JOIN convention c ON c.id = e.convention_id
LEFT JOIN utilisateur a ON a.id = e.cree_par_id LEFT JOIN utilisateur x ON x.id = e.annule_par_id
LEFT JOIN evenement_version v ON v.evenement_id = e.id AND v.version = e.version - 1 LEFT JOIN utilisateur m ON m.id = v.modifie_par_id `

// ligneEvenement is a fact as selectionEvenement gives it: the members of chronique.Evenement that are not columns
// of the table.
type ligneEvenement struct {
	event.Evenement
	ConventionUUID                 uuid.UUID
	CreePar, AnnulePar, ModifiePar string
	ModifieLe                      *time.Time
}

// Evenements implements chronique.Store: two statements for the page and one for its files, whatever its size (CC-51).
func (d Chroniques) Evenements(ctx context.Context, conventionID int64, page chronique.Page) ([]chronique.Evenement, int, error) {
	var total int
	if err := d.db(ctx).Raw(`SELECT count(*) FROM evenement WHERE convention_id = ?`, conventionID).Scan(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count events: %w", err)
	}
	out, err := d.evenements(ctx, `WHERE e.convention_id = ? ORDER BY e.survenu_le DESC, e.id DESC LIMIT ? OFFSET ?`,
		conventionID, page.ParPage, (page.Page-1)*page.ParPage)
	return out, total, err
}

// Evenement implements chronique.Store.
func (d Chroniques) Evenement(ctx context.Context, conventionID int64, id uuid.UUID) (*chronique.Evenement, error) {
	out, err := d.evenements(ctx, `WHERE e.convention_id = ? AND e.uuid = ?`, conventionID, id)
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return &out[0], nil
}

func (d Chroniques) evenements(ctx context.Context, suite string, args ...any) ([]chronique.Evenement, error) {
	var lignes []ligneEvenement
	if err := d.db(ctx).Raw(selectionEvenement+suite, args...).Scan(&lignes).Error; err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	ids := make([]int64, 0, len(lignes))
	for _, l := range lignes {
		ids = append(ids, l.ID)
	}
	fichiers, err := d.piecesDe(ctx, `r.evenement_id IN ? AND r.remplace_le IS NULL`, ids)
	if err != nil {
		return nil, err
	}
	out := make([]chronique.Evenement, 0, len(lignes))
	for _, l := range lignes {
		e := chronique.Evenement{
			Evenement: l.Evenement, ConventionUUID: l.ConventionUUID, CreePar: l.CreePar, AnnulePar: l.AnnulePar, ModifiePar: l.ModifiePar, ModifieLe: l.ModifieLe,
		}
		for _, f := range fichiers {
			if *f.Rattache.EvenementID != l.ID {
				continue
			}
			e.Fichiers = append(e.Fichiers, f)
			if f.Rattache.RevisionID != nil {
				e.Revision = *f.Rattache.RevisionID
			}
		}
		out = append(out, e)
	}
	return out, nil
}

// piecesDe reads attached files by a condition over r (fichier_rattache), in their order.
func (d Chroniques) piecesDe(ctx context.Context, condition string, args ...any) ([]convention.Document, error) {
	var rattaches []fichier.FichierRattache
	if err := d.db(ctx).Raw(`SELECT r.* FROM fichier_rattache r WHERE `+condition+` ORDER BY r.ordre, r.id`, args...).Scan(&rattaches).Error; err != nil {
		return nil, fmt.Errorf("read attached files: %w", err)
	}
	if len(rattaches) == 0 {
		return nil, nil
	}
	ids := make([]int64, 0, len(rattaches))
	for _, r := range rattaches {
		ids = append(ids, r.FichierID)
	}
	var fichiers []struct {
		fichier.Fichier
		Deposant string
	}
	err := d.db(ctx).Raw(`SELECT f.*, coalesce(btrim(concat(u.prenom, ' ', u.nom)), '') AS deposant FROM fichier f LEFT JOIN utilisateur u ON u.id = f.depose_par_id WHERE f.id IN ?`,
		ids).Scan(&fichiers).Error
	if err != nil {
		return nil, fmt.Errorf("read attached files: %w", err)
	}
	out := make([]convention.Document, 0, len(rattaches))
	for _, r := range rattaches {
		for _, f := range fichiers {
			if f.ID == r.FichierID {
				out = append(out, convention.Document{Rattache: r, Fichier: f.Fichier, DeposePar: f.Deposant})
			}
		}
	}
	return out, nil
}

// Versions implements chronique.Store.
func (d Chroniques) Versions(ctx context.Context, evenementID int64) ([]chronique.Version, error) {
	var lignes []struct {
		event.EvenementVersion
		RemplaceePar string
	}
	err := d.db(ctx).Raw(`SELECT v.*, coalesce(btrim(concat(u.prenom, ' ', u.nom)), '') AS remplacee_par FROM evenement_version v
		LEFT JOIN utilisateur u ON u.id = v.modifie_par_id WHERE v.evenement_id = ? ORDER BY v.version DESC`, evenementID).Scan(&lignes).Error
	if err != nil {
		return nil, fmt.Errorf("read versions of event: %w", err)
	}
	pieces, err := d.piecesDe(ctx, `r.evenement_id = ?`, evenementID)
	if err != nil {
		return nil, err
	}
	out := make([]chronique.Version, 0, len(lignes))
	for _, l := range lignes {
		v := chronique.Version{EvenementVersion: l.EvenementVersion, RemplaceePar: l.RemplaceePar}
		for _, id := range l.Fichiers {
			for _, p := range pieces {
				if p.Rattache.UUID.String() == id {
					v.Fichiers = append(v.Fichiers, p)
				}
			}
		}
		out = append(out, v)
	}
	return out, nil
}

// InsererEvenement implements chronique.Store.
func (d Chroniques) InsererEvenement(ctx context.Context, e *event.Evenement) error {
	if err := d.db(ctx).Create(e).Error; err != nil {
		return fmt.Errorf("insert event: %w", err)
	}
	return nil
}

// ModifierEvenement implements chronique.Store: what is replaced is kept with its files (JO-11).
func (d Chroniques) ModifierEvenement(ctx context.Context, e *event.Evenement, auteur *int64) error {
	res := d.db(ctx).Exec(`INSERT INTO evenement_version (evenement_id, version, type_evenement, survenu_le, description, fichiers, modifie_par_id, cree_le)
		SELECT e.id, e.version, e.type_evenement, e.survenu_le, e.description,
		       coalesce((SELECT array_agg(r.uuid ORDER BY r.ordre, r.id) FROM fichier_rattache r WHERE r.evenement_id = e.id AND r.remplace_le IS NULL), '{}'), ?, ?
		FROM evenement e WHERE e.id = ? AND e.version = ?`, auteur, e.MisAJourLe, e.ID, e.Version)
	if res.Error != nil {
		return fmt.Errorf("keep version of event: %w", res.Error)
	}
	if res.RowsAffected == 0 {
		return chronique.VersionPerimee(e.Version)
	}
	err := d.db(ctx).Table("evenement").Where("id = ?", e.ID).Updates(map[string]any{
		"type_evenement": e.TypeEvenement, "survenu_le": e.SurvenuLe, "description": e.Description, "annule_le": e.AnnuleLe, "annule_par_id": e.AnnuleParID,
		"version": e.Version + 1, "mis_a_jour_le": e.MisAJourLe,
	}).Error
	if err != nil {
		return fmt.Errorf("write event: %w", err)
	}
	e.Version++
	return nil
}

// rubriqueEvenement is that of every file of a fact.
const rubriqueEvenement = "EVENEMENT"

// JoindreFichiers implements chronique.Store.
func (d Chroniques) JoindreFichiers(ctx context.Context, evenementID int64, revisionID string, fichiers []fichier.Fichier, auteur *int64, le time.Time) error {
	err := d.db(ctx).Exec(`UPDATE fichier_rattache SET remplace_le = ?, remplace_par_id = ? WHERE evenement_id = ? AND remplace_le IS NULL`, le, auteur, evenementID).Error
	if err != nil {
		return fmt.Errorf("archive files of event: %w", err)
	}
	for i := range fichiers {
		f := &fichiers[i]
		if err := d.inscrireFichier(ctx, f); err != nil {
			return err
		}
		r := fichier.FichierRattache{
			UUID: uuid.Must(uuid.NewV7()), FichierID: f.ID, EvenementID: &evenementID, Rubrique: rubriqueEvenement, Ordre: i, CreeParID: auteur, CreeLe: le, RevisionID: &revisionID,
		}
		if err := d.db(ctx).Create(&r).Error; err != nil {
			return fmt.Errorf("attach file to event: %w", err)
		}
		// The same object may belong to several revisions (restore): they share its row.
		err := d.db(ctx).Exec(`UPDATE revision_fichier SET fichier_id = ? WHERE revision_id = ? AND cle_objet = ?`, f.ID, revisionID, f.CleObjet).Error
		if err != nil {
			return fmt.Errorf("link file to its revision: %w", err)
		}
	}
	return nil
}

// RetirerFichier implements chronique.Store.
func (d Chroniques) RetirerFichier(ctx context.Context, rattacheID int64, auteur *int64, le time.Time) error {
	res := d.db(ctx).Exec(`UPDATE fichier_rattache SET remplace_le = ?, remplace_par_id = ? WHERE id = ? AND remplace_le IS NULL`, le, auteur, rattacheID)
	if res.Error != nil {
		return fmt.Errorf("archive file of event: %w", res.Error)
	}
	if res.RowsAffected != 1 {
		return fmt.Errorf("archive file of event: attached file %d is no longer in force", rattacheID)
	}
	return nil
}

// FichierEvenement implements chronique.Store.
func (d Chroniques) FichierEvenement(ctx context.Context, document uuid.UUID) (*fichier.Fichier, uuid.UUID, error) {
	var row struct {
		fichier.Fichier
		ConventionUUID uuid.UUID
	}
	err := d.db(ctx).Raw(`SELECT f.*, c.uuid AS convention_uuid FROM fichier_rattache r JOIN fichier f ON f.id = r.fichier_id
		JOIN evenement e ON e.id = r.evenement_id JOIN convention c ON c.id = e.convention_id WHERE r.uuid = ?`, document).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, uuid.Nil, nil
	}
	if err != nil {
		return nil, uuid.Nil, fmt.Errorf("find file of event: %w", err)
	}
	return &row.Fichier, row.ConventionUUID, nil
}
