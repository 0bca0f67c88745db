package genre_test

import (
	"bytes"
	"context"
	"testing"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// AV-20, AV-21, DO-06: while an avenant is prepared, the service may give the signed file that its root has never had; the
// antivirus reads it as any other, the journal keeps it, and the root keeps its statut and its dates.
func TestAV20AV21DocumentSigneDeLaRacine(t *testing.T) {
	b := nouveauBanc(t, true)
	ctx := context.Background()
	deposer := func(p auth.Principal, id uuid.UUID, texte string) (convention.Document, error) {
		d, err := b.conv.Lire(ctx, b.service, id)
		require.NoError(t, err)
		return b.conv.Deposer(ctx, p, id, convention.Depot{
			Version: d.Convention.Version, Rubrique: convention.RubriqueDocumentSigne, Nom: "convention.pdf", Contenu: bytes.NewReader(fixture.PDF(texte)),
		})
	}
	for _, statut := range []convention.Statut{convention.Signee, convention.PublicationEnCours, convention.Publie} {
		racine := b.Convention(fixture.Conv{Statut: statut})
		if statut != convention.Signee {
			_, err := deposer(b.service, racine, "trop tôt")
			require.True(t, fault.HasCode(err, "DEPOT_INTERDIT"), "%s without avenant: %v", statut, err)
		}
		avenant := b.Avenant(racine, convention.Instruction, "duree")
		lire := func(p auth.Principal) *convention.Dossier {
			d, err := b.conv.Lire(ctx, p, avenant)
			require.NoError(t, err)
			return d
		}
		require.True(t, lire(b.service).Initiale.SansFichier)
		require.True(t, lire(b.service).FichierInitialeDeposable(b.service))
		for nom, p := range map[string]auth.Principal{"bailleur": b.bailleur, "reader": fixture.EnLecture(b.service)} {
			require.False(t, lire(p).FichierInitialeDeposable(p), nom)
			if statut == convention.Signee && nom == "bailleur" {
				continue // T12: either side corrects the signed file
			}
			_, err := deposer(p, racine, "refusé")
			require.NotNil(t, fault.As(err), "%s, %s", statut, nom)
			require.Contains(t, []fault.Kind{fault.Conflict, fault.Forbidden}, fault.As(err).Kind, "%s, %s", statut, nom)
		}
		avant := b.Compter(`SELECT version FROM convention WHERE uuid = $1`, racine)
		doc, err := deposer(b.service, racine, "signée")
		require.NoError(t, err, statut)
		require.Equal(t, "EN_ATTENTE", doc.Fichier.Antivirus, "DO-06")
		require.Contains(t, b.analyses.ids, doc.Fichier.ID)
		require.False(t, lire(b.service).Initiale.SansFichier)
		require.Equal(t, 1, b.Compter(`SELECT count(*) FROM convention WHERE uuid = $1 AND statut = $2 AND signe_le = '2026-03-26' AND version = $3`, racine, string(statut), avant+1), "AV-21")
		require.Equal(t, 1, b.Compter(`SELECT count(*) FROM journal_audit WHERE racine_id = $1 AND commande = 'initiale.document'`, b.ID(racine)))
		require.Equal(t, 1, b.Compter(`SELECT count(*) FROM fichier_rattache WHERE convention_id = $1 AND rubrique = 'DOCUMENT_SIGNE' AND revision_id IS NOT NULL AND remplace_le IS NULL`, b.ID(racine)))
		if statut != convention.Signee {
			_, err = deposer(b.service, racine, "encore")
			require.True(t, fault.HasCode(err, "DEPOT_INTERDIT"), "it has one now: %v", err)
		}
		require.NoError(t, b.conv.Verdict(ctx, doc.Fichier.ID, "INFECTE"))
		require.True(t, lire(b.service).Initiale.SansFichier, "an infected file is withdrawn")
	}
	require.NoError(t, b.Store.VerifierJournaux(ctx))
}
