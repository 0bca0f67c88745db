package mesure

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/comment"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/operation"

	"github.com/shopspring/decimal"
)

// ecrire adds to the Tranche the rows of the i-th member of a family.
func (g *Generateur) ecrire(f *famille, i int) {
	m := &f.membres[i]
	importe := m.v.evenements[0].jour < f.importe && f.ecoloweb()
	m.operation = f.id
	if i > 0 {
		m.operation = g.versionOperation(f, m)
	}
	m.id = g.suivants.Convention
	g.suivants.Convention++
	c := convention.Convention{
		ID: m.id, UUID: g.uuid(genreConvention), OperationID: m.operation, Statut: m.v.statut, Source: string(operation.SourceSIAP),
		DateFinConventionnement: f.echeance(m), PremiereSoumissionLe: instant(m.v.premiereSoumission), SoumisLe: instant(m.v.soumission),
		ValideLe: jourPtr(m.v.valide), SigneLe: jourPtr(m.v.signe), DatePublicationSPF: jourPtr(m.v.publie), CreeLe: m.v.evenements[0].le,
	}
	g.attribuerNumero(f, i, &c)
	if i > 0 {
		c.ParentID, c.Source = &f.membres[0].id, string(operation.SourceAPILOS)
		c.BaseID = &f.membres[f.base(i)].id
		g.decrireAvenant(f, m, &c)
	}
	if m.v.publie != 0 {
		c.ReferenceSPF = fmt.Sprintf("%dP%05d", m.v.publie.date().Year(), g.r.IntN(100_000))
	}
	g.dater(f, m, &c)
	if n := f.nature; !n.FoyerOuResidence() && g.acteurs.Bailleurs[m.bailleur].NatureBailleur.TypeUnDeux() {
		c.Type1and2 = &f.type1and2
	}
	if importe {
		c.Source = string(operation.SourceEcoloweb)
	} else {
		c.CreeParID = g.acteurDe(f, m, m.v.evenements[0].cote)
	}
	g.raconter(f, m, &c, importe)
	g.t.Conventions = append(g.t.Conventions, c)
	g.entourer(f, m, c, importe)
	g.lotir(f, i, importe)
}

// versionOperation copies the operation of the root for an avenant, with the bailleur it brings.
func (g *Generateur) versionOperation(f *famille, m *membre) int64 {
	o := g.t.Operations[f.rang]
	origine := o.ID
	o.OrigineID, o.ID, o.UUID, o.BailleurID = &origine, g.suivants.Operation, g.uuid(genreOperation), g.acteurs.Bailleurs[m.bailleur].ID
	o.CreeLe, o.MisAJourLe, o.SiapSynchroniseLe = m.v.evenements[0].le, m.v.evenements[0].le, nil
	g.suivants.Operation++
	g.t.Operations = append(g.t.Operations, o)
	g.cadastre(f.dossier, o)
	return o.ID
}

// base is the member an avenant was cloned from: the latest one in force then, else the root (AV-05).
func (f *famille) base(i int) int {
	for j := i - 1; j > 0; j-- {
		if f.membres[j].v.signe != 0 {
			return j
		}
	}
	return 0
}

// echeance is the end of the convention: 30 June for dwellings, 31 December for foyers and résidences. An avenant
// about its duration makes it longer.
func (f *famille) echeance(m *membre) *date.Date {
	annee := f.terme
	if len(m.types) > 0 && m.types[0] == "duree" {
		annee += 10
	}
	d := date.New(annee, time.June, 30)
	if f.nature.FoyerOuResidence() {
		d = date.New(annee, time.December, 31)
	}
	return &d
}

// attribuerNumero gives its number to what was validated: 01 §4.3 for a root, AV-10 and AV-11 for an avenant.
func (g *Generateur) attribuerNumero(f *famille, i int, c *convention.Convention) {
	m := &f.membres[i]
	if m.v.valide == 0 {
		return
	}
	if i == 0 {
		c.Numero = texte(g.numero(f, m.v.valide))
		return
	}
	rang := 1
	for _, autre := range f.membres[1:i] {
		if autre.v.valide != 0 {
			rang++
		}
	}
	c.Numero = texte(strconv.Itoa(rang))
	if m.v.signe != 0 {
		c.RangAvenant = &rang
	}
}

