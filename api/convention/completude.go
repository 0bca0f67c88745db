package convention

import (
	"slices"
	"strconv"
	"strings"

	"apilos/api/date"
)

// Levels of a missing item (03 §4.1). Level H items are the hard preconditions of transitions.
const (
	NiveauBloquant = "B" // holds back soumettre, renvoyer_instruction and valider unless confirmed
	NiveauConseil  = "C" // information
)

// Point is a missing item of the completeness list.
type Point struct {
	Niveau  string
	Code    string
	Etape   CodeEtape
	Cle     string // field of the step, "" when the point is about a table or the whole step
	Libelle string // sentence for people
}

// Pointer returns the JSON pointer of the point.
func (p Point) Pointer() string {
	if p.Cle == "" {
		return "/" + string(p.Etape)
	}
	return "/" + string(p.Etape) + "/" + p.Cle
}

// Remplissage is how far a step is filled.
type Remplissage string

// A step where nothing is expected is complete, even without data.
const (
	EtapeVide      Remplissage = "vide"      // something is expected, nothing was entered
	EtapePartielle Remplissage = "partielle" // a level B item is missing
	EtapeComplete  Remplissage = "complete"
)

// Remplissages returns the state of each step, from the missing items of Completude.
func (d *Dossier) Remplissages(points []Point) map[CodeEtape]Remplissage {
	attendu, bloque := map[CodeEtape]bool{}, map[CodeEtape]bool{}
	for _, p := range points {
		attendu[p.Etape] = true
		bloque[p.Etape] = bloque[p.Etape] || p.Niveau == NiveauBloquant
	}
	out := map[CodeEtape]Remplissage{}
	for _, c := range d.Recapitulatif() {
		switch {
		case attendu[c.Etape] && c.vide():
			out[c.Etape] = EtapeVide
		case bloque[c.Etape]:
			out[c.Etape] = EtapePartielle
		default:
			out[c.Etape] = EtapeComplete
		}
	}
	return out
}

type releve struct {
	d      *Dossier
	points []Point
	total  int
}

func (r *releve) exiger(niveau string, ok bool, code string, e CodeEtape, cle, libelle string) {
	r.total++
	if !ok {
		r.points = append(r.points, Point{niveau, code, e, cle, libelle})
	}
}

func rempli(textes ...string) bool {
	for _, t := range textes {
		if strings.TrimSpace(t) != "" {
			return true
		}
	}
	return false
}

// Completude returns the missing items, in the order of the steps. It is the only place that computes
// them: transitions, meter and steps all read it.
func (d *Dossier) Completude(jour date.Date) []Point { return d.relever(jour).points }

// Pourcentage returns the share of checked items that are present, 0 to 100.
func (d *Dossier) Pourcentage(jour date.Date) int {
	r := d.relever(jour)
	if r.total == 0 {
		return 100
	}
	return (r.total - len(r.points)) * 100 / r.total
}

func (d *Dossier) relever(jour date.Date) *releve {
	r := &releve{d: d}
	if f, ok := d.fin(); ok {
		r.fin(f)
		return r
	}
	r.bailleur()
	r.operation()
	r.cadastre()
	r.financement(jour)
	r.logements()
	r.foyerResidence()
	r.fichiers()
	return r
}

