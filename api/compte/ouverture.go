package compte

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"apilos/api/securite"
	"apilos/api/siap"

	"github.com/google/uuid"
)

// Ouverture is a person that CERBERE has just identified.
type Ouverture struct {
	Identite Identite
	// Ticket is the CAS ticket that was validated; its digest ties the session to single logout. Empty for a
	// sign-in without CAS.
	Ticket string
	// HabilitationID is the habilitation asked by the address the person wants to see, 0 for none.
	HabilitationID int64
	Appel          Appel
}

// Ouverte is a session that has just been opened.
type Ouverte struct {
	SessionID     uuid.UUID
	UtilisateurID int64
	Jeton         string    // refresh token, for the cookie: the only time it can be read
	ExpireLe      time.Time // end of the session if nobody renews it
}

// ConsommerTicket makes a ticket serve once: a second call within ten minutes is refused with
// ticket_deja_utilise. It comes before the validation, so that two tabs cannot both ask CERBERE.
func (s *Service) ConsommerTicket(ctx context.Context, ticket string, a Appel) error {
	ok, err := s.cfg.Store.ConsommerTicket(ctx, empreinte(ticket), s.maintenant().Add(memoireTicket))
	if err != nil {
		return fmt.Errorf("remember a ticket: %w", err)
	}
	if !ok {
		s.securite(ctx, securite.TicketReutilise, securite.Refus, 0, 0, a)
		return ticketDejaUtilise()
	}
	return nil
}

// OuvrirSession finds or creates the account of a person, reads habilitations from SIAP and opens a
// session on the one asked, the favourite or the first. Refusals are faults made for an HTML page:
// compte_incomplet, compte_desactive, habilitation_not_valid, profil_not_supported, PERIMETRE_ABSENT,
// BAILLEUR_NON_IDENTIFIE (403), siap_unavailable (503). The account is kept even when the session is refused.
func (s *Service) OuvrirSession(ctx context.Context, o Ouverture) (Ouverte, error) {
	ouverte, u, err := s.ouvrir(ctx, o)
	if err != nil {
		s.securite(ctx, securite.Ouverture, securite.Refus, u.ID, o.HabilitationID, o.Appel, "code", codeDe(err))
		return Ouverte{}, err
	}
	return ouverte, nil
}

func (s *Service) ouvrir(ctx context.Context, o Ouverture) (Ouverte, Utilisateur, error) {
	id := o.Identite.propre()
	if !id.complete() {
		return Ouverte{}, Utilisateur{}, compteIncomplet()
	}
	u, err := s.identifier(ctx, id, o.Appel)
	if err != nil {
		return Ouverte{}, Utilisateur{}, err
	}
	if !u.EstActif {
		return Ouverte{}, u, compteDesactive()
	}
	ouverte, err := s.ouvrirPour(ctx, u, o)
	return ouverte, u, err
}

// ouvrirPour reads the habilitations of u and opens the session.
func (s *Service) ouvrirPour(ctx context.Context, u Utilisateur, o Ouverture) (Ouverte, error) {
	now := s.maintenant()
	habs, verifieesLe, err := s.habilitationsDeConnexion(ctx, u, o.Appel)
	if err != nil {
		return Ouverte{}, err
	}
	choisie, ok := choisir(habs, o.HabilitationID, now)
	if !ok && !u.privilegie() {
		if err := s.exigerRoleLocal(ctx, u, habs, now); err != nil {
			return Ouverte{}, err
		}
	}
	e := &Etat{Utilisateur: u, Habilitations: habs, Session: s.nouvelleSession(u, o, now, verifieesLe)}
	jeton := nouveauJeton()
	err = s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		return s.enregistrerOuverture(ctx, e, choisie, jeton, o.Appel)
	})
	if err != nil {
		return Ouverte{}, err
	}
	issue := securite.OK
	if e.degradee() {
		issue = securite.Degrade
	}
	s.securite(ctx, securite.Ouverture, issue, u.ID, choisie.ID, o.Appel)
	return Ouverte{SessionID: e.Session.ID, UtilisateurID: u.ID, Jeton: jeton, ExpireLe: e.Session.ExpireInactiviteLe}, nil
}

// exigerRoleLocal refuses a person whom nothing lets in: no habilitation of SIAP and, for an account of the platform
// itself, no role.
func (s *Service) exigerRoleLocal(ctx context.Context, u Utilisateur, habs []Habilitation, now time.Time) error {
	if !u.local() {
		return aucuneUtilisable(habs, now)
	}
	role, err := s.cfg.Store.RoleLocal(ctx, u.ID)
	if err != nil {
		return fmt.Errorf("read the local role: %w", err)
	}
	if !roleUtilisable(role, now) {
		return compteSansRole()
	}
	return nil
}

