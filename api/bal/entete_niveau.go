package bal

import "sync"

// invalidant gives the profiles, one bit each, in which a row that has the code is not valid. Codes of fields that are
// not in the version of a profile are left out of its rows, except those of regional columns, always kept (07 §10.10).
func invalidant(code string) uint8 {
	var bits uint8
	for p, profil := range profils {
		if NiveauDe(profil.Code, code) == Erreur && retenuSurLigne(profil.Code, code) {
			bits |= 1 << p
		}
	}
	return bits
}

// retenuSurLigne tells whether the report of a row shows the code in that profile.
func retenuSurLigne(profil, code string) bool {
	return decouperCode(code).langue != "" || !HorsVersion(profil, code)
}

// The two tables below depend on the table of codes only.
var (
	invalidantsDesChamps = sync.OnceValue(func() *[nbChamps][nbGenres]uint8 {
		var table [nbChamps][nbGenres]uint8
		for c := range nbChamps {
			for g := range nbGenres {
				table[c][g] = invalidant(champ(c).nom() + "." + nomsGenre[g])
			}
		}
		return &table
	})
	invalidantsDesRegles = sync.OnceValue(func() []uint8 {
		table := make([]uint8, nbRegles)
		for r := range nbRegles {
			table[r] = invalidant(codesRegle[r])
		}
		table[regleCommuneInattendue] = 0 // a rule of the deposit, outside of profiles
		return table
	})
)
