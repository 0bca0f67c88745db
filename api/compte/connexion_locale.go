package compte

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/securite"
)

// storeLocal reads and writes what only accounts with a password have.
type storeLocal interface {
	// ComptesParIdentifiant lists the active accounts whose username or e-mail is identifiant whatever the case, at
	// most two.
	ComptesParIdentifiant(ctx context.Context, identifiant string) ([]Utilisateur, error)
	// VerrouillerUtilisateur returns and locks an account, nil when there is none.
	VerrouillerUtilisateur(ctx context.Context, id int64) (*Utilisateur, error)
	// RoleLocal returns the role that the platform itself gave to an account, nil without one.
	RoleLocal(ctx context.Context, utilisateurID int64) (*RoleLocal, error)
}

// Connecte is a session opened by its owner from the application: cookie and first access token together.
type Connecte struct {
	Ouverte
	Acces
}

// maxSaisie bounds what is typed in a sign-in form, in bytes.
const maxSaisie = 1024

// ConnexionLocale signs in with a password (05 C.6). Without local accounts it is not found. A wrong password, an
// unknown or ambiguous identifier, a closed account and one without password give the same 401 identifiants_refuses
// after the same work; too many failures give 429 account_locked. A right password may still meet compte_sans_role
// (403) or siap_unavailable (503).
func (s *Service) ConnexionLocale(ctx context.Context, identifiant, motDePasse string, a Appel) (Connecte, error) {
	if !s.cfg.ComptesLocaux {
		return Connecte{}, fault.Introuvable("Cette adresse")
	}
	u, err := s.prouver(ctx, identifiant, motDePasse, a)
	if err != nil {
		return Connecte{}, err
	}
	ouverte, err := s.ouvrirPour(ctx, *u, Ouverture{Appel: a})
	if err != nil {
		s.securite(ctx, securite.Ouverture, securite.Refus, u.ID, 0, a, "code", codeDe(err))
		return Connecte{}, err
	}
	acces, err := s.premierAcces(ctx, ouverte)
	return Connecte{ouverte, acces}, err
}

// premierAcces mints the first access token of a session that was just opened.
func (s *Service) premierAcces(ctx context.Context, o Ouverte) (Acces, error) {
	e, err := s.relire(ctx, o.SessionID)
	if err != nil {
		return Acces{}, err
	}
	if e == nil {
		return Acces{}, nonAuthentifie()
	}
	acces := Acces{Jeton: o.Jeton, SessionExpireLe: o.ExpireLe}
	acces.AccessToken, acces.ExpireLe, err = s.nouvelAcces(ctx, e, e.defaut())
	return acces, err
}

// prouver returns the account of an identifier once its password is right.
func (s *Service) prouver(ctx context.Context, identifiant, motDePasse string, a Appel) (*Utilisateur, error) {
	identifiant = strings.TrimSpace(identifiant)
	if !saisissable(identifiant) || !saisissable(motDePasse) {
		identifiant, motDePasse = "", "" // counted and refused like any other
	}
	u, err := s.compteUnique(ctx, identifiant)
	if err != nil {
		return nil, err
	}
	return u, s.verifierSecret(ctx, u, identifiant, motDePasse, a)
}

// compteUnique finds the one active account of an identifier; several are as good as none (05 C.6).
func (s *Service) compteUnique(ctx context.Context, identifiant string) (*Utilisateur, error) {
	comptes, err := s.cfg.Store.ComptesParIdentifiant(ctx, identifiant)
	if err != nil {
		return nil, fmt.Errorf("find the account of an identifier: %w", err)
	}
	if len(comptes) != 1 {
		return nil, nil
	}
	return &comptes[0], nil
}

// verifierSecret counts the attempt, then compares: the work is the same when u is nil or has no password.
func (s *Service) verifierSecret(ctx context.Context, u *Utilisateur, identifiant, motDePasse string, a Appel) error {
	cle := cleTentative(u, identifiant)
	if err := s.engager(ctx, cle, idDe(u), a); err != nil {
		return err
	}
	attendu := s.leurre()
	if u != nil && u.MotDePasseHash != nil {
		attendu = *u.MotDePasseHash
	}
	ok, aRefaire, err := s.cfg.Hacheur.Verifier(ctx, composer(motDePasse), attendu)
	if err != nil {
		return fmt.Errorf("compare a password: %w", err)
	}
	if !ok || u == nil || u.MotDePasseHash == nil {
		s.securite(ctx, securite.Ouverture, securite.Refus, idDe(u), 0, a, "code", CodeIdentifiants)
		return identifiantsRefuses()
	}
	if err := s.acquitter(ctx, cle, a); err != nil {
		return err
	}
	if aRefaire {
		return s.remplacerEmpreinte(ctx, u, motDePasse)
	}
	return nil
}

// remplacerEmpreinte digests a right password again with the parameters of today.
func (s *Service) remplacerEmpreinte(ctx context.Context, u *Utilisateur, motDePasse string) error {
	hache, err := s.cfg.Hacheur.Hacher(ctx, composer(motDePasse))
	if err != nil {
		return fmt.Errorf("digest a password: %w", err)
	}
	return s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		courant, err := s.cfg.Store.VerrouillerUtilisateur(ctx, u.ID)
		if err != nil || courant == nil || valeur(courant.MotDePasseHash) != valeur(u.MotDePasseHash) {
			return err // changed meanwhile: nothing to do
		}
		return s.modifier(ctx, courant, map[string]any{"mot_de_passe_hash": hache}, s.maintenant())
	})
}

