package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/httpapi"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// OperationResumee names an operation in a row.
type OperationResumee struct {
	Numero string `json:"numero" validate:"required" example:"20261100001"`
	Nom    string `json:"nom" validate:"required" example:"Les Tilleuls"`
} // @name OperationResumee

// BailleurResume names a bailleur in a row.
type BailleurResume struct {
	UUID uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Nom  string    `json:"nom" validate:"required"`
} // @name BailleurResume

// AdministrationResumee names a service in a row.
type AdministrationResumee struct {
	Nom  string `json:"nom" validate:"required"`
	Code string `json:"code" validate:"required"`
} // @name AdministrationResumee

// ConventionLigne is a row of a list; Lots comes with inclure=lots.
type ConventionLigne struct {
	UUID                  uuid.UUID              `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	ParentUUID            *uuid.UUID             `json:"parent_uuid" extensions:"x-nullable" swaggertype:"string" format:"uuid"`
	Genre                 string                 `json:"genre" validate:"required" enums:"convention,avenant,denonciation,resiliation"`
	Statut                string                 `json:"statut" validate:"required" enums:"PROJET,INSTRUCTION,CORRECTION,A_SIGNER,SIGNEE,PUBLICATION_EN_COURS,PUBLIE,RESILIEE,DENONCEE,ANNULEE"`
	StatutLibelle         string                 `json:"statut_libelle" validate:"required"`
	StatutIcone           string                 `json:"statut_icone" validate:"required"`
	Numero                *string                `json:"numero" extensions:"x-nullable"`
	Operation             OperationResumee       `json:"operation" validate:"required"`
	Bailleur              BailleurResume         `json:"bailleur" validate:"required"`
	Administration        *AdministrationResumee `json:"administration,omitempty"`
	Financements          []string               `json:"financements" validate:"required"`
	Ville                 string                 `json:"ville" validate:"required"`
	CodePostal            string                 `json:"code_postal" validate:"required"`
	NbLogements           int                    `json:"nb_logements" validate:"required"`
	CreeLe                time.Time              `json:"cree_le" validate:"required"`
	MisAJourLe            time.Time              `json:"mis_a_jour_le" validate:"required"`
	StatutDepuis          time.Time              `json:"statut_depuis" validate:"required"`
	DateSignature         *date.Date             `json:"date_signature" extensions:"x-nullable" swaggertype:"string" format:"date"`
	AMoi                  bool                   `json:"a_moi" validate:"required"`
	NbCommentairesOuverts int                    `json:"nb_commentaires_ouverts" validate:"required"`
	Lien                  string                 `json:"lien" validate:"required" example:"/conventions/6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11"`
	Lots                  []Lot                  `json:"lots,omitempty"`
} // @name ConventionLigne

func ligne(p auth.Principal, l convention.Ligne) ConventionLigne {
	out := ConventionLigne{
		UUID: l.UUID, ParentUUID: l.ParentUUID, Genre: string(l.Genre), Statut: string(l.Statut),
		StatutLibelle: l.Statut.Libelle(p.CoteInstructeur(), l.Genre), StatutIcone: l.Statut.Icone(), Numero: l.Numero,
		Operation: OperationResumee{l.NumeroOperation, l.OperationNom}, Bailleur: BailleurResume{l.BailleurUUID, l.BailleurNom},
		Financements: l.Financements, Ville: l.Ville, CodePostal: l.CodePostal, NbLogements: l.NbLogements,
		CreeLe: l.CreeLe, MisAJourLe: l.MisAJourLe, StatutDepuis: l.StatutDepuis, DateSignature: l.DateSignature,
		AMoi:                  !p.EnLecture() && convention.MainDe(l.Statut, l.CreeParInstructeur).Revient(p.CoteInstructeur()),
		NbCommentairesOuverts: l.CommentairesOuverts, Lien: "/conventions/" + l.UUID.String(),
	}
	if l.AdministrationCode != "" {
		out.Administration = &AdministrationResumee{l.AdministrationNom, l.AdministrationCode}
	}
	if out.Financements == nil {
		out.Financements = []string{}
	}
	return out
}

// PageConventions is a page of the list. Retraits and a Suivant that is always there come with modifie_depuis;
// Tronque says that more than a thousand rows match and that only the most recent ones are ranked.
type PageConventions struct {
	httpapi.Page[ConventionLigne]
	Tronque  bool                `json:"tronque,omitempty"`
	Retraits []ConventionRetiree `json:"retraits,omitempty"`
} // @name PageConventionLigne

// ConventionRetiree is a convention that a reader of changes must forget.
type ConventionRetiree struct {
	UUID  uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Motif string    `json:"motif" validate:"required" enums:"SUPPRIMEE,HORS_PERIMETRE"`
	Le    time.Time `json:"le" validate:"required"`
} // @name ConventionRetiree

// lister lists conventions and avenants.
//
//	@Summary		Lister les conventions et avenants
//	@Description	Dans le périmètre de l’habilitation active. Plusieurs valeurs d’un paramètre, répétées ou séparées par des virgules, s’ajoutent ; des paramètres différents se combinent. Pour lire une longue liste, donnez à « apres » la valeur « suivant » de la page précédente.
//	@Description
//	@Description	Avec « modifie_depuis » (sans « tri », ou avec « tri=mis_a_jour_le »), la réponse est le flux des changements, du plus ancien au plus récent : « suivant » y est toujours donné et se garde d’une lecture à l’autre, « retraits » liste les conventions supprimées ou sorties de votre périmètre, « total » est celui du début de la lecture. Un changement n’est jamais sauté ; il peut arriver deux fois.
//	@Tags			conventions
//	@Produce		json
//	@Param			q				query		string		false	"Nom d’opération, commune, bailleur ou numéro"				maxLength(255)
//	@Param			operation_nom	query		string		false	"Mots du nom de l’opération"								maxLength(255)
//	@Param			numero			query		string		false	"Numéro de convention ou d’opération ; 4 caractères au plus : fin du numéro"	maxLength(255)
//	@Param			bailleur		query		string		false	"Identifiant du bailleur, ou partie de son nom, ou début de son SIREN"		maxLength(255)
//	@Param			lieu			query		string		false	"Commune ou code postal"									maxLength(255)
//	@Param			statut			query		[]string	false	"Code du statut, ou libellé échangé avec le SIAP"			collectionFormat(csv)
//	@Param			financement		query		[]string	false	"Code du financement"										collectionFormat(csv)
//	@Param			nature_logement	query		[]string	false	"Code de la nature des logements"							collectionFormat(csv)
//	@Param			type_operation	query		[]string	false	"Code du type d’opération"									collectionFormat(csv)
//	@Param			annee_signature	query		[]string	false	"Année de signature"										collectionFormat(csv)
//	@Param			administration	query		[]string	false	"Code de l’administration"									collectionFormat(csv)
//	@Param			departement		query		[]string	false	"Code INSEE du département"									collectionFormat(csv)
//	@Param			region			query		[]string	false	"Code INSEE de la région"									collectionFormat(csv)
//	@Param			avenants		query		string		false	"Avenants"	Enums(inclus, exclus, seuls)	default(inclus)
//	@Param			anru			query		bool		false	"Opérations ANRU"
//	@Param			anah			query		bool		false	"Opérations ANAH"
//	@Param			seconde_vie		query		bool		false	"Secondes vies"
//	@Param			mixte			query		bool		false	"Plusieurs financements"
//	@Param			modifie_depuis	query		string		false	"Changées depuis cet instant, par exemple 2026-04-15T08:00:00Z"	maxLength(64)
//	@Param			a_moi			query		bool		false	"Seulement ce qui attend une action de votre part"
//	@Param			tri				query		string		false	"Ordre ; un tiret devant inverse. Par défaut « pertinence » avec un critère de texte, « -cree_le » sinon"	Enums(pertinence, cree_le, -cree_le, mis_a_jour_le, -mis_a_jour_le, attente, -attente, ville, -ville, bailleur, -bailleur, numero, -numero, statut, -statut, date_signature, -date_signature, date_livraison, -date_livraison, nb_logements, -nb_logements)
//	@Param			inclure			query		[]string	false	"Ce qui s’ajoute à chaque ligne"	Enums(lots)	collectionFormat(csv)
//	@Param			champs			query		[]string	false	"Seulement ces membres de chaque ligne"	collectionFormat(csv)
//	@Param			page			query		int			false	"Page"	minimum(1)	default(1)
//	@Param			par_page		query		int			false	"Lignes par page"	minimum(1)	maximum(100)	default(20)
//	@Param			apres			query		string		false	"Curseur donné par « suivant »"
//	@Success		200				{object}	PageConventions
//	@Header			200				{string}	Link	"Pages voisines"
//	@Failure		400,401,403,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions [get]
func (r Conventions) lister(c echo.Context) error {
	q, err := httpapi.Query(c, parametresListe()...)
	if err != nil {
		return err
	}
	f, err := lireFiltre(q, r.Horloge())
	if err != nil {
		return err
	}
	page, inclure, apres := q.Page(), q.List("inclure", "lots"), q.Text("apres")
	if err := q.Err(); err != nil {
		return err
	}
	f.Page, f.ParPage = page.Page, page.ParPage
	if f.ModifieDepuis != nil && (f.Tri == "" || f.Tri == convention.TriMisAJour) {
		return r.flux(c, f, apres, inclure)
	}
	f.Tri = triParDefaut(f)
	if apres != "" {
		if f.Apres, err = lireCurseur(f.Tri, apres); err != nil {
			return err
		}
	}
	ctx, p := c.Request().Context(), httpapi.Principal(c)
	res, err := r.Service.Lister(ctx, p, f)
	if err != nil {
		return err
	}
	rows, err := r.lignes(ctx, p, res.Lignes, inclure)
	if err != nil {
		return err
	}
	out := PageConventions{Page: httpapi.NewPage(page, res.Total, rows), Tronque: res.Tronque}
	if res.Suivant != nil {
		out.Suivant = ecrireCurseur(f.Tri, *res.Suivant)
	}
	if f.Apres == nil {
		httpapi.SetLinks(c, page, res.Total)
	} else {
		httpapi.SetNextLink(c, out.Suivant)
	}
	return c.JSON(http.StatusOK, out)
}

// triParDefaut is the order of a list that asks for none (06 §1.6); relevance without text is none.
func triParDefaut(f convention.Filtre) convention.Tri {
	switch {
	case (f.Tri == "" || f.Tri == convention.TriPertinence) && f.ParTexte():
		return convention.TriPertinence
	case f.Tri == "" || f.Tri == convention.TriPertinence:
		return convention.TriRecents
	}
	return f.Tri
}

// flux answers the changes since a cursor, or since modifie_depuis.
func (r Conventions) flux(c echo.Context, f convention.Filtre, apres string, inclure []string) error {
	var curseur *convention.CurseurFlux
	if apres != "" {
		var err error
		if curseur, err = lireCurseurFlux(apres); err != nil {
			return err
		}
	}
	ctx, p := c.Request().Context(), httpapi.Principal(c)
	res, err := r.Service.Flux(ctx, p, f, curseur)
	if err != nil {
		return err
	}
	rows, err := r.lignes(ctx, p, res.Lignes, inclure)
	if err != nil {
		return err
	}
	out := PageConventions{Page: httpapi.NewPage(httpapi.Pagination{Page: 1, ParPage: f.ParPage}, res.Total, rows)}
	out.Suivant = ecrireCurseurFlux(res.Suivant)
	for _, x := range res.Retraits {
		out.Retraits = append(out.Retraits, ConventionRetiree(x))
	}
	if !res.Fini {
		httpapi.SetNextLink(c, out.Suivant)
	}
	return c.JSON(http.StatusOK, out)
}

// lignes builds the rows, with what « inclure » adds.
func (r Conventions) lignes(ctx context.Context, p auth.Principal, lignes []convention.Ligne, inclure []string) ([]ConventionLigne, error) {
	rows := make([]ConventionLigne, 0, len(lignes))
	for _, l := range lignes {
		rows = append(rows, ligne(p, l))
	}
	if !slices.Contains(inclure, "lots") || len(lignes) == 0 {
		return rows, nil
	}
	ids := make([]int64, 0, len(lignes))
	for _, l := range lignes {
		ids = append(ids, l.ID)
	}
	lots, err := r.Service.LotsDes(ctx, p, ids)
	if err != nil {
		return nil, err
	}
	for i, l := range lignes {
		rows[i].Lots = []Lot{}
		for _, x := range lots[l.ID] {
			rows[i].Lots = append(rows[i].Lots, Lot{
				x.UUID, string(x.Financement), x.Financement.Libelle(), string(x.TypeHabitat), x.NbLogements, x.MontantPrets.StringFixed(2), x.NbStationnements,
			})
		}
	}
	return rows, nil
}
