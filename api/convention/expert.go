package convention

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"

	"github.com/google/uuid"
)

// modeExpert marks in the journal the corrections of what is signed (PE-34).
const modeExpert = "EXPERT"

// CommandeNumero is what the journal calls a correction of the number of a convention (02 §2.4).
const CommandeNumero = "numero.corriger"

// champNumeroOperation is the key of the number of the operation in its step.
const champNumeroOperation = "numero_operation"

// modifieeApresSignature tells on the convention that its data are not those that were signed any more (PE-35).
var modifieeApresSignature = Ecriture{TableConvention, "donnees_modifiees_apres_signature", true}

// ModeExpertPossible tells whether p may ask for expert mode on d: somebody who validates, in writing, on a convention or
// an avenant in force (PE-34).
func (d *Dossier) ModeExpertPossible(p auth.Principal) bool {
	return d.Convention.Statut.Actif() && !d.LectureSeule(p) && (p.CoteInstructeur() || p.Superuser || p.Staff) &&
		p.Peut(auth.ChangeConvention) && p.Peut(auth.ValidateConvention)
}

// enModeExpert tells whether this request is one of expert mode: asking for it opens nothing to anybody else.
func (d *Dossier) enModeExpert(p auth.Principal) bool { return p.Expert && d.ModeExpertPossible(p) }

// modeJournal is the mode of the rows of the journal for a change of the data of d by p.
func (d *Dossier) modeJournal(p auth.Principal) string {
	if d.enModeExpert(p) {
		return modeExpert
	}
	return modeNormal
}

// gardesExpert refuses what a correction may not do: a known number of operation is replaced, never erased.
func gardesExpert(changes []changement) []Anomalie {
	i := slices.IndexFunc(changes, func(c changement) bool { return c.champ.Cle == champNumeroOperation })
	if i < 0 || enTexte(changes[i].valeur) != "" {
		return nil
	}
	return []Anomalie{*changes[i].champ.erreur("required", "Le numéro d’opération se corrige ; il ne s’efface pas.")}
}

// CorrigerNumero gives another number to a convention or an avenant in force, in expert mode only (02 §2.4): the rules of
// FI-02 to FI-04 and of AV-12 hold, the family and its lists follow, the statut and the signed file do not change
// (PE-35). Errors: not_found, forbidden (CHAMP_NON_MODIFIABLE outside of expert mode), stale, NUMERO_REQUIS,
// NUMERO_EXISTANT, NUMERO_AVENANT_EXISTANT. The number it already has is no change.
func (s *Service) CorrigerNumero(ctx context.Context, p auth.Principal, id uuid.UUID, version int, numero string) (Resultat, error) {
	var out Resultat
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		d, err := s.store.Verrouiller(ctx, p, id)
		if err != nil {
			return err
		}
		if err := d.admettreNumero(p, version); err != nil {
			return err
		}
		numero = strings.TrimSpace(numero)
		if points := refusNumero(numero); points != nil {
			return fault.New(fault.Invalid, "PRECONDITIONS_NON_REMPLIES", "Ce numéro n’est pas accepté : rien n’a été enregistré.").WithFields(points...)
		}
		if d.Convention.Numero == nil || *d.Convention.Numero != numero {
			if out.Avertissements, err = s.ecrireNumero(ctx, p, d, numero); err != nil {
				return err
			}
		}
		out.Dossier, err = s.store.Charger(ctx, p, id)
		return err
	})
	if err != nil {
		return Resultat{}, fmt.Errorf("correct number: %w", err)
	}
	return out, nil
}

func (d *Dossier) admettreNumero(p auth.Principal, version int) error {
	if d.LectureSeule(p) || !p.Peut(auth.ChangeConvention) || !p.Peut(auth.ValidateConvention) { // PE-03
		return fault.PermissionRefusee()
	}
	if err := perimee(d, version); err != nil {
		return err
	}
	if d.enModeExpert(p) {
		return nil
	}
	return fault.New(fault.Forbidden, "CHAMP_NON_MODIFIABLE", "Le numéro ne se corrige qu’en mode expert, sur une convention en vigueur : rien n’a été enregistré.").
		WithFields(fault.Field{Pointer: "/numero", Code: "CHAMP_NON_MODIFIABLE", Detail: "Numéro : ce champ n’est pas ouvert à la modification."})
}

// refusNumero is FI-02.
func refusNumero(numero string) []fault.Field {
	switch l := utf8.RuneCountInString(numero); {
	case l == 0:
		return []fault.Field{{Pointer: "/numero", Code: "NUMERO_REQUIS", Detail: "Le numéro est obligatoire."}}
	case l > 255:
		return []fault.Field{{Pointer: "/numero", Code: "too_long", Detail: "Numéro : 255 caractères au maximum."}}
	case strings.ContainsRune(numero, 0) || !utf8.ValidString(numero):
		return []fault.Field{{Pointer: "/numero", Code: "not_text", Detail: "Le numéro contient des caractères illisibles."}}
	}
	return nil
}

// ecrireNumero reserves the number as a validation does, then writes it, and tells the programs that follow numbers.
func (s *Service) ecrireNumero(ctx context.Context, p auth.Principal, d *Dossier, numero string) ([]Avertissement, error) {
	le, jour := s.maintenant()
	e := &execution{
		ctx: ctx, s: s, d: d, p: p, cmd: Commande{Numero: &numero}, le: le, jour: jour,
		changements: map[string]any{}, avant: map[string]any{"numero": d.Convention.Numero},
	}
	reserve, err := e.reserverNumero()
	if err != nil {
		return nil, err
	}
	e.set("numero", reserve)
	colonnes := map[string]any{"numero": reserve, modifieeApresSignature.Colonne: true}
	if err := s.store.Modifier(ctx, d, colonnes, le); err != nil {
		return nil, err
	}
	j, err := journal(p, event.Modification, "convention", d.Convention.ID, d.Convention.UUID, CommandeNumero, e.avant, e.changements, le)
	if err != nil {
		return nil, err
	}
	j.Mode = d.modeJournal(p)
	if err := s.store.Journaliser(ctx, d.Racine.ID, j); err != nil {
		return nil, err
	}
	if err := s.store.RafraichirRecherche(ctx, d.Racine.ID); err != nil {
		return nil, err
	}
	return e.warnings, e.annoncer(CommandeNumero, d.Convention.Statut, d.Convention.Statut)
}

type storeExpert interface {
	// PropagerNumeroOperation gives the number of the operation of d to the versions that the avenants of its families
	// have of it, raises the versions of those avenants and refreshes their lists. The caller holds the roots; the
	// avenants are locked by ascending id (CC-04).
	PropagerNumeroOperation(ctx context.Context, d *Dossier, le time.Time) error
}
