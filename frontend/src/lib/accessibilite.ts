/**
 * State of conformity to the RGAA, in one place: the footer of every page and the statement read it. It stays
 * « non conforme » until an external audit says otherwise.
 */
export const ETAT_ACCESSIBILITE = "non compliant" as const;
