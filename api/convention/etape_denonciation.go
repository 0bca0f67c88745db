package convention

// sectionDenonciation is the form of a dénonciation (02 §3.7, 03 §3.14).
func sectionDenonciation() Section {
	return Section{
		Code: EtapeDenonciation,
		Aide: "La dénonciation prend effet au terme de la convention, ou à la fin d’une reconduction de 3 ans. Elle se notifie par acte authentique au moins 6 mois avant.",
		Champs: []Champ{
			denonciation.champJour("Date de dénonciation", "Jour où la convention prend fin."),
			texteConvention(Champ{Cle: "motif_denonciation", Libelle: "Motif de dénonciation", Cible: "convention__motif_denonciation"},
				"motif_denonciation", func(c *Convention) *string { return &c.MotifDenonciation }),
		},
		Verifier: denonciation.verifierJour,
	}
}
