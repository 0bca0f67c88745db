package siap

import (
	"errors"
	"strings"
)

// ConfigDTO says where the pages of the SIAP are (05 B.3, call 1).
type ConfigDTO struct {
	RacineURLAccesWeb              string `json:"racineUrlAccesWeb"`              // root of the SIAP web site, without trailing slash
	URLAccesWeb                    string `json:"urlAccesWeb"`                    // relative path of the home page
	URLAccesWebOperation           string `json:"urlAccesWebOperation"`           // relative path, holds the literal <NUM_OPE_SIAP>
	URLAccesWebGestionHabilitation string `json:"urlAccesWebGestionHabilitation"` // relative path; a default exists (05 B.4)
	Version                        string `json:"version"`                        // vX.Y
}

// check refuses a configuration without its three required keys, and strips the slash that ends the root.
func (c *ConfigDTO) check() error {
	c.RacineURLAccesWeb = strings.TrimRight(c.RacineURLAccesWeb, "/")
	var missing []string
	for _, k := range []struct{ key, value string }{
		{"racineUrlAccesWeb", c.RacineURLAccesWeb},
		{"urlAccesWeb", c.URLAccesWeb},
		{"urlAccesWebOperation", c.URLAccesWebOperation},
	} {
		if k.value == "" {
			missing = append(missing, k.key)
		}
	}
	if len(missing) > 0 {
		return errors.New("configuration du SIAP incomplète, il manque " + strings.Join(missing, ", "))
	}
	return nil
}

// MenuItemDTO is an entry of the common menu (05 B.3, call 3). One level of MenuItems is shown.
type MenuItemDTO struct {
	Libelle       string        `json:"libelle"`
	Active        bool          `json:"active"` // false: shown disabled
	URL           string        `json:"url"`    // relative to the root, or absolute
	MenuItems     []MenuItemDTO `json:"menuItems"`
	OpenNewWindow bool          `json:"openNewWindow"`
}
