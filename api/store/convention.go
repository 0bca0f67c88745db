package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"apilos/api/administration"
	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fichier"
	"github.com/google/uuid"
	"gorm.io/gorm"
)

var _ convention.Store = (*DB)(nil)

// Charger implements convention.Store: a dossier in a constant number of statements.
func (d *DB) Charger(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, error) {
	ids, err := d.visible(ctx, p, id)
	if err != nil {
		return nil, err
	}
	return d.dossierPour(ctx, p, ids.id)
}

// Verrouiller implements convention.Store: the root first, then the target (CC-04), and the perimeter is read
// again under the lock.
func (d *DB) Verrouiller(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, error) {
	return d.sousVerrou(ctx, p, id, func(ids identite) error { return d.verrouillerFamille(ctx, ids.racine, ids.id) })
}

// VerrouillerOperation implements convention.Store.
func (d *DB) VerrouillerOperation(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, error) {
	return d.sousVerrou(ctx, p, id, func(ids identite) error { return d.verrouillerVoisines(ctx, ids.operation) })
}

func (d *DB) sousVerrou(ctx context.Context, p auth.Principal, id uuid.UUID, verrouiller func(identite) error) (*convention.Dossier, error) {
	ids, err := d.visible(ctx, p, id)
	if err != nil {
		return nil, err
	}
	if err := verrouiller(ids); err != nil {
		return nil, err
	}
	if _, err := d.visible(ctx, p, id); err != nil {
		return nil, err
	}
	return d.dossierPour(ctx, p, ids.id)
}

// dossierPour loads what p may see of a dossier.
func (d *DB) dossierPour(ctx context.Context, p auth.Principal, id int64) (*convention.Dossier, error) {
	out, err := d.dossier(ctx, id)
	if err != nil {
		return nil, err
	}
	out.Masquer(p)
	return out, nil
}

func (d *DB) verrouillerFamille(ctx context.Context, ids ...int64) error {
	for _, id := range ids {
		var locked int64
		err := d.db(ctx).Raw(`SELECT id FROM convention WHERE id = ? FOR UPDATE`, id).Scan(&locked).Error
		if err != nil {
			return fmt.Errorf("lock convention %d: %w", id, err)
		}
	}
	return nil
}

// verrouillerVoisines locks every convention of an operation: family by family, and in each the root before its
// avenants, so that it never waits for somebody who waits for it (CC-04, CC-05).
func (d *DB) verrouillerVoisines(ctx context.Context, operationID int64) error {
	var ids []int64
	err := d.db(ctx).Raw(`SELECT id FROM convention WHERE operation_id = ?
		ORDER BY coalesce(parent_id, id), parent_id IS NOT NULL, id FOR UPDATE`, operationID).Scan(&ids).Error
	if err != nil {
		return fmt.Errorf("lock conventions of operation: %w", err)
	}
	return nil
}

type identite struct{ id, racine, operation int64 }

// visible finds a convention in the perimeter of p (PE-20).
func (d *DB) visible(ctx context.Context, p auth.Principal, id uuid.UUID) (identite, error) {
	cond, args := perimetre(p, vueRecherche)
	var row struct {
		ConventionID, OperationID int64
		ParentID                  *int64
	}
	res := d.db(ctx).Raw(`SELECT r.convention_id, r.parent_id, r.operation_id FROM convention_recherche r WHERE r.uuid = ? AND `+cond,
		append([]any{id}, args...)...).Scan(&row)
	if res.Error != nil {
		return identite{}, fmt.Errorf("find convention: %w", res.Error)
	}
	if row.ConventionID == 0 {
		return identite{}, d.regroupee(ctx, p, id)
	}
	if row.ParentID != nil {
		return identite{row.ConventionID, *row.ParentID, row.OperationID}, nil
	}
	return identite{row.ConventionID, row.ConventionID, row.OperationID}, nil
}

// dossier loads the aggregate: about fifteen statements, whatever the number of rows.
func (d *DB) dossier(ctx context.Context, id int64) (*convention.Dossier, error) {
	var out convention.Dossier
	if err := d.db(ctx).Take(&out.Convention, id).Error; err != nil {
		return nil, fmt.Errorf("load convention %d: %w", id, err)
	}
	out.Racine = out.Convention
	charges := []func(context.Context, *convention.Dossier) error{
		d.chargerRacine, d.chargerReferences, d.chargerLots, d.chargerAnnexes, d.chargerFamille, d.chargerDocuments, d.chargerPublications,
	}
	for _, charger := range charges {
		if err := charger(ctx, &out); err != nil {
			return nil, fmt.Errorf("load convention %d: %w", id, err)
		}
	}
	return &out, nil
}

