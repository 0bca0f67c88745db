package compte

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"apilos/api/administration"
	"apilos/api/bailleur"
	"apilos/api/event"
	"apilos/api/siap"
)

// activerEntite returns h with the row of the bailleur or administration it stands for, created when the
// platform does not know it yet (PE-13), and remembers the role of the person. It runs in the caller's
// transaction. A bailleur that exists is never renamed by a habilitation (05 B.6.1).
func (s *Service) activerEntite(ctx context.Context, e *Etat, h Habilitation, now time.Time) (Habilitation, error) {
	var err error
	switch h.Entite.Type {
	case siap.EntiteBailleur:
		h.EntiteID, err = s.bailleurMoral(ctx, h)
	case siap.EntiteBailleurPrive:
		h.EntiteID, err = s.bailleurPrive(ctx, e, h, now)
	case siap.EntiteAdministration:
		h.EntiteID, err = s.administration(ctx, h)
	case siap.EntiteAucune:
		h.EntiteID = 0
	}
	if err != nil {
		return h, err
	}
	if err := s.cfg.Store.EnregistrerRole(ctx, roleDe(e.Utilisateur.ID, h), now); err != nil {
		return h, fmt.Errorf("remember the role: %w", err)
	}
	return h, nil
}

// demanderFusions has the mergers of a bailleur read again, later (PE-14).
func (s *Service) demanderFusions(ctx context.Context, e *Etat, h Habilitation) error {
	if h.Entite.Type != siap.EntiteBailleur || s.cfg.Fusion == nil {
		return nil
	}
	err := s.cfg.Fusion(ctx, DemandeFusion{BailleurID: h.EntiteID, Siren: h.Entite.Pivot, Nom: h.Entite.Nom, Login: e.login(), HabilitationID: h.ID})
	if err != nil {
		return fmt.Errorf("ask for the mergers: %w", err)
	}
	return nil
}

// bailleurMoral finds or creates the bailleur of a SIREN. A new one must have a right key (01 §4.1).
func (s *Service) bailleurMoral(ctx context.Context, h Habilitation) (int64, error) {
	id := bailleur.Classer(h.Entite.Pivot)
	b, err := s.cfg.Bailleurs.ParIdentifiant(ctx, id.Valeur)
	if err != nil {
		return 0, fmt.Errorf("find bailleur: %w", err)
	}
	if b != nil {
		return b.ID, nil
	}
	if id, err = bailleur.NouvelIdentifiant(h.Entite.Pivot); err != nil || id.Type != bailleur.TypeSiren {
		return 0, refusee(siap.RefusBailleurInconnu).Because(err)
	}
	return s.creerBailleur(ctx, id, h, bailleur.Autres, "Bailleur "+id.Valeur)
}

// bailleurPrive finds or creates the bailleur of a natural person, whose key is an e-mail. A person whose
// e-mail changed in SIAP keeps the bailleur already held under the same habilitation, which takes the
// new e-mail (01 §4.1).
func (s *Service) bailleurPrive(ctx context.Context, e *Etat, h Habilitation, now time.Time) (int64, error) {
	id, err := bailleur.NouvelIdentifiant(h.Entite.Pivot)
	if err != nil || id.Type != bailleur.TypeEmail {
		return 0, refusee(siap.RefusBailleurInconnu).Because(err)
	}
	b, err := s.cfg.Bailleurs.ParIdentifiant(ctx, id.Valeur)
	if err != nil {
		return 0, fmt.Errorf("find bailleur: %w", err)
	}
	if b != nil {
		return b.ID, nil
	}
	ancien, err := s.cfg.Store.BailleurPriveDuRole(ctx, e.Utilisateur.ID, h.ID)
	if err != nil {
		return 0, fmt.Errorf("find the bailleur of the person: %w", err)
	}
	if ancien == nil {
		return s.creerBailleur(ctx, id, h, bailleur.Prives, "Bailleur privé")
	}
	if err := s.cfg.Bailleurs.ChangerIdentifiant(ctx, ancien.ID, id.Valeur, now); err != nil {
		return 0, fmt.Errorf("change the e-mail of a private bailleur: %w", err)
	}
	return ancien.ID, s.journaliserSIAP(ctx, "bailleur", ancien.ID, event.Modification, "bailleur.identifiant")
}

