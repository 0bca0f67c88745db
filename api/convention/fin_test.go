package convention_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/fichier"
	"apilos/api/internal/fixture"
	"apilos/api/store"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// procedure describes one of the two ends of a convention, for tests that hold for both.
type procedure struct {
	typ, date  string
	code       convention.Code
	correction convention.Code
	statut     convention.Statut
	rubrique   string
}

var procedures = []procedure{
	{"denonciation", "date_denonciation", convention.Denoncer, convention.CorrigerDateDenonciation, convention.Denoncee, convention.RubriqueInstructionDenonciation},
	{"resiliation", "date_resiliation", convention.Resilier, convention.CorrigerDateResiliation, convention.Resiliee, convention.RubriqueInstructionResiliation},
}

// procedure adds the avenant of a procedure, complete: day, reason, acte, and a creator of the given side.
func (s *scene) procedure(racine uuid.UUID, p procedure, statut convention.Statut, cote auth.Typologie) uuid.UUID {
	id := s.Monde.Avenant(racine, statut, p.typ)
	auteur := s.EnBailleur()
	if cote == auth.Instructeur {
		auteur = s.EnInstructeur()
		s.Executer(`ALTER TABLE convention_historique DISABLE TRIGGER USER`)
		s.Executer(`UPDATE convention_historique SET role_typologie = 'INSTRUCTEUR' WHERE convention_id = $1`, s.ID(id))
		s.Executer(`ALTER TABLE convention_historique ENABLE TRIGGER USER`)
	}
	s.Executer(`UPDATE convention SET `+p.date+` = '2027-06-30', motif_denonciation = 'Vente', motif_resiliation = 'Démolition', cree_par_id = $2 WHERE uuid = $1`, id, auteur.UtilisateurID)
	s.Document(id, p.rubrique, fichier.Sain)
	s.Rafraichir(id)
	return id
}

func (s *scene) statutEtFin(id uuid.UUID, colonne string) string {
	s.T.Helper()
	var statut, jour string
	require.NoError(s.T, s.Base.Pool.QueryRow(context.Background(), `SELECT statut, coalesce(`+colonne+`::text, '') FROM convention WHERE uuid = $1`, id).Scan(&statut, &jour))
	return strings.TrimSpace(statut + " " + jour)
}

