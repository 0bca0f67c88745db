package alert_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/internal/fixture"
	"apilos/api/sim"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// arrives tells, for each message received, who got it and what it is about: "sujet → adresse".
func (b *banc) arrives() map[string][]string {
	b.t.Helper()
	out := map[string][]string{}
	for _, e := range b.relais.tous() {
		require.Len(b.t, e.mail.To, 1, "EM-25: one message per recipient")
		out[e.mail.Subject] = append(out[e.mail.Subject], e.mail.To[0])
	}
	for _, l := range out {
		slices.Sort(l)
	}
	return out
}

// recus lists who received a message whose subject begins so.
func (b *banc) recus(debut string) []string {
	b.t.Helper()
	var out []string
	for sujet, l := range b.arrives() {
		if strings.HasPrefix(sujet, debut) {
			out = append(out, l...)
		}
	}
	slices.Sort(out)
	return out
}

func adresses(l ...auth.Principal) []string {
	var out []string
	for _, p := range l {
		out = append(out, p.Email)
	}
	slices.Sort(out)
	return out
}

// gestionnaireSIAP makes the operation of a convention known to SIAP, with users of its gestionnaires.
func (b *banc) gestionnaireSIAP(id uuid.UUID, bloc string, utilisateurs ...string) {
	b.t.Helper()
	numero := b.ligne(`SELECT o.numero_operation AS n FROM convention c JOIN operation o ON o.id = c.operation_id WHERE c.uuid = $1`, id)["n"].(string)
	sc := *b.sim.Scenario()
	var op map[string]any
	require.NoError(b.t, json.Unmarshal(sc.Operations["20240100777"], &op))
	liste := []any{}
	for _, u := range utilisateurs {
		email, profil, _ := strings.Cut(u, " ")
		liste = append(liste, map[string]any{"login": email, "email": email, "groupes": []any{map[string]any{"id": 1, "profil": map[string]any{"code": profil, "libelle": profil}}}})
	}
	op[bloc] = map[string]any{"id": 31, "code": "DDT87", "libelle": "DDT", "utilisateurs": liste}
	raw, err := json.Marshal(op)
	require.NoError(b.t, err)
	sc.Operations = maps.Clone(sc.Operations)
	sc.Operations[numero] = raw
	b.sim.SetScenario(&sc)
}

// EM-01 and EM-02: the bailleur who wants everything and the one who acted get the confirmation, the
// instructeurs who want mail get the request, with the words of an avenant for an avenant.
func TestEM01_EM02_submission(t *testing.T) {
	for _, genre := range []string{"convention", "avenant"} {
		t.Run(genre, func(t *testing.T) {
			b := nouveauBanc(t)
			tous, acteur, muet := b.preference(b.EnBailleur(), "TOUS"), b.EnBailleur(), b.EnBailleur()
			un, deux, aucun := b.EnInstructeur(), b.EnInstructeur(), b.preference(b.EnInstructeur(), "AUCUN")
			id := b.Convention(fixture.Conv{})
			if genre == "avenant" {
				id = b.Avenant(b.Convention(fixture.Conv{Statut: convention.Signee}), convention.Projet, "bailleur")
			}
			b.faire(acteur, id, convention.Soumettre, convention.Commande{})
			b.livrerTout()
			require.Len(t, b.arrives(), 2, "%v", b.arrives())
			for sujet, qui := range b.arrives() {
				require.Contains(t, strings.ToLower(sujet), genre)
				if slices.Contains(qui, tous.Email) {
					require.Equal(t, adresses(tous, acteur), qui, "EM-01; %s has never acted", muet.Email)
				} else {
					require.Equal(t, adresses(un, deux), qui, "EM-02; %s wants nothing", aucun.Email)
				}
			}
			m := b.relais.tous()[0].mail
			require.Contains(t, m.Text, base+"/conventions/"+id.String()+"/recapitulatif")
			require.Contains(t, m.Text, "Limousin Habitat")
			require.Contains(t, m.Text, "Les Tilleuls")
			require.Contains(t, m.Text, base+"/parametres#courriels")
			require.Equal(t, 4, b.Compter(`SELECT count(*) FROM message_sortant WHERE canal = 'EMAIL' AND etat = 'ENVOYE' AND destinataire <> ''`))
			require.Zero(t, b.Compter(`SELECT count(*) FROM message_sortant WHERE erreur <> ''`), "an operation that SIAP does not know is no failure")
		})
	}
}

