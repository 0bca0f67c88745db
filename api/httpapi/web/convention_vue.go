package web

import (
	"context"
	"time"

	"apilos/api/auth"
	"apilos/api/chronique"
	"apilos/api/comment"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/fault"
	"github.com/google/uuid"
)

// ConventionOperation is the operation of a convention.
type ConventionOperation struct {
	UUID                  uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Numero                string    `json:"numero" validate:"required"`
	Nom                   string    `json:"nom" validate:"required"`
	Adresse               string    `json:"adresse" validate:"required"`
	CodePostal            string    `json:"code_postal" validate:"required"`
	Ville                 string    `json:"ville" validate:"required"`
	CodeInseeCommune      string    `json:"code_insee_commune" validate:"required"`
	CodeInseeDepartement  *string   `json:"code_insee_departement" extensions:"x-nullable"`
	CodeInseeRegion       *string   `json:"code_insee_region" extensions:"x-nullable"`
	NatureLogement        string    `json:"nature_logement" validate:"required"`
	NatureLogementLibelle string    `json:"nature_logement_libelle" validate:"required"`
	TypeOperation         string    `json:"type_operation" validate:"required"`
	SecondeVie            bool      `json:"seconde_vie" validate:"required"`
} // @name ConventionOperation

// ConventionBailleur is the bailleur of a convention.
type ConventionBailleur struct {
	UUID   uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Nom    string    `json:"nom" validate:"required"`
	Siren  *string   `json:"siren" extensions:"x-nullable"`
	Nature string    `json:"nature" validate:"required" enums:"AUTRES,PRIVES,HLM,SEM"`
} // @name ConventionBailleur

// ConventionParent is the root of an avenant.
type ConventionParent struct {
	UUID   uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Numero *string   `json:"numero" extensions:"x-nullable"`
} // @name ConventionParent

// Lot is a lot of a convention, with its totals.
type Lot struct {
	UUID               uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Financement        string    `json:"financement" validate:"required"`
	FinancementLibelle string    `json:"financement_libelle" validate:"required"`
	TypeHabitat        string    `json:"type_habitat" validate:"required" enums:"MIXTE,INDIVIDUEL,COLLECTIF"`
	NbLogements        *int      `json:"nb_logements" extensions:"x-nullable"`
	MontantPrets       string    `json:"montant_prets" validate:"required" example:"1200000.00"`
	NbStationnements   int       `json:"nb_stationnements" validate:"required"`
} // @name Lot

// EtapeResumee is a step in the menu of a convention.
type EtapeResumee struct {
	Code                  string `json:"code" validate:"required"`
	Libelle               string `json:"libelle" validate:"required"`
	Facultative           bool   `json:"facultative" validate:"required"`
	Disponible            bool   `json:"disponible" validate:"required"`
	Modifiable            bool   `json:"modifiable" validate:"required"`
	Etat                  string `json:"etat" validate:"required" enums:"vide,partielle,complete"`
	NbPoints              int    `json:"nb_points" validate:"required"`
	NbCommentairesOuverts int    `json:"nb_commentaires_ouverts" validate:"required"`
	NbCommentairesResolus int    `json:"nb_commentaires_resolus" validate:"required"`
	Lien                  string `json:"lien" validate:"required"`
} // @name EtapeResumee

// PointCompletude is a missing item.
type PointCompletude struct {
	Niveau       string `json:"niveau" validate:"required" enums:"B,C"`
	Code         string `json:"code" validate:"required"`
	Etape        string `json:"etape" validate:"required"`
	EtapeLibelle string `json:"etape_libelle" validate:"required"`
	Libelle      string `json:"libelle" validate:"required"`
	Lien         string `json:"lien" validate:"required"`
} // @name PointCompletude

// Completude is what is missing before submission and validation (00 decision 4).
type Completude struct {
	Pourcentage int               `json:"pourcentage" validate:"required" minimum:"0" maximum:"100"`
	Bloquants   int               `json:"bloquants" validate:"required"`
	Conseilles  int               `json:"conseilles" validate:"required"`
	Points      []PointCompletude `json:"points" validate:"required"`
} // @name Completude

// Action is a transition the caller may ask for now.
type Action struct {
	Code          string         `json:"code" validate:"required"`
	Libelle       string         `json:"libelle" validate:"required"`
	Primaire      bool           `json:"primaire" validate:"required"`
	Confirmation  string         `json:"confirmation" validate:"required"`
	Commentaire   string         `json:"commentaire" validate:"required" enums:"requis,optionnel,aucun"`
	Preconditions []Precondition `json:"preconditions" validate:"required"`
	NumeroPropose *string        `json:"numero_propose,omitempty"`
} // @name Action

