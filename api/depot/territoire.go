package depot

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"apilos/api/cog"

	"golang.org/x/text/unicode/norm"
)

// Territoire is a commune, a département or an EPCI, for people who look for one.
type Territoire struct {
	Type, Code, Nom string
	Departement     string // of a commune
	Region          string // of a commune
	EPCI            string // SIREN, of a commune
	NomEPCI         string
}

// FiltreTerritoires selects territories: by a part of their name or the start of their code, or by codes.
type FiltreTerritoires struct {
	Type        string // PerimetreCommune by default
	Texte       string
	Codes       []string
	Departement string // of communes
	Limite      int
}

// Territoires finds territories. Those whose code or name starts with the text come first.
func (s *Service) Territoires(ctx context.Context, f FiltreTerritoires) ([]Territoire, error) {
	var tous []Territoire
	switch f.Type {
	case PerimetreDepartement:
		departements, err := s.c.Store.Departements(ctx)
		if err != nil {
			return nil, err
		}
		for code, nom := range departements {
			tous = append(tous, Territoire{Type: f.Type, Code: code, Nom: nom})
		}
		slices.SortFunc(tous, func(a, b Territoire) int { return strings.Compare(a.Code, b.Code) })
	case PerimetreEPCI:
		for e := range s.c.Cog.TousEPCI() {
			tous = append(tous, Territoire{Type: f.Type, Code: e.Siren, Nom: e.Nom})
		}
	default:
		for c := range s.c.Cog.Communes() {
			if f.Departement == "" || c.Departement == f.Departement {
				tous = append(tous, s.territoire(c))
			}
		}
	}
	return choisir(tous, f), nil
}

// Commune describes a current commune, the 404 of section 2.4 for another code.
func (s *Service) Commune(code string) (Territoire, error) {
	c, ok := s.c.Cog.Commune(code)
	if !ok {
		return Territoire{}, ErrCommuneInconnue()
	}
	return s.territoire(c), nil
}

func (s *Service) territoire(c cog.Commune) Territoire {
	t := Territoire{Type: PerimetreCommune, Code: c.Code, Nom: c.Nom, Departement: c.Departement, Region: c.Region, EPCI: c.EPCI}
	if e, ok := s.c.Cog.EPCI(c.EPCI); ok {
		t.NomEPCI = e.Nom
	}
	return t
}

// NomCommune is the name of a commune, its code when nobody knows it.
func (s *Service) NomCommune(code string) string { return s.nomCommune(code) }

func choisir(tous []Territoire, f FiltreTerritoires) []Territoire {
	out := []Territoire{}
	if len(f.Codes) > 0 {
		for _, t := range tous {
			if slices.Contains(f.Codes, t.Code) {
				out = append(out, t)
			}
		}
		return out
	}
	texte := plier(f.Texte)
	var debuts, milieux []Territoire
	for _, t := range tous {
		nom := plier(t.Nom)
		switch {
		case strings.HasPrefix(nom, texte) || strings.HasPrefix(strings.ToLower(t.Code), texte):
			debuts = append(debuts, t)
		case strings.Contains(nom, " "+texte):
			milieux = append(milieux, t)
		}
	}
	slices.SortStableFunc(debuts, func(a, b Territoire) int { return len(a.Nom) - len(b.Nom) })
	out = append(append(out, debuts...), milieux...)
	if f.Limite > 0 && len(out) > f.Limite {
		out = out[:f.Limite]
	}
	return out
}

// plier removes what people leave out when they look for a name: accents, capitals, hyphens, apostrophes.
func plier(texte string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(strings.TrimSpace(texte))) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'œ':
			b.WriteString("oe")
		case r == 'æ':
			b.WriteString("ae")
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// codesCommunes are the communes whose name or code matches a text, for a filter of revisions; nil when the
// text is empty and no département is asked for.
func (s *Service) codesCommunes(texte, departement string) []string {
	if texte == "" && departement == "" {
		return nil
	}
	codes := []string{}
	var tous []Territoire
	for c := range s.c.Cog.Communes() {
		if departement == "" || c.Departement == departement {
			tous = append(tous, Territoire{Code: c.Code, Nom: c.Nom})
		}
	}
	for _, t := range choisir(tous, FiltreTerritoires{Texte: texte}) {
		codes = append(codes, t.Code)
	}
	return codes
}