func TestEM02_gestionnairesOfSiapAreAddedWithoutThoseWhoRefuse(t *testing.T) {
	b := nouveauBanc(t)
	ins, refus := b.EnInstructeur(), b.preference(b.EnInstructeur(), "AUCUN")
	b.Executer(`UPDATE utilisateur SET email_secondaire = 'Secondaire@Siap.example' WHERE id = $1`, refus.UtilisateurID)
	id := b.Convention(fixture.Conv{})
	b.gestionnaireSIAP(id, "gestionnaireSecondaire", "nouveau@siap.example SER_GEST", "NOUVEAU@siap.example SER_GEST", ins.Email+" SER_GEST",
		"secondaire@siap.example SER_GEST", refus.Email+" SER_GEST", "autre@siap.example MO_PERS_MORALE")
	b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
	b.livrerTout()
	instructeurs := b.ligne(`SELECT array_agg(destinataire ORDER BY destinataire) AS l FROM message_sortant WHERE type = 'EM-02'`)["l"]
	require.ElementsMatch(t, []any{ins.Email, "nouveau@siap.example"}, instructeurs)

	autre := b.Convention(fixture.Conv{})
	b.gestionnaireSIAP(autre, "gestionnaire", "premier@siap.example SER_GEST")
	b.faire(b.EnBailleur(), autre, convention.Soumettre, convention.Commande{})
	b.livrerTout()
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM message_sortant WHERE type = 'EM-02' AND destinataire = 'premier@siap.example' AND convention_id = $1`, b.ID(autre)), "without a second gestionnaire, the first")
}

// Call 11 of 05 B.3 completes 05 B.7: nobody is named in the operation, the users of the service are asked for.
func TestEM02_usersOfTheServiceWhenTheOperationNamesNobody(t *testing.T) {
	b := nouveauBanc(t)
	envoyes := func(id uuid.UUID) any {
		b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
		b.livrerTout()
		return b.ligne(`SELECT array_agg(destinataire ORDER BY destinataire) AS l FROM message_sortant WHERE type = 'EM-02' AND convention_id = $1`, b.ID(id))["l"]
	}
	id := b.Convention(fixture.Conv{})
	b.gestionnaireSIAP(id, "gestionnaireSecondaire", "autre@siap.example MO_PERS_MORALE")
	require.NoError(t, b.sim.AddFaults(sim.Fault{Match: sim.Match{Route: "users_administration"}, Times: sim.Times(1), Body: json.RawMessage(
		`[{"login":"a","email":"Service@siap.example","groupes":[{"profil":{"code":"SER_GEST"}}]},{"login":"b","email":"dep@siap.example","groupes":[{"profil":{"code":"SER_DEP"}}]}]`)}))
	require.Equal(t, []any{"service@siap.example"}, envoyes(id))
	require.Equal(t, 1, len(b.sim.Requests("users_administration")))

	absente := b.Convention(fixture.Conv{})
	b.gestionnaireSIAP(absente, "gestionnaire")
	require.NoError(t, b.sim.AddFaults(sim.Fault{Match: sim.Match{Route: "users_administration"}, Times: sim.Times(-1), Status: 404}))
	require.Nil(t, envoyes(absente), "a SIAP without this call leaves the local users")
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM message_sortant WHERE type = 'preparer.EM-02' AND etat = 'SANS_DESTINATAIRE' AND convention_id = $1`, b.ID(absente)))
}

