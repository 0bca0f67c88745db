package mesure_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"apilos/api/bailleur"
	"apilos/api/comment"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/mesure"
	"apilos/api/operation"
	"apilos/api/territoire"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// pays is a small country: three communes in each département, and a town of the list of large ones.
func pays() mesure.Referentiel {
	ref := mesure.Referentiel{
		Numeros:    map[mesure.SerieNumero]int{{Departement: "87", Annee: 2025}: 40},
		Operations: map[int]int{202503: 12},
		Premiers:   mesure.Premiers{Operation: 101, Convention: 201, Lot: 301},
	}
	for _, d := range territoire.Departements() {
		ref.Departements = append(ref.Departements, mesure.Departement{Code: d, Nom: "Département " + d})
		region, _ := territoire.RegionDe(d)
		if region == "" {
			continue
		}
		for n := range 3 {
			code := (d + "00000")[:5-1] + strconv.Itoa(n+1)
			ref.Communes = append(ref.Communes, mesure.Commune{Code: code, Nom: "Commune " + code, CodePostal: "01000", Departement: d, Region: region})
		}
	}
	ref.Communes = append(ref.Communes, mesure.Commune{Code: "87085", Nom: "Limoges", CodePostal: "87000", Departement: "87", Region: "75"})
	slices.SortFunc(ref.Communes, func(a, b mesure.Commune) int { return strings.Compare(a.Code, b.Code) })
	return ref
}

type monde struct {
	tranches    []*mesure.Tranche
	acteurs     *mesure.Acteurs
	conventions []convention.Convention
	parID       map[int64]convention.Convention
	operations  map[int64]operation.Operation
	avenants    map[int64][]convention.Convention // by root, in their order
	lots        map[int64][]convention.Lot
	historiques map[int64][]event.Historique
	types       map[int64][]string
}

func generer(t *testing.T, o mesure.Options, ref mesure.Referentiel) monde {
	t.Helper()
	g, err := mesure.Nouveau(o, ref)
	require.NoError(t, err)
	m := monde{
		acteurs: g.Acteurs(), parID: map[int64]convention.Convention{}, operations: map[int64]operation.Operation{},
		avenants: map[int64][]convention.Convention{}, lots: map[int64][]convention.Lot{}, historiques: map[int64][]event.Historique{}, types: map[int64][]string{},
	}
	numeroter(m.acteurs)
	for tr := g.Suivante(); tr != nil; tr = g.Suivante() {
		m.tranches = append(m.tranches, tr)
		for _, c := range tr.Conventions {
			m.conventions, m.parID[c.ID] = append(m.conventions, c), c
			if c.ParentID != nil {
				m.avenants[*c.ParentID] = append(m.avenants[*c.ParentID], c)
			}
		}
		for _, x := range tr.Operations {
			m.operations[x.ID] = x
		}
		for _, l := range tr.Lots {
			m.lots[l.ConventionID] = append(m.lots[l.ConventionID], l)
		}
		for _, h := range tr.Historiques {
			m.historiques[h.ConventionID] = append(m.historiques[h.ConventionID], h)
		}
		for _, x := range tr.TypesAvenant {
			m.types[x.ConventionID] = append(m.types[x.ConventionID], x.TypeCode)
		}
	}
	return m
}

func acteurs(t *testing.T, o mesure.Options, ref mesure.Referentiel) *mesure.Acteurs {
	t.Helper()
	g, err := mesure.Nouveau(o, ref)
	require.NoError(t, err)
	numeroter(g.Acteurs())
	return g.Acteurs()
}

// numeroter does what the database does: actors have distinct identifiers.
func numeroter(a *mesure.Acteurs) {
	for i := range a.Bailleurs {
		a.Bailleurs[i].ID = int64(1000 + i)
	}
	for i := range a.Administrations {
		a.Administrations[i].ID = int64(500_000 + i)
	}
	for i := range a.Utilisateurs {
		a.Utilisateurs[i].ID = int64(900_000 + i)
	}
}

