package operation

import (
	"slices"

	"apilos/api/fault"
)

// doublon reports several root operations under one number: OPERATION_EN_CONFLIT when bailleur or
// administration differ, with the differences, OPERATION_EN_DOUBLON otherwise.
func doublon(numero string, racines []Racine) (f *fault.Error, conflit bool) {
	bailleurs := distincts(racines, func(r Racine) int64 { return r.BailleurID })
	administrations := distincts(racines, func(r Racine) int64 {
		if r.AdministrationID == nil {
			return 0
		}
		return *r.AdministrationID
	})
	if len(bailleurs) == 1 && len(administrations) == 1 {
		return enDoublon(numero), false
	}
	diff, noms := map[string]any{}, map[string]any{}
	if len(bailleurs) > 1 {
		diff["bailleur_id"] = bailleurs
		noms["bailleurs"] = nomsDistincts(racines, func(r Racine) string { return r.BailleurNom })
	}
	if len(administrations) > 1 {
		diff["administration_id"] = nuls(administrations)
		noms["administrations"] = nomsDistincts(racines, func(r Racine) string { return valeurOu(r.AdministrationNom, "Aucune") })
	}
	f = enConflit(numero).With(champDiff, diff)
	for cle, liste := range noms {
		f = f.With(cle, liste)
	}
	return f, true
}

// distincts returns the sorted distinct keys.
func distincts(racines []Racine, cle func(Racine) int64) []int64 {
	var out []int64
	for _, r := range racines {
		out = append(out, cle(r))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func nomsDistincts(racines []Racine, nom func(Racine) string) []string {
	var out []string
	for _, r := range racines {
		out = append(out, nom(r))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// nuls writes "no administration" as null, which sorts first.
func nuls(ids []int64) []any {
	out := make([]any, 0, len(ids))
	for _, id := range ids {
		if id == 0 {
			out = append(out, nil)
			continue
		}
		out = append(out, id)
	}
	return out
}

// incoherent tells whether the operation would hold conventions with and without financement
// (SANS_TRAVAUX_INCOHERENT): SIAP says one thing, the active conventions here the other, or root
// operations of the same number disagree.
func incoherent(plan Plan, racines []Racine, conventions []ConventionOperation) bool {
	for _, c := range conventions {
		if !c.active() {
			continue
		}
		for _, f := range c.Financements {
			if (f == AideSansFinancement) != plan.SansTravaux && !prevu(plan, f) {
				return true
			}
		}
	}
	sans := slices.ContainsFunc(racines, func(r Racine) bool { return r.TypeOperation == SansTravaux })
	avec := slices.ContainsFunc(racines, func(r Racine) bool { return r.TypeOperation != SansTravaux })
	return sans && avec
}

// prevu tells whether the plan itself asks for this financement.
func prevu(plan Plan, f CodeAide) bool {
	return slices.ContainsFunc(plan.Lots, func(l LotPrevu) bool { return l.Aide == f })
}
