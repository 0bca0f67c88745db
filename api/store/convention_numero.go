package store

import (
	"context"
	"fmt"

	"apilos/api/auth"
	"apilos/api/convention"
	"github.com/google/uuid"
)

// greatest last segment of the numbers of a département among conventions validated in a year (FI-01)
const plusGrandNumero = `
SELECT coalesce(max(x.rang), 0) FROM (
  SELECT substring(c.numero from '\.([0-9]{1,6})$')::int AS rang FROM convention c
  WHERE c.parent_id IS NULL AND c.numero LIKE @prefixe AND c.supprime_le IS NULL
    AND c.valide_le BETWEEN make_date(@annee, 1, 1) AND make_date(@annee, 12, 31)) x`

// DernierNumero implements convention.Store: the last rank given, by the counter or by what exists.
func (d *DB) DernierNumero(ctx context.Context, departement string, annee int) (int, error) {
	var compteur, existant int
	args := map[string]any{"dep": departement, "annee": annee, "prefixe": departement + ".%"}
	err := d.db(ctx).Raw(`SELECT coalesce((SELECT dernier FROM compteur_numero_convention
	   WHERE code_departement = @dep AND annee = @annee), 0)`, args).Scan(&compteur).Error
	if err != nil {
		return 0, fmt.Errorf("last number: %w", err)
	}
	if compteur > 0 {
		return compteur, nil
	}
	if err := d.db(ctx).Raw(plusGrandNumero, args).Scan(&existant).Error; err != nil {
		return 0, fmt.Errorf("last number: %w", err)
	}
	return existant, nil
}

// VerrouillerCompteur implements convention.Store. The row is created from what exists, then locked by
// the UPDATE until the transaction ends.
func (d *DB) VerrouillerCompteur(ctx context.Context, departement string, annee int) (int, error) {
	dernier, err := d.DernierNumero(ctx, departement, annee)
	if err != nil {
		return 0, err
	}
	err = d.db(ctx).Raw(`
INSERT INTO compteur_numero_convention AS c (code_departement, annee, dernier) VALUES (?, ?, ?)
ON CONFLICT (code_departement, annee) DO UPDATE SET dernier = c.dernier RETURNING c.dernier`,
		departement, annee, dernier).Scan(&dernier).Error
	if err != nil {
		return 0, fmt.Errorf("lock number sequence: %w", err)
	}
	return dernier, nil
}

// AvancerCompteur implements convention.Store; the sequence never goes back.
func (d *DB) AvancerCompteur(ctx context.Context, departement string, annee, rang int) error {
	err := d.db(ctx).Exec(`UPDATE compteur_numero_convention SET dernier = greatest(dernier, ?)
	   WHERE code_departement = ? AND annee = ?`, rang, departement, annee).Error
	if err != nil {
		return fmt.Errorf("advance number sequence: %w", err)
	}
	return nil
}

// PorteurDuNumero implements convention.Store (FI-03): roots of the whole base, trimmed, upper case,
// cancelled ones excluded. It tells whether the caller may see the holder.
func (d *DB) PorteurDuNumero(ctx context.Context, p auth.Principal, saufID int64, numero string) (*convention.Porteur, error) {
	cond, args := perimetre(p, vueRecherche)
	var row struct {
		UUID    *uuid.UUID
		Visible bool
	}
	err := d.db(ctx).Raw(`
SELECT c.uuid, EXISTS (SELECT 1 FROM convention_recherche r WHERE r.convention_id = c.id AND `+cond+`) AS visible
FROM convention c WHERE c.parent_id IS NULL AND c.supprime_le IS NULL AND c.statut <> 'ANNULEE' AND c.id <> ?
  AND c.numero IS NOT NULL AND upper(btrim(c.numero)) = upper(btrim(?)) AND c.source <> 'ECOLOWEB' AND NOT c.anomalie_import
LIMIT 1`, append(args, saufID, numero)...).Scan(&row).Error
	if err != nil {
		return nil, fmt.Errorf("holder of number: %w", err)
	}
	if row.UUID == nil {
		return nil, nil
	}
	return &convention.Porteur{UUID: *row.UUID, Visible: row.Visible}, nil
}

// NumeroRessemblant implements convention.Store: another root whose number is the same once / - space
// and . are removed; "" when there is none.
func (d *DB) NumeroRessemblant(ctx context.Context, saufID int64, numero string) (string, error) {
	var autre string
	err := d.db(ctx).Raw(`
SELECT c.numero FROM convention c WHERE c.parent_id IS NULL AND c.supprime_le IS NULL AND c.statut <> 'ANNULEE' AND c.id <> ?
  AND c.numero_pour_recherche = upper(translate(?, '/- .', '')) AND upper(btrim(c.numero)) <> upper(btrim(?)) LIMIT 1`,
		saufID, numero, numero).Scan(&autre).Error
	if err != nil {
		return "", fmt.Errorf("look-alike number: %w", err)
	}
	return autre, nil
}

// ProposerNumeroAvenant implements convention.Store (AV-11).
func (d *DB) ProposerNumeroAvenant(ctx context.Context, dos *convention.Dossier) (string, error) {
	var n int
	err := d.db(ctx).Raw(`
SELECT 1 + count(*) FROM convention a WHERE a.parent_id = ? AND a.id <> ? AND a.supprime_le IS NULL
  AND a.statut IN ('A_SIGNER','SIGNEE','PUBLICATION_EN_COURS','PUBLIE','RESILIEE','DENONCEE')
  AND NOT EXISTS (SELECT 1 FROM convention_type_avenant t WHERE t.convention_id = a.id AND t.type_code IN ('denonciation','resiliation'))`,
		dos.Racine.ID, dos.Convention.ID).Scan(&n).Error
	if err != nil {
		return "", fmt.Errorf("number of avenant: %w", err)
	}
	return fmt.Sprint(n), nil
}
