package depot

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"apilos/api/revision"
)

// Applications known by their legacy id (07 sections 8 and 9).
const (
	LegacyMesAdresses = "mes-adresses"
	LegacyMoissonneur = "moissonneur-bal"
	legacyFormulaire  = "formulaire-publication"
	legacyGuichet     = "guichet-adresse"
)

// avis lists what a publication tells others (07 section 8).
func (s *Service) avis(ctx context.Context, p *revision.EnPublication) ([]Message, error) {
	var out []Message
	r, g := p.Revision, s.c.Reglages
	if g.NotifierBAN {
		out = append(out, Message{Canal: CanalBAN, Type: TypeComposer, RevisionID: r.ID, CleUnicite: TypeComposer + ":" + r.ID, Charge: ChargeComposer{r.PorteeCle}})
	}
	if !g.Messagerie && p.Precedente == nil {
		return out, nil
	}
	client, err := s.clientDe(ctx, r)
	if err != nil {
		return nil, err
	}
	if g.Messagerie {
		out = append(out, Message{
			Canal: CanalMessagerie, Type: TypePublication, RevisionID: r.ID, CleUnicite: TypePublication + ":" + r.ID,
			Charge: ChargePublication{s.texteMessagerie(client, p)},
		})
	}
	reprise, err := s.avisReprise(ctx, client, p)
	return append(out, reprise...), err
}

func (s *Service) texteMessagerie(client *ClientDetail, p *revision.EnPublication) string {
	debut := "Initialisation"
	if p.Precedente != nil {
		debut = "Mise à jour"
	}
	code := p.Revision.PorteeCle
	lignes := []string{debut + " d’une Base Adresse Locale - *" + s.nomCommune(code) + "* (" + code + ")", "Application : " + client.Nom}
	var i instantane
	if json.Unmarshal(p.Habilitation, &i) == nil && i.Strategie != nil {
		lignes = append(lignes, "Habilitation : "+i.Strategie.Type)
	}
	return strings.Join(lignes, "\n")
}

// avisReprise tells a partner that the commune took its addresses back.
func (s *Service) avisReprise(ctx context.Context, client *ClientDetail, p *revision.EnPublication) ([]Message, error) {
	if p.Precedente == nil || s.c.Reglages.Demo || !slices.Contains([]string{LegacyMesAdresses, legacyFormulaire}, valeur(client.LegacyID)) {
		return nil, nil
	}
	avant, err := s.c.Store.Client(ctx, valeur(p.Precedente.ClientID))
	if err != nil || avant == nil || slices.Contains([]string{LegacyMesAdresses, LegacyMoissonneur, legacyFormulaire, legacyGuichet}, valeur(avant.LegacyID)) {
		return nil, err
	}
	destinataire := avant.MandataireEmail
	if valeur(avant.ChefEmail) != "" {
		destinataire = *avant.ChefEmail
	}
	code := p.Revision.PorteeCle
	return []Message{{
		Canal: CanalCourriel, Type: TypeReprise, RevisionID: p.Revision.ID, Destinataire: destinataire, CleUnicite: TypeReprise + ":" + p.Revision.ID,
		Charge: ChargeReprise{CodeCommune: code, Commune: s.nomCommune(code), Client: avant.Nom, BALID: balID(p.Revision.Contexte)},
	}}, nil
}

// balID reads context.extras.balId, "" when it is not a text.
func balID(contexte json.RawMessage) string {
	var c struct {
		Extras struct {
			BALID json.RawMessage `json:"balId"`
		} `json:"extras"`
	}
	var id string
	if json.Unmarshal(contexte, &c) != nil || json.Unmarshal(c.Extras.BALID, &id) != nil {
		return ""
	}
	return id
}
