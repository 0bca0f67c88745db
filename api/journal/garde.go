package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"apilos/api/event"
	"apilos/api/storage"
)

// Prefixe is where the seals lie in the file storage. Nothing else lies there, and nothing removes them.
const Prefixe = "sceaux/"

const (
	// intervalle is how old the last seal is when the daily job makes another one.
	intervalle = 20 * time.Hour
	// Retard is how old the last seal may be before the platform is no longer guarded.
	Retard = 48 * time.Hour
)

// Store is the journal, as it is read to be sealed and verified.
type Store interface {
	// SousVerrou runs fn while no other process seals.
	SousVerrou(ctx context.Context, fn func(ctx context.Context) error) error
	// Horizon returns an id of the journal that every later row will be after, then the transactions that are writing
	// the journal: a row up to that id is of one of them, or of a transaction that is over.
	Horizon(ctx context.Context) (id int64, enCours []string, err error)
	// Fins gives, of one snapshot, the end of each family that has a row after depuis, of every family when it is 0, and
	// of each chain of readings that is not purged.
	Fins(ctx context.Context, depuis int64, fn func(Fin) error) error
	// Retrouver returns those of the ends that the journal does not hold any more.
	Retrouver(ctx context.Context, fins []Fin) (perdues []Fin, err error)
	// SceauxInscrits lists the seals that were made, in the order of their numbers.
	SceauxInscrits(ctx context.Context) ([]event.SceauInscrit, error)
	// InscrireSceau notes that a seal was made.
	InscrireSceau(ctx context.Context, s event.SceauInscrit) error
	// PremiereLigne is the instant of the first row of the journal, nil when it is empty.
	PremiereLigne(ctx context.Context) (*time.Time, error)

	ChainesLectures(ctx context.Context) ([]event.ChaineLectures, error)
	// ControlerChaine verifies one chain of readings and returns its end.
	ControlerChaine(ctx context.Context, id int64) (*event.Rupture, int64, event.ChaineLectures, error)
	ControlerLectures(ctx context.Context, authentique func(event.ChaineLectures) bool, bilan *event.BilanChaines) error
	// PurgerChaine removes the rows of a chain that is one year old and whose end is c; it returns how many.
	PurgerChaine(ctx context.Context, c event.ChaineLectures, le time.Time, signature string) (int64, error)
}

// Objets keeps the seals (storage.Store).
type Objets interface {
	Put(ctx context.Context, key string, r io.Reader, opts storage.Options) (storage.Info, error)
	Get(ctx context.Context, key string, rng *storage.Range) (io.ReadCloser, storage.Info, error)
	List(ctx context.Context, prefix, after string, limit int) ([]storage.Info, error)
}

// Garde seals the journal, verifies the seals and purges old readings. Safe for concurrent use, by several processes too.
type Garde struct {
	Store   Store
	Objets  Objets
	Cles    []Cle // the first one signs
	Horloge func() time.Time
	Journal *slog.Logger
	// Retenue is how long the storage is asked to refuse the removal of a seal; 0 asks for nothing.
	Retenue time.Duration
}

// Scelle is a seal that was made.
type Scelle struct {
	Numero    int64     `json:"numero"`
	CreeLe    time.Time `json:"cree_le"`
	Cle       string    `json:"objet"`
	Empreinte string    `json:"empreinte"`
	Chaines   int64     `json:"chaines"`
}

// ScellerDuJour makes a seal unless the last one is recent.
func (g *Garde) ScellerDuJour(ctx context.Context) error {
	inscrits, err := g.Store.SceauxInscrits(ctx)
	if err != nil {
		return err
	}
	if n := len(inscrits); n > 0 && g.Horloge().Sub(inscrits[n-1].CreeLe).Abs() < intervalle {
		return nil
	}
	s, err := g.Sceller(ctx)
	if err == nil {
		g.Journal.InfoContext(ctx, "journal scellé", "numero", s.Numero, "empreinte", s.Empreinte, "chaines", s.Chaines)
	}
	return err
}

// Sceller makes a seal now.
func (g *Garde) Sceller(ctx context.Context) (s Scelle, err error) {
	err = g.Store.SousVerrou(ctx, func(ctx context.Context) error {
		s, err = g.sceller(ctx)
		return err
	})
	if err != nil {
		return s, fmt.Errorf("seal the journal: %w", err)
	}
	return s, nil
}

