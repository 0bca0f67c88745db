package convention

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/fichier"
	"github.com/google/uuid"
)

// MaxDocumentSigne is the greatest size of a signed PDF, in bytes (00 decision 25).
const MaxDocumentSigne = 500 << 20

// Coffre keeps the bytes of files. Keys are written once.
type Coffre interface {
	// Deposer streams r under cle. It fails with too_large beyond max bytes and then keeps nothing.
	Deposer(ctx context.Context, cle string, r io.Reader, max int64, typeMime string) (taille int64, sha256 string, err error)
	Retirer(ctx context.Context, cle string) error
	// Compartiment names the bucket or folder that holds the keys.
	Compartiment() string
}

type storeDocument interface {
	// InsererDocument records a file and attaches it; the one in force for the rubrique is archived.
	InsererDocument(ctx context.Context, d *Dossier, f *fichier.Fichier, r *fichier.FichierRattache, le time.Time) error
	ArchiverDocuments(ctx context.Context, d *Dossier, p auth.Principal, le time.Time, rubriques ...string) error
	// PerimerDocumentsGeneres marks the generated documents of a convention as obsolete (T09).
	PerimerDocumentsGeneres(ctx context.Context, conventionID int64) error
	// VerrouillerFichier loads a file to write its verdict, with the convention it is attached to.
	VerrouillerFichier(ctx context.Context, fichierID int64) (*fichier.Fichier, *Dossier, error)
	EcrireVerdict(ctx context.Context, f *fichier.Fichier) error
	// RetablirDocument puts the previous document of the rubrique back in force after an infected one.
	RetablirDocument(ctx context.Context, conventionID int64, rubrique string, infecteID int64, le time.Time) error
}

// Depot is a file given for a convention.
type Depot struct {
	Version  int
	Rubrique string // DOCUMENT_SIGNE
	Nom      string
	Contenu  io.Reader
}

// deposable tells whether p may deposit or replace the signed file now: before signature, or to
// correct it while SIGNEE (T12). Elsewhere the deposit is a conflict, never a change of statut.
func (d *Dossier) deposable(p auth.Principal) error {
	if d.LectureSeule(p) || !p.Peut(auth.ChangeConvention) {
		return fault.PermissionRefusee()
	}
	if s := d.Convention.Statut; s != ASigner && s != Signee {
		return fault.New(fault.Conflict, "DEPOT_INTERDIT",
			"Le document signé se dépose au statut « À signer » : le dossier est au statut « "+s.Libelle(p.CoteInstructeur(), d.Genre())+" ».").
			With("statut_courant", string(s))
	}
	return nil
}

// Deposer receives a signed PDF. The bytes are streamed to the store before the transaction, under a
// new key; a refused or failed deposit leaves no object in force (orphans are swept later). The file
// cannot be used before its antivirus verdict (DO-06). Nothing is ever overwritten (DO-07).
func (s *Service) Deposer(ctx context.Context, p auth.Principal, id uuid.UUID, in Depot) (Document, error) {
	if in.Rubrique != RubriqueDocumentSigne {
		return Document{}, fault.New(fault.Invalid, "RUBRIQUE_INCONNUE", "Ce type de document ne se dépose pas ici.")
	}
	d, err := s.Lire(ctx, p, id)
	if err != nil {
		return Document{}, err
	}
	if err := d.deposable(p); err != nil {
		return Document{}, err
	}
	if err := perimee(d, in.Version); err != nil {
		return Document{}, err
	}
	contenu, err := exigerPDF(in.Contenu)
	if err != nil {
		return Document{}, err
	}
	fid := uuid.Must(uuid.NewV7())
	cle := fmt.Sprintf("conventions/%s/convention_docs/%s.pdf", d.Convention.UUID, fid)
	taille, sha, err := s.coffre.Deposer(ctx, cle, contenu, MaxDocumentSigne, "application/pdf")
	if err != nil {
		return Document{}, err
	}
	doc, err := s.rattacher(ctx, p, id, in, fichier.Fichier{
		UUID: fid, Compartiment: s.coffre.Compartiment(), CleObjet: cle, TypeMime: "application/pdf",
		Taille: &taille, Sha256: &sha, NomReel: nomReel(in.Nom),
	})
	if err != nil {
		// The object belongs to nobody: remove it now; the sweep of orphans is the safety net.
		return Document{}, errors.Join(err, s.coffre.Retirer(context.WithoutCancel(ctx), cle))
	}
	return doc, nil
}

