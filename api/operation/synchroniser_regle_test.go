package operation_test

import (
	"encoding/json"
	"testing"
	"time"

	"apilos/api/fault"
	"apilos/api/operation"
	"apilos/api/sim"
	"github.com/stretchr/testify/require"
)

func TestB68NothingIsCreatedWhenTheOperationCannotBeFollowed(t *testing.T) {
	for code, change := range map[string]func(o objet){
		"AUCUN_CONVENTIONNEMENT": avecAides("PSH"),
		"OPERATION_INCOMPLETE":   func(o objet) { donnees(o)["natureLogement"] = nil },
		"BAILLEUR_NON_IDENTIFIE": func(o objet) { mo(o)["siren"] = nil },
	} {
		t.Run(code, func(t *testing.T) {
			b := nouveauBanc(t)
			numero := b.publier(change)
			for _, p := range []func() (operation.Resultat, error){
				func() (operation.Resultat, error) {
					return b.service.Synchroniser(b.ctx, b.bailleur(), operation.Demande{Numero: numero})
				},
				func() (operation.Resultat, error) { return b.service.SynchroniserPourSIAP(b.ctx, b.bailleur(), numero) },
			} {
				res, err := p()
				require.NoError(t, err)
				require.Equal(t, []string{code}, codes(res.Messages))
				require.Equal(t, operation.Erreur, res.Messages[0].Niveau)
				require.Equal(t, fault.Invalid, res.Cause.Kind)
				require.Nil(t, res.OperationUUID)
			}
			require.Equal(t, [5]int{}, b.nombres(numero))
			require.Equal(t, []string{code}, codes(b.consulter(b.bailleur(), numero).Messages))
			signale := b.Compter(`SELECT count(*) FROM siap_anomalie WHERE code = $1 AND numero_operation = $2`, code, numero)
			require.Equal(t, map[bool]int{true: 0, false: 1}[code == "AUCUN_CONVENTIONNEMENT"], signale)
		})
	}
}

// 01 §4.1: a new key must be right; a key that is known already is followed whatever it is.
func TestBailleurKeyMustBeRightToBeCreated(t *testing.T) {
	b := nouveauBanc(t)
	p := b.national()
	numero := b.publier(func(o objet) { mo(o)["siren"] = "900000002" })
	res := b.synchroniser(p, numero)
	require.Equal(t, "BAILLEUR_NON_IDENTIFIE", res.Cause.Code)
	require.Equal(t, 0, b.Compter(`SELECT count(*) FROM operation WHERE numero_operation = $1`, numero))

	b.Executer(`UPDATE bailleur SET identifiant = '900000002', siren = '900000002', siret = '900000002'`)
	require.Len(t, b.synchroniser(p, numero).Creees, 1)
}

func TestPrivateOwnerStored(t *testing.T) {
	b := nouveauBanc(t)
	numero := b.publier(func(o objet) {
		mo(o)["nom"], mo(o)["siren"], mo(o)["email"], mo(o)["codeFamilleMO"] = "Madame Une", nil, "Une@Example.org", "Bailleurs privés"
	})
	require.Len(t, b.synchroniser(b.national(), numero).Creees, 1)
	require.Subset(t, b.ligne(`SELECT b.* FROM bailleur b JOIN operation o ON o.bailleur_id = b.id WHERE o.numero_operation = $1`, numero), objet{
		"nom": "Madame Une", "identifiant": "une@example.org", "type_identifiant": "EMAIL", "siren": nil, "siret": nil, "nature_bailleur": "PRIVES",
	})
	v := b.consulter(b.national(), numero)
	require.Equal(t, "Madame Une", v.Bailleur.Nom)
	require.Empty(t, v.Bailleur.Siren)
}

