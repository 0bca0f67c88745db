package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/httpapi"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/shopspring/decimal"
)

// ChampEtape describes a field of a step to whoever draws the form.
type ChampEtape struct {
	Cle        string       `json:"cle" validate:"required"`
	Libelle    string       `json:"libelle" validate:"required"`
	Type       string       `json:"type" validate:"required" enums:"texte,texte_long,entier,annee,decimal,booleen,date,choix,lignes"`
	Requis     bool         `json:"requis" validate:"required"`
	Max        *int         `json:"max,omitempty"`
	Minimum    *int         `json:"minimum,omitempty"`
	Motif      *string      `json:"motif,omitempty"`
	Choix      []ChoixEtape `json:"choix" validate:"required"`
	Aide       string       `json:"aide" validate:"required"`
	Exemple    string       `json:"exemple" validate:"required"`
	Cible      *string      `json:"cible" extensions:"x-nullable"`
	Modifiable bool         `json:"modifiable" validate:"required"`
	// RequisSi makes the field mandatory, AfficheSi shows it, while the condition holds.
	RequisSi  *ConditionEtape `json:"requis_si,omitempty"`
	AfficheSi *ConditionEtape `json:"affiche_si,omitempty"`
	// Total asks for the sum of a column.
	Total bool `json:"total,omitempty"`
	// Table describes the rows of a field of type "lignes".
	Table *TableEtape `json:"table,omitempty"`
} // @name ChampEtape

// ConditionEtape depends on another field of the step, or on another column of the row. Without values it holds as soon
// as that field is filled; a boolean is "true" or "false".
type ConditionEtape struct {
	Champ   string   `json:"champ" validate:"required"`
	Valeurs []string `json:"valeurs" validate:"required"`
} // @name ConditionEtape

// TableEtape describes a table of rows: its values are a list of objects, "uuid" and one member per column.
type TableEtape struct {
	Ligne    string       `json:"ligne" validate:"required" example:"Prêt ou subvention"`
	Colonnes []ChampEtape `json:"colonnes" validate:"required"`
	Max      int          `json:"max" validate:"required"`
	Groupe   *string      `json:"groupe,omitempty"`
} // @name TableEtape

// AvertissementEtape deserves attention and never stops a save.
type AvertissementEtape struct {
	Pointer string `json:"pointer" validate:"required"`
	Code    string `json:"code" validate:"required"`
	Detail  string `json:"detail" validate:"required"`
} // @name AvertissementEtape

// ChoixEtape is a value of a list.
type ChoixEtape struct {
	Valeur  string `json:"valeur" validate:"required"`
	Libelle string `json:"libelle" validate:"required"`
} // @name ChoixEtape

// BrouillonVu is unsaved input of the caller.
type BrouillonVu struct {
	Valeurs     map[string]any `json:"valeurs" validate:"required"`
	BaseVersion int            `json:"base_version" validate:"required"`
	CreeLe      time.Time      `json:"cree_le" validate:"required"`
} // @name Brouillon

// EtapeVoisine leads to the step before or after.
type EtapeVoisine struct {
	Code    string `json:"code" validate:"required"`
	Libelle string `json:"libelle" validate:"required"`
	Lien    string `json:"lien" validate:"required"`
} // @name EtapeVoisine

// Etape is a step of the form: its fields, their values, what the caller may change, its comments.
type Etape struct {
	Etape      string `json:"etape" validate:"required"`
	Libelle    string `json:"libelle" validate:"required"`
	Aide       string `json:"aide" validate:"required"`
	Version    int    `json:"version" validate:"required"`
	Statut     string `json:"statut" validate:"required"`
	Modifiable bool   `json:"modifiable" validate:"required"`
	Raison     string `json:"raison" validate:"required"`
	// Actions of this step that the caller may do now, besides saving it.
	Actions        []string                 `json:"actions" validate:"required" enums:"changer_bailleur,changer_administration"`
	Champs         []ChampEtape             `json:"champs" validate:"required"`
	Valeurs        map[string]any           `json:"valeurs" validate:"required"`
	Avertissements []AvertissementEtape     `json:"avertissements" validate:"required"`
	Brouillon      *BrouillonVu             `json:"brouillon,omitempty"`
	Commentaires   map[string][]Commentaire `json:"commentaires" validate:"required"`
	Precedente     *EtapeVoisine            `json:"precedente,omitempty"`
	Suivante       *EtapeVoisine            `json:"suivante,omitempty"`
} // @name Etape

