package convention_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/fichier"
	"apilos/api/internal/fixture"
	"apilos/api/operation"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func codes(err error) []string {
	var out []string
	if f := fault.As(err); f != nil {
		for _, x := range f.Fields {
			out = append(out, x.Code)
		}
	}
	return out
}

func (s *scene) executer(t *testing.T, p auth.Principal, id uuid.UUID, code convention.Code, cmd convention.Commande) (convention.Resultat, error) {
	t.Helper()
	if cmd.Version == 0 {
		cmd.Version = s.Compter(`SELECT version FROM convention WHERE uuid = $1`, id)
	}
	return s.Service.Executer(context.Background(), p, id, code, cmd)
}

func TestST_T02NumeroOperationEtAdministration(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	id := s.Monde.Convention(fixture.Conv{})
	s.Executer(`UPDATE operation SET numero_operation = '', administration_id = NULL WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, id)
	s.Rafraichir(id)
	_, err := s.executer(t, p, id, convention.Soumettre, convention.Commande{})
	require.True(t, fault.HasCode(err, "PRECONDITIONS_NON_REMPLIES"), err)
	require.Equal(t, []string{"NUMERO_OPERATION_MANQUANT", "ADMINISTRATION_MANQUANTE"}, codes(err), "all failures at once")
	require.Empty(t, s.Sortie.recus)
}

func TestST_T02bDatesDeSoumission(t *testing.T) {
	s := nouvelleScene(t)
	bailleur, service := s.EnBailleur(), s.EnInstructeur()
	id := s.Monde.Convention(fixture.Conv{})
	res, err := s.executer(t, bailleur, id, convention.Soumettre, convention.Commande{})
	require.NoError(t, err)
	require.Equal(t, convention.Instruction, res.Dossier.Convention.Statut)
	premiere := *res.Dossier.Convention.PremiereSoumissionLe
	require.Equal(t, premiere, *res.Dossier.Convention.SoumisLe)
	_, err = s.executer(t, service, id, convention.DemanderCorrections, convention.Commande{Commentaire: "revoir lot 2"})
	require.NoError(t, err)
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention_historique WHERE convention_id = $1 AND commentaire = 'revoir lot 2' AND transition = 'demander_corrections'`, s.ID(id)), "ST-T04")
	instantAvant := instant
	defer func() { instant = instantAvant }()
	instant = instant.AddDate(0, 0, 2)
	res, err = s.executer(t, bailleur, id, convention.RenvoyerInstruction, convention.Commande{})
	require.NoError(t, err)
	require.True(t, premiere.Equal(*res.Dossier.Convention.PremiereSoumissionLe))
	require.True(t, res.Dossier.Convention.SoumisLe.Equal(instant))
	require.Equal(t, 4, s.Compter(`SELECT count(*) FROM convention_historique WHERE convention_id = $1`, s.ID(id)), "ST-04: one row per transition")
}

func TestST_T02cIncomplete(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	id := s.Monde.Convention(fixture.Conv{Incomplete: true})
	_, err := s.executer(t, p, id, convention.Soumettre, convention.Commande{})
	require.Equal(t, []string{"CONVENTION_INCOMPLETE", "CONVENTION_INCOMPLETE", "CONVENTION_INCOMPLETE"}, codes(err), "end date, loan, dwellings")
	_, err = s.executer(t, p, id, convention.Soumettre, convention.Commande{ConfirmerIncomplet: true, Commentaire: "  "})
	require.Equal(t, []string{"COMMENTAIRE_REQUIS"}, codes(err))
	_, err = s.executer(t, p, id, convention.Soumettre, convention.Commande{ConfirmerIncomplet: true, Commentaire: "acte en attente"})
	require.NoError(t, err)
	var elements []map[string]string
	var brut []byte
	require.NoError(t, s.Base.Pool.QueryRow(context.Background(), `SELECT elements_incomplets FROM convention_historique WHERE convention_id = $1 ORDER BY id DESC LIMIT 1`, s.ID(id)).Scan(&brut))
	require.NoError(t, json.Unmarshal(brut, &elements))
	require.Len(t, elements, 3)
	require.Equal(t, "financement", elements[0]["etape"])
}

