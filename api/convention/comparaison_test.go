package convention_test

import (
	"context"
	"fmt"
	"testing"

	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"apilos/api/operation"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// version builds one side of a comparison, lot PLUS (1) and lot PLAI (2).
func uneVersion(changer func(*convention.Dossier)) *convention.VersionComplete {
	d := &convention.Dossier{Lots: []convention.Lot{{ID: 1, Financement: "PLUS"}, {ID: 2, Financement: "PLAI"}}}
	d.Operation.NatureLogement = operation.LogementsOrdinaires
	changer(d)
	return convention.NouvelleVersion(d, nil, nil, nil)
}

func logement(lot int64, designation, surface string) convention.Logement {
	return convention.Logement{LotID: lot, Designation: designation, Typologie: "T2", SurfaceUtile: decimal.NewNullDecimal(decimal.RequireFromString(surface))}
}

func bloc(t *testing.T, c convention.Comparaison, typ string) convention.BlocCompare {
	t.Helper()
	for _, b := range c.Blocs {
		if b.Type == typ {
			return b
		}
	}
	require.Failf(t, "no such bloc", "%s", typ)
	return convention.BlocCompare{}
}

// lignesChangees writes the rows of a table in short.
func lignesChangees(x convention.TableauCompare) (out []string) {
	for _, l := range x.Lignes {
		if l.Sort != convention.LigneInchangee {
			out = append(out, string(l.Lot)+" "+l.Nom+" "+l.Sort)
		}
	}
	return out
}

func TestComparaisonDesLogements(t *testing.T) {
	avec := func(ls ...convention.Logement) *convention.VersionComplete {
		return uneVersion(func(d *convention.Dossier) { d.Logements = ls })
	}
	for nom, c := range map[string]struct {
		avant, apres []convention.Logement
		attendu      []string
	}{
		"same":             {[]convention.Logement{logement(1, "A1", "48.2")}, []convention.Logement{logement(1, "A1", "48.20")}, nil},
		"spaces and case":  {[]convention.Logement{logement(1, "a  1", "48")}, []convention.Logement{logement(1, "A 1", "48")}, []string{"PLUS A 1 modifiee"}},
		"changed":          {[]convention.Logement{logement(1, "A1", "48")}, []convention.Logement{logement(1, "A1", "49")}, []string{"PLUS A1 modifiee"}},
		"added, removed":   {[]convention.Logement{logement(1, "A1", "48")}, []convention.Logement{logement(1, "A2", "48")}, []string{"PLUS A2 ajoutee", "PLUS A1 supprimee"}},
		"moved to a lot":   {[]convention.Logement{logement(1, "A1", "48")}, []convention.Logement{logement(2, "A1", "48")}, []string{"PLAI A1 ajoutee", "PLUS A1 supprimee"}},
		"same name by lot": {[]convention.Logement{logement(1, "A1", "48"), logement(2, "A1", "50")}, []convention.Logement{logement(1, "A1", "48"), logement(2, "A1", "51")}, []string{"PLAI A1 modifiee"}},
		"duplicates, the unchanged one stays": {
			[]convention.Logement{logement(1, "A1", "48"), logement(1, "A1", "60")}, []convention.Logement{logement(1, "A1", "61"), logement(1, "A1", "48")}, []string{"PLUS A1 modifiee"},
		},
		"one duplicate less": {[]convention.Logement{logement(1, "A1", "48"), logement(1, "A1", "60")}, []convention.Logement{logement(1, "A1", "60")}, []string{"PLUS A1 supprimee"}},
		"reordered":          {[]convention.Logement{logement(1, "A1", "48"), logement(1, "A2", "60")}, []convention.Logement{logement(1, "A2", "60"), logement(1, "A1", "48")}, nil},
	} {
		b := bloc(t, convention.Comparer(avec(c.avant...), avec(c.apres...), true), "logements")
		require.Equal(t, c.attendu, lignesChangees(b.Tableaux[0]), nom)
		require.Equal(t, len(c.attendu), b.NbChangements(), nom)
		require.Equal(t, c.attendu != nil, b.Change, nom)
	}
	b := bloc(t, convention.Comparer(avec(logement(1, "A1", "48.2")), avec(logement(1, "A1", "1049.1")), true), "logements")
	champ := b.Tableaux[0].Lignes[0].Champs
	require.Len(t, champ, 1, "the columns that differ only")
	require.Equal(t, []string{"surface_utile", "Surface utile", "48,20\u202fm²", "1\u202f049,10\u202fm²", "48.2", "1049.1"},
		[]string{champ[0].Cle, champ[0].Libelle, champ[0].Avant, champ[0].Apres, *champ[0].AvantBrut, *champ[0].ApresBrut})
}

func TestComparaisonDesAutresLignes(t *testing.T) {
	pret := func(numero, preteur string, montant int64) convention.Pret {
		return convention.Pret{LotID: 1, Numero: numero, Preteur: preteur, Montant: decimal.NewFromInt(montant)}
	}
	parcelle := func(section, numero, lieudit, surface string) operation.ReferenceCadastrale {
		return operation.ReferenceCadastrale{Section: section, Numero: numero, Lieudit: lieudit, Surface: surface}
	}
	for nom, c := range map[string]struct {
		bloc         string
		avant, apres func(*convention.Dossier)
		attendu      []string
	}{
		"loan by its number": {
			"duree", func(d *convention.Dossier) { d.Prets = []convention.Pret{pret("7", "CDCL", 10), pret("8", "CDCL", 20)} },
			func(d *convention.Dossier) { d.Prets = []convention.Pret{pret("8", "CDCL", 21), pret("7", "CDCL", 10)} },
			[]string{"PLUS CDC pour le logement, n° 8 modifiee"},
		},
		"loans without number, equal ones first": {
			"duree", func(d *convention.Dossier) { d.Prets = []convention.Pret{pret("", "VILLE", 10), pret("", "VILLE", 20)} },
			func(d *convention.Dossier) { d.Prets = []convention.Pret{pret("", "VILLE", 20), pret("", "VILLE", 11)} },
			[]string{"PLUS Ville modifiee"},
		},
		"a number given later": {
			"duree", func(d *convention.Dossier) { d.Prets = []convention.Pret{pret("", "CDCL", 10)} },
			func(d *convention.Dossier) { d.Prets = []convention.Pret{pret("7", "CDCL", 10)} },
			[]string{"PLUS CDC pour le logement, n° 7 modifiee"},
		},
		"parcels": {
			"cadastre", func(d *convention.Dossier) {
				d.ReferencesCadastrales = []operation.ReferenceCadastrale{parcelle("AB", "1", "Le Bourg", "0 ha 1 a 0 ca"), parcelle("AB", "2", "", "")}
			},
			func(d *convention.Dossier) {
				d.ReferencesCadastrales = []operation.ReferenceCadastrale{parcelle("AB", "1", "Le Bourg", "0 ha 2 a 0 ca"), parcelle("AC", "2", "", "")}
			},
			[]string{" AB 1, Le Bourg modifiee", " AC 2 ajoutee", " AB 2 supprimee"},
		},
		"parking": {
			"stationnement", func(d *convention.Dossier) {
				d.Stationnements = []convention.Stationnement{{LotID: 1, Typologie: "CARPORT", NbStationnements: 2}}
			},
			func(d *convention.Dossier) {
				d.Stationnements = []convention.Stationnement{{LotID: 1, Typologie: "CARPORT", NbStationnements: 3}, {LotID: 2, Typologie: "GARAGE_AERIEN", NbStationnements: 1}}
			},
			[]string{"PLUS Carport modifiee", "PLAI Garage aérien ajoutee"},
		},
	} {
		cmp := convention.Comparer(uneVersion(c.avant), uneVersion(c.apres), true)
		require.Equal(t, c.attendu, lignesChangees(bloc(t, cmp, c.bloc).Tableaux[0]), nom)
		require.Equal(t, []string{c.bloc}, cmp.TypesSuggeres, "%s: nothing else changed", nom)
	}
}

// The warnings and suggestions of ux 2.9: what is checked and what changed disagree.
func TestComparaisonSuggestions(t *testing.T) {
	avant := uneVersion(func(d *convention.Dossier) { d.Convention.ChampLibreAvenant = "texte d’un autre acte" })
	apres := uneVersion(func(d *convention.Dossier) {
		d.TypesAvenant = []string{"duree"}
		d.Operation.Nom, d.Lots[1].LgtsMixiteSocialeNegocies = "Les Érables", 4
	})
	cmp := convention.Comparer(avant, apres, true)
	require.Equal(t, []string{"programme", "logements"}, cmp.TypesSuggeres)
	signales := map[string]string{}
	for _, a := range cmp.Avertissements {
		signales[a.Type] = a.Code
	}
	require.Equal(t, map[string]string{
		"duree": convention.TypeSansChangement, "programme": convention.ChangementSansType, "logements": convention.ChangementSansType,
	}, signales)
	for _, c := range bloc(t, cmp, "logements").Champs {
		require.Equal(t, c.Lot == "PLAI" && c.Cle == "lgts_mixite_sociale_negocies", c.Change, "%s %s", c.Cle, c.Lot)
	}
	for _, b := range cmp.Blocs {
		require.NotContains(t, []string{"denonciation", "resiliation", "variantes"}, b.Type, "what does not concern the avenant is not shown")
	}
	autre := convention.Comparer(avant, apres, false)
	require.Empty(t, autre.TypesSuggeres, "against another version, no suggestion")
	require.Empty(t, autre.Avertissements)
}

func TestComparaisonDUnAvenant(t *testing.T) {
	s := nouvelleScene(t)
	ctx := context.Background()
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	s.Executer(`UPDATE convention SET fond_propre = 250000 WHERE uuid = $1`, racine)
	d, err := s.avenant(t, s.EnBailleur(), racine, "duree")
	require.NoError(t, err)
	id := d.Convention.UUID
	cmp, err := s.Service.Comparer(ctx, s.EnBailleur(), id, nil)
	require.NoError(t, err)
	require.True(t, cmp.Reference)
	require.Equal(t, racine, cmp.Avant.Convention.UUID)
	for _, b := range cmp.Blocs {
		require.Zero(t, b.NbChangements(), "a new avenant changes nothing: %s", b.Type)
	}
	s.Executer(`UPDATE convention SET fond_propre = 100000 WHERE uuid = $1`, id)
	cmp, err = s.Service.Comparer(ctx, s.EnInstructeur(), id, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"duree"}, cmp.TypesSuggeres)
	require.Empty(t, cmp.Avertissements)

	// Another version of the family; never one of another family, nor outside of the perimeter.
	signe := s.Monde.Avenant(racine, convention.Signee)
	cmp, err = s.Service.Comparer(ctx, s.EnInstructeur(), id, &signe)
	require.NoError(t, err)
	require.False(t, cmp.Reference)
	autre := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	inconnu := uuid.New()
	_, absent := s.Service.Comparer(ctx, s.EnInstructeur(), id, &inconnu)
	require.True(t, fault.Is(absent, fault.NotFound))
	_, err = s.Service.Comparer(ctx, s.EnInstructeur(), id, &autre)
	require.Equal(t, fault.As(absent).Message, fault.As(err).Message, "hidden and absent alike")
	_, err = s.Service.Comparer(ctx, s.EtrangerBailleur(), id, nil)
	require.True(t, fault.Is(err, fault.NotFound))
	_, err = s.Service.Comparer(ctx, s.EnInstructeur(), racine, nil)
	require.True(t, fault.Is(err, fault.NotFound), "a root amends nothing")
	// PE-22: the future bailleur reads the avenant, not the version that it amends.
	futur := s.Bailleur("Futur", "HLM")
	s.Executer(`UPDATE operation SET bailleur_id = $2 WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, id, futur)
	s.Executer(`UPDATE convention SET statut = 'INSTRUCTION' WHERE uuid = $1`, id)
	s.Rafraichir(id)
	p := s.EnBailleur()
	p.BailleurIDs = []int64{futur}
	_, err = s.Service.Lire(ctx, p, id)
	require.NoError(t, err)
	_, err = s.Service.Comparer(ctx, p, id, nil)
	require.True(t, fault.Is(err, fault.NotFound), "%v", err)
}

// Two thousand dwellings and as many annexes, half of them changed; BenchmarkComparer2000Logements says how long it takes.
func TestComparaisonDeDeuxMilleLogements(t *testing.T) {
	avant, apres := grandeVersion(0), grandeVersion(1)
	b := bloc(t, convention.Comparer(avant, apres, true), "logements")
	require.Equal(t, 1000, b.Tableaux[0].Modifiees)
	require.Equal(t, 1000, b.Tableaux[0].Inchangees)
	require.Equal(t, 2000, b.Tableaux[1].Inchangees)
}

func grandeVersion(pas int64) *convention.VersionComplete {
	var annexes []convention.Annexe
	v := uneVersion(func(d *convention.Dossier) {
		for i := range int64(2000) {
			l := logement(1+i%2, fmt.Sprintf("L%04d", i), "48.20")
			l.ID, l.Loyer = i+1, decimal.NewNullDecimal(decimal.NewFromInt(300+pas*(i%2)))
			d.Logements = append(d.Logements, l)
			annexes = append(annexes, convention.Annexe{LogementID: i + 1, Typologie: "TERRASSE", Loyer: decimal.NewFromInt(3)})
		}
	})
	return convention.NouvelleVersion(v.Dossier, annexes, nil, nil)
}

func BenchmarkComparer2000Logements(b *testing.B) {
	avant, apres := grandeVersion(0), grandeVersion(1)
	for b.Loop() {
		convention.Comparer(avant, apres, true)
	}
}

// What a submission keeps of two thousand dwellings, and what a comparison rebuilds of it.
func BenchmarkContenu2000Logements(b *testing.B) {
	v := grandeVersion(0)
	var taille int
	for b.Loop() {
		contenu, err := v.Contenu()
		require.NoError(b, err)
		_, err = v.AvecContenu(contenu)
		require.NoError(b, err)
		taille = len(contenu)
	}
	b.ReportMetric(float64(taille)/1024, "KiB")
}
