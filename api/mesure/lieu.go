package mesure

import (
	"cmp"
	"slices"
	"sort"
)

// Commune is a real commune of the dictionary of places.
type Commune struct {
	Code, Nom, CodePostal, Departement, Region string
}

// ville is a large town, with its inhabitants in tens of thousands: rounded, they only have to be in proportion.
type ville struct {
	code string
	part int
}

// grandesVilles gather almost half of the operations, as they gather social housing. Paris, Lyon and Marseille
// are given by arrondissement.
func grandesVilles() []ville {
	v := []ville{
		{"31555", 50}, {"06088", 35}, {"44109", 32}, {"34172", 30}, {"67482", 29}, {"33063", 26}, {"59350", 24}, {"35238", 23}, {"51454", 18}, {"83137", 18},
		{"42218", 17}, {"76351", 17}, {"21231", 16}, {"38185", 16}, {"49007", 16}, {"69266", 16}, {"30189", 15}, {"63113", 15}, {"13001", 15}, {"72181", 15},
		{"29019", 14}, {"37261", 14}, {"80021", 13}, {"87085", 13}, {"74010", 13}, {"66136", 12}, {"57463", 12}, {"25056", 12}, {"45234", 12}, {"93066", 11},
		{"95018", 11}, {"76540", 11}, {"68224", 11}, {"93048", 11}, {"14118", 11}, {"54395", 10}, {"59512", 10}, {"59599", 10}, {"93001", 9}, {"84007", 9},
		{"86194", 9}, {"94028", 9}, {"92050", 9}, {"94081", 9}, {"59183", 9}, {"17300", 8}, {"64445", 8}, {"62193", 7}, {"10387", 6}, {"22278", 5},
		{"97411", 15}, {"97416", 8}, {"97209", 8}, {"97120", 2}, {"97302", 6}, {"97611", 7}, {"2A004", 7}, {"2B033", 5},
	}
	for rang, part := range []int{2, 2, 3, 3, 6, 4, 5, 4, 6, 9, 14, 14, 18, 14, 23, 16, 17, 19, 18, 19} {
		v = append(v, ville{arrondissement("751", rang+1), part})
	}
	for rang := range 9 {
		v = append(v, ville{arrondissement("6938", rang+1), 6})
	}
	for rang := range 16 {
		v = append(v, ville{arrondissement("132", rang+1), 5})
	}
	return v
}

func arrondissement(prefixe string, rang int) string {
	chiffres := []byte{'0' + byte(rang/10), '0' + byte(rang%10)}
	return prefixe + string(chiffres[len(prefixe)-3:])
}

// lieux draws communes: large towns by their size, the others unevenly.
type lieux struct {
	villes   []Commune
	cumul    []int
	communes []Commune
}

func nouveauxLieux(communes []Commune) lieux {
	parCode := make(map[string]Commune, len(communes))
	for _, c := range communes {
		parCode[c.Code] = c
	}
	l := lieux{communes: slices.Clone(communes)}
	total := 0
	for _, v := range grandesVilles() {
		if c, ok := parCode[v.code]; ok {
			total += v.part
			l.villes, l.cumul = append(l.villes, c), append(l.cumul, total)
		}
	}
	// An order that owes nothing to geography: which small towns are drawn often must not be those of the Ain.
	slices.SortFunc(l.communes, func(a, b Commune) int {
		return cmp.Or(cmp.Compare(brouiller(a.Code), brouiller(b.Code)), cmp.Compare(a.Code, b.Code))
	})
	return l
}

func brouiller(code string) uint64 {
	h := uint64(len(code))
	for i := range len(code) {
		h = melanger(h ^ uint64(code[i]))
	}
	return h
}

func (l lieux) tirer(a alea) Commune {
	if len(l.villes) > 0 && a.chance(450) {
		n := a.IntN(l.cumul[len(l.cumul)-1])
		return l.villes[sort.SearchInts(l.cumul, n+1)]
	}
	return l.communes[a.penche(len(l.communes))]
}
