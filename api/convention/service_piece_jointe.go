package convention

import (
	"context"
	"slices"
	"time"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"

	"github.com/google/uuid"
)

// SourceEcoloweb is the source of the conventions taken over from the former system.
const SourceEcoloweb = "ECOLOWEB"

// Types of imported attachments (02 DO-10), in the order in which they are listed.
const (
	PieceConvention    = "CONVENTION"
	PieceAvenant       = "AVENANT"
	PieceRectification = "RECTIFICATION"
	PieceAttestation   = "ATTESTATION_PREFECTORALE"
	PiecePhoto         = "PHOTO"
	PieceAutre         = "AUTRE"
)

// CodePromotionInterdite refuses to make an attachment the signed document.
const CodePromotionInterdite = "PROMOTION_INTERDITE"

// LibellePiece names a type of attachment.
func LibellePiece(typ string) string {
	switch typ {
	case PieceConvention:
		return "Convention"
	case PieceAvenant:
		return "Avenant"
	case PieceRectification:
		return "Rectification"
	case PieceAttestation:
		return "Attestation préfectorale"
	case PiecePhoto:
		return "Photo"
	}
	return "Autre pièce"
}

// NomDeFichier keeps the name that a person gave to a file, without path nor control characters, at most 255.
func NomDeFichier(nom string) string { return nomReel(nom) }

type storePieceJointe interface {
	// PromouvoirPiece makes the file of an attachment the signed document in force, and returns that document.
	PromouvoirPiece(ctx context.Context, d *Dossier, piece Document, p auth.Principal, le time.Time) (uuid.UUID, error)
}

// PiecesJointes lists the attachments in force of d: imported ones and those of the slot « autre », by type then by age.
func (d *Dossier) PiecesJointes() []Document {
	var out []Document
	for _, x := range d.Documents {
		if x.Rattache.Rubrique == RubriquePieceJointe && x.Courant() {
			out = append(out, x)
		}
	}
	rang := []string{PieceConvention, PieceAvenant, PieceRectification, PieceAttestation, PiecePhoto, PieceAutre}
	slices.SortStableFunc(out, func(a, b Document) int {
		if n := slices.Index(rang, typePiece(a)) - slices.Index(rang, typePiece(b)); n != 0 {
			return n
		}
		return int(a.Rattache.ID - b.Rattache.ID)
	})
	return out
}

func typePiece(d Document) string {
	if d.Rattache.TypePiece == nil {
		return PieceAutre
	}
	return *d.Rattache.TypePiece
}

// PeutPromouvoir tells whether p may make an attachment the signed document of d (DO-10): the service, on a
// convention of the former system without signed file, and the piece that is that document.
func (d *Dossier) PeutPromouvoir(p auth.Principal, piece Document) error {
	service := p.CoteInstructeur() || p.Superuser || p.Staff
	if d.LectureSeule(p) || !service || !p.Peut(auth.ValidateConvention) {
		return fault.PermissionRefusee()
	}
	attendu := PieceConvention
	if d.EstAvenant() {
		attendu = PieceAvenant
	}
	refus := func(message string) error { return fault.New(fault.Forbidden, CodePromotionInterdite, message) }
	switch {
	case d.Convention.Source != SourceEcoloweb:
		return refus("Seule une pièce reprise de l’ancien système peut devenir le document signé.")
	case typePiece(piece) != attendu:
		return refus("Seule une pièce de type « " + LibellePiece(attendu) + " » peut devenir le document signé de ce dossier.")
	case d.DocumentCourant(RubriqueDocumentSigne) != nil:
		return refus("Ce dossier a déjà un document signé.")
	case !piece.Fichier.Utilisable():
		return fault.New(fault.Conflict, "FICHIER_NON_VERIFIE", "La vérification antivirus de cette pièce n’est pas terminée. Réessayez dans un instant.")
	case piece.Fichier.TypeMime != "application/pdf": // DO-06
		return refus("Cette pièce n’est pas un PDF : elle ne peut pas devenir le document signé.")
	}
	return nil
}

// Promouvoir makes an imported attachment the signed document of its convention; the statut does not change and the
// attachment stays (DO-10). The file is already on the platform: it is attached a second time, not copied.
func (s *Service) Promouvoir(ctx context.Context, p auth.Principal, id, piece uuid.UUID, version int) (*Dossier, error) {
	var out *Dossier
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		d, err := s.store.Verrouiller(ctx, p, id)
		if err != nil {
			return err
		}
		pieces := d.PiecesJointes()
		i := slices.IndexFunc(pieces, func(x Document) bool { return x.Rattache.UUID == piece })
		if i < 0 {
			return fault.Introuvable("Cette pièce")
		}
		if err := d.PeutPromouvoir(p, pieces[i]); err != nil {
			return err
		}
		if err := perimee(d, version); err != nil {
			return err
		}
		le, _ := s.maintenant()
		if _, err := s.store.PromouvoirPiece(ctx, d, pieces[i], p, le); err != nil {
			return err
		}
		if err := s.store.Modifier(ctx, d, map[string]any{}, le); err != nil {
			return err
		}
		if err := s.journaliserFichier(ctx, p, d, pieces[i].Fichier, event.Ajout, "piece_jointe.promue", le); err != nil {
			return err
		}
		out, err = s.store.Charger(ctx, p, id)
		return err
	})
	return out, err
}
