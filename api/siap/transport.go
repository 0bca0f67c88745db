package siap

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"
)

// maxBody bounds an answer, once decompressed (05 B.2).
const maxBody = 10 << 20

// call is one call to make.
type call struct {
	name           Call
	method         string
	route          string // route template, for logs: /operation/{numero}
	path           string // the same, percent-encoded
	query          url.Values
	login          string
	habilitationID int64
	body           any // encoded as JSON when not nil
	// check refuses an answer of the wrong shape.
	check func([]byte) error
	// persistKey is the key under which the CacheStore keeps the answer; "" for what it does not keep.
	persistKey string
}

// execute makes the call with the attempts its policy allows and returns the body of the answer.
func (c *Client) execute(ctx context.Context, r call) ([]byte, error) {
	var body []byte
	if r.body != nil {
		var err error
		if body, err = json.Marshal(r.body); err != nil {
			return nil, fmt.Errorf("siap %s: codage du corps : %w", r.name, err)
		}
	}
	pol := r.name.policy()
	mayHaveReached := false
	for n := 1; ; n++ {
		answer, retry, err := c.attempt(ctx, r, pol, body, n)
		if err == nil {
			return answer, nil
		}
		if e := AsError(err); e != nil { // an earlier attempt may have reached the SIAP
			mayHaveReached = mayHaveReached || e.MayHaveReached
			e.MayHaveReached = mayHaveReached
		}
		if !retry || n >= pol.attempts {
			return nil, err
		}
		if c.sleep(ctx, pause(n, c.random())) != nil {
			return nil, err
		}
	}
}

// attempt makes one attempt, and tells the circuit breaker, the metrics and the log about it.
func (c *Client) attempt(ctx context.Context, r call, pol policy, body []byte, n int) (answer []byte, retry bool, err error) {
	start := c.now()
	if !c.breaker.allow(start) {
		c.metrics.ObserveSIAPCall(string(r.name), "breaker_open", 0)
		return nil, false, &Error{Call: r.name, Kind: ErrUnavailable, cause: errBreakerOpen}
	}
	id := c.requestID(ctx)
	if id == "" {
		id = c.newID()
	}
	status, answer, host, err := c.send(ctx, r, pol, body, id)
	end := c.now()
	opened, closed := c.breaker.record(end, host)
	if opened || closed {
		c.metrics.SetSIAPBreaker(opened)
		c.logger.Log(ctx, slog.LevelWarn, "SIAP : disjoncteur", "ouvert", opened, "appel", r.name)
	}
	c.record(ctx, r, n, status, end.Sub(start), id, answer, err)
	if err != nil {
		return nil, host == failed, err
	}
	return answer, false, nil
}

// send sends the request and reads the answer. host is what the attempt says of the host.
func (c *Client) send(ctx context.Context, r call, pol policy, body []byte, id string) (status int, answer []byte, host verdict, err error) {
	total := pol.total
	if c.maxAttempt > 0 && c.maxAttempt < total {
		total = c.maxAttempt
	}
	try, cancel := context.WithTimeout(context.WithValue(ctx, connectKey{}, pol.connect), total)
	defer cancel()
	req, err := c.build(try, r, pol, body, id)
	if err != nil {
		return 0, nil, neutral, err
	}
	res, err := c.http.Do(req)
	if err == nil {
		defer res.Body.Close()
		status = res.StatusCode
		answer, err = io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	}
	if err != nil {
		host, err = c.classify(ctx, r, status, err)
		return status, nil, host, err
	}
	host, err = judge(r, status, answer)
	return status, answer, host, err
}

// build makes the HTTP request of 05 B.1, with a token of its own.
func (c *Client) build(ctx context.Context, r call, pol policy, body []byte, id string) (*http.Request, error) {
	address := c.base + pol.service + c.path + r.path
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, r.method, address, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("siap %s: %w", r.name, err)
	}
	token, err := c.key.Sign(Token{Login: r.login, HabilitationID: r.habilitationID, JTI: c.newID(), IssuedAt: c.now()})
	if err != nil {
		return nil, fmt.Errorf("siap %s: %w", r.name, err)
	}
	req.Header.Set("siap-Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("X-Request-Id", id)
	req.Header.Set("User-Agent", c.userAgent)
	return req, nil
}

