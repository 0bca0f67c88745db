package convention

// VersionInstantane is the version of the layout of a frozen copy; raise it when the layout changes.
const VersionInstantane = 1

// Instantane is what is frozen at validation (DO-02): the rows as they were, without comments nor
// history, readable whatever the schema becomes.
func (d *Dossier) Instantane() map[string]any {
	return map[string]any{
		"convention":             d.Convention,
		"operation":              d.Operation,
		"bailleur":               d.Bailleur,
		"administration":         d.Administration,
		"lots":                   d.Lots,
		"logements":              d.Logements,
		"prets":                  d.Prets,
		"stationnements":         d.Stationnements,
		"foyer_residence":        d.FoyerResidence,
		"references_cadastrales": d.ReferencesCadastrales,
		"types_avenant":          d.TypesAvenant,
	}
}
