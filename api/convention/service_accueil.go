package convention

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"apilos/api/auth"
	"apilos/api/date"
	"apilos/api/fault"
)

// Accueil is the home page "À faire" (ux §2.1): what waits for this person, oldest first.
type Accueil struct {
	Total      int
	Tuiles     []Tuile
	Lignes     []Ligne
	Brouillons []BrouillonEnAttente
}

// Tuile is a figure that opens the list behind it.
type Tuile struct {
	Code    string
	Libelle string
	Nombre  int
	Lien    string
}

// maxAFaire is how many rows the home page shows; the list has the others.
const maxAFaire = 20

// Accueillir returns the home page of p.
func (s *Service) Accueillir(ctx context.Context, p auth.Principal) (Accueil, error) {
	if !p.Peut(auth.ViewConvention) {
		return Accueil{}, fault.PermissionRefusee()
	}
	_, jour := s.maintenant()
	nombres, err := s.store.Onglets(ctx, p, Filtre{jour: jour})
	if err != nil {
		return Accueil{}, err
	}
	instructeur := p.CoteInstructeur()
	var a Accueil
	statuts := []Statut{Projet, Instruction, Correction, ASigner}
	if instructeur && nombres[PublicationEnCours] > 0 { // few conventions are published: told when there is one to follow
		statuts = append(statuts, PublicationEnCours)
	}
	for _, st := range statuts {
		a.Tuiles = append(a.Tuiles, Tuile{
			Code: string(st), Libelle: st.Libelle(instructeur, GenreConvention), Nombre: nombres[st],
			Lien: "/conventions?statut=" + string(st),
		})
	}
	if p.EnLecture() { // nothing waits for someone who cannot write (00 decision 28)
		return a, nil
	}
	page, err := s.store.Lister(ctx, p, Filtre{AMoi: true, Tri: TriAttente, ParPage: maxAFaire, Page: 1, jour: jour})
	if err != nil {
		return Accueil{}, err
	}
	a.Total, a.Lignes = page.Total, page.Lignes
	a.Brouillons, err = s.store.Brouillons(ctx, p)
	return a, err
}

// ActionAttendue tells what the caller should do next on a row and where (ux: the link of a row is the
// action itself).
func (l Ligne) ActionAttendue(coteInstructeur bool) (libelle, lien string) {
	base := "/conventions/" + l.UUID.String()
	recap := base + "/recapitulatif"
	switch {
	case l.Statut == ASigner:
		return "Déposer le document signé", base + "/signature"
	case coteInstructeur && l.Statut == PublicationEnCours:
		return "Suivre la publication", base + "/publication"
	case !coteInstructeur && l.Statut == Correction:
		if l.PremierCommentaire != nil {
			return "Corriger", recap + "?commentaire=" + l.PremierCommentaire.String()
		}
		return "Renvoyer au service", recap
	case !coteInstructeur && l.Statut == Projet:
		return "Compléter", recap
	case coteInstructeur && l.Statut == Instruction:
		lien = recap + "?vue=instruction"
		if l.PremierResolu != nil {
			return "Vérifier les corrections", lien + "&commentaire=" + l.PremierResolu.String()
		}
		if l.PremierCommentaire != nil {
			return "Instruire", lien + "&commentaire=" + l.PremierCommentaire.String()
		}
		return "Instruire", lien
	}
	return "Ouvrir", recap
}

// Resume says in words where a row stands.
func (l Ligne) Resume(coteInstructeur bool, jour date.Date) string {
	var parts []string
	depuis := int(jour.Time().Sub(date.InParis(l.StatutDepuis).Time()).Hours() / 24)
	switch {
	case depuis <= 0:
		parts = append(parts, "depuis aujourd’hui")
	case depuis == 1:
		parts = append(parts, "depuis hier")
	default:
		parts = append(parts, "depuis "+nombre(depuis, "jour", "jours"))
	}
	if slices.Contains([]Statut{Instruction, Correction}, l.Statut) {
		if l.CommentairesOuverts > 0 {
			parts = append(parts, nombre(l.CommentairesOuverts, "commentaire ouvert", "commentaires ouverts"))
		}
		if l.CommentairesResolus > 0 {
			parts = append(parts, nombre(l.CommentairesResolus, "résolu à vérifier", "résolus à vérifier"))
		}
	}
	return strings.Join(parts, ", ")
}

func nombre(n int, un, plusieurs string) string {
	if n == 1 {
		return "1 " + un
	}
	return strconv.Itoa(n) + " " + plusieurs
}

// Titre names the row: operation, then what it is when it is not a convention, then financements.
func (l Ligne) Titre() string {
	t := l.OperationNom
	if l.Genre != GenreConvention {
		t += ", " + l.Genre.Nom()
	}
	if len(l.Financements) > 0 {
		noms := make([]string, 0, len(l.Financements))
		for _, f := range l.Financements {
			noms = append(noms, Financement(f).Libelle())
		}
		t += ", " + strings.Join(noms, ", ")
	}
	return t
}

// SousTitre tells where and who: town, dwellings, and the other side.
func (l Ligne) SousTitre(coteInstructeur bool) string {
	parts := []string{l.Ville, nombre(l.NbLogements, "logement", "logements")}
	if coteInstructeur {
		parts = append(parts, l.BailleurNom)
	} else if l.AdministrationNom != "" {
		parts = append(parts, l.AdministrationNom)
	}
	return strings.Join(parts, " · ")
}
