package mesure

import (
	"fmt"
	"math"

	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/operation"
	"apilos/api/territoire"
)

// annees is how far back the data go.
const annees = 40

// dossier is an operation being invented, with what its conventions share.
type dossier struct {
	lieu     Commune
	bailleur int // rank
	service  int // rank
	nature   operation.NatureLogement
	debut    jour
	importe  jour // day Ecoloweb was imported; the dossier comes from it when it began before
	id       int64
	rang     int // in the operations of the Tranche
}

func (d dossier) ecoloweb() bool { return d.debut < d.importe }

// dossier invents an operation with its conventions and their avenants: at least one row of convention, and no
// more than place.
func (g *Generateur) dossier(place int) {
	faites := g.rangs[genreConvention]
	g.r.semer(g.o.Graine, faites)
	lieu := g.lieux.tirer(g.r)
	d := dossier{
		lieu: lieu, bailleur: g.bailleurDe(lieu), service: g.serviceDe(lieu), nature: g.nature(lieu),
		debut: g.naissance(faites), importe: g.imports[lieu.Departement],
	}
	g.operation(&d)
	for n, financements := range g.financements(d) {
		if place == 0 {
			return
		}
		place -= g.famille(d, min(d.debut+jour(n), g.fin), financements, place)
	}
}

// naissance is the day of creation of an operation: they come in order, and more of them every year.
func (g *Generateur) naissance(faites int) jour {
	reste := 1 - (float64(faites)+g.r.Float64())/float64(g.o.Conventions)
	age := math.Pow(max(reste, 0), 1.5) * annees * 365
	return g.fin - jour(age)
}

// nature: overseas, the conventions of the platform are those of foyers and résidences only (NA-07).
func (g *Generateur) nature(lieu Commune) operation.NatureLogement {
	ordinaires := 880
	if territoire.OutreMer(lieu.Departement) {
		ordinaires = 0
	}
	return tirer(g.r, []poids[operation.NatureLogement]{
		{operation.LogementsOrdinaires, ordinaires},
		{operation.AutreFoyer, 40},
		{operation.ResidenceSociale, 35},
		{operation.PensionsDeFamille, 15},
		{operation.Hebergement, 8},
		{operation.ResidenceDAccueil, 7},
	})
}

func (g *Generateur) operation(d *dossier) {
	le := d.debut.a(premiereHeure + g.r.IntN(dureeDuTravail))
	annee := d.debut.date().Year()
	d.id, d.rang = g.suivants.Operation, len(g.t.Operations)
	g.suivants.Operation++
	o := operation.Operation{
		ID: d.id, UUID: g.uuid(genreOperation), Nom: g.nomOperation(*d), BailleurID: g.acteurs.Bailleurs[d.bailleur].ID,
		AdministrationID: &g.acteurs.Administrations[d.service].ID, Adresse: g.adresse(), CodePostal: d.lieu.CodePostal, Ville: d.lieu.Nom,
		CodeInseeCommune: d.lieu.Code, CodeInseeDepartement: texte(d.lieu.Departement), CodeInseeRegion: texte(d.lieu.Region),
		AnneeGestionProgrammation: &annee, NatureLogement: d.nature, TypeOperation: g.typeOperation(), Anru: g.r.chance(90), Anah: g.r.chance(15),
		Source: operation.SourceSIAP, Version: 1, CreeLe: le, MisAJourLe: le,
	}
	g.zones(&o, d.lieu)
	g.calendrier(&o, *d)
	if d.ecoloweb() {
		o.Source = operation.SourceEcoloweb
		o.NumeroOperation = fmt.Sprintf("34%02d%09d", annee%100, g.rangs[genreOperation])
	} else {
		o.NumeroOperation = g.numeroSIAP(d.debut)
		o.SiapSynchroniseLe = &le
	}
	g.t.Operations = append(g.t.Operations, o)
	g.cadastre(*d, o)
}

// numeroSIAP follows 01 §4.2: year, month and rank.
func (g *Generateur) numeroSIAP(j jour) string {
	d := j.date()
	mois := d.Year()*100 + int(d.Month())
	g.operations[mois]++
	return fmt.Sprintf("%d%05d", mois, g.operations[mois])
}

func (g *Generateur) typeOperation() operation.TypeOperation {
	return tirer(g.r, []poids[operation.TypeOperation]{
		{operation.Neuf, 44},
		{operation.Vefa, 27},
		{operation.AcquisAmelioration, 14},
		{operation.Rehabilitation, 7},
		{operation.AcquisSansTravaux, 4},
		{operation.SansTravaux, 2},
		{operation.Acquis, 1},
		{operation.Usufruit, 1},
	})
}

func (g *Generateur) zones(o *operation.Operation, lieu Commune) {
	abc := tirer(g.r, []poids[operation.ZoneABC]{{operation.ZoneA, 20}, {operation.ZoneB1, 34}, {operation.ZoneB2, 22}, {operation.ZoneC, 24}})
	loyer := tirer(g.r, []poids[operation.Zone123]{{operation.Zone1, 20}, {operation.Zone2, 48}, {operation.Zone3, 32}})
	switch {
	case lieu.Departement == "75":
		abc, loyer = operation.ZoneAbis, operation.Zone1bis
	case territoire.OutreMer(lieu.Departement):
		abc = operation.ZoneDROM
	}
	o.ZoneAbc, o.Zone123 = &abc, &loyer
}

