package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"apilos/api/administration"
	"apilos/api/auth"
	"apilos/api/bailleur"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/operation"

	"github.com/google/uuid"
	"github.com/lib/pq"
	"gorm.io/gorm"
)

// Importations implements convention.StoreImportation.
type Importations struct{ OperationStore }

var _ convention.StoreImportation = Importations{}

// NewImportations returns the store of what is recorded by hand.
func NewImportations(d *DB) Importations { return Importations{NewOperationStore(d)} }

// bailleursPermis is who p may give as bailleur (CR-20): its own, those of sirens and their children only unless it is nil
// (PE-40), or any for a service. Private owners are people: only
// those who work with them see them.
func bailleursPermis(p auth.Principal, sirens []string) (string, []any) {
	if p.Typologie == auth.Bailleur && !p.Superuser && !p.Staff {
		cond, args := "b.id = ANY(?)", []any{pq.Int64Array(p.BailleurIDs)}
		if sirens != nil {
			cond += " AND (b.siren = ANY(?) OR EXISTS (SELECT FROM bailleur m WHERE m.id = b.parent_id AND m.siren = ANY(?)))"
			args = append(args, pq.StringArray(sirens), pq.StringArray(sirens))
		}
		return cond, args
	}
	cond, args := perimetreBailleurs(p)
	return "(b.type_identifiant <> 'EMAIL' OR " + cond + ")", args
}

// administrationsPermises is which service p may give (CR-20): a service gives those of its list, a bailleur any.
func administrationsPermises(p auth.Principal) (string, []any) {
	const service = "upper(a.code) NOT LIKE 'ANAH%' AND upper(a.code) NOT LIKE 'ANRU%'"
	if p.Typologie == auth.Bailleur || p.Superuser || p.Staff {
		return service, nil
	}
	cond, args := perimetreAdministrations(p)
	return service + " AND " + cond, args
}

// BailleurChoisi implements convention.StoreImportation.
func (s Importations) BailleurChoisi(ctx context.Context, p auth.Principal, id uuid.UUID, sirens []string) (*bailleur.Bailleur, error) {
	cond, args := bailleursPermis(p, sirens)
	return choisie[bailleur.Bailleur](s.db(ctx).Raw(`SELECT b.* FROM bailleur b WHERE b.uuid = ? AND `+cond, append([]any{id}, args...)...), "chosen bailleur")
}

// AdministrationChoisie implements convention.StoreImportation.
func (s Importations) AdministrationChoisie(ctx context.Context, p auth.Principal, id uuid.UUID) (*administration.Administration, error) {
	cond, args := administrationsPermises(p)
	return choisie[administration.Administration](s.db(ctx).Raw(`SELECT a.* FROM administration a WHERE a.uuid = ? AND `+cond, append([]any{id}, args...)...), "chosen administration")
}

func choisie[T any](q *gorm.DB, quoi string) (*T, error) {
	var lignes []T
	if err := q.Scan(&lignes).Error; err != nil {
		return nil, fmt.Errorf("%s: %w", quoi, err)
	}
	if len(lignes) == 0 {
		return nil, nil
	}
	return &lignes[0], nil
}

// BailleursAuChoix implements convention.StoreImportation.
func (s Importations) BailleursAuChoix(ctx context.Context, p auth.Principal, q string, sirens []string, limite int) ([]convention.EntiteAuChoix, error) {
	cond, args := bailleursPermis(p, sirens)
	if q != "" {
		cond += " AND (sans_accent(b.nom) LIKE ? OR (b.type_identifiant <> 'EMAIL' AND b.siren LIKE ?))"
		args = append(args, "%"+echapper(sansAccent(q))+"%", echapper(chiffresSeuls(q))+"%")
	}
	return s.auChoix(ctx, `SELECT b.uuid, b.nom, CASE WHEN b.type_identifiant = 'EMAIL' THEN '' ELSE coalesce(b.siren, '') END AS code
FROM bailleur b WHERE `+cond+` ORDER BY sans_accent(b.nom), b.id LIMIT ?`, append(args, limite)...)
}

