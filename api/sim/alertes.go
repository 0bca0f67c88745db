package sim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"apilos/api/date"
	"apilos/api/siap"
)

// Alerte is an alerte received, with who sent it. Deleted ones stay, marked, so that a test sees the
// whole story in order.
type Alerte struct {
	siap.AlerteCreation
	ID             int64      `json:"id"`
	Login          string     `json:"login"`
	HabilitationID int64      `json:"habilitation_id"`
	RecueLe        time.Time  `json:"recue_le"`
	SupprimeeLe    *time.Time `json:"supprimee_le"`

	listed map[string]any // as the SIAP lists it
}

// Supprimee tells whether the alerte was deleted.
func (a Alerte) Supprimee() bool { return a.SupprimeeLe != nil }

// Alertes returns every alerte received, deleted ones included, in the order they came; limited to a
// convention when its uuid is not "".
func (s *Simulator) Alertes(convention string) []Alerte {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Alerte
	for _, a := range s.alertes {
		if convention == "" || a.IDConvention == convention {
			out = append(out, a)
		}
	}
	return out
}

// restoreAlerte adds an alerte of the scenario. The caller holds the lock.
func (s *Simulator) restoreAlerte(raw json.RawMessage) {
	v, err := readDocument(raw)
	listed, ok := v.(map[string]any)
	if err != nil || !ok {
		return
	}
	var dto struct {
		siap.AlerteDTO
		IDConvention string `json:"idConvention"`
	}
	if json.Unmarshal(raw, &dto) != nil {
		return
	}
	if dto.ID == 0 {
		dto.ID = s.lastID + 1
	}
	s.lastID = max(s.lastID, dto.ID)
	delete(listed, "idConvention")
	listed["id"] = dto.ID
	a := Alerte{ID: dto.ID, RecueLe: s.now(), AlerteCreation: siap.AlerteCreation{
		Module: dto.Module, DateCreation: dto.DateCreation, CategorieInformation: dto.Categorie, Etiquette: dto.Etiquette,
		EtiquettePersonnalisee: dto.LibelleAlerte, TypeAlerte: dto.TypeAlerte, URLDirection: dto.URLRedirection, IDConvention: dto.IDConvention,
	}}
	a.listed = completeAlerte(listed)
	s.alertes = append(s.alertes, a)
}

// completeAlerte adds with null the keys of an AlerteDTO that are missing.
func completeAlerte(listed map[string]any) map[string]any {
	for _, k := range []string{"id", "categorie", "etiquette", "module", "dateCreation", "typeAlerte", "libelleAlerte",
		"numOperation", "nomOperation", "adresseOperation", "adresseComplOperation", "communeOperation", "phaseOperation",
		"idOperation", "idDelegataire", "idSf", "idTransfertMo", "loginAssigne", "nomAssigne", "prenomAssigne",
		"raisonSociale", "motifSupression", "urlRedirection"} {
		if _, ok := listed[k]; !ok {
			listed[k] = nil
		}
	}
	if listed["supprimeeForUser"] == nil {
		listed["supprimeeForUser"] = false
	}
	return listed
}

// listAlertes answers the alertes that were not deleted, of one convention or of all.
func (s *Simulator) listAlertes(c siapCall) reply {
	list := []any{}
	for _, a := range s.Alertes(c.params["uuid"]) {
		if !a.Supprimee() {
			list = append(list, a.listed)
		}
	}
	return jsonReply(http.StatusOK, list)
}