func TestEM03_correctionsWithCopyToTheActor(t *testing.T) {
	b := nouveauBanc(t)
	bai, ins := b.EnBailleur(), b.preference(b.EnInstructeur(), "AUCUN")
	autre := b.preference(b.EnBailleur(), "TOUS")
	id := b.Convention(fixture.Conv{})
	b.faire(bai, id, convention.Soumettre, convention.Commande{})
	b.livrerTout()
	b.relais.vider()
	b.faire(ins, id, convention.DemanderCorrections, convention.Commande{Commentaire: "revoir le lot 2\nmerci <b>", Copie: true})
	b.livrerTout()
	var copies int
	for _, e := range b.relais.tous() {
		require.Contains(t, e.mail.Text, "revoir le lot 2")
		require.Contains(t, e.mail.HTML, "merci &lt;b&gt;")
		if len(e.mail.Cc) > 0 {
			copies++
			require.Equal(t, []string{ins.Email}, e.mail.Cc, "EM-21: a copy asked for ignores preferences")
			require.ElementsMatch(t, []string{e.mail.To[0], ins.Email}, e.a)
		}
	}
	require.Equal(t, 1, copies, "one copy, not one per recipient")
	require.Equal(t, adresses(bai, autre), b.recus(""), "EM-03")

	b.relais.vider()
	b.faire(ins, id, convention.RelancerBailleur, convention.Commande{})
	b.livrerTout()
	require.Equal(t, adresses(bai, autre), b.recus(""))
	require.Empty(t, b.relais.tous()[0].mail.Cc, "no copy unless asked for")
}

func TestEM04_correctionsDone(t *testing.T) {
	b := nouveauBanc(t)
	bai, tous, jamais := b.EnBailleur(), b.preference(b.EnInstructeur(), "TOUS"), b.EnInstructeur()
	id := b.Convention(fixture.Conv{Statut: convention.Correction})
	b.faire(bai, id, convention.RenvoyerInstruction, convention.Commande{Commentaire: "corrigé"})
	b.livrerTout()
	require.Equal(t, adresses(tous), b.recus(""), "not %s, who never acted", jamais.Email)
	require.Contains(t, b.relais.tous()[0].mail.Text, "corrigé")

	b.relais.vider()
	b.faire(bai, id, convention.NotifierInstructeur, convention.Commande{Commentaire: "avez-vous vu ?", Copie: true})
	b.livrerTout()
	require.Equal(t, adresses(tous), b.recus(""))
	require.Equal(t, []string{bai.Email}, b.relais.tous()[0].mail.Cc)
}

func TestEM05_documentToSignWithCopyToTheValidator(t *testing.T) {
	b := nouveauBanc(t)
	b.Executer(`UPDATE administration SET adresse = '12 rue de l''Église', code_postal = '87000', ville = 'Limoges', nb_convention_exemplaires = 4 WHERE id = $1`, b.AdministrationID)
	bai, ins := b.preference(b.EnBailleur(), "TOUS"), b.EnInstructeur()
	id := b.Convention(fixture.Conv{Statut: convention.Instruction})
	b.faire(ins, id, convention.Valider, convention.Commande{})
	b.livrerTout()
	require.Equal(t, adresses(bai), b.recus(""))
	m := b.relais.tous()[0].mail
	require.Equal(t, []string{ins.Email}, m.Cc)
	require.Empty(t, m.Attachments)
	for _, mot := range []string{"4 exemplaires", "12 rue de l'Église", "87000 Limoges", base + "/conventions/" + id.String() + "/signature", "87."} {
		require.Contains(t, m.Text, mot)
	}
	require.NotContains(t, m.Text, "joint à ce courriel (")

	autre := b.Convention(fixture.Conv{Statut: convention.Instruction})
	b.relais.vider()
	b.faire(b.preference(ins, "AUCUN"), autre, convention.Valider, convention.Commande{})
	b.livrerTout()
	require.Empty(t, b.relais.tous()[0].mail.Cc, "EM-21: a copy by rule follows preferences")
}

