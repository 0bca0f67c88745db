package sim

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// ClientPartenaire is a client of the deposit, as the partner directory keeps it.
type ClientPartenaire struct {
	ClientID   string            `json:"clientId"`
	Nom        string            `json:"name"`
	Type       string            `json:"type"`
	Perimetres []PerimetrePublic `json:"perimeters"`
	Actif      bool              `json:"isActive"`
}

// PerimetrePublic is a territory of a ClientPartenaire.
type PerimetrePublic struct {
	Type string `json:"type"`
	Code string `json:"code"`
}

// MessageEquipe is a line received in the chat of the team.
type MessageEquipe struct {
	Texte string    `json:"text"`
	Le    time.Time `json:"le"`
}

func lireClient(body []byte) (ClientPartenaire, string) {
	var c ClientPartenaire
	if json.Unmarshal(body, &c) != nil {
		return c, "Corps JSON attendu."
	}
	if strings.TrimSpace(c.Nom) == "" || c.Type != "api-depot" || c.Perimetres == nil {
		return c, "name, type (api-depot) et perimeters sont attendus."
	}
	return c, ""
}

func (s *Simulator) partenaireCreer(_ *http.Request, body []byte) reply {
	c, motif := lireClient(body)
	if motif == "" && c.ClientID == "" {
		motif = "clientId est attendu."
	}
	if motif != "" {
		return problem(http.StatusBadRequest, motif)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, deja := s.partenaires[c.ClientID]; deja {
		return problem(http.StatusConflict, "Ce client existe déjà.")
	}
	c.Actif = true
	s.partenaires[c.ClientID] = c
	return jsonReply(http.StatusCreated, c)
}

func (s *Simulator) partenaireModifier(id string) gestionnaire {
	return func(_ *http.Request, body []byte) reply {
		c, motif := lireClient(body)
		if motif != "" {
			return problem(http.StatusBadRequest, motif)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		avant, ok := s.partenaires[id]
		if !ok {
			return problem(http.StatusNotFound, "Client inconnu.")
		}
		c.ClientID, c.Actif = id, avant.Actif
		s.partenaires[id] = c
		return jsonReply(http.StatusOK, c)
	}
}

// partenaireEtat hides or shows a client.
func (s *Simulator) partenaireEtat(id string, actif bool) gestionnaire {
	return func(*http.Request, []byte) reply {
		s.mu.Lock()
		defer s.mu.Unlock()
		c, ok := s.partenaires[id]
		if !ok {
			return problem(http.StatusNotFound, "Client inconnu.")
		}
		c.Actif = actif
		s.partenaires[id] = c
		return jsonReply(http.StatusOK, c)
	}
}

func (s *Simulator) partenaireLister(*http.Request, []byte) reply {
	return jsonReply(http.StatusOK, s.Partenaires())
}

// Partenaires lists the clients of the simulated directory, by identifier.
func (s *Simulator) Partenaires() []ClientPartenaire {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Collect(maps.Values(s.partenaires))
	slices.SortFunc(out, func(a, b ClientPartenaire) int { return cmp.Compare(a.ClientID, b.ClientID) })
	return orEmpty(out)
}

// messagerie receives a line of the chat.
func (s *Simulator) messagerie(_ *http.Request, body []byte) reply {
	var m MessageEquipe
	if json.Unmarshal(body, &m) != nil || strings.TrimSpace(m.Texte) == "" {
		return problem(http.StatusBadRequest, "Un texte est attendu.")
	}
	m.Le = s.now().UTC()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.equipe = append(s.equipe, m)
	return reply{status: http.StatusOK, contentType: "text/plain; charset=utf-8", body: []byte("ok")}
}

// MessagesEquipe lists what the chat received, oldest first.
func (s *Simulator) MessagesEquipe() []MessageEquipe {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]MessageEquipe(nil), s.equipe...)
}

// getExterieur is the control route that tells what these services received.
func (s *Simulator) getExterieur(*http.Request) reply {
	return jsonReply(http.StatusOK, map[string]any{
		"compositions": orEmpty(s.Compositions()), "partenaires": s.Partenaires(), "messages": orEmpty(s.MessagesEquipe()),
	})
}