// TestAV30AV40TouteLaFamillePrendFin is the example of AV-30, for both procedures.
func TestAV30AV40TouteLaFamillePrendFin(t *testing.T) {
	for _, p := range procedures {
		for _, de := range []convention.Statut{convention.Signee, convention.PublicationEnCours, convention.Publie} {
			s := nouvelleScene(t)
			a := &annonces{}
			service := convention.NewService(s.Store, s.Sortie, sansDepots{}, nil, func() time.Time { return instant }, convention.AvecAnnonces(a))
			racine := s.Monde.Convention(fixture.Conv{Statut: de})
			un := s.Monde.Avenant(racine, convention.Signee)
			deux := s.Monde.Avenant(racine, convention.Annulee)
			id := s.procedure(racine, p, convention.Instruction, auth.Bailleur)
			res, err := service.Executer(context.Background(), s.EnInstructeur(), id, p.code, convention.Commande{Version: 1, Commentaire: "Accord du préfet"})
			require.NoError(t, err, p.typ)
			require.Equal(t, p.statut, res.Dossier.Convention.Statut)
			for _, ligne := range []uuid.UUID{racine, un, id} {
				require.Equal(t, string(p.statut)+" 2027-06-30", s.statutEtFin(ligne, p.date), p.typ)
				require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention_historique WHERE convention_id = $1 AND transition = $2 AND statut = $3 AND commentaire = 'Accord du préfet'`,
					s.ID(ligne), string(p.code), string(p.statut)), "ST-04")
				require.Equal(t, 1, s.Compter(`SELECT count(*) FROM journal_audit WHERE objet_uuid = $1 AND commande = $2`, ligne, string(p.code)), "CC-31")
			}
			require.Equal(t, "ANNULEE", s.statutEtFin(deux, p.date), "a cancelled avenant stays cancelled")
			require.Equal(t, 3, s.Compter(`SELECT count(*) FROM convention WHERE version = 2`))
			require.NoError(t, s.Store.VerifierJournaux(context.Background()))

			// Each row is announced and loses its action alerts; the avenant alone tells people (AL-T14, EM-14).
			require.Len(t, s.Sortie.recus, 3)
			for _, e := range s.Sortie.recus {
				require.Equal(t, e.ConventionUUID != id, e.Entraine)
				require.Equal(t, string(p.code), e.Transition)
			}
			dernier := s.Sortie.recus[2]
			require.Equal(t, []any{id, racine, p.typ, date.New(2027, 6, 30)}, []any{dernier.ConventionUUID, dernier.RacineUUID, dernier.Genre, *dernier.DateFin})
			require.Equal(t, map[string]string{"denonciation": "Vente", "resiliation": "Démolition"}[p.typ], dernier.Motif)
			var annoncees []uuid.UUID
			for _, x := range a.recues {
				require.Equal(t, convention.AnnonceStatut, x.Type)
				annoncees = append(annoncees, x.ObjetUUID)
			}
			require.ElementsMatch(t, []uuid.UUID{racine, un, id}, annoncees, "00 decision 32")

			// AV-02, T21: nothing starts again on an ended family.
			_, err = s.avenant(t, s.EnInstructeur(), racine)
			require.True(t, fault.HasCode(err, convention.CodeConventionNonActive), err)
			_, err = s.executer(t, s.EnInstructeur(), deux, convention.Reactiver, convention.Commande{})
			require.True(t, fault.HasCode(err, "CONVENTION_TERMINEE"), err)
		}
	}
}

// TestST_T18T19TouteLaTable: every statut of the avenant, of its root, every actor.
func TestST_T18T19TouteLaTable(t *testing.T) {
	s := nouvelleScene(t)
	acteurs := []struct {
		nom, cote string
		p         auth.Principal
	}{
		{"bailleur", "b", s.EnBailleur()}, {"instructeur", "i", s.EnInstructeur()}, {"administrateur", "i", s.EnAdministrateur()},
		{"instructeur en lecture", "", fixture.EnLecture(s.EnInstructeur())}, {"hors périmètre", "hors", s.EtrangerBailleur()},
	}
	for _, p := range procedures {
		cellules := map[convention.Statut]string{convention.Projet: "p", convention.Instruction: "i", convention.Correction: "i"}
		for _, statut := range convention.Statuts() {
			for _, racineEn := range []convention.Statut{convention.Signee, convention.Resiliee} {
				for _, cote := range []auth.Typologie{auth.Bailleur, auth.Instructeur} {
					for _, a := range acteurs {
						nom := fmt.Sprint(p.typ, "/", statut, "/", racineEn, "/", cote, "/", a.nom)
						racine := s.Monde.Convention(fixture.Conv{Statut: racineEn})
						id := s.procedure(racine, p, convention.Annulee, cote)
						s.Executer(`UPDATE convention SET statut = $2, numero = '1', valide_le = '2026-04-01', signe_le = '2026-04-02', date_publication_spf = '2026-04-03', reference_spf = 'R',
							date_denonciation = '2027-06-30', date_resiliation = '2027-06-30' WHERE uuid = $1`, id, string(statut))
						s.Rafraichir(id)
						cellule := byte('.')
						if c := cellules[statut]; c != "" && racineEn.Actif() {
							cellule = c[0]
						}
						_, err := s.Service.Executer(context.Background(), a.p, id, p.code, commandeComplete(1))
						require.Equal(t, attenduPour(a.cote, cellule, 'i', cote == auth.Instructeur), resume(err), "%s: %v", nom, err)
						if err != nil {
							require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention WHERE uuid = $1 AND version = 1 AND statut = $2`, id, string(statut)), nom)
						}
					}
				}
			}
		}
	}
}

// TestAV34NiNumeroNiFinalisation: T08 does not exist for them, the list of actions says T18 or T19 instead (ST-03).
func TestAV34NiNumeroNiFinalisation(t *testing.T) {
	s := nouvelleScene(t)
	for _, p := range procedures {
		racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
		id := s.procedure(racine, p, convention.Instruction, auth.Bailleur)
		_, err := s.executer(t, s.EnInstructeur(), id, convention.Valider, convention.Commande{})
		require.True(t, fault.HasCode(err, "TRANSITION_INTERDITE"), err)
		require.Equal(t, []string{"demander_corrections", string(p.code), "annuler"}, fault.As(err).Extra["transitions_possibles"], "ST-03")
	}
}

