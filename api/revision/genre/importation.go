package genre

import (
	"context"
	"errors"
	"io"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/revision"

	"github.com/google/uuid"
)

// PorteeImportation is the scope of a signed PDF given before its convention is recorded (02 T23). Its key is the uuid
// that the convention will have: while the revision is pending it is its author's alone, and once the convention exists
// the rules of the convention govern it, as for any other deposit.
const PorteeImportation = "importation"

// enImportation tells whether r waits for a convention that is not recorded yet.
func enImportation(r *revision.Revision) bool {
	return r.PorteeType == PorteeImportation && r.Statut == revision.EnAttente
}

// peutImporter never looks at conventions: a key that one of them has is found out at the publication, by their rules.
func (n *nature) peutImporter(a revision.Acteur, cle string) error {
	if _, _, err := n.decouper(cle); err != nil {
		return err
	}
	if a.ClientID != "" || a.Admin || a.Principal.UtilisateurID == 0 {
		return fault.Introuvable("Cet objet")
	}
	if !a.Principal.Peut(auth.AddConvention) {
		return fault.PermissionRefusee()
	}
	return nil
}

// deSonAuteur hides a pending file from anybody but who gave it.
func deSonAuteur(a revision.Acteur, r *revision.Revision) error {
	if a.ClientID != "" || a.Admin || r.AuteurID == nil || *r.AuteurID != a.Principal.UtilisateurID {
		return fault.Introuvable("Cet objet")
	}
	return nil
}

var _ convention.DepotsImport = Depots{}

// Recevoir implements convention.DepotsImport: three steps of a revision; the fourth is Publier, in the transaction
// that records the convention.
func (d Depots) Recevoir(ctx context.Context, p auth.Principal, nom string, contenu io.Reader) (convention.PieceImport, error) {
	a := revision.Personne(p)
	creation := revision.Creation{Nature: revision.ConventionSignee, PorteeType: PorteeImportation, PorteeCle: uuid.Must(uuid.NewV7()).String()}
	r, err := d.Moteur.Recevoir(ctx, a, creation, revision.Depot{Type: revision.FichierDocument, Nom: nom, Contenu: contenu, TailleAnnoncee: -1})
	if err != nil {
		return convention.PieceImport{}, erreurSignature(err)
	}
	return pieceImport(r)
}

// Reservee implements convention.DepotsImport.
func (d Depots) Reservee(ctx context.Context, p auth.Principal, id string) (convention.PieceImport, error) {
	inconnue := fault.New(fault.Invalid, convention.CodeFichierImportInconnu, "Le document signé n’est plus disponible. Déposez-le à nouveau.").
		WithFields(fault.Field{Pointer: "/revision_id", Code: convention.CodeFichierImportInconnu, Detail: "Déposez à nouveau le document signé."})
	r, err := d.Moteur.Lire(ctx, revision.Personne(p), id)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.BadRequest) {
		return convention.PieceImport{}, inconnue.Because(err)
	}
	if err != nil {
		return convention.PieceImport{}, PourPersonne(err)
	}
	if r.PorteeType != PorteeImportation || r.Statut == revision.EnAttente && (r.Prete == nil || !*r.Prete) {
		return convention.PieceImport{}, inconnue
	}
	return pieceImport(r)
}

// Publier implements convention.DepotsImport.
func (d Depots) Publier(ctx context.Context, p auth.Principal, id string) error {
	if _, err := d.Moteur.Publier(ctx, revision.Personne(p), id, revision.Publication{}); err != nil {
		return erreurSignature(err)
	}
	return nil
}

// Abandonner implements convention.DepotsImport.
func (d Depots) Abandonner(ctx context.Context, p auth.Principal, id string) error {
	if err := d.Moteur.Supprimer(ctx, revision.Personne(p), id); err != nil && !fault.HasCode(err, revision.CodeNonModifiable) {
		return err
	}
	return nil
}

func pieceImport(r *revision.Revision) (convention.PieceImport, error) {
	id, err := uuid.Parse(r.PorteeCle)
	if err != nil || len(r.Fichiers) == 0 {
		return convention.PieceImport{}, errors.Join(errors.New("revision without its file"), err)
	}
	f := r.Fichiers[0]
	for _, x := range r.Fichiers {
		if x.Type == revision.FichierDocument {
			f = x
		}
	}
	return convention.PieceImport{
		RevisionID: r.ID, Reserve: id, Nom: f.Nom, Taille: f.Taille, Sha256: f.Sha256, Antivirus: f.Antivirus, Publiee: r.Statut == revision.Publiee,
	}, nil
}
