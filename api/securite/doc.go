// Package securite writes the security log (05 D): one line per event, always with the same keys.
//
// Invariants:
//   - every event of the platform is named here, and its keys are event, user, habilitation, ip, request_id and
//     outcome, besides those that the logger gives to every line (ts, level, msg);
//   - user is a number of account, 0 for nobody; behind an impersonation user is the target and detourne_par the
//     member of staff;
//   - no secret, no token, no ticket, no e-mail, no complete address: callers pass the address truncated.
//
// What it does not do: it decides nothing and keeps nothing. What must be found again in ten years goes in
// journal_audit.
package securite
