// Package bal reads, validates, corrects and compares address files in the Base Adresse Locale format, versions 1.1 to
// 1.5, at the level of the published rule set 3.5.2 (07 §10).
//
// A file is validated while it is read: Valider recognises the encoding in a first reading, then cuts the decoded text
// into blocks on the boundaries of records (decoupeur), gives the blocks to a few goroutines (parcourirBlocs), and adds
// up what they return in the order of the file (bilan). Nothing of the file is kept. The rules on the whole file
// (ensembleFichier) keep 8 byte fingerprints of the identifiers; when one of them designates rows, or when rows or
// corrections are asked for, the file is read once more with what the first reading taught.
//
// Where things are:
//
//	encodage*    binary files, UTF-8, windows-1252           07 §10.2
//	dialecte     line break and separator                    07 §10.3
//	lexeur, flux records, fields, blocks                     07 §10.3
//	entete       columns, regional columns, profile chosen   07 §10.4, §10.9
//	cellule*     rules of fields                             07 §10.6
//	ligne        rules of rows                               07 §10.7
//	ensemble*    rules on the whole file                     07 §10.8
//	code*        codes, levels, labels, profiles             07 §10.9, §10.10, §10.13
//	bilan, rapport*                                          07 §10.11
//	remediation*, corriger                                   07 §10.12
//	projection, normalisation, comparaison
//
// Invariants: a report depends only on the bytes of the file and on Options, never on the number of goroutines, the time
// zone or the machine; memory does not depend on the number of rows nor on that of errors, except for the fingerprints
// of distinct identifiers; no content makes the package panic or return an error: a bad file is a report.
//
// The package opens no file and no connection by itself: the bytes come from a Source, the identifiers of communes from
// a Districts, the date from Options.Horloge. The rules of the deposit on top of a report (07 §4.4) belong to package
// depot.
package bal
