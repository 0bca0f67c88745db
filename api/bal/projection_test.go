package bal

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

//go:embed testdata/projections.tsv
var projectionsAttendues string

// 07 §10.14: own formulas, to the millimetre, in each zone and on its corners.
func TestProjeter_agreesWithAnotherImplementation(t *testing.T) {
	t.Parallel()
	zones := map[string]int{}
	for ligne := range strings.Lines(projectionsAttendues) {
		if strings.HasPrefix(ligne, "#") {
			continue
		}
		champs := strings.Fields(ligne)
		require.Len(t, champs, 5)
		var v [4]float64
		for i := range v {
			var err error
			v[i], err = strconv.ParseFloat(champs[i+1], 64)
			require.NoError(t, err)
		}
		z, ok := zoneDe(v[0], v[1])
		require.True(t, ok)
		require.Equal(t, champs[0], strconv.Itoa(z.epsg))
		zones[champs[0]]++
		x, y := z.projeter(v[0], v[1])
		require.Less(t, math.Hypot(x-v[2], y-v[3]), 0.001, "%s: %f %f", ligne, x, y)
		xa, ya, ok := projeter(v[0], v[1])
		require.True(t, ok)
		require.InDelta(t, x, xa, 0.00501)
		require.InDelta(t, y, ya, 0.00501)
	}
	require.Len(t, zones, len(zonesLegales))
}

func TestProjeter(t *testing.T) {
	t.Parallel()
	for _, cas := range []struct {
		nom       string
		long, lat float64
		x, y      float64
		ok        bool
	}{
		{"origin of Lambert-93", 3, 46.5, 700_000, 6_600_000, true},
		{"central meridian and equator, outside", -51, 0, 0, 0, false},
		{"bounds are included", 10.38, 51.56, 1212610.74, 7186901.68, true},
		{"just outside", 10.3800001, 51.56, 0, 0, false},
		{"New York", -74, 40.7, 0, 0, false},
		{"not degrees", 652_000, 6_862_000, 0, 0, false},
		{"not a number", math.NaN(), 48, 0, 0, false},
	} {
		t.Run(cas.nom, func(t *testing.T) {
			t.Parallel()
			x, y, ok := projeter(cas.long, cas.lat)
			require.Equal(t, cas.ok, ok)
			require.InDelta(t, cas.x, x, 0.06)
			require.InDelta(t, cas.y, y, 0.06)
		})
	}
}

func TestProjeter_doesNotAllocate(t *testing.T) {
	require.Zero(t, testing.AllocsPerRun(100, func() {
		projeter(2.35, 48.85)
		projeter(55.5, -21)
	}))
}

func BenchmarkProjeter(b *testing.B) {
	for b.Loop() {
		projeter(2.35, 48.85)
	}
}
