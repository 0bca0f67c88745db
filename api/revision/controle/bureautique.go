package controle

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

const (
	maxEntrees    = 10_000
	maxDecompress = 200 << 20 // bytes of a document once decompressed
	maxXML        = 100 << 20 // bytes of its main part
)

// inspecterOffice opens a document made of XML parts: its main part is well-formed, it has no macro and
// is not a decompression bomb.
func inspecterOffice(principale string) func(s *source) (Verdict, error) {
	return func(s *source) (Verdict, error) {
		z, err := zip.NewReader(s, s.taille)
		if err != nil {
			return illisible(s)
		}
		if len(z.File) > maxEntrees {
			return Verdict{Code: DocDemesure}, nil
		}
		var total uint64
		var partie *zip.File
		for _, f := range z.File {
			nom := strings.ToLower(f.Name)
			if strings.HasSuffix(nom, "vbaproject.bin") || strings.HasPrefix(nom, "basic/") || strings.HasPrefix(nom, "scripts/") {
				return Verdict{Code: DocMacro}, nil
			}
			if f.Name == principale {
				partie = f
			}
			if total += f.UncompressedSize64; total > maxDecompress {
				return Verdict{Code: DocDemesure}, nil
			}
		}
		if partie == nil {
			return illisible(s)
		}
		return bienForme(s, partie)
	}
}

// bienForme reads a part to its end.
func bienForme(s *source, partie *zip.File) (Verdict, error) {
	r, err := partie.Open()
	if err != nil {
		return illisible(s)
	}
	defer r.Close()
	limite := &io.LimitedReader{R: r, N: maxXML}
	d := xml.NewDecoder(limite)
	elements := 0
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) && limite.N > 0 && elements > 0 {
			return Verdict{}, s.ctx.Err()
		}
		if limite.N <= 0 {
			return Verdict{Code: DocDemesure}, nil
		}
		if err != nil {
			return illisible(s)
		}
		if _, ok := t.(xml.StartElement); ok {
			elements++
		}
	}
}

func illisible(s *source) (Verdict, error) {
	if err := s.ctx.Err(); err != nil {
		return Verdict{}, err
	}
	return Verdict{Code: DocIllisible}, nil
}

// inspecterOLE looks for a macro project in an old binary document: the name of its storage, in UTF-16.
func inspecterOLE(s *source) (Verdict, error) {
	var motif []byte
	for _, c := range "_VBA_PROJECT" {
		motif = append(motif, byte(c), 0)
	}
	r := bufio.NewReaderSize(s.section(), 64<<10)
	fenetre := make([]byte, 0, 128<<10)
	bloc := make([]byte, 64<<10)
	for {
		n, err := r.Read(bloc)
		fenetre = append(fenetre, bloc[:n]...)
		if bytes.Contains(fenetre, motif) {
			return Verdict{Code: DocMacro}, nil
		}
		if garde := len(motif); len(fenetre) > garde {
			fenetre = append(fenetre[:0], fenetre[len(fenetre)-garde:]...)
		}
		if errors.Is(err, io.EOF) {
			return Verdict{}, nil
		}
		if err != nil {
			return Verdict{}, err
		}
	}
}
