// Package sceau seals small secrets that must be kept or handed to a browser: secrets of webhooks, codes
// and tokens waiting in a message, state of a sign-in under way.
//
// AES-256-GCM with a random nonce. The key of a use is derived (HKDF-SHA256) from the secret of the
// platform and the name of the use, so that what is sealed for one use opens for no other; the context
// given at sealing (identity of the row) must be given again to open.
//
// What it does not do: it rotates nothing. Changing SECRET_KEY makes what was sealed unreadable.
package sceau
