// Package ban speaks to the Base Adresse Nationale for the deposit (07 §4.4, §4.6, §8): number of known
// addresses of a commune, identifier of its district, identifiers of its addresses and street names,
// request to compose again after a publication.
//
// Invariants: a service that is absent, slow or wrong never refuses anything to a depositor: the number is
// then 0 and the district unknown. Only what an administrator asks for (Identifiants) reports its failure.
// Codes reach an address only when they have the shape of an INSEE code.
//
// What it does not do: it validates no file and keeps nothing on disk.
package ban
