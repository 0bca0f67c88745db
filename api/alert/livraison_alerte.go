package alert

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"apilos/api/siap"
)

// anomalieAlerte is the code of the data-quality event of an alert that cannot be sent (05 B.9).
const anomalieAlerte = "ALERTE_DONNEE_ABSENTE"

// errBail means that another worker took the row over: this one must do nothing more.
var errBail = errors.New("the claim is no longer ours")

// identifiants are those of the author, or of the technical account (AL-08); ok is false when there is neither.
func (t *essai) identifiants() (c CompteTechnique, ok bool) {
	if t.l.UtilisateurID != nil && t.l.Login != "" && t.l.HabilitationID != nil && *t.l.HabilitationID > 0 {
		return CompteTechnique{t.l.Login, int64(*t.l.HabilitationID)}, true
	}
	return t.s.cfg.Technique, t.s.cfg.Technique.Login != ""
}

// signerDe makes the line of log say whose credentials were used.
func (t *essai) signerDe(c CompteTechnique) {
	habilitation := int(c.HabilitationID)
	t.l.Login, t.l.HabilitationID, t.compte = c.Login, &habilitation, c
}

func (t *essai) alerte(ctx context.Context) error {
	compte, ok := t.identifiants()
	if !ok {
		return t.perdre(ctx, Abandon, "auteur sans identifiants SIAP, et aucun compte technique configuré")
	}
	t.signerDe(compte)
	var externe string
	var doute bool
	var err error
	if t.l.Type == TypePurger {
		err = t.purger(ctx)
	} else {
		externe, doute, err = t.creer(ctx)
	}
	switch {
	case errors.Is(err, errBail):
		t.suite = Suite{Attendre: pauseOrdre}
		return nil
	case errors.Is(err, errPerimee):
		return t.conclure(ctx, Issue{Etat: Ignoree, Erreur: err.Error()})
	case err != nil:
		return t.echouer(ctx, err, doute)
	}
	return t.conclure(ctx, Issue{Etat: Envoye, Externe: externe})
}

