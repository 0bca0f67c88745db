package revision

import (
	"encoding/json"
	"fmt"
	"time"

	"apilos/api/event"

	"github.com/google/uuid"
)

// Commands of the journal.
const (
	commandeCreation       = "revision.creee"
	commandeDepot          = "revision.fichier_depose"
	commandeCalcul         = "revision.calculee"
	commandePublication    = "revision.publiee"
	commandeRestauration   = "revision.restauree"
	commandeSuppression    = "revision.supprimee"
	commandeTelechargement = "revision.telechargee"
)

// trace is what the journal keeps of a revision: its identity and the digests of its files.
type trace struct {
	Revision  string            `json:"revision"`
	Nature    string            `json:"nature"`
	PorteeCle string            `json:"portee_cle"`
	Client    string            `json:"client,omitempty"`
	Fichiers  map[string]string `json:"fichiers,omitempty"` // type → SHA-256
	Valide    *bool             `json:"valide,omitempty"`
	Remplace  string            `json:"remplace,omitempty"`
	Origine   string            `json:"origine,omitempty"`
}

func traceDe(r *Revision) trace {
	t := trace{Revision: r.ID, Nature: r.Nature, PorteeCle: r.PorteeCle}
	if r.ClientID != nil {
		t.Client = *r.ClientID
	}
	for _, f := range r.Fichiers {
		if t.Fichiers == nil {
			t.Fichiers = map[string]string{}
		}
		t.Fichiers[f.Type] = f.Sha256
	}
	return t
}

// journal builds the row of a transition (07 §12, Audit).
func journal(a Acteur, action, commande string, t trace, le time.Time) (event.Journal, error) {
	apres, err := json.Marshal(t)
	if err != nil {
		return event.Journal{}, fmt.Errorf("journal of %s: %w", commande, err)
	}
	j := event.Journal{NomTable: "revision", Action: action, Commande: commande, Mode: "NORMAL", Apres: apres, CreeLe: le}
	j.Signer(a.Principal)
	if a.Principal.UtilisateurID == 0 {
		j.Acteur = a.nom()
	}
	j.IP, j.RequeteID = a.IP, nil
	if id, err := uuid.Parse(a.RequeteID); err == nil {
		j.RequeteID = &id
	}
	return j, nil
}

// nom is who the journal says acted, without account.
func (a Acteur) nom() string {
	switch {
	case a.Nom != "":
		return a.Nom
	case a.ClientID != "":
		return "client " + a.ClientID
	case a.Admin:
		return "administrateur du dépôt"
	}
	return a.Principal.Login
}
