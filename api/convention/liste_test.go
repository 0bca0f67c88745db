package convention_test

import (
	"context"
	"testing"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/internal/fixture"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestListeParCurseurEtFiltres(t *testing.T) {
	s := nouvelleScene(t)
	ctx := context.Background()
	service := s.EnInstructeur()
	attendus := map[uuid.UUID]bool{}
	for i := range 23 {
		statut := convention.Statuts()[i%10]
		attendus[s.Monde.Convention(fixture.Conv{Statut: statut})] = true
	}
	// Every order gives each row once, page after page, whatever the values they share.
	for _, tri := range convention.Tris() {
		vus := map[uuid.UUID]bool{}
		f := convention.Filtre{Tri: tri, ParPage: 5}
		for range 10 {
			page, err := s.Service.Lister(ctx, service, f)
			require.NoError(t, err, tri)
			require.Equal(t, 23, page.Total)
			for _, l := range page.Lignes {
				require.False(t, vus[l.UUID], "%s: seen twice", tri)
				vus[l.UUID] = true
			}
			if page.Suivant == nil {
				break
			}
			f.Apres = page.Suivant
		}
		require.Equal(t, attendus, vus, tri)
	}
	for _, c := range []struct {
		nom string
		f   convention.Filtre
		n   int
	}{
		{"statut", convention.Filtre{Statuts: []convention.Statut{convention.Projet, convention.Annulee}}, 5},
		{"lieu", convention.Filtre{Lieu: "limoges"}, 23},
		{"lieu par code postal", convention.Filtre{Lieu: "870"}, 23},
		{"lieu inconnu", convention.Filtre{Lieu: "Guéret"}, 0},
		{"jokers neutralisés", convention.Filtre{Lieu: "%"}, 0},
		{"bailleur sans accent", convention.Filtre{BailleurTexte: "LIMOUSIN hab"}, 23},
		{"texte", convention.Filtre{Texte: "tilleuls"}, 23},
		{"financement", convention.Filtre{Financements: []convention.Financement{convention.PLS}}, 0},
		{"à moi", convention.Filtre{AMoi: true}, 7}, // INSTRUCTION ×3, A_SIGNER ×2, PUBLICATION_EN_COURS ×2
	} {
		c.f.ParPage = 100
		page, err := s.Service.Lister(ctx, service, c.f)
		require.NoError(t, err, c.nom)
		require.Len(t, page.Lignes, c.n, c.nom)
	}
}

func TestST01ResilieeAVenirCompteCommeSignee(t *testing.T) {
	s := nouvelleScene(t)
	service := s.EnInstructeur()
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Resiliee})
	for jour, n := range map[string]int{"2026-04-16": 1, "2026-04-14": 0} { // today is the 15th
		s.Executer(`UPDATE convention SET date_resiliation = $2::date WHERE uuid = $1`, id, jour)
		s.Rafraichir(id)
		page, err := s.Service.Lister(context.Background(), service, convention.Filtre{Statuts: []convention.Statut{convention.Signee}, ParPage: 10})
		require.NoError(t, err)
		require.Len(t, page.Lignes, n, jour)
	}
}