func (s *Simulator) createAlerte(c siapCall) reply {
	var a siap.AlerteCreation
	if err := json.Unmarshal(c.body, &a); err != nil {
		return problem(http.StatusBadRequest, "Corps JSON illisible.")
	}
	if faults := alerteFaults(a); len(faults) > 0 {
		return jsonReply(http.StatusBadRequest, map[string]any{"detail": "Alerte refusée.", "erreurs": faults})
	}
	listed := map[string]any{
		"categorie": a.CategorieInformation, "etiquette": a.Etiquette, "module": a.Module,
		"dateCreation": a.DateCreation, "typeAlerte": a.TypeAlerte, "libelleAlerte": a.EtiquettePersonnalisee,
		"numOperation": a.NumOperation, "nomOperation": a.NomOperation, "urlRedirection": a.URLDirection,
	}
	s.describe(a.NumOperation, listed)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastID++
	listed["id"] = s.lastID
	s.alertes = append(s.alertes, Alerte{
		AlerteCreation: a, ID: s.lastID, Login: c.check.login, HabilitationID: c.check.habilitation,
		RecueLe: s.now(), listed: completeAlerte(listed),
	})
	return jsonReply(http.StatusCreated, listed)
}

// describe adds what the SIAP knows of the operation.
func (s *Simulator) describe(numero *string, listed map[string]any) {
	if numero == nil {
		return
	}
	o, err := s.Scenario().OperationDTO(*numero)
	if err != nil {
		return
	}
	if l := o.DonneesLocalisation; l != nil {
		listed["adresseOperation"] = l.Adresse
		if l.Commune != nil {
			listed["communeOperation"] = l.Commune.Libelle
		}
	}
	if mo := o.MaitreOuvrage(); mo != nil {
		listed["raisonSociale"] = mo.Nom
	}
}

func (s *Simulator) deleteAlerte(c siapCall) reply {
	id, err := strconv.ParseInt(c.params["id"], 10, 64)
	if err != nil {
		return problem(http.StatusBadRequest, "Identifiant d'alerte illisible.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.alertes {
		if a := &s.alertes[i]; a.ID == id && !a.Supprimee() {
			now := s.now()
			a.SupprimeeLe = &now
			return jsonReply(http.StatusOK, id)
		}
	}
	return problem(http.StatusNotFound, "Alerte inconnue.")
}

// alerteFaults lists why the SIAP refuses an alerte (05 B.8).
func alerteFaults(a siap.AlerteCreation) []string {
	var f []string
	for _, k := range a.Missing() {
		switch k {
		case "etiquettePersonnalisee":
			if utf8.RuneCountInString(a.EtiquettePersonnalisee) > siap.AlerteEtiquetteMax {
				f = append(f, "etiquettePersonnalisee : moins de 50 caractères")
				continue
			}
		case "nomOperation":
			f = append(f, "nomOperation : 100 caractères au plus")
			continue
		}
		f = append(f, k+" : obligatoire")
	}
	for _, e := range []struct {
		key, value string
		allowed    []string
	}{
		{"module", a.Module, []string{"APILOS", "ADMINISTRATION", "DOSSIER_ETAT", "DOSSIER_LOCAL"}},
		{"categorieInformation", a.CategorieInformation, []string{siap.AlerteInformation, siap.AlerteAction, siap.AlerteModification}},
		{"etiquette", a.Etiquette, []string{siap.AlerteEtiquette}},
		{"typeAlerte", a.TypeAlerte, []string{siap.AlerteChangementStatut, siap.AlerteDetectionVirus}},
	} {
		if e.value != "" && !slices.Contains(e.allowed, e.value) {
			f = append(f, e.key+" : valeur inconnue")
		}
	}
	for _, d := range a.Destinataires {
		if !slices.Contains([]string{"INSTRUCTEUR", "VALIDEUR", "ADMINISTRATEUR"}, d.Role) || !slices.Contains([]string{"MO", "SG"}, d.Service) {
			f = append(f, "destinataires : rôle ou service inconnu")
		}
	}
	if _, err := date.Parse(a.DateCreation); a.DateCreation != "" && err != nil {
		f = append(f, "dateCreation : date AAAA-MM-JJ attendue")
	}
	if a.URLDirection != "" && !strings.HasPrefix(a.URLDirection, "/") {
		f = append(f, "urlDirection : chemin relatif attendu")
	}
	if _, err := uuid.Parse(a.IDConvention); a.IDConvention != "" && err != nil {
		f = append(f, "idConvention : uuid attendu")
	}
	return f
}
