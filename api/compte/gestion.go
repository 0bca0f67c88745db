package compte

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/securite"
	"apilos/api/siap"

	"github.com/google/uuid"
)

// storeGestion serves those who manage accounts.
type storeGestion interface {
	// ListerComptes finds accounts by the words of a search in their names, e-mail and username, by name; "" lists
	// them all.
	ListerComptes(ctx context.Context, recherche string, le time.Time, decalage, limite int) ([]LigneCompte, int, error)
	// EffacerTraces removes what else says who an account belonged to, and ends its rights: name kept by its comments,
	// roles, drafts, searches, filters, links in progress.
	EffacerTraces(ctx context.Context, utilisateurID int64, nom string, le time.Time) error
	// CibleDuRole finds the rows that a role names; what is unknown is left 0 or false.
	CibleDuRole(ctx context.Context, r DemandeRole) (CibleRole, error)
	// RemplacerRoleLocal gives an account one local role instead of those it had.
	RemplacerRoleLocal(ctx context.Context, r Role, le time.Time) error
}

// LigneCompte is an account in the list of the staff.
type LigneCompte struct {
	Utilisateur
	VerrouilleJusquA *time.Time // latest lock of the sign-in by password
}

// Intervention is who manages accounts from the command line, and why (06 §4.1).
type Intervention struct {
	Acteur     string // e-mail of the operator, in the journal
	Motif      string
	Simulation bool // check everything, write nothing
}

// NouveauCompte is an account made by the platform, for deployments without CERBERE.
type NouveauCompte struct {
	Username, Email, Prenom, Nom string
	Staff, Superuser             bool
	MotDePasse                   string // "" leaves it to the link of « mot de passe oublié »
	Role                         *DemandeRole
}

// DemandeRole is the right given to a local account. Siren goes with BAILLEUR, Administration with INSTRUCTEUR, and
// ADMINISTRATEUR wants exactly one of Region, Departement and National (PE-16).
type DemandeRole struct {
	Typologie           auth.Typologie
	LectureSeule        bool
	Siren               string
	Administration      string
	Region, Departement string
	National            bool
}

// CibleRole is what a DemandeRole designates in the database.
type CibleRole struct {
	BailleurID, AdministrationID   int64
	RegionConnue, DepartementConnu bool
}

// errSimulation undoes what a simulation wrote.
var errSimulation = errors.New("simulation")

// intervenir runs fn in a transaction, undone for a simulation.
func (s *Service) intervenir(ctx context.Context, i Intervention, fn func(ctx context.Context) error) error {
	err := s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		if err := fn(ctx); err != nil {
			return err
		}
		if i.Simulation {
			return errSimulation
		}
		return nil
	})
	if errors.Is(err, errSimulation) {
		return nil
	}
	return err
}

// CreerCompte makes an account without CERBERE, and returns it. DONNEES_INVALIDES (422) lists what is wrong.
func (s *Service) CreerCompte(ctx context.Context, n NouveauCompte, i Intervention) (Utilisateur, error) {
	now := s.maintenant()
	u := Utilisateur{
		Username: strings.TrimSpace(n.Username), Email: strings.TrimSpace(n.Email), Prenom: lisible(n.Prenom, maxNom), Nom: lisible(n.Nom, maxNom),
		EstActif: true, EstStaff: n.Staff || n.Superuser, EstSuperuser: n.Superuser, RecherchesRecentes: true, InscritLe: now, MisAJourLe: now,
	}
	if err := u.verifierNouveau(); err != nil {
		return u, err
	}
	if n.MotDePasse != "" {
		if err := verifierMotDePasse(n.MotDePasse, u, "/mot_de_passe"); err != nil {
			return u, err
		}
		hache, err := s.cfg.Hacheur.Hacher(ctx, composer(n.MotDePasse))
		if err != nil {
			return u, fmt.Errorf("digest a password: %w", err)
		}
		u.MotDePasseHash = &hache
	}
	err := s.intervenir(ctx, i, func(ctx context.Context) error {
		for _, identifiant := range []string{u.Username, u.Email} {
			deja, err := s.cfg.Store.ComptesParIdentifiant(ctx, identifiant)
			if err != nil {
				return err
			}
			if len(deja) > 0 {
				return invalide("/username", "deja_pris", "Un compte actif porte déjà cet identifiant ou cette adresse électronique.")
			}
		}
		cree, err := s.cfg.Store.CreerUtilisateur(ctx, &u)
		if err != nil {
			return err
		}
		if !cree {
			return invalide("/username", "deja_pris", "Un compte porte déjà cet identifiant.")
		}
		if n.Role != nil {
			if err := s.donnerRole(ctx, u, *n.Role, now); err != nil {
				return err
			}
		}
		return s.journaliserIntervention(ctx, u, event.Ajout, "utilisateur.creation", i, map[string]any{
			"username": u.Username, "est_staff": u.EstStaff, "est_superuser": u.EstSuperuser, "role": n.Role,
		})
	})
	s.noter(ctx, i, err, u.ID, "utilisateur.creation")
	return u, err
}

