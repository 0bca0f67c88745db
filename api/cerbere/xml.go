package cerbere

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Namespaces of the documents read here.
const (
	nsSOAP      = "http://schemas.xmlsoap.org/soap/envelope/"
	nsSAMLP     = "urn:oasis:names:tc:SAML:1.0:protocol"
	nsSAML      = "urn:oasis:names:tc:SAML:1.0:assertion"
	nsSAML2P    = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsCAS       = "http://www.yale.edu/tp/cas"
	maxDepth    = 32
	maxElements = 2000
)

// node is an element of a small document, read whole.
type node struct {
	name     xml.Name
	attrs    []xml.Attr
	text     string // character data directly inside, trimmed
	children []*node
}

// parseXML reads data into a tree. It refuses what a message of a CAS server never holds and an attack
// does: DOCTYPE, processing instructions other than the declaration, undefined entities, a second root,
// content after the root, deep or very large trees.
func parseXML(data []byte) (*node, error) {
	dec := xml.NewDecoder(bytes.NewReader(data))
	var t tree
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, errors.New("not well-formed")
		}
		switch v := tok.(type) {
		case xml.StartElement:
			err = t.open(v)
		case xml.EndElement:
			t.close()
		case xml.CharData:
			err = t.addText(v)
		case xml.Directive:
			err = errors.New("DOCTYPE refused")
		case xml.ProcInst:
			if v.Target != "xml" || t.root != nil {
				err = errors.New("processing instruction refused")
			}
		}
		if err != nil {
			return nil, err
		}
	}
	if t.root == nil {
		return nil, errors.New("empty")
	}
	return t.root, nil
}

// tree is a document being read: its root, and the elements still open.
type tree struct {
	root  *node
	stack []*node
	count int
}

func (t *tree) open(e xml.StartElement) error {
	t.count++
	if len(t.stack) >= maxDepth || t.count > maxElements {
		return errors.New("too large a tree")
	}
	n := &node{name: e.Name, attrs: e.Copy().Attr}
	switch {
	case repeated(n.attrs):
		return errors.New("repeated attribute")
	case len(t.stack) > 0:
		parent := t.stack[len(t.stack)-1]
		parent.children = append(parent.children, n)
	case t.root != nil:
		return errors.New("two roots")
	default:
		t.root = n
	}
	t.stack = append(t.stack, n)
	return nil
}

func (t *tree) close() {
	n := t.stack[len(t.stack)-1]
	n.text = strings.TrimSpace(n.text)
	t.stack = t.stack[:len(t.stack)-1]
}

func (t *tree) addText(text xml.CharData) error {
	if len(t.stack) == 0 {
		if len(bytes.TrimSpace(text)) > 0 {
			return errors.New("text outside the root")
		}
		return nil
	}
	t.stack[len(t.stack)-1].text += string(text)
	return nil
}

// repeated tells whether an attribute is given twice, which encoding/xml accepts and XML does not.
func repeated(attrs []xml.Attr) bool {
	seen := make(map[xml.Name]bool, len(attrs))
	for _, a := range attrs {
		if seen[a.Name] {
			return true
		}
		seen[a.Name] = true
	}
	return false
}

func (n *node) is(space, local string) bool { return n.name.Space == space && n.name.Local == local }

// all returns the children of n with this name.
func (n *node) all(space, local string) []*node {
	var out []*node
	for _, c := range n.children {
		if c.is(space, local) {
			out = append(out, c)
		}
	}
	return out
}

// one returns the only child with this name. Two of them is an error: a document that says a thing
// twice may be read differently by the server and by us.
func (n *node) one(space, local string) (*node, error) {
	found := n.all(space, local)
	if len(found) != 1 {
		return nil, fmt.Errorf("%d elements %s, expected 1", len(found), local)
	}
	return found[0], nil
}

// attr returns an attribute that has no namespace, or "".
func (n *node) attr(local string) string {
	for _, a := range n.attrs {
		if a.Name.Space == "" && a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// escape returns s as XML text.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder never fails
	return b.String()
}
