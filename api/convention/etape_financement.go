package convention

import (
	"fmt"
	"strings"
	"time"

	"apilos/api/date"
	"apilos/api/operation"

	"github.com/shopspring/decimal"
)

// maxPrets is far above what a convention declares; it bounds the work of one save.
const maxPrets = 500

// sectionFinancement is the step "Financement" (03 §3.5): the end of the convention, what finances it besides loans, and
// the table of loans and subsidies. On an avenant it belongs to the type "duree".
func sectionFinancement() Section {
	return Section{
		Code: EtapeFinancement,
		Aide: "Déclarez au moins un prêt de la Caisse des dépôts pour chaque financement qui l’exige.",
		Champs: []Champ{
			champAnneeFin(),
			deConvention(Champ{
				Cle: "fond_propre", Libelle: "Fonds propres (€)", Type: Decimal, Cible: "convention__fond_propre",
				Visible: func(d *Dossier) bool { return !d.FoyerOuResidence() },
			}, "fond_propre", func(c *Convention) *decimal.NullDecimal { return &c.FondPropre }),
			deConvention(Champ{
				Cle: "historique_financement_public", Libelle: "Historique de financement public", Type: TexteLong, Max: 5000,
				Cible: "convention__historique_financement_public", Visible: (*Dossier).FoyerOuResidence,
			}, "historique_financement_public", func(c *Convention) *string { return &c.HistoriqueFinancementPublic }),
			champPrets(),
		},
		Verifier: func(d *Dossier, jour date.Date) []Anomalie {
			return append(d.verifierEcheance(jour), d.verifierPrets()...)
		},
	}
}

// champAnneeFin reads and writes the end of the convention as a year: 30 June, or 31 December for a foyer or a résidence.
func champAnneeFin() Champ {
	return Champ{
		Cle: "annee_fin_conventionnement", Libelle: "Année de fin de la convention", Type: Annee, Requis: true, Cible: "convention__annee_fin_conventionnement",
		Message: "L’année de fin de la convention est obligatoire.", Exemple: "2066",
		Aide: "La convention prend fin le 30 juin de cette année, le 31 décembre pour un foyer ou une résidence.",
		Lire: func(d *Dossier) any {
			if d.Convention.DateFinConventionnement == nil {
				return (*int)(nil)
			}
			annee := d.Convention.DateFinConventionnement.Year()
			return &annee
		},
		Ecrire: func(d *Dossier, v any) Ecriture {
			fin := d.finDeLAnnee(*v.(*int))
			d.Convention.DateFinConventionnement = &fin
			return Ecriture{TableConvention, "date_fin_conventionnement", fin}
		},
	}
}

func (d *Dossier) finDeLAnnee(annee int) date.Date {
	if d.FoyerOuResidence() {
		return date.New(annee, time.December, 31)
	}
	return date.New(annee, time.June, 30)
}

// champPrets is the table of loans and subsidies. A row belongs to the lot whose financement it names.
func champPrets() Champ {
	siCDC := &Condition{"preteur", []string{preteurCDCFoncier, preteurCDCLogement}}
	siAutre := &Condition{"preteur", []string{preteurAutre}}
	return Champ{
		Cle: "prets", Libelle: "Prêts et subventions", Type: Lignes, Cible: "pret__all",
		Table: &TableSaisie{
			Ligne: "Prêt ou subvention", Max: maxPrets, Groupe: "financement",
			Colonnes: []Champ{
				{
					Cle: "financement", Libelle: "Financement", Type: Liste, Requis: true, ChoixDe: choixFinancements,
					MessageChoix: "Aucun lot de la convention n’est financé en %s.",
				},
				{Cle: "preteur", Libelle: "Organisme financeur", Type: Liste, Requis: true, Choix: preteurs()},
				{
					Cle: "autre", Libelle: "Préciser l’organisme financeur", Type: Texte, Max: 255, RequisSi: siAutre, AfficheSi: siAutre,
					Message: "Précisez l’organisme financeur.",
				},
				{
					Cle: "numero", Libelle: "Numéro", Type: Texte, Max: 255, RequisSi: siCDC,
					Message: "Le numéro est obligatoire pour un prêt de la Caisse des dépôts.",
				},
				{
					Cle: "date_octroi", Libelle: "Date d’octroi", Type: Date, RequisSi: siCDC,
					Message: "La date d’octroi est obligatoire pour un prêt de la Caisse des dépôts.",
				},
				{
					Cle: "duree", Libelle: "Durée (années)", Type: Entier, Minimum: 1, RequisSi: siCDC,
					Message: "La durée est obligatoire pour un prêt de la Caisse des dépôts.",
				},
				{Cle: "montant", Libelle: "Montant (€)", Type: Decimal, Requis: true, Total: true, Message: "Le montant du prêt est obligatoire."},
			},
		},
		Lire:   func(d *Dossier) any { return d.lignesPrets() },
		Ecrire: ecrirePrets,
	}
}

