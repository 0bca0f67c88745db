package convention_test

import (
	"context"
	"testing"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/internal/fixture"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func (s *scene) equipe() auth.Principal {
	p := s.Utilisateur("Root", "Staff")
	p.Superuser, p.Staff = true, true
	return p
}

func (s *scene) forcer(t *testing.T, p auth.Principal, id uuid.UUID, vers convention.Statut) (*convention.Dossier, error) {
	t.Helper()
	version := s.Compter(`SELECT version FROM convention WHERE uuid = $1`, id)
	return s.Service.Forcer(context.Background(), p, id, convention.Forcage{Version: version, Statut: vers, Motif: "Erreur de saisie signalée"})
}

// codesRefus are the reasons of a FORCAGE_REFUSE.
func codesRefus(t *testing.T, err error) []string {
	t.Helper()
	require.True(t, fault.HasCode(err, convention.CodeForcageRefuse), "%v", err)
	var out []string
	for _, f := range fault.As(err).Fields {
		out = append(out, f.Code)
	}
	return out
}

// CC-34: whatever the statut, only a superuser forces it; nobody sees it among the transitions.
func TestCC34QuiForceUnStatut(t *testing.T) {
	s := nouvelleScene(t)
	ctx := context.Background()
	equipe, staff, lu := s.equipe(), s.EnAdministrateur(), s.equipe()
	staff.Staff, lu.LectureSeule = true, true
	acteurs := map[string]struct {
		p     auth.Principal
		admis bool
	}{
		"superuser": {equipe, true}, "superuser en lecture": {lu, false}, "staff": {staff, false}, "bailleur": {s.EnBailleur(), false},
		"service": {s.EnInstructeur(), false}, "service en mode expert": {enExpert(s.EnInstructeur()), false},
		"DREAL": {s.EnAdministrateur(), false}, "lecteur": {fixture.EnLecture(s.EnInstructeur()), false},
	}
	for _, statut := range convention.Statuts() {
		vers := convention.Annulee
		if statut == convention.Annulee {
			vers = convention.Instruction
		}
		for nom, a := range acteurs {
			id := s.Monde.Convention(fixture.Conv{Statut: statut})
			d, err := s.Service.Lire(ctx, a.p, id)
			require.NoError(t, err)
			require.Equal(t, a.admis, d.ForcagePossible(a.p), "%s, %s", nom, statut)
			possibles, err := s.Service.Possibles(ctx, a.p, d)
			require.NoError(t, err)
			for _, x := range possibles {
				require.NotEqual(t, convention.Forcer, x.Code, "%s, %s", nom, statut)
			}
			_, _, apercu := s.Service.CiblesForcage(ctx, a.p, id)
			_, err = s.forcer(t, a.p, id, vers)
			if a.admis {
				require.NoError(t, err, "%s, %s", nom, statut)
				require.NoError(t, apercu)
				require.Equal(t, vers, s.statut(id))
				continue
			}
			require.True(t, fault.HasCode(err, "PERMISSION_REFUSEE"), "%s, %s: %v", nom, statut, err)
			require.True(t, fault.HasCode(apercu, "PERMISSION_REFUSEE"), "%s, %s: %v", nom, statut, apercu)
			require.Equal(t, statut, s.statut(id))
		}
	}
	ailleurs := s.Monde.Convention(fixture.Conv{})
	_, err := s.forcer(t, s.EtrangerBailleur(), ailleurs, convention.Annulee)
	require.True(t, fault.Is(err, fault.NotFound), "%v", err)
	_, err = s.Service.Executer(ctx, equipe, ailleurs, convention.Forcer, commandeComplete(1))
	require.True(t, fault.HasCode(err, "action_inconnue"), "it is no transition: %v", err)
}

// CC-34: one row of history with the motive, a journal of mode FORCAGE, the action alerts deleted by the event, no document
// touched when the convention stays in force.
func TestCC34LaTraceDuForcage(t *testing.T) {
	s := nouvelleScene(t)
	equipe := s.equipe()
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Publie})
	s.DocumentSigne(id, "SAIN")
	s.Document(id, "DOCUMENT_PUBLIE", "SAIN")
	d, err := s.forcer(t, equipe, id, convention.PublicationEnCours)
	require.NoError(t, err)
	require.Equal(t, 1, s.lignes(id, convention.Publie, convention.PublicationEnCours))
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention_historique WHERE transition = 'forcer' AND commentaire = 'Erreur de saisie signalée' AND utilisateur_id = $1`, equipe.UtilisateurID))
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM journal_audit WHERE mode = 'FORCAGE' AND commande = 'forcer' AND motif = 'Erreur de saisie signalée' AND avant->>'statut' = 'PUBLIE' AND apres->>'statut' = 'PUBLICATION_EN_COURS'`))
	require.Len(t, s.Sortie.recus, 1)
	require.Equal(t, "forcer", s.Sortie.recus[0].Transition)
	require.Equal(t, "2026P123", d.Convention.ReferenceSPF, "kept until replaced, as T17")
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM publication_spf WHERE date_publication IS NULL AND annule_le IS NULL`), "a sending is open")

	d, err = s.forcer(t, equipe, id, convention.Instruction)
	require.NoError(t, err)
	require.Nil(t, d.Convention.SigneLe)
	require.Empty(t, d.Convention.ReferenceSPF)
	require.Zero(t, s.Compter(`SELECT count(*) FROM fichier_rattache WHERE remplace_le IS NULL`), "signed and published files are archived")
	require.Zero(t, s.Compter(`SELECT count(*) FROM publication_spf WHERE date_publication IS NULL AND annule_le IS NULL`))
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM journal_audit WHERE mode = 'FORCAGE' AND avant->>'signe_le' = '2026-03-26'`), "the former date stays in the journal")
}