func TestEM06_infectedFileTellsTheDepositorWhateverTheyPrefer(t *testing.T) {
	b := nouveauBanc(t)
	bai := b.preference(b.EnBailleur(), "AUCUN")
	id := b.Convention(fixture.Conv{Statut: convention.ASigner})
	f := b.DocumentSigne(id, "EN_ATTENTE")
	b.Executer(`UPDATE fichier SET depose_par_id = $2, nom_reel = 'signé été.pdf' WHERE id = $1`, f, bai.UtilisateurID)
	require.NoError(t, b.Store.InTx(context.Background(), func(ctx context.Context) error {
		e := evenement("virus", "convention")
		e.ConventionID, e.RacineID, e.ConventionUUID, e.Le = b.ID(id), b.ID(id), id, b.h.Now()
		e.HistoriqueID, e.FichierID, e.FichierNom, e.DeposeParID, e.Acteur = 0, f, "signé été.pdf", bai.UtilisateurID, auth.Principal{Login: "antivirus"}
		return b.alertes.Emettre(ctx, e)
	}))
	b.livrerTout()
	require.Equal(t, adresses(bai), b.recus(""))
	m := b.relais.tous()[0].mail
	require.Contains(t, m.Text, "signé été.pdf")
	require.Contains(t, m.Text, "Bonjour Sophie Martin,")
	require.NotContains(t, m.Text, "/parametres")
}

func questionnaires(c *alert.Config) {
	c.QuestionnaireBailleur, c.QuestionnaireInstructeur = "https://enquete.example/bailleur", "https://enquete.example/instructeur"
}

func TestEM11_EM12_EM28_questionnaireOncePerPersonForEver(t *testing.T) {
	b := nouveauBanc(t, questionnaires)
	bai, ins, muet := b.EnBailleur(), b.EnInstructeur(), b.preference(b.EnBailleur(), "AUCUN")
	compter := func(lien string) (n int) {
		for _, e := range b.relais.tous() {
			if strings.Contains(e.mail.Text, lien) {
				n++
				require.Empty(t, e.mail.Cc)
			}
		}
		return n
	}
	for range 2 {
		b.faire(bai, b.Convention(fixture.Conv{}), convention.Soumettre, convention.Commande{})
		b.faire(ins, b.Convention(fixture.Conv{Statut: convention.Instruction}), convention.Valider, convention.Commande{})
		b.faire(muet, b.Convention(fixture.Conv{}), convention.Soumettre, convention.Commande{})
		b.livrerTout()
	}
	require.Equal(t, 1, compter("https://enquete.example/bailleur"))
	require.Equal(t, 1, compter("https://enquete.example/instructeur"))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM message_sortant WHERE type = 'EM-11'`))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM message_sortant WHERE type = 'preparer.EM-11' AND etat = 'IGNOREE'`))
	require.Equal(t, 2, b.Compter(`SELECT count(*) FROM message_sortant WHERE type = 'preparer.EM-11' AND etat = 'SANS_DESTINATAIRE'`), "who wants no mail gets none")
	require.Equal(t, 2, b.Compter(`SELECT count(*) FROM utilisateur WHERE questionnaire_bailleur_le IS NOT NULL OR questionnaire_instructeur_le IS NOT NULL`))
}

func TestEM11_noQuestionnaireWithoutAddress(t *testing.T) {
	b := nouveauBanc(t)
	b.faire(b.EnBailleur(), b.Convention(fixture.Conv{}), convention.Soumettre, convention.Commande{})
	require.Zero(t, b.Compter(`SELECT count(*) FROM message_sortant WHERE type LIKE '%EM-11'`))
}

func TestEM13_signatureTellsBothSidesButTheActor(t *testing.T) {
	b := nouveauBanc(t)
	acteur, bai, ins := b.preference(b.EnBailleur(), "TOUS"), b.preference(b.EnBailleur(), "TOUS"), b.preference(b.EnInstructeur(), "TOUS")
	id := b.Convention(fixture.Conv{Statut: convention.ASigner})
	b.DocumentSigne(id, "SAIN")
	jour := date.New(2026, time.April, 10)
	b.faire(acteur, id, convention.Signer, convention.Commande{DateSignature: &jour})
	b.livrerTout()
	require.Equal(t, adresses(bai, ins), b.recus(""))
	m := b.relais.tous()[0].mail
	require.Contains(t, m.Text, "10/04/2026")
	require.Contains(t, m.Text, base+"/conventions/"+id.String()+"/signature")
}

