package depotapi_test

import (
	"io"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"

	"apilos/api/depot"

	"github.com/stretchr/testify/require"
)

// repete gives the same line again and again, with a first one, without ever holding the whole.
type repete struct {
	tete, ligne string
	reste       int64
	pos         int
}

func (r *repete) Read(p []byte) (int, error) {
	if r.reste == 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) && r.reste > 0 {
		var c byte
		if r.pos < len(r.tete) {
			c = r.tete[r.pos]
		} else {
			c = r.ligne[(r.pos-len(r.tete))%len(r.ligne)]
		}
		p[n] = c
		n, r.pos, r.reste = n+1, r.pos+1, r.reste-1
	}
	return n, nil
}

// TestFiftyMegabytes: the limit of the contract to the byte, announced or not, and the memory of a whole deposit of a
// file where every row is wrong.
func TestFiftyMegabytes(t *testing.T) {
	b := nouveau(t, options{reglages: depot.Reglages{TailleMax: 50_000_000}, sansContrat: true})
	c := b.client("internal", nil)
	deposer := func(id string, octets int64, annonce bool) reponse {
		corps := &repete{tete: "numero;voie_nom;commune_insee\n", ligne: "douze;A;99999\n", reste: octets}
		req := httptest.NewRequest("PUT", base+"/revisions/"+id+"/files/bal", corps)
		req.Header.Set("Authorization", "Token "+c.jeton)
		req.ContentLength = -1
		if annonce {
			req.ContentLength = octets
		}
		rec := httptest.NewRecorder()
		b.serveur.ServeHTTP(rec, req)
		return reponse{rec, t}
	}
	id := c.creer("87085")
	for _, annonce := range []bool{true, false} {
		deposer(id, 50_000_001, annonce).refuse(413, "request entity too large")
		require.Zero(t, b.nombreObjets(), "one byte too many is not kept")
	}

	pointe := surveiller(t)
	require.EqualValues(t, 50_000_000, deposer(id, 50_000_000, false).reussit(200)["size"])
	r := c.appeler("POST", "/revisions/"+id+"/compute", nil).reussit(200)
	require.Equal(t, false, r["isReady"])
	require.Less(t, c.appeler("GET", "/revisions/"+id, nil).Body.Len(), 20_000, "what is kept of millions of errors is small")
	require.Less(t, pointe(), int64(100_000_000), "bytes above idle")
}

// surveiller samples the heap until the function it returns is called, which gives the peak above the start.
func surveiller(t *testing.T) func() int64 {
	t.Helper()
	lire := func() int64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapInuse)
	}
	runtime.GC()
	depart, arreter, pointe := lire(), make(chan struct{}), make(chan int64)
	go func() {
		max, tic := int64(0), time.NewTicker(5*time.Millisecond)
		defer tic.Stop()
		for {
			select {
			case <-tic.C:
				if n := lire(); n > max {
					max = n
				}
			case <-arreter:
				pointe <- max - depart
				return
			}
		}
	}()
	return func() int64 { close(arreter); return <-pointe }
}
