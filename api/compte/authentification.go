package compte

import (
	"context"
	"fmt"
	"slices"
	"time"

	"apilos/api/auth"
	"apilos/api/siap"

	"github.com/google/uuid"
)

// Authenticate turns an access token into the principal of a request. It fails with kind Unauthenticated
// when the token is refused, the session ended or the account inactive (PE-02). A habilitation that the
// session no longer has gives a principal without role: no data route lets it in (05 C.4), but the
// session itself may still be read and left.
//
// The session is read at most once per five seconds; queries do not grow with the number of requests.
func (s *Service) Authenticate(ctx context.Context, bearer string) (auth.Principal, error) {
	claims, err := s.cfg.Jetons.Verify(bearer)
	if err != nil {
		return auth.Principal{}, nonAuthentifie().Because(err)
	}
	id, err := uuid.Parse(claims.SessionID)
	if err != nil {
		return auth.Principal{}, nonAuthentifie().Because(err)
	}
	e, err := s.etat(ctx, id)
	if err != nil {
		return auth.Principal{}, err
	}
	if e == nil || !e.ouverte(s.maintenant()) || !e.Utilisateur.EstActif ||
		e.Utilisateur.UUID.String() != claims.Subject || e.DetourneParUUID != claims.Actor {
		return auth.Principal{}, nonAuthentifie()
	}
	p, _, err := s.principal(ctx, e, claims.Habilitation)
	if err != nil {
		return auth.Principal{}, err
	}
	p.LectureSeule = p.LectureSeule || claims.ReadOnly
	return p, nil
}

// etat returns a session through the cache, nil when there is none.
func (s *Service) etat(ctx context.Context, id uuid.UUID) (*Etat, error) {
	if e := s.cache.lire(id.String()); e != nil {
		return e, nil
	}
	return s.relire(ctx, id)
}

// relire reads a session from the database, for decisions that must not wait five seconds.
func (s *Service) relire(ctx context.Context, id uuid.UUID) (*Etat, error) {
	now := s.cfg.Horloge()
	e, err := s.cfg.Store.Etat(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read session: %w", err)
	}
	if e == nil {
		s.cache.oublier(id.String())
		return nil, nil
	}
	s.cache.ecrire(id.String(), e, now)
	return e, nil
}

// principal works out who acts under a habilitation of a session. Without a usable one the principal has
// no role and no perimeter. It also returns the perimeter, for the session resource.
func (s *Service) principal(ctx context.Context, e *Etat, habilitationID int64) (auth.Principal, Perimetre, error) {
	p := e.personne()
	now := s.maintenant()
	h, ok := e.habilitation(habilitationID)
	if !ok || !h.prete(now) {
		return p, Perimetre{}, nil
	}
	per, err := s.perimetre(ctx, e, h)
	if err != nil {
		return auth.Principal{}, Perimetre{}, err
	}
	if h.Entite.Type != siap.EntiteAucune && per.EntiteUUID == uuid.Nil { // merged or removed since
		s.cfg.Journal.WarnContext(ctx, "entité d’une habilitation introuvable", "user", p.UtilisateurID, "habilitation", h.ID)
		return p, Perimetre{}, nil
	}
	p.HabilitationID, p.Typologie, p.Profil, p.CodeRole = h.ID, h.Typologie, h.Profil, h.CodeRole
	p.LectureSeule = h.LectureSeule || e.degradee()
	p.Region, p.Departement, p.National = h.Region, h.Departement, h.National
	p.Entite = premier(per.EntiteNom, h.SousTitre1, h.Entete)
	switch h.Entite.Type {
	case siap.EntiteBailleur, siap.EntiteBailleurPrive:
		p.BailleurIDs = slices.Clone(per.BailleurIDs)
		p.FiltreDepartements = slices.Clone(per.FiltreDepartements)
	case siap.EntiteAdministration:
		p.AdministrationID = h.EntiteID
	case siap.EntiteAucune:
	}
	return p, per, nil
}

// personne is the principal without any habilitation.
func (e *Etat) personne() auth.Principal {
	u := e.Utilisateur
	p := auth.Principal{
		UtilisateurID: u.ID, UtilisateurUUID: u.UUID.String(), Login: e.login(),
		Prenom: u.Prenom, Nom: u.Nom, Email: u.Email, SessionID: e.Session.ID.String(),
		Staff: u.EstStaff, Superuser: u.EstSuperuser,
	}
	if e.Session.DetourneParID != nil {
		p.DetourneParID, p.Mode = *e.Session.DetourneParID, e.Mode
	}
	return p
}

func (s *Service) perimetre(ctx context.Context, e *Etat, h Habilitation) (Perimetre, error) {
	if per, ok := s.cache.perimetre(e, h.ID); ok {
		return per, nil
	}
	if h.Entite.Type == siap.EntiteAucune {
		return Perimetre{}, nil
	}
	per, err := s.cfg.Store.Perimetre(ctx, e.Utilisateur.ID, h)
	if err != nil {
		return Perimetre{}, fmt.Errorf("read perimeter: %w", err)
	}
	s.cache.ecrirePerimetre(e, h.ID, per)
	return per, nil
}

// nouvelAcces mints an access token for a session and a habilitation. It never lives longer than the session.
func (s *Service) nouvelAcces(ctx context.Context, e *Etat, habilitationID int64) (string, time.Time, error) {
	p, _, err := s.principal(ctx, e, habilitationID)
	if err != nil {
		return "", time.Time{}, err
	}
	token, claims, err := s.cfg.Jetons.Issue(auth.Claims{
		Subject: p.UtilisateurUUID, SessionID: p.SessionID, Habilitation: p.HabilitationID,
		ReadOnly: p.EnLecture(), Actor: e.DetourneParUUID, ExpiresAt: e.Session.ExpireAbsolueLe,
	})
	if err != nil {
		return "", time.Time{}, err
	}
	return token, claims.ExpiresAt, nil
}