func choixFinancements(d *Dossier) []Choix {
	var out []Choix
	for _, l := range d.Lots {
		out = append(out, Choix{string(l.Financement), l.Financement.Libelle()})
	}
	return out
}

func (d *Dossier) lignesPrets() []LigneSaisie {
	out := make([]LigneSaisie, 0, len(d.Prets))
	for _, p := range d.Prets {
		out = append(out, LigneSaisie{UUID: p.UUID, Ordre: p.Ordre, Valeurs: map[string]any{
			"financement": string(d.financementDuLot(p.LotID)), "preteur": p.Preteur, "autre": p.Autre, "numero": p.Numero,
			"date_octroi": jourDe(p.DateOctroi), "duree": p.Duree, "montant": decimal.NewNullDecimal(p.Montant),
		}})
	}
	return out
}

func ecrirePrets(d *Dossier, v any) Ecriture {
	lignes := v.([]LigneSaisie)
	diff := differencier(d.lignesPrets(), lignes, func(l LigneSaisie, place int) map[string]any {
		return d.pret(l, place).colonnes()
	})
	d.Prets = d.Prets[:0:0]
	for i, l := range lignes {
		d.Prets = append(d.Prets, d.pret(l, i))
	}
	return Ecriture{TablePrets, "", diff}
}

// pret makes the loan of a row: its financement names its lot.
func (d *Dossier) pret(l LigneSaisie, place int) Pret {
	v := l.Valeurs
	p := Pret{
		UUID: l.UUID, Ordre: place, Preteur: v["preteur"].(string), Autre: v["autre"].(string), Numero: v["numero"].(string),
		DateOctroi: v["date_octroi"].(*date.Date), Duree: v["duree"].(*int), Montant: v["montant"].(decimal.NullDecimal).Decimal,
	}
	for _, lot := range d.Lots {
		if lot.Financement == Financement(v["financement"].(string)) {
			p.LotID = lot.ID
		}
	}
	return p
}

func (p Pret) colonnes() map[string]any {
	return map[string]any{
		"uuid": p.UUID, "lot_id": p.LotID, "ordre": p.Ordre, "preteur": p.Preteur, "autre": p.Autre, "numero": p.Numero,
		"date_octroi": p.DateOctroi, "duree": p.Duree, "montant": p.Montant,
	}
}

// verifierPrets are the rules of the whole table.
func (d *Dossier) verifierPrets() []Anomalie {
	var out []Anomalie
	for _, l := range d.Lots {
		if d.exigeCDC(l) && !d.aPretCDC(l.ID) {
			out = append(out, Anomalie{
				Pointer: "/prets", Code: "prets.cdc_manquant", Niveau: NiveauErreur,
				Detail: fmt.Sprintf("Déclarez au moins un prêt de la Caisse des dépôts (foncier ou logement) pour le financement %s.", l.Financement.Libelle()),
			})
		}
	}
	type cle struct {
		lot    int64
		numero string
	}
	vus := map[cle]bool{}
	for i, p := range d.Prets {
		k := cle{p.LotID, strings.ToLower(strings.TrimSpace(p.Numero))}
		if k.numero != "" && vus[k] {
			out = append(out, Anomalie{
				Pointer: fmt.Sprintf("/prets/%d/numero", i), Code: "prets.numero_double", Niveau: NiveauErreur,
				Detail: fmt.Sprintf("Ligne %d, Numéro : le numéro de prêt %s est utilisé plusieurs fois pour le financement %s.",
					i+1, tronquer(p.Numero, 60), d.financementDuLot(p.LotID).Libelle()),
			})
		}
		vus[k] = true
	}
	return out
}

// exigeCDC: every lot but those of PLS type, without works or without financement.
func (d *Dossier) exigeCDC(l Lot) bool {
	return d.Operation.TypeOperation != operation.SansTravaux && !l.Financement.TypePLS() && l.Financement != SansFinancement
}

func (d *Dossier) aPretCDC(lotID int64) bool {
	for _, p := range d.Prets {
		if p.LotID == lotID && p.CDC() {
			return true
		}
	}
	return false
}
