package web

import (
	"time"

	"apilos/api/auth"
	"apilos/api/compte"
	"apilos/api/siap"

	"github.com/google/uuid"
)

// Session is all that the pages must know about the caller.
type Session struct {
	Utilisateur    SessionUtilisateur       `json:"utilisateur" validate:"required"`
	Habilitation   *SessionHabilitation     `json:"habilitation" extensions:"x-nullable"`
	Typologie      *string                  `json:"typologie" extensions:"x-nullable" enums:"BAILLEUR,INSTRUCTEUR,ADMINISTRATEUR"`
	Entite         *SessionEntite           `json:"entite" extensions:"x-nullable"`
	Staff          bool                     `json:"staff" validate:"required"`
	Superuser      bool                     `json:"superuser" validate:"required"`
	Permissions    []string                 `json:"permissions" validate:"required"`
	Habilitations  []HabilitationDisponible `json:"habilitations" validate:"required"`
	Menu           []EntreeMenu             `json:"menu" validate:"required"`
	Liens          SessionLiens             `json:"liens" validate:"required"`
	Siap           SessionSiap              `json:"siap" validate:"required"`
	Detournement   *SessionDetournement     `json:"detournement" extensions:"x-nullable"`
	Interrupteurs  map[string]bool          `json:"interrupteurs" validate:"required"`
	ExpireLe       time.Time                `json:"expire_le" validate:"required"`
	Avertissements []SessionAvertissement   `json:"avertissements" validate:"required"`
} // @name Session

// SessionUtilisateur is the account of the caller.
type SessionUtilisateur struct {
	UUID             uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Nom              string    `json:"nom" validate:"required"`
	Prenom           string    `json:"prenom" validate:"required"`
	Email            string    `json:"email" validate:"required"`
	PreferencesEmail string    `json:"preferences_email" validate:"required" enums:"TOUS,PARTIEL,AUCUN"`
	Theme            string    `json:"theme" validate:"required" enums:"clair,sombre,systeme"`
	Version          int       `json:"version" validate:"required"`
	// Local tells an account of the platform, with a password, from one of CERBERE.
	Local bool `json:"local" validate:"required"`
} // @name SessionUtilisateur

// SessionHabilitation is the habilitation that the token acts under.
type SessionHabilitation struct {
	ID            int64            `json:"id" validate:"required" example:"101"`
	Entete        string           `json:"entete" validate:"required"`
	SousTitre1    string           `json:"sous_titre1" validate:"required"`
	SousTitre2    string           `json:"sous_titre2" validate:"required"`
	Profil        string           `json:"profil" validate:"required" example:"SER_GEST"`
	ProfilLibelle string           `json:"profil_libelle" validate:"required"`
	Role          string           `json:"role" validate:"required" example:"SERV_INSTR_VALIDEUR"`
	RoleLibelle   string           `json:"role_libelle" validate:"required"`
	LectureSeule  bool             `json:"lecture_seule" validate:"required"`
	Perimetre     SessionPerimetre `json:"perimetre" validate:"required"`
} // @name SessionHabilitation

// SessionPerimetre is the territory of a habilitation.
type SessionPerimetre struct {
	Region      *string `json:"region" extensions:"x-nullable" example:"53"`
	Departement *string `json:"departement" extensions:"x-nullable" example:"35"`
	National    bool    `json:"national" validate:"required"`
} // @name SessionPerimetre

// SessionEntite is the bailleur or administration the caller acts for.
type SessionEntite struct {
	Type string    `json:"type" validate:"required" enums:"bailleur,administration"`
	UUID uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Nom  string    `json:"nom" validate:"required"`
	Code *string   `json:"code" extensions:"x-nullable" example:"35047"`
} // @name SessionEntite

// HabilitationDisponible is a habilitation of the caller, for the chooser.
type HabilitationDisponible struct {
	ID           int64   `json:"id" validate:"required"`
	Entete       string  `json:"entete" validate:"required"`
	SousTitre1   string  `json:"sous_titre1" validate:"required"`
	SousTitre2   string  `json:"sous_titre2" validate:"required"`
	Profil       string  `json:"profil" validate:"required"`
	LectureSeule bool    `json:"lecture_seule" validate:"required"`
	Favori       bool    `json:"favori" validate:"required"`
	Courante     bool    `json:"courante" validate:"required"`
	Utilisable   bool    `json:"utilisable" validate:"required"`
	Motif        *string `json:"motif" extensions:"x-nullable"`
	Lien         *string `json:"lien" extensions:"x-nullable"`
} // @name HabilitationDisponible

// EntreeMenu is an entry of the common menu of SIAP.
type EntreeMenu struct {
	Libelle         string       `json:"libelle" validate:"required"`
	URL             *string      `json:"url" extensions:"x-nullable"`
	Actif           bool         `json:"actif" validate:"required"`
	Courant         bool         `json:"courant" validate:"required"`
	NouvelleFenetre bool         `json:"nouvelle_fenetre" validate:"required"`
	Enfants         []EntreeMenu `json:"enfants" validate:"required"`
} // @name EntreeMenu

// SessionLiens are addresses of SIAP, null as long as SIAP never gave them.
type SessionLiens struct {
	GestionHabilitations *string `json:"gestion_habilitations" extensions:"x-nullable"`
	RacineSiap           *string `json:"racine_siap" extensions:"x-nullable"`
} // @name SessionLiens

