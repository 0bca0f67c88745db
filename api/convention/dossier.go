package convention

import (
	"slices"
	"strings"
	"time"

	"apilos/api/administration"
	"apilos/api/auth"
	"apilos/api/bailleur"
	"apilos/api/comment"
	"apilos/api/date"
	"apilos/api/fichier"
	"apilos/api/operation"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// Dossier is a convention or avenant with everything its rules look at. The store loads it in a
// constant number of statements, whatever the number of rows.
type Dossier struct {
	Convention     Convention
	Racine         Convention // the row itself when it is a root
	Operation      operation.Operation
	Bailleur       bailleur.Bailleur
	Administration *administration.Administration // nil: no service yet (PE-24)

	Lots                  []Lot
	Logements             []Logement
	Prets                 []Pret
	Stationnements        []Stationnement
	FoyerResidence        *FoyerResidence
	ReferencesCadastrales []operation.ReferenceCadastrale
	TypesAvenant          []string
	Commentaires          []comment.Commentaire
	Documents             []Document
	Publications          []PublicationSPF // sendings to the land registry, newest first

	CreeParCote        auth.Typologie // role of the creator at creation; "" when SIAP or nobody
	CreeParNom         string
	AvenantsActifs     int        // rows of the family other than the root, neither ANNULEE nor deleted
	AvenantEnCours     *uuid.UUID // EN_COURS or A_SIGNER avenant of the family, other than this row
	AvenantsSuivants   int        // avenants of the family after this one in the order of AV-10, neither ANNULEE nor deleted
	SecondeVieEnfants  int        // conventions that have this one as origin
	AvenantsTotal      int        // rows of the family other than the root, the cancelled ones included
	SecondeVieOrigines int        // conventions that this one replaces (02 §8.2)
	MainDepuis         time.Time  // last change of statut
	ParLigne           bool       // visibilite_avenant_bailleur is off: each row belongs to its own bailleur (PE-21)
	ActeMasque         bool       // the acte of this résiliation was removed for this reader (Masquer)
	Initiale           Initiale   // of the root (AV-20)
}

// Document is an attachment with its file.
type Document struct {
	Rattache  fichier.FichierRattache
	Fichier   fichier.Fichier
	DeposePar string
}

// Courant tells whether the document is the one in force for its rubrique.
func (d Document) Courant() bool { return d.Rattache.RemplaceLe == nil }

// Genre returns what the row is called (02, vocabulary).
func (d *Dossier) Genre() Genre {
	switch {
	case d.Convention.ParentID == nil:
		return GenreConvention
	case slices.Contains(d.TypesAvenant, "denonciation"):
		return GenreDenonciation
	case slices.Contains(d.TypesAvenant, "resiliation"):
		return GenreResiliation
	}
	return GenreAvenant
}

// EstAvenant tells whether the row amends another one.
func (d *Dossier) EstAvenant() bool { return d.Convention.ParentID != nil }

// Financements lists the financements of the lots.
func (d *Dossier) Financements() []Financement {
	out := make([]Financement, 0, len(d.Lots))
	for _, l := range d.Lots {
		out = append(out, l.Financement)
	}
	return out
}

// NbLogements sums the declared counts of the lots (01 §5.1).
func (d *Dossier) NbLogements() int {
	n := 0
	for _, l := range d.Lots {
		if l.NbLogements != nil {
			n += *l.NbLogements
		}
	}
	return n
}

// FoyerOuResidence tells whether the operation follows the foyer/résidence form (02 §8.3).
func (d *Dossier) FoyerOuResidence() bool { return d.Operation.NatureLogement.FoyerOuResidence() }

// EstOutreMer tells whether the operation lies overseas (01 §5, 975 is not).
func (d *Dossier) EstOutreMer() bool {
	if d.Operation.CodeInseeDepartement == nil {
		return false
	}
	return slices.Contains([]string{"971", "972", "973", "974", "976"}, *d.Operation.CodeInseeDepartement)
}

// TypeUnDeuxRequis tells whether type I or II must be chosen before validation (NA-03).
func (d *Dossier) TypeUnDeuxRequis() bool {
	return d.Bailleur.NatureBailleur.TypeUnDeux() && d.Genre() == GenreConvention && !d.FoyerOuResidence()
}

// SansFinancement tells whether a lot is SANS_FINANCEMENT (NA-08).
func (d *Dossier) SansFinancement() bool { return slices.Contains(d.Financements(), SansFinancement) }

// Adresse returns the address of the convention, else of the operation (NA-09).
func (d *Dossier) Adresse() string {
	if strings.TrimSpace(d.Convention.Adresse) != "" {
		return d.Convention.Adresse
	}
	return d.Operation.Adresse
}

// Titre is the name shown in pages: operation then financements.
func (d *Dossier) Titre() string {
	f := make([]string, 0, len(d.Lots))
	for _, l := range d.Lots {
		f = append(f, l.Financement.Libelle())
	}
	t := d.Operation.Nom
	if len(f) > 0 {
		t += ", " + strings.Join(f, ", ")
	}
	return t
}

// MontantPrets sums the loans of a lot, in euros.
func (d *Dossier) MontantPrets(lotID int64) decimal.Decimal {
	total := decimal.Zero
	for _, p := range d.Prets {
		if p.LotID == lotID {
			total = total.Add(p.Montant)
		}
	}
	return total
}

// DocumentCourant returns the document in force for a rubrique, or nil.
func (d *Dossier) DocumentCourant(rubrique string) *Document {
	for i := range d.Documents {
		if d.Documents[i].Rattache.Rubrique == rubrique && d.Documents[i].Courant() {
			return &d.Documents[i]
		}
	}
	return nil
}

// CommentairesAvec counts the comments in a statut.
func (d *Dossier) CommentairesAvec(s comment.Statut) int {
	n := 0
	for _, c := range d.Commentaires {
		if c.Statut == s {
			n++
		}
	}
	return n
}

// LectureSeule tells whether p may only read this row: read-only role, impersonation in mode lecture,
// or future bailleur of the avenant in progress (PE-22).
func (d *Dossier) LectureSeule(p auth.Principal) bool {
	if p.EnLecture() {
		return true
	}
	if p.Typologie != auth.Bailleur || p.Superuser || p.Staff {
		return false
	}
	titulaire := d.Racine.BailleurEffectifID
	if d.ParLigne {
		titulaire = &d.Operation.BailleurID
	}
	return titulaire == nil || !p.APropreBailleur(*titulaire)
}

// Drapeaux are the derived flags of 02 §1.1, computed here only.
type Drapeaux struct {
	EstValide                 bool
	CommentairesAffiches      bool
	ResumeCommentairesAffiche bool
	Filigrane                 string
	EcheancePassee            bool
	Publiable                 bool
	AvenantCreable            bool
	PageParDefaut             string
}

// Drapeaux computes the flags on the day jour.
func (d *Dossier) Drapeaux(jour date.Date) Drapeaux {
	s := d.Convention.Statut
	return Drapeaux{
		EstValide:                 s == ASigner || s.Actif() || s == Resiliee || s == Denoncee,
		CommentairesAffiches:      s == Instruction || s == Correction || s == ASigner || s == Signee,
		ResumeCommentairesAffiche: s == Instruction || s == Correction,
		Filigrane:                 filigrane(s),
		EcheancePassee:            d.echeancePassee(jour),
		Publiable:                 d.publiable(),
		AvenantCreable:            d.Racine.Statut.Actif() && d.AvenantEnCours == nil && !(d.EstAvenant() && (s.EnCours() || s == ASigner)),
		PageParDefaut:             d.pageParDefaut(),
	}
}

func filigrane(s Statut) string {
	switch s {
	case Projet:
		return "Projet de convention"
	case Instruction, Correction:
		return "Convention en cours d’instruction"
	}
	return ""
}

func (d *Dossier) echeancePassee(jour date.Date) bool {
	switch d.Convention.Statut {
	case Resiliee:
		return d.Convention.DateResiliation != nil && jour.After(*d.Convention.DateResiliation)
	case Denoncee:
		return d.Convention.DateDenonciation != nil && jour.After(*d.Convention.DateDenonciation)
	}
	return false
}

// publiable is PU-01.
func (d *Dossier) publiable() bool {
	if n := d.Operation.NatureLogement; n.Foyer() || n == operation.Rhvs {
		return true
	}
	return d.Bailleur.NatureBailleur.TypeUnDeux() || d.Convention.Statut == PublicationEnCours || d.Convention.Statut == Publie
}

func (d *Dossier) pageParDefaut() string {
	base := "/conventions/" + d.Convention.UUID.String()
	switch s := d.Convention.Statut; {
	case s == ASigner:
		return base + "/signature"
	case d.EstAvenant():
		return base + "/recapitulatif"
	case s == PublicationEnCours:
		return base + "/publication"
	case s.Actif(), s == Denoncee, s == Resiliee:
		return base // the overview
	}
	if d.Convention.Statut != Projet {
		return base + "/recapitulatif"
	}
	for _, e := range d.Etapes() {
		if e.Disponible {
			return base + "/etapes/" + string(e.Code)
		}
	}
	return base + "/recapitulatif"
}
