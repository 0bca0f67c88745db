package siapapi

import (
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/echange"
)

// Lot is the housing of one financement (05 A.6.4).
type Lot struct {
	NbLogements        *int                `json:"nb_logements" validate:"required" extensions:"x-nullable" example:"14"`
	Financement        string              `json:"financement" validate:"required" example:"PLS"`
	TypeHabitat        string              `json:"type_habitat" validate:"required" enums:"MIXTE,INDIVIDUEL,COLLECTIF"`
	Prets              []Pret              `json:"prets" validate:"required"`
	Logements          []Logement          `json:"logements" validate:"required"`
	TypeStationnements []TypeStationnement `json:"type_stationnements" validate:"required"`
} // @name Lot

// Pret is a loan or a subsidy (05 A.6.5).
type Pret struct {
	Preteur    string     `json:"preteur" validate:"required" enums:"ETAT,EPCI,REGION,VILLE,CDCF,CDCL,COMMUNE,ANRU,AUTRE"`
	Autre      *string    `json:"autre" validate:"required" extensions:"x-nullable"`
	DateOctroi *date.Date `json:"date_octroi" validate:"required" format:"date" extensions:"x-nullable"`
	Numero     *string    `json:"numero" validate:"required" extensions:"x-nullable"`
	Duree      *int       `json:"duree" validate:"required" extensions:"x-nullable"`
	Montant    string     `json:"montant" validate:"required" example:"1200000.00"`
} // @name Pret

// Logement is a dwelling (05 A.6.6); the spelling of coeficient is that of the contract.
type Logement struct {
	Designation           string   `json:"designation" validate:"required"`
	Typologie             string   `json:"typologie" validate:"required" enums:"T1,T1bis,T1prime,T2,T3,T4,T5,T6,T7"`
	SurfaceHabitable      *string  `json:"surface_habitable" validate:"required" extensions:"x-nullable" example:"45.00"`
	SurfaceAnnexes        *string  `json:"surface_annexes" validate:"required" extensions:"x-nullable"`
	SurfaceAnnexesRetenue *string  `json:"surface_annexes_retenue" validate:"required" extensions:"x-nullable"`
	SurfaceUtile          *string  `json:"surface_utile" validate:"required" extensions:"x-nullable"`
	LoyerParMetreCarre    *string  `json:"loyer_par_metre_carre" validate:"required" extensions:"x-nullable"`
	Coeficient            *string  `json:"coeficient" validate:"required" extensions:"x-nullable" example:"0.9000"`
	Loyer                 *string  `json:"loyer" validate:"required" extensions:"x-nullable"`
	Annexes               []Annexe `json:"annexes" validate:"required"`
} // @name Logement

// Annexe is an annex of a dwelling.
type Annexe struct {
	Typologie                 string  `json:"typologie" validate:"required" enums:"TERRASSE,JARDIN,COUR"`
	SurfaceHorsSurfaceRetenue string  `json:"surface_hors_surface_retenue" validate:"required"`
	LoyerParMetreCarre        string  `json:"loyer_par_metre_carre" validate:"required"`
	Loyer                     *string `json:"loyer" validate:"required" extensions:"x-nullable"`
} // @name Annexe

// TypeStationnement is a kind of parking (05 A.6.7); the rent is per month and space.
type TypeStationnement struct {
	Typologie        *string `json:"typologie" validate:"required" extensions:"x-nullable" example:"PARKING_SUPERSTRUCTURE"`
	NbStationnements int     `json:"nb_stationnements" validate:"required" example:"4"`
	Loyer            string  `json:"loyer" validate:"required" example:"25.00"`
} // @name TypeStationnement

func vueLots(c *echange.Contenu, conventionID int64) []Lot {
	out := make([]Lot, 0, len(c.Lots[conventionID]))
	for _, l := range c.Lots[conventionID] {
		out = append(out, Lot{
			NbLogements: l.NbLogements, Financement: string(l.Financement), TypeHabitat: string(l.TypeHabitat),
			Prets: vuePrets(c.Prets[l.ID]), Logements: vueLogements(c, l.ID), TypeStationnements: vueStationnements(c.Stationnements[l.ID]),
		})
	}
	return out
}

func vuePrets(liste []convention.Pret) []Pret {
	out := make([]Pret, 0, len(liste))
	for _, p := range liste {
		out = append(out, Pret{
			Preteur: p.Preteur, Autre: texte(&p.Autre), DateOctroi: p.DateOctroi, Numero: texte(&p.Numero), Duree: p.Duree, Montant: p.Montant.StringFixed(2),
		})
	}
	return out
}

func vueLogements(c *echange.Contenu, lotID int64) []Logement {
	out := make([]Logement, 0, len(c.Logements[lotID]))
	for _, l := range c.Logements[lotID] {
		out = append(out, Logement{
			Designation: l.Designation, Typologie: l.Typologie,
			SurfaceHabitable: fixe(l.SurfaceHabitable, 2), SurfaceAnnexes: fixe(l.SurfaceAnnexes, 2),
			SurfaceAnnexesRetenue: fixe(l.SurfaceAnnexesRetenue, 2), SurfaceUtile: fixe(l.SurfaceUtile, 2),
			LoyerParMetreCarre: fixe(l.LoyerParMetreCarre, 2), Coeficient: fixe(l.Coefficient, 4), Loyer: fixe(l.Loyer, 2),
			Annexes: vueAnnexes(c.Annexes[l.ID]),
		})
	}
	return out
}

func vueAnnexes(liste []convention.Annexe) []Annexe {
	out := make([]Annexe, 0, len(liste))
	for _, a := range liste {
		loyer := a.Loyer.StringFixed(2)
		out = append(out, Annexe{
			Typologie: a.Typologie, SurfaceHorsSurfaceRetenue: a.SurfaceHorsSurfaceRetenue.StringFixed(2),
			LoyerParMetreCarre: a.LoyerParMetreCarre.StringFixed(2), Loyer: &loyer,
		})
	}
	return out
}

func vueStationnements(liste []convention.Stationnement) []TypeStationnement {
	out := make([]TypeStationnement, 0, len(liste))
	for _, s := range liste {
		out = append(out, TypeStationnement{Typologie: texte(&s.Typologie), NbStationnements: s.NbStationnements, Loyer: s.Loyer.StringFixed(2)})
	}
	return out
}
