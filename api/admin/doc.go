// Package admin holds the rows of the back office (switches, banners, reports, background tasks) and what its
// dashboard shows: how many things wait for somebody, and whether the parts of the platform answer (06 P80).
//
// Invariant: a dashboard is read by the staff only, costs a fixed number of statements, and never fails because one
// part of the platform does: that part says so.
//
// What it does not do: it changes nothing. Lists and their commands belong to the packages that own the rows.
package admin
