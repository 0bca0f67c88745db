package convention

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/comment"
	"apilos/api/event"
	"apilos/api/fault"
	"github.com/google/uuid"
)

// Possible is a transition the caller may ask for now, with what is still missing (ST-03).
type Possible struct {
	Code          Code
	Libelle       string
	Confirmation  string
	Primaire      bool
	Commentaire   string // requis, optionnel, aucun
	Preconditions []fault.Field
	// NumeroPropose is set for valider only (00 decision 21).
	NumeroPropose *string
}

// Resultat is what a transition answers. Dossier is nil when the convention has left the perimeter of the actor: the
// signature of a sale hands the family over (PE-21).
type Resultat struct {
	Dossier        *Dossier
	Avertissements []Avertissement
}

// Possibles lists the transitions that pass permission and statut for p, each with its unmet
// preconditions. A read-only principal gets none (ST-05).
func (s *Service) Possibles(ctx context.Context, p auth.Principal, d *Dossier) ([]Possible, error) {
	_, jour := s.maintenant()
	var out []Possible
	for _, t := range transitions() {
		if _, ok := t.depuis(d); !ok || !t.permise(p, d) {
			continue
		}
		v := &verification{d: d, p: p, jour: jour, apercu: true}
		if t.preconditions != nil {
			t.preconditions(v)
		}
		pos := Possible{t.code, t.libelle, t.confirmation, t.primaire, string(t.commentaire), v.points, nil}
		if t.code == Valider {
			n, err := s.proposerNumero(ctx, d, jour)
			if err != nil {
				return nil, err
			}
			pos.NumeroPropose = &n
		}
		out = append(out, pos)
	}
	return out, nil
}

// Executer carries out a transition in one transaction, in the order of 02 §1.3: perimeter (not_found),
// permission (forbidden), version (stale), statut (conflict TRANSITION_INTERDITE), preconditions
// (invalid PRECONDITIONS_NON_REMPLIES, all at once), then statut, dates, history, journal and messages.
func (s *Service) Executer(ctx context.Context, p auth.Principal, id uuid.UUID, code Code, cmd Commande) (Resultat, error) {
	return s.executer(ctx, p, id, code, cmd, "")
}

// executer is Executer for a command of another origin than the web; "" is the web.
func (s *Service) executer(ctx context.Context, p auth.Principal, id uuid.UUID, code Code, cmd Commande, origine string) (Resultat, error) {
	t, ok := trouverTransition(code)
	if !ok {
		return Resultat{}, fault.New(fault.NotFound, "action_inconnue", "Cette action n’existe pas.")
	}
	cmd.normaliser()
	var res Resultat
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		e, vers, err := s.admettre(ctx, p, id, t, cmd)
		if err != nil {
			return err
		}
		e.origine = origine
		if t.effets != nil {
			if err := t.effets(e); err != nil {
				return fmt.Errorf("transition %s: %w", code, err)
			}
		}
		if err := e.conclure(t, vers); err != nil {
			return fmt.Errorf("transition %s: %w", code, err)
		}
		e.avertirSIAP(code)
		res.Avertissements = e.warnings
		if code == Supprimer {
			res.Dossier = e.d
			return nil
		}
		res.Dossier, err = s.apresChangement(ctx, p, id)
		return err
	})
	if err != nil {
		return Resultat{}, err
	}
	return res, nil
}

