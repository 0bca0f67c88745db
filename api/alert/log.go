package alert

import (
	"encoding/json"
	"math"
	"strconv"
	"time"

	"apilos/api/siap"
)

// Operations and statuts of alerte_siap_log.
const (
	logCreation    = "CREATION"
	logSuppression = "SUPPRESSION"
	logEnvoyee     = "ENVOYEE"
)

// logDe is the line of alerte_siap_log of a try on a row (AL-06).
func logDe(l *Ligne, statut, erreur string, le time.Time) *AlerteSIAPLog {
	out := &AlerteSIAPLog{
		Operation: logCreation, MessageID: &l.ID, Statut: statut, Tentative: max(1, l.Tentatives), UserLogin: l.Login,
		Erreur: tronquer(erreur, longueurErreur), CreeLe: le, Destinataires: json.RawMessage("[]"),
	}
	if l.ConventionID != nil {
		out.ConventionID = *l.ConventionID
	}
	if l.HabilitationID != nil {
		out.HabilitationID = strconv.Itoa(*l.HabilitationID)
	}
	if l.Type == TypePurger {
		out.Operation, out.Description = logSuppression, "Suppression des alertes d’action de la convention"
		return out
	}
	var charge chargeAlerte
	if l.lire(&charge) != nil || charge.Creation == nil {
		out.Description = "Création d’une alerte"
		return out
	}
	out.Etiquette = charge.Creation.EtiquettePersonnalisee
	out.Description = tronquer("Création de l’alerte « "+out.Etiquette+" » pour "+l.Destinataire, longueurDescriptif)
	if d, err := json.Marshal(destinataires(charge.Creation)); err == nil {
		out.Destinataires = d
	}
	if p, err := json.Marshal(charge.Creation); err == nil {
		out.Payload = p
	}
	return out
}

// logSuppressionDe is the line of one deletion.
func logSuppressionDe(l *Ligne, a siap.AlerteDTO, statut, erreur string, le time.Time) *AlerteSIAPLog {
	out := logDe(l, statut, erreur, le)
	out.Etiquette = a.LibelleAlerte
	out.Description = tronquer("Suppression de l’alerte « "+a.LibelleAlerte+" »", longueurDescriptif)
	out.AlerteID = alerteID(a.ID)
	return out
}

// alerteID keeps an id that the column can hold; a greater one stays in identifiant_externe only.
func alerteID(id int64) *int {
	if id <= 0 || id > math.MaxInt32 {
		return nil
	}
	n := int(id)
	return &n
}
