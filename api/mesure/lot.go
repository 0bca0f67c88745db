package mesure

import (
	"fmt"

	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/operation"

	"github.com/shopspring/decimal"
)

// lotsMax is the greatest number of lots of a convention.
const lotsMax = 2

// nbLogements: many small operations, some large ones.
func (g *Generateur) nbLogements(n operation.NatureLogement) int {
	if n.FoyerOuResidence() {
		return 12 + g.r.penche(80)
	}
	return 1 + g.r.penche(60)
}

// lotir writes the lots of the i-th member, with their dwellings and loans while people are filling the
// dossier: afterwards they are known by their totals only.
func (g *Generateur) lotir(f *famille, i int, importe bool) {
	m := &f.membres[i]
	enCours := !importe && g.detaille(m.v.statut)
	for n, financement := range f.financements {
		nb := f.nb[n]
		if len(m.types) > 0 && m.types[0] == "logements" {
			nb += g.r.entre(0, 4)
		}
		l := convention.Lot{
			ID: g.suivants.Lot, UUID: g.uuid(genreLot), ConventionID: m.id, Financement: financement, TypeHabitat: f.habitat, NbLogements: &nb,
			Version: 1, CreeLe: m.v.evenements[0].le, MisAJourLe: m.v.evenements[0].le,
		}
		g.suivants.Lot++
		switch {
		case i > 0:
			l.OrigineID = &f.membres[0].lots[n]
		case !importe && m.v.statut != convention.Annulee:
			l.OperationUniciteID = &m.operation // CR-12; otherwise written by a trigger
		}
		if enCours {
			l.SurfaceHabitableTotale = decimal.NewNullDecimal(g.logements(f, l))
			l.TypesAnnexes = []string{"CAVES", "BALCONS"}
			g.prets(l, nb)
		}
		m.lots = append(m.lots, l.ID)
		g.t.Lots = append(g.t.Lots, l)
	}
}

// detaille tells whether the rows of a dossier are written one by one. A project is empty more often than not.
func (g *Generateur) detaille(s convention.Statut) bool {
	if s == convention.Projet {
		return g.r.chance(350)
	}
	return s.EnCours() || s == convention.ASigner
}

// logements lists the dwellings of a lot and answers their living area: the useful area is the living area
// plus half of the annexes, the rent its product by the price of the square metre (01 §5.3).
func (g *Generateur) logements(f *famille, l convention.Lot) decimal.Decimal {
	prix := map[convention.Financement]int{convention.PLAI: 528, "LLTS": 545, convention.PLS: 894}[l.Financement]
	if prix == 0 {
		prix = 596
	}
	total := decimal.Zero
	for n := range *l.NbLogements {
		typologie, surface := g.typologie()
		habitable := centiemes(surface)
		total = total.Add(habitable)
		x := convention.Logement{
			UUID: g.uuid(genreLogement), LotID: l.ID, Ordre: n, Designation: fmt.Sprintf("%c%03d", 'A'+rune(n/100), n%100+1), Typologie: typologie,
			SurfaceHabitable: decimal.NewNullDecimal(habitable), CreeLe: l.CreeLe, MisAJourLe: l.CreeLe,
		}
		if f.nature.FoyerOuResidence() {
			x.Tableau, x.Loyer = "FOYER_RESIDENCE", decimal.NewNullDecimal(centiemes(prix*60+g.r.IntN(9000)))
		} else {
			annexes := centiemes(2 * g.r.entre(100, 600))
			retenue := annexes.Div(decimal.New(2, 0))
			utile := habitable.Add(retenue)
			x.Tableau = "UTILE_LOYER"
			x.SurfaceAnnexes, x.SurfaceAnnexesRetenue = decimal.NewNullDecimal(annexes), decimal.NewNullDecimal(retenue)
			x.SurfaceUtile, x.LoyerParMetreCarre = decimal.NewNullDecimal(utile), decimal.NewNullDecimal(centiemes(prix))
			x.Coefficient = decimal.NewNullDecimal(decimal.New(1, 0))
			x.Loyer = decimal.NewNullDecimal(utile.Mul(centiemes(prix)).Round(2))
		}
		g.t.Logements = append(g.t.Logements, x)
	}
	return total
}

// typologie draws a type of dwelling and its area, in hundredths of square metres.
func (g *Generateur) typologie() (string, int) {
	type taille struct {
		nom     string
		surface int
	}
	t := tirer(g.r, []poids[taille]{{taille{"T1", 2800}, 12}, {taille{"T2", 4300}, 30}, {taille{"T3", 6000}, 34}, {taille{"T4", 7700}, 19}, {taille{"T5", 9300}, 5}})
	return t.nom, t.surface + g.r.IntN(900)
}

func (g *Generateur) prets(l convention.Lot, nb int) {
	octroi := date.From(l.CreeLe).AddDays(-60)
	for ordre, p := range []struct {
		preteur      string
		duree, euros int
	}{{"CDCF", 50, 11_000}, {"CDCL", 40, 62_000}} {
		g.t.Prets = append(g.t.Prets, convention.Pret{
			UUID: g.uuid(genrePret), LotID: l.ID, Preteur: p.preteur, Numero: fmt.Sprintf("55%07d", g.r.IntN(10_000_000)), DateOctroi: &octroi, Duree: &p.duree,
			Montant: decimal.NewFromInt(int64(nb * p.euros)), Ordre: ordre, CreeLe: l.CreeLe, MisAJourLe: l.CreeLe,
		})
	}
}