func TestST_T08Valider(t *testing.T) {
	s := nouvelleScene(t)
	service := s.EnInstructeur()
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})
	s.Commentaire(id, "programme", "nom", "OUVERT")
	s.Commentaire(id, "programme", "ville", "RESOLU")
	_, err := s.executer(t, service, id, convention.Valider, convention.Commande{})
	require.Equal(t, []string{"COMMENTAIRES_OUVERTS"}, codes(err), "CO-14")
	require.Len(t, fault.As(err).Extra["commentaires_ouverts"], 1)
	res, err := s.executer(t, service, id, convention.Valider, convention.Commande{ConfirmerCommentairesOuverts: true})
	require.NoError(t, err)
	require.Equal(t, "87.D.26.0001", *res.Dossier.Convention.Numero, "FI-01")
	require.Equal(t, "2026-04-15", res.Dossier.Convention.ValideLe.String())
	require.Equal(t, 2, s.Compter(`SELECT count(*) FROM commentaire WHERE convention_id = $1 AND statut = 'CLOS' AND clos_par_id = $2`, s.ID(id), service.UtilisateurID), "CO-12")
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention_instantane WHERE convention_id = $1 AND motif = 'VALIDATION'`, s.ID(id)), "DO-02")
	require.Equal(t, "valider", s.Sortie.recus[0].Transition)

	// ST-T08b: T09 keeps the number and the date.
	s.DocumentSigne(id, fichier.Sain)
	_, err = s.executer(t, service, id, convention.RevenirInstruction, convention.Commande{})
	require.NoError(t, err)
	require.Equal(t, 0, s.Compter(`SELECT count(*) FROM fichier_rattache WHERE convention_id = $1 AND remplace_le IS NULL`, s.ID(id)), "ST-T09")
	require.Equal(t, 2, s.Compter(`SELECT count(*) FROM commentaire WHERE convention_id = $1 AND statut = 'CLOS'`, s.ID(id)), "CO-13: comments stay closed")
	avant := instant
	defer func() { instant = avant }()
	instant = instant.AddDate(0, 1, 0)
	res, err = s.executer(t, service, id, convention.Valider, convention.Commande{})
	require.NoError(t, err)
	require.Equal(t, "87.D.26.0001", *res.Dossier.Convention.Numero)
	require.Equal(t, "2026-04-15", res.Dossier.Convention.ValideLe.String())
}

func TestST_T08TypeUnDeuxEtOutreMer(t *testing.T) {
	s := nouvelleScene(t)
	service := s.EnInstructeur()
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})
	s.Executer(`UPDATE bailleur SET nature_bailleur = 'PRIVES' WHERE id = $1`, s.BailleurID)
	_, err := s.executer(t, service, id, convention.Valider, convention.Commande{})
	require.Equal(t, []string{"TYPE_1_2_REQUIS"}, codes(err), "NA-03")
	s.Executer(`UPDATE convention SET type1and2 = 'Type1' WHERE uuid = $1`, id)
	s.Executer(`UPDATE operation SET code_insee_departement = '974' WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, id)
	_, err = s.executer(t, service, id, convention.Valider, convention.Commande{})
	require.Equal(t, []string{"OUTRE_MER_NATURE"}, codes(err), "NA-07")
}

func TestST_T11Signer(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	id := s.Monde.Convention(fixture.Conv{Statut: convention.ASigner})
	demain, jour, avant := date.New(2026, 4, 16), date.New(2026, 4, 15), date.New(2026, 3, 1)
	_, err := s.executer(t, p, id, convention.Signer, convention.Commande{DateSignature: &jour})
	require.Equal(t, []string{"FICHIER_SIGNE_MANQUANT"}, codes(err))
	f := s.DocumentSigne(id, fichier.EnAttente)
	_, err = s.executer(t, p, id, convention.Signer, convention.Commande{})
	require.Equal(t, []string{"FICHIER_NON_VERIFIE", "DATE_SIGNATURE_REQUISE"}, codes(err))
	s.Executer(`UPDATE fichier SET antivirus = 'SAIN' WHERE id = $1`, f)
	_, err = s.executer(t, p, id, convention.Signer, convention.Commande{DateSignature: &demain})
	require.Equal(t, []string{"DATE_FUTURE"}, codes(err))
	res, err := s.executer(t, p, id, convention.Signer, convention.Commande{DateSignature: &avant})
	require.NoError(t, err)
	require.Equal(t, "DATE_ANTERIEURE_VALIDATION", res.Avertissements[0].Code)
	require.Equal(t, convention.Signee, res.Dossier.Convention.Statut)

	// T12: only the date moves, no alert, the old one stays in the journal.
	n := len(s.Sortie.recus)
	res, err = s.executer(t, p, id, convention.CorrigerSignature, convention.Commande{DateSignature: &jour})
	require.NoError(t, err)
	require.Equal(t, convention.Signee, res.Dossier.Convention.Statut)
	require.Equal(t, jour, *res.Dossier.Convention.SigneLe)
	require.Len(t, s.Sortie.recus, n)
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'corriger_signature' AND avant->>'signe_le' = '2026-03-01'`))
}

func TestST_T10_ST_T20_ST_T21_ST_T22(t *testing.T) {
	s := nouvelleScene(t)
	bailleur, service := s.EnBailleur(), s.EnInstructeur()

	signee := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	_, err := s.executer(t, service, signee, convention.Rouvrir, convention.Commande{})
	require.Equal(t, []string{"COMMENTAIRE_REQUIS"}, codes(err))
	s.Avenant(signee, convention.Signee, "duree")
	_, err = s.executer(t, service, signee, convention.Rouvrir, convention.Commande{Commentaire: "erreur"})
	require.Equal(t, []string{"AVENANTS_EXISTANTS"}, codes(err), "ST-T10")

	id := s.Monde.Convention(fixture.Conv{})
	_, err = s.executer(t, bailleur, id, convention.Annuler, convention.Commande{})
	require.NoError(t, err)
	// CR-12: another active convention of the same financement forbids the return.
	op := int64(s.Compter(`SELECT operation_id FROM convention WHERE uuid = $1`, id))
	s.Monde.Convention(fixture.Conv{OperationID: op})
	_, err = s.executer(t, bailleur, id, convention.Reactiver, convention.Commande{})
	require.True(t, fault.HasCode(err, "CONVENTION_EXISTANTE"), err)
	require.True(t, fault.Is(err, fault.Conflict))
	_, err = s.executer(t, bailleur, id, convention.Supprimer, convention.Commande{})
	require.NoError(t, err)
	_, err = s.Service.Lire(context.Background(), bailleur, id)
	require.True(t, fault.Is(err, fault.NotFound), "ST-T22: out of every list")
	require.Positive(t, s.Compter(`SELECT count(*) FROM journal_audit WHERE objet_uuid = $1`, id))

	avenant := s.Avenant(signee, convention.Annulee)
	s.Avenant(signee, convention.Instruction, "duree")
	_, err = s.executer(t, bailleur, avenant, convention.Reactiver, convention.Commande{})
	require.True(t, fault.HasCode(err, "AVENANT_EN_COURS"), "ST-T21: %v", err)
	require.True(t, fault.Is(err, fault.Conflict))
}

func TestCC01VersionPerimee(t *testing.T) {
	s := nouvelleScene(t)
	id := s.Monde.Convention(fixture.Conv{})
	_, err := s.executer(t, s.EnBailleur(), id, convention.Soumettre, convention.Commande{Version: 9})
	require.True(t, fault.Is(err, fault.Stale))
	require.Equal(t, 1, fault.As(err).Extra["version"])
}

func TestCC20RienNeResteQuandUnMessageEchoue(t *testing.T) {
	s := nouvelleScene(t)
	s.Sortie.erreur = errors.New("forced")
	service := s.EnInstructeur()
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})
	journal := s.Compter(`SELECT count(*) FROM journal_audit`)
	_, err := s.executer(t, service, id, convention.Valider, convention.Commande{})
	require.ErrorContains(t, err, "forced")
	verifierIntact(t, s, id, convention.Instruction, "CC-20")
	require.Equal(t, journal, s.Compter(`SELECT count(*) FROM journal_audit`))
	require.Equal(t, 0, s.Compter(`SELECT count(*) FROM compteur_numero_convention`))
	require.Equal(t, 0, s.Compter(`SELECT count(*) FROM convention_instantane`))
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention_recherche WHERE uuid = $1 AND statut = 'INSTRUCTION'`, id))
}

