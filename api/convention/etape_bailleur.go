package convention

import (
	"strings"

	"apilos/api/date"
)

// sectionBailleur is the step "Bailleur" (03 §3.1): who signs for the bailleur, for the manager of a foyer or of a
// résidence, and how the bailleur is named. What the convention does not say is read from the record of the bailleur and
// is never written back there. The bailleur and the service are changed by actions of their own (PE-40 to PE-42).
func sectionBailleur() Section {
	champs := append(champsIdentite(), champsSignataire()...)
	return Section{
		Code:   EtapeBailleur,
		Aide:   "Un champ vide reprend ce que dit la fiche du bailleur. Vos changements ne valent que pour ce dossier.",
		Champs: append(champs, champsGestionnaire()...),
		Verifier: func(d *Dossier, _ date.Date) []Anomalie {
			c := d.Convention
			if c.IdentificationBailleur && rempli(c.IdentificationBailleurDetail) && !d.FoyerOuResidence() &&
				!strings.Contains(strings.ToLower(c.IdentificationBailleurDetail), "représenté") {
				return []Anomalie{{
					Pointer: "/identification_bailleur_detail", Code: "sans_represente_par", Niveau: NiveauAvertissement,
					Detail: "L’identification personnalisée devrait contenir « représenté par » suivi du nom et de la fonction du signataire.",
				}}
			}
			return nil
		},
	}
}

// champsIdentite show who the bailleur and the service are.
func champsIdentite() []Champ {
	return []Champ{
		montre(Champ{Cle: "bailleur", Libelle: "Bailleur", Type: Texte, Cible: "bailleur__uuid"}, func(d *Dossier) any { return d.Bailleur.Nom }),
		montre(Champ{Cle: "siret", Libelle: "SIRET ou SIREN", Type: Texte, Cible: "bailleur__siret"}, func(d *Dossier) any {
			return premier(texteDe(d.Bailleur.Siret), texteDe(d.Bailleur.Siren))
		}),
		montre(Champ{Cle: "adresse_bailleur", Libelle: "Adresse", Type: TexteLong, Cible: "bailleur__adresse"}, func(d *Dossier) any {
			b := d.Bailleur
			return strings.TrimSpace(strings.TrimSpace(b.Adresse) + "\n" + strings.TrimSpace(b.CodePostal+" "+b.Ville))
		}),
		montre(Champ{
			Cle: "capital_social", Libelle: "Capital social (€)", Type: Decimal, Cible: "bailleur__capital_social",
			Visible: func(d *Dossier) bool { return d.Bailleur.CapitalSocial.Valid },
		}, func(d *Dossier) any { return d.Bailleur.CapitalSocial }),
		montre(Champ{Cle: "administration", Libelle: "Administration", Type: Texte}, func(d *Dossier) any {
			if d.Administration == nil {
				return ""
			}
			return d.Administration.Nom
		}),
	}
}

func champsSignataire() []Champ {
	ordinaire := func(d *Dossier) bool { return !d.FoyerOuResidence() }
	return []Champ{
		enDefaut(deConvention(Champ{
			Cle: "signataire_nom", Libelle: "Nom du signataire de la convention", Type: Texte, Max: 255, Cible: "bailleur__signataire_nom",
			RequisSi: &Condition{"identification_bailleur", []string{"false"}}, Message: "Le nom du signataire est obligatoire.",
			Exemple: "Catherine Vallade",
		}, "signataire_nom", func(c *Convention) *string { return &c.SignataireNom }), func(d *Dossier) any { return d.Bailleur.SignataireNom }),
		enDefaut(deConvention(Champ{
			Cle: "signataire_fonction", Libelle: "Fonction du signataire", Type: Texte, Max: 255, Cible: "bailleur__signataire_fonction", Exemple: "Directrice générale",
		}, "signataire_fonction", func(c *Convention) *string { return &c.SignataireFonction }), func(d *Dossier) any { return d.Bailleur.SignataireFonction }),
		enDefaut(deConvention(Champ{
			Cle: "signataire_date_deliberation", Libelle: "Date de délibération", Type: Date, Cible: "bailleur__signataire_date_deliberation",
		}, "signataire_date_deliberation", func(c *Convention) **date.Date { return &c.SignataireDateDeliberation }),
			func(d *Dossier) any { return jourDe(d.Bailleur.SignataireDateDeliberation) }),
		enDefaut(deConvention(Champ{
			Cle: "signataire_bloc_signature", Libelle: "Élément additionnel de signature du bailleur", Type: TexteLong, Max: 5000,
			Cible: "bailleur__signataire_bloc_signature", Aide: "Imprimé après « Le bailleur ».",
		}, "signataire_bloc_signature", func(c *Convention) *string { return &c.SignataireBlocSignature }),
			func(d *Dossier) any { return d.Bailleur.SignataireBlocSignature }),
		deConvention(Champ{
			Cle: "identification_bailleur", Libelle: "Personnaliser l’identification du bailleur", Type: Booleen, Cible: "convention__identification_bailleur",
			Visible: ordinaire, Aide: "Le texte que vous donnez remplace le nom du bailleur et de son signataire dans la convention.",
		}, "identification_bailleur", func(c *Convention) *bool { return &c.IdentificationBailleur }),
		deConvention(Champ{
			Cle: "identification_bailleur_detail", Libelle: "Identification du bailleur personnalisée", Type: TexteLong, Max: 5000,
			OuvertPar: []string{"convention__identification_bailleur"}, Visible: ordinaire,
			RequisSi: &Condition{"identification_bailleur", []string{"true"}}, AfficheSi: &Condition{"identification_bailleur", []string{"true"}},
			Message: "Précisez l’identification personnalisée du bailleur.", Aide: "Doit contenir « représenté par ».",
		}, "identification_bailleur_detail", func(c *Convention) *string { return &c.IdentificationBailleurDetail }),
	}
}