// AdministrationsAuChoix implements convention.StoreImportation.
func (s Importations) AdministrationsAuChoix(ctx context.Context, p auth.Principal, q string, limite int) ([]convention.EntiteAuChoix, error) {
	cond, args := administrationsPermises(p)
	if q != "" {
		cond += " AND (sans_accent(a.nom) LIKE ? OR upper(a.code) LIKE ?)"
		args = append(args, "%"+echapper(sansAccent(q))+"%", echapper(strings.ToUpper(q))+"%")
	}
	return s.auChoix(ctx, `SELECT a.uuid, a.nom, a.code FROM administration a WHERE `+cond+` ORDER BY sans_accent(a.nom), a.id LIMIT ?`, append(args, limite)...)
}

func (s Importations) auChoix(ctx context.Context, sql string, args ...any) ([]convention.EntiteAuChoix, error) {
	out := []convention.EntiteAuChoix{}
	if err := s.db(ctx).Raw(sql, args...).Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("list choices: %w", err)
	}
	return out, nil
}

// Lieu implements convention.StoreImportation: the commune when its name and its postcode say one, else the département
// that the communes of the postcode share.
func (s Importations) Lieu(ctx context.Context, codePostal, ville string) (commune, departement string, err error) {
	var lignes []struct {
		CodeInsee   *string
		NomNorm     string
		Departement *string
	}
	err = s.db(ctx).Raw(`SELECT c.code_insee, c.nom_norm, c.departement FROM commune_code_postal x JOIN commune c ON c.code = x.commune_code
WHERE x.code_postal = ? ORDER BY c.code`, codePostal).Scan(&lignes).Error
	if err != nil {
		return "", "", fmt.Errorf("codes of a town: %w", err)
	}
	partage := true
	for _, l := range lignes {
		if l.CodeInsee != nil && memeVille(l.NomNorm, ville) {
			commune = *l.CodeInsee
		}
		if l.Departement == nil || departement != "" && *l.Departement != departement {
			partage = false
			continue
		}
		departement = *l.Departement
	}
	if !partage {
		departement = "" // the postcode alone decides, or the commune
	}
	if commune != "" {
		departement = ""
	}
	return commune, departement, nil
}

// memeVille compares names without accents, case nor punctuation.
func memeVille(a, b string) bool {
	normal := func(s string) string {
		return strings.Join(strings.FieldsFunc(sansAccent(s), func(r rune) bool { return r == ' ' || r == '-' || r == '\'' || r == '’' }), " ")
	}
	return normal(a) == normal(b)
}

// VerrouillerNumeroConvention implements convention.StoreImportation.
func (s Importations) VerrouillerNumeroConvention(ctx context.Context, numero string) error {
	err := s.db(ctx).Exec(`SELECT pg_advisory_xact_lock(hashtextextended('numero:' || ?, 0))`, numero).Error
	if err != nil {
		return fmt.Errorf("lock convention number: %w", err)
	}
	return nil
}

// CreerOperation implements convention.StoreImportation: the number is locked, so an operation that has it meanwhile did
// not take the lock.
func (s Importations) CreerOperation(ctx context.Context, o *operation.Operation) error {
	err := s.OperationStore.CreerOperation(ctx, o)
	if errors.Is(err, operation.ErrDejaCree) {
		const message = "Ce numéro d’opération est déjà celui d’une autre opération."
		return fault.New(fault.Invalid, "NUMERO_OPERATION_EXISTANT", message).
			WithFields(fault.Field{Pointer: "/numero_operation", Code: "NUMERO_OPERATION_EXISTANT", Detail: message}).Because(err)
	}
	return err
}

// CreerRacine implements convention.StoreImportation.
func (s Importations) CreerRacine(ctx context.Context, n convention.NouvelleRacine) (int64, error) {
	effectif := n.Operation.BailleurID // PE-21: no avenant yet
	c := convention.Convention{
		UUID: n.UUID, OperationID: n.Operation.ID, BailleurEffectifID: &effectif, Statut: n.Statut, Numero: n.Numero, SigneLe: n.SigneLe,
		PrecisionDateSignature: n.Precision, Source: n.Source, CreeLe: n.Le, MisAJourLe: n.Le,
	}
	if n.CreeParID != 0 {
		c.CreeParID = &n.CreeParID
	}
	if err := s.db(ctx).Create(&c).Error; err != nil {
		return 0, conflitConvention(err)
	}
	l := convention.Lot{ConventionID: c.ID, Financement: n.Financement, TypeHabitat: n.TypeHabitat, NbLogements: &n.NbLogements, CreeLe: n.Le, MisAJourLe: n.Le}
	if err := s.db(ctx).Create(&l).Error; err != nil {
		return 0, conflitConvention(err)
	}
	if n.Operation.NatureLogement.FoyerOuResidence() {
		if err := s.db(ctx).Create(&convention.FoyerResidence{ConventionID: c.ID}).Error; err != nil {
			return 0, fmt.Errorf("create foyer block: %w", err)
		}
	}
	return c.ID, nil
}

