package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"apilos/api/alert"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/httpapi"
	"apilos/api/siap"

	"github.com/labstack/echo/v4"
)

func vueAlerteSIAP(a siap.AlerteDTO, notres map[string]bool) AlerteSIAP {
	libelle := a.LibelleAlerte
	if libelle == "" {
		libelle = a.Etiquette
	}
	return AlerteSIAP{
		ID: a.ID, Libelle: libelle, Action: a.Action(), CreeLe: a.DateCreation, Supprimee: a.SupprimeeForUser,
		PlateForme: notres[strconv.FormatInt(a.ID, 10)],
	}
}

// EssaiAlerte is a try of an alert, or a deletion that it made.
type EssaiAlerte struct {
	Operation      string    `json:"operation" validate:"required" enums:"CREATION,SUPPRESSION"`
	Statut         string    `json:"statut" validate:"required" enums:"ENVOYEE,ECHEC,IGNOREE,ABANDON"`
	Tentative      int       `json:"tentative" validate:"required"`
	Description    string    `json:"description" validate:"required"`
	Erreur         string    `json:"erreur" validate:"required"`
	ErreurLibelle  string    `json:"erreur_libelle" validate:"required"` // the same for people
	Login          string    `json:"user_login" validate:"required"`
	HabilitationID string    `json:"habilitation_id" validate:"required"`
	AlerteID       *int      `json:"alerte_id" extensions:"x-nullable"`
	Le             time.Time `json:"le" validate:"required"`
} // @name EssaiAlerte

// AlerteDetail is a message with what it holds and its tries. Contenu is what SIAP receives; null for a message
// that is not an alert, and once it is no longer kept.
type AlerteDetail struct {
	Alerte     AlerteLigne     `json:"alerte" validate:"required"`
	Contenu    json.RawMessage `json:"contenu" swaggertype:"object" extensions:"x-nullable"`
	Essais     []EssaiAlerte   `json:"essais" validate:"required"`
	Relancable bool            `json:"relancable" validate:"required"`
} // @name AlerteDetail

// lire returns a message.
//
//	@Summary		Lire une alerte ou un courriel
//	@Description	Réservé à l’équipe de la plateforme : ce qui est envoyé au SIAP et chaque essai. Le contenu des courriels et des autres messages n’est pas montré.
//	@Tags			alertes
//	@Produce		json
//	@Param			uuid	path		string	true	"Identifiant du message"	format(uuid)
//	@Success		200		{object}	AlerteDetail
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/alertes/{uuid} [get]
func (r Alertes) lire(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	f, err := r.Service.Lire(c.Request().Context(), httpapi.Principal(c), id)
	if err != nil {
		return err
	}
	return repondreAlerte(c, f)
}

func repondreAlerte(c echo.Context, f *alert.Fiche) error {
	out := AlerteDetail{Alerte: vueAlerte(f.Inscription, httpapi.Principal(c)), Essais: make([]EssaiAlerte, 0, len(f.Essais)), Relancable: f.Relancable}
	if f.Contenu != nil {
		contenu, err := json.Marshal(f.Contenu)
		if err != nil {
			return err
		}
		out.Contenu, out.Alerte.Etiquette = contenu, f.Contenu.EtiquettePersonnalisee
	}
	for _, e := range f.Essais {
		out.Essais = append(out.Essais, EssaiAlerte{
			Operation: e.Operation, Statut: e.Statut, Tentative: e.Tentative, Description: e.Description, Erreur: e.Erreur, ErreurLibelle: alert.LibelleErreur(e.Erreur),
			Login: e.UserLogin, HabilitationID: e.HabilitationID, AlerteID: e.AlerteID, Le: e.CreeLe,
		})
	}
	return c.JSON(http.StatusOK, out)
}

// MotifRelance is the body of a relaunch.
type MotifRelance struct {
	Motif string `json:"motif,omitempty" minLength:"5" maxLength:"500" example:"Le SIAP répond de nouveau."`
} // @name MotifRelance