// admettre runs steps 1 to 5.
func (s *Service) admettre(ctx context.Context, p auth.Principal, id uuid.UUID, t transition, cmd Commande) (*execution, Statut, error) {
	d, err := s.store.Verrouiller(ctx, p, id)
	if err != nil {
		return nil, "", err
	}
	if !t.permise(p, d) {
		return nil, "", fault.PermissionRefusee()
	}
	if err := s.perimee(ctx, d, cmd.Version); err != nil {
		return nil, "", err
	}
	dep, ok := t.depuis(d)
	if !ok {
		possibles, err := s.Possibles(ctx, p, d)
		if err != nil {
			return nil, "", err
		}
		return nil, "", interdite(d, t, p, possibles)
	}
	le, jour := s.maintenant()
	v := &verification{d: d, p: p, cmd: cmd, jour: jour}
	if t.preconditions != nil {
		t.preconditions(v)
	}
	if v.conflit != nil {
		return nil, "", v.conflit.WithFields(v.points...)
	}
	if len(v.points) > 0 {
		f := fault.New(fault.Invalid, "PRECONDITIONS_NON_REMPLIES", "Des éléments manquent pour « "+t.libelle+" ».").WithFields(v.points...)
		if t.code == Valider && d.CommentairesAvec(comment.Ouvert) > 0 {
			f = f.With("commentaires_ouverts", d.uuidsCommentaires(comment.Ouvert))
		}
		return nil, "", f
	}
	e := &execution{
		ctx: ctx, s: s, d: d, p: p, cmd: cmd, le: le, jour: jour,
		changements: map[string]any{}, avant: map[string]any{}, notes: map[string]any{},
	}
	return e, dep.vers, nil
}

func interdite(d *Dossier, t transition, p auth.Principal, possibles []Possible) error {
	codes := make([]string, 0, len(possibles))
	for _, x := range possibles {
		codes = append(codes, string(x.Code))
	}
	statut := d.Convention.Statut.Libelle(p.CoteInstructeur(), d.Genre())
	return fault.Newf(fault.Conflict, "TRANSITION_INTERDITE",
		"« %s » n’est pas possible : le dossier est au statut « %s ».", t.libelle, statut).
		With("statut_courant", string(d.Convention.Statut)).With("transitions_possibles", codes)
}

func (d *Dossier) uuidsCommentaires(s comment.Statut) []string {
	var out []string
	for _, c := range d.Commentaires {
		if c.Statut == s {
			out = append(out, c.UUID.String())
		}
	}
	return out
}

// conclure is step 6: statut, version, history, journal, effective bailleur, read model, messages.
func (e *execution) conclure(t transition, vers Statut) error {
	d, de := e.d, e.d.Convention.Statut
	if vers != de {
		e.set("statut", vers)
		e.avant["statut"] = de
	}
	if err := e.s.store.Modifier(e.ctx, d, e.changements, e.le); err != nil {
		return err
	}
	var historiqueID int64
	if vers != de || t.code == RelancerBailleur || t.code == NotifierInstructeur {
		h, err := e.historique(t, de, vers)
		if err != nil {
			return err
		}
		historiqueID = h.ID
	}
	if err := e.garderSoumission(t, de, vers); err != nil {
		return err
	}
	if err := e.journaliser(t); err != nil {
		return err
	}
	if err := e.s.store.RecalculerBailleurEffectif(e.ctx, d.Racine.ID); err != nil {
		return err
	}
	if err := e.s.store.RafraichirRecherche(e.ctx, d.Racine.ID); err != nil {
		return err
	}
	if err := e.annoncer(t.code, de, vers); err != nil {
		return err
	}
	if t.sansAlerte {
		return nil
	}
	return e.s.sortant.Emettre(e.ctx, e.evenement(t, vers, historiqueID))
}

func (e *execution) historique(t transition, de, vers Statut) (*event.Historique, error) {
	elements, err := e.elementsConfirmes()
	if err != nil {
		return nil, err
	}
	precedent := string(de)
	h := &event.Historique{
		ConventionID: e.d.Convention.ID, Statut: string(vers), StatutPrecedent: &precedent,
		Transition: string(t.code), Commentaire: e.cmd.Commentaire, ElementsIncomplets: elements, CreeLe: e.le,
	}
	h.Signer(e.p)
	if e.origine != "" {
		h.Origine = e.origine
	}
	if e.origine == event.OrigineSIAP {
		h.RoleTypologie = nil // neither side did it
	}
	return h, e.s.store.InsererHistorique(e.ctx, h)
}

// elementsConfirmes keeps the level B items that the actor confirmed (00 decision 4).
func (e *execution) elementsConfirmes() (json.RawMessage, error) {
	liste := []map[string]string{}
	if e.cmd.ConfirmerIncomplet {
		for _, pt := range e.d.Completude(e.jour) {
			if pt.Niveau == NiveauBloquant {
				liste = append(liste, map[string]string{"code": pt.Code, "etape": string(pt.Etape), "libelle": pt.Libelle})
			}
		}
	}
	return json.Marshal(liste)
}

