package convention

import (
	"context"
	"slices"
	"time"

	"apilos/api/auth"
	"apilos/api/comment"
	"apilos/api/event"
	"apilos/api/fault"
	"github.com/google/uuid"
)

// NouveauCommentaire is what someone writes about a field, a table or one row of it.
type NouveauCommentaire struct {
	NomObjet, ChampObjet string
	UUIDObjet            *uuid.UUID
	Message              string
}

// CommenterPossible tells whether p may write comments on d now (02 §4.2, D10).
func (d *Dossier) CommenterPossible(p auth.Principal) bool {
	s := d.Convention.Statut
	return p.Peut(auth.AddComment) && !d.LectureSeule(p) && (s == Instruction || s == Correction)
}

// Commenter adds a comment. It fails with forbidden for a read-only role (PE-01), conflict outside
// INSTRUCTION and CORRECTION (D10), invalid for an unknown target or a row of another dossier (CO-03).
func (s *Service) Commenter(ctx context.Context, p auth.Principal, id uuid.UUID, n NouveauCommentaire) (comment.Commentaire, error) {
	var c comment.Commentaire
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		d, err := s.store.Verrouiller(ctx, p, id)
		if err != nil {
			return err
		}
		if d.LectureSeule(p) || !p.Peut(auth.AddComment) {
			return fault.PermissionRefusee()
		}
		if !d.CommenterPossible(p) {
			return commentaireInterdit(d, p)
		}
		message, err := comment.ValiderMessage(n.Message)
		if err != nil {
			return err
		}
		if err := s.verifierCible(ctx, d, n); err != nil {
			return err
		}
		le, _ := s.maintenant()
		c = comment.Commentaire{
			UUID: uuid.Must(uuid.NewV7()), ConventionID: d.Convention.ID, NomObjet: n.NomObjet, ChampObjet: n.ChampObjet, UUIDObjet: n.UUIDObjet,
			Message: message, Statut: comment.Ouvert, AuteurNom: p.NomComplet(), Version: 1, CreeLe: le, MisAJourLe: le,
		}
		if p.UtilisateurID != 0 {
			c.AuteurID = &p.UtilisateurID
		}
		if err := s.store.InsererCommentaire(ctx, &c); err != nil {
			return err
		}
		if err := s.journaliserCommentaire(ctx, p, d, c, "commentaire.cree", nil, map[string]any{"cible": c.Cle(), "message": message}, le); err != nil {
			return err
		}
		return s.annoncer(ctx, d.annonceCommentaire(AnnonceCommentaire, le, c, nil))
	})
	return c, err
}

func commentaireInterdit(d *Dossier, p auth.Principal) error {
	return fault.New(fault.Conflict, "COMMENTAIRE_INTERDIT",
		"Les commentaires s’écrivent pendant l’instruction ou la correction : le dossier est au statut « "+
			d.Convention.Statut.Libelle(p.CoteInstructeur(), d.Genre())+" ».").
		With("statut_courant", string(d.Convention.Statut))
}

func (s *Service) verifierCible(ctx context.Context, d *Dossier, n NouveauCommentaire) error {
	if _, ok := comment.TrouverCible(n.NomObjet, n.ChampObjet); !ok {
		return fault.New(fault.Invalid, "CIBLE_INCONNUE", "Ce champ ne peut pas être commenté.").
			WithFields(fault.Field{Pointer: "/champ_objet", Code: "CIBLE_INCONNUE", Detail: "Le champ « " + n.NomObjet + " / " + n.ChampObjet + " » n’existe pas."})
	}
	if n.UUIDObjet == nil {
		return nil
	}
	ok, err := s.store.LigneDuDossier(ctx, d, *n.UUIDObjet)
	if err != nil || ok {
		return err
	}
	return fault.New(fault.Invalid, "unknown_row", "La ligne commentée n’appartient pas à ce dossier.").
		WithFields(fault.Field{Pointer: "/uuid_objet", Code: "unknown_row", Detail: "Cette ligne n’appartient pas à ce dossier."})
}

// ModificationCommentaire changes the text or the statut of a comment, not both.
type ModificationCommentaire struct {
	Version int
	Message *string
	Statut  *comment.Statut
}

// ModifierCommentaire changes a comment: its text by its author while OUVERT (CO-04), its statut by
// the table of 02 §4.2.
func (s *Service) ModifierCommentaire(ctx context.Context, p auth.Principal, id uuid.UUID, m ModificationCommentaire) (comment.Commentaire, error) {
	var c comment.Commentaire
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		conv, err := s.store.ConventionDuCommentaire(ctx, id)
		if err != nil {
			return err
		}
		d, err := s.store.Verrouiller(ctx, p, conv)
		if fault.Is(err, fault.NotFound) {
			return fault.Introuvable("Ce commentaire") // says nothing of the dossier
		}
		if err != nil {
			return err
		}
		if d.LectureSeule(p) || !p.Peut(auth.ChangeComment) {
			return fault.PermissionRefusee()
		}
		i := slices.IndexFunc(d.Commentaires, func(x comment.Commentaire) bool { return x.UUID == id })
		if i < 0 {
			return fault.Introuvable("Ce commentaire")
		}
		c = d.Commentaires[i]
		if err := versionPerimee(c.Version, m.Version); err != nil {
			return err
		}
		le, _ := s.maintenant()
		switch {
		case m.Message != nil && m.Statut == nil:
			return s.changerMessage(ctx, p, d, &c, *m.Message, le)
		case m.Statut != nil && m.Message == nil:
			return s.changerStatutCommentaire(ctx, p, d, &c, *m.Statut, le)
		}
		return fault.New(fault.Invalid, "invalide", "Indiquez soit le message, soit le statut.")
	})
	return c, err
}

