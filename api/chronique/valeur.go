package chronique

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"apilos/api/comment"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/event"
)

func paris() *time.Location { return date.Paris() }

// champ says how a value of the journal is named and read.
type champ struct {
	rang    int
	libelle string
	choix   map[string]string
}

// dictionnaireDesColonnes names the columns that transitions write. Those that mean nothing to people are absent,
// and not shown: statut is the line itself.
func dictionnaireDesColonnes() map[string]champ {
	out := map[string]champ{}
	for i, c := range [][2]string{
		{"numero", "Numéro"}, {"valide_le", "Date de validation"}, {"signe_le", "Date de signature"}, {"date_envoi_spf", "Date d’envoi en publication"},
		{"date_publication_spf", "Date de publication"}, {"reference_spf", "Référence de publication"}, {"date_refus_spf", "Date du refus de publication"},
		{"motif_refus_spf", "Motif du refus de publication"}, {"date_denonciation", "Date de dénonciation"}, {"motif_denonciation", "Motif de dénonciation"},
		{"date_resiliation", "Date de résiliation"}, {"motif_resiliation", "Motif de résiliation"}, {"date_fin_conventionnement", "Fin du conventionnement"},
		{"champ_libre_avenant", "Informations complémentaires"}, {"types", "Modifications de l’avenant"}, {"bailleur", "Bailleur"}, {"administration", "Administration"},
		{"nom", "Fichier"},
	} {
		out[c[0]] = champ{rang: i, libelle: c[1]}
	}
	return out
}

// dictionnaireDesChamps is the field dictionary of a step: the labels of the form.
func dictionnaireDesChamps(d *convention.Dossier, etape string) map[string]champ {
	out := map[string]champ{}
	s, ok := d.SectionDe(convention.CodeEtape(etape))
	if !ok {
		return out
	}
	for i, c := range s.Champs {
		x := champ{rang: 100 + i, libelle: c.Libelle}
		if len(c.Choix) > 0 {
			x.choix = map[string]string{}
			for _, v := range c.Choix {
				x.choix[v.Valeur] = v.Libelle
			}
		}
		out[c.Cle] = x
	}
	return out
}

// dictionnaireDesSuivis names what changes in comments and facts.
func dictionnaireDesSuivis() map[string]champ {
	statuts := map[string]string{}
	for _, s := range []comment.Statut{comment.Ouvert, comment.Resolu, comment.Clos} {
		statuts[string(s)] = s.Libelle()
	}
	types := map[string]string{}
	for _, t := range event.TypesEvenement() {
		types[string(t.Code)] = t.Libelle
	}
	return map[string]champ{
		"statut": {0, "Suivi", statuts}, "type_evenement": {1, "Type", types}, "survenu_le": {2, "Date", nil},
		"message": {3, "Message", nil}, "description": {4, "Description", nil}, "pieces": {5, "Pièces", nil},
	}
}

// valeurs reads the JSON of a row of journal; one that cannot be read has no values.
func valeurs(brut json.RawMessage) map[string]any {
	if len(brut) == 0 {
		return nil
	}
	lecteur := json.NewDecoder(bytes.NewReader(brut))
	lecteur.UseNumber() // amounts are exact
	var out map[string]any
	if err := lecteur.Decode(&out); err != nil {
		return nil
	}
	return out
}

// traduire keeps the known keys that really differ, in the order of the dictionary.
func traduire(d map[string]champ, avant, apres map[string]any) []Changement {
	var out []Changement
	for cle, c := range d {
		a, avaitA := avant[cle]
		b, avaitB := apres[cle]
		if !avaitA && !avaitB {
			continue
		}
		x := Changement{Cle: cle, Libelle: c.libelle, Avant: c.texte(a), Apres: c.texte(b)}
		if x.Avant != x.Apres {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b Changement) int {
		if n := d[a.Cle].rang - d[b.Cle].rang; n != 0 {
			return n
		}
		return strings.Compare(a.Cle, b.Cle)
	})
	return out
}

func (c champ) texte(v any) string {
	if s, ok := v.(string); ok && c.choix != nil {
		if l, connu := c.choix[s]; connu {
			return l
		}
	}
	return texte(v)
}

// texte writes a value of the journal for people.
func texte(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case bool:
		if x {
			return "oui"
		}
		return "non"
	case json.Number:
		return nombre(x.String())
	case string:
		return texteLibre(x)
	case []any:
		return texteListe(x)
	case map[string]any:
		if nom, ok := x["nom"]; ok {
			return texte(nom)
		}
		return plusieurs(len(x), "valeur")
	}
	return fmt.Sprint(v)
}

// texteLibre recognises days, instants and amounts, which JSON writes as text.
func texteLibre(s string) string {
	if j, err := date.Parse(s); err == nil {
		return j.French()
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return instant(t)
	}
	return s
}

// texteListe names the elements of a short list of words, else counts them.
func texteListe(l []any) string {
	mots := make([]string, 0, len(l))
	for _, v := range l {
		switch x := v.(type) {
		case string:
			mots = append(mots, texteLibre(x))
		case map[string]any:
			nom, ok := x["nom"].(string)
			if !ok {
				return plusieurs(len(l), "ligne")
			}
			mots = append(mots, nom)
		default:
			return plusieurs(len(l), "ligne")
		}
	}
	return strings.Join(mots, ", ")
}

func plusieurs(n int, nom string) string {
	if n > 1 {
		nom += "s"
	}
	return fmt.Sprintf("%d %s", n, nom)
}

// nombre writes a JSON number the French way: thousands apart, decimal comma.
func nombre(s string) string {
	entier, decimales, aDecimales := strings.Cut(s, ".")
	if len(strings.TrimPrefix(entier, "-")) > 4 {
		var b strings.Builder
		for i, r := range entier {
			if i > 0 && entier[i-1] != '-' && (len(entier)-i)%3 == 0 {
				b.WriteRune('\u202f')
			}
			b.WriteRune(r)
		}
		entier = b.String()
	}
	if aDecimales {
		return entier + "," + decimales
	}
	return entier
}