// TestPE20Perimetre: the same predicate decides the list, the count and the single read.
func TestPE20Perimetre(t *testing.T) {
	s := nouvelleScene(t)
	ctx := context.Background()
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})
	fille := s.Bailleur("Filiale", "HLM")
	s.Executer(`UPDATE bailleur SET parent_id = $1, parent_origine = 'SIAP' WHERE id = $2`, s.BailleurID, fille)
	autreService := s.Administration("87085", "Limoges Métropole")
	avec := func(p auth.Principal, f func(*auth.Principal)) auth.Principal { f(&p); return p }
	for _, c := range []struct {
		nom string
		p   auth.Principal
		vu  bool
	}{
		{"bailleur", s.EnBailleur(), true},
		{"PE-23 filiale ne voit pas la mère", avec(s.EnBailleur(), func(p *auth.Principal) { p.BailleurIDs = []int64{fille} }), false},
		{"bailleur d’une autre région", avec(s.EnBailleur(), func(p *auth.Principal) { p.Region = "53" }), false},
		{"filtre personnel", avec(s.EnBailleur(), func(p *auth.Principal) { p.FiltreDepartements = []string{"35"} }), false},
		{"filtre personnel du département", avec(s.EnBailleur(), func(p *auth.Principal) { p.FiltreDepartements = []string{"35", "87"} }), true},
		{"service", s.EnInstructeur(), true},
		{"autre service", avec(s.EnInstructeur(), func(p *auth.Principal) { p.AdministrationID = autreService }), false},
		{"service sans administration", avec(s.EnInstructeur(), func(p *auth.Principal) { p.AdministrationID = 0 }), false},
		{"DREAL", s.EnAdministrateur(), true},
		{"DREAL d’une autre région", avec(s.EnAdministrateur(), func(p *auth.Principal) { p.Region = "53" }), false},
		{"département", avec(s.EnAdministrateur(), func(p *auth.Principal) { p.Region, p.Departement = "", "87" }), true},
		{"PE-16 sans territoire", avec(s.EnAdministrateur(), func(p *auth.Principal) { p.Region = "" }), false},
		{"national", avec(s.EnAdministrateur(), func(p *auth.Principal) { p.Region, p.National = "", true }), true},
		{"sans rôle", s.Utilisateur("Sans", "Role"), false},
	} {
		if c.p.Typologie == "" {
			_, err := s.Service.Lire(ctx, c.p, id)
			require.Error(t, err, c.nom)
			continue
		}
		_, err := s.Service.Lire(ctx, c.p, id)
		require.Equal(t, c.vu, err == nil, "%s: %v", c.nom, err)
		page, err := s.Service.Lister(ctx, c.p, convention.Filtre{ParPage: 10})
		require.NoError(t, err, c.nom)
		require.Equal(t, c.vu, page.Total == 1 && len(page.Lignes) == 1, c.nom)
	}
}

// TestPertinence: exact numbers and towns first, then the words of the name; an avenant comes after its
// convention (06 §1.5, §1.6).
func TestPertinence(t *testing.T) {
	s := nouvelleScene(t)
	ctx, service := context.Background(), s.EnInstructeur()
	creer := func(nom, numero, ville string) uuid.UUID {
		op := s.Operation(s.BailleurID, s.AdministrationID)
		s.Executer(`UPDATE operation SET nom = $2, numero_operation = $3, ville = $4 WHERE id = $1`, op, nom, numero, ville)
		return s.Monde.Convention(fixture.Conv{OperationID: op, Statut: convention.Signee})
	}
	exacte := creer("Résidence A", "20261234567", "Limoges")
	prefixe := creer("Résidence B", "2026123456789", "Isle")
	clos := creer("Le clos des Tilleuls", "2025000000001", "Couzeix")
	avenant := s.Avenant(exacte, convention.Projet, "bailleur")
	couzeixNom := creer("Rue de Couzeix", "2025000000002", "Aixe")
	ordre := func(f convention.Filtre) []uuid.UUID {
		f.Tri, f.ParPage = convention.TriPertinence, 10
		page, err := s.Service.Lister(ctx, service, f)
		require.NoError(t, err)
		require.False(t, page.Tronque)
		require.Len(t, page.Lignes, page.Total)
		var out []uuid.UUID
		for _, l := range page.Lignes {
			out = append(out, l.UUID)
		}
		return out
	}
	require.Equal(t, []uuid.UUID{exacte, avenant, prefixe}, ordre(convention.Filtre{Numero: "2026-1234567"}))
	require.Equal(t, []uuid.UUID{clos, couzeixNom}, ordre(convention.Filtre{Texte: "couzeix"}))
	require.Equal(t, []uuid.UUID{clos}, ordre(convention.Filtre{OperationNom: "tilleul"}), "whole words, stemmed")
	require.Equal(t, []uuid.UUID{exacte, avenant}, ordre(convention.Filtre{Lieu: "limoges", Numero: "20261234567"}))
}
