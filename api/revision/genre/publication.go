package genre

import (
	"context"
	"slices"

	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/fichier"
	"apilos/api/revision"

	"github.com/google/uuid"
)

// AvantPublier implements revision.Genre: the family is locked and the right checked again before anything
// changes.
func (n *nature) AvantPublier(ctx context.Context, e *revision.EnPublication) error {
	id, rubrique, err := n.cible(ctx, e)
	if err != nil {
		return err
	}
	return n.conventions.VerifierAttachement(ctx, e.Acteur.Principal, id, rubrique, e.Publication.Version)
}

func (n *nature) cible(ctx context.Context, e *revision.EnPublication) (uuid.UUID, string, error) {
	d, suffixe, err := n.dossier(ctx, e.Acteur, e.Revision.PorteeType, e.Revision.PorteeCle)
	if err != nil {
		return uuid.Nil, "", err
	}
	rubrique, _ := n.rubrique(d, suffixe, n.types[0].Type)
	if rubrique == "" {
		return uuid.Nil, "", fault.Introuvable("Cet objet")
	}
	return d.Convention.UUID, rubrique, nil
}

// ApresPublier implements revision.Genre: the files take the place of those in force.
func (n *nature) ApresPublier(ctx context.Context, e *revision.EnPublication) error {
	d, suffixe, err := n.dossier(ctx, e.Acteur, e.Revision.PorteeType, e.Revision.PorteeCle)
	if err != nil {
		return err
	}
	var attachements []*convention.Attachement
	for _, f := range e.Fichiers {
		rubrique, typePiece := n.rubrique(d, suffixe, f.Type)
		i := slices.IndexFunc(attachements, func(a *convention.Attachement) bool { return a.Rubrique == rubrique })
		if i < 0 {
			i = len(attachements)
			attachements = append(attachements, &convention.Attachement{Rubrique: rubrique, TypePiece: typePiece, RevisionID: e.Revision.ID, ParPortee: len(n.objets) > 0})
		}
		attachements[i].Fichiers = append(attachements[i].Fichiers, fichierDe(f))
	}
	attachements = append(attachements, n.perimes(d, e, attachements)...)
	for _, a := range attachements {
		if err := n.conventions.Attacher(ctx, e.Acteur.Principal, d.Convention.UUID, a); err != nil {
			return err
		}
	}
	return nil
}

// perimes withdraws the proof of signature of the previous document when the new one comes without.
func (n *nature) perimes(d *convention.Dossier, e *revision.EnPublication, poses []*convention.Attachement) []*convention.Attachement {
	const preuve = convention.RubriquePreuveSignature
	posee := slices.ContainsFunc(poses, func(a *convention.Attachement) bool { return a.Rubrique == preuve })
	if n.code != revision.ConventionSignee || posee || d.DocumentCourant(preuve) == nil {
		return nil
	}
	return []*convention.Attachement{{Rubrique: preuve, RevisionID: e.Revision.ID}}
}

// fichierDe is the row of a published file; one that was restored has it already.
func fichierDe(f revision.RevisionFichier) fichier.Fichier {
	out := fichier.Fichier{
		UUID: uuid.Must(uuid.NewV7()), Compartiment: f.Compartiment, CleObjet: f.CleObjet, NomReel: f.Nom, TypeMime: f.TypeMime,
		Taille: &f.Taille, Sha256: &f.Sha256, Antivirus: f.Antivirus,
	}
	if f.FichierID != nil {
		out.ID = *f.FichierID
	}
	return out
}
