package siap

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Habilitations returns the habilitations of login, kept 60 s per (login, habilitation) and asked
// once for callers that come together (05 A.2). habilitationID may be 0 when none is chosen yet.
// An unknown login gives an empty list.
func (c *Client) Habilitations(ctx context.Context, login string, habilitationID int64) ([]HabilitationDTO, error) {
	data, err := c.cached(ctx, c.habilitations, pairKey(login, habilitationID), habilitationsCall(login, habilitationID))
	if err != nil {
		return nil, err
	}
	return decodeHabilitations(data)
}

// RefreshHabilitations is Habilitations without reading the cache: at login, at a switch, and at
// the revalidation every 15 minutes (05 C.4).
func (c *Client) RefreshHabilitations(ctx context.Context, login string, habilitationID int64) ([]HabilitationDTO, error) {
	data, err := c.fetch(ctx, c.habilitations, pairKey(login, habilitationID), habilitationsCall(login, habilitationID))
	if err != nil {
		return nil, err
	}
	return decodeHabilitations(data)
}

func habilitationsCall(login string, habilitationID int64) call {
	return call{
		name: CallHabilitations, method: http.MethodGet, route: "/habilitations", path: "/habilitations",
		login: login, habilitationID: habilitationID,
		check: func(b []byte) error { _, err := decodeHabilitations(b); return err },
	}
}

func decodeHabilitations(data []byte) ([]HabilitationDTO, error) {
	return decodeListUnder[HabilitationDTO](data, "habilitations")
}

// decodeListUnder decodes the list under key: the key must be there, null is an empty list.
func decodeListUnder[T any](data []byte, key string) ([]T, error) {
	object, err := decode[map[string]json.RawMessage](data)
	if err != nil {
		return nil, err
	}
	raw, ok := object[key]
	if !ok {
		return nil, errors.New("clé « " + key + " » absente de la réponse")
	}
	return decode[[]T](raw)
}

// Operation returns the operation numero, kept 30 s per (numero, login, habilitation). ErrNotFound
// when the SIAP does not know it, ErrForbidden when the habilitation does not cover it.
func (c *Client) Operation(ctx context.Context, login string, habilitationID int64, numero string) (OperationDTO, error) {
	r, err := operationCall(login, habilitationID, numero)
	if err != nil {
		return OperationDTO{}, err
	}
	data, err := c.cached(ctx, c.operations, numero+"\x00"+pairKey(login, habilitationID), r)
	if err != nil {
		return OperationDTO{}, err
	}
	return decodeOperation(data)
}

// RefreshOperation is Operation without reading the cache, for what writes from it (05 B.2).
func (c *Client) RefreshOperation(ctx context.Context, login string, habilitationID int64, numero string) (OperationDTO, error) {
	r, err := operationCall(login, habilitationID, numero)
	if err != nil {
		return OperationDTO{}, err
	}
	data, err := c.fetch(ctx, c.operations, numero+"\x00"+pairKey(login, habilitationID), r)
	if err != nil {
		return OperationDTO{}, err
	}
	return decodeOperation(data)
}

func operationCall(login string, habilitationID int64, numero string) (call, error) {
	segment, err := segment(CallOperation, numero)
	return call{
		name: CallOperation, method: http.MethodGet, route: "/operation/{numero}", path: "/operation/" + segment,
		login: login, habilitationID: habilitationID,
		check: func(b []byte) error { _, err := decodeOperation(b); return err },
	}, err
}

func decodeOperation(data []byte) (OperationDTO, error) {
	p, err := decode[*OperationDTO](data)
	if err != nil {
		return OperationDTO{}, err
	}
	if p == nil || p.DonneesOperation == nil {
		return OperationDTO{}, errors.New("opération sans donneesOperation")
	}
	p.Brut = append(json.RawMessage(nil), data...)
	return *p, nil
}

// Operations returns the operations the habilitation may work on.
func (c *Client) Operations(ctx context.Context, login string, habilitationID int64) ([]OperationSuccincteDTO, error) {
	data, err := c.execute(ctx, call{
		name: CallOperations, method: http.MethodGet, route: "/operation", path: "/operation",
		login: login, habilitationID: habilitationID, check: checkList[OperationSuccincteDTO],
	})
	if err != nil {
		return nil, err
	}
	return decodeList[OperationSuccincteDTO](data)
}