func (g *Generateur) numero(f *famille, valide jour) string {
	jour := valide.date()
	dep := f.lieu.Departement
	if f.ecoloweb() && valide < f.importe {
		g.anciens[dep]++
		return fmt.Sprintf("%s/%d/%02d/%d/80.416/%04d", dep, g.r.entre(1, 3), int(jour.Month()), jour.Year(), g.anciens[dep])
	}
	service := g.acteurs.Administrations[f.service].Code
	if strings.HasPrefix(service, "D") {
		service = "D"
	}
	serie := SerieNumero{dep, jour.Year()}
	g.numeros[serie]++
	g.t.DernierNumero[serie] = g.numeros[serie]
	return fmt.Sprintf("%s.%s.%02d.%04d", dep, service, jour.Year()%100, g.numeros[serie])
}

func (g *Generateur) decrireAvenant(f *famille, m *membre, c *convention.Convention) {
	for _, code := range m.types {
		g.t.TypesAvenant = append(g.t.TypesAvenant, convention.ConventionTypeAvenant{ConventionID: m.id, EstAvenant: true, TypeCode: code, CocheLe: c.CreeLe})
		switch code {
		case "champ_libre":
			c.ChampLibreAvenant = "Les parties conviennent de préciser la désignation des immeubles."
		case "logements":
			c.DescAvenant = "Mise à jour de la liste des logements et des loyers."
		}
	}
}

// dater writes the end of the family on the members it concerns.
func (g *Generateur) dater(f *famille, m *membre, c *convention.Convention) {
	switch m.v.statut {
	case convention.Denoncee:
		c.DateDenonciation, c.MotifDenonciation = jourPtr(f.jourFin), "Dénonciation au terme de la convention."
	case convention.Resiliee:
		c.DateResiliation, c.MotifResiliation = jourPtr(f.jourFin), "Démolition de l’immeuble."
	case convention.Projet, convention.Instruction, convention.Correction, convention.ASigner, convention.Signee,
		convention.PublicationEnCours, convention.Publie, convention.Annulee:
	}
}

func (g *Generateur) acteurDe(f *famille, m *membre, cote auth.Typologie) *int64 {
	if cote == auth.Bailleur {
		return &g.acteurs.Utilisateurs[m.bailleur].ID
	}
	return &g.acteurs.Utilisateurs[len(g.acteurs.Bailleurs)+f.service].ID
}

// raconter writes the history, and what follows from it: version and last change. Nothing is known of what
// happened before the import of Ecoloweb but the statut it led to.
func (g *Generateur) raconter(f *famille, m *membre, c *convention.Convention, importe bool) {
	c.Version, c.MisAJourLe = 1, c.CreeLe
	precedent := convention.Statut("")
	if importe {
		precedent, c.MisAJourLe = m.v.statutAu(f.importe-1), f.importe.a(3*3600)
	}
	for _, e := range m.v.evenements {
		if importe && e.jour < f.importe {
			continue
		}
		h := event.Historique{
			UUID: g.uuid(genreHistorique), ConventionID: m.id, Statut: string(e.vers), Transition: string(e.code), Commentaire: e.commentaire,
			ElementsIncomplets: json.RawMessage("[]"), Origine: event.OrigineWeb, CreeLe: e.le,
		}
		g.t.Historiques = append(g.t.Historiques, g.signerHistorique(f, m, h, e, precedent))
		if precedent != "" {
			c.Version++
		}
		precedent, c.MisAJourLe = e.vers, e.le
	}
}

func (g *Generateur) signerHistorique(f *famille, m *membre, h event.Historique, e evenement, precedent convention.Statut) event.Historique {
	if precedent != "" {
		h.StatutPrecedent = texte(string(precedent))
	}
	h.UtilisateurID, h.RoleTypologie = g.acteurDe(f, m, e.cote), texte(string(e.cote))
	if e.cote == auth.Bailleur {
		h.ProfilSiap, h.CodeRoleSiap, h.Entite = "MO_PERS_MORALE", "MO_MORAL_REG_ADMIN", g.acteurs.Bailleurs[m.bailleur].Nom
	} else {
		h.ProfilSiap, h.CodeRoleSiap, h.Entite = "SER_GEST", "SERV_INSTR_INSTRUCTEUR", g.acteurs.Administrations[f.service].Nom
	}
	return h
}

