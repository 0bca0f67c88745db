package operation

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"apilos/api/fault"
	"apilos/api/siap"
	"github.com/shopspring/decimal"
)

// LirePlan turns the answer of SIAP into rows to have (05 B.6). It is pure. The error is one of 05
// B.6.8, as a fault.Error; the Plan then holds what could be read before it, for display only. The rule
// of overseas operations is not applied here: it depends on what exists already (HorsRegleOutreMer).
func LirePlan(o siap.OperationDTO) (Plan, error) {
	l := &lecture{}
	var refus error
	note := func(err error) {
		if refus == nil {
			refus = err
		}
	}
	note(l.lireLots(o))
	note(l.lireOperation(o))
	note(l.lireBailleur(o))
	note(l.lireAdministration(o))
	return l.plan, refus
}

// lireReponse is LirePlan for an answer to a question about a normalised number: an answer about another
// one is of no use.
func lireReponse(o siap.OperationDTO, numero string) (Plan, *fault.Error) {
	plan, err := LirePlan(o)
	if err == nil && NormaliserNumero(plan.Operation.NumeroOperation) != numero {
		err = incomplete("donneesOperation.numeroOperation")
	}
	return plan, fault.As(err)
}

// lecture gathers the plan and the anomalies met while reading.
type lecture struct {
	plan Plan
}

func (l *lecture) anomalie(code, champ, valeur, format string, a ...any) {
	l.plan.Anomalies = append(l.plan.Anomalies, Anomalie{
		Code: code, Champ: champ, Valeur: couper(valeur, longueurValeurAnomalie), Message: fmt.Sprintf(format, a...),
	})
}

// texte cleans a text and cuts it to the length of its column.
func (l *lecture) texte(champ, s string, max int) string {
	s = nettoyer(s)
	if utf8.RuneCountInString(s) <= max {
		return s
	}
	l.anomalie(AnomalieTexteTronque, champ, s, "Texte de plus de %d caractères : il a été coupé.", max)
	return strings.TrimSpace(couper(s, max))
}

// nombre reads a count: null is 0, and so is a value no operation can have.
func (l *lecture) nombre(champ string, n *int) int {
	switch {
	case n == nil:
		return 0
	case *n < 0 || *n > nombreMax:
		l.anomalie(AnomalieValeurInvalide, champ, fmt.Sprint(*n), "Nombre négatif ou trop grand : il a été compté pour 0.")
		return 0
	}
	return *n
}

// nombreMax bounds the counts taken from SIAP, far above the largest operation.
const nombreMax = 1_000_000

// euros reads an amount, rounded to the cent; null is 0, and so is a value outside 0..max.
func (l *lecture) euros(champ string, d *decimal.Decimal, max int64) decimal.Decimal {
	if d == nil {
		return decimal.Zero
	}
	// The exponent is looked at first: arithmetic on 1e999999999 would not end.
	if e := d.Exponent(); e > 12 || e < -30 {
		l.anomalie(AnomalieValeurInvalide, champ, "", "Montant illisible : il a été compté pour 0.")
		return decimal.Zero
	}
	v := d.Round(2)
	if v.IsNegative() || v.GreaterThan(decimal.New(max, 0)) {
		l.anomalie(AnomalieValeurInvalide, champ, d.String(), "Montant négatif ou trop grand : il a été compté pour 0.")
		return decimal.Zero
	}
	return v
}

// nettoyer removes what PostgreSQL cannot hold and the blanks around.
func nettoyer(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", ""))
}

func couper(s string, max int) string {
	if utf8.RuneCountInString(s) <= max {
		return s
	}
	return string([]rune(s)[:max])
}

// premier returns the first text that is not empty.
func premier(textes ...string) string {
	for _, t := range textes {
		if t = nettoyer(t); t != "" {
			return t
		}
	}
	return ""
}
