/**
 * Names under which the features know the objects of the API. Types only: no shape is written here, each is an alias
 * of a schema of the generated document.
 */
import type { components, operations } from "./schema";

type Schemas = components["schemas"];

export type AFaire = Schemas["Accueil"];
export type TuileAFaire = Schemas["Tuile"];
export type LigneAFaire = Schemas["LigneAFaire"];
export type BrouillonAFaire = Schemas["BrouillonEnCours"];
export type CompteAdmin = Schemas["CompteAdmin"];
export type Configuration = Schemas["Configuration"];
export type ConventionLigne = Schemas["ConventionLigne"];
export type Consultation = Schemas["Consultation"];
export type Detournement = Schemas["Detournement"];
export type EntreeMenu = Schemas["EntreeMenu"];
export type FiltresConventions = NonNullable<operations["get-conventions"]["parameters"]["query"]>;
export type Habilitation = Schemas["HabilitationDisponible"];
export type ListeConventions = Schemas["PageConventionLigne"];
export type MessageOperation = Schemas["OperationMessage"];
export type Operation = Schemas["OperationFiche"];
export type OperationsProposees = Schemas["OperationsProposees"];
export type OperationTrouvee = Schemas["OperationTrouvee"];
export type Preferences = Schemas["PreferencesModifiees"];
export type OrigineSecondeVie = Schemas["SecondeVieOrigine"];
export type PageOrigines = Schemas["PageOrigines"];
export type RegroupementEcart = Schemas["RegroupementEcart"];
export type RegroupementFait = Schemas["RegroupementFait"];
export type DegroupementFait = Schemas["DegroupementFait"];
export type SecondeVie = Schemas["SecondeVie"];
export type SecondeVieFaite = Schemas["SecondeVieFaite"];
export type Session = Schemas["Session"];
export type SessionOuverte = Schemas["SessionOuverte"];
export type Synchronisation = Schemas["OperationSynchronisation"];
export type Typologie = NonNullable<Session["typologie"]>;
