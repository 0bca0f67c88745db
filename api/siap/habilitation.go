package siap

import (
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/date"
)

// Refus is the reason why a habilitation gives no access; "" means that it does.
type Refus string

// Reasons. The lower-case ones are codes of 05 A.2, the others of 02 and 05 B.6.8.
const (
	RefusAucun           Refus = ""
	RefusHabilitation    Refus = "habilitation_not_valid" // not VALIDEE (PE-11), or past its dateExpiration
	RefusProfil          Refus = "profil_not_supported"   // unknown profile
	RefusPerimetre       Refus = "PERIMETRE_ABSENT"       // PE-16: nothing limits what would be seen
	RefusBailleurInconnu Refus = "BAILLEUR_NON_IDENTIFIE" // maître d'ouvrage without siren, person without e-mail
)

const (
	statutValidee      = "VALIDEE"
	porteeRegion       = "REG"
	porteeDepartement  = "DEP"
	roleAssHlmNational = "ASS_HLM_NAT_LECTEUR"
)

// Message returns the sentence shown to people.
func (r Refus) Message() string {
	switch r {
	case RefusAucun:
		return ""
	case RefusHabilitation:
		return "Cette habilitation n'est pas validée ou a expiré. Demandez sa validation ou son renouvellement dans le SIAP."
	case RefusProfil:
		return "Le profil de cette habilitation ne donne pas accès au conventionnement. Choisissez une autre habilitation."
	case RefusPerimetre:
		return "Le territoire de cette habilitation n'est pas renseigné dans le SIAP. Faites-le compléter par votre administrateur."
	case RefusBailleurInconnu:
		return "Le maître d'ouvrage de cette habilitation n'est pas identifié dans le SIAP (SIREN ou adresse électronique manquante)."
	}
	return "Cette habilitation ne donne pas accès au conventionnement."
}

// TypeEntite says which row of ours a habilitation stands for.
type TypeEntite string

// Kinds of entity.
const (
	EntiteAucune         TypeEntite = ""
	EntiteBailleur       TypeEntite = "bailleur"       // pivot SIREN
	EntiteBailleurPrive  TypeEntite = "bailleur_prive" // pivot e-mail, nature forced to Bailleurs privés
	EntiteAdministration TypeEntite = "administration" // pivot code
)

// EntiteSIAP is the entity to find, or to create when it does not exist (PE-13).
type EntiteSIAP struct {
	Type  TypeEntite
	Pivot string // SIREN, lower-cased e-mail or administration code
	Nom   string
}

// Droits is what a habilitation allows, computed from it alone (02 §2.2, 05 B.5). It is a value:
// nothing in it changes once computed, and it is safe to carry in a request.
type Droits struct {
	HabilitationID int64
	Profil         Profil
	CodeRole       string
	RoleConnu      bool // false: unknown role code, read-only and to be logged (PE-10)

	Typologie    auth.Typologie
	LectureSeule bool

	// Region and Departement are INSEE codes; at most one is set. National is true when the profile
	// sees the whole country (PE-16) and no territory limits it.
	Region      string
	Departement string
	National    bool

	Entite    EntiteSIAP
	ClasseKPI ClasseKPI
	ExpireLe  *date.Date // last day of validity

	Refus Refus // "" when the habilitation may be used
}

// Utilisable tells whether the habilitation gives access.
func (d Droits) Utilisable() bool { return d.Refus == RefusAucun }

// InstructeurDepartemental tells whether the profile is the département service (05 B.5.1).
func (d Droits) InstructeurDepartemental() bool { return d.Profil == SerDep }

// Groupe returns the permission group: bailleur, instructeur, administrateur, or its readonly_ variant.
func (d Droits) Groupe() string {
	g := strings.ToLower(string(d.Typologie))
	if d.LectureSeule && g != "" {
		g = "readonly_" + g
	}
	return g
}

// Evaluer computes the rights a habilitation gives at the instant maintenant. It never fails: a
// habilitation that gives no access carries its Refus.
func Evaluer(h HabilitationDTO, maintenant time.Time) Droits {
	d := Droits{HabilitationID: h.ID}
	if h.Groupe != nil {
		d.Profil, d.CodeRole = h.Groupe.Profil.Code, h.Groupe.CodeRole
	}
	d.ClasseKPI = d.Profil.ClasseKPI()
	d.LectureSeule, d.RoleConnu = RoleConnu(d.CodeRole)
	if d.Profil == Partenaires {
		d.LectureSeule = true
	}
	d.ExpireLe = lireExpiration(h.DateExpiration)
	if !Valide(h, maintenant) {
		d.Refus = RefusHabilitation
		return d
	}
	typologie, ok := d.Profil.Typologie()
	if !ok {
		d.Refus = RefusProfil
		return d
	}
	d.Typologie = typologie
	d.Refus = d.lirePerimetre(h.PorteeTerritComp)
	if d.Refus == RefusAucun {
		d.Refus = d.lireEntite(h)
	}
	return d
}