func (r *releve) bailleur() {
	c := r.d.Convention
	r.exiger(NiveauBloquant, rempli(c.SignataireNom, r.d.Bailleur.SignataireNom) || (c.IdentificationBailleur && rempli(c.IdentificationBailleurDetail)),
		"SIGNATAIRE_MANQUANT", EtapeBailleur, "signataire_nom", "Le nom du signataire est obligatoire.")
	r.exiger(NiveauConseil, rempli(c.SignataireFonction, r.d.Bailleur.SignataireFonction),
		"SIGNATAIRE_FONCTION", EtapeBailleur, "signataire_fonction", "Fonction du signataire")
	r.exiger(NiveauConseil, c.SignataireDateDeliberation != nil || r.d.Bailleur.SignataireDateDeliberation != nil,
		"SIGNATAIRE_DELIBERATION", EtapeBailleur, "signataire_date_deliberation", "Date de délibération")
	if r.d.FoyerOuResidence() {
		f := r.d.FoyerResidence
		if f == nil {
			f = &FoyerResidence{}
		}
		r.exiger(NiveauBloquant, rempli(f.Gestionnaire), "GESTIONNAIRE_MANQUANT", EtapeBailleur, "gestionnaire", "L’entreprise gestionnaire est obligatoire pour un foyer ou une résidence.")
		r.exiger(NiveauBloquant, rempli(f.GestionnaireSignataireNom), "GESTIONNAIRE_SIGNATAIRE_MANQUANT", EtapeBailleur, "gestionnaire_signataire_nom", "Le nom du signataire du gestionnaire est obligatoire.")
		r.exiger(NiveauBloquant, rempli(f.GestionnaireSignataireFonction), "GESTIONNAIRE_FONCTION_MANQUANTE", EtapeBailleur, "gestionnaire_signataire_fonction", "La fonction du signataire du gestionnaire est obligatoire.")
		r.exiger(NiveauBloquant, f.GestionnaireSignataireDateDeliberation != nil, "GESTIONNAIRE_DELIBERATION_MANQUANTE", EtapeBailleur, "gestionnaire_signataire_date_deliberation", "La date de délibération du gestionnaire est obligatoire.")
	}
}

func (r *releve) operation() {
	o := r.d.Operation
	r.exiger(NiveauBloquant, rempli(o.Nom), "NOM_MANQUANT", EtapeOperation, "nom", "Le nom du programme est obligatoire.")
	r.exiger(NiveauBloquant, rempli(r.d.Adresse()), "ADRESSE_MANQUANTE", EtapeOperation, "adresse", "L’adresse des bâtiments est obligatoire.")
	r.exiger(NiveauBloquant, cinqChiffres.MatchString(o.CodePostal), "CODE_POSTAL_MANQUANT", EtapeOperation, "code_postal", "Le code postal est obligatoire.")
	r.exiger(NiveauBloquant, rempli(o.Ville), "VILLE_MANQUANTE", EtapeOperation, "ville", "La ville est obligatoire.")
	r.exiger(NiveauBloquant, len(r.d.Lots) > 0, "LOT_MANQUANT", EtapeOperation, "type_habitat", "La convention n’a pas de lot : le type d’habitat est inconnu.")
}

func (r *releve) cadastre() {
	o := r.d.Operation
	r.exiger(NiveauConseil, len(r.d.ReferencesCadastrales) > 0 || r.aDesImages("REFERENCE_CADASTRALE"), "CADASTRE_VIDE", EtapeCadastre, "", "Références cadastrales")
	for _, c := range []struct{ texte, rubrique, cle, libelle string }{
		{o.Vendeur, "VENDEUR", "vendeur", "Vendeur"},
		{o.Acquereur, "ACQUEREUR", "acquereur", "Acquéreur"},
		{o.ReferenceNotaire, "REFERENCE_NOTAIRE", "reference_notaire", "Référence du notaire"},
		{o.ReferencePublicationActe, "REFERENCE_PUBLICATION_ACTE", "reference_publication_acte", "Référence de publication de l’acte"},
	} {
		r.exiger(NiveauConseil, rempli(c.texte) || r.aDesImages(c.rubrique), strings.ToUpper(c.cle), EtapeCadastre, c.cle, c.libelle)
	}
	r.exiger(NiveauConseil, o.DateActeNotarie != nil, "DATE_ACTE_NOTARIE", EtapeCadastre, "date_acte_notarie", "Date de l’acte notarié")
	r.exiger(NiveauConseil, o.DateAchevement != nil || o.DateAchevementPrevisible != nil, "DATE_ACHEVEMENT", EtapeCadastre, "date_achevement", "Date d’achèvement")
}

func (r *releve) aDesImages(rubrique string) bool { return r.d.DocumentCourant(rubrique) != nil }

