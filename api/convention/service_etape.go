package convention

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/comment"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/fault"
	"github.com/google/uuid"
)

// VueEtape is a step as shown to someone.
type VueEtape struct {
	Dossier    *Dossier
	Section    Section
	Modifiable Modifiable
	Champs     []ChampVu
	// Avertissements are what deserves attention in the saved data and never stops a save.
	Avertissements []Anomalie
	Brouillon      *Brouillon // unsaved input of this person, nil when none
}

// ChampVu is a visible field with its value and whether this person may change it.
type ChampVu struct {
	Champ
	Valeur     any
	Modifiable bool
}

// LireEtape returns a step for p; not_found when it does not apply to the nature of the operation.
func (s *Service) LireEtape(ctx context.Context, p auth.Principal, id uuid.UUID, code CodeEtape) (VueEtape, error) {
	d, err := s.Lire(ctx, p, id)
	if err != nil {
		return VueEtape{}, err
	}
	return s.vue(ctx, p, d, code)
}

func (s *Service) vue(ctx context.Context, p auth.Principal, d *Dossier, code CodeEtape) (VueEtape, error) {
	section, ok := d.SectionDe(code)
	if !ok {
		return VueEtape{}, fault.Introuvable("Cette étape")
	}
	v := VueEtape{Dossier: d, Section: section, Modifiable: d.ModifiablePar(p)}
	for _, c := range section.Champs {
		if c.visible(d) {
			v.Champs = append(v.Champs, ChampVu{c.pour(d), c.Lire(d), c.ouvert(v.Modifiable) && !c.fige(d, v.Modifiable)})
		}
	}
	_, jour := s.maintenant()
	for _, a := range section.verifier(d, jour) {
		if a.Niveau == NiveauAvertissement {
			v.Avertissements = append(v.Avertissements, a)
		}
	}
	if !v.Modifiable.Rien() {
		b, err := s.store.Brouillon(ctx, p, d.Convention.ID, code)
		if err != nil {
			return VueEtape{}, err
		}
		v.Brouillon = b
	}
	return v, nil
}

// SaisieEtape is what someone saves of a step. An absent key is unchanged.
type SaisieEtape struct {
	Version             int
	Valeurs             map[string]json.RawMessage
	ConfirmerErreurs    bool        // accepts confirmable anomalies
	CommentairesResolus []uuid.UUID // comments to mark RESOLU with the save
}

// EnregistrerEtape saves a step in one transaction: rights per field (forbidden CHAMP_NON_MODIFIABLE),
// version (stale), rules of fields and step (invalid), then data, journal and comments. It never
// changes the statut (PE-36) and erases the draft of the step.
func (s *Service) EnregistrerEtape(ctx context.Context, p auth.Principal, id uuid.UUID, code CodeEtape, in SaisieEtape) (VueEtape, error) {
	var vue VueEtape
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		d, err := s.store.VerrouillerOperation(ctx, p, id)
		if err != nil {
			return err
		}
		section, ok := d.SectionDe(code)
		if !ok {
			return fault.Introuvable("Cette étape")
		}
		if d.LectureSeule(p) || !p.Peut(auth.ChangeConvention) {
			return fault.PermissionRefusee()
		}
		if err := s.perimee(ctx, d, in.Version); err != nil {
			return err
		}
		if err := s.appliquer(ctx, p, d, section, in); err != nil {
			return err
		}
		if err := s.store.JeterBrouillon(ctx, p, d.Convention.ID, code); err != nil {
			return err
		}
		d, err = s.store.Charger(ctx, p, id)
		if fault.Is(err, fault.NotFound) { // the new postcode is that of a territory which p does not see
			return fault.New(fault.Invalid, CodeHorsPerimetre,
				"Avec ce code postal, la convention sortirait du périmètre de votre habilitation : rien n’a été enregistré.").
				WithFields(fault.Field{Pointer: "/code_postal", Code: CodeHorsPerimetre, Detail: "Ce code postal est hors de votre périmètre."})
		}
		if err != nil {
			return err
		}
		vue, err = s.vue(ctx, p, d, code)
		return err
	})
	if err != nil {
		return VueEtape{}, err
	}
	return vue, nil
}

