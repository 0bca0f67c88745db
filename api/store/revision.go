package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"apilos/api/event"
	"apilos/api/revision"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Revisions keeps the revisions of every nature. The four steps are the hot path of the deposit: their
// statements go to pgx directly, a batch at a time, which is one round trip and one transaction.
type Revisions struct{ db *DB }

// NewRevisions returns the store of package revision.
func NewRevisions(db *DB) *Revisions { return &Revisions{db: db} }

var _ revision.Store = (*Revisions)(nil)

// InTx implements revision.Store.
func (s *Revisions) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.db.InTx(ctx, fn)
}

// ligne is what both the pool and a transaction offer.
type ligne interface {
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// direct returns the connection of the transaction that ctx carries, the pool otherwise.
func (d *DB) direct(ctx context.Context) ligne {
	if t, ok := ctx.Value(txKey{}).(*transaction); ok {
		return t.pgx
	}
	return d.pool
}

// envoyer runs a batch to its end; outside a transaction its statements form one.
func (s *Revisions) envoyer(ctx context.Context, b *pgx.Batch) error {
	return s.db.direct(ctx).SendBatch(ctx, b).Close()
}

const (
	colonnesRevision = `r.id, r.nature, r.portee_type, r.portee_cle, r.client_id, r.auteur_id, r.statut, r.prete, r.courante, r.contexte,
  r.validation, r.habilitation, r.calculee_contre_id, r.publie_le, r.cree_le, r.mis_a_jour_le`
	colonnesFichier = `f.id, f.revision_id, f.type, f.nom, f.type_mime, f.taille, f.sha256, f.compartiment, f.cle_objet, f.antivirus, f.fichier_id, f.cree_le`
)

func lireRevision(row pgx.CollectableRow) (*revision.Revision, error) {
	r := new(revision.Revision)
	var habilitation, contexte, validation []byte
	err := row.Scan(&r.ID, &r.Nature, &r.PorteeType, &r.PorteeCle, &r.ClientID, &r.AuteurID, &r.Statut, &r.Prete, &r.Courante, &contexte,
		&validation, &habilitation, &r.CalculeeContreID, &r.PublieLe, &r.CreeLe, &r.MisAJourLe)
	r.Contexte, r.Validation, r.Habilitation = contexte, validation, habilitation
	return r, err
}

func lireFichierRevision(row pgx.CollectableRow) (revision.RevisionFichier, error) {
	var f revision.RevisionFichier
	err := row.Scan(&f.ID, &f.RevisionID, &f.Type, &f.Nom, &f.TypeMime, &f.Taille, &f.Sha256, &f.Compartiment, &f.CleObjet, &f.Antivirus, &f.FichierID, &f.CreeLe)
	return f, err
}

// une keeps the only row of a query, nil without any.
func une(dst **revision.Revision) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		r, err := pgx.CollectExactlyOneRow(rows, lireRevision)
		if errors.Is(err, pgx.ErrNoRows) {
			*dst = nil
			return nil
		}
		*dst = r
		return err
	}
}

func fichiersDans(dst *[]revision.RevisionFichier) func(pgx.Rows) error {
	return func(rows pgx.Rows) (err error) {
		*dst, err = pgx.CollectRows(rows, lireFichierRevision)
		return err
	}
}

const fichiersDe = `SELECT ` + colonnesFichier + ` FROM revision_fichier f WHERE f.revision_id = $1 ORDER BY f.type`

// Charger implements revision.Store.
func (s *Revisions) Charger(ctx context.Context, id string) (*revision.Revision, error) {
	var r *revision.Revision
	var fichiers []revision.RevisionFichier
	b := &pgx.Batch{}
	b.Queue(`SELECT `+colonnesRevision+` FROM revision r WHERE r.id = $1`, id).Query(une(&r))
	b.Queue(fichiersDe, id).Query(fichiersDans(&fichiers))
	if err := s.envoyer(ctx, b); err != nil {
		return nil, fmt.Errorf("revision %s: %w", id, err)
	}
	if r != nil {
		r.Fichiers = fichiers
	}
	return r, nil
}

// ChargerAvecCourante implements revision.Store.
func (s *Revisions) ChargerAvecCourante(ctx context.Context, id string) (r, courante *revision.Revision, err error) {
	var fichiers, publies []revision.RevisionFichier
	b := &pgx.Batch{}
	b.Queue(`SELECT `+colonnesRevision+` FROM revision r WHERE r.id = $1`, id).Query(une(&r))
	b.Queue(fichiersDe, id).Query(fichiersDans(&fichiers))
	b.Queue(`SELECT `+colonnesRevision+` FROM revision v JOIN revision r ON r.nature = v.nature AND r.portee_cle = v.portee_cle AND r.courante WHERE v.id = $1`, id).
		Query(une(&courante))
	b.Queue(`SELECT `+colonnesFichier+` FROM revision v JOIN revision c ON c.nature = v.nature AND c.portee_cle = v.portee_cle AND c.courante
	   JOIN revision_fichier f ON f.revision_id = c.id WHERE v.id = $1 ORDER BY f.type`, id).Query(fichiersDans(&publies))
	if err := s.envoyer(ctx, b); err != nil {
		return nil, nil, fmt.Errorf("revision %s: %w", id, err)
	}
	if r != nil {
		r.Fichiers = fichiers
	}
	if courante != nil {
		for _, f := range publies { // another one may have become current between the two statements
			if f.RevisionID == courante.ID {
				courante.Fichiers = append(courante.Fichiers, f)
			}
		}
	}
	return r, courante, nil
}

