package web

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"apilos/api/anomalie"
	"apilos/api/httpapi"

	"github.com/labstack/echo/v4"
)

// marqueUTF8 tells spreadsheets that the file is in UTF-8.
const marqueUTF8 = "\ufeff"

// exporter streams the events as CSV, for the people who correct the data in SIAP.
//
//	@Summary		Exporter les anomalies de données du SIAP
//	@Description	Fichier CSV en UTF-8, séparateur point-virgule, avec les mêmes critères que la liste. Réservé à l’équipe de la plateforme.
//	@Tags			admin
//	@Produce		text/csv
//	@Param			etat	query		string		false	"État"	Enums(ouvertes, resolues, toutes)	default(ouvertes)
//	@Param			code	query		[]string	false	"Codes"	collectionFormat(multi)	Enums(VALEUR_INCONNUE, VALEUR_INVALIDE, TEXTE_TRONQUE, FINANCEMENT_EN_DOUBLE, BAILLEUR_SANS_NOM, BAILLEUR_RENOMME, BAILLEUR_DIFFERENT, SIRET_DEJA_UTILISE, ECART_SIAP, OPERATION_INCOMPLETE, BAILLEUR_NON_IDENTIFIE, OPERATION_EN_DOUBLON, OPERATION_EN_CONFLIT, SANS_TRAVAUX_INCOHERENT, OUTRE_MER_NATURE, BAILLEUR_NOM_HABILITATION, ALERTE_DONNEE_ABSENTE)
//	@Param			numero	query		string		false	"Numéro d’opération, sans tenir compte des séparateurs"	maxLength(255)
//	@Param			q		query		string		false	"Texte cherché dans le numéro, le champ, la valeur ou le message"	maxLength(1000)
//	@Param			depuis	query		string		false	"Rencontrées depuis cet instant"	format(date-time)
//	@Success		200		{string}	string		"Fichier"
//	@Failure		400,401,403,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/admin/anomalies-siap/export [get]
func (r AnomaliesSIAP) exporter(c echo.Context) error {
	q, err := httpapi.Query(c, "etat", "code", "numero", "q", "depuis")
	if err != nil {
		return err
	}
	filtre := filtreAnomalies(q)
	if err := q.Err(); err != nil {
		return err
	}
	p := httpapi.Principal(c)
	if err := r.Service.Autoriser(p); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	h.Set(echo.HeaderContentDisposition, `attachment; filename="anomalies-siap.csv"`)
	if _, err := io.WriteString(c.Response(), marqueUTF8); err != nil {
		return err
	}
	w := csv.NewWriter(c.Response())
	w.Comma = ';'
	if err := w.Write([]string{"numero_operation", "code", "champ", "valeur", "message", "premiere_fois", "derniere_fois", "occurrences", "resolue_le"}); err != nil {
		return err
	}
	err = r.Service.Exporter(c.Request().Context(), p, filtre, func(a anomalie.Anomalie) error {
		return w.Write(ligneAnomalie(a))
	})
	w.Flush()
	if err == nil {
		err = w.Error()
	}
	return err
}

func ligneAnomalie(a anomalie.Anomalie) []string {
	resolue := ""
	if a.ResolueLe != nil {
		resolue = a.ResolueLe.UTC().Format(time.RFC3339)
	}
	return []string{
		celluleCSV(a.NumeroOperation), a.Code, celluleCSV(a.Champ), celluleCSV(a.Valeur), celluleCSV(a.Message),
		a.PremiereFois.UTC().Format(time.RFC3339), a.DerniereFois.UTC().Format(time.RFC3339), strconv.Itoa(a.Occurrences), resolue,
	}
}

// celluleCSV keeps a spreadsheet from taking a text that comes from elsewhere for a formula.
func celluleCSV(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
