package siap_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"apilos/api/siap"
)

func TestCodeUnmarshal(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`93`, "93"}, {`"93"`, "93"}, {`"2A"`, "2A"}, {`" 87 "`, "87"}, {`null`, ""}, {`""`, ""},
		{`243500139`, "243500139"}, {`1.0`, "1"}, {`4e1`, "40"}, {`"007"`, "007"},
	} {
		t.Run(c.in, func(t *testing.T) {
			var got siap.Code
			require.NoError(t, json.Unmarshal([]byte(c.in), &got))
			require.Equal(t, c.want, got.String())
		})
	}
	for _, in := range []string{`true`, `{}`, `[]`, `1.5`, `1e300`} {
		t.Run("refused "+in, func(t *testing.T) {
			var got siap.Code
			require.Error(t, json.Unmarshal([]byte(in), &got))
		})
	}
}

func TestCodeIsWrittenAsText(t *testing.T) {
	b, err := json.Marshal(struct{ C siap.Code }{"93"})
	require.NoError(t, err)
	require.JSONEq(t, `{"C":"93"}`, string(b))
}

func TestCodeRegion(t *testing.T) {
	for in, want := range map[siap.Code]string{
		"93": "93", "1": "01", "01": "01", "4": "04", "": "", "0": "", "00": "", "974": "", "2A": "",
	} {
		require.Equal(t, want, in.Region(), "region %q", in)
	}
}

func TestCodeDepartement(t *testing.T) {
	for in, want := range map[siap.Code]string{
		"87": "87", "1": "01", "01": "01", "2A": "2A", "2b": "2B", "974": "974", "976": "976",
		"20": "", "": "", "0": "", "96": "", "123": "", "Rennes": "",
	} {
		require.Equal(t, want, in.Departement(), "departement %q", in)
	}
}
