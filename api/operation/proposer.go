package operation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"apilos/api/auth"
	"apilos/api/fault"
	"apilos/api/siap"
)

// ListeSIAP is the call of SIAP that lists the operations of a habilitation (05 B.3, call 10).
type ListeSIAP interface {
	Operations(ctx context.Context, login string, habilitationID int64) ([]siap.OperationSuccincteDTO, error)
}

// StoreProposees tells which numbers are known here.
type StoreProposees interface {
	// Connues returns, among these normalised numbers, those of root operations in the perimeter of p.
	Connues(ctx context.Context, p auth.Principal, numeros []string) (map[string]bool, error)
}

// Proposeur offers people the operations that SIAP lists for them, so that they need not know a number.
type Proposeur struct {
	siap  ListeSIAP
	store StoreProposees
}

// NewProposeur returns the service.
func NewProposeur(s ListeSIAP, st StoreProposees) *Proposeur { return &Proposeur{s, st} }

// Proposee is an operation that SIAP lists.
type Proposee struct {
	Numero  string
	Nom     string
	Adresse string
	Aides   []string
	Connue  bool // the operation is already here, in the perimeter
}

// Proposees is the list. Message tells why it is not available: the page works without it.
type Proposees struct {
	Message   *Message
	Resultats []Proposee
	Total     int // before the limit
}

// CodeListeIndisponible is the code of the message of a SIAP that does not list operations.
const CodeListeIndisponible = "LISTE_SIAP_INDISPONIBLE"

// Proposer lists the operations of the habilitation of p, greatest number first, limite of them at most. q keeps
// those whose number, name or address holds it. A SIAP that is down, refuses, or has no such list gives a message
// and an empty list.
func (s *Proposeur) Proposer(ctx context.Context, p auth.Principal, q string, limite int) (Proposees, error) {
	if !p.Peut(auth.ViewConvention) {
		return Proposees{}, fault.PermissionRefusee()
	}
	vide := Proposees{Resultats: []Proposee{}}
	if p.Login == "" || p.HabilitationID == 0 {
		m := messageSansHabilitation()
		vide.Message = &m
		return vide, nil
	}
	recues, err := s.siap.Operations(ctx, p.Login, p.HabilitationID)
	if err != nil {
		m, err := sansListe(err)
		vide.Message = m
		return vide, err
	}
	out := retenir(recues, q)
	out.Resultats = out.Resultats[:min(limite, len(out.Resultats))]
	return out, s.reconnaitre(ctx, p, out.Resultats)
}

// sansListe is the message of a failed reading; an error that is not one of SIAP stays an error.
func sansListe(err error) (*Message, error) {
	var e *siap.Error
	switch {
	case !errors.As(err, &e):
		return nil, fmt.Errorf("list operations of SIAP: %w", err)
	case errors.Is(err, siap.ErrNotFound), errors.Is(err, siap.ErrRejected), errors.Is(err, siap.ErrForbidden):
		return &Message{Code: CodeListeIndisponible, Niveau: Info, Detail: "Le SIAP ne donne pas la liste de vos opérations : cherchez-les par leur numéro."}, nil
	}
	return &Message{Code: CodeSIAPIndisponible, Niveau: Attention, Detail: "SIAP injoignable : la liste de vos opérations n’a pas pu être lue. Cherchez-les par leur numéro, ou réessayez plus tard."}, nil
}

// retenir cleans and sorts what SIAP sent; an operation without usable number cannot be opened.
func retenir(recues []siap.OperationSuccincteDTO, q string) Proposees {
	out := Proposees{Resultats: []Proposee{}}
	cherche := strings.ToLower(nettoyer(q))
	vus := map[string]bool{}
	for _, r := range recues {
		brut, normalise, ok := lireNumero(r.NumeroOperation.String())
		if !ok || vus[normalise] {
			continue
		}
		vus[normalise] = true
		o := Proposee{Numero: brut, Nom: couper(nettoyer(r.NomOperation), longueurTexteCourt), Adresse: couper(adresseSuccincte(r.AdresseComplete), longueurTexteCourt), Aides: []string{}}
		for _, a := range r.Aides {
			if a = couper(nettoyer(a), longueurTexteCourt); a != "" {
				o.Aides = append(o.Aides, a)
			}
		}
		if cherche == "" || strings.Contains(strings.ToLower(o.Numero+"\n"+o.Nom+"\n"+o.Adresse), cherche) {
			out.Resultats = append(out.Resultats, o)
		}
	}
	slices.SortStableFunc(out.Resultats, func(a, b Proposee) int { return strings.Compare(b.Numero, a.Numero) })
	out.Total = len(out.Resultats)
	return out
}

// adresseSuccincte reads an address that SIAP sends as a text or as an object.
func adresseSuccincte(brut json.RawMessage) string {
	var texte string
	if json.Unmarshal(brut, &texte) == nil {
		return nettoyer(texte)
	}
	var a siap.AdresseCompleteDTO
	if json.Unmarshal(brut, &a) != nil {
		return ""
	}
	return strings.Join(strings.Fields(strings.Join([]string{nettoyer(a.Adresse), a.CodePostal.String(), nettoyer(a.Commune)}, " ")), " ")
}

// reconnaitre marks the operations that are already here.
func (s *Proposeur) reconnaitre(ctx context.Context, p auth.Principal, liste []Proposee) error {
	if len(liste) == 0 {
		return nil
	}
	numeros := make([]string, 0, len(liste))
	for _, o := range liste {
		numeros = append(numeros, NormaliserNumero(o.Numero))
	}
	connues, err := s.store.Connues(ctx, p, numeros)
	if err != nil {
		return fmt.Errorf("find operations of SIAP here: %w", err)
	}
	for i := range liste {
		liste[i].Connue = connues[NormaliserNumero(liste[i].Numero)]
	}
	return nil
}
