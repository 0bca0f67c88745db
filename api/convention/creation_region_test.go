package convention_test

import (
	"context"
	"testing"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/internal/fixture"

	"github.com/stretchr/testify/require"
)

// TestPE40CreationParRegion: somebody of a legal person gives, in a région, a bailleur of a habilitation without région or
// of that one, in the list and in the write alike; a service gives any.
func TestPE40CreationParRegion(t *testing.T) {
	a := nouvelAtelier(t)
	ctx := context.Background()
	p := a.EnBailleur()
	sien := a.scene.bailleur(t, a.BailleurID)
	filiale, _ := a.bailleur("Filiale Habitat")
	a.Executer(`UPDATE bailleur SET parent_id = $1, parent_origine = 'SIAP' WHERE id = $2`, a.BailleurID, filiale)
	p.BailleurIDs = append(p.BailleurIDs, filiale)
	ici := convention.ConventionManuelle{OperationSaisie: a.decrite()} // Limoges, région 75
	for nom, cas := range map[string]struct {
		habilitations sirensParRegion
		acteur        auth.Principal
		permis        bool
	}{
		"of the région":            {sirensParRegion{"75": {sien.siren}}, p, true},
		"without région":           {sirensParRegion{"": {sien.siren}}, p, true},
		"of another région":        {sirensParRegion{"93": {sien.siren}}, p, false},
		"of another legal person":  {sirensParRegion{"": {"999999999"}}, p, false},
		"a service, of none":       {sirensParRegion{}, a.EnInstructeur(), true},
		"an account with no SIAP":  {sirensParRegion{}, sansProfil(p), true},
		"a superuser acting so":    {sirensParRegion{}, enSuperuser(p), true},
		"both régions, this comes": {sirensParRegion{"93": {"999999999"}, "75": {sien.siren}}, p, true},
	} {
		importation := a.avecHabilitations(cas.habilitations)
		liste, err := importation.Bailleurs(ctx, cas.acteur, "habitat", "87000")
		require.NoError(t, err, nom)
		require.Equal(t, cas.permis, len(liste) > 0, "%s: %v", nom, liste)
		if cas.permis && cas.acteur.Profil == p.Profil && !cas.acteur.Superuser {
			require.Len(t, liste, 2, "%s: it and its child", nom)
		}
		liste, err = importation.Bailleurs(ctx, cas.acteur, "habitat", "")
		require.NoError(t, err, nom)
		require.NotEmpty(t, liste, "%s: no place is known yet", nom)
		in := ici
		in.NumeroOperation = "OP " + nom
		_, err = importation.CreerConvention(ctx, cas.acteur, in)
		if cas.permis {
			require.NoError(t, err, nom)
			continue
		}
		require.Equal(t, []string{"/bailleur_uuid"}, champs(err), "%s: %v", nom, err)
		require.Zero(t, a.Compter(`SELECT count(*) FROM operation WHERE numero_operation = $1`, in.NumeroOperation), nom)
		_, err = importation.DeclarerConvention(ctx, cas.acteur, convention.ConventionDeclaree{OperationSaisie: a.decrite(), Numero: "N " + nom, AnneeSignature: 2012, NumeroAvenant: "1"})
		require.Equal(t, []string{"/bailleur_uuid"}, champs(err), "%s: %v", nom, err)
	}

	// An avenant signed on paper that gives the convention to another bailleur.
	racine := a.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	versFiliale := a.scene.bailleur(t, filiale).uuid
	avenant := func(h sirensParRegion) error {
		_, _, err := a.avecHabilitations(h).ImporterAvenant(ctx, p, racine, convention.ImportAvenant{Numero: "1", AnneeSignature: 2026, BailleurUUID: &versFiliale, RevisionID: a.depot(p, "avenant")})
		return err
	}
	require.Equal(t, []string{"/bailleur_uuid"}, champs(avenant(sirensParRegion{"93": {sien.siren}})))
	require.NoError(t, avenant(sirensParRegion{"75": {sien.siren}}))
}

func sansProfil(p auth.Principal) auth.Principal {
	p.Profil, p.CodeRole, p.Login = "", "", ""
	return p
}

func enSuperuser(p auth.Principal) auth.Principal { p.Superuser = true; return p }