// relancer sends a lost message again.
//
//	@Summary		Relancer un message en échec
//	@Description	Réservé à l’équipe de la plateforme. Le message repart avec de nouveaux essais pendant 24 heures, à sa place parmi ceux de la convention. Une alerte que le SIAP a peut-être déjà reçue y est d’abord cherchée : elle n’est jamais envoyée deux fois. Une donnée obligatoire qui manquait est relue dans la convention. Relancer deux fois n’a pas d’autre effet.
//	@Tags			alertes
//	@Accept			json
//	@Produce		json
//	@Param			uuid			path		string			true	"Identifiant du message"	format(uuid)
//	@Param			motif			body		MotifRelance	false	"Raison, gardée au journal"
//	@Param			Idempotency-Key	header		string			false	"Clé d’une intention"
//	@Success		200				{object}	AlerteDetail
//	@Failure		400,401,403,404,409,413,415,422,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/alertes/{uuid}/relance [post]
func (r Alertes) relancer(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	var corps MotifRelance
	if err := httpapi.BindOptionalJSON(c, &corps); err != nil {
		return err
	}
	f, err := r.Service.RelancerPerdu(c.Request().Context(), httpapi.Principal(c), id, corps.Motif)
	if err != nil {
		return err
	}
	return repondreAlerte(c, f)
}

// DemandeRelances says which lost messages to send again; what is absent selects everything.
type DemandeRelances struct {
	Canal     []string   `json:"canal,omitempty" enums:"ALERTE_SIAP,EMAIL,BAN,MESSAGERIE,PARTENAIRE,WEBHOOK"`
	Statut    []string   `json:"statut,omitempty" enums:"ECHEC,ABANDON"`
	Operation string     `json:"operation,omitempty" maxLength:"255"`
	Depuis    *date.Date `json:"depuis,omitempty" swaggertype:"string" format:"date"`
	Jusqua    *date.Date `json:"jusqua,omitempty" swaggertype:"string" format:"date"`
	// Motif is required but for a simulation.
	Motif      string `json:"motif,omitempty" maxLength:"500" example:"Le SIAP répond de nouveau."`
	Simulation bool   `json:"simulation,omitempty"` // counts, changes nothing
} // @name DemandeRelances

// BilanRelances is what was sent again.
type BilanRelances struct {
	Concernes int `json:"concernes" validate:"required"` // lost messages that the demand selected
	Relances  int `json:"relances" validate:"required"`  // sent again
	Restants  int `json:"restants" validate:"required"`  // lost messages that remain: ask again
} // @name BilanRelances

// relancerTout sends the lost messages of a period again.
//
//	@Summary		Relancer tous les messages en échec
//	@Description	Réservé à l’équipe de la plateforme. Comme la relance d’un message, pour tous ceux que la demande désigne, 2 000 au plus à la fois. Avec « simulation », rien ne change : la réponse dit combien seraient relancés.
//	@Tags			alertes
//	@Accept			json
//	@Produce		json
//	@Param			demande			body		DemandeRelances	true	"Messages et raison"
//	@Param			Idempotency-Key	header		string			false	"Clé d’une intention"
//	@Success		200				{object}	BilanRelances
//	@Failure		400,401,403,409,413,415,422,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/alertes/relances [post]
func (r Alertes) relancerTout(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	var corps DemandeRelances
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	f, err := corps.filtre()
	if err != nil {
		return err
	}
	bilan, err := r.Service.RelancerPerdus(c.Request().Context(), httpapi.Principal(c), f, corps.Motif, corps.Simulation)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, BilanRelances{Concernes: bilan.Concernes, Relances: bilan.Relances, Restants: bilan.Restants})
}

func (d DemandeRelances) filtre() (alert.FiltreRegistre, error) {
	f := alert.FiltreRegistre{Canaux: d.Canal, Etats: d.Statut, Operation: d.Operation}
	for _, v := range d.Canal {
		if !slices.Contains(canauxAlertes, v) {
			return f, filtreRefuse("canal", canauxAlertes)
		}
	}
	perdus := []string{alert.Echec, alert.Abandon}
	for _, v := range d.Statut {
		if !slices.Contains(perdus, v) {
			return f, filtreRefuse("statut", perdus)
		}
	}
	if d.Depuis != nil {
		f.Depuis = minuit(*d.Depuis, 0)
	}
	if d.Jusqua != nil {
		f.Jusqua = minuit(*d.Jusqua, 1)
	}
	return f, nil
}

func filtreRefuse(nom string, permises []string) error {
	detail := "« " + nom + " » n’accepte que : " + strings.Join(permises, ", ") + "."
	return fault.New(fault.Invalid, "filtre_invalide", detail).WithFields(fault.Field{Pointer: "/" + nom, Code: "filtre_invalide", Detail: detail})
}