// Courante implements revision.Store.
func (s *Revisions) Courante(ctx context.Context, n revision.Nature, porteeCle string) (*revision.Revision, error) {
	rows, err := s.db.direct(ctx).Query(ctx, `SELECT r.id FROM revision r WHERE r.nature = $1 AND r.portee_cle = $2 AND r.courante`, string(n), porteeCle)
	if err != nil {
		return nil, fmt.Errorf("current revision: %w", err)
	}
	id, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[string])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("current revision: %w", err)
	}
	return s.Charger(ctx, id)
}

// Lister implements revision.Store. Ids are ordered by time: the cursor needs no other column.
func (s *Revisions) Lister(ctx context.Context, f revision.Filtre) ([]revision.Revision, error) {
	rows, err := s.db.direct(ctx).Query(ctx, `SELECT `+colonnesRevision+` FROM revision r
	   WHERE r.nature = $1 AND r.portee_cle = $2 AND ($3 = '' OR r.statut = $3)
	     AND ($4 = '' OR (r.cree_le, r.id) < (SELECT p.cree_le, p.id FROM revision p WHERE p.id = $4))
	   ORDER BY r.cree_le DESC, r.id DESC LIMIT $5`, string(f.Nature), f.PorteeCle, f.Statut, f.Apres, f.Limite)
	if err != nil {
		return nil, fmt.Errorf("list revisions: %w", err)
	}
	liste, err := pgx.CollectRows(rows, lireRevision)
	if err != nil {
		return nil, fmt.Errorf("list revisions: %w", err)
	}
	out := make([]revision.Revision, len(liste))
	rang, ids := map[string]int{}, make([]string, len(liste))
	for i, r := range liste {
		out[i], rang[r.ID], ids[i] = *r, i, r.ID
	}
	var fichiers []revision.RevisionFichier
	b := &pgx.Batch{}
	b.Queue(`SELECT `+colonnesFichier+` FROM revision_fichier f WHERE f.revision_id = ANY($1) ORDER BY f.revision_id, f.type`, ids).Query(fichiersDans(&fichiers))
	if err := s.envoyer(ctx, b); err != nil {
		return nil, fmt.Errorf("files of revisions: %w", err)
	}
	for _, f := range fichiers {
		out[rang[f.RevisionID]].Fichiers = append(out[rang[f.RevisionID]].Fichiers, f)
	}
	return out, nil
}

// colonnesJournal are those of a row of journal outside the chain of a family, $1 to $11.
const colonnesJournal = `(nom_table, action, commande, mode, apres, utilisateur_id, detourne_par_id, acteur, habilitation_id, ip, requete_id, cree_le)`

// journalDepuis writes the row for each row of the relation source; n is the number of its first parameter.
func journalDepuis(source string, n int) string {
	valeurs := make([]string, 12)
	types := []string{"varchar", "char", "varchar", "varchar", "jsonb", "bigint", "bigint", "varchar", "integer", "varchar", "uuid", "timestamptz"}
	for i := range valeurs {
		valeurs[i] = fmt.Sprintf("$%d::%s", n+i, types[i])
	}
	return `INSERT INTO journal_audit ` + colonnesJournal + ` SELECT ` + strings.Join(valeurs, ", ") + ` FROM ` + source
}

// valeursJournal are the parameters of journalDepuis.
func valeursJournal(j event.Journal) []any {
	var requete *string
	if j.RequeteID != nil {
		t := j.RequeteID.String()
		requete = &t
	}
	return []any{
		j.NomTable, j.Action, j.Commande, j.Mode, string(j.Apres), j.UtilisateurID, j.DetourneParID, coupe(j.Acteur, 320),
		j.HabilitationID, coupe(j.IP, 45), requete, j.CreeLe,
	}
}

func coupe(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// texteJSON is a jsonb parameter: null for nothing.
func texteJSON(brut []byte) *string {
	if len(brut) == 0 {
		return nil
	}
	t := string(brut)
	return &t
}

// Perimees implements revision.Store.
func (s *Revisions) Perimees(ctx context.Context, avant time.Time, limite int) ([]revision.Revision, error) {
	rows, err := s.db.direct(ctx).Query(ctx, `SELECT `+colonnesRevision+` FROM revision r
	   WHERE r.statut = 'pending' AND r.cree_le < $1 ORDER BY r.cree_le LIMIT $2`, avant, limite)
	if err != nil {
		return nil, fmt.Errorf("old revisions: %w", err)
	}
	liste, err := pgx.CollectRows(rows, lireRevision)
	if err != nil {
		return nil, fmt.Errorf("old revisions: %w", err)
	}
	out := make([]revision.Revision, len(liste))
	for i, r := range liste {
		out[i] = *r
	}
	return out, nil
}
