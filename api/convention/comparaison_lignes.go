package convention

import (
	"reflect"
	"strings"

	"apilos/api/operation"
)

// ligneComparable is a row as the comparison sees it.
type ligneComparable struct {
	lot string // financement of its lot, "" for a row of the operation
	nom string // what people call it
	// cles identify it, the surest first; "" says nothing. Rows of two versions that share one are the same row.
	cles   []string
	modele reflect.Value
}

// paire is a row before and after; one of them is nil when the row was added or removed.
type paire struct{ avant, apres *ligneComparable }

// apparier matches the rows of two versions. For each key in turn, rows equal in everything first, so that of two rows
// of the same name the unchanged one stays unchanged; then in the order of the form. Added and changed rows are in the
// order of the new version, removed ones come last.
func apparier(avant, apres []ligneComparable, pareilles func(a, b ligneComparable) bool) []paire {
	trouvee := make([]int, len(apres)) // index in avant, plus one
	prise := make([]bool, len(avant))
	for passe := range nombreCles(avant, apres) {
		parCle := map[string][]int{}
		for i, l := range avant {
			if !prise[i] && l.cles[passe] != "" {
				parCle[l.lot+"\x00"+l.cles[passe]] = append(parCle[l.lot+"\x00"+l.cles[passe]], i)
			}
		}
		for _, exacte := range []bool{true, false} {
			for j, l := range apres {
				if trouvee[j] > 0 || l.cles[passe] == "" {
					continue
				}
				for _, i := range parCle[l.lot+"\x00"+l.cles[passe]] {
					if !prise[i] && (!exacte || pareilles(avant[i], l)) {
						prise[i], trouvee[j] = true, i+1
						break
					}
				}
			}
		}
	}
	var out []paire
	for j := range apres {
		p := paire{apres: &apres[j]}
		if trouvee[j] > 0 {
			p.avant = &avant[trouvee[j]-1]
		}
		out = append(out, p)
	}
	for i := range avant {
		if !prise[i] {
			out = append(out, paire{avant: &avant[i]})
		}
	}
	return out
}

func nombreCles(listes ...[]ligneComparable) int {
	for _, l := range listes {
		if len(l) > 0 {
			return len(l[0].cles)
		}
	}
	return 0
}

func cle(morceaux ...string) string {
	for i, m := range morceaux {
		morceaux[i] = strings.ToUpper(strings.Join(strings.Fields(m), " "))
	}
	return strings.Join(morceaux, "\x00")
}

func lignes[T any](rangees []T, decrire func(T) ligneComparable) []ligneComparable {
	out := make([]ligneComparable, 0, len(rangees))
	for _, r := range rangees {
		l := decrire(r)
		l.modele = reflect.ValueOf(r)
		out = append(out, l)
	}
	return out
}

// lots gives the financement of each lot by its id.
func (v *VersionComplete) lots() map[int64]string {
	out := map[int64]string{}
	for _, l := range v.Lots {
		out[l.ID] = string(l.Financement)
	}
	return out
}

func lignesLogements(v *VersionComplete) []ligneComparable {
	lots := v.lots()
	return lignes(v.Logements, func(g Logement) ligneComparable {
		return ligneComparable{lot: lots[g.LotID], nom: g.Designation, cles: []string{cle("d", g.Designation)}}
	})
}

func lignesAnnexes(v *VersionComplete) []ligneComparable {
	lots, logements := v.lots(), map[int64]Logement{}
	for _, g := range v.Logements {
		logements[g.ID] = g
	}
	return lignes(v.Annexes, func(a Annexe) ligneComparable {
		g := logements[a.LogementID]
		return ligneComparable{
			lot: lots[g.LotID], nom: direAnnexe(v, a.Typologie) + ", logement " + g.Designation, cles: []string{cle(g.Designation, a.Typologie)},
		}
	})
}

func lignesLocaux(v *VersionComplete) []ligneComparable {
	lots := v.lots()
	return lignes(v.LocauxCollectifs, func(l LocalCollectif) ligneComparable {
		return ligneComparable{lot: lots[l.LotID], nom: l.TypeLocal, cles: []string{cle("t", l.TypeLocal)}}
	})
}

// lignesPrets: a loan is known by its number; without one, by what it says, then by its place among those of its lot.
func lignesPrets(v *VersionComplete) []ligneComparable {
	lots := v.lots()
	return lignes(v.Prets, func(p Pret) ligneComparable {
		l := ligneComparable{lot: lots[p.LotID], nom: libellePreteur(p.Preteur, p.Autre), cles: []string{"", "", "sans"}}
		l.cles[1] = cle(p.Preteur, p.Autre, jour(p.DateOctroi), p.Montant.String())
		if strings.TrimSpace(p.Numero) != "" {
			l.nom += ", n° " + strings.TrimSpace(p.Numero)
			l.cles[0], l.cles[2] = cle("n", p.Numero), ""
		}
		return l
	})
}

func lignesStationnements(v *VersionComplete) []ligneComparable {
	lots := v.lots()
	return lignes(v.Stationnements, func(s Stationnement) ligneComparable {
		return ligneComparable{lot: lots[s.LotID], nom: libelleStationnement(s.Typologie), cles: []string{s.Typologie}}
	})
}

func lignesCadastre(v *VersionComplete) []ligneComparable {
	return lignes(v.ReferencesCadastrales, func(r operation.ReferenceCadastrale) ligneComparable {
		nom := strings.TrimSpace(r.Section + " " + r.Numero)
		if r.Lieudit != "" {
			nom += ", " + r.Lieudit
		}
		return ligneComparable{nom: nom, cles: []string{cle(r.Section, r.Numero, r.Lieudit)}}
	})
}

func lignesEDD(v *VersionComplete) []ligneComparable {
	return lignes(v.LogementsEDD, func(e operation.LogementEDD) ligneComparable {
		return ligneComparable{nom: e.Designation, cles: []string{cle(e.Financement, e.Designation)}}
	})
}