// selectEnregistree reads what an import compares itself with (alias c); r.convention_id is null outside the perimeter.
const selectEnregistree = `
SELECT c.uuid, r.convention_id IS NOT NULL AS visible, c.source, coalesce(c.numero, '') AS numero, c.signe_le,
  coalesce((SELECT sum(l.nb_logements) FROM lot l WHERE l.convention_id = c.id), 0) AS nb_logements,
  coalesce((SELECT f.sha256 FROM fichier_rattache a JOIN fichier f ON f.id = a.fichier_id
     WHERE a.convention_id = c.id AND a.rubrique = 'DOCUMENT_SIGNE' AND a.remplace_le IS NULL), '') AS sha256
FROM convention c LEFT JOIN convention_recherche r ON r.convention_id = c.id AND `

// DejaConventionnee implements convention.StoreImportation; the financement may be one of a mixed convention.
func (s Importations) DejaConventionnee(ctx context.Context, p auth.Principal, operationID int64, f convention.Financement) (*convention.Enregistree, error) {
	cond, args := perimetre(p, vueRecherche)
	return choisie[convention.Enregistree](s.db(ctx).Raw(selectEnregistree+cond+`
WHERE c.operation_id = ? AND c.parent_id IS NULL AND c.supprime_le IS NULL AND c.statut <> 'ANNULEE'
  AND EXISTS (SELECT FROM lot l WHERE l.convention_id = c.id AND l.financement = ?) ORDER BY c.id LIMIT 1`,
		append(args, operationID, string(f))...), "convention of a financement")
}

// AvenantNumero implements convention.StoreImportation.
func (s Importations) AvenantNumero(ctx context.Context, p auth.Principal, racineID int64, numero string) (*convention.Enregistree, error) {
	cond, args := perimetre(p, vueRecherche)
	return choisie[convention.Enregistree](s.db(ctx).Raw(selectEnregistree+cond+`
WHERE c.parent_id = ? AND c.supprime_le IS NULL AND c.statut <> 'ANNULEE' AND upper(replace(c.numero, ' ', '')) = upper(replace(?, ' ', '')) ORDER BY c.id LIMIT 1`,
		append(args, racineID, numero)...), "avenant of a number")
}

// VersionAvant implements convention.StoreImportation.
func (s Importations) VersionAvant(ctx context.Context, racineID int64, jour date.Date) (convention.Version, error) {
	var ligne struct{ ID, BailleurID int64 }
	err := s.db(ctx).Raw(`
SELECT c.id, o.bailleur_id FROM convention c JOIN operation o ON o.id = c.operation_id
WHERE c.supprime_le IS NULL AND (c.id = @racine OR c.parent_id = @racine AND c.statut IN ('SIGNEE','PUBLICATION_EN_COURS','PUBLIE') AND c.signe_le <= CAST(@jour AS date))
ORDER BY c.parent_id IS NULL, c.rang_avenant DESC NULLS LAST, c.signe_le DESC, c.id DESC LIMIT 1`,
		map[string]any{"racine": racineID, "jour": jour.String()}).Scan(&ligne).Error
	v := convention.Version{ID: ligne.ID, BailleurID: ligne.BailleurID}
	if err != nil {
		return v, fmt.Errorf("version in force: %w", err)
	}
	err = s.db(ctx).Raw(`SELECT financement, nb_logements FROM lot WHERE convention_id = ? ORDER BY id`, v.ID).Scan(&v.Lots).Error
	if err != nil {
		return v, fmt.Errorf("lots of the version in force: %w", err)
	}
	return v, nil
}

