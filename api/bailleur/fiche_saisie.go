package bailleur

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"apilos/api/fault"

	"github.com/shopspring/decimal"
)

// refus gathers every mistake of a change.
type refus struct{ champs []fault.Field }

func (r *refus) ajouter(pointeur, code, detail string) {
	r.champs = append(r.champs, fault.Field{Pointer: pointeur, Code: code, Detail: detail})
}

func (r *refus) texte(cle string, v, dst *string, max int) {
	if v == nil {
		return
	}
	if utf8.RuneCountInString(*v) > max {
		r.ajouter("/"+cle, "max", fmt.Sprintf("Ce texte dépasse %d caractères.", max))
		return
	}
	*dst = strings.TrimSpace(*v)
}

func (r *refus) montant(c Champ[decimal.Decimal], f *Fiche) {
	if !c.Donne {
		return
	}
	if c.Valeur == nil {
		f.CapitalSocial = decimal.NullDecimal{}
		return
	}
	if c.Valeur.IsNegative() || c.Valeur.Exponent() < -2 || c.Valeur.GreaterThanOrEqual(decimal.New(1, 12)) {
		r.ajouter("/capital_social", "format", "Saisissez un montant positif, à deux décimales au plus.")
		return
	}
	f.CapitalSocial = decimal.NewNullDecimal(*c.Valeur)
}

// siret: a private owner has none (00 decision 23); that of a legal person begins with its SIREN.
func (r *refus) siret(c Champ[string], f *Fiche) {
	if !c.Donne {
		return
	}
	if c.Valeur == nil {
		f.Siret = nil
		return
	}
	v := sansSeparateurs(strings.TrimSpace(*c.Valeur))
	switch {
	case f.TypeIdentifiant == TypeEmail:
		r.ajouter("/siret", "forbidden", "Un bailleur privé n’a pas de SIRET.")
	case !SiretValide(v) && (f.Siren == nil || v != *f.Siren):
		r.ajouter("/siret", "format", "Saisissez un SIRET de quatorze chiffres, sans erreur de clé.")
	case f.Siren != nil && !strings.HasPrefix(v, *f.Siren):
		r.ajouter("/siret", "siren", "Le SIRET commence par le SIREN du bailleur, "+*f.Siren+".")
	default:
		f.Siret = &v
	}
}

// nature: a known sous-nature decides the nature (NA-04).
func (r *refus) nature(m Modification, f *Fiche) {
	if m.Nature != nil {
		if !m.Nature.Valid() {
			r.ajouter("/nature_bailleur", "enum", "Choisissez une nature de la liste.")
			return
		}
		f.NatureBailleur = *m.Nature
	}
	if m.SousNature != nil {
		if !m.SousNature.Valid() {
			r.ajouter("/sous_nature_bailleur", "enum", "Choisissez une sous-nature de la liste.")
			return
		}
		f.SousNatureBailleur = *m.SousNature
	}
	if m.Nature != nil || m.SousNature != nil {
		f.NatureBailleur = NatureRetenue(f.SousNatureBailleur, f.NatureBailleur)
	}
}

func (r *refus) err() error {
	if len(r.champs) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "invalide", "Des informations sont à corriger : rien n’a été enregistré.").WithFields(r.champs...)
}
