package journal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"apilos/api/storage"
)

// lotFins is how many sealed ends are looked for at once.
const lotFins = 2000

// NatureAnomalie says what is wrong with a seal, or with what it sealed.
type NatureAnomalie string

// What a verification of the seals finds.
const (
	// ChaineReecrite: the journal does not hold any more the end that was sealed: the chain was computed again, shortened
	// or removed since.
	ChaineReecrite NatureAnomalie = "CHAINE_REECRITE"
	// SceauAltere: the object was changed, or signed by a key that is not ours.
	SceauAltere NatureAnomalie = "SCEAU_ALTERE"
	// SceauRetire: a number is missing, or a seal that was made is not in the storage any more.
	SceauRetire NatureAnomalie = "SCEAU_RETIRE"
	// SceauRemplace: the seal is signed and does not follow the one before it, or is not the one that was made.
	SceauRemplace NatureAnomalie = "SCEAU_REMPLACE"
	// EmpreinteInconnue: no seal has the digest that was archived.
	EmpreinteInconnue NatureAnomalie = "EMPREINTE_INCONNUE"
)

// Anomalie is one finding. A chain is named once, by the first seal that it contradicts.
type Anomalie struct {
	Nature   NatureAnomalie `json:"nature"`
	Sceau    int64          `json:"sceau"` // 0: none in particular
	Lectures bool           `json:"lectures,omitempty"`
	Chaine   int64          `json:"chaine,omitempty"` // root of a family, or number of a chain of readings
	LigneID  int64          `json:"ligne,omitempty"`  // the last row when it was sealed
}

// String says it in words.
func (a Anomalie) String() string {
	switch a.Nature {
	case ChaineReecrite:
		chaine := "famille"
		if a.Lectures {
			chaine = "chaîne de lectures"
		}
		return fmt.Sprintf("%s n° %d : réécrite ou retirée depuis le sceau n° %d (ligne %d)", chaine, a.Chaine, a.Sceau, a.LigneID)
	case SceauAltere:
		return fmt.Sprintf("sceau n° %d : altéré, incomplet ou signé par une clé inconnue", a.Sceau)
	case SceauRetire:
		return fmt.Sprintf("sceau n° %d : retiré du stockage", a.Sceau)
	case SceauRemplace:
		return fmt.Sprintf("sceau n° %d : il ne suit pas le précédent ou n’est pas celui qui avait été fait", a.Sceau)
	default:
		return "aucun sceau n’a l’empreinte donnée"
	}
}

// Bilan is what a verification of the seals read.
type Bilan struct {
	Sceaux    int64      `json:"sceaux"`
	Fins      int64      `json:"fins"` // sealed ends that were looked for
	Dernier   *time.Time `json:"dernier_sceau"`
	Anomalies []Anomalie `json:"anomalies"`
}

// verification reads the seals in their order.
type verification struct {
	g         *Garde
	bilan     Bilan
	nommees   map[Fin]bool // chains already named, by what they are
	empreinte map[int64]string
}

