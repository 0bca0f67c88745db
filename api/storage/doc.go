// Package storage keeps the bytes of files: signed documents, attachments, workbooks, address files.
//
// Two implementations of Store behave alike and pass the same conformance suite: Local (a directory,
// the default) and S3 (any S3-compatible server, through minio-go).
//
// Invariants:
//   - a key is written once: a second Put of the same key fails with ErrExists, whoever wins the race
//     (02 DO-07: no file is ever overwritten);
//   - an object is visible only when it is complete: a reader that fails, a cancelled context, a file
//     over its limit or a killed process leave nothing that Get, Stat or List can see;
//   - keys are made by us (NewKey) from a fixed alphabet, never from what a user typed (02 DO-05);
//   - sizes and digests are computed while writing; nothing is held in memory beyond one part.
//
// What it does not do: it knows neither rights nor names nor types of files. The name shown to people,
// the media type, the digest and the antivirus state live in table fichier; the caller decides who may
// read, and deletes an object only when no row refers to it.
package storage
