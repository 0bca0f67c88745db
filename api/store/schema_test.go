package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/admin"
	"apilos/api/administration"
	"apilos/api/alert"
	"apilos/api/bailleur"
	"apilos/api/clientapi"
	"apilos/api/comment"
	"apilos/api/compte"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/depot"
	"apilos/api/document"
	"apilos/api/event"
	"apilos/api/fichier"
	"apilos/api/internal/testdb"
	"apilos/api/operation"
	"apilos/api/revision"
	"apilos/api/search"
	"apilos/api/stats"
	"apilos/api/territoire"
	"apilos/api/webhook"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/lib/pq"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm/schema"
)

// modeles lists every struct that is a row of a table.
func modeles() []schema.Tabler {
	return []schema.Tabler{
		admin.AnomalieImport{}, admin.Bandeau{}, admin.ImportExecution{}, admin.Interrupteur{}, admin.LimiteDebit{},
		admin.RapportSQL{}, admin.ReferenceExterne{}, admin.RequeteIdempotente{}, admin.SiapCache{}, admin.Tache{},
		administration.Administration{}, administration.Reassignation{}, administration.ReassignationLigne{},
		alert.AlerteSIAPLog{}, alert.MessageSortant{},
		bailleur.Bailleur{},
		clientapi.Client{}, clientapi.BailleurDuClient{},
		comment.Commentaire{},
		compte.Detournement{}, compte.FiltreDepartement{}, compte.FusionLecture{}, compte.JetonRafraichissement{}, compte.JetonUnique{},
		compte.Role{}, compte.Session{}, compte.TentativeConnexion{}, compte.Utilisateur{},
		convention.Annexe{}, convention.Brouillon{}, convention.CompteurNumero{}, convention.Convention{},
		convention.ConventionTypeAvenant{}, convention.FoyerResidence{}, convention.Instantane{}, convention.LocalCollectif{},
		convention.Lecture{}, convention.Logement{}, convention.Lot{}, convention.Pret{}, convention.PublicationSPF{}, convention.RepartitionSurface{},
		convention.Regroupement{}, convention.RegroupementOrigine{},
		convention.SecondeVie{}, convention.Soumission{}, convention.Stationnement{}, convention.TypeAvenant{}, convention.VersionGardee{},
		document.Genere{}, document.Modele{},
		event.Ancre{}, event.ChaineLectures{}, event.Evenement{}, event.EvenementVersion{}, event.Historique{}, event.Journal{}, event.SceauInscrit{},
		fichier.Fichier{}, fichier.FichierRattache{},
		operation.AnomalieSIAP{}, operation.InstantaneSIAP{}, operation.LogementEDD{}, operation.Operation{}, operation.ReferenceCadastrale{},
		depot.ChefDeFile{}, depot.Client{}, depot.Habilitation{}, depot.Mandataire{}, depot.Perimetre{},
		revision.Revision{}, revision.RevisionFichier{},
		search.ConventionRecherche{}, search.ConventionRetrait{}, search.FluxRepere{}, search.RechercheSauvegardee{},
		stats.IndiceDepartement{}, stats.IndiceEvolutionLoyer{}, stats.Mesure{},
		webhook.Webhook{}, webhook.Essai{},
		territoire.Commune{}, territoire.CommuneCodePostal{}, territoire.Departement{}, territoire.Region{},
	}
}

// tablesTechniques belong to libraries and have no model.
var tablesTechniques = regexp.MustCompile(`^(goose_db_version|river_.*)$`)

// colonnesParDeclencheur are written by triggers, never by the application.
var colonnesParDeclencheur = []string{"lot.operation_unicite_id"}

// colonne is what the database says of a column.
type colonne struct {
	Table, Nom, Type  string
	Longueur          int // of a character(n), 0 otherwise
	Obligatoire       bool
	Generee, Identite bool
	Defaut            string // expression, "" when there is none
	Cle               bool   // part of the primary key
}