// champsGestionnaire are those of the third party of a foyer or résidence convention.
func champsGestionnaire() []Champ {
	siGestionnaire := &Condition{Champ: "gestionnaire"}
	champs := []Champ{
		deFoyerResidence(Champ{
			Cle: "gestionnaire", Libelle: "Entreprise gestionnaire", Type: Texte, Max: 255, Cible: "convention__gestionnaire",
			Aide: "Signe la convention avec le bailleur et l’État.",
		}, "gestionnaire", func(f *FoyerResidence) *string { return &f.Gestionnaire }),
		deFoyerResidence(Champ{
			Cle: "gestionnaire_signataire_nom", Libelle: "Nom du signataire du gestionnaire", Type: Texte, Max: 255, Cible: "convention__gestionnaire_signataire_nom",
			RequisSi: siGestionnaire, Message: "Renseignez le nom du signataire du gestionnaire.",
		}, "gestionnaire_signataire_nom", func(f *FoyerResidence) *string { return &f.GestionnaireSignataireNom }),
		deFoyerResidence(Champ{
			Cle: "gestionnaire_signataire_fonction", Libelle: "Fonction du signataire du gestionnaire", Type: Texte, Max: 255,
			Cible: "convention__gestionnaire_signataire_fonction", RequisSi: siGestionnaire,
			Message: "Renseignez la fonction du signataire du gestionnaire.",
		}, "gestionnaire_signataire_fonction", func(f *FoyerResidence) *string { return &f.GestionnaireSignataireFonction }),
		deFoyerResidence(Champ{
			Cle: "gestionnaire_signataire_date_deliberation", Libelle: "Date de délibération du gestionnaire", Type: Date,
			Cible: "convention__gestionnaire_signataire_date_deliberation", RequisSi: siGestionnaire,
			Message: "Renseignez la date de délibération du gestionnaire.",
		}, "gestionnaire_signataire_date_deliberation", func(f *FoyerResidence) **date.Date { return &f.GestionnaireSignataireDateDeliberation }),
		deFoyerResidence(Champ{
			Cle: "gestionnaire_bloc_info_complementaire", Libelle: "Éléments complémentaires concernant le gestionnaire", Type: TexteLong, Max: 5000,
			OuvertPar: []string{"convention__gestionnaire"},
		}, "gestionnaire_bloc_info_complementaire", func(f *FoyerResidence) *string { return &f.GestionnaireBlocInfoComplementaire }),
		deFoyerResidence(Champ{
			Cle: "gestionnaire_signataire_bloc_signature", Libelle: "Élément additionnel de signature du gestionnaire", Type: TexteLong, Max: 5000,
			Cible: "convention__gestionnaire_signataire_bloc_signature", Aide: "Imprimé après « Le gestionnaire ».",
		}, "gestionnaire_signataire_bloc_signature", func(f *FoyerResidence) *string { return &f.GestionnaireSignataireBlocSignature }),
	}
	for i := range champs {
		champs[i].Visible = (*Dossier).FoyerOuResidence
	}
	return champs
}
