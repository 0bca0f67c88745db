// Package telechargement gives files to browsers by addresses that serve once.
//
// A file opened by a browser cannot carry the access token, so the application asks for an address (Ouvrir)
// and follows it (Servir). The address holds a random token of which only the digest is kept; it lives 60
// seconds, serves once, and only as long as the session that asked for it (05 C.3).
//
// Invariants: the perimeter of a document is that of convention.Service.Lire, nothing else; a file is given only after
// the antivirus allows it (01 §9.3); the type sent to the browser is one of ours, never what a person
// claimed; each download is a row of the journal (CC-33), written with the use of the token, before the
// first byte.
//
// Using a token writes, although it is a GET: it is the one exception to CC-13, and it writes outside of
// any transaction of the request. What it does not do: it writes no header and knows no HTTP.
package telechargement
