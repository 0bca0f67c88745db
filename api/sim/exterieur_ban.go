package sim

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Composition is a request to take in the current revision of a commune.
type Composition struct {
	Code string    `json:"code"`
	Le   time.Time `json:"le"`
}

func (s *Simulator) communeBAN(code string) (CommuneBAN, bool) {
	c, ok := s.exterieur().BAN[code]
	return c, ok
}

func (s *Simulator) banLookup(code string) gestionnaire {
	return func(*http.Request, []byte) reply {
		c, ok := s.communeBAN(code)
		if !ok {
			return jsonReply(http.StatusNotFound, map[string]any{"code": 404, "message": "Commune inconnue"})
		}
		return jsonReply(http.StatusOK, map[string]any{"id": code, "type": "commune", "codeCommune": code, "nomCommune": c.Nom, "nbNumeros": c.NbNumeros})
	}
}

func (s *Simulator) banDistrict(code string) gestionnaire {
	return func(*http.Request, []byte) reply {
		c, ok := s.communeBAN(code)
		if !ok || c.District == "" {
			return jsonReply(http.StatusNotFound, map[string]any{"status": "error", "message": "Aucun district pour ce code", "response": map[string]any{}})
		}
		district := map[string]any{"id": c.District, "labels": []map[string]string{{"isoCode": "fra", "value": c.Nom}}, "meta": map[string]any{"insee": map[string]string{"cog": code}}}
		return jsonReply(http.StatusOK, map[string]any{"date": s.now().UTC(), "status": "success", "response": []any{district}})
	}
}

// banReference is the reference file: a BAL with the identifiers of the BAN.
func (s *Simulator) banReference(code string) gestionnaire {
	return func(*http.Request, []byte) reply {
		c, ok := s.communeBAN(code)
		if !ok {
			return problem(http.StatusNotFound, "Commune inconnue.")
		}
		var b strings.Builder
		b.WriteString("id_ban_commune;id_ban_toponyme;id_ban_adresse;cle_interop;commune_insee;commune_nom;voie_nom;numero;suffixe\r\n")
		for _, a := range c.Adresses {
			b.WriteString(strings.Join([]string{c.District, a.IDToponyme, a.IDAdresse, a.Cle, code, c.Nom, a.Voie, strconv.Itoa(a.Numero), a.Suffixe}, ";") + "\r\n")
		}
		return reply{status: http.StatusOK, contentType: "text/csv; charset=utf-8", body: []byte(b.String())}
	}
}

// banComposer takes note of a request; a caller without token is refused.
func (s *Simulator) banComposer(code string) gestionnaire {
	return func(r *http.Request, _ []byte) reply {
		if jeton, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Token "); !ok || strings.TrimSpace(jeton) == "" {
			return jsonReply(http.StatusUnauthorized, map[string]any{"code": 401, "message": "Jeton absent"})
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.compositions = append(s.compositions, Composition{code, s.now().UTC()})
		return jsonReply(http.StatusAccepted, map[string]any{"code": code, "statut": "EN_ATTENTE"})
	}
}

// Compositions lists what the simulated BAN was asked to take in, oldest first.
func (s *Simulator) Compositions() []Composition {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Composition(nil), s.compositions...)
}
