package convention

import (
	"strconv"
	"strings"

	"apilos/api/comment"
	"apilos/api/date"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// Carte is a step as the récapitulatif shows it: fields in words and tables with their totals.
type Carte struct {
	Etape    CodeEtape
	Champs   []ChampCarte
	Tableaux []Tableau
}

// ChampCarte is one line of a card. Cle is its comment target, "" when it cannot be commented.
type ChampCarte struct {
	Cle     string
	Libelle string
	Valeur  string
}

// Tableau is a table of a card; its comment target is Cle.
type Tableau struct {
	Cle      string
	Titre    string
	Colonnes []Colonne
	Lignes   []LigneTableau
	Total    []string // nil: no total
}

// Colonne is the head of a column.
type Colonne struct {
	Cle       string
	Libelle   string
	Numerique bool
}

// LigneTableau is a row, its cells in words.
type LigneTableau struct {
	UUID     uuid.UUID
	Cellules []string
}

// vide tells that nothing was entered: what SIAP declares of the lots does not count.
func (c Carte) vide() bool {
	for _, t := range c.Tableaux {
		if len(t.Lignes) > 0 {
			return false
		}
	}
	for _, f := range c.Champs {
		if f.Valeur != "" && f.Valeur != "Non" && f.Cle != "lot__nb_logements" {
			return false
		}
	}
	return true
}

// Recapitulatif returns the cards, one per step.
func (d *Dossier) Recapitulatif() []Carte {
	var out []Carte
	for _, e := range d.Etapes() {
		c := Carte{Etape: e.Code}
		switch e.Code {
		case EtapeBailleur:
			c.Champs = d.carteSection(sectionBailleur())
		case EtapeOperation:
			c.Champs = d.carteSection(sectionOperation())
		case EtapeCadastre:
			c.Champs, c.Tableaux = d.carteCadastre()
		case EtapeEDD:
			o := d.Operation
			c.Champs = []ChampCarte{
				{"programme__edd_volumetrique", "EDD volumétrique", o.EDDVolumetrique},
				{"programme__edd_classique", "EDD classique", o.EDDClassique},
			}
		case EtapeFinancement:
			c.Champs, c.Tableaux = d.carteFinancement()
		case EtapeLogements:
			c.Champs, c.Tableaux = d.carteLogements()
		case EtapeStationnements:
			c.Tableaux = d.tableauStationnements()
		case EtapeAnnexes:
			c.Champs = d.carteAnnexes()
		case EtapeDenonciation:
			c.Champs = d.carteFin(denonciation)
		case EtapeResiliation:
			c.Champs = d.carteFin(resiliation)
		case EtapeChampLibre:
			c.Champs = d.carteSection(sectionChampLibre())
		case EtapeCommentaires:
			c.Champs = []ChampCarte{{"convention__commentaires", "Commentaires à l’attention du service", d.Convention.Commentaires}}
		}
		out = append(out, c)
	}
	return out
}

// carteSection shows the visible fields of an editable step.
func (d *Dossier) carteSection(s Section) []ChampCarte {
	var out []ChampCarte
	for _, c := range s.Champs {
		if c.visible(d) && c.Type != Lignes {
			out = append(out, ChampCarte{c.Cible, c.Libelle, c.afficher(d)})
		}
	}
	return out
}

// afficher writes the value of a field for people.
func (c Champ) afficher(d *Dossier) string {
	switch v := c.Lire(d).(type) {
	case string:
		if c.Type == Liste {
			return libelleChoix(c.Choix, v)
		}
		return v
	case bool:
		if v {
			return "Oui"
		}
		return "Non"
	case *int:
		if v != nil {
			return strconv.Itoa(*v)
		}
	case *date.Date:
		return jour(v)
	case decimal.NullDecimal:
		return nombreDecimal(v)
	}
	return ""
}

func libelleChoix(choix []Choix, valeur string) string {
	for _, c := range choix {
		if c.Valeur == valeur {
			return c.Libelle
		}
	}
	return valeur
}

func (d *Dossier) carteCadastre() ([]ChampCarte, []Tableau) {
	o := d.Operation
	t := Tableau{
		Cle: "reference_cadastrale__all", Titre: "Références cadastrales",
		Colonnes: []Colonne{{"section", "Section", false}, {"numero", "Numéro", false}, {"lieudit", "Lieudit", false}, {"surface", "Surface", false}},
	}
	for _, r := range d.ReferencesCadastrales {
		t.Lignes = append(t.Lignes, LigneTableau{r.UUID, []string{r.Section, r.Numero, r.Lieudit, r.Surface}})
	}
	return []ChampCarte{
		{"programme__permis_construire", "Numéro de permis de construire", o.PermisConstruire},
		{"programme__date_achat", "Date d’achat", jour(o.DateAchat)},
		{"programme__date_acte_notarie", "Date de l’acte notarié", jour(o.DateActeNotarie)},
		{"programme__date_achevement", "Date d’achèvement", jour(o.DateAchevement)},
		{"programme__date_achevement_previsible", "Date d’achèvement prévisible", jour(o.DateAchevementPrevisible)},
		{"programme__vendeur", "Vendeur", o.Vendeur},
		{"programme__acquereur", "Acquéreur", o.Acquereur},
		{"programme__reference_notaire", "Référence du notaire", o.ReferenceNotaire},
		{"programme__reference_publication_acte", "Référence de publication de l’acte", o.ReferencePublicationActe},
	}, []Tableau{t}
}

func (d *Dossier) carteFinancement() ([]ChampCarte, []Tableau) {
	champs := d.carteSection(sectionFinancement())
	champs[0].Libelle, champs[0].Valeur = "Fin de la convention", jour(d.Convention.DateFinConventionnement)
	t := Tableau{
		Cle: "pret__all", Titre: "Prêts et subventions",
		Colonnes: []Colonne{
			{"financement", "Financement", false}, {"preteur", "Organisme", false}, {"numero", "Numéro", false}, {"date_octroi", "Octroi", false},
			{"duree", "Durée (années)", true}, {"montant", "Montant", true},
		},
	}
	total := decimal.Zero
	for _, p := range d.Prets {
		duree := ""
		if p.Duree != nil {
			duree = strconv.Itoa(*p.Duree)
		}
		t.Lignes = append(t.Lignes, LigneTableau{p.UUID, []string{
			d.financementDuLot(p.LotID).Libelle(), libellePreteur(p.Preteur, p.Autre), p.Numero, jour(p.DateOctroi), duree, euros(decimal.NewNullDecimal(p.Montant)),
		}})
		total = total.Add(p.Montant)
	}
	if len(d.Prets) > 0 {
		t.Total = []string{"Total", "", "", "", "", euros(decimal.NewNullDecimal(total))}
	}
	return champs, []Tableau{t}
}

// Tables of dwellings, by the key of their comments (02 §4.1).
var tablesLogements = []struct{ code, cle, titre string }{
	{"UTILE_LOYER", "logement__all", "Logements en surface utile avec loyer"},
	{"UTILE_SANS_LOYER", "logements_sans_loyer__all", "Logements en surface utile sans loyer"},
	{"CORRIGEE_LOYER", "logements_corrigee__all", "Logements en surface corrigée avec loyer"},
	{"CORRIGEE_SANS_LOYER", "logements_corrigee_sans_loyer__all", "Logements en surface corrigée sans loyer"},
	{"FOYER_RESIDENCE", "logement__all", "Logements"},
}

func (d *Dossier) carteLogements() ([]ChampCarte, []Tableau) {
	var champs []ChampCarte
	for _, l := range d.Lots {
		champs = append(champs, ChampCarte{"lot__nb_logements", l.Financement.Libelle() + " : logements déclarés", declares(l.NbLogements)})
	}
	var tables []Tableau
	for _, t := range tablesLogements {
		if tab, ok := d.tableauLogements(t.code, t.cle, t.titre); ok {
			tables = append(tables, tab)
		}
	}
	if len(tables) == 0 {
		tables = []Tableau{{Cle: "logement__all", Titre: "Logements", Colonnes: colonnesLogements}}
	}
	return champs, tables
}

var colonnesLogements = []Colonne{
	{"designation", "Désignation", false}, {"financement", "Financement", false}, {"typologie", "Type", false},
	{"surface_habitable", "SH (m²)", true}, {"surface_annexes", "SA (m²)", true}, {"surface_annexes_retenue", "SAR (m²)", true},
	{"surface_utile", "SU (m²)", true}, {"loyer_par_metre_carre", "€/m²", true}, {"coeficient", "Coefficient", true}, {"loyer", "Loyer", true},
}

func (d *Dossier) tableauLogements(code, cle, titre string) (Tableau, bool) {
	t := Tableau{Cle: cle, Titre: titre, Colonnes: colonnesLogements}
	var sh, su, loyer decimal.NullDecimal // a column without any value has no total
	for _, g := range d.Logements {
		if g.Tableau != code {
			continue
		}
		surface := g.SurfaceUtile
		if g.SurfaceCorrigee.Valid {
			surface = g.SurfaceCorrigee
		}
		coef := ""
		if g.Coefficient.Valid {
			coef = strings.Replace(g.Coefficient.Decimal.StringFixed(4), ".", ",", 1)
		}
		t.Lignes = append(t.Lignes, LigneTableau{g.UUID, []string{
			g.Designation, d.financementDuLot(g.LotID).Libelle(), g.Typologie, nombreDecimal(g.SurfaceHabitable), nombreDecimal(g.SurfaceAnnexes),
			nombreDecimal(g.SurfaceAnnexesRetenue), nombreDecimal(surface), nombreDecimal(g.LoyerParMetreCarre), coef, euros(g.Loyer),
		}})
		sh, su, loyer = ajouter(sh, g.SurfaceHabitable), ajouter(su, surface), ajouter(loyer, g.Loyer)
	}
	if len(t.Lignes) == 0 {
		return t, false
	}
	t.Total = []string{"Total", "", "", nombreDecimal(sh), "", "", nombreDecimal(su), "", "", euros(loyer)}
	return t, true
}

func ajouter(total, v decimal.NullDecimal) decimal.NullDecimal {
	if !v.Valid {
		return total
	}
	return decimal.NewNullDecimal(total.Decimal.Add(v.Decimal))
}

func (d *Dossier) tableauStationnements() []Tableau {
	t := Tableau{
		Cle: "type_stationnement__all", Titre: "Stationnements",
		Colonnes: []Colonne{{"financement", "Financement", false}, {"typologie", "Type", false}, {"nb_stationnements", "Nombre", true}, {"loyer", "Loyer", true}},
	}
	for _, s := range d.Stationnements {
		t.Lignes = append(t.Lignes, LigneTableau{s.UUID, []string{
			d.financementDuLot(s.LotID).Libelle(), libelleStationnement(s.Typologie), strconv.Itoa(s.NbStationnements), euros(decimal.NewNullDecimal(s.Loyer)),
		}})
	}
	return []Tableau{t}
}

func libelleStationnement(code string) string {
	return libelleChoix([]Choix{
		{"GARAGE_AERIEN", "Garage aérien"}, {"GARAGE_ENTERRE", "Garage enterré"}, {"PLACE_STATIONNEMENT", "Place de stationnement"},
		{"PARKING_EXTERIEUR_PRIVATIF", "Parking extérieur privatif"}, {"PARKING_SOUSSOL", "Parking en sous-sol ou en superstructure"},
		{"GARAGE_BOXE_SIMPLE", "Garage boxé simple"}, {"GARAGE_BOXE_DOUBLE", "Garage boxé double"}, {"EXTERIEUR_BOXE", "Extérieur boxé"},
		{"SOUSSOL_BOXE", "En sous-sol boxé"}, {"CARPORT", "Carport"}, {"DEUX_ROUES_EXTERIEUR", "2 roues en extérieur"},
		{"DEUX_ROUES_SOUSSOL", "2 roues en sous-sol"}, {"DOUBLE_SOUSSOL", "Parking double en sous-sol"},
		{"DOUBLE_SUPERSTRUCTURE", "Parking double en superstructure"}, {"INDIVIDUEL_JUMELES_PAR_2", "Garages individuels jumelés par blocs de 2"},
		{"PLACE_PARKING_ACCOLEE", "Place de parking accolée à chaque garage"}, {"PARKING_SUPERSTRUCTURE", "Parking en superstructure"},
	}, code)
}

func (d *Dossier) carteAnnexes() []ChampCarte {
	presentes := map[string]bool{}
	for _, l := range d.Lots {
		for _, a := range l.TypesAnnexes {
			presentes[strings.ToLower(a)] = true
		}
	}
	var out []ChampCarte
	for _, a := range []string{"caves", "soussols", "remises", "ateliers", "sechoirs", "celliers", "resserres", "combles", "balcons", "loggias", "terrasses"} {
		if presentes[a] {
			out = append(out, ChampCarte{comment.Cle("lot", "annexe_"+a), "Annexe", strings.ToUpper(a[:1]) + a[1:]})
		}
	}
	if out == nil {
		out = []ChampCarte{{"annexe__all", "Annexes", ""}}
	}
	return out
}

func (d *Dossier) financementDuLot(id int64) Financement {
	for _, l := range d.Lots {
		if l.ID == id {
			return l.Financement
		}
	}
	return ""
}

func premier(textes ...string) string {
	for _, t := range textes {
		if strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}

func jour(j *date.Date) string {
	if j == nil {
		return ""
	}
	return j.French()
}

func nombreDecimal(n decimal.NullDecimal) string {
	if !n.Valid {
		return ""
	}
	return milliers(n.Decimal.StringFixed(2))
}

func euros(n decimal.NullDecimal) string {
	if !n.Valid {
		return ""
	}
	return milliers(n.Decimal.StringFixed(2)) + "\u202f€"
}

// milliers writes a decimal the French way: narrow no-break spaces and a comma.
func milliers(s string) string {
	entier, decimales, _ := strings.Cut(s, ".")
	signe := ""
	if strings.HasPrefix(entier, "-") {
		signe, entier = "-", entier[1:]
	}
	var b strings.Builder
	for i, c := range entier {
		if i > 0 && (len(entier)-i)%3 == 0 {
			b.WriteRune('\u202f')
		}
		b.WriteRune(c)
	}
	return signe + b.String() + "," + decimales
}
