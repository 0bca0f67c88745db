package convention

// sectionResiliation is the form of a résiliation and of its acte (02 §3.8, 03 §3.14).
func sectionResiliation() Section {
	return Section{
		Code: EtapeResiliation,
		Aide: "La résiliation met fin à la convention et à tous ses avenants avant leur terme.",
		Champs: []Champ{
			resiliation.champJour("Date de résiliation", "Jour où la convention prend fin."),
			texteConvention(Champ{
				Cle: "motif_resiliation", Libelle: "Motif de résiliation", Requis: true, Cible: "convention__motif_resiliation",
				Message: "Le motif de la résiliation est obligatoire.",
			}, "motif_resiliation", func(c *Convention) *string { return &c.MotifResiliation }),
			texteConvention(Champ{
				Cle: "commentaires", Libelle: "Commentaires à l’attention du service", Cible: "convention__commentaires",
			}, "commentaires", func(c *Convention) *string { return &c.Commentaires }),
			texteConvention(Champ{
				Cle: "acte_resiliation", Libelle: "Acte de résiliation", Cible: "convention__acte_resiliation",
				Aide:    "Références de l’arrêté préfectoral ; les fichiers se déposent plus bas.",
				Visible: func(d *Dossier) bool { return !d.ActeMasque },
			}, "acte_resiliation", func(c *Convention) *string { return &c.ActeResiliation }),
		},
		Verifier: resiliation.verifierJour,
	}
}
