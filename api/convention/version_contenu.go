package convention

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"apilos/api/fichier"

	"github.com/google/uuid"
)

// FormatContenu is the layout of a kept content; raise it when a reader of the previous one would be wrong. A column that
// appears or disappears needs no new layout: it is read as unchanged.
const FormatContenu = 1

// contenuVersion is what a comparison looks at, as it was: columns by their name in the schema.
type contenuVersion struct {
	Format                int            `json:"format"`
	Types                 []string       `json:"types_avenant"`
	Bailleur              string         `json:"bailleur"`
	Administration        string         `json:"administration"`
	Convention            ligneGardee    `json:"convention"`
	Operation             ligneGardee    `json:"operation"`
	FoyerResidence        ligneGardee    `json:"convention_foyer_residence"` // nil: it had none
	Lots                  []ligneGardee  `json:"lot"`
	Logements             []ligneGardee  `json:"logement"`
	Annexes               []ligneGardee  `json:"annexe"`
	Prets                 []ligneGardee  `json:"pret"`
	Stationnements        []ligneGardee  `json:"stationnement"`
	LocauxCollectifs      []ligneGardee  `json:"local_collectif"`
	ReferencesCadastrales []ligneGardee  `json:"reference_cadastrale"`
	LogementsEDD          []ligneGardee  `json:"logement_edd"`
	Fichiers              []fichierGarde `json:"fichier"`
}

// ligneGardee is a row: its columns in JSON.
type ligneGardee map[string]json.RawMessage

type fichierGarde struct {
	Rubrique string    `json:"rubrique"`
	UUID     uuid.UUID `json:"uuid"`
	Sha256   *string   `json:"sha256"`
	Nom      string    `json:"nom"`
	Taille   *int64    `json:"taille"`
}

// Contenu writes what a comparison looks at in v, so that AvecContenu gives it back whatever happened since. Same content,
// same bytes.
func (v *VersionComplete) Contenu() (json.RawMessage, error) {
	g := gardien{}
	c := contenuVersion{
		Format: FormatContenu, Types: v.TypesAvenant, Bailleur: v.bailleur, Administration: v.administration,
		Convention: g.colonnes(v.Convention, colonnesComparees(TableConvention)), Operation: g.colonnes(v.Operation, colonnesComparees(TableOperation)),
		Lots: garder(&g, v.Lots), Logements: garder(&g, v.Logements), Annexes: garder(&g, v.Annexes), Prets: garder(&g, v.Prets),
		Stationnements: garder(&g, v.Stationnements), LocauxCollectifs: garder(&g, v.LocauxCollectifs),
		ReferencesCadastrales: garder(&g, v.ReferencesCadastrales), LogementsEDD: garder(&g, v.LogementsEDD),
	}
	if v.FoyerResidence != nil {
		c.FoyerResidence = g.colonnes(*v.FoyerResidence, colonnesComparees(tableFoyerResidence))
	}
	for _, doc := range v.Documents {
		if doc.Courant() && slices.Contains(rubriquesComparees(), doc.Rattache.Rubrique) {
			c.Fichiers = append(c.Fichiers, fichierGarde{doc.Rattache.Rubrique, doc.Fichier.UUID, doc.Fichier.Sha256, doc.Fichier.NomReel, doc.Fichier.Taille})
		}
	}
	if g.err != nil {
		return nil, fmt.Errorf("keep version: %w", g.err)
	}
	return json.Marshal(c)
}

