package compte

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"
)

// identifier returns the account of an identity, created or brought up to date (05 C.1). It is one
// transaction: two sign-ins of a new person at the same instant give one account.
func (s *Service) identifier(ctx context.Context, id Identite, a Appel) (Utilisateur, error) {
	var u *Utilisateur
	err := s.cfg.Store.InTx(ctx, func(ctx context.Context) (err error) {
		now := s.maintenant()
		if u, err = s.cfg.Store.VerrouillerParUsername(ctx, id.ID); err != nil {
			return err
		}
		if u == nil {
			u, err = s.adopterOuCreer(ctx, id, a, now)
		} else {
			err = s.libererLogin(ctx, id, u.ID, a, now)
		}
		if err != nil || !u.EstActif {
			return err
		}
		return s.rafraichirCompte(ctx, u, id, a, now)
	})
	if err != nil {
		return Utilisateur{}, fmt.Errorf("find the account: %w", err)
	}
	return *u, nil
}

// adopterOuCreer handles an identifier seen for the first time: the account that already has this login
// and never signed in through CERBERE is adopted, otherwise one is created.
func (s *Service) adopterOuCreer(ctx context.Context, id Identite, a Appel, now time.Time) (*Utilisateur, error) {
	existant, err := s.cfg.Store.VerrouillerParLogin(ctx, id.Login)
	if err != nil {
		return nil, err
	}
	if existant != nil && existant.Username == id.ID { // adopted by another sign-in while this one waited
		return existant, nil
	}
	if existant != nil {
		connu, err := s.aIdentifiantCerbere(ctx, *existant)
		if err != nil {
			return nil, err
		}
		if !connu {
			return s.adopter(ctx, existant, id, a, now)
		}
		if err := s.retirerLogin(ctx, existant, a, now); err != nil {
			return nil, err
		}
	}
	u := &Utilisateur{
		Username: id.ID, CerbereLogin: &id.Login, Email: id.Email, Prenom: id.Prenom, Nom: id.Nom,
		EstActif: true, RecherchesRecentes: true, InscritLe: now, MisAJourLe: now,
	}
	created, err := s.cfg.Store.CreerUtilisateur(ctx, u)
	if err != nil {
		return nil, err
	}
	if !created { // another sign-in of the same person won
		u, err = s.cfg.Store.VerrouillerParUsername(ctx, id.ID)
		if err == nil && u == nil {
			err = errors.New("the login was taken by another account at the same instant")
		}
		return u, err
	}
	return u, s.journaliserCompte(ctx, u.ID, event.Ajout, "utilisateur.creation", a, nil, map[string]any{"username": u.Username})
}

// aIdentifiantCerbere tells whether the username of u is an identifier given by CERBERE: it has the
// form of one, or the journal remembers a sign-in. Such an account belongs to somebody else than the
// newcomer who now has its login.
func (s *Service) aIdentifiantCerbere(ctx context.Context, u Utilisateur) (bool, error) {
	if u.Username != "" && strings.Trim(u.Username, "0123456789") == "" {
		return true, nil
	}
	return s.cfg.Store.DejaConnecte(ctx, u.ID)
}

func (s *Service) adopter(ctx context.Context, u *Utilisateur, id Identite, a Appel, now time.Time) (*Utilisateur, error) {
	ancien := u.Username
	if err := s.modifier(ctx, u, map[string]any{"username": id.ID}, now); err != nil {
		return nil, err
	}
	u.Username = id.ID
	return u, s.journaliserCompte(ctx, u.ID, event.Modification, "utilisateur.adoption", a,
		map[string]any{"username": ancien}, map[string]any{"username": u.Username})
}

// libererLogin takes the login of id from another account that would still hold it: CERBERE says whose
// it is now.
func (s *Service) libererLogin(ctx context.Context, id Identite, saufID int64, a Appel, now time.Time) error {
	autre, err := s.cfg.Store.VerrouillerParLogin(ctx, id.Login)
	if err != nil || autre == nil || autre.ID == saufID {
		return err
	}
	return s.retirerLogin(ctx, autre, a, now)
}

func (s *Service) retirerLogin(ctx context.Context, u *Utilisateur, a Appel, now time.Time) error {
	ancien := *u.CerbereLogin
	if err := s.modifier(ctx, u, map[string]any{"cerbere_login": nil}, now); err != nil {
		return err
	}
	return s.journaliserCompte(ctx, u.ID, event.Modification, "utilisateur.login_retire", a,
		map[string]any{"cerbere_login": ancien}, map[string]any{"cerbere_login": nil})
}