func TestSameSeedGivesTheSameData(t *testing.T) {
	t.Parallel()
	o := mesure.Options{Conventions: mesure.TailleTranche + 500, Graine: 42}
	a, b := generer(t, o, pays()), generer(t, o, pays())
	require.Equal(t, a.acteurs, b.acteurs)
	require.Equal(t, a.tranches, b.tranches)

	o.Graine = 43
	c := generer(t, o, pays())
	seen := map[uuid.UUID]bool{}
	for _, x := range a.conventions {
		seen[x.UUID] = true
	}
	for _, x := range c.conventions {
		require.False(t, seen[x.UUID], "another seed gives other identifiers")
	}
}

func TestAnyNumberIsExact(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 3, 7, 400, mesure.TailleTranche, mesure.TailleTranche + 1} {
		o := mesure.Options{Conventions: n, Graine: 3}
		m := generer(t, o, pays())
		require.Len(t, m.conventions, n)
		require.Len(t, m.tranches, o.Tranches())
		for i, tr := range m.tranches {
			premiere, derniere := o.Bornes(i)
			require.Equal(t, i, tr.Rang)
			require.Len(t, tr.Conventions, o.Taille(i))
			require.Equal(t, premiere, tr.Conventions[0].UUID)
			require.Equal(t, derniere, tr.Conventions[len(tr.Conventions)-1].UUID)
		}
		require.Nil(t, m.conventions[0].ParentID)
	}
	_, err := mesure.Nouveau(mesure.Options{}, pays())
	require.ErrorContains(t, err, "at least one")
	_, err = mesure.Nouveau(mesure.Options{Conventions: 1}, mesure.Referentiel{})
	require.ErrorContains(t, err, "no commune")
}

func TestTranchesReferToThemselvesOnly(t *testing.T) {
	t.Parallel()
	m := generer(t, mesure.Options{Conventions: mesure.TailleTranche + 500, Graine: 5}, pays())
	for _, tr := range m.tranches {
		operations, conventions, lots := map[int64]bool{}, map[int64]bool{}, map[int64]bool{}
		for _, o := range tr.Operations {
			operations[o.ID] = true
			require.True(t, o.OrigineID == nil || operations[*o.OrigineID])
			require.True(t, o.OrigineID == nil || m.operations[*o.OrigineID].OrigineID == nil, "I3: a version is not made from a version")
		}
		for _, c := range tr.Conventions {
			conventions[c.ID] = true
			require.True(t, operations[c.OperationID])
			require.True(t, c.ParentID == nil || conventions[*c.ParentID] && m.parID[*c.ParentID].ParentID == nil)
			require.True(t, c.BaseID == nil || conventions[*c.BaseID])
		}
		for _, l := range tr.Lots {
			lots[l.ID] = true
			require.True(t, conventions[l.ConventionID])
			require.True(t, l.OrigineID == nil || lots[*l.OrigineID])
		}
		for _, x := range tr.Logements {
			require.True(t, lots[x.LotID])
		}
		for _, h := range tr.Historiques {
			require.True(t, conventions[h.ConventionID])
		}
	}
}

func TestDistributionIsThatOfACountry(t *testing.T) {
	t.Parallel()
	m := generer(t, mesure.Options{Conventions: 10_000, Graine: 1}, pays())
	statuts, financements, departements, avenants := map[convention.Statut]int{}, map[convention.Financement]int{}, map[string]int{}, 0
	for _, c := range m.conventions {
		statuts[c.Statut]++
		departements[*m.operations[c.OperationID].CodeInseeDepartement]++
		if c.ParentID != nil {
			avenants++
		}
		for _, l := range m.lots[c.ID] {
			financements[l.Financement]++
		}
	}
	for _, s := range convention.Statuts() {
		require.Positive(t, statuts[s], s)
	}
	require.Greater(t, statuts[convention.Signee]+statuts[convention.Publie], 10_000*3/4, "most are in force")
	require.InDelta(t, 2000, avenants, 400, "one row in five is an avenant")
	require.GreaterOrEqual(t, len(financements), 9)
	require.Greater(t, len(departements), 95)
	require.Greater(t, departements["87"], departements["23"], "large towns have more")
	require.Len(t, m.acteurs.Bailleurs, 25)
	require.Len(t, m.acteurs.Utilisateurs, len(m.acteurs.Bailleurs)+len(m.acteurs.Administrations))
}

