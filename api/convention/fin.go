package convention

import (
	"context"
	"fmt"
	"strings"

	"apilos/api/auth"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/fichier"

	"github.com/google/uuid"
)

// fin is one of the two ways a convention ends (02 §3.7, §3.8): an avenant asks for it, its validation ends the family.
type fin struct {
	genre Genre
	vers  Statut
	etape CodeEtape
	// colonne holds the day, and champ its key in the form; motif is the key of the reason.
	colonne, motif string
	motifRequis    bool
	nomDate        string
	rubrique       string // of the acte
	codeDate       string // problem codes of what is missing
	codeMotif      string
}

var (
	denonciation = fin{
		genre: GenreDenonciation, vers: Denoncee, etape: EtapeDenonciation, colonne: "date_denonciation", motif: "motif_denonciation",
		nomDate: "La date de dénonciation", rubrique: RubriqueInstructionDenonciation,
		codeDate: "DATE_DENONCIATION_REQUISE",
	}
	resiliation = fin{
		genre: GenreResiliation, vers: Resiliee, etape: EtapeResiliation, colonne: "date_resiliation", motif: "motif_resiliation", motifRequis: true,
		nomDate: "La date de résiliation", rubrique: RubriqueInstructionResiliation,
		codeDate: "DATE_RESILIATION_REQUISE", codeMotif: "MOTIF_RESILIATION_REQUIS",
	}
)

// EstFin tells whether rows of this genre end their convention when they are validated.
func (g Genre) EstFin() bool { return g == GenreDenonciation || g == GenreResiliation }

// fin is the procedure that d carries; ok is false for a convention or an ordinary avenant.
func (d *Dossier) fin() (fin, bool) {
	switch d.Genre() {
	case GenreDenonciation:
		return denonciation, true
	case GenreResiliation:
		return resiliation, true
	}
	return fin{}, false
}

// finDe is the procedure that led to a statut.
func finDe(s Statut) (fin, bool) {
	switch s {
	case Denoncee:
		return denonciation, true
	case Resiliee:
		return resiliation, true
	}
	return fin{}, false
}

// jour is the day that the row holds for the procedure.
func (f fin) jour(c Convention) *date.Date {
	if f.genre == GenreDenonciation {
		return c.DateDenonciation
	}
	return c.DateResiliation
}

func (f fin) raison(c Convention) string {
	if f.genre == GenreDenonciation {
		return c.MotifDenonciation
	}
	return c.MotifResiliation
}

// enCours tells whether d is a procedure f whose convention may still end.
func (f fin) enCours(d *Dossier) bool { return d.Genre() == f.genre && d.Racine.Statut.Actif() }

func (f fin) creeParService(d *Dossier) bool { return f.enCours(d) && creeParInstructeur(d) }

// transition is T18 or T19: asked on the avenant of the procedure, it ends the whole family.
func (f fin) transition(code Code) transition {
	return transition{
		code: code, libelle: "Valider la " + f.genre.Nom(), primaire: true,
		confirmation: "La convention et ses avenants en vigueur prendront fin ensemble à la date indiquée. Cette décision ne s’annule pas.",
		qui:          instructeurSeul, perm: auth.ValidateConvention, commentaire: commentaireOptionnel,
		departs: []depart{
			{de: Instruction, vers: f.vers, si: f.enCours},
			{de: Correction, vers: f.vers, si: f.enCours},
			{de: Projet, vers: f.vers, si: f.creeParService},
		},
		preconditions: verifierTerminaison, effets: func(e *execution) error { return f.terminer(e, code) },
	}
}

// correction is one of the corrections of ST-06: the day changes on the whole family, the statut does not.
func (f fin) correction(code Code) transition {
	return transition{
		code: code, libelle: "Corriger la date de " + f.genre.Nom(), sansAlerte: true,
		confirmation: "La date change sur la convention et sur tous les avenants qui ont pris fin avec elle. Le statut reste le même et l’ancienne date est conservée dans le journal.",
		qui:          instructeurSeul, perm: auth.ValidateConvention, commentaire: sansCommentaire,
		departs:       []depart{{de: f.vers, vers: f.vers}},
		preconditions: f.verifierCorrection, effets: func(e *execution) error { return f.corriger(e, code) },
	}
}

// creeParBailleur tells who must give the acte: a creator who is not known any more counts as a bailleur (AV-43).
func (d *Dossier) creeParBailleur() bool {
	return d.Convention.CreeParID == nil || !creeParInstructeur(d)
}

// actes are the files of the procedure in force that can be read.
func (d *Dossier) actes() []Document { return d.courants(d.RubriqueInstruction()) }

// courants are the files in force of a rubrique, infected ones apart.
func (d *Dossier) courants(rubrique string) []Document {
	var out []Document
	for _, doc := range d.Documents {
		if doc.Rattache.Rubrique == rubrique && doc.Courant() && doc.Fichier.Antivirus != fichier.Infecte {
			out = append(out, doc)
		}
	}
	return out
}

// verifierFin is what T02, T06, T18 and T19 ask of a procedure: its day, and the reason of a résiliation.
func verifierFin(v *verification, f fin) {
	c := v.d.Convention
	base := "/" + string(f.etape) + "/"
	if f.jour(c) == nil {
		v.manque(f.codeDate, base+f.colonne, "Indiquez la date de "+f.genre.Nom()+".")
	}
	if f.motifRequis && strings.TrimSpace(f.raison(c)) == "" {
		v.manque(f.codeMotif, base+f.motif, "Indiquez le motif de la "+f.genre.Nom()+".")
	}
}

