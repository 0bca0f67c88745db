package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"apilos/api/event"
	"apilos/api/reassignation"

	"github.com/google/uuid"
	"github.com/lib/pq"
)

// Verrouiller implements reassignation.Store.
func (s *Reassignations) Verrouiller(ctx context.Context, id uuid.UUID) (*reassignation.Fiche, error) {
	if err := s.db.db(ctx).Exec(`SELECT pg_advisory_xact_lock(hashtextextended('reassignation', 0))`).Error; err != nil {
		return nil, fmt.Errorf("wait for other reassignments: %w", err)
	}
	// The job holds its run for the time of a batch: what is read next must be of after it.
	if err := s.db.db(ctx).Exec(`SELECT FROM reassignation WHERE uuid = ? FOR UPDATE`, id).Error; err != nil {
		return nil, fmt.Errorf("lock a reassignment: %w", err)
	}
	l, err := s.une(ctx, id)
	if err != nil || l == nil {
		return nil, err
	}
	f, err := l.fiche()
	return &f, err
}

// AutreEnCours implements reassignation.Store.
func (s *Reassignations) AutreEnCours(ctx context.Context, id int64) (bool, error) {
	var row struct{ Existe bool }
	err := s.db.db(ctx).Raw(`SELECT EXISTS (SELECT FROM reassignation WHERE etat IN ('CONFIRMEE','ANNULATION') AND id <> ?) AS existe`, id).Scan(&row).Error
	return row.Existe, err
}

func (s *Reassignations) creerTache(ctx context.Context, a reassignation.Auteur, t *reassignation.Tache) error {
	var row struct{ ID int64 }
	err := s.db.db(ctx).Raw(`INSERT INTO tache (uuid, type, utilisateur_id, habilitation_id, parametres, total, cree_le)
		VALUES (?, ?, ?, nullif(?, 0), ?, ?, ?) RETURNING id`, t.UUID, t.Type, a.UtilisateurID, a.Habilitation, string(t.Parametres), t.Total, t.CreeLe).Scan(&row).Error
	if err != nil {
		return fmt.Errorf("create the task of a reassignment: %w", err)
	}
	t.ID = row.ID
	return nil
}

// Decider implements reassignation.Store.
func (s *Reassignations) Decider(ctx context.Context, id int64, vers reassignation.Etat, a reassignation.Auteur, motif string, t *reassignation.Tache) error {
	if err := s.creerTache(ctx, a, t); err != nil {
		return err
	}
	sql := `UPDATE reassignation SET etat = 'CONFIRMEE', tache_id = ?, acteur_id = ?, motif = ?, confirmee_le = ? WHERE id = ?`
	if vers == reassignation.Annulation {
		sql = `UPDATE reassignation SET etat = 'ANNULATION', tache_id = ?, annulee_par_id = ?, motif_annulation = ?, annulee_le = ? WHERE id = ?`
	}
	if err := s.db.db(ctx).Exec(sql, t.ID, a.UtilisateurID, motif, t.CreeLe, id).Error; err != nil {
		return fmt.Errorf("begin a reassignment: %w", err)
	}
	return nil
}

// Relancer implements reassignation.Store.
func (s *Reassignations) Relancer(ctx context.Context, id int64, a reassignation.Auteur, t *reassignation.Tache) error {
	if err := s.creerTache(ctx, a, t); err != nil {
		return err
	}
	return s.db.db(ctx).Exec(`UPDATE reassignation SET tache_id = ? WHERE id = ?`, t.ID, id).Error
}

// Demarrer implements reassignation.Store.
func (s *Reassignations) Demarrer(ctx context.Context, id int64) (*reassignation.Fiche, reassignation.Auteur, error) {
	var auteur reassignation.Auteur
	var rows []struct {
		UUID       uuid.UUID
		Parametres string
	}
	err := s.db.db(ctx).Raw(`UPDATE tache t SET etat = 'EN_COURS' FROM reassignation r
		WHERE r.id = ? AND r.tache_id = t.id AND r.etat IN ('CONFIRMEE','ANNULATION') AND t.etat IN ('EN_ATTENTE','EN_COURS')
		RETURNING r.uuid, t.parametres::text AS parametres`, id).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, auteur, err
	}
	if err := json.Unmarshal([]byte(rows[0].Parametres), &auteur); err != nil {
		return nil, auteur, fmt.Errorf("read the task of reassignment %d: %w", id, err)
	}
	l, err := s.une(ctx, rows[0].UUID)
	if err != nil || l == nil {
		return nil, auteur, err
	}
	f, err := l.fiche()
	return &f, auteur, err
}

