package compte

import (
	"context"
	"encoding/json"
	"fmt"

	"apilos/api/auth"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/securite"

	"github.com/google/uuid"
)

// storeDroits serves the sheet of an account.
type storeDroits interface {
	// FicheCompte returns an account with its roles, nil when there is none.
	FicheCompte(ctx context.Context, id uuid.UUID) (*FicheCompte, error)
}

// FicheCompte is an account as the staff sets it.
type FicheCompte struct {
	LigneCompte
	Roles []RoleCompte
	// ClientAPI is true for the technical account of a program, which is set with its client.
	ClientAPI bool
}

// RoleCompte is a role that an account holds or held; Habilitation is 0 when the platform gave it.
type RoleCompte struct {
	Typologie    auth.Typologie
	LectureSeule bool
	Entite       string // bailleur or administration
	Region       string
	Departement  string
	Profil       string
	Habilitation int64
	ExpireLe     *date.Date
}

// Reglages tells what the caller may change of an account (06 §3.3).
type Reglages struct {
	Activation bool // deactivate, activate
	Roles      bool
	Equipe     bool // rights of the staff
}

// ReglagesDe: the staff sets the accounts of people outside of it, a superuser every account, nobody their own. The
// roles of a CERBERE account are those of its habilitations.
func ReglagesDe(p auth.Principal, f *FicheCompte) Reglages {
	if (!p.Staff && !p.Superuser) || p.DetourneParID != 0 || f.ID == p.UtilisateurID || f.ClientAPI {
		return Reglages{}
	}
	regle := p.Superuser || !f.privilegie()
	return Reglages{Activation: regle, Roles: regle && f.local(), Equipe: p.Superuser}
}

// FicheCompte returns an account for the staff. It is not found for anybody else.
func (s *Service) FicheCompte(ctx context.Context, p auth.Principal, id uuid.UUID) (*FicheCompte, error) {
	if !p.Staff && !p.Superuser {
		return nil, fault.Introuvable("Cette adresse")
	}
	f, err := s.cfg.Store.FicheCompte(ctx, id)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read an account: %w", err)
	case f == nil:
		return nil, fault.Introuvable("Ce compte")
	}
	return f, nil
}

// ReglageCompte is a change of an account by the staff; nil leaves as it is.
type ReglageCompte struct {
	Actif, Staff, Superuser *bool
	Motif                   string
}

// ReglerCompte opens or closes an account, and gives or withdraws the rights of the staff. Closing it ends its
// sessions. Errors: REGLAGE_INTERDIT (403), VERSION_PERIMEE, DONNEES_INVALIDES.
func (s *Service) ReglerCompte(ctx context.Context, p auth.Principal, id uuid.UUID, version int, r ReglageCompte, a Appel) (*FicheCompte, error) {
	return s.surCompte(ctx, p, id, version, r.Motif, a, func(ctx context.Context, f *FicheCompte, u *Utilisateur) (string, map[string]any, map[string]any, error) {
		peut := ReglagesDe(p, f)
		avant := map[string]any{"est_actif": u.EstActif, "est_staff": u.EstStaff, "est_superuser": u.EstSuperuser}
		if r.Actif != nil {
			u.EstActif = *r.Actif
		}
		if r.Staff != nil {
			u.EstStaff = *r.Staff
		}
		if r.Superuser != nil {
			u.EstSuperuser = *r.Superuser
		}
		apres := map[string]any{"est_actif": u.EstActif, "est_staff": u.EstStaff || u.EstSuperuser, "est_superuser": u.EstSuperuser}
		actif, equipe := avant["est_actif"] != apres["est_actif"], avant["est_staff"] != apres["est_staff"] || avant["est_superuser"] != apres["est_superuser"]
		switch {
		case actif && !peut.Activation, equipe && !peut.Equipe:
			return "", nil, nil, reglageInterdit()
		case !actif && !equipe:
			return "", nil, nil, nil
		}
		if err := s.modifier(ctx, u, apres, s.maintenant()); err != nil {
			return "", nil, nil, err
		}
		if !u.EstActif {
			if err := s.fermerToutes(ctx, u.ID, "", s.maintenant()); err != nil {
				return "", nil, nil, err
			}
		}
		return "utilisateur.droits", avant, apres, nil
	})
}

