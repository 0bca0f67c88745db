package compte

import (
	"math"
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/siap"
)

// Habilitation is what a session remembers of a habilitation of SIAP: enough to work out rights and
// to draw the banner without asking again. It is stored as JSON in session.habilitations.
type Habilitation struct {
	ID            int64          `json:"id"`
	Profil        string         `json:"profil"`
	ProfilLibelle string         `json:"profil_libelle,omitempty"`
	CodeRole      string         `json:"code_role,omitempty"`
	RoleLibelle   string         `json:"role_libelle,omitempty"`
	Entete        string         `json:"entete,omitempty"`
	SousTitre1    string         `json:"sous_titre1,omitempty"`
	SousTitre2    string         `json:"sous_titre2,omitempty"`
	Typologie     auth.Typologie `json:"typologie,omitempty"`
	LectureSeule  bool           `json:"lecture_seule,omitempty"`
	Region        string         `json:"region,omitempty"`
	Departement   string         `json:"departement,omitempty"`
	National      bool           `json:"national,omitempty"`
	Favori        bool           `json:"favori,omitempty"`
	ExpireLe      *date.Date     `json:"expire_le,omitempty"` // last day of validity
	Refus         siap.Refus     `json:"refus,omitempty"`     // why it gives no access
	Entite        EntiteSIAP     `json:"entite"`
	// EntiteID is the row of bailleur or administration, set when the habilitation is activated.
	EntiteID int64 `json:"entite_id,omitempty"`
}

// EntiteSIAP is the bailleur or the administration a habilitation stands for, as SIAP describes it.
type EntiteSIAP struct {
	Type       siap.TypeEntite `json:"type,omitempty"`
	Pivot      string          `json:"pivot,omitempty"` // SIREN, e-mail in lower case, or administration code
	Nom        string          `json:"nom,omitempty"`
	Adresse    string          `json:"adresse,omitempty"`
	CodePostal string          `json:"code_postal,omitempty"`
	Ville      string          `json:"ville,omitempty"`
}

// utilisable tells whether h gives access at the instant now.
func (h Habilitation) utilisable(now time.Time) bool {
	return h.Refus == siap.RefusAucun && !h.expiree(now)
}

func (h Habilitation) expiree(now time.Time) bool {
	return h.ExpireLe != nil && date.InParis(now).After(*h.ExpireLe)
}

// prete tells whether h is usable and its entity, if it has one, is known to the platform.
func (h Habilitation) prete(now time.Time) bool {
	return h.utilisable(now) && (h.Entite.Type == siap.EntiteAucune || h.EntiteID != 0)
}

// erreur explains why h cannot be used.
func (h Habilitation) erreur(now time.Time) error {
	if h.Refus == siap.RefusAucun && h.expiree(now) {
		return refusee(siap.RefusHabilitation)
	}
	return refusee(h.Refus)
}

func refusee(r siap.Refus) *fault.Error {
	return fault.New(fault.Forbidden, string(r), r.Message())
}

// lireHabilitations keeps what SIAP validated (PE-11), in its order, and what each of them allows. It also
// tells which role codes are unknown, for the log (PE-10). A habilitation whose id cannot be stored, or
// is given twice, is left out.
func lireHabilitations(recues []siap.HabilitationDTO, now time.Time) (habs []Habilitation, rolesInconnus []string) {
	vues := map[int64]bool{}
	for _, h := range siap.Valides(recues, now) {
		if h.ID <= 0 || h.ID > math.MaxInt32 || vues[h.ID] {
			continue
		}
		vues[h.ID] = true
		d := siap.Evaluer(h, now)
		if !d.RoleConnu {
			rolesInconnus = append(rolesInconnus, d.CodeRole)
		}
		habs = append(habs, nouvelleHabilitation(h, d))
	}
	return habs, rolesInconnus
}

func nouvelleHabilitation(h siap.HabilitationDTO, d siap.Droits) Habilitation {
	out := Habilitation{
		ID: h.ID, Profil: string(d.Profil), CodeRole: d.CodeRole,
		SousTitre1: lisible(h.SousTitre1, maxLibelle), SousTitre2: lisible(h.SousTitre2, maxLibelle),
		Typologie: d.Typologie, LectureSeule: d.LectureSeule,
		Region: d.Region, Departement: d.Departement, National: d.National,
		Favori: h.Favori, ExpireLe: d.ExpireLe, Refus: d.Refus,
		Entite: EntiteSIAP{Type: d.Entite.Type, Pivot: d.Entite.Pivot, Nom: lisible(d.Entite.Nom, maxLibelle)},
	}
	out.Entete = lisible(h.Entete, maxLibelle)
	if g := h.Groupe; g != nil {
		out.ProfilLibelle, out.RoleLibelle = lisible(g.Profil.Libelle, maxLibelle), lisible(g.LibelleRole, maxLibelle)
		if out.Entete == "" {
			out.Entete = out.RoleLibelle // 05 B.4
		}
	}
	if m := h.EntiteMorale; m != nil && d.Typologie == auth.Bailleur {
		out.Entite.lireAdresse(*m)
	}
	return out
}

// maxLibelle is the length of the name of a bailleur or administration, in characters.
const maxLibelle = 255

// lireAdresse follows the order of 05 B.6.1.
func (e *EntiteSIAP) lireAdresse(m siap.EntiteMoraleDTO) {
	e.Adresse = lisible(premier(m.AdresseLigne, m.AdresseLigne4), maxLibelle)
	ligne6 := strings.TrimSpace(m.AdresseLigne6)
	e.Ville = lisible(strings.TrimLeft(ligne6, "0123456789 "), maxLibelle)
	e.CodePostal = codePostal(m.CodePostal.String())
	if e.CodePostal == "" && len(ligne6) >= 5 {
		e.CodePostal = codePostal(ligne6[:5])
	}
}

// codePostal returns five digits, giving back the zero that a number loses, or "".
func codePostal(s string) string {
	s = strings.TrimSpace(s)
	if len(s) == 4 {
		s = "0" + s
	}
	if len(s) != 5 || strings.Trim(s, "0123456789") != "" {
		return ""
	}
	return s
}

func premier(values ...string) string {
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			return v
		}
	}
	return ""
}

// trouver returns the habilitation id of habs.
func trouver(habs []Habilitation, id int64) (Habilitation, bool) {
	for _, h := range habs {
		if h.ID == id && id > 0 {
			return h, true
		}
	}
	return Habilitation{}, false
}

// choisir returns the habilitation that a new session starts with (02 §2.2): the one asked, else the
// favourite, else the first of SIAP's order, among those that give access.
func choisir(habs []Habilitation, demandee int64, now time.Time) (Habilitation, bool) {
	if h, ok := trouver(habs, demandee); ok && h.utilisable(now) {
		return h, true
	}
	var first *Habilitation
	for i, h := range habs {
		if !h.utilisable(now) {
			continue
		}
		if h.Favori {
			return h, true
		}
		if first == nil {
			first = &habs[i]
		}
	}
	if first == nil {
		return Habilitation{}, false
	}
	return *first, true
}

// aucuneUtilisable is the refusal of a person none of whose habilitations gives access: the reason of
// the first one when SIAP validated some, otherwise that there is none.
func aucuneUtilisable(habs []Habilitation, now time.Time) error {
	if len(habs) > 0 {
		return habs[0].erreur(now)
	}
	return fault.New(fault.Forbidden, string(siap.RefusHabilitation),
		"Vous n’avez aucune habilitation validée pour le conventionnement. Demandez-en une dans le SIAP.")
}
