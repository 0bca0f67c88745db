package store

import (
	"context"
	"fmt"
	"strings"

	"apilos/api/depot"
	"apilos/api/revision"

	"github.com/lib/pq"
)

// A revision is shown with its client: the columns of the client carry the prefix c_.
const (
	colonnesClientPrefixees = `c.id AS c_id, c.mandataire_id AS c_mandataire_id, c.chef_de_file_id AS c_chef_de_file_id, c.legacy_id AS c_legacy_id,
		c.nom AS c_nom, c.email AS c_email, c.actif AS c_actif, c.strategie AS c_strategie, m.nom AS c_mandataire_nom, m.email AS c_mandataire_email,
		f.nom AS c_chef_nom, f.email AS c_chef_email, coalesce(f.email_public, false) AS c_chef_email_public`
	jointuresClient = ` JOIN depot_mandataire m ON m.id = c.mandataire_id LEFT JOIN depot_chef_de_file f ON f.id = c.chef_de_file_id`

	selectRevision = `SELECT r.*, ` + colonnesClientPrefixees + tablesRevision
	tablesRevision = ` FROM revision r JOIN depot_client c ON c.id = r.client_id` + jointuresClient
	// modifie moves with everything that a list of revisions shows.
	selectEtat = `SELECT count(*) AS nombre, max(greatest(r.mis_a_jour_le, c.mis_a_jour_le, m.mis_a_jour_le, f.mis_a_jour_le)) AS modifie` + tablesRevision
)

// ligneClient is a client read with a prefix.
type ligneClient struct {
	ID, MandataireID       string
	ChefDeFileID, LegacyID *string
	Nom                    string
	Email                  *string
	Actif                  bool
	Strategie              string
	MandataireNom          string
	MandataireEmail        string
	ChefNom, ChefEmail     *string
	ChefEmailPublic        bool
}

func (l *ligneClient) detail() *depot.ClientDetail {
	return &depot.ClientDetail{
		Client: depot.Client{
			ID: l.ID, MandataireID: l.MandataireID, ChefDeFileID: l.ChefDeFileID, LegacyID: l.LegacyID, Nom: l.Nom, Email: l.Email, Actif: l.Actif, Strategie: l.Strategie,
		},
		MandataireNom: l.MandataireNom, MandataireEmail: l.MandataireEmail, ChefNom: l.ChefNom, ChefEmail: l.ChefEmail, ChefEmailPublic: l.ChefEmailPublic,
	}
}

type ligneRevisionDepot struct {
	revision.Revision
	Client ligneClient `gorm:"embedded;embeddedPrefix:c_"`
}

func (l *ligneRevisionDepot) lue() *depot.RevisionLue {
	return &depot.RevisionLue{Revision: l.Revision, Client: l.Client.detail()}
}

// Proprietaire implements depot.Store.
func (s *Depots) Proprietaire(ctx context.Context, id string) (clientID, codeCommune string, ok bool, err error) {
	row, err := uneLigne[struct{ ClientID, PorteeCle string }](ctx, s.db, "owner of revision",
		`SELECT client_id, portee_cle FROM revision WHERE id = ? AND nature = 'bal'`, id)
	if err != nil || row == nil {
		return "", "", false, err
	}
	return row.ClientID, row.PorteeCle, true, nil
}

// Revision implements depot.Store.
func (s *Depots) Revision(ctx context.Context, id string) (*depot.RevisionLue, error) {
	return s.revision(ctx, "r.id = ?", id)
}

// Courante implements depot.Store.
func (s *Depots) Courante(ctx context.Context, codeCommune string) (*depot.RevisionLue, error) {
	return s.revision(ctx, "r.courante AND r.portee_cle = ?", codeCommune)
}

func (s *Depots) revision(ctx context.Context, cond, arg string) (*depot.RevisionLue, error) {
	l, err := uneLigne[ligneRevisionDepot](ctx, s.db, "read revision", selectRevision+` WHERE r.nature = 'bal' AND `+cond, arg)
	if err != nil || l == nil {
		return nil, err
	}
	r := l.lue()
	if err := s.db.db(ctx).Raw(`SELECT * FROM revision_fichier WHERE revision_id = ? ORDER BY type`, r.ID).Scan(&r.Fichiers).Error; err != nil {
		return nil, fmt.Errorf("read files: %w", err)
	}
	return r, nil
}