func (r *releve) financement(jour date.Date) {
	fin := r.d.Convention.DateFinConventionnement
	r.exiger(NiveauBloquant, fin != nil && fin.After(jour), "DATE_FIN_MANQUANTE", EtapeFinancement, "annee_fin_conventionnement",
		"La date de fin de la convention est obligatoire et doit être à venir.")
	if r.d.EstAvenant() && !slices.Contains(r.d.TypesAvenant, "duree") {
		return // an avenant answers for what it changes only
	}
	anomalies := sectionFinancement().verifier(r.d, jour)
	prets := champPrets()
	for _, a := range prets.lignesIncompletes(r.d.lignesPrets()) {
		a.Code = "pret.incomplet"
		anomalies = append(anomalies, a)
	}
	if len(anomalies) == 0 {
		r.exiger(NiveauBloquant, true, "", EtapeFinancement, "", "")
	}
	for _, a := range anomalies {
		if a.Niveau == NiveauErreur {
			r.exiger(NiveauBloquant, false, strings.ToUpper(strings.ReplaceAll(a.Code, ".", "_")), EtapeFinancement, cleVisee(a.Pointer), a.Detail)
		}
	}
}

func (r *releve) logements() {
	for _, l := range r.d.Lots {
		n := 0
		for _, g := range r.d.Logements {
			if g.LotID == l.ID {
				n++
			}
		}
		f := l.Financement.Libelle()
		if l.Financement == SansFinancement && (l.NbLogements == nil || *l.NbLogements == 0) {
			continue // without works, SIAP declares no dwelling (CR-03)
		}
		r.exiger(NiveauBloquant, n > 0, "LOGEMENTS_MANQUANTS", EtapeLogements, "", f+" : saisissez au moins un logement.")
		r.exiger(NiveauConseil, l.NbLogements != nil && n == *l.NbLogements, "LOGEMENTS_NOMBRE", EtapeLogements, "nb_logements",
			f+" : "+declares(l.NbLogements)+" à conventionner, "+strconv.Itoa(n)+" dans la liste.")
		if r.d.FoyerOuResidence() {
			r.exiger(NiveauBloquant, l.SurfaceHabitableTotale.Valid, "SURFACE_TOTALE_MANQUANTE", EtapeLogements, "surface_habitable_totale",
				f+" : la surface habitable totale est obligatoire.")
		}
	}
}

func declares(n *int) string {
	switch {
	case n == nil:
		return "nombre non déclaré"
	case *n == 1:
		return "1 logement déclaré"
	}
	return strconv.Itoa(*n) + " logements déclarés"
}

func (r *releve) foyerResidence() {
	if !r.d.FoyerOuResidence() {
		return
	}
	f := r.d.FoyerResidence
	r.exiger(NiveauBloquant, f != nil && f.TypeAttribution != nil, "ATTRIBUTION_MANQUANTE", EtapeAttribution, "", "Les modalités d’attribution sont obligatoires.")
	r.exiger(NiveauBloquant, f != nil && len(f.Variantes) > 0, "VARIANTE_MANQUANTE", EtapeVariantes, "", "Choisissez au moins une variante.")
}

func (r *releve) fichiers() {
	ok := true
	for _, doc := range r.d.Documents {
		if doc.Courant() && !doc.Fichier.Utilisable() {
			ok = false
		}
	}
	r.exiger(NiveauBloquant, ok, "FICHIER_NON_VERIFIE", EtapeCommentaires, "", "Un fichier joint est refusé ou en cours de vérification antivirus.")
}

// Pointee reads the step and the field of a pointer of the completeness list; the récapitulatif and ""
// for any other pointer.
func Pointee(pointer string) (CodeEtape, string) {
	etape, cle, _ := strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	if etape == string(EtapeRecapitulatif) || CodeEtape(etape).Libelle() == libelleRecapitulatif {
		return EtapeRecapitulatif, ""
	}
	return CodeEtape(etape), cle
}
