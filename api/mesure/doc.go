// Package mesure invents conventions for measurements: a whole country of operations, bailleurs, services,
// conventions and avenants that lived a plausible life, in any number.
//
// It is a pure generator: the same options and the same Referentiel give the same rows, identifiers
// included; nothing is read from a clock, a file or a database. Package store loads what it gives.
//
// Invariants:
//   - rows come in Tranches of a fixed number of conventions; a Tranche refers to nothing but itself and the
//     Acteurs, so that Tranches may be loaded in any order, at the same time, and again after a failure;
//   - every row respects the constraints of the schema and the rules of 02: a convention reached its statut
//     through the transitions of 02 §1.4, at dates in order, and its history tells them; one avenant in
//     progress per family (AV-02), ranks and numbers of AV-10 and AV-11, effective bailleur of PE-21;
//   - dossiers older than the import of Ecoloweb in their département are marked as such: no history before
//     it, and a number of the former format;
//   - dwellings, loans and parcels are those of the dossiers people still work on.
//
// Out of its reach, because only the product may write them: files, journal of audit, frozen copies
// (convention_instantane) and messages.
package mesure
