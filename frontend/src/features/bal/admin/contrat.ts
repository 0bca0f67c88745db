/** Objects of the administration of the deposit: aliases of the generated types. */
import type { components } from "../../../api/schema";

type Schemas = components["schemas"];

export type Client = Schemas["ClientDepot"];
export type SaisieClient = Schemas["SaisieClientDepot"];
export type Mandataire = Schemas["MandataireDepot"];
export type SaisieMandataire = Required<Schemas["SaisieMandataireDepot"]>;
export type ChefDeFile = Schemas["ChefDepot"];
export type SaisieChef = Schemas["SaisieChefDepot"];
export type Perimetre = Schemas["PerimetreDepot"];
export type TypePerimetre = Perimetre["type"];
export type Habilitation = Schemas["HabilitationDepot"];
export type StatutHabilitation = Habilitation["statut"];
