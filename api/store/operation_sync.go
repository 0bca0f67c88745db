package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"apilos/api/administration"
	"apilos/api/bailleur"
	"apilos/api/convention"
	"apilos/api/operation"
	"github.com/lib/pq"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// VerrouillerNumero implements operation.Store with an advisory lock: the operation may not exist yet.
func (s OperationStore) VerrouillerNumero(ctx context.Context, numero string) error {
	err := s.db(ctx).Exec(`SELECT pg_advisory_xact_lock(hashtextextended('operation:' || ?, 0))`, numero).Error
	if err != nil {
		return fmt.Errorf("lock operation number: %w", err)
	}
	return nil
}

// VerrouillerConventions implements operation.Store.
func (s OperationStore) VerrouillerConventions(ctx context.Context, operationID int64) error {
	return s.verrouillerVoisines(ctx, operationID)
}

// Rafraichir implements operation.Recherche.
func (s OperationStore) Rafraichir(ctx context.Context, conventionIDs ...int64) error {
	return s.RafraichirRecherche(ctx, conventionIDs...)
}

// BailleurParIdentifiant implements operation.Store.
func (s OperationStore) BailleurParIdentifiant(ctx context.Context, identifiant string) (*bailleur.Bailleur, error) {
	return premiere[bailleur.Bailleur](s.db(ctx).Where("identifiant = ?", identifiant), "find bailleur")
}

// AdministrationParCode implements operation.Store.
func (s OperationStore) AdministrationParCode(ctx context.Context, code string) (*administration.Administration, error) {
	return premiere[administration.Administration](s.db(ctx).Where("code = ?", code), "find administration")
}

// premiere returns the row of a unique key, or nil.
func premiere[T any](q *gorm.DB, quoi string) (*T, error) {
	var v T
	err := q.Take(&v).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", quoi, err)
	}
	return &v, nil
}

// TrouverOuCreerBailleur implements operation.Store. Two transactions that create the same bailleur
// give one row: the second waits for the first and reads it.
func (s OperationStore) TrouverOuCreerBailleur(ctx context.Context, b bailleur.Bailleur) (bailleur.Bailleur, bool, error) {
	for _, sansSiret := range []bool{false, true} {
		nouveau := b
		if sansSiret {
			nouveau.Siret = nil
		}
		res := s.db(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&nouveau)
		if res.Error != nil {
			return b, false, fmt.Errorf("create bailleur: %w", res.Error)
		}
		trouve, err := s.BailleurParIdentifiant(ctx, b.Identifiant)
		if err != nil {
			return b, false, err
		}
		if trouve != nil {
			return *trouve, sansSiret, nil
		}
	}
	return b, false, errors.New("create bailleur: neither created nor found")
}

// RenommerBailleur implements operation.Store.
func (s OperationStore) RenommerBailleur(ctx context.Context, id int64, nom string, nature bailleur.Nature, le time.Time) error {
	err := s.db(ctx).Exec(`UPDATE bailleur SET nom = ?, nature_bailleur = ?, version = version + 1, mis_a_jour_le = ? WHERE id = ?`,
		nom, string(nature), le, id).Error
	if err != nil {
		return fmt.Errorf("rename bailleur: %w", err)
	}
	return nil
}

// TrouverOuCreerAdministration implements operation.Store; an existing one is left as it is.
func (s OperationStore) TrouverOuCreerAdministration(ctx context.Context, a administration.Administration) (administration.Administration, error) {
	err := s.db(ctx).Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "code"}}, DoNothing: true}).Create(&a).Error
	if err != nil {
		return a, fmt.Errorf("create administration: %w", err)
	}
	trouvee, err := s.AdministrationParCode(ctx, a.Code)
	if err == nil && trouvee == nil {
		err = errors.New("create administration: neither created nor found")
	}
	if err != nil {
		return a, err
	}
	return *trouvee, nil
}