// rafraichirCompte copies the fields that CERBERE owns, and only when they changed. An attribute that
// CERBERE does not send keeps the value known.
func (s *Service) rafraichirCompte(ctx context.Context, u *Utilisateur, id Identite, a Appel, now time.Time) error {
	avant, apres := map[string]any{}, map[string]any{}
	note := func(colonne, ancien, nouveau string) bool {
		if nouveau == "" || nouveau == ancien {
			return false
		}
		avant[colonne], apres[colonne] = ancien, nouveau
		return true
	}
	login := ""
	if u.CerbereLogin != nil {
		login = *u.CerbereLogin
	}
	if note("cerbere_login", login, id.Login) {
		u.CerbereLogin = &id.Login
	}
	if note("nom", u.Nom, id.Nom) {
		u.Nom = id.Nom
	}
	if note("prenom", u.Prenom, id.Prenom) {
		u.Prenom = id.Prenom
	}
	if note("email", u.Email, id.Email) {
		u.Email = id.Email
	}
	if len(apres) == 0 {
		return nil
	}
	if err := s.modifier(ctx, u, apres, now); err != nil {
		return err
	}
	return s.journaliserCompte(ctx, u.ID, event.Modification, "utilisateur.cerbere", a, avant, apres)
}

// modifier writes columns of an account that this transaction has locked.
func (s *Service) modifier(ctx context.Context, u *Utilisateur, colonnes map[string]any, now time.Time) error {
	ok, err := s.cfg.Store.ModifierUtilisateur(ctx, u.ID, u.Version, colonnes, now)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("account %d changed while locked", u.ID)
	}
	u.Version++
	return nil
}

func (s *Service) journaliserCompte(ctx context.Context, id int64, action, commande string, a Appel, avant, apres map[string]any) error {
	j := event.Journal{NomTable: "utilisateur", LigneID: &id, Action: action, Commande: commande}
	var err error
	if avant != nil {
		if j.Avant, err = json.Marshal(avant); err != nil {
			return fmt.Errorf("describe account: %w", err)
		}
	}
	if j.Apres, err = json.Marshal(apres); err != nil {
		return fmt.Errorf("describe account: %w", err)
	}
	j.Signer(auth.Principal{UtilisateurID: id, RequeteID: a.RequeteID, IP: a.IP})
	return s.cfg.Store.Journaliser(ctx, j)
}

// Preferences are the choices a person makes for themselves; a nil field is left as it is.
type Preferences struct {
	Theme            *string
	PreferencesEmail *string
}

// Values of the preferences (01 §2.6).
const (
	ThemeClair   = "clair"
	ThemeSombre  = "sombre"
	ThemeSysteme = "systeme"

	EmailsTous    = "TOUS"
	EmailsPartiel = "PARTIEL"
	EmailsAucun   = "AUCUN"
)

// ModifierPreferences changes the preferences of the caller and returns the account. version is the one
// the caller read, or 0 for whatever it is now. Unknown values are 422, a stale version 412.
func (s *Service) ModifierPreferences(ctx context.Context, p auth.Principal, version int, pref Preferences) (Utilisateur, error) {
	colonnes, err := pref.colonnes()
	if err != nil {
		return Utilisateur{}, err
	}
	var u *Utilisateur
	err = s.cfg.Store.InTx(ctx, func(ctx context.Context) (err error) {
		if u, err = s.cfg.Store.Utilisateur(ctx, p.UtilisateurID); err != nil {
			return err
		}
		if u == nil {
			return nonAuthentifie()
		}
		if version != 0 && version != u.Version {
			return perimee(u.Version)
		}
		if len(colonnes) == 0 {
			return nil
		}
		ok, err := s.cfg.Store.ModifierUtilisateur(ctx, u.ID, u.Version, colonnes, s.maintenant())
		if err != nil {
			return err
		}
		if !ok {
			return perimee(u.Version + 1)
		}
		u, err = s.cfg.Store.Utilisateur(ctx, u.ID)
		return err
	})
	if err != nil {
		return Utilisateur{}, err
	}
	s.cache.oublier(p.SessionID)
	return *u, nil
}

func perimee(version int) error {
	return fault.New(fault.Stale, "VERSION_PERIMEE",
		"Vos préférences ont été modifiées depuis un autre onglet. Rechargez la page puis recommencez.").With("version", version)
}

func (p Preferences) colonnes() (map[string]any, error) {
	colonnes := map[string]any{}
	var fautes []fault.Field
	choix := func(colonne string, valeur *string, valides ...string) {
		if valeur == nil {
			return
		}
		for _, v := range valides {
			if *valeur == v {
				colonnes[colonne] = v
				return
			}
		}
		fautes = append(fautes, fault.Field{Pointer: "/" + colonne, Code: "choix",
			Detail: "Choisissez une valeur parmi : " + strings.Join(valides, ", ") + "."})
	}
	choix("theme", p.Theme, ThemeClair, ThemeSombre, ThemeSysteme)
	choix("preferences_email", p.PreferencesEmail, EmailsTous, EmailsPartiel, EmailsAucun)
	if len(fautes) > 0 {
		return nil, fault.New(fault.Invalid, "DONNEES_INVALIDES", fautes[0].Detail).WithFields(fautes...)
	}
	return colonnes, nil
}