// prendre locks a run in a state, then the next groups whose lines are in another one, with their families. ok is false when
// another worker or a decision has ended the state.
func (s *Reassignations) prendre(ctx context.Context, id int64, etat reassignation.Etat, ligne string, limite int) (groupes []int64, cible int64, ok bool, err error) {
	var run []struct {
		Etat    reassignation.Etat
		CibleID int64
	}
	db := s.db.db(ctx)
	if err := db.Raw(`SELECT etat, cible_id FROM reassignation WHERE id = ? FOR UPDATE`, id).Scan(&run).Error; err != nil {
		return nil, 0, false, fmt.Errorf("lock a reassignment: %w", err)
	}
	if len(run) == 0 || run[0].Etat != etat {
		return nil, 0, false, nil
	}
	err = db.Raw(`SELECT DISTINCT groupe_id FROM reassignation_ligne WHERE reassignation_id = ? AND etat = ? ORDER BY groupe_id LIMIT ?`, id, ligne, limite).Scan(&groupes).Error
	if err != nil {
		return nil, 0, false, fmt.Errorf("next operations: %w", err)
	}
	var verrous []int64
	ids := pq.Int64Array(groupes)
	err = errors.Join(
		db.Raw(`SELECT id FROM convention WHERE operation_id = ANY(?) AND parent_id IS NULL ORDER BY id FOR UPDATE`, ids).Scan(&verrous).Error,
		db.Raw(`SELECT id FROM convention WHERE parent_id IN (SELECT id FROM convention WHERE operation_id = ANY(?) AND parent_id IS NULL) ORDER BY id FOR UPDATE`, ids).Scan(&verrous).Error,
		db.Raw(`SELECT id FROM operation WHERE id IN (SELECT operation_id FROM reassignation_ligne WHERE reassignation_id = ? AND groupe_id = ANY(?)) ORDER BY id FOR UPDATE`, id, ids).Scan(&verrous).Error,
	)
	if err != nil {
		return nil, 0, false, fmt.Errorf("lock families: %w", err)
	}
	return groupes, run[0].CibleID, true, nil
}

// membresDe are the operations of the families of groups.
const membresDe = `SELECT r.operation_id AS groupe_id, m.operation_id FROM convention r JOIN convention m ON m.parent_id = r.id
  WHERE r.operation_id = ANY(@groupes) AND r.parent_id IS NULL`

// Deplacer implements reassignation.Store.
func (s *Reassignations) Deplacer(ctx context.Context, id int64, limite int, le time.Time) (reassignation.Lot, error) {
	groupes, cible, ok, err := s.prendre(ctx, id, reassignation.Confirmee, "PREVUE", limite)
	if err != nil {
		return reassignation.Lot{}, err
	}
	if !ok {
		return reassignation.Lot{Depasse: true}, nil
	}
	return s.traiter(ctx, id, groupes, cible, limite, le, sens{
		// A family that changed service since the simulation stays where it is.
		ecarter: `UPDATE reassignation_ligne x SET etat = 'IGNOREE', traitee_le = @le WHERE x.reassignation_id = @id AND x.groupe_id IN (
  SELECT y.groupe_id FROM reassignation_ligne y JOIN operation o ON o.id = y.operation_id
   WHERE y.reassignation_id = @id AND y.groupe_id = ANY(@groupes) AND o.administration_id IS DISTINCT FROM y.ancienne_administration_id)`,
		// Avenants created since the simulation go with their family.
		completer: `INSERT INTO reassignation_ligne (reassignation_id, operation_id, ancienne_administration_id, groupe_id)
SELECT DISTINCT CAST(@id AS bigint), o.id, o.administration_id, m.groupe_id FROM (` + membresDe + `) m JOIN operation o ON o.id = m.operation_id
 WHERE o.administration_id IS DISTINCT FROM @cible
   AND EXISTS (SELECT FROM reassignation_ligne x WHERE x.reassignation_id = @id AND x.groupe_id = m.groupe_id AND x.etat = 'PREVUE')
ON CONFLICT DO NOTHING`,
		deplacer: `UPDATE operation o SET administration_precedente_id = o.administration_id, administration_id = @cible, version = version + 1, mis_a_jour_le = @le
FROM reassignation_ligne x WHERE x.reassignation_id = @id AND x.groupe_id = ANY(@groupes) AND x.etat = 'PREVUE' AND o.id = x.operation_id`,
		avant: "ancienne", de: "PREVUE", vers: "DEPLACEE",
	})
}

