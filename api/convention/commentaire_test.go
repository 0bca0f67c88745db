package convention_test

import (
	"context"
	"testing"

	"apilos/api/comment"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestCommentaires(t *testing.T) {
	s := nouvelleScene(t)
	ctx := context.Background()
	bailleur, service := s.EnBailleur(), s.EnInstructeur()
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})
	nouveau := convention.NouveauCommentaire{NomObjet: "programme", ChampObjet: "nom", Message: "nom complet ?"}

	k, err := s.Service.Commenter(ctx, service, id, nouveau)
	require.NoError(t, err)
	require.Equal(t, comment.Ouvert, k.Statut)

	for _, c := range []struct {
		nom  string
		fait func() error
		kind fault.Kind
	}{
		{"PE-01 lecteur", func() error { _, err := s.Service.Commenter(ctx, fixture.EnLecture(service), id, nouveau); return err }, fault.Forbidden},
		{"CO-02 hors périmètre", func() error { _, err := s.Service.Commenter(ctx, s.EtrangerBailleur(), id, nouveau); return err }, fault.NotFound},
		{"D10 en projet", func() error {
			_, err := s.Service.Commenter(ctx, service, s.Monde.Convention(fixture.Conv{}), nouveau)
			return err
		}, fault.Conflict},
		{"CO-01 vide", func() error {
			_, err := s.Service.Commenter(ctx, service, id, convention.NouveauCommentaire{NomObjet: "programme", ChampObjet: "nom", Message: "  "})
			return err
		}, fault.Invalid},
		{"cible inconnue", func() error {
			_, err := s.Service.Commenter(ctx, service, id, convention.NouveauCommentaire{NomObjet: "programme", ChampObjet: "x", Message: "m"})
			return err
		}, fault.Invalid},
		{"CO-03 ligne d’un autre dossier", func() error {
			u := uuid.New()
			_, err := s.Service.Commenter(ctx, service, id, convention.NouveauCommentaire{NomObjet: "logement", ChampObjet: "all", UUIDObjet: &u, Message: "m"})
			return err
		}, fault.Invalid},
		{"CO-04 autre auteur", func() error {
			m := "autre"
			_, err := s.Service.ModifierCommentaire(ctx, bailleur, k.UUID, convention.ModificationCommentaire{Version: 1, Message: &m})
			return err
		}, fault.Forbidden},
		{"CO-05 clore par le bailleur", func() error {
			clos := comment.Clos
			_, err := s.Service.ModifierCommentaire(ctx, bailleur, k.UUID, convention.ModificationCommentaire{Version: 1, Statut: &clos})
			return err
		}, fault.Forbidden},
		{"version périmée", func() error {
			clos := comment.Clos
			_, err := s.Service.ModifierCommentaire(ctx, service, k.UUID, convention.ModificationCommentaire{Version: 7, Statut: &clos})
			return err
		}, fault.Stale},
		{"commentaire d’un dossier invisible", func() error {
			clos := comment.Clos
			_, err := s.Service.ModifierCommentaire(ctx, s.EtrangerBailleur(), k.UUID, convention.ModificationCommentaire{Version: 1, Statut: &clos})
			return err
		}, fault.NotFound},
	} {
		require.True(t, fault.Is(c.fait(), c.kind), "%s: %v", c.nom, c.fait())
	}

	resolu, ouvert, clos := comment.Resolu, comment.Ouvert, comment.Clos
	m, err := s.Service.ModifierCommentaire(ctx, bailleur, k.UUID, convention.ModificationCommentaire{Version: 1, Statut: &resolu})
	require.NoError(t, err)
	require.NotNil(t, m.ResoluLe)
	_, lu, err := s.Service.LireCommentaire(ctx, service, k.UUID)
	require.NoError(t, err)
	require.Equal(t, bailleur.NomComplet(), lu.ResoluPar)
	m, err = s.Service.ModifierCommentaire(ctx, service, k.UUID, convention.ModificationCommentaire{Version: m.Version, Statut: &ouvert})
	require.NoError(t, err)
	require.Nil(t, m.ResoluLe, "CO-06")
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'commentaire.statut_change' AND avant->>'resolu_le' IS NOT NULL`), "the previous value stays in the journal")
	m, err = s.Service.ModifierCommentaire(ctx, service, k.UUID, convention.ModificationCommentaire{Version: m.Version, Statut: &clos})
	require.NoError(t, err)
	_, err = s.Service.ModifierCommentaire(ctx, service, k.UUID, convention.ModificationCommentaire{Version: m.Version, Statut: &ouvert})
	require.True(t, fault.Is(err, fault.Conflict), "CLOS is final")
	_, lu, err = s.Service.LireCommentaire(ctx, service, k.UUID)
	require.NoError(t, err)
	require.Equal(t, service.NomComplet(), lu.ClosPar)
}

func TestCC32JournalChaine(t *testing.T) {
	s := nouvelleScene(t)
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})
	service := s.EnInstructeur()
	for _, m := range []string{"un", "deux", "trois"} {
		_, err := s.Service.Commenter(context.Background(), service, id, convention.NouveauCommentaire{NomObjet: "programme", ChampObjet: "nom", Message: m})
		require.NoError(t, err)
	}
	require.NoError(t, s.Store.VerifierJournal(context.Background(), s.ID(id)))
	s.Executer(`ALTER TABLE journal_audit DISABLE TRIGGER tg_journal_audit_ajout`)
	s.Executer(`UPDATE journal_audit SET apres = '{"message":"falsifié"}' WHERE apres->>'message' = 'deux'`)
	require.ErrorContains(t, s.Store.VerifierJournal(context.Background(), s.ID(id)), "a été modifiée")
	s.Executer(`DELETE FROM journal_audit WHERE apres->>'message' = 'falsifié'`)
	require.ErrorContains(t, s.Store.VerifierJournal(context.Background(), s.ID(id)), "retirée", "a removal is seen")
}

// CO-12, CO-07: the comments that a validation closes are told by the journal, one by one; those already closed are not.
func TestCO12CO07ClotureAutomatique(t *testing.T) {
	s := nouvelleScene(t)
	service := s.EnInstructeur()
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})
	ouvert, resolu, clos := s.Monde.Commentaire(id, "programme", "nom", "OUVERT"), s.Monde.Commentaire(id, "programme", "ville", "RESOLU"), s.Monde.Commentaire(id, "pret", "all", "CLOS")
	_, err := s.executer(t, service, id, convention.Valider, convention.Commande{ConfirmerCommentairesOuverts: true})
	require.NoError(t, err)
	for _, c := range []struct {
		id    uuid.UUID
		avant string
		fois  int
	}{{ouvert, "OUVERT", 1}, {resolu, "RESOLU", 1}, {clos, "CLOS", 0}} {
		require.Equal(t, c.fois, s.Compter(`SELECT count(*) FROM journal_audit WHERE objet_uuid = $1 AND commande = 'commentaire.cloture_automatique'
			AND avant->>'statut' = $2 AND apres->>'statut' = 'CLOS' AND utilisateur_id = $3`, c.id, c.avant, service.UtilisateurID), c.avant)
	}
	require.Equal(t, 3, s.Compter(`SELECT count(*) FROM commentaire WHERE statut = 'CLOS' AND convention_id = $1`, s.ID(id)))
	require.NoError(t, s.Store.VerifierJournaux(context.Background()))
}