func (s *Service) appliquer(ctx context.Context, p auth.Principal, d *Dossier, section Section, in SaisieEtape) error {
	le, jour := s.maintenant()
	changes, anomalies := section.changements(d, in.Valeurs)
	ouverts := d.ModifiablePar(p)
	if err := refuserChampsFermes(d, ouverts, changes); err != nil {
		return err
	}
	avant, apres, ecritures, cles := map[string]any{}, map[string]any{}, []Ecriture{}, []string{}
	if ouverts.Expert {
		anomalies = append(anomalies, gardesExpert(changes)...)
	}
	for _, c := range changes {
		avant[c.champ.Cle], apres[c.champ.Cle] = c.journal()
		cles = append(cles, c.champ.Cle)
		if c.illisible {
			continue // refused below, with everything else that is wrong
		}
		ecritures = append(ecritures, c.champ.Ecrire(d, c.valeur))
	}
	if section.Deduire != nil {
		ecritures = append(ecritures, section.Deduire(d, cles)...)
	}
	if len(changes) > 0 {
		anomalies = append(anomalies, section.corrigibles(d, ouverts, section.verifier(d, jour))...)
	}
	if err := refuserAnomalies(section.ordonner(anomalies), in.ConfirmerErreurs); err != nil {
		return err
	}
	if len(ecritures) > 0 && d.Convention.Statut.Actif() {
		ecritures = append(ecritures, modifieeApresSignature)
	}
	if len(ecritures) > 0 {
		if err := s.store.Ecrire(ctx, d, ecritures, le); err != nil {
			return fmt.Errorf("step %s: %w", section.Code, err)
		}
		if slices.Contains(cles, champNumeroOperation) {
			if err := s.store.PropagerNumeroOperation(ctx, d, le); err != nil {
				return fmt.Errorf("step %s: %w", section.Code, err)
			}
		}
		j, err := journal(p, event.Modification, "convention", d.Convention.ID, d.Convention.UUID, "etape."+string(section.Code), avant, apres, le)
		if err != nil {
			return err
		}
		j.Mode = d.modeJournal(p)
		if err := s.store.Journaliser(ctx, d.Racine.ID, j); err != nil {
			return err
		}
		if err := s.store.RafraichirRecherche(ctx, d.Racine.ID); err != nil {
			return err
		}
	}
	return s.resoudre(ctx, p, d, in.CommentairesResolus, le)
}

// verifier applies the rules that hold between fields, on the whole step.
func (sec Section) verifier(d *Dossier, jour date.Date) []Anomalie {
	var out []Anomalie
	for _, c := range sec.Champs {
		if c.RequisSi == nil || !c.visible(d) || enTexte(c.Lire(d)) != "" {
			continue
		}
		if autre, ok := sec.champ(c.RequisSi.Champ); ok && c.RequisSi.tient(autre.Lire(d)) {
			out = append(out, *c.obligatoire())
		}
	}
	if sec.Verifier != nil {
		out = append(out, sec.Verifier(d, jour)...)
	}
	return out
}

// corrigibles keeps the anomalies of the fields that this person may change: nobody is stopped by what is closed to him,
// such as the loans of an old convention while one remark on another field is being treated.
func (sec Section) corrigibles(d *Dossier, m Modifiable, anomalies []Anomalie) []Anomalie {
	return slices.DeleteFunc(anomalies, func(a Anomalie) bool {
		c, ok := sec.champ(cleVisee(a.Pointer))
		return ok && (!c.ouvert(m) || c.fige(d, m))
	})
}

func (sec Section) champ(cle string) (Champ, bool) {
	i := slices.IndexFunc(sec.Champs, func(c Champ) bool { return c.Cle == cle })
	if i < 0 {
		return Champ{}, false
	}
	return sec.Champs[i], true
}

// cleVisee is the field of a pointer: "/prets/1/montant" is about "prets".
func cleVisee(pointer string) string {
	cle, _, _ := strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	return cle
}

type changement struct {
	champ         Champ
	avant, valeur any
	illisible     bool // what was sent is no value of the field: the stored one stays
}

// journal is what the audit journal keeps of the change: of a table, the rows that changed.
func (c changement) journal() (avant, apres any) {
	if c.champ.Type != Lignes {
		return c.avant, c.valeur
	}
	return changementsLignes(c.avant.([]LigneSaisie), c.valeur.([]LigneSaisie))
}

// changements reads the values that differ from the stored ones; sending an unchanged value is not a
// change (PE-30).
func (sec Section) changements(d *Dossier, valeurs map[string]json.RawMessage) (changes []changement, anomalies []Anomalie) {
	connus := map[string]bool{}
	for _, c := range sec.Champs {
		connus[c.Cle] = true
		brut, envoye := valeurs[c.Cle]
		if !envoye {
			continue
		}
		c = c.pour(d)
		ch, change, bad := c.lireChangement(d, brut)
		anomalies = append(anomalies, bad...)
		if change {
			changes = append(changes, ch)
		}
	}
	for cle := range valeurs {
		if !connus[cle] {
			anomalies = append(anomalies, Anomalie{Pointer: "/" + cle, Code: "champ_inconnu", Detail: "Ce champ n’existe pas dans cette étape.", Niveau: NiveauErreur})
		}
	}
	return changes, anomalies
}

