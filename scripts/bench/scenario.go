package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"apilos/api/sim"
)

// People of the demonstration scenario who ask for things.
const (
	national    = "sophie.bernard@example.org" // sees the whole country
	instructeur = "luc.martin@example.org"     // DDT de la Haute-Vienne
	bailleur    = "marie.durand@example.org"   // the largest of the generated bailleurs
)

// sirenScenario is the bailleur of marie in the demonstration scenario, modele one of its operations (PLUS and
// PLAI): both are replaced.
const (
	sirenScenario = "999087018"
	modele        = "20240870001"
)

// ecrireScenario derives a scenario from the demonstration: marie works for another bailleur, which has operations to
// open.
func ecrireScenario(siren string, operations int) ([]byte, error) {
	s, err := sim.Load("demo")
	if err != nil {
		return nil, err
	}
	originale := s.Operations[modele]
	s.Operations = map[string]json.RawMessage{}
	for i := range operations {
		numero := numeroOperation(i)
		s.Operations[numero] = bytes.ReplaceAll(originale, []byte(modele), []byte(numero))
	}
	s.Fusions, s.Alertes = nil, nil
	document, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("write scenario: %w", err)
	}
	return bytes.ReplaceAll(document, []byte(sirenScenario), []byte(siren)), nil
}

// numeroOperation gives ranks that the generator does not reach.
func numeroOperation(i int) string { return fmt.Sprintf("202511%05d", 90_000+i) }