func TestEM14_cancellationTellsTheOtherSide(t *testing.T) {
	b := nouveauBanc(t)
	bai, ins := b.preference(b.EnBailleur(), "TOUS"), b.preference(b.EnInstructeur(), "TOUS")
	par := func(p auth.Principal) {
		b.relais.vider()
		b.faire(p, b.Convention(fixture.Conv{Statut: convention.Instruction}), convention.Annuler, convention.Commande{Commentaire: "opération abandonnée"})
		b.livrerTout()
		require.Contains(t, b.relais.tous()[0].mail.Text, "opération abandonnée")
		require.Contains(t, b.relais.tous()[0].mail.Text, "15/04/2026")
	}
	par(ins)
	require.Equal(t, adresses(bai), b.recus(""))
	par(bai)
	require.Equal(t, adresses(ins), b.recus(""))
}

func TestEM20_SW01_mailSwitch(t *testing.T) {
	t.Run("on at the change", func(t *testing.T) {
		b := nouveauBanc(t)
		b.EnInstructeur()
		b.Executer(`UPDATE interrupteur SET actif = true WHERE nom = 'transactional_emails_off'`)
		id := b.Convention(fixture.Conv{})
		b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
		b.livrerTout()
		require.Empty(t, b.relais.tous())
		require.Equal(t, 2, b.Compter(`SELECT count(*) FROM message_sortant WHERE canal = 'EMAIL' AND etat = 'IGNOREE'`))
		require.Len(t, b.vues(id), 2, "alerts have their own switch")
	})
	t.Run("turned on between commit and sending", func(t *testing.T) {
		b := nouveauBanc(t)
		b.EnInstructeur()
		id := b.Convention(fixture.Conv{})
		b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
		for _, typ := range []string{"preparer.EM-01", "preparer.EM-02"} {
			b.livrer(b.messages(id, typ)[0])
		}
		require.Equal(t, 2, b.Compter(`SELECT count(*) FROM message_sortant WHERE canal = 'EMAIL' AND destinataire <> ''`))
		b.Executer(`UPDATE interrupteur SET actif = true WHERE nom = 'transactional_emails_off'`)
		b.livrerTout()
		require.Empty(t, b.relais.tous())
		require.Equal(t, 2, b.Compter(`SELECT count(*) FROM message_sortant WHERE destinataire <> '' AND canal = 'EMAIL' AND etat = 'IGNOREE'`))
	})
}

func TestEM22_partialBailleurIsMailedOnceTheyActed(t *testing.T) {
	b := nouveauBanc(t)
	bai, ins := b.EnBailleur(), b.EnInstructeur()
	id := b.Convention(fixture.Conv{Statut: convention.Instruction})
	b.faire(ins, id, convention.DemanderCorrections, convention.Commande{})
	b.livrerTout()
	require.Empty(t, b.relais.tous())
	require.Equal(t, alert.SansDestinataire, b.etat(b.messages(id, "preparer.EM-03")[0]))

	b.faire(bai, id, convention.RenvoyerInstruction, convention.Commande{})
	b.livrerTout()
	b.relais.vider()
	b.faire(ins, id, convention.DemanderCorrections, convention.Commande{})
	b.livrerTout()
	require.Equal(t, adresses(bai), b.recus(""))
}

func TestEM23_invalidAddressesAreDroppedAndTraced(t *testing.T) {
	b := nouveauBanc(t)
	foo, bon, ins := b.preference(b.EnBailleur(), "TOUS"), b.preference(b.EnBailleur(), "TOUS"), b.EnInstructeur()
	b.Executer(`UPDATE utilisateur SET email = 'foo' WHERE id = $1`, foo.UtilisateurID)
	id := b.Convention(fixture.Conv{Statut: convention.Instruction})
	b.faire(ins, id, convention.DemanderCorrections, convention.Commande{})
	b.livrerTout()
	require.Equal(t, adresses(bon), b.recus(""))
	trace := b.ligne(`SELECT etat, erreur FROM message_sortant WHERE destinataire = 'foo'`)
	require.Equal(t, "ECHEC", trace["etat"])
	require.Equal(t, "adresse invalide", trace["erreur"])

	b.Executer(`UPDATE utilisateur SET email = '' WHERE id = $1`, bon.UtilisateurID)
	b.faire(ins, id, convention.RelancerBailleur, convention.Commande{})
	b.livrerTout()
	require.Equal(t, alert.SansDestinataire, b.etat(b.messages(id, "preparer.EM-03")[1]))
}

