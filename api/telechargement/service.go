package telechargement

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/fichier"

	"github.com/google/uuid"
)

// Duree is how long an address lives (05 C.3).
const Duree = 60 * time.Second

const (
	octetsJeton   = 32
	longueurJeton = 43 // octetsJeton in base64url
	commande      = "document.telecharge"
)

// Conventions reads a dossier in the perimeter of a principal (convention.Service).
type Conventions interface {
	Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, error)
}

// Contenus opens the bytes of files.
type Contenus interface {
	// Ouvrir opens an object and tells its size. It fails with the fault unavailable when the store does
	// not answer.
	Ouvrir(ctx context.Context, cle string) (corps io.ReadCloser, taille int64, err error)
}

// Store keeps the tokens.
type Store interface {
	// ConventionDuDocument returns the convention a document is attached to, uuid.Nil when there is none.
	ConventionDuDocument(ctx context.Context, document uuid.UUID) (uuid.UUID, error)
	CreerJeton(ctx context.Context, j Jeton) error
	// Jeton returns a token that still serves, with its file, nil otherwise: used, expired, or of a session
	// that ended or a person who left.
	Jeton(ctx context.Context, empreinte string, le time.Time) (*Jeton, *fichier.Fichier, error)
	// Consommer uses the token and writes the journal of its family in one transaction of its own, whatever
	// transaction ctx carries; false when somebody used it first.
	Consommer(ctx context.Context, j *Jeton, journal event.Journal, le time.Time) (bool, error)
}

// Jeton is the right to read one file once.
type Jeton struct {
	Empreinte     string
	UtilisateurID int64
	SessionID     *uuid.UUID // nil: not bound to a session
	ExpireLe      time.Time
	Objet         Objet
}

// Objet says which file a token opens, and for whom the journal notes it.
type Objet struct {
	FichierID      int64  `json:"fichier_id"`
	RacineID       int64  `json:"racine_id"`
	EnLigne        bool   `json:"en_ligne,omitempty"`
	HabilitationID int64  `json:"habilitation_id,omitempty"`
	DetourneParID  int64  `json:"detourne_par_id,omitempty"`
	Acteur         string `json:"acteur,omitempty"` // login of somebody without account
}

// Service gives addresses and opens files.
type Service struct {
	store       Store
	conventions Conventions
	contenus    Contenus
	horloge     func() time.Time
	evenements  Evenements // nil: the files of facts are unknown
}

// Evenements finds the files of the facts of the journal de bord (chronique.Service).
type Evenements interface {
	// Fichier returns a file that p may read and the root of its family, not_found otherwise.
	Fichier(ctx context.Context, p auth.Principal, document uuid.UUID) (*fichier.Fichier, int64, error)
}

// AvecEvenements also gives the files of facts.
func (s *Service) AvecEvenements(e Evenements) *Service {
	s.evenements = e
	return s
}

// NewService returns the service.
func NewService(store Store, conventions Conventions, contenus Contenus, horloge func() time.Time) *Service {
	return &Service{store: store, conventions: conventions, contenus: contenus, horloge: horloge}
}

// Lien is an address to follow at once: its token, and when it ends.
type Lien struct {
	Jeton    string
	ExpireLe time.Time
}

// Appel is where a download comes from.
type Appel struct {
	IP        string // truncated
	RequeteID string
}

// Contenu is a file being given. The caller closes Corps.
type Contenu struct {
	Nom      string
	TypeMime string // one of ours, application/octet-stream for the rest
	Taille   int64
	EnLigne  bool // to be shown in the page rather than saved
	Corps    io.ReadCloser
}

func (s *Service) maintenant() time.Time { return s.horloge().UTC().Truncate(time.Microsecond) }

// Ouvrir gives the one-time address of a document. Outside the perimeter of p, unknown or removed:
// not_found; not checked by the antivirus yet: conflict FICHIER_NON_VERIFIE.
func (s *Service) Ouvrir(ctx context.Context, p auth.Principal, document uuid.UUID, enLigne bool) (Lien, error) {
	id, err := s.store.ConventionDuDocument(ctx, document)
	if err != nil {
		return Lien{}, fmt.Errorf("find document: %w", err)
	}
	if id == uuid.Nil {
		return s.ouvrirEvenement(ctx, p, document, enLigne)
	}
	d, err := s.conventions.Lire(ctx, p, id)
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			return Lien{}, fault.Introuvable("Ce document")
		}
		return Lien{}, err
	}
	f, err := fichierDe(d, document)
	if err != nil {
		return Lien{}, err
	}
	return s.creer(ctx, p, Objet{
		FichierID: f.ID, RacineID: d.Racine.ID, EnLigne: enLigne, HabilitationID: p.HabilitationID, DetourneParID: p.DetourneParID,
	})
}

// OuvrirFichier gives the one-time address of a file that belongs to no convention; the caller checked that p may read it.
func (s *Service) OuvrirFichier(ctx context.Context, p auth.Principal, fichierID int64) (Lien, error) {
	return s.creer(ctx, p, Objet{FichierID: fichierID, HabilitationID: p.HabilitationID, DetourneParID: p.DetourneParID})
}