func TestActorsAreAcceptable(t *testing.T) {
	t.Parallel()
	ref := pays()
	o := mesure.Options{Conventions: 40_000, Graine: 9}
	libres := acteurs(t, o, ref)
	seen := map[string]bool{}
	for _, b := range libres.Bailleurs {
		require.False(t, seen[b.Identifiant], "one key each")
		seen[b.Identifiant] = true
		if b.NatureBailleur == bailleur.Prives {
			require.Nil(t, b.Siren)
			require.Nil(t, b.Siret)
			continue
		}
		require.True(t, bailleur.SirenValide(*b.Siren), *b.Siren)
		require.True(t, bailleur.SiretValide(*b.Siret), *b.Siret)
	}
	ref.Sirens = []string{*libres.Bailleurs[0].Siren}
	for _, b := range acteurs(t, o, ref).Bailleurs {
		require.True(t, b.Siren == nil || *b.Siren != ref.Sirens[0], "a SIREN of the database is not taken again")
	}
	codes := map[string]bool{}
	for _, a := range libres.Administrations {
		codes[a.Code] = true
	}
	for _, d := range ref.Departements {
		require.True(t, codes["DD"+strings.Repeat("0", 3-len(d.Code))+d.Code], "a service for %s", d.Code)
	}
	for i, r := range libres.Roles(9) {
		require.Equal(t, libres.Utilisateurs[i].ID, r.UtilisateurID)
		require.True(t, (r.BailleurID == nil) != (r.AdministrationID == nil))
	}
}

func TestNumbersFollowTheRules(t *testing.T) {
	t.Parallel()
	m := generer(t, mesure.Options{Conventions: 10_000, Graine: 2}, pays())
	seen, operations, derniers := map[string]bool{}, map[string]bool{}, map[mesure.SerieNumero]int{}
	for _, tr := range m.tranches {
		for _, k := range tr.Compteurs {
			derniers[mesure.SerieNumero{Departement: k.CodeDepartement, Annee: k.Annee}] = k.Dernier
		}
	}
	minimum := 1 << 30
	for _, c := range m.conventions {
		if c.ParentID != nil || c.Numero == nil {
			continue
		}
		require.False(t, seen[*c.Numero], "FI-03: %s twice", *c.Numero)
		seen[*c.Numero] = true
		parts := strings.Split(*c.Numero, ".")
		if strings.Contains(*c.Numero, "/") {
			require.Equal(t, "ECOLOWEB", c.Source, "the former format is that of imports")
			continue
		}
		o := m.operations[c.OperationID]
		require.Equal(t, *o.CodeInseeDepartement, parts[0])
		require.Equal(t, fmt.Sprintf("%02d", c.ValideLe.Year()%100), parts[2], "FI-01: the year of the validation")
		rang, err := strconv.Atoi(parts[3])
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(parts[3]), 4)
		require.LessOrEqual(t, rang, derniers[mesure.SerieNumero{Departement: parts[0], Annee: c.ValideLe.Year()}])
		if parts[0] == "87" && c.ValideLe.Year() == 2025 {
			minimum = min(minimum, rang)
		}
	}
	require.Equal(t, 41, minimum, "the sequence goes on after the numbers of the database")
	for _, o := range m.operations {
		if o.OrigineID == nil && o.Source == operation.SourceSIAP {
			require.Regexp(t, `^20[0-9]{9}$`, o.NumeroOperation)
			require.False(t, operations[o.NumeroOperation])
			require.NotContains(t, []string{"20250300001", "20250300012"}, o.NumeroOperation)
			operations[o.NumeroOperation] = true
		}
	}
}

