package convention_test

import (
	"context"
	"sync"
	"testing"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/fichier"
	"apilos/api/internal/fixture"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// preparerStatut adds to a convention what its statut supposes: documents, a nature that is published (PU-01).
func (s *scene) preparerStatut(id uuid.UUID, statut convention.Statut) {
	switch statut {
	case convention.ASigner:
		s.DocumentSigne(id, fichier.Sain)
	case convention.Signee:
		s.DocumentSigne(id, fichier.Sain)
		s.nature(id, "RHVS")
	case convention.PublicationEnCours:
		s.Document(id, convention.RubriqueDocumentPublie, fichier.Sain)
	}
}

func (s *scene) nature(id uuid.UUID, nature string) {
	s.Executer(`UPDATE operation SET nature_logement = $2 WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, id, nature)
}

func jours(envoi, issue date.Date) convention.Commande {
	return convention.Commande{DateEnvoi: &envoi, DatePublication: &issue, DateRefus: &issue, ReferenceSPF: " 2026P456 ", MotifRefusSPF: "Pièce illisible"}
}

// faire carries out transitions one after the other, at the version each one left.
func (s *scene) faire(t *testing.T, id uuid.UUID, codes ...convention.Code) convention.Resultat {
	t.Helper()
	var res convention.Resultat
	for _, code := range codes {
		d, err := s.Service.Lire(context.Background(), s.EnInstructeur(), id)
		require.NoError(t, err)
		cmd := jours(date.New(2026, 4, 1), date.New(2026, 4, 10))
		cmd.Version, cmd.Commentaire = d.Convention.Version, "motif"
		res, err = s.Service.Executer(context.Background(), s.EnInstructeur(), id, code, cmd)
		require.NoError(t, err, code)
	}
	return res
}

func (s *scene) publiable(statut convention.Statut) uuid.UUID {
	id := s.Monde.Convention(fixture.Conv{Statut: statut})
	s.preparerStatut(id, statut)
	return id
}

func TestPU01ConventionsPubliees(t *testing.T) {
	s := nouvelleScene(t)
	for _, nature := range []string{"LOGEMENTSORDINAIRES", "AUTRE", "HEBERGEMENT", "RESISDENCESOCIALE", "PENSIONSDEFAMILLE", "RESIDENCEDACCUEIL", "RESIDENCEUNIVERSITAIRE", "RHVS"} {
		for bailleur, privee := range map[string]bool{"HLM": false, "SEM": false, "PRIVES": true, "AUTRES": true} {
			id := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
			s.nature(id, nature)
			s.Executer(`UPDATE bailleur SET nature_bailleur = $2 WHERE id = (SELECT bailleur_effectif_id FROM convention WHERE uuid = $1)`, id, bailleur)
			_, err := s.Service.Executer(context.Background(), s.EnInstructeur(), id, convention.EnvoyerPublication, convention.Commande{Version: 1})
			if privee || nature == "AUTRE" || nature == "RHVS" {
				require.NoError(t, err, "%s, %s", nature, bailleur)
				continue
			}
			require.Equal(t, []string{"NON_PUBLIABLE"}, codes(err), "%s, %s", nature, bailleur)
		}
	}
	s.Executer(`UPDATE bailleur SET nature_bailleur = 'HLM'`)
	// Those already on their way end it, whatever their bailleur.
	s.faire(t, s.publiable(convention.PublicationEnCours), convention.Publier, convention.RouvrirPublication, convention.Publier)
}

func TestPU02SeulLeServicePublie(t *testing.T) {
	s := nouvelleScene(t)
	for _, p := range []auth.Principal{s.EnBailleur(), fixture.EnLecture(s.EnInstructeur())} {
		_, err := s.Service.Executer(context.Background(), p, s.publiable(convention.Signee), convention.EnvoyerPublication, convention.Commande{Version: 1})
		require.True(t, fault.HasCode(err, "PERMISSION_REFUSEE"), "%v", err)
	}
}

func TestPU03PU06Preconditions(t *testing.T) {
	s := nouvelleScene(t)
	apres := date.New(2100, 1, 1)
	for nom, c := range map[string]struct {
		statut   convention.Statut
		code     convention.Code
		modifier func(*convention.Commande)
		fichier  string
		attendus []string
	}{
		"sent before the signature":      {convention.Signee, convention.EnvoyerPublication, func(c *convention.Commande) { j := date.New(2026, 3, 25); c.DateEnvoi = &j }, "", []string{"DATE_INCOHERENTE"}},
		"sent tomorrow":                  {convention.Signee, convention.EnvoyerPublication, func(c *convention.Commande) { c.DateEnvoi = &apres }, "", []string{"DATE_FUTURE"}},
		"nothing said":                   {convention.PublicationEnCours, convention.Publier, func(c *convention.Commande) { *c = convention.Commande{} }, "", []string{"FICHIER_PUBLICATION_MANQUANT", "REFERENCE_REQUISE", "DATE_REQUISE"}},
		"file not scanned":               {convention.PublicationEnCours, convention.Publier, func(*convention.Commande) {}, fichier.EnAttente, []string{"FICHIER_NON_VERIFIE"}},
		"published before it was signed": {convention.PublicationEnCours, convention.Publier, func(c *convention.Commande) { j := date.New(2026, 3, 25); c.DatePublication = &j }, fichier.Sain, []string{"DATE_INCOHERENTE"}},
		"published tomorrow":             {convention.PublicationEnCours, convention.Publier, func(c *convention.Commande) { c.DatePublication = &apres }, fichier.Sain, []string{"DATE_FUTURE"}},
		"reference too long":             {convention.PublicationEnCours, convention.Publier, func(c *convention.Commande) { c.ReferenceSPF = string(make([]rune, 51)) }, fichier.Sain, []string{"too_long"}},
		"refused without a reason":       {convention.PublicationEnCours, convention.RefuserPublication, func(c *convention.Commande) { c.MotifRefusSPF = "  " }, "", []string{"MOTIF_REQUIS"}},
		"refused without a day":          {convention.PublicationEnCours, convention.RefuserPublication, func(c *convention.Commande) { c.DateRefus = nil }, "", []string{"DATE_REQUISE"}},
	} {
		id := s.Monde.Convention(fixture.Conv{Statut: c.statut})
		s.nature(id, "RHVS")
		if c.fichier != "" {
			s.Document(id, convention.RubriqueDocumentPublie, c.fichier)
		}
		cmd := jours(date.New(2026, 4, 1), date.New(2026, 4, 10))
		c.modifier(&cmd)
		cmd.Version = 1
		_, err := s.Service.Executer(context.Background(), s.EnInstructeur(), id, c.code, cmd)
		require.Equal(t, c.attendus, codes(err), nom)
		verifierIntact(t, s, id, c.statut, nom)
	}

	// Refused, or published, before it was sent.
	id := s.publiable(convention.Signee)
	s.faire(t, id, convention.EnvoyerPublication)
	cmd := jours(date.New(2026, 4, 1), date.New(2026, 3, 30))
	cmd.Version = 2
	_, err := s.Service.Executer(context.Background(), s.EnInstructeur(), id, convention.RefuserPublication, cmd)
	require.Equal(t, []string{"DATE_INCOHERENTE"}, codes(err))
}

func TestPU04LesRefusRestent(t *testing.T) {
	s := nouvelleScene(t)
	id := s.publiable(convention.Signee)
	s.faire(t, id, convention.EnvoyerPublication)
	s.Document(id, convention.RubriqueDocumentPublie, fichier.Sain)
	res := s.faire(t, id, convention.RefuserPublication)
	p := res.Dossier.Publication()
	require.Equal(t, "Pièce illisible", p.Courante.MotifRefus)
	require.Equal(t, convention.Signee, res.Dossier.Convention.Statut)
	require.Nil(t, res.Dossier.DocumentCourant(convention.RubriqueDocumentPublie), "another document is asked for next time")
	res = s.faire(t, id, convention.EnvoyerPublication)
	require.True(t, res.Dossier.Publication().Courante.Ouverte())
	require.Nil(t, res.Dossier.Publication().Precedente)
	s.faire(t, id, convention.RefuserPublication)
	require.Equal(t, 2, s.Compter(`SELECT count(*) FROM journal_audit WHERE objet_uuid = $1 AND commande = 'refuser_publication'
		AND apres ->> 'motif_refus_spf' = 'Pièce illisible'`, id))
	require.Equal(t, 2, s.Compter(`SELECT count(*) FROM publication_spf WHERE date_refus = DATE '2026-04-10' AND motif_refus <> ''`))
	require.NoError(t, s.Store.VerifierJournaux(context.Background()))
}

func TestPU05PublieePuisRouverte(t *testing.T) {
	s := nouvelleScene(t)
	id := s.publiable(convention.Signee)
	s.faire(t, id, convention.EnvoyerPublication)
	s.Document(id, convention.RubriqueDocumentPublie, fichier.Sain)
	c := s.faire(t, id, convention.Publier).Dossier.Convention
	require.Equal(t, "2026P456", c.ReferenceSPF)
	require.Equal(t, date.New(2026, 4, 10), *c.DatePublicationSPF)

	d := s.faire(t, id, convention.RouvrirPublication).Dossier
	require.Equal(t, "2026P456", d.Publication().Precedente.Reference)
	require.Equal(t, "2026P456", d.Convention.ReferenceSPF, "kept until it is replaced")
	require.NotNil(t, d.DocumentCourant(convention.RubriqueDocumentPublie))
	s.faire(t, id, convention.Publier)
	require.Equal(t, 2, s.Compter(`SELECT count(*) FROM publication_spf WHERE date_publication IS NOT NULL`))
}

func TestPU09AnnulerLEnvoi(t *testing.T) {
	s := nouvelleScene(t)
	for nom, codes := range map[string][]convention.Code{
		"sent":     {convention.EnvoyerPublication, convention.AnnulerPublication},
		"reopened": {convention.EnvoyerPublication, "document", convention.Publier, convention.RouvrirPublication, convention.AnnulerPublication},
	} {
		id := s.publiable(convention.Signee)
		for _, code := range codes {
			if code == "document" {
				s.Document(id, convention.RubriqueDocumentPublie, fichier.Sain)
				continue
			}
			s.faire(t, id, code)
		}
		d, err := s.Service.Lire(context.Background(), s.EnInstructeur(), id)
		require.NoError(t, err)
		require.Equal(t, convention.Signee, d.Convention.Statut, nom)
		require.Nil(t, d.Convention.DatePublicationSPF, nom)
		require.Empty(t, d.Convention.ReferenceSPF, nom)
		require.Nil(t, d.DocumentCourant(convention.RubriqueDocumentPublie), nom)
		require.NotNil(t, d.Publication().Courante.AnnuleLe, nom)
		require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention_historique h JOIN convention c ON c.id = h.convention_id
			WHERE c.uuid = $1 AND h.transition = 'annuler_publication'`, id), nom)
	}
}

