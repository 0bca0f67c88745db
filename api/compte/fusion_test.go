package compte_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"

	"apilos/api/compte"
	"apilos/api/siap"

	"github.com/stretchr/testify/require"
)

func (b *banc) fusionneur() *compte.Fusions {
	return &compte.Fusions{Store: b.comptes, SIAP: b.siap, Horloge: b.heure.lire, Journal: slog.New(slog.NewTextHandler(b.journal, nil))}
}

func (b *banc) bailleur(siren string, parent *int64, origine *string) int64 {
	return lire[int64](b, `INSERT INTO bailleur (nom, identifiant, siren, parent_id, parent_origine)
		VALUES ('B ' || $1, $1, $1, $2, $3) RETURNING id`, siren, parent, origine)
}

func (b *banc) parent(id int64) int64 {
	return lire[int64](b, `SELECT coalesce(parent_id, 0) FROM bailleur WHERE id = $1`, id)
}

func fusion(absorbe, absorbant string) siap.FusionDTO {
	return siap.FusionDTO{SirenAbsorbe: siap.Code(absorbe), SirenAbsorbant: siap.Code(absorbant), DateFinValidite: "2020-01-01"}
}

func TestPE14_mergersFollowSIAP(t *testing.T) {
	b := nouveauBanc(t)
	siapOrigine, manuel := "SIAP", "MANUEL"
	s := b.bailleur(sirenA, nil, nil)
	tiers := b.bailleur(sirenB, nil, nil)
	aRattacher := b.bailleur("900000035", nil, nil)
	aReprendre := b.bailleur("900000043", &tiers, &siapOrigine)
	aDetacher := b.bailleur("900000050", &s, &siapOrigine)
	mainS := b.bailleur("900000068", &s, &manuel)
	mainTiers := b.bailleur("900000076", &tiers, &manuel)
	b.siap.fusions = []siap.FusionDTO{
		fusion("900000035", sirenA), fusion("900000043", sirenA), fusion("900000076", sirenA),
		fusion(sirenA, sirenA), fusion(sirenB, sirenC), fusion("999999999", sirenA), fusion("", sirenA),
	}
	d := compte.DemandeFusion{BailleurID: s, Siren: sirenA, Login: "une@example.org", HabilitationID: 71}
	require.NoError(t, b.fusionneur().Actualiser(fond, d))

	require.Equal(t, s, b.parent(aRattacher), "a past dateFinValidite does not end a merger")
	require.Equal(t, s, b.parent(aReprendre))
	require.Zero(t, b.parent(aDetacher), "no longer listed")
	require.Equal(t, s, b.parent(mainS), "made by hand, left alone")
	require.Equal(t, tiers, b.parent(mainTiers), "made by hand, left alone")
	require.Zero(t, b.parent(s))
	require.Zero(t, b.parent(tiers))
	require.Equal(t, 7, lire[int](b, `SELECT count(*) FROM bailleur`), "no bailleur is created")
	require.Equal(t, 3, lire[int](b, `SELECT count(*) FROM journal_audit WHERE commande = 'bailleur.fusion' AND mode = 'SIAP'`))

	require.NoError(t, b.fusionneur().Actualiser(fond, d))
	require.Equal(t, 3, lire[int](b, `SELECT count(*) FROM journal_audit WHERE commande = 'bailleur.fusion'`), "again is harmless")
}

func TestPE14_siapDownKeepsLinks(t *testing.T) {
	b := nouveauBanc(t)
	origine := "SIAP"
	s := b.bailleur(sirenA, nil, nil)
	enfant := b.bailleur(sirenB, &s, &origine)
	b.siap.tomber(errPanne)
	d := compte.DemandeFusion{BailleurID: s, Siren: sirenA}
	require.ErrorIs(t, b.fusionneur().Actualiser(fond, d), siap.ErrUnavailable, "the job tries again")
	require.Equal(t, s, b.parent(enfant))
	require.Contains(t, b.journal.String(), "level=WARN")
}

func TestPE14_cyclesAreRefused(t *testing.T) {
	b := nouveauBanc(t)
	origine := "SIAP"
	haut := b.bailleur(sirenA, nil, nil)
	milieu := b.bailleur(sirenB, &haut, &origine)
	bas := b.bailleur(sirenC, &milieu, &origine)
	b.siap.fusions = []siap.FusionDTO{fusion(sirenA, sirenC), fusion(sirenB, sirenC)}
	require.NoError(t, b.fusionneur().Actualiser(fond, compte.DemandeFusion{BailleurID: bas, Siren: sirenC}))
	require.Equal(t, []int64{0, haut, milieu}, []int64{b.parent(haut), b.parent(milieu), b.parent(bas)})
	require.Contains(t, b.journal.String(), "cycle")
}

func TestPE14_twoMergersTogetherMakeNoCycle(t *testing.T) {
	b := nouveauBanc(t)
	x, y := b.bailleur(sirenA, nil, nil), b.bailleur(sirenB, nil, nil)
	b.siap.fusions = []siap.FusionDTO{fusion(sirenA, sirenB), fusion(sirenB, sirenA)}
	var wg sync.WaitGroup
	for _, d := range []compte.DemandeFusion{{BailleurID: x, Siren: sirenA}, {BailleurID: y, Siren: sirenB}} {
		for range 5 {
			wg.Go(func() { _ = b.fusionneur().Actualiser(context.Background(), d) })
		}
	}
	wg.Wait()
	require.True(t, (b.parent(x) == 0) != (b.parent(y) == 0), "exactly one absorbed the other")
}
