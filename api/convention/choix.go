package convention

// Choix is one value of a list with its label.
type Choix struct {
	Valeur  string `json:"valeur"`
	Libelle string `json:"libelle"`
}
