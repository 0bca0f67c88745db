package fichier

// Antivirus states of a file (01 table fichier).
const (
	EnAttente  = "EN_ATTENTE"
	Sain       = "SAIN"
	Infecte    = "INFECTE"
	Echec      = "ECHEC"
	NonAnalyse = "NON_ANALYSE" // scanning is disabled by configuration
)

// Utilisable tells whether the file may be read by others: clean, or scanning is disabled (01 §9.3).
func (f Fichier) Utilisable() bool {
	return f.SupprimeLe == nil && (f.Antivirus == Sain || f.Antivirus == NonAnalyse)
}

// LibelleAntivirus says in words where the check stands.
func (f Fichier) LibelleAntivirus() string {
	switch f.Antivirus {
	case Sain:
		return "Prêt"
	case NonAnalyse:
		return "Prêt (antivirus désactivé)"
	case Infecte:
		return "Refusé (virus)"
	case Echec:
		return "Analyse impossible, nouvel essai prévu"
	}
	return "Vérification antivirus"
}
