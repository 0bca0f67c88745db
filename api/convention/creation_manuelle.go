package convention

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"apilos/api/auth"
	"apilos/api/bailleur"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/operation"
	"apilos/api/territoire"

	"github.com/google/uuid"
)

// profilMorale is the profile of the people of a legal person (05 B).
const profilMorale = "MO_PERS_MORALE"

// OperationSaisie is an operation described by hand, with its only convention (CR-20, 02 §9.3).
type OperationSaisie struct {
	BailleurUUID       uuid.UUID
	AdministrationUUID uuid.UUID
	Nom                string
	NumeroOperation    string // "" in 9.3
	Financement        Financement
	NatureLogement     operation.NatureLogement
	TypeHabitat        TypeHabitat
	NbLogements        int
	CodePostal         string
	Ville              string
}

func (in *OperationSaisie) verifier(c *controles) {
	if in.BailleurUUID == uuid.Nil {
		c.refuser("/bailleur_uuid", "required", "Choisissez le bailleur.")
	}
	if in.AdministrationUUID == uuid.Nil {
		c.refuser("/administration_uuid", "required", "Choisissez l’administration.")
	}
	c.texte("/nom", &in.Nom, 255, "Indiquez le nom de l’opération.")
	c.financement("/financement", in.Financement)
	if !in.NatureLogement.Valid() {
		c.refuser("/nature_logement", "enum", "Choisissez la nature des logements.")
	}
	c.logements("/nb_logements", in.NbLogements)
	in.CodePostal = strings.TrimSpace(in.CodePostal)
	if !territoire.CodePostalValide(in.CodePostal) {
		c.refuser("/code_postal", "format", "Indiquez un code postal de 5 chiffres, par exemple 87000.")
	}
	c.texte("/ville", &in.Ville, 255, "Indiquez la ville.")
}

// ConventionManuelle is a convention without agreement of SIAP ("convention ANRU", 02 §9.2).
type ConventionManuelle struct {
	OperationSaisie
	// UtiliserOperation records the convention on the operation of the perimeter that has the number (CR-22).
	UtiliserOperation bool
	// RevisionID is refused: a signed file does not sign a convention made here (CR-21).
	RevisionID string
}

func (in *ConventionManuelle) verifier() error {
	if in.RevisionID != "" {
		return fault.New(fault.Invalid, CodeUtiliserAjout, "Une convention déjà signée s’enregistre par « Ajouter une convention existante » : ce document ne la signerait pas ici.").
			WithFields(fault.Field{Pointer: "/revision_id", Code: CodeUtiliserAjout, Detail: "Retirez le document, ou ajoutez une convention existante."})
	}
	c := &controles{}
	in.OperationSaisie.verifier(c)
	c.texte("/numero_operation", &in.NumeroOperation, 255, "Indiquez le numéro d’opération.")
	if !connu(TypesHabitat(), string(in.TypeHabitat)) {
		c.refuser("/type_habitat", "enum", "Choisissez le type d’habitat.")
	}
	return c.erreur()
}

