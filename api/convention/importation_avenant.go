package convention

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"apilos/api/auth"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/fault"

	"github.com/google/uuid"
)

// ImportAvenant is an avenant signed on paper to record (02 §3.6, paths A and C).
type ImportAvenant struct {
	Numero         string
	AnneeSignature int
	RevisionID     string     // of the signed PDF (RecevoirDocument)
	BailleurUUID   *uuid.UUID // after this avenant, nil: the one before
	NbLogements    *int       // after this avenant, of a convention with one lot
	Lots           []LotVersion
	ChampLibre     string
	Description    string
	Types          []string // ticked by hand, beside those that are deduced
}

func (in *ImportAvenant) verifier(jour date.Date) error {
	c := &controles{}
	c.texte("/numero", &in.Numero, 255, "Indiquez le numéro de l’avenant.")
	c.annee("/annee_signature", in.AnneeSignature, jour)
	if in.RevisionID == "" {
		c.refuser("/revision_id", "required", "Déposez le document signé.")
	}
	if in.NbLogements != nil {
		c.logements("/nb_logements", *in.NbLogements)
	}
	for n, l := range in.Lots {
		pointeur := fmt.Sprintf("/lots/%d", n)
		if l.NbLogements == nil {
			c.refuser(pointeur+"/nb_logements", "required", "Indiquez le nombre de logements.")
			continue
		}
		c.logements(pointeur+"/nb_logements", *l.NbLogements)
		if slices.ContainsFunc(in.Lots[:n], func(x LotVersion) bool { return x.Financement == l.Financement }) {
			c.refuser(pointeur+"/financement", "unique", "Ce financement est donné deux fois.")
		}
	}
	c.texteLibre("/champ_libre_avenant", &in.ChampLibre)
	c.texteLibre("/desc_avenant", &in.Description)
	return c.erreur()
}