// AvecContenu returns the dossier as a kept content says that it was. What the content does not hold — the statut, the
// number, a column that did not exist — is as in d.
func (d *Dossier) AvecContenu(donnees json.RawMessage) (*VersionComplete, error) {
	var c contenuVersion
	if err := json.Unmarshal(donnees, &c); err != nil {
		return nil, fmt.Errorf("read kept version: %w", err)
	}
	if c.Format != FormatContenu {
		return nil, fmt.Errorf("read kept version: unknown layout %d", c.Format)
	}
	ancien := *d
	g := gardien{}
	g.poser(c.Convention, reflect.ValueOf(&ancien.Convention))
	g.poser(c.Operation, reflect.ValueOf(&ancien.Operation))
	ancien.FoyerResidence = nil
	if c.FoyerResidence != nil {
		foyer := FoyerResidence{}
		if d.FoyerResidence != nil {
			foyer = *d.FoyerResidence
		}
		g.poser(c.FoyerResidence, reflect.ValueOf(&foyer))
		ancien.FoyerResidence = &foyer
	}
	ancien.TypesAvenant, ancien.Documents = c.Types, nil
	v := &VersionComplete{Dossier: &ancien, bailleur: c.Bailleur, administration: c.Administration}
	rendre(&g, c.Lots, &v.Lots)
	rendre(&g, c.Logements, &v.Logements)
	rendre(&g, c.Annexes, &v.Annexes)
	rendre(&g, c.Prets, &v.Prets)
	rendre(&g, c.Stationnements, &v.Stationnements)
	rendre(&g, c.LocauxCollectifs, &v.LocauxCollectifs)
	rendre(&g, c.ReferencesCadastrales, &v.ReferencesCadastrales)
	rendre(&g, c.LogementsEDD, &v.LogementsEDD)
	for i, f := range c.Fichiers {
		v.Documents = append(v.Documents, Document{
			Rattache: fichier.FichierRattache{Rubrique: f.Rubrique, Ordre: i}, Fichier: fichier.Fichier{UUID: f.UUID, Sha256: f.Sha256, NomReel: f.Nom, Taille: f.Taille},
		})
	}
	if g.err != nil {
		return nil, fmt.Errorf("read kept version: %w", g.err)
	}
	return v, nil
}

// colonnesComparees are the columns of a table that some bloc shows.
func colonnesComparees(t Table) []string {
	var out []string
	for _, b := range Blocs() {
		for _, c := range b.Champs {
			if c.Table == t && !slices.Contains(out, c.Colonne) {
				out = append(out, c.Colonne)
			}
		}
	}
	return out
}

func rubriquesComparees() []string {
	var out []string
	for _, b := range Blocs() {
		out = append(out, b.FichiersOperation...)
		out = append(out, b.FichiersConvention...)
	}
	return out
}

// horsContenu are the columns of rows that say nothing of what people typed.
var horsContenu = []string{"uuid", "version", "cree_le", "mis_a_jour_le"}

// gardien turns rows into columns and back; it keeps the first error.
type gardien struct {
	champs map[reflect.Type]map[string]int
	err    error
}

// champsDe gives the place of each column of a model.
func (g *gardien) champsDe(t reflect.Type) map[string]int {
	if out, ok := g.champs[t]; ok {
		return out
	}
	out := map[string]int{}
	for i := range t.NumField() {
		if nom, _, _ := strings.Cut(strings.TrimPrefix(t.Field(i).Tag.Get("gorm"), "column:"), ";"); nom != "" {
			out[nom] = i
		}
	}
	if g.champs == nil {
		g.champs = map[reflect.Type]map[string]int{}
	}
	g.champs[t] = out
	return out
}

func (g *gardien) encoder(v reflect.Value) json.RawMessage {
	b, err := json.Marshal(v.Interface())
	if err != nil && g.err == nil {
		g.err = err
	}
	return b
}

// colonnes keeps the named columns, empty ones included: an absent one is unknown.
func (g *gardien) colonnes(modele any, noms []string) ligneGardee {
	v := reflect.ValueOf(modele)
	places, out := g.champsDe(v.Type()), ligneGardee{}
	for _, nom := range noms {
		out[nom] = g.encoder(v.Field(places[nom]))
	}
	return out
}

// garder keeps every column of rows; an empty one takes no place.
func garder[T any](g *gardien, rangees []T) []ligneGardee {
	out := make([]ligneGardee, 0, len(rangees))
	for _, r := range rangees {
		v, ligne := reflect.ValueOf(r), ligneGardee{}
		for nom, i := range g.champsDe(v.Type()) {
			if !slices.Contains(horsContenu, nom) && !v.Field(i).IsZero() {
				ligne[nom] = g.encoder(v.Field(i))
			}
		}
		out = append(out, ligne)
	}
	return out
}

// poser writes the kept columns into a model.
func (g *gardien) poser(ligne ligneGardee, modele reflect.Value) {
	m := modele.Elem()
	places := g.champsDe(m.Type())
	for nom, brut := range ligne {
		i, connue := places[nom]
		if !connue {
			continue // the column is gone
		}
		neuf := reflect.New(m.Field(i).Type()) // a fresh value: the present one may be shared
		if err := json.Unmarshal(brut, neuf.Interface()); err != nil && g.err == nil {
			g.err = fmt.Errorf("%s: %w", nom, err)
		}
		m.Field(i).Set(neuf.Elem())
	}
}

func rendre[T any](g *gardien, lignes []ligneGardee, out *[]T) {
	*out = make([]T, len(lignes))
	for i, l := range lignes {
		g.poser(l, reflect.ValueOf(&(*out)[i]))
	}
}
