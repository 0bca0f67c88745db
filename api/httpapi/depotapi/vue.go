package depotapi

import (
	"encoding/json"
	"time"

	"apilos/api/depot"
	"apilos/api/revision"
)

// Date is an instant of the contract: ISO 8601, UTC, milliseconds.
type Date time.Time

// MarshalJSON implements json.Marshaler.
func (d Date) MarshalJSON() ([]byte, error) {
	return []byte(`"` + depot.DateContrat(time.Time(d)) + `"`), nil
}

func date(t *time.Time) *Date {
	if t == nil {
		return nil
	}
	d := Date(*t)
	return &d
}

// RevisionVue is a revision (07 section 4.1).
type RevisionVue struct {
	ID           string          `json:"id" validate:"required" example:"66f2c0ffee00000000000001"`
	CodeCommune  string          `json:"codeCommune" validate:"required" example:"87085"`
	NomCommune   string          `json:"nomCommune" validate:"required" example:"Limoges"`
	ClientID     string          `json:"clientId" validate:"required"`
	Context      json.RawMessage `json:"context" validate:"required" swaggertype:"object"`
	Validation   json.RawMessage `json:"validation" validate:"required" swaggertype:"object"`
	Client       ClientPublic    `json:"client" validate:"required"`
	Status       string          `json:"status" validate:"required" enums:"pending,published"`
	IsReady      *bool           `json:"isReady" extensions:"x-nullable"`
	IsCurrent    bool            `json:"isCurrent" validate:"required"`
	Habilitation json.RawMessage `json:"habilitation" swaggertype:"object" extensions:"x-nullable"`
	CreatedAt    Date            `json:"createdAt" validate:"required" swaggertype:"string" format:"date-time"`
	UpdatedAt    Date            `json:"updatedAt" validate:"required" swaggertype:"string" format:"date-time"`
	PublishedAt  *Date           `json:"publishedAt" swaggertype:"string" format:"date-time" extensions:"x-nullable"`
	Files        *[]FichierVue   `json:"files,omitempty"` // absent from lists
} // @name Revision

// ClientPublic is the client inside a revision: the keys of the guide (name, email) and those of the
// service in production.
type ClientPublic struct {
	ID              string  `json:"id" validate:"required"`
	LegacyID        *string `json:"legacyId" extensions:"x-nullable"`
	Nom             string  `json:"nom" validate:"required" example:"Mes Adresses"`
	Mandataire      string  `json:"mandataire" validate:"required"`
	ChefDeFile      *string `json:"chefDeFile" extensions:"x-nullable"`
	ChefDeFileEmail *string `json:"chefDeFileEmail" extensions:"x-nullable"`
	Name            string  `json:"name" validate:"required" example:"Mes Adresses"`
	Email           string  `json:"email" validate:"required" example:"support@example.org"`
} // @name ClientPublic

// FichierVue is a file of a revision.
type FichierVue struct {
	ID         string `json:"id" validate:"required"`
	RevisionID string `json:"revisionId" validate:"required"`
	Type       string `json:"type" validate:"required" enums:"bal"`
	Size       int64  `json:"size" validate:"required"`
	Hash       string `json:"hash" validate:"required"` // SHA-256, lowercase hexadecimal
	CreatedAt  Date   `json:"createdAt" validate:"required" swaggertype:"string" format:"date-time"`
} // @name Fichier

func vueFichier(f *revision.RevisionFichier) FichierVue {
	return FichierVue{ID: f.ID, RevisionID: f.RevisionID, Type: f.Type, Size: f.Taille, Hash: f.Sha256, CreatedAt: Date(f.CreeLe)}
}

func clientPublic(c *depot.ClientDetail) ClientPublic {
	v := ClientPublic{
		ID: c.ID, LegacyID: c.LegacyID, Nom: c.Nom, Mandataire: c.MandataireNom, ChefDeFile: c.ChefNom, Name: c.Nom, Email: c.EmailContact(),
	}
	if c.ChefEmailPublic {
		v.ChefDeFileEmail = c.ChefEmail
	}
	return v
}

