package genre_test

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// docxValide is the least document that opens.
func docxValide(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("word/document.xml")
	require.NoError(t, err)
	_, err = io.WriteString(w, `<?xml version="1.0"?><w:document xmlns:w="x"><w:body/></w:document>`)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}
