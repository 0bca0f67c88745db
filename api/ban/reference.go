package ban

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"apilos/api/distant"

	"github.com/google/uuid"
)

// toponyme is the number of the rows that stand for a street name or a place without number.
const toponyme = "99999"

// Bounds of a reference file.
const (
	maxLignes    = 2_000_000
	longueurUUID = 36
)

// Identifiants are those that the BAN knows for a commune (07 §4.6). Keys are interoperability keys in lower
// case: "87085_0010" for a street name, "87085_0010_00012_bis" for an address.
type Identifiants struct {
	Commune   string // id_ban_commune: the district
	Toponymes map[string]string
	Adresses  map[string]string
}

// Identifiants reads the district and the reference file of a commune. Errors: ErrNonConfigure, those of
// package distant; nothing is returned with an error.
func (c *Client) Identifiants(ctx context.Context, insee string) (*Identifiants, error) {
	if c.appel == nil {
		return nil, ErrNonConfigure
	}
	if _, err := c.lookup(ctx, insee); err != nil {
		return nil, fmt.Errorf("commune: %w", err)
	}
	id, err := c.district(ctx, insee)
	switch {
	case err != nil:
		return nil, fmt.Errorf("district: %w", err)
	case id == "":
		return nil, fmt.Errorf("district: %w", distant.Illisible("BAN", errors.New("aucun district pour cette commune")))
	}
	var out *Identifiants
	err = c.appel.Flux(ctx, distant.Requete{
		Segments:   []string{"ban", "communes", insee, "download", "csv-bal", "adresses"},
		Parametres: url.Values{"withBanId": {"true"}},
		Entetes:    map[string]string{"Accept": "text/csv"},
		Delai:      delaiFichier,
	}, func(r io.Reader) (err error) {
		out, err = lireReference(r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reference file: %w", err)
	}
	out.Commune = id
	return out, nil
}

// colonnes of the reference file, which is a BAL.
type colonnes struct{ cle, toponyme, adresse int }

func lireReference(r io.Reader) (*Identifiants, error) {
	lecteur := csv.NewReader(r)
	lecteur.Comma, lecteur.ReuseRecord, lecteur.FieldsPerRecord = ';', true, 0
	entete, err := lecteur.Read()
	if err != nil {
		return nil, distant.Illisible("BAN", err)
	}
	col, err := reperer(entete)
	if err != nil {
		return nil, err
	}
	out := &Identifiants{Toponymes: map[string]string{}, Adresses: map[string]string{}}
	for n := 0; ; n++ {
		ligne, err := lecteur.Read()
		switch {
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return nil, distant.Illisible("BAN", err)
		case n >= maxLignes:
			return nil, distant.Illisible("BAN", fmt.Errorf("plus de %d lignes", maxLignes))
		}
		if err := out.ajouter(ligne, col); err != nil {
			return nil, err
		}
	}
}

func reperer(entete []string) (colonnes, error) {
	place := map[string]int{}
	for i, nom := range entete {
		place[strings.TrimPrefix(nom, "\ufeff")] = i
	}
	var absents []string
	trouver := func(nom string) int {
		i, ok := place[nom]
		if !ok {
			absents = append(absents, nom)
		}
		return i
	}
	c := colonnes{cle: trouver("cle_interop"), toponyme: trouver("id_ban_toponyme"), adresse: trouver("id_ban_adresse")}
	if len(absents) > 0 {
		return c, distant.Illisible("BAN", fmt.Errorf("colonnes absentes : %s", strings.Join(absents, ", ")))
	}
	return c, nil
}

// ajouter reads a row. Rows without identifiers are left out: the BAN may not have given them yet.
func (ids *Identifiants) ajouter(l []string, c colonnes) error {
	for _, v := range []string{l[c.toponyme], l[c.adresse]} {
		if v != "" && (len(v) != longueurUUID || uuid.Validate(v) != nil) {
			return distant.Illisible("BAN", errors.New("identifiant qui n’est pas un UUID"))
		}
	}
	cle := strings.ToLower(strings.TrimSpace(l[c.cle]))
	parties := strings.Split(cle, "_")
	if len(parties) < 3 {
		return distant.Illisible("BAN", errors.New("clé d’interopérabilité incomplète"))
	}
	if l[c.toponyme] != "" {
		ids.Toponymes[parties[0]+"_"+parties[1]] = strings.Clone(l[c.toponyme])
	}
	if parties[2] != toponyme && l[c.adresse] != "" {
		ids.Adresses[cle] = strings.Clone(l[c.adresse])
	}
	return nil
}