// vueListe is a revision of a list, without files.
func (a *API) vueListe(r *depot.RevisionLue) RevisionVue {
	v := RevisionVue{
		ID: r.ID, NomCommune: a.Service.NomCommune(r.PorteeCle), CodeCommune: r.PorteeCle, Context: objet(r.Contexte), Validation: objet(r.Validation), Client: clientPublic(r.Client), Status: r.Statut,
		IsReady: r.Prete, IsCurrent: r.Courante, Habilitation: r.Habilitation, CreatedAt: Date(r.CreeLe), UpdatedAt: Date(r.MisAJourLe), PublishedAt: date(r.PublieLe),
	}
	if r.ClientID != nil {
		v.ClientID = *r.ClientID
	}
	return v
}

// vueRevision is a revision alone, with its files: an empty list before the upload.
func (a *API) vueRevision(r *depot.RevisionLue) RevisionVue {
	v := a.vueListe(r)
	fichiers := make([]FichierVue, 0, len(r.Fichiers))
	for n := range r.Fichiers {
		fichiers = append(fichiers, vueFichier(&r.Fichiers[n]))
	}
	v.Files = &fichiers
	return v
}

// objet gives {} to an absent value.
func objet(brut json.RawMessage) json.RawMessage {
	if len(brut) == 0 || string(brut) == "null" {
		return json.RawMessage("{}")
	}
	return brut
}

// RevisionCourante is an item of the national list: nothing personal (07 section 4.2).
type RevisionCourante struct {
	ID          string         `json:"id" validate:"required"`
	ClientID    string         `json:"clientId" validate:"required"`
	CodeCommune string         `json:"codeCommune" validate:"required"`
	NomCommune  string         `json:"nomCommune" validate:"required" example:"Limoges"`
	RowsCount   *int           `json:"rowsCount" extensions:"x-nullable"`
	Format      string         `json:"format,omitempty" example:"1.4"`
	PublishedAt *Date          `json:"publishedAt" swaggertype:"string" format:"date-time" extensions:"x-nullable"`
	Context     ContextePublic `json:"context" validate:"required"`
	Client      ClientPublic   `json:"client" validate:"required"`
} // @name RevisionCourante

// ContextePublic is a context without anything personal.
type ContextePublic struct {
	Extras json.RawMessage `json:"extras,omitempty" swaggertype:"object"`
} // @name ContextePublic

func (a *API) vueCourante(r *depot.RevisionLue) RevisionCourante {
	v := RevisionCourante{ID: r.ID, NomCommune: a.Service.NomCommune(r.PorteeCle), CodeCommune: r.PorteeCle, PublishedAt: date(r.PublieLe), Client: clientPublic(r.Client)}
	if r.ClientID != nil {
		v.ClientID = *r.ClientID
	}
	_ = json.Unmarshal(r.Contexte, &v.Context) // a context is an object written by us
	var validation struct {
		RowsCount *int
		Format    string
	}
	if json.Unmarshal(r.Validation, &validation) == nil {
		v.RowsCount, v.Format = validation.RowsCount, validation.Format
	}
	return v
}

// RevisionClient is the last revision of a commune by a client.
type RevisionClient struct {
	ID          string          `json:"id" validate:"required"`
	CodeCommune string          `json:"codeCommune" validate:"required"`
	PublishedAt *Date           `json:"publishedAt" swaggertype:"string" format:"date-time" extensions:"x-nullable"`
	Validation  json.RawMessage `json:"validation" validate:"required" swaggertype:"object"`
	Status      string          `json:"status" validate:"required" enums:"pending,published"`
	IsCurrent   bool            `json:"isCurrent" validate:"required"`
} // @name RevisionClient

func vueClientRevision(r *depot.RevisionLue) RevisionClient {
	return RevisionClient{ID: r.ID, CodeCommune: r.PorteeCle, PublishedAt: date(r.PublieLe), Validation: objet(r.Validation), Status: r.Statut, IsCurrent: r.Courante}
}

