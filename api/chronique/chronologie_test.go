package chronique_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/chronique"
	"apilos/api/convention"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/internal/fixture"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func natures(c chronique.Chronologie) []chronique.Nature {
	var out []chronique.Nature
	for _, e := range c.Elements {
		out = append(out, e.Nature)
	}
	return out
}

func TestJO13Chronologie(t *testing.T) {
	s := nouvelle(t)
	conv := s.Convention(fixture.Conv{Statut: convention.Signee})
	avenant := s.Avenant(conv, convention.Signee, "duree")
	s.Executer(`UPDATE convention SET rang_avenant = 1 WHERE uuid = $1`, avenant)
	s.Avenant(conv, convention.Projet, "duree")
	s.DocumentSigne(conv, "SAIN")

	lire := func(p auth.Principal, id uuid.UUID) chronique.Chronologie {
		c, err := s.Chronologie(t.Context(), p, id, page)
		require.NoError(t, err)
		return c
	}
	c := lire(s.bailleur, conv)
	require.Equal(t, []chronique.Nature{chronique.Avenant, chronique.Signature}, natures(c), "signed + 1 avenant: 2 items in order, what is not signed is not one")
	require.Equal(t, 2, c.Total)
	require.Len(t, c.Elements[1].Documents, 1, "the signed document of the root")
	require.Equal(t, "Signature de l’avenant n° 1", c.Elements[0].Titre())
	require.Equal(t, c, lire(s.bailleur, avenant), "the same line from any row of the family")

	s.Executer(`INSERT INTO publication_spf (convention_id, date_envoi, date_refus, motif_refus) VALUES ($1, '2026-04-03', '2026-04-05', 'Pièce illisible')`, s.ID(conv))
	s.Executer(`INSERT INTO publication_spf (convention_id, date_envoi, date_publication, reference) VALUES ($1, '2026-04-06', '2026-04-08', '2026P9')`, s.ID(conv))
	s.Executer(`UPDATE convention SET statut = 'PUBLIE', date_publication_spf = '2026-04-08', reference_spf = '2026P9' WHERE uuid = $1`, conv)
	s.Document(conv, "DOCUMENT_PUBLIE", "SAIN")
	fait := s.noter(t, conv, "RETOUR_PREFET", hier)
	barre := s.noter(t, conv, "ECHANGE", hier)
	_, _, err := s.Annuler(t.Context(), s.service, barre.UUID, 1)
	require.NoError(t, err)

	c = lire(s.service, conv)
	require.Equal(t, []chronique.Nature{chronique.Fait, chronique.Publication, chronique.Refus, chronique.Avenant, chronique.Signature}, natures(c))
	require.Equal(t, []any{fait.UUID, "Reçu ce jour."}, []any{*c.Elements[0].EvenementUUID, c.Elements[0].Detail()})
	require.Equal(t, "Référence : 2026P9", c.Elements[1].Detail())
	require.Len(t, c.Elements[1].Documents, 1, "the published document")
	require.Equal(t, "Motif : Pièce illisible", c.Elements[2].Detail())
	require.Equal(t, natures(c)[1:], natures(lire(s.bailleur, conv)), "JO-12: facts are for the service")
	seconde, err := s.Chronologie(t.Context(), s.service, conv, chronique.Page{Page: 2, ParPage: 2})
	require.NoError(t, err)
	require.Equal(t, []any{5, natures(c)[2:4]}, []any{seconde.Total, natures(seconde)}, "CC-50")

	s.Executer(`UPDATE convention SET statut = 'DENONCEE', date_denonciation = '2031-06-30' WHERE uuid IN ($1, $2)`, conv, avenant)
	c = lire(s.service, conv)
	require.Equal(t, chronique.Denonciation, c.Elements[0].Nature)
	require.True(t, c.Elements[0].AVenir(c.Jour))
	require.Equal(t, 6, c.Total, "told once for the family")

	_, err = s.Chronologie(t.Context(), s.EtrangerBailleur(), conv, page)
	require.True(t, fault.Is(err, fault.NotFound))
}