func (s *Service) changerMessage(ctx context.Context, p auth.Principal, d *Dossier, c *comment.Commentaire, message string, le time.Time) error {
	if c.AuteurID == nil || *c.AuteurID != p.UtilisateurID {
		return fault.New(fault.Forbidden, "AUTEUR_DIFFERENT", "Seul l’auteur d’un commentaire peut en changer le texte.")
	}
	if c.Statut != comment.Ouvert || !d.CommenterPossible(p) {
		return fault.New(fault.Conflict, "COMMENTAIRE_INTERDIT", "Le texte d’un commentaire ne change que tant qu’il est ouvert.")
	}
	texte, err := comment.ValiderMessage(message)
	if err != nil {
		return err
	}
	ancien, version := c.Message, c.Version
	c.Message, c.MisAJourLe = texte, le
	if err := s.store.ModifierCommentaire(ctx, c, version); err != nil {
		return err
	}
	return s.journaliserCommentaire(ctx, p, d, *c, "commentaire.modifie", map[string]any{"message": ancien}, map[string]any{"message": texte}, le)
}

// statutsCommentables are the statuts of the convention in which a comment may move (02 §4.2).
func statutsCommentables(vers comment.Statut) []Statut {
	if vers == comment.Clos {
		return []Statut{Instruction, Correction, ASigner}
	}
	return []Statut{Instruction, Correction}
}

func (s *Service) changerStatutCommentaire(ctx context.Context, p auth.Principal, d *Dossier, c *comment.Commentaire, vers comment.Statut, le time.Time) error {
	instructeur := p.Peut(auth.ValidateConvention)
	if !c.Statut.PeutPasser(vers, instructeur) {
		if c.Statut.PeutPasser(vers, true) {
			return fault.PermissionRefusee() // closing is the service's (CO-05)
		}
		return fault.New(fault.Conflict, "COMMENTAIRE_INTERDIT",
			"Un commentaire « "+c.Statut.Libelle()+" » ne peut pas devenir « "+vers.Libelle()+" ».")
	}
	if !slices.Contains(statutsCommentables(vers), d.Convention.Statut) {
		return commentaireInterdit(d, p)
	}
	precedent := c.Statut
	avant, version := map[string]any{"statut": c.Statut, "resolu_le": c.ResoluLe, "resolu_par_id": c.ResoluParID}, c.Version
	c.Marquer(vers, p.UtilisateurID, le)
	if err := s.store.ModifierCommentaire(ctx, c, version); err != nil {
		return err
	}
	if err := s.journaliserCommentaire(ctx, p, d, *c, "commentaire.statut_change", avant, map[string]any{"statut": vers}, le); err != nil {
		return err
	}
	return s.annoncer(ctx, d.annonceCommentaire(AnnonceStatutCommentaire, le, *c, &precedent))
}

// journaliserCommentaire appends the event to the journal (CO-07) and refreshes the counters of lists.
func (s *Service) journaliserCommentaire(ctx context.Context, p auth.Principal, d *Dossier, c comment.Commentaire, commande string, avant, apres map[string]any, le time.Time) error {
	action := event.Modification
	if avant == nil {
		action = event.Ajout
	}
	j, err := journal(p, action, "commentaire", c.ID, c.UUID, commande, avant, apres, le)
	if err != nil {
		return err
	}
	return s.store.Journaliser(ctx, d.Racine.ID, j)
}

// ActionsCommentaire lists what p may do with c now.
func (d *Dossier) ActionsCommentaire(p auth.Principal, c comment.Commentaire) []string {
	if d.LectureSeule(p) || !p.Peut(auth.ChangeComment) {
		return nil
	}
	var out []string
	if c.Statut == comment.Ouvert && c.AuteurID != nil && *c.AuteurID == p.UtilisateurID && d.CommenterPossible(p) {
		out = append(out, "modifier")
	}
	for _, a := range []struct {
		nom  string
		vers comment.Statut
	}{{"resoudre", comment.Resolu}, {"rouvrir", comment.Ouvert}, {"clore", comment.Clos}} {
		if c.Statut.PeutPasser(a.vers, p.Peut(auth.ValidateConvention)) && slices.Contains(statutsCommentables(a.vers), d.Convention.Statut) {
			out = append(out, a.nom)
		}
	}
	return out
}

// LireCommentaire returns a comment with its dossier, or not_found outside the perimeter.
func (s *Service) LireCommentaire(ctx context.Context, p auth.Principal, id uuid.UUID) (*Dossier, comment.Commentaire, error) {
	conv, err := s.store.ConventionDuCommentaire(ctx, id)
	if err != nil {
		return nil, comment.Commentaire{}, err
	}
	d, err := s.Lire(ctx, p, conv)
	if fault.Is(err, fault.NotFound) {
		return nil, comment.Commentaire{}, fault.Introuvable("Ce commentaire") // says nothing of the dossier
	}
	if err != nil {
		return nil, comment.Commentaire{}, err
	}
	i := slices.IndexFunc(d.Commentaires, func(c comment.Commentaire) bool { return c.UUID == id })
	if i < 0 {
		return nil, comment.Commentaire{}, fault.Introuvable("Ce commentaire")
	}
	return d, d.Commentaires[i], nil
}
