package convention

import (
	"regexp"
	"slices"
	"strings"

	"apilos/api/date"
	"apilos/api/operation"
	"apilos/api/territoire"
)

var cinqChiffres = regexp.MustCompile(`^[0-9]{5}$`)

// sectionOperation is the step "Opération" (03 §3.2). The address is the convention's own (NA-09),
// the type of habitat is written on every lot, the rest belongs to the operation that sibling
// conventions share (CC-05).
func sectionOperation() Section {
	ordinaire := func(d *Dossier) bool { return !d.FoyerOuResidence() }
	texteOp := func(colonne string, acces func(*operation.Operation) *string) (func(*Dossier) any, func(*Dossier, any) Ecriture) {
		return func(d *Dossier) any { return *acces(&d.Operation) },
			func(d *Dossier, v any) Ecriture {
				*acces(&d.Operation) = v.(string)
				return Ecriture{TableOperation, colonne, v}
			}
	}
	entierOp := func(colonne string, acces func(*operation.Operation) **int) (func(*Dossier) any, func(*Dossier, any) Ecriture) {
		return func(d *Dossier) any { return *acces(&d.Operation) },
			func(d *Dossier, v any) Ecriture {
				*acces(&d.Operation) = v.(*int)
				return Ecriture{TableOperation, colonne, v}
			}
	}
	booleenOp := func(colonne string, acces func(*operation.Operation) *bool) (func(*Dossier) any, func(*Dossier, any) Ecriture) {
		return func(d *Dossier) any { return *acces(&d.Operation) },
			func(d *Dossier, v any) Ecriture {
				*acces(&d.Operation) = v.(bool)
				return Ecriture{TableOperation, colonne, v}
			}
	}
	champ := func(c Champ, lire func(*Dossier) any, ecrire func(*Dossier, any) Ecriture) Champ {
		c.Lire, c.Ecrire = lire, ecrire
		return c
	}
	lireNom, ecrireNom := texteOp("nom", func(o *operation.Operation) *string { return &o.Nom })
	lireNumero, ecrireNumero := texteOp("numero_operation", func(o *operation.Operation) *string { return &o.NumeroOperation })
	lireCP, ecrireCP := texteOp("code_postal", func(o *operation.Operation) *string { return &o.CodePostal })
	lireVille, ecrireVille := texteOp("ville", func(o *operation.Operation) *string { return &o.Ville })
	lireAutres, ecrireAutres := texteOp("autres_locaux_hors_convention", func(o *operation.Operation) *string { return &o.AutresLocauxHorsConvention })
	lireAnru, ecrireAnru := booleenOp("anru", func(o *operation.Operation) *bool { return &o.Anru })
	lireAnah, ecrireAnah := booleenOp("anah", func(o *operation.Operation) *bool { return &o.Anah })
	lireSecondeVie, ecrireSecondeVie := booleenOp("seconde_vie", func(o *operation.Operation) *bool { return &o.SecondeVie })
	lireLocaux, ecrireLocaux := entierOp("nb_locaux_commerciaux", func(o *operation.Operation) **int { return &o.NbLocauxCommerciaux })
	lireBureaux, ecrireBureaux := entierOp("nb_bureaux", func(o *operation.Operation) **int { return &o.NbBureaux })

	return Section{
		Code: EtapeOperation,
		Aide: "Vérifiez ce que le SIAP a transmis et complétez l’adresse des bâtiments.",
		Champs: []Champ{
			champ(Champ{
				Cle: "nom", Libelle: "Nom", Type: Texte, Requis: true, Max: 255, Cible: "programme__nom",
				Message: "Le nom du programme est obligatoire.", Aide: "Sans le financement : il est ajouté automatiquement.", Exemple: "Résidence Les Tilleuls",
			}, lireNom, ecrireNom),
			champ(Champ{
				Cle: champNumeroOperation, Libelle: "Numéro d’opération", Type: Texte, Max: 255,
				Aide:    "Donné par le SIAP. Il ne change plus une fois renseigné.",
				Visible: func(d *Dossier) bool { return !d.EstAvenant() },
				Fige:    numeroOperationFige, CorrigeExpert: true,
			}, lireNumero, ecrireNumero),
			champ(Champ{
				Cle: "adresse", Libelle: "Adresses du ou des bâtiments", Type: TexteLong, Requis: true, Max: 5000, Cible: "convention__adresse",
				Aide: "Une adresse par ligne.", Exemple: "12 rue des Arènes",
			}, func(d *Dossier) any { return d.Adresse() },
				func(d *Dossier, v any) Ecriture {
					d.Convention.Adresse = v.(string)
					return Ecriture{TableConvention, "adresse", v}
				}),
			champ(Champ{
				Cle: "code_postal", Libelle: "Code postal", Type: Texte, Requis: true, Max: 5, Motif: cinqChiffres, Cible: "programme__code_postal",
				MessageMotif: "Le code postal comporte 5 chiffres.", Exemple: "87000",
			}, lireCP, ecrireCP),
			champ(Champ{Cle: "ville", Libelle: "Ville", Type: Texte, Requis: true, Max: 255, Cible: "programme__ville", Exemple: "Limoges"}, lireVille, ecrireVille),
			champ(Champ{
				Cle: "type_habitat", Libelle: "Type d’habitat", Type: Liste, Choix: TypesHabitat(), Cible: "programme__type_habitat",
				Aide: "Le même pour tous les logements de la convention.",
			}, lireTypeHabitat, ecrireTypeHabitat),
			champ(Champ{
				Cle: "type_operation", Libelle: "Type d’opération", Type: Liste, Choix: typesOperation(), Cible: "programme__type_operation",
				Aide: "Fixé par le SIAP pour une opération sans travaux.",
				Fige: (*Dossier).SansFinancement,
			}, func(d *Dossier) any { return string(d.Operation.TypeOperation) }, ecrireTypeOperation),
			champ(Champ{Cle: "anru", Libelle: "Financement ANRU", Type: Booleen, Cible: "programme__anru"}, lireAnru, ecrireAnru),
			champ(Champ{Cle: "anah", Libelle: "Financement ANAH", Type: Booleen, Cible: "programme__anah"}, lireAnah, ecrireAnah),
			champ(Champ{
				Cle: "seconde_vie", Libelle: "Seconde vie", Type: Booleen,
				Fige: func(*Dossier) bool { return true }, Visible: func(d *Dossier) bool { return d.Operation.SecondeVie },
			}, lireSecondeVie, ecrireSecondeVie),
			champ(Champ{Cle: "nb_locaux_commerciaux", Libelle: "Locaux commerciaux", Type: Entier, Visible: ordinaire, Cible: "programme__nb_locaux_commerciaux"}, lireLocaux, ecrireLocaux),
			champ(Champ{Cle: "nb_bureaux", Libelle: "Bureaux", Type: Entier, Visible: ordinaire, Cible: "programme__nb_bureaux"}, lireBureaux, ecrireBureaux),
			champ(Champ{
				Cle: "autres_locaux_hors_convention", Libelle: "Autres locaux hors convention", Type: TexteLong, Max: 5000, Visible: ordinaire,
				Cible: "programme__autres_locaux_hors_convention",
			}, lireAutres, ecrireAutres),
		},
		Verifier: func(d *Dossier, _ date.Date) []Anomalie {
			if d.EstOutreMer() && !d.FoyerOuResidence() {
				return []Anomalie{{
					Pointer: "/code_postal", Code: "OUTRE_MER_NATURE", Niveau: NiveauErreur,
					Detail: "Un programme situé outre-mer ne peut être que de nature foyer ou résidence.",
				}}
			}
			return nil
		},
		Deduire: deduireTerritoire,
	}
}