func saisissable(s string) bool {
	return len(s) <= maxSaisie && utf8.ValidString(s) && !strings.ContainsRune(s, 0)
}

func idDe(u *Utilisateur) int64 {
	if u == nil {
		return 0
	}
	return u.ID
}

// ChangerMotDePasse replaces the caller's own password and ends the other sessions of the account. A wrong current
// password counts as a failed sign-in. It is refused behind an impersonation (05 C.5).
func (s *Service) ChangerMotDePasse(ctx context.Context, p auth.Principal, actuel, nouveau string, a Appel) error {
	if !s.cfg.ComptesLocaux {
		return fault.Introuvable("Cette adresse")
	}
	if p.DetourneParID != 0 {
		return interditDetourne()
	}
	u, err := s.cfg.Store.Utilisateur(ctx, p.UtilisateurID)
	if err != nil {
		return fmt.Errorf("read the account: %w", err)
	}
	if u == nil || u.MotDePasseHash == nil {
		return fault.Introuvable("Cette adresse")
	}
	if !saisissable(actuel) {
		actuel = ""
	}
	if err := s.verifierSecret(ctx, u, "", actuel, a); err != nil {
		if fault.HasCode(err, CodeIdentifiants) {
			return motDePasseActuel()
		}
		return err
	}
	if err := verifierMotDePasse(nouveau, *u, "/nouveau"); err != nil {
		return err
	}
	return s.definirMotDePasse(ctx, nouveauSecret{compte: u.ID, motDePasse: nouveau, sauf: p.SessionID, commande: "mot_de_passe.changement", auteur: u.ID}, a)
}

// nouveauSecret is a password that was checked, on its way to the account.
type nouveauSecret struct {
	compte     int64
	motDePasse string
	sauf       string // session that stays open
	commande   string // name in the journal
	auteur     int64  // 0 for the command line, whose actor is in acteur
	acteur     string
	motif      string
	// prealable runs first in the transaction; its error stops everything.
	prealable func(ctx context.Context) error
}

// definirMotDePasse writes a password, ends the sessions of the account, and forgets the failures and the links of
// before.
func (s *Service) definirMotDePasse(ctx context.Context, n nouveauSecret, a Appel) error {
	hache, err := s.cfg.Hacheur.Hacher(ctx, composer(n.motDePasse))
	if err != nil {
		return fmt.Errorf("digest a password: %w", err)
	}
	id := n.compte
	err = s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		if n.prealable != nil {
			if err := n.prealable(ctx); err != nil {
				return err
			}
		}
		u, err := s.cfg.Store.VerrouillerUtilisateur(ctx, id)
		if err != nil {
			return err
		}
		if u == nil || !u.EstActif {
			return compteDesactive()
		}
		now := s.maintenant()
		if err := s.modifier(ctx, u, map[string]any{"mot_de_passe_hash": hache}, now); err != nil {
			return err
		}
		if err := s.cfg.Store.PerimerLiens(ctx, id, now); err != nil {
			return err
		}
		if _, err := s.cfg.Store.OublierTentatives(ctx, cleTentative(u, ""), toutesAdresses); err != nil {
			return err
		}
		if err := s.fermerToutes(ctx, id, n.sauf, now); err != nil {
			return err
		}
		j := event.Journal{NomTable: "utilisateur", LigneID: &id, ObjetUUID: &u.UUID, Action: event.Modification, Commande: n.commande, Motif: n.motif}
		j.Signer(auth.Principal{UtilisateurID: n.auteur, Login: n.acteur, RequeteID: a.RequeteID, IP: a.IP})
		return s.cfg.Store.Journaliser(ctx, j)
	})
	if err != nil {
		return fmt.Errorf("write a password: %w", err)
	}
	s.securite(ctx, securite.MotDePasse, securite.OK, id, 0, a, "commande", n.commande)
	return nil
}

// fermerToutes ends the sessions of a person but one.
func (s *Service) fermerToutes(ctx context.Context, utilisateurID int64, sauf string, le time.Time) error {
	ids, err := s.cfg.Store.RevoquerToutes(ctx, utilisateurID, sauf, le)
	if err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	for _, id := range ids {
		s.cache.oublier(id.String())
	}
	return nil
}

func identifiantsRefuses() *fault.Error {
	return fault.New(fault.Unauthenticated, CodeIdentifiants,
		"L’identifiant ou le mot de passe n’est pas le bon. Vérifiez-les, ou réinitialisez votre mot de passe.")
}

func motDePasseActuel() *fault.Error {
	const detail = "Ce n’est pas votre mot de passe actuel. Saisissez-le à nouveau."
	return fault.New(fault.Invalid, CodeMotDePasseActuel, detail).
		WithFields(fault.Field{Pointer: "/actuel", Code: CodeMotDePasseActuel, Detail: detail})
}

func compteSansRole() *fault.Error {
	return fault.New(fault.Forbidden, CodeSansRole,
		"Votre compte n’a pas encore de rôle sur cette plateforme. Demandez-le à l’assistance.")
}

func interditDetourne() *fault.Error {
	return fault.New(fault.Forbidden, CodeInterditDetourne,
		"Cette action n’appartient qu’à la personne elle-même. Arrêtez le détournement pour agir en votre nom.")
}
