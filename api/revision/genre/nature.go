package genre

import (
	"context"
	"slices"
	"strings"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/revision"
	"apilos/api/revision/controle"

	"github.com/google/uuid"
)

// Conventions is what the natures need of conventions (convention.Service).
type Conventions interface {
	Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, error)
	VerifierAttachement(ctx context.Context, p auth.Principal, id uuid.UUID, rubrique string, version int) error
	Attacher(ctx context.Context, p auth.Principal, id uuid.UUID, a *convention.Attachement) error
	ConventionDuPlan(ctx context.Context, p auth.Principal, o convention.ObjetPlan, id uuid.UUID) (*convention.Dossier, error)
	SignalerInfection(ctx context.Context, p auth.Principal, id uuid.UUID, depot, nom string, deposePar int64) error
}

// PorteeConvention is the scope type of every nature here. A plan may also be given for an operation or a lot
// (convention.PlanOperation, convention.PlanLot).
const PorteeConvention = "convention"

// Sizes of 07 §12: 1 MB is 1 000 000 bytes.
const (
	maxSigne = convention.MaxDocumentSigne
	maxJoint = 100_000_000
)

// nature is one of the kinds of files of conventions.
type nature struct {
	conventions Conventions
	code        revision.Nature
	libelle     string
	types       []revision.TypeFichier
	analyse     revision.Analyse
	// suffixes accepted after "<uuid>:" in the key of the scope; nil: the key is the uuid alone.
	suffixes map[string]emplacement
	// rubrique of the files of type typ, for a scope suffix; "" when d cannot have any.
	rubrique func(d *convention.Dossier, suffixe, typ string) (rubrique, typePiece string)
	// pdf: the files are PDF whatever their name.
	pdf bool
	// dimensions: the sizes of pages are listed in the infos.
	dimensions bool
	// objets are the scope types beside the convention; each scope then keeps its own files in force.
	objets []convention.ObjetPlan
}

// emplacement is a slot of annexes.
type emplacement struct {
	rubrique, typePiece string
	extensions          []string
}

// Natures returns the kinds of files of conventions, to be registered in the engine.
func Natures(c Conventions) []revision.Genre {
	fixe := func(rubrique string) func(*convention.Dossier, string, string) (string, string) {
		return func(*convention.Dossier, string, string) (string, string) { return rubrique, "" }
	}
	pdf := func(typ string, max int64, obligatoire bool) revision.TypeFichier {
		return revision.TypeFichier{Type: typ, Max: max, TypeMime: "application/pdf", Obligatoire: obligatoire, Remplacable: true}
	}
	joint := func(typ string, obligatoire bool, extensions ...string) revision.TypeFichier {
		return revision.TypeFichier{Type: typ, Max: maxJoint, Extensions: extensions, Mime: controle.TypeMime, Obligatoire: obligatoire, Remplacable: true}
	}
	return []revision.Genre{
		&nature{
			conventions: c, code: revision.ConventionSignee, libelle: "Document signé", pdf: true, analyse: revision.AnalyseApresPublication,
			types: []revision.TypeFichier{pdf(revision.FichierDocument, maxSigne, true), pdf(revision.FichierPreuve, maxJoint, false)},
			rubrique: func(_ *convention.Dossier, _, typ string) (string, string) {
				if typ == revision.FichierPreuve {
					return convention.RubriquePreuveSignature, ""
				}
				return convention.RubriqueDocumentSigne, ""
			},
		},
		&nature{
			conventions: c, code: revision.PublicationFonciere, libelle: "Document publié", pdf: true, analyse: revision.AnalyseApresPublication,
			types: []revision.TypeFichier{pdf(revision.FichierDocument, maxSigne, true)}, rubrique: fixe(convention.RubriqueDocumentPublie),
		},
		&nature{
			conventions: c, code: revision.Annexe, libelle: "Annexe", suffixes: emplacements(),
			types: []revision.TypeFichier{joint(revision.FichierPiece, false, append(controle.Documents(), controle.Images()...)...)},
			rubrique: func(_ *convention.Dossier, suffixe, _ string) (string, string) {
				e := emplacements()[suffixe]
				return e.rubrique, e.typePiece
			},
		},
		&nature{
			conventions: c, code: revision.Plan, libelle: "Plan", dimensions: true,
			objets:   []convention.ObjetPlan{convention.PlanOperation, convention.PlanLot},
			suffixes: map[string]emplacement{"plan": {rubrique: convention.RubriquePlan}},
			types:    []revision.TypeFichier{joint(revision.FichierPlan, true, ".pdf", ".png", ".jpg", ".jpeg", ".dwg")}, rubrique: fixe(convention.RubriquePlan),
		},
		&nature{
			conventions: c, code: revision.CerfaSurcharge, libelle: "Document de remplacement",
			types: []revision.TypeFichier{joint(revision.FichierDocument, true, ".docx")}, rubrique: fixe(convention.RubriqueCerfa),
		},
		&nature{
			conventions: c, code: revision.Instruction, libelle: "Pièce de la procédure",
			types:    []revision.TypeFichier{joint(revision.FichierPiece, false, append(controle.Images(), ".pdf")...)},
			rubrique: func(d *convention.Dossier, _, _ string) (string, string) { return d.RubriqueInstruction(), "" },
		},
	}
}