func (s *Service) nouvelleSession(u Utilisateur, o Ouverture, now time.Time, verifieesLe *time.Time) Session {
	absolue := now.Add(s.cfg.DureeMax)
	row := Session{
		ID: s.cfg.NouvelID(), UtilisateurID: u.ID, HabilitationsVerifieesLe: verifieesLe,
		IP: o.Appel.IP, Agent: lisible(o.Appel.Agent, maxAgent),
		CreeLe: now, VueLe: now, ExpireAbsolueLe: absolue, ExpireInactiviteLe: premierInstant(now.Add(s.cfg.Inactivite), absolue),
	}
	if o.Ticket != "" {
		digest := empreinte(o.Ticket)
		row.CasTicketEmpreinte = &digest
	}
	return row
}

const maxAgent = 500

// enregistrerOuverture writes a session, and in the journal that the person signed in.
func (s *Service) enregistrerOuverture(ctx context.Context, e *Etat, choisie Habilitation, jeton string, a Appel) error {
	if err := s.inscrire(ctx, e, choisie, jeton); err != nil {
		return err
	}
	if err := s.cfg.Store.NoterConnexion(ctx, e.Utilisateur.ID, e.Session.CreeLe); err != nil {
		return fmt.Errorf("note sign-in: %w", err)
	}
	apres, err := json.Marshal(map[string]bool{"cerbere": e.Session.CasTicketEmpreinte != nil, "siap_injoignable": e.degradee()})
	if err != nil {
		return fmt.Errorf("describe sign-in: %w", err)
	}
	return s.journaliser(ctx, e, FaitOuverture, choisie.ID, a, apres)
}

// inscrire writes the session, its first token, the entity and the role of the habilitation, together.
func (s *Service) inscrire(ctx context.Context, e *Etat, choisie Habilitation, jeton string) error {
	now := e.Session.CreeLe
	habs := append([]Habilitation(nil), e.Habilitations...)
	if choisie.ID != 0 {
		activee, err := s.activerEntite(ctx, e, choisie, now)
		if err != nil {
			return err
		}
		if err := s.demanderFusions(ctx, e, activee); err != nil {
			return err
		}
		remplacer(habs, activee)
		id := int(choisie.ID)
		e.Session.HabilitationDefautID = &id
	}
	e.Habilitations = habs
	if err := s.cfg.Store.CreerSession(ctx, e.Session, habs); err != nil {
		return fmt.Errorf("create session: %w", err)
	}
	err := s.cfg.Store.AjouterJeton(ctx, JetonRafraichissement{Empreinte: empreinte(jeton), SessionID: e.Session.ID, CreeLe: now})
	if err != nil {
		return fmt.Errorf("create refresh token: %w", err)
	}
	return nil
}

// habilitationsDeConnexion asks SIAP, and when it does not answer takes what it last said of this
// person, if that is less than 24 h old (05 C.4).
func (s *Service) habilitationsDeConnexion(ctx context.Context, u Utilisateur, a Appel) ([]Habilitation, *time.Time, error) {
	now := s.maintenant()
	if u.local() { // it has no habilitation in SIAP
		return nil, nil, nil
	}
	recues, err := s.cfg.SIAP.RefreshHabilitations(ctx, *u.CerbereLogin, 0)
	switch {
	case err == nil:
		return s.lire(ctx, recues, u.ID, now), &now, nil
	case siapRefuse(err):
		s.cfg.Journal.WarnContext(ctx, "SIAP refuse les habilitations", "user", u.ID, "request_id", a.RequeteID, "error", err.Error())
		return nil, &now, nil
	}
	s.cfg.Journal.WarnContext(ctx, "SIAP injoignable à la connexion", "user", u.ID, "request_id", a.RequeteID, "error", err.Error())
	habs, verifieesLe, ok, dbErr := s.cfg.Store.DernieresHabilitations(ctx, u.ID, now.Add(-confianceSansSIAP))
	if dbErr != nil {
		return nil, nil, fmt.Errorf("read the last known habilitations: %w", dbErr)
	}
	if ok {
		return habs, &verifieesLe, nil
	}
	if u.privilegie() {
		return nil, nil, nil
	}
	return nil, nil, siapIndisponible(err)
}

// siapRefuse tells an answer of SIAP about the person from a breakdown: it was asked and said no.
func siapRefuse(err error) bool {
	return errors.Is(err, siap.ErrForbidden) || errors.Is(err, siap.ErrNotFound) || errors.Is(err, siap.ErrRejected)
}

// lire reads habilitations and logs the role codes that nobody knows (PE-10).
func (s *Service) lire(ctx context.Context, recues []siap.HabilitationDTO, utilisateurID int64, now time.Time) []Habilitation {
	habs, inconnus := lireHabilitations(recues, now)
	for _, code := range inconnus {
		s.cfg.Journal.LogAttrs(ctx, slog.LevelWarn, "rôle SIAP inconnu, mis en lecture seule",
			slog.String("code_role", lisible(code, 60)), slog.Int64("user", utilisateurID))
		s.signalerInconnue(ctx, champRole, code)
	}
	return habs
}

func remplacer(habs []Habilitation, h Habilitation) {
	for i := range habs {
		if habs[i].ID == h.ID {
			habs[i] = h
		}
	}
}

func premierInstant(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