func lireColonnes(t *testing.T, pool *pgxpool.Pool) map[string][]colonne {
	t.Helper()
	rows, err := pool.Query(context.Background(), `
		SELECT c.relname, a.attname, regexp_replace(format_type(a.atttypid, a.atttypmod), '\(.*\)', ''),
		       CASE WHEN a.atttypid = 'bpchar'::regtype THEN a.atttypmod - 4 ELSE 0 END, a.attnotnull,
		       a.attgenerated <> '', a.attidentity <> '',
		       CASE WHEN a.attgenerated = '' THEN coalesce(pg_get_expr(d.adbin, d.adrelid), '') ELSE '' END,
		       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey))
		  FROM pg_class c
		  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
		 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
		 ORDER BY c.relname, a.attnum`)
	require.NoError(t, err)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[colonne])
	require.NoError(t, err)
	out := map[string][]colonne{}
	for _, c := range all {
		if !tablesTechniques.MatchString(c.Table) {
			out[c.Table] = append(out[c.Table], c)
		}
	}
	return out
}

func TestSchema_everyTableHasOneModelAndEveryModelATable(t *testing.T) {
	tables := lireColonnes(t, testdb.New(t).Pool)
	byTable := map[string]string{}
	for _, m := range modeles() {
		name := reflect.TypeOf(m).String()
		require.Empty(t, byTable[m.TableName()], "%s and %s share a table", name, byTable[m.TableName()])
		byTable[m.TableName()] = name
		require.Contains(t, tables, m.TableName(), "%s has no table", name)
	}
	for table := range tables {
		require.Contains(t, byTable, table, "table %s has no model", table)
	}
}

// The list above is complete: no struct of the domain declares a table without being compared.
func TestSchema_everyModelOfTheSourcesIsCompared(t *testing.T) {
	listed := map[string]bool{}
	for _, m := range modeles() {
		listed[reflect.TypeOf(m).String()] = true
	}
	files, err := filepath.Glob(filepath.Join("..", "*", "*.go"))
	require.NoError(t, err)
	method := regexp.MustCompile(`(?m)^func \((?:\w+ )?\*?(\w+)\) TableName\(\) string`)
	found := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range method.FindAllStringSubmatch(string(source), -1) {
			found++
			name := filepath.Base(filepath.Dir(file)) + "." + m[1]
			require.True(t, listed[name], "%s is not in the list of models", name)
		}
	}
	require.Equal(t, len(listed), found)
}

func TestSchema_modelsMatchColumns(t *testing.T) {
	tables := lireColonnes(t, testdb.New(t).Pool)
	var cache sync.Map
	for _, m := range modeles() {
		t.Run(m.TableName(), func(t *testing.T) {
			s, err := schema.Parse(reflect.New(reflect.TypeOf(m)).Interface(), &cache, schema.NamingStrategy{})
			require.NoError(t, err)
			var defauts []string
			columns := map[string]bool{}
			for _, c := range tables[m.TableName()] {
				columns[c.Nom] = true
				f := s.FieldsByDBName[c.Nom]
				if f == nil {
					defauts = append(defauts, fmt.Sprintf("column %s has no field", c.Nom))
					continue
				}
				for _, d := range comparer(c, f) {
					defauts = append(defauts, fmt.Sprintf("%s (%s): %s", c.Nom, c.Type, d))
				}
			}
			for _, f := range s.Fields {
				if computed := f.DBName == ""; !computed && !columns[f.DBName] {
					defauts = append(defauts, fmt.Sprintf("field %s has no column %q", f.Name, f.DBName))
				}
				if f.DBName != f.TagSettings["COLUMN"] {
					defauts = append(defauts, fmt.Sprintf("field %s does not name its column", f.Name))
				}
			}
			sort.Strings(defauts)
			require.Empty(t, defauts)
		})
	}
}

