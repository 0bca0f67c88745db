// Package antivirus says whether a file is clean, by asking clamd over its INSTREAM protocol.
//
// Invariants:
//   - SAIN is answered only when clamd says "OK" after it received the whole content; a size limit, a
//     cut connection, a time-out or an answer not understood is an error with ECHEC, never SAIN;
//   - without a scanner (CLAMD_ADDR empty, refused in production) the verdict is NON_ANALYSE;
//   - the content is streamed, never held in memory.
//
// What it does not do: it neither reads files from the store, nor writes fichier.antivirus, nor
// deletes anything (02 DO-06): a job does, which tries ErrUnavailable again later.
//
// clamd must be set with StreamMaxLength, MaxFileSize and MaxScanSize above the greatest file accepted
// (500 MB, 00 decision 25) and with "AlertExceedsMax yes". Without the latter clamd answers "OK" for
// what exceeds MaxFileSize or MaxScanSize although it has not looked at it; with it, Clamd sees an
// ErrSizeLimit.
package antivirus
