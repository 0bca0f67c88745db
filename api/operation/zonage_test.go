package operation_test

import (
	"testing"
	"time"

	"apilos/api/operation"

	"github.com/stretchr/testify/require"
)

// TestB63ZonagesRedresses is the rule of the repair, and of the take-over (01 §11.4).
func TestB63ZonagesRedresses(t *testing.T) {
	z := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	for _, c := range []struct{ z123, abc, droite123, droiteABC string }{
		{"A", "01", "1", "A"}, {"Abis", "1bis", "1bis", "Abis"}, {"B1", "02", "2", "B1"}, {"C", "3", "3", "C"}, {"DROM", "2", "2", "DROM"},
		{"", "03", "3", ""}, {"1", "02", "2", ""}, {"?", "1", "1", ""},
	} {
		droites, change := operation.Zones{Zone123: z(c.z123), ZoneAbc: z(c.abc)}.Redresser()
		require.True(t, change)
		require.Equal(t, operation.Zones{Zone123: z(c.droite123), ZoneAbc: z(c.droiteABC)}, droites, c)
		_, encore := droites.Redresser()
		require.False(t, encore, "once is enough")
	}
	for _, c := range []operation.Zones{{}, {Zone123: z("1"), ZoneAbc: z("A")}, {ZoneAbc: z("B2")}, {Zone123: z("1bis")}, {ZoneAbc: z("011")}} {
		intactes, change := c.Redresser()
		require.False(t, change)
		require.Equal(t, c, intactes)
	}
}

// TestB63RepriseZonages: without Appliquer nothing is written; with it, rows, versions and journal are, once.
func TestB63RepriseZonages(t *testing.T) {
	b := nouveauBanc(t)
	require.NotEmpty(t, b.synchroniser(b.national(), b.publier()).Creees)
	b.Executer(`ALTER TABLE operation DROP CONSTRAINT operation_zone_123_check, DROP CONSTRAINT operation_zone_abc_check`)
	b.Executer(`UPDATE operation SET zone_123 = 'B1', zone_abc = '02' WHERE zone_abc IS NOT NULL`)
	reprise := operation.RepriseZonages{Store: b.store, Horloge: time.Now, Acteur: "exploitant@example.org", Motif: "reprise"}
	vues := 0
	compter := func(avant operation.ZonesOperation, apres operation.Zones) error {
		vues++
		require.Equal(t, []string{"B1", "02", "2", "B1"}, []string{*avant.Zone123, *avant.ZoneAbc, *apres.Zone123, *apres.ZoneAbc})
		return nil
	}
	n, err := reprise.Executer(t.Context(), compter)
	require.NoError(t, err)
	require.Equal(t, []int{1, 1}, []int{n, vues})
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM operation WHERE zone_abc = '02'`), "told, not written")

	reprise.Appliquer = true
	n, err = reprise.Executer(t.Context(), compter)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM operation WHERE zone_123 = '2' AND zone_abc = 'B1'`))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'repair.zonages' AND mode = 'LOT' AND motif = 'reprise'
		AND acteur = 'exploitant@example.org' AND avant->>'zone_abc' = '02' AND apres->>'zone_123' = '2'`))
	b.Executer(`ALTER TABLE operation ADD CONSTRAINT operation_zone_abc_check CHECK (zone_abc IN ('A','Abis','B1','B2','C','DROM'))`)
	n, err = reprise.Executer(t.Context(), compter)
	require.NoError(t, err)
	require.Zero(t, n)
}
