package convention

import (
	"context"
	"fmt"
	"strings"

	"apilos/api/auth"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/operation"

	"github.com/google/uuid"
)

// ImportConvention is a signed convention to record on an operation (CR-28).
type ImportConvention struct {
	NumeroOperation string
	Numero          string
	NbLogements     int
	Financement     Financement
	TypeHabitat     TypeHabitat // "" when it is not known: MIXTE
	AnneeSignature  int
	RevisionID      string // of the signed PDF (RecevoirDocument)
}

func (in *ImportConvention) verifier(jour date.Date) error {
	c := &controles{}
	c.texte("/numero_operation", &in.NumeroOperation, 255, "Choisissez l’opération.")
	c.texte("/numero", &in.Numero, 255, "Indiquez le numéro de la convention.")
	c.logements("/nb_logements", in.NbLogements)
	c.financement("/financement", in.Financement)
	c.annee("/annee_signature", in.AnneeSignature, jour)
	if in.TypeHabitat == "" {
		in.TypeHabitat = Mixte
	}
	if !connu(TypesHabitat(), string(in.TypeHabitat)) {
		c.refuser("/type_habitat", "enum", "Choisissez un type d’habitat de la liste.")
	}
	if in.RevisionID == "" {
		c.refuser("/revision_id", "required", "Déposez le document signé.")
	}
	return c.erreur()
}

func connu(choix []Choix, valeur string) bool {
	for _, x := range choix {
		if x.Valeur == valeur {
			return true
		}
	}
	return false
}

// ImporterConvention records a convention signed outside the platform (T23, CR-26 to CR-29): SIGNEE on 1 January of its
// year, without alert nor mail. Given again with the same file it answers the convention that is there, deja true
// (CC-12). Errors: AJOUT_CONVENTION_FERME, not_found for the operation, the fields, NUMERO_EXISTANT,
// FINANCEMENT_DEJA_CONVENTIONNE, FICHIER_IMPORT_INCONNU.
func (i *Importation) ImporterConvention(ctx context.Context, p auth.Principal, in ImportConvention) (d *Dossier, deja bool, err error) {
	if err := i.ajoutOuvert(ctx, p); err != nil {
		return nil, false, err
	}
	if err := peutAjouter(p); err != nil {
		return nil, false, err
	}
	_, jour := i.s.maintenant()
	if err := in.verifier(jour); err != nil {
		return nil, false, err
	}
	piece, err := i.depots.Reservee(ctx, p, in.RevisionID)
	if err != nil {
		return nil, false, err
	}
	trouver, err := i.operations.Preparer(ctx, p, in.NumeroOperation)
	if err != nil {
		return nil, false, err
	}
	err = i.s.store.InTx(ctx, func(ctx context.Context) error {
		d, deja, err = i.importerConvention(ctx, p, in, piece, trouver)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("import convention: %w", conflitImport(err))
	}
	if deja && !piece.Publiee {
		return d, true, i.depots.Abandonner(ctx, p, piece.RevisionID)
	}
	return d, deja, nil
}

func (i *Importation) importerConvention(ctx context.Context, p auth.Principal, in ImportConvention, piece PieceImport, trouver operation.Preparee) (*Dossier, bool, error) {
	racine, err := trouver(ctx) // holds the number of the operation from here on
	if err != nil {
		return nil, false, err
	}
	signe := premierJanvier(in.AnneeSignature)
	existante, err := i.store.DejaConventionnee(ctx, p, racine.ID, in.Financement)
	if err != nil {
		return nil, false, err
	}
	if existante != nil {
		if existante.meme(in.Numero, signe, piece) && existante.NbLogements == in.NbLogements {
			d, err := i.s.store.Charger(ctx, p, existante.UUID)
			return d, true, err
		}
		return nil, false, financementConventionne(existante)
	}
	if piece.Publiee {
		return nil, false, dejaUtilise()
	}
	if err := i.numeroLibre(ctx, p, in.Numero); err != nil {
		return nil, false, err
	}
	d, err := i.inscrireSignee(ctx, p, signee{
		uuid: piece.Reserve, operation: racine.Operation, numero: in.Numero, annee: in.AnneeSignature, financement: in.Financement,
		habitat: in.TypeHabitat, logements: in.NbLogements, revision: piece.RevisionID,
	})
	return d, false, err
}

// meme tells whether what is there is what is given again: same number, same year, same bytes.
func (e *Enregistree) meme(numero string, signe date.Date, piece PieceImport) bool {
	return e.Visible && e.Source == SourceImport && memeNumero(e.Numero, numero) && e.SigneLe != nil && *e.SigneLe == signe &&
		(e.UUID == piece.Reserve || e.Sha256 == piece.Sha256)
}

func memeNumero(a, b string) bool {
	normal := func(s string) string { return strings.ToUpper(strings.ReplaceAll(s, " ", "")) }
	return normal(a) == normal(b)
}

func financementConventionne(e *Enregistree) error {
	const message = "Ce financement a déjà une convention sur cette opération."
	f := fault.New(fault.Invalid, CodeFinancementConventionne, message).
		WithFields(fault.Field{Pointer: "/financement", Code: CodeFinancementConventionne, Detail: "Choisissez un financement qui n’a pas encore de convention."})
	if e.Visible {
		f = f.With("convention_uuid", e.UUID.String())
	}
	return f
}

func dejaUtilise() error {
	return fault.New(fault.Invalid, CodeFichierImportInconnu, "Ce document a déjà servi à enregistrer une autre convention. Déposez-le à nouveau.").
		WithFields(fault.Field{Pointer: "/revision_id", Code: CodeFichierImportInconnu, Detail: "Déposez à nouveau le document signé."})
}

// signee is a root to record as already signed.
type signee struct {
	uuid        uuid.UUID
	operation   operation.Operation
	numero      string
	annee       int
	financement Financement
	habitat     TypeHabitat
	logements   int
	revision    string // "" without a signed file
}

// inscrireSignee inserts the root with its lot, its history, its journal and its file (CR-29).
func (i *Importation) inscrireSignee(ctx context.Context, p auth.Principal, n signee) (*Dossier, error) {
	le, _ := i.s.maintenant()
	signe := premierJanvier(n.annee)
	id, err := i.store.CreerRacine(ctx, NouvelleRacine{
		UUID: n.uuid, Operation: n.operation, Statut: Signee, Numero: &n.numero, SigneLe: &signe, Precision: PrecisionAnnee, Source: SourceImport,
		CreeParID: p.UtilisateurID, Financement: n.financement, TypeHabitat: n.habitat, NbLogements: n.logements, Le: le,
	})
	if err != nil {
		return nil, err
	}
	if err := i.s.store.RafraichirRecherche(ctx, id); err != nil {
		return nil, err
	}
	err = i.s.inscrireCreation(ctx, p, creation{
		id: id, uuid: n.uuid, famille: id, importee: true, origine: event.OrigineWeb, le: le,
		faits: map[string]any{"numero": n.numero, "signe_le": signe, "precision_date_signature": PrecisionAnnee, "source": SourceImport, "financement": n.financement},
	})
	if err != nil {
		return nil, err
	}
	if n.revision != "" {
		if err := i.depots.Publier(ctx, p, n.revision); err != nil {
			return nil, err
		}
	}
	d, err := i.s.store.Charger(ctx, p, n.uuid)
	if err != nil {
		return nil, err
	}
	if err := i.avancerCompteur(ctx, d, n.annee); err != nil {
		return nil, err
	}
	return d, i.s.store.Figer(ctx, d, SourceImport)
}