// TestPE22ChronologieDuFuturBailleur: who reads one avenant only reads its line.
func TestPE22ChronologieDuFuturBailleur(t *testing.T) {
	s := nouvelle(t)
	conv := s.Convention(fixture.Conv{Statut: convention.Signee})
	avenant := s.Avenant(conv, convention.ASigner, "bailleur")
	futur := s.EtrangerBailleur()
	s.Executer(`UPDATE operation SET bailleur_id = $1 WHERE id = (SELECT operation_id FROM convention WHERE uuid = $2)`, futur.BailleurIDs[0], avenant)
	s.Rafraichir(avenant)
	c, err := s.Chronologie(t.Context(), futur, avenant, page)
	require.NoError(t, err)
	require.Empty(t, c.Elements, "the signature of the root is not theirs to read")
}

// muet sends nothing and receives no file.
type muet struct{}

// jsonBrut is a value as a form sends it.
type jsonBrut = json.RawMessage

func (muet) Emettre(context.Context, alert.Evenement) error { return nil }
func (muet) PublierDocument(context.Context, auth.Principal, uuid.UUID, convention.Depot) (string, error) {
	return "", nil
}
func (muet) Retirer(context.Context, string) error { return nil }

func (s scene) conventions() *convention.Service {
	// The rows of the world are dated by the database: what follows comes after.
	return convention.NewService(s.Store, muet{}, muet{}, nil, time.Now)
}

func TestP65HistoriqueComplet(t *testing.T) {
	s := nouvelle(t)
	conv := s.Convention(fixture.Conv{Statut: convention.Instruction})
	voisine := s.Convention(fixture.Conv{Statut: convention.Instruction})
	conventions := s.conventions()
	assistant := s.Utilisateur("Alice", "Assistance")
	detourne := s.service
	detourne.DetourneParID, detourne.Mode = assistant.UtilisateurID, auth.DetournementComplet

	_, err := conventions.EnregistrerEtape(t.Context(), detourne, conv, convention.EtapeOperation, convention.SaisieEtape{Version: 1, Valeurs: map[string]jsonBrut{"nom": jsonBrut(`"Les Érables"`), "nb_bureaux": jsonBrut(`12`)}})
	require.NoError(t, err)
	k, err := conventions.Commenter(t.Context(), s.service, conv, convention.NouveauCommentaire{NomObjet: "programme", ChampObjet: "nom", Message: "Nom complet ?"})
	require.NoError(t, err)
	_, err = conventions.Commenter(t.Context(), s.service, voisine, convention.NouveauCommentaire{NomObjet: "programme", ChampObjet: "nom", Message: "Ailleurs"})
	require.NoError(t, err)
	d, err := conventions.Lire(t.Context(), s.service, conv)
	require.NoError(t, err)
	_, err = conventions.Executer(t.Context(), s.service, conv, convention.Valider, convention.Commande{Version: d.Convention.Version, ConfirmerCommentairesOuverts: true, ConfirmerIncomplet: true, Commentaire: "Vu"})
	require.NoError(t, err)

	h, err := s.Historique(t.Context(), s.service, conv, false, nil, 50)
	require.NoError(t, err)
	var libelles []string
	for _, l := range h.Lignes {
		libelles = append(libelles, string(l.Categorie())+" "+h.Libelle(s.service, l))
	}
	require.Equal(t, []string{
		"commentaire Commentaire clos à la validation : Nom de l’opération", "statut Validation", "commentaire Commentaire ajouté : Nom de l’opération", "champs Étape « Opération » modifiée", "statut Création de cette convention",
	}, libelles, "each change once, of this convention alone, the latest first")
	require.Contains(t, h.Changements(h.Lignes[1]), chronique.Changement{Cle: "numero", Libelle: "Numéro", Apres: *numero(t, conventions, s.service, conv)}, "CC-31: null → value")
	require.Equal(t, []chronique.Changement{{Cle: "message", Libelle: "Message", Apres: "Nom complet ?"}}, h.Changements(h.Lignes[2]))
	champs := h.Changements(h.Lignes[3])
	require.Len(t, champs, 2)
	require.Equal(t, []string{"nom", "Les Tilleuls", "Les Érables"}, []string{champs[0].Cle, champs[0].Avant, champs[0].Apres}, "in words of the form, in its order")
	require.Equal(t, []string{"nb_bureaux", "", "12"}, []string{champs[1].Cle, champs[1].Avant, champs[1].Apres})
	require.Equal(t, []string{s.service.NomComplet(), assistant.NomComplet(), "NORMAL"}, []string{h.Lignes[3].ActeurNom, h.Lignes[3].DetourNom, h.Lignes[3].Mode}, "author and who assisted them")
	require.NotEqual(t, uuid.Nil, h.Lignes[3].UUID)
	require.NotEqual(t, uuid.Nil, k.UUID)

	moi, err := s.Historique(t.Context(), s.bailleur, conv, false, nil, 50)
	require.NoError(t, err)
	require.Len(t, moi.Lignes, 2, "P65: a bailleur reads statuts only")
	for _, l := range moi.Lignes {
		require.Equal(t, chronique.CategorieStatut, l.Categorie())
		require.Empty(t, moi.Changements(l))
	}
	statuts, err := s.Historique(t.Context(), s.service, conv, true, nil, 50)
	require.NoError(t, err)
	require.Len(t, statuts.Lignes, 2)

	var un []chronique.Ligne
	var apres *chronique.Curseur
	for range h.Lignes {
		p, err := s.Historique(t.Context(), s.service, conv, false, apres, 1)
		require.NoError(t, err)
		un, apres = append(un, p.Lignes...), p.Suivant
	}
	require.Equal(t, h.Lignes, un, "the cursor gives each line once")
	require.Nil(t, apres)
	_, err = s.Historique(t.Context(), s.EtrangerBailleur(), conv, false, nil, 50)
	require.True(t, fault.Is(err, fault.NotFound))
}