// ImporterAvenant records an avenant signed outside the platform on the family of id (T23, AV-22 to AV-25): SIGNEE on 1
// January of its year, at its place in the order of signatures. Its version is copied from the one in force on that day
// (the ACTIF avenant signed last before it, else the root), then what the form says to have changed is written on the
// avenant's own operation and lots. Given again with the same file it answers the avenant that is there, deja true
// (CC-12). Errors: not_found outside the perimeter and for a root that is not in force (CR-2A), forbidden,
// AVENANT_EN_COURS (AV-08), NUMERO_AVENANT_EXISTANT (AV-25), the fields, FICHIER_IMPORT_INCONNU.
func (i *Importation) ImporterAvenant(ctx context.Context, p auth.Principal, id uuid.UUID, in ImportAvenant) (d *Dossier, deja bool, err error) {
	if d, err = i.s.store.Charger(ctx, p, id); err != nil {
		return nil, false, err
	}
	if !p.Peut(auth.AddConvention) || d.LectureSeule(p) {
		return nil, false, fault.PermissionRefusee()
	}
	_, jour := i.s.maintenant()
	if err := in.verifier(jour); err != nil {
		return nil, false, err
	}
	piece, err := i.depots.Reservee(ctx, p, in.RevisionID)
	if err != nil {
		return nil, false, err
	}
	err = i.s.store.InTx(ctx, func(ctx context.Context) error {
		d, deja, err = i.importerAvenant(ctx, p, id, in, piece)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("import avenant: %w", err)
	}
	if deja && !piece.Publiee {
		return d, true, i.depots.Abandonner(ctx, p, piece.RevisionID)
	}
	return d, deja, nil
}

func (i *Importation) importerAvenant(ctx context.Context, p auth.Principal, id uuid.UUID, in ImportAvenant, piece PieceImport) (*Dossier, bool, error) {
	racine, err := i.racineEnVigueur(ctx, p, id)
	if err != nil {
		return nil, false, err
	}
	signe := premierJanvier(in.AnneeSignature)
	existant, err := i.store.AvenantNumero(ctx, p, racine.Convention.ID, in.Numero)
	switch {
	case err != nil:
		return nil, false, err
	case existant != nil && existant.meme(in.Numero, signe, piece):
		d, err := i.s.store.Charger(ctx, p, existant.UUID)
		return d, true, err
	case racine.AvenantEnCours != nil:
		return nil, false, avenantEnCours(*racine.AvenantEnCours)
	case existant != nil:
		return nil, false, numeroAvenantExistant()
	case piece.Publiee:
		return nil, false, dejaUtilise()
	}
	avant, err := i.store.VersionAvant(ctx, racine.Convention.ID, signe)
	if err != nil {
		return nil, false, err
	}
	c, err := i.changements(ctx, p, racine, in, avant)
	if err != nil {
		return nil, false, err
	}
	d, err := i.inscrireAvenant(ctx, p, racine, in, piece, avant, c)
	return d, false, err
}

// racineEnVigueur locks the root of a family that may receive an avenant. One that is not in force answers like one that
// is not there (CR-2A).
func (i *Importation) racineEnVigueur(ctx context.Context, p auth.Principal, id uuid.UUID) (*Dossier, error) {
	d, err := i.s.store.Verrouiller(ctx, p, id)
	if err == nil && d.EstAvenant() {
		d, err = i.s.store.Verrouiller(ctx, p, d.Racine.UUID)
	}
	switch {
	case err != nil:
		return nil, err
	case !d.Convention.Statut.Actif():
		return nil, fault.Introuvable("Ce dossier")
	case d.LectureSeule(p):
		return nil, fault.PermissionRefusee()
	}
	return d, nil
}

func avenantEnCours(id uuid.UUID) error {
	return fault.New(fault.Conflict, "AVENANT_EN_COURS", "Un avenant est déjà en cours. Terminez-le ou annulez-le avant d’en enregistrer un autre.").
		With("avenant_uuid", id.String())
}

func numeroAvenantExistant() error {
	return fault.New(fault.Invalid, CodeNumeroAvenantExistant, "Un autre avenant de cette convention porte déjà ce numéro.").
		WithFields(fault.Field{Pointer: "/numero", Code: CodeNumeroAvenantExistant, Detail: "Ce numéro est déjà celui d’un autre avenant."})
}

// changementsAvenant is what an imported avenant changed of the version before it.
type changementsAvenant struct {
	types     []string
	bailleur  *int64
	logements map[Financement]int
}

// changements deduces the types (AV-22) and adds those ticked by hand.
func (i *Importation) changements(ctx context.Context, p auth.Principal, racine *Dossier, in ImportAvenant, avant Version) (c changementsAvenant, err error) {
	if err := racine.typesImportables(in.Types); err != nil {
		return c, err
	}
	c.types = slices.Clone(in.Types)
	deduire := func(t string) {
		if !slices.Contains(c.types, t) {
			c.types = append(c.types, t)
		}
	}
	if in.BailleurUUID != nil {
		b, err := i.bailleurChoisi(ctx, p, *in.BailleurUUID, texteDe(racine.Operation.CodeInseeRegion))
		if err != nil {
			return c, err
		}
		if b == nil {
			return c, champRefuse("/bailleur_uuid", "inconnu", "Choisissez un bailleur de la liste.")
		}
		if b.ID != avant.BailleurID {
			c.bailleur = &b.ID
			deduire("bailleur")
		}
	}
	if c.logements, err = logementsChanges(in, avant); err != nil {
		return c, err
	}
	if len(c.logements) > 0 {
		deduire("logements")
	}
	if in.ChampLibre != "" {
		deduire("champ_libre")
	}
	return c, nil
}

// typesImportables are those of an ordinary avenant: a dénonciation or a résiliation ends the convention and has its own
// path (02 §3.7, §3.8).
func (d *Dossier) typesImportables(types []string) error {
	if err := d.typesAdmis(types); err != nil {
		return err
	}
	for n, t := range types {
		if b, ok := BlocDe(t); ok && b.FinDeConvention() {
			return refusType(CodeTypeInadapte, fmt.Sprintf("/types/%d", n), "Une dénonciation ou une résiliation ne s’enregistre pas ici : créez-la depuis la convention.")
		}
	}
	return nil
}

func champRefuse(pointeur, code, detail string) error {
	c := &controles{}
	c.refuser(pointeur, code, detail)
	return c.erreur()
}

// logementsChanges tells the lots whose number of dwellings is another one than before. A convention of several
// financements says which lot changed.
func logementsChanges(in ImportAvenant, avant Version) (map[Financement]int, error) {
	lots := in.Lots
	if in.NbLogements != nil {
		if len(avant.Lots) != 1 || len(lots) > 0 {
			return nil, champRefuse("/nb_logements", "par_financement", "Cette convention a plusieurs financements : donnez le nombre de logements de chacun.")
		}
		lots = []LotVersion{{avant.Lots[0].Financement, in.NbLogements}}
	}
	out := map[Financement]int{}
	for n, l := range lots {
		k := slices.IndexFunc(avant.Lots, func(x LotVersion) bool { return x.Financement == l.Financement })
		if k < 0 {
			return nil, champRefuse(fmt.Sprintf("/lots/%d/financement", n), "inconnu", "La convention n’a pas ce financement.")
		}
		if connu := avant.Lots[k].NbLogements; connu == nil || *connu != *l.NbLogements {
			out[l.Financement] = *l.NbLogements
		}
	}
	return out, nil
}

// inscrireAvenant copies the version before, writes the changes on the copy (AV-23), ranks it (AV-24) and signs it.
func (i *Importation) inscrireAvenant(ctx context.Context, p auth.Principal, racine *Dossier, in ImportAvenant, piece PieceImport, avant Version, c changementsAvenant) (*Dossier, error) {
	le, _ := i.s.maintenant()
	signe := premierJanvier(in.AnneeSignature)
	n := NouvelAvenant{UUID: piece.Reserve, RacineID: racine.Convention.ID, SourceID: avant.ID, CreeParID: p.UtilisateurID, Types: c.types, Le: le}
	id, err := i.s.store.Cloner(ctx, n)
	if err != nil {
		return nil, err
	}
	if err := i.store.ChangerVersion(ctx, id, c.bailleur, c.logements); err != nil {
		return nil, err
	}
	if err := i.s.store.RafraichirRecherche(ctx, n.RacineID); err != nil {
		return nil, err
	}
	d, err := i.s.store.Charger(ctx, p, n.UUID)
	if err != nil {
		return nil, err
	}
	if err := i.s.store.ClasserAvenant(ctx, d, signe); err != nil {
		return nil, err
	}
	if err := i.s.store.Modifier(ctx, d, map[string]any{
		"statut": Signee, "numero": in.Numero, "signe_le": signe, "precision_date_signature": PrecisionAnnee, "source": SourceImport,
		"champ_libre_avenant": in.ChampLibre, "desc_avenant": in.Description,
	}, le); err != nil {
		return nil, err
	}
	err = i.s.inscrireCreation(ctx, p, creation{
		id: id, uuid: n.UUID, famille: n.RacineID, racine: &racine.Convention.UUID, importee: true, origine: event.OrigineWeb, le: le,
		faits: map[string]any{
			"numero": in.Numero, "signe_le": signe, "precision_date_signature": PrecisionAnnee, "source": SourceImport, "types": c.types, "copie_de": avant.ID,
		},
	})
	if err != nil {
		return nil, err
	}
	if err := i.depots.Publier(ctx, p, piece.RevisionID); err != nil {
		return nil, err
	}
	// Read before the family may change hands: the actor sees what it recorded.
	if d, err = i.s.store.Charger(ctx, p, n.UUID); err != nil {
		return nil, err
	}
	if err := i.s.store.Figer(ctx, d, SourceImport); err != nil {
		return nil, err
	}
	if err := i.s.store.RecalculerBailleurEffectif(ctx, n.RacineID); err != nil {
		return nil, err
	}
	return d, i.s.store.RafraichirRecherche(ctx, n.RacineID)
}

// RechercheInitiale is the search of a convention to amend (02 §3.6, path B).
type RechercheInitiale struct {
	Departement string
	Annee       int    // of validation, or of signature
	Numero      string // last characters
}

// ConventionInitiale is a convention that this search found.
type ConventionInitiale struct {
	UUID           uuid.UUID
	Numero         string
	Statut         Statut
	Nom            string
	Ville          string
	CodePostal     string
	Bailleur       string
	ValideLe       *date.Date
	SigneLe        *date.Date
	NbLogements    int
	Financements   []Financement
	AvenantEnCours *uuid.UUID
}

// AvenantPossible tells whether an avenant may be started on it (AV-02, AV-03).
func (c ConventionInitiale) AvenantPossible() bool {
	return c.Statut.Actif() && c.AvenantEnCours == nil
}

// ConventionsInitiales searches the convention to amend among the roots that p sees, by département, year of validation
// or of signature, and end of number; slashes, dashes, blanks and dots do not count.
func (i *Importation) ConventionsInitiales(ctx context.Context, p auth.Principal, r RechercheInitiale) ([]ConventionInitiale, error) {
	if err := peutAjouter(p); err != nil {
		return nil, err
	}
	r.Numero = strings.ToUpper(strings.NewReplacer("/", "", "-", "", " ", "", ".", "").Replace(r.Numero))
	c := &controles{}
	if r.Departement == "" {
		c.refuser("/departement", "required", "Choisissez le département.")
	}
	_, jour := i.s.maintenant()
	c.annee("/annee", r.Annee, jour)
	if r.Numero == "" {
		c.refuser("/numero", "required", "Indiquez les quatre derniers caractères du numéro.")
	}
	if err := c.erreur(); err != nil {
		return nil, err
	}
	return i.store.ConventionsInitiales(ctx, p, r)
}