// 05 B.6.1: an operation updates name and nature only, never with nothing, never against a sous-nature.
func TestB61ExistingBailleur(t *testing.T) {
	b := nouveauBanc(t)
	p := b.bailleur()
	b.Executer(`UPDATE bailleur SET adresse = 'chez nous', version = 4`)
	numero := b.publier()
	lire := func() objet {
		return b.ligne(`SELECT nom, nature_bailleur, adresse, version FROM bailleur WHERE id = $1`, b.BailleurID)
	}

	b.synchroniser(p, numero)
	require.Equal(t, objet{"nom": "OPH Exemple", "nature_bailleur": "HLM", "adresse": "chez nous", "version": 5.0}, lire())
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM siap_anomalie WHERE code = 'BAILLEUR_RENOMME' AND valeur = 'OPH Exemple'`))
	b.synchroniser(p, numero)
	require.Equal(t, 5.0, lire()["version"], "written only when changed")

	b.publier(func(o objet) { mo(o)["nom"], mo(o)["codeFamilleMO"] = nil, nil })
	b.synchroniser(p, numero)
	require.Equal(t, 5.0, lire()["version"], "nothing never replaces something")

	b.publier(func(o objet) { mo(o)["codeFamilleMO"] = "SEM" })
	b.synchroniser(p, numero)
	require.Equal(t, "SEM", lire()["nature_bailleur"])
	b.Executer(`UPDATE bailleur SET sous_nature_bailleur = 'SA_HLM_ESH', nature_bailleur = 'HLM'`)
	b.synchroniser(p, numero)
	require.Equal(t, "HLM", lire()["nature_bailleur"], "NA-04")
}

func TestBailleurWithSiretOfAnother(t *testing.T) {
	b := nouveauBanc(t)
	b.Executer(`UPDATE bailleur SET identifiant = 'HIST', type_identifiant = 'HISTORIQUE', siret = '90000000100017'`)
	numero := b.publier(func(o objet) { mo(o)["siret"] = "90000000100017" })
	require.Len(t, b.synchroniser(b.national(), numero).Creees, 1)
	require.Nil(t, b.ligne(`SELECT siret FROM bailleur WHERE identifiant = '900000001'`)["siret"])
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM siap_anomalie WHERE code = 'SIRET_DEJA_UTILISE'`))
}

// 05 B.6.3, column "on later syncs".
func TestB63Refresh(t *testing.T) {
	b := nouveauBanc(t)
	p := b.national()
	numero := b.publier()
	conv := b.synchroniser(p, numero).Creees[0].UUID
	b.Executer(`UPDATE operation SET zone_123 = NULL, code_insee_departement = NULL, code_insee_region = NULL, code_insee_commune = '',
		zone_abc = 'A', nom = 'Nom changé ici', adresse = 'ici' WHERE numero_operation = $1`, numero)
	b.publier(func(o objet) {
		donnees(o)["nomOperation"], donnees(o)["natureLogement"], donnees(o)["sousNatureOperation"] = "Autre nom", "RES", "AAM"
		donnees(o)["aides"] = []any{objet{"code": "SECD_VIE"}}
		localisation(o)["adresseComplete"].(objet)["adresse"] = "ailleurs"
		o["gestionnaire"].(objet)["code"] = "DD035"
	})
	b.synchroniser(p, numero)
	require.Subset(t, b.ligne(`SELECT o.*, a.code AS admin FROM operation o JOIN administration a ON a.id = o.administration_id WHERE numero_operation = $1`, numero), objet{
		"nom": "Nom changé ici", "adresse": "ici", "zone_abc": "A", "type_operation": "NEUF", // kept
		"zone_123": "2", "code_insee_departement": "35", "code_insee_region": "53", "code_insee_commune": "35238", // filled
		"nature_logement": "RESISDENCESOCIALE", "admin": "DD035", "seconde_vie": true, // forced
		"version": 2.0,
	})
	require.Equal(t, 2.0, b.ligne(`SELECT version FROM convention WHERE uuid = $1`, conv)["version"], "CC-05: the conventions of the operation move too")
	require.Subset(t, b.ligne(`SELECT nature_logement, departement FROM convention_recherche WHERE uuid = $1`, conv),
		objet{"nature_logement": "RESISDENCESOCIALE", "departement": "35"})

	b.publier(func(o objet) { donnees(o)["natureLogement"] = "RES"; o["gestionnaire"].(objet)["code"] = "DD035" })
	b.synchroniser(p, numero)
	require.Subset(t, b.ligne(`SELECT seconde_vie, version FROM operation WHERE numero_operation = $1`, numero),
		objet{"seconde_vie": true, "version": 2.0}) // never back, and nothing to write
}

