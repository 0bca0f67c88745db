package app

import (
	"net/http"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
)

// TestTableauDeBord is P80: the staff sees what waits and what is lost, nobody else does.
func TestTableauDeBord(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	bailleur, staff := p.connecter(t, marie), p.connecter(t, luc)
	require.Equal(t, http.StatusForbidden, bailleur.lire("/admin/tableau-de-bord").Code)
	p.Executer(t, `UPDATE utilisateur SET est_staff = true WHERE cerbere_login = $1`, luc)
	staff.rafraichir(0)
	p.Executer(t, `DELETE FROM message_sortant`)
	p.Executer(t, `INSERT INTO message_sortant (canal, type, cle_unicite, etat, cree_le) VALUES
		('ALERTE_SIAP', 'alerte.creer', 'a', 'ABANDON', '2026-01-02T00:00:00Z'), ('ALERTE_SIAP', 'alerte.creer', 'b', 'ECHEC', '2026-01-01T00:00:00Z'),
		('ALERTE_SIAP', 'alerte.creer', 'c', 'ENVOYE', now()), ('EMAIL', 'EM-01', 'd', 'A_ENVOYER', now())`)
	p.Executer(t, `INSERT INTO siap_anomalie (code, resolue_le) VALUES ('X', NULL), ('Y', now())`)
	p.Executer(t, `INSERT INTO river_job (kind, args, max_attempts, state, finalized_at) VALUES ('x', '{}', 1, 'discarded', now())`)

	r := staff.lire("/admin/tableau-de-bord")
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	v := r.JSON()
	vide := map[string]any{"nombre": 0., "plus_ancienne": nil}
	messages := v["messages"].([]any)
	require.Len(t, messages, 2)
	require.Equal(t, map[string]any{"canal": "ALERTE_SIAP", "en_cours": vide, "perdus": map[string]any{"nombre": 2., "plus_ancienne": "2026-01-01T00:00:00Z"}}, messages[0])
	require.Equal(t, vide, messages[1].(map[string]any)["perdus"])
	require.InDelta(t, 1, messages[1].(map[string]any)["en_cours"].(map[string]any)["nombre"], 0)
	require.InDelta(t, 1, v["anomalies_siap"].(map[string]any)["nombre"], 0)
	require.InDelta(t, 1, v["taches"].(map[string]any)["perdues"].(map[string]any)["nombre"], 0)
	require.Positive(t, v["stockage"].(map[string]any)["fichiers"])
	require.Equal(t, "essai", v["programme"].(map[string]any)["version"])
	require.GreaterOrEqual(t, v["schema"], 60.)
	services := map[string]any{}
	for _, s := range v["services"].([]any) {
		services[s.(map[string]any)["nom"].(string)] = s.(map[string]any)["repond"]
	}
	require.Equal(t, map[string]any{"siap": true, "stockage": true, "antivirus": false, "file_taches": true}, services)
}

// TestMessagesEnRetardDegradent: what is due and does not leave shows on the probe and in the measures (02 AL-26).
func TestMessagesEnRetardDegradent(t *testing.T) {
	p := demarrer(t)
	reg := prometheus.NewPedanticRegistry()
	require.NoError(t, p.mesurerMessages(reg))
	c := nouveauClient(t, p.srv.URL)
	require.Equal(t, "ok", etatDe(t, c, "file_taches"))

	p.Executer(t, `INSERT INTO message_sortant (canal, type, cle_unicite, etat, cree_le, prochain_essai_le) VALUES
		('ALERTE_SIAP', 'alerte.creer', 'a', 'A_ENVOYER', now() - interval '1 hour', now() - interval '1 hour'),
		('ALERTE_SIAP', 'alerte.creer', 'b', 'ABANDON', now() - interval '2 hours', now())`)
	p.messages.mesures.MessageTraite("ALERTE_SIAP", "ABANDON")
	bientot(t, "the probe says it", func() bool { return etatDe(t, c, "file_taches") == "ko" })
	require.Equal(t, "degrade", c.envoyer(http.MethodGet, "/sante/pret", "", nil).JSON()["statut"], "never out of service for that")

	mesures := map[string]float64{}
	familles, err := reg.Gather()
	require.NoError(t, err)
	for _, f := range familles {
		for _, m := range f.GetMetric() {
			nom := f.GetName()
			for _, l := range m.GetLabel() {
				nom += " " + l.GetValue()
			}
			mesures[nom] = m.GetGauge().GetValue() + m.GetCounter().GetValue()
		}
	}
	require.InDelta(t, 1, mesures["apilos_messages ALERTE_SIAP A_ENVOYER"], 0)
	require.InDelta(t, 1, mesures["apilos_messages ALERTE_SIAP ABANDON"], 0)
	require.InDelta(t, time.Hour.Seconds(), mesures["apilos_messages_oldest_seconds ALERTE_SIAP A_ENVOYER"], 60)
	require.InDelta(t, 1, mesures["apilos_messages_processed_total ALERTE_SIAP ABANDON"], 0)
}

func etatDe(t *testing.T, c *client, dependance string) string {
	t.Helper()
	for _, d := range c.envoyer(http.MethodGet, "/sante/pret", "", nil).JSON()["dependances"].([]any) {
		if d.(map[string]any)["nom"] == dependance {
			return d.(map[string]any)["etat"].(string)
		}
	}
	return ""
}
