package operation

import "slices"

// TypeOperation is the kind of works (01 §2.2).
type TypeOperation string

// Types of operation.
const (
	SansObjet          TypeOperation = "SANSOBJET"
	Neuf               TypeOperation = "NEUF"
	Vefa               TypeOperation = "VEFA"
	Acquis             TypeOperation = "ACQUIS"
	AcquisAmelioration TypeOperation = "ACQUISAMELIORATION"
	Rehabilitation     TypeOperation = "REHABILITATION"
	AcquisSansTravaux  TypeOperation = "ACQUISSANSTRAVAUX"
	SansTravaux        TypeOperation = "SANSTRAVAUX"
	Usufruit           TypeOperation = "USUFRUIT"
)

// TypesOperation lists the types in the order of 01 §2.2.
func TypesOperation() []TypeOperation {
	return []TypeOperation{SansObjet, Neuf, Vefa, Acquis, AcquisAmelioration, Rehabilitation, AcquisSansTravaux, SansTravaux, Usufruit}
}

// Valid tells whether t is a stored value.
func (t TypeOperation) Valid() bool { return slices.Contains(TypesOperation(), t) }

// Libelle returns the label shown to people.
func (t TypeOperation) Libelle() string {
	switch t {
	case SansObjet:
		return "Sans Objet"
	case Neuf:
		return "Construction Neuve"
	case Vefa:
		return "Construction Neuve > VEFA"
	case Acquis:
		return "Acquisition"
	case AcquisAmelioration:
		return "Acquisition-Amélioration"
	case Rehabilitation:
		return "Réhabilitation"
	case AcquisSansTravaux:
		return "Acquisition sans travaux"
	case SansTravaux:
		return "Sans aide financière (sans travaux)"
	case Usufruit:
		return "Usufruit"
	}
	return string(t)
}

// NatureLogement is the kind of housing; it decides the form that is followed (02 §8.3).
type NatureLogement string

// Natures. The spelling of RESISDENCESOCIALE is the one stored and exchanged.
const (
	LogementsOrdinaires    NatureLogement = "LOGEMENTSORDINAIRES"
	AutreFoyer             NatureLogement = "AUTRE"
	Hebergement            NatureLogement = "HEBERGEMENT"
	ResidenceSociale       NatureLogement = "RESISDENCESOCIALE"
	PensionsDeFamille      NatureLogement = "PENSIONSDEFAMILLE"
	ResidenceDAccueil      NatureLogement = "RESIDENCEDACCUEIL"
	ResidenceUniversitaire NatureLogement = "RESIDENCEUNIVERSITAIRE"
	Rhvs                   NatureLogement = "RHVS"
)

// NaturesLogement lists the natures in the order of 01 §2.2.
func NaturesLogement() []NatureLogement {
	return []NatureLogement{
		LogementsOrdinaires, AutreFoyer, Hebergement, ResidenceSociale,
		PensionsDeFamille, ResidenceDAccueil, ResidenceUniversitaire, Rhvs,
	}
}

// Valid tells whether n is a stored value.
func (n NatureLogement) Valid() bool { return slices.Contains(NaturesLogement(), n) }

// Libelle returns the label shown to people.
func (n NatureLogement) Libelle() string {
	switch n {
	case LogementsOrdinaires:
		return "Logements ordinaires"
	case AutreFoyer:
		return "Autres logements foyers"
	case Hebergement:
		return "Hébergement"
	case ResidenceSociale:
		return "Résidence sociale"
	case PensionsDeFamille:
		return "Pensions de famille (Maisons relais)"
	case ResidenceDAccueil:
		return "Résidence d’accueil"
	case ResidenceUniversitaire:
		return "Résidence universitaire"
	case Rhvs:
		return "RHVS"
	}
	return string(n)
}

// Foyer tells whether n follows the form of foyers.
func (n NatureLogement) Foyer() bool { return n == AutreFoyer }

// Residence tells whether n follows the form of résidences.
func (n NatureLogement) Residence() bool {
	return n == Hebergement || n == ResidenceSociale || n == PensionsDeFamille || n == ResidenceDAccueil
}

// FoyerOuResidence tells whether n is one of the two, the only natures allowed overseas (NA-07).
func (n NatureLogement) FoyerOuResidence() bool { return n.Foyer() || n.Residence() }

// Zone123 is a rent zone.
type Zone123 string

// Zones 1, 1 bis, 2 and 3.
const (
	Zone1    Zone123 = "1"
	Zone1bis Zone123 = "1bis"
	Zone2    Zone123 = "2"
	Zone3    Zone123 = "3"
)

// Valid tells whether z is a stored value.
func (z Zone123) Valid() bool { return slices.Contains([]Zone123{Zone1, Zone1bis, Zone2, Zone3}, z) }

// Libelle returns the label shown to people: 01, 1bis, 02, 03.
func (z Zone123) Libelle() string {
	if z == Zone1bis {
		return "1bis"
	}
	return "0" + string(z)
}

// ZoneABC is a market zone; the label is the code.
type ZoneABC string

// Zones A to C, and DROM overseas.
const (
	ZoneA    ZoneABC = "A"
	ZoneAbis ZoneABC = "Abis"
	ZoneB1   ZoneABC = "B1"
	ZoneB2   ZoneABC = "B2"
	ZoneC    ZoneABC = "C"
	ZoneDROM ZoneABC = "DROM"
)

// Valid tells whether z is a stored value.
func (z ZoneABC) Valid() bool {
	return slices.Contains([]ZoneABC{ZoneA, ZoneAbis, ZoneB1, ZoneB2, ZoneC, ZoneDROM}, z)
}

// SourceDonnee says where a row comes from.
type SourceDonnee string

// Sources.
const (
	SourceAPILOS   SourceDonnee = "APILOS"
	SourceSIAP     SourceDonnee = "SIAP"
	SourceImport   SourceDonnee = "IMPORT"
	SourceEcoloweb SourceDonnee = "ECOLOWEB"
)

// Valid tells whether s is a stored value.
func (s SourceDonnee) Valid() bool {
	return slices.Contains([]SourceDonnee{SourceAPILOS, SourceSIAP, SourceImport, SourceEcoloweb}, s)
}
