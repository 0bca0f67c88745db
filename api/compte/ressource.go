package compte

import (
	"context"
	"time"

	"apilos/api/auth"
	"apilos/api/siap"

	"github.com/google/uuid"
)

// Ressource is all that the pages need to know about the caller (05 C.3, GET /session).
type Ressource struct {
	Utilisateur    Utilisateur
	Principal      auth.Principal
	Habilitation   *Habilitation // nil when none is usable
	Habilitations  []HabilitationOfferte
	Entite         *Entite
	Menu           []siap.MenuLink
	LienGestion    string // where habilitations are managed in SIAP, "" when SIAP never said it
	RacineSIAP     string
	SIAP           EtatSIAP
	Interrupteurs  map[string]bool
	ExpireLe       time.Time // end of the session if nobody renews it
	Avertissements []Avertissement
	// Detournement is set while somebody of the staff acts as the person.
	Detournement *Detourne
}

// Detourne says who acts as the person, and until when.
type Detourne struct {
	Staff    string
	Motif    string
	ExpireLe time.Time
}

// HabilitationOfferte is a habilitation of the person with what the chooser needs.
type HabilitationOfferte struct {
	Habilitation
	Courante   bool
	Utilisable bool
	Motif      string // why it is not usable
	Lien       string // page of SIAP that comes back under this habilitation
}

// Entite is the bailleur or administration the caller acts for.
type Entite struct {
	Type string // bailleur or administration
	UUID uuid.UUID
	Nom  string
	Code string // SIREN or administration code, "" for a private bailleur
}

// EtatSIAP says how fresh the habilitations are.
type EtatSIAP struct {
	Disponible bool
	LuLe       *time.Time
}

// Avertissement is something the person must know about the session.
type Avertissement struct{ Code, Detail string }

// Codes of warnings.
const (
	AvertissementSIAP         = "SIAP_INJOIGNABLE"
	AvertissementDegrade      = "SIAP_INJOIGNABLE_LECTURE_SEULE"
	AvertissementHabilitation = "HABILITATION_INUTILISABLE"
)

// Session describes the session of p to its owner, under the habilitation of its token.
func (s *Service) Session(ctx context.Context, p auth.Principal) (Ressource, error) {
	return s.ressource(ctx, p.SessionID, func(*Etat) int64 { return p.HabilitationID })
}

// SessionParDefaut describes the session of p under its default habilitation, which has just changed.
func (s *Service) SessionParDefaut(ctx context.Context, p auth.Principal) (Ressource, error) {
	return s.ressource(ctx, p.SessionID, (*Etat).defaut)
}

func (s *Service) ressource(ctx context.Context, sid string, habilitation func(*Etat) int64) (Ressource, error) {
	id, err := uuid.Parse(sid)
	if err != nil {
		return Ressource{}, nonAuthentifie()
	}
	e, err := s.etat(ctx, id)
	if err != nil {
		return Ressource{}, err
	}
	now := s.maintenant()
	if e == nil || !e.ouverte(now) {
		return Ressource{}, nonAuthentifie()
	}
	p, per, err := s.principal(ctx, e, habilitation(e))
	if err != nil {
		return Ressource{}, err
	}
	r := Ressource{
		Utilisateur: e.Utilisateur, Principal: p, ExpireLe: e.Session.ExpireInactiviteLe,
		SIAP: EtatSIAP{Disponible: e.siapDisponible(now), LuLe: e.Session.HabilitationsVerifieesLe},
	}
	if h, ok := e.habilitation(p.HabilitationID); ok && p.Typologie != "" {
		r.Habilitation = &h
		r.Entite = entiteDe(h, per)
	}
	if d := e.Detournement; d != nil {
		r.Detournement = &Detourne{Staff: e.DetourneParNom, Motif: d.Motif, ExpireLe: e.Session.ExpireAbsolueLe}
	}
	if r.Interrupteurs, err = s.interrupteursPour(ctx, p, per.EntiteCode); err != nil {
		return Ressource{}, err
	}
	s.lierSIAP(ctx, &r, e, now)
	r.Avertissements = avertissements(e, r, now)
	return r, nil
}

