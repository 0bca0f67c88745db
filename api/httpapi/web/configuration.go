package web

import (
	"net/http"

	"apilos/api/convention"
	"apilos/api/httpapi"
	"github.com/labstack/echo/v4"
)

// ParametresPublics is what anybody may know of the configuration.
type ParametresPublics struct {
	Environnement       string
	Version             string
	ModeConnexion       string // cerbere or local
	Simulateurs         bool
	UtilisateurSimule   bool // MOCK_CERBERE_USER_ID: every visitor is the same account
	URLAssistance       string
	DocumentSigneOctets int64
	JSONOctets          int64
	Depot               DepotPublic
}

// DepotPublic is what the application must know of the deposit of addresses.
type DepotPublic struct {
	Chemin          string `json:"chemin" validate:"required" example:"/api-depot"`
	TailleMaxOctets int64  `json:"taille_max_octets" validate:"required" example:"50000000"`
	Demo            bool   `json:"demo" validate:"required"`
} // @name DepotPublic

// Configurations serves what the application must know before anybody logs in.
type Configurations struct{ reponse Configuration }

// NewConfigurations returns the resource; the answer does not change while the program runs.
func NewConfigurations(p ParametresPublics) Configurations {
	conf := Configuration{
		Environnement: p.Environnement, Version: p.Version, ModeConnexion: p.ModeConnexion,
		Simulateurs: p.Simulateurs, UtilisateurSimule: p.UtilisateurSimule, URLAssistance: p.URLAssistance,
		Limites:      LimitesEnvoi{DocumentSigneOctets: p.DocumentSigneOctets, JSONOctets: p.JSONOctets},
		Depot:        p.Depot,
		Statuts:      []StatutDeReference{},
		Financements: []FinancementDeReference{},
	}
	for _, s := range convention.Statuts() {
		conf.Statuts = append(conf.Statuts, StatutDeReference{
			Code: string(s), LibelleNeutre: s.Neutre(), Icone: s.Icone(),
			LibelleBailleur:    s.Libelle(false, convention.GenreConvention),
			LibelleInstructeur: s.Libelle(true, convention.GenreConvention),
		})
	}
	for _, f := range convention.Financements() {
		conf.Financements = append(conf.Financements, FinancementDeReference{Code: string(f), Libelle: f.Libelle()})
	}
	return Configurations{reponse: conf}
}

// Configuration is the public configuration.
type Configuration struct {
	Environnement     string                   `json:"environnement" validate:"required" enums:"development,test,staging,production"`
	Version           string                   `json:"version" validate:"required" example:"0.1.0"`
	ModeConnexion     string                   `json:"mode_connexion" validate:"required" enums:"cerbere,local"`
	Simulateurs       bool                     `json:"simulateurs" validate:"required"`
	UtilisateurSimule bool                     `json:"utilisateur_simule" validate:"required"`
	URLAssistance     string                   `json:"url_assistance" validate:"required"`
	Limites           LimitesEnvoi             `json:"limites" validate:"required"`
	Depot             DepotPublic              `json:"depot" validate:"required"`
	Statuts           []StatutDeReference      `json:"statuts" validate:"required"`
	Financements      []FinancementDeReference `json:"financements" validate:"required"`
}

// LimitesEnvoi are the sizes the server accepts.
type LimitesEnvoi struct {
	DocumentSigneOctets int64 `json:"document_signe_octets" validate:"required" example:"500000000"`
	JSONOctets          int64 `json:"json_octets" validate:"required" example:"2097152"`
}

// StatutDeReference names one statut for each side.
type StatutDeReference struct {
	Code               string `json:"code" validate:"required" enums:"PROJET,INSTRUCTION,CORRECTION,A_SIGNER,SIGNEE,PUBLICATION_EN_COURS,PUBLIE,RESILIEE,DENONCEE,ANNULEE"`
	LibelleNeutre      string `json:"libelle_neutre" validate:"required" example:"À instruire"`
	LibelleBailleur    string `json:"libelle_bailleur" validate:"required" example:"En instruction"`
	LibelleInstructeur string `json:"libelle_instructeur" validate:"required" example:"À instruire"`
	Icone              string `json:"icone" validate:"required" example:"eye"`
}

// FinancementDeReference names one financement.
type FinancementDeReference struct {
	Code    string `json:"code" validate:"required" example:"PLUS"`
	Libelle string `json:"libelle" validate:"required" example:"PLUS"`
}

// Routes implements httpapi.Resource.
func (r Configurations) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/configuration", Access: httpapi.Public(), Handler: r.lire},
	}
}

// lire gives the public configuration.
//
//	@Summary		Configuration publique
//	@Description	Ce que l’application doit savoir avant toute connexion : mode de connexion, limites d’envoi, libellés des statuts et des financements.
//	@Tags			referentiels
//	@Produce		json
//	@Success		200			{object}	Configuration	"Configuration"
//	@Failure		400,429,500	{object}	httpapi.Problem	"Problème"
//	@Router			/configuration [get]
func (r Configurations) lire(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, r.reponse)
}