// Precondition is something missing before an action.
type Precondition struct {
	Code    string `json:"code" validate:"required"`
	Pointer string `json:"pointer" validate:"required"`
	Detail  string `json:"detail" validate:"required"`
	Lien    string `json:"lien" validate:"required"`
} // @name Precondition

// MainVue says who must act.
type MainVue struct {
	Cote    string    `json:"cote" validate:"required" enums:"bailleur,instructeur,deux,personne"`
	AMoi    bool      `json:"a_moi" validate:"required"`
	Depuis  time.Time `json:"depuis" validate:"required"`
	Libelle string    `json:"libelle" validate:"required"`
} // @name MainVue

// CommentairesResume counts the comments of a convention.
type CommentairesResume struct {
	Ouverts  int                  `json:"ouverts" validate:"required"`
	Resolus  int                  `json:"resolus" validate:"required"`
	Clos     int                  `json:"clos" validate:"required"`
	ATraiter int                  `json:"a_traiter" validate:"required"`
	Premier  *PremierCommentaire  `json:"premier,omitempty"`
	ParChamp map[string]EtatChamp `json:"par_champ" validate:"required"`
	Possible bool                 `json:"possible" validate:"required"`
} // @name CommentairesResume

// EtatChamp counts the comments of one field or table (CO-10).
type EtatChamp struct {
	Ouverts int `json:"ouverts" validate:"required"`
	Resolus int `json:"resolus" validate:"required"`
	Clos    int `json:"clos" validate:"required"`
} // @name EtatChamp

// PremierCommentaire is the first comment the caller should treat.
type PremierCommentaire struct {
	UUID  uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Etape string    `json:"etape" validate:"required"`
	Lien  string    `json:"lien" validate:"required"`
} // @name PremierCommentaire

// Contributeurs lists who acted on the convention (JO-01).
type Contributeurs struct {
	Nombre       int      `json:"nombre" validate:"required"`
	Instructeurs []string `json:"instructeurs" validate:"required"`
	Bailleurs    []string `json:"bailleurs" validate:"required"`
} // @name Contributeurs

// Personne names someone.
type Personne struct {
	Nom string `json:"nom" validate:"required"`
} // @name Personne