// DonnerRoleCompte gives a local account one role instead of the one it had. Errors: those of ReglerCompte.
func (s *Service) DonnerRoleCompte(ctx context.Context, p auth.Principal, id uuid.UUID, version int, d DemandeRole, motif string, a Appel) (*FicheCompte, error) {
	return s.surCompte(ctx, p, id, version, motif, a, func(ctx context.Context, f *FicheCompte, u *Utilisateur) (string, map[string]any, map[string]any, error) {
		switch peut := ReglagesDe(p, f); {
		case peut.Activation && !f.local():
			return "", nil, nil, invalide("/typologie", "cerbere", "Ce compte vient de CERBERE : ses droits sont ceux de ses habilitations dans le SIAP.")
		case !peut.Roles:
			return "", nil, nil, reglageInterdit()
		}
		if err := s.donnerRole(ctx, *u, d, s.maintenant()); err != nil {
			return "", nil, nil, err
		}
		if err := s.modifier(ctx, u, map[string]any{}, s.maintenant()); err != nil { // the version of the sheet
			return "", nil, nil, err
		}
		return "utilisateur.role", map[string]any{"roles": f.Roles}, map[string]any{"role": d}, nil
	})
}

func reglageInterdit() *fault.Error {
	return fault.New(fault.Forbidden, "REGLAGE_INTERDIT", "Vous ne pouvez pas régler ce compte : personne ne règle le sien, et celui d’un membre de l’équipe se règle par un super-utilisateur.")
}

// surCompte changes a locked account and writes why in the journal; fn returns "" when it changed nothing.
func (s *Service) surCompte(ctx context.Context, p auth.Principal, id uuid.UUID, version int, motif string, a Appel,
	fn func(ctx context.Context, f *FicheCompte, u *Utilisateur) (commande string, avant, apres map[string]any, err error),
) (*FicheCompte, error) {
	if (!p.Staff && !p.Superuser) || p.DetourneParID != 0 {
		return nil, fault.Introuvable("Cette adresse")
	}
	motif, err := motifAdmin(motif)
	if err != nil {
		return nil, err
	}
	var apresTout *FicheCompte
	fait := ""
	err = s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		f, err := s.FicheCompte(ctx, p, id)
		if err != nil {
			return err
		}
		u, err := s.cfg.Store.VerrouillerUtilisateur(ctx, f.ID)
		if err != nil {
			return fmt.Errorf("lock an account: %w", err)
		}
		if u.Version != version {
			return fault.FichePerimee(u.Version)
		}
		commande, avant, apres, err := fn(ctx, f, u)
		if err != nil {
			return err
		}
		if fait = commande; commande != "" {
			j := event.Journal{NomTable: "utilisateur", LigneID: &u.ID, ObjetUUID: &u.UUID, Action: event.Modification, Commande: commande, Motif: motif}
			if j.Avant, err = json.Marshal(avant); err != nil {
				return fmt.Errorf("describe account: %w", err)
			}
			if j.Apres, err = json.Marshal(apres); err != nil {
				return fmt.Errorf("describe account: %w", err)
			}
			j.Signer(p)
			if err := s.cfg.Store.Journaliser(ctx, j); err != nil {
				return err
			}
		}
		apresTout, err = s.FicheCompte(ctx, p, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if fait != "" {
		s.securite(ctx, securite.CompteModifie, securite.OK, p.UtilisateurID, p.HabilitationID, a, "compte", apresTout.ID, "commande", fait)
	}
	return apresTout, nil
}