func TestAV31UnAutreAvenantEnCours(t *testing.T) {
	s := nouvelleScene(t)
	for _, p := range procedures {
		racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
		s.Monde.Avenant(racine, convention.Correction)
		_, err := s.avenant(t, s.EnBailleur(), racine, p.typ)
		require.True(t, fault.HasCode(err, "AVENANT_EN_COURS"), err)

		racine = s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
		id := s.procedure(racine, p, convention.Instruction, auth.Bailleur)
		s.Executer(`UPDATE convention SET anomalie_import = true WHERE uuid = $1`, id) // only an import can leave two of them
		autre := s.Monde.Avenant(racine, convention.ASigner)
		_, err = s.executer(t, s.EnInstructeur(), id, p.code, convention.Commande{})
		require.True(t, fault.HasCode(err, "AVENANT_EN_COURS"), err)
		require.Equal(t, autre.String(), fault.As(err).Extra["avenant_uuid"])
		require.Equal(t, "SIGNEE", s.statutEtFin(racine, p.date))
	}
}

func TestAV41AV42AV43Acte(t *testing.T) {
	s := nouvelleScene(t)
	resiliation := procedures[1]
	for nom, c := range map[string]struct {
		cote    auth.Typologie
		acte    string // antivirus of the file; "" for none
		oublie  bool   // the creator is not known any more
		attendu []string
	}{
		"AV-41 bailleur without acte":   {auth.Bailleur, "", false, []string{"ACTE_RESILIATION_MANQUANT"}},
		"AV-41 bailleur, infected acte": {auth.Bailleur, fichier.Infecte, false, []string{"ACTE_RESILIATION_MANQUANT"}},
		"AV-41 bailleur with an acte":   {auth.Bailleur, fichier.Sain, false, nil},
		"AV-42 service without acte":    {auth.Instructeur, "", false, nil},
		"AV-43 forgotten creator":       {auth.Instructeur, "", true, []string{"ACTE_RESILIATION_MANQUANT"}},
		"AV-43 forgotten, with an acte": {auth.Instructeur, fichier.Sain, true, nil},
	} {
		racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
		id := s.procedure(racine, resiliation, convention.Instruction, c.cote)
		s.Executer(`DELETE FROM fichier_rattache WHERE convention_id = $1`, s.ID(id))
		if c.acte != "" {
			s.Document(id, resiliation.rubrique, c.acte)
		}
		if c.oublie {
			s.Executer(`UPDATE convention SET cree_par_id = NULL WHERE uuid = $1`, id)
		}
		_, err := s.executer(t, s.EnInstructeur(), id, convention.Resilier, convention.Commande{})
		require.Equal(t, c.attendu, codes(err), nom)
		if c.attendu == nil {
			require.NoError(t, err, nom)
		}
	}
	// Its text does not count as a file, and a dénonciation needs none.
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	id := s.procedure(racine, resiliation, convention.Instruction, auth.Bailleur)
	s.Executer(`DELETE FROM fichier_rattache WHERE convention_id = $1`, s.ID(id))
	s.Executer(`UPDATE convention SET acte_resiliation = 'Arrêté du 3 mars' WHERE uuid = $1`, id)
	_, err := s.executer(t, s.EnInstructeur(), id, convention.Resilier, convention.Commande{})
	require.Equal(t, []string{"ACTE_RESILIATION_MANQUANT"}, codes(err))
	racine = s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	id = s.procedure(racine, procedures[0], convention.Instruction, auth.Bailleur)
	s.Executer(`DELETE FROM fichier_rattache WHERE convention_id = $1`, s.ID(id))
	_, err = s.executer(t, s.EnInstructeur(), id, convention.Denoncer, convention.Commande{})
	require.NoError(t, err)
}

