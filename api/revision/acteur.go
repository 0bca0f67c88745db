package revision

import "apilos/api/auth"

// Acteur is who acts: a person of the platform, a client of the deposit API, or the administrator of
// the deposit. The transport fills it after authentication.
type Acteur struct {
	Principal auth.Principal
	// ClientID is the deposit client, "" for a person.
	ClientID string
	// Nom is written in the journal for an actor without account: name of the client, "administrateur du dépôt".
	Nom string
	// Admin is true for the bearer of the deposit's administration token.
	Admin bool
	// Of the request, for the journal; IP is truncated.
	IP, RequeteID string
}

// Personne is the actor of a request made with a session.
func Personne(p auth.Principal) Acteur {
	return Acteur{Principal: p, IP: p.IP, RequeteID: p.RequeteID}
}

// auteurID is the account of the actor, nil for a client.
func (a Acteur) auteurID() *int64 {
	if a.Principal.UtilisateurID == 0 {
		return nil
	}
	id := a.Principal.UtilisateurID
	return &id
}

func (a Acteur) clientID() *string {
	if a.ClientID == "" {
		return nil
	}
	id := a.ClientID
	return &id
}