func (u Utilisateur) verifierNouveau() error {
	switch {
	case !identifiantSain(u.Username, maxUsername) || strings.Contains(u.Username, "@"):
		return invalide("/username", "invalide", "L’identifiant est obligatoire : 150 caractères au plus, sans arobase.")
	case strings.Trim(u.Username, "0123456789") == "":
		return invalide("/username", "invalide", "Un identifiant fait de chiffres est réservé aux comptes CERBERE.")
	case !adresseNue(u.Email) || utf8.RuneCountInString(u.Email) > maxEmail:
		return invalide("/email", "invalide", "L’adresse électronique n’est pas valide.")
	case u.Nom == "":
		return invalide("/nom", "requis", "Le nom est obligatoire.")
	}
	return nil
}

// adresseNue tells whether s is an e-mail address and nothing else.
func adresseNue(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && a.Name == ""
}

func invalide(pointeur, code, detail string) *fault.Error {
	return fault.New(fault.Invalid, "DONNEES_INVALIDES", detail).WithFields(fault.Field{Pointer: pointeur, Code: code, Detail: detail})
}

// Promouvoir gives or withdraws the rights of the staff (06 §3.3). A superuser is staff too.
func (s *Service) Promouvoir(ctx context.Context, identifiant string, staff, superuser bool, i Intervention) (Utilisateur, error) {
	var u *Utilisateur
	err := s.intervenir(ctx, i, func(ctx context.Context) (err error) {
		if u, err = s.verrouillerDesigne(ctx, identifiant); err != nil {
			return err
		}
		avant := map[string]any{"est_staff": u.EstStaff, "est_superuser": u.EstSuperuser}
		u.EstStaff, u.EstSuperuser = staff || superuser, superuser
		apres := map[string]any{"est_staff": u.EstStaff, "est_superuser": u.EstSuperuser}
		if avant["est_staff"] == apres["est_staff"] && avant["est_superuser"] == apres["est_superuser"] {
			return nil
		}
		if err := s.modifier(ctx, u, apres, s.maintenant()); err != nil {
			return err
		}
		return s.journaliserIntervention(ctx, *u, event.Modification, "utilisateur.droits", i, apres)
	})
	if u == nil {
		u = &Utilisateur{}
	}
	s.noter(ctx, i, err, u.ID, "utilisateur.droits")
	return *u, err
}

// DonnerRole gives a local account its role instead of the former one.
func (s *Service) DonnerRole(ctx context.Context, identifiant string, r DemandeRole, i Intervention) (Utilisateur, error) {
	var u *Utilisateur
	err := s.intervenir(ctx, i, func(ctx context.Context) (err error) {
		if u, err = s.verrouillerDesigne(ctx, identifiant); err != nil {
			return err
		}
		if !u.local() {
			return invalide("/identifiant", "cerbere", "Ce compte vient de CERBERE : ses droits sont ceux de ses habilitations dans le SIAP.")
		}
		if err := s.donnerRole(ctx, *u, r, s.maintenant()); err != nil {
			return err
		}
		return s.journaliserIntervention(ctx, *u, event.Modification, "utilisateur.role", i, map[string]any{"role": r})
	})
	if u == nil {
		u = &Utilisateur{}
	}
	s.noter(ctx, i, err, u.ID, "utilisateur.role")
	return *u, err
}

