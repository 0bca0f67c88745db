// Package reassignation moves many operations to another instructing service at once (02 PE-43), for the staff: by
// département, by a list of communes, or by operation numbers on the command line.
//
// A simulation finds the operations and keeps them line by line: what is confirmed is what was shown. The execution is a
// background job, a few families per transaction; it may be stopped at any moment and goes on where it was. A finished run
// is given back in the same way, but for what has moved since.
//
// Where things live: reassignation.go what is kept and its states; service.go the use cases; execution.go the job;
// fichier.go and classeur.go the list of communes as a file; commune.go which commune a line names.
//
// Invariants: a family is never shared between two services by a run, its new avenants included; a family that changed
// service since the simulation is left where it is; one run at a time, whatever the number of processes; each family moved
// has its line of journal and its place in the lists in the same transaction; every line of a file ends as a commune or
// as a refusal with its number and its value.
//
// What it does not do: it tells nobody by e-mail, one message per convention would bury its readers; it knows no SQL nor
// HTTP.
package reassignation
