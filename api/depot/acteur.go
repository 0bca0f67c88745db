package depot

import (
	"apilos/api/auth"
	"apilos/api/fault"
	"apilos/api/revision"
)

// Acteur is who calls: nobody, a client (Client set), the bearer of the administration token (Admin) or a
// person of the platform (Principal set). The transport fills it after authentication.
type Acteur struct {
	Client    *ClientDetail
	Admin     bool
	Principal auth.Principal
	// Of the request, for the journal; IP is truncated.
	IP, RequeteID string
}

// Personne is the actor of a request made with a session of the platform.
func Personne(p auth.Principal) Acteur {
	return Acteur{Principal: p, IP: p.IP, RequeteID: p.RequeteID}
}

// nomAdmin names the bearer of the administration token in the journal.
const nomAdmin = "administrateur du dépôt"

// Nom is written in the journal for an actor without account.
func (a Acteur) Nom() string {
	switch {
	case a.Client != nil:
		return a.Client.Nom
	case a.Admin:
		return nomAdmin
	}
	return ""
}

// Moteur is the same actor for the revision engine.
func (a Acteur) Moteur() revision.Acteur {
	m := revision.Acteur{Principal: a.Principal, Nom: a.Nom(), Admin: a.Admin, IP: a.IP, RequeteID: a.RequeteID}
	if a.Client != nil {
		m.ClientID = a.Client.ID
	}
	return m
}

// profilCentral is the SIAP profile of the central administration.
const profilCentral = "ADM_CENTRALE"

// PeutVoir tells whether p sees the administration of the deposit, which shows the addresses of people: staff and
// the central administration. The other administrateurs (regions, associations, partners) have nothing to do there.
func PeutVoir(p auth.Principal) bool {
	return p.UtilisateurID != 0 && (p.Staff || p.Superuser || p.Typologie == auth.Administrateur && p.Profil == profilCentral)
}

// PeutAdministrer tells whether p may change it: the same people, unless their profile only reads (ST-05).
func PeutAdministrer(p auth.Principal) bool { return PeutVoir(p) && !p.EnLecture() }

// administre tells whether the actor may do what the contract reserves to the administrator.
func (a Acteur) administre() bool { return a.Admin || PeutAdministrer(a.Principal) }

// exigerAdmin answers 403 to anybody else than an administrator (07 section 2.2).
func (a Acteur) exigerAdmin() error {
	if a.administre() {
		return nil
	}
	return ErrNonAutorise()
}

// ErrNonAutorise is the answer of the admin guard, with or without a header.
func ErrNonAutorise() *fault.Error {
	return fault.New(fault.Forbidden, "NON_AUTORISE", "Non autorisé")
}