func (s *Service) donnerRole(ctx context.Context, u Utilisateur, r DemandeRole, now time.Time) error {
	cible, err := s.cfg.Store.CibleDuRole(ctx, r)
	if err != nil {
		return fmt.Errorf("find what a role designates: %w", err)
	}
	row, err := r.ligne(u.ID, cible)
	if err != nil {
		return err
	}
	if err := s.cfg.Store.RemplacerRoleLocal(ctx, row, now); err != nil {
		return fmt.Errorf("write the role: %w", err)
	}
	return nil
}

// ligne checks r and makes its row. The profile is the one of SIAP that has the same rights.
func (r DemandeRole) ligne(utilisateurID int64, c CibleRole) (Role, error) {
	row := Role{UtilisateurID: utilisateurID, Typologie: string(r.Typologie), LectureSeule: r.LectureSeule}
	profil := ""
	switch r.Typologie {
	case auth.Bailleur:
		if c.BailleurID == 0 {
			return row, invalide("/siren", "inconnu", "Aucun bailleur de la plateforme ne porte ce SIREN.")
		}
		row.BailleurID, profil = &c.BailleurID, string(siap.MOPersMorale)
	case auth.Instructeur:
		if c.AdministrationID == 0 {
			return row, invalide("/administration", "inconnu", "Aucune administration de la plateforme ne porte ce code.")
		}
		row.AdministrationID, profil = &c.AdministrationID, string(siap.SerGest)
	case auth.Administrateur:
		switch {
		case r.National && r.Region == "" && r.Departement == "":
			profil = string(siap.AdmCentrale)
		case !r.National && r.Departement == "" && c.RegionConnue:
			profil = string(siap.DirReg)
		case !r.National && r.Region == "" && c.DepartementConnu:
			profil = string(siap.SerDep)
		default:
			return row, invalide("/perimetre", "perimetre", "Donnez à un administrateur une région connue, un département connu, ou la France entière : l’un des trois.")
		}
	default:
		return row, invalide("/typologie", "choix", "Choisissez une valeur parmi : BAILLEUR, INSTRUCTEUR, ADMINISTRATEUR.")
	}
	row.ProfilSiap, row.PerimetreRegion, row.PerimetreDepartement = &profil, optionnel(r.Region), optionnel(r.Departement)
	return row, nil
}

// PoserMotDePasse sets a password for somebody who cannot receive a link, and ends their sessions.
func (s *Service) PoserMotDePasse(ctx context.Context, identifiant, motDePasse string, i Intervention) (Utilisateur, error) {
	u, err := s.designe(ctx, identifiant)
	if err != nil {
		return Utilisateur{}, err
	}
	if err := verifierMotDePasse(motDePasse, *u, "/mot_de_passe"); err != nil {
		return *u, err
	}
	if i.Simulation {
		return *u, nil
	}
	return *u, s.definirMotDePasse(ctx, nouveauSecret{
		compte: u.ID, motDePasse: motDePasse, commande: "mot_de_passe.intervention", acteur: i.Acteur, motif: i.Motif,
	}, Appel{})
}

// DeverrouillerDesigne forgets the failures of an account, from the command line.
func (s *Service) DeverrouillerDesigne(ctx context.Context, identifiant string, i Intervention) (Utilisateur, error) {
	u, err := s.designe(ctx, identifiant)
	if err != nil {
		return Utilisateur{}, err
	}
	err = s.intervenir(ctx, i, func(ctx context.Context) error {
		if _, err := s.cfg.Store.OublierTentatives(ctx, cleTentative(u, ""), toutesAdresses); err != nil {
			return err
		}
		return s.journaliserIntervention(ctx, *u, event.Fait, "utilisateur.deverrouillage", i, map[string]any{})
	})
	s.noter(ctx, i, err, u.ID, "utilisateur.deverrouillage")
	return *u, err
}

