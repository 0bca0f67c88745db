package httpapi

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime/multipart"
)

// multipartDigest computes, while somebody else reads a multipart body, a digest of its parts that does
// not depend on the boundary: names, file names, types and contents in order.
type multipartDigest struct {
	boundary string
	pipe     *io.PipeWriter
	done     chan struct{}
	body     io.Reader
	result   string
}

func newMultipartDigest(boundary string) *multipartDigest {
	return &multipartDigest{boundary: boundary, done: make(chan struct{})}
}

// tee returns body; what is read from it also feeds the digest.
func (d *multipartDigest) tee(body io.Reader) io.Reader {
	reader, writer := io.Pipe()
	d.pipe = writer
	go func() {
		defer close(d.done)
		h := sha256.New()
		err := digestParts(h, multipart.NewReader(reader, d.boundary))
		// Whatever happens the pipe is drained, or the reader of the body would block.
		_, _ = io.Copy(io.Discard, reader)
		if err != nil {
			_, _ = io.WriteString(h, "broken")
		}
		d.result = hex.EncodeToString(h.Sum(nil))
	}()
	d.body = io.TeeReader(body, writer)
	return d.body
}

// sum reads what the handler left unread and returns the digest. It may be called once the body is no
// longer used by anybody else.
func (d *multipartDigest) sum() string {
	_, _ = io.Copy(io.Discard, d.body)
	d.close()
	return d.result
}

// close ends the goroutine; closing twice is harmless.
func (d *multipartDigest) close() {
	_ = d.pipe.Close()
	<-d.done
}

func digestParts(h hash.Hash, parts *multipart.Reader) error {
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		content := sha256.New()
		n, err := io.Copy(content, part)
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "%q %q %q %d %x\n", part.FormName(), part.FileName(), part.Header.Get("Content-Type"), n, content.Sum(nil))
	}
}
