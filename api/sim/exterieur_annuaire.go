package sim

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
)

var reCodeCherche = regexp.MustCompile(`code_insee_commune\s*=\s*"([0-9][0-9AB][0-9]{3})"`)

// fiche is a record of the data set api-lannuaire-administration, as the search API writes it.
type fiche struct {
	Nom      string `json:"nom"`
	Courriel string `json:"adresse_courriel"`
	Siret    string `json:"siret"`
	Code     string `json:"code_insee_commune"`
	Pivot    string `json:"pivot"` // a JSON list, written as a text
}

// annuaire answers the search form of the directory of the administrations: a filter on the kind of service
// and on the commune, any other being refused as the real one refuses what it cannot read.
func (s *Simulator) annuaire(r *http.Request, _ []byte) reply {
	ou := r.URL.Query().Get("where")
	m := reCodeCherche.FindStringSubmatch(ou)
	if m == nil || !strings.Contains(strings.ToLower(ou), `pivot like "mairie"`) {
		return jsonReply(http.StatusBadRequest, map[string]string{"error_code": "ODSQLError", "message": "Filtre non reconnu par le simulateur."})
	}
	liste := []fiche{}
	for _, x := range s.mairies(m[1]) {
		genre := x.Type
		if genre == "" {
			genre = "mairie"
		}
		pivot, _ := json.Marshal([]map[string]any{{"type_service_local": genre, "code_insee_commune": []string{m[1]}}})
		liste = append(liste, fiche{x.Nom, x.Courriel, x.Siret, m[1], string(pivot)})
	}
	return jsonReply(http.StatusOK, map[string]any{"total_count": len(liste), "results": liste})
}

func (s *Simulator) mairies(code string) []Mairie {
	x := s.exterieur()
	if liste, ok := x.Mairies[code]; ok {
		return liste
	}
	if !x.MairiePourTous {
		return nil
	}
	bas := strings.ToLower(code)
	return []Mairie{{Nom: "Mairie de la commune " + code, Courriel: "mairie-" + bas + "@example.org", Siret: SiretInvente(code)}}
}

// SiretInvente is the SIRET of the invented mairie of a commune: 14 digits made of its code.
func SiretInvente(code string) string {
	return "21" + strings.NewReplacer("A", "1", "B", "2").Replace(code) + "0000017"
}