func (d *DB) chargerRacine(ctx context.Context, out *convention.Dossier) error {
	if out.Convention.ParentID == nil {
		return nil
	}
	var racine convention.Convention // a fresh value: GORM would also filter on the key of a filled one
	err := d.db(ctx).Take(&racine, *out.Convention.ParentID).Error
	out.Racine = racine
	return err
}

func (d *DB) chargerReferences(ctx context.Context, out *convention.Dossier) error {
	if err := d.db(ctx).Take(&out.Operation, out.Convention.OperationID).Error; err != nil {
		return err
	}
	if err := d.db(ctx).Take(&out.Bailleur, out.Operation.BailleurID).Error; err != nil {
		return err
	}
	if out.Operation.AdministrationID != nil {
		out.Administration = &administration.Administration{}
		if err := d.db(ctx).Take(out.Administration, *out.Operation.AdministrationID).Error; err != nil {
			return err
		}
	}
	return d.db(ctx).Where("operation_id = ?", out.Operation.ID).Order("section, numero, id").Find(&out.ReferencesCadastrales).Error
}

func (d *DB) chargerLots(ctx context.Context, out *convention.Dossier) error {
	if err := d.db(ctx).Where("convention_id = ?", out.Convention.ID).Order("id").Find(&out.Lots).Error; err != nil {
		return err
	}
	lots := d.db(ctx).Model(&convention.Lot{}).Select("id").Where("convention_id = ?", out.Convention.ID)
	if err := d.db(ctx).Where("lot_id IN (?)", lots).Order("lot_id, ordre, id").Find(&out.Logements).Error; err != nil {
		return err
	}
	if err := d.db(ctx).Where("lot_id IN (?)", lots).Order("lot_id, ordre, id").Find(&out.Prets).Error; err != nil {
		return err
	}
	return d.db(ctx).Where("lot_id IN (?)", lots).Order("lot_id, ordre, id").Find(&out.Stationnements).Error
}

func (d *DB) chargerAnnexes(ctx context.Context, out *convention.Dossier) error {
	if err := d.chargerCommentaires(ctx, out); err != nil {
		return err
	}
	if out.EstAvenant() {
		err := d.db(ctx).Model(&convention.ConventionTypeAvenant{}).Where("convention_id = ?", out.Convention.ID).
			Order("type_code").Pluck("type_code", &out.TypesAvenant).Error
		if err != nil {
			return err
		}
	}
	if !out.FoyerOuResidence() {
		return nil
	}
	var f convention.FoyerResidence
	err := d.db(ctx).Take(&f, out.Convention.ID).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil
	}
	out.FoyerResidence = &f
	return err
}

