package bailleur

import "slices"

// Nature is the family of a bailleur (01 §2.1); the label is what SIAP and old data write.
type Nature string

// Natures.
const (
	Autres Nature = "AUTRES"
	Prives Nature = "PRIVES"
	HLM    Nature = "HLM"
	SEM    Nature = "SEM"
)

// Natures lists the natures in the order of 01 §2.1.
func Natures() []Nature { return []Nature{Autres, Prives, HLM, SEM} }

// Valid tells whether n is a stored value.
func (n Nature) Valid() bool { return slices.Contains(Natures(), n) }

// Libelle returns the label shown to people and sent to SIAP.
func (n Nature) Libelle() string {
	switch n {
	case Autres:
		return "Autres bailleurs sociaux non HLM"
	case Prives:
		return "Bailleurs privés"
	case HLM, SEM:
		return string(n)
	}
	return string(n)
}

// TypeUnDeux tells whether conventions of such a bailleur must say type I or type II (NA-03).
func (n Nature) TypeUnDeux() bool { return n != HLM && n != SEM }

// NatureDe reads codeFamilleMO of SIAP (05 B.6.1): a value that is not known, or absent, is Autres.
func NatureDe(codeFamille string) Nature {
	switch codeFamille {
	case "HLM":
		return HLM
	case "SEM":
		return SEM
	case "Bailleurs privés":
		return Prives
	}
	return Autres
}

// SousNature is the legal form of a bailleur. Misspelt codes are facts of the exchange format.
type SousNature string

// SousNatures.
const (
	Associations          SousNature = "ASSOCIATIONS"
	Anah                  SousNature = "ANAH"
	Commerciales          SousNature = "COMMERCIALES"
	Commune               SousNature = "COMMUNE"
	CooperativeHLM        SousNature = "COOPERATIVE_HLM_SCIC"
	Crous                 SousNature = "CROUS"
	Departement           SousNature = "DEPARTEMENT"
	ServicesEtat          SousNature = "DRE_DDE_CETE_AC_PREF"
	Epci                  SousNature = "EPCI"
	EtsPublicLocal        SousNature = "ETC_PUBLIQUE_LOCAL"
	EtsHospitaliersPrives SousNature = "ETS_HOSTIPATIERS_PRIVES"
	Fondation             SousNature = "FONDATION"
	FondationHLM          SousNature = "FONDATION_HLM"
	FonciereLogement      SousNature = "FRONCIERE_LOGEMENT"
	Gip                   SousNature = "GIP"
	Mutuelle              SousNature = "MUTUELLE"
	NonRenseigne          SousNature = "NONRENSEIGNE"
	OfficePublicHLM       SousNature = "OFFICE_PUBLIC_HLM"
	PactArim              SousNature = "PACT_ARIM"
	Particuliers          SousNature = "PARTICULIERS"
	SaHLM                 SousNature = "SA_HLM_ESH"
	SaciCap               SousNature = "SACI_CAP"
	SemEpl                SousNature = "SEM_EPL"
	Ues                   SousNature = "UES"
)

type libelleSousNature struct {
	code    SousNature
	libelle string
}

func libellesSousNature() []libelleSousNature {
	return []libelleSousNature{
		{Associations, "Associations"}, {Anah, "ANAH"}, {Commerciales, "entreprises commerciales"},
		{Commune, "Commune"}, {CooperativeHLM, "Sté coopérative HLM /SCIC"}, {Crous, "CROUS"},
		{Departement, "Département"}, {ServicesEtat, "DRE,DDE,CETE,AC,Préfect."}, {Epci, "EPCI"},
		{EtsPublicLocal, "Ets public local"}, {EtsHospitaliersPrives, "Ets hospitaliers privés"},
		{Fondation, "Fondation"}, {FondationHLM, "Fondation HLM"}, {FonciereLogement, "Foncière Logement"},
		{Gip, "GIP"}, {Mutuelle, "Mutuelle"}, {NonRenseigne, "Non renseigné"},
		{OfficePublicHLM, "Office public HLM (OPH)"}, {PactArim, "Pact-Arim"}, {Particuliers, "Particuliers"},
		{SaHLM, "SA HLM / ESH"}, {SaciCap, "SACI CAP"}, {SemEpl, "SEM / EPL"}, {Ues, "UES"},
	}
}

// SousNatures lists the codes in the order of 01 §2.1.
func SousNatures() []SousNature {
	all := libellesSousNature()
	out := make([]SousNature, 0, len(all))
	for _, l := range all {
		out = append(out, l.code)
	}
	return out
}

// Valid tells whether s is a stored value.
func (s SousNature) Valid() bool { return slices.Contains(SousNatures(), s) }

// Libelle returns the label shown to people.
func (s SousNature) Libelle() string {
	for _, l := range libellesSousNature() {
		if l.code == s {
			return l.libelle
		}
	}
	return string(s)
}

// Nature returns the nature that s imposes; ok is false when it imposes none (NA-04).
func (s SousNature) Nature() (n Nature, ok bool) {
	switch s {
	case CooperativeHLM, OfficePublicHLM, SaHLM:
		return HLM, true
	case SemEpl:
		return SEM, true
	case Particuliers:
		return Prives, true
	}
	if s == NonRenseigne || !s.Valid() {
		return "", false
	}
	return Autres, true
}

// NatureRetenue returns the nature to store for a sous-nature and the nature received (NA-04): the
// former decides when it says something.
func NatureRetenue(s SousNature, recue Nature) Nature {
	if n, ok := s.Nature(); ok {
		return n
	}
	return recue
}
