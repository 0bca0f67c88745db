package genre

import (
	"context"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/revision"
	"apilos/api/revision/controle"

	"github.com/google/uuid"
)

// Depots gives the engine to the service of conventions: the deposit of its signature step is a revision
// published in one call.
type Depots struct {
	Moteur *revision.Service
	Coffre revision.Coffre
}

var _ convention.Depots = Depots{}

// PublierDocument implements convention.Depots.
func (d Depots) PublierDocument(ctx context.Context, p auth.Principal, id uuid.UUID, in convention.Depot) (string, error) {
	depots := func(yield func(revision.Depot, error) bool) {
		yield(revision.Depot{Type: revision.FichierDocument, Nom: in.Nom, Contenu: in.Contenu, TailleAnnoncee: -1}, nil)
	}
	creation := revision.Creation{Nature: revision.ConventionSignee, PorteeType: PorteeConvention, PorteeCle: id.String()}
	r, err := d.Moteur.PublierEnUnAppel(ctx, revision.Personne(p), creation, depots, revision.Publication{Version: in.Version})
	if err != nil {
		return "", erreurSignature(err)
	}
	return r.ID, nil
}

// Retirer implements convention.Depots.
func (d Depots) Retirer(ctx context.Context, cle string) error { return d.Coffre.Retirer(ctx, cle) }

// erreurSignature keeps the codes that this step has always answered.
func erreurSignature(err error) error {
	f := fault.As(err)
	if f == nil {
		return err
	}
	requis := fault.New(fault.Invalid, "PDF_REQUIS", "Ce fichier n’est pas un PDF. Déposez le document signé au format PDF.").
		WithFields(fault.Field{Pointer: "/fichier", Code: "PDF_REQUIS", Detail: "Le fichier n’est pas un PDF."})
	switch f.Code {
	case revision.CodeVide:
		return requis.Because(err)
	case revision.CodeRefuse:
		if len(f.Fields) > 0 && (f.Fields[0].Code == controle.TypeInattendu || f.Fields[0].Code == controle.Vide) {
			return requis.Because(err)
		}
	case revision.CodeTropGros:
		return fault.New(fault.TooLarge, "trop_volumineux", f.Message).Because(err)
	}
	return PourPersonne(err)
}

// PourPersonne says in the words of the platform what the engine says in those of the deposit contract. An
// id that is unknown, malformed or hidden has one answer.
func PourPersonne(err error) error {
	f := fault.As(err)
	if f == nil {
		return err
	}
	switch f.Code {
	case revision.CodeInconnue, revision.CodeIdentifiant:
		return fault.Introuvable("Cette révision").Because(err)
	case revision.CodeStockage:
		return fault.New(fault.Unavailable, revision.CodeStockage, "Le stockage des fichiers ne répond pas. Réessayez dans un instant.").Because(err)
	case revision.CodeObjetAbsent:
		return fault.New(fault.NotFound, revision.CodeObjetAbsent, "Le contenu de ce fichier est introuvable dans le stockage. Déposez-le à nouveau, ou prévenez l’assistance.").Because(err)
	}
	return err
}
