package siap

import (
	"net/url"
	"strconv"
	"strings"
)

const (
	numeroPlaceholder = "<NUM_OPE_SIAP>"
	habilitationParam = "habilitation_id"
	defaultManagePath = "/gerer-habilitations"
	conventionsSuffix = "/conventions"
	operationMenu     = "/operation"
)

// ChangeHabilitationURL is the page of the SIAP that sends the user back with habilitation id.
func (c ConfigDTO) ChangeHabilitationURL(id int64) string {
	return withHabilitation(c.root()+c.URLAccesWeb, id)
}

// ManageHabilitationsURL is the page where the user manages habilitations.
func (c ConfigDTO) ManageHabilitationsURL(current int64) string {
	path := c.URLAccesWebGestionHabilitation
	if path == "" {
		path = defaultManagePath
	}
	return withHabilitation(c.root()+path, current)
}

// OperationURL is the page of the operation numero in the SIAP.
func (c ConfigDTO) OperationURL(numero string, current int64) string {
	path := strings.ReplaceAll(c.URLAccesWebOperation, numeroPlaceholder, url.PathEscape(numero))
	return withHabilitation(c.root()+path, current)
}

func (c ConfigDTO) root() string { return strings.TrimRight(c.RacineURLAccesWeb, "/") }

// MenuLink is an entry of the menu ready to show.
type MenuLink struct {
	Libelle         string
	URL             string // "" when the entry is only a heading or its address may not be followed
	Actif           bool   // false: shown disabled
	Courant         bool
	NouvelleFenetre bool
	Entrees         []MenuLink // one level
}

// Menu turns the entries of the SIAP into links for the current habilitation (05 B.4). Only http and
// https addresses are kept.
func (c ConfigDTO) Menu(items []MenuItemDTO, current int64) []MenuLink {
	return c.menu(items, current, true)
}

func (c ConfigDTO) menu(items []MenuItemDTO, current int64, level bool) []MenuLink {
	links := make([]MenuLink, 0, len(items))
	for _, e := range items {
		l := MenuLink{
			Libelle: e.Libelle, URL: c.resolve(e.URL, current), Actif: e.Active,
			Courant: isCurrent(e.URL), NouvelleFenetre: e.OpenNewWindow,
		}
		if level && len(e.MenuItems) > 0 {
			l.Entrees = c.menu(e.MenuItems, current, false)
		}
		links = append(links, l)
	}
	return links
}

// resolve makes the address of a menu entry absolute; "" when it is empty or not http.
func (c ConfigDTO) resolve(address string, current int64) string {
	address = strings.TrimSpace(address)
	if address == "" {
		return ""
	}
	absolute := address
	if u, err := url.Parse(address); err == nil && u.Scheme == "" && !strings.HasPrefix(address, "//") {
		if !strings.HasPrefix(address, "/") {
			absolute = "/" + address
		}
		absolute = c.root() + absolute
	}
	u, err := url.Parse(absolute)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "") {
		return ""
	}
	return withHabilitation(absolute, current)
}

// isCurrent tells whether an entry is where the user is (05 B.4).
func isCurrent(address string) bool {
	return strings.HasSuffix(address, conventionsSuffix) || address == operationMenu
}

// withHabilitation adds the habilitation as a parameter, before the fragment if there is one.
func withHabilitation(address string, id int64) string {
	if id <= 0 {
		return address
	}
	base, fragment, _ := strings.Cut(address, "#")
	sep := "?"
	if strings.Contains(base, "?") {
		sep = "&"
	}
	base += sep + habilitationParam + "=" + strconv.FormatInt(id, 10)
	if fragment != "" {
		base += "#" + fragment
	}
	return base
}
