// Package territoire knows the codes of the French territory: which région a département belongs to,
// what a postcode or an INSEE code says of a département, and which territories are overseas.
//
// The département "20" does not exist: Corsica is 2A and 2B (01 §4.4). Codes are strings of the length
// INSEE gives them; nothing here reads the database, whose tables hold the same codes for foreign keys
// and names.
package territoire
