package convention

import (
	"context"
	"fmt"
	"time"

	"apilos/api/comment"
	"apilos/api/fichier"

	"github.com/google/uuid"
)

// Types of announcements and of their objects (00 decision 32). « document.pret » has no emission point until documents are generated.
const (
	AnnonceCreation          = "convention.creee"
	AnnonceStatut            = "convention.statut_change"
	AnnonceNumero            = "convention.numero_attribue"
	AnnonceAvenant           = "avenant.cree"
	AnnonceCommentaire       = "commentaire.cree"
	AnnonceStatutCommentaire = "commentaire.statut_change"
	AnnonceDocumentSigne     = "document.signe"
	AnnonceDocumentPublie    = "document.publie"
	ObjetConvention          = "convention"
	ObjetAvenant             = "avenant"
	ObjetCommentaire         = "commentaire"
	ObjetDocument            = "document"
)

// Annonce is something that happened to a convention, for the programs that follow it.
type Annonce struct {
	Type string
	Le   time.Time
	// Of the convention or avenant; its announcements must arrive in order.
	ConventionID   int64
	ConventionUUID uuid.UUID
	// What it is about: the convention itself, an avenant, a comment, a document.
	Objet     string
	ObjetUUID uuid.UUID
	// Donnees are encoded as JSON: no text written by people, no name.
	Donnees any
}

// Annonceur tells programs what happened, in the transaction of ctx. Its cost when nobody listens must be one
// indexed read.
type Annonceur interface {
	Annoncer(ctx context.Context, a Annonce) error
}

// Option adds to a Service what a program may do without.
type Option func(*Service)

// AvecAnnonces has changes told to programs.
func AvecAnnonces(a Annonceur) Option { return func(s *Service) { s.annonceur = a } }

func (s *Service) annoncer(ctx context.Context, a Annonce) error {
	if s.annonceur == nil {
		return nil
	}
	if err := s.annonceur.Annoncer(ctx, a); err != nil {
		return fmt.Errorf("announce %s: %w", a.Type, err)
	}
	return nil
}

// annonce is about d, or about one of its objects.
func (d *Dossier) annonce(typ string, le time.Time, objet string, id uuid.UUID, donnees any) Annonce {
	return Annonce{Type: typ, Le: le, ConventionID: d.Convention.ID, ConventionUUID: d.Convention.UUID, Objet: objet, ObjetUUID: id, Donnees: donnees}
}

// ConventionAnnoncee is what the creation of a convention or of an avenant tells. ParentUUID is that of the root, for an
// avenant.
type ConventionAnnoncee struct {
	Statut     Statut     `json:"statut"`
	ParentUUID *uuid.UUID `json:"parent_uuid"`
	Origine    string     `json:"origine"`
}

// StatutAnnonce is what a change of statut tells.
type StatutAnnonce struct {
	Statut          Statut     `json:"statut"`
	StatutPrecedent Statut     `json:"statut_precedent"`
	Transition      Code       `json:"transition"`
	Numero          *string    `json:"numero"`
	ParentUUID      *uuid.UUID `json:"parent_uuid"`
	Version         int        `json:"version"`
}

// NumeroAnnonce is what a new number tells.
type NumeroAnnonce struct {
	Numero          string     `json:"numero"`
	NumeroPrecedent *string    `json:"numero_precedent"`
	ParentUUID      *uuid.UUID `json:"parent_uuid"`
}

// CommentaireAnnonce is what a comment tells: where it is, not what it says.
type CommentaireAnnonce struct {
	ConventionUUID  uuid.UUID       `json:"convention_uuid"`
	NomObjet        string          `json:"nom_objet"`
	ChampObjet      string          `json:"champ_objet"`
	UUIDObjet       *uuid.UUID      `json:"uuid_objet"`
	Statut          comment.Statut  `json:"statut"`
	StatutPrecedent *comment.Statut `json:"statut_precedent"`
}

// DocumentAnnonce is what a document in force tells. Antivirus says whether it can be read yet.
type DocumentAnnonce struct {
	ConventionUUID uuid.UUID `json:"convention_uuid"`
	RevisionID     string    `json:"revision_id"`
	Taille         *int64    `json:"taille"`
	Sha256         *string   `json:"sha256"`
	Antivirus      string    `json:"antivirus"`
}

func (d *Dossier) parentUUID() *uuid.UUID {
	if !d.EstAvenant() {
		return nil
	}
	id := d.Racine.UUID
	return &id
}

// annoncer tells what a transition changed: the number, then the statut, then the comments that it closed.
func (e *execution) annoncer(code Code, de, vers Statut) error {
	d, a := e.d, []Annonce(nil)
	if numero, ok := e.changements["numero"].(string); ok {
		precedent, _ := e.avant["numero"].(*string)
		if precedent == nil || *precedent != numero {
			a = append(a, d.annonce(AnnonceNumero, e.le, ObjetConvention, d.Convention.UUID, NumeroAnnonce{numero, precedent, d.parentUUID()}))
		}
	}
	if vers != de {
		a = append(a, d.annonce(AnnonceStatut, e.le, ObjetConvention, d.Convention.UUID,
			StatutAnnonce{vers, de, code, d.Convention.Numero, d.parentUUID(), d.Convention.Version}))
	}
	for _, c := range e.clos {
		avant := c.Statut
		c.Statut = comment.Clos
		a = append(a, d.annonceCommentaire(AnnonceStatutCommentaire, e.le, c, &avant))
	}
	for _, x := range a {
		if err := e.s.annoncer(e.ctx, x); err != nil {
			return err
		}
	}
	return nil
}

func (d *Dossier) annonceCommentaire(typ string, le time.Time, c comment.Commentaire, precedent *comment.Statut) Annonce {
	return d.annonce(typ, le, ObjetCommentaire, c.UUID,
		CommentaireAnnonce{d.Convention.UUID, c.NomObjet, c.ChampObjet, c.UUIDObjet, c.Statut, precedent})
}

// annoncerDepot tells of a signed or published document.
func (s *Service) annoncerDepot(ctx context.Context, d *Dossier, a *Attachement, f fichier.Fichier, document uuid.UUID, le time.Time) error {
	typ, ok := map[string]string{RubriqueDocumentSigne: AnnonceDocumentSigne, RubriqueDocumentPublie: AnnonceDocumentPublie}[a.Rubrique]
	if !ok {
		return nil
	}
	return s.annoncer(ctx, d.annonce(typ, le, ObjetDocument, document, DocumentAnnonce{d.Convention.UUID, a.RevisionID, f.Taille, f.Sha256, f.Antivirus}))
}