func TestB63RefreshStopsBeyondProjet(t *testing.T) {
	b := nouveauBanc(t)
	p := b.national()
	numero := b.publier(avecAides("PLUS"))
	conv := b.synchroniser(p, numero).Creees[0].UUID
	b.Executer(`UPDATE convention SET statut = 'INSTRUCTION' WHERE uuid = $1`, conv)
	b.publier(avecAides("PLUS", "PLAI"), func(o objet) { donnees(o)["natureLogement"] = "RES"; o["gestionnaire"].(objet)["code"] = "DD035" })

	res := b.synchroniser(p, numero)
	require.Equal(t, []string{"PLAI"}, aides(res.Creees), "missing conventions are still created")
	require.Equal(t, []string{"OPERATION_NON_ACTUALISEE"}, codes(res.Messages))
	require.ElementsMatch(t, []string{"operation.administration_id", "operation.nature_logement"}, res.Messages[0].Contexte["champs"])
	require.Subset(t, b.ligne(`SELECT o.nature_logement, a.code FROM operation o JOIN administration a ON a.id = o.administration_id WHERE o.numero_operation = $1`, numero),
		objet{"nature_logement": "LOGEMENTSORDINAIRES", "code": "35047"})
	require.Equal(t, 2, b.Compter(`SELECT count(*) FROM siap_anomalie WHERE code = 'ECART_SIAP' AND resolue_le IS NULL`))
	require.Equal(t, 0, b.Compter(`SELECT count(*) FROM administration WHERE code = 'DD035'`), "nothing is created for a difference")

	b.Executer(`UPDATE convention SET statut = 'ANNULEE' WHERE uuid = $1`, conv)
	b.synchroniser(p, numero)
	require.Equal(t, "RESISDENCESOCIALE", b.ligne(`SELECT nature_logement FROM operation WHERE numero_operation = $1`, numero)["nature_logement"])
	require.Equal(t, 0, b.Compter(`SELECT count(*) FROM siap_anomalie WHERE code = 'ECART_SIAP' AND resolue_le IS NULL`), "what is no longer seen is resolved")
}

func TestNA07OverseasIsRefused(t *testing.T) {
	outreMer := func(o objet) {
		loc := localisation(o)
		loc["commune"], loc["departement"], loc["region"] = objet{"codeInsee": "97411"}, objet{"codeInsee": "974"}, objet{"codeInsee": "04"}
		loc["adresseComplete"].(objet)["codePostal"] = "97400"
	}
	b := nouveauBanc(t)
	p := b.national()
	numero := b.publier(outreMer)
	res := b.synchroniser(p, numero)
	require.Equal(t, []string{"OUTRE_MER_NATURE"}, codes(res.Messages))
	require.Equal(t, [5]int{}, b.nombres(numero))
	require.Equal(t, 0, b.Compter(`SELECT count(*) FROM administration WHERE code = '35047'`))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM siap_anomalie WHERE code = 'OUTRE_MER_NATURE' AND numero_operation = $1`, numero))
	require.Equal(t, []string{"OUTRE_MER_NATURE"}, codes(b.consulter(p, numero).Messages))

	b.publier(outreMer, func(o objet) { donnees(o)["natureLogement"] = "RES" })
	require.Len(t, b.synchroniser(p, numero).Creees, 1)

	// Later SIAP says ordinary housing: the stored nature stays right, the difference is noted.
	b.publier(outreMer, avecAides("PLS", "PLUS"))
	res = b.synchroniser(p, numero)
	require.Equal(t, []string{"PLUS"}, aides(res.Creees))
	require.Equal(t, "RESISDENCESOCIALE", b.ligne(`SELECT nature_logement FROM operation WHERE numero_operation = $1`, numero)["nature_logement"])
	require.Equal(t, 2.0, b.ligne(`SELECT occurrences FROM siap_anomalie WHERE code = 'OUTRE_MER_NATURE' AND valeur <> ''`)["occurrences"])

	b.Executer(`UPDATE operation SET nature_logement = 'LOGEMENTSORDINAIRES' WHERE numero_operation = $1`, numero)
	b.publier(outreMer, avecAides("PLS", "PLUS", "PLAI"))
	res = b.synchroniser(p, numero)
	require.Equal(t, "OUTRE_MER_NATURE", res.Cause.Code)
	require.Len(t, res.Existantes, 2, "the conventions that exist remain usable")
}

func TestFoyerBlockIsCreatedWithTheConvention(t *testing.T) {
	b := nouveauBanc(t)
	numero := b.publier(func(o objet) { donnees(o)["natureLogement"] = "ALF" })
	b.synchroniser(b.bailleur(), numero)
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM convention_foyer_residence`))
}