// CreerConvention records a convention in PROJET on an operation described by hand (T01, CR-20 to CR-24), in one
// transaction. Errors: forbidden, the fields, UTILISER_AJOUT_EXISTANTE, OPERATION_EXISTANTE and CONVENTION_EXISTANTE with
// what is there, NUMERO_OPERATION_EXISTANT, OUTRE_MER_NATURE, CONVENTION_HORS_PERIMETRE.
func (i *Importation) CreerConvention(ctx context.Context, p auth.Principal, in ConventionManuelle) (*Dossier, error) {
	if err := peutAjouter(p); err != nil {
		return nil, err
	}
	if err := in.verifier(); err != nil {
		return nil, err
	}
	var d *Dossier
	err := i.s.store.InTx(ctx, func(ctx context.Context) error {
		o, err := i.operationManuelle(ctx, p, in)
		if err != nil {
			return err
		}
		le, _ := i.s.maintenant()
		n := NouvelleRacine{
			UUID: uuid.Must(uuid.NewV7()), Operation: o, Statut: Projet, Source: "APILOS", CreeParID: p.UtilisateurID,
			Financement: in.Financement, TypeHabitat: in.TypeHabitat, NbLogements: in.NbLogements, Le: le,
		}
		id, err := i.store.CreerRacine(ctx, n)
		if err != nil {
			return err
		}
		if err := i.s.inscrireCreation(ctx, p, creation{
			id: id, uuid: n.UUID, famille: id, origine: event.OrigineWeb, faits: map[string]any{"financement": n.Financement, "operation": o.NumeroOperation}, le: le,
		}); err != nil {
			return err
		}
		if err := i.s.store.RafraichirRecherche(ctx, id); err != nil {
			return err
		}
		d, err = i.s.store.Charger(ctx, p, n.UUID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("create convention by hand: %w", err)
	}
	return d, nil
}

// operationManuelle creates the operation, or returns the one that the person chose to use (CR-22).
func (i *Importation) operationManuelle(ctx context.Context, p auth.Principal, in ConventionManuelle) (operation.Operation, error) {
	numero := operation.NormaliserNumero(in.NumeroOperation)
	if err := i.store.VerrouillerNumero(ctx, numero); err != nil {
		return operation.Operation{}, err
	}
	visibles, err := i.store.RacinesVisibles(ctx, p, numero)
	if err != nil {
		return operation.Operation{}, err
	}
	if len(visibles) > 0 {
		return i.operationConnue(ctx, p, in, visibles[0])
	}
	cachees, err := i.store.Racines(ctx, numero)
	if err != nil {
		return operation.Operation{}, err
	}
	if len(cachees) > 0 {
		const message = "Ce numéro d’opération est déjà celui d’une autre opération."
		return operation.Operation{}, fault.New(fault.Invalid, "NUMERO_OPERATION_EXISTANT", message).
			WithFields(fault.Field{Pointer: "/numero_operation", Code: "NUMERO_OPERATION_EXISTANT", Detail: message})
	}
	o, err := i.operationSaisie(ctx, p, in.OperationSaisie)
	if err != nil {
		return o, err
	}
	o.Anru, o.TypeOperation, o.Source = true, operation.Neuf, operation.SourceAPILOS
	if in.Financement == SansFinancement {
		o.TypeOperation = operation.SansTravaux
	}
	if err := refuserOutreMer(o); err != nil {
		return o, err
	}
	return o, i.store.CreerOperation(ctx, &o)
}

// operationConnue answers CR-22: the same financement is a conflict with its convention (CR-12); another one asks the
// person whether to use the operation.
func (i *Importation) operationConnue(ctx context.Context, p auth.Principal, in ConventionManuelle, r operation.Racine) (operation.Operation, error) {
	existante, err := i.store.DejaConventionnee(ctx, p, r.ID, in.Financement)
	if err != nil {
		return r.Operation, err
	}
	if existante != nil {
		f := fault.New(fault.Conflict, codeConventionExistante, "Une convention active existe déjà pour ce financement de l’opération.").With("numero_operation", r.NumeroOperation)
		if existante.Visible {
			f = f.With("convention_uuid", existante.UUID.String())
		}
		return r.Operation, f
	}
	if !in.UtiliserOperation {
		return r.Operation, fault.Newf(fault.Conflict, CodeOperationExistante,
			"L’opération %s existe déjà : « %s ». Ajoutez-lui la convention, ou vérifiez le numéro.", r.NumeroOperation, r.Nom).
			With("numero_operation", r.NumeroOperation).With("nom", r.Nom)
	}
	dedans, err := i.store.DansPerimetre(ctx, p, situation(r.Operation))
	if err != nil {
		return r.Operation, err
	}
	if !dedans {
		return r.Operation, horsPerimetre()
	}
	return r.Operation, refuserOutreMer(r.Operation)
}

func situation(o operation.Operation) operation.Situation {
	return operation.Situation{BailleurID: &o.BailleurID, AdministrationID: o.AdministrationID, Departement: o.CodeInseeDepartement, Region: o.CodeInseeRegion}
}

func horsPerimetre() error {
	return fault.New(fault.Invalid, CodeHorsPerimetre,
		"Cette convention serait hors du périmètre de votre habilitation. Vérifiez le bailleur, l’administration et le code postal, ou changez d’habilitation.")
}

// refuserOutreMer is NA-07 (CR-24).
func refuserOutreMer(o operation.Operation) error {
	if !operation.HorsRegleOutreMer(o.CodeInseeDepartement, o.NatureLogement) {
		return nil
	}
	message := "Dans le département " + *o.CodeInseeDepartement + ", seuls les foyers et les résidences sont conventionnés."
	return fault.New(fault.Invalid, operation.CodeOutreMerNature, message).
		WithFields(fault.Field{Pointer: "/nature_logement", Code: operation.CodeOutreMerNature, Detail: message})
}

// sirensDeRegion are the SIREN among which somebody of a legal person chooses a bailleur for a place, nil when nothing is
// narrowed: a service chooses any, and an account without habilitation, or a person of no legal person, has its own (PE-40).
func (i *Importation) sirensDeRegion(ctx context.Context, p auth.Principal, region string) ([]string, error) {
	if region == "" || p.Typologie != auth.Bailleur || p.Superuser || p.Staff || p.Profil != profilMorale || i.s.habilitations == nil {
		return nil, nil
	}
	sirens, err := i.s.habilitations.SirensMorales(ctx, p, region)
	if err != nil {
		return nil, fmt.Errorf("bailleurs of the habilitations: %w", err)
	}
	return append([]string{}, sirens...), nil
}

// bailleurChoisi is the bailleur that p may give to a convention of a région, nil when he may not.
func (i *Importation) bailleurChoisi(ctx context.Context, p auth.Principal, id uuid.UUID, region string) (*bailleur.Bailleur, error) {
	sirens, err := i.sirensDeRegion(ctx, p, region)
	if err != nil {
		return nil, err
	}
	return i.store.BailleurChoisi(ctx, p, id, sirens)
}

// operationSaisie builds the operation of a form: actors that the person may choose, codes of the place (CR-23), and a
// place that the person will see.
func (i *Importation) operationSaisie(ctx context.Context, p auth.Principal, in OperationSaisie) (o operation.Operation, err error) {
	commune, departement, err := i.store.Lieu(ctx, in.CodePostal, in.Ville)
	if err != nil {
		return o, err
	}
	codes := territoire.Codes{Commune: commune, Departement: departement}.Completer(in.CodePostal)
	b, err := i.bailleurChoisi(ctx, p, in.BailleurUUID, codes.Region)
	if err != nil {
		return o, err
	}
	a, err := i.store.AdministrationChoisie(ctx, p, in.AdministrationUUID)
	if err != nil {
		return o, err
	}
	c := &controles{}
	if b == nil {
		c.refuser("/bailleur_uuid", "inconnu", "Choisissez un bailleur de la liste.")
	}
	if a == nil {
		c.refuser("/administration_uuid", "inconnu", "Choisissez une administration de la liste.")
	}
	if err := c.erreur(); err != nil {
		return o, err
	}
	if codes.Departement == "" {
		return o, champRefuse("/code_postal", "inconnu", "Ce code postal n’appartient à aucun département connu.")
	}
	o = operation.Operation{
		Nom: in.Nom, NumeroOperation: in.NumeroOperation, BailleurID: b.ID, AdministrationID: &a.ID, CodePostal: in.CodePostal, Ville: in.Ville,
		CodeInseeCommune: codes.Commune, CodeInseeDepartement: &codes.Departement, CodeInseeRegion: &codes.Region, NatureLogement: in.NatureLogement,
		Source: operation.SourceImport,
	}
	dedans, err := i.store.DansPerimetre(ctx, p, situation(o))
	if err == nil && !dedans {
		err = horsPerimetre()
	}
	return o, err
}

// ConventionDeclaree is a convention that the platform does not know, declared to amend it (02 §9.3).
type ConventionDeclaree struct {
	OperationSaisie
	Numero         string
	AnneeSignature int
	NumeroAvenant  string
	RevisionID     string // of the signed PDF, optional
}

func (in *ConventionDeclaree) verifier(jour date.Date) error {
	c := &controles{}
	in.NumeroOperation, in.TypeHabitat = "", Mixte // neither is asked
	in.OperationSaisie.verifier(c)
	c.texte("/numero", &in.Numero, 255, "Indiquez le numéro de la convention.")
	c.annee("/annee_signature", in.AnneeSignature, jour)
	in.NumeroAvenant = strings.TrimSpace(in.NumeroAvenant)
	if in.NumeroAvenant == "" || utf8.RuneCountInString(in.NumeroAvenant) > 255 {
		c.refuser("/numero_avenant", "required", "Indiquez le numéro de l’avenant, 255 caractères au plus.")
	}
	return c.erreur()
}

// DeclarerConvention records a convention that nobody knew, SIGNEE, and starts an avenant on it with its number (02 §9.3,
// CR-25, AV-26), in one transaction. It returns the avenant. Errors: forbidden, the fields, NUMERO_EXISTANT,
// CONVENTION_HORS_PERIMETRE, FICHIER_IMPORT_INCONNU.
func (i *Importation) DeclarerConvention(ctx context.Context, p auth.Principal, in ConventionDeclaree) (d *Dossier, err error) {
	if err := peutAjouter(p); err != nil {
		return nil, err
	}
	_, jour := i.s.maintenant()
	if err := in.verifier(jour); err != nil {
		return nil, err
	}
	reserve := uuid.Must(uuid.NewV7())
	if in.RevisionID != "" {
		piece, err := i.depots.Reservee(ctx, p, in.RevisionID)
		if err != nil {
			return nil, err
		}
		if piece.Publiee {
			return nil, dejaUtilise()
		}
		reserve = piece.Reserve
	}
	err = i.s.store.InTx(ctx, func(ctx context.Context) error {
		d, err = i.declarer(ctx, p, in, reserve)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("declare convention: %w", conflitImport(err))
	}
	return d, nil
}

func (i *Importation) declarer(ctx context.Context, p auth.Principal, in ConventionDeclaree, reserve uuid.UUID) (*Dossier, error) {
	if err := i.numeroLibre(ctx, p, in.Numero); err != nil {
		return nil, err
	}
	o, err := i.operationSaisie(ctx, p, in.OperationSaisie)
	if err != nil {
		return nil, err
	}
	if in.Financement == SansFinancement {
		o.TypeOperation = operation.SansTravaux
	} else {
		o.TypeOperation = operation.Neuf
	}
	if err := i.store.CreerOperation(ctx, &o); err != nil {
		return nil, err
	}
	racine, err := i.inscrireSignee(ctx, p, signee{
		uuid: reserve, operation: o, numero: in.Numero, annee: in.AnneeSignature, financement: in.Financement, habitat: in.TypeHabitat,
		logements: in.NbLogements, revision: in.RevisionID,
	})
	if err != nil {
		return nil, err
	}
	d, err := i.s.CreerAvenant(ctx, p, racine.Convention.UUID, nil)
	if err != nil {
		return nil, err
	}
	le, _ := i.s.maintenant()
	if err := i.s.store.Modifier(ctx, d, map[string]any{"numero": in.NumeroAvenant}, le); err != nil {
		return nil, err
	}
	if err := i.s.store.RafraichirRecherche(ctx, racine.Convention.ID); err != nil {
		return nil, err
	}
	return i.s.store.Charger(ctx, p, d.Convention.UUID)
}
