package compte

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/securite"

	"github.com/google/uuid"
)

// Figures of 05 C.5.
const (
	dureeDetournement = 60 * time.Minute
	minMotif          = 10
	maxMotif          = 500
)

const (
	faitDetournement    = string(securite.Detournement)
	faitDetournementFin = string(securite.DetournementFin)
)

// storeDetournement keeps impersonations.
type storeDetournement interface {
	UtilisateurParUUID(ctx context.Context, id uuid.UUID) (*Utilisateur, error)
	AjouterDetournement(ctx context.Context, d *Detournement) error
	// SessionsDetournees lists the open sessions of the impersonations begun from a session.
	SessionsDetournees(ctx context.Context, parente uuid.UUID) ([]uuid.UUID, error)
	// Detournements lists impersonations, latest first, with the state each has at the instant le.
	Detournements(ctx context.Context, f FiltreDetournements, le time.Time, decalage, limite int) ([]LigneDetournement, int, error)
	// CloreDetournements gives an end to the impersonations whose session is over.
	CloreDetournements(ctx context.Context, le time.Time) error
}

// DemandeDetournement asks to act as somebody.
type DemandeDetournement struct {
	Cible uuid.UUID
	Motif string
	Mode  auth.ModeDetournement // "" means lecture
}

// FiltreDetournements limits a list of impersonations; 0 limits nothing.
type FiltreDetournements struct {
	CibleID int64
	StaffID int64
}

// LigneDetournement is an impersonation with the names of both people.
type LigneDetournement struct {
	Detournement
	StaffUUID, CibleUUID uuid.UUID
	StaffNom, CibleNom   string
	EnCours              bool
}

// Detourner opens a session in which p, of the staff, acts as somebody else (05 C.5): 60 minutes at most, in reading
// unless a superuser asks for more. A superuser may act as any active account, staff as any that is neither staff nor
// superuser, nobody as themselves nor from an impersonation. The one begun before from the same session ends.
//
// Errors: not found for who is not of the staff and for an unknown account, detournement_interdit and
// DETOURNEMENT_INTERDIT (403), DONNEES_INVALIDES (422), siap_unavailable (503).
func (s *Service) Detourner(ctx context.Context, p auth.Principal, d DemandeDetournement, a Appel) (Connecte, error) {
	a = a.par(p)
	ouverte, cible, err := s.detourner(ctx, p, d, a)
	if err != nil {
		if fault.Is(err, fault.Forbidden) {
			s.securite(ctx, securite.Detournement, securite.Refus, cible, p.HabilitationID, a, "staff", p.UtilisateurID, "code", codeDe(err))
		}
		return Connecte{}, err
	}
	a.detournePar = p.UtilisateurID
	s.securite(ctx, securite.Detournement, securite.OK, cible, 0, a, "mode", string(d.modeOuDefaut()))
	acces, err := s.premierAcces(ctx, ouverte)
	return Connecte{ouverte, acces}, err
}

func (s *Service) detourner(ctx context.Context, p auth.Principal, d DemandeDetournement, a Appel) (Ouverte, int64, error) {
	if p.DetourneParID != 0 {
		return Ouverte{}, p.UtilisateurID, interditDetourne()
	}
	staff, parente, err := s.staffDe(ctx, p)
	if err != nil {
		return Ouverte{}, 0, err
	}
	if d.Motif = strings.TrimSpace(d.Motif); d.invalide() != nil {
		return Ouverte{}, 0, d.invalide()
	}
	cible, err := s.cfg.Store.UtilisateurParUUID(ctx, d.Cible)
	if err != nil {
		return Ouverte{}, 0, fmt.Errorf("read the account to act as: %w", err)
	}
	if cible == nil {
		return Ouverte{}, 0, fault.Introuvable("Ce compte")
	}
	if err := permisDeDetourner(*staff, *cible, d.modeOuDefaut()); err != nil {
		return Ouverte{}, cible.ID, err
	}
	ouverte, err := s.ouvrirDetournement(ctx, parente, *staff, *cible, d, a)
	return ouverte, cible.ID, err
}

// staffDe reads again who asks and from which session: rights withdrawn a second ago are withdrawn.
func (s *Service) staffDe(ctx context.Context, p auth.Principal) (*Utilisateur, *Etat, error) {
	id, err := uuid.Parse(p.SessionID)
	if err != nil {
		return nil, nil, nonAuthentifie()
	}
	e, err := s.relire(ctx, id)
	switch {
	case err != nil:
		return nil, nil, err
	case e == nil || !e.ouverte(s.maintenant()) || !e.Utilisateur.EstActif:
		return nil, nil, nonAuthentifie()
	case !e.Utilisateur.privilegie():
		return nil, nil, fault.Introuvable("Cette adresse")
	}
	return &e.Utilisateur, e, nil
}

