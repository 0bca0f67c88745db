package web

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"apilos/api/convention"
	"apilos/api/operation"

	"github.com/stretchr/testify/require"
)

// TestCorpsDesEtapes: the documented body of each step has exactly the fields of its section.
func TestCorpsDesEtapes(t *testing.T) {
	var d convention.Dossier
	d.Operation.NatureLogement = operation.LogementsOrdinaires
	corps := map[convention.CodeEtape]any{
		convention.EtapeOperation: OperationSaisie{}, convention.EtapeChampLibre: ChampLibreSaisie{}, convention.EtapeCommentaires: CommentairesSaisie{},
		convention.EtapeDenonciation: DenonciationSaisie{}, convention.EtapeResiliation: ResiliationSaisie{},
		convention.EtapeBailleur: BailleurSaisie{}, convention.EtapeFinancement: FinancementSaisie{},
	}
	verifierCorps(t, &d, corps)
	racine := int64(1)
	for _, typ := range []string{"champ_libre", "denonciation", "resiliation"} {
		avenant := d
		avenant.Convention.ParentID, avenant.TypesAvenant = &racine, []string{typ}
		verifierCorps(t, &avenant, corps)
	}
}

func verifierCorps(t *testing.T, d *convention.Dossier, corps map[convention.CodeEtape]any) {
	t.Helper()
	lignes := map[string]reflect.Type{"prets": reflect.TypeOf(PretSaisi{})}
	for _, e := range d.Etapes() {
		if !e.Disponible {
			continue
		}
		section, ok := d.SectionDe(e.Code)
		require.True(t, ok)
		require.Contains(t, corps, e.Code, "document the body of this step")
		var attendus []string
		for _, c := range section.Champs {
			if c.Ecrire != nil { // a field that is only shown is not sent
				attendus = append(attendus, c.Cle)
			}
			if c.Table != nil {
				colonnes := []string{"uuid"}
				for _, col := range c.Table.Colonnes {
					colonnes = append(colonnes, col.Cle)
				}
				require.ElementsMatch(t, colonnes, champsJSON(lignes[c.Cle]), "document the rows of %s", c.Cle)
			}
		}
		documentes := champsJSON(reflect.TypeOf(corps[e.Code]))
		documentes = slices.DeleteFunc(documentes, func(s string) bool { return s == "confirmer_erreurs" || s == "commentaires_resolus" })
		require.ElementsMatch(t, attendus, documentes, e.Code)
	}
}

func champsJSON(t reflect.Type) []string {
	var out []string
	for i := range t.NumField() {
		nom, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		out = append(out, nom)
	}
	return out
}

func TestCurseurFabrique(t *testing.T) {
	for _, s := range []string{"", "!!!", "YWJj", ecrireCurseur("ville", convention.Curseur{Valeur: "Limoges", ID: 3}), ecrireCurseur("-cree_le", convention.Curseur{Valeur: "hier'; --", ID: 3}), ecrireCurseurFlux(convention.CurseurFlux{Rang: 3, ID: 4})} {
		_, err := lireCurseur("-cree_le", s)
		require.Error(t, err, s)
	}
	for _, tri := range convention.Tris() {
		valeurs := map[string]string{"statut": "3", "nb_logements": "12", "date_signature": "infinity", "date_livraison": "2026-01-02", "pertinence": "-0.30"}
		colonne, _ := tri.Colonne()
		v, ok := valeurs[colonne]
		if !ok {
			v = "2026-04-15 09:30:00.123456+00"
		}
		c, err := lireCurseur(tri, ecrireCurseur(tri, convention.Curseur{Valeur: v, ID: 42}))
		require.NoError(t, err, tri)
		require.Equal(t, convention.Curseur{Valeur: v, ID: 42}, *c)
	}
}

func TestCurseurDeFlux(t *testing.T) {
	for _, c := range []convention.CurseurFlux{{}, {Rang: 1 << 60, Retrait: true, ID: 1<<63 - 1, Total: 37}} {
		lu, err := lireCurseurFlux(ecrireCurseurFlux(c))
		require.NoError(t, err)
		require.Equal(t, c, *lu)
	}
	for _, s := range []string{"", "!!!", "Zmx1eA", ecrireCurseur("ville", convention.Curseur{Valeur: "1", ID: 3})} {
		_, err := lireCurseurFlux(s)
		require.Error(t, err, s)
	}
}
