package operation

import "fmt"

// actualisation is what an existing operation takes from a later answer of SIAP (05 B.6.3).
type actualisation struct {
	colonnes map[string]any
	ecarts   []Anomalie // the same differences, for when they may not be written
	outreMer bool       // SIAP's nature breaks NA-07: it is not taken
}

func (a *actualisation) ecart(colonne string, nouveau, affiche any, actuel any) {
	a.colonnes[colonne] = nouveau
	a.ecarts = append(a.ecarts, Anomalie{
		Code: AnomalieEcart, Champ: "operation." + colonne, Valeur: couper(fmt.Sprint(affiche), longueurValeurAnomalie),
		Message: fmt.Sprintf("Le SIAP donne une autre valeur que la plateforme (%v).", actuel),
	})
}

// actualiser compares an operation with the plan. Forced: administration, nature, the type of works
// when there are none any more, seconde vie when it becomes true. Filled when missing: INSEE codes and
// zones. Name, bailleur and address stay as they are here.
func actualiser(r Racine, plan Plan, administrationID int64) actualisation {
	a := actualisation{colonnes: map[string]any{}}
	p := plan.Operation
	if r.AdministrationID == nil || *r.AdministrationID != administrationID {
		a.ecart("administration_id", administrationID, plan.Administration.Code, valeurOu(r.AdministrationCode, "aucune"))
	}
	if p.TypeOperation == SansTravaux && r.TypeOperation != SansTravaux {
		a.ecart("type_operation", p.TypeOperation, p.TypeOperation, r.TypeOperation)
	}
	if p.SecondeVie && !r.SecondeVie {
		a.ecart("seconde_vie", true, true, false)
	}
	if r.CodeInseeCommune == "" && p.CodeInseeCommune != "" {
		a.ecart("code_insee_commune", p.CodeInseeCommune, p.CodeInseeCommune, "absent")
	}
	departement := r.CodeInseeDepartement
	if departement == nil && p.CodeInseeDepartement != nil {
		departement = p.CodeInseeDepartement
		a.ecart("code_insee_departement", *departement, *departement, "absent")
	}
	if r.CodeInseeRegion == nil && p.CodeInseeRegion != nil {
		a.ecart("code_insee_region", *p.CodeInseeRegion, *p.CodeInseeRegion, "absente")
	}
	if r.Zone123 == nil && p.Zone123 != nil {
		a.ecart("zone_123", *p.Zone123, *p.Zone123, "absente")
	}
	if r.ZoneAbc == nil && p.ZoneAbc != nil {
		a.ecart("zone_abc", *p.ZoneAbc, *p.ZoneAbc, "absente")
	}
	switch {
	case r.NatureLogement == p.NatureLogement:
	case HorsRegleOutreMer(departement, p.NatureLogement):
		a.outreMer = true
	default:
		a.ecart("nature_logement", p.NatureLogement, p.NatureLogement, r.NatureLogement)
	}
	return a
}

func valeurOu(s *string, absent string) string {
	if s == nil || *s == "" {
		return absent
	}
	return *s
}