// emplacements are the slots of annexes of 07 §12 with the formats of their field (03 §7).
func emplacements() map[string]emplacement {
	tout := append(controle.Documents(), controle.Images()...)
	out := map[string]emplacement{"autre": {convention.RubriquePieceJointe, "AUTRE", tout}}
	for _, s := range []string{
		"edd_volumetrique", "edd_classique", "edd_stationnements", "effet_relatif", "reference_cadastrale",
		"reference_notaire", "reference_publication_acte", "vendeur", "acquereur",
	} {
		out[s] = emplacement{strings.ToUpper(s), "", controle.Images()} // they are printed in the document
	}
	for _, s := range []string{"acte_de_propriete", "certificat_adressage", "commentaires", "attached"} {
		out[s] = emplacement{strings.ToUpper(s), "", tout}
	}
	return out
}

// Nature implements revision.Genre.
func (n *nature) Nature() revision.Nature { return n.code }

// Libelle implements revision.Genre.
func (n *nature) Libelle() string { return n.libelle }

// Fichiers implements revision.Genre.
func (n *nature) Fichiers() []revision.TypeFichier { return n.types }

// Analyse implements revision.Analysable.
func (n *nature) Analyse() revision.Analyse { return n.analyse }

// decouper reads the key of a scope: a canonical uuid and its suffix.
func (n *nature) decouper(cle string) (id uuid.UUID, suffixe string, err error) {
	texte, suffixe, double := strings.Cut(cle, ":")
	id, err = uuid.Parse(texte)
	if _, connu := n.suffixes[suffixe]; err != nil || id.String() != texte || double != (n.suffixes != nil) || double && !connu {
		return uuid.Nil, "", fault.Introuvable("Cet objet")
	}
	return id, suffixe, nil
}

// dossier reads the convention of a scope as the actor sees it. Whoever is not a person of the platform
// sees nothing.
func (n *nature) dossier(ctx context.Context, a revision.Acteur, typ, cle string) (*convention.Dossier, string, error) {
	id, suffixe, err := n.decouper(cle)
	if err != nil {
		return nil, "", err
	}
	if a.ClientID != "" || a.Admin {
		return nil, "", fault.Introuvable("Cet objet")
	}
	d, err := n.trouver(ctx, a.Principal, typ, id)
	if fault.Is(err, fault.NotFound) {
		return nil, "", fault.Introuvable("Cet objet")
	}
	if err == nil && n.code == revision.Instruction && d.ActeMasque { // 02 §3.8
		return nil, "", fault.Introuvable("Cet objet")
	}
	return d, suffixe, err
}

