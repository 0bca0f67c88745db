package jobs

import (
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/stretchr/testify/require"
)

func TestSchedulesFollowTheFrenchClock(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		nom              string
		h                river.PeriodicSchedule
		maintenant, suit string
	}{
		{"minute", chaqueMinute{}, "2026-04-15T09:30:10Z", "2026-04-15T09:31:00Z"},
		{"minute on the dot", chaqueMinute{}, "2026-04-15T09:30:00Z", "2026-04-15T09:31:00Z"},
		{"hour before", chaqueHeure{20}, "2026-04-15T09:19:59Z", "2026-04-15T09:20:00Z"},
		{"hour on the dot", chaqueHeure{20}, "2026-04-15T09:20:00Z", "2026-04-15T10:20:00Z"},
		{"summer: 3:30 in Paris is 1:30 UTC", chaqueJour{3, 30}, "2026-07-01T00:00:00Z", "2026-07-01T01:30:00Z"},
		{"winter: 2:30 UTC", chaqueJour{3, 30}, "2026-01-10T02:30:00Z", "2026-01-11T02:30:00Z"},
		{"night without 2:30", chaqueJour{2, 30}, "2026-03-29T00:00:00Z", "2026-03-29T01:30:00Z"},
		{"after the night with 2:30 twice", chaqueJour{2, 30}, "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"},
		{"month, in summer", chaqueMois{7}, "2026-06-02T00:00:00Z", "2026-07-01T05:00:00Z"},
		{"month, on the dot", chaqueMois{7}, "2026-12-01T06:00:00Z", "2027-01-01T06:00:00Z"},
		{"month, on the day before the hour", chaqueMois{7}, "2026-12-01T05:59:59Z", "2026-12-01T06:00:00Z"},
	} {
		maintenant, err := time.Parse(time.RFC3339, c.maintenant)
		require.NoError(t, err)
		require.Equal(t, c.suit, c.h.Next(maintenant).UTC().Format(time.RFC3339), c.nom)
	}
}

// A year of nights: each comes once, never twice, never in the past.
func TestDailyScheduleComesOnceADay(t *testing.T) {
	t.Parallel()
	now, n := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), 0
	for now.Year() == 2026 {
		next := chaqueJour{2, 30}.Next(now)
		require.True(t, next.After(now))
		require.InDelta(t, 24, next.Sub(now).Hours(), 24)
		now = next
		n++
	}
	require.Equal(t, 366, n) // the last one is on 1 January
}