// verifierTerminaison is T18 and T19 (AV-31, AV-41 to AV-43).
func verifierTerminaison(v *verification) {
	verifierCommentaire(v)
	f, ok := v.d.fin()
	if !ok {
		return
	}
	if a := v.d.AvenantEnCours; a != nil {
		v.refus(fault.New(fault.Conflict, "AVENANT_EN_COURS", "Un autre avenant est en cours. Terminez-le ou annulez-le avant de mettre fin à la convention.").
			With("avenant_uuid", a.String()), "/parent")
	}
	verifierFin(v, f)
	if f.genre == GenreResiliation && v.d.creeParBailleur() && len(v.d.actes()) == 0 {
		v.manque("ACTE_RESILIATION_MANQUANT", "/"+string(f.etape)+"/acte", "Déposez l’acte de résiliation : il est nécessaire quand la demande vient du bailleur.")
	}
}

// terminer is AV-30 and AV-40: every row of the family in force takes the statut and the day of the avenant, in one
// transaction. The rows are locked by ascending id before anything is written (CC-04).
func (f fin) terminer(e *execution, code Code) error {
	jour := *f.jour(e.d.Convention)
	e.avertirFin()
	return f.entrainer(e, code, jour, f.vers, Signee, PublicationEnCours, Publie)
}

// corriger is ST-06.
func (f fin) corriger(e *execution, code Code) error {
	jour := *f.saisi(e.cmd)
	e.avant[f.colonne] = f.jour(e.d.Convention)
	e.set(f.colonne, jour)
	return f.entrainer(e, code, jour, f.vers, f.vers)
}

// saisi is the day typed with a correction.
func (f fin) saisi(cmd Commande) *date.Date {
	if f.genre == GenreDenonciation {
		return cmd.DateDenonciation
	}
	return cmd.DateResiliation
}

// entrainer writes the same day and statut on the other rows of the family whose statut is one of depuis. Each one
// has its own version, history, journal and announcement.
func (f fin) entrainer(e *execution, code Code, jour date.Date, vers Statut, depuis ...Statut) error {
	t, ok := trouverTransition(code)
	if !ok {
		return fmt.Errorf("transition %s is not in the table", code)
	}
	membres, err := e.s.store.VerrouillerMembres(e.ctx, e.d.Racine.ID, e.d.Convention.ID, depuis...)
	if err != nil {
		return err
	}
	for _, id := range membres {
		d, err := e.s.store.Charger(e.ctx, auth.Principal{Superuser: true}, id) // whatever the perimeter: the family ends whole
		if err != nil {
			return err
		}
		m := &execution{
			ctx: e.ctx, s: e.s, d: d, p: e.p, cmd: Commande{Commentaire: e.cmd.Commentaire}, le: e.le, jour: e.jour, origine: e.origine, entraine: true,
			changements: map[string]any{f.colonne: jour}, avant: map[string]any{f.colonne: f.jour(d.Convention)},
			notes: map[string]any{"par": e.d.Convention.UUID},
		}
		if d.Convention.Statut == PublicationEnCours { // nothing is awaited from the land registry any more
			if err := e.s.store.ClorePublication(e.ctx, d.Convention.ID, PublicationSPF{AnnuleLe: &e.le}, e.le); err != nil {
				return err
			}
		}
		if err := m.conclure(t, vers); err != nil {
			return fmt.Errorf("row %s of the family: %w", id, err)
		}
	}
	return nil
}

func (f fin) verifierCorrection(v *verification) {
	if v.apercu {
		return
	}
	pointeur := "/" + f.colonne
	j := f.saisi(v.cmd)
	if j == nil {
		v.manque("DATE_REQUISE", pointeur, f.nomDate+" : à renseigner.")
		return
	}
	if detail := f.avantSignature(v.d, *j); detail != "" {
		v.manque("DATE_INCOHERENTE", pointeur, detail)
	}
}

// avantSignature tells why a day cannot be the end of the convention: it has not been signed yet that day.
func (f fin) avantSignature(d *Dossier, j date.Date) string {
	if s := d.Racine.SigneLe; s != nil && j.Before(*s) {
		return f.nomDate + " ne peut pas précéder la signature du " + s.French() + "."
	}
	return ""
}

// corrigerPublication is the correction of the day of a publication (ST-06), on the row it concerns only.
func corrigerPublication(e *execution) error {
	e.avant["date_publication_spf"] = e.d.Convention.DatePublicationSPF
	e.set("date_publication_spf", *e.cmd.DatePublication)
	return e.s.store.DaterPublication(e.ctx, e.d.Convention.ID, *e.cmd.DatePublication, e.le)
}

// verifierCorrectionPublication: the order of the days is that of the publication (PU-06).
func verifierCorrectionPublication(v *verification) {
	r := jourPublication{champ: "/date_publication_spf", nom: "La date de publication", apres: v.d.Convention.SigneLe, evenement: "la signature"}
	if p := v.d.Publication(); p != nil && p.Courante.DateEnvoi != nil && p.Courante.DatePublication != nil {
		r.apres, r.evenement = p.Courante.DateEnvoi, "l’envoi"
	}
	v.verifierJour(v.cmd.DatePublication, r)
}

type storeFin interface {
	// VerrouillerMembres locks every row of a family by ascending id and returns those of the given statuts, saufID
	// apart. The root is locked already.
	VerrouillerMembres(ctx context.Context, racineID, saufID int64, statuts ...Statut) ([]uuid.UUID, error)
	// RacinesParNumero finds the conventions that carry a number, case and outer spaces ignored, cancelled ones apart; at
	// most three are given.
	RacinesParNumero(ctx context.Context, numero string) ([]RacineNumerotee, error)
}
