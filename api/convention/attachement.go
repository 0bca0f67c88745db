package convention

import (
	"context"
	"slices"
	"strings"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/fichier"
	"github.com/google/uuid"
)

// Rubriques under which files are attached (01 table fichier_rattache).
const (
	RubriquePreuveSignature         = "PREUVE_SIGNATURE"
	RubriqueDocumentPublie          = "DOCUMENT_PUBLIE"
	RubriquePlan                    = "PLAN"
	RubriqueCerfa                   = "CERFA_PERSONNALISE"
	RubriqueInstructionDenonciation = "INSTRUCTION_DENONCIATION"
	RubriqueInstructionResiliation  = "INSTRUCTION_RESILIATION"
	RubriquePieceJointe             = "PIECE_JOINTE"
	RubriqueCommentaires            = "COMMENTAIRES"
)

// rubriquesAnnexes gives, for each slot of annexes, the comment target of its field: the matrix of 02 §2.4
// decides who may change it. PIECE_JOINTE and PLAN have none: they are open when the whole form is.
var rubriquesAnnexes = map[string]string{
	"EDD_VOLUMETRIQUE": "programme__edd_volumetrique", "EDD_CLASSIQUE": "programme__edd_classique",
	"EDD_STATIONNEMENTS": "programme__edd_stationnements", "ACTE_DE_PROPRIETE": "programme__acte_de_propriete",
	"CERTIFICAT_ADRESSAGE": "programme__certificat_adressage", "EFFET_RELATIF": "programme__effet_relatif",
	"REFERENCE_CADASTRALE": "programme__reference_cadastrale", "REFERENCE_NOTAIRE": "programme__reference_notaire",
	"REFERENCE_PUBLICATION_ACTE": "programme__reference_publication_acte", "VENDEUR": "programme__vendeur",
	"ACQUEREUR": "programme__acquereur", RubriqueCommentaires: "convention__commentaires", "ATTACHED": "convention__attached",
	RubriquePieceJointe: "", RubriquePlan: "",
}

// SurOperation tells whether the files of a rubrique belong to the version of the operation rather than to
// the convention (07 §12).
func SurOperation(rubrique string) bool {
	_, annexe := rubriquesAnnexes[rubrique]
	return annexe && !slices.Contains([]string{RubriqueCommentaires, "ATTACHED", RubriquePieceJointe}, rubrique)
}

// Attachement are the files that a revision puts in force for a rubrique.
type Attachement struct {
	Rubrique   string
	TypePiece  string // PIECE_JOINTE only
	RevisionID string
	// ParPortee: only the files published for the same scope are replaced (the plans of an operation and of its lots
	// live side by side); otherwise all those of the rubrique.
	ParPortee bool
	// Version of the convention that the depositor read, 0 when they did not say.
	Version int
	// Fichiers in their order; after Attacher each has its ID.
	Fichiers []fichier.Fichier
	// Documents are, after Attacher, the documents that those files became, in the same order.
	Documents []uuid.UUID
}

// PeutAttacher tells whether p may put files in force for a rubrique now.
func (d *Dossier) PeutAttacher(p auth.Principal, rubrique string) error {
	if d.LectureSeule(p) || !p.Peut(auth.ChangeConvention) {
		return fault.PermissionRefusee()
	}
	service := p.CoteInstructeur() || p.Superuser || p.Staff
	s := d.Convention.Statut
	switch rubrique {
	case RubriqueDocumentSigne, RubriquePreuveSignature:
		return d.deposable(p)
	case RubriqueDocumentPublie:
		if !service {
			return fault.PermissionRefusee()
		}
		if s != PublicationEnCours { // PU-07: after T13, or T17
			return d.depotInterdit(p, "Le document publié se dépose pendant la publication")
		}
		return nil
	case RubriqueCerfa:
		if !service {
			return fault.PermissionRefusee()
		}
		if !s.EnCours() { // removable until T08 (FI-08)
			return d.depotInterdit(p, "Le document de remplacement se dépose avant la validation")
		}
		return nil
	case RubriqueInstructionDenonciation, RubriqueInstructionResiliation:
		return d.instructionDeposable(p, rubrique)
	}
	return d.annexeDeposable(p, rubrique)
}

func (d *Dossier) annexeDeposable(p auth.Principal, rubrique string) error {
	cible, connue := rubriquesAnnexes[rubrique]
	if !connue {
		return fault.New(fault.Invalid, "RUBRIQUE_INCONNUE", "Ce type de document ne se dépose pas ici.")
	}
	if m := d.ModifiablePar(p); !m.Accepte(cible) {
		raison := m.Raison
		if raison == "" {
			raison = "Ce fichier n’est pas modifiable pour le moment."
		}
		return fault.New(fault.Conflict, "DEPOT_INTERDIT", raison).With("statut_courant", string(d.Convention.Statut))
	}
	return nil
}

func (d *Dossier) instructionDeposable(p auth.Principal, rubrique string) error {
	attendue := map[Genre]string{GenreDenonciation: RubriqueInstructionDenonciation, GenreResiliation: RubriqueInstructionResiliation}[d.Genre()]
	if attendue != rubrique {
		return fault.New(fault.Conflict, "DEPOT_INTERDIT", "Ces pièces se déposent sur un avenant de dénonciation ou de résiliation.")
	}
	service := p.CoteInstructeur() || p.Superuser || p.Staff
	s := d.Convention.Statut
	if rubrique == RubriqueInstructionResiliation && !service && !d.creeParBailleur() {
		return fault.New(fault.Conflict, "DEPOT_INTERDIT", "L’acte d’une résiliation demandée par le service se dépose par le service.")
	}
	if !s.EnCours() || !service && s == Instruction {
		return d.depotInterdit(p, "Les pièces de la procédure se déposent avant sa validation")
	}
	return nil
}

