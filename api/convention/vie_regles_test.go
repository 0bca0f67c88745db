package convention_test

import (
	"context"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/internal/fixture"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// lignes counts the rows of history from one statut to the same or another one.
func (s *scene) lignes(id uuid.UUID, de, vers convention.Statut) int {
	return s.Compter(`SELECT count(*) FROM convention_historique h JOIN convention c ON c.id = h.convention_id
		WHERE c.uuid = $1 AND h.statut_precedent = $2 AND h.statut = $3`, id, string(de), string(vers))
}

func (s *scene) statut(id uuid.UUID) convention.Statut {
	var x string
	require.NoError(s.T, s.Base.Pool.QueryRow(context.Background(), `SELECT statut FROM convention WHERE uuid = $1`, id).Scan(&x))
	return convention.Statut(x)
}

func TestST_T03RelectureDuDossierDuService(t *testing.T) {
	s := nouvelleScene(t)
	sienne := s.Monde.Convention(fixture.Conv{CreePar: auth.Instructeur})
	_, err := s.executer(t, s.EnInstructeur(), sienne, convention.DemanderRelecture, convention.Commande{})
	require.NoError(t, err)
	require.Equal(t, convention.Correction, s.statut(sienne))
	_, err = s.executer(t, s.EnInstructeur(), s.Monde.Convention(fixture.Conv{}), convention.DemanderRelecture, convention.Commande{})
	require.True(t, fault.HasCode(err, "TRANSITION_INTERDITE"), "the bailleur created it: %v", err)
}

func TestST_T05_ST_T07LesRappelsGardentLeStatut(t *testing.T) {
	s := nouvelleScene(t)
	correction, instruction := s.Monde.Convention(fixture.Conv{Statut: convention.Correction}), s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})
	_, err := s.executer(t, s.EnInstructeur(), correction, convention.RelancerBailleur, convention.Commande{})
	require.NoError(t, err)
	require.Equal(t, 1, s.lignes(correction, convention.Correction, convention.Correction))

	_, err = s.executer(t, s.EnBailleur(), instruction, convention.NotifierInstructeur, convention.Commande{})
	require.Equal(t, []string{"COMMENTAIRE_REQUIS"}, codes(err), "a notice without words is pointless")
	_, err = s.executer(t, s.EnBailleur(), instruction, convention.NotifierInstructeur, convention.Commande{Commentaire: "avez-vous pu lire ?"})
	require.NoError(t, err)
	require.Equal(t, 1, s.lignes(instruction, convention.Instruction, convention.Instruction))
	require.Zero(t, s.Compter(`SELECT count(*) FROM convention WHERE uuid = $1 AND soumis_le > '2026-04-01'`, instruction), "soumis_le is unchanged")
	require.Len(t, s.Sortie.recus, 2)
}

// ST-T06, and the first submission of a dossier that the service started (T03).
func TestST_T06RenvoiDesCorrections(t *testing.T) {
	s := nouvelleScene(t)
	id := s.Monde.Convention(fixture.Conv{CreePar: auth.Instructeur})
	for _, e := range []struct {
		p    auth.Principal
		code convention.Code
	}{{s.EnInstructeur(), convention.DemanderRelecture}, {s.EnBailleur(), convention.RenvoyerInstruction}} {
		_, err := s.executer(t, e.p, id, e.code, convention.Commande{})
		require.NoError(t, err, e.code)
	}
	require.Equal(t, convention.Instruction, s.statut(id))
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention WHERE uuid = $1 AND soumis_le = $2 AND premiere_soumission_le = $2`, id, instant))
}

func TestST_T08bDeuxiemeValidation(t *testing.T) {
	s := nouvelleScene(t)
	service := s.EnInstructeur()
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})
	for _, code := range []convention.Code{convention.Valider, convention.RevenirInstruction} {
		_, err := s.executer(t, service, id, code, convention.Commande{})
		require.NoError(t, err)
	}
	plusTard := convention.NewService(s.Store, s.Sortie, sansDepots{}, nil, func() time.Time { return instant.AddDate(0, 0, 9) })
	version := s.Compter(`SELECT version FROM convention WHERE uuid = $1`, id)
	_, err := plusTard.Executer(context.Background(), service, id, convention.Valider, convention.Commande{Version: version})
	require.NoError(t, err)
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention WHERE uuid = $1 AND valide_le = '2026-04-15'`, id), "the first date stays")
}

