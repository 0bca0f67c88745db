package web

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/fault"
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

// ConventionLigne is a row of a list.
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

// lister lists conventions and avenants.
//
//	@Summary		Lister les conventions et avenants
//	@Description	Dans le périmètre de l’habilitation active. Plusieurs valeurs d’un paramètre, répétées ou séparées par des virgules, s’ajoutent ; des paramètres différents se combinent. Pour lire une longue liste, donnez à « apres » la valeur « suivant » de la page précédente.
//	@Tags			conventions
//	@Produce		json
//	@Param			statut			query		[]string	false	"Code du statut"											collectionFormat(csv)
//	@Param			financement		query		[]string	false	"Code du financement"										collectionFormat(csv)
//	@Param			bailleur		query		string		false	"Identifiant du bailleur, ou début de son nom ou SIREN"		maxLength(255)
//	@Param			lieu			query		string		false	"Commune ou code postal"									maxLength(255)
//	@Param			numero			query		string		false	"Numéro de convention ou d’opération ; 4 caractères au plus : fin du numéro"	maxLength(255)
//	@Param			q				query		string		false	"Nom d’opération, commune, bailleur ou numéro"				maxLength(255)
//	@Param			a_moi			query		bool		false	"Seulement ce qui attend une action de votre part"
//	@Param			tri				query		string		false	"Ordre ; un tiret devant inverse"	Enums(cree_le, -cree_le, mis_a_jour_le, -mis_a_jour_le, attente, -attente, ville, -ville, bailleur, -bailleur, numero, -numero, statut, -statut, date_signature, -date_signature, date_livraison, -date_livraison, nb_logements, -nb_logements)
//	@Param			page			query		int			false	"Page"	minimum(1)	default(1)
//	@Param			par_page		query		int			false	"Lignes par page"	minimum(1)	maximum(100)	default(20)
//	@Param			apres			query		string		false	"Curseur donné par « suivant »"
//	@Success		200				{object}	httpapi.Page[ConventionLigne]
//	@Header			200				{string}	Link	"Pages voisines"
//	@Failure		400,401,403,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions [get]
func (r Conventions) lister(c echo.Context) error {
	q, err := httpapi.Query(c, "statut", "financement", "bailleur", "lieu", "numero", "q", "a_moi", "tri", "page", "par_page", "apres")
	if err != nil {
		return err
	}
	page := q.Page()
	f := convention.Filtre{
		Lieu: q.Text("lieu"), Numero: q.Text("numero"), Texte: q.Text("q"),
		Tri: convention.Tri(q.Choice("tri", string(convention.TriRecents), tris()...)), Page: page.Page, ParPage: page.ParPage,
	}
	for _, s := range q.List("statut") {
		statut, ok := convention.StatutDe(s)
		if !ok {
			return parametreInvalide("statut", "choisissez un statut de la liste")
		}
		f.Statuts = append(f.Statuts, statut)
	}
	for _, s := range q.List("financement") {
		if !convention.Financement(s).Valid() {
			return parametreInvalide("financement", "choisissez un financement de la liste")
		}
		f.Financements = append(f.Financements, convention.Financement(s))
	}
	if b := q.Text("bailleur"); b != "" {
		if id, err := uuid.Parse(b); err == nil {
			f.Bailleur = &id
		} else {
			f.BailleurTexte = b
		}
	}
	if b := q.Bool("a_moi"); b != nil {
		f.AMoi = *b
	}
	if a := q.Text("apres"); a != "" {
		if f.Apres, err = lireCurseur(f.Tri, a); err != nil {
			return err
		}
	}
	if err := q.Err(); err != nil {
		return err
	}
	p := httpapi.Principal(c)
	res, err := r.Service.Lister(c.Request().Context(), p, f)
	if err != nil {
		return err
	}
	rows := make([]ConventionLigne, 0, len(res.Lignes))
	for _, l := range res.Lignes {
		rows = append(rows, ligne(p, l))
	}
	httpapi.SetLinks(c, page, res.Total)
	out := httpapi.NewPage(page, res.Total, rows)
	if res.Suivant != nil {
		out.Suivant = ecrireCurseur(f.Tri, *res.Suivant)
	}
	return c.JSON(http.StatusOK, out)
}

func tris() []string {
	var out []string
	for _, t := range convention.Tris() {
		out = append(out, string(t))
	}
	return out
}

func parametreInvalide(nom, pourquoi string) error {
	return fault.Newf(fault.BadRequest, "parametre_invalide", "Le paramètre « %s » n’est pas valide : %s.", nom, pourquoi).
		WithFields(fault.Field{Pointer: "/" + nom, Code: "parametre_invalide", Detail: strings.ToUpper(pourquoi[:1]) + pourquoi[1:] + "."})
}

// A cursor is opaque: order, value and id of the last row, in base64.
func ecrireCurseur(t convention.Tri, c convention.Curseur) string {
	return base64.RawURLEncoding.EncodeToString([]byte(string(t) + "\x00" + c.Valeur + "\x00" + strconv.FormatInt(c.ID, 10)))
}

func lireCurseur(t convention.Tri, s string) (*convention.Curseur, error) {
	brut, err := base64.RawURLEncoding.DecodeString(s)
	parts := strings.Split(string(brut), "\x00")
	if err != nil || len(parts) != 3 || parts[0] != string(t) || !curseurLisible(t, parts[1]) {
		return nil, parametreInvalide("apres", "reprenez la valeur « suivant » de la page précédente, avec le même tri")
	}
	id, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil {
		return nil, parametreInvalide("apres", "reprenez la valeur « suivant » de la page précédente")
	}
	return &convention.Curseur{Valeur: parts[1], ID: id}, nil
}

// curseurLisible refuses a hand-made cursor before it reaches the database.
func curseurLisible(t convention.Tri, valeur string) bool {
	var err error
	switch colonne, _ := t.Colonne(); colonne {
	case "ville", "bailleur", "numero":
		return len(valeur) <= 1024 && utf8.ValidString(valeur)
	case "statut":
		_, err = strconv.ParseInt(valeur, 10, 8)
	case "nb_logements":
		_, err = strconv.ParseInt(valeur, 10, 32)
	case "date_signature", "date_livraison":
		if valeur == "infinity" || valeur == "-infinity" {
			return true
		}
		_, err = date.Parse(valeur)
	default:
		if _, err = time.Parse("2006-01-02 15:04:05.999999-07", valeur); err != nil {
			_, err = time.Parse("2006-01-02 15:04:05.999999-07:00", valeur)
		}
	}
	return err == nil
}
