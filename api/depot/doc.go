// Package depot is the deposit of Bases Adresses Locales (07 sections 1 to 9): who may deposit (client,
// mandataire, chef de file and its perimetres), how a commune authorises a client (habilitation), what a
// published file must respect besides its format (Genre, the nature "bal" of the revision engine), what is
// told to others after a publication, and the statistics of the deposit.
//
// Where things live:
//   - service.go: the Service and its settings; acteur.go: who calls; erreur.go: every French message of
//     the contract, in one place;
//   - client.go, mandataire.go, chef.go: the directory of depositors; jeton.go: their tokens;
//   - habilitation.go, pin.go, proconnect.go: the proof that a commune agrees;
//   - genre.go, regle.go: the nature "bal"; avis.go: the outgoing messages of a publication;
//   - lecture.go, rapport.go, synchronisation.go, statistique.go: reads, reports, identifiers of the BAN,
//     statistics;
//   - port.go: what the package asks of others (store, annuaire, BAN, ProConnect, messages).
//
// Invariants: a token and a PIN are kept as digests only; a token leaves the platform once, in the answer
// that creates it and, sealed, in the message that carries it; an attempt at a PIN is counted by one atomic
// statement; a state of ProConnect serves once; every write by an administrator leaves a row in the journal.
//
// What it does not do: it knows neither HTTP nor SQL, sends nothing itself and does not run the four
// steps, which belong to package revision.
package depot
