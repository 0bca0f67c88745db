package convention_test

import (
	"testing"

	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/internal/fixture"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// vendre gives the version of the operation of an avenant to another bailleur.
func (s *scene) vendre(avenant uuid.UUID, bailleurID int64) {
	s.Executer(`UPDATE operation SET bailleur_id = $2 WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, avenant, bailleurID)
	s.Rafraichir(avenant)
}

// PE-21: the signature hands the family over; the bailleur who signs an avenant that sells it loses sight of it at once,
// and is told that it is done, not that the avenant does not exist.
func TestST_T11_PE21LAncienBailleurSigneLaVente(t *testing.T) {
	s := nouvelleScene(t)
	vendeur := s.EnBailleur()
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	avenant := s.Monde.Avenant(racine, convention.ASigner, "bailleur")
	acheteur := s.EtrangerBailleur()
	s.vendre(avenant, acheteur.BailleurIDs[0])
	s.DocumentSigne(avenant, "SAIN")

	jour := date.New(2026, 4, 14)
	res, err := s.executer(t, vendeur, avenant, convention.Signer, convention.Commande{DateSignature: &jour})
	require.NoError(t, err)
	require.Nil(t, res.Dossier, "it has left the perimeter of the actor")
	require.Equal(t, convention.Signee, s.statut(avenant))
	require.Equal(t, 1, s.lignes(avenant, convention.ASigner, convention.Signee))
	require.Len(t, s.Sortie.recus, 1)

	d, err := s.Service.Lire(t.Context(), acheteur, racine)
	require.NoError(t, err)
	require.False(t, d.LectureSeule(acheteur))
	_, err = s.Service.Lire(t.Context(), vendeur, avenant)
	require.True(t, fault.Is(err, fault.NotFound), "%v", err)
}

// T10: only the latest avenant of a family may be reopened, whatever became of it since: what was signed later rests on
// the earlier ones (D03).
func TestST_T10SeulLeDernierAvenantSeRouvre(t *testing.T) {
	for _, statut := range []convention.Statut{
		convention.Projet, convention.Instruction, convention.Correction, convention.ASigner, convention.Signee, convention.PublicationEnCours, convention.Publie,
	} {
		t.Run(string(statut), func(t *testing.T) {
			s := nouvelleScene(t)
			service := s.EnInstructeur()
			racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
			un, deux := s.Monde.Avenant(racine, convention.Signee), s.Monde.Avenant(racine, convention.Annulee)
			s.Executer(`UPDATE convention SET rang_avenant = 1 WHERE uuid = $1`, un)
			s.Executer(`UPDATE convention SET statut = $2::varchar, numero = '2', valide_le = '2026-04-05', rang_avenant = CASE WHEN $2::text IN ('SIGNEE','PUBLICATION_EN_COURS','PUBLIE') THEN 2 END,
				signe_le = CASE WHEN $2::text IN ('SIGNEE','PUBLICATION_EN_COURS','PUBLIE') THEN DATE '2026-04-08' END,
				date_publication_spf = CASE WHEN $2::text = 'PUBLIE' THEN DATE '2026-04-10' END, reference_spf = CASE WHEN $2::text = 'PUBLIE' THEN 'R' ELSE '' END WHERE uuid = $1`, deux, string(statut))
			s.Rafraichir(un, deux)

			_, err := s.executer(t, service, un, convention.Rouvrir, convention.Commande{Commentaire: "erreur de date"})
			require.True(t, fault.Is(err, fault.Invalid), "%v", err)
			require.Equal(t, []string{"AVENANTS_EXISTANTS"}, codes(err))
			require.Equal(t, convention.Signee, s.statut(un))

			s.Executer(`UPDATE convention SET statut = 'ANNULEE', rang_avenant = NULL WHERE uuid = $1`, deux)
			s.Rafraichir(deux)
			_, err = s.executer(t, service, un, convention.Rouvrir, convention.Commande{Commentaire: "erreur de date"})
			require.NoError(t, err, "AV-50: a cancelled one does not count")
		})
	}
}

// T22: a root that still has avenants, even cancelled ones, is not deleted: they would be left without their root.
func TestST_T22LesAvenantsAnnulesRetiennentLeurRacine(t *testing.T) {
	s := nouvelleScene(t)
	service := s.EnInstructeur()
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Annulee})
	avenant := s.Monde.Avenant(racine, convention.Annulee)
	_, err := s.executer(t, service, racine, convention.Supprimer, convention.Commande{})
	require.True(t, fault.Is(err, fault.Invalid), "%v", err)
	require.Equal(t, []string{"AVENANTS_EXISTANTS"}, codes(err))
	for _, id := range []uuid.UUID{avenant, racine} {
		_, err := s.executer(t, service, id, convention.Supprimer, convention.Commande{})
		require.NoError(t, err)
		_, err = s.Service.Lire(t.Context(), service, id)
		require.True(t, fault.Is(err, fault.NotFound), "%v", err)
	}
}

// FI-02: a convention is never validated without a number, whatever keeps the platform from proposing one.
func TestFI02SansNumeroAProposer(t *testing.T) {
	for nom, sql := range map[string]string{
		"sans département":    `UPDATE operation SET code_insee_departement = NULL WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`,
		"sans administration": `UPDATE operation SET administration_id = NULL WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`,
	} {
		t.Run(nom, func(t *testing.T) {
			s := nouvelleScene(t)
			id := s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})
			s.Executer(sql, id)
			s.Rafraichir(id)
			p := s.Utilisateur("Root", "Staff")
			p.Superuser = true
			_, err := s.executer(t, p, id, convention.Valider, convention.Commande{})
			require.True(t, fault.Is(err, fault.Invalid), "%v", err)
			require.Contains(t, codes(err), "NUMERO_REQUIS")
			numero := "87.A.26.0009"
			_, err = s.executer(t, p, id, convention.Valider, convention.Commande{Numero: &numero})
			require.NoError(t, err)
		})
	}
}
