package convention

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
)

// TableSaisie describes the rows of a field of type Lignes: what a row is called, its columns, and how rows become those
// of the dossier. A step sends all the rows of a table, in their order: one that is missing is deleted, one without
// identifier is created, a column that is missing does not change.
type TableSaisie struct {
	Ligne    string // what a row is called, "Prêt ou subvention"
	Colonnes []Champ
	Max      int // rows
	// Groupe is the column that shares the rows out between the lots of a mixte convention; "" when there is none.
	Groupe string
}

// LigneSaisie is a row: its values by column, of the same kinds as fields. UUID is Nil for a row to create.
type LigneSaisie struct {
	UUID    uuid.UUID
	Ordre   int // stored place; a save numbers the rows again, from 0
	Valeurs map[string]any
}

// MarshalJSON writes a row flat, its identifier among its values.
func (l LigneSaisie) MarshalJSON() ([]byte, error) {
	plat := map[string]any{"uuid": l.UUID}
	for cle, v := range l.Valeurs {
		plat[cle] = v
	}
	return json.Marshal(plat)
}

// colonne returns a column of the table.
func (t *TableSaisie) colonne(cle string) (Champ, bool) {
	i := slices.IndexFunc(t.Colonnes, func(c Champ) bool { return c.Cle == cle })
	if i < 0 {
		return Champ{}, false
	}
	return t.Colonnes[i], true
}

// analyserLignes reads the rows sent for a field. Every anomaly names its row and its column. Rows of another
// convention are refused like rows that do not exist (unknown_row).
func (c Champ) analyserLignes(brut json.RawMessage, stockees []LigneSaisie) ([]LigneSaisie, []Anomalie) {
	var recues []map[string]json.RawMessage
	if err := json.Unmarshal(brut, &recues); err != nil || estNul(brut) {
		return nil, []Anomalie{*c.erreur("not_list", "%s : envoyez la liste de toutes les lignes.", c.Libelle)}
	}
	if len(recues) > c.Table.Max {
		return nil, []Anomalie{*c.erreur("too_many_rows", "%s : %d lignes au maximum.", c.Libelle, c.Table.Max)}
	}
	connues := map[uuid.UUID]LigneSaisie{}
	for _, l := range stockees {
		connues[l.UUID] = l
	}
	out, anomalies := make([]LigneSaisie, 0, len(recues)), []Anomalie(nil)
	for i, recue := range recues {
		l, bad := c.analyserLigne(i, recue, connues)
		anomalies = append(anomalies, bad...)
		if l.UUID != uuid.Nil {
			delete(connues, l.UUID) // sent twice: unknown the second time
		}
		out = append(out, l)
	}
	return out, anomalies
}

func (c Champ) analyserLigne(i int, recue map[string]json.RawMessage, connues map[uuid.UUID]LigneSaisie) (LigneSaisie, []Anomalie) {
	l := LigneSaisie{Valeurs: map[string]any{}}
	if brut, ok := recue["uuid"]; ok && !estNul(brut) {
		if err := json.Unmarshal(brut, &l.UUID); err != nil {
			return LigneSaisie{}, []Anomalie{c.inconnue(i)}
		}
	}
	stockee, connue := connues[l.UUID]
	if l.UUID != uuid.Nil && !connue {
		return LigneSaisie{}, []Anomalie{c.inconnue(i)}
	}
	var anomalies []Anomalie
	refusees := map[string]bool{}
	for _, col := range c.Table.Colonnes {
		brut, envoyee := recue[col.Cle]
		switch {
		case !envoyee && connue:
			l.Valeurs[col.Cle] = stockee.Valeurs[col.Cle]
			continue
		case !envoyee:
			brut = json.RawMessage("null")
			if col.Type == Booleen {
				brut = json.RawMessage("false")
			}
		}
		v, bad := col.analyser(brut)
		if bad != nil && connue && memeValeur(brut, stockee.Valeurs[col.Cle]) {
			v, bad = stockee.Valeurs[col.Cle], nil // already stored so, by an import: it does not stop the other changes
		}
		if bad != nil {
			anomalies, refusees[col.Cle] = append(anomalies, c.surLigne(i, col, *bad)), true
		}
		l.Valeurs[col.Cle] = v
	}
	for cle := range recue {
		if _, ok := c.Table.colonne(cle); !ok && cle != "uuid" {
			anomalies = append(anomalies, Anomalie{
				Pointer: fmt.Sprintf("/%s/%d/%s", c.Cle, i, cle), Code: "champ_inconnu", Niveau: NiveauErreur,
				Detail: fmt.Sprintf("Ligne %d : cette colonne n’existe pas dans le tableau.", i+1),
			})
		}
	}
	anomalies = append(anomalies, c.ligneIncomplete(i, l, refusees)...)
	for _, col := range c.Table.Colonnes {
		if col.AfficheSi != nil && !col.AfficheSi.tient(l.Valeurs[col.AfficheSi.Champ]) && col.Type != Booleen {
			l.Valeurs[col.Cle], _ = Champ{Type: col.Type}.analyser(json.RawMessage("null")) // what nobody sees is not kept
		}
	}
	return l, anomalies
}

