package mesure

import (
	"fmt"
	"strings"
	"time"

	"apilos/api/administration"
	"apilos/api/auth"
	"apilos/api/bailleur"
	"apilos/api/compte"
	"apilos/api/date"
)

// Departement is a département of the database.
type Departement struct{ Code, Nom string }

// Acteurs are those who do things in the generated conventions. The caller loads them first and writes the
// identifiers that the database gave them in the slices; conventions then refer to them.
type Acteurs struct {
	Bailleurs       []bailleur.Bailleur
	Administrations []administration.Administration
	// Utilisateurs act for the bailleurs, then for the administrations, in the same order: one each. They have
	// no login, so nobody can enter with these accounts.
	Utilisateurs []compte.Utilisateur
}

// conventionsParBailleur is the average number of conventions of a bailleur.
const conventionsParBailleur = 400

// ouverture is when the invented platform opened its accounts.
func ouverture() time.Time { return time.Date(2021, time.January, 4, 8, 0, 0, 0, time.UTC) }

func (g *Generateur) inventerActeurs() {
	nb := (g.o.Conventions + conventionsParBailleur - 1) / conventionsParBailleur
	for i := range nb {
		g.r.semer(g.o.Graine, -1-i) // a SIREN that is taken must change nothing in the next bailleur
		lieu := g.lieux.tirer(g.r)
		g.acteurs.Bailleurs = append(g.acteurs.Bailleurs, g.bailleur(i, lieu))
		g.bailleursDe[lieu.Departement] = append(g.bailleursDe[lieu.Departement], i)
	}
	for _, d := range g.ref.Departements {
		g.administration("DD"+strings.Repeat("0", 3-len(d.Code))+d.Code, "Direction départementale des territoires – "+d.Nom)
	}
	for _, d := range delegataires() {
		g.administration(d.code, d.nom)
	}
	g.r.semer(g.o.Graine, -1-nb)
	for i := range g.acteurs.Bailleurs {
		g.utilisateur(i, "bailleur")
	}
	for i := range g.acteurs.Administrations {
		g.utilisateur(nb+i, "service")
	}
}

func (g *Generateur) bailleur(i int, lieu Commune) bailleur.Bailleur {
	nature, sous := g.formeJuridique()
	deliberation := date.From(ouverture()).AddDays(g.r.IntN(1500))
	b := bailleur.Bailleur{
		UUID: identifiant(g.o.Graine, genreBailleur, i), Nom: g.nomBailleur(i, nature, lieu), NatureBailleur: nature, SousNatureBailleur: sous,
		Adresse: g.voie(), CodePostal: lieu.CodePostal, Ville: lieu.Nom, SignataireNom: un(g.r, prenoms()) + " " + un(g.r, noms()),
		SignataireFonction: "Direction générale", SignataireDateDeliberation: &deliberation, Version: 1, CreeLe: ouverture(), MisAJourLe: ouverture(),
	}
	if nature == bailleur.Prives {
		bailleur.Identifiant{Type: bailleur.TypeEmail, Valeur: fmt.Sprintf("proprietaire.%d.%d@example.org", g.o.Graine, i)}.Appliquer(&b, "")
		return b
	}
	siren := g.siren()
	bailleur.Identifiant{Type: bailleur.TypeSiren, Valeur: siren, Siren: siren}.Appliquer(&b, siretDuSiege(siren))
	return b
}

func (g *Generateur) formeJuridique() (bailleur.Nature, bailleur.SousNature) {
	sous := tirer(g.r, []poids[bailleur.SousNature]{
		{bailleur.OfficePublicHLM, 36},
		{bailleur.SaHLM, 34},
		{bailleur.CooperativeHLM, 8},
		{bailleur.SemEpl, 7},
		{bailleur.Associations, 6},
		{bailleur.Commune, 4},
		{bailleur.Mutuelle, 1},
		{bailleur.Fondation, 1},
		{bailleur.Particuliers, 3},
	})
	nature, _ := sous.Nature()
	return nature, sous
}

func (g *Generateur) nomBailleur(i int, n bailleur.Nature, lieu Commune) string {
	mot := un(g.r, g.mots)
	switch n {
	case bailleur.Prives:
		return un(g.r, prenoms()) + " " + un(g.r, noms())
	case bailleur.SEM:
		return fmt.Sprintf("SEM des %s – %s", mot, lieu.Nom)
	case bailleur.Autres:
		return fmt.Sprintf("Association des %s – %s", mot, lieu.Nom)
	case bailleur.HLM:
	}
	forme := un(g.r, []string{"Habitat des %s", "Toits des %s", "Foyer des %s", "Logis des %s", "Demeures des %s", "Maisons des %s"})
	return fmt.Sprintf(forme+" %s %d", mot, lieu.Departement, i+1)
}

