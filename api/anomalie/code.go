package anomalie

import "apilos/api/operation"

// CodeAlerte is the code of an alerte that lacks data (05 B.8); the other codes are those of package operation.
const CodeAlerte = "ALERTE_DONNEE_ABSENTE"

// Codes lists every code that may be met, in the order of the filter.
func Codes() []string {
	return append(operation.CodesAnomalies(), operation.AnomalieNomHabilitation, CodeAlerte)
}
