package web

import (
	"time"

	"apilos/api/auth"
	"apilos/api/clientapi"
	"apilos/api/httpapi"

	"github.com/google/uuid"
)

// EntiteClientAPI is a bailleur or an administration of a perimeter.
type EntiteClientAPI struct {
	UUID uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Nom  string    `json:"nom" validate:"required"`
} // @name EntiteClientAPI

// EntiteCherchee is a bailleur or an administration that a search found. Code is the SIREN or the code, "" for a
// private owner.
type EntiteCherchee struct {
	UUID uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Nom  string    `json:"nom" validate:"required"`
	Code string    `json:"code" validate:"required"`
} // @name EntiteCherchee

// PerimetreClientAPI is what a client sees; only the member that goes with type is set.
type PerimetreClientAPI struct {
	Type           string            `json:"type" validate:"required" enums:"NATIONAL,REGION,DEPARTEMENT,BAILLEURS,ADMINISTRATION"`
	Libelle        string            `json:"libelle" validate:"required" example:"Haute-Vienne (87)"`
	Region         *string           `json:"region" extensions:"x-nullable"`
	Departement    *string           `json:"departement" extensions:"x-nullable"`
	Administration *EntiteClientAPI  `json:"administration" extensions:"x-nullable"`
	Bailleurs      []EntiteClientAPI `json:"bailleurs" validate:"required"`
} // @name PerimetreClientAPI

// ClientAPI is a program that calls the API.
type ClientAPI struct {
	UUID                  uuid.UUID          `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Version               int                `json:"version" validate:"required"`
	Nom                   string             `json:"nom" validate:"required"`
	Description           string             `json:"description" validate:"required"`
	Etat                  string             `json:"etat" validate:"required" enums:"ACTIF,EXPIRE,REVOQUE"`
	EtatLibelle           string             `json:"etat_libelle" validate:"required"`
	Portees               []string           `json:"portees" validate:"required" enums:"conventions:lire,conventions:ecrire,operations:lire,statistiques:lire,webhooks:gerer"`
	Perimetre             PerimetreClientAPI `json:"perimetre" validate:"required"`
	LoginSIAP             string             `json:"login_siap" validate:"required"`
	HabilitationSIAP      *int               `json:"habilitation_siap" extensions:"x-nullable"`
	DebitParMinute        *int               `json:"debit_par_minute" extensions:"x-nullable"`
	Prefixe               string             `json:"prefixe" validate:"required" example:"apl_k3m5p7qa"`
	AncienJetonJusquAu    *time.Time         `json:"ancien_jeton_jusqu_au" extensions:"x-nullable"`
	JetonCreeLe           time.Time          `json:"jeton_cree_le" validate:"required"`
	ExpireLe              *time.Time         `json:"expire_le" extensions:"x-nullable"`
	DerniereUtilisationLe *time.Time         `json:"derniere_utilisation_le" extensions:"x-nullable"`
	RevoqueLe             *time.Time         `json:"revoque_le" extensions:"x-nullable"`
	CreePar               string             `json:"cree_par" validate:"required"`
	CreeLe                time.Time          `json:"cree_le" validate:"required"`
	MisAJourLe            time.Time          `json:"mis_a_jour_le" validate:"required"`
} // @name ClientAPI

// ClientAPIJeton is a client with its token, which is shown once.
type ClientAPIJeton struct {
	Client ClientAPI `json:"client" validate:"required"`
	Jeton  string    `json:"jeton" validate:"required" example:"apl_k3m5p7qa_7x2…"`
} // @name ClientAPIJeton

// ClientAPICourant is what a client reads of itself.
type ClientAPICourant struct {
	UUID               uuid.UUID          `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Nom                string             `json:"nom" validate:"required"`
	Portees            []string           `json:"portees" validate:"required" enums:"conventions:lire,conventions:ecrire,operations:lire,statistiques:lire,webhooks:gerer"`
	Perimetre          PerimetreClientAPI `json:"perimetre" validate:"required"`
	DebitParMinute     int                `json:"debit_par_minute" validate:"required" example:"600"`
	ExpireLe           *time.Time         `json:"expire_le" extensions:"x-nullable"`
	AncienJetonJusquAu *time.Time         `json:"ancien_jeton_jusqu_au" extensions:"x-nullable"`
} // @name ClientAPICourant