func entiteDe(h Habilitation, per Perimetre) *Entite {
	switch h.Entite.Type {
	case siap.EntiteBailleur, siap.EntiteBailleurPrive:
		return &Entite{Type: "bailleur", UUID: per.EntiteUUID, Nom: per.EntiteNom, Code: per.EntiteCode}
	case siap.EntiteAdministration:
		return &Entite{Type: "administration", UUID: per.EntiteUUID, Nom: per.EntiteNom, Code: per.EntiteCode}
	case siap.EntiteAucune:
	}
	return nil
}

func (s *Service) interrupteursPour(ctx context.Context, p auth.Principal, code string) (map[string]bool, error) {
	liste, err := s.interrupteurs(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string]bool, len(liste))
	for _, i := range liste {
		out[i.Nom] = i.actifPour(p, code)
	}
	return out, nil
}

// lierSIAP adds the links and the menu (05 B.4). Without the addresses of SIAP there are none, and the
// rest of the session works.
func (s *Service) lierSIAP(ctx context.Context, r *Ressource, e *Etat, now time.Time) {
	ctx, cancel := context.WithTimeout(ctx, delaiLiens)
	defer cancel()
	courante := r.Principal.HabilitationID
	cfg, err := s.cfg.SIAP.Config(ctx)
	if err != nil {
		s.cfg.Journal.WarnContext(ctx, "adresses du SIAP inconnues", "error", err.Error())
	} else {
		r.LienGestion, r.RacineSIAP = cfg.ManageHabilitationsURL(courante), cfg.RacineURLAccesWeb
		r.Menu = s.menu(ctx, cfg, e.login(), courante)
	}
	for _, h := range e.Habilitations {
		o := HabilitationOfferte{Habilitation: h, Courante: h.ID == courante, Utilisable: h.utilisable(now)}
		if !o.Utilisable {
			o.Motif = h.motif(now)
		}
		if err == nil {
			o.Lien = cfg.ChangeHabilitationURL(h.ID)
		}
		r.Habilitations = append(r.Habilitations, o)
	}
}

// menu returns the common menu, or none: its absence never spoils a page.
func (s *Service) menu(ctx context.Context, cfg siap.ConfigDTO, login string, habilitationID int64) []siap.MenuLink {
	if s.cfg.SansMenu || habilitationID == 0 || login == "" {
		return nil
	}
	items, err := s.cfg.SIAP.Menu(ctx, login, habilitationID)
	if err != nil {
		s.cfg.Journal.WarnContext(ctx, "menu du SIAP indisponible", "error", err.Error())
		return nil
	}
	return cfg.Menu(items, habilitationID)
}

// motif is the sentence that says why h gives no access.
func (h Habilitation) motif(now time.Time) string {
	if h.Refus == siap.RefusAucun && h.expiree(now) {
		return siap.RefusHabilitation.Message()
	}
	return h.Refus.Message()
}

func avertissements(e *Etat, r Ressource, now time.Time) []Avertissement {
	var out []Avertissement
	switch {
	case e.degradee():
		out = append(out, Avertissement{AvertissementDegrade,
			"Le SIAP est injoignable : vous consultez avec vos dernières habilitations connues, sans pouvoir modifier. Réessayez plus tard."})
	case !e.siapDisponible(now):
		out = append(out, Avertissement{AvertissementSIAP,
			"Le SIAP est injoignable : vos habilitations n’ont pas pu être vérifiées depuis plus de quinze minutes. Réessayez plus tard."})
	}
	if r.Habilitation == nil && e.defaut() != 0 {
		out = append(out, Avertissement{AvertissementHabilitation,
			"Votre habilitation n’est plus valide dans le SIAP. Choisissez-en une autre ou demandez-en une."})
	}
	return out
}

// LienGestion is the page of SIAP where habilitations are managed, "" when SIAP never gave its address. It
// serves people whose sign-in was refused.
func (s *Service) LienGestion(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, delaiLiens)
	defer cancel()
	cfg, err := s.cfg.SIAP.Config(ctx)
	if err != nil {
		return ""
	}
	return cfg.ManageHabilitationsURL(0)
}
