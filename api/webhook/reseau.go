package webhook

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"
)

// errPrive means that an address leads inside our own network.
var errPrive = errors.New("adresse du réseau privé")

// longueurURL is that of the column.
const longueurURL = 2000

// interdits are the blocks that net/netip does not name: shared, documentation, tests, reserved, and the ways
// to write an IPv4 address in IPv6.
func interdits() []netip.Prefix {
	var out []netip.Prefix
	for _, s := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
		"240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:db8::/32", "2002::/16", "fec0::/10",
	} {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

// publique tells whether an address belongs to the Internet.
func publique(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || a.Zone() != "" || a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsLinkLocalMulticast() ||
		a.IsInterfaceLocalMulticast() || a.IsMulticast() || a.IsUnspecified() {
		return false
	}
	return !slices.ContainsFunc(interdits(), func(p netip.Prefix) bool { return p.Contains(a) })
}

// verifierURL tells what is wrong with the address of a receiver, in French; "" when it is acceptable. prive
// (development) lets in http and this machine.
func verifierURL(adresse string, prive bool) string {
	u, err := url.Parse(adresse)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || len(adresse) > longueurURL:
		return "Donnez une adresse complète, par exemple https://exemple.fr/reception."
	case u.User != nil:
		return "L’adresse ne doit contenir ni identifiant ni mot de passe."
	case u.Fragment != "":
		return "L’adresse ne doit pas contenir de fragment (#)."
	case u.Scheme != "https" && (!prive || u.Scheme != "http"):
		return "L’adresse doit commencer par https://."
	}
	if prive {
		return ""
	}
	hote := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if ip, err := netip.ParseAddr(hote); err == nil {
		if !publique(ip) {
			return "L’adresse doit être joignable sur Internet."
		}
		return ""
	}
	if !strings.Contains(hote, ".") || strings.HasSuffix(hote, ".localhost") || strings.HasSuffix(hote, ".local") || strings.HasSuffix(hote, ".internal") {
		return "L’adresse doit être joignable sur Internet."
	}
	return ""
}

// ClientHTTP makes the deliveries. It follows no redirection and uses no proxy; unless prive, it refuses to
// connect to an address that is not of the Internet, checked once the name is resolved.
func ClientHTTP(prive bool) *http.Client {
	d := &net.Dialer{Timeout: 5 * time.Second}
	if !prive {
		d.Control = func(_, adresse string, _ syscall.RawConn) error {
			ap, err := netip.ParseAddrPort(adresse)
			if err != nil || !publique(ap.Addr()) {
				return fmt.Errorf("connect: %w", errPrive)
			}
			return nil
		}
	}
	return &http.Client{
		Transport: &http.Transport{
			DialContext: d.DialContext, TLSHandshakeTimeout: 5 * time.Second, MaxIdleConnsPerHost: 2, IdleConnTimeout: 30 * time.Second,
			ForceAttemptHTTP2: true, MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
