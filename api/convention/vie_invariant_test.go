package convention_test

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// invariants are statements that return the rows that break a rule: none, at any time.
var invariants = []struct{ regle, sql string }{
	{"I1 AV-02 one avenant in progress per family", `SELECT parent_id FROM convention
		WHERE parent_id IS NOT NULL AND supprime_le IS NULL AND statut IN ('PROJET','INSTRUCTION','CORRECTION','A_SIGNER') GROUP BY 1 HAVING count(*) > 1`},
	{"I2 the parent of an avenant is a root", `SELECT a.id FROM convention a JOIN convention r ON r.id = a.parent_id WHERE r.parent_id IS NOT NULL`},
	{"01 §9.3 the operation of an avenant is a version of its root's", `SELECT a.id FROM convention a JOIN operation o ON o.id = a.operation_id
		JOIN convention r ON r.id = a.parent_id WHERE o.id <> r.operation_id AND o.origine_id IS DISTINCT FROM r.operation_id`},
	{"I4 one lot per financement", `SELECT convention_id FROM lot GROUP BY convention_id, financement HAVING count(*) > 1`},
	{"01 §9.3 at least one lot, one type of habitat", `SELECT c.id FROM convention c LEFT JOIN lot l ON l.convention_id = c.id
		WHERE c.fusionnee_dans_id IS NULL GROUP BY c.id HAVING count(DISTINCT l.type_habitat) <> 1`},
	{"I5 FI-03 number of a root is unique", `SELECT upper(trim(numero)) FROM convention
		WHERE parent_id IS NULL AND supprime_le IS NULL AND statut <> 'ANNULEE' AND numero IS NOT NULL GROUP BY 1 HAVING count(*) > 1`},
	{"I6 AV-12 number of an avenant is unique in its family", `SELECT parent_id FROM convention
		WHERE parent_id IS NOT NULL AND supprime_le IS NULL AND statut <> 'ANNULEE' AND numero IS NOT NULL
		GROUP BY parent_id, upper(replace(numero, ' ', '')) HAVING count(*) > 1`},
	{"I6 AV-10 ranks are unique and follow signatures", `SELECT a.id FROM convention a JOIN convention b ON b.parent_id = a.parent_id AND b.id <> a.id
		WHERE a.supprime_le IS NULL AND b.supprime_le IS NULL AND a.statut <> 'ANNULEE' AND b.statut <> 'ANNULEE'
		AND (a.rang_avenant = b.rang_avenant OR (a.rang_avenant < b.rang_avenant AND a.signe_le > b.signe_le))`},
	{"I9 what each statut needs", `SELECT id FROM convention WHERE
		(statut IN ('SIGNEE','PUBLICATION_EN_COURS','PUBLIE') AND (signe_le IS NULL OR numero IS NULL))
		OR (statut = 'A_SIGNER' AND (numero IS NULL OR valide_le IS NULL))
		OR (statut = 'PUBLIE' AND (date_publication_spf IS NULL OR reference_spf = ''))
		OR (statut = 'RESILIEE' AND date_resiliation IS NULL) OR (statut = 'DENONCEE' AND date_denonciation IS NULL)`},
	{"I22 CR-12 one active root per operation and financement", `SELECT c.operation_id FROM convention c JOIN lot l ON l.convention_id = c.id
		WHERE c.parent_id IS NULL AND c.supprime_le IS NULL AND c.statut <> 'ANNULEE' GROUP BY c.operation_id, l.financement HAVING count(*) > 1`},
	{"ST-04 the history explains the statut", `SELECT c.id FROM convention c
		JOIN LATERAL (SELECT statut FROM convention_historique h WHERE h.convention_id = c.id ORDER BY id DESC LIMIT 1) h ON true WHERE h.statut <> c.statut`},
	{"ST-04 the history is a chain that starts at creation", `SELECT id FROM (
		SELECT id, transition, statut_precedent, lag(statut) OVER (PARTITION BY convention_id ORDER BY id) AS avant FROM convention_historique) h
		WHERE statut_precedent IS DISTINCT FROM avant`},
	{"every row has a history", `SELECT id FROM convention c WHERE NOT EXISTS (SELECT FROM convention_historique h WHERE h.convention_id = c.id)`},
	{"PE-21 the effective bailleur is that of the last signed avenant", `SELECT r.id FROM convention r JOIN operation o ON o.id = r.operation_id
		LEFT JOIN LATERAL (SELECT oa.bailleur_id FROM convention a JOIN operation oa ON oa.id = a.operation_id
			WHERE a.parent_id = r.id AND a.signe_le IS NOT NULL AND a.statut <> 'ANNULEE' AND a.supprime_le IS NULL
			ORDER BY a.rang_avenant DESC NULLS LAST, a.cree_le DESC, a.id DESC LIMIT 1) a ON true
		WHERE r.parent_id IS NULL AND r.bailleur_effectif_id IS DISTINCT FROM coalesce(a.bailleur_id, o.bailleur_id)`},
	{"AV-30 AV-40 a family ends whole", `SELECT a.id FROM convention a JOIN convention r ON r.id = a.parent_id
		WHERE r.statut IN ('RESILIEE','DENONCEE') AND a.supprime_le IS NULL AND a.statut NOT IN ('ANNULEE', r.statut)`},
	{"AV-30 AV-40 an avenant does not end alone", `SELECT a.id FROM convention a JOIN convention r ON r.id = a.parent_id
		WHERE a.statut IN ('RESILIEE','DENONCEE') AND (r.statut <> a.statut
		OR r.date_resiliation IS DISTINCT FROM a.date_resiliation OR r.date_denonciation IS DISTINCT FROM a.date_denonciation)`},
	{"CO-06 dates of comments", `SELECT id FROM commentaire WHERE (statut = 'OUVERT' AND (resolu_le IS NOT NULL OR clos_le IS NOT NULL))
		OR (statut = 'RESOLU' AND (resolu_le IS NULL OR clos_le IS NOT NULL)) OR (statut = 'CLOS' AND clos_le IS NULL)`},
	{"CO-12 nothing is left open at validation", `SELECT k.id FROM commentaire k JOIN convention c ON c.id = k.convention_id
		WHERE c.statut = 'A_SIGNER' AND k.statut <> 'CLOS'`},
	{"T13-T17 one sending at a time, open while it lasts", `SELECT c.id FROM convention c
		LEFT JOIN publication_spf p ON p.convention_id = c.id AND p.date_publication IS NULL AND p.date_refus IS NULL AND p.annule_le IS NULL
		WHERE c.supprime_le IS NULL GROUP BY c.id HAVING count(p.id) > 1 OR (count(p.id) = 1) <> (c.statut = 'PUBLICATION_EN_COURS')`},
	{"PU-06 dates of the last sending in order", `SELECT c.id FROM convention c
		JOIN publication_spf p ON p.id = (SELECT max(id) FROM publication_spf WHERE convention_id = c.id)
		WHERE c.statut IN ('PUBLICATION_EN_COURS','PUBLIE') AND (p.date_publication < p.date_envoi OR p.date_refus < p.date_envoi OR p.date_envoi < c.signe_le)`},
	{"T22 only what is cancelled disappears, never with something that depends on it", `SELECT c.id FROM convention c
		WHERE c.supprime_le IS NOT NULL AND c.fusionnee_dans_id IS NULL AND (c.statut <> 'ANNULEE'
		OR EXISTS (SELECT FROM convention a WHERE a.parent_id = c.id AND a.supprime_le IS NULL))`},
	{"T20 a cancelled root has no living avenant", `SELECT a.id FROM convention a JOIN convention r ON r.id = a.parent_id
		WHERE r.statut = 'ANNULEE' AND a.statut <> 'ANNULEE' AND a.supprime_le IS NULL`},
	{"the read model is in step", `SELECT c.id FROM convention c LEFT JOIN convention_recherche r ON r.convention_id = c.id
		WHERE c.supprime_le IS NULL AND r.statut IS DISTINCT FROM c.statut`},
	{"soumis_le follows the first submission", `SELECT id FROM convention WHERE (soumis_le IS NULL) <> (premiere_soumission_le IS NULL) OR soumis_le < premiere_soumission_le`},
}

func (v *vie) verifier() {
	v.t.Helper()
	for _, i := range invariants {
		lignes, err := v.Base.Pool.Query(context.Background(), i.sql)
		require.NoError(v.t, err, i.regle)
		cles, err := pgx.CollectRows(lignes, func(r pgx.CollectableRow) (any, error) {
			x, err := r.Values()
			if err != nil {
				return nil, err
			}
			return x[0], nil
		})
		require.NoError(v.t, err, i.regle)
		require.Empty(v.t, cles, "%s\nfaits %v", i.regle, v.faits)
	}
}

func (v *vie) verifierJournaux() {
	require.NoError(v.t, v.Store.VerifierJournaux(context.Background()), "CC-32")
}
