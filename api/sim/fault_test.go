package sim_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apilos/api/sim"
)

const menuPath = "/api-int/v0/menu"

func (b *bench) menu() answer { return b.siap("GET", menuPath, nil, loginUne, habUne) }

func TestFaultStatusAndTimes(t *testing.T) {
	b := newBench(t, sim.Options{})
	a := b.send("POST", "/__sim/faults", `{"match":{"route":"menu"},"status":503,"times":2}`)
	require.Equal(t, 201, a.status, a.body)
	require.Contains(t, a.body, `"remaining":2`)
	require.Equal(t, []int{503, 503, 200}, []int{b.menu().status, b.menu().status, b.menu().status})
	require.Empty(t, b.Faults())
	list := b.Requests("menu")
	require.True(t, list[0].Fault)
	require.Equal(t, 503, list[0].Status)
	require.False(t, list[2].Fault)
}

func TestFaultDefaultsToOnceAndCanLastForEver(t *testing.T) {
	b := newBench(t, sim.Options{})
	require.NoError(t, b.AddFaults(sim.Fault{Status: 500}))
	require.Equal(t, []int{500, 200}, []int{b.menu().status, b.menu().status})
	require.NoError(t, b.AddFaults(sim.Fault{Status: 500, Times: sim.Times(-1)}))
	for range 10 {
		require.Equal(t, 500, b.menu().status)
	}
	require.Equal(t, 204, b.send("DELETE", "/__sim/faults", nil).status)
	require.Equal(t, 200, b.menu().status)
	require.Equal(t, "[]", b.send("GET", "/__sim/faults", nil).body)
}

func TestFaultBodies(t *testing.T) {
	b := newBench(t, sim.Options{})
	for _, c := range []struct{ fault, body, contentType string }{
		{`{"match":{},"status":200,"body":"<html>maintenance</html>"}`, "<html>maintenance</html>", "text/html; charset=utf-8"},
		{`{"match":{},"body":{"menuItems":"x"}}`, `{"menuItems":"x"}`, "application/json"},
		{`{"match":{},"body":"{\"broken\":"}`, `{"broken":`, "application/json"},
		{`{"match":{},"body":[1]}`, `[1]`, "application/json"},
	} {
		require.Equal(t, 201, b.send("POST", "/__sim/faults", c.fault).status)
		a := b.menu()
		require.Equal(t, 200, a.status)
		require.Equal(t, c.body, a.body)
		require.Equal(t, c.contentType, a.header.Get("Content-Type"))
	}
}

func TestFaultMatch(t *testing.T) {
	b := newBench(t, sim.Options{Scenario: "demo"})
	require.NoError(t, b.AddFaults(sim.Fault{Match: sim.Match{Route: "menu", Method: "GET", Login: "marie.durand@example.org"}, Status: 500, Times: sim.Times(-1)}))
	require.Equal(t, 200, b.siap("GET", menuPath, nil, "luc.martin@example.org", 201).status)
	require.Equal(t, 200, b.siap("GET", "/api-int/v0/config", nil, "marie.durand@example.org", 101).status)
	require.Equal(t, 500, b.siap("GET", menuPath, nil, "marie.durand@example.org", 101).status)
	require.NoError(t, b.AddFaults(sim.Fault{Match: sim.Match{Method: "POST"}, Status: 500}))
	require.Equal(t, 200, b.siap("GET", menuPath, nil, "luc.martin@example.org", 201).status)
}

func TestFaultDropAndAfter(t *testing.T) {
	b := newBench(t, sim.Options{})
	require.NoError(t, b.AddFaults(
		sim.Fault{Match: sim.Match{Route: "alerte_create"}, Drop: true},
		sim.Fault{Match: sim.Match{Route: "alerte_create"}, Drop: true, After: true},
		sim.Fault{Match: sim.Match{Route: "alerte_create"}, Status: 504, After: true},
	))
	cut := func() {
		req, err := http.NewRequest("POST", b.URL()+alertesPath, strings.NewReader(string(mustJSON(t, alerte()))))
		require.NoError(t, err)
		bearer(b.token(loginUne, habUne))(req)
		res, err := b.browser.Do(req)
		if err == nil {
			res.Body.Close()
		}
		require.Error(t, err)
	}
	cut()
	require.Empty(t, b.Alertes(""), "without after, nothing happened")
	cut()
	require.Len(t, b.Alertes(""), 1, "with after, only the answer is lost")
	require.Equal(t, 504, b.siap("POST", alertesPath, alerte(), loginUne, habUne).status)
	require.Len(t, b.Alertes(""), 2)
	list := b.Requests("alerte_create")
	require.True(t, list[0].Dropped)
	require.Zero(t, list[0].Status)
}

// TestFaultDelay measures that the answer waits, then comes.
func TestFaultDelay(t *testing.T) {
	b := newBench(t, sim.Options{})
	require.NoError(t, b.AddFaults(sim.Fault{DelayMS: 60}))
	start := time.Now()
	require.Equal(t, 200, b.menu().status)
	require.GreaterOrEqual(t, time.Since(start), 60*time.Millisecond)
}

func TestFaultList(t *testing.T) {
	b := newBench(t, sim.Options{})
	a := b.send("POST", "/__sim/faults", `[{"match":{"route":"menu"},"status":500},{"match":{"route":"cas.login"},"drop":true}]`)
	require.Equal(t, 201, a.status)
	require.Len(t, b.Faults(), 2)
	for _, bad := range []string{`{`, `{"match":{"route":"x"},"status":500}`, `{"match":{},"status":500,"x":1}`, `{"match":{},"times":0,"drop":true}`, `{"match":{},"status":99}`, `{"match":{},"delay_ms":-1,"drop":true}`, `{"match":{}}`} {
		require.Equal(t, 400, b.send("POST", "/__sim/faults", bad).status, bad)
	}
	require.Len(t, b.Faults(), 2)
}

func TestScenarioFaultsComeBackWithReset(t *testing.T) {
	b := newBench(t, sim.Options{})
	require.Equal(t, 200, b.send("PUT", "/__sim/scenario", head+`"users":{},"faults":[{"match":{"route":"menu"},"status":500}]}`).status)
	require.Equal(t, []int{500, 200}, []int{b.menu().status, b.menu().status})
	require.Equal(t, 204, b.send("POST", "/__sim/reset", nil).status)
	require.Empty(t, b.Requests(""))
	require.Equal(t, 500, b.menu().status)
}
