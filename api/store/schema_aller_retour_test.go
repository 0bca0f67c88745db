package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/date"
	"apilos/api/internal/testdb"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/lib/pq"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/schema"
)

// Every model survives a write and a read: no Go type is refused by the driver or comes back changed.
// The rows go to a temporary copy of the table, which hides it and has neither keys nor checks, so that
// any value will do.
func TestSchema_modelsSurviveARoundTrip(t *testing.T) {
	ctx := context.Background()
	b := testdb.New(t)
	tables := lireColonnes(t, b.Pool)
	cfg, err := pgxpool.ParseConfig(b.URL)
	require.NoError(t, err)
	cfg.MaxConns = 1 // temporary tables belong to a session
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	require.NoError(t, err)
	defer pool.Close()
	sqlDB := stdlib.OpenDBFromPool(pool)
	defer sqlDB.Close()
	db, err := gorm.Open(postgres.New(postgres.Config{Conn: sqlDB}),
		&gorm.Config{SkipDefaultTransaction: true, Logger: logger.Discard})
	require.NoError(t, err)

	var cache sync.Map
	for _, m := range modeles() {
		t.Run(m.TableName(), func(t *testing.T) {
			typ := reflect.TypeOf(m)
			s, err := schema.Parse(reflect.New(typ).Interface(), &cache, schema.NamingStrategy{})
			require.NoError(t, err)
			require.NoError(t, db.Exec(fmt.Sprintf("CREATE TEMP TABLE %[1]s (LIKE public.%[1]s)", m.TableName())).Error)

			full, minimal := reflect.New(typ), reflect.New(typ)
			for _, c := range tables[m.TableName()] {
				f := s.FieldsByDBName[c.Nom]
				if f == nil || !f.Creatable {
					continue
				}
				require.NoError(t, f.Set(ctx, full.Elem(), exemple(t, c, f.FieldType)))
				if c.Obligatoire {
					require.NoError(t, f.Set(ctx, minimal.Elem(), exemple(t, c, f.FieldType)))
				}
			}
			for name, written := range map[string]reflect.Value{"all columns": full, "nulls where allowed": minimal} {
				require.NoError(t, db.Exec("DELETE FROM "+m.TableName()).Error)
				require.NoError(t, db.Create(written.Interface()).Error, name)
				read := reflect.New(typ)
				require.NoError(t, db.Take(read.Interface()).Error, name)
				for _, c := range tables[m.TableName()] {
					if f := s.FieldsByDBName[c.Nom]; f != nil && f.Creatable && c.Type != "tsvector" {
						w, _ := f.ValueOf(ctx, written.Elem())
						r, _ := f.ValueOf(ctx, read.Elem())
						require.Equal(t, forme(w), forme(r), "%s: %s", name, c.Nom)
					}
				}
			}
		})
	}
}

// exemple is a value of the Go type that the column accepts.
func exemple(t *testing.T, c colonne, typ reflect.Type) any {
	t.Helper()
	id := uuid.MustParse("0190a6c4-7e4b-7b6e-9d3c-5a1f2e3d4c5b")
	switch typ {
	case reflect.TypeFor[decimal.NullDecimal]():
		return decimal.NewNullDecimal(decimal.RequireFromString("1.25"))
	case reflect.TypeFor[json.RawMessage]():
		return json.RawMessage(`{"a": [1, "é"]}`)
	case reflect.TypeFor[pq.StringArray]():
		if c.Type == "uuid[]" {
			return pq.StringArray{id.String()}
		}
		return pq.StringArray{"a", `b,"c"`}
	case reflect.TypeFor[pq.Int32Array]():
		return pq.Int32Array{1, 3}
	case reflect.TypeFor[[]byte]():
		return []byte{0, 1, 255}
	}
	if typ.Kind() == reflect.Pointer {
		p := reflect.New(typ.Elem())
		p.Elem().Set(reflect.ValueOf(exemple(t, c, typ.Elem())).Convert(typ.Elem()))
		return p.Interface()
	}
	switch typ {
	case reflect.TypeFor[uuid.UUID]():
		return id
	case reflect.TypeFor[time.Time]():
		return time.Date(2024, 2, 29, 23, 30, 15, 123456000, time.UTC)
	case reflect.TypeFor[date.Date]():
		return date.New(2024, 2, 29)
	case reflect.TypeFor[decimal.Decimal]():
		return decimal.RequireFromString("1.25")
	}
	switch typ.Kind() {
	case reflect.Bool:
		return true
	case reflect.Int, reflect.Int16, reflect.Int64:
		return reflect.ValueOf(7).Convert(typ).Interface()
	case reflect.Float64:
		return 1.5
	case reflect.String:
		return reflect.ValueOf(strings.Repeat("a", max(c.Longueur, 1))).Convert(typ).Interface()
	}
	t.Fatalf("no example for %s", typ)
	return nil
}

// forme makes values comparable: an instant whatever its zone, a number whatever its digits, JSON
// whatever its spaces, nothing whether nil, empty or invalid.
func forme(v any) string {
	switch x := v.(type) {
	case time.Time:
		return x.UTC().Format(time.RFC3339Nano)
	case *time.Time:
		if x != nil {
			return forme(*x)
		}
	case decimal.Decimal:
		return x.Round(4).StringFixed(4)
	case decimal.NullDecimal:
		if x.Valid {
			return forme(x.Decimal)
		}
		return "nothing"
	case json.RawMessage:
		var parsed any
		if json.Unmarshal(x, &parsed) == nil {
			return fmt.Sprint(parsed)
		}
	}
	r := reflect.ValueOf(v)
	switch {
	case r.Kind() == reflect.Pointer && r.IsNil(), r.Kind() == reflect.Slice && r.Len() == 0:
		return "nothing"
	case r.Kind() == reflect.Pointer:
		return forme(r.Elem().Interface())
	}
	return fmt.Sprint(v)
}