// CreerOperation implements operation.Store.
func (s OperationStore) CreerOperation(ctx context.Context, o *operation.Operation) error {
	if err := s.db(ctx).Create(o).Error; err != nil {
		return dejaCree("create operation", err)
	}
	return nil
}

// dejaCree recognises what another transaction created without the lock on the number.
func dejaCree(quoi string, err error) error {
	switch constraint(err) {
	case "ux_operation_numero", "ux_lot_operation_financement":
		return fmt.Errorf("%s: %w: %w", quoi, operation.ErrDejaCree, err)
	}
	return fmt.Errorf("%s: %w", quoi, err)
}

// ModifierOperation implements operation.Store; the conventions are already locked.
func (s OperationStore) ModifierOperation(ctx context.Context, id int64, colonnes map[string]any, le time.Time) error {
	set := maps.Clone(colonnes)
	set["version"], set["mis_a_jour_le"] = gorm.Expr("version + 1"), le
	if err := s.db(ctx).Table("operation").Where("id = ?", id).Updates(set).Error; err != nil {
		return fmt.Errorf("write operation: %w", err)
	}
	err := s.db(ctx).Exec(`UPDATE convention SET version = version + 1, mis_a_jour_le = ? WHERE operation_id = ? AND supprime_le IS NULL`, le, id).Error
	if err != nil {
		return fmt.Errorf("raise versions of conventions: %w", err)
	}
	return nil
}

// CreerConventions implements operation.Store with one statement per table, whatever the number of lots.
func (s OperationStore) CreerConventions(ctx context.Context, o operation.Operation, prevus []operation.LotPrevu, auteurID *int64) ([]operation.ConventionOperation, error) {
	conventions := make([]convention.Convention, len(prevus))
	for i := range conventions {
		effectif := o.BailleurID // PE-21: no avenant yet
		conventions[i] = convention.Convention{
			OperationID: o.ID, BailleurEffectifID: &effectif, Statut: convention.Projet,
			Source: string(operation.SourceSIAP), CreeParID: auteurID,
		}
	}
	if err := s.db(ctx).Create(&conventions).Error; err != nil {
		return nil, dejaCree("create conventions", err)
	}
	lots := make([]convention.Lot, len(prevus))
	for i, l := range prevus {
		lots[i] = convention.Lot{
			ConventionID: conventions[i].ID, Financement: convention.Financement(l.Aide),
			TypeHabitat: convention.TypeHabitat(l.TypeHabitat), NbLogements: &prevus[i].NbLogements, NbLogementsPlaiAdp: l.NbLogementsPlaiAdp,
		}
	}
	if err := s.db(ctx).Create(&lots).Error; err != nil {
		return nil, dejaCree("create lots", err)
	}
	if err := s.creerLignes(ctx, o, conventions, lots, prevus); err != nil {
		return nil, err
	}
	return creees(conventions, prevus), nil
}

func (s OperationStore) creerLignes(ctx context.Context, o operation.Operation, conventions []convention.Convention, lots []convention.Lot, prevus []operation.LotPrevu) error {
	var prets []convention.Pret
	var places []convention.Stationnement
	var foyers []convention.FoyerResidence
	for i, l := range prevus {
		for n, p := range l.Prets {
			prets = append(prets, convention.Pret{LotID: lots[i].ID, Preteur: "AUTRE", Autre: p.Autre, Montant: p.Montant, Ordre: n})
		}
		for n, p := range l.Stationnements {
			places = append(places, convention.Stationnement{LotID: lots[i].ID, Typologie: p.Typologie, NbStationnements: p.Nombre, Loyer: p.Loyer, Ordre: n})
		}
		if o.NatureLogement.FoyerOuResidence() {
			foyers = append(foyers, convention.FoyerResidence{ConventionID: conventions[i].ID})
		}
	}
	if len(prets) > 0 {
		if err := s.db(ctx).CreateInBatches(&prets, 500).Error; err != nil {
			return fmt.Errorf("create prets: %w", err)
		}
	}
	if len(places) > 0 {
		if err := s.db(ctx).CreateInBatches(&places, 500).Error; err != nil {
			return fmt.Errorf("create stationnements: %w", err)
		}
	}
	if len(foyers) > 0 {
		if err := s.db(ctx).Create(&foyers).Error; err != nil {
			return fmt.Errorf("create foyer blocks: %w", err)
		}
	}
	return nil
}