func TestEM24_siapUnreachableFallsBackOnLocalUsers(t *testing.T) {
	b := nouveauBanc(t)
	ins := b.EnInstructeur()
	id := b.Convention(fixture.Conv{})
	b.gestionnaireSIAP(id, "gestionnaire", "siap@siap.example SER_GEST")
	b.panne(sim.Fault{Match: sim.Match{}, Times: sim.Times(-1), Status: 503})
	bai := b.EnBailleur()
	b.faire(bai, id, convention.Soumettre, convention.Commande{})
	b.livrerTout()
	require.Equal(t, adresses(bai, ins), b.recus(""))
	require.Contains(t, b.ligne(`SELECT erreur FROM message_sortant WHERE type = 'preparer.EM-02'`)["erreur"], "SIAP non lu")
}

func TestEM25_addressesAreNotDisclosed(t *testing.T) {
	b := nouveauBanc(t)
	trois := []auth.Principal{b.preference(b.EnBailleur(), "TOUS"), b.preference(b.EnBailleur(), "TOUS"), b.preference(b.EnBailleur(), "TOUS")}
	id := b.Convention(fixture.Conv{Statut: convention.Instruction})
	b.faire(b.EnInstructeur(), id, convention.DemanderCorrections, convention.Commande{})
	b.livrerTout()
	require.Len(t, b.relais.tous(), 3)
	for _, e := range b.relais.tous() {
		for _, p := range trois {
			if e.mail.To[0] != p.Email {
				require.NotContains(t, e.mail.Text+e.mail.HTML+strings.Join(e.a, " "), p.Email)
			}
		}
	}
}

func TestEM26_retriesTenTimesWithBackoffThenAbandons(t *testing.T) {
	b := nouveauBanc(t)
	bai, ins := b.preference(b.EnBailleur(), "TOUS"), b.EnInstructeur()
	id := b.Convention(fixture.Conv{Statut: convention.Instruction})
	b.relais.refus(func(string) error { return &smtp.SMTPError{Code: 451, Message: "plus tard"} })
	b.faire(ins, id, convention.DemanderCorrections, convention.Commande{})
	b.livrer(b.messages(id, "preparer.EM-03")[0])
	m := b.messages(id, "EM-03")[0]
	var pauses []time.Duration
	for {
		s := b.livrer(m)
		if s.Perdu != "" {
			require.NotContains(t, s.Perdu, bai.Email, "no address in logs")
			break
		}
		pauses = append(pauses, s.Attendre)
		b.h.Avancer(s.Attendre)
	}
	require.Len(t, pauses, 10)
	require.Equal(t, time.Hour, pauses[9])
	require.Equal(t, alert.Abandon, b.etat(m))
}

func TestEM26_permanentRefusalIsNotTriedAgain(t *testing.T) {
	b := nouveauBanc(t)
	b.preference(b.EnBailleur(), "TOUS")
	id := b.Convention(fixture.Conv{Statut: convention.Instruction})
	b.relais.refus(func(string) error { return &smtp.SMTPError{Code: 550, Message: "inconnu"} })
	b.faire(b.EnInstructeur(), id, convention.DemanderCorrections, convention.Commande{})
	b.livrerTout()
	require.Equal(t, alert.Echec, b.etat(b.messages(id, "EM-03")[0]))
}