// Fusions returns the mergers that name siren, kept 60 minutes per siren. It belongs to a background
// job, never to the login path (05 B.5.4).
func (c *Client) Fusions(ctx context.Context, login string, habilitationID int64, siren string) ([]FusionDTO, error) {
	if strings.TrimSpace(siren) == "" { // without siren the SIAP lists every merger of France
		return nil, &Error{Call: CallFusion, Kind: ErrRejected, cause: errors.New("siren vide")}
	}
	data, err := c.cached(ctx, c.fusions, siren, call{
		name: CallFusion, method: http.MethodGet, route: "/journalisation-fusion", path: "/journalisation-fusion",
		query: url.Values{"siren": {siren}}, login: login, habilitationID: habilitationID,
		check: checkList[FusionDTO],
	})
	if err != nil {
		return nil, err
	}
	return decodeList[FusionDTO](data)
}

// UsersAdministration returns the users of the administration code.
func (c *Client) UsersAdministration(ctx context.Context, login string, habilitationID int64, code string) ([]UtilisateurGroupeDTO, error) {
	s, err := segment(CallUsersAdministration, code)
	if err != nil {
		return nil, err
	}
	return c.users(ctx, call{
		name: CallUsersAdministration, route: "/habilitations/administration/{code}",
		path: "/habilitations/administration/" + s, login: login, habilitationID: habilitationID,
	})
}

// UsersMO returns the users of the maître d'ouvrage siren in the région codeRegion.
func (c *Client) UsersMO(ctx context.Context, login string, habilitationID int64, siren, codeRegion string) ([]UtilisateurGroupeDTO, error) {
	s, err := segment(CallUsersMO, siren)
	if err != nil {
		return nil, err
	}
	r, err := segment(CallUsersMO, codeRegion)
	if err != nil {
		return nil, err
	}
	return c.users(ctx, call{
		name: CallUsersMO, route: "/habilitations/mo/{siren}/region/{codeRegion}",
		path: "/habilitations/mo/" + s + "/region/" + r, login: login, habilitationID: habilitationID,
	})
}

func (c *Client) users(ctx context.Context, r call) ([]UtilisateurGroupeDTO, error) {
	r.method, r.check = http.MethodGet, checkList[UtilisateurGroupeDTO]
	data, err := c.execute(ctx, r)
	if err != nil {
		return nil, err
	}
	return decodeList[UtilisateurGroupeDTO](data)
}

// segment encodes one piece of a path. An empty piece, or one that a server would read as a move in
// the tree, designates nothing.
func segment(a Call, s string) (string, error) {
	if s == "" || s == "." || s == ".." {
		return "", &Error{Call: a, Kind: ErrNotFound, cause: errors.New("identifiant vide")}
	}
	return url.PathEscape(s), nil
}

func pairKey(login string, habilitationID int64) string {
	return login + "\x00" + strconv.FormatInt(habilitationID, 10)
}

// cached returns the fresh answer kept under key, or asks for it, once for all who ask together.
// The shared call does not end with the caller who started it.
func (c *Client) cached(ctx context.Context, k *cache, key string, r call) ([]byte, error) {
	if data, fresh := k.get(key, c.now()); fresh {
		return data, nil
	}
	result := c.flight.DoChan(string(r.name)+"\x00"+key, func() (any, error) {
		if data, fresh := k.get(key, c.now()); fresh { // a call that ended between the look above and this one
			return data, nil
		}
		shared, end := c.detach(ctx)
		defer end()
		return c.fetch(shared, k, key, r)
	})
	select {
	case <-ctx.Done():
		return nil, givenUp(ctx, r.name)
	case res := <-result:
		if res.Err != nil {
			return nil, res.Err
		}
		return res.Val.([]byte), nil
	}
}

// fetch asks the SIAP and keeps its answer.
func (c *Client) fetch(ctx context.Context, k *cache, key string, r call) ([]byte, error) {
	start := c.now()
	data, err := c.execute(ctx, r)
	if err != nil {
		return nil, err
	}
	k.put(key, data, start, c.now())
	if r.persistKey != "" {
		c.persist(ctx, r.persistKey, data)
	}
	return data, nil
}

// detach returns a context with the values of ctx that ends at Close only, and counts the work.
func (c *Client) detach(ctx context.Context) (context.Context, func()) {
	c.pending.Add(1)
	shared, cancel := context.WithCancel(context.WithoutCancel(ctx))
	unhook := context.AfterFunc(c.life, cancel)
	return shared, func() { unhook(); cancel(); c.pending.Done() }
}

func givenUp(ctx context.Context, a Call) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &Error{Call: a, Kind: ErrUnavailable, cause: ctx.Err()}
	}
	return &canceled{a, ctx.Err()}
}

// canceled is a call its caller gave up; it wraps context.Canceled and no sentinel.
type canceled struct {
	name  Call
	cause error
}

func (a *canceled) Error() string { return "siap " + string(a.name) + ": " + a.cause.Error() }
func (a *canceled) Unwrap() error { return a.cause }
