package bal

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"
)

// Correction is the result of Corriger.
type Correction struct {
	Rapport *Rapport `json:"report"` // of the file as it was
	// Ecrite is false when the file cannot be read or has no row: nothing was written.
	Ecrite bool `json:"written"`
	// Corrections counts the values proposed, by field.
	Corrections map[string]int `json:"corrections"`
	// DatesSupposees counts, among those of date_der_maj, the dates that are today for want of a date.
	DatesSupposees int `json:"assumedDates"`
}

// Corriger writes the file in the shape of version 1.5, with what can be corrected corrected (07 §10.12): UTF-8,
// semicolons, CRLF, no line break at the end. Correcting a corrected file gives the same file.
func Corriger(ctx context.Context, source Source, w io.Writer, o Options) (*Correction, error) {
	x, rapport, err := examiner(ctx, source, o)
	if err != nil {
		return nil, err
	}
	c := &Correction{Rapport: rapport, Corrections: map[string]int{}}
	if x == nil {
		return c, nil
	}
	x.identifiants = nouveauxIdentifiants()
	r := redacteur{examen: x}
	x.preparer = r.preparer
	x.avantLignes = func(b *bilan) { r.choisirColonnes(b.variantesLues) }
	x.emettre = func(s *sortieBloc) error {
		if len(s.texte) == 0 {
			return nil
		}
		if !c.Ecrite {
			c.Ecrite = true
			if _, err := io.WriteString(w, r.entete()); err != nil {
				return fmt.Errorf("write the corrected file: %w", err)
			}
		}
		for ch, n := range s.corrections.parChamp {
			if n > 0 {
				c.Corrections[champ(ch).nom()] += n
			}
		}
		c.DatesSupposees += s.corrections.supposees
		if _, err := w.Write(s.texte); err != nil {
			return fmt.Errorf("write the corrected file: %w", err)
		}
		return nil
	}
	c.Rapport, err = x.derouler(ctx)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// corrections counts what a block proposes.
type corrections struct {
	parChamp  [nbChamps]int
	supposees int
}

// colonneCorrigee is a column of the corrected file: a field, or a regional variant of it read from one or two columns.
type colonneCorrigee struct {
	nom       string
	champ     champ
	variantes []int // ranks among the regional columns of the file
}

// champsCorriges are the base columns of a corrected file, in their order. toponyme is voie_nom or toponyme.
var champsCorriges = [...]champ{
	champIDBanCommune, champIDBanToponyme, champIDBanAdresse, champCleInterop, champCommuneInsee, champCommuneNom,
	champCommuneDelegueeInsee, champCommuneDelegueeNom, champToponyme, champLieuditComplementNom, champNumero, champSuffixe,
	champPosition, champX, champY, champLong, champLat, champCadParcelles, champSource, champDateDerMaj,
	champCertificationCommune,
}

// redacteur writes the rows of the corrected file.
type redacteur struct {
	examen   *examen
	colonnes []colonneCorrigee
}

func (r *redacteur) entete() string {
	noms := make([]string, len(r.colonnes))
	for i, c := range r.colonnes {
		noms[i] = c.nom
	}
	return strings.Join(noms, ";")
}

// choisirColonnes is called after the first reading of the file: each base column is followed by the variants that have
// a value on some row.
func (r *redacteur) choisirColonnes(variantesLues []bool) {
	e := r.examen.entete
	for _, ch := range champsCorriges {
		r.colonnes = append(r.colonnes, colonneCorrigee{nom: ch.nom(), champ: ch})
		debut := len(r.colonnes)
		for rang, i := range e.variantes {
			col := &e.colonnes[i]
			base := col.champ
			if base == champVoieNom {
				base = champToponyme
			}
			if base == ch && variantesLues[rang] {
				r.ajouterVariante(debut, ch.nom()+"_"+col.langue, ch, rang, col.champ == champVoieNom)
			}
		}
	}
}

// ajouterVariante adds a regional column among those from debut, or joins it to the one that has the same name:
// voie_nom_bre and toponyme_bre are one column, where the first wins.
func (r *redacteur) ajouterVariante(debut int, nom string, ch champ, rang int, prioritaire bool) {
	for i := debut; i < len(r.colonnes); i++ {
		if c := &r.colonnes[i]; c.nom == nom {
			if c.variantes = append(c.variantes, rang); prioritaire {
				c.variantes[0], c.variantes[1] = rang, c.variantes[0]
			}
			return
		}
	}
	r.colonnes = append(r.colonnes, colonneCorrigee{nom: nom, champ: ch, variantes: []int{rang}})
}

// preparer writes a row.
func (r *redacteur) preparer(ctx context.Context, l *lecteurLigne, li *ligne, _ anomalies, id *identite, s *sortieBloc) {
	var proposees [nbChamps]*remede
	remedes := r.examen.remedier(ctx, li, id)
	for i := range remedes {
		proposees[remedes[i].champ] = &remedes[i]
		if remedes[i].connu {
			s.corrections.parChamp[remedes[i].champ]++
		}
		if remedes[i].suppose {
			s.corrections.supposees++
		}
	}
	s.texte = append(s.texte, '\r', '\n')
	for i := range r.colonnes {
		if i > 0 {
			s.texte = append(s.texte, ';')
		}
		c := &r.colonnes[i]
		var valeur string
		switch {
		case c.variantes != nil:
			valeur = varianteCorrigee(l, li, c)
		case proposees[c.champ] != nil:
			valeur = proposees[c.champ].valeur
		default:
			valeur = valeurCorrigee(l, li, c.champ)
		}
		s.texte = ajouterValeur(s.texte, valeur)
	}
}

func varianteCorrigee(l *lecteurLigne, li *ligne, c *colonneCorrigee) string {
	for _, rang := range c.variantes {
		if valeur := l.stabiliser(c.champ, true, &li.variantes[rang]); valeur != "" {
			return valeur
		}
	}
	return ""
}

func valeurCorrigee(l *lecteurLigne, li *ligne, ch champ) string {
	switch ch {
	case champIDBanCommune:
		return string(li.ids.commune)
	case champIDBanToponyme:
		return string(li.ids.toponyme)
	case champIDBanAdresse:
		return string(li.ids.adresse)
	case champToponyme:
		if li.cellules[champVoieNom].lue {
			ch = champVoieNom
		}
	case champCertificationCommune:
		if !li.cellules[ch].lue {
			return "0"
		}
	}
	return l.stabiliser(ch, false, &li.cellules[ch])
}

// stabiliser writes a parsed value. A value that was rewritten is read again until reading it changes nothing more: what
// is written must be what a second correction would write.
func (l *lecteurLigne) stabiliser(ch champ, regional bool, c *cellule) string {
	for c.lue {
		valeur := texteCorrige(ch, c)
		if c.codes == 0 && ch != champCadParcelles || valeur == string(c.brut) {
			return valeur
		}
		relue := l.lire(ch, regional, []byte(valeur))
		c = &relue
	}
	return ""
}

func texteCorrige(ch champ, c *cellule) string {
	switch ch {
	case champNumero:
		return Coordonnee(c.nombre).texte()
	case champX, champY, champLong, champLat:
		if math.IsInf(c.nombre, 0) {
			return ""
		}
		return Coordonnee(c.nombre).texte()
	}
	return string(c.valeur)
}

// ajouterValeur writes a value, between quotes when it must be.
func ajouterValeur(texte []byte, valeur string) []byte {
	if valeur == "" || !strings.ContainsAny(valeur, ";\"\r\n") && valeur[0] != ' ' && valeur[len(valeur)-1] != ' ' {
		return append(texte, valeur...)
	}
	texte = append(texte, '"')
	texte = append(texte, strings.ReplaceAll(valeur, `"`, `""`)...)
	return append(texte, '"')
}
