package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/revision"

	"github.com/jackc/pgx/v5"
)

const insererRevision = `INSERT INTO revision (id, nature, portee_type, portee_cle, client_id, auteur_id, statut, prete, contexte, validation, cree_le, mis_a_jour_le)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`

// valeursFichier are the columns of a file in the order of colonnesFichier.
func valeursFichier(f *revision.RevisionFichier) []any {
	return []any{f.ID, f.RevisionID, f.Type, f.Nom, f.TypeMime, f.Taille, f.Sha256, f.Compartiment, f.CleObjet, f.Antivirus, f.FichierID, f.CreeLe}
}

const ciblesFichier = `revision_fichier (id, revision_id, type, nom, type_mime, taille, sha256, compartiment, cle_objet, antivirus, fichier_id, cree_le)`

// Inserer implements revision.Store.
func (s *Revisions) Inserer(ctx context.Context, r *revision.Revision, j event.Journal) error {
	b := &pgx.Batch{}
	b.Queue(insererRevision, r.ID, r.Nature, r.PorteeType, r.PorteeCle, r.ClientID, r.AuteurID, r.Statut, r.Prete,
		texteJSON(r.Contexte), texteJSON(r.Validation), r.CreeLe, r.MisAJourLe)
	for i := range r.Fichiers {
		b.Queue(`INSERT INTO `+ciblesFichier+` VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, valeursFichier(&r.Fichiers[i])...)
	}
	b.Queue(journalDepuis("(SELECT) x", 1), valeursJournal(j)...)
	if err := s.envoyer(ctx, b); err != nil {
		return fmt.Errorf("insert revision: %w", err)
	}
	return nil
}

// ajouter locks the revision while it is pending, then writes the file, in one statement: of any number of
// deposits at the same time one wins.
func ajouter(conflit string) string {
	return `WITH r AS (SELECT id FROM revision WHERE id = $2 AND statut = 'pending' FOR NO KEY UPDATE),
f AS (INSERT INTO ` + ciblesFichier + ` SELECT $1::varchar, r.id, $3::varchar, $4::varchar, $5::varchar, $6::bigint, $7::varchar, $8::varchar, $9::varchar, $10::varchar, $11::bigint, $12::timestamptz
      FROM r ON CONFLICT (revision_id, type) ` + conflit + ` RETURNING revision_id),
u AS (UPDATE revision SET prete = false, mis_a_jour_le = $12 WHERE id IN (SELECT revision_id FROM f) AND prete),
j AS (` + journalDepuis("f", 13) + `)
SELECT (SELECT count(*) FROM r), (SELECT count(*) FROM f)`
}

var (
	ajouterSeul      = ajouter(`DO NOTHING`)
	ajouterRemplacer = ajouter(`DO UPDATE SET id = EXCLUDED.id, nom = EXCLUDED.nom, type_mime = EXCLUDED.type_mime, taille = EXCLUDED.taille,
  sha256 = EXCLUDED.sha256, compartiment = EXCLUDED.compartiment, cle_objet = EXCLUDED.cle_objet, antivirus = EXCLUDED.antivirus,
  fichier_id = NULL, cree_le = EXCLUDED.cree_le`)
)

// AjouterFichier implements revision.Store.
func (s *Revisions) AjouterFichier(ctx context.Context, f *revision.RevisionFichier, remplacer bool, j event.Journal) (revision.IssueAjout, error) {
	sql := ajouterSeul
	if remplacer {
		sql = ajouterRemplacer
	}
	rows, err := s.db.direct(ctx).Query(ctx, sql, append(valeursFichier(f), valeursJournal(j)...)...)
	if err != nil {
		return 0, fmt.Errorf("insert file of revision: %w", err)
	}
	n, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[struct{ Modifiables, Ajoutes int }])
	switch {
	case err != nil:
		return 0, fmt.Errorf("insert file of revision: %w", err)
	case n.Modifiables == 0:
		return revision.AjoutNonModifiable, nil
	case n.Ajoutes == 0:
		return revision.AjoutDejaAttache, nil
	}
	return revision.Ajoute, nil
}

// The files are compared in a statement of its own, after the lock: its snapshot then sees the deposit
// that the lock waited for.
var ecrireValidation = `WITH u AS (UPDATE revision r SET validation = $2, prete = $3, calculee_contre_id = $4, mis_a_jour_le = $5
   WHERE r.id = $1 AND r.statut = 'pending'
     AND coalesce((SELECT string_agg(f.id, ',' ORDER BY f.id) FROM revision_fichier f WHERE f.revision_id = $1), '') = $6 RETURNING r.id),
j AS (` + journalDepuis("u", 7) + `)
SELECT (SELECT count(*) FROM u), (SELECT count(*) FROM revision WHERE id = $1 AND statut = 'pending')`

// EcrireValidation implements revision.Store.
func (s *Revisions) EcrireValidation(ctx context.Context, r *revision.Revision, j event.Journal) (revision.IssueCalcul, error) {
	ids := make([]string, len(r.Fichiers))
	for i, f := range r.Fichiers {
		ids[i] = f.ID
	}
	slices.Sort(ids)
	var ecrites, modifiables int
	b := &pgx.Batch{}
	b.Queue(`SELECT FROM revision WHERE id = $1 FOR NO KEY UPDATE`, r.ID)
	params := append([]any{r.ID, texteJSON(r.Validation), r.Prete, r.CalculeeContreID, r.MisAJourLe, strings.Join(ids, ",")}, valeursJournal(j)...)
	b.Queue(ecrireValidation, params...).QueryRow(func(row pgx.Row) error { return row.Scan(&ecrites, &modifiables) })
	for _, f := range r.Fichiers {
		if f.Antivirus != "NON_ANALYSE" {
			b.Queue(`UPDATE revision_fichier SET antivirus = $2 WHERE id = $1 AND antivirus <> $2`, f.ID, f.Antivirus)
		}
	}
	if err := s.envoyer(ctx, b); err != nil {
		return 0, fmt.Errorf("write validation: %w", err)
	}
	switch {
	case ecrites == 1:
		return revision.Ecrite, nil
	case modifiables == 0:
		return revision.CalculNonModifiable, nil
	}
	return revision.CalculPerime, nil
}

// verrouPortee takes the lock of a scope, for the transaction, without waiting. It may be taken again by
// its holder.
const verrouPortee = `pg_try_advisory_xact_lock(hashtextextended('revision/' || $1::text || '/' || $2::text, 0))`

// VerrouillerPublication implements revision.Store. The row is locked only when the lock of the scope was
// obtained: the second call of the same lock answers at once, whatever the first one said.
func (s *Revisions) VerrouillerPublication(ctx context.Context, n revision.Nature, porteeCle, id string) (verrou bool, r, courante *revision.Revision, err error) {
	tx, ok := Tx(ctx)
	if !ok {
		return false, nil, nil, errors.New("publication outside a transaction")
	}
	var fichiers []revision.RevisionFichier
	b := &pgx.Batch{}
	b.Queue(`SELECT `+verrouPortee, string(n), porteeCle).QueryRow(func(row pgx.Row) error { return row.Scan(&verrou) })
	b.Queue(`SELECT `+colonnesRevision+` FROM revision r WHERE r.id = $3 AND `+verrouPortee+` FOR NO KEY UPDATE`, string(n), porteeCle, id).Query(une(&r))
	b.Queue(fichiersDe, id).Query(fichiersDans(&fichiers))
	b.Queue(`SELECT `+colonnesRevision+` FROM revision r WHERE r.nature = $1 AND r.portee_cle = $2 AND r.courante`, string(n), porteeCle).Query(une(&courante))
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return false, nil, nil, fmt.Errorf("lock revision %s: %w", id, err)
	}
	if r != nil {
		r.Fichiers = fichiers
	}
	return verrou, r, courante, nil
}

// Basculer implements revision.Store.
func (s *Revisions) Basculer(ctx context.Context, r *revision.Revision, j event.Journal) error {
	tx, ok := Tx(ctx)
	if !ok {
		return errors.New("publication outside a transaction")
	}
	b := &pgx.Batch{}
	b.Queue(`UPDATE revision SET courante = false WHERE nature = $1 AND portee_cle = $2 AND courante`, r.Nature, r.PorteeCle)
	b.Queue(`UPDATE revision SET statut = $2, courante = $3, prete = $4, publie_le = $5, mis_a_jour_le = $6, habilitation = $7 WHERE id = $1`,
		r.ID, r.Statut, r.Courante, r.Prete, r.PublieLe, r.MisAJourLe, texteJSON(r.Habilitation))
	b.Queue(`UPDATE revision SET prete = false WHERE nature = $1 AND portee_cle = $2 AND statut = 'pending' AND prete`, r.Nature, r.PorteeCle)
	b.Queue(journalDepuis("(SELECT) x", 1), valeursJournal(j)...)
	err := tx.SendBatch(ctx, b).Close()
	if constraint(err) == "ux_revision_courante" {
		return fault.New(fault.Stale, revision.CodeEnCours, "La publication n’est pas possible car une publication est deja en cours").Because(err)
	}
	if err != nil {
		return fmt.Errorf("switch current revision: %w", err)
	}
	return nil
}

// Invalider implements revision.Store.
func (s *Revisions) Invalider(ctx context.Context, id string, le time.Time) error {
	_, err := s.db.direct(ctx).Exec(ctx, `UPDATE revision SET prete = false, mis_a_jour_le = $2 WHERE id = $1 AND statut = 'pending'`, id, le)
	if err != nil {
		return fmt.Errorf("invalidate revision: %w", err)
	}
	return nil
}

// Objects may be shared with other revisions (restore) and with published files.
var supprimerRevision = `WITH r AS (SELECT id FROM revision WHERE id = $1 AND statut = 'pending' FOR UPDATE),
f AS (DELETE FROM revision_fichier WHERE revision_id IN (SELECT id FROM r) RETURNING compartiment, cle_objet, sha256),
d AS (DELETE FROM revision WHERE id IN (SELECT id FROM r)),
j AS (` + journalDepuis("r", 2) + `)
SELECT f.compartiment, f.cle_objet FROM f
 WHERE NOT EXISTS (SELECT FROM revision_fichier o WHERE o.sha256 = f.sha256 AND o.cle_objet = f.cle_objet AND o.revision_id <> $1)
   AND NOT EXISTS (SELECT FROM fichier x WHERE x.compartiment = f.compartiment AND x.cle_objet = f.cle_objet)`

// Supprimer implements revision.Store.
func (s *Revisions) Supprimer(ctx context.Context, id string, j event.Journal) ([]revision.Cle, error) {
	rows, err := s.db.direct(ctx).Query(ctx, supprimerRevision, append([]any{id}, valeursJournal(j)...)...)
	if err != nil {
		return nil, fmt.Errorf("delete revision: %w", err)
	}
	cles, err := pgx.CollectRows(rows, pgx.RowToStructByPos[revision.Cle])
	if err != nil {
		return nil, fmt.Errorf("delete revision: %w", err)
	}
	return cles, nil
}

// JournaliserLecture implements revision.Store.
func (s *Revisions) JournaliserLecture(ctx context.Context, j event.Journal) error {
	if _, err := s.db.pool.Exec(ctx, journalDepuis("(SELECT) x", 1), valeursJournal(j)...); err != nil {
		return fmt.Errorf("journal of a reading: %w", err)
	}
	return nil
}