// Comptes lists accounts for the staff (P81, P87). It is not found for anybody else.
func (s *Service) Comptes(ctx context.Context, p auth.Principal, recherche string, decalage, limite int) ([]LigneCompte, int, error) {
	if !p.Staff && !p.Superuser {
		return nil, 0, fault.Introuvable("Cette adresse")
	}
	lignes, total, err := s.cfg.Store.ListerComptes(ctx, recherche, s.maintenant(), decalage, limite)
	if err != nil {
		return nil, 0, fmt.Errorf("list accounts: %w", err)
	}
	return lignes, total, nil
}

// Deverrouiller forgets the failures of an account: its owner called the support.
func (s *Service) Deverrouiller(ctx context.Context, p auth.Principal, cible uuid.UUID, motif string, a Appel) error {
	if (!p.Staff && !p.Superuser) || p.DetourneParID != 0 {
		return fault.Introuvable("Cette adresse")
	}
	motif, err := motifAdmin(motif)
	if err != nil {
		return err
	}
	u, err := s.cfg.Store.UtilisateurParUUID(ctx, cible)
	if err != nil {
		return fmt.Errorf("read the account: %w", err)
	}
	if u == nil {
		return fault.Introuvable("Ce compte")
	}
	err = s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.cfg.Store.OublierTentatives(ctx, cleTentative(u, ""), toutesAdresses); err != nil {
			return err
		}
		j := event.Journal{
			NomTable: "utilisateur", LigneID: &u.ID, ObjetUUID: &u.UUID, Action: event.Fait, Commande: "utilisateur.deverrouillage", Motif: motif,
		}
		j.Signer(p)
		return s.cfg.Store.Journaliser(ctx, j)
	})
	if err != nil {
		return fmt.Errorf("unlock an account: %w", err)
	}
	s.securite(ctx, securite.Deverrouillage, securite.OK, p.UtilisateurID, p.HabilitationID, a, "compte", u.ID)
	return nil
}

func (s *Service) designe(ctx context.Context, identifiant string) (*Utilisateur, error) {
	comptes, err := s.cfg.Store.ComptesParIdentifiant(ctx, strings.TrimSpace(identifiant))
	switch {
	case err != nil:
		return nil, fmt.Errorf("find an account: %w", err)
	case len(comptes) == 0:
		return nil, fault.Introuvable("Ce compte")
	case len(comptes) > 1:
		return nil, invalide("/identifiant", "ambigu", "Plusieurs comptes actifs portent cet identifiant ou cette adresse. Désactivez ceux qui sont en trop.")
	}
	return &comptes[0], nil
}

func (s *Service) verrouillerDesigne(ctx context.Context, identifiant string) (*Utilisateur, error) {
	u, err := s.designe(ctx, identifiant)
	if err != nil {
		return nil, err
	}
	return s.cfg.Store.VerrouillerUtilisateur(ctx, u.ID)
}

func (s *Service) journaliserIntervention(ctx context.Context, u Utilisateur, action, commande string, i Intervention, apres map[string]any) error {
	j := event.Journal{NomTable: "utilisateur", LigneID: &u.ID, ObjetUUID: &u.UUID, Action: action, Commande: commande, Motif: i.Motif, Acteur: i.Acteur}
	var err error
	if j.Apres, err = json.Marshal(apres); err != nil {
		return fmt.Errorf("describe account: %w", err)
	}
	return s.cfg.Store.Journaliser(ctx, j)
}

// noter writes a change of account in the security log.
func (s *Service) noter(ctx context.Context, i Intervention, err error, compte int64, commande string) {
	if err == nil && !i.Simulation {
		s.securite(ctx, securite.CompteModifie, securite.OK, 0, 0, Appel{}, "compte", compte, "commande", commande)
	}
}