// numeroOperationFige: the number is typed once, in PROJET, when SIAP gave none (02 §2.4).
func numeroOperationFige(d *Dossier) bool {
	return d.Convention.Statut != Projet || strings.TrimSpace(d.Operation.NumeroOperation) != ""
}

func lireTypeHabitat(d *Dossier) any {
	if len(d.Lots) == 0 {
		return ""
	}
	return string(d.Lots[0].TypeHabitat)
}

func ecrireTypeHabitat(d *Dossier, v any) Ecriture {
	if v.(string) == "" { // an empty value keeps the stored one: the column has no "unknown"
		v = lireTypeHabitat(d)
	}
	for i := range d.Lots {
		d.Lots[i].TypeHabitat = TypeHabitat(v.(string))
	}
	return Ecriture{TableLots, "type_habitat", v}
}

func ecrireTypeOperation(d *Dossier, v any) Ecriture {
	if v.(string) == "" { // an empty value keeps the stored one (03 §3.2)
		v = string(d.Operation.TypeOperation)
	}
	d.Operation.TypeOperation = operation.TypeOperation(v.(string))
	return Ecriture{TableOperation, "type_operation", v}
}

func typesOperation() []Choix {
	var out []Choix
	for _, t := range operation.TypesOperation() {
		out = append(out, Choix{string(t), t.Libelle()})
	}
	return out
}

// deduireTerritoire follows a new postcode, but never replaces codes that came from SIAP (03 §3.2).
func deduireTerritoire(d *Dossier, changees []string) []Ecriture {
	o := &d.Operation
	if !slices.Contains(changees, "code_postal") || o.SiapSynchroniseLe != nil {
		return nil
	}
	departement := territoire.DepartementDeCodePostal(o.CodePostal)
	if departement == "" {
		return nil
	}
	o.CodeInseeDepartement = &departement
	out := []Ecriture{{TableOperation, "code_insee_departement", departement}}
	if region, ok := territoire.RegionDe(departement); ok && region != "" {
		o.CodeInseeRegion = &region
		out = append(out, Ecriture{TableOperation, "code_insee_region", region})
	}
	return out
}