// TestST_T02FinDeConvention: the day, and the reason of a résiliation, are asked for; what the family lacks is not.
func TestST_T02FinDeConvention(t *testing.T) {
	s := nouvelleScene(t)
	for _, p := range procedures {
		racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee, Incomplete: true})
		id := s.procedure(racine, p, convention.Projet, auth.Bailleur)
		s.Executer(`UPDATE convention SET date_denonciation = NULL, date_resiliation = NULL, motif_denonciation = '', motif_resiliation = ' ' WHERE uuid = $1`, id)
		_, err := s.executer(t, s.EnBailleur(), id, convention.Soumettre, convention.Commande{ConfirmerIncomplet: true, Commentaire: "sans date"})
		attendus := map[string][]string{"denonciation": {"DATE_DENONCIATION_REQUISE"}, "resiliation": {"DATE_RESILIATION_REQUISE", "MOTIF_RESILIATION_REQUIS"}}[p.typ]
		require.Equal(t, attendus, codes(err), "a confirmation does not replace them")
		require.Equal(t, "/"+p.typ+"/"+p.date, fault.As(err).Fields[0].Pointer, "the link leads to the field")
		s.Executer(`UPDATE convention SET `+p.date+` = '2027-06-30', motif_resiliation = 'Démolition' WHERE uuid = $1`, id)
		_, err = s.executer(t, s.EnBailleur(), id, convention.Soumettre, convention.Commande{})
		require.NoError(t, err)
		// The correction loop, then the same check when it comes back (T06).
		_, err = s.executer(t, s.EnInstructeur(), id, convention.DemanderCorrections, convention.Commande{})
		require.NoError(t, err)
		s.Executer(`UPDATE convention SET `+p.date+` = NULL WHERE uuid = $1`, id)
		_, err = s.executer(t, s.EnBailleur(), id, convention.RenvoyerInstruction, convention.Commande{})
		require.Equal(t, attendus[:1], codes(err))
	}
}

// TestAV32Preavis: less than 6 months before, or not at the term: both parties are told, nothing is blocked.
func TestAV32Preavis(t *testing.T) {
	s := nouvelleScene(t)
	terme := "2031-06-30"
	for nom, c := range map[string]struct {
		jour     string
		attendus []string
	}{
		"at the term":               {"2031-06-30", nil},
		"at the second renewal":     {"2037-06-30", nil},
		"one year after the term":   {"2032-06-30", []string{convention.AvertissementEcheance}},
		"before the term":           {"2028-06-30", []string{convention.AvertissementEcheance}},
		"in two months":             {"2026-06-15", []string{convention.AvertissementDelai, convention.AvertissementEcheance}},
		"six months to the day":     {"2026-10-15", []string{convention.AvertissementEcheance}},
		"the day before six months": {"2026-10-14", []string{convention.AvertissementDelai, convention.AvertissementEcheance}},
	} {
		racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
		id := s.procedure(racine, procedures[0], convention.Projet, auth.Bailleur)
		s.Executer(`UPDATE convention SET date_denonciation = $2::date, date_fin_conventionnement = $3::date WHERE uuid = $1`, id, c.jour, terme)
		res, err := s.executer(t, s.EnBailleur(), id, convention.Soumettre, convention.Commande{})
		require.NoError(t, err, nom)
		var codes []string
		for _, a := range res.Avertissements {
			codes = append(codes, a.Code)
		}
		require.Equal(t, c.attendus, codes, nom)
		for _, p := range []auth.Principal{s.EnBailleur(), s.EnInstructeur()} {
			d, err := s.Service.Lire(context.Background(), p, id)
			require.NoError(t, err)
			codes = nil
			for _, a := range d.FinDeConvention(date.InParis(instant)).Avertissements {
				codes = append(codes, a.Code)
			}
			require.Equal(t, c.attendus, codes, nom)
		}
	}
	// The notice runs from the first submission, not from today.
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	id := s.procedure(racine, procedures[0], convention.Instruction, auth.Bailleur)
	s.Executer(`UPDATE convention SET date_denonciation = '2026-08-01', date_fin_conventionnement = '2026-08-01', premiere_soumission_le = '2026-01-31T10:00Z' WHERE uuid = $1`, id)
	d, err := s.Service.Lire(context.Background(), s.EnInstructeur(), id)
	require.NoError(t, err)
	require.Empty(t, d.FinDeConvention(date.InParis(instant)).Avertissements)
}

