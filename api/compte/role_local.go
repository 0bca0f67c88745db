package compte

import (
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/siap"
)

// RoleLocal is the right of an account that CERBERE does not know (02 §2.1, 05 C.6): the row of role that no
// habilitation of SIAP gave, with the entity it stands for. It is used under the number 0.
type RoleLocal struct {
	Role
	EntiteNom string
}

// habilitation gives a local role the form of a habilitation, so that one computation of rights serves everybody. A
// role without perimeter gives nothing but to the central administration (PE-16).
func (r RoleLocal) habilitation() Habilitation {
	h := Habilitation{
		Typologie: auth.Typologie(r.Typologie), LectureSeule: r.LectureSeule, ExpireLe: r.ExpireLe,
		Profil: valeur(r.ProfilSiap), CodeRole: valeur(r.CodeRoleSiap), Region: valeur(r.PerimetreRegion), Departement: valeur(r.PerimetreDepartement),
		SousTitre1: lisible(r.EntiteNom, maxLibelle),
	}
	h.Entete = map[auth.Typologie]string{
		auth.Bailleur: "Bailleur", auth.Instructeur: "Service instructeur", auth.Administrateur: "Administration",
	}[h.Typologie]
	h.ProfilLibelle, h.RoleLibelle = h.Entete, "lecture et modification"
	if h.LectureSeule {
		h.RoleLibelle = "lecture seule"
	}
	switch {
	case r.BailleurID != nil:
		h.Entite.Type, h.EntiteID = siap.EntiteBailleur, *r.BailleurID
	case r.AdministrationID != nil:
		h.Entite.Type, h.EntiteID = siap.EntiteAdministration, *r.AdministrationID
	}
	h.National = h.Typologie == auth.Administrateur && h.Profil == string(siap.AdmCentrale) && h.Region == "" && h.Departement == ""
	if h.Typologie == auth.Administrateur && !h.National && h.Region == "" && h.Departement == "" {
		h.Refus = siap.RefusPerimetre
	}
	return h
}

func valeur(s *string) string {
	if s == nil {
		return ""
	}
	return strings.TrimSpace(*s)
}

// habilitation finds what a token may act under: a habilitation of SIAP by its number, or the local role under 0.
func (e *Etat) habilitation(id int64) (Habilitation, bool) {
	if id == 0 && e.RoleLocal != nil {
		return e.RoleLocal.habilitation(), true
	}
	return trouver(e.Habilitations, id)
}

// local tells whether the rights of u come from the platform itself.
func (u Utilisateur) local() bool { return u.CerbereLogin == nil }

// roleUtilisable tells whether a local role gives access at the instant now.
func roleUtilisable(r *RoleLocal, now time.Time) bool {
	return r != nil && r.habilitation().prete(now)
}
