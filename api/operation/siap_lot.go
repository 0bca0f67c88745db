package operation

import (
	"fmt"

	"apilos/api/siap"
	"github.com/shopspring/decimal"
)

// Greatest values of the columns, in euros.
const (
	montantMax = 999_999_999_999
	loyerMax   = 999_999
)

// lireLots reads the conventions to have (05 B.6.6). It fails with AUCUN_CONVENTIONNEMENT.
func (l *lecture) lireLots(o siap.OperationDTO) error {
	if o.DonneesOperation != nil && o.DonneesOperation.SansTravaux { // CR-03, whatever the details say
		l.plan.SansTravaux = true
		l.plan.Lots = []LotPrevu{{Aide: AideSansFinancement, TypeHabitat: habitatMixte}}
		return nil
	}
	var parAide []detailsAide
	rang := map[CodeAide]int{}
	for i, d := range o.DetailsOperation {
		if d.Aide == nil {
			continue
		}
		code := CodeAide(nettoyer(d.Aide.Code))
		n, vu := rang[code]
		if !vu {
			n = len(parAide)
			rang[code] = n
			parAide = append(parAide, detailsAide{code: code})
		}
		parAide[n].details = append(parAide[n].details, detailRang{i, d})
	}
	for _, a := range parAide {
		if a.code.Conventionnee() {
			l.plan.Lots = append(l.plan.Lots, l.lot(a, o.PlansFinancement))
		}
	}
	if n, ok := rang[AidePLAIADP]; ok {
		l.noterPlaiAdapte(parAide[n])
	}
	if len(l.plan.Lots) == 0 {
		return aucunConventionnement()
	}
	return nil
}

// detailsAide gathers the details of one aide; more than one is an anomaly of SIAP.
type detailsAide struct {
	code    CodeAide
	details []detailRang
}

type detailRang struct {
	rang int // in detailsOperation, for JSON paths
	siap.DetailOperationDTO
}

func (l *lecture) lot(a detailsAide, plans []siap.PlanFinancementDTO) LotPrevu {
	if len(a.details) > 1 {
		l.anomalie(AnomalieFinancementDouble, "detailsOperation.aide.code", string(a.code),
			"Le financement est décrit %d fois : les logements ont été additionnés.", len(a.details))
	}
	lot := LotPrevu{Aide: a.code}
	individuels, collectifs, decrit := l.compter(a)
	lot.NbLogements = individuels + collectifs
	lot.TypeHabitat = typeHabitat(individuels, collectifs, decrit)
	for _, d := range a.details {
		lot.Stationnements = append(lot.Stationnements, l.stationnements(d)...)
	}
	for i, p := range plans {
		if CodeAide(nettoyer(p.CodeAide)) == a.code {
			lot.Prets = append(lot.Prets, l.prets(fmt.Sprintf("plansFinancement[%d]", i), a.code, p)...)
		}
	}
	return lot
}

// compter sums the logements of an aide; decrit is false when SIAP sent no count at all.
func (l *lecture) compter(a detailsAide) (individuels, collectifs int, decrit bool) {
	for _, d := range a.details {
		if d.Logement == nil {
			continue
		}
		chemin := fmt.Sprintf("detailsOperation[%d].logement", d.rang)
		individuels += l.nombre(chemin+".nbLogementsIndividuels", d.Logement.NbLogementsIndividuels)
		collectifs += l.nombre(chemin+".nbLogementsCollectifs", d.Logement.NbLogementsCollectifs)
		decrit = true
	}
	return individuels, collectifs, decrit
}

func typeHabitat(individuels, collectifs int, decrit bool) string {
	switch {
	case !decrit, individuels > 0 && collectifs > 0:
		return habitatMixte
	case individuels > 0:
		return habitatIndividuel
	}
	return habitatCollectif
}

// noterPlaiAdapte keeps the count of PLAI_ADP as information on the PLAI lot, whose own count stays.
func (l *lecture) noterPlaiAdapte(a detailsAide) {
	for i := range l.plan.Lots {
		if l.plan.Lots[i].Aide == AidePLAI {
			individuels, collectifs, _ := l.compter(a)
			n := individuels + collectifs
			l.plan.Lots[i].NbLogementsPlaiAdp = &n
		}
	}
}

// prets reads loans, then the subsidies whose type is the financement; nothing is kept of null and
// zero amounts.
func (l *lecture) prets(chemin string, code CodeAide, p siap.PlanFinancementDTO) []PretPrevu {
	var out []PretPrevu
	ajouter := func(champ string, m siap.MontantDTO) {
		montant := l.euros(champ+".montant", m.Montant, montantMax)
		if montant.IsPositive() {
			out = append(out, PretPrevu{Autre: l.texte(champ+".type", m.Type, longueurTexteCourt), Montant: montant})
		}
	}
	for i, m := range p.Prets {
		ajouter(fmt.Sprintf("%s.prets[%d]", chemin, i), m)
	}
	for i, m := range p.Subventions {
		if CodeAide(nettoyer(m.Type)) == code {
			ajouter(fmt.Sprintf("%s.subventions[%d]", chemin, i), m)
		}
	}
	return out
}

// stationnements reads the garages of a detail; those without any space are not kept.
func (l *lecture) stationnements(d detailRang) []StationnementPrevu {
	var out []StationnementPrevu
	for i, g := range d.Garages {
		chemin := fmt.Sprintf("detailsOperation[%d].garages[%d]", d.rang, i)
		n := l.nombre(chemin+".nbGaragesIndividuels", g.NbGaragesIndividuels) + l.nombre(chemin+".nbGaragesCollectifs", g.NbGaragesCollectifs)
		if n == 0 {
			continue
		}
		out = append(out, StationnementPrevu{
			Typologie: l.typologieGarage(nettoyer(g.Type)),
			Nombre:    n,
			Loyer:     l.loyerGarage(d, nettoyer(g.Type)),
		})
	}
	return out
}

func (l *lecture) typologieGarage(t string) string {
	switch t {
	case "Enterrés / Sous-sol":
		return garageEnterre
	case "Superstructure":
		return parkingSuperstructure
	}
	l.anomalie(AnomalieValeurInconnue, "detailsOperation.garages.type", t, "Type de garage inconnu : « place de stationnement » a été retenu.")
	return placeStationnement
}

// loyerGarage finds the rent of a type of garage in the first item of loyers, else 0.
func (l *lecture) loyerGarage(d detailRang, t string) decimal.Decimal {
	if len(d.Loyers) == 0 {
		return decimal.Zero
	}
	for i, g := range d.Loyers[0].LoyerGarages {
		if nettoyer(g.Type) == t {
			return l.euros(fmt.Sprintf("detailsOperation[%d].loyers[0].loyerGarages[%d].loyer", d.rang, i), g.Loyer, loyerMax)
		}
	}
	return decimal.Zero
}
