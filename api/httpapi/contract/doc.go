// Package contract holds the test support that ties handlers to their OpenAPI document. It is never
// imported by product code.
//
// Three checks: Checker is a middleware that validates every request and every answer of the handler
// tests; Routes compares the mounted routes with the documented ones, both ways; Walk sends bad input to
// every documented operation and looks at how it is refused.
//
//	doc := contract.Load(t, apilosJSON)
//	e := contract.Echo(t)                  // an Echo as in production, without host list or metrics
//	e.Use(doc.Checker(t))                  // before the requests of the test
//	require.NoError(t, httpapi.Mount(e, "/api/v1", chain, resources...))
package contract