// SessionSiap says how fresh the habilitations are.
type SessionSiap struct {
	Disponible bool       `json:"disponible" validate:"required"`
	LuLe       *time.Time `json:"lu_le" extensions:"x-nullable"`
} // @name SessionSiap

// SessionDetournement says that somebody of the staff acts for the person shown.
type SessionDetournement struct {
	Mode     string    `json:"mode" validate:"required" enums:"lecture,complet"`
	Par      string    `json:"par" validate:"required" example:"Aïda Soutien"`
	Motif    string    `json:"motif" validate:"required"`
	ExpireLe time.Time `json:"expire_le" validate:"required"`
} // @name SessionDetournement

// SessionAvertissement is something to show above the page.
type SessionAvertissement struct {
	Code   string `json:"code" validate:"required" enums:"SIAP_INJOIGNABLE,SIAP_INJOIGNABLE_LECTURE_SEULE,HABILITATION_INUTILISABLE"`
	Detail string `json:"detail" validate:"required"`
} // @name SessionAvertissement

// SessionOuverte is one open session of the caller.
type SessionOuverte struct {
	ID       uuid.UUID `json:"id" validate:"required" swaggertype:"string" format:"uuid"`
	CreeLe   time.Time `json:"cree_le" validate:"required"`
	VueLe    time.Time `json:"vue_le" validate:"required"`
	Agent    string    `json:"agent" validate:"required"`
	IP       string    `json:"ip" validate:"required" example:"192.0.2.0"`
	Courante bool      `json:"courante" validate:"required"`
} // @name SessionOuverte

func vueUtilisateur(u compte.Utilisateur) SessionUtilisateur {
	return SessionUtilisateur{
		UUID: u.UUID, Nom: u.Nom, Prenom: u.Prenom, Email: u.Email,
		PreferencesEmail: u.PreferencesEmail, Theme: u.Theme, Version: u.Version,
		Local: u.CerbereLogin == nil,
	}
}

func vueSession(r compte.Ressource) Session {
	out := Session{
		Utilisateur: vueUtilisateur(r.Utilisateur), Staff: r.Principal.Staff, Superuser: r.Principal.Superuser,
		Permissions: []string{}, Habilitations: []HabilitationDisponible{}, Menu: vueMenu(r.Menu),
		Liens:         SessionLiens{GestionHabilitations: ouNul(r.LienGestion), RacineSiap: ouNul(r.RacineSIAP)},
		Siap:          SessionSiap{Disponible: r.SIAP.Disponible, LuLe: enUTC(r.SIAP.LuLe)},
		Interrupteurs: r.Interrupteurs, ExpireLe: r.ExpireLe.UTC(), Avertissements: []SessionAvertissement{},
		Typologie: ouNul(string(r.Principal.Typologie)),
	}
	for _, p := range r.Principal.Permissions() {
		out.Permissions = append(out.Permissions, string(p))
	}
	if r.Habilitation != nil {
		out.Habilitation = vueHabilitation(*r.Habilitation, r.Principal)
	}
	if e := r.Entite; e != nil {
		out.Entite = &SessionEntite{Type: e.Type, UUID: e.UUID, Nom: e.Nom, Code: ouNul(e.Code)}
	}
	for _, h := range r.Habilitations {
		out.Habilitations = append(out.Habilitations, HabilitationDisponible{
			ID: h.ID, Entete: h.Entete, SousTitre1: h.SousTitre1, SousTitre2: h.SousTitre2, Profil: h.Profil,
			LectureSeule: h.LectureSeule, Favori: h.Favori, Courante: h.Courante, Utilisable: h.Utilisable,
			Motif: ouNul(h.Motif), Lien: ouNul(h.Lien),
		})
	}
	if d := r.Detournement; d != nil {
		out.Detournement = &SessionDetournement{Mode: string(r.Principal.Mode), Par: d.Staff, Motif: d.Motif, ExpireLe: d.ExpireLe.UTC()}
	}
	for _, a := range r.Avertissements {
		out.Avertissements = append(out.Avertissements, SessionAvertissement(a))
	}
	return out
}

func vueHabilitation(h compte.Habilitation, p auth.Principal) *SessionHabilitation {
	return &SessionHabilitation{
		ID: h.ID, Entete: h.Entete, SousTitre1: h.SousTitre1, SousTitre2: h.SousTitre2,
		Profil: h.Profil, ProfilLibelle: h.ProfilLibelle, Role: h.CodeRole, RoleLibelle: h.RoleLibelle,
		LectureSeule: p.EnLecture(),
		Perimetre:    SessionPerimetre{Region: ouNul(p.Region), Departement: ouNul(p.Departement), National: p.National},
	}
}

func vueMenu(entrees []siap.MenuLink) []EntreeMenu {
	out := make([]EntreeMenu, 0, len(entrees))
	for _, e := range entrees {
		out = append(out, EntreeMenu{
			Libelle: e.Libelle, URL: ouNul(e.URL), Actif: e.Actif, Courant: e.Courant,
			NouvelleFenetre: e.NouvelleFenetre, Enfants: vueMenu(e.Entrees),
		})
	}
	return out
}

// ouNul writes an empty text as null.
func ouNul(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func enUTC(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}