func TestSansTravauxIncoherent(t *testing.T) {
	b := nouveauBanc(t)
	p := b.bailleur()
	sansTravaux := func(o objet) { donnees(o)["sansTravaux"] = true }
	financee := b.publier(avecAides("PLUS"))
	b.synchroniser(p, financee)
	b.publier(sansTravaux)
	res := b.synchroniser(p, financee)
	require.Equal(t, "SANS_TRAVAUX_INCOHERENT", res.Cause.Code)
	require.Equal(t, []string{"SANS_TRAVAUX_INCOHERENT"}, codes(b.consulter(p, financee).Messages))
	require.Equal(t, []string{"PLUS"}, aides(res.Existantes))
	require.Equal(t, "NEUF", b.ligne(`SELECT type_operation FROM operation WHERE numero_operation = $1`, financee)["type_operation"])

	autre := b.publier(sansTravaux, avecNumero("20240100002"))
	b.synchroniser(p, autre)
	b.publier(avecAides("PLUS"), avecNumero("20240100002"))
	require.Equal(t, "SANS_TRAVAUX_INCOHERENT", b.synchroniser(p, autre).Cause.Code)

	b.Executer(`UPDATE convention SET statut = 'ANNULEE' WHERE operation_id = (SELECT id FROM operation WHERE numero_operation = $1)`, financee)
	b.publier(sansTravaux)
	require.Equal(t, []string{"SANS_FINANCEMENT"}, aides(b.synchroniser(p, financee).Creees), "once the other one is cancelled")
	require.Equal(t, "SANSTRAVAUX", b.ligne(`SELECT type_operation FROM operation WHERE numero_operation = $1`, financee)["type_operation"])
}

func TestOperationEnConflit(t *testing.T) {
	b := nouveauBanc(t)
	p := b.national()
	numero := b.publier(avecAides("PLUS"))
	b.synchroniser(p, numero)
	jumelle(b, numero)
	b.publier(avecAides("PLUS", "PLAI"))

	res := b.synchroniser(p, numero)
	require.Equal(t, []string{"OPERATION_EN_CONFLIT"}, codes(res.Messages))
	require.Empty(t, res.Creees)
	diff := res.Cause.Extra["diff"].(map[string]any)
	require.Len(t, diff["bailleur_id"], 2)
	require.Len(t, diff["administration_id"], 2)
	require.NotContains(t, res.Messages[0].Contexte, "diff", "internal numbers are for SIAP only")
	require.Equal(t, []string{"Autre Habitat", "OPH Exemple"}, res.Messages[0].Contexte["bailleurs"])
	require.Equal(t, []string{"OPERATION_EN_CONFLIT"}, codes(b.consulter(p, numero).Messages))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM siap_anomalie WHERE code = 'OPERATION_EN_CONFLIT'`))

	// Only the differing key is told, sorted, null first.
	b.Executer(`UPDATE operation SET bailleur_id = $1, administration_id = NULL WHERE numero_operation = $2 AND anomalie_import`, b.BailleurID, numero)
	res = b.synchroniser(p, numero)
	diff = res.Cause.Extra["diff"].(map[string]any)
	require.NotContains(t, diff, "bailleur_id")
	require.Nil(t, diff["administration_id"].([]any)[0])
}

func TestOperationEnDoublon(t *testing.T) {
	b := nouveauBanc(t)
	p := b.national()
	numero := b.publier(avecAides("PLUS"))
	premiere := b.synchroniser(p, numero)
	jumelleID := jumelle(b, "2024/01-00.777") // same number once normalised
	b.Executer(`UPDATE operation SET bailleur_id = $1, administration_id = (SELECT administration_id FROM operation WHERE numero_operation = $2) WHERE id = $3`,
		b.BailleurID, numero, jumelleID)
	b.publier(avecAides("PLUS", "PLAI"))

	res := b.synchroniser(p, numero)
	require.Equal(t, []string{"OPERATION_EN_DOUBLON"}, codes(res.Messages))
	require.Nil(t, res.Cause)
	require.Equal(t, []string{"PLAI"}, aides(res.Creees), "the work goes on, on the one with the most conventions")
	require.Equal(t, premiere.OperationUUID, res.OperationUUID)

	api, err := b.service.SynchroniserPourSIAP(b.ctx, p, numero)
	require.NoError(t, err)
	require.Equal(t, "OPERATION_EN_DOUBLON", api.Cause.Code, "an error for SIAP")
}

func TestBailleurOfExistingOperationStays(t *testing.T) {
	b := nouveauBanc(t)
	p := b.national()
	numero := b.publier(avecAides("PLUS"))
	b.synchroniser(p, numero)
	b.publier(avecAides("PLUS", "PLAI"), func(o objet) { mo(o)["siren"], mo(o)["nom"] = "732829320", "Autre" })
	require.Equal(t, []string{"PLAI"}, aides(b.synchroniser(p, numero).Creees))
	require.Equal(t, float64(b.BailleurID), b.ligne(`SELECT bailleur_id FROM operation WHERE numero_operation = $1`, numero)["bailleur_id"])
	require.Equal(t, 0, b.Compter(`SELECT count(*) FROM bailleur WHERE identifiant = '732829320'`))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM siap_anomalie WHERE code = 'BAILLEUR_DIFFERENT' AND valeur = '732829320'`))
}

