package alert

import (
	"slices"
	"strings"

	"apilos/api/date"
	"apilos/api/mail"
	"apilos/api/siap"
)

// Sides of SIAP: MO is the bailleur, SG the service.
const (
	serviceMO = "MO"
	serviceSG = "SG"
)

// alerte is a line of the table of 02 §5.2. In its label {O} is the noun of the kind and {e} its
// agreement.
type alerte struct {
	id      string
	libelle string
	vers    []string
	action  bool
	// passagere marks an information about a status that only lasts a while: late, it would be false.
	passagere bool
	page      page
}

type page int

const (
	recapitulatif page = iota
	apercu             // document page
	racine             // récapitulatif of the root
)

// alertesDe is the table of 02 §5.2 by trigger, in the order of AL-00.
func alertesDe(transition string) []alerte {
	mo, sg, deux := []string{serviceMO}, []string{serviceSG}, []string{serviceMO, serviceSG}
	switch transition {
	case "soumettre": // T02
		return []alerte{
			{id: "AL-T1", libelle: "{O} en instruction", vers: mo, passagere: true},
			{id: "AL-T2", libelle: "{O} à instruire", vers: sg, action: true},
		}
	case "demander_relecture", "demander_corrections", "relancer_bailleur": // T03, T04, T05
		return []alerte{
			{id: "AL-T4", libelle: "{O} en correction", vers: sg, passagere: true},
			{id: "AL-T3", libelle: "{O} à corriger", vers: mo, action: true},
		}
	case "renvoyer_instruction", "notifier_instructeur", "revenir_instruction", "rouvrir": // T06, T07, T09, T10
		return []alerte{
			{id: "AL-T5", libelle: "{O} en instruction", vers: mo, passagere: true},
			{id: "AL-T6", libelle: "{O} à instruire à nouveau", vers: sg, action: true},
		}
	case "valider": // T08
		return []alerte{
			{id: "AL-T7", libelle: "{O} validé{e} à signer", vers: mo, action: true, page: apercu},
			{id: "AL-T8", libelle: "{O} validé{e} à signer", vers: sg, action: true, page: apercu},
		}
	case "signer", "annuler_publication": // T11, T16
		return []alerte{{id: "AL-T9", libelle: "{O} signé{e}", vers: deux, page: apercu}}
	case "envoyer_publication", "rouvrir_publication": // T13, T17
		return []alerte{{id: "AL-T10", libelle: "{O} en cours de publication", vers: sg, passagere: true}}
	case "publier": // T14
		return []alerte{{id: "AL-T11", libelle: "{O} publié{e}", vers: sg}}
	case "refuser_publication": // T15
		return []alerte{{id: "AL-T13", libelle: "Publication refusée", vers: sg, action: true}}
	case "denoncer", "resilier": // T18, T19
		return []alerte{{id: "AL-T14", libelle: "{O} validé{e}", vers: deux, page: racine}}
	case "annuler": // T20
		return []alerte{{id: "AL-T15", libelle: "{O} annulé{e}", vers: deux}}
	case transitionVirus:
		return []alerte{{id: "AL-T12", libelle: "Virus détecté sur un document", vers: []string{serviceSG, serviceMO}}}
	}
	return nil
}

// chargeAlerte is what message_sortant.charge holds for an alert.
type chargeAlerte struct {
	Creation *siap.AlerteCreation `json:"creation,omitempty"`
	// Statut of the convention after the change: another one makes a perishable alert pointless (AL-24).
	Statut     string `json:"statut,omitempty"`
	Perissable bool   `json:"perissable,omitempty"`
}

// texte is the label of the alert for a kind of convention, as SIAP shows it (AL-02).
func (a alerte) texte(genre string) string {
	o := mail.Objet(genre)
	return strings.NewReplacer("{O}", o.Titre(), "{e}", o.E()).Replace(a.libelle)
}

func (a alerte) services() string { return strings.Join(a.vers, "+") }

// perissable tells whether the alert is dropped once the status has changed again (AL-24): an action that
// is no longer to be done, or an information that is no longer true.
func (a alerte) perissable() bool { return a.action || a.passagere }

// creation is the payload of 05 B.8.
func (a alerte) creation(e Evenement) siap.AlerteCreation {
	c := siap.AlerteCreation{
		Module: siap.AlerteModule, DateCreation: date.InParis(e.Le).String(), CategorieInformation: siap.AlerteInformation,
		Etiquette: siap.AlerteEtiquette, EtiquettePersonnalisee: a.texte(e.Genre), TypeAlerte: siap.AlerteChangementStatut,
		URLDirection: a.page.chemin(e), IDConvention: e.ConventionUUID.String(), NumConvention: e.Numero,
		CodeCommune: e.CodeInseeCommune, CodeGestion: e.CodeGestion, Siren: e.BailleurSiren,
		NomOperation: facultatif(siap.NomOperationAlerte(e.OperationNom)), NumOperation: facultatif(e.NumeroOperation),
	}
	if a.action {
		c.CategorieInformation = siap.AlerteAction
	}
	if e.Transition == transitionVirus {
		c.TypeAlerte = siap.AlerteDetectionVirus
	}
	for _, s := range a.vers {
		c.Destinataires = append(c.Destinataires, siap.DestinataireDTO{Role: "INSTRUCTEUR", Service: s})
	}
	return c
}

// chemin is a path relative to our root (02 §5.3): it holds the uuid and stays good when the status
// changes, since these addresses redirect to the page of the moment.
func (p page) chemin(e Evenement) string {
	switch p {
	case apercu:
		return "/conventions/preview/" + e.ConventionUUID.String()
	case racine:
		return "/conventions/recapitulatif/" + e.uuidRacine()
	}
	return "/conventions/recapitulatif/" + e.ConventionUUID.String()
}

func (e Evenement) uuidRacine() string {
	if e.RacineUUID == ([16]byte{}) {
		return e.ConventionUUID.String()
	}
	return e.RacineUUID.String()
}

func facultatif(s string) *string {
	if strings.TrimSpace(s) == "" {
		return nil
	}
	return &s
}

// destinataires lists the sides of an alert, for its log.
func destinataires(c *siap.AlerteCreation) []siap.DestinataireDTO {
	if c == nil {
		return []siap.DestinataireDTO{}
	}
	return slices.Clone(c.Destinataires)
}
