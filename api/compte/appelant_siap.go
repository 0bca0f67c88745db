package compte

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"apilos/api/auth"
	"apilos/api/bailleur"
	"apilos/api/fault"
	"apilos/api/siap"
)

// HabilitationsSIAP lists the habilitations of a person, kept a minute for each (login, habilitation).
type HabilitationsSIAP interface {
	Habilitations(ctx context.Context, login string, habilitationID int64) ([]siap.HabilitationDTO, error)
}

// AppelantSIAP is the person on whose behalf SIAP calls the platform. It is a value that lives for the request
// only: nothing of it is kept, and no account is needed.
type AppelantSIAP struct {
	// Principal has no account (UtilisateurID is 0): what it does is written without author.
	Principal auth.Principal
	// UtilisateurID is the account of the same person when there is one, 0 otherwise. It lends its login to the
	// messages that leave later, and its personal filter to the perimeter.
	UtilisateurID int64
	ClasseKPI     siap.ClasseKPI
}

// Codes of a refused call of SIAP that no habilitation of ours explains (05 A.2).
const codeHabilitationRefusee = "habilitation_refused"

// AppelantSIAP works out the rights of a call of SIAP (05 A.2): the habilitation asked, and no other one, must
// be among those of the person, validated and not past; its bailleur or administration is created when the
// platform does not know it. It fails with habilitation_refused, habilitation_not_valid,
// profil_not_supported or PERIMETRE_ABSENT (403), siap_bad_gateway (502) and siap_unavailable (503).
func (s *Service) AppelantSIAP(ctx context.Context, source HabilitationsSIAP, login string, habilitationID int64) (AppelantSIAP, error) {
	if habilitationID > math.MaxInt32 { // no habilitation of SIAP has such a number
		return AppelantSIAP{}, refusee(siap.RefusHabilitation)
	}
	recues, err := source.Habilitations(ctx, login, habilitationID)
	if err != nil {
		return AppelantSIAP{}, refusDuSIAP(err)
	}
	now := s.maintenant()
	dto, ok := siap.Trouver(recues, habilitationID)
	if !ok {
		return AppelantSIAP{}, refusee(siap.RefusHabilitation)
	}
	droits := siap.Evaluer(dto, now)
	if droits.Refus == siap.RefusProfil {
		s.signalerInconnue(ctx, champProfil, string(droits.Profil))
	}
	if !droits.Utilisable() {
		return AppelantSIAP{}, refusee(droits.Refus)
	}
	if !droits.RoleConnu {
		s.cfg.Journal.WarnContext(ctx, "rôle SIAP inconnu, traité en lecture seule", "role", lisible(droits.CodeRole, 60))
		s.signalerInconnue(ctx, champRole, droits.CodeRole)
	}
	h := nouvelleHabilitation(dto, droits)
	if err := s.entiteAppelante(ctx, login, &h); err != nil {
		return AppelantSIAP{}, err
	}
	return s.appelant(ctx, login, h, droits.ClasseKPI)
}

// refusDuSIAP translates a failed reading of the habilitations.
func refusDuSIAP(err error) error {
	e := siap.AsError(err)
	switch {
	case e == nil:
		return fmt.Errorf("read habilitations of a caller: %w", err)
	case errors.Is(e, siap.ErrForbidden), errors.Is(e, siap.ErrNotFound), errors.Is(e, siap.ErrRejected):
		return fault.New(fault.Forbidden, codeHabilitationRefusee,
			"Le SIAP refuse de donner les habilitations de cet utilisateur. Vérifiez « user-login » et « habilitation-id ».").Because(err)
	}
	return e.Fault()
}

// entiteAppelante gives h the row it stands for, created when there is none (PE-13).
func (s *Service) entiteAppelante(ctx context.Context, login string, h *Habilitation) error {
	if h.Entite.Type == siap.EntiteAucune {
		return nil
	}
	return s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		switch h.Entite.Type {
		case siap.EntiteBailleur:
			h.EntiteID, err = s.bailleurMoral(ctx, *h)
		case siap.EntiteBailleurPrive:
			h.EntiteID, err = s.bailleurPriveAppelant(ctx, *h)
		case siap.EntiteAdministration:
			h.EntiteID, err = s.administration(ctx, *h)
		case siap.EntiteAucune:
		}
		if err != nil {
			return err
		}
		return s.demanderFusionsEntrantes(ctx, login, *h)
	})
}

// bailleurPriveAppelant finds or creates the bailleur of a natural person by e-mail: without account there is
// no role in which a former e-mail could be found.
func (s *Service) bailleurPriveAppelant(ctx context.Context, h Habilitation) (int64, error) {
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
	return s.creerBailleur(ctx, id, h, bailleur.Prives, "Bailleur privé")
}

func (s *Service) appelant(ctx context.Context, login string, h Habilitation, classe siap.ClasseKPI) (AppelantSIAP, error) {
	compteID, err := s.cfg.Store.CompteDuLogin(ctx, login)
	if err != nil {
		return AppelantSIAP{}, fmt.Errorf("find the account of a caller: %w", err)
	}
	per, err := s.cfg.Store.Perimetre(ctx, compteID, h)
	if err != nil {
		return AppelantSIAP{}, fmt.Errorf("read perimeter: %w", err)
	}
	p := auth.Principal{
		Login: login, HabilitationID: h.ID, Typologie: h.Typologie, Profil: h.Profil, CodeRole: h.CodeRole,
		LectureSeule: h.LectureSeule, Region: h.Region, Departement: h.Departement, National: h.National,
		Entite: premier(per.EntiteNom, strings.TrimSpace(h.SousTitre1), h.Entete),
	}
	switch h.Entite.Type {
	case siap.EntiteBailleur, siap.EntiteBailleurPrive:
		p.BailleurIDs = slices.Clone(per.BailleurIDs)
		p.FiltreDepartements = slices.Clone(per.FiltreDepartements)
	case siap.EntiteAdministration:
		p.AdministrationID = h.EntiteID
	case siap.EntiteAucune:
	}
	return AppelantSIAP{Principal: p, UtilisateurID: compteID, ClasseKPI: classe}, nil
}