func (s *Service) creerBailleur(ctx context.Context, id bailleur.Identifiant, h Habilitation, nature bailleur.Nature, nomParDefaut string) (int64, error) {
	b := &bailleur.Bailleur{
		Nom: premier(h.Entite.Nom, nomParDefaut), Adresse: h.Entite.Adresse, CodePostal: h.Entite.CodePostal, Ville: h.Entite.Ville,
		NatureBailleur: nature, SousNatureBailleur: bailleur.NonRenseigne,
	}
	id.Appliquer(b, "")
	created, err := s.cfg.Bailleurs.CreerSiAbsent(ctx, b)
	if err != nil {
		return 0, fmt.Errorf("create bailleur: %w", err)
	}
	if !created {
		return b.ID, nil
	}
	return b.ID, s.journaliserSIAP(ctx, "bailleur", b.ID, event.Ajout, "bailleur.creation")
}

func (s *Service) administration(ctx context.Context, h Habilitation) (int64, error) {
	a := administration.Nouvelle(h.Entite.Pivot, h.Entite.Nom)
	created, err := s.cfg.Administrations.CreerSiAbsente(ctx, &a)
	if err != nil {
		return 0, fmt.Errorf("create administration: %w", err)
	}
	if !created {
		return a.ID, nil
	}
	return a.ID, s.journaliserSIAP(ctx, "administration", a.ID, event.Ajout, "administration.creation")
}

// journaliserSIAP writes a change of ours that SIAP decided.
func (s *Service) journaliserSIAP(ctx context.Context, table string, id int64, action, commande string) error {
	apres, err := json.Marshal(map[string]string{"origine": "habilitation"})
	if err != nil {
		return fmt.Errorf("describe change: %w", err)
	}
	return s.cfg.Store.Journaliser(ctx, event.Journal{
		NomTable: table, LigneID: &id, Action: action, Commande: commande, Mode: "SIAP", Apres: apres, Acteur: "SIAP",
	})
}

// roleDe is the memory of the role that h gives; rights are never read from it (02 §2.2).
func roleDe(utilisateurID int64, h Habilitation) Role {
	id := int(h.ID)
	r := Role{
		UtilisateurID: utilisateurID, Typologie: string(h.Typologie), LectureSeule: h.LectureSeule,
		PerimetreRegion: optionnel(h.Region), PerimetreDepartement: optionnel(h.Departement),
		ProfilSiap: optionnel(lisible(h.Profil, 20)), CodeRoleSiap: optionnel(lisible(h.CodeRole, 40)),
		HabilitationID: &id, ExpireLe: h.ExpireLe,
	}
	entite := h.EntiteID
	switch h.Entite.Type {
	case siap.EntiteBailleur, siap.EntiteBailleurPrive:
		r.BailleurID = &entite
	case siap.EntiteAdministration:
		r.AdministrationID = &entite
	case siap.EntiteAucune:
	}
	return r
}

func optionnel(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// activer makes sure that a habilitation of a session can be worked under, and makes it the one of new
// tabs when parDefaut. It works on the session as the database has it now, locked.
func (s *Service) activer(ctx context.Context, e *Etat, habilitationID int64, parDefaut bool, a Appel) error {
	now := s.maintenant()
	return s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		courant, err := s.cfg.Store.VerrouillerEtat(ctx, e.Session.ID)
		if err != nil {
			return fmt.Errorf("lock session: %w", err)
		}
		if courant == nil || !courant.ouverte(now) {
			return nonAuthentifie()
		}
		h, ok := trouver(courant.Habilitations, habilitationID)
		if !ok {
			return habilitationInvalide()
		}
		if !h.utilisable(now) {
			return h.erreur(now)
		}
		if h, err = s.activerEntite(ctx, courant, h, now); err != nil {
			return err
		}
		if err := s.demanderFusions(ctx, courant, h); err != nil {
			return err
		}
		habs := append([]Habilitation(nil), courant.Habilitations...)
		remplacer(habs, h)
		verifieesLe := now
		if v := courant.Session.HabilitationsVerifieesLe; v != nil {
			verifieesLe = *v
		}
		if err := s.cfg.Store.EcrireHabilitations(ctx, courant.Session.ID, habs, verifieesLe); err != nil {
			return fmt.Errorf("save habilitations: %w", err)
		}
		if !parDefaut {
			return nil
		}
		if err := s.cfg.Store.EcrireDefaut(ctx, courant.Session.ID, habilitationID); err != nil {
			return fmt.Errorf("save active habilitation: %w", err)
		}
		apres, err := json.Marshal(map[string]int64{"avant": courant.defaut(), "apres": habilitationID})
		if err != nil {
			return fmt.Errorf("describe switch: %w", err)
		}
		return s.journaliser(ctx, courant, faitSwitch, habilitationID, a, apres)
	})
}
