package convention

import (
	"context"
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/comment"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/fault"
)

// Rubrique of the signed document in fichier_rattache.
const RubriqueDocumentSigne = "DOCUMENT_SIGNE"

// execution is a transition being carried out, inside its transaction.
type execution struct {
	ctx  context.Context
	s    *Service
	d    *Dossier
	p    auth.Principal
	cmd  Commande
	le   time.Time
	jour date.Date
	// changements are the columns of convention to write, besides statut and version.
	changements map[string]any
	avant       map[string]any // previous values, for the journal
	notes       map[string]any // values of other tables, for the journal
	// Of a call of SIAP; empty for a person of the web application.
	origine  string                // of the history
	mode     string                // of the journal, "" for the one of origine
	compteID int64                 // whose login the messages leave under
	entraine bool                  // changed with another row of its family (T18, T19)
	clos     []comment.Commentaire // closed by the transition, as they were
	warnings []Avertissement
}

// Avertissement tells the actor something that blocks nothing.
type Avertissement struct {
	Code   string
	Detail string
}

func (e *execution) set(colonne string, valeur any) { e.changements[colonne] = valeur }

func (e *execution) noter(nom string, valeur any) { e.notes[nom] = valeur }

func (e *execution) avertir(code, detail string) {
	e.warnings = append(e.warnings, Avertissement{code, detail})
}

// soumettre is T02 and T06: soumis_le at every submission, premiere_soumission_le at the first one only, which is the
// sending back of corrections when the service started the dossier (T03).
func soumettre(e *execution) error {
	if e.d.Convention.PremiereSoumissionLe == nil {
		e.set("premiere_soumission_le", e.le)
	}
	e.set("soumis_le", e.le)
	e.avertirFin()
	return nil
}

// avertirFin tells the actor what is unusual about the end that is asked for (AV-32).
func (e *execution) avertirFin() { e.warnings = append(e.warnings, e.d.avertissementsFin(e.jour)...) }

// AvertissementSIAP tells that some of the people of the service may not hear of a submission (EM-24).
const AvertissementSIAP = "OPERATION_SIAP_INDISPONIBLE"

// AvecSIAP tells whether SIAP answered lately, without calling it: a submission does not wait for it (CC-53).
func AvecSIAP(joignable func() bool) Option { return func(s *Service) { s.siapJoignable = joignable } }

// avertirSIAP tells who submits that SIAP, which knows other people of the service, does not answer (EM-24).
func (e *execution) avertirSIAP(code Code) {
	if code == Soumettre && e.s.siapJoignable != nil && strings.TrimSpace(e.d.Operation.NumeroOperation) != "" && !e.s.siapJoignable() {
		e.avertir(AvertissementSIAP, "Le SIAP ne répond pas pour le moment : seuls les instructeurs connus de la plateforme seront prévenus tant qu’il reste indisponible.")
	}
}

// valider is T08: number, first validation date, closing of comments (CO-12), frozen data (DO-02).
func valider(e *execution) error {
	numero, err := e.reserverNumero()
	if err != nil {
		return err
	}
	e.avant["numero"] = e.d.Convention.Numero
	e.set("numero", numero)
	if e.d.Convention.ValideLe == nil {
		e.set("valide_le", e.jour)
	}
	for _, c := range e.d.Commentaires {
		if c.Statut != comment.Clos {
			e.clos = append(e.clos, c)
		}
	}
	if err := e.cloreCommentaires(); err != nil {
		return err
	}
	e.d.Convention.Numero = &numero
	return e.s.store.Figer(e.ctx, e.d, "VALIDATION")
}

// cloreCommentaires closes what is left open, each comment with its row of the journal (CO-07, CO-12).
func (e *execution) cloreCommentaires() error {
	for _, c := range e.clos {
		j, err := journal(e.p, event.Modification, "commentaire", c.ID, c.UUID, commandeClotureAutomatique,
			map[string]any{"statut": c.Statut}, map[string]any{"statut": comment.Clos}, e.le)
		if err != nil {
			return err
		}
		j.Motif = "Clôture automatique à la validation."
		if err := e.s.store.Journaliser(e.ctx, e.d.Racine.ID, j); err != nil {
			return err
		}
	}
	return e.s.store.CloreCommentaires(e.ctx, e.d, e.p, e.le)
}

// commandeClotureAutomatique is what the journal calls the closing of a comment by a validation.
const commandeClotureAutomatique = "commentaire.cloture_automatique"