// PageClientsAPI is a page of clients.
type PageClientsAPI = httpapi.Page[ClientAPI]

// PerimetreClientAPISaisie is the perimeter of a new client: type, and the member that goes with it.
type PerimetreClientAPISaisie struct {
	Type           string      `json:"type" validate:"required" enums:"NATIONAL,REGION,DEPARTEMENT,BAILLEURS,ADMINISTRATION"`
	Region         string      `json:"region,omitempty" maxLength:"2" example:"75"`
	Departement    string      `json:"departement,omitempty" maxLength:"3" example:"87"`
	Administration *uuid.UUID  `json:"administration,omitempty" swaggertype:"string" format:"uuid"`
	Bailleurs      []uuid.UUID `json:"bailleurs,omitempty" swaggertype:"array,string" format:"uuid"`
} // @name PerimetreClientAPISaisie

// ClientAPICreation is the body of a new client.
type ClientAPICreation struct {
	Nom              string                   `json:"nom" validate:"required" maxLength:"100" example:"Observatoire régional"`
	Description      string                   `json:"description,omitempty" maxLength:"200"`
	Portees          []string                 `json:"portees" validate:"required" enums:"conventions:lire,conventions:ecrire,operations:lire,statistiques:lire,webhooks:gerer"`
	Perimetre        PerimetreClientAPISaisie `json:"perimetre" validate:"required"`
	ExpireLe         *time.Time               `json:"expire_le,omitempty"`
	DebitParMinute   *int                     `json:"debit_par_minute,omitempty" minimum:"1" maximum:"6000"`
	LoginSIAP        string                   `json:"login_siap,omitempty" maxLength:"255"`
	HabilitationSIAP *int                     `json:"habilitation_siap,omitempty" minimum:"1"`
} // @name ClientAPICreation

// ClientAPIModification changes a client; what is absent does not change, null erases.
type ClientAPIModification struct {
	Nom              *string                     `json:"nom,omitempty" maxLength:"100"`
	Description      *string                     `json:"description,omitempty" maxLength:"200"`
	Portees          *[]string                   `json:"portees,omitempty" enums:"conventions:lire,conventions:ecrire,operations:lire,statistiques:lire,webhooks:gerer"`
	ExpireLe         httpapi.Optional[time.Time] `json:"expire_le" swaggertype:"string" format:"date-time" extensions:"x-nullable"`
	DebitParMinute   httpapi.Optional[int]       `json:"debit_par_minute" swaggertype:"integer" extensions:"x-nullable" minimum:"1" maximum:"6000"`
	LoginSIAP        *string                     `json:"login_siap,omitempty" maxLength:"255"`
	HabilitationSIAP httpapi.Optional[int]       `json:"habilitation_siap" swaggertype:"integer" extensions:"x-nullable" minimum:"1"`
} // @name ClientAPIModification

// ClientAPIRotation says how long the previous token still works.
type ClientAPIRotation struct {
	GraceHeures *int `json:"grace_heures,omitempty" minimum:"0" maximum:"720" example:"24"`
} // @name ClientAPIRotation

func (r ClientAPIRotation) grace() time.Duration {
	switch {
	case r.GraceHeures == nil:
		return clientapi.GraceParDefaut
	case *r.GraceHeures > 1_000_000 || *r.GraceHeures < 0: // beyond what a duration can count
		return -1
	}
	return time.Duration(*r.GraceHeures) * time.Hour
}

func (s ClientAPICreation) demande() clientapi.Demande {
	return clientapi.Demande{
		Nom: s.Nom, Description: s.Description, Portees: porteesDe(s.Portees), ExpireLe: s.ExpireLe, DebitParMinute: s.DebitParMinute,
		LoginSIAP: s.LoginSIAP, HabilitationSIAP: s.HabilitationSIAP,
		Perimetre: clientapi.Perimetre{
			Genre: clientapi.Genre(s.Perimetre.Type), Region: s.Perimetre.Region, Departement: s.Perimetre.Departement,
			Administration: s.Perimetre.Administration, Bailleurs: s.Perimetre.Bailleurs,
		},
	}
}