func TestAV33ActeSigneApresDenonciation(t *testing.T) {
	s := nouvelleScene(t)
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	id := s.procedure(racine, procedures[0], convention.Instruction, auth.Bailleur)
	lire := func(uuid uuid.UUID) *convention.Dossier {
		d, err := s.Service.Lire(context.Background(), s.EnBailleur(), uuid)
		require.NoError(t, err)
		return d
	}
	require.True(t, fault.HasCode(lire(id).PeutAttacher(s.EnBailleur(), convention.RubriqueDocumentSigne), "DEPOT_INTERDIT"), "not before T18")
	_, err := s.executer(t, s.EnInstructeur(), id, convention.Denoncer, convention.Commande{})
	require.NoError(t, err)
	for range 2 { // deposited, then replaced
		require.NoError(t, lire(id).PeutAttacher(s.EnBailleur(), convention.RubriqueDocumentSigne))
		s.Executer(`UPDATE fichier_rattache SET remplace_le = now() WHERE convention_id = $1 AND rubrique = 'DOCUMENT_SIGNE'`, s.ID(id))
		s.Document(id, convention.RubriqueDocumentSigne, fichier.Sain)
	}
	require.Equal(t, convention.Denoncee, lire(id).Convention.Statut)
	require.NotNil(t, lire(id).DocumentCourant(convention.RubriqueDocumentSigne))
	require.True(t, fault.HasCode(lire(racine).PeutAttacher(s.EnBailleur(), convention.RubriqueDocumentSigne), "DEPOT_INTERDIT"), "its own acte only")
}

// TestST01EcheancePassee: planned until the day, past after it; the lists filtered on SIGNEE follow.
func TestST01EcheancePassee(t *testing.T) {
	s := nouvelleScene(t)
	for _, p := range procedures {
		racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
		id := s.procedure(racine, p, convention.Instruction, auth.Instructeur)
		s.Executer(`UPDATE convention SET `+p.date+` = '2026-04-16' WHERE uuid = $1`, id)
		_, err := s.executer(t, s.EnInstructeur(), id, p.code, convention.Commande{})
		require.NoError(t, err)
		page, err := s.Service.Lister(context.Background(), s.EnInstructeur(), convention.Filtre{Statuts: []convention.Statut{convention.Signee}, ParPage: 50})
		require.NoError(t, err)
		require.True(t, slices.ContainsFunc(page.Lignes, func(l convention.Ligne) bool { return l.UUID == racine }), p.typ)
		for _, ligne := range []uuid.UUID{racine, id} {
			d, err := s.Service.Lire(context.Background(), s.EnBailleur(), ligne)
			require.NoError(t, err)
			nom := map[string]string{"denonciation": "Dénonciation", "resiliation": "Résiliation"}[p.typ]
			for jour, phrase := range map[date.Date]string{
				date.New(2026, 4, 15): nom + " prévue le 16/04/2026", date.New(2026, 4, 16): nom + " prévue le 16/04/2026", date.New(2026, 4, 17): nom + " depuis le 16/04/2026",
			} {
				require.Equal(t, phrase, d.FinDeConvention(jour).Phrase)
				require.Equal(t, strings.Contains(phrase, "depuis"), d.Drapeaux(jour).EcheancePassee)
			}
		}
	}
}

// TestAV50AnnulationDeLaProcedure: cancelling it leaves the family untouched, and another avenant may start (3.9).
func TestAV50AnnulationDeLaProcedure(t *testing.T) {
	s := nouvelleScene(t)
	for _, p := range procedures {
		racine := s.Monde.Convention(fixture.Conv{Statut: convention.Publie})
		un := s.Monde.Avenant(racine, convention.Signee)
		id := s.procedure(racine, p, convention.Instruction, auth.Bailleur)
		_, err := s.executer(t, s.EnBailleur(), id, convention.Annuler, convention.Commande{Commentaire: "Vente abandonnée"})
		require.NoError(t, err)
		require.Equal(t, 2, s.Compter(`SELECT count(*) FROM convention WHERE uuid = ANY($1) AND version = 1 AND date_denonciation IS NULL AND date_resiliation IS NULL`, []uuid.UUID{racine, un}))
		d, err := s.avenant(t, s.EnBailleur(), racine, "duree")
		require.NoError(t, err)
		require.Equal(t, s.ID(un), *d.Convention.BaseID, "the cancelled one is not the source")
		liste, err := s.Service.Avenants(context.Background(), s.EnBailleur(), racine)
		require.NoError(t, err)
		require.True(t, slices.ContainsFunc(liste, func(a convention.Avenant) bool { return a.UUID == id }), "it stays in the list")
	}
}

