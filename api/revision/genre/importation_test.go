package genre_test

import (
	"bytes"
	"context"
	"testing"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"apilos/api/revision"
	"apilos/api/revision/coffre"
	"apilos/api/revision/genre"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func (b *banc) depots() genre.Depots {
	return genre.Depots{Moteur: b.moteur, Coffre: coffre.New(b.objets)}
}

// TestPE20_fichierAvantSaConvention: a signed PDF given before its convention is its author's alone; for anybody else it
// is exactly a revision that does not exist.
func TestPE20_fichierAvantSaConvention(t *testing.T) {
	b := nouveauBanc(t, false)
	ctx := context.Background()
	piece, err := b.depots().Recevoir(ctx, b.bailleur, "Convention.pdf", bytes.NewReader(fixture.PDF("x")))
	require.NoError(t, err)
	absent := "0123456789abcdef01234567"
	for nom, essai := range map[string]func(p auth.Principal, id string) error{
		"read": func(p auth.Principal, id string) error {
			_, err := b.moteur.Lire(ctx, revision.Personne(p), id)
			return err
		},
		"compute": func(p auth.Principal, id string) error {
			_, err := b.moteur.Calculer(ctx, revision.Personne(p), id)
			return err
		},
		"publish": func(p auth.Principal, id string) error {
			_, err := b.moteur.Publier(ctx, revision.Personne(p), id, revision.Publication{})
			return err
		},
		"file": func(p auth.Principal, id string) error {
			_, err := b.moteur.Deposer(ctx, revision.Personne(p), id, revision.Depot{Type: revision.FichierDocument, Nom: "a.pdf", Contenu: bytes.NewReader(fixture.PDF("y")), TailleAnnoncee: -1})
			return err
		},
	} {
		for _, p := range []auth.Principal{b.service, b.EtrangerBailleur(), {}} {
			cachee, inconnue := essai(p, piece.RevisionID), essai(p, absent)
			require.True(t, fault.Is(cachee, fault.NotFound), "%s: %v", nom, cachee)
			require.Equal(t, fault.As(inconnue).Code, fault.As(cachee).Code, nom)
		}
	}
	_, err = b.moteur.Publier(ctx, revision.Personne(b.bailleur), piece.RevisionID, revision.Publication{})
	require.True(t, fault.Is(err, fault.NotFound), "no convention has the uuid yet: %v", err)
	lue, err := b.depots().Reservee(ctx, b.bailleur, piece.RevisionID)
	require.NoError(t, err)
	require.Equal(t, piece, lue)
	require.NoError(t, b.depots().Abandonner(ctx, b.bailleur, piece.RevisionID))
	require.Zero(t, b.Compter(`SELECT count(*) FROM revision`))
}

// TestPE20_importationSurUneConventionExistante: a key that a convention has gives no right on it, and says nothing of it.
func TestPE20_importationSurUneConventionExistante(t *testing.T) {
	b := nouveauBanc(t, false)
	ctx := context.Background()
	cachee := b.Convention(fixture.Conv{Statut: convention.ASigner, OperationID: b.Operation(b.Bailleur("Autre", "HLM"), b.AdministrationID)})
	publier := func(cle string) error {
		a := revision.Personne(b.bailleur)
		r, err := b.moteur.Recevoir(ctx, a, revision.Creation{Nature: revision.ConventionSignee, PorteeType: genre.PorteeImportation, PorteeCle: cle},
			revision.Depot{Type: revision.FichierDocument, Nom: "a.pdf", Contenu: bytes.NewReader(fixture.PDF("x")), TailleAnnoncee: -1})
		require.NoError(t, err, "the creation looks at no convention")
		_, err = b.moteur.Publier(ctx, a, r.ID, revision.Publication{})
		require.NoError(t, b.depots().Abandonner(ctx, b.bailleur, r.ID))
		return err
	}
	deCachee, deAbsente := publier(cachee.String()), publier(uuid.NewString())
	require.True(t, fault.Is(deCachee, fault.NotFound), "%v", deCachee)
	require.Equal(t, fault.As(deAbsente).Code, fault.As(deCachee).Code)
	projet := b.Convention(fixture.Conv{})
	require.True(t, fault.HasCode(publier(projet.String()), "DEPOT_INTERDIT"), "its own rules hold")
	require.Zero(t, b.enVigueur(convention.RubriqueDocumentSigne))

	_, err := b.moteur.Creer(ctx, revision.Personne(fixture.EnLecture(b.service)), revision.Creation{Nature: revision.ConventionSignee, PorteeType: genre.PorteeImportation, PorteeCle: uuid.NewString()})
	require.True(t, fault.Is(err, fault.Forbidden), "%v", err)
	_, err = b.moteur.Creer(ctx, revision.Personne(b.bailleur), revision.Creation{Nature: revision.Plan, PorteeType: genre.PorteeImportation, PorteeCle: uuid.NewString() + ":plan"})
	require.True(t, fault.HasCode(err, "PORTEE_INVALIDE"), "signed documents only: %v", err)
}