// OperationSaisie is the body of the step "operation". It documents the fields that the registry of the
// domain reads (a test compares the two); an absent field is unchanged.
type OperationSaisie struct {
	Nom                        *string     `json:"nom,omitempty" maxLength:"255" example:"Résidence Les Tilleuls"`
	NumeroOperation            *string     `json:"numero_operation,omitempty" maxLength:"255"`
	Adresse                    *string     `json:"adresse,omitempty" maxLength:"5000" example:"12 rue des Arènes"`
	CodePostal                 *string     `json:"code_postal,omitempty" maxLength:"5" example:"87000"`
	Ville                      *string     `json:"ville,omitempty" maxLength:"255" example:"Limoges"`
	TypeHabitat                *string     `json:"type_habitat,omitempty" enums:"MIXTE,INDIVIDUEL,COLLECTIF"`
	TypeOperation              *string     `json:"type_operation,omitempty" enums:"SANSOBJET,NEUF,VEFA,ACQUIS,ACQUISAMELIORATION,REHABILITATION,ACQUISSANSTRAVAUX,SANSTRAVAUX,USUFRUIT"`
	Anru                       *bool       `json:"anru,omitempty"`
	Anah                       *bool       `json:"anah,omitempty"`
	SecondeVie                 *bool       `json:"seconde_vie,omitempty"`
	NbLocauxCommerciaux        *int        `json:"nb_locaux_commerciaux,omitempty" extensions:"x-nullable" minimum:"0"`
	NbBureaux                  *int        `json:"nb_bureaux,omitempty" extensions:"x-nullable" minimum:"0"`
	AutresLocauxHorsConvention *string     `json:"autres_locaux_hors_convention,omitempty" maxLength:"5000"`
	ConfirmerErreurs           bool        `json:"confirmer_erreurs,omitempty"`
	CommentairesResolus        []uuid.UUID `json:"commentaires_resolus,omitempty" swaggertype:"array,string" format:"uuid"`
} // @name OperationSaisie

// lireEtape returns a step.
//
//	@Summary		Lire l’étape « Opération »
//	@Description	Les champs avec leurs règles et leurs valeurs, ceux que vous pouvez modifier, vos saisies non enregistrées et les commentaires.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid			path		string	true	"Identifiant"	format(uuid)
//	@Param			X-Mode-Edition	header		string	false	"« expert » : corriger une convention en vigueur ; toute autre valeur est sans effet"	example(expert)
//	@Success		200				{object}	Etape
//	@Header			200				{string}	ETag	"Version"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/operation [get]
func (r Conventions) lireEtape(code convention.CodeEtape) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := uuidSeul(c)
		if err != nil {
			return err
		}
		p := httpapi.Principal(c)
		v, err := r.Service.LireEtape(c.Request().Context(), p, id, code)
		if err != nil {
			return err
		}
		httpapi.SetETag(c, v.Dossier.Convention.Version)
		return c.JSON(http.StatusOK, vueEtape(p, v))
	}
}

// enregistrerOperation saves the step "operation".
//
//	@Summary		Enregistrer l’étape « Opération »
//	@Description	Un champ absent ne change pas. Un champ qui ne vous est pas ouvert répond 403 CHAMP_NON_MODIFIABLE et rien n’est enregistré.
//	@Tags			conventions
//	@Accept			json
//	@Produce		json
//	@Param			uuid		path		string			true	"Identifiant"	format(uuid)
//	@Param			If-Match	header		string			true	"Version lue, entre guillemets"
//	@Param			corps		body		OperationSaisie	true	"Champs à enregistrer"
//	@Param			X-Mode-Edition	header		string	false	"« expert » : corriger une convention en vigueur ; toute autre valeur est sans effet"	example(expert)
//	@Success		200			{object}	Etape
//	@Header			200			{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/operation [put]
func (r Conventions) enregistrerOperation(c echo.Context) error {
	return r.enregistrerEtape(c, convention.EtapeOperation)
}

// enregistrerEtape serves every step: fields are read by the registry of the domain.
func (r Conventions) enregistrerEtape(c echo.Context, code convention.CodeEtape) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatchOrNone(c)
	if err != nil {
		return err
	}
	var corps map[string]json.RawMessage
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	in := convention.SaisieEtape{Version: version, Valeurs: corps}
	if err := extraire(corps, "confirmer_erreurs", &in.ConfirmerErreurs); err != nil {
		return err
	}
	if err := extraire(corps, "commentaires_resolus", &in.CommentairesResolus); err != nil {
		return err
	}
	p := httpapi.Principal(c)
	v, err := r.Service.EnregistrerEtape(c.Request().Context(), p, id, code, in)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, v.Dossier.Convention.Version)
	return c.JSON(http.StatusOK, vueEtape(p, v))
}

