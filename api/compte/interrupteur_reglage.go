package compte

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/auth"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/securite"
)

// storeInterrupteur serves the superusers who set the switches.
type storeInterrupteur interface {
	// FichesInterrupteurs returns every switch with who changed it last.
	FichesInterrupteurs(ctx context.Context) ([]FicheInterrupteur, error)
	// VerrouillerInterrupteur returns a switch locked until the end of the transaction, nil when there is none.
	VerrouillerInterrupteur(ctx context.Context, nom string) (*FicheInterrupteur, error)
	// EcrireInterrupteur writes a switch with its new version, and returns the name of who changed it.
	EcrireInterrupteur(ctx context.Context, f FicheInterrupteur, par int64) (string, error)
	// CiblesConnues returns the part of a portee that designates something, with the names to show.
	CiblesConnues(ctx context.Context, p Portee) (Cibles, error)
}

// ciblables are the switches that may be on for some people only (02 §12: "per user or global"). The others are on or
// off for everybody: part of what they govern has no person at all.
var ciblables = []string{"ajout_convention", "override_cerfa"}

// Limits of the scope and of the note of a switch.
const (
	maxCibles = 200
	maxNote   = 500
)

// FicheInterrupteur is a switch as those who set it see it.
type FicheInterrupteur struct {
	Interrupteur
	Note           string
	RetraitPrevuLe *date.Date // only for a switch that may be targeted
	Version        int
	MisAJourLe     time.Time
	ModifiePar     string // "" as long as nobody changed it
}

// Ciblable tells whether the switch may be on for some people only.
func (i Interrupteur) Ciblable() bool { return slices.Contains(ciblables, i.Nom) }

// Cible is somebody or something that a scope designates: a uuid or a code, and a name.
type Cible struct{ Cle, Nom string }

// Cibles are the targets of a scope, those that exist.
type Cibles struct{ Utilisateurs, Administrations, Departements []Cible }

// ReglageInterrupteur is a change of a switch; nil leaves as it is. An empty Portee is everybody.
type ReglageInterrupteur struct {
	Actif          *bool
	Portee         *Portee
	Note           *string
	RetraitPrevuLe **date.Date
	Motif          string
}

// FichesInterrupteurs lists the switches, with the names of what they target. Errors: PERMISSION_REFUSEE for the staff, not
// found for the others (06 §3.3).
func (s *Service) FichesInterrupteurs(ctx context.Context, p auth.Principal) ([]FicheInterrupteur, Cibles, error) {
	if err := superuserSeul(p); err != nil {
		return nil, Cibles{}, err
	}
	fiches, err := s.cfg.Store.FichesInterrupteurs(ctx)
	if err != nil {
		return nil, Cibles{}, fmt.Errorf("list switches: %w", err)
	}
	var toutes Portee
	for _, f := range fiches {
		if f.Portee != nil {
			toutes.Utilisateurs = append(toutes.Utilisateurs, f.Portee.Utilisateurs...)
			toutes.Administrations = append(toutes.Administrations, f.Portee.Administrations...)
			toutes.Departements = append(toutes.Departements, f.Portee.Departements...)
		}
	}
	cibles, err := s.cfg.Store.CiblesConnues(ctx, toutes)
	if err != nil {
		return nil, Cibles{}, fmt.Errorf("name what switches target: %w", err)
	}
	return fiches, cibles, nil
}

// superuserSeul refuses everybody but a superuser acting in their own name.
func superuserSeul(p auth.Principal) error {
	switch {
	case !p.Staff && !p.Superuser || p.DetourneParID != 0:
		return fault.Introuvable("Cette adresse")
	case !p.Superuser:
		return fault.PermissionRefusee()
	}
	return nil
}

// ReglerInterrupteur changes a switch (SW-01): this process uses it at once, the others within 30 seconds. Errors: those of
// FichesInterrupteurs, VERSION_PERIMEE, DONNEES_INVALIDES.
func (s *Service) ReglerInterrupteur(ctx context.Context, p auth.Principal, nom string, version int, r ReglageInterrupteur, a Appel) (FicheInterrupteur, Cibles, error) {
	var apres FicheInterrupteur
	var cibles Cibles
	if err := superuserSeul(p); err != nil {
		return apres, cibles, err
	}
	motif, err := motifAdmin(r.Motif)
	if err != nil {
		return apres, cibles, err
	}
	change := false
	err = s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		avant, err := s.cfg.Store.VerrouillerInterrupteur(ctx, nom)
		switch {
		case err != nil:
			return fmt.Errorf("lock switch %s: %w", nom, err)
		case avant == nil:
			return fault.Introuvable("Cet interrupteur")
		case avant.Version != version:
			return fault.FichePerimee(avant.Version)
		}
		if apres, cibles, err = s.appliquer(ctx, *avant, r); err != nil {
			return err
		}
		if change = !apres.egale(*avant); !change {
			return nil
		}
		apres.Version, apres.MisAJourLe = avant.Version+1, s.maintenant()
		if apres.ModifiePar, err = s.cfg.Store.EcrireInterrupteur(ctx, apres, p.UtilisateurID); err != nil {
			return fmt.Errorf("write switch %s: %w", nom, err)
		}
		j := event.Journal{NomTable: "interrupteur", Action: event.Modification, Commande: "interrupteur.reglage", Motif: motif}
		if j.Avant, err = avant.decrire(); err != nil {
			return err
		}
		if j.Apres, err = apres.decrire(); err != nil {
			return err
		}
		j.Signer(p)
		return s.cfg.Store.Journaliser(ctx, j)
	})
	if err != nil || !change {
		return apres, cibles, err
	}
	s.drapeaux.oublier()
	s.securite(ctx, securite.InterrupteurModifie, securite.OK, p.UtilisateurID, p.HabilitationID, a, "interrupteur", nom, "actif", apres.Actif)
	return apres, cibles, nil
}

