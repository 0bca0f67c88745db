package convention_test

import (
	"testing"

	"apilos/api/comment"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/internal/fixture"

	"github.com/stretchr/testify/require"
)

// TestPageParDefaut is the entry of each statut (02 §1.1).
func TestPageParDefaut(t *testing.T) {
	s := nouvelleScene(t)
	for statut, page := range map[convention.Statut]string{
		convention.Projet: "/etapes/bailleur", convention.Instruction: "/recapitulatif", convention.Correction: "/recapitulatif",
		convention.ASigner: "/signature", convention.Signee: "", convention.PublicationEnCours: "/publication", convention.Publie: "",
		convention.Resiliee: "", convention.Denoncee: "", convention.Annulee: "/recapitulatif",
	} {
		id := s.Monde.Convention(fixture.Conv{Statut: statut})
		d, err := s.Service.Lire(t.Context(), s.EnBailleur(), id)
		require.NoError(t, err)
		require.Equal(t, "/conventions/"+id.String()+page, d.Drapeaux(date.InParis(instant)).PageParDefaut, statut)
	}
	for statut, page := range map[convention.Statut]string{convention.Signee: "/recapitulatif", convention.ASigner: "/signature"} {
		id := s.Avenant(s.Monde.Convention(fixture.Conv{Statut: convention.Signee}), statut, "duree")
		d, err := s.Service.Lire(t.Context(), s.EnBailleur(), id)
		require.NoError(t, err)
		require.Equal(t, "/conventions/"+id.String()+page, d.Drapeaux(date.InParis(instant)).PageParDefaut, "avenant %s", statut)
	}
}

// TestAccueilPublicationASuivre: a publication in progress waits for the service, not for the bailleur.
func TestAccueilPublicationASuivre(t *testing.T) {
	s := nouvelleScene(t)
	id := s.Monde.Convention(fixture.Conv{Statut: convention.PublicationEnCours})
	a, err := s.Service.Accueillir(t.Context(), s.EnInstructeur())
	require.NoError(t, err)
	require.Len(t, a.Lignes, 1)
	libelle, lien := a.Lignes[0].ActionAttendue(true)
	require.Equal(t, []string{"Suivre la publication", "/conventions/" + id.String() + "/publication"}, []string{libelle, lien})
	require.Equal(t, convention.Tuile{Code: "PUBLICATION_EN_COURS", Libelle: "Publication en cours", Nombre: 1, Lien: "/conventions?statut=PUBLICATION_EN_COURS"}, a.Tuiles[len(a.Tuiles)-1])
	a, err = s.Service.Accueillir(t.Context(), s.EnBailleur())
	require.NoError(t, err)
	require.Empty(t, a.Lignes)
	require.Len(t, a.Tuiles, 4)
	s.Executer(`UPDATE convention SET statut = 'SIGNEE' WHERE uuid = $1`, id)
	s.Rafraichir(id)
	a, err = s.Service.Accueillir(t.Context(), s.EnInstructeur())
	require.NoError(t, err)
	require.Len(t, a.Tuiles, 4, "no empty tile")
}

// TestJO01Contributeurs: distinct people of the history, by the role they had then, staff left out.
func TestJO01Contributeurs(t *testing.T) {
	s := nouvelleScene(t)
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})
	b1, b2, service, staff := s.EnBailleur(), s.EnBailleur(), s.EnInstructeur(), s.EnInstructeur()
	s.Executer(`UPDATE utilisateur SET nom = 'Roy' WHERE id = $1`, b2.UtilisateurID)
	s.Executer(`UPDATE utilisateur SET est_staff = true WHERE id = $1`, staff.UtilisateurID)
	for _, ligne := range []struct {
		qui  int64
		role string
	}{{b1.UtilisateurID, "BAILLEUR"}, {b1.UtilisateurID, "BAILLEUR"}, {b2.UtilisateurID, "BAILLEUR"}, {service.UtilisateurID, "INSTRUCTEUR"}, {staff.UtilisateurID, "INSTRUCTEUR"}} {
		s.Executer(`INSERT INTO convention_historique (convention_id, statut, statut_precedent, transition, utilisateur_id, role_typologie) VALUES ($1, 'INSTRUCTION', 'CORRECTION', 'renvoyer_instruction', $2, $3)`,
			s.ID(id), ligne.qui, ligne.role)
	}
	s.Executer(`UPDATE role SET typologie = 'INSTRUCTEUR', bailleur_id = NULL, administration_id = $2 WHERE utilisateur_id = $1`, b2.UtilisateurID, s.AdministrationID)
	d, err := s.Service.Lire(t.Context(), service, id)
	require.NoError(t, err)
	liste, err := s.Service.Contributeurs(t.Context(), d)
	require.NoError(t, err)
	require.Len(t, liste, 3, "2 bailleurs and 1 instructeur")
	cotes := map[bool]int{}
	for _, c := range liste {
		cotes[c.CoteInstructeur]++
	}
	require.Equal(t, map[bool]int{false: 2, true: 1}, cotes, "the role of the row, not of today")
}