// siren draws a number with a right Luhn key that no bailleur has, here or in the database.
func (g *Generateur) siren() string {
	for {
		debut := fmt.Sprintf("9%07d", g.r.IntN(10_000_000))
		for cle := byte('0'); cle <= '9'; cle++ {
			siren := debut + string(cle)
			if bailleur.SirenValide(siren) && !g.sirensPris[siren] {
				g.sirensPris[siren] = true
				return siren
			}
		}
	}
}

// siretDuSiege is the number of the first establishment of a SIREN.
func siretDuSiege(siren string) string {
	for cle := byte('0'); cle <= '9'; cle++ {
		if siret := siren + "0001" + string(cle); bailleur.SiretValide(siret) {
			return siret
		}
	}
	return siren
}

// delegataires are communities to which the State delegates its aids; their code is an INSEE code (01 §4.3).
func delegataires() []struct{ code, nom string } {
	return []struct{ code, nom string }{
		{"13055", "Métropole d'Aix-Marseille-Provence"},
		{"35238", "Rennes Métropole"},
		{"31555", "Toulouse Métropole"},
		{"44109", "Nantes Métropole"},
		{"34172", "Montpellier Méditerranée Métropole"},
		{"67482", "Eurométropole de Strasbourg"},
		{"33063", "Bordeaux Métropole"},
		{"59350", "Métropole européenne de Lille"},
		{"38185", "Grenoble-Alpes Métropole"},
		{"76540", "Métropole Rouen Normandie"},
		{"29019", "Brest Métropole"},
		{"21231", "Dijon Métropole"},
		{"69123", "Métropole de Lyon"},
	}
}

func (g *Generateur) administration(code, nom string) {
	i := len(g.acteurs.Administrations)
	a := administration.Nouvelle(code, nom)
	a.UUID, a.Version, a.CreeLe, a.MisAJourLe = identifiant(g.o.Graine, genreAdministration, i), 1, ouverture(), ouverture()
	g.acteurs.Administrations = append(g.acteurs.Administrations, a)
	g.administrationDe[code] = i
}

func (g *Generateur) utilisateur(i int, role string) {
	nom := fmt.Sprintf("mesure.%d.%s.%d", g.o.Graine, role, i)
	g.acteurs.Utilisateurs = append(g.acteurs.Utilisateurs, compte.Utilisateur{
		UUID: identifiant(g.o.Graine, genreUtilisateur, i), Username: nom, Email: nom + "@example.org", Prenom: un(g.r, prenoms()), Nom: un(g.r, noms()),
		PreferencesEmail: "AUCUN", EstActif: true, Theme: "systeme", InscritLe: ouverture(), Version: 1, MisAJourLe: ouverture(),
	})
}

// Roles returns the role of each user, once Acteurs have their identifiers.
func (a Acteurs) Roles(graine int64) []compte.Role {
	roles := make([]compte.Role, len(a.Utilisateurs))
	for i, u := range a.Utilisateurs {
		r := compte.Role{UUID: identifiant(graine, genreRole, i), UtilisateurID: u.ID, Version: 1, CreeLe: u.InscritLe, MisAJourLe: u.InscritLe}
		if i < len(a.Bailleurs) {
			r.Typologie, r.BailleurID = string(auth.Bailleur), &a.Bailleurs[i].ID
		} else {
			r.Typologie, r.AdministrationID = string(auth.Instructeur), &a.Administrations[i-len(a.Bailleurs)].ID
		}
		roles[i] = r
	}
	return roles
}

// serviceDe gives the rank of the service in charge of a commune: the community it belongs to when that one
// holds a delegation, most of the time, else the State.
func (g *Generateur) serviceDe(c Commune) int {
	code := c.Code
	switch {
	case strings.HasPrefix(code, "132"):
		code = "13055"
	case strings.HasPrefix(code, "6938"):
		code = "69123"
	}
	if i, ok := g.administrationDe[code]; ok && g.r.chance(700) {
		return i
	}
	return g.administrationDe["DD"+strings.Repeat("0", 3-len(c.Departement))+c.Departement]
}

// bailleurDe gives the rank of a bailleur for a commune: of its département most of the time.
func (g *Generateur) bailleurDe(c Commune) int {
	if locaux := g.bailleursDe[c.Departement]; len(locaux) > 0 && g.r.chance(800) {
		return locaux[g.r.penche(len(locaux))]
	}
	return g.r.penche(len(g.acteurs.Bailleurs))
}

func (g *Generateur) voie() string {
	return fmt.Sprintf("%d %s des %s", g.r.entre(1, 180), tirer(g.r, voies()), strings.ToLower(un(g.r, g.mots)))
}