func TestSV01SecondeVie(t *testing.T) {
	b := nouveauBanc(t)
	p := b.bailleur()
	secondeVie := func(o objet) { donnees(o)["aides"] = []any{objet{"code": "SECD_VIE"}} }
	numero := b.publier(secondeVie, avecAides("PLUS", "PLAI"))

	b.Executer(`UPDATE interrupteur SET actif = false WHERE nom = 'seconde_vie_on'`)
	res := b.synchroniser(p, numero)
	require.Equal(t, []string{"SECONDE_VIE_INDISPONIBLE"}, codes(res.Messages))
	require.Empty(t, res.Creees)
	require.Equal(t, true, b.ligne(`SELECT seconde_vie FROM operation WHERE numero_operation = $1`, numero)["seconde_vie"])

	b.Executer(`UPDATE interrupteur SET actif = true WHERE nom = 'seconde_vie_on'`)
	require.Equal(t, []string{"SECONDE_VIE_CHOIX"}, codes(b.synchroniser(p, numero).Messages))
	v := b.consulter(p, numero)
	require.Equal(t, []string{"SECONDE_VIE_CHOIX"}, codes(v.Messages))
	require.Equal(t, []operation.CodeAide{"PLUS", "PLAI"}, v.Manquantes)
	require.Equal(t, [5]int{1, 0, 0, 0, 0}, b.nombres(numero))

	res, err := b.service.Synchroniser(b.ctx, p, operation.Demande{Numero: numero, JamaisConventionnee: true})
	require.NoError(t, err)
	require.Equal(t, []string{"PLAI", "PLUS"}, aides(res.Creees), "SV-01 (b)")
	require.Empty(t, b.consulter(p, numero).Messages, "nothing is missing any more")

	// Origins known: creation goes on.
	b.publier(secondeVie, avecAides("PLUS", "PLAI", "PLS"))
	require.Empty(t, b.synchroniser(p, numero).Creees)
	ancienne := b.Inserer(`INSERT INTO convention (operation_id, bailleur_effectif_id) VALUES ($1, $2) RETURNING id`, b.OperationID, b.BailleurID)
	b.Executer(`INSERT INTO convention_seconde_vie (convention_id, parent_id) VALUES ($1, $2)`, b.ID(res.Creees[0].UUID), ancienne)
	require.Equal(t, []string{"PLS"}, aides(b.synchroniser(p, numero).Creees))

	// SIAP itself does not wait, switch off included.
	b.Executer(`UPDATE interrupteur SET actif = false WHERE nom = 'seconde_vie_on'`)
	autre := b.publier(secondeVie, avecAides("SECD_VIE"), avecNumero("20240100002"))
	api, err := b.service.SynchroniserPourSIAP(b.ctx, p, autre)
	require.NoError(t, err)
	require.Equal(t, []string{"SECD_VIE"}, aides(api.Creees))
}

