package siap_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apilos/api/siap"
	"apilos/api/sim"
)

// calledOnce is one of the twelve calls: its attempts and its time (05 B.2), and how it is made.
type calledOnce struct {
	call     siap.Call
	attempts int
	total    time.Duration
	do       func(context.Context, *siap.Client) error
}

// twelve makes each call in a way that no cache answers.
func twelve() []calledOnce {
	const s = time.Second
	return []calledOnce{
		{siap.CallConfig, 3, 5 * s, func(ctx context.Context, c *siap.Client) error { _, err := c.Config(ctx); return err }},
		{siap.CallHabilitations, 3, 3 * s, func(ctx context.Context, c *siap.Client) error {
			_, err := c.RefreshHabilitations(ctx, login, habID)
			return err
		}},
		{siap.CallMenu, 2, 3 * s, func(ctx context.Context, c *siap.Client) error { _, err := c.Menu(ctx, login, habID); return err }},
		{siap.CallOperation, 3, 5 * s, func(ctx context.Context, c *siap.Client) error {
			_, err := c.RefreshOperation(ctx, login, habID, numero)
			return err
		}},
		{siap.CallFusion, 2, 5 * s, func(ctx context.Context, c *siap.Client) error {
			_, err := c.Fusions(ctx, login, habID, "900000001")
			return err
		}},
		{siap.CallAlertesConvention, 1, 10 * s, func(ctx context.Context, c *siap.Client) error {
			_, err := c.ListAlertes(ctx, login, habID, validAlerte().IDConvention)
			return err
		}},
		{siap.CallAlerteCreate, 1, 10 * s, func(ctx context.Context, c *siap.Client) error {
			_, err := c.CreateAlerte(ctx, login, habID, validAlerte())
			return err
		}},
		{siap.CallAlerteDelete, 1, 10 * s, func(ctx context.Context, c *siap.Client) error { return c.DeleteAlerte(ctx, login, habID, 1) }},
		{siap.CallAlertes, 1, 10 * s, func(ctx context.Context, c *siap.Client) error { _, err := c.AllAlertes(ctx, login, habID); return err }},
		{siap.CallOperations, 2, 5 * s, func(ctx context.Context, c *siap.Client) error { _, err := c.Operations(ctx, login, habID); return err }},
		{siap.CallUsersAdministration, 2, 3 * s, func(ctx context.Context, c *siap.Client) error {
			_, err := c.UsersAdministration(ctx, login, habID, "35047")
			return err
		}},
		{siap.CallUsersMO, 2, 3 * s, func(ctx context.Context, c *siap.Client) error {
			_, err := c.UsersMO(ctx, login, habID, "900000001", "53")
			return err
		}},
	}
}

// write tells the calls that change something in SIAP: the contract does not fix the shape of their answer.
func (c calledOnce) write() bool {
	return c.call == siap.CallAlerteCreate || c.call == siap.CallAlerteDelete
}

