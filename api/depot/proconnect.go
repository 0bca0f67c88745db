package depot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"apilos/api/fault"
)

// dureeEtat is how long a person may take to sign in.
const dureeEtat = 10 * time.Minute

// erreurSiret is shown in a habilitation rejected because the person is not of the mairie.
const erreurSiret = "Le siret ne correspond à la commune"

// Depart is where route 28 sends the browser. Etat is "" when there is nothing to sign in for.
type Depart struct{ URL, Etat string }

// etatProConnect is kept under the digest of the state.
type etatProConnect struct {
	HabilitationID string `json:"habilitation_id"`
	Nonce          string `json:"nonce"`
	Retour         string `json:"retour"`
}

// CommencerProConnect prepares the sign-in of an agent of the mairie (route 28).
func (s *Service) CommencerProConnect(ctx context.Context, h *Habilitation, retour string) (Depart, error) {
	if retour == "" {
		return Depart{}, Scalaire("redirectUrl param is mandatory")
	}
	if !s.retourPermis(retour) {
		return Depart{}, Scalaire("redirectUrl is not allowed")
	}
	if h.Statut != HabilitationEnAttente {
		return Depart{URL: retour}, nil
	}
	if s.c.ProConnect == nil {
		return Depart{}, fault.New(fault.Unavailable, "PROCONNECT_ABSENT", "ProConnect n’est pas configuré sur ce service")
	}
	etat, err := tirerJeton(s.c.Alea)
	if err != nil {
		return Depart{}, err
	}
	nonce, err := tirerJeton(s.c.Alea)
	if err != nil {
		return Depart{}, err
	}
	adresse, err := s.c.ProConnect.URLAutorisation(ctx, etat, nonce)
	if err != nil {
		return Depart{}, fmt.Errorf("start ProConnect: %w", proConnectMuet(err))
	}
	objet := jsonDe(etatProConnect{HabilitationID: h.ID, Nonce: nonce, Retour: retour})
	if err := s.c.Store.GarderEtat(ctx, empreinteJeton(etat), objet, s.maintenant().Add(dureeEtat)); err != nil {
		return Depart{}, err
	}
	return Depart{URL: adresse, Etat: etat}, nil
}

// FinirProConnect ends the sign-in: the SIRET of the person decides. It returns where the browser goes,
// once the decision is committed. code is "" when the person gave up, which decides nothing.
func (s *Service) FinirProConnect(ctx context.Context, a Acteur, etat, code string) (string, error) {
	objet, err := s.c.Store.ConsommerEtat(ctx, empreinteJeton(etat), s.maintenant())
	if err != nil {
		return "", err
	}
	if objet == nil || s.c.ProConnect == nil {
		return "", errSessionInvalide()
	}
	var e etatProConnect
	if err := json.Unmarshal(objet, &e); err != nil {
		return "", fmt.Errorf("read state: %w", err)
	}
	if code == "" {
		return e.Retour, nil
	}
	siret, err := s.c.ProConnect.Siret(ctx, code, e.Nonce)
	if err != nil {
		return "", fmt.Errorf("ask ProConnect: %w", proConnectMuet(err))
	}
	h, err := s.Habilitation(ctx, e.HabilitationID)
	if err != nil {
		return "", err
	}
	_, sirets, err := s.mairie(ctx, h.CodeCommune)
	if err != nil { // nobody is rejected because the directory is down
		return "", fault.New(fault.Unavailable, "ANNUAIRE_INDISPONIBLE", "L’annuaire de l’administration ne répond pas. Réessayez dans quelques instants.").Because(err)
	}
	return e.Retour, s.deciderSiret(ctx, a, h.ID, siret != "" && slices.Contains(sirets, siret))
}

func (s *Service) deciderSiret(ctx context.Context, a Acteur, id string, egal bool) error {
	return s.c.Store.InTx(ctx, func(ctx context.Context) error {
		h, err := s.verrouiller(ctx, id)
		if err != nil || h.Statut != HabilitationEnAttente { // somebody decided meanwhile
			return err
		}
		le := s.maintenant()
		p := Preuve{Type: PreuveProConnect, CreeLe: &le}
		if egal {
			_, err = s.accepter(ctx, a, h, p)
			return err
		}
		p.ErreurIdentification = erreurSiret
		_, err = s.rejeter(ctx, a, h, p)
		return err
	})
}

// ErrSession answers a return of ProConnect that no sign-in of this browser began.
func ErrSession() error { return errSessionInvalide() }

// proConnectMuet keeps a fault made for the reader, and turns anything else into 502.
func proConnectMuet(err error) error {
	if fault.As(err) != nil {
		return err
	}
	return fault.New(fault.BadGateway, "PROCONNECT_INDISPONIBLE", "ProConnect n’a pas confirmé votre identité. Recommencez dans quelques instants.").Because(err)
}

// retourPermis tells whether the browser may be sent to an address: its origin is in the allow-list.
func (s *Service) retourPermis(adresse string) bool {
	u, err := url.Parse(adresse)
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "https" && u.Scheme != "http") {
		return false
	}
	origine := strings.ToLower(u.Scheme + "://" + u.Host)
	return slices.ContainsFunc(s.c.Reglages.OriginesRetour, func(o string) bool {
		return strings.EqualFold(strings.TrimRight(o, "/"), origine)
	})
}