func TestRemplissageDesEtapes(t *testing.T) {
	d := &convention.Dossier{Convention: convention.Convention{Statut: convention.Projet}}
	d.Operation.Nom = "Les Tilleuls"
	points := []convention.Point{
		{Niveau: convention.NiveauBloquant, Etape: convention.EtapeOperation},
		{Niveau: convention.NiveauBloquant, Etape: convention.EtapeLogements},
		{Niveau: convention.NiveauConseil, Etape: convention.EtapeCadastre},
	}
	etats := d.Remplissages(points)
	require.Equal(t, convention.EtapePartielle, etats[convention.EtapeOperation], "something is there, something is missing")
	require.Equal(t, convention.EtapeVide, etats[convention.EtapeLogements])
	require.Equal(t, convention.EtapeVide, etats[convention.EtapeCadastre], "advice on an empty step")
	require.Equal(t, convention.EtapeComplete, etats[convention.EtapeStationnements], "nothing is expected there")
	d.ReferencesCadastrales = append(d.ReferencesCadastrales, operation.ReferenceCadastrale{})
	require.Equal(t, convention.EtapeComplete, d.Remplissages(points)[convention.EtapeCadastre], "advice holds nothing back")
}

// EM-24: who submits while SIAP does not answer is told so; nothing else changes, and nobody else is told.
func TestEM24SIAPIndisponibleALaSoumission(t *testing.T) {
	s := nouvelleScene(t)
	joignable := false
	service := convention.NewService(s.Store, s.Sortie, sansDepots{}, nil, func() time.Time { return instant }, convention.AvecSIAP(func() bool { return joignable }))
	soumettre := func(code convention.Code, p auth.Principal, statut convention.Statut) []convention.Avertissement {
		t.Helper()
		id := s.Monde.Convention(fixture.Conv{Statut: statut})
		res, err := service.Executer(context.Background(), p, id, code, convention.Commande{Version: s.version(id)})
		require.NoError(t, err)
		return res.Avertissements
	}
	avertis := soumettre(convention.Soumettre, s.EnBailleur(), convention.Projet)
	require.Len(t, avertis, 1)
	require.Equal(t, convention.AvertissementSIAP, avertis[0].Code)
	require.Empty(t, soumettre(convention.DemanderCorrections, s.EnInstructeur(), convention.Instruction))
	joignable = true
	require.Empty(t, soumettre(convention.Soumettre, s.EnBailleur(), convention.Projet))
}