// Verifier reads every seal again and looks in the journal for each end that was sealed. attendue, unless it is empty, is
// the digest of a seal archived elsewhere: it must be the one of a seal that is there. The chains themselves are verified
// apart: an end that is found says that what comes before it is what was sealed, when the chain holds together.
func (g *Garde) Verifier(ctx context.Context, attendue string) (Bilan, error) {
	v := &verification{g: g, bilan: Bilan{Anomalies: []Anomalie{}}, nommees: map[Fin]bool{}, empreinte: map[int64]string{}}
	// Read before the list: a seal that is made meanwhile is an object more, never one less.
	inscrits, err := g.Store.SceauxInscrits(ctx)
	if err != nil {
		return v.bilan, err
	}
	objets, err := g.lister(ctx)
	if err != nil {
		return v.bilan, err
	}
	presents := map[int64]bool{}
	for i, o := range objets {
		precedent := int64(0)
		if i > 0 {
			precedent = objets[i-1].numero
		}
		for n := precedent + 1; n < o.numero; n++ {
			v.trouver(Anomalie{Nature: SceauRetire, Sceau: n})
			presents[n] = true // said
		}
		presents[o.numero] = true
		if err := v.lire(ctx, o); err != nil {
			return v.bilan, err
		}
	}
	connue := attendue == ""
	for _, s := range inscrits {
		e, lue := v.empreinte[s.Numero]
		switch {
		case !presents[s.Numero]:
			v.trouver(Anomalie{Nature: SceauRetire, Sceau: s.Numero})
		case lue && e != s.Empreinte:
			v.trouver(Anomalie{Nature: SceauRemplace, Sceau: s.Numero})
		}
	}
	for _, e := range v.empreinte {
		connue = connue || e == attendue
	}
	if !connue {
		v.trouver(Anomalie{Nature: EmpreinteInconnue})
	}
	return v.bilan, nil
}

func (v *verification) trouver(a Anomalie) { v.bilan.Anomalies = append(v.bilan.Anomalies, a) }

// lire verifies one seal. What a seal that proves nothing says of the chains is not held against them.
func (v *verification) lire(ctx context.Context, o objet) error {
	var lot, perdues []Fin
	n := int64(0)
	vider := func() error {
		p, err := v.g.Store.Retrouver(ctx, lot)
		perdues, lot = append(perdues, p...), lot[:0]
		return err
	}
	e, empreinte, err := v.g.lire(ctx, o, func(f Fin) error {
		lot, n = append(lot, f), n+1
		if len(lot) < lotFins {
			return nil
		}
		return vider()
	})
	switch {
	case errors.Is(err, ErrSceauAltere), err == nil && (e.Numero != o.numero || cleObjet(e) != o.cle):
		v.trouver(Anomalie{Nature: SceauAltere, Sceau: o.numero})
		return nil
	case errors.Is(err, storage.ErrNotFound): // removed since the list
		v.trouver(Anomalie{Nature: SceauRetire, Sceau: o.numero})
		return nil
	case err != nil:
		return err
	}
	if err := vider(); err != nil {
		return err
	}
	if avant, lue := v.empreinte[o.numero-1]; lue && avant != e.Precedent || o.numero == 1 && e.Precedent != "-" {
		v.trouver(Anomalie{Nature: SceauRemplace, Sceau: o.numero})
	}
	v.empreinte[o.numero] = empreinte
	v.bilan.Sceaux, v.bilan.Fins, v.bilan.Dernier = v.bilan.Sceaux+1, v.bilan.Fins+n, &e.CreeLe
	for _, f := range perdues {
		if chaine := (Fin{Lectures: f.Lectures, Chaine: f.Chaine}); !v.nommees[chaine] {
			v.nommees[chaine] = true
			v.trouver(Anomalie{Nature: ChaineReecrite, Sceau: o.numero, Lectures: f.Lectures, Chaine: f.Chaine, LigneID: f.DernierID})
		}
	}
	return nil
}

// AJour tells whether the journal is sealed: an error says that nothing has been for two days.
func (g *Garde) AJour(ctx context.Context) error {
	inscrits, err := g.Store.SceauxInscrits(ctx)
	if err != nil {
		return err
	}
	depuis, err := g.Store.PremiereLigne(ctx)
	if err != nil {
		return err
	}
	if n := len(inscrits); n > 0 {
		depuis = &inscrits[n-1].CreeLe
	}
	if depuis == nil || g.Horloge().Sub(*depuis) <= Retard {
		return nil
	}
	if len(inscrits) == 0 {
		return errors.New("le journal n’a jamais été scellé : apilos journal sceller")
	}
	return fmt.Errorf("le dernier sceau du journal date du %s : apilos journal sceller", depuis.UTC().Format("02/01/2006 15:04 UTC"))
}
