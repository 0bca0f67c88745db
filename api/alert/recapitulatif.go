package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"apilos/api/auth"
	"apilos/api/date"
	"apilos/api/mail"

	"github.com/google/uuid"
)

// Sizes of the monthly digests: people of one transaction, dossiers shown in one list.
const (
	lotRecapitulatif      = 200
	dossiersRecapitulatif = 20
)

// RecapitulatifDossier is a dossier that waits for somebody, as the store finds it.
type RecapitulatifDossier struct {
	Personne
	UUID    *uuid.UUID // nil: nothing waits for this person
	Statut  string
	Libelle string
	Total   int // dossiers of this person at this statut
}

// recapMensuel is one of the two digests of 02 §6.
type recapMensuel struct {
	code   string
	cote   auth.Typologie
	listes []listeRecapitulatif
	lien   string
}

type listeRecapitulatif struct{ statut, titre string }

func recapitulatifs() []recapMensuel {
	return []recapMensuel{
		{"EM-15", auth.Instructeur, []listeRecapitulatif{{"INSTRUCTION", "À instruire"}, {"A_SIGNER", "À signer"}}, "/conventions"},
		{"EM-16", auth.Bailleur, []listeRecapitulatif{{"PROJET", "En projet"}, {"CORRECTION", "À corriger"}}, "/conventions"},
	}
}

// Recapituler writes the monthly digests: one e-mail per person who has dossiers waiting (EM-15, EM-16). It may be run
// any number of times in a month, and go on after a breakdown: each person gets one.
func (s *Service) Recapituler(ctx context.Context) error {
	for _, r := range recapitulatifs() {
		for apres := int64(0); ; {
			suivant, err := s.recapitulerLot(ctx, r, apres)
			if err != nil {
				return fmt.Errorf("digest %s: %w", r.code, err)
			}
			if suivant == 0 {
				break
			}
			apres = suivant
		}
	}
	return nil
}

// recapitulerLot writes the digests of the next people, and returns the last of them; 0 at the end.
func (s *Service) recapitulerLot(ctx context.Context, r recapMensuel, apres int64) (int64, error) {
	le := s.maintenant()
	statuts := make([]string, 0, len(r.listes))
	for _, l := range r.listes {
		statuts = append(statuts, l.statut)
	}
	var dernier int64
	err := s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		lignes, err := s.cfg.Store.Recapitulatifs(ctx, r.cote, statuts, apres, lotRecapitulatif, dossiersRecapitulatif, le)
		if err != nil {
			return err
		}
		var envois []Envoi
		for debut := 0; debut < len(lignes); {
			fin := debut
			for fin < len(lignes) && lignes[fin].ID == lignes[debut].ID {
				fin++
			}
			dernier = lignes[debut].ID
			m, err := s.courrielRecapitulatif(r, lignes[debut:fin], le)
			if err != nil {
				return err
			}
			debut = fin
			if m == nil {
				continue
			}
			if err := s.cfg.Store.InsererMessage(ctx, m); err != nil {
				return err
			}
			if m.ID != 0 && m.Etat == AEnvoyer {
				envois = append(envois, Envoi{m.ID, m.Type})
			}
		}
		if len(envois) == 0 {
			return nil
		}
		return s.cfg.File.LivrerMessages(ctx, envois...)
	})
	return dernier, err
}

// courrielRecapitulatif is the message of one person, nil when nothing waits.
func (s *Service) courrielRecapitulatif(r recapMensuel, lignes []RecapitulatifDossier, le time.Time) (*MessageSortant, error) {
	qui := lignes[0].Personne
	d := mail.Donnees{
		Prenom: qui.Prenom, Nom: qui.Nom, Email: qui.Email, Lien: s.cfg.BaseURL + r.lien, LienPreferences: s.cfg.BaseURL + "/parametres#courriels",
	}
	for _, l := range r.listes {
		liste := mail.Liste{Titre: l.titre}
		for _, x := range lignes {
			if x.UUID == nil || x.Statut != l.statut {
				continue
			}
			liste.Total = x.Total
			liste.Dossiers = append(liste.Dossiers, mail.DossierLie{Libelle: x.Libelle, Lien: s.cfg.BaseURL + "/conventions/" + x.UUID.String()})
		}
		if liste.Total > 0 {
			d.Listes = append(d.Listes, liste)
		}
	}
	if len(d.Listes) == 0 {
		return nil, nil
	}
	charge, err := json.Marshal(chargeCourriel{Donnees: d})
	if err != nil {
		return nil, err
	}
	jour := date.InParis(le)
	m := &MessageSortant{
		Canal: CanalCourriel, Type: r.code, Destinataire: qui.Email, Charge: charge, UtilisateurID: &qui.ID,
		CleUnicite: fmt.Sprintf("recapitulatif:%s:%04d-%02d:%d", r.code, jour.Year(), jour.Month(), qui.ID),
		Etat:       AEnvoyer, ProchainEssaiLe: le, CreeLe: le,
	}
	if !mail.ValidAddress(qui.Email) {
		m.Etat, m.Erreur, m.TraiteLe, m.Charge = Echec, "adresse invalide", &le, nil
		m.Destinataire = tronquer(qui.Email, 320)
	}
	return m, nil
}
