package convention

import (
	"apilos/api/fault"
)

// refusForcage lists what refuses a statut: what the row itself lacks, and what the rest of its family forbids (01 §9).
func (d *Dossier) refusForcage(vers Statut) []fault.Field {
	switch {
	case !vers.Valid():
		return []fault.Field{refusStatut("STATUT_INCONNU", "Choisissez un statut de la liste.")}
	case vers == d.Convention.Statut:
		return []fault.Field{refusStatut("STATUT_INCHANGE", "C’est déjà le statut du dossier.")}
	case vers == Resiliee || vers == Denoncee:
		return []fault.Field{refusStatut("FIN_PAR_AVENANT", "Une convention prend fin avec tous ses avenants, par un avenant de dénonciation ou de résiliation : créez-le puis validez-le.")}
	}
	return append(d.refusEtat(vers), d.refusFamille(vers)...)
}

func refusStatut(code, detail string) fault.Field {
	return fault.Field{Pointer: "/statut", Code: code, Detail: detail}
}

// refusEtat is what a statut needs of the row itself (I9, PU-06).
func (d *Dossier) refusEtat(vers Statut) []fault.Field {
	c := d.Convention
	var points []fault.Field
	manque := func(absent bool, code, detail string) {
		if absent {
			points = append(points, refusStatut(code, detail))
		}
	}
	if d.Genre().EstFin() {
		manque(vers == ASigner || vers.Actif(), "FIN_NON_SIGNABLE", "Une "+d.Genre().Nom()+" ne se signe pas : sa validation met fin à la convention.")
	}
	if vers == ASigner || vers.Actif() {
		manque(c.Numero == nil || *c.Numero == "", "NUMERO_REQUIS", "Le dossier n’a pas de numéro.")
	}
	manque(vers == ASigner && c.ValideLe == nil, "VALIDATION_MANQUANTE", "Le dossier n’a pas de date de validation.")
	manque(vers.Actif() && c.SigneLe == nil, "SIGNATURE_MANQUANTE", "Le dossier n’a pas de date de signature.")
	if vers == Publie {
		manque(c.DatePublicationSPF == nil || c.ReferenceSPF == "", "PUBLICATION_MANQUANTE", "Le dossier n’a ni date ni référence de publication.")
		envoi := d.envoi()
		manque(envoi != nil && c.DatePublicationSPF != nil && c.DatePublicationSPF.Before(*envoi),
			"DATE_INCOHERENTE", "La date de publication enregistrée précède l’envoi en cours.")
	}
	return points
}

// refusFamille is what the other rows of the family forbid (I1, AV-30, AV-40, T20).
func (d *Dossier) refusFamille(vers Statut) []fault.Field {
	if !d.EstAvenant() {
		if !vers.Actif() && d.AvenantsActifs > 0 {
			return []fault.Field{refusStatut("AVENANTS_EXISTANTS", "La convention a des avenants : elle doit rester en vigueur. Annulez-les d’abord.")}
		}
		return nil
	}
	var points []fault.Field
	if _, terminee := finDe(d.Racine.Statut); terminee {
		return []fault.Field{refusStatut("CONVENTION_TERMINEE", "La convention a pris fin avec ses avenants : forcez le statut de la convention d’origine, ils suivront.")}
	}
	if vers != Annulee && !d.Racine.Statut.Actif() {
		points = append(points, refusStatut("ORIGINE_HORS_VIGUEUR", "La convention d’origine n’est pas en vigueur : cet avenant ne peut qu’être annulé."))
	}
	if (vers.EnCours() || vers == ASigner) && d.AvenantEnCours != nil {
		points = append(points, refusStatut("AVENANT_EN_COURS", "Un autre avenant est en cours : un seul peut l’être."))
	}
	if !vers.Actif() && d.Convention.SigneLe != nil && d.AvenantsSuivants > 0 {
		points = append(points, refusStatut("AVENANTS_EXISTANTS", "Un avenant plus récent repose sur celui-ci : il doit rester en vigueur."))
	}
	return points
}
