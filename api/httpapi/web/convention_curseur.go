package web

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/convention"
	"apilos/api/date"

	"github.com/shopspring/decimal"
)

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
	case "pertinence":
		_, err = decimal.NewFromString(valeur)
		if len(valeur) > 40 {
			return false
		}
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

// prefixeFlux marks the cursors of the feed of changes: they are not those of a list.
const prefixeFlux = "flux"

func ecrireCurseurFlux(c convention.CurseurFlux) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%s\x00%d\x00%t\x00%d\x00%d", prefixeFlux, c.Rang, c.Retrait, c.ID, c.Total))
}

func lireCurseurFlux(s string) (*convention.CurseurFlux, error) {
	refus := parametreInvalide("apres", "reprenez la valeur « suivant » de la lecture précédente de ce flux")
	brut, err := base64.RawURLEncoding.DecodeString(s)
	parts := strings.Split(string(brut), "\x00")
	if err != nil || len(parts) != 5 || parts[0] != prefixeFlux {
		return nil, refus
	}
	var c convention.CurseurFlux
	if c.Rang, err = strconv.ParseInt(parts[1], 10, 64); err != nil {
		return nil, refus
	}
	if c.Retrait, err = strconv.ParseBool(parts[2]); err != nil {
		return nil, refus
	}
	if c.ID, err = strconv.ParseInt(parts[3], 10, 64); err != nil {
		return nil, refus
	}
	if c.Total, err = strconv.ParseInt(parts[4], 10, 32); err != nil || c.Total < 0 {
		return nil, refus
	}
	return &c, nil
}
