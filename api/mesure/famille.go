package mesure

import (
	"apilos/api/auth"
	"apilos/api/convention"
)

// membre is a convention or an avenant of a family.
type membre struct {
	v         vie
	bailleur  int      // rank of the bailleur of its own operation
	types     []string // avenant types
	fin       bool     // dénonciation or résiliation
	id        int64
	lots      []int64
	operation int64
}

// famille is a root convention and its avenants; the first member is the root.
type famille struct {
	dossier
	financements []convention.Financement
	nb           []int // dwellings of the root, by lot
	habitat      convention.TypeHabitat
	terme        int    // year the convention ends
	type1and2    string // for the bailleurs that must choose (NA-03)
	membres      []membre
	publiable    bool
	jourFin      jour // planned end, 0 when there is none
}

// famille invents a root and its avenants, place rows at most, and answers how many there are.
func (g *Generateur) famille(d dossier, debut jour, financements []convention.Financement, place int) int {
	f := famille{
		dossier: d, financements: financements, publiable: g.r.chance(560), habitat: g.habitat(),
		terme: d.debut.date().Year() + g.r.entre(20, 55), type1and2: tirer(g.r, []poids[string]{{"Type1", 60}, {"Type2", 40}}),
	}
	for range financements {
		f.nb = append(f.nb, g.nbLogements(d.nature))
	}
	racine := vivre(g.r, parcours{debut: debut, fin: g.fin, publiable: f.publiable, abandonnable: true, parService: g.r.chance(60)})
	f.membres = append(f.membres, membre{v: racine, bailleur: d.bailleur})
	if racine.signe != 0 {
		g.avenants(&f, place-1)
		g.terminer(&f, place)
	}
	for i := range f.membres {
		g.ecrire(&f, i)
	}
	g.rattacher(&f)
	return len(f.membres)
}

// avenants adds avenants one after the other, each once the previous one is signed or given up (AV-02).
func (g *Generateur) avenants(f *famille, place int) {
	effectif := f.bailleur
	le := f.membres[0].v.dernier
	for n := 0; n < place; n++ {
		suite := 265 // out of a thousand, families with a first avenant; then with one more
		if n > 0 {
			suite = 230
		}
		if le += jour(g.r.entre(60, 3200)); !g.r.chance(suite) || le > g.fin {
			return
		}
		m := membre{bailleur: effectif, types: []string{g.typeAvenant(f)}}
		if m.types[0] == "bailleur" {
			m.bailleur = g.bailleurDe(f.lieu)
		}
		m.v = vivre(g.r, parcours{debut: le, fin: g.fin, publiable: f.publiable && g.r.chance(500), abandonnable: true, parService: g.r.chance(80)})
		f.membres = append(f.membres, m)
		switch {
		case m.v.signe != 0:
			effectif = m.bailleur
		case m.v.statut != convention.Annulee:
			return // in progress
		}
		le = m.v.dernier
	}
}

func (g *Generateur) typeAvenant(f *famille) string {
	types := []poids[string]{
		{"logements", 34},
		{"programme", 14},
		{"bailleur", 14},
		{"duree", 12},
		{"champ_libre", 10},
		{"cadastre", 6},
		{"edd", 5},
		{"stationnement", 5},
	}
	if f.nature.FoyerOuResidence() {
		types = append(types, poids[string]{"variantes", 8})
	}
	return tirer(g.r, types)
}

// terminer ends some families in force: the bailleur denounces the convention at its term, or the State ends it.
// The dossier that asks for it is an avenant, unless all happened before the import of Ecoloweb.
func (g *Generateur) terminer(f *famille, place int) {
	code, chance, attente := convention.Denoncer, 18, 9*365
	if g.r.chance(450) {
		code, attente = convention.Resilier, 300
	}
	dernier := f.membres[0].v.dernier
	for _, m := range f.membres {
		if m.v.statut.EnCours() || m.v.statut == convention.ASigner {
			return
		}
		dernier = max(dernier, m.v.dernier)
	}
	le := max(dernier+1, f.membres[0].v.signe+jour(attente)) + jour(g.r.entre(10, 3000))
	parAvenant := !(f.ecoloweb() && le < f.importe)
	if !g.r.chance(chance) || le > g.fin || parAvenant && len(f.membres) == place {
		return
	}
	f.jourFin = le + jour(g.r.IntN(200))
	for i := range f.membres {
		if v := &f.membres[i].v; v.statut.Actif() {
			v.finir(g.r, code, le)
		}
	}
	if parAvenant {
		f.membres = append(f.membres, g.avenantDeFin(f, code, le))
	}
}

// avenantDeFin is submitted some weeks before the transition that ends the family (AV-30, AV-40).
func (g *Generateur) avenantDeFin(f *famille, code convention.Code, le jour) membre {
	m := membre{bailleur: f.effectif(), types: []string{"denonciation"}, fin: true}
	if code == convention.Resilier {
		m.types[0] = "resiliation"
	}
	m.v.arriver(g.r, convention.Creer, convention.Projet, le-jour(g.r.entre(5, 9)), auth.Bailleur, "")
	m.v.soumettre(g.r, convention.Soumettre, le-jour(g.r.entre(1, 4)))
	m.v.finir(g.r, code, le)
	return m
}

// effectif is the rank of the effective bailleur (PE-21).
func (f *famille) effectif() int {
	b := f.bailleur
	for _, m := range f.membres[1:] {
		if m.v.signe != 0 {
			b = m.bailleur
		}
	}
	return b
}

func (g *Generateur) habitat() convention.TypeHabitat {
	return tirer(g.r, []poids[convention.TypeHabitat]{{convention.Collectif, 78}, {convention.Individuel, 17}, {convention.Mixte, 5}})
}
