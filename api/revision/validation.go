package revision

import "encoding/json"

// Validation is the result of compute (07 §4.4). Its JSON keys are those of the deposit contract, for
// every nature. errors is never absent; warnings, infos, format and rowsCount are absent after a failure
// to read the file, which parseErrors then explains.
type Validation struct {
	Valid            bool            `json:"valid"`
	ValidatorVersion string          `json:"validatorVersion"`
	Errors           []string        `json:"errors"`
	Warnings         []string        `json:"warnings,omitempty"`
	Infos            []string        `json:"infos,omitempty"`
	Format           string          `json:"format,omitempty"`
	RowsCount        *int            `json:"rowsCount,omitempty"`
	ParseErrors      []ParseError    `json:"parseErrors,omitempty"`
	ParseErrorsCount *int            `json:"parseErrorsCount,omitempty"`
	Details          json.RawMessage `json:"details,omitempty"`
}

// ParseError tells why a file could not be read.
type ParseError struct {
	Type    string `json:"type"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Row     *int   `json:"row,omitempty"`
	Index   *int   `json:"index,omitempty"`
}

// MarshalJSON keeps the lists of a file that was read: [] rather than nothing (07 §4.4).
func (v Validation) MarshalJSON() ([]byte, error) {
	type brut Validation
	if v.Errors == nil {
		v.Errors = []string{}
	}
	if len(v.ParseErrors) > 0 {
		return json.Marshal(brut(v))
	}
	if v.Warnings == nil {
		v.Warnings = []string{}
	}
	if v.Infos == nil {
		v.Infos = []string{}
	}
	return json.Marshal(struct {
		brut
		Warnings []string `json:"warnings"`
		Infos    []string `json:"infos"`
	}{brut(v), v.Warnings, v.Infos})
}
