package event

// TypeEvenement is what a fact of the journal de bord tells (02 §7.5). The list is closed: the schema refuses any
// other code.
type TypeEvenement string

// TypeParDefaut is the type of a fact when nothing else is said.
const TypeParDefaut TypeEvenement = "DEPOT_BAILLEUR"

// LibelleTypeEvenement is a type with its label.
type LibelleTypeEvenement struct {
	Code    TypeEvenement
	Libelle string
}

// TypesEvenement lists the 24 types in the order of a life: convention, avenants, end, other.
func TypesEvenement() []LibelleTypeEvenement {
	return []LibelleTypeEvenement{
		{"DEPOT_BAILLEUR", "Dépôt de la convention APL par le bailleur"},
		{"MODIFICATION", "Modification de la convention (loyer plafond, surface, clauses…)"},
		{"ECHANGE", "Échanges avec le bailleur (téléphone, courriel, courrier)"},
		{"ENVOI_PREFET", "Transmission de la convention à la signature du préfet"},
		{"RETOUR_PREFET", "Retour de la convention signée par le préfet"},
		{"ENVOI_HYPOTHEQUE", "Transmission de la convention au bureau des hypothèques ou au livre foncier"},
		{"RETOUR_HYPOTHEQUE", "Retour du bureau des hypothèques ou du livre foncier, pour modification"},
		{"ENVOI_RECTIFICATIF_PREFET", "Transmission de l’attestation rectificative à la signature du préfet"},
		{"RETOUR_RECTIFICATIF_PREFET", "Retour de l’attestation rectificative signée par le préfet"},
		{"PUBLICATION_HYPOTHEQUE", "Publication de la convention au bureau des hypothèques"},
		{"ENVOI_CAF", "Transmission de la convention à la CAF"},
		{"DEPOT_AVENANT", "Dépôt d’un avenant par le bailleur"},
		{"INSTRUCTION_AVENANT", "Instruction d’un avenant"},
		{"CORRECTION_AVENANT", "Correction d’un avenant demandée au bailleur"},
		{"ENVOI_AVENANT_PREFET", "Transmission de l’avenant à la signature du préfet"},
		{"SIGNATURE_AVENANT_PREFET", "Retour de l’avenant signé par le préfet"},
		{"ENVOI_AVENANT_HYPOTHEQUE", "Transmission de l’avenant au bureau des hypothèques ou au livre foncier"},
		{"RETOUR_AVENANT_HYPOTHEQUE", "Retour de l’avenant du bureau des hypothèques ou du livre foncier, pour modification"},
		{"ENVOI_RECTIFICATIF_AVENANT_PREFET", "Transmission de l’attestation rectificative de l’avenant à la signature du préfet"},
		{"RETOUR_RECTIFICATIF_AVENANT_PREFET", "Retour de l’attestation rectificative de l’avenant signée par le préfet"},
		{"PUBLICATION_AVENANT_HYPOTHEQUE", "Publication de l’avenant au bureau des hypothèques"},
		{"EXPIRATION_CONVENTION", "Expiration de la convention APL"},
		{"ENVOI_FIN_DENONCIATION", "Information du bailleur sur la date limite de dénonciation"},
		{"AUTRE", "Autre"},
	}
}

// Libelle returns the label of t, "" for an unknown type.
func (t TypeEvenement) Libelle() string {
	for _, x := range TypesEvenement() {
		if x.Code == t {
			return x.Libelle
		}
	}
	return ""
}