// A preparation that is run again, or an e-mail whose worker died, gives no second message with another
// identity.
func TestEM26_redeliveryIsTheSameMessage(t *testing.T) {
	b := nouveauBanc(t)
	b.preference(b.EnBailleur(), "TOUS")
	id := b.Convention(fixture.Conv{Statut: convention.Instruction})
	b.faire(b.EnInstructeur(), id, convention.DemanderCorrections, convention.Commande{})
	prep := b.messages(id, "preparer.EM-03")[0]
	b.livrerTout()
	b.Executer(`UPDATE message_sortant SET etat = 'EN_COURS', traite_le = NULL WHERE id = $1`, prep) // as if killed before its end
	b.h.Avancer(bail)
	b.livrer(prep)
	b.livrerTout()
	require.Len(t, b.messages(id, "EM-03"), 1)
	require.Len(t, b.relais.tous(), 1)

	m := b.messages(id, "EM-03")[0]
	b.Executer(`UPDATE message_sortant SET etat = 'EN_COURS', traite_le = NULL WHERE id = $1`, m)
	b.livrer(m)
	require.Len(t, b.relais.tous(), 2)
	require.Equal(t, b.relais.tous()[0].mail.MessageID, b.relais.tous()[1].mail.MessageID)
}

func TestEM29_validatorIsWarnedWhenNobodyCanBe(t *testing.T) {
	b := nouveauBanc(t)
	ins := b.preference(b.EnInstructeur(), "AUCUN")
	id := b.Convention(fixture.Conv{Statut: convention.Instruction})
	b.faire(ins, id, convention.Valider, convention.Commande{})
	b.livrerTout()
	require.Equal(t, adresses(ins), b.recus("Bailleur non prévenu"))
	require.Len(t, b.relais.tous(), 1)
	require.Contains(t, b.relais.tous()[0].mail.Text, "aucun utilisateur du bailleur")
}

// Those who left, whose territory is elsewhere or whose account is closed read nothing any more.
func TestBailleurSetFollowsRolesAndTerritories(t *testing.T) {
	b := nouveauBanc(t)
	const tous = "TOUS"
	bon, parti, ferme, ailleurs := b.preference(b.EnBailleur(), tous), b.preference(b.EnBailleur(), tous), b.preference(b.EnBailleur(), tous), b.preference(b.EnBailleur(), tous)
	b.Executer(`UPDATE role SET expire_le = '2026-04-14' WHERE utilisateur_id = $1`, parti.UtilisateurID)
	b.Executer(`UPDATE utilisateur SET est_actif = false WHERE id = $1`, ferme.UtilisateurID)
	b.Executer(`UPDATE role SET perimetre_departement = '35' WHERE utilisateur_id = $1`, ailleurs.UtilisateurID)
	mere := b.Bailleur("Maison mère", "HLM")
	b.Executer(`UPDATE bailleur SET parent_id = $2, parent_origine = 'MANUEL' WHERE id = $1`, b.BailleurID, mere)
	groupe := b.preference(b.Utilisateur("Groupe", "Parent"), tous)
	b.Executer(`INSERT INTO role (utilisateur_id, typologie, bailleur_id) VALUES ($1, 'BAILLEUR', $2)`, groupe.UtilisateurID, mere)
	b.preference(b.EtrangerBailleur(), tous)
	id := b.Convention(fixture.Conv{Statut: convention.Instruction})
	b.faire(b.EnInstructeur(), id, convention.DemanderCorrections, convention.Commande{})
	b.livrerTout()
	require.Equal(t, adresses(bon, groupe), b.recus(""))
}

// 05 C.5: an action made in place of somebody says who really acted.
func TestImpersonationIsMentioned(t *testing.T) {
	b := nouveauBanc(t)
	bai, ins, staff := b.preference(b.EnBailleur(), "TOUS"), b.EnInstructeur(), b.Utilisateur("Alice", "Support")
	ins.DetourneParID, ins.Mode = staff.UtilisateurID, auth.DetournementComplet
	id := b.Convention(fixture.Conv{Statut: convention.Instruction})
	b.faire(ins, id, convention.DemanderCorrections, convention.Commande{})
	b.livrerTout()
	require.Equal(t, adresses(bai), b.recus(""))
	require.Contains(t, b.relais.tous()[0].mail.Text, "Paul Durand, par l’intermédiaire de Alice Support (équipe APiLos)")
}
