package genre

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path"
	"slices"
	"strings"

	"apilos/api/revision"
	"apilos/api/revision/controle"
)

// version of the rules below.
const version = "1.0.0"

// ErreurTypeRefuse: the format is one of the platform, but not of this slot.
const ErreurTypeRefuse = "file.type_not_accepted"

// detail is what the report says of a file.
type detail struct {
	Type     string `json:"type"`
	Nom      string `json:"nom"`
	TypeMime string `json:"type_mime,omitempty"`
	Code     string `json:"code,omitempty"`
	Message  string `json:"message,omitempty"`
	NbPages  int    `json:"nb_pages,omitempty"`
	Largeur  int    `json:"largeur,omitempty"` // pixels
	Hauteur  int    `json:"hauteur,omitempty"`
}

// Valider implements revision.Genre.
func (n *nature) Valider(ctx context.Context, e revision.Entree) (revision.Validation, error) {
	_, suffixe, err := n.decouper(e.Revision.PorteeCle)
	if err != nil {
		return revision.Validation{}, err
	}
	v := revision.Validation{ValidatorVersion: version, Errors: []string{}, Infos: []string{}}
	var details []detail
	for _, f := range e.Fichiers {
		verdict, err := n.inspecter(ctx, f, suffixe)
		if err != nil {
			return revision.Validation{}, err
		}
		d := detail{Type: f.Type, Nom: f.Nom, TypeMime: verdict.TypeMime, Code: verdict.Code, NbPages: verdict.NbPages, Largeur: verdict.Largeur, Hauteur: verdict.Hauteur}
		if verdict.Code != "" {
			d.Message = n.LibelleCode(verdict.Code)
			ajouter(&v.Errors, verdict.Code)
		}
		details = append(details, d)
		if n.dimensions {
			for _, p := range verdict.Pages {
				ajouter(&v.Infos, taillePage(p))
			}
		}
	}
	v.Valid = len(v.Errors) == 0
	v.Details, err = json.Marshal(map[string]any{"fichiers": details})
	if err != nil {
		return revision.Validation{}, fmt.Errorf("details of the report: %w", err)
	}
	return v, nil
}

func ajouter(codes *[]string, code string) {
	if !slices.Contains(*codes, code) {
		*codes = append(*codes, code)
	}
}

// inspecter looks at the content of a file. The accepted formats of a slot are checked first.
func (n *nature) inspecter(ctx context.Context, f revision.Contenu, suffixe string) (v controle.Verdict, err error) {
	extension := strings.ToLower(path.Ext(f.Nom))
	if n.pdf {
		extension = ".pdf"
	}
	if acceptees := n.suffixes[suffixe].extensions; len(acceptees) > 0 && !slices.Contains(acceptees, extension) {
		return controle.Verdict{Code: ErreurTypeRefuse}, nil
	}
	contenu, err := f.Ouvrir(ctx)
	if err != nil {
		return controle.Verdict{}, err
	}
	defer func() { err = errors.Join(err, contenu.Close()) }()
	return controle.Inspecter(ctx, contenu, extension)
}

// taillePage writes a size in millimetres.
func taillePage(p controle.Page) string {
	mm := func(points float64) int { return int(math.Round(points * 25.4 / 72)) }
	return fmt.Sprintf("pdf.page_size:%dx%d", mm(p.Largeur), mm(p.Hauteur))
}

// LibelleCode implements revision.Libelleur.
func (n *nature) LibelleCode(code string) string {
	switch code {
	case revision.ErreurInfecte:
		return "L’antivirus a trouvé un virus dans ce fichier. Déposez un fichier sain."
	case ErreurTypeRefuse:
		return "Ce format n’est pas accepté pour cette pièce. Déposez une image (JPEG ou PNG par exemple)."
	}
	return controle.Libelle(code)
}
