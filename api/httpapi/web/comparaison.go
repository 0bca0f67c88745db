package web

import (
	"net/http"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// Comparaison tells what an avenant changes from another version of its convention.
type Comparaison struct {
	Avant          VersionComparee        `json:"avant" validate:"required"`
	Apres          VersionComparee        `json:"apres" validate:"required"`
	Repere         RepereVu               `json:"repere" validate:"required"`    // what avant is
	Reference      bool                   `json:"reference" validate:"required"` // avant is the version that the avenant amends
	NbChangements  int                    `json:"nb_changements" validate:"required"`
	Blocs          []BlocCompare          `json:"blocs" validate:"required"`
	TypesSuggeres  []string               `json:"types_suggeres" validate:"required"`
	Avertissements []AvertissementCompare `json:"avertissements" validate:"required"`
} // @name Comparaison

// VersionComparee names one side of a comparison.
type VersionComparee struct {
	UUID          uuid.UUID  `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Genre         string     `json:"genre" validate:"required" enums:"convention,avenant,denonciation,resiliation"`
	Numero        *string    `json:"numero" extensions:"x-nullable"`
	Statut        string     `json:"statut" validate:"required" enums:"PROJET,INSTRUCTION,CORRECTION,A_SIGNER,SIGNEE,PUBLICATION_EN_COURS,PUBLIE,RESILIEE,DENONCEE,ANNULEE"`
	StatutLibelle string     `json:"statut_libelle" validate:"required"`
	DateSignature *date.Date `json:"date_signature" extensions:"x-nullable" swaggertype:"string" format:"date"`
} // @name VersionComparee

// BlocCompare is a block of the form with what differs.
type BlocCompare struct {
	Type          string           `json:"type" validate:"required"`
	Libelle       string           `json:"libelle" validate:"required"`
	Etapes        []string         `json:"etapes" validate:"required"`
	Coche         bool             `json:"coche" validate:"required"`
	Change        bool             `json:"change" validate:"required"`
	NbChangements int              `json:"nb_changements" validate:"required"`
	Champs        []ChampCompare   `json:"champs" validate:"required"`
	Tableaux      []TableauCompare `json:"tableaux" validate:"required"`
} // @name BlocCompare

// ChampCompare is a field before and after, in words and as it is stored.
type ChampCompare struct {
	Cle       string  `json:"cle" validate:"required" example:"fond_propre"`
	Chemin    string  `json:"chemin" validate:"required" example:"lot.fond_propre"` // table and column
	Libelle   string  `json:"libelle" validate:"required"`
	Etape     string  `json:"etape" validate:"required"` // step that shows it, "" in a row
	Lot       string  `json:"lot" validate:"required"`   // label of the financement of its lot, "" otherwise
	Avant     string  `json:"avant" validate:"required"`
	Apres     string  `json:"apres" validate:"required"`
	AvantBrut *string `json:"avant_brut" extensions:"x-nullable"`
	ApresBrut *string `json:"apres_brut" extensions:"x-nullable"`
	Change    bool    `json:"change" validate:"required"`
} // @name ChampCompare

// TableauCompare is a table of rows with its counts.
type TableauCompare struct {
	Table      string          `json:"table" validate:"required" example:"logement"`
	Titre      string          `json:"titre" validate:"required"`
	Etape      string          `json:"etape" validate:"required"` // step that shows it
	Ajoutees   int             `json:"ajoutees" validate:"required"`
	Supprimees int             `json:"supprimees" validate:"required"`
	Modifiees  int             `json:"modifiees" validate:"required"`
	Inchangees int             `json:"inchangees" validate:"required"`
	Lignes     []LigneComparee `json:"lignes" validate:"required"`
} // @name TableauCompare

// LigneComparee is a row and its fate.
type LigneComparee struct {
	Nom    string         `json:"nom" validate:"required" example:"A03"`
	Lot    string         `json:"lot" validate:"required"`
	Sort   string         `json:"sort" validate:"required" enums:"ajoutee,supprimee,modifiee,inchangee"`
	Champs []ChampCompare `json:"champs" validate:"required"`
} // @name LigneComparee

// AvertissementCompare points out a block whose checkbox and content disagree.
type AvertissementCompare struct {
	Code   string `json:"code" validate:"required" enums:"TYPE_SANS_CHANGEMENT,CHANGEMENT_SANS_TYPE"`
	Type   string `json:"type" validate:"required"`
	Detail string `json:"detail" validate:"required"`
} // @name AvertissementCompare

// comparer compares an avenant.
//
//	@Summary		Comparer un avenant avec la version qu’il modifie
//	@Description	Champ par champ et ligne par ligne : logements rapprochés par désignation dans le lot du même financement, prêts par numéro, parcelles par section, numéro et lieudit. Sans « avec », la comparaison porte sur la version copiée à la création de l’avenant ; elle donne alors les types suggérés par ce qui change vraiment et signale un type coché qui ne change rien, ou un changement dont le type n’est pas coché. Sans « complet », seuls les champs et les lignes qui diffèrent sont donnés.
//	@Tags			avenants
//	@Produce		json
//	@Param			uuid	path		string		true	"Identifiant de l’avenant"	format(uuid)
//	@Param			avec	query		string		false	"Une autre version de la même convention"	format(uuid)
//	@Param			complet	query		boolean		false	"Donner aussi ce qui ne change pas"
//	@Success		200		{object}	Comparaison	"Différences"
//	@Header			200		{string}	ETag		"Version"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/avenants/{uuid}/comparaison [get]
func (r TypesAvenant) comparer(c echo.Context) error {
	q, err := httpapi.Query(c, "avec", "complet")
	if err != nil {
		return err
	}
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	avec, complet := q.UUID("avec"), q.Bool("complet")
	if err := q.Err(); err != nil {
		return err
	}
	p := httpapi.Principal(c)
	cmp, err := r.Service.Comparer(c.Request().Context(), p, id, avec)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, vueComparaison(p, cmp, complet != nil && *complet))
}

func vueComparaison(p auth.Principal, cmp convention.Comparaison, complet bool) Comparaison {
	out := Comparaison{
		Repere: RepereVu{Repere: string(convention.RepereParent)}, Avant: vueVersion(p, cmp.Avant), Apres: vueVersion(p, cmp.Apres), Reference: cmp.Reference, Blocs: []BlocCompare{},
		TypesSuggeres: cmp.TypesSuggeres, Avertissements: []AvertissementCompare{},
	}
	for _, a := range cmp.Avertissements {
		out.Avertissements = append(out.Avertissements, AvertissementCompare(a))
	}
	for _, b := range cmp.Blocs {
		x := BlocCompare{
			Type: b.Type, Libelle: b.Libelle, Etapes: []string{}, Coche: b.Coche, Change: b.Change, NbChangements: b.NbChangements(),
			Champs: vueChampsCompares("", b.Champs, complet), Tableaux: []TableauCompare{},
		}
		for _, e := range b.Etapes {
			x.Etapes = append(x.Etapes, string(e))
		}
		for _, t := range b.Tableaux {
			x.Tableaux = append(x.Tableaux, vueTableauCompare(t, complet))
		}
		out.NbChangements += x.NbChangements
		out.Blocs = append(out.Blocs, x)
	}
	return out
}

func vueVersion(p auth.Principal, d *convention.Dossier) VersionComparee {
	c := d.Convention
	return VersionComparee{
		UUID: c.UUID, Genre: string(d.Genre()), Numero: c.Numero, Statut: string(c.Statut), StatutLibelle: c.Statut.Libelle(p.CoteInstructeur(), d.Genre()),
		DateSignature: c.SigneLe,
	}
}

func vueChampsCompares(table convention.Table, champs []convention.ChampCompare, complet bool) []ChampCompare {
	out := []ChampCompare{}
	for _, c := range champs {
		if c.Change || complet && (c.AvantBrut != nil || c.ApresBrut != nil) {
			if table == "" || c.Table != "" {
				table = c.Table
			}
			out = append(out, ChampCompare{
				Cle: c.Cle, Chemin: string(table) + "." + c.Cle, Etape: string(c.Etape), Libelle: c.Libelle, Lot: c.Lot.Libelle(), Avant: c.Avant, Apres: c.Apres, AvantBrut: c.AvantBrut, ApresBrut: c.ApresBrut, Change: c.Change,
			})
		}
	}
	return out
}

func vueTableauCompare(t convention.TableauCompare, complet bool) TableauCompare {
	out := TableauCompare{
		Table: string(t.Table), Titre: t.Titre, Etape: string(t.Etape), Ajoutees: t.Ajoutees, Supprimees: t.Supprimees, Modifiees: t.Modifiees, Inchangees: t.Inchangees,
		Lignes: []LigneComparee{},
	}
	for _, l := range t.Lignes {
		if l.Sort != convention.LigneInchangee || complet {
			out.Lignes = append(out.Lignes, LigneComparee{Nom: l.Nom, Lot: l.Lot.Libelle(), Sort: l.Sort, Champs: vueChampsCompares(t.Table, l.Champs, true)})
		}
	}
	return out
}