func (e *execution) journaliser(t transition) error {
	apres := maps.Clone(e.changements)
	maps.Copy(apres, e.notes)
	j, err := journal(e.p, event.Modification, "convention", e.d.Convention.ID, e.d.Convention.UUID, string(t.code), e.avant, apres, e.le)
	if err != nil {
		return err
	}
	j.Motif = tronquer(e.cmd.Commentaire, 500)
	switch e.origine {
	case event.OrigineSIAP:
		j.Mode = modeSIAP
	case event.OrigineLot:
		j.Mode = modeLot
	}
	if e.mode != "" {
		j.Mode = e.mode
	}
	return e.s.store.Journaliser(e.ctx, e.d.Racine.ID, j)
}

// Modes of the rows of the journal that a call of SIAP, or a command on a list, wrote.
const (
	modeSIAP   = "SIAP"
	modeLot    = "LOT"
	modeNormal = "NORMAL"
)

// journal builds one row of the journal, of mode NORMAL: the caller says when it is another one.
func journal(p auth.Principal, action, table string, ligneID int64, objet uuid.UUID, commande string, avant, apres map[string]any, le time.Time) (event.Journal, error) {
	j := event.Journal{
		NomTable: table, LigneID: &ligneID, ObjetUUID: &objet, Action: action, Commande: commande, Mode: modeNormal, CreeLe: le,
	}
	var err error
	if len(avant) > 0 {
		if j.Avant, err = json.Marshal(avant); err != nil {
			return j, fmt.Errorf("journal of %s: %w", table, err)
		}
	}
	if len(apres) > 0 {
		if j.Apres, err = json.Marshal(apres); err != nil {
			return j, fmt.Errorf("journal of %s: %w", table, err)
		}
	}
	j.Signer(p)
	return j, nil
}

func tronquer(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

func (e *execution) evenement(t transition, vers Statut, historiqueID int64) alert.Evenement {
	acteur := e.p
	if e.compteID != 0 {
		acteur.UtilisateurID = e.compteID
	}
	ev := e.d.evenement(acteur, e.le)
	ev.Transition, ev.HistoriqueID, ev.Statut = string(t.code), historiqueID, string(vers)
	ev.Commentaire, ev.Copie, ev.DateSignature = e.cmd.Commentaire, e.cmd.Copie, e.cmd.DateSignature
	ev.Motif, ev.Entraine = e.cmd.Commentaire, e.entraine
	if f, ok := finDe(vers); ok && !e.entraine {
		ev.DateFin, ev.Motif = f.jour(e.d.Convention), f.raison(e.d.Convention)
	}
	return ev
}

// evenement describes the dossier to those who write messages.
func (d *Dossier) evenement(p auth.Principal, le time.Time) alert.Evenement {
	ev := alert.Evenement{
		Le: le, Acteur: p,
		ConventionID: d.Convention.ID, ConventionUUID: d.Convention.UUID,
		RacineID: d.Racine.ID, RacineUUID: d.Racine.UUID, Libelle: d.Titre(),
		Genre: string(d.Genre()), Statut: string(d.Convention.Statut), Numero: d.Convention.Numero,
		OperationNom: d.Operation.Nom, NumeroOperation: d.Operation.NumeroOperation, CodeInseeCommune: d.Operation.CodeInseeCommune,
		BailleurID: d.Bailleur.ID, BailleurNom: d.Bailleur.Nom,
	}
	if d.Bailleur.Siren != nil {
		ev.BailleurSiren = *d.Bailleur.Siren
	}
	if d.Administration != nil {
		ev.AdministrationID, ev.AdministrationNom, ev.CodeGestion = d.Administration.ID, d.Administration.Nom, d.Administration.Code
	}
	return ev
}

// CodesTransition lists the codes of the table, sorted, for documentation and tests.
func CodesTransition() []Code {
	codes := map[Code]bool{}
	for _, t := range transitions() {
		codes[t.code] = true
	}
	return slices.Sorted(maps.Keys(codes))
}
