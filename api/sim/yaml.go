package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"gopkg.in/yaml.v3"
)

// readDocument reads JSON or YAML into plain values: map[string]any, []any, string, json.Number, bool
// and nil. In YAML only true JSON numbers are numbers, so that 01 or 2024-03-01 stay the texts they are.
func readDocument(data []byte) (any, error) {
	trimmed := bytes.TrimSpace(data)
	if len(trimmed) == 0 {
		return nil, errors.New("document vide")
	}
	if trimmed[0] == '{' {
		d := json.NewDecoder(bytes.NewReader(trimmed))
		d.UseNumber()
		var v any
		if err := d.Decode(&v); err != nil {
			return nil, fmt.Errorf("JSON illisible : %w", err)
		}
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return nil, errors.New("JSON suivi d'autre chose")
		}
		return v, nil
	}
	var root yaml.Node
	if err := yaml.Unmarshal(trimmed, &root); err != nil {
		return nil, fmt.Errorf("YAML illisible : %w", err)
	}
	if root.Kind != yaml.DocumentNode || len(root.Content) != 1 {
		return nil, errors.New("YAML sans document")
	}
	return (&yamlReader{}).value(root.Content[0], 0)
}

// Bounds that keep a hostile file (nested aliases) from filling the memory.
const (
	maxDepth = 60
	maxNodes = 500_000
)

type yamlReader struct{ nodes int }

func (r *yamlReader) value(n *yaml.Node, depth int) (any, error) {
	if r.nodes++; depth > maxDepth || r.nodes > maxNodes {
		return nil, errors.New("YAML trop profond ou trop grand")
	}
	switch n.Kind {
	case yaml.AliasNode:
		return r.value(n.Alias, depth+1)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, c := range n.Content {
			v, err := r.value(c, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case yaml.MappingNode:
		return r.mapping(n, depth)
	case yaml.ScalarNode:
		return scalar(n), nil
	}
	return nil, fmt.Errorf("ligne %d : élément YAML inattendu", n.Line)
}

func (r *yamlReader) mapping(n *yaml.Node, depth int) (any, error) {
	object := make(map[string]any, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			return nil, fmt.Errorf("ligne %d : une clé est un texte", key.Line)
		}
		if key.Tag == "!!merge" {
			return nil, fmt.Errorf("ligne %d : « << » n'est pas accepté, recopiez les clés", key.Line)
		}
		if _, twice := object[key.Value]; twice {
			return nil, fmt.Errorf("ligne %d : clé « %s » en double", key.Line, key.Value)
		}
		v, err := r.value(n.Content[i+1], depth+1)
		if err != nil {
			return nil, err
		}
		object[key.Value] = v
	}
	return object, nil
}

func scalar(n *yaml.Node) any {
	switch n.Tag {
	case "!!null":
		return nil
	case "!!bool":
		var b bool
		if n.Decode(&b) == nil {
			return b
		}
	case "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			return json.Number(n.Value)
		}
	}
	return n.Value
}