// ChangerVersion implements convention.StoreImportation.
func (s Importations) ChangerVersion(ctx context.Context, avenantID int64, bailleurID *int64, nbLogements map[convention.Financement]int) error {
	if bailleurID != nil {
		err := s.db(ctx).Exec(`UPDATE operation SET bailleur_id = ? WHERE id = (SELECT operation_id FROM convention WHERE id = ? AND parent_id IS NOT NULL)`, *bailleurID, avenantID).Error
		if err != nil {
			return fmt.Errorf("change bailleur of a version: %w", err)
		}
	}
	for f, n := range nbLogements {
		err := s.db(ctx).Exec(`UPDATE lot SET nb_logements = ? WHERE convention_id = ? AND financement = ?`, n, avenantID, string(f)).Error
		if err != nil {
			return fmt.Errorf("change dwellings of a version: %w", err)
		}
	}
	return nil
}

// initialesMax bounds the answer of the search of a convention to amend.
const initialesMax = 20

// ConventionsInitiales implements convention.StoreImportation.
func (s Importations) ConventionsInitiales(ctx context.Context, p auth.Principal, q convention.RechercheInitiale) ([]convention.ConventionInitiale, error) {
	cond, args := perimetre(p, vueRecherche)
	debut, fin := date.New(q.Annee, time.January, 1), date.New(q.Annee, time.December, 31)
	var lignes []struct {
		UUID                                     uuid.UUID
		Numero, Nom, Ville, CodePostal, Bailleur string
		Statut                                   convention.Statut
		ValideLe, SigneLe                        *date.Date
		NbLogements                              int
		AvenantEnCours                           *uuid.UUID
		FinancementsTexte                        string
	}
	err := s.db(ctx).Raw(`
SELECT c.uuid, coalesce(c.numero, '') AS numero, c.statut, o.nom, o.ville, o.code_postal, b.nom AS bailleur, c.valide_le, c.signe_le,
  coalesce((SELECT sum(l.nb_logements) FROM lot l WHERE l.convention_id = c.id), 0) AS nb_logements,
  coalesce((SELECT string_agg(l.financement, ',' ORDER BY l.id) FROM lot l WHERE l.convention_id = c.id), '') AS financements_texte,
  (SELECT a.uuid FROM convention a WHERE a.parent_id = c.id AND a.supprime_le IS NULL AND a.statut IN ('PROJET','INSTRUCTION','CORRECTION','A_SIGNER') ORDER BY a.id LIMIT 1) AS avenant_en_cours
FROM convention c JOIN convention_recherche r ON r.convention_id = c.id JOIN operation o ON o.id = c.operation_id JOIN bailleur b ON b.id = c.bailleur_effectif_id
WHERE c.parent_id IS NULL AND c.supprime_le IS NULL AND reverse(c.numero_pour_recherche) LIKE ? AND r.departement = ?
  AND (c.valide_le BETWEEN ? AND ? OR c.signe_le BETWEEN ? AND ?) AND `+cond+`
ORDER BY c.numero, c.id LIMIT ?`,
		append(append([]any{echapper(renverser(q.Numero)) + "%", q.Departement, debut, fin, debut, fin}, args...), initialesMax)...).Scan(&lignes).Error
	if err != nil {
		return nil, fmt.Errorf("search the convention to amend: %w", err)
	}
	out := make([]convention.ConventionInitiale, 0, len(lignes))
	for _, l := range lignes {
		c := convention.ConventionInitiale{
			UUID: l.UUID, Numero: l.Numero, Statut: l.Statut, Nom: l.Nom, Ville: l.Ville, CodePostal: l.CodePostal, Bailleur: l.Bailleur,
			ValideLe: l.ValideLe, SigneLe: l.SigneLe, NbLogements: l.NbLogements, AvenantEnCours: l.AvenantEnCours,
		}
		for f := range strings.SplitSeq(l.FinancementsTexte, ",") {
			if f != "" {
				c.Financements = append(c.Financements, convention.Financement(f))
			}
		}
		out = append(out, c)
	}
	return out, nil
}

func renverser(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

// CodeAdministration returns the code of a service, "" when it is not there.
func (s Importations) CodeAdministration(ctx context.Context, id int64) (string, error) {
	var codes []string
	if err := s.db(ctx).Raw(`SELECT code FROM administration WHERE id = ?`, id).Scan(&codes).Error; err != nil {
		return "", fmt.Errorf("code of an administration: %w", err)
	}
	if len(codes) == 0 {
		return "", nil
	}
	return codes[0], nil
}