// DerniereRevision is the last revision of a commune, whatever its state.
type DerniereRevision struct {
	ID          string `json:"id" validate:"required"`
	CodeCommune string `json:"codeCommune" validate:"required"`
	IsReady     *bool  `json:"isReady" extensions:"x-nullable"`
	Status      string `json:"status" validate:"required" enums:"pending,published"`
	IsValid     *bool  `json:"isValid" extensions:"x-nullable"`
} // @name DerniereRevision

func vueDerniere(r *depot.RevisionLue) DerniereRevision {
	v := DerniereRevision{ID: r.ID, CodeCommune: r.PorteeCle, IsReady: r.Prete, Status: r.Statut}
	var validation struct{ Valid *bool }
	if json.Unmarshal(r.Validation, &validation) == nil {
		v.IsValid = validation.Valid
	}
	return v
}

// ClientVue is a client (07 section 6.1).
type ClientVue struct {
	ID                    string  `json:"id" validate:"required"`
	CreatedAt             Date    `json:"createdAt" validate:"required" swaggertype:"string" format:"date-time"`
	UpdatedAt             Date    `json:"updatedAt" validate:"required" swaggertype:"string" format:"date-time"`
	MandataireID          string  `json:"mandataireId" validate:"required"`
	ChefDeFileID          *string `json:"chefDeFileId" extensions:"x-nullable"`
	LegacyID              *string `json:"legacyId" extensions:"x-nullable"`
	Nom                   string  `json:"nom" validate:"required"`
	Email                 *string `json:"email" extensions:"x-nullable"`
	IsActive              bool    `json:"isActive" validate:"required"`
	AuthorizationStrategy string  `json:"authorizationStrategy" validate:"required" enums:"internal,chef-de-file,habilitation"`
	Token                 string  `json:"token,omitempty"`       // once, when it is created
	TokenPrefix           string  `json:"tokenPrefix,omitempty"` // for the administrator
	TokenCreatedAt        *Date   `json:"tokenCreatedAt,omitempty" swaggertype:"string" format:"date-time"`
} // @name Client

func vueClient(c *depot.ClientDetail, admin bool) ClientVue {
	v := ClientVue{
		ID: c.ID, CreatedAt: Date(c.CreeLe), UpdatedAt: Date(c.MisAJourLe), MandataireID: c.MandataireID, ChefDeFileID: c.ChefDeFileID, LegacyID: c.LegacyID,
		Nom: c.Nom, Email: c.Email, IsActive: c.Actif, AuthorizationStrategy: c.Strategie,
	}
	if admin {
		v.TokenPrefix, v.TokenCreatedAt = c.JetonPrefixe, date(&c.JetonCreeLe)
	}
	return v
}

// MandataireVue is a mandataire; its e-mail is for administrators.
type MandataireVue struct {
	ID        string `json:"id" validate:"required"`
	CreatedAt Date   `json:"createdAt" validate:"required" swaggertype:"string" format:"date-time"`
	UpdatedAt Date   `json:"updatedAt" validate:"required" swaggertype:"string" format:"date-time"`
	Nom       string `json:"nom" validate:"required"`
	Email     string `json:"email,omitempty"`
} // @name Mandataire

func vueMandataire(m *depot.Mandataire, courriels bool) MandataireVue {
	v := MandataireVue{ID: m.ID, CreatedAt: Date(m.CreeLe), UpdatedAt: Date(m.MisAJourLe), Nom: m.Nom}
	if courriels {
		v.Email = m.Email
	}
	return v
}

