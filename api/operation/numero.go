package operation

import "strings"

// NormaliserNumero gives an operation number the form it is searched and locked under: without slash,
// dash, blank nor dot, in upper case (01 §4.2). It is the generated column
// numero_operation_pour_recherche.
func NormaliserNumero(numero string) string {
	return strings.ToUpper(strings.NewReplacer("/", "", "-", "", " ", "", ".", "").Replace(numero))
}