func TestDatesAreInOrder(t *testing.T) {
	t.Parallel()
	m := generer(t, mesure.Options{Conventions: 8000, Graine: 8}, pays())
	fin := mesure.Fin().AddDays(1).Time()
	for _, c := range m.conventions {
		suite := []time.Time{c.CreeLe}
		if c.PremiereSoumissionLe != nil {
			suite = append(suite, *c.PremiereSoumissionLe, *c.SoumisLe)
		}
		require.True(t, slices.IsSortedFunc(suite, time.Time.Compare), "%v", suite)
		jours := []date.Date{date.InParis(suite[len(suite)-1])}
		for _, d := range []*date.Date{c.ValideLe, c.SigneLe, c.DatePublicationSPF} {
			if d != nil {
				jours = append(jours, *d)
			}
		}
		for i := 1; i < len(jours); i++ {
			require.False(t, jours[i].Before(jours[i-1]), "%s %v", c.Statut, jours)
		}
		require.True(t, c.MisAJourLe.Before(fin) && !c.MisAJourLe.Before(c.CreeLe), "%s %s created %s changed %s", c.Source, c.Statut, c.CreeLe, c.MisAJourLe)
		require.False(t, c.Statut == convention.Publie && (c.DatePublicationSPF == nil || c.ReferenceSPF == ""))
		require.False(t, c.Statut == convention.Denoncee && c.DateDenonciation == nil)
		require.False(t, c.Statut == convention.Resiliee && c.DateResiliation == nil)
	}
}

// passages are the changes of statut of 02 §1.4 that the generator plays.
func passages() map[string]bool {
	out := map[string]bool{}
	for _, p := range strings.Fields(`
		creer::PROJET soumettre:PROJET:INSTRUCTION demander_corrections:INSTRUCTION:CORRECTION renvoyer_instruction:CORRECTION:INSTRUCTION
		valider:INSTRUCTION:A_SIGNER signer:A_SIGNER:SIGNEE envoyer_publication:SIGNEE:PUBLICATION_EN_COURS publier:PUBLICATION_EN_COURS:PUBLIE
		annuler:PROJET:ANNULEE annuler:INSTRUCTION:ANNULEE denoncer:INSTRUCTION:DENONCEE resilier:INSTRUCTION:RESILIEE
		denoncer:SIGNEE:DENONCEE denoncer:PUBLICATION_EN_COURS:DENONCEE denoncer:PUBLIE:DENONCEE
		resilier:SIGNEE:RESILIEE resilier:PUBLICATION_EN_COURS:RESILIEE resilier:PUBLIE:RESILIEE`) {
		out[p] = true
	}
	return out
}

func TestHistoryTellsHowTheStatutWasReached(t *testing.T) {
	t.Parallel()
	m := generer(t, mesure.Options{Conventions: 10_000, Graine: 4}, pays())
	permis, vus := passages(), map[string]bool{}
	for _, c := range m.conventions {
		h := m.historiques[c.ID]
		if len(h) == 0 {
			require.Equal(t, "ECOLOWEB", c.Source, "only what was imported has no history")
			continue
		}
		require.Equal(t, string(c.Statut), h[len(h)-1].Statut, "ST-04: the last row is the statut")
		for i, x := range h {
			require.Equal(t, "WEB", x.Origine)
			require.NotNil(t, x.UtilisateurID)
			precedent := ""
			if x.StatutPrecedent != nil {
				precedent = *x.StatutPrecedent
			}
			require.True(t, i == 0 || h[i-1].CreeLe.Before(x.CreeLe) && h[i-1].Statut == precedent)
			passage := x.Transition + ":" + precedent + ":" + x.Statut
			require.True(t, permis[passage], "02 §1.4 has no %s", passage)
			vus[passage] = true
		}
		if c.Source != "ECOLOWEB" {
			require.Equal(t, len(h), c.Version, "one version per change")
		}
	}
	require.Len(t, vus, len(permis)-2, "all of them are met but the end of a dossier in publication, too rare")
}

