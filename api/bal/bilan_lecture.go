package bal

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// releverGuillemets records the anomalies of quotes of the record just read. Only a quote never closed is fatal.
func (b *bilan) releverGuillemets(l *lexeur, enregistrement int) {
	malFermes := l.places
	if l.ouvert {
		malFermes = malFermes[:len(malFermes)-1]
	}
	for _, place := range malFermes {
		b.ajouterGuillemet("InvalidQuotes", "Trailing quote on quoted field is malformed", enregistrement, place)
	}
	if l.ouvert {
		b.guillemetOuvert(enregistrement, l.places[len(malFermes)])
	}
}

func (b *bilan) guillemetOuvert(enregistrement, place int) {
	b.ajouterGuillemet("MissingQuotes", "Quoted field unterminated", enregistrement, place)
	b.fatal = true
}

func (b *bilan) ajouterGuillemet(code, message string, enregistrement, place int) {
	if b.nbGuillemets++; len(b.guillemets) < maxErreursLecture {
		b.guillemets = append(b.guillemets, ErreurLecture{Type: "Quotes", Code: code, Message: message, Ligne: enregistrement, Position: place})
	}
}

// releverTaille records a row that has not as many fields as the header.
func (b *bilan) releverTaille(lus, attendus int) {
	b.fatal = true
	if b.nbTailles++; len(b.tailles) == maxErreursLecture {
		return
	}
	code, mots := "TooFewFields", "Too few fields"
	if lus > attendus {
		code, mots = "TooManyFields", "Too many fields"
	}
	message := fmt.Sprintf("%s: expected %d fields but parsed %d", mots, attendus, lus)
	b.tailles = append(b.tailles, ErreurLecture{Type: "FieldMismatch", Code: code, Message: message, Ligne: b.lignes, Position: -1})
}

// situer turns the places of errors of quotes, which are bytes of the decoded text in increasing order, into UTF-16
// units. The text is read again up to the last of them: such errors are rare.
func (x *examen) situer(ctx context.Context, erreurs []ErreurLecture) (err error) {
	if len(erreurs) == 0 {
		return nil
	}
	lecture, err := x.texte.ouvrir(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lecture.Close()) }()
	bloc := make([]byte, tailleBloc)
	octets, unites := 0, 0
	for i := range erreurs {
		for octets < erreurs[i].Position {
			if err := ctx.Err(); err != nil {
				return err
			}
			n, err := io.ReadFull(lecture, bloc[:min(len(bloc), erreurs[i].Position-octets)])
			if err != nil {
				return fmt.Errorf("find the place of an error: %w", err)
			}
			octets += n
			unites += longueur(bloc[:n])
		}
		erreurs[i].Position = unites
	}
	return nil
}
