/** Where the deposit API is mounted and what it accepts; filled by the pages from the public configuration. */
import { createContext, useContext } from "react";

export type ReglagesDepot = { base: string; tailleMax: number };

export const REGLAGES_PAR_DEFAUT: ReglagesDepot = { base: "/api-depot", tailleMax: 50_000_000 };

const Contexte = createContext<ReglagesDepot>(REGLAGES_PAR_DEFAUT);

export const ReglagesDuDepot = Contexte.Provider;
export const useReglages = (): ReglagesDepot => useContext(Contexte);