// lireChangement compares what is sent for a field with what is stored.
func (c Champ) lireChangement(d *Dossier, brut json.RawMessage) (ch changement, change bool, anomalies []Anomalie) {
	ancien := c.Lire(d)
	if c.Type == Lignes {
		lignes, anomalies := c.analyserLignes(brut, ancien.([]LigneSaisie))
		for i := range lignes {
			if lignes[i].UUID == uuid.Nil && len(anomalies) == 0 {
				lignes[i].UUID = uuid.Must(uuid.NewV7())
			}
		}
		if len(anomalies) > 0 {
			return changement{c, ancien, ancien, true}, true, anomalies // still a change: rights come first
		}
		return changement{c, ancien, lignes, false}, !memesLignes(ancien.([]LigneSaisie), lignes), nil
	}
	v, bad := c.analyser(brut)
	switch {
	case bad == nil:
		return changement{c, ancien, v, false}, !egales(v, ancien), nil
	case memeValeur(brut, ancien):
		// an invalid value already stored (import) does not stop the save of another field
		return changement{}, false, nil
	}
	return changement{c, ancien, ancien, true}, true, []Anomalie{*bad} // still a change: rights come first
}

// ordonner puts anomalies in the order of the fields.
func (sec Section) ordonner(anomalies []Anomalie) []Anomalie {
	slices.SortStableFunc(anomalies, func(a, b Anomalie) int { return sec.rang(a.Pointer) - sec.rang(b.Pointer) })
	return anomalies
}

func (sec Section) rang(pointer string) int {
	i := slices.IndexFunc(sec.Champs, func(c Champ) bool { return c.Cle == cleVisee(pointer) })
	if i < 0 {
		return len(sec.Champs)
	}
	return i
}

func memeValeur(brut json.RawMessage, stockee any) bool {
	b, err := json.Marshal(stockee)
	return err == nil && string(b) == string(brut)
}

func refuserChampsFermes(d *Dossier, m Modifiable, changes []changement) error {
	var fermes []fault.Field
	for _, c := range changes {
		if c.champ.fige(d, m) || !c.champ.visible(d) || !c.champ.ouvert(m) {
			fermes = append(fermes, fault.Field{
				Pointer: "/" + c.champ.Cle, Code: "CHAMP_NON_MODIFIABLE",
				Detail: c.champ.Libelle + " : ce champ n’est pas ouvert à la modification.",
			})
		}
	}
	if len(fermes) == 0 {
		return nil
	}
	return fault.New(fault.Forbidden, "CHAMP_NON_MODIFIABLE",
		"Certains champs ne sont pas ouverts à la modification : rien n’a été enregistré.").WithFields(fermes...)
}

func refuserAnomalies(anomalies []Anomalie, confirme bool) error {
	bloque := slices.ContainsFunc(anomalies, func(a Anomalie) bool {
		return a.Niveau == NiveauErreur || a.Niveau == "" || (a.Niveau == NiveauConfirmable && !confirme)
	})
	if !bloque {
		return nil
	}
	return fault.New(fault.Invalid, "invalide", "Corrigez les points signalés : rien n’a été enregistré.").WithFields(anomalies...)
}

// resoudre marks comments RESOLU with the save of their step.
func (s *Service) resoudre(ctx context.Context, p auth.Principal, d *Dossier, ids []uuid.UUID, le time.Time) error {
	for _, id := range ids {
		i := slices.IndexFunc(d.Commentaires, func(c comment.Commentaire) bool { return c.UUID == id })
		if i < 0 {
			return fault.New(fault.Invalid, "COMMENTAIRE_INCONNU", "Un des commentaires n’existe plus.").
				WithFields(fault.Field{Pointer: "/commentaires_resolus", Code: "unknown_row", Detail: "Ce commentaire n’appartient pas à ce dossier."})
		}
		c := d.Commentaires[i]
		if c.Statut == comment.Resolu {
			continue
		}
		if err := s.changerStatutCommentaire(ctx, p, d, &c, comment.Resolu, le); err != nil {
			return err
		}
	}
	return nil
}