func TestSnapshotOfSIAPKeepsEachContentOnce(t *testing.T) {
	b := nouveauBanc(t)
	p := b.bailleur()
	numero := b.publier()
	b.synchroniser(p, numero)
	b.horloge = b.horloge.Add(time.Hour)
	b.synchroniser(p, numero)
	require.Contains(t, b.ligne(`SELECT siap_synchronise_le FROM operation WHERE numero_operation = $1`, numero)["siap_synchronise_le"], "T09:00:00")
	b.publier(func(o objet) { o["inconnue"] = objet{"texte": "a\x00b", "nombre": json.Number("1e400")} })
	b.synchroniser(p, numero)
	require.Equal(t, 2, b.Compter(`SELECT count(*) FROM operation_instantane_siap`))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM operation_instantane_siap WHERE charge->'inconnue'->>'texte' = 'ab'`))
	require.Equal(t, "Quai Bleu", b.ligne(`SELECT charge->'donneesOperation'->>'nomOperation' AS nom FROM operation_instantane_siap LIMIT 1`)["nom"])
}

func TestB9AnomaliesAreCountedAndResolved(t *testing.T) {
	b := nouveauBanc(t)
	p := b.bailleur()
	numero := b.publier(func(o objet) { localisation(o)["zonageABC"] = "Z9" })
	b.synchroniser(p, numero)
	b.synchroniser(p, numero)
	lire := func() objet {
		return b.ligne(`SELECT champ, valeur, occurrences, resolue_le FROM siap_anomalie WHERE code = 'VALEUR_INCONNUE'`)
	}
	require.Equal(t, objet{"champ": "donneesLocalisation.zonageABC", "valeur": "Z9", "occurrences": 2.0, "resolue_le": nil}, lire())
	b.Executer(`INSERT INTO siap_anomalie (numero_operation, code) VALUES ($1, 'AUTRE_MODULE')`, numero)
	b.publier()
	b.synchroniser(p, numero)
	require.NotNil(t, lire()["resolue_le"])
	require.Nil(t, b.ligne(`SELECT resolue_le FROM siap_anomalie WHERE code = 'AUTRE_MODULE'`)["resolue_le"], "only what this module notes")
	b.publier(func(o objet) { localisation(o)["zonageABC"] = "Z9" })
	b.synchroniser(p, numero)
	require.Nil(t, lire()["resolue_le"], "seen again")
}

func TestNumberOfTheAnswerMustBeTheOneAsked(t *testing.T) {
	b := nouveauBanc(t)
	b.publier()
	b.scenario(func(sc *sim.Scenario) { sc.Operations["20240100888"] = sc.Operations["20240100777"] })
	res := b.synchroniser(b.bailleur(), "20240100888")
	require.Equal(t, "OPERATION_INCOMPLETE", res.Cause.Code)
	require.Equal(t, "donneesOperation.numeroOperation", res.Cause.Extra["field"])
}

func TestEmptyNumberIsRefused(t *testing.T) {
	b := nouveauBanc(t)
	p := b.bailleur()
	for _, n := range []string{"", " ", "-/.", "\x00", "a\nb", string(make([]byte, 300))} {
		_, err := b.service.Synchroniser(b.ctx, p, operation.Demande{Numero: n})
		require.True(t, fault.Is(err, fault.NotFound), "%q", n)
		_, err = b.service.Consulter(b.ctx, p, n)
		require.True(t, fault.Is(err, fault.NotFound), "%q", n)
	}
}

func TestLocalAccountWithoutHabilitation(t *testing.T) {
	b := nouveauBanc(t)
	numero := b.publier()
	b.synchroniser(b.bailleur(), numero)
	p := b.EnBailleur()
	p.Login, p.HabilitationID = "", 0
	res := b.synchroniser(p, numero)
	require.Equal(t, []string{"SANS_HABILITATION"}, codes(res.Messages))
	require.Equal(t, []string{"PLS"}, aides(res.Existantes))
	require.Equal(t, []string{"SANS_HABILITATION"}, codes(b.consulter(p, numero).Messages))
}
