package depotapi

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// maxExtras is the size of context.extras, in bytes (07 section 4.2).
const maxExtras = 16 << 10

// Contexte is what a client says of its revision; it is public.
type Contexte struct {
	NomComplet   *string         `json:"nomComplet,omitempty" example:"Camille Martin"`
	Organisation *string         `json:"organisation,omitempty" example:"Mairie de Limoges"`
	Extras       json.RawMessage `json:"extras,omitempty" swaggertype:"object"`
} // @name Contexte

// contexte reads the required context: the allow-list of keys, anything else is dropped.
func (b *corps) contexte() json.RawMessage {
	o, ok := b.objet("context", true)
	if !ok {
		return nil
	}
	out := Contexte{NomComplet: o.texte("nomComplet", regleTexte{max: 1000}), Organisation: o.texte("organisation", regleTexte{max: 1000})}
	if extras, ok := o.objet("extras", false); ok {
		brut, err := encoder(extras.champs)
		switch {
		case err != nil:
			o.refuser("extras", "must be an object")
		case len(brut) > maxExtras:
			o.refuser("extras", fmt.Sprintf("must not exceed %d bytes", maxExtras))
		case bytes.Contains(brut, []byte(`\u0000`)):
			o.refuser("extras", "must not contain null characters")
		default:
			out.Extras = brut
		}
	}
	brut, err := encoder(out)
	if err != nil {
		o.refuser("extras", "must be an object")
	}
	return brut
}