// TestFaultMatrixB2 makes each of the twelve calls meet each kind of breakdown: the error, the number of attempts and
// the doubt about what SIAP did are those of 05 B.2, and nothing is ever sent twice when it may create something.
func TestFaultMatrixB2(t *testing.T) {
	for _, f := range []struct {
		name    string
		fault   sim.Fault
		want    error
		retry   bool
		reached bool // the call may have had its effect
	}{
		{"slow", sim.Fault{DelayMS: 60_000}, siap.ErrUnavailable, true, true},
		{"drop", sim.Fault{Drop: true}, siap.ErrUnavailable, true, true},
		{"drop after the write", sim.Fault{Drop: true, After: true}, siap.ErrUnavailable, true, true},
		{"400", sim.Fault{Status: 400}, siap.ErrRejected, false, false},
		{"401", sim.Fault{Status: 401}, siap.ErrUnauthorized, false, false},
		{"403", sim.Fault{Status: 403}, siap.ErrForbidden, false, false},
		{"404", sim.Fault{Status: 404}, siap.ErrNotFound, false, false},
		{"429", sim.Fault{Status: 429}, siap.ErrUnavailable, true, false},
		{"500", sim.Fault{Status: 500}, siap.ErrBadGateway, false, true},
		{"502", sim.Fault{Status: 502}, siap.ErrBadGateway, true, true},
		{"503", sim.Fault{Status: 503}, siap.ErrUnavailable, true, true},
		{"504", sim.Fault{Status: 504}, siap.ErrUnavailable, true, true},
		{"HTML instead of JSON", sim.Fault{Status: 200, Body: json.RawMessage(`"<html>maintenance</html>"`)}, siap.ErrBadGateway, false, true},
		{"wrong shape", sim.Fault{Status: 200, Body: json.RawMessage(`{"habilitations":"x","menuItems":1}`)}, siap.ErrBadGateway, false, true},
	} {
		for _, c := range twelve() {
			if f.name == "wrong shape" && c.write() {
				continue
			}
			t.Run(fmt.Sprintf("%s, %s", f.name, c.call), func(t *testing.T) {
				var opts []siap.Option
				if f.fault.DelayMS > 0 {
					opts = append(opts, siap.WithAttemptTimeout(400*time.Millisecond))
				}
				b := newBench(t, "minimal", opts...)
				planned := f.fault
				planned.Match.Route, planned.Times = string(c.call), sim.Times(-1)
				b.fault(t, planned)
				err := c.do(t.Context(), b.Client)
				require.ErrorIs(t, err, f.want)
				e := siap.AsError(err)
				require.NotNil(t, e)
				require.Equal(t, c.call, e.Call)
				require.Equal(t, f.reached, e.MayHaveReached)
				attempts := 1
				if f.retry {
					attempts = c.attempts
				}
				require.Equal(t, attempts, b.calls(c.call))
				require.Len(t, b.pauses.list, attempts-1, "a pause before each retry")
				if f.name == "drop after the write" && c.call == siap.CallAlerteCreate {
					require.Len(t, b.server.Alertes(""), 1, "it exists, once")
				}
			})
		}
	}
}

// TestTimeoutOfEveryVerbB2: every call, whatever its verb, ends by itself; the deadline of an attempt is that of the table.
func TestTimeoutOfEveryVerbB2(t *testing.T) {
	for _, c := range twelve() {
		t.Run(string(c.call), func(t *testing.T) {
			var left time.Duration
			var bounded bool
			client, err := siap.New(siap.Config{Host: "https://siap.example", Key: siap.Key{Secret: []byte("k")}},
				siap.WithPause((&pauses{}).sleep, func() float64 { return 0 }),
				siap.WithTransport(transportFunc(func(r *http.Request) (*http.Response, error) {
					var deadline time.Time
					deadline, bounded = r.Context().Deadline()
					left = time.Until(deadline)
					return nil, errRefused
				})))
			require.NoError(t, err)
			defer client.Close()
			require.ErrorIs(t, c.do(t.Context(), client), siap.ErrUnavailable)
			require.True(t, bounded, "no call without deadline")
			require.InDelta(t, c.total.Seconds(), left.Seconds(), 1)
			require.LessOrEqual(t, left, c.total)
		})
	}
}

// TestOversizeOfEveryCallB2: no answer is read beyond 10 MiB, and it is nonsense rather than an outage: one attempt.
func TestOversizeOfEveryCallB2(t *testing.T) {
	big := `{"x":"` + strings.Repeat("a", 10<<20) + `"}`
	for _, c := range twelve() {
		t.Run(string(c.call), func(t *testing.T) {
			attempts := 0
			client, err := siap.New(siap.Config{Host: "https://siap.example", Key: siap.Key{Secret: []byte("k")}},
				siap.WithTransport(transportFunc(func(*http.Request) (*http.Response, error) {
					attempts++
					return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(big)), Header: http.Header{}}, nil
				})))
			require.NoError(t, err)
			defer client.Close()
			require.ErrorIs(t, c.do(t.Context(), client), siap.ErrBadGateway)
			require.Equal(t, 1, attempts)
		})
	}
}