// comparer tells what a field would do wrong with its column.
func comparer(c colonne, f *schema.Field) []string {
	var out []string
	refuser := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }

	nullable, attendu := typeGo(c.Type, f.FieldType)
	if attendu != "" {
		refuser("field is %s, wanted %s", f.FieldType, attendu)
	}
	switch {
	case c.Obligatoire && nullable == oui:
		refuser("column is NOT NULL but %s may be null", f.FieldType)
	case !c.Obligatoire && nullable == non:
		refuser("column may be null but %s cannot", f.FieldType)
	}
	lectureSeule := !f.Creatable && !f.Updatable
	switch parDeclencheur := slices.Contains(colonnesParDeclencheur, c.Table+"."+c.Nom); {
	case (c.Generee || parDeclencheur) && !lectureSeule:
		refuser(`computed by the database, the tag must have "->"`)
	case !c.Generee && !parDeclencheur && (!f.Creatable || !f.Updatable):
		refuser("written by nobody: the tag must not have \"->\"")
	}
	if c.Cle != f.PrimaryKey {
		refuser("primary key: column %t, field %t", c.Cle, f.PrimaryKey)
	}
	if c.Identite != f.AutoIncrement {
		refuser("identity: column %t, field %t", c.Identite, f.AutoIncrement)
	}
	return append(out, comparerDefaut(c, f)...)
}

// comparerDefaut checks that a field left at its zero value gives what the database wants, and that a
// value that happens to be zero is not replaced by the default.
func comparerDefaut(c colonne, f *schema.Field) []string {
	tag := f.HasDefaultValue && !f.AutoIncrement
	utile := c.Defaut != "" && !zeroGo(c.Defaut)
	switch {
	case tag && c.Defaut == "":
		return []string{"tag has a default, the column has none"}
	case tag && f.FieldType.Kind() == reflect.Bool:
		return []string{"tag has a default: GORM would turn an explicit false into " + c.Defaut}
	case !tag && utile && c.Obligatoire && f.FieldType.Kind() != reflect.Bool:
		return []string{"tag must leave zero values to the default " + c.Defaut}
	}
	return nil
}

var reZero = regexp.MustCompile(`^(''::.*|0|false|0\.0+|'0'::.*)$`)

func zeroGo(defaut string) bool { return reZero.MatchString(defaut) }

type reponse int

const (
	non reponse = iota
	oui
	egal // a nil slice is as good as an empty one: both null and not null are fine
)

// typeGo tells whether the Go type may hold null, and what was wanted when it does not suit the column.
func typeGo(sqlType string, typ reflect.Type) (nullable reponse, attendu string) {
	switch typ {
	case reflect.TypeFor[decimal.NullDecimal]():
		return oui, sauf(sqlType == "numeric", sqlType)
	case reflect.TypeFor[json.RawMessage]():
		return egal, sauf(sqlType == "jsonb", sqlType)
	case reflect.TypeFor[pq.StringArray]():
		return egal, sauf(sqlType == "text[]" || sqlType == "uuid[]", sqlType)
	case reflect.TypeFor[pq.Int32Array]():
		return egal, sauf(sqlType == "smallint[]", sqlType)
	case reflect.TypeFor[[]byte]():
		return egal, sauf(sqlType == "bytea", sqlType)
	}
	nullable = non
	if typ.Kind() == reflect.Pointer {
		nullable, typ = oui, typ.Elem()
	}
	exact := map[string]reflect.Type{
		"bigint": reflect.TypeFor[int64](), "integer": reflect.TypeFor[int](), "smallint": reflect.TypeFor[int16](),
		"boolean": reflect.TypeFor[bool](), "uuid": reflect.TypeFor[uuid.UUID](), "date": reflect.TypeFor[date.Date](),
		"timestamp with time zone": reflect.TypeFor[time.Time](), "numeric": reflect.TypeFor[decimal.Decimal](),
		"double precision": reflect.TypeFor[float64](),
	}
	if wanted, ok := exact[sqlType]; ok {
		if typ != wanted {
			return nullable, wanted.String()
		}
		return nullable, ""
	}
	switch sqlType {
	case "character varying", "character", "text", "tsvector":
		return nullable, sauf(typ.Kind() == reflect.String, "string")
	}
	return nullable, "a type this test knows for " + sqlType
}

func sauf(convient bool, attendu string) string {
	if convient {
		return ""
	}
	return strings.TrimSpace("a type for " + attendu)
}
