package depotapi

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"apilos/api/depot"

	"github.com/labstack/echo/v4"
)

// maxListe is the greatest page (07 section 5).
const maxListe = 1000

// fenetre reads limit and offset. Without either the complete list is wanted.
func fenetre(c echo.Context) (depot.Fenetre, error) {
	var f depot.Fenetre
	var phrases []string
	q := c.QueryParams()
	if q.Has("limit") {
		n, err := strconv.Atoi(q.Get("limit"))
		if err != nil || n < 1 || n > maxListe {
			phrases = append(phrases, fmt.Sprintf("limit must be an integer between 1 and %d", maxListe))
		}
		f.Limite = n
	}
	if q.Has("offset") {
		n, err := strconv.Atoi(q.Get("offset"))
		if err != nil || n < 0 || n > 1<<31-1 {
			phrases = append(phrases, "offset must be an integer greater than or equal to 0")
		}
		f.Decalage = n
		if f.Limite == 0 {
			f.Limite = maxListe
		}
	}
	if len(phrases) > 0 {
		return f, depot.Invalides(phrases...)
	}
	return f, nil
}

// envoyer writes a list: its ETag and size first, then the items as they are read. parcourir calls its
// function once per item. An error after the first byte breaks the connection, since an answer cut short
// must not look complete.
func envoyer[T any](c echo.Context, e depot.Etat, f depot.Fenetre, parcourir func(ctx context.Context, fn func(T) error) error) error {
	h := c.Response().Header()
	h.Set("X-Total-Count", strconv.Itoa(e.Nombre))
	if f.Limite > 0 {
		h.Set("Link", liens(c.Request().URL, f, e.Nombre))
	}
	if inchange(c, fmt.Sprintf(`W/"%d-%x"`, e.Nombre, e.Modifie.UnixMicro())) {
		return c.NoContent(http.StatusNotModified)
	}
	if c.Request().Method == http.MethodHead {
		h.Set(echo.HeaderContentType, echo.MIMEApplicationJSON+"; charset=utf-8")
		return c.NoContent(http.StatusOK)
	}
	w := bufio.NewWriterSize(c.Response(), 32<<10)
	premier := true
	err := parcourir(c.Request().Context(), func(item T) error {
		corps, err := encoder(item)
		if err != nil {
			return err
		}
		if premier {
			h.Set(echo.HeaderContentType, echo.MIMEApplicationJSON+"; charset=utf-8")
			_ = w.WriteByte('[') // the error of a bufio.Writer comes back with Flush
		} else {
			_ = w.WriteByte(',')
		}
		premier = false
		_, err = w.Write(corps)
		return err
	})
	if err != nil {
		if c.Response().Committed {
			panic(http.ErrAbortHandler)
		}
		return err
	}
	if premier {
		h.Set(echo.HeaderContentType, echo.MIMEApplicationJSON+"; charset=utf-8")
		_ = w.WriteByte('[')
	}
	_ = w.WriteByte(']')
	return w.Flush()
}

// liens are the neighbours of a page (RFC 8288), relative to the address of the list.
func liens(u *url.URL, f depot.Fenetre, total int) string {
	lien := func(decalage int, rel string) string {
		q := u.Query()
		q.Set("limit", strconv.Itoa(f.Limite))
		q.Set("offset", strconv.Itoa(decalage))
		return "<" + u.Path + "?" + q.Encode() + `>; rel="` + rel + `"`
	}
	out := []string{lien(0, "first")}
	if f.Decalage > 0 {
		out = append(out, lien(max(0, f.Decalage-f.Limite), "prev"))
	}
	if f.Decalage+f.Limite < total {
		out = append(out, lien(f.Decalage+f.Limite, "next"))
	}
	out = append(out, lien(max(0, (total-1)/f.Limite*f.Limite), "last"))
	return strings.Join(out, ", ")
}