// classify maps a call without a complete answer. ctx is the caller's: when it ended by itself the
// host is not to blame.
func (c *Client) classify(ctx context.Context, r call, status int, cause error) (verdict, error) {
	var op *net.OpError
	connected := !errors.As(cause, &op) || op.Op != "dial"
	e := &Error{Call: r.name, Kind: ErrUnavailable, Status: status, MayHaveReached: connected, cause: stripURL(cause)}
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return neutral, &canceled{r.name, ctx.Err()}
	case ctx.Err() != nil:
		return neutral, e
	}
	return failed, e
}

// stripURL drops the URL that net/http puts in its errors: it may hold a login or a number.
func stripURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// judge maps a complete answer (05 B.2).
func judge(r call, status int, answer []byte) (verdict, error) {
	if status < 200 || status > 299 {
		kind, retry := kindOf(status)
		e := &Error{Call: r.name, Kind: kind, Status: status, Excerpt: excerpt(answer), MayHaveReached: status >= 500}
		if retry {
			return failed, e
		}
		return reached, e
	}
	var cause error
	switch {
	case len(answer) > maxBody:
		cause = fmt.Errorf("réponse de plus de %d Mio", maxBody>>20)
	case r.check != nil:
		cause = r.check(answer)
	}
	if cause != nil {
		return reached, &Error{Call: r.name, Kind: ErrBadGateway, Status: status, MayHaveReached: true, cause: cause}
	}
	return reached, nil
}

// record observes the attempt and writes its line; the token is nowhere in it.
func (c *Client) record(ctx context.Context, r call, n, status int, elapsed time.Duration, id string, answer []byte, err error) {
	result := outcome(err)
	c.metrics.ObserveSIAPCall(string(r.name), result, elapsed)
	if errors.Is(err, ErrUnauthorized) {
		c.logger.ErrorContext(ctx, "SIAP : identification refusée, vérifier SIAP_CLIENT_JWT_SIGN_KEY et l'heure du serveur",
			"appel", r.name, "request_id", id)
	}
	level := slog.LevelDebug
	if c.logCalls {
		level = slog.LevelInfo
	}
	if !c.logger.Enabled(ctx, level) {
		return
	}
	attrs := []any{"appel", r.name, "methode", r.method, "route", r.route, "statut", status,
		"ms", elapsed.Milliseconds(), "request_id", id, "essai", n, "issue", result}
	if c.logCalls && c.logger.Enabled(ctx, slog.LevelDebug) {
		attrs = append(attrs, "reponse", mask(answer))
	}
	c.logger.Log(ctx, level, "SIAP : appel", attrs...)
}

func outcome(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, ErrUnavailable):
		return "unavailable"
	case errors.Is(err, ErrUnauthorized):
		return "unauthorized"
	case errors.Is(err, ErrForbidden):
		return "forbidden"
	case errors.Is(err, ErrNotFound):
		return "not_found"
	case errors.Is(err, ErrRejected):
		return "rejected"
	case errors.Is(err, context.Canceled):
		return "canceled"
	}
	return "bad_gateway"
}

// decoder reads one JSON value of type T, unknown keys ignored, and nothing after it.
func decode[T any](data []byte) (T, error) {
	var v T
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&v); err != nil {
		return v, fmt.Errorf("réponse JSON attendue : %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return v, errors.New("réponse JSON suivie d'autre chose")
	}
	return v, nil
}

// liste decodes a JSON array; null is not one.
func decodeList[T any](data []byte) ([]T, error) {
	v, err := decode[*[]T](data)
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, errors.New("liste attendue, null reçu")
	}
	return *v, nil
}

func checkList[T any](data []byte) error {
	_, err := decodeList[T](data)
	return err
}