func (d *Dossier) depotInterdit(p auth.Principal, regle string) error {
	s := d.Convention.Statut
	return fault.New(fault.Conflict, "DEPOT_INTERDIT", regle+" : le dossier est au statut « "+s.Libelle(p.CoteInstructeur(), d.Genre())+" ».").
		With("statut_courant", string(s))
}

// RubriqueInstruction is that of the pieces of a procedure, "" for another row.
func (d *Dossier) RubriqueInstruction() string {
	switch d.Genre() {
	case GenreDenonciation:
		return RubriqueInstructionDenonciation
	case GenreResiliation:
		return RubriqueInstructionResiliation
	}
	return ""
}

// ObjetPlan is what a plan may be given for, beside a convention (07 §12).
type ObjetPlan string

// Objects of plans.
const (
	PlanOperation ObjetPlan = "operation"
	PlanLot       ObjetPlan = "lot"
)

// ConventionDuPlan returns the convention whose rules govern a plan of an operation or of a lot: among those that
// p sees, the first one where p may attach it now, otherwise the first one. not_found when p sees none.
func (s *Service) ConventionDuPlan(ctx context.Context, p auth.Principal, o ObjetPlan, id uuid.UUID) (*Dossier, error) {
	conventions, err := s.store.ConventionsDe(ctx, o, id)
	if err != nil {
		return nil, err
	}
	var visible *Dossier
	for _, c := range conventions {
		d, err := s.Lire(ctx, p, c)
		switch {
		case fault.Is(err, fault.NotFound):
			continue
		case err != nil:
			return nil, err
		case d.PeutAttacher(p, RubriquePlan) == nil:
			return d, nil
		case visible == nil:
			visible = d
		}
	}
	if visible == nil {
		return nil, fault.Introuvable("Cet objet")
	}
	return visible, nil
}

// VerifierAttachement locks the family and checks that p may attach files now: the engine calls it before
// it changes anything, so that the family is always locked before a revision becomes current.
func (s *Service) VerifierAttachement(ctx context.Context, p auth.Principal, id uuid.UUID, rubrique string, version int) error {
	_, err := s.verrouillerAttachement(ctx, p, id, rubrique, version)
	return err
}

func (s *Service) verrouillerAttachement(ctx context.Context, p auth.Principal, id uuid.UUID, rubrique string, version int) (*Dossier, error) {
	d, err := s.store.Verrouiller(ctx, p, id)
	if err != nil {
		return nil, err
	}
	if err := d.PeutAttacher(p, rubrique); err != nil {
		return nil, err
	}
	if version == 0 {
		return d, nil
	}
	return d, perimee(d, version)
}

// Attacher puts the files of a revision in force, in the transaction of ctx: the previous ones are
// archived (DO-07), the version is raised, the journal written and, for those that wait for it, the
// antivirus asked.
func (s *Service) Attacher(ctx context.Context, p auth.Principal, id uuid.UUID, a *Attachement) error {
	d, err := s.verrouillerAttachement(ctx, p, id, a.Rubrique, a.Version)
	if err != nil {
		return err
	}
	le, _ := s.maintenant()
	if _, annexe := rubriquesAnnexes[a.Rubrique]; !annexe {
		p.Expert = false // a document of the life of the convention is no correction of its data
	}
	colonnes := map[string]any{}
	if d.enModeExpert(p) {
		colonnes[modifieeApresSignature.Colonne] = modifieeApresSignature.Valeur
	}
	for i := range a.Fichiers {
		f := &a.Fichiers[i]
		f.NomReel = nomReel(f.NomReel)
		f.NomStockage = f.NomReel
		switch a.Rubrique {
		case RubriqueDocumentSigne:
			f.NomStockage = nomSigne(d, le)
		case RubriqueDocumentPublie:
			f.NomStockage = tronquer("publication_"+nomSigne(d, le), 255)
		}
		if f.ID == 0 {
			f.CreeLe = le
			if p.UtilisateurID != 0 {
				f.DeposeParID = &p.UtilisateurID
			}
		}
	}
	if err := s.store.AttacherFichiers(ctx, d, a, p, le); err != nil {
		return err
	}
	if err := s.store.Modifier(ctx, d, colonnes, le); err != nil {
		return err
	}
	for i, f := range a.Fichiers {
		if err := s.journaliserFichier(ctx, p, d, f, event.Ajout, commandeDepot(d, a.Rubrique), le); err != nil {
			return err
		}
		if err := s.annoncerDepot(ctx, d, a, f, a.Documents[i], le); err != nil {
			return err
		}
		if f.Antivirus == fichier.EnAttente && s.analyseur != nil {
			if err := s.analyseur.AnalyserFichier(ctx, f.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// commandeDepot is what the journal calls a deposit.
func commandeDepot(d *Dossier, rubrique string) string {
	if rubrique != RubriqueDocumentSigne {
		return "document.depose." + strings.ToLower(rubrique)
	}
	if !d.EstAvenant() && d.Convention.Statut.Actif() && d.AvenantEnCours != nil && d.DocumentCourant(RubriqueDocumentSigne) == nil {
		return "initiale.document"
	}
	if d.Convention.Statut == Signee && d.DocumentCourant(RubriqueDocumentSigne) != nil {
		return string(CorrigerSignature)
	}
	return "document.depose"
}