// Rendre implements reassignation.Store.
func (s *Reassignations) Rendre(ctx context.Context, id int64, limite int, le time.Time) (reassignation.Lot, error) {
	groupes, cible, ok, err := s.prendre(ctx, id, reassignation.Annulation, "DEPLACEE", limite)
	if err != nil {
		return reassignation.Lot{}, err
	}
	if !ok {
		return reassignation.Lot{Depasse: true}, nil
	}
	return s.traiter(ctx, id, groupes, cible, limite, le, sens{
		ecarter: `UPDATE reassignation_ligne x SET etat = 'LAISSEE', traitee_le = @le WHERE x.reassignation_id = @id AND x.groupe_id IN (
  SELECT x.groupe_id FROM reassignation_ligne x WHERE x.reassignation_id = @id AND x.groupe_id = ANY(@groupes) AND x.etat = 'DEPLACEE' AND ` + aBouge + `)`,
		// Avenants created since the run come back with their family, to the service of its root.
		completer: `INSERT INTO reassignation_ligne (reassignation_id, operation_id, ancienne_administration_id, groupe_id, etat)
SELECT DISTINCT CAST(@id AS bigint), o.id, x.ancienne_administration_id, m.groupe_id, 'DEPLACEE' FROM (` + membresDe + `) m JOIN operation o ON o.id = m.operation_id
  JOIN reassignation_ligne x ON x.reassignation_id = @id AND x.groupe_id = m.groupe_id AND x.operation_id = m.groupe_id AND x.etat = 'DEPLACEE'
 WHERE o.administration_id = @cible
ON CONFLICT DO NOTHING`,
		deplacer: `UPDATE operation o SET administration_precedente_id = o.administration_id, administration_id = x.ancienne_administration_id, version = version + 1, mis_a_jour_le = @le
FROM reassignation_ligne x WHERE x.reassignation_id = @id AND x.groupe_id = ANY(@groupes) AND x.etat = 'DEPLACEE' AND o.id = x.operation_id`,
		avant: "cible", de: "DEPLACEE", vers: "RENDUE",
	})
}

// sens is a direction: the statements of a batch, and the states of its lines.
type sens struct{ ecarter, completer, deplacer, avant, de, vers string }

func (s *Reassignations) traiter(ctx context.Context, id int64, groupes []int64, cible int64, limite int, le time.Time, sens sens) (reassignation.Lot, error) {
	lot := reassignation.Lot{Reste: len(groupes) == limite}
	if len(groupes) == 0 {
		return lot, nil
	}
	args := map[string]any{"id": id, "groupes": pq.Int64Array(groupes), "cible": cible, "le": le, "de": sens.de, "vers": sens.vers}
	db := s.db.db(ctx)
	for _, sql := range []string{sens.ecarter, sens.completer, sens.deplacer} {
		if err := db.Exec(sql, args).Error; err != nil {
			return lot, fmt.Errorf("move operations: %w", err)
		}
	}
	familles, err := s.famillesDeplacees(ctx, args, sens)
	if err != nil {
		return lot, err
	}
	lot.Familles = familles
	racines := make([]int64, 0, len(familles))
	for _, f := range familles {
		racines = append(racines, f.RacineID)
	}
	err = errors.Join(
		db.Exec(`UPDATE convention SET version = version + 1, mis_a_jour_le = ? WHERE id = ANY(?) OR parent_id = ANY(?)`, le, pq.Int64Array(racines), pq.Int64Array(racines)).Error,
		db.Exec(`UPDATE reassignation_ligne SET etat = @vers, traitee_le = @le WHERE reassignation_id = @id AND groupe_id = ANY(@groupes) AND etat = @de`, args).Error,
		db.Exec(`UPDATE tache SET avancement = avancement + ? WHERE id = (SELECT tache_id FROM reassignation WHERE id = ?)`, len(groupes), id).Error,
	)
	if err != nil {
		return lot, fmt.Errorf("note what moved: %w", err)
	}
	return lot, s.db.RafraichirRecherche(ctx, racines...)
}

