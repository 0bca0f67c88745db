package siap

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// ListAlertes returns the alertes of the convention. One attempt: the job tries again (02 AL-22).
func (c *Client) ListAlertes(ctx context.Context, login string, habilitationID int64, conventionUUID string) ([]AlerteDTO, error) {
	s, err := segment(CallAlertesConvention, conventionUUID)
	if err != nil {
		return nil, err
	}
	return c.alertes(ctx, call{
		name: CallAlertesConvention, route: "/alertes/convention/{uuid}", path: "/alertes/convention/" + s,
		login: login, habilitationID: habilitationID,
	})
}

// AllAlertes returns every alerte. Very heavy for the SIAP: diagnostic command only (05 B.3, call 9).
func (c *Client) AllAlertes(ctx context.Context, login string, habilitationID int64) ([]AlerteDTO, error) {
	return c.alertes(ctx, call{
		name: CallAlertes, route: "/alertes", path: "/alertes", login: login, habilitationID: habilitationID,
	})
}

func (c *Client) alertes(ctx context.Context, r call) ([]AlerteDTO, error) {
	r.method, r.check = http.MethodGet, func(b []byte) error { _, err := decodeAlertes(b); return err }
	data, err := c.execute(ctx, r)
	if err != nil {
		return nil, err
	}
	return decodeAlertes(data)
}

func decodeAlertes(data []byte) ([]AlerteDTO, error) {
	l, err := decodeList[AlerteDTO](data)
	if err != nil {
		return nil, err
	}
	for i, a := range l {
		if err := a.check(); err != nil {
			return nil, fmt.Errorf("alerte n° %d : %w", i+1, err)
		}
	}
	return l, nil
}

// CreateAlerte sends one alerte and returns its id when the SIAP tells it, 0 otherwise. One attempt,
// never more: after a failure with Error.MayHaveReached, look for it before sending it again (AL-23).
func (c *Client) CreateAlerte(ctx context.Context, login string, habilitationID int64, a AlerteCreation) (int64, error) {
	data, err := c.execute(ctx, call{
		name: CallAlerteCreate, method: http.MethodPost, route: "/alertes", path: "/alertes",
		login: login, habilitationID: habilitationID, body: a, check: checkWritten,
	})
	if err != nil {
		return 0, err
	}
	return readID(data), nil
}

// DeleteAlerte deletes the alerte id. ErrNotFound when it is already gone, which the caller takes as done.
func (c *Client) DeleteAlerte(ctx context.Context, login string, habilitationID, id int64) error {
	_, err := c.execute(ctx, call{
		name: CallAlerteDelete, method: http.MethodDelete, route: "/alertes/{id}",
		path:  "/alertes/" + url.PathEscape(strconv.FormatInt(id, 10)),
		login: login, habilitationID: habilitationID, check: checkWritten,
	})
	return err
}

// checkWritten refuses a page: the contract does not fix the body of a write, but a gateway that answers 200 with its
// own page did not pass the call on.
func checkWritten(data []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("<")) {
		return errors.New("page reçue au lieu d'une réponse")
	}
	return nil
}

// readID reads an id from an answer whose shape the contract does not fix: a number, an object
// with an id, anything else or nothing.
func readID(data []byte) int64 {
	var n int64
	if json.Unmarshal(data, &n) == nil {
		return n
	}
	var o struct {
		ID int64 `json:"id"`
	}
	if json.Unmarshal(data, &o) == nil {
		return o.ID
	}
	return 0
}
