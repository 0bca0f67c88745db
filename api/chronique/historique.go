package chronique

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/comment"
	"apilos/api/convention"

	"github.com/google/uuid"
)

// Ligne is one line of the history of a convention: a change of statut, with the columns that it changed, or
// another change read from the journal.
type Ligne struct {
	Curseur
	UUID uuid.UUID
	// Commande is the code of the transition, or what the journal calls the change.
	Commande        string
	Table           string // of the changed row; "" for a change of statut
	Statut          string // "" when the statut did not move
	StatutPrecedent *string
	Commentaire     string
	Elements        json.RawMessage // missing items confirmed by the actor
	Mode            string
	Avant, Apres    json.RawMessage
	ActeurNom       string
	Role, Entite    string // at the time, for a change of statut
	DetourNom       string // staff member behind the actor
	OrigineLibelle  string // financements of the absorbed convention that lived it, "" for its own
	NomObjet, Champ string // target of a comment
}

// Categorie sorts a line for its readers.
type Categorie string

// Categories of lines.
const (
	CategorieStatut      Categorie = "statut"
	CategorieChamps      Categorie = "champs"
	CategorieDocument    Categorie = "document"
	CategorieCommentaire Categorie = "commentaire"
	CategorieEvenement   Categorie = "evenement"
)

// Categorie tells what l is about.
func (l Ligne) Categorie() Categorie {
	switch {
	case !l.Journal:
		return CategorieStatut
	case l.Table == "fichier":
		return CategorieDocument
	case l.Table == "commentaire":
		return CategorieCommentaire
	case l.Table == "evenement":
		return CategorieEvenement
	}
	return CategorieChamps
}

// Historique is a part of the history.
type Historique struct {
	Dossier *convention.Dossier
	Lignes  []Ligne
	Suivant *Curseur // nil at the end
}

// Historique reads the history of a convention after a cursor, the latest first. The service reads every change,
// unless statuts is true; a bailleur reads the changes of statut only (06 P65).
func (s *Service) Historique(ctx context.Context, p auth.Principal, id uuid.UUID, statuts bool, apres *Curseur, limite int) (Historique, error) {
	d, err := s.conventions.Lire(ctx, p, id)
	if err != nil {
		return Historique{}, err
	}
	lignes, err := s.store.Historique(ctx, d, service(p) && !statuts, apres, limite+1)
	if err != nil {
		return Historique{}, err
	}
	h := Historique{Dossier: d, Lignes: lignes}
	if len(lignes) > limite {
		h.Lignes = lignes[:limite]
		h.Suivant = &h.Lignes[limite-1].Curseur
	}
	return h, nil
}

// Libelle says in words what l tells, for the side of p.
func (h Historique) Libelle(p auth.Principal, l Ligne) string {
	if l.Categorie() == CategorieStatut {
		return convention.LibelleHistorique(convention.Code(l.Commande), convention.Statut(l.Statut), p.CoteInstructeur(), h.Dossier.Genre())
	}
	if texte, ok := libellesCommandes[l.Commande]; ok {
		return texte + cibleDe(l)
	}
	if etape, ok := strings.CutPrefix(l.Commande, "etape."); ok {
		return "Étape « " + convention.CodeEtape(etape).Libelle() + " » modifiée"
	}
	if rubrique, ok := strings.CutPrefix(l.Commande, "document.depose."); ok {
		return "Fichier déposé : " + convention.LibelleRubrique(strings.ToUpper(rubrique))
	}
	switch l.Categorie() {
	case CategorieDocument:
		return "Fichier modifié"
	case CategorieCommentaire:
		return "Commentaire modifié" + cibleDe(l)
	case CategorieEvenement:
		return "Journal de bord modifié"
	}
	return "Modification"
}

// libellesCommandes names what the journal calls a change.
var libellesCommandes = map[string]string{
	"creer":                           "Création",
	"corriger_signature":              "Signature corrigée",
	"corriger_date_resiliation":       "Date de résiliation corrigée",
	"corriger_date_publication":       "Date de publication corrigée",
	"document.depose":                 "Document signé déposé",
	"initiale.document":               "Document signé de la convention d’origine déposé",
	"document.depot_annule":           "Dépôt du document signé annulé",
	"document.infecte":                "Fichier refusé par l’antivirus",
	convention.CommandeNumero:         "Numéro corrigé",
	"piece_jointe.promue":             "Pièce jointe devenue document signé",
	"commentaire.cree":                "Commentaire ajouté",
	"commentaire.modifie":             "Commentaire corrigé",
	"commentaire.statut_change":       "Commentaire suivi",
	"commentaire.cloture_automatique": "Commentaire clos à la validation",
	"evenement.cree":                  "Événement ajouté au journal de bord",
	"evenement.corrige":               "Événement du journal de bord corrigé",
	"evenement.annule":                "Événement du journal de bord annulé",
	"evenement.pieces":                "Pièces d’un événement du journal de bord modifiées",
	"evenement.piece_retiree":         "Pièce d’un événement du journal de bord retirée",
}

// cibleDe names the commented field.
func cibleDe(l Ligne) string {
	if l.NomObjet == "" {
		return ""
	}
	if c, ok := comment.TrouverCible(l.NomObjet, l.Champ); ok {
		return " : " + c.Libelle
	}
	return ""
}

// Changement is one value that changed, in words.
type Changement struct {
	Cle     string
	Libelle string
	Avant   string // "" when there was none
	Apres   string // "" when there is none any more
}

// Changements puts in words what l changed, field by field.
func (h Historique) Changements(l Ligne) []Changement {
	avant, apres := valeurs(l.Avant), valeurs(l.Apres)
	switch l.Categorie() {
	case CategorieDocument:
		if nom := texte(apres["nom"]); nom != "" {
			return []Changement{{Cle: "nom", Libelle: "Fichier", Apres: nom}}
		}
		return nil
	case CategorieCommentaire, CategorieEvenement:
		return traduire(dictionnaireDesSuivis(), avant, apres)
	case CategorieStatut:
		return traduire(dictionnaireDesColonnes(), avant, apres)
	}
	d := dictionnaireDesColonnes()
	for cle, c := range dictionnaireDesChamps(h.Dossier, strings.TrimPrefix(l.Commande, "etape.")) {
		d[cle] = c
	}
	return traduire(d, avant, apres)
}

// instant is written with its day and hour in Paris.
func instant(t time.Time) string { return t.In(paris()).Format("02/01/2006 à 15 h 04") }