// entourer writes the rows beside a convention: publication, block of foyers, comments.
func (g *Generateur) entourer(f *famille, m *membre, c convention.Convention, importe bool) {
	if m.v.envoi != 0 {
		g.t.Publications = append(g.t.Publications, convention.PublicationSPF{
			ConventionID: m.id, DateEnvoi: jourPtr(m.v.envoi), DatePublication: c.DatePublicationSPF, Reference: c.ReferenceSPF, Importe: importe,
			CreeLe: m.v.envoi.a(premiereHeure), MisAJourLe: c.MisAJourLe,
		})
	}
	if f.nature.FoyerOuResidence() {
		g.t.Foyers = append(g.t.Foyers, g.foyer(f, m.id))
	}
	if importe || m.v.tours == 0 || m.v.statut == convention.Annulee {
		return
	}
	statut, nb := comment.Clos, m.v.tours
	switch m.v.statut {
	case convention.Correction:
		statut, nb = comment.Ouvert, g.r.entre(1, 4)
	case convention.Instruction:
		statut, nb = comment.Resolu, g.r.entre(1, 3)
	case convention.Projet, convention.ASigner, convention.Signee, convention.PublicationEnCours, convention.Publie,
		convention.Resiliee, convention.Denoncee, convention.Annulee:
	}
	for range nb {
		g.commenter(f, m, statut)
	}
}

func (g *Generateur) foyer(f *famille, id int64) convention.FoyerResidence {
	attribution := "RESIDENCE"
	if f.nature == operation.AutreFoyer {
		attribution = tirer(g.r, []poids[string]{{"AGEES", 60}, {"HANDICAPEES", 25}, {"INCLUSIF", 15}})
	}
	deliberation := (f.debut - jour(g.r.entre(10, 300))).date()
	return convention.FoyerResidence{
		ConventionID: id, Gestionnaire: "Association des " + un(g.r, g.mots), GestionnaireSignataireNom: un(g.r, prenoms()) + " " + un(g.r, noms()),
		GestionnaireSignataireFonction: "Présidence", GestionnaireSignataireDateDeliberation: &deliberation, TypeAttribution: &attribution,
	}
}

func (g *Generateur) commenter(f *famille, m *membre, statut comment.Statut) {
	le := m.v.soumission
	for _, e := range m.v.evenements {
		if e.code == convention.DemanderCorrections {
			le = e.le.Add(-time.Hour)
		}
	}
	r := un(g.r, remarques())
	auteur := g.acteurs.Utilisateurs[len(g.acteurs.Bailleurs)+f.service]
	x := comment.Commentaire{
		UUID: g.uuid(genreCommentaire), ConventionID: m.id, NomObjet: r.objet, ChampObjet: r.champ, Message: r.message, Statut: statut,
		AuteurID: &auteur.ID, AuteurNom: auteur.Prenom + " " + auteur.Nom, Version: 1, CreeLe: le, MisAJourLe: le,
	}
	fait := m.v.evenements[len(m.v.evenements)-1].le
	switch statut {
	case comment.Resolu:
		x.ResoluLe, x.ResoluParID, x.MisAJourLe, x.Version = &fait, g.acteurDe(f, m, auth.Bailleur), fait, 2
	case comment.Clos:
		x.ClosLe, x.ClosParID, x.MisAJourLe, x.Version = &fait, &auteur.ID, fait, 2
	case comment.Ouvert:
	}
	g.t.Commentaires = append(g.t.Commentaires, x)
}

// rattacher writes on the root the effective bailleur, known once the avenants are.
func (g *Generateur) rattacher(f *famille) {
	racine := &g.t.Conventions[len(g.t.Conventions)-len(f.membres)]
	racine.BailleurEffectifID = &g.acteurs.Bailleurs[f.effectif()].ID
}

// relever lists the ranks reached by the numbers of the Tranche, in the order their rows are to be locked.
func (t *Tranche) relever() {
	for serie, dernier := range t.DernierNumero {
		t.Compteurs = append(t.Compteurs, convention.CompteurNumero{CodeDepartement: serie.Departement, Annee: serie.Annee, Dernier: dernier})
	}
	slices.SortFunc(t.Compteurs, func(a, b convention.CompteurNumero) int {
		return cmp.Or(cmp.Compare(a.CodeDepartement, b.CodeDepartement), cmp.Compare(a.Annee, b.Annee))
	})
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// centiemes writes an amount or an area counted in hundredths.
func centiemes(n int) decimal.Decimal { return decimal.New(int64(n), -2) }
