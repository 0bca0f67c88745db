package compte_test

import (
	"testing"

	"apilos/api/fault"

	"github.com/stretchr/testify/require"
)

// CC-35 and CO-16: the person is erased, what it did stays.
func TestCC35_pseudonymisation(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	b.sql(`INSERT INTO bailleur (nom, siren, identifiant, type_identifiant) VALUES ('Creuse Habitat', '900000001', '900000001', 'SIREN')`)
	b.sql(`INSERT INTO operation (nom, numero_operation, bailleur_id) SELECT 'Les Tilleuls', '20260000001', id FROM bailleur WHERE siren = '900000001'`)
	b.sql(`INSERT INTO convention (operation_id, bailleur_effectif_id) SELECT id, bailleur_id FROM operation WHERE numero_operation = '20260000001'`)
	b.sql(`INSERT INTO convention_historique (convention_id, statut, transition, utilisateur_id) SELECT c.id, 'PROJET', 'creer', u.id FROM convention c, utilisateur u WHERE u.username = 'nora'`)
	b.sql(`INSERT INTO commentaire (convention_id, nom_objet, champ_objet, message, auteur_id, auteur_nom)
		SELECT c.id, 'programme', 'nom', 'à revoir', u.id, 'Nora Test' FROM convention c, utilisateur u WHERE u.username = 'nora'`)

	simulation := operateur
	simulation.Simulation = true
	_, err := b.svc.Pseudonymiser(fond, "nora", simulation)
	require.NoError(t, err)
	require.Equal(t, 1, lire[int](b, `SELECT count(*) FROM utilisateur WHERE username = 'nora'`), "a simulation writes nothing")

	u, err := b.svc.Pseudonymiser(fond, "nora@example.org", operateur)
	require.NoError(t, err)
	require.NotContains(t, u.Username, "nora")
	require.Zero(t, lire[int](b, `SELECT count(*) FROM utilisateur u WHERE to_jsonb(u)::text ILIKE '%nora%'`))
	require.Equal(t, 1, lire[int](b, `SELECT count(*) FROM utilisateur WHERE pseudonymise_le IS NOT NULL AND NOT est_actif AND mot_de_passe_hash IS NULL`))
	require.Equal(t, "Utilisateur supprimé", lire[string](b, `SELECT auteur_nom FROM commentaire`), "CO-16: the comment is there")
	require.Equal(t, 1, lire[int](b, `SELECT count(*) FROM convention_historique h JOIN utilisateur u ON u.id = h.utilisateur_id WHERE u.nom LIKE 'Utilisateur supprimé n° %'`))
	require.Zero(t, lire[int](b, `SELECT count(*) FROM journal_audit j WHERE j.commande = 'utilisateur.pseudonymisation' AND to_jsonb(j)::text ILIKE '%nora%'`))
	_, err = b.svc.Pseudonymiser(fond, "nora", operateur)
	require.True(t, fault.Is(err, fault.NotFound))
}

func TestCC35_staffIsNotErased(t *testing.T) {
	b := nouveauBanc(t)
	b.compteLocal("nora", "nora@example.org")
	_, err := b.svc.Promouvoir(fond, "nora", true, false, operateur)
	require.NoError(t, err)
	_, err = b.svc.Pseudonymiser(fond, "nora", operateur)
	require.True(t, fault.HasCode(err, "COMPTE_ACTIF_EQUIPE"), "%v", err)
}
