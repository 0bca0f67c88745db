package cog_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"apilos/api/cog"
)

func TestCharger_sizes(t *testing.T) {
	t.Parallel()
	c := cog.Charger()
	actuelles, bal, arrondissements, anciennes, anciennesBAL := 0, 0, 0, 0, 0
	for co := range c.Communes() {
		actuelles++
		if c.ActuelleBAL(co.Code) {
			bal++
		}
		if co.Mere != "" {
			arrondissements++
		}
		for _, a := range co.AnciensCodes {
			anciennes++
			require.False(t, c.Actuelle(a), "code %s is current and former", a)
			if _, ok := c.AncienneBAL(a); ok {
				anciennesBAL++
			}
		}
	}
	epci := 0
	for range c.TousEPCI() {
		epci++
	}
	require.Equal(t, 35_014, actuelles)
	require.Equal(t, 35_011, bal)
	require.Equal(t, 45, arrondissements)
	require.Equal(t, 4_240, anciennes)
	require.Equal(t, 4_239, anciennesBAL)
	require.Equal(t, 1_255, epci)
	require.Equal(t, "2026", c.Millesime())
	require.Contains(t, c.Source(), "Licence Ouverte")
	require.Contains(t, c.Source(), "6.0.0")
}

// The digests were computed from the files of communes and EPCI given with the specification (07 §2.4).
func TestCharger_equalsTheReferenceFiles(t *testing.T) {
	t.Parallel()
	c := cog.Charger()
	h := sha256.New()
	for co := range c.Communes() {
		fmt.Fprintf(h, "%s;%s;%s;%s;%s;%s\n", co.Code, co.Nom, co.Departement, co.Region, co.Mere, strings.Join(co.AnciensCodes, "|"))
	}
	require.Equal(t, "0eb2b7217e33cd3dfdc2fb0af9b4ae49b595c5c08852dbc33ebfa7d7a3674a16", hex.EncodeToString(h.Sum(nil)))
	h.Reset()
	for e := range c.TousEPCI() {
		fmt.Fprintf(h, "%s;%s;%s;%s\n", e.Siren, e.Nom, e.Type, strings.Join(e.Membres, "|"))
	}
	require.Equal(t, "15229e1882cf711950070d07f312b273415409660b8b686b3ca1f93261b94997", hex.EncodeToString(h.Sum(nil)))
}

func TestCommune(t *testing.T) {
	t.Parallel()
	c := cog.Charger()
	for _, cas := range []struct{ code, nom, departement, epci, mere string }{
		{"01001", "L'Abergement-Clémenciat", "01", "200069193", ""},
		{"2A004", "Ajaccio", "2A", "242010056", ""},
		{"2B033", "Bastia", "2B", "242000354", ""},
		{"13055", "Marseille", "13", "200054807", ""},
		{"75056", "Paris", "75", "200054781", ""},
		{"75101", "Paris 1er Arrondissement", "75", "", "75056"},
		{"69381", "Lyon 1er Arrondissement", "69", "", "69123"},
		{"97411", "Saint-Denis", "974", "249740119", ""},
		{"97502", "Saint-Pierre", "975", "", ""},
		{"98818", "Nouméa", "988", "", ""},
	} {
		t.Run(cas.code, func(t *testing.T) {
			t.Parallel()
			co, ok := c.Commune(cas.code)
			require.True(t, ok)
			require.True(t, c.Connue(cas.code))
			require.Equal(t, cas.nom, co.Nom)
			require.Equal(t, cas.departement, co.Departement)
			require.Equal(t, cas.epci, co.EPCI)
			require.Equal(t, cas.mere, co.Mere)
		})
	}
}

func TestCommune_unknown(t *testing.T) {
	t.Parallel()
	c := cog.Charger()
	for _, code := range []string{"", "0", "00000", "99999", "2a004", "2C001", "A2004", "2A00A", "1234", "010011", "01 01", "é001", "75A01", "\x0001001"} {
		_, ok := c.Commune(code)
		require.False(t, ok, "%q", code)
		require.False(t, c.Connue(code), "%q", code)
		require.False(t, c.ActuelleBAL(code), "%q", code)
		_, ok = c.Ancienne(code)
		require.False(t, ok, "%q", code)
	}
}

func TestAncienne(t *testing.T) {
	t.Parallel()
	c := cog.Charger()
	actuelle, ok := c.Ancienne("01340") // Saint-Bois
	require.True(t, ok)
	require.Equal(t, "01015", actuelle)
	require.True(t, c.Connue("01340"))
	require.False(t, c.Actuelle("01340"))
	actuelle, ok = c.AncienneBAL("01340")
	require.True(t, ok)
	require.Equal(t, "01015", actuelle)
}

// 07 §10.5: address files use the arrondissements; a whole commune and what only it gathers are unknown to them.
func TestBAL_communesWithArrondissements(t *testing.T) {
	t.Parallel()
	c := cog.Charger()
	for _, code := range []string{"75056", "69123", "13055"} {
		require.True(t, c.Actuelle(code), code)
		require.False(t, c.ActuelleBAL(code), code)
	}
	for _, code := range []string{"75101", "75120", "69381", "13216"} {
		require.True(t, c.ActuelleBAL(code), code)
	}
	actuelle, ok := c.Ancienne("69232")
	require.True(t, ok)
	require.Equal(t, "69123", actuelle)
	_, ok = c.AncienneBAL("69232")
	require.False(t, ok)
}

func TestEPCI(t *testing.T) {
	t.Parallel()
	c := cog.Charger()
	e, ok := c.EPCI("200000172")
	require.True(t, ok)
	require.Equal(t, "CC Faucigny - Glières", e.Nom)
	require.Equal(t, "CC", e.Type)
	require.Equal(t, []string{"74024", "74042", "74049", "74087", "74164", "74212", "74312"}, e.Membres)
	for _, siren := range []string{"", "000000000", "200000173", "999999999"} {
		_, ok = c.EPCI(siren)
		require.False(t, ok, siren)
	}
}

func TestLookups_doNotAllocate(t *testing.T) {
	c := cog.Charger()
	code, ancien, siren := []byte("2A004"), []byte("01340"), []byte("200000172")
	require.Zero(t, testing.AllocsPerRun(100, func() {
		if co, ok := c.Commune(string(code)); !ok || co.Nom != "Ajaccio" {
			panic("2A004")
		}
		if _, ok := c.Ancienne(string(ancien)); !ok || !c.Connue(string(ancien)) || !c.ActuelleBAL(string(code)) {
			panic("01340")
		}
		if e, ok := c.EPCI(string(siren)); !ok || len(e.Membres) != 7 {
			panic("200000172")
		}
	}))
}
