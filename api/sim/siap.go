package sim

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"apilos/api/auth"
	"apilos/api/siap"
)

// strict is the value of Scenario.Perimetre under which operations are refused to those they do not concern.
const strict = "strict"

func (s *Simulator) config(c siapCall) reply {
	return reply{status: http.StatusOK, contentType: "application/json", body: s.fill(s.Scenario().Config, c.request)}
}

func (s *Simulator) menu(c siapCall) reply {
	menu := s.Scenario().Menu
	if u, ok := s.user(c.check.login); ok && isObject(u.Menu) {
		menu = u.Menu
	}
	if !isObject(menu) {
		menu = json.RawMessage(`{"menuItems":[]}`)
	}
	return reply{status: http.StatusOK, contentType: "application/json", body: s.fill(menu, c.request)}
}

func isObject(raw json.RawMessage) bool { return len(raw) > 0 && raw[0] == '{' }

// listHabilitations answers every habilitation of the login, whatever the one of the token.
func (s *Simulator) listHabilitations(c siapCall) reply {
	list := []any{}
	if u, ok := s.user(c.check.login); ok {
		for _, raw := range u.Habilitations {
			list = append(list, s.completeHabilitation(raw))
		}
	}
	return jsonReply(http.StatusOK, map[string]any{"habilitations": list})
}

// completeHabilitation adds the missing keys with null, as the SIAP sends them; gestionnaire is an
// object of nulls for those who have none.
func (s *Simulator) completeHabilitation(raw json.RawMessage) any {
	v, err := readDocument(raw)
	object, ok := v.(map[string]any)
	if err != nil || !ok {
		return raw
	}
	if object["gestionnaire"] == nil {
		object["gestionnaire"] = map[string]any{}
	}
	s.complete(s.shape.Defs["habilitation"], object)
	return object
}

// complete adds with null the keys of the schema that the objects under v lack.
func (s *Simulator) complete(sch *schema, v any) {
	for sch != nil && sch.Ref != "" {
		sch = s.shape.Defs[sch.Ref[len("#/$defs/"):]]
	}
	object, ok := v.(map[string]any)
	if sch == nil || !ok {
		return
	}
	for k, p := range sch.Properties {
		if x, sent := object[k]; sent {
			s.complete(p, x)
		} else {
			object[k] = nil
		}
	}
}

func (s *Simulator) operation(c siapCall) reply {
	sc := s.Scenario()
	raw, ok := sc.Operations[c.params["numero"]]
	if !ok {
		return problem(http.StatusNotFound, "Opération inconnue.")
	}
	if sc.Perimetre == strict && !s.covers(c.check, c.params["numero"]) {
		return problem(http.StatusForbidden, "Cette habilitation ne couvre pas l'opération.")
	}
	return reply{status: http.StatusOK, contentType: "application/json", body: raw}
}

func (s *Simulator) listOperations(c siapCall) reply {
	sc := s.Scenario()
	list := []any{}
	for _, numero := range slices.Sorted(maps.Keys(sc.Operations)) {
		if !s.covers(c.check, numero) {
			continue
		}
		o, err := sc.OperationDTO(numero)
		if err != nil {
			continue
		}
		aides := []string{}
		for _, a := range o.DonneesOperation.Aides {
			aides = append(aides, a.Code)
		}
		var adresse any
		if o.DonneesLocalisation != nil {
			adresse = o.DonneesLocalisation.Adresse
		}
		list = append(list, map[string]any{
			"numeroOperation": numero, "nomOperation": o.DonneesOperation.NomOperation, "aides": aides, "adresseComplete": adresse,
		})
	}
	return jsonReply(http.StatusOK, list)
}

// covers tells whether the habilitation of the token concerns the operation: its maître d'ouvrage or one
// it absorbed, its service, and its territory.
func (s *Simulator) covers(check tokenCheck, numero string) bool {
	h, ok := siap.Trouver(s.habilitations(check.login), check.habilitation)
	if !ok {
		return false
	}
	d := siap.Evaluer(h, s.now())
	o, err := s.Scenario().OperationDTO(numero)
	if err != nil || !d.Utilisable() || !territory(d, o) {
		return false
	}
	switch d.Typologie {
	case auth.Bailleur:
		return s.owns(d.Entite, o)
	case auth.Instructeur:
		return runs(o.Gestionnaire, d.Entite.Pivot) || runs(o.GestionnaireSecondaire, d.Entite.Pivot)
	}
	return true
}

func territory(d siap.Droits, o siap.OperationDTO) bool {
	var region, departement siap.Code
	if l := o.DonneesLocalisation; l != nil {
		if l.Region != nil {
			region = l.Region.CodeInsee
		}
		if l.Departement != nil {
			departement = l.Departement.CodeInsee
		}
	}
	return (d.Region == "" || d.Region == region.Region()) && (d.Departement == "" || d.Departement == departement.Departement())
}

func (s *Simulator) owns(e siap.EntiteSIAP, o siap.OperationDTO) bool {
	mo := o.MaitreOuvrage()
	if mo == nil {
		return false
	}
	if e.Type == siap.EntiteBailleurPrive {
		return mo.Email == e.Pivot
	}
	if mo.Siren.String() == e.Pivot {
		return true
	}
	return slices.ContainsFunc(s.Scenario().Fusions, func(f siap.FusionDTO) bool {
		return f.SirenAbsorbant.String() == e.Pivot && f.SirenAbsorbe == mo.Siren
	})
}

func runs(g *siap.GestionnaireDTO, code string) bool { return g != nil && g.Code.String() == code }

// fusions answers the mergers that name siren on either side, all of them without siren.
func (s *Simulator) fusions(c siapCall) reply {
	query := c.request.URL.Query()
	siren := siap.Code(query.Get("siren"))
	list := []siap.FusionDTO{}
	for _, f := range s.Scenario().Fusions {
		if !query.Has("siren") || f.SirenAbsorbe == siren || f.SirenAbsorbant == siren {
			list = append(list, f)
		}
	}
	return jsonReply(http.StatusOK, list)
}

func (s *Simulator) usersAdministration(c siapCall) reply {
	return s.usersWith(func(d siap.Droits) bool {
		return d.Entite.Type == siap.EntiteAdministration && d.Entite.Pivot == c.params["code"]
	})
}

func (s *Simulator) usersMO(c siapCall) reply {
	region := siap.Code(c.params["region"]).Region()
	return s.usersWith(func(d siap.Droits) bool {
		return d.Entite.Type == siap.EntiteBailleur && d.Entite.Pivot == c.params["siren"] && (d.Region == "" || d.Region == region)
	})
}

// usersWith lists the people who have a usable habilitation that keep accepts, with their groupes.
func (s *Simulator) usersWith(keep func(siap.Droits) bool) reply {
	list := []any{}
	sc := s.Scenario()
	for _, login := range slices.Sorted(maps.Keys(sc.Users)) {
		var groupes []any
		for i, h := range s.habilitations(login) {
			if d := siap.Evaluer(h, s.now()); !d.Utilisable() || !keep(d) {
				continue
			}
			var raw struct {
				Groupe json.RawMessage `json:"groupe"`
			}
			if json.Unmarshal(sc.Users[login].Habilitations[i], &raw) == nil {
				groupes = append(groupes, raw.Groupe)
			}
		}
		if len(groupes) > 0 {
			list = append(list, map[string]any{"login": login, "email": sc.Users[login].Cerbere.Mel, "groupes": groupes})
		}
	}
	return jsonReply(http.StatusOK, list)
}