// extraire takes a member that is not a field of the form out of the body.
func extraire[T any](corps map[string]json.RawMessage, cle string, dst *T) error {
	brut, ok := corps[cle]
	if !ok {
		return nil
	}
	delete(corps, cle)
	if err := json.Unmarshal(brut, dst); err != nil {
		return fault.Newf(fault.BadRequest, "json_invalide", "La valeur de « %s » n’a pas la forme attendue.", cle)
	}
	return nil
}

func vueEtape(p auth.Principal, v convention.VueEtape) Etape {
	d := v.Dossier
	out := Etape{
		Etape: string(v.Section.Code), Libelle: v.Section.Code.Libelle(), Aide: v.Section.Aide, Version: d.Convention.Version,
		Statut: string(d.Convention.Statut), Modifiable: !v.Modifiable.Rien(), Raison: v.Modifiable.Raison,
		Champs: []ChampEtape{}, Valeurs: map[string]any{}, Commentaires: map[string][]Commentaire{},
		Avertissements: []AvertissementEtape{}, Actions: append([]string{}, d.ActionsEtape(p, v.Section.Code)...),
	}
	for _, a := range v.Avertissements {
		out.Avertissements = append(out.Avertissements, AvertissementEtape{a.Pointer, a.Code, a.Detail})
	}
	presents := map[string]bool{}
	for _, ch := range v.Champs {
		presents[ch.Cle] = true
	}
	for _, ch := range v.Champs {
		vu := vueChamp(ch.Champ, presents)
		vu.Modifiable = ch.Modifiable
		out.Champs = append(out.Champs, vu)
		out.Valeurs[ch.Cle] = valeurJSON(ch.Valeur)
	}
	if v.Brouillon != nil {
		b := vueBrouillon(v.Brouillon)
		out.Brouillon = &b
	}
	for _, k := range d.Commentaires {
		if d.EtapeDe(k) == v.Section.Code {
			out.Commentaires[k.Champ()] = append(out.Commentaires[k.Champ()], vueCommentaire(p, d, k))
		}
	}
	avant, apres := d.Voisines(v.Section.Code)
	if avant != "" {
		out.Precedente = &EtapeVoisine{string(avant), avant.Libelle(), lienEtape(d, avant)}
	}
	if apres != "" {
		out.Suivante = &EtapeVoisine{string(apres), apres.Libelle(), lienEtape(d, apres)}
	}
	return out
}

// vueChamp describes a field. presents are the keys that a condition may depend on: it does not hold for a field that is
// not shown, whose value nobody can change.
func vueChamp(ch convention.Champ, presents map[string]bool) ChampEtape {
	out := ChampEtape{
		Cle: ch.Cle, Libelle: ch.Libelle, Type: string(ch.Type), Requis: ch.Requis, Choix: []ChoixEtape{}, Aide: ch.Aide, Exemple: ch.Exemple,
		Total: ch.Total, RequisSi: vueCondition(ch.RequisSi, presents), AfficheSi: vueCondition(ch.AfficheSi, presents),
	}
	if ch.RequisSi != nil && out.RequisSi == nil {
		out.Requis = slices.Contains(ch.RequisSi.Valeurs, "false")
	}
	if ch.Minimum > 0 {
		out.Minimum = &ch.Minimum
	}
	if t := ch.Table; t != nil {
		out.Table = &TableEtape{Ligne: t.Ligne, Colonnes: []ChampEtape{}, Max: t.Max}
		if t.Groupe != "" {
			out.Table.Groupe = &t.Groupe
		}
		colonnes := map[string]bool{}
		for _, c := range t.Colonnes {
			colonnes[c.Cle] = true
		}
		for _, c := range t.Colonnes {
			vue := vueChamp(c, colonnes)
			vue.Modifiable = true // as far as the table is
			out.Table.Colonnes = append(out.Table.Colonnes, vue)
		}
	}
	if ch.Max > 0 {
		out.Max = &ch.Max
	}
	if ch.Motif != nil {
		m := ch.Motif.String()
		out.Motif = &m
	}
	if ch.Cible != "" {
		out.Cible = &ch.Cible
	}
	for _, x := range ch.Choix {
		out.Choix = append(out.Choix, ChoixEtape(x))
	}
	return out
}

func vueCondition(c *convention.Condition, presents map[string]bool) *ConditionEtape {
	if c == nil || !presents[c.Champ] {
		return nil
	}
	return &ConditionEtape{c.Champ, append([]string{}, c.Valeurs...)}
}