// calendrier writes the dates of the works, and for dossiers of the platform the deed.
func (g *Generateur) calendrier(o *operation.Operation, d dossier) {
	prevu := (d.debut + jour(g.r.entre(300, 1100))).date()
	o.DateAchevementPrevisible = &prevu
	if reel := jourDe(prevu) + jour(g.r.entre(-30, 240)); reel <= g.fin {
		fait := reel.date()
		o.DateAchevement = &fait
	}
	if d.ecoloweb() {
		return
	}
	acte := (d.debut - jour(g.r.entre(20, 200))).date()
	o.DateAchat, o.DateActeNotarie = &acte, &acte
	o.Vendeur, o.Acquereur = "Commune de "+d.lieu.Nom, g.acteurs.Bailleurs[d.bailleur].Nom
	o.ReferenceNotaire = "Maître " + un(g.r, noms()) + ", notaire"
	o.PermisConstruire = fmt.Sprintf("PC 0%s%02d%05d", d.lieu.Code, acte.Year()%100, g.r.IntN(100_000))
}

func (g *Generateur) adresse() string {
	a := g.voie()
	if g.r.chance(150) {
		return a + "\n" + g.voie()
	}
	return a
}

func (g *Generateur) nomOperation(d dossier) string {
	mot := un(g.r, g.mots)
	switch d.nature {
	case operation.AutreFoyer:
		return un(g.r, []string{"EHPAD des ", "Habitat inclusif des ", "Résidence autonomie des "}) + mot
	case operation.ResidenceSociale:
		return "Résidence sociale des " + mot
	case operation.PensionsDeFamille:
		return "Pension de famille des " + mot
	case operation.Hebergement:
		return "Centre d’hébergement des " + mot
	case operation.ResidenceDAccueil:
		return "Résidence d’accueil des " + mot
	case operation.LogementsOrdinaires, operation.ResidenceUniversitaire, operation.Rhvs:
	}
	switch g.r.IntN(8) {
	case 0, 1:
		return "Résidence les " + mot
	case 2:
		return "Les " + mot
	case 3:
		return "Le clos des " + mot
	case 4:
		return "Les jardins des " + mot
	case 5:
		return fmt.Sprintf("ZAC %s – îlot %d", un(g.r, lieuxDits()), g.r.entre(1, 24))
	case 6:
		return "Les " + mot + " – " + un(g.r, lieuxDits())
	}
	return g.voie()
}

// financements gives the financements of an operation, by convention: one each most of the time, two for a
// convention mixte.
func (g *Generateur) financements(d dossier) [][]convention.Financement {
	type groupe = [][]convention.Financement
	plus, plai, pls := convention.PLUS, convention.PLAI, convention.PLS
	if territoire.OutreMer(d.lieu.Departement) {
		return tirer(g.r, []poids[groupe]{{groupe{{"LLTS"}}, 50}, {groupe{{"LLS"}}, 30}, {groupe{{"PLS_DOM"}}, 10}, {groupe{{"LLTS"}, {"LLS"}}, 10}})
	}
	if d.nature.FoyerOuResidence() {
		return tirer(g.r, []poids[groupe]{{groupe{{plai}}, 55}, {groupe{{plus}}, 20}, {groupe{{pls}}, 20}, {groupe{{convention.SansFinancement}}, 5}})
	}
	rehabilitation := 4
	if d.debut.date().Year() < 2001 {
		rehabilitation = 40
	}
	return tirer(g.r, []poids[groupe]{
		{groupe{{plus}, {plai}}, 30},
		{groupe{{plus}}, 24},
		{groupe{{plai}}, 12},
		{groupe{{pls}}, 13},
		{groupe{{plus}, {plai}, {pls}}, 8},
		{groupe{{plus, plai}}, 5},
		{groupe{{"PALULOS"}}, rehabilitation},
		{groupe{{convention.SansFinancement}}, 3},
		{groupe{{convention.PLUSCD}}, 1},
	})
}

// cadastre gives parcels to the operations of the last two years, those people still work on.
func (g *Generateur) cadastre(d dossier, o operation.Operation) {
	if d.ecoloweb() || d.debut < g.fin-2*365 {
		return
	}
	for i := range g.r.entre(1, 3) {
		m2 := g.r.entre(120, 6400)
		g.t.Cadastre = append(g.t.Cadastre, operation.ReferenceCadastrale{
			UUID: g.uuid(genreCadastre), OperationID: o.ID, Section: string(rune('A'+g.r.IntN(26))) + string(rune('A'+g.r.IntN(26))),
			Numero: fmt.Sprintf("%04d", g.r.entre(1, 990)), Lieudit: un(g.r, lieuxDits()),
			Surface: fmt.Sprintf("%d ha %02d a %02d ca", m2/10_000, m2/100%100, m2%100), SurfaceM2: &m2, Ordre: i, CreeLe: o.CreeLe, MisAJourLe: o.CreeLe,
		})
	}
}

func texte(s string) *string { return &s }

func jourPtr(j jour) *date.Date {
	if j == 0 {
		return nil
	}
	d := j.date()
	return &d
}
