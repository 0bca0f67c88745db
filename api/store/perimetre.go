package store

import (
	"strings"

	"apilos/api/auth"
	"github.com/lib/pq"
)

// vue names the columns that the perimeter predicate reads on one relation.
type vue struct {
	bailleur       string // effective bailleur of the family
	lecture        string // future bailleur of this avenant, "" when the relation has none (PE-22)
	administration string
	departement    string
	region         string
}

// vueRecherche is the read model of conventions, alias r: lists, counts, single reads and locks use it.
var vueRecherche = vue{"r.bailleur_effectif_id", "r.bailleur_lecture_id", "r.administration_id", "r.departement", "r.region"}

// vueOperation is a root operation, alias o (PE-26).
var vueOperation = vue{"o.bailleur_id", "", "o.administration_id", "o.code_insee_departement", "o.code_insee_region"}

// perimetre is the one predicate of what a principal sees (02 §2.3, PE-20). It answers a SQL condition
// over the columns of v, with its arguments as GORM placeholders. Without a known role it is false.
func perimetre(p auth.Principal, v vue) (string, []any) {
	if p.Superuser {
		return "TRUE", nil
	}
	var cond []string
	var args []any
	geo := func() bool {
		switch {
		case p.Departement != "":
			cond, args = append(cond, v.departement+" = ?"), append(args, p.Departement)
		case p.Region != "":
			cond, args = append(cond, v.region+" = ?"), append(args, p.Region)
		default:
			return false
		}
		return true
	}
	switch p.Typologie {
	case auth.Administrateur:
		if !geo() && !p.National {
			return "FALSE", nil // PE-16
		}
	case auth.Instructeur:
		if p.AdministrationID == 0 {
			return "FALSE", nil
		}
		cond, args = append(cond, v.administration+" = ?"), append(args, p.AdministrationID)
		geo()
	case auth.Bailleur:
		propre := v.bailleur + " = ANY(?)"
		args = append(args, pq.Int64Array(p.BailleurIDs))
		if v.lecture != "" {
			propre = "(" + propre + " OR " + v.lecture + " = ANY(?))"
			args = append(args, pq.Int64Array(p.BailleurIDs))
		}
		cond = append(cond, propre)
		geo()
		if len(p.FiltreDepartements) > 0 {
			cond, args = append(cond, v.departement+" = ANY(?)"), append(args, pq.StringArray(p.FiltreDepartements))
		}
	default:
		return "FALSE", nil
	}
	if len(cond) == 0 {
		return "TRUE", nil
	}
	return strings.Join(cond, " AND "), args
}