// TestJO02DerniereNotification: the latest word of each side is a row of history that this side wrote.
func TestJO02DerniereNotification(t *testing.T) {
	s := nouvelleScene(t)
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})
	service, bailleur := s.EnInstructeur(), s.EnBailleur()
	_, err := s.Service.Executer(t.Context(), service, id, convention.DemanderCorrections, convention.Commande{Version: 1, Commentaire: "Revoir le lot 2"})
	require.NoError(t, err)
	lignes, err := s.Service.Historique(t.Context(), bailleur, id, 0, 10)
	require.NoError(t, err)
	derniere := lignes[0]
	require.Equal(t, []string{"CORRECTION", "demander_corrections", "INSTRUCTEUR", "Revoir le lot 2"},
		[]string{derniere.Statut, derniere.Transition, *derniere.RoleTypologie, derniere.Commentaire})
	require.Equal(t, instant, derniere.CreeLe.UTC())
}

// Rules of comments that have no test of their own elsewhere (02 §4.2).

func TestCO07JournalDesCommentaires(t *testing.T) {
	s := nouvelleScene(t)
	id, service := s.Monde.Convention(fixture.Conv{Statut: convention.Instruction}), s.EnInstructeur()
	k, err := s.Service.Commenter(t.Context(), service, id, convention.NouveauCommentaire{NomObjet: "programme", ChampObjet: "nom", Message: "Ancien texte"})
	require.NoError(t, err)
	nouveau := "Nouveau texte"
	_, err = s.Service.ModifierCommentaire(t.Context(), service, k.UUID, convention.ModificationCommentaire{Version: 1, Message: &nouveau})
	require.NoError(t, err)
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'commentaire.modifie' AND avant->>'message' = 'Ancien texte' AND apres->>'message' = 'Nouveau texte'`))
}

func TestCO09ResumeDesCommentairesOuverts(t *testing.T) {
	s := nouvelleScene(t)
	affiche := map[convention.Statut]bool{convention.Instruction: true, convention.Correction: true}
	for _, statut := range convention.Statuts() {
		id := s.Monde.Convention(fixture.Conv{Statut: statut})
		for _, etat := range []string{"OUVERT", "RESOLU", "OUVERT"} {
			s.Commentaire(id, "programme", "nom", etat)
		}
		d, err := s.Service.Lire(t.Context(), s.EnBailleur(), id)
		require.NoError(t, err)
		require.Equal(t, 2, d.CommentairesAvec(comment.Ouvert), statut)
		require.Equal(t, affiche[statut], d.Drapeaux(date.InParis(instant)).ResumeCommentairesAffiche, statut)
		for i := 1; i < len(d.Commentaires); i++ {
			require.False(t, d.Commentaires[i].CreeLe.Before(d.Commentaires[i-1].CreeLe), "ordered by creation")
		}
	}
}

func TestCO15AvenantSansCommentaire(t *testing.T) {
	s := nouvelleScene(t)
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	s.Commentaire(racine, "programme", "nom", "CLOS")
	d, err := s.Service.CreerAvenant(t.Context(), s.EnBailleur(), racine, []string{"programme"})
	require.NoError(t, err)
	require.Empty(t, d.Commentaires, "comments belong to one row of the family")
	d, err = s.Service.Lire(t.Context(), s.EnBailleur(), racine)
	require.NoError(t, err)
	require.Len(t, d.Commentaires, 1)
}

func TestCO16AuteurSupprime(t *testing.T) {
	s := nouvelleScene(t)
	id, parti := s.Monde.Convention(fixture.Conv{Statut: convention.Instruction}), s.Utilisateur("Jean", "Parti")
	k := s.Commentaire(id, "programme", "nom", "OUVERT")
	s.Executer(`UPDATE commentaire SET auteur_id = $1 WHERE uuid = $2`, parti.UtilisateurID, k)
	s.Executer(`DELETE FROM utilisateur WHERE id = $1`, parti.UtilisateurID)
	d, err := s.Service.Lire(t.Context(), s.EnInstructeur(), id)
	require.NoError(t, err)
	require.Len(t, d.Commentaires, 1, "the comment is kept")
	require.Equal(t, k, d.Commentaires[0].UUID)
	require.Nil(t, d.Commentaires[0].AuteurID)
}