// ChefVue is a chef de file; its e-mail is for administrators, unless it is public.
type ChefVue struct {
	ID                 string         `json:"id" validate:"required"`
	CreatedAt          Date           `json:"createdAt" validate:"required" swaggertype:"string" format:"date-time"`
	UpdatedAt          Date           `json:"updatedAt" validate:"required" swaggertype:"string" format:"date-time"`
	Nom                string         `json:"nom" validate:"required"`
	Email              string         `json:"email,omitempty"`
	IsEmailPublic      bool           `json:"isEmailPublic" validate:"required"`
	IsSignataireCharte bool           `json:"isSignataireCharte" validate:"required"`
	Perimeters         []PerimetreVue `json:"perimeters" validate:"required"`
} // @name ChefDeFile

// PerimetreVue is a perimetre.
type PerimetreVue struct {
	ID           string `json:"id" validate:"required"`
	ChefDeFileID string `json:"chefDeFileId" validate:"required"`
	Type         string `json:"type" validate:"required" enums:"commune,departement,epci"`
	Code         string `json:"code" validate:"required"`
} // @name Perimetre

func vueChef(c *depot.ChefDetail, courriels bool) ChefVue {
	v := ChefVue{
		ID: c.ID, CreatedAt: Date(c.CreeLe), UpdatedAt: Date(c.MisAJourLe), Nom: c.Nom, IsEmailPublic: c.EmailPublic, IsSignataireCharte: c.SignataireCharte,
		Perimeters: make([]PerimetreVue, 0, len(c.Perimetres)),
	}
	if courriels || c.EmailPublic {
		v.Email = c.Email
	}
	for _, p := range c.Perimetres {
		v.Perimeters = append(v.Perimeters, PerimetreVue(p))
	}
	return v
}

// HabilitationVue is a habilitation (07 section 7); the code never leaves.
type HabilitationVue struct {
	ID           string        `json:"id" validate:"required"`
	CreatedAt    Date          `json:"createdAt" validate:"required" swaggertype:"string" format:"date-time"`
	UpdatedAt    Date          `json:"updatedAt" validate:"required" swaggertype:"string" format:"date-time"`
	ClientID     string        `json:"clientId" validate:"required"`
	CodeCommune  string        `json:"codeCommune" validate:"required"`
	EmailCommune *string       `json:"emailCommune" extensions:"x-nullable"`
	Status       string        `json:"status" validate:"required" enums:"pending,accepted,rejected"`
	Strategy     *StrategieVue `json:"strategy" extensions:"x-nullable"`
	AcceptedAt   *Date         `json:"acceptedAt" swaggertype:"string" format:"date-time" extensions:"x-nullable"`
	RejectedAt   *Date         `json:"rejectedAt" swaggertype:"string" format:"date-time" extensions:"x-nullable"`
	Client       *ClientPublic `json:"client,omitempty"`
} // @name Habilitation

// StrategieVue is how a commune agreed, or was asked to.
type StrategieVue struct {
	Type                string `json:"type" validate:"required" enums:"email,proconnect,internal,franceconnect"`
	CreatedAt           *Date  `json:"createdAt,omitempty" swaggertype:"string" format:"date-time"`
	PinCodeExpiration   *Date  `json:"pinCodeExpiration,omitempty" swaggertype:"string" format:"date-time"`
	RemainingAttempts   *int16 `json:"remainingAttempts,omitempty"`
	AuthenticationError string `json:"authenticationError,omitempty"`
} // @name Strategie

func vueHabilitation(h *depot.Habilitation) HabilitationVue {
	v := HabilitationVue{
		ID: h.ID, CreatedAt: Date(h.CreeLe), UpdatedAt: Date(h.MisAJourLe), ClientID: h.ClientID, CodeCommune: h.CodeCommune, EmailCommune: h.EmailCommune,
		Status: h.Statut, AcceptedAt: date(h.AccepteLe), RejectedAt: date(h.RejeteLe),
	}
	if p := h.Preuve(); p != nil {
		v.Strategy = &StrategieVue{
			Type: p.Type, CreatedAt: date(p.CreeLe), PinCodeExpiration: date(h.PinExpireLe), RemainingAttempts: h.EssaisRestants, AuthenticationError: p.ErreurIdentification,
		}
	}
	return v
}