// purger deletes the action alerts of the convention (AL-03), never the information ones (AL-04), nor those of
// a later change when the purge was given up and sent again. It may be run again: an alert already gone is done.
func (t *essai) purger(ctx context.Context) error {
	liste, err := t.lister(ctx)
	if err != nil {
		return err
	}
	apres, err := t.s.cfg.Store.Posterieures(ctx, *t.l.ConventionID, t.l.Sequence)
	if err != nil {
		return err
	}
	gardees := attribuer(liste, apres)
	for _, a := range liste {
		if !a.Action() || gardees[a.ID] {
			continue
		}
		if err := t.prolonger(ctx); err != nil {
			return err
		}
		err := t.s.cfg.SIAP.DeleteAlerte(ctx, t.compte.Login, t.compte.HabilitationID, a.ID)
		if errors.Is(err, siap.ErrNotFound) {
			err = nil
		}
		if err != nil { // the failed try has its own line
			return qualifier(err)
		}
		if err := t.logSuppression(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

func (t *essai) logSuppression(ctx context.Context, a siap.AlerteDTO) error {
	return t.s.cfg.Store.InsererLog(context.WithoutCancel(ctx), logSuppressionDe(t.l, a, logEnvoyee, "", t.s.maintenant()))
}

// lister reads the alerts of the convention. A convention that SIAP never heard of has none.
func (t *essai) lister(ctx context.Context) ([]siap.AlerteDTO, error) {
	liste, err := t.s.cfg.SIAP.ListAlertes(ctx, t.compte.Login, t.compte.HabilitationID, t.l.ConventionUUID.String())
	if errors.Is(err, siap.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, qualifier(err)
	}
	return liste, nil
}

// prolonger keeps the row ours before another call.
func (t *essai) prolonger(ctx context.Context) error {
	nous, err := t.s.cfg.Store.Prolonger(ctx, t.l, t.s.maintenant().Add(t.s.cfg.Bail))
	if err != nil {
		return err
	}
	if !nous {
		return errBail
	}
	return nil
}

// errPerimee means that the alert speaks of a status that is over (AL-24).
var errPerimee = errors.New("dépassée : le statut a changé depuis")

// creer sends one alert. doute tells whether it may have reached SIAP although the call failed.
func (t *essai) creer(ctx context.Context) (externe string, doute bool, err error) {
	var charge chargeAlerte
	if err := t.l.lire(&charge); err != nil || charge.Creation == nil {
		return "", false, definitif("contenu de l’alerte illisible ou effacé")
	}
	if charge.Perissable && (t.l.Depassee || t.l.Statut != charge.Statut) && !t.doute {
		return "", false, errPerimee
	}
	if manquants := charge.Creation.Missing(); len(manquants) > 0 {
		return "", false, t.signaler(ctx, charge.Creation, manquants)
	}
	if t.doute {
		id, trouvee, err := t.retrouver(ctx, *charge.Creation)
		if err != nil || trouvee {
			return id, true, err // still in doubt: the listing decides, at another try if need be
		}
		if charge.Perissable && (t.l.Depassee || t.l.Statut != charge.Statut) {
			return "", false, errPerimee
		}
		if err := t.prolonger(ctx); err != nil {
			return "", true, err
		}
	}
	id, err := t.s.cfg.SIAP.CreateAlerte(ctx, t.compte.Login, t.compte.HabilitationID, *charge.Creation)
	if err != nil {
		e := siap.AsError(err)
		return "", e == nil || e.MayHaveReached, qualifier(err)
	}
	t.resoudre(ctx, charge.Creation)
	return texteID(id), false, nil
}

// resoudre closes the data-quality events of the operation: SIAP took an alert with all its data. The alert is sent
// whatever becomes of it.
func (t *essai) resoudre(ctx context.Context, c *siap.AlerteCreation) {
	if c.NumOperation == nil || *c.NumOperation == "" {
		return
	}
	if err := t.s.cfg.Store.ResoudreAnomalies(context.WithoutCancel(ctx), *c.NumOperation, anomalieAlerte, t.s.maintenant()); err != nil {
		t.s.cfg.Journal.WarnContext(ctx, "anomalies d’alerte non closes", "message", t.l.ID, "error", err.Error())
	}
}

// signaler records what is missing: the alert is not sent, somebody has data to complete (05 B.8).
func (t *essai) signaler(ctx context.Context, c *siap.AlerteCreation, manquants []string) error {
	numero := ""
	if c.NumOperation != nil {
		numero = *c.NumOperation
	}
	for _, champ := range manquants {
		err := t.s.cfg.Store.SignalerAnomalie(ctx, Anomalie{
			NumeroOperation: numero, Code: anomalieAlerte, Champ: champ, Le: t.s.maintenant(),
			Message: "Alerte « " + c.EtiquettePersonnalisee + " » non envoyée au SIAP : la donnée obligatoire « " + champ + " » est absente ou refusée.",
		})
		if err != nil {
			return err
		}
	}
	return definitif("donnée obligatoire absente ou refusée : %s", strings.Join(manquants, ", "))
}

// retrouver looks in SIAP for the alert that an earlier try may have created (AL-23): same label, same
// day, same category, and not one that another row created.
func (t *essai) retrouver(ctx context.Context, c siap.AlerteCreation) (externe string, trouvee bool, err error) {
	liste, err := t.lister(ctx)
	if err != nil {
		return "", false, err
	}
	autres, err := t.s.cfg.Store.Envoyees(ctx, *t.l.ConventionID, t.l.Sequence)
	if err != nil {
		return "", false, err
	}
	connues, anonymes := map[string]bool{}, 0
	for _, a := range autres {
		switch {
		case a.Externe != "":
			connues[a.Externe] = true
		case memeAlerte(a.Creation, c):
			anonymes++ // SIAP gave no id: it is one of those that look the same
		}
	}
	apres, err := t.s.cfg.Store.Posterieures(ctx, *t.l.ConventionID, t.l.Sequence) // of an alert sent again
	if err != nil {
		return "", false, err
	}
	for _, a := range apres {
		connues[a.Externe] = true
	}
	candidates := slices.DeleteFunc(liste, func(a siap.AlerteDTO) bool { return !a.SameAs(c) || connues[texteID(a.ID)] })
	if len(candidates) <= anonymes {
		return "", false, nil
	}
	return texteID(candidates[len(candidates)-1].ID), true, nil
}

// attribuer finds in SIAP the alerts that rows of ours created: by id, else the newest that looks the same.
func attribuer(liste []siap.AlerteDTO, envoyees []Envoyee) map[int64]bool {
	out := map[int64]bool{}
	for _, e := range envoyees {
		if id, err := strconv.ParseInt(e.Externe, 10, 64); err == nil {
			out[id] = true
		}
	}
	for _, e := range envoyees {
		if e.Externe != "" {
			continue
		}
		for _, a := range slices.Backward(liste) {
			if !out[a.ID] && a.SameAs(e.Creation) {
				out[a.ID] = true
				break
			}
		}
	}
	return out
}

func memeAlerte(a, b siap.AlerteCreation) bool {
	return a.EtiquettePersonnalisee == b.EtiquettePersonnalisee && a.DateCreation == b.DateCreation && a.CategorieInformation == b.CategorieInformation
}

// qualifier tells failures that a retry cannot mend: a 4xx other than 401, 408 and 429 (AL-25).
func qualifier(err error) error {
	e := siap.AsError(err)
	if e == nil || e.Status == http.StatusRequestTimeout {
		return err
	}
	for _, kind := range []error{siap.ErrForbidden, siap.ErrNotFound, siap.ErrRejected} {
		if errors.Is(e.Kind, kind) {
			return &erreurDefinitive{err}
		}
	}
	return err
}

func texteID(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func lireAlerteID(externe string) *int {
	id, err := strconv.ParseInt(externe, 10, 64)
	if err != nil {
		return nil
	}
	return alerteID(id)
}
