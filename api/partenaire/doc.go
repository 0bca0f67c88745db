// Package partenaire tells the partner directory what happens to the clients of the deposit (07 §6.1):
// creation, change of name or perimeters, deactivation, reactivation.
//
// What it does not do: it decides neither when nor how often; rows of message_sortant do (package
// notification). Every call may be repeated: a client already there, or already gone, is done.
package partenaire
