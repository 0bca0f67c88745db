// Package export writes lists of conventions as spreadsheets (06 §1.12) and follows the long ones.
//
// A short export (MaxImmediat rows) is the answer of the request. A longer one is a row of tache and a background job
// that writes a file, kept seven days; its owner, a person or an API client, follows it and gets a one-time address.
//
// Invariants: rows are those of the list with the same filters, in the perimeter that the caller had when asking; an
// export is a row of the journal with its number of rows (CC-33); a cell never becomes a formula; memory does not
// grow with the number of rows; a task is seen by its owner only.
//
// What it does not do: it reads no spreadsheet and knows no HTTP.
package export