// conditionRevisions turns a filter into SQL.
func conditionRevisions(f depot.FiltreRevisions) (string, []any) {
	conditions, args := []string{"r.nature = 'bal'"}, []any{}
	ajouter := func(condition string, valeurs ...any) {
		conditions, args = append(conditions, condition), append(args, valeurs...)
	}
	if f.CodeCommune != "" {
		ajouter("r.portee_cle = ?", f.CodeCommune)
	}
	if f.CodesCommune != nil {
		ajouter("r.portee_cle = ANY(?)", pq.StringArray(f.CodesCommune))
	}
	if f.Statut != "" {
		ajouter("r.statut = ?", f.Statut)
	}
	if f.Courantes {
		ajouter("r.courante")
	}
	if f.PublieDepuis != nil {
		ajouter("r.publie_le > ?", *f.PublieDepuis)
	}
	if len(f.SansCommunes) > 0 {
		ajouter("NOT r.portee_cle = ANY(?)", pq.StringArray(f.SansCommunes))
	}
	return " WHERE " + strings.Join(conditions, " AND "), args
}

// EtatRevisions implements depot.Store.
func (s *Depots) EtatRevisions(ctx context.Context, f depot.FiltreRevisions) (depot.Etat, error) {
	ou, args := conditionRevisions(f)
	return s.etat(ctx, "count revisions", selectEtat+ou, args...)
}

// ParcourirRevisions implements depot.Store. Current revisions come by commune; those of one commune by
// date of creation, in one statement since they are few.
func (s *Depots) ParcourirRevisions(ctx context.Context, f depot.FiltreRevisions, fn func(*depot.RevisionLue) error) error {
	ou, args := conditionRevisions(f)
	if f.Courantes && !f.Recentes {
		return parcourir(ctx, s.db, "list revisions", selectRevision+ou+` AND %s ORDER BY r.portee_cle`, "r.portee_cle", f.Fenetre, args,
			func(l *ligneRevisionDepot) string { return l.PorteeCle }, func(l *ligneRevisionDepot) error { return fn(l.lue()) })
	}
	var limite any
	if f.Fenetre.Limite > 0 {
		limite = f.Fenetre.Limite
	}
	var rows []ligneRevisionDepot
	ordre := "r.cree_le, r.id"
	if f.Recentes {
		ordre = "r.publie_le DESC, r.id"
	}
	sql := selectRevision + ou + ` ORDER BY ` + ordre + ` LIMIT ? OFFSET ?`
	if err := s.db.db(ctx).Raw(sql, append(args, limite, f.Fenetre.Decalage)...).Scan(&rows).Error; err != nil {
		return fmt.Errorf("list revisions: %w", err)
	}
	for n := range rows {
		if err := fn(rows[n].lue()); err != nil {
			return err
		}
	}
	return nil
}

// conditionDernieres limits the last revisions to those of one client.
func conditionDernieres(clientID string) (string, []any) {
	if clientID == "" {
		return "", nil
	}
	return " AND r.client_id = ?", []any{clientID}
}

// EtatDernieres implements depot.Store.
func (s *Depots) EtatDernieres(ctx context.Context, clientID string) (depot.Etat, error) {
	cond, args := conditionDernieres(clientID)
	return s.etat(ctx, "count last revisions", `SELECT count(DISTINCT portee_cle) AS nombre, max(mis_a_jour_le) AS modifie FROM revision r WHERE nature = 'bal'`+cond, args...)
}

// ParcourirDernieres implements depot.Store.
func (s *Depots) ParcourirDernieres(ctx context.Context, clientID string, f depot.Fenetre, fn func(*depot.RevisionLue) error) error {
	cond, args := conditionDernieres(clientID)
	sql := `SELECT DISTINCT ON (r.portee_cle) r.* FROM revision r WHERE r.nature = 'bal'` + cond + ` AND %s ORDER BY r.portee_cle, r.cree_le DESC, r.id DESC`
	return parcourir(ctx, s.db, "list last revisions", sql, "r.portee_cle", f, args, func(r *revision.Revision) string { return r.PorteeCle },
		func(r *revision.Revision) error { return fn(&depot.RevisionLue{Revision: *r}) })
}