func (s ClientAPIModification) reglage() clientapi.Reglage {
	r := clientapi.Reglage{Nom: s.Nom, Description: s.Description, LoginSIAP: s.LoginSIAP}
	if s.Portees != nil {
		p := porteesDe(*s.Portees)
		r.Portees = &p
	}
	r.ExpireLe, r.DebitParMinute, r.HabilitationSIAP = change(s.ExpireLe), change(s.DebitParMinute), change(s.HabilitationSIAP)
	return r
}

// change is nil when a field is absent, and leads to nil when it is null.
func change[T any](o httpapi.Optional[T]) **T {
	if !o.Present {
		return nil
	}
	v := o.Ptr()
	return &v
}

func porteesDe(liste []string) []auth.Portee {
	out := make([]auth.Portee, 0, len(liste))
	for _, p := range liste {
		out = append(out, auth.Portee(p))
	}
	return out
}

func vueClientAPI(f *clientapi.Fiche, now time.Time) ClientAPI {
	etat := f.Etat(now)
	v := ClientAPI{
		UUID: f.UUID, Version: f.Version, Nom: f.Nom, Description: f.Description, Etat: string(etat), EtatLibelle: etat.Libelle(),
		Portees: append([]string{}, f.Portees...), Perimetre: vuePerimetreClient(f), LoginSIAP: f.LoginSiap, HabilitationSIAP: f.HabilitationID,
		DebitParMinute: f.DebitParMinute, Prefixe: clientapi.MarqueJeton + f.Prefixe, AncienJetonJusquAu: utc(f.AncienJeton(now)), JetonCreeLe: f.CreeLe.UTC(),
		ExpireLe: utc(f.ExpireLe), DerniereUtilisationLe: utc(f.DerniereUtilisationLe), RevoqueLe: utc(f.RevoqueLe),
		CreePar: f.CreeParNom, CreeLe: f.CreeLe.UTC(), MisAJourLe: f.MisAJourLe.UTC(),
	}
	if f.TourneLe != nil {
		v.JetonCreeLe = f.TourneLe.UTC()
	}
	return v
}

func vueClientCourant(f *clientapi.Fiche, now time.Time) ClientAPICourant {
	debit := httpapi.DefaultRates()[httpapi.LimitSession].PerMinute
	if f.DebitParMinute != nil {
		debit = *f.DebitParMinute
	}
	return ClientAPICourant{
		UUID: f.UUID, Nom: f.Nom, Portees: append([]string{}, f.Portees...), Perimetre: vuePerimetreClient(f), DebitParMinute: debit,
		ExpireLe: utc(f.ExpireLe), AncienJetonJusquAu: utc(f.AncienJeton(now)),
	}
}

func vuePerimetreClient(f *clientapi.Fiche) PerimetreClientAPI {
	v := PerimetreClientAPI{Type: string(f.Perimetre), Libelle: f.Libelle(), Region: f.Region, Departement: f.Departement, Bailleurs: []EntiteClientAPI{}}
	if f.Administration != nil {
		v.Administration = &EntiteClientAPI{f.Administration.UUID, f.Administration.Nom}
	}
	for _, b := range f.Bailleurs {
		v.Bailleurs = append(v.Bailleurs, EntiteClientAPI{b.UUID, b.Nom})
	}
	return v
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

// JetonDe is what the API answers when it makes a client, for the command line.
func JetonDe(f *clientapi.Fiche, jeton string, now time.Time) ClientAPIJeton {
	return ClientAPIJeton{vueClientAPI(f, now), jeton}
}

// ClientsDe is the list of clients as the API gives it.
func ClientsDe(fiches []clientapi.Fiche, now time.Time) []ClientAPI {
	out := make([]ClientAPI, 0, len(fiches))
	for i := range fiches {
		out = append(out, vueClientAPI(&fiches[i], now))
	}
	return out
}