// ouvrirEvenement gives the address of a file of a fact.
func (s *Service) ouvrirEvenement(ctx context.Context, p auth.Principal, document uuid.UUID, enLigne bool) (Lien, error) {
	if s.evenements == nil {
		return Lien{}, fault.Introuvable("Ce document")
	}
	f, racine, err := s.evenements.Fichier(ctx, p, document)
	switch {
	case err != nil:
		return Lien{}, err
	case f.SupprimeLe != nil || f.Antivirus == fichier.Infecte:
		return Lien{}, fault.Introuvable("Ce document")
	case !f.Utilisable():
		return Lien{}, nonVerifie(*f)
	}
	return s.creer(ctx, p, Objet{FichierID: f.ID, RacineID: racine, EnLigne: enLigne, HabilitationID: p.HabilitationID, DetourneParID: p.DetourneParID})
}

// fichierDe finds the file of a document that may be read.
func fichierDe(d *convention.Dossier, document uuid.UUID) (fichier.Fichier, error) {
	for _, x := range d.Documents {
		if x.Rattache.UUID != document || x.Fichier.SupprimeLe != nil || x.Fichier.Antivirus == fichier.Infecte {
			continue
		}
		if !x.Fichier.Utilisable() {
			return fichier.Fichier{}, nonVerifie(x.Fichier)
		}
		return x.Fichier, nil
	}
	return fichier.Fichier{}, fault.Introuvable("Ce document")
}

func nonVerifie(f fichier.Fichier) *fault.Error {
	message := "Ce document est en cours de vérification antivirus. Réessayez dans un instant."
	if f.Antivirus == fichier.Echec {
		message = "La vérification antivirus de ce document n’a pas abouti. Elle sera refaite automatiquement : réessayez plus tard."
	}
	return fault.New(fault.Conflict, "FICHIER_NON_VERIFIE", message).With("antivirus", f.Antivirus)
}

func (s *Service) creer(ctx context.Context, p auth.Principal, o Objet) (Lien, error) {
	octets := make([]byte, octetsJeton)
	_, _ = rand.Read(octets) // never fails (crypto/rand)
	secret := base64.RawURLEncoding.EncodeToString(octets)
	j := Jeton{Empreinte: empreinte(secret), UtilisateurID: p.UtilisateurID, ExpireLe: s.maintenant().Add(Duree), Objet: o}
	if p.UtilisateurID == 0 {
		j.Objet.Acteur = p.Login
	}
	if p.SessionID != "" {
		session, err := uuid.Parse(p.SessionID)
		if err != nil {
			return Lien{}, fmt.Errorf("session of the caller: %w", err)
		}
		j.SessionID = &session
	}
	if err := s.store.CreerJeton(ctx, j); err != nil {
		return Lien{}, fmt.Errorf("keep download token: %w", err)
	}
	return Lien{Jeton: secret, ExpireLe: j.ExpireLe}, nil
}

func empreinte(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}

// LienPerime is the one answer for an address that does not serve: its holder learns nothing about why.
func LienPerime() *fault.Error {
	return fault.New(fault.NotFound, "introuvable",
		"Ce lien de téléchargement n’est plus valable : il ne sert qu’une fois, pendant une minute. Revenez à la page du document et recommencez.")
}

// Servir uses an address: not_found when it is unknown, used, expired, or its session ended. The object is
// opened before the token is used, so that a store out of reach does not burn the address.
func (s *Service) Servir(ctx context.Context, secret string, a Appel) (Contenu, error) {
	perdu := LienPerime()
	if len(secret) != longueurJeton {
		return Contenu{}, perdu
	}
	le := s.maintenant()
	j, f, err := s.store.Jeton(ctx, empreinte(secret), le)
	if err != nil {
		return Contenu{}, fmt.Errorf("read download token: %w", err)
	}
	if j == nil || !f.Utilisable() {
		return Contenu{}, perdu
	}
	corps, taille, err := s.contenus.Ouvrir(ctx, f.CleObjet)
	if err != nil {
		return Contenu{}, fmt.Errorf("open file %s: %w", f.UUID, err)
	}
	premier, err := s.store.Consommer(ctx, j, journalDe(j, f, a, le), le)
	if err != nil || !premier {
		err = errors.Join(err, corps.Close())
		if err == nil {
			err = perdu
		}
		return Contenu{}, err
	}
	typeMime, inline := typeServi(f.TypeMime)
	return Contenu{Nom: f.NomReel, TypeMime: typeMime, Taille: taille, EnLigne: j.Objet.EnLigne && inline, Corps: corps}, nil
}

// journalDe is the row of a sensitive read (CC-33).
func journalDe(j *Jeton, f *fichier.Fichier, a Appel, le time.Time) event.Journal {
	row := event.Journal{
		NomTable: "fichier", LigneID: &f.ID, ObjetUUID: &f.UUID, Action: event.Lecture, Commande: commande, Mode: "NORMAL", CreeLe: le,
	}
	row.Signer(auth.Principal{
		UtilisateurID: j.UtilisateurID, HabilitationID: j.Objet.HabilitationID, DetourneParID: j.Objet.DetourneParID, Login: j.Objet.Acteur,
		IP: a.IP, RequeteID: a.RequeteID,
	})
	return row
}

// typeServi returns the type under which a file is given, and whether a browser may show it: what it can
// render without running anything. A type we do not know is bytes to save.
func typeServi(declare string) (typeMime string, enLigne bool) {
	switch declare {
	case "application/pdf", "image/png", "image/jpeg":
		return declare, true
	case "application/zip":
		return declare, false
	}
	return "application/octet-stream", false
}