func (d DemandeDetournement) modeOuDefaut() auth.ModeDetournement {
	if d.Mode == "" {
		return auth.DetournementLecture
	}
	return d.Mode
}

func (d DemandeDetournement) invalide() error {
	var fautes []fault.Field
	if n := utf8.RuneCountInString(d.Motif); n < minMotif || n > maxMotif {
		fautes = append(fautes, fault.Field{Pointer: "/motif", Code: "longueur",
			Detail: "Expliquez pourquoi vous agissez à la place de cette personne, en 10 à 500 caractères. Elle pourra demander ce motif."})
	}
	if m := d.modeOuDefaut(); m != auth.DetournementLecture && m != auth.DetournementComplet {
		fautes = append(fautes, fault.Field{Pointer: "/mode", Code: "choix", Detail: "Choisissez une valeur parmi : lecture, complet."})
	}
	if len(fautes) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "DONNEES_INVALIDES", fautes[0].Detail).WithFields(fautes...)
}

// permisDeDetourner is the matrix of 05 C.5.
func permisDeDetourner(staff, cible Utilisateur, mode auth.ModeDetournement) error {
	switch {
	case staff.ID == cible.ID:
		return fault.New(fault.Forbidden, CodeDetournement, "Vous ne pouvez pas agir à votre propre place. Choisissez une autre personne.")
	case !cible.EstActif:
		return fault.New(fault.Forbidden, CodeDetournement, "Ce compte est désactivé : personne ne peut agir avec lui. Réactivez-le d’abord.")
	case mode == auth.DetournementComplet && !staff.EstSuperuser:
		return fault.New(fault.Forbidden, CodeDetournement, "Le mode complet est réservé aux super-utilisateurs. Choisissez la consultation.")
	case cible.privilegie() && !staff.EstSuperuser:
		return fault.New(fault.Forbidden, CodeDetournement, "Seul un super-utilisateur peut agir à la place d’un membre de l’équipe.")
	}
	return nil
}

// Detournable tells whether p may act as u, in reading at least.
func Detournable(p auth.Principal, u Utilisateur) bool {
	if !p.Staff && !p.Superuser || p.DetourneParID != 0 {
		return false
	}
	return permisDeDetourner(Utilisateur{ID: p.UtilisateurID, EstStaff: p.Staff, EstSuperuser: p.Superuser}, u, auth.DetournementLecture) == nil
}

// ouvrirDetournement opens the session with the habilitations of the target, as SIAP gives them under the target's
// login. A target without any is opened too: the staff sees what the person sees.
func (s *Service) ouvrirDetournement(ctx context.Context, parente *Etat, staff, cible Utilisateur, d DemandeDetournement, a Appel) (Ouverte, error) {
	now := s.maintenant() // before SIAP is asked: a list read after that is of this session
	habs, verifieesLe, err := s.habilitationsDeConnexion(ctx, cible, a)
	if err != nil {
		return Ouverte{}, err
	}
	choisie, _ := choisir(habs, 0, now)
	e := &Etat{Utilisateur: cible, Habilitations: habs, Session: s.nouvelleSession(cible, Ouverture{Appel: a}, now, verifieesLe)}
	e.Session.ExpireAbsolueLe = premierInstant(now.Add(dureeDetournement), parente.Session.ExpireAbsolueLe)
	e.Session.ExpireInactiviteLe = e.Session.ExpireAbsolueLe
	e.Session.ParenteID, e.Session.DetourneParID = &parente.Session.ID, &staff.ID
	jeton := nouveauJeton()
	err = s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		// Requests made together come one after the other from here, and a session that was just closed begins nothing.
		courante, err := s.cfg.Store.VerrouillerEtat(ctx, parente.Session.ID)
		if err != nil {
			return fmt.Errorf("lock session: %w", err)
		}
		if courante == nil || !courante.ouverte(now) {
			return nonAuthentifie()
		}
		if err := s.finirDetournementsDe(ctx, parente.Session.ID); err != nil {
			return err
		}
		ligne := &Detournement{
			UUID: s.cfg.NouvelID(), StaffID: staff.ID, CibleID: cible.ID, Motif: d.Motif, Mode: string(d.modeOuDefaut()),
			IP: a.IP, Agent: e.Session.Agent, DebutLe: now,
		}
		if err := s.cfg.Store.AjouterDetournement(ctx, ligne); err != nil {
			return fmt.Errorf("write the impersonation: %w", err)
		}
		e.Session.DetournementID = &ligne.ID
		if err := s.inscrire(ctx, e, choisie, jeton); err != nil {
			return err
		}
		return s.journaliserDetournement(ctx, faitDetournement, *ligne, cible.UUID, a)
	})
	if err != nil {
		return Ouverte{}, err
	}
	return Ouverte{SessionID: e.Session.ID, UtilisateurID: cible.ID, Jeton: jeton, ExpireLe: e.Session.ExpireInactiviteLe}, nil
}

