package convention

import (
	"slices"

	"apilos/api/comment"
	"apilos/api/date"
	"apilos/api/operation"
)

// CodeEtape names a step of the form.
type CodeEtape string

// Steps, in the order of the longest form.
const (
	EtapeBailleur        CodeEtape = "bailleur"
	EtapeOperation       CodeEtape = "operation"
	EtapeCadastre        CodeEtape = "cadastre"
	EtapeEDD             CodeEtape = "edd"
	EtapeFinancement     CodeEtape = "financement"
	EtapeLogements       CodeEtape = "logements"
	EtapeAnnexes         CodeEtape = "annexes"
	EtapeStationnements  CodeEtape = "stationnements"
	EtapeCollectif       CodeEtape = "collectif"
	EtapeAttribution     CodeEtape = "attribution"
	EtapeVariantes       CodeEtape = "variantes"
	EtapeChampLibre      CodeEtape = "champ_libre"
	EtapeCommentaires    CodeEtape = "commentaires"
	EtapeDenonciation    CodeEtape = "denonciation" // alone, of the avenant that ends the convention
	EtapeResiliation     CodeEtape = "resiliation"  // likewise
	EtapeRecapitulatif   CodeEtape = "recapitulatif"
	libelleRecapitulatif           = "Récapitulatif"
)

// Libelle returns the title of the step.
func (c CodeEtape) Libelle() string {
	switch c {
	case EtapeBailleur:
		return "Bailleur"
	case EtapeOperation:
		return "Opération"
	case EtapeCadastre:
		return "Cadastre"
	case EtapeEDD:
		return "États descriptifs de division"
	case EtapeFinancement:
		return "Financement"
	case EtapeLogements:
		return "Logements"
	case EtapeAnnexes:
		return "Annexes"
	case EtapeStationnements:
		return "Stationnements"
	case EtapeCollectif:
		return "Collectif"
	case EtapeAttribution:
		return "Attribution"
	case EtapeVariantes:
		return "Variantes"
	case EtapeChampLibre:
		return "Informations complémentaires"
	case EtapeCommentaires:
		return "Commentaires"
	case EtapeDenonciation:
		return "Dénonciation"
	case EtapeResiliation:
		return "Résiliation"
	}
	return libelleRecapitulatif
}

// EtapeConvention is one step of the form of a convention (02 §8.3, 03 §2.1).
type EtapeConvention struct {
	Code        CodeEtape
	Facultative bool
	// Disponible is false for a step whose page the product does not have yet.
	Disponible bool
}

// Etapes lists the steps of the form, in order, computed from the nature and the bailleur (NA-00, NA-01).
func (d *Dossier) Etapes() []EtapeConvention {
	if e := d.etapeFin(); e != "" { // the end of a convention has its own form, and only it
		return []EtapeConvention{{Code: e, Disponible: true}}
	}
	codes := []CodeEtape{EtapeBailleur, EtapeOperation, EtapeCadastre, EtapeEDD, EtapeFinancement}
	if d.FoyerOuResidence() {
		codes = append(codes, EtapeLogements, EtapeCollectif, EtapeAttribution, EtapeVariantes, EtapeCommentaires)
	} else {
		codes = append(codes, EtapeLogements, EtapeAnnexes, EtapeStationnements, EtapeCommentaires)
	}
	if d.EstAvenant() {
		return d.etapesAvenant(codes)
	}
	out, existantes := make([]EtapeConvention, 0, len(codes)), sections()
	for _, c := range codes {
		_, disponible := existantes[c]
		out = append(out, EtapeConvention{
			Code:        c,
			Facultative: c == EtapeEDD && d.eddFacultatif(),
			Disponible:  disponible,
		})
	}
	return out
}

// eddFacultatif: ordinary housing of an HLM or SEM bailleur, and résidences (03 §2.1).
func (d *Dossier) eddFacultatif() bool {
	n := d.Operation.NatureLogement
	return n.Residence() || (n == operation.LogementsOrdinaires && !d.Bailleur.NatureBailleur.TypeUnDeux())
}

// Section is an editable step: its fields and what it checks beyond each field. A new step is a new
// Section in its own file (etape_<code>.go), registered in sections.
type Section struct {
	Code   CodeEtape
	Aide   string
	Champs []Champ
	// Verifier checks the whole after each field is valid, on the day of the save; it may add warnings and confirmable
	// errors. Its pointers name a field, "/prets", or a cell, "/prets/1/montant".
	Verifier func(d *Dossier, jour date.Date) []Anomalie
	// Deduire computes columns that follow from the fields just changed.
	Deduire func(d *Dossier, changees []string) []Ecriture
}

// sections is the registry of editable steps.
func sections() map[CodeEtape]Section {
	return map[CodeEtape]Section{
		EtapeDenonciation: sectionDenonciation(), EtapeResiliation: sectionResiliation(),
		EtapeBailleur:     sectionBailleur(),
		EtapeOperation:    sectionOperation(),
		EtapeFinancement:  sectionFinancement(),
		EtapeChampLibre:   sectionChampLibre(),
		EtapeCommentaires: sectionCommentaires(),
	}
}

// SectionDe returns the section of a step; ok is false when the step has no page yet or does not apply
// to the nature of the operation.
func (d *Dossier) SectionDe(code CodeEtape) (Section, bool) {
	if !slices.ContainsFunc(d.Etapes(), func(e EtapeConvention) bool { return e.Code == code }) {
		return Section{}, false
	}
	s, ok := sections()[code]
	return s, ok
}

// Voisines returns the available steps before and after code; "" when there is none.
func (d *Dossier) Voisines(code CodeEtape) (precedente, suivante CodeEtape) {
	trouve := false
	for _, e := range d.Etapes() {
		switch {
		case e.Code == code:
			trouve = true
		case !e.Disponible:
		case !trouve:
			precedente = e.Code
		case suivante == "":
			suivante = e.Code
		}
	}
	return precedente, suivante
}

// EtapeDe returns the step that shows a comment.
func EtapeDe(c comment.Commentaire) CodeEtape {
	if cible, ok := comment.TrouverCible(c.NomObjet, c.ChampObjet); ok {
		return CodeEtape(cible.Etape)
	}
	return EtapeRecapitulatif
}