// chargerFamille reads what the rules need of the rest of the family and of the history.
func (d *DB) chargerFamille(ctx context.Context, out *convention.Dossier) error {
	var row struct {
		Avenants    int
		EnCours     *uuid.UUID
		Suivants    int
		SecondeVie  int
		Total       int
		Origines    int
		RacineVille string
		SansNombre  string
		ParLigne    bool
		SansFichier bool
		CreeParCote string
		CreeParNom  string
	}
	err := d.db(ctx).Raw(`
SELECT (SELECT count(*) FROM convention a WHERE a.parent_id = @racine AND a.statut <> 'ANNULEE' AND a.supprime_le IS NULL) AS avenants,
       (SELECT a.uuid FROM convention a WHERE a.parent_id = @racine AND a.id <> @id AND a.supprime_le IS NULL
           AND a.statut IN ('PROJET','INSTRUCTION','CORRECTION','A_SIGNER') ORDER BY a.id LIMIT 1) AS en_cours,
       (SELECT count(*) FROM convention a JOIN convention c ON c.id = @id WHERE a.parent_id = @racine AND a.statut <> 'ANNULEE' AND a.supprime_le IS NULL
           AND (coalesce(a.rang_avenant, 2147483647), a.cree_le, a.id) > (coalesce(c.rang_avenant, 2147483647), c.cree_le, c.id)) AS suivants,
       (SELECT count(*) FROM convention_seconde_vie s JOIN convention e ON e.id = s.convention_id
           WHERE s.parent_id = @id AND e.supprime_le IS NULL) AS seconde_vie,
       (SELECT count(*) FROM convention a WHERE a.parent_id = @racine AND a.supprime_le IS NULL) AS total,
       (SELECT count(*) FROM convention_seconde_vie s WHERE s.convention_id = @id) AS origines,
       NOT `+parFamille+` AS par_ligne,
       (SELECT o.ville FROM convention r JOIN operation o ON o.id = r.operation_id WHERE r.id = @racine) AS racine_ville,
       (SELECT coalesce(string_agg(l.financement, ',' ORDER BY l.id), '') FROM lot l WHERE l.convention_id = @racine AND coalesce(l.nb_logements, 0) = 0) AS sans_nombre,
       NOT EXISTS (SELECT FROM fichier_rattache f WHERE f.convention_id = @racine AND f.rubrique = 'DOCUMENT_SIGNE' AND f.remplace_le IS NULL) AS sans_fichier,
       (SELECT coalesce(h.role_typologie, '') FROM convention_historique h
           WHERE h.convention_id = @id AND h.statut_precedent IS NULL ORDER BY h.id LIMIT 1) AS cree_par_cote,
       (SELECT trim(u.prenom || ' ' || u.nom) FROM utilisateur u WHERE u.id = @cree_par) AS cree_par_nom`,
		map[string]any{"racine": out.Racine.ID, "id": out.Convention.ID, "cree_par": out.Convention.CreeParID}).Scan(&row).Error
	if err != nil {
		return err
	}
	out.AvenantsActifs, out.AvenantEnCours, out.SecondeVieEnfants = row.Avenants, row.EnCours, row.SecondeVie
	out.ParLigne = row.ParLigne
	out.AvenantsTotal, out.AvenantsSuivants, out.SecondeVieOrigines = row.Total, row.Suivants, row.Origines
	out.Initiale.Ville, out.Initiale.SansFichier = row.RacineVille, row.SansFichier
	for _, f := range strings.FieldsFunc(row.SansNombre, func(r rune) bool { return r == ',' }) {
		out.Initiale.LotsSansNombre = append(out.Initiale.LotsSansNombre, convention.Financement(f))
	}
	out.CreeParCote, out.CreeParNom = auth.Typologie(row.CreeParCote), row.CreeParNom
	return d.db(ctx).Raw(`SELECT coalesce((SELECT cree_le FROM convention_historique
	   WHERE convention_id = ? ORDER BY id DESC LIMIT 1), ?)`, out.Convention.ID, out.Convention.CreeLe).Scan(&out.MainDepuis).Error
}

func (d *DB) chargerDocuments(ctx context.Context, out *convention.Dossier) error {
	var rattaches []fichier.FichierRattache
	err := d.db(ctx).Where("convention_id = ? OR operation_id = ?", out.Convention.ID, out.Operation.ID).
		Order("id DESC").Find(&rattaches).Error
	if err != nil || len(rattaches) == 0 {
		return err
	}
	ids := make([]int64, 0, len(rattaches))
	for _, r := range rattaches {
		ids = append(ids, r.FichierID)
	}
	var fichiers []struct {
		fichier.Fichier
		Deposant string
	}
	err = d.db(ctx).Table("fichier f").Select("f.*, trim(u.prenom || ' ' || u.nom) AS deposant").
		Joins("LEFT JOIN utilisateur u ON u.id = f.depose_par_id").Where("f.id IN ?", ids).Scan(&fichiers).Error
	if err != nil {
		return err
	}
	for _, r := range rattaches {
		for _, f := range fichiers {
			if f.ID == r.FichierID {
				out.Documents = append(out.Documents, convention.Document{Rattache: r, Fichier: f.Fichier, DeposePar: f.Deposant})
			}
		}
	}
	return nil
}

// UUIDConvention implements convention.Store.
func (d *DB) UUIDConvention(ctx context.Context, id int64) (uuid.UUID, error) {
	var c struct{ UUID uuid.UUID } // GORM takes a bare uuid for a slice of bytes
	res := d.db(ctx).Raw(`SELECT uuid FROM convention WHERE id = ?`, id).Scan(&c)
	if res.Error != nil || res.RowsAffected == 0 {
		return uuid.Nil, fmt.Errorf("find convention %d: %w", id, cmp.Or(res.Error, gorm.ErrRecordNotFound))
	}
	return c.UUID, nil
}
