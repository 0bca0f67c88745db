package operation_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"apilos/api/operation"
	"apilos/api/store"
	"github.com/stretchr/testify/require"
)

// errLecture ends a reading transaction without committing it.
var errLecture = errors.New("only read")

// CC-13: reading, in every case that reads, works in a READ ONLY transaction.
func TestCC13ReadingWritesNothing(t *testing.T) {
	b := nouveauBanc(t)
	p := b.national()
	connue := b.publier(avecAides("PLUS"))
	b.synchroniser(p, connue)
	b.publier(avecAides("PLUS", "PLAI"))
	nouvelle := b.publier(avecNumero("20240100002"))
	refusee := b.publier(avecNumero("20240100003"), func(o objet) { mo(o)["siren"] = nil })

	lire := func(numero string) {
		err := b.Store.InTx(b.ctx, func(ctx context.Context) error {
			tx, ok := store.Tx(ctx)
			require.True(t, ok)
			_, err := tx.Exec(ctx, `SET TRANSACTION READ ONLY`)
			require.NoError(t, err)
			if _, err := b.service.Chercher(ctx, p, numero); err != nil {
				return err
			}
			_, err = b.service.Consulter(ctx, p, numero)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			_, err = tx.Exec(ctx, `UPDATE bailleur SET version = version`)
			require.ErrorContains(t, err, "read-only transaction", "the guard works")
			return errLecture
		})
		require.ErrorIs(t, err, errLecture, numero)
	}
	for _, n := range []string{connue, nouvelle, refusee, "20249999999"} {
		lire(n)
	}
	b.panne(503)
	for _, n := range []string{connue, "20249999998"} {
		lire(n)
	}
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM convention`))
	require.Equal(t, 0, b.Compter(`SELECT count(*) FROM operation WHERE numero_operation = $1`, nouvelle))
}

func TestConsulterShowsSIAPThenLocal(t *testing.T) {
	b := nouveauBanc(t)
	p := b.bailleur()
	numero := b.publier(avecAides("PLUS", "PLAI"))
	avant := b.consulter(p, numero)
	require.Equal(t, operation.DepuisSIAP, avant.Provenance)
	require.Equal(t, b.horloge, avant.LuLe)
	require.True(t, avant.PeutCreer)
	require.Equal(t, []operation.CodeAide{"PLUS", "PLAI"}, avant.Manquantes)
	require.Equal(t, operation.BailleurVu{Nom: "OPH Exemple", Siren: "900000001"}, avant.Bailleur)
	require.Equal(t, &operation.AdministrationVue{Nom: "35047 - Rennes Est", Code: "35047"}, avant.Administration)
	require.Empty(t, avant.Messages)
	require.Zero(t, avant.Operation.ID)

	creees := b.synchroniser(p, numero).Creees
	b.Executer(`UPDATE convention SET statut = 'SIGNEE', numero = 'N1', valide_le = '2026-03-16', signe_le = '2026-03-26' WHERE uuid = $1`, creees[0].UUID)
	avenant := b.Avenant(creees[0].UUID, convention.Projet)
	v := b.consulter(p, numero)
	require.NotZero(t, v.Operation.ID)
	require.NotEmpty(t, v.Bailleur.UUID)
	require.Len(t, v.OperationIDs, 1)
	require.Empty(t, v.Manquantes)
	require.Len(t, v.Financements, 2)
	require.EqualValues(t, "PLUS", v.Financements[0].Financement)
	require.Equal(t, 1, v.Financements[0].NbLogements)
	require.Equal(t, "COLLECTIF", v.Financements[0].TypeHabitat)
	require.Equal(t, creees[0].UUID, v.Financements[0].Conventions[0].UUID)
	require.Len(t, v.Avenants, 1)
	require.Equal(t, avenant, v.Avenants[0].UUID)
}

func TestConsulterUnknownOperation(t *testing.T) {
	b := nouveauBanc(t)
	p := b.bailleur()
	_, err := b.service.Consulter(b.ctx, p, "20249999999")
	require.True(t, fault.HasCode(err, "PROGRAMME_INTROUVABLE"))
	require.Contains(t, fault.As(err).Message, "L’opération 20249999999 n’existe pas dans le SIAP.")
	res := b.synchroniser(p, "20249999999")
	require.Equal(t, []string{"OPERATION_INCONNUE_SIAP", "PROGRAMME_INTROUVABLE"}, codes(res.Messages))
	require.Equal(t, fault.NotFound, res.Cause.Kind)
}

// An operation that SIAP no longer knows is found here by its normalised number, in the perimeter only.
func TestConsulterLocalOnlyByNormalisedNumber(t *testing.T) {
	b := nouveauBanc(t)
	p := b.bailleur()
	b.Executer(`UPDATE operation SET numero_operation = '34/860-00.006407' WHERE id = $1`, b.OperationID)
	conv := b.Convention(fixture.Conv{OperationID: b.OperationID, Financement: "PLAI"})
	for _, n := range []string{"3486000006407", "34/860-00.006407", " 34 86000006407 "} {
		v := b.consulter(p, n)
		require.Equal(t, operation.DepuisLocal, v.Provenance)
		require.Equal(t, []string{"OPERATION_INCONNUE_SIAP"}, codes(v.Messages))
		require.Equal(t, operation.Info, v.Messages[0].Niveau)
		require.Equal(t, "Les Tilleuls", v.Operation.Nom)
		require.Equal(t, conv, v.Financements[0].Conventions[0].UUID)
		require.Equal(t, 2, v.Financements[0].NbLogements)
		require.False(t, v.PeutCreer)
	}
	_, err := b.service.Consulter(b.ctx, b.connu(b.EtrangerBailleur()), "3486000006407")
	require.True(t, fault.HasCode(err, "PROGRAMME_INTROUVABLE"), "outside the perimeter is unknown")
}

// PE-21: an operation whose conventions went to another bailleur is no longer seen by the former one.
func TestPE21FormerBailleurSeesNothing(t *testing.T) {
	b := nouveauBanc(t)
	conv := b.Convention(fixture.Conv{OperationID: b.OperationID, Statut: convention.Signee})
	nouveau := b.Bailleur("Repreneur", "HLM")
	b.Executer(`UPDATE convention SET bailleur_effectif_id = $1 WHERE uuid = $2`, nouveau, conv)
	b.Rafraichir(conv)
	numero := b.ligne(`SELECT numero_operation FROM operation WHERE id = $1`, b.OperationID)["numero_operation"].(string)
	_, err := b.service.Consulter(b.ctx, b.bailleur(), numero)
	require.True(t, fault.Is(err, fault.NotFound))
	trouvees, err := b.service.Chercher(b.ctx, b.bailleur(), numero)
	require.NoError(t, err)
	require.Empty(t, trouvees)
}

// CR-26.
func TestCR26Search(t *testing.T) {
	b := nouveauBanc(t)
	p := b.national()
	chercher := func(p auth.Principal, q string) []operation.Trouvee {
		trouvees, err := b.service.Chercher(b.ctx, p, q)
		require.NoError(t, err)
		require.NotNil(t, trouvees)
		return trouvees
	}
	t.Run("SIAP first", func(t *testing.T) {
		numero := b.publier()
		require.Equal(t, []operation.Trouvee{{
			Numero: numero, Nom: "Quai Bleu", Bailleur: "OPH Exemple", Commune: "Rennes", NatureLogement: "LOGEMENTSORDINAIRES", CorrespondanceExacte: true,
		}}, chercher(p, numero))
	})
	t.Run("then the local one", func(t *testing.T) {
		b.Executer(`UPDATE operation SET numero_operation = '2019-50000042' WHERE id = $1`, b.OperationID)
		got := chercher(p, "2019 5000 0042")
		require.Len(t, got, 1)
		require.True(t, got[0].CorrespondanceExacte)
		require.Equal(t, "2019-50000042", got[0].Numero)
		require.Equal(t, "Limousin Habitat", got[0].Bailleur)
	})
	t.Run("then at most ten that resemble, best first, in the perimeter", func(t *testing.T) {
		for i := range 14 {
			id := b.Operation(b.BailleurID, b.AdministrationID)
			b.Executer(`UPDATE operation SET numero_operation = $1 WHERE id = $2`, fmt.Sprintf("202210%05d", i), id)
		}
		got := chercher(p, "20221000007")
		require.Len(t, got, 1, "exact")
		got = chercher(p, "202210000071")
		require.Len(t, got, 10)
		require.Equal(t, "20221000007", got[0].Numero)
		require.False(t, got[0].CorrespondanceExacte)
		require.Empty(t, chercher(b.connu(b.EtrangerBailleur()), "202210000071"))
	})
	t.Run("PE-26: a région finds its operations and no others", func(t *testing.T) {
		region := b.connu(b.EnAdministrateur())
		require.NotEmpty(t, chercher(region, "202210000071"))
		region.Region = "53"
		require.Empty(t, chercher(region, "202210000071"))
	})
	t.Run("SIAP down removes its part only", func(t *testing.T) {
		b.panne(503)
		require.Len(t, chercher(b.national(), "2019-50000042"), 1)
	})
	t.Run("without digit", func(t *testing.T) {
		require.Empty(t, chercher(p, "Rennes"))
		require.Empty(t, chercher(p, ""))
		require.Empty(t, chercher(p, "%"))
	})
}

func TestNothingWithoutRight(t *testing.T) {
	b := nouveauBanc(t)
	p := b.Utilisateur("Sans", "Role")
	_, err := b.service.Consulter(b.ctx, p, "20240100777")
	require.True(t, fault.Is(err, fault.Forbidden))
	_, err = b.service.Chercher(b.ctx, p, "20240100777")
	require.True(t, fault.Is(err, fault.Forbidden))
	_, err = b.service.Synchroniser(b.ctx, p, operation.Demande{Numero: "20240100777"})
	require.True(t, fault.Is(err, fault.Forbidden))
}