func TestFamiliesFollowTheRulesOfAvenants(t *testing.T) {
	t.Parallel()
	m := generer(t, mesure.Options{Conventions: 10_000, Graine: 6}, pays())
	changements := 0
	for _, racine := range m.conventions {
		if racine.ParentID != nil {
			continue
		}
		enCours, rang, effectif := 0, 0, m.operations[racine.OperationID].BailleurID
		for _, a := range m.avenants[racine.ID] {
			require.NotEmpty(t, m.types[a.ID])
			require.NotNil(t, a.BaseID)
			require.Len(t, m.lots[a.ID], len(m.lots[racine.ID]))
			if a.Statut.EnCours() || a.Statut == convention.ASigner {
				enCours++
				require.True(t, racine.Statut.Actif(), "AV-03")
			}
			require.NotNil(t, racine.SigneLe, "AV-03: the root was in force")
			if a.SigneLe != nil {
				rang++
				require.Equal(t, rang, *a.RangAvenant, "AV-10")
				require.Equal(t, strconv.Itoa(rang), *a.Numero, "AV-11")
				effectif = m.operations[a.OperationID].BailleurID
			} else {
				require.Nil(t, a.RangAvenant)
			}
			require.Equal(t, a.Statut == convention.ASigner, a.Numero != nil && a.SigneLe == nil)
			if fin := slices.Contains(m.types[a.ID], "denonciation") || slices.Contains(m.types[a.ID], "resiliation"); fin {
				require.Len(t, m.types[a.ID], 1, "AV-18")
				require.Equal(t, racine.Statut, a.Statut, "AV-30")
				require.Equal(t, racine.DateDenonciation, a.DateDenonciation)
				require.Equal(t, racine.DateResiliation, a.DateResiliation)
			}
		}
		require.LessOrEqual(t, enCours, 1, "AV-02")
		require.Equal(t, effectif, *racine.BailleurEffectifID, "PE-21")
		if effectif != m.operations[racine.OperationID].BailleurID {
			changements++
		}
		if racine.Statut.Terminal() && racine.Statut != convention.Annulee {
			for _, a := range m.avenants[racine.ID] {
				require.False(t, a.Statut.Actif(), "AV-30: no avenant stays in force")
			}
		}
	}
	require.Positive(t, changements)
}

func TestOneActiveConventionPerOperationAndFinancement(t *testing.T) {
	t.Parallel()
	m := generer(t, mesure.Options{Conventions: 10_000, Graine: 11}, pays())
	seen := map[string]bool{}
	for _, c := range m.conventions {
		for _, l := range m.lots[c.ID] {
			active := c.ParentID == nil && c.Statut != convention.Annulee && c.Source != "ECOLOWEB"
			require.Equal(t, active, l.OperationUniciteID != nil, "CR-12, as the trigger computes it")
			if active {
				k := fmt.Sprint(c.OperationID, l.Financement)
				require.False(t, seen[k])
				seen[k] = true
			}
		}
	}
}

func TestDossiersBeingWrittenHaveTheirRows(t *testing.T) {
	t.Parallel()
	m := generer(t, mesure.Options{Conventions: 6000, Graine: 12}, pays())
	parLot, ouverts := map[int64]int{}, map[int64]int{}
	for _, tr := range m.tranches {
		for _, x := range tr.Logements {
			parLot[x.LotID]++
			if x.Tableau == "UTILE_LOYER" {
				require.True(t, x.SurfaceUtile.Decimal.Equal(x.SurfaceHabitable.Decimal.Add(x.SurfaceAnnexesRetenue.Decimal)))
				require.True(t, x.Loyer.Decimal.Equal(x.SurfaceUtile.Decimal.Mul(x.LoyerParMetreCarre.Decimal).Round(2)))
			}
		}
		for _, x := range tr.Commentaires {
			if x.Statut == comment.Ouvert {
				ouverts[x.ConventionID]++
			}
			_, ok := comment.TrouverCible(x.NomObjet, x.ChampObjet)
			require.True(t, ok, "%s.%s can be commented", x.NomObjet, x.ChampObjet)
		}
	}
	for _, c := range m.conventions {
		require.NotEmpty(t, m.lots[c.ID])
		if c.Source == "ECOLOWEB" || c.Statut != convention.Correction {
			require.Zero(t, ouverts[c.ID])
			continue
		}
		require.Positive(t, ouverts[c.ID], "a dossier to correct says what to correct")
		for _, l := range m.lots[c.ID] {
			require.Equal(t, *l.NbLogements, parLot[l.ID])
		}
	}
}