// PU-07: a published convention takes no new document; PU-02 and PU-08 are in the table of transitions.
func TestPU07DocumentPublie(t *testing.T) {
	s := nouvelleScene(t)
	for statut, permis := range map[convention.Statut]bool{
		convention.ASigner: false, convention.Signee: false, convention.PublicationEnCours: true, convention.Publie: false, convention.Resiliee: false,
	} {
		d, err := s.Service.Lire(context.Background(), s.EnInstructeur(), s.Monde.Convention(fixture.Conv{Statut: statut}))
		require.NoError(t, err)
		err = d.PeutAttacher(s.EnInstructeur(), convention.RubriqueDocumentPublie)
		require.Equal(t, permis, err == nil, statut)
		if !permis {
			require.True(t, fault.HasCode(err, "DEPOT_INTERDIT"), statut)
		}
		require.True(t, fault.Is(d.PeutAttacher(s.EnBailleur(), convention.RubriqueDocumentPublie), fault.Forbidden), statut)
	}
}

// PU-08: an avenant is published like its root.
func TestPU08Avenant(t *testing.T) {
	s := nouvelleScene(t)
	racine := s.publiable(convention.Signee)
	a := s.Avenant(racine, convention.Signee, "duree")
	s.nature(a, "AUTRE")
	s.Executer(`UPDATE convention SET signe_le = DATE '2026-03-28' WHERE uuid = $1`, a)
	require.Equal(t, convention.PublicationEnCours, s.faire(t, a, convention.EnvoyerPublication).Dossier.Convention.Statut)
}

// CC-03: one of two simultaneous outcomes wins, and there is one sending.
func TestST_T13_uneSeuleIssue(t *testing.T) {
	s := nouvelleScene(t)
	id := s.publiable(convention.Signee)
	s.faire(t, id, convention.EnvoyerPublication)
	s.Document(id, convention.RubriqueDocumentPublie, fichier.Sain)
	erreurs := make([]error, 12)
	var wg sync.WaitGroup
	for i := range erreurs {
		wg.Go(func() {
			cmd := jours(date.New(2026, 4, 1), date.New(2026, 4, 10))
			cmd.Version = 2
			code := []convention.Code{convention.Publier, convention.RefuserPublication, convention.AnnulerPublication}[i%3]
			_, erreurs[i] = s.Service.Executer(context.Background(), s.EnInstructeur(), id, code, cmd)
		})
	}
	wg.Wait()
	reussies := 0
	for _, err := range erreurs {
		if err == nil {
			reussies++
			continue
		}
		require.True(t, fault.Is(err, fault.Stale), "%v", err)
	}
	require.Equal(t, 1, reussies)
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM publication_spf`))
}