// Convention is a convention or an avenant with all that its pages show; Historique comes with inclure.
type Convention struct {
	UUID                 uuid.UUID              `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Version              int                    `json:"version" validate:"required"`
	Genre                string                 `json:"genre" validate:"required" enums:"convention,avenant,denonciation,resiliation"`
	EstAvenant           bool                   `json:"est_avenant" validate:"required"`
	Parent               *ConventionParent      `json:"parent,omitempty"`
	Titre                string                 `json:"titre" validate:"required"`
	Statut               string                 `json:"statut" validate:"required" enums:"PROJET,INSTRUCTION,CORRECTION,A_SIGNER,SIGNEE,PUBLICATION_EN_COURS,PUBLIE,RESILIEE,DENONCEE,ANNULEE"`
	StatutLibelle        string                 `json:"statut_libelle" validate:"required"`
	StatutPhrase         string                 `json:"statut_phrase" validate:"required"`
	StatutIcone          string                 `json:"statut_icone" validate:"required"`
	Numero               *string                `json:"numero" extensions:"x-nullable"`
	Operation            ConventionOperation    `json:"operation" validate:"required"`
	Bailleur             ConventionBailleur     `json:"bailleur" validate:"required"`
	Administration       *AdministrationResumee `json:"administration,omitempty"`
	Adresse              string                 `json:"adresse" validate:"required"`
	Financements         []string               `json:"financements" validate:"required"`
	NbLogements          int                    `json:"nb_logements" validate:"required"`
	Lots                 []Lot                  `json:"lots" validate:"required"`
	Type1and2            *string                `json:"type1and2" extensions:"x-nullable" enums:"Type1,Type2"`
	TypeChoisi           *ConventionTypeChoisi  `json:"type_convention,omitempty"`
	CreeLe               time.Time              `json:"cree_le" validate:"required"`
	CreePar              *Personne              `json:"cree_par,omitempty"`
	MisAJourLe           time.Time              `json:"mis_a_jour_le" validate:"required"`
	PremiereSoumissionLe *time.Time             `json:"premiere_soumission_le" extensions:"x-nullable"`
	SoumisLe             *time.Time             `json:"soumis_le" extensions:"x-nullable"`
	ValideLe             *date.Date             `json:"valide_le" extensions:"x-nullable" swaggertype:"string" format:"date"`
	DateSignature        *date.Date             `json:"televersement_convention_signee_le" extensions:"x-nullable" swaggertype:"string" format:"date"`
	PrecisionSignature   string                 `json:"precision_date_signature" validate:"required" enums:"JOUR,ANNEE"` // ANNEE: only the year is known
	DateFin              *date.Date             `json:"date_fin_conventionnement" extensions:"x-nullable" swaggertype:"string" format:"date"`
	EstValide            bool                   `json:"est_valide" validate:"required"`
	CommentairesAffiches bool                   `json:"commentaires_affiches" validate:"required"`
	ResumeAffiche        bool                   `json:"resume_commentaires_affiche" validate:"required"`
	Filigrane            string                 `json:"filigrane" validate:"required"`
	EcheancePassee       bool                   `json:"echeance_passee" validate:"required"`
	Publiable            bool                   `json:"publiable" validate:"required"`
	AvenantCreable       bool                   `json:"avenant_creable" validate:"required"`
	PageParDefaut        string                 `json:"page_par_defaut" validate:"required"`
	Etapes               []EtapeResumee         `json:"etapes" validate:"required"`
	Completude           Completude             `json:"completude" validate:"required"`
	TransitionsPossibles []Action               `json:"transitions_possibles" validate:"required"`
	Main                 MainVue                `json:"main" validate:"required"`
	Commentaires         CommentairesResume     `json:"commentaires_resume" validate:"required"`
	Contributeurs        Contributeurs          `json:"contributeurs" validate:"required"`
	Documents            []Document             `json:"documents" validate:"required"`
	DepotPossible        bool                   `json:"depot_possible" validate:"required"`
	JournalDeBord        bool                   `json:"journal_de_bord" validate:"required"` // the caller may read it
	Publication          *PublicationSPF        `json:"publication,omitempty"`
	Fin                  *FinVue                `json:"fin,omitempty"`
	ModeExpertPossible   bool                   `json:"mode_expert_possible" validate:"required"`              // for the caller, now (02 PE-34)
	DonneesModifiees     bool                   `json:"donnees_modifiees_apres_signature" validate:"required"` // by a correction in expert mode (02 PE-35)
	ForcagePossible      bool                   `json:"forcage_possible" validate:"required"`                  // for superusers (02 CC-34)
	RaisonLecture        *string                `json:"raison_lecture" extensions:"x-nullable"`
	Historique           []EvenementHistorique  `json:"historique,omitempty"`
} // @name Convention

// vue builds the resource of a dossier for a caller; everything the interface needs is computed here,
// from the domain, so that no client computes a right again.
func (r Conventions) vue(ctx context.Context, p auth.Principal, d *convention.Dossier) (Convention, error) {
	possibles, err := r.Service.Possibles(ctx, p, d)
	if err != nil {
		return Convention{}, err
	}
	contributeurs, err := r.Service.Contributeurs(ctx, d)
	if err != nil {
		return Convention{}, err
	}
	jour := date.InParis(r.Horloge())
	f, c, instructeur := d.Drapeaux(jour), d.Convention, p.CoteInstructeur()
	v := Convention{
		UUID: c.UUID, Version: c.Version, Genre: string(d.Genre()), EstAvenant: d.EstAvenant(), Titre: d.Titre(),
		Statut: string(c.Statut), StatutLibelle: c.Statut.Libelle(instructeur, d.Genre()), StatutPhrase: c.Statut.Phrase(instructeur, d.Genre()),
		StatutIcone: c.Statut.Icone(), Numero: c.Numero, Operation: vueOperation(d),
		Bailleur: ConventionBailleur{d.Bailleur.UUID, d.Bailleur.Nom, d.Bailleur.Siren, string(d.Bailleur.NatureBailleur)},
		Adresse:  d.Adresse(), Financements: financements(d), NbLogements: d.NbLogements(), Lots: vueLots(d), Type1and2: c.Type1and2, TypeChoisi: vueType(p, d),
		CreeLe: c.CreeLe, MisAJourLe: c.MisAJourLe, PremiereSoumissionLe: c.PremiereSoumissionLe, SoumisLe: c.SoumisLe,
		ValideLe: c.ValideLe, DateSignature: c.SigneLe, PrecisionSignature: c.PrecisionDateSignature, DateFin: c.DateFinConventionnement,
		EstValide: f.EstValide, CommentairesAffiches: f.CommentairesAffiches, ResumeAffiche: f.ResumeCommentairesAffiche,
		Filigrane: f.Filigrane, EcheancePassee: f.EcheancePassee, Publiable: f.Publiable, AvenantCreable: f.AvenantCreable, PageParDefaut: f.PageParDefaut,
		Etapes: vueEtapes(p, d, jour), Completude: vueCompletude(d, jour), TransitionsPossibles: vueActions(d, possibles),
		Main: vueMain(p, d), Commentaires: vueCommentairesResume(p, d), Contributeurs: vueContributeurs(contributeurs),
		Documents: vueDocuments(d), DepotPossible: d.DepotPossible(p), JournalDeBord: chronique.Lisible(p, d), Publication: vuePublication(p, d), Fin: vueFin(p, d, jour),
		ModeExpertPossible: d.ModeExpertPossible(p), DonneesModifiees: c.DonneesModifieesApresSignature, ForcagePossible: d.ForcagePossible(p),
	}
	if d.EstAvenant() {
		v.Parent = &ConventionParent{d.Racine.UUID, d.Racine.Numero}
	}
	if d.Administration != nil {
		v.Administration = &AdministrationResumee{d.Administration.Nom, d.Administration.Code}
	}
	if d.CreeParNom != "" {
		v.CreePar = &Personne{d.CreeParNom}
	}
	if m := d.ModifiablePar(p); m.Raison != "" && (m.Rien() || !d.Genre().EstFin()) { // the form of an end has nothing else to open
		v.RaisonLecture = &m.Raison
	}
	return v, nil
}

func vueOperation(d *convention.Dossier) ConventionOperation {
	o := d.Operation
	return ConventionOperation{
		o.UUID, o.NumeroOperation, o.Nom, o.Adresse, o.CodePostal, o.Ville, o.CodeInseeCommune, o.CodeInseeDepartement, o.CodeInseeRegion,
		string(o.NatureLogement), o.NatureLogement.Libelle(), string(o.TypeOperation), o.SecondeVie,
	}
}

func financements(d *convention.Dossier) []string {
	out := []string{}
	for _, f := range d.Financements() {
		out = append(out, string(f))
	}
	return out
}

func vueLots(d *convention.Dossier) []Lot {
	out := []Lot{}
	for _, l := range d.Lots {
		n := 0
		for _, s := range d.Stationnements {
			if s.LotID == l.ID {
				n += s.NbStationnements
			}
		}
		out = append(out, Lot{
			l.UUID, string(l.Financement), l.Financement.Libelle(), string(l.TypeHabitat), l.NbLogements,
			d.MontantPrets(l.ID).StringFixed(2), n,
		})
	}
	return out
}

func vueEtapes(p auth.Principal, d *convention.Dossier, jour date.Date) []EtapeResumee {
	points := d.Completude(jour)
	etats := d.Remplissages(points)
	m := d.ModifiablePar(p)
	out := []EtapeResumee{}
	for _, e := range d.Etapes() {
		x := EtapeResumee{
			Code: string(e.Code), Libelle: e.Code.Libelle(), Facultative: e.Facultative, Disponible: e.Disponible,
			Etat: string(etats[e.Code]), Lien: lienEtape(d, e.Code),
		}
		for _, pt := range points {
			if pt.Etape == e.Code && pt.Niveau == convention.NiveauBloquant {
				x.NbPoints++
			}
		}
		for _, c := range d.Commentaires {
			if d.EtapeDe(c) != e.Code {
				continue
			}
			switch c.Statut {
			case comment.Ouvert:
				x.NbCommentairesOuverts++
			case comment.Resolu:
				x.NbCommentairesResolus++
			}
		}
		x.Modifiable = e.Disponible && m.AccepteEtape(e.Code)
		out = append(out, x)
	}
	return out
}

func lienEtape(d *convention.Dossier, e convention.CodeEtape) string {
	if _, ok := d.SectionDe(e); !ok {
		return lienRecapitulatif(d) + "#" + string(e)
	}
	return "/conventions/" + d.Convention.UUID.String() + "/etapes/" + string(e)
}

func lienRecapitulatif(d *convention.Dossier) string {
	return "/conventions/" + d.Convention.UUID.String() + "/recapitulatif"
}

func vueCompletude(d *convention.Dossier, jour date.Date) Completude {
	out := Completude{Pourcentage: d.Pourcentage(jour), Points: []PointCompletude{}}
	for _, pt := range d.Completude(jour) {
		if pt.Niveau == convention.NiveauBloquant {
			out.Bloquants++
		} else {
			out.Conseilles++
		}
		lien := lienEtape(d, pt.Etape)
		if _, ok := d.SectionDe(pt.Etape); ok && pt.Cle != "" {
			lien += "#" + pt.Cle
		}
		out.Points = append(out.Points, PointCompletude{pt.Niveau, pt.Code, string(pt.Etape), pt.Etape.Libelle(), pt.Libelle, lien})
	}
	return out
}

func vueActions(d *convention.Dossier, possibles []convention.Possible) []Action {
	out := []Action{}
	for _, x := range possibles {
		a := Action{string(x.Code), x.Libelle, x.Primaire, x.Confirmation, x.Commentaire, []Precondition{}, x.NumeroPropose}
		for _, f := range x.Preconditions {
			a.Preconditions = append(a.Preconditions, Precondition{f.Code, f.Pointer, f.Detail, lienPrecondition(d, f)})
		}
		out = append(out, a)
	}
	return out
}

// lienPrecondition leads to the place where the missing element is given.
func lienPrecondition(d *convention.Dossier, f fault.Field) string {
	base := "/conventions/" + d.Convention.UUID.String()
	switch f.Code {
	case "FICHIER_SIGNE_MANQUANT", "FICHIER_NON_VERIFIE":
		return base + "/signature"
	case "NUMERO_OPERATION_MANQUANT":
		return base + "/etapes/operation#numero_operation"
	case "TYPE_1_2_REQUIS":
		return lienRecapitulatif(d) + "#type-convention"
	case "COMMENTAIRES_OUVERTS":
		return lienRecapitulatif(d) + "?vue=instruction"
	}
	etape, cle := convention.Pointee(f.Pointer)
	lien := lienEtape(d, etape)
	if _, ok := d.SectionDe(etape); ok && cle != "" {
		return lien + "#" + cle
	}
	return lien
}

func vueMain(p auth.Principal, d *convention.Dossier) MainVue {
	m := convention.MainDe(d.Convention.Statut, d.CreeParCote != "" && d.CreeParCote != auth.Bailleur)
	aMoi := m.Revient(p.CoteInstructeur()) && !d.LectureSeule(p)
	libelle := ""
	switch {
	case m == convention.MainPersonne:
		libelle = "Aucune action n’est attendue."
	case aMoi:
		libelle = "Une action de votre part est attendue."
	case m == convention.MainInstructeur && d.Administration != nil:
		libelle = "Le service instructeur (" + d.Administration.Nom + ") a la main."
	case m == convention.MainInstructeur:
		libelle = "Le service instructeur a la main."
	case m == convention.MainBailleur:
		libelle = "Le bailleur (" + d.Bailleur.Nom + ") a la main."
	default:
		libelle = "Le bailleur et le service instructeur peuvent déposer le document signé."
	}
	return MainVue{string(m), aMoi, d.MainDepuis, libelle}
}

func vueCommentairesResume(p auth.Principal, d *convention.Dossier) CommentairesResume {
	out := CommentairesResume{ParChamp: map[string]EtatChamp{}, Possible: d.CommenterPossible(p)}
	var ouvert, resolu *comment.Commentaire
	for i, c := range d.Commentaires {
		e := out.ParChamp[c.Cle()]
		switch c.Statut {
		case comment.Ouvert:
			out.Ouverts++
			e.Ouverts++
			if ouvert == nil {
				ouvert = &d.Commentaires[i]
			}
		case comment.Resolu:
			out.Resolus++
			e.Resolus++
			if resolu == nil {
				resolu = &d.Commentaires[i]
			}
		case comment.Clos:
			out.Clos++
			e.Clos++
		}
		out.ParChamp[c.Cle()] = e
	}
	premier := ouvert
	out.ATraiter = out.Ouverts
	if p.CoteInstructeur() {
		out.ATraiter += out.Resolus
		if resolu != nil {
			premier = resolu
		}
	}
	if premier != nil {
		etape := d.EtapeDe(*premier)
		lien := lienRecapitulatif(d) + "?vue=instruction&commentaire=" + premier.UUID.String()
		if _, ok := d.SectionDe(etape); ok && !p.CoteInstructeur() {
			lien = lienEtape(d, etape) + "?commentaire=" + premier.UUID.String()
		}
		out.Premier = &PremierCommentaire{premier.UUID, string(etape), lien}
	}
	return out
}

func vueContributeurs(liste []convention.Contributeur) Contributeurs {
	out := Contributeurs{Nombre: len(liste), Instructeurs: []string{}, Bailleurs: []string{}}
	for _, c := range liste {
		if c.CoteInstructeur {
			out.Instructeurs = append(out.Instructeurs, c.Nom)
		} else {
			out.Bailleurs = append(out.Bailleurs, c.Nom)
		}
	}
	return out
}
