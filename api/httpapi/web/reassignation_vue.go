package web

import (
	"apilos/api/convention"
	"apilos/api/reassignation"

	"github.com/google/uuid"
)

func vueResume(f reassignation.Fiche) ReassignationResume {
	departements := f.Criteres.Departements
	if departements == nil {
		departements = []string{}
	}
	a := f.Avancee
	return ReassignationResume{
		UUID: f.UUID, Etat: string(f.Etat), Interrompue: f.Interrompue(),
		Cible:        LigneAdministration{UUID: f.Cible.UUID, Nom: f.Cible.Nom, Code: f.Cible.Code},
		Departements: departements, Fichier: f.Criteres.Fichier, Communes: f.NbCommunes, Auteur: f.AuteurNom, Motif: f.Motif,
		CreeLe: f.CreeLe.UTC(), ConfirmeeLe: enUTC(f.ConfirmeeLe), TermineeLe: enUTC(f.TermineeLe), AnnuleeLe: enUTC(f.AnnuleeLe),
		AnnuleePar: f.AnnuleeParNom, MotifAnnulation: f.MotifAnnulation, TacheUUID: f.TacheUUID,
		Total: a.Total(), Prevues: a.Prevues, Deplacees: a.Deplacees, Ignorees: a.Ignorees, Rendues: a.Rendues, Laissees: a.Laissees,
	}
}

func vueReassignation(d *reassignation.Detail) Reassignation {
	out := Reassignation{
		ReassignationResume: vueResume(d.Fiche), Familles: d.Comptes.Familles, Conventions: d.Comptes.Conventions, SansCommune: d.SansCommune,
		Annulables: d.Annulables, Retenues: d.Retenues,
		Origines: make([]OrigineReassignation, 0, len(d.Origines)), Exemples: make([]ExempleReassignation, 0, len(d.Exemples)),
		Rejets: make([]LigneRefusee, 0, len(d.Rejets)), Restees: make([]OperationRestee, 0, len(d.Restees)),
	}
	for _, o := range d.Origines {
		v := OrigineReassignation{Operations: o.Operations, Conventions: o.Conventions}
		if o.AdministrationUUID != nil {
			v.Administration = &LigneAdministration{UUID: *o.AdministrationUUID, Nom: o.Nom, Code: o.Code}
		}
		out.Origines = append(out.Origines, v)
	}
	for _, x := range d.Exemples {
		out.Exemples = append(out.Exemples, ExempleReassignation{
			UUID: x.UUID, Numero: x.Numero, Statut: x.Statut, StatutLibelle: convention.Statut(x.Statut).Neutre(), NumeroOperation: x.NumeroOperation, OperationNom: x.OperationNom,
			Ville: x.Ville, CodePostal: x.CodePostal, Bailleur: x.BailleurNom, Administration: x.AdministrationNom,
		})
	}
	for _, x := range d.Rejets {
		out.Rejets = append(out.Rejets, LigneRefusee(x))
	}
	for _, x := range d.Restees {
		v := OperationRestee{
			NumeroOperation: x.NumeroOperation, OperationNom: x.OperationNom, Ville: x.Ville, Administration: x.AdministrationNom, Annulation: x.Annulation,
		}
		if x.UUID != uuid.Nil {
			id := x.UUID
			v.ConventionUUID = &id
		}
		out.Restees = append(out.Restees, v)
	}
	return out
}
