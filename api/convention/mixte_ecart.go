package convention

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"apilos/api/date"
)

// Ecart is a value of the form that conventions did not share when they were grouped: the survivor's is kept (MX-08).
type Ecart struct {
	Champ    string // key of the form
	Libelle  string
	Gardee   string // value of the survivor, "" for none
	Ecartees []ValeurEcartee
}

// ValeurEcartee is the value of an absorbed convention; it stays readable in the journal.
type ValeurEcartee struct {
	Financements string // of the convention that had it
	Valeur       string
}

// champConvention is a value of the form that belongs to the convention, as people read it.
type champConvention struct {
	cle, libelle string
	lire         func(*Dossier) string
}

// champsConvention are the values of the form that a convention carries itself: those of the lots and of the
// operation are not concerned by a grouping.
func champsConvention() []champConvention {
	champs := []champConvention{
		{"numero", "Numéro de la convention", func(d *Dossier) string { return texteOu(d.Convention.Numero) }},
		{"adresse", "Adresse", func(d *Dossier) string { return d.Convention.Adresse }},
		{"date_fin_conventionnement", "Date de fin de la convention", func(d *Dossier) string { return jourOu(d.Convention.DateFinConventionnement) }},
		{"fond_propre", "Fonds propres", func(d *Dossier) string {
			if !d.Convention.FondPropre.Valid {
				return ""
			}
			return d.Convention.FondPropre.Decimal.StringFixed(2) + " €"
		}},
		{"historique_financement_public", "Historique de financement public", func(d *Dossier) string { return d.Convention.HistoriqueFinancementPublic }},
		{"commentaires", "Commentaires à l’attention du service", func(d *Dossier) string { return d.Convention.Commentaires }},
		{"type1and2", "Type de convention (I ou II)", func(d *Dossier) string { return texteOu(d.Convention.Type1and2) }},
		{"type2_options", "Logements concernés (type II)", func(d *Dossier) string { return options(d.Convention.Type2Options) }},
		{"signataire_nom", "Nom du signataire", func(d *Dossier) string { return d.Convention.SignataireNom }},
		{"signataire_fonction", "Fonction du signataire", func(d *Dossier) string { return d.Convention.SignataireFonction }},
		{"signataire_date_deliberation", "Date de délibération", func(d *Dossier) string { return jourOu(d.Convention.SignataireDateDeliberation) }},
		{"signataire_bloc_signature", "Élément additionnel de signature", func(d *Dossier) string { return d.Convention.SignataireBlocSignature }},
		{"identification_bailleur", "Identification personnalisée du bailleur", func(d *Dossier) string { return ouiNon(d.Convention.IdentificationBailleur) }},
		{"identification_bailleur_detail", "Identification du bailleur", func(d *Dossier) string { return d.Convention.IdentificationBailleurDetail }},
	}
	return append(champs, champsFoyer()...)
}

// champsFoyer are those of the block of foyers and résidences.
func champsFoyer() []champConvention {
	champ := func(cle, libelle string, lire func(*FoyerResidence) string) champConvention {
		return champConvention{cle, libelle, func(d *Dossier) string {
			if d.FoyerResidence == nil {
				return ""
			}
			return lire(d.FoyerResidence)
		}}
	}
	return []champConvention{
		champ("gestionnaire", "Gestionnaire", func(f *FoyerResidence) string { return f.Gestionnaire }),
		champ("gestionnaire_signataire_nom", "Nom du signataire du gestionnaire", func(f *FoyerResidence) string { return f.GestionnaireSignataireNom }),
		champ("gestionnaire_signataire_fonction", "Fonction du signataire du gestionnaire", func(f *FoyerResidence) string { return f.GestionnaireSignataireFonction }),
		champ("type_attribution", "Type d’attribution", func(f *FoyerResidence) string { return texteOu(f.TypeAttribution) }),
		champ("attribution_publics", "Publics accueillis", func(f *FoyerResidence) string { return strings.Join(f.Publics, ", ") }),
		champ("attribution_reservation_prefectorale", "Réservation préfectorale", func(f *FoyerResidence) string {
			if f.ReservationPrefectoralePct == nil {
				return ""
			}
			return strconv.Itoa(*f.ReservationPrefectoralePct) + " %"
		}),
		champ("attribution_modalites_reservations", "Modalités de gestion des réservations", func(f *FoyerResidence) string { return f.ModalitesReservations }),
		champ("attribution_modalites_choix_personnes", "Modalités de choix des personnes", func(f *FoyerResidence) string { return f.ModalitesChoixPersonnes }),
		champ("attribution_prestations_integrees", "Prestations intégrées dans la redevance", func(f *FoyerResidence) string { return f.PrestationsIntegrees }),
		champ("attribution_prestations_facultatives", "Prestations facultatives", func(f *FoyerResidence) string { return f.PrestationsFacultatives }),
		champ("variantes", "Variantes", func(f *FoyerResidence) string { return options(f.Variantes) }),
	}
}

// ecarts compares the survivor, first, with those it absorbs.
func ecarts(dossiers []*Dossier) []Ecart {
	out := []Ecart{}
	survivante := dossiers[0]
	for _, c := range champsConvention() {
		e := Ecart{Champ: c.cle, Libelle: c.libelle, Gardee: strings.TrimSpace(c.lire(survivante))}
		for _, d := range dossiers[1:] {
			if v := strings.TrimSpace(c.lire(d)); v != e.Gardee {
				e.Ecartees = append(e.Ecartees, ValeurEcartee{d.libelleLots(), v})
			}
		}
		if len(e.Ecartees) > 0 {
			out = append(out, e)
		}
	}
	return out
}

// texteOu reads an optional text.
func texteOu(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func jourOu(j *date.Date) string {
	if j == nil {
		return ""
	}
	return j.String()
}

func ouiNon(b bool) string {
	if b {
		return "oui"
	}
	return "non"
}

func options(n []int32) string {
	tri := slices.Clone(n)
	slices.Sort(tri)
	out := make([]string, 0, len(tri))
	for _, v := range tri {
		out = append(out, fmt.Sprint(v))
	}
	return strings.Join(out, ", ")
}