// AV-10: a date of signature that is corrected, or a second signature, moves the avenant among the others.
func TestST_T12_AV10LaDateCorrigeeReclasse(t *testing.T) {
	s := nouvelleScene(t)
	service := s.EnInstructeur()
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	var avenants []uuid.UUID
	for _, jour := range []date.Date{date.New(2026, 4, 2), date.New(2026, 4, 10)} {
		id := s.Avenant(racine, convention.ASigner, "programme")
		s.Executer(`UPDATE convention SET numero = $2 WHERE uuid = $1`, id, jour.String())
		s.DocumentSigne(id, "SAIN")
		_, err := s.executer(t, service, id, convention.Signer, convention.Commande{DateSignature: &jour})
		require.NoError(t, err)
		avenants = append(avenants, id)
	}
	rang := func(id uuid.UUID) int {
		return s.Compter(`SELECT coalesce(rang_avenant, 0) FROM convention WHERE uuid = $1`, id)
	}
	require.Equal(t, []int{1, 2}, []int{rang(avenants[0]), rang(avenants[1])})
	avril11 := date.New(2026, 4, 11)
	_, err := s.executer(t, service, avenants[0], convention.CorrigerSignature, convention.Commande{DateSignature: &avril11})
	require.NoError(t, err)
	require.Equal(t, []int{2, 1}, []int{rang(avenants[0]), rang(avenants[1])})
	_, err = s.executer(t, service, avenants[0], convention.Rouvrir, convention.Commande{Commentaire: "erreur"})
	require.NoError(t, err)
	require.Zero(t, rang(avenants[0]), "no rank without signature")

	publiee := s.Monde.Convention(fixture.Conv{Statut: convention.Publie})
	_, err = s.executer(t, service, publiee, convention.CorrigerSignature, convention.Commande{DateSignature: &avril11})
	require.True(t, fault.HasCode(err, "TRANSITION_INTERDITE"), "ST-T12: never silently back to SIGNEE")
}

func TestST_T20LeBailleurNAnnulePasCeQuiEstValide(t *testing.T) {
	s := nouvelleScene(t)
	id := s.Monde.Convention(fixture.Conv{Statut: convention.ASigner})
	_, err := s.executer(t, s.EnBailleur(), id, convention.Annuler, convention.Commande{})
	require.True(t, fault.Is(err, fault.Forbidden), "%v", err)
	_, err = s.executer(t, s.EnInstructeur(), id, convention.Annuler, convention.Commande{})
	require.NoError(t, err)
	require.Equal(t, convention.Annulee, s.statut(id))
}