// CC-34: what a forced statut would break is refused, with every reason at once and nothing written.
func TestCC34LesReglesDIntegriteTiennent(t *testing.T) {
	s := nouvelleScene(t)
	equipe := s.equipe()
	projet := s.Monde.Convention(fixture.Conv{})
	for vers, attendus := range map[convention.Statut][]string{
		convention.ASigner:  {"NUMERO_REQUIS", "VALIDATION_MANQUANTE"},
		convention.Signee:   {"NUMERO_REQUIS", "SIGNATURE_MANQUANTE"},
		convention.Publie:   {"NUMERO_REQUIS", "SIGNATURE_MANQUANTE", "PUBLICATION_MANQUANTE"},
		convention.Projet:   {"STATUT_INCHANGE"},
		convention.Resiliee: {"FIN_PAR_AVENANT"}, convention.Denoncee: {"FIN_PAR_AVENANT"}, "AUTRE": {"STATUT_INCONNU"},
	} {
		_, err := s.forcer(t, equipe, projet, vers)
		require.Equal(t, attendus, codesRefus(t, err), vers)
	}
	_, err := s.Service.Forcer(context.Background(), equipe, projet, convention.Forcage{Version: 1, Statut: convention.Signee, Motif: "  "})
	require.Equal(t, []string{"MOTIF_REQUIS", "NUMERO_REQUIS", "SIGNATURE_MANQUANTE"}, codesRefus(t, err))
	_, err = s.Service.Forcer(context.Background(), equipe, projet, convention.Forcage{Version: 3, Statut: convention.Annulee, Motif: "motif"})
	require.True(t, fault.Is(err, fault.Stale), "%v", err)
	require.Zero(t, s.Compter(`SELECT count(*) FROM journal_audit`))
	require.Zero(t, s.Compter(`SELECT count(*) FROM convention_historique WHERE transition <> 'creer'`))

	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	premier, second := s.Monde.Avenant(racine, convention.Signee, "duree"), s.Monde.Avenant(racine, convention.Projet, "duree")
	for vers, attendu := range map[convention.Statut]string{convention.Annulee: "AVENANTS_EXISTANTS", convention.Instruction: "AVENANTS_EXISTANTS"} {
		_, err := s.forcer(t, equipe, racine, vers)
		require.Equal(t, []string{attendu}, codesRefus(t, err), "the root keeps its avenants")
	}
	_, err = s.forcer(t, equipe, premier, convention.Instruction)
	require.Equal(t, []string{"AVENANT_EN_COURS", "AVENANTS_EXISTANTS"}, codesRefus(t, err), "one in progress, and the second rests on the first")
	_, err = s.forcer(t, equipe, second, convention.Annulee)
	require.NoError(t, err)
	d, err := s.forcer(t, equipe, premier, convention.Instruction)
	require.NoError(t, err)
	require.Nil(t, d.Convention.RangAvenant)

	autre := s.Monde.Convention(fixture.Conv{Statut: convention.Annulee, OperationID: d.Racine.OperationID})
	_, err = s.forcer(t, equipe, autre, convention.Projet)
	require.True(t, fault.HasCode(err, "CONVENTION_EXISTANTE"), "CR-12: %v", err)
}

// CC-34: a convention ended by mistake is in force again with its avenants, the procedure is abandoned, and it may end again.
func TestCC34UneFinParErreur(t *testing.T) {
	s := nouvelleScene(t)
	ctx := context.Background()
	equipe := s.equipe()
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Publie})
	avenant := s.Monde.Avenant(racine, convention.Signee, "duree")
	fin := s.Monde.Avenant(racine, convention.Instruction, "denonciation")
	jour := date.New(2026, 4, 10)
	s.Executer(`UPDATE convention SET date_denonciation = $2 WHERE uuid = $1`, fin, jour.String())
	d, err := s.Service.Lire(ctx, equipe, fin)
	require.NoError(t, err)
	_, err = s.Service.Executer(ctx, equipe, fin, convention.Denoncer, convention.Commande{Version: d.Convention.Version})
	require.NoError(t, err)
	for _, id := range []uuid.UUID{avenant, fin} {
		_, err = s.forcer(t, equipe, id, convention.Annulee)
		require.Equal(t, []string{"CONVENTION_TERMINEE"}, codesRefus(t, err), "through the root only")
	}
	_, err = s.forcer(t, equipe, racine, convention.Instruction)
	require.Equal(t, []string{"AVENANTS_EXISTANTS"}, codesRefus(t, err))

	d, err = s.forcer(t, equipe, racine, convention.Publie)
	require.NoError(t, err)
	require.Nil(t, d.Convention.DateDenonciation)
	require.Equal(t, map[string]convention.Statut{"racine": convention.Publie, "avenant": convention.Signee, "fin": convention.Annulee},
		map[string]convention.Statut{"racine": s.statut(racine), "avenant": s.statut(avenant), "fin": s.statut(fin)})
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention WHERE parent_id = $1 AND statut = 'SIGNEE' AND date_denonciation IS NULL AND rang_avenant = 1`, s.ID(racine)))
	require.Equal(t, 3, s.Compter(`SELECT count(*) FROM convention_historique WHERE transition = 'forcer'`), "ST-04: one row each")
	require.Equal(t, 3, s.Compter(`SELECT count(*) FROM journal_audit WHERE mode = 'FORCAGE'`))
	require.Equal(t, 3, s.Compter(`SELECT count(*) FROM convention_recherche r JOIN convention c ON c.id = r.convention_id WHERE r.statut = c.statut`))

	_, err = s.Service.CreerAvenant(ctx, equipe, racine, []string{"resiliation"})
	require.NoError(t, err)
}