func numero(t *testing.T, c *convention.Service, p auth.Principal, id uuid.UUID) *string {
	t.Helper()
	d, err := c.Lire(t.Context(), p, id)
	require.NoError(t, err)
	return d.Convention.Numero
}

// TestCC33LecturesHorsDeLHistorique: who read a document is in the journal, not in what the two sides read.
func TestCC33LecturesHorsDeLHistorique(t *testing.T) {
	s := nouvelle(t)
	conv := s.Convention(fixture.Conv{Statut: convention.Signee})
	f := s.DocumentSigne(conv, "SAIN")
	require.NoError(t, s.Store.Journaliser(t.Context(), s.ID(conv), event.Journal{NomTable: "fichier", LigneID: &f, Action: event.Lecture, Commande: "document.telecharge", Mode: "NORMAL", CreeLe: instant}))
	h, err := s.Historique(t.Context(), s.service, conv, false, nil, 50)
	require.NoError(t, err)
	require.Len(t, h.Lignes, 1, "the creation alone")
}

// TestCC35HistoriqueApresEffacement: an erased person keeps their lines, under a pseudonym.
func TestCC35HistoriqueApresEffacement(t *testing.T) {
	s := nouvelle(t)
	conv := s.Convention(fixture.Conv{Statut: convention.Signee})
	_, err := s.conventions().Executer(t.Context(), s.service, conv, convention.Rouvrir, convention.Commande{Version: 1, Commentaire: "Erreur de plan"})
	require.NoError(t, err)
	s.Executer(`UPDATE utilisateur SET prenom = '', nom = 'Utilisateur effacé', email = 'efface@example.invalid', cerbere_login = NULL, est_actif = false WHERE id = $1`, s.service.UtilisateurID)
	h, err := s.Historique(t.Context(), s.bailleur, conv, false, nil, 50)
	require.NoError(t, err)
	require.Equal(t, "Utilisateur effacé", h.Lignes[0].ActeurNom)
	require.Equal(t, "Erreur de plan", h.Lignes[0].Commentaire)
}
