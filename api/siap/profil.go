package siap

import "apilos/api/auth"

// Profil is the code of a profile (05 B.5.1).
type Profil string

// Profiles known to the platform; any other gives no access.
const (
	MOPersMorale Profil = "MO_PERS_MORALE"
	MOPersPhys   Profil = "MO_PERS_PHYS"
	SerGest      Profil = "SER_GEST"
	SerDep       Profil = "SER_DEP"
	DirReg       Profil = "DIR_REG"
	AdmCentrale  Profil = "ADM_CENTRALE"
	AssHlm       Profil = "ASS_HLM"
	Partenaires  Profil = "PARTENAIRES"
)

// Profils lists the known profiles, in the order of 05 B.5.1.
func Profils() []Profil {
	return []Profil{MOPersMorale, MOPersPhys, SerGest, SerDep, DirReg, AdmCentrale, AssHlm, Partenaires}
}

// ClasseKPI says which indicators a profile sees on the dashboard of the SIAP (05 A.5).
type ClasseKPI string

// Classes of indicators.
const (
	KPIAdministration ClasseKPI = "administration"
	KPIInstructeur    ClasseKPI = "instructeur"
	KPIBailleur       ClasseKPI = "bailleur"
	KPIAucun          ClasseKPI = "aucun"
)

// Typologie returns the kind of role the profile gives; ok is false for an unknown profile.
func (p Profil) Typologie() (t auth.Typologie, ok bool) {
	switch p {
	case MOPersMorale, MOPersPhys:
		return auth.Bailleur, true
	case SerGest:
		return auth.Instructeur, true
	case SerDep, DirReg, AdmCentrale, AssHlm, Partenaires:
		return auth.Administrateur, true
	}
	return "", false
}

// ClasseKPI returns the class of indicators of the profile.
func (p Profil) ClasseKPI() ClasseKPI {
	switch p {
	case AdmCentrale, DirReg:
		return KPIAdministration
	case SerGest, SerDep, AssHlm:
		return KPIInstructeur
	case MOPersMorale, MOPersPhys:
		return KPIBailleur
	}
	return KPIAucun
}

// RoleConnu classifies a role code: known, and read-only or not (05 B.5.3). An unknown code is
// read-only (PE-10). SERV_INSTR_INSTRUCTEUR_CHORUS writes, unlike its DIR_REG and SERV_DEP twins (D06).
func RoleConnu(code string) (lectureSeule, connu bool) {
	switch code {
	case "ADM_CENTRALE_LECTEUR", "DIR_REG_LECTEUR", "DIR_REG_INSTRUCTEUR_CHORUS",
		"SERV_DEP_LECTEUR", "SERV_DEP_INSTRUCTEUR_CHORUS",
		"SERV_INSTR_LECTEUR", "SERV_INSTR_DELGEG2_LECTEUR", "SERV_INSTR_DELGEG3_LECTEUR",
		"ASS_HLM_NAT_LECTEUR", "ASS_HLM_REG_LECTEUR",
		"MO_MORAL_NAT_LECTEUR", "MO_MORAL_REG_LECTEUR", "PARTENAIRES":
		return true, true
	case "ADM_CENTRALE_ADMIN",
		"DIR_REG_ADMIN", "DIR_REG_INSTRUCTEUR", "DIR_REG_VALIDEUR", "DIR_REG_SIGNATAIRE",
		"SERV_DEP_ADMIN", "SERV_DEP_INSTRUCTEUR", "SERV_DEP_VALIDEUR", "SERV_DEP_SIGNATAIRE",
		"SERV_INSTR_ADMIN", "SERV_INSTR_INSTRUCTEUR", "SERV_INSTR_VALIDEUR", "SERV_INSTR_SIGNATAIRE",
		"SERV_INSTR_INSTRUCTEUR_CHORUS",
		"SERV_INSTR_DELGEG2_ADMIN", "SERV_INSTR_DELGEG2_INSTRUCTEUR",
		"SERV_INSTR_DELGEG2_VALIDEUR", "SERV_INSTR_DELGEG2_SIGNATAIRE",
		"SERV_INSTR_DELGEG3_ADMIN", "SERV_INSTR_DELGEG3_INSTRUCTEUR",
		"SERV_INSTR_DELGEG3_VALIDEUR", "SERV_INSTR_DELGEG3_SIGNATAIRE",
		"MO_MORAL_NAT_ADMIN",
		"MO_MORAL_REG_ADMIN", "MO_MORAL_REG_INSTRUCTEUR", "MO_MORAL_REG_VALIDEUR", "MO_MORAL_REG_SIGNATAIRE",
		"MO_PHYS":
		return false, true
	}
	return true, false
}