func (s *Service) rattacher(ctx context.Context, p auth.Principal, id uuid.UUID, in Depot, f fichier.Fichier) (Document, error) {
	le, _ := s.maintenant()
	var doc Document
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		d, err := s.store.Verrouiller(ctx, p, id)
		if err != nil {
			return err
		}
		if err := d.deposable(p); err != nil {
			return err
		}
		if err := perimee(d, in.Version); err != nil {
			return err
		}
		f.ID, f.NomStockage, f.CreeLe = 0, nomSigne(d, le), le
		f.Antivirus = fichier.NonAnalyse
		if s.analyseur != nil {
			f.Antivirus = fichier.EnAttente
		}
		r := fichier.FichierRattache{UUID: uuid.Must(uuid.NewV7()), ConventionID: &d.Convention.ID, Rubrique: in.Rubrique, CreeLe: le}
		if p.UtilisateurID != 0 {
			f.DeposeParID, r.CreeParID = &p.UtilisateurID, &p.UtilisateurID
		}
		if err := s.store.InsererDocument(ctx, d, &f, &r, le); err != nil {
			return err
		}
		if err := s.store.Modifier(ctx, d, map[string]any{}, le); err != nil {
			return err
		}
		commande := "document.depose"
		if d.Convention.Statut == Signee {
			commande = string(CorrigerSignature)
		}
		if err := s.journaliserFichier(ctx, p, d, f, event.Ajout, commande, le); err != nil {
			return err
		}
		doc = Document{Rattache: r, Fichier: f, DeposePar: p.NomComplet()}
		if s.analyseur == nil {
			return nil
		}
		return s.analyseur.AnalyserFichier(ctx, f.ID)
	})
	return doc, err
}

// AnnulerDepot archives the signed file before the signature (SG-01).
func (s *Service) AnnulerDepot(ctx context.Context, p auth.Principal, id, document uuid.UUID, version int) error {
	return s.store.InTx(ctx, func(ctx context.Context) error {
		d, err := s.store.Verrouiller(ctx, p, id)
		if err != nil {
			return err
		}
		if d.LectureSeule(p) || !p.Peut(auth.ChangeConvention) {
			return fault.PermissionRefusee()
		}
		doc := d.DocumentCourant(RubriqueDocumentSigne)
		if doc == nil || doc.Rattache.UUID != document {
			return fault.Introuvable("Ce document")
		}
		if err := perimee(d, version); err != nil {
			return err
		}
		if d.Convention.Statut != ASigner {
			return fault.New(fault.Conflict, "DEPOT_INTERDIT", "Le dépôt ne s’annule qu’avant la signature.").
				With("statut_courant", string(d.Convention.Statut))
		}
		le, _ := s.maintenant()
		if err := s.store.ArchiverDocuments(ctx, d, p, le, RubriqueDocumentSigne); err != nil {
			return err
		}
		if err := s.store.Modifier(ctx, d, map[string]any{}, le); err != nil {
			return err
		}
		return s.journaliserFichier(ctx, p, d, doc.Fichier, event.Retrait, "document.depot_annule", le)
	})
}