// finirDetournementsDe ends what the staff had begun before from the same session.
func (s *Service) finirDetournementsDe(ctx context.Context, parente uuid.UUID) error {
	ids, err := s.cfg.Store.SessionsDetournees(ctx, parente)
	if err != nil {
		return fmt.Errorf("list impersonations: %w", err)
	}
	for _, id := range ids {
		if _, err := s.cfg.Store.Revoquer(ctx, id, s.maintenant()); err != nil {
			return fmt.Errorf("end the former impersonation: %w", err)
		}
		s.cache.oublier(id.String())
	}
	return nil
}

// journaliserDetournement writes the beginning or the end under the name of the staff.
func (s *Service) journaliserDetournement(ctx context.Context, fait string, d Detournement, cible uuid.UUID, a Appel) error {
	apres, err := json.Marshal(map[string]string{"cible": cible.String(), "mode": d.Mode})
	if err != nil {
		return fmt.Errorf("describe impersonation: %w", err)
	}
	j := event.Journal{
		NomTable: "detournement", LigneID: &d.ID, ObjetUUID: &d.UUID, Action: event.Fait, Commande: fait, Motif: d.Motif, Apres: apres,
	}
	j.Signer(auth.Principal{UtilisateurID: d.StaffID, RequeteID: a.RequeteID, IP: a.IP})
	return s.cfg.Store.Journaliser(ctx, j)
}

// ArreterDetournement ends the impersonation that p is in. Outside of one it is not found.
func (s *Service) ArreterDetournement(ctx context.Context, p auth.Principal, a Appel) error {
	id, err := uuid.Parse(p.SessionID)
	if err != nil || p.DetourneParID == 0 {
		return fault.Introuvable("Ce détournement")
	}
	e, err := s.relire(ctx, id)
	if err != nil {
		return err
	}
	if e == nil || e.Detournement == nil {
		return fault.Introuvable("Ce détournement")
	}
	err = s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		ok, err := s.cfg.Store.Revoquer(ctx, id, s.maintenant())
		if err != nil || !ok {
			return err
		}
		return s.journaliserDetournement(ctx, faitDetournementFin, *e.Detournement, e.Utilisateur.UUID, a)
	})
	s.cache.oublier(p.SessionID)
	if err != nil {
		return fmt.Errorf("end the impersonation: %w", err)
	}
	s.securite(ctx, securite.DetournementFin, securite.OK, p.UtilisateurID, p.HabilitationID, a.par(p))
	return nil
}

// Detournements lists the impersonations of everybody, for the staff.
func (s *Service) Detournements(ctx context.Context, p auth.Principal, decalage, limite int) ([]LigneDetournement, int, error) {
	if !p.Staff && !p.Superuser {
		return nil, 0, fault.Introuvable("Cette adresse")
	}
	return s.listerDetournements(ctx, FiltreDetournements{}, decalage, limite)
}

// MesDetournements lists who acted as the caller, and when (05 C.5).
func (s *Service) MesDetournements(ctx context.Context, p auth.Principal, decalage, limite int) ([]LigneDetournement, int, error) {
	return s.listerDetournements(ctx, FiltreDetournements{CibleID: p.UtilisateurID}, decalage, limite)
}

func (s *Service) listerDetournements(ctx context.Context, f FiltreDetournements, decalage, limite int) ([]LigneDetournement, int, error) {
	lignes, total, err := s.cfg.Store.Detournements(ctx, f, s.maintenant(), decalage, limite)
	if err != nil {
		return nil, 0, fmt.Errorf("list impersonations: %w", err)
	}
	return lignes, total, nil
}
