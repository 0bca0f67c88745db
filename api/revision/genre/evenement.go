package genre

import (
	"context"

	"apilos/api/auth"
	"apilos/api/chronique"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/fichier"
	"apilos/api/revision"
	"apilos/api/revision/controle"

	"github.com/google/uuid"
)

// Evenements is what the files of the journal de bord need of it (chronique.Service).
type Evenements interface {
	Evenement(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, chronique.Evenement, error)
	PeutJoindre(ctx context.Context, p auth.Principal, id uuid.UUID) error
	VerifierJonction(ctx context.Context, p auth.Principal, id uuid.UUID, version int) error
	Joindre(ctx context.Context, p auth.Principal, id uuid.UUID, revisionID string, fichiers []fichier.Fichier) error
}

// PorteeEvenement is the scope type of the files of a fact.
const PorteeEvenement = "evenement"

// evenement is the kind of the files of a fact of the journal de bord (07 §12). Its publication puts the files in
// place of those in force, as a new version of the fact. Files are checked as those of conventions.
type evenement struct {
	*nature
	evenements Evenements
}

// Evenement returns the kind of the files of the journal de bord, to be registered in the engine.
func Evenement(e Evenements) revision.Genre {
	return evenement{
		nature: &nature{
			code: revision.Evenement, libelle: "Pièce d’un événement",
			types: []revision.TypeFichier{{
				Type: revision.FichierPiece, Max: maxJoint, Extensions: append(controle.Documents(), controle.Images()...), Mime: controle.TypeMime, Remplacable: true,
			}},
		},
		evenements: e,
	}
}

// cible reads the scope: whoever is not a person or a program of the platform sees nothing.
func (e evenement) cible(a revision.Acteur, cle string) (uuid.UUID, error) {
	id, _, err := e.decouper(cle)
	if err == nil && (a.ClientID != "" || a.Admin) {
		err = fault.Introuvable("Cet objet")
	}
	return id, err
}

// commun says of an event that cannot be seen what the engine says of any scope.
func commun(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.Introuvable("Cet objet")
	}
	return err
}

// Portee implements revision.Genre.
func (e evenement) Portee(ctx context.Context, a revision.Acteur, typ, cle string) error {
	if typ != PorteeEvenement {
		return fault.New(fault.BadRequest, "PORTEE_INVALIDE", "Le type de portée attendu est « evenement ».")
	}
	return e.peutChanger(ctx, a, cle)
}

func (e evenement) peutChanger(ctx context.Context, a revision.Acteur, cle string) error {
	id, err := e.cible(a, cle)
	if err != nil {
		return err
	}
	return commun(e.evenements.PeutJoindre(ctx, a.Principal, id))
}

// PeutLire implements revision.Genre.
func (e evenement) PeutLire(ctx context.Context, a revision.Acteur, r *revision.Revision) error {
	id, err := e.cible(a, r.PorteeCle)
	if err == nil {
		_, _, err = e.evenements.Evenement(ctx, a.Principal, id)
	}
	return cachee(commun(err), r)
}

// PeutEcrire implements revision.Genre.
func (e evenement) PeutEcrire(ctx context.Context, a revision.Acteur, r *revision.Revision) error {
	return cachee(e.peutChanger(ctx, a, r.PorteeCle), r)
}

// PeutPublier implements revision.Genre.
func (e evenement) PeutPublier(ctx context.Context, a revision.Acteur, r *revision.Revision) error {
	return e.PeutEcrire(ctx, a, r)
}

// AvantPublier implements revision.Genre.
func (e evenement) AvantPublier(ctx context.Context, p *revision.EnPublication) error {
	id, err := e.cible(p.Acteur, p.Revision.PorteeCle)
	if err != nil {
		return err
	}
	return e.evenements.VerifierJonction(ctx, p.Acteur.Principal, id, p.Publication.Version)
}

// ApresPublier implements revision.Genre.
func (e evenement) ApresPublier(ctx context.Context, p *revision.EnPublication) error {
	id, err := e.cible(p.Acteur, p.Revision.PorteeCle)
	if err != nil {
		return err
	}
	fichiers := make([]fichier.Fichier, 0, len(p.Fichiers))
	for _, f := range p.Fichiers {
		fichiers = append(fichiers, fichierDe(f))
	}
	return e.evenements.Joindre(ctx, p.Acteur.Principal, id, p.Revision.ID, fichiers)
}

// SignalerInfection implements revision.Signalant: the depositor is told by the refusal itself, and the other side
// does not read the journal de bord.
func (e evenement) SignalerInfection(context.Context, revision.Acteur, *revision.Revision, revision.RevisionFichier) error {
	return nil
}
