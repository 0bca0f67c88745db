package depot

import "apilos/api/revision"

// Codes of the rules of the deposit (07 section 4.4); their levels are those below, whatever the profile.
const (
	CodeAutreCommune  = "commune_insee.valeur_inattendue"
	CodeHorsPerimetre = "commune_insee.out_of_perimeter"
	CodeTropSupprime  = "rows.delete_too_many_addresses"
	CodeSupprime      = "rows.delete_many_addresses"
)

// libelles of the codes of the deposit: the reference has none.
var libelles = map[string]string{
	CodeAutreCommune:  "Le code INSEE de la commune est différent de celui de la révision",
	CodeHorsPerimetre: "La commune est hors du périmètre du chef de file",
	CodeTropSupprime:  "Plus de 80 % des adresses seraient supprimées",
	CodeSupprime:      "Plus de 20 % des adresses seraient supprimées",
}

// constat is what the rules of the deposit look at.
type constat struct {
	autreCommune, horsPerimetre bool
	dernier, nouveau            int
}

// perte compares the number of rows with the last one, in integers: exactly 80 % or 20 % does not count.
func perte(dernier, nouveau int) (trop, beaucoup bool) {
	disparues := dernier - nouveau
	return 4*dernier < 5*disparues, dernier < 5*disparues
}

// ajouterRegles adds the codes of the deposit after those of the format.
func ajouterRegles(v *revision.Validation, c constat) {
	trop, beaucoup := perte(c.dernier, c.nouveau)
	for _, r := range []struct {
		code string
		vrai bool
	}{{CodeAutreCommune, c.autreCommune}, {CodeHorsPerimetre, c.horsPerimetre}, {CodeTropSupprime, trop}} {
		if r.vrai {
			v.Errors = append(v.Errors, r.code)
			v.Valid = false
		}
	}
	if beaucoup {
		v.Warnings = append(v.Warnings, CodeSupprime)
	}
}