func (g *Garde) sceller(ctx context.Context) (s Scelle, err error) {
	objets, err := g.lister(ctx)
	if err != nil {
		return s, err
	}
	e := Entete{CreeLe: g.Horloge().UTC().Truncate(time.Microsecond), Precedent: "-"}
	inscrits, err := g.Store.SceauxInscrits(ctx)
	if err != nil {
		return s, err
	}
	if n := len(inscrits); n > 0 {
		e.Numero, e.Precedent = inscrits[n-1].Numero, inscrits[n-1].Empreinte
	}
	if n := len(objets); n > 0 && objets[n-1].numero >= e.Numero {
		dernier := objets[n-1]
		_, empreinte, err := g.lire(ctx, dernier, nil)
		if err != nil && !errors.Is(err, ErrSceauAltere) {
			return s, err
		}
		e.Numero = dernier.numero
		if err == nil {
			e.Precedent = empreinte
		} else { // the journal is sealed all the same; the verification tells what became of the seals
			g.Journal.ErrorContext(ctx, "le dernier sceau du journal est altéré", "objet", dernier.cle)
		}
	} else if e.Numero > 0 {
		g.Journal.ErrorContext(ctx, "le dernier sceau du journal n’est plus dans le stockage", "numero", e.Numero)
	}
	e.Numero++
	s = Scelle{Numero: e.Numero, CreeLe: e.CreeLe, Cle: cleObjet(e)}
	if e.Horizon, e.EnCours, err = g.Store.Horizon(ctx); err != nil {
		return s, err
	}
	if err := g.situer(ctx, &e, objets); err != nil {
		return s, err
	}
	lu, ecrit := io.Pipe()
	fini := make(chan error, 1)
	go func() {
		opts := storage.Options{ContentType: "text/plain; charset=utf-8"}
		if g.Retenue > 0 {
			opts.RetainUntil = e.CreeLe.Add(g.Retenue)
		}
		_, err := g.Objets.Put(ctx, s.Cle, lu, opts)
		lu.CloseWithError(errors.Join(err, io.ErrClosedPipe))
		fini <- err
	}()
	err = g.rediger(ctx, ecrit, e, &s)
	ecrit.CloseWithError(err) // nil is the end
	if errPut := <-fini; errPut != nil {
		return s, fmt.Errorf("write seal %s: %w", s.Cle, errPut)
	}
	if err != nil {
		return s, err
	}
	return s, g.Store.InscrireSceau(ctx, event.SceauInscrit{Numero: s.Numero, CleObjet: s.Cle, Empreinte: s.Empreinte, CreeLe: s.CreeLe})
}

// rediger writes the seal.
func (g *Garde) rediger(ctx context.Context, w io.Writer, e Entete, s *Scelle) error {
	sceau, err := nouvelEcrivain(w, e)
	if err != nil {
		return err
	}
	err = g.Store.Fins(ctx, e.Depuis, func(f Fin) error {
		s.Chaines++
		return sceau.ecrire(f)
	})
	if err != nil {
		return err
	}
	s.Empreinte, err = sceau.finir(g.Cles[0])
	return err
}

// situer tells where the seal begins and where the next one will. What the last good seal held for settled was visible to
// it. A horizon is settled when the transactions that were writing then are over: the rows up to it are visible to this
// seal, which lists them.
func (g *Garde) situer(ctx context.Context, e *Entete, objets []objet) error {
	if len(e.EnCours) == 0 {
		e.Acquis = e.Horizon
	}
	dernier := true
	for _, o := range slices.Backward(objets) {
		avant, _, err := g.lire(ctx, o, nil)
		switch {
		case errors.Is(err, ErrSceauAltere), errors.Is(err, storage.ErrNotFound):
			continue
		case err != nil:
			return err
		}
		if avant.Horizon > e.Horizon { // the database is older than the seal: restored, and ids come again
			return nil
		}
		if dernier {
			e.Depuis, e.Acquis, dernier = avant.Acquis, max(e.Acquis, avant.Acquis), false
		}
		if !slices.ContainsFunc(avant.EnCours, func(x string) bool { return slices.Contains(e.EnCours, x) }) {
			e.Acquis = max(e.Acquis, avant.Horizon)
		}
		if e.Acquis >= avant.Horizon { // earlier horizons are before it
			return nil
		}
	}
	return nil
}

// objet is a seal of the storage.
type objet struct {
	numero int64
	cle    string
}

// cleObjet is sceaux/<day>/<number>: in the order of time, one object a number.
func cleObjet(e Entete) string {
	return fmt.Sprintf("%s%s/%010d", Prefixe, e.CreeLe.Format("2006/01/02"), e.Numero)
}

// lister lists the seals of the storage in the order of their numbers. An object that is no seal has the number 0.
func (g *Garde) lister(ctx context.Context) ([]objet, error) {
	var out []objet
	for apres := ""; ; {
		page, err := g.Objets.List(ctx, Prefixe, apres, storage.MaxList)
		if err != nil {
			return nil, fmt.Errorf("list seals: %w", err)
		}
		for _, i := range page {
			n, _ := strconv.ParseInt(i.Key[strings.LastIndexByte(i.Key, '/')+1:], 10, 64)
			out = append(out, objet{n, i.Key})
			apres = i.Key
		}
		if len(page) == 0 {
			slices.SortStableFunc(out, func(a, b objet) int { return int(a.numero - b.numero) })
			return out, nil
		}
	}
}

// lire reads a seal whole; a nil fn reads only its beginning and its signature.
func (g *Garde) lire(ctx context.Context, o objet, fn func(Fin) error) (e Entete, empreinte string, err error) {
	if fn == nil {
		fn = func(Fin) error { return nil }
	}
	corps, _, err := g.Objets.Get(ctx, o.cle, nil)
	if err != nil {
		return e, "", fmt.Errorf("read seal %s: %w", o.cle, err)
	}
	defer func() { _ = corps.Close() }()
	if e, empreinte, err = lireSceau(corps, g.Cles, fn); err != nil {
		return e, empreinte, fmt.Errorf("read seal %s: %w", o.cle, err)
	}
	return e, empreinte, nil
}
