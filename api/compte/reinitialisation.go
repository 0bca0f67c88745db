package compte

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"apilos/api/fault"
	"apilos/api/securite"
)

const (
	etiquetteLien = "lien-mot-de-passe"
	// dureeLien is how long a link that sets a new password may be used, and maxLiens how many of them one account
	// gets in that time (05 C.6, D).
	dureeLien = 60 * time.Minute
	maxLiens  = 5
)

// storeLien keeps the links that set a new password.
type storeLien interface {
	// AjouterLien inserts a link unless its digest exists.
	AjouterLien(ctx context.Context, j JetonUnique) error
	// LiensVivants counts the links of an account that are not past, used or not.
	LiensVivants(ctx context.Context, utilisateurID int64, le time.Time) (int, error)
	// LienExiste tells whether a digest is known.
	LienExiste(ctx context.Context, empreinte string) (bool, error)
	// Lien returns a link that may still be used, nil when there is none.
	Lien(ctx context.Context, empreinte string, le time.Time) (*JetonUnique, error)
	// UtiliserLien makes a link of no more use; ok is false when somebody did before.
	UtiliserLien(ctx context.Context, empreinte string, le time.Time) (ok bool, err error)
	// PerimerLiens makes every link of an account of no more use.
	PerimerLiens(ctx context.Context, utilisateurID int64, le time.Time) error
}

// DemanderReinitialisation has a link sent to the account that identifiant designates. Nothing in the answer nor in the
// work tells whether there is one: the account is looked for later, by the one who writes the e-mail (LienPour).
func (s *Service) DemanderReinitialisation(ctx context.Context, identifiant string, a Appel) error {
	if !s.cfg.ComptesLocaux || s.cfg.Reinitialisation == nil {
		return fault.Introuvable("Cette adresse")
	}
	if identifiant = strings.TrimSpace(identifiant); identifiant == "" || !saisissable(identifiant) {
		const detail = "Indiquez votre identifiant ou votre adresse électronique."
		return fault.New(fault.Invalid, "DONNEES_INVALIDES", detail).
			WithFields(fault.Field{Pointer: "/identifiant", Code: "requis", Detail: detail})
	}
	err := s.cfg.Store.InTx(ctx, func(ctx context.Context) error { return s.cfg.Reinitialisation(ctx, identifiant) })
	if err != nil {
		return fmt.Errorf("ask for a link: %w", err)
	}
	s.securite(ctx, securite.DemandeMotDePasse, securite.OK, 0, 0, a)
	return nil
}

// LienMotDePasse is what an e-mail needs to let a person choose a new password.
type LienMotDePasse struct {
	Prenom, Nom, Email string
	Jeton              string
}

// LienPour makes the link of a request; cle names the request, and the same one gives the same link. It returns nil
// when there is nobody to write to: unknown or ambiguous identifier, closed account, account of CERBERE, no e-mail, or
// five links in the hour already.
func (s *Service) LienPour(ctx context.Context, identifiant, cle string) (*LienMotDePasse, error) {
	trouve, err := s.compteUnique(ctx, identifiant)
	if err != nil || trouve == nil || trouve.Email == "" || (!trouve.local() && trouve.MotDePasseHash == nil) {
		return nil, err
	}
	mac := hmac.New(sha256.New, s.cleLiens)
	mac.Write([]byte(cle))
	jeton := base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	var plein bool
	err = s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.cfg.Store.VerrouillerUtilisateur(ctx, trouve.ID); err != nil { // requests made together count one by one
			return err
		}
		plein, err = s.ajouterLien(ctx, trouve.ID, empreinte(jeton))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("make a link: %w", err)
	}
	if plein {
		s.securite(ctx, securite.DemandeMotDePasse, securite.Refus, trouve.ID, 0, Appel{}, "code", "trop_de_liens")
		return nil, nil
	}
	return &LienMotDePasse{Prenom: trouve.Prenom, Nom: trouve.Nom, Email: trouve.Email, Jeton: jeton}, nil
}

func (s *Service) ajouterLien(ctx context.Context, utilisateurID int64, empreinte string) (plein bool, err error) {
	connu, err := s.cfg.Store.LienExiste(ctx, empreinte)
	if err != nil || connu {
		return false, err
	}
	now := s.maintenant()
	n, err := s.cfg.Store.LiensVivants(ctx, utilisateurID, now)
	if err != nil || n >= maxLiens {
		return n >= maxLiens, err
	}
	return false, s.cfg.Store.AjouterLien(ctx, JetonUnique{
		Empreinte: empreinte, Usage: "MOT_DE_PASSE", UtilisateurID: &utilisateurID, ExpireLe: now.Add(dureeLien),
	})
}

// NouveauMotDePasse sets a password with a link, once, and ends every session of the account. Errors: lien_expire and
// MOT_DE_PASSE_REFUSE (422); a refused password leaves the link usable.
func (s *Service) NouveauMotDePasse(ctx context.Context, jeton, motDePasse string, a Appel) error {
	if !s.cfg.ComptesLocaux {
		return fault.Introuvable("Cette adresse")
	}
	if !formeJeton(jeton) {
		return lienExpire()
	}
	now := s.maintenant()
	j, err := s.cfg.Store.Lien(ctx, empreinte(jeton), now)
	if err != nil {
		return fmt.Errorf("read a link: %w", err)
	}
	if j == nil || j.UtilisateurID == nil {
		return lienExpire()
	}
	u, err := s.cfg.Store.Utilisateur(ctx, *j.UtilisateurID)
	if err != nil {
		return fmt.Errorf("read the account of a link: %w", err)
	}
	if u == nil || !u.EstActif {
		return lienExpire()
	}
	if err := verifierMotDePasse(motDePasse, *u, "/mot_de_passe"); err != nil {
		return err
	}
	utiliser := func(ctx context.Context) error {
		ok, err := s.cfg.Store.UtiliserLien(ctx, j.Empreinte, now)
		if err != nil {
			return fmt.Errorf("use a link: %w", err)
		}
		if !ok {
			return lienExpire()
		}
		return nil
	}
	return s.definirMotDePasse(ctx, nouveauSecret{
		compte: u.ID, motDePasse: motDePasse, commande: "mot_de_passe.reinitialisation", auteur: u.ID, prealable: utiliser,
	}, a)
}

func lienExpire() *fault.Error {
	const detail = "Ce lien a déjà servi ou a plus d’une heure. Demandez-en un nouveau."
	return fault.New(fault.Invalid, CodeLienExpire, detail).
		WithFields(fault.Field{Pointer: "/jeton", Code: CodeLienExpire, Detail: detail})
}
