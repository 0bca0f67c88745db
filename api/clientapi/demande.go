package clientapi

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/auth"
	"apilos/api/fault"

	"github.com/google/uuid"
)

const (
	longueurNom         = 100
	longueurDescription = 200
	longueurLogin       = 255
	maxDebit            = 6000
	// DureeMax bounds the life of a client: a token that nobody renews must end some day.
	DureeMax = 3 * 366 * 24 * time.Hour
)

// Perimetre is what a client will see; the member that its Genre asks for is required, the others are empty.
type Perimetre struct {
	Genre          Genre
	Region         string
	Departement    string
	Administration *uuid.UUID
	Bailleurs      []uuid.UUID
}

// Demande is a new client.
type Demande struct {
	Nom, Description string
	Portees          []auth.Portee
	Perimetre        Perimetre
	ExpireLe         *time.Time // nil: never
	DebitParMinute   *int       // nil: as a session
	// On whose behalf SIAP is asked for operations; both or neither. Without them, only what the platform knows
	// is read.
	LoginSIAP        string
	HabilitationSIAP *int
}

// Reglage changes a client; nil members do not change. The perimeter never does.
type Reglage struct {
	Nom, Description *string
	Portees          *[]auth.Portee
	ExpireLe         **time.Time
	DebitParMinute   **int
	LoginSIAP        *string
	HabilitationSIAP **int
}

// controle gathers what is wrong, all of it at once.
type controle struct{ fautes []fault.Field }

func (k *controle) refuser(champ, code, detail string) {
	k.fautes = append(k.fautes, fault.Field{Pointer: "/" + champ, Code: code, Detail: detail})
}

func (k *controle) erreur() error {
	if len(k.fautes) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "client_api_invalide", "Ce client d’API ne peut pas être enregistré. Corrigez les champs indiqués.").WithFields(k.fautes...)
}

// appliquer writes in c what r says, once checked.
func (k *controle) appliquer(c *Client, r Reglage, le time.Time) {
	if r.Nom != nil {
		switch c.Nom = strings.TrimSpace(*r.Nom); {
		case c.Nom == "":
			k.refuser("nom", "obligatoire", "Donnez un nom : il signe ce que fait le client.")
		case utf8.RuneCountInString(c.Nom) > longueurNom:
			k.refuser("nom", "trop_long", fmt.Sprintf("%d caractères au plus.", longueurNom))
		case strings.ContainsFunc(c.Nom, func(r rune) bool { return r < ' ' || r == 0x7f }):
			k.refuser("nom", "caractere_interdit", "Le nom tient sur une ligne.")
		}
	}
	if r.Description != nil {
		if c.Description = strings.TrimSpace(*r.Description); utf8.RuneCountInString(c.Description) > longueurDescription {
			k.refuser("description", "trop_long", fmt.Sprintf("%d caractères au plus.", longueurDescription))
		}
	}
	if r.Portees != nil {
		k.portees(c, *r.Portees)
	}
	if r.ExpireLe != nil {
		k.expiration(c, *r.ExpireLe, le)
	}
	if r.DebitParMinute != nil {
		if c.DebitParMinute = *r.DebitParMinute; c.DebitParMinute != nil && (*c.DebitParMinute < 1 || *c.DebitParMinute > maxDebit) {
			k.refuser("debit_par_minute", "hors_bornes", fmt.Sprintf("Donnez un nombre de 1 à %d, ou rien pour le débit habituel.", maxDebit))
		}
	}
	if r.LoginSIAP != nil {
		c.LoginSiap = strings.TrimSpace(*r.LoginSIAP)
	}
	if r.HabilitationSIAP != nil {
		c.HabilitationID = *r.HabilitationSIAP
	}
	k.siap(c)
}

// portees: whoever writes conventions reads them, since every write answers what it wrote.
func (k *controle) portees(c *Client, liste []auth.Portee) {
	for _, p := range liste {
		if !slices.Contains(auth.Portees(), p) {
			k.refuser("portees", "bad_choice", "La portée « "+tronquer(string(p), 60)+" » n’existe pas.")
		}
	}
	if len(liste) == 0 {
		k.refuser("portees", "obligatoire", "Choisissez au moins une portée.")
	}
	if slices.Contains(liste, auth.ConventionsEcrire) && !slices.Contains(liste, auth.ConventionsLire) {
		k.refuser("portees", "incomplet", "Écrire les conventions demande aussi de les lire : ajoutez « conventions:lire ».")
	}
	c.Portees = trierPortees(liste)
}