// Verdict writes what the antivirus said of a file. An infected one is withdrawn: the object is
// removed, the previous document comes back in force, the sides are told (DO-06, AL-T12, EM-06).
func (s *Service) Verdict(ctx context.Context, fichierID int64, verdict string) error {
	var aRetirer string
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		f, d, err := s.store.VerrouillerFichier(ctx, fichierID)
		if err != nil || f.Antivirus == verdict || f.SupprimeLe != nil {
			return err
		}
		le, _ := s.maintenant()
		f.Antivirus = verdict
		if verdict == fichier.Infecte {
			f.SupprimeLe, aRetirer = &le, f.CleObjet
		}
		if err := s.store.EcrireVerdict(ctx, f); err != nil || verdict != fichier.Infecte || d == nil {
			return err
		}
		if err := s.store.RetablirDocument(ctx, d.Convention.ID, RubriqueDocumentSigne, f.ID, le); err != nil {
			return err
		}
		systeme := auth.Principal{Login: "antivirus"}
		if err := s.journaliserFichier(ctx, systeme, d, *f, event.Retrait, "document.infecte", le); err != nil {
			return err
		}
		ev := d.evenement(systeme, le)
		ev.Transition, ev.FichierID, ev.FichierNom = "virus", f.ID, f.NomReel
		if f.DeposeParID != nil {
			ev.DeposeParID = *f.DeposeParID
		}
		return s.sortant.Emettre(ctx, ev)
	})
	if err != nil || aRetirer == "" {
		return err
	}
	return s.coffre.Retirer(ctx, aRetirer)
}

func (s *Service) journaliserFichier(ctx context.Context, p auth.Principal, d *Dossier, f fichier.Fichier, action, commande string, le time.Time) error {
	apres := map[string]any{"fichier": f.UUID, "nom": f.NomReel, "taille": f.Taille, "sha256": f.Sha256}
	j, err := journal(p, action, "fichier", f.ID, f.UUID, commande, nil, apres, le)
	if err != nil {
		return err
	}
	return s.store.Journaliser(ctx, d.Racine.ID, j)
}

// exigerPDF looks at the first bytes only: the content is streamed.
func exigerPDF(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 4096)
	debut, err := b.Peek(5)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read deposit: %w", err)
	}
	if string(debut) != "%PDF-" {
		return nil, fault.New(fault.Invalid, "PDF_REQUIS", "Ce fichier n’est pas un PDF. Déposez le document signé au format PDF.").
			WithFields(fault.Field{Pointer: "/fichier", Code: "PDF_REQUIS", Detail: "Le fichier n’est pas un PDF."})
	}
	return b, nil
}

var horsNom = regexp.MustCompile(`[^\p{L}\p{N}._ '()-]+`)

// nomReel keeps the name given by the person, without path nor control characters, at most 255.
func nomReel(nom string) string {
	if i := strings.LastIndexAny(nom, `/\`); i >= 0 {
		nom = nom[i+1:]
	}
	nom = strings.Trim(horsNom.ReplaceAllString(nom, "_"), " .")
	if nom == "" {
		nom = "document.pdf"
	}
	return tronquer(nom, 255)
}

// nomSigne is the name of a signed file (DO-05): numbers keep no slash nor space.
func nomSigne(d *Dossier, le time.Time) string {
	numero := func(n *string, defaut string) string {
		if n == nil || *n == "" {
			return defaut
		}
		return strings.NewReplacer(" ", "_", "/", "_").Replace(*n)
	}
	heure := le.In(date.Paris()).Format("2006-01-02_15-04")
	if d.EstAvenant() {
		return tronquer(fmt.Sprintf("convention_%s_avenant_%s_%s.pdf", numero(d.Racine.Numero, "NUM"), numero(d.Convention.Numero, "N"), heure), 255)
	}
	projet := ""
	if d.Convention.Statut.EnCours() {
		projet = "_projet"
	}
	return tronquer(fmt.Sprintf("convention_%s%s_%s.pdf", numero(d.Convention.Numero, "NUM"), projet, heure), 255)
}

// DepotPossible tells whether p may deposit the signed file now.
func (d *Dossier) DepotPossible(p auth.Principal) bool { return d.deposable(p) == nil }