// Valide tells whether the habilitation is VALIDEE (PE-11) and not past its dateExpiration, which
// includes the whole of that day in France. A date that cannot be read counts as past.
func Valide(h HabilitationDTO, maintenant time.Time) bool {
	if h.Statut != statutValidee {
		return false
	}
	if strings.TrimSpace(h.DateExpiration) == "" {
		return true
	}
	fin := lireExpiration(h.DateExpiration)
	return fin != nil && !date.InParis(maintenant).After(*fin)
}

// lireExpiration reads a day, or the day in France of an instant; nil when it is neither.
func lireExpiration(s string) *date.Date {
	s = strings.TrimSpace(s)
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		d := date.InParis(t)
		return &d
	}
	if len(s) > 10 && s[10] == 'T' {
		s = s[:10]
	}
	d, err := date.Parse(s)
	if err != nil {
		return nil
	}
	return &d
}

// lirePerimetre sets the territory. Deny by default: a reach that announces a territory without
// naming it would otherwise open the whole country.
func (d *Droits) lirePerimetre(p *PorteeDTO) Refus {
	if d.Profil == Partenaires {
		d.National = true
		return RefusAucun
	}
	if p != nil {
		switch p.CodePortee {
		case porteeRegion:
			if d.Region = p.RegComp.code().Region(); d.Region == "" {
				return RefusPerimetre
			}
		case porteeDepartement:
			if d.Departement = p.DepComp.code().Departement(); d.Departement == "" {
				return RefusPerimetre
			}
		}
	}
	switch d.Profil {
	case SerDep:
		if d.Departement == "" {
			return RefusPerimetre
		}
	case DirReg:
		if d.Region == "" {
			return RefusPerimetre
		}
	case AdmCentrale:
		d.National = d.Region == "" && d.Departement == ""
	case AssHlm:
		limite := d.Region != "" || d.Departement != ""
		d.National = !limite && d.CodeRole == roleAssHlmNational
		if !limite && !d.National {
			return RefusPerimetre
		}
	}
	return RefusAucun
}

// lireEntite sets the entity the habilitation stands for (05 B.5.1).
func (d *Droits) lireEntite(h HabilitationDTO) Refus {
	switch d.Profil {
	case MOPersMorale:
		if h.EntiteMorale == nil || h.EntiteMorale.Siren == "" {
			return RefusBailleurInconnu
		}
		d.Entite = EntiteSIAP{EntiteBailleur, h.EntiteMorale.Siren.String(), strings.TrimSpace(h.EntiteMorale.Nom)}
	case MOPersPhys:
		u := h.Utilisateur
		if u == nil || strings.TrimSpace(u.Email) == "" {
			return RefusBailleurInconnu
		}
		nom := strings.TrimSpace(u.Prenom + " " + u.Nom)
		if h.EntiteMorale != nil && strings.TrimSpace(h.EntiteMorale.Nom) != "" {
			nom = strings.TrimSpace(h.EntiteMorale.Nom)
		}
		d.Entite = EntiteSIAP{EntiteBailleurPrive, strings.ToLower(strings.TrimSpace(u.Email)), nom}
	case SerGest, SerDep:
		g := h.Gestionnaire
		if g == nil || g.Code == "" {
			if d.Profil == SerGest { // its administration is what limits an instructeur
				return RefusPerimetre
			}
			return RefusAucun
		}
		d.Entite = EntiteSIAP{EntiteAdministration, g.Code.String(), strings.TrimSpace(g.Libelle)}
	}
	return RefusAucun
}

func (t *Territoire) code() Code {
	if t == nil {
		return ""
	}
	return t.Code
}

// Valides keeps the habilitations that are VALIDEE and not expired, in the order of the SIAP.
func Valides(liste []HabilitationDTO, maintenant time.Time) []HabilitationDTO {
	var out []HabilitationDTO
	for _, h := range liste {
		if Valide(h, maintenant) {
			out = append(out, h)
		}
	}
	return out
}

// Trouver returns the habilitation id of a list. The inbound API takes no other one (05 A.2).
func Trouver(liste []HabilitationDTO, id int64) (HabilitationDTO, bool) {
	for _, h := range liste {
		if h.ID == id && id > 0 {
			return h, true
		}
	}
	return HabilitationDTO{}, false
}

// Choisir returns the active habilitation of the web application among valides: the one asked when
// it is there, otherwise the current one, otherwise the favourite, otherwise the first (02 §2.2). ok
// is false when the list is empty; the caller compares the ids to know whether the wish was granted.
func Choisir(valides []HabilitationDTO, demandee, courante int64) (h HabilitationDTO, ok bool) {
	for _, id := range []int64{demandee, courante} {
		if h, ok := Trouver(valides, id); ok {
			return h, true
		}
	}
	for _, h := range valides {
		if h.Favori {
			return h, true
		}
	}
	if len(valides) > 0 {
		return valides[0], true
	}
	return HabilitationDTO{}, false
}
