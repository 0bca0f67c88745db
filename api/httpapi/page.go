package httpapi

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
)

// Limits of pagination (05 E.1). The last page that can be asked is bounded so that an offset stays cheap.
const (
	DefaultParPage = 20
	MaxParPage     = 100
	maxPage        = 100_000
)

// Pagination is the page asked for.
type Pagination struct{ Page, ParPage int }

// Offset is the number of rows before the page.
func (p Pagination) Offset() int { return (p.Page - 1) * p.ParPage }

// Page reads the parameters page and par_page; both must be in the allow-list given to Query.
func (p *Params) Page() Pagination {
	return Pagination{Page: p.Int("page", 1, 1, maxPage), ParPage: p.Int("par_page", DefaultParPage, 1, MaxParPage)}
}

// Page is the envelope of a list (05 E.1). Suivant is the cursor to give as apres, for the lists that
// can be read by cursor.
type Page[T any] struct {
	Resultats []T    `json:"resultats" validate:"required"`
	Page      int    `json:"page" validate:"required" minimum:"1" example:"1"`
	ParPage   int    `json:"par_page" validate:"required" minimum:"1" maximum:"100" example:"20"`
	Total     int    `json:"total" validate:"required" minimum:"0" example:"123"`
	Suivant   string `json:"suivant,omitempty"`
}

// NewPage returns the envelope of rows; a nil slice becomes an empty list, never null.
func NewPage[T any](p Pagination, total int, rows []T) Page[T] {
	if rows == nil {
		rows = []T{}
	}
	return Page[T]{Resultats: rows, Page: p.Page, ParPage: p.ParPage, Total: total}
}

// JSONPage writes one page of a list with its Link headers.
func JSONPage[T any](c echo.Context, p Pagination, total int, rows []T) error {
	SetLinks(c, p, total)
	return c.JSON(http.StatusOK, NewPage(p, total, rows))
}

// SetLinks writes the Link header (first, prev, next, last), relative to the server, keeping the other
// parameters of the request.
func SetLinks(c echo.Context, p Pagination, total int) {
	last := max(1, (total+p.ParPage-1)/p.ParPage)
	var links []string
	add := func(rel string, page int) {
		q, _ := url.ParseQuery(c.Request().URL.RawQuery) // already parsed once by Query
		q.Set("page", strconv.Itoa(page))
		q.Set("par_page", strconv.Itoa(p.ParPage))
		links = append(links, fmt.Sprintf("<%s?%s>; rel=%q", c.Request().URL.EscapedPath(), q.Encode(), rel))
	}
	add("first", 1)
	if p.Page > 1 {
		add("prev", min(p.Page-1, last))
	}
	if p.Page < last {
		add("next", p.Page+1)
	}
	add("last", last)
	c.Response().Header().Set("Link", strings.Join(links, ", "))
}

// SetNextLink writes the Link to what follows a cursor; nothing when there is none.
func SetNextLink(c echo.Context, cursor string) {
	if cursor == "" {
		return
	}
	q, _ := url.ParseQuery(c.Request().URL.RawQuery) // already parsed once by Query
	q.Del("page")
	q.Set("apres", cursor)
	c.Response().Header().Set("Link", fmt.Sprintf("<%s?%s>; rel=%q", c.Request().URL.EscapedPath(), q.Encode(), "next"))
}
