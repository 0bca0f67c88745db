// Package event is the memory of what happened: one row of history per transition, one row of the
// append-only journal per write, and the facts typed by instructeurs (02 §7.4, §7.5). It builds rows;
// the store inserts them in the transaction of the change they describe and nothing ever updates them.
package event