// appliquer returns f with the change r, checked.
func (s *Service) appliquer(ctx context.Context, f FicheInterrupteur, r ReglageInterrupteur) (FicheInterrupteur, Cibles, error) {
	if r.Actif != nil {
		f.Actif = *r.Actif
	}
	if r.Note != nil {
		if f.Note = strings.TrimSpace(*r.Note); utf8.RuneCountInString(f.Note) > maxNote {
			return f, Cibles{}, invalide("/note", "longueur", "La note compte 500 caractères au plus.")
		}
	}
	if r.Portee != nil {
		if f.Portee = r.Portee; f.Portee.vide() {
			f.Portee = nil
		}
	}
	if r.RetraitPrevuLe != nil {
		f.RetraitPrevuLe = *r.RetraitPrevuLe
	}
	switch {
	case f.Portee != nil && !f.Ciblable():
		return f, Cibles{}, invalide("/portee", "non_ciblable", "Cet interrupteur vaut pour tout le monde : il ne peut pas être limité à certaines personnes.")
	case f.RetraitPrevuLe != nil && !f.Ciblable():
		return f, Cibles{}, invalide("/retrait_prevu_le", "permanent", "Cet interrupteur est permanent : il n’a pas de date de retrait.")
	case f.Portee == nil:
		return f, Cibles{}, nil
	}
	for i, u := range f.Portee.Utilisateurs {
		f.Portee.Utilisateurs[i] = strings.ToLower(u) // as the principal of a person holds it
	}
	cibles, err := s.cfg.Store.CiblesConnues(ctx, *f.Portee)
	if err != nil {
		return f, cibles, fmt.Errorf("find what a switch targets: %w", err)
	}
	return f, cibles, f.Portee.verifier(cibles)
}

// verifier refuses a scope that names something that does not exist.
func (p *Portee) verifier(c Cibles) error {
	if len(p.Utilisateurs)+len(p.Administrations)+len(p.Departements) > maxCibles {
		return invalide("/portee", "longueur", "Un interrupteur vise 200 personnes, administrations et départements au plus.")
	}
	for i, t := range p.Typologies {
		if !slices.Contains([]string{string(auth.Bailleur), string(auth.Instructeur), string(auth.Administrateur)}, t) {
			return invalide(fmt.Sprintf("/portee/typologies/%d", i), "choix", "Choisissez une valeur parmi : BAILLEUR, INSTRUCTEUR, ADMINISTRATEUR.")
		}
	}
	for _, l := range []struct {
		champ, detail string
		cles          []string
		trouvees      []Cible
	}{
		{"utilisateurs", "Aucun compte ne porte cet identifiant.", p.Utilisateurs, c.Utilisateurs},
		{"administrations", "Aucune administration ne porte ce code.", p.Administrations, c.Administrations},
		{"departements", "Aucun département ne porte ce code.", p.Departements, c.Departements},
	} {
		for i, cle := range l.cles {
			if !slices.ContainsFunc(l.trouvees, func(t Cible) bool { return t.Cle == cle }) {
				return invalide(fmt.Sprintf("/portee/%s/%d", l.champ, i), "inconnu", l.detail)
			}
		}
	}
	return nil
}

func (f FicheInterrupteur) egale(g FicheInterrupteur) bool {
	a, errA := f.decrire()
	b, errB := g.decrire()
	return errA == nil && errB == nil && string(a) == string(b)
}

// decrire is what the journal keeps of a switch.
func (f FicheInterrupteur) decrire() ([]byte, error) {
	b, err := json.Marshal(map[string]any{
		"nom": f.Nom, "actif": f.Actif, "portee": f.Portee, "note": f.Note, "retrait_prevu_le": f.RetraitPrevuLe,
	})
	if err != nil {
		return nil, fmt.Errorf("describe switch %s: %w", f.Nom, err)
	}
	return b, nil
}

// motifAdmin checks the reason that every write of the back office gives (06 §3.3).
func motifAdmin(motif string) (string, error) {
	motif = strings.TrimSpace(motif)
	if n := utf8.RuneCountInString(motif); n < 5 || n > maxMotif {
		return "", invalide("/motif", "longueur", "Dites pourquoi, en 5 à 500 caractères.")
	}
	return motif, nil
}

// oublier makes the next reader ask the database.
func (c *cacheInterrupteurs) oublier() {
	c.mu.Lock()
	c.liste = nil
	c.mu.Unlock()
}
