package convention_test

import (
	"context"
	"strings"
	"testing"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// tableTransitions is the table of 02 §1.4, restricted to the transitions of this version. Columns are
// the ten statuts in order; a cell is "b" bailleur, "i" instructeur or administrateur, "." refused by the
// statut. "p" and "q" are instructeur cells that exist only when the service created the convention.
var tableTransitions = []struct {
	code convention.Code
	//            PROJ INST CORR ASIG SIGN PUBC PUBL RESI DENO ANNU
	cellules string
	qui      string // who may ask at all, whatever the statut: the others get 403
}{
	{convention.Soumettre /*          T02 */, "b.........", "b"},
	{convention.DemanderRelecture /*  T03 */, "p.........", "i"},
	{convention.DemanderCorrections /*T04 */, ".i........", "i"},
	{convention.RelancerBailleur /*   T05 */, "..i.......", "i"},
	{convention.RenvoyerInstruction /*T06 */, "..b.......", "b"},
	{convention.NotifierInstructeur /*T07 */, ".b........", "b"},
	{convention.Valider /*            T08 */, "pii.......", "i"},
	{convention.RevenirInstruction /* T09 */, "...i......", "i"},
	{convention.Rouvrir /*            T10 */, "....i.....", "i"},
	{convention.Signer /*             T11 */, "...x......", "x"},
	{convention.CorrigerSignature /*  T12 */, "....x.....", "x"},
	{convention.EnvoyerPublication /* T13 */, "....i.....", "i"},
	{convention.Publier /*            T14 */, ".....i....", "i"},
	{convention.RefuserPublication /* T15 */, ".....i....", "i"},
	{convention.AnnulerPublication /* T16 */, ".....i....", "i"},
	{convention.RouvrirPublication /* T17 */, "......i...", "i"},
	// The dossiers of this table are conventions: T18 and T19 are asked on the avenant of the procedure (tableFin).
	{convention.Denoncer /*           T18 */, "..........", "i"},
	{convention.Resilier /*           T19 */, "..........", "i"},
	{convention.Annuler /*            T20 */, "xxxi......", "x"},
	{convention.Reactiver /*          T21 */, ".........x", "x"},
	{convention.Supprimer /*          T22 */, ".........x", "x"},
	{convention.CorrigerDateDenonciation /* ST-06 */, "........i.", "i"},
	{convention.CorrigerDateResiliation /*  ST-06 */, ".......i..", "i"},
	{convention.CorrigerDatePublication /*  ST-06 */, "......i...", "i"},
}

// commandeComplete satisfies every precondition that the command itself can satisfy.
func commandeComplete(version int) convention.Commande {
	jour := date.New(2026, 4, 10)
	return convention.Commande{
		Version: version, Commentaire: "motif ou message", ConfirmerIncomplet: true, ConfirmerCommentairesOuverts: true, DateSignature: &jour,
		DateEnvoi: &jour, DatePublication: &jour, DateRefus: &jour, ReferenceSPF: "2026P456", MotifRefusSPF: "Pièce illisible",
		DateDenonciation: &jour, DateResiliation: &jour,
	}
}

// attendu is what the table says for an actor.
func attendu(cellule, qui byte, cote string, creeParService bool) string {
	switch {
	case qui != 'x' && string(qui) != cote:
		return "403"
	case cellule == '.':
		return "409"
	case cellule == 'p' && !creeParService:
		return "409"
	case cellule == 'i' && cote == "b":
		return "403" // T20 on A_SIGNER
	}
	return "ok"
}

func TestST02ToutStatutParRoleParTransition(t *testing.T) {
	s := nouvelleScene(t)
	ctx := context.Background()
	acteurs := []struct {
		nom, cote string
		p         auth.Principal
	}{
		{"bailleur", "b", s.EnBailleur()},
		{"instructeur", "i", s.EnInstructeur()},
		{"administrateur", "i", s.EnAdministrateur()},
		{"bailleur en lecture", "", fixture.EnLecture(s.EnBailleur())},
		{"instructeur en lecture", "", fixture.EnLecture(s.EnInstructeur())},
		{"administrateur en lecture", "", fixture.EnLecture(s.EnAdministrateur())},
		{"hors périmètre", "hors", s.EtrangerBailleur()},
	}
	n := 0
	for _, ligne := range tableTransitions {
		require.Len(t, ligne.cellules, len(convention.Statuts()))
		for i, statut := range convention.Statuts() {
			for _, creePar := range []auth.Typologie{auth.Bailleur, auth.Instructeur} {
				id := uuid.Nil // kept while refusals leave it intact
				for _, a := range acteurs {
					n++
					nom := strings.Join([]string{string(ligne.code), string(statut), "créée par " + string(creePar), a.nom}, "/")
					if id == uuid.Nil {
						id = s.Monde.Convention(fixture.Conv{Statut: statut, CreePar: creePar})
						s.preparerStatut(id, statut)
					}
					_, err := s.Service.Executer(ctx, a.p, id, ligne.code, commandeComplete(1))
					want := attenduPour(a.cote, ligne.cellules[i], ligne.qui[0], creePar == auth.Instructeur)
					require.Equal(t, want, resume(err), "%s: %v", nom, err)
					if want == "ok" {
						require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention WHERE uuid = $1 AND version = 2`, id), nom)
						id = uuid.Nil
						continue
					}
					verifierIntact(t, s, id, statut, nom)
				}
			}
		}
	}
	require.Equal(t, len(tableTransitions), len(convention.CodesTransition()), "every transition of the engine is in the table")
	t.Logf("%d cells", n)
}

func resume(err error) string {
	switch {
	case err == nil:
		return "ok"
	case fault.Is(err, fault.NotFound):
		return "404"
	case fault.HasCode(err, "PERMISSION_REFUSEE"):
		return "403"
	case fault.HasCode(err, "TRANSITION_INTERDITE"):
		return "409"
	}
	return err.Error()
}

func attenduPour(cote string, cellule, qui byte, creeParService bool) string {
	switch cote {
	case "hors":
		return "404"
	case "":
		return "403"
	}
	return attendu(cellule, qui, cote, creeParService)
}

func verifierIntact(t *testing.T, s *scene, id uuid.UUID, statut convention.Statut, nom string) {
	t.Helper()
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention WHERE uuid = $1 AND version = 1 AND statut = $2`, id, string(statut)), nom)
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention_historique h JOIN convention c ON c.id = h.convention_id WHERE c.uuid = $1`, id), nom)
}

// TestST03ST05TransitionsPossibles: the list answers exactly what Executer would accept or refuse only
// for a missing element.
func TestST03ST05TransitionsPossibles(t *testing.T) {
	s := nouvelleScene(t)
	ctx := context.Background()
	for _, c := range []struct {
		nom    string
		statut convention.Statut
		p      auth.Principal
		codes  []convention.Code
	}{
		{"instructeur en CORRECTION", convention.Correction, s.EnInstructeur(), []convention.Code{convention.RelancerBailleur, convention.Valider, convention.Annuler}},
		{"bailleur en CORRECTION", convention.Correction, s.EnBailleur(), []convention.Code{convention.RenvoyerInstruction, convention.Annuler}},
		{"bailleur en PROJET", convention.Projet, s.EnBailleur(), []convention.Code{convention.Soumettre, convention.Annuler}},
		{"instructeur en PROJET du bailleur", convention.Projet, s.EnInstructeur(), []convention.Code{convention.Annuler}},
		{"bailleur en A_SIGNER", convention.ASigner, s.EnBailleur(), []convention.Code{convention.Signer}},
		{"lecteur", convention.Instruction, fixture.EnLecture(s.EnInstructeur()), nil},
	} {
		id := s.Monde.Convention(fixture.Conv{Statut: c.statut})
		d, err := s.Service.Lire(ctx, c.p, id)
		require.NoError(t, err, c.nom)
		possibles, err := s.Service.Possibles(ctx, c.p, d)
		require.NoError(t, err, c.nom)
		var codes []convention.Code
		for _, x := range possibles {
			codes = append(codes, x.Code)
		}
		require.Equal(t, c.codes, codes, c.nom)
	}
}
