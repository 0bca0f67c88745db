package date_test

import (
	"encoding/json"
	"testing"
	"time"

	"apilos/api/date"
	"github.com/stretchr/testify/require"
)

func TestInParisTakesTheFrenchDay(t *testing.T) {
	// 23:30 UTC on 31 December is already the new year in Paris.
	d := date.InParis(time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC))
	require.Equal(t, "2027-01-01", d.String())
	require.Equal(t, "01/01/2027", d.French())
}

func TestParseRefusesDaysThatDoNotExist(t *testing.T) {
	for _, s := range []string{"", "2026-02-30", "2026-13-01", "01/02/2026", "2026-1-2", "2026-01-02T00:00:00Z"} {
		_, err := date.Parse(s)
		require.Error(t, err, s)
	}
}

func TestAddYearsKeepsFebruary(t *testing.T) {
	require.Equal(t, "2027-02-28", date.New(2024, time.February, 29).AddYears(3).String())
	require.Equal(t, "2028-02-29", date.New(2024, time.February, 29).AddYears(4).String())
}

func TestJSONRoundTrip(t *testing.T) {
	var v struct {
		Jour *date.Date `json:"jour"`
	}
	require.NoError(t, json.Unmarshal([]byte(`{"jour":"2026-04-15"}`), &v))
	b, err := json.Marshal(v)
	require.NoError(t, err)
	require.JSONEq(t, `{"jour":"2026-04-15"}`, string(b))
	require.NoError(t, json.Unmarshal([]byte(`{"jour":null}`), &v))
	require.Nil(t, v.Jour)
}
