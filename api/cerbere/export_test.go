package cerbere

// The parsers, for the tests that feed them directly.
var (
	ParseSAML11 = parseSAML11
	ParseCAS3   = parseCAS3
)