// TestST06CorrectionDesDates: the day of the end changes on the whole family, statuts stay, the journal keeps both days.
func TestST06CorrectionDesDates(t *testing.T) {
	s := nouvelleScene(t)
	jour, avantSignature := date.New(2027, 12, 31), date.New(2020, 1, 1)
	for _, p := range procedures {
		racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
		un := s.Monde.Avenant(racine, convention.Signee)
		deux := s.Monde.Avenant(racine, convention.Annulee)
		id := s.procedure(racine, p, convention.Instruction, auth.Instructeur)
		_, err := s.executer(t, s.EnInstructeur(), id, p.code, convention.Commande{})
		require.NoError(t, err)
		s.Sortie.recus = nil
		_, err = s.executer(t, s.EnInstructeur(), racine, p.correction, convention.Commande{})
		require.Equal(t, []string{"DATE_REQUISE"}, codes(err))
		_, err = s.executer(t, s.EnInstructeur(), racine, p.correction, convention.Commande{DateDenonciation: &avantSignature, DateResiliation: &avantSignature})
		require.Equal(t, []string{"DATE_INCOHERENTE"}, codes(err))
		_, err = s.executer(t, s.EnBailleur(), racine, p.correction, convention.Commande{DateDenonciation: &jour, DateResiliation: &jour})
		require.True(t, fault.HasCode(err, "PERMISSION_REFUSEE"), err)
		historique := s.Compter(`SELECT count(*) FROM convention_historique`)
		_, err = s.executer(t, s.EnInstructeur(), racine, p.correction, convention.Commande{DateDenonciation: &jour, DateResiliation: &jour})
		require.NoError(t, err)
		for _, ligne := range []uuid.UUID{racine, un, id} {
			require.Equal(t, string(p.statut)+" 2027-12-31", s.statutEtFin(ligne, p.date))
			require.Equal(t, 1, s.Compter(`SELECT count(*) FROM journal_audit WHERE objet_uuid = $1 AND commande = $2 AND avant ->> $3 = '2027-06-30' AND apres ->> $3 = '2027-12-31'`, ligne, string(p.correction), p.date))
		}
		require.Equal(t, "ANNULEE", s.statutEtFin(deux, p.date))
		require.Equal(t, historique, s.Compter(`SELECT count(*) FROM convention_historique`), "no change of statut")
		require.Empty(t, s.Sortie.recus, "no alert call")
		require.Equal(t, 3, s.Compter(`SELECT count(*) FROM convention_recherche WHERE date_fin_effet = '2027-12-31' AND (uuid = $1 OR parent_id = $2)`, racine, s.ID(racine)))
	}

	id := s.publiable(convention.Signee)
	s.faire(t, id, convention.EnvoyerPublication)
	s.Document(id, convention.RubriqueDocumentPublie, fichier.Sain)
	s.faire(t, id, convention.Publier)
	jour = date.New(2026, 4, 12)
	futur, avantEnvoi := date.New(2026, 4, 16), date.New(2026, 3, 31)
	for attendu, j := range map[string]*date.Date{"DATE_REQUISE": nil, "DATE_FUTURE": &futur, "DATE_INCOHERENTE": &avantEnvoi} {
		_, err := s.executer(t, s.EnInstructeur(), id, convention.CorrigerDatePublication, convention.Commande{DatePublication: j})
		require.Equal(t, []string{attendu}, codes(err))
	}
	res, err := s.executer(t, s.EnInstructeur(), id, convention.CorrigerDatePublication, convention.Commande{DatePublication: &jour})
	require.NoError(t, err)
	require.Equal(t, []any{jour, convention.Publie, "2026P456"}, []any{*res.Dossier.Convention.DatePublicationSPF, res.Dossier.Convention.Statut, res.Dossier.Convention.ReferenceSPF})
	require.Equal(t, jour, *res.Dossier.Publication().Courante.DatePublication)
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM journal_audit WHERE objet_uuid = $1 AND commande = 'corriger_date_publication' AND avant ->> 'date_publication_spf' = '2026-04-10'`, id))
}

// TestCC20T18ToutOuRien: a failure in the middle of the family leaves everything as it was.
func TestCC20T18ToutOuRien(t *testing.T) {
	s := nouvelleScene(t)
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	un := s.Monde.Avenant(racine, convention.Signee)
	id := s.procedure(racine, procedures[0], convention.Instruction, auth.Bailleur)
	historique := s.Compter(`SELECT count(*) FROM convention_historique`)
	s.Sortie.erreur = fmt.Errorf("panne")
	_, err := s.executer(t, s.EnInstructeur(), id, convention.Denoncer, convention.Commande{})
	require.Error(t, err)
	require.Equal(t, []string{"SIGNEE", "SIGNEE"}, []string{s.statutEtFin(racine, "date_denonciation"), s.statutEtFin(un, "date_denonciation")})
	require.Equal(t, historique, s.Compter(`SELECT count(*) FROM convention_historique`))
}

// TestCC04DeuxProcessus: T18 against the start of an avenant, and against T14, from two stores: one wins, the other is
// told why, and nobody waits for ever.
func TestCC04DeuxProcessus(t *testing.T) {
	s := nouvelleScene(t)
	autre, err := store.Open(context.Background(), s.Base.URL, store.Options{})
	require.NoError(t, err)
	t.Cleanup(autre.Close)
	second := convention.NewService(autre, s.Sortie, sansDepots{}, nil, func() time.Time { return instant })
	ensemble := func(un, deux func() error) (error, error) {
		var e1, e2 error
		depart := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() { <-depart; e1 = un() })
		wg.Go(func() { <-depart; e2 = deux() })
		close(depart)
		wg.Wait()
		return e1, e2
	}
	for i := range 8 {
		p := procedures[i%2]
		// Against the start of an avenant: refused either way, by the procedure in progress or by the end of the family.
		racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
		id := s.procedure(racine, p, convention.Instruction, auth.Instructeur)
		fin, creation := ensemble(func() error {
			_, err := s.Service.Executer(context.Background(), s.EnInstructeur(), id, p.code, convention.Commande{Version: 1})
			return err
		}, func() error {
			_, err := second.CreerAvenant(context.Background(), s.EnBailleur(), racine, nil)
			return err
		})
		require.NoError(t, fin)
		require.True(t, fault.HasCode(creation, "AVENANT_EN_COURS") || fault.HasCode(creation, convention.CodeConventionNonActive), "%v", creation)
		require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention WHERE parent_id = $1`, s.ID(racine)))

		// Two people at once, from the two processes.
		racine = s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
		id = s.procedure(racine, p, convention.Instruction, auth.Instructeur)
		un, deux := ensemble(func() error {
			_, err := s.Service.Executer(context.Background(), s.EnInstructeur(), id, p.code, convention.Commande{Version: 1})
			return err
		}, func() error {
			_, err := second.Executer(context.Background(), s.EnAdministrateur(), id, p.code, convention.Commande{Version: 1})
			return err
		})
		require.NotEqual(t, un == nil, deux == nil, "one wins")
		perdu := un
		if un == nil {
			perdu = deux
		}
		require.True(t, fault.HasCode(perdu, "VERSION_PERIMEE"), "%v", perdu)

		// Against T14 on the root: both orders are right, the loser is told, and the family ends whole.
		racine = s.publiable(convention.PublicationEnCours)
		id = s.procedure(racine, p, convention.Instruction, auth.Instructeur)
		fin, publication := ensemble(func() error {
			_, err := s.Service.Executer(context.Background(), s.EnInstructeur(), id, p.code, convention.Commande{Version: 1})
			return err
		}, func() error {
			_, err := second.Executer(context.Background(), s.EnAdministrateur(), racine, convention.Publier, commandeComplete(1))
			return err
		})
		require.NoError(t, fin)
		require.True(t, publication == nil || fault.HasCode(publication, "VERSION_PERIMEE"), "%v", publication)
		require.Equal(t, string(p.statut)+" 2027-06-30", s.statutEtFin(racine, p.date))
	}
	require.NoError(t, s.Store.VerifierJournaux(context.Background()))
}