// revenirInstruction is T09: the signed file is archived, number and validation date stay.
func revenirInstruction(e *execution) error {
	if err := e.s.store.ArchiverDocuments(e.ctx, e.d, e.p, e.le, RubriqueDocumentSigne); err != nil {
		return err
	}
	return e.s.store.PerimerDocumentsGeneres(e.ctx, e.d.Convention.ID)
}

// rouvrir is T10: as T09, and the signature date is cleared (its value stays in the journal), with the rank of an
// avenant: it has one from its signature on (AV-10).
func rouvrir(e *execution) error {
	e.avant["signe_le"] = e.d.Convention.SigneLe
	e.set("signe_le", nil)
	if e.d.EstAvenant() {
		e.set("rang_avenant", nil)
	}
	e.set("precision_date_signature", "JOUR")
	return revenirInstruction(e)
}

// signer is T11 and T12: signature date, and the rank that follows from it (AV-10); a date before validation is accepted
// and pointed out.
func signer(e *execution) error {
	jour := *e.cmd.DateSignature
	if v := e.d.Convention.ValideLe; v != nil && jour.Before(*v) {
		e.avertir("DATE_ANTERIEURE_VALIDATION",
			"La date de signature précède la validation du "+v.French()+". Vérifiez-la.")
	}
	e.avant["signe_le"] = e.d.Convention.SigneLe
	e.set("signe_le", jour)
	e.set("precision_date_signature", "JOUR")
	if e.d.EstAvenant() {
		return e.s.store.ClasserAvenant(e.ctx, e.d, jour)
	}
	return nil
}

// supprimer is T22: a soft deletion, history and journal stay (D04).
func supprimer(e *execution) error {
	e.set("supprime_le", e.le)
	if e.p.UtilisateurID != 0 {
		e.set("supprime_par_id", e.p.UtilisateurID)
	}
	return nil
}

// reserverNumero gives the number of T08 (FI-01 to FI-05): the one typed, else the one the convention
// already has, else the next one of the département.
func (e *execution) reserverNumero() (string, error) {
	d := e.d
	demande := ""
	switch {
	case e.cmd.Numero != nil:
		demande = strings.TrimSpace(*e.cmd.Numero)
	case d.Convention.Numero != nil:
		demande = strings.TrimSpace(*d.Convention.Numero)
	}
	if d.EstAvenant() {
		if demande == "" {
			return e.s.store.ProposerNumeroAvenant(e.ctx, d)
		}
		return demande, nil // unique in the family: ux_convention_numero_avenant
	}
	return e.reserverNumeroRacine(demande)
}

func (e *execution) reserverNumeroRacine(demande string) (string, error) {
	if demande != "" {
		if err := e.refuserNumeroPris(demande, fault.Invalid, "NUMERO_EXISTANT", "Ce numéro est déjà attribué à une autre convention."); err != nil {
			return "", err
		}
	}
	serie, ok := serieDe(e.d, e.jour)
	if !ok {
		return demande, nil
	}
	dernier, err := e.s.store.VerrouillerCompteur(e.ctx, serie.departement, serie.annee)
	if err != nil {
		return "", err
	}
	if demande == "" {
		demande = serie.numero(dernier + 1)
	}
	// The counter is ours now: a number free before the lock may have been given in the meantime (FI-04).
	if err := e.refuserNumeroPris(demande, fault.Conflict, "NUMERO_PRIS", "Ce numéro vient d’être attribué. Nous vous en proposons un autre."); err != nil {
		return "", err
	}
	if rang, ok := serie.rang(demande); ok && rang > dernier {
		if err := e.s.store.AvancerCompteur(e.ctx, serie.departement, serie.annee, rang); err != nil {
			return "", err
		}
	}
	ressemblant, err := e.s.store.NumeroRessemblant(e.ctx, e.d.Convention.ID, demande)
	if err != nil {
		return "", err
	}
	if ressemblant != "" {
		e.avertir("NUMERO_RESSEMBLANT", "Le numéro "+ressemblant+" ressemble à celui-ci.")
	}
	return demande, nil
}

func (e *execution) refuserNumeroPris(numero string, k fault.Kind, code, message string) error {
	porteur, err := e.s.store.PorteurDuNumero(e.ctx, e.p, e.d.Convention.ID, numero)
	if err != nil || porteur == nil {
		return err
	}
	propose, err := e.s.proposerNumero(e.ctx, e.d, e.jour)
	if err != nil {
		return err
	}
	f := fault.New(k, code, message).WithFields(fault.Field{Pointer: "/numero", Code: code, Detail: message}).
		With("numero_propose", propose)
	if porteur.Visible {
		f = f.With("convention_uuid", porteur.UUID.String())
	}
	return f
}
