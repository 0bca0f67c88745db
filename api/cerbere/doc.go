// Package cerbere is the client of CERBERE, the single sign-on of the ministry, which is a CAS server.
//
// What it offers: the address that starts a sign-in, the validation of a ticket from server to server in
// the two dialects of 05 C.1 (SAML 1.1, which CERBERE speaks, and CAS 3), the address that ends the
// session of the CAS server, and the reading of its single-logout messages.
//
// Invariants: XML is read by namespace, never by prefix; a document with a DOCTYPE, with an entity that
// XML does not define, longer than its limit or saying two things at once is refused; a ticket, a
// service address with its state or an answer of the server never appears in an error or a log line.
//
// What it does not do: it opens no session, knows no user, and does not remember tickets. Their single
// use is checked by package compte.
package cerbere
