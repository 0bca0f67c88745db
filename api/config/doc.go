// Package config reads the settings of the platform: one struct, read once from the environment when the
// program starts, completed, validated as a whole and then passed by value.
//
// Invariants:
//
//   - Every setting has a default that works on a developer's machine, so an empty environment is a valid one.
//   - In production and staging nothing is taken from the development defaults: Load lists, one French line
//     each, every setting that is missing, weak, contradictory or left at a development value, all at once.
//   - A secret is of type Secret, SecretURL or KeyRing: printing it, logging it or encoding it as JSON shows a mask.
//   - A secret may be given in a file: NAME_FILE holds the path, NAME is then absent.
//   - The older names of a setting (aliases) are used only when the main name is absent.
//
// The struct tags are the documentation: env is the name, envDefault the default, doc the French sentence shown
// in README.md (a test compares them), reserve marks a setting that is read and checked but whose module comes later.
//
// The package reads nothing but the environment it is given and the files that the …_FILE variables name. It opens no
// connection, starts no server and does not know how the settings are used: api/app does.
package config