// trouver reads the convention that governs an object. Readers of the current revision or of the history do not say
// the type of the object (""): identifiers are unique, so each type is tried.
func (n *nature) trouver(ctx context.Context, p auth.Principal, typ string, id uuid.UUID) (*convention.Dossier, error) {
	if typ == PorteeConvention || typ == PorteeImportation || typ == "" {
		d, err := n.conventions.Lire(ctx, p, id)
		if typ != "" || !fault.Is(err, fault.NotFound) {
			return d, err
		}
	}
	for _, o := range n.objets {
		if typ != "" && typ != string(o) {
			continue
		}
		d, err := n.conventions.ConventionDuPlan(ctx, p, o, id)
		if !fault.Is(err, fault.NotFound) {
			return d, err
		}
	}
	return nil, fault.Introuvable("Cet objet")
}

// PeutLire implements revision.Genre.
func (n *nature) PeutLire(ctx context.Context, a revision.Acteur, r *revision.Revision) error {
	if enImportation(r) {
		return cachee(deSonAuteur(a, r), r)
	}
	_, _, err := n.dossier(ctx, a, r.PorteeType, r.PorteeCle)
	return cachee(err, r)
}

// cachee answers for a hidden revision exactly what an unknown one gets (PE-20).
func cachee(err error, r *revision.Revision) error {
	if r.ID != "" && fault.Is(err, fault.NotFound) {
		return revision.Inconnue(r.ID)
	}
	return err
}

// Portee implements revision.Genre.
func (n *nature) Portee(ctx context.Context, a revision.Acteur, typ, cle string) error {
	if typ == PorteeImportation && n.code == revision.ConventionSignee {
		return n.peutImporter(a, cle)
	}
	if typ != PorteeConvention && !slices.Contains(n.objets, convention.ObjetPlan(typ)) {
		message := "Le type de portée attendu est « convention »."
		if len(n.objets) > 0 {
			message = "Le type de portée attendu est « convention », « operation » ou « lot »."
		}
		return fault.New(fault.BadRequest, "PORTEE_INVALIDE", message)
	}
	return n.peutChanger(ctx, a, typ, cle)
}

// PeutEcrire implements revision.Genre.
func (n *nature) PeutEcrire(ctx context.Context, a revision.Acteur, r *revision.Revision) error {
	if enImportation(r) {
		return cachee(deSonAuteur(a, r), r)
	}
	return cachee(n.peutChanger(ctx, a, r.PorteeType, r.PorteeCle), r)
}

// PeutPublier implements revision.Genre.
func (n *nature) PeutPublier(ctx context.Context, a revision.Acteur, r *revision.Revision) error {
	if enImportation(r) {
		if err := deSonAuteur(a, r); err != nil {
			return cachee(err, r)
		}
	}
	return cachee(n.peutChanger(ctx, a, r.PorteeType, r.PorteeCle), r)
}

func (n *nature) peutChanger(ctx context.Context, a revision.Acteur, typ, cle string) error {
	d, suffixe, err := n.dossier(ctx, a, typ, cle)
	if err != nil {
		return err
	}
	rubrique, _ := n.rubrique(d, suffixe, n.types[0].Type)
	if rubrique == "" {
		rubrique = convention.RubriqueInstructionResiliation // refused with the reason
	}
	return d.PeutAttacher(a.Principal, rubrique)
}

// SignalerInfection implements revision.Signalant.
func (n *nature) SignalerInfection(ctx context.Context, a revision.Acteur, r *revision.Revision, f revision.RevisionFichier) error {
	if enImportation(r) {
		return nil // nobody else knows of the file yet: its author has the answer of compute
	}
	d, _, err := n.dossier(ctx, a, r.PorteeType, r.PorteeCle)
	if err != nil {
		return err
	}
	deposePar := a.Principal.UtilisateurID
	if r.AuteurID != nil {
		deposePar = *r.AuteurID
	}
	return n.conventions.SignalerInfection(ctx, a.Principal, d.Convention.UUID, f.ID, f.Nom, deposePar)
}
