// Package compte knows people and their sessions: who signs in, which habilitations SIAP gives them,
// and what each request may therefore do.
//
// Invariants:
//   - a person is found by one pivot, the identifier of CERBERE (05 C.1); nothing else of an answer of
//     CERBERE can change an account but its login, name and e-mail;
//   - rights come from one habilitation, the one the access token names, as the session holds it; they are
//     worked out again for each request and kept in an immutable auth.Principal (02 §2.2, PE-12);
//   - a habilitation that is not validated, is expired, is of an unknown profile or has no perimeter
//     gives nothing (PE-10, PE-11, PE-16);
//   - tickets, refresh tokens and access tokens are never stored nor logged: only their digests are;
//   - when SIAP does not answer, what it said less than 24 h ago is used, for reading only if it was
//     said in an earlier session (05 C.4).
//
// Two kinds of accounts besides (05 C.5, C.6):
//   - where CERBERE is not the way in, accounts of the platform sign in with a password. Their right is the row of role
//     that no habilitation gave, read again with the session and used under the number 0. An attempt is counted before
//     the password is looked at, and costs the same whether or not the account exists;
//   - the staff acts as somebody in a session of its own, child of theirs: sixty minutes, ended with theirs, with their
//     right to it or with the account. What belongs to the person alone is refused in it whatever the mode.
//
// What it does not do: it speaks neither HTTP nor SQL, decides nothing about one convention (the perimeter
// predicate is in store, the rules of editability in convention), and sends nobody to CERBERE.
package compte