// famillesDeplacees are the roots of the groups that are moving, with where they were and where they go.
func (s *Reassignations) famillesDeplacees(ctx context.Context, args map[string]any, sens sens) ([]reassignation.FamilleDeplacee, error) {
	avant, apres := "a", "b" // a: former service, b: target
	if sens.avant == "cible" {
		avant, apres = "b", "a"
	}
	var out []reassignation.FamilleDeplacee
	err := s.db.db(ctx).Raw(`SELECT r.id AS racine_id, r.uuid AS racine_uuid, r.operation_id, g.operations,
  `+avant+`.uuid AS avant_uuid, coalesce(`+avant+`.nom, '') AS avant_nom, `+apres+`.uuid AS apres_uuid, coalesce(`+apres+`.nom, '') AS apres_nom
FROM (SELECT x.groupe_id, count(*)::int AS operations, (array_agg(x.ancienne_administration_id ORDER BY x.operation_id <> x.groupe_id, x.operation_id))[1] AS ancienne
      FROM reassignation_ligne x WHERE x.reassignation_id = @id AND x.groupe_id = ANY(@groupes) AND x.etat = @de GROUP BY x.groupe_id) g
JOIN convention r ON r.operation_id = g.groupe_id AND r.parent_id IS NULL
LEFT JOIN administration a ON a.id = g.ancienne LEFT JOIN administration b ON b.id = @cible
ORDER BY r.id`, args).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("families that move: %w", err)
	}
	return out, nil
}

// JournaliserFamilles implements reassignation.Store: the chain of each family goes on (CC-32), in two statements whatever
// their number. A family has one line at most.
func (s *Reassignations) JournaliserFamilles(ctx context.Context, lignes []event.Journal) error {
	if len(lignes) == 0 {
		return nil
	}
	racines := make([]int64, 0, len(lignes))
	for _, j := range lignes {
		racines = append(racines, *j.RacineID)
	}
	var ancres []event.Ancre
	if err := s.db.db(ctx).Raw(`SELECT racine_id, empreinte FROM journal_ancre WHERE racine_id = ANY(?)`, pq.Int64Array(racines)).Scan(&ancres).Error; err != nil {
		return fmt.Errorf("journal of families: %w", err)
	}
	dernieres := map[int64]string{}
	for _, a := range ancres {
		dernieres[a.RacineID] = a.Empreinte
	}
	for i := range lignes {
		j := &lignes[i]
		if e, ok := dernieres[*j.RacineID]; ok {
			j.EmpreintePrecedente = &e
		}
		e, err := empreinteJournal(j.EmpreintePrecedente, *j)
		if err != nil {
			return fmt.Errorf("journal of families: %w", err)
		}
		j.Empreinte = &e
	}
	if err := s.db.db(ctx).Create(&lignes).Error; err != nil {
		return fmt.Errorf("journal of families: %w", err)
	}
	return nil
}

// Finir implements reassignation.Store.
func (s *Reassignations) Finir(ctx context.Context, id int64, vers reassignation.Etat, le, expireLe time.Time) error {
	sql := `UPDATE reassignation SET etat = 'TERMINEE', terminee_le = ? WHERE id = ? AND etat = 'CONFIRMEE'`
	if vers == reassignation.Annulee {
		sql = `UPDATE reassignation SET etat = 'ANNULEE', annulee_le = ? WHERE id = ? AND etat = 'ANNULATION'`
	}
	return errors.Join(
		s.db.db(ctx).Exec(sql, le, id).Error,
		s.db.db(ctx).Exec(`UPDATE tache SET etat = 'TERMINEE', avancement = coalesce(total, avancement), termine_le = ?, expire_le = ?
			WHERE id = (SELECT tache_id FROM reassignation WHERE id = ?)`, le, expireLe, id).Error,
	)
}

// Echouer implements reassignation.Store.
func (s *Reassignations) Echouer(ctx context.Context, id int64, le, expireLe time.Time) error {
	return s.db.db(ctx).Exec(`UPDATE tache SET etat = 'ECHEC', termine_le = ?, expire_le = ?
		WHERE id = (SELECT tache_id FROM reassignation WHERE id = ?) AND etat IN ('EN_ATTENTE','EN_COURS')`, le, expireLe, id).Error
}
