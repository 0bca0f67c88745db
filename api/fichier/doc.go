// Package fichier describes the files of the platform: what is known of their bytes (fichier) and
// where each one is attached (fichier_rattache). The bytes are in package storage.
package fichier
