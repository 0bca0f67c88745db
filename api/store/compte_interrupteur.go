package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"apilos/api/compte"
	"apilos/api/date"

	"github.com/google/uuid"
	"github.com/lib/pq"
)

// ligneInterrupteur is a row of interrupteur with the name of who changed it.
type ligneInterrupteur struct {
	Nom            string
	Actif          bool
	Portee         json.RawMessage
	Note           string
	RetraitPrevuLe *date.Date
	Version        int
	MisAJourLe     time.Time
	ModifiePar     string
}

const selectInterrupteur = `SELECT i.nom, i.actif, i.portee, i.note, i.retrait_prevu_le, i.version, i.mis_a_jour_le,
  coalesce(nullif(btrim(u.prenom || ' ' || u.nom), ''), u.username, '') AS modifie_par
FROM interrupteur i LEFT JOIN utilisateur u ON u.id = i.modifie_par_id`

func (l ligneInterrupteur) fiche() (compte.FicheInterrupteur, error) {
	portee, err := compte.DecoderPortee(l.Portee)
	if err != nil {
		return compte.FicheInterrupteur{}, fmt.Errorf("switch %s: %w", l.Nom, err)
	}
	return compte.FicheInterrupteur{
		Interrupteur: compte.Interrupteur{Nom: l.Nom, Actif: l.Actif, Portee: portee}, Note: l.Note, RetraitPrevuLe: l.RetraitPrevuLe,
		Version: l.Version, MisAJourLe: l.MisAJourLe, ModifiePar: l.ModifiePar,
	}, nil
}

// FichesInterrupteurs implements compte.Store.
func (s *Comptes) FichesInterrupteurs(ctx context.Context) ([]compte.FicheInterrupteur, error) {
	var rows []ligneInterrupteur
	if err := s.db.db(ctx).Raw(selectInterrupteur + " ORDER BY i.nom").Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read switches: %w", err)
	}
	out := make([]compte.FicheInterrupteur, 0, len(rows))
	for _, r := range rows {
		f, err := r.fiche()
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// VerrouillerInterrupteur implements compte.Store.
func (s *Comptes) VerrouillerInterrupteur(ctx context.Context, nom string) (*compte.FicheInterrupteur, error) {
	var rows []ligneInterrupteur
	if err := s.db.db(ctx).Raw(selectInterrupteur+" WHERE i.nom = ? FOR UPDATE OF i", nom).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read a switch: %w", err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	f, err := rows[0].fiche()
	return &f, err
}

// EcrireInterrupteur implements compte.Store.
func (s *Comptes) EcrireInterrupteur(ctx context.Context, f compte.FicheInterrupteur, par int64) (string, error) {
	var portee *string
	if f.Portee != nil {
		b, err := json.Marshal(f.Portee)
		if err != nil {
			return "", fmt.Errorf("write the scope of a switch: %w", err)
		}
		texte := string(b)
		portee = &texte
	}
	var l ligneInterrupteur
	if err := s.ecrireInterrupteur(ctx, f, portee, par, &l); err != nil {
		return "", err
	}
	if f.Nom == interrupteurVisibilite { // who sees a family is written in its rows (PE-21)
		return l.ModifiePar, s.db.rejugerFamilles(ctx)
	}
	return l.ModifiePar, nil
}

func (s *Comptes) ecrireInterrupteur(ctx context.Context, f compte.FicheInterrupteur, portee *string, par int64, l *ligneInterrupteur) error {
	return s.db.db(ctx).Raw(`UPDATE interrupteur i SET actif = ?, portee = ?::jsonb, note = ?, retrait_prevu_le = ?, modifie_par_id = u.id,
		version = ?, mis_a_jour_le = ? FROM utilisateur u WHERE i.nom = ? AND u.id = ?
		RETURNING coalesce(nullif(btrim(u.prenom || ' ' || u.nom), ''), u.username) AS modifie_par`,
		f.Actif, portee, f.Note, f.RetraitPrevuLe, f.Version, f.MisAJourLe, f.Nom, par).Scan(l).Error
}

// CiblesConnues implements compte.Store: one statement, whatever the number of targets.
func (s *Comptes) CiblesConnues(ctx context.Context, p compte.Portee) (compte.Cibles, error) {
	var c compte.Cibles
	if len(p.Utilisateurs)+len(p.Administrations)+len(p.Departements) == 0 {
		return c, nil
	}
	uuids := make([]string, 0, len(p.Utilisateurs))
	for _, u := range p.Utilisateurs {
		if id, err := uuid.Parse(u); err == nil {
			uuids = append(uuids, id.String())
		}
	}
	var rows []struct{ Genre, Cle, Nom string }
	err := s.db.db(ctx).Raw(`
SELECT 'U' AS genre, uuid::text AS cle, coalesce(nullif(btrim(prenom || ' ' || nom), ''), username) AS nom FROM utilisateur WHERE uuid = ANY(?::uuid[])
UNION ALL SELECT 'A', code, nom FROM administration WHERE code = ANY(?)
UNION ALL SELECT 'D', code_insee, nom FROM departement WHERE code_insee = ANY(?)
ORDER BY 1, 3, 2`, pq.StringArray(uuids), pq.StringArray(p.Administrations), pq.StringArray(p.Departements)).Scan(&rows).Error
	if err != nil {
		return c, fmt.Errorf("read the targets of a switch: %w", err)
	}
	for _, r := range rows {
		cible := compte.Cible{Cle: r.Cle, Nom: r.Nom}
		switch r.Genre {
		case "U":
			c.Utilisateurs = append(c.Utilisateurs, cible)
		case "A":
			c.Administrations = append(c.Administrations, cible)
		default:
			c.Departements = append(c.Departements, cible)
		}
	}
	return c, nil
}