func creees(conventions []convention.Convention, prevus []operation.LotPrevu) []operation.ConventionOperation {
	out := make([]operation.ConventionOperation, len(conventions))
	for i, c := range conventions {
		out[i] = operation.ConventionOperation{
			ID: c.ID, UUID: c.UUID, OperationID: c.OperationID, Statut: string(convention.Projet), Source: operation.SourceSIAP,
			CreeParID: c.CreeParID, Financements: []operation.CodeAide{prevus[i].Aide},
			NbLogements: []int{prevus[i].NbLogements}, TypesHabitat: []string{prevus[i].TypeHabitat},
		}
	}
	return out
}

// AttribuerAuteur implements operation.Store.
func (s OperationStore) AttribuerAuteur(ctx context.Context, ids []int64, utilisateurID int64) error {
	err := s.db(ctx).Exec(`UPDATE convention SET cree_par_id = ? WHERE id = ANY(?) AND cree_par_id IS NULL`,
		utilisateurID, pq.Int64Array(ids)).Error
	if err != nil {
		return fmt.Errorf("set author of conventions: %w", err)
	}
	return nil
}

// GarderInstantane implements operation.Store.
func (s OperationStore) GarderInstantane(ctx context.Context, i operation.InstantaneSIAP) error {
	err := s.db(ctx).Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "operation_id"}, {Name: "empreinte"}}, DoNothing: true}).Create(&i).Error
	if err != nil {
		return fmt.Errorf("keep answer of SIAP: %w", err)
	}
	err = s.db(ctx).Exec(`UPDATE operation SET siap_synchronise_le = ? WHERE id = ?`, i.RecuLe, i.OperationID).Error
	if err != nil {
		return fmt.Errorf("date the reading of SIAP: %w", err)
	}
	return nil
}

// NoterAnomalies implements operation.Store: one row per (number, code, field, value).
func (s OperationStore) NoterAnomalies(ctx context.Context, numero string, liste []operation.Anomalie, le time.Time) error {
	err := s.db(ctx).Exec(`UPDATE siap_anomalie SET resolue_le = ? WHERE numero_operation = ? AND resolue_le IS NULL AND code = ANY(?)`,
		le, numero, pq.StringArray(operation.CodesAnomalies())).Error
	if err != nil {
		return fmt.Errorf("resolve anomalies: %w", err)
	}
	type cle struct{ code, champ, valeur string }
	vues := map[cle]bool{}
	var lignes []operation.AnomalieSIAP
	for _, a := range liste {
		if k := (cle{a.Code, a.Champ, a.Valeur}); !vues[k] {
			vues[k] = true
			lignes = append(lignes, operation.AnomalieSIAP{
				NumeroOperation: numero, Code: a.Code, Champ: a.Champ, Valeur: a.Valeur, Message: a.Message,
				PremiereFois: le, DerniereFois: le, Occurrences: 1,
			})
		}
	}
	if len(lignes) == 0 {
		return nil
	}
	err = s.db(ctx).Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "numero_operation"}, {Name: "code"}, {Name: "champ"}, {Name: "valeur"}},
		DoUpdates: clause.Assignments(map[string]any{
			"message": gorm.Expr("excluded.message"), "derniere_fois": le, "resolue_le": nil,
			"occurrences": gorm.Expr("siap_anomalie.occurrences + 1"),
		}),
	}).Create(&lignes).Error
	if err != nil {
		return fmt.Errorf("note anomalies: %w", err)
	}
	return nil
}
