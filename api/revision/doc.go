// Package revision versions every file that enters the platform (07, 00 decision 20): one engine for the
// address files of the deposit API and for the files of conventions.
//
// A revision is one submitted version of the files of one scope (a commune, a convention, a slot of it).
// It is created, receives its files, is computed (validated) and published; a published revision never
// changes. What varies by nature (scope, rights, accepted files, validator, effect of publication) is a
// Genre, registered in the Service; everything else is here, once.
//
// Invariants:
//   - at most one current revision per nature and scope, guaranteed by a unique index, never by memory;
//   - each step is one transaction, with its row of journal; publication holds a lock of the database on
//     (nature, scope), taken without waiting;
//   - a publication invalidates the other pending revisions of the scope: they must be computed again,
//     and a revision computed against another current revision than today's cannot be published;
//   - bytes are streamed to the store of objects while they are counted and hashed; a row of file exists
//     only after its object, and an object without row is removed at once, or by the nightly sweep;
//   - a refused request leaves nothing behind.
//
// What it does not do: it knows no HTTP, no SQL, no S3, and nothing of what a nature means.
package revision
