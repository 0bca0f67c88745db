// Command cog writes the geographic code that the program embeds, and the list of communes that the
// migrations load, from the development dependency @etalab/decoupage-administratif.
//
// Usage, from the root of the project, after npm ci:
//
//	go run ./scripts/cog -millesime 2026                       # api/cog/cog.tsv.gz
//	go run ./scripts/cog -millesime 2026 -seed FILE.tsv.gz     # the list of a new migration instead
//
// Sources of the data: official geographic code (INSEE) for communes, BANATIC (DGCL) for EPCI, official
// postcode base (La Poste), all under Licence Ouverte; the package that gathers them is under MIT. The same
// version of the package always gives the same bytes.
//
// Kept in the geographic code: current communes and the municipal arrondissements of Paris, Lyon and
// Marseille, their former codes, and the EPCI. Left out: delegated and associated communes, whose codes may
// be those of a current commune. The seed also leaves out the two territories without permanent inhabitants
// (984, 989). A seed that a migration already loads must never be written again: make a new migration.
package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	paquet := flag.String("paquet", "node_modules/@etalab/decoupage-administratif", "folder of the npm package")
	millesime := flag.Int("millesime", 0, "year of the geographic code")
	sortie := flag.String("sortie", "api/cog/cog.tsv.gz", "geographic code to write")
	seed := flag.String("seed", "", "write this list of communes for a migration, and not the geographic code")
	flag.Parse()
	if *millesime == 0 || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*paquet, *millesime, *sortie, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "cog:", err)
		os.Exit(1)
	}
}

func run(paquet string, millesime int, sortie, seed string) error {
	s, err := lire(paquet, millesime)
	if err != nil {
		return err
	}
	ecrire := s.ecrireCog
	if seed != "" {
		sortie, ecrire = seed, s.ecrireSeed
	}
	var out bytes.Buffer
	gz, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return fmt.Errorf("compress: %w", err)
	}
	n, err := ecrire(gz)
	if err != nil {
		return err
	}
	if err := gz.Close(); err != nil {
		return fmt.Errorf("compress: %w", err)
	}
	if err := os.WriteFile(sortie, out.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	fmt.Printf("%s: %d communes, %d bytes\n", sortie, n, out.Len())
	return nil
}

// source is what the package contains.
type source struct {
	version   string
	millesime int
	communes  []commune // current communes and municipal arrondissements, by code
	epci      []epci    // by SIREN
}

type commune struct {
	Code         string   `json:"code"`
	Nom          string   `json:"nom"`
	Type         string   `json:"type"`
	Departement  string   `json:"departement"`
	Region       string   `json:"region"`
	Commune      string   `json:"commune"` // of a municipal arrondissement
	AnciensCodes []string `json:"anciensCodes"`
	CodesPostaux []string `json:"codesPostaux"`
}

type epci struct {
	Code    string `json:"code"`
	Nom     string `json:"nom"`
	Type    string `json:"type"`
	Membres []struct {
		Code string `json:"code"`
	} `json:"membres"`
}

func lire(paquet string, millesime int) (source, error) {
	s := source{millesime: millesime}
	var description struct {
		Version string `json:"version"`
	}
	for nom, v := range map[string]any{"package.json": &description, "data/communes.json": &s.communes, "data/epci.json": &s.epci} {
		contenu, err := os.ReadFile(filepath.Join(paquet, nom))
		if err != nil {
			return s, fmt.Errorf("read package (was npm ci run?): %w", err)
		}
		if err := json.Unmarshal(contenu, v); err != nil {
			return s, fmt.Errorf("read %s: %w", nom, err)
		}
	}
	s.version = description.Version
	s.communes = slices.DeleteFunc(s.communes, func(c commune) bool {
		return c.Type != "commune-actuelle" && c.Type != "arrondissement-municipal"
	})
	if s.version == "" || len(s.communes) == 0 || len(s.epci) == 0 {
		return s, errors.New("read package: no version, communes or EPCI")
	}
	slices.SortFunc(s.communes, func(a, b commune) int { return cmp.Compare(a.Code, b.Code) })
	slices.SortFunc(s.epci, func(a, b epci) int { return cmp.Compare(a.Code, b.Code) })
	return s, nil
}