// valeurJSON writes decimals as strings and absent values as null.
func valeurJSON(v any) any {
	switch x := v.(type) {
	case *int:
		if x == nil {
			return nil
		}
		return *x
	case *date.Date:
		if x == nil {
			return nil
		}
		return x.String()
	case decimal.NullDecimal:
		if !x.Valid {
			return nil
		}
		return x.Decimal.StringFixed(2)
	case []convention.LigneSaisie:
		lignes := make([]map[string]any, 0, len(x))
		for _, l := range x {
			ligne := map[string]any{"uuid": l.UUID}
			for cle, v := range l.Valeurs {
				ligne[cle] = valeurJSON(v)
			}
			lignes = append(lignes, ligne)
		}
		return lignes
	}
	return v
}

func vueBrouillon(b *convention.Brouillon) BrouillonVu {
	out := BrouillonVu{Valeurs: map[string]any{}, BaseVersion: b.BaseVersion, CreeLe: b.CreeLe}
	_ = json.Unmarshal(b.Valeurs, &out.Valeurs) // written as an object, checked by the schema
	return out
}

// BrouillonSaisi is the body that keeps a draft.
type BrouillonSaisi struct {
	Valeurs     map[string]any `json:"valeurs" validate:"required"`
	BaseVersion int            `json:"base_version" validate:"required" minimum:"1"`
} // @name BrouillonSaisi

// lireBrouillon returns the draft of the caller.
//
//	@Summary	Lire votre brouillon d’une étape
//	@Description	Vos saisies gardées mais pas encore enregistrées. 404 s’il n’y en a pas.
//	@Tags		conventions
//	@Produce	json
//	@Param		uuid			path		string	true	"Identifiant"		format(uuid)
//	@Param		etape			path		string	true	"Code de l’étape"
//	@Success	200				{object}	BrouillonVu
//	@Failure	400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security	BearerAuth
//	@Router		/conventions/{uuid}/brouillons/{etape} [get]
func (r Conventions) lireBrouillon(c echo.Context) error {
	id, etape, err := brouillonVise(c)
	if err != nil {
		return err
	}
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	b, err := r.Service.LireBrouillon(c.Request().Context(), httpapi.Principal(c), id, etape)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, vueBrouillon(b))
}

// garderBrouillon keeps the input of the caller; it changes no data and no version.
//
//	@Summary	Garder vos saisies d’une étape sans les enregistrer
//	@Description	Ne change ni les données, ni la version, ni le statut. Un brouillon est personnel ; enregistrer l’étape l’efface.
//	@Tags		conventions
//	@Accept		json
//	@Param		uuid	path	string			true	"Identifiant"		format(uuid)
//	@Param		etape	path	string			true	"Code de l’étape"
//	@Param		corps	body	BrouillonSaisi	true	"Saisies"
//	@Success	204
//	@Failure	400,401,403,404,413,415,422,429,500	{object}	httpapi.Problem
//	@Security	BearerAuth
//	@Router		/conventions/{uuid}/brouillons/{etape} [put]
func (r Conventions) garderBrouillon(c echo.Context) error {
	id, etape, err := brouillonVise(c)
	if err != nil {
		return err
	}
	var corps BrouillonSaisi
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	if corps.Valeurs == nil || corps.BaseVersion < 1 {
		return fault.New(fault.Invalid, "invalide", "Donnez les saisies et la version sur laquelle elles reposent.")
	}
	brut, err := json.Marshal(corps.Valeurs)
	if err != nil {
		return err
	}
	if strings.Contains(string(brut), `\u0000`) {
		return fault.New(fault.Invalid, "invalide", "Les saisies contiennent des caractères illisibles.")
	}
	if err := r.Service.GarderBrouillon(c.Request().Context(), httpapi.Principal(c), id, etape, brut, corps.BaseVersion); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// jeterBrouillon erases the draft of the caller.
//
//	@Summary	Abandonner votre brouillon d’une étape
//	@Description	Sans effet s’il n’y en a pas.
//	@Tags		conventions
//	@Param		uuid	path	string	true	"Identifiant"		format(uuid)
//	@Param		etape	path	string	true	"Code de l’étape"
//	@Success	204
//	@Failure	400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security	BearerAuth
//	@Router		/conventions/{uuid}/brouillons/{etape} [delete]
func (r Conventions) jeterBrouillon(c echo.Context) error {
	id, etape, err := brouillonVise(c)
	if err != nil {
		return err
	}
	if err := r.Service.JeterBrouillon(c.Request().Context(), httpapi.Principal(c), id, etape); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func brouillonVise(c echo.Context) (uuid.UUID, convention.CodeEtape, error) {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return uuid.Nil, "", err
	}
	etape, err := httpapi.TextParam(c, "etape", 20)
	return id, convention.CodeEtape(etape), err
}