// ligneIncomplete names the columns that the other columns of the row make mandatory, sauf those already refused.
func (c Champ) ligneIncomplete(i int, l LigneSaisie, sauf map[string]bool) (out []Anomalie) {
	for _, col := range c.Table.Colonnes {
		if col.RequisSi != nil && !sauf[col.Cle] && enTexte(l.Valeurs[col.Cle]) == "" && col.RequisSi.tient(l.Valeurs[col.RequisSi.Champ]) {
			out = append(out, c.surLigne(i, col, *col.obligatoire()))
		}
	}
	return out
}

// lignesIncompletes checks rows that are already stored, such as imported ones.
func (c Champ) lignesIncompletes(lignes []LigneSaisie) (out []Anomalie) {
	for i, l := range lignes {
		out = append(out, c.ligneIncomplete(i, l, nil)...)
	}
	return out
}

func (c Champ) inconnue(i int) Anomalie {
	return Anomalie{
		Pointer: fmt.Sprintf("/%s/%d", c.Cle, i), Code: "unknown_row", Niveau: NiveauErreur,
		Detail: fmt.Sprintf("Ligne %d : cette ligne n’existe plus dans la convention. Rechargez la page.", i+1),
	}
}

// surLigne moves the anomaly of a column to its row: "Ligne 2, Montant : saisissez un nombre."
func (c Champ) surLigne(i int, col Champ, a Anomalie) Anomalie {
	detail := a.Detail
	if suite, ok := strings.CutPrefix(detail, col.Libelle); ok {
		detail = strings.TrimLeft(suite, " :")
	}
	premiere, n := utf8.DecodeRuneInString(detail)
	a.Detail = fmt.Sprintf("Ligne %d, %s : %s", i+1, col.Libelle, string(unicode.ToLower(premiere))+detail[n:])
	a.Pointer = fmt.Sprintf("/%s/%d/%s", c.Cle, i, col.Cle)
	return a
}

// Difference is what a save does to the rows of a table. Creees and Modifiees hold whole rows as columns of the schema
// (their uuid, their parent and their place included): the store writes each of the three in one statement.
type Difference struct {
	Creees, Modifiees []map[string]any
	Supprimees        []uuid.UUID
}

// differencier compares the stored rows with those of a save; colonnes gives the columns of a row at its place.
func differencier(avant, apres []LigneSaisie, colonnes func(LigneSaisie, int) map[string]any) Difference {
	var diff Difference
	anciennes := parUUID(avant)
	for i, l := range apres {
		ancienne, connue := anciennes[l.UUID]
		switch {
		case !connue:
			diff.Creees = append(diff.Creees, colonnes(l, i))
		case ancienne.Ordre != i || !memeLigne(ancienne, l):
			diff.Modifiees = append(diff.Modifiees, colonnes(l, i))
		}
		delete(anciennes, l.UUID)
	}
	for _, l := range avant { // in their order: a map has none
		if _, reste := anciennes[l.UUID]; reste {
			diff.Supprimees = append(diff.Supprimees, l.UUID)
		}
	}
	return diff
}

func parUUID(lignes []LigneSaisie) map[uuid.UUID]LigneSaisie {
	out := make(map[uuid.UUID]LigneSaisie, len(lignes))
	for _, l := range lignes {
		out[l.UUID] = l
	}
	return out
}

func memeLigne(a, b LigneSaisie) bool {
	for cle, v := range b.Valeurs {
		if !egales(v, a.Valeurs[cle]) {
			return false
		}
	}
	return true
}

// memesLignes tells whether two tables hold the same rows in the same order.
func memesLignes(a, b []LigneSaisie) bool {
	return slices.EqualFunc(a, b, func(x, y LigneSaisie) bool { return x.UUID == y.UUID && memeLigne(x, y) })
}

// changementsLignes are the rows to journal, before and after: gone, new, different or moved among those that stay. The
// unchanged rows of a long table are not copied.
func changementsLignes(avant, apres []LigneSaisie) (perdues, gagnees []map[string]any) {
	anciennes, nouvelles := parUUID(avant), parUUID(apres)
	restees := func(lignes []LigneSaisie, ailleurs map[uuid.UUID]LigneSaisie) map[uuid.UUID]int {
		rangs := map[uuid.UUID]int{}
		for _, l := range lignes {
			if _, ok := ailleurs[l.UUID]; ok {
				rangs[l.UUID] = len(rangs)
			}
		}
		return rangs
	}
	rangAvant, rangApres := restees(avant, nouvelles), restees(apres, anciennes)
	for i, l := range avant {
		nouvelle, reste := nouvelles[l.UUID]
		if !reste {
			perdues = append(perdues, journalLigne(l, nil, i))
		} else if rangAvant[l.UUID] != rangApres[l.UUID] || !memeLigne(l, nouvelle) {
			perdues = append(perdues, journalLigne(l, &nouvelle, i))
		}
	}
	for i, l := range apres {
		ancienne, connue := anciennes[l.UUID]
		if !connue {
			gagnees = append(gagnees, journalLigne(l, nil, i))
		} else if rangAvant[l.UUID] != rangApres[l.UUID] || !memeLigne(l, ancienne) {
			gagnees = append(gagnees, journalLigne(l, &ancienne, i))
		}
	}
	return perdues, gagnees
}

// journalLigne keeps of a changed row what differs from the other version, of a whole row everything.
func journalLigne(l LigneSaisie, autre *LigneSaisie, place int) map[string]any {
	out := map[string]any{"uuid": l.UUID, "ligne": place + 1}
	for cle, v := range l.Valeurs {
		if autre == nil || !egales(v, autre.Valeurs[cle]) {
			out[cle] = v
		}
	}
	return out
}