// PE-22: while an avenant that changes the bailleur is in progress, the next one reads it alone.
func TestPE22LeFuturBailleurLitSonAvenant(t *testing.T) {
	s := nouvelleScene(t)
	ctx := context.Background()
	ancien, futur := s.EnBailleur(), s.EtrangerBailleur()
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	autre := s.Avenant(racine, convention.Signee, "programme")
	avenant := s.Avenant(racine, convention.Correction, "bailleur")
	s.Executer(`UPDATE operation SET bailleur_id = $2 WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, avenant, futur.BailleurIDs[0])
	s.Rafraichir(racine, avenant)

	_, err := s.Service.Lire(ctx, futur, avenant)
	require.NoError(t, err)
	_, err = s.executer(t, futur, avenant, convention.RenvoyerInstruction, convention.Commande{})
	require.True(t, fault.Is(err, fault.Forbidden), "he reads only: %v", err)
	for _, id := range []uuid.UUID{racine, autre} {
		_, err := s.Service.Lire(ctx, futur, id)
		require.True(t, fault.Is(err, fault.NotFound), "not the root nor the other avenants")
	}
	_, err = s.executer(t, ancien, avenant, convention.RenvoyerInstruction, convention.Commande{ConfirmerIncomplet: true, Commentaire: "complet"})
	require.NoError(t, err, "the former one keeps his rights until the signature")
}

func TestPE24_PE25VisibiliteDuService(t *testing.T) {
	s := nouvelleScene(t)
	ctx := context.Background()
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})
	voit := func(p auth.Principal) bool {
		_, err := s.Service.Lire(ctx, p, id)
		if err != nil {
			require.True(t, fault.Is(err, fault.NotFound), "%v", err)
		}
		return err == nil
	}
	service, region, bailleur := s.EnInstructeur(), s.EnAdministrateur(), s.EnBailleur()
	require.Equal(t, []bool{true, true, true}, []bool{voit(service), voit(region), voit(bailleur)})
	autre := s.Administration("DDT23", "DDT de la Creuse")
	for _, c := range []struct {
		administration *int64
		veut           []bool
		regle          string
	}{{&autre, []bool{false, true, true}, "PE-25: at once"}, {nil, []bool{false, true, true}, "PE-24: no service"}} {
		s.Executer(`UPDATE operation SET administration_id = $2 WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, id, c.administration)
		s.Rafraichir(id)
		require.Equal(t, c.veut, []bool{voit(service), voit(region), voit(bailleur)}, c.regle)
	}
}

func TestFI05_FI06NumeroDUnAvenantEtRecherche(t *testing.T) {
	s := nouvelleScene(t)
	service := s.EnInstructeur()
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	id := s.Avenant(racine, convention.Instruction, "programme")
	d, err := s.Service.Lire(context.Background(), service, id)
	require.NoError(t, err)
	possibles, err := s.Service.Possibles(context.Background(), service, d)
	require.NoError(t, err)
	for _, p := range possibles {
		if p.Code == convention.Valider {
			require.Equal(t, "1", *p.NumeroPropose, "FI-05: first avenant")
		}
	}
	s.Executer(`UPDATE convention SET numero = '75.D/12 3' WHERE uuid = $1`, racine)
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention WHERE uuid = $1 AND numero_pour_recherche = '75D123'`, racine), "FI-06")
}

// CC-02: what the operation holds counts in the version of the convention.
func TestCC02LaVersionCouvreLesEtapes(t *testing.T) {
	s := nouvelleScene(t)
	id := s.Monde.Convention(fixture.Conv{})
	v, err := s.enregistrer(t, s.EnBailleur(), id, `{"ville":"Panazol"}`)
	require.NoError(t, err)
	require.Equal(t, 2, v.Dossier.Convention.Version)
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM operation WHERE ville = 'Panazol' AND version = 2`))
}

// CC-31: who, under which habilitation, in place of whom, from where, what before and after.
func TestCC31LigneDeJournal(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	staff := s.Utilisateur("Aide", "APiLos")
	p.DetourneParID, p.Mode, p.RequeteID, p.IP = staff.UtilisateurID, auth.DetournementComplet, "0198c0de-0000-7000-8000-000000000001", "192.0.2.0"
	id := s.Monde.Convention(fixture.Conv{})
	_, err := s.enregistrer(t, p, id, `{"ville":"Panazol"}`)
	require.NoError(t, err)
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM journal_audit WHERE objet_uuid = $1 AND commande = 'etape.operation' AND utilisateur_id = $2
		AND detourne_par_id = $3 AND habilitation_id = $4 AND requete_id = $5::uuid AND avant->>'ville' = 'Limoges' AND apres->>'ville' = 'Panazol' AND ip = '192.0.2.0'`,
		id, p.UtilisateurID, staff.UtilisateurID, int(p.HabilitationID), p.RequeteID))
}
