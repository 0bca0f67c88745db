// Command cog writes the list of communes that the migrations load, from the npm package
// @etalab/decoupage-administratif.
//
// Usage, from the root of the project:
//
//	npm pack @etalab/decoupage-administratif@6.0.0
//	go run ./scripts/cog -archive etalab-decoupage-administratif-6.0.0.tgz -millesime 2026 \
//	    -sortie migrations/donnees/communes_2026.tsv.gz
//
// Source of the data: official geographic code (INSEE) for communes, official postcode base (La Poste)
// for postcodes, both under Licence Ouverte; the package that gathers them is under MIT. The same
// archive always gives the same bytes.
//
// Kept: the current communes of the departements that the platform knows, and the municipal
// arrondissements of Paris, Lyon and Marseille, whose codes operations may carry. Left out: delegated
// and associated communes (their codes may be those of a current commune), and the two territories
// without permanent inhabitants (984, 989).
package main

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
)

func main() {
	archive := flag.String("archive", "", "archive made by npm pack (.tgz)")
	millesime := flag.Int("millesime", 0, "year of the geographic code")
	sortie := flag.String("sortie", "", "file to write (.tsv.gz)")
	flag.Parse()
	if *archive == "" || *sortie == "" || *millesime == 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*archive, *millesime, *sortie); err != nil {
		fmt.Fprintln(os.Stderr, "cog:", err)
		os.Exit(1)
	}
}

type commune struct {
	Code         string   `json:"code"`
	Nom          string   `json:"nom"`
	Type         string   `json:"type"`
	Departement  string   `json:"departement"`
	CodesPostaux []string `json:"codesPostaux"`
}

func run(archive string, millesime int, sortie string) error {
	version, communes, err := lire(archive)
	if err != nil {
		return err
	}
	kept := retenir(communes)
	contenu, err := ecrire(version, millesime, kept)
	if err != nil {
		return err
	}
	if err := os.WriteFile(sortie, contenu, 0o644); err != nil {
		return fmt.Errorf("write list: %w", err)
	}
	fmt.Printf("%d communes, %d octets\n", len(kept), len(contenu))
	return nil
}

// lire takes the version and the communes out of the archive.
func lire(archive string) (version string, communes []commune, err error) {
	f, err := os.Open(archive)
	if err != nil {
		return "", nil, fmt.Errorf("open archive: %w", err)
	}
	defer f.Close()
	gz, err := gzip.NewReader(f)
	if err != nil {
		return "", nil, fmt.Errorf("open archive: %w", err)
	}
	for tr := tar.NewReader(gz); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", nil, fmt.Errorf("read archive: %w", err)
		}
		switch path.Clean(h.Name) {
		case "package/package.json":
			var p struct {
				Version string `json:"version"`
			}
			err = json.NewDecoder(tr).Decode(&p)
			version = p.Version
		case "package/data/communes.json":
			err = json.NewDecoder(tr).Decode(&communes)
		}
		if err != nil {
			return "", nil, fmt.Errorf("read %s: %w", h.Name, err)
		}
	}
	if version == "" || len(communes) == 0 {
		return "", nil, errors.New("read archive: no package.json or no data/communes.json")
	}
	return version, communes, nil
}

func retenir(communes []commune) []commune {
	var kept []commune
	for _, c := range communes {
		wanted := c.Type == "commune-actuelle" || c.Type == "arrondissement-municipal"
		if wanted && c.Departement != "984" && c.Departement != "989" {
			slices.Sort(c.CodesPostaux)
			kept = append(kept, c)
		}
	}
	slices.SortFunc(kept, func(a, b commune) int { return cmp.Compare(a.Code, b.Code) })
	return kept
}

// ecrire makes one line per commune: code, name, postcodes separated by spaces. The departement is the
// beginning of the code, so it is checked here and not written.
func ecrire(version string, millesime int, communes []commune) ([]byte, error) {
	var out bytes.Buffer
	gz, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("compress list: %w", err)
	}
	fmt.Fprintf(gz, "# Communes : Code officiel géographique %d (INSEE) ; codes postaux : base officielle (La Poste).\n", millesime)
	fmt.Fprintf(gz, "# Licence Ouverte. Extrait de @etalab/decoupage-administratif %s (MIT) par scripts/cog.\n", version)
	for _, c := range communes {
		if !strings.HasPrefix(c.Code, c.Departement) || strings.ContainsAny(c.Nom, "\t\n") {
			return nil, fmt.Errorf("commune %s of departement %s: unexpected code or name", c.Code, c.Departement)
		}
		fmt.Fprintf(gz, "%s\t%s\t%s\n", c.Code, c.Nom, strings.Join(c.CodesPostaux, " "))
	}
	if err := gz.Close(); err != nil {
		return nil, fmt.Errorf("compress list: %w", err)
	}
	return out.Bytes(), nil
}