func (k *controle) expiration(c *Client, fin *time.Time, le time.Time) {
	c.ExpireLe = nil
	if fin == nil {
		return
	}
	t := fin.UTC().Truncate(time.Microsecond)
	c.ExpireLe = &t
	switch {
	case !t.After(le):
		k.refuser("expire_le", "passe", "Choisissez une date à venir.")
	case t.After(le.Add(DureeMax)):
		k.refuser("expire_le", "trop_loin", "Trois ans au plus : le client se prolonge ensuite.")
	}
}

func (k *controle) siap(c *Client) {
	if utf8.RuneCountInString(c.LoginSiap) > longueurLogin {
		k.refuser("login_siap", "trop_long", fmt.Sprintf("%d caractères au plus.", longueurLogin))
	}
	switch h := c.HabilitationID; {
	case h == nil && c.LoginSiap != "":
		k.refuser("habilitation_siap", "obligatoire", "Donnez le numéro de l’habilitation du compte SIAP.")
	case h != nil && c.LoginSiap == "":
		k.refuser("login_siap", "obligatoire", "Donnez l’identifiant du compte SIAP.")
	case h != nil && (*h < 1 || *h > 1<<31-1):
		k.refuser("habilitation_siap", "hors_bornes", "Donnez le numéro de l’habilitation.")
	}
}

// perimetre checks what the client will see and writes it in c; it returns the bailleurs chosen.
func (s *Service) perimetre(ctx context.Context, k *controle, c *Client, d Perimetre) ([]int64, error) {
	c.Perimetre = d.Genre
	if !slices.Contains(Genres(), d.Genre) {
		k.refuser("perimetre/type", "bad_choice", "Choisissez le périmètre : NATIONAL, REGION, DEPARTEMENT, BAILLEURS ou ADMINISTRATION.")
		return nil, nil
	}
	for _, x := range []struct {
		genre Genre
		champ string
		donne bool
	}{{Regional, "region", d.Region != ""}, {Departemental, "departement", d.Departement != ""}, {DAdministration, "administration", d.Administration != nil}, {DeBailleurs, "bailleurs", len(d.Bailleurs) > 0}} {
		switch {
		case x.donne && x.genre != d.Genre:
			k.refuser("perimetre/"+x.champ, "inattendu", "Ce champ ne va pas avec le périmètre choisi.")
		case !x.donne && x.genre == d.Genre:
			k.refuser("perimetre/"+x.champ, "obligatoire", "Ce champ est obligatoire pour le périmètre choisi.")
		}
	}
	if len(k.fautes) > 0 {
		return nil, nil
	}
	switch d.Genre {
	case Regional:
		c.Region = &d.Region
		ok, err := s.c.Store.RegionExiste(ctx, d.Region)
		if err == nil && !ok {
			k.refuser("perimetre/region", "bad_choice", "Cette région n’existe pas : donnez son code INSEE.")
		}
		return nil, err
	case Departemental:
		c.Departement = &d.Departement
		ok, err := s.c.Store.DepartementExiste(ctx, d.Departement)
		if err == nil && !ok {
			k.refuser("perimetre/departement", "bad_choice", "Ce département n’existe pas : donnez son code INSEE.")
		}
		return nil, err
	case DAdministration:
		a, err := s.c.Store.Administration(ctx, *d.Administration)
		if err != nil {
			return nil, err
		}
		if a == nil {
			k.refuser("perimetre/administration", "bad_choice", "Cette administration n’existe pas.")
			return nil, nil
		}
		c.AdministrationID = &a.ID
	case DeBailleurs:
		return s.bailleurs(ctx, k, d.Bailleurs)
	case National:
	}
	return nil, nil
}

func (s *Service) bailleurs(ctx context.Context, k *controle, choisis []uuid.UUID) ([]int64, error) {
	slices.SortFunc(choisis, func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) })
	choisis = slices.Compact(choisis)
	if len(choisis) > maxBailleurs {
		k.refuser("perimetre/bailleurs", "trop_long", fmt.Sprintf("%d bailleurs au plus.", maxBailleurs))
		return nil, nil
	}
	trouves, err := s.c.Store.Bailleurs(ctx, choisis)
	if err != nil {
		return nil, err
	}
	if len(trouves) != len(choisis) {
		k.refuser("perimetre/bailleurs", "bad_choice", "Un des bailleurs choisis n’existe pas.")
		return nil, nil
	}
	out := make([]int64, 0, len(trouves))
	for _, e := range trouves {
		out = append(out, e.ID)
	}
	slices.Sort(out)
	return out, nil
}

func tronquer(s string, n int) string {
	if utf8.RuneCountInString(s) > n {
		return string([]rune(s)[:n-1]) + "…"
	}
	return s
}
