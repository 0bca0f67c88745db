package convention_test

import (
	"context"
	"testing"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func (s *scene) corrigerNumero(t *testing.T, p auth.Principal, id uuid.UUID, numero string) (convention.Resultat, error) {
	t.Helper()
	return s.Service.CorrigerNumero(context.Background(), p, id, s.Compter(`SELECT version FROM convention WHERE uuid = $1`, id), numero)
}

// PE-34 and 02 §2.4: the number is corrected in expert mode only, whoever asks and whatever the statut.
func TestPE34CorrigerLeNumeroParStatutEtRole(t *testing.T) {
	s := nouvelleScene(t)
	service := s.EnInstructeur()
	acteurs := map[string]struct {
		p     auth.Principal
		admis bool // on a convention in force
	}{
		"service en mode expert":  {enExpert(service), true},
		"DREAL en mode expert":    {enExpert(s.EnAdministrateur()), true},
		"service sans le mode":    {service, false},
		"bailleur en mode expert": {enExpert(s.EnBailleur()), false},
		"lecteur en mode expert":  {enExpert(fixture.EnLecture(service)), false},
	}
	for _, statut := range convention.Statuts() {
		for nom, a := range acteurs {
			id := s.Monde.Convention(fixture.Conv{Statut: statut})
			_, err := s.corrigerNumero(t, a.p, id, "87.D.26.9999-"+id.String())
			if a.admis && statut.Actif() {
				require.NoError(t, err, "%s, %s", nom, statut)
				continue
			}
			require.True(t, fault.Is(err, fault.Forbidden), "%s, %s: %v", nom, statut, err)
			require.Zero(t, s.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'numero.corriger' AND objet_uuid = $1`, id))
		}
	}
	_, err := s.corrigerNumero(t, enExpert(s.EtrangerBailleur()), s.Monde.Convention(fixture.Conv{Statut: convention.Signee}), "N")
	require.True(t, fault.Is(err, fault.NotFound), "outside of the perimeter: %v", err)
}

// PE-35: the number changes with its journal and its lists; statut, history and signed file stay.
func TestPE35CorrigerLeNumero(t *testing.T) {
	s := nouvelleScene(t)
	service := enExpert(s.EnInstructeur())
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	avenant := s.Monde.Avenant(id, convention.Signee, "duree")
	r, err := s.corrigerNumero(t, service, id, "  87.D.26.0042 ")
	require.NoError(t, err)
	require.Equal(t, "87.D.26.0042", *r.Dossier.Convention.Numero)
	require.Equal(t, convention.Signee, r.Dossier.Convention.Statut)
	require.True(t, r.Dossier.Convention.DonneesModifieesApresSignature)
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'numero.corriger' AND mode = 'EXPERT' AND avant->>'numero' LIKE 'N-%' AND apres->>'numero' = '87.D.26.0042'`))
	require.Zero(t, s.Compter(`SELECT count(*) FROM convention_historique WHERE convention_id = $1 AND transition <> 'creer'`, s.ID(id)))
	d, err := s.Service.Lire(context.Background(), service, avenant)
	require.NoError(t, err)
	require.Equal(t, "87.D.26.0042", *d.Racine.Numero, "the family follows")
	require.Empty(t, s.Sortie.recus, "no message leaves")

	version := r.Dossier.Convention.Version
	r, err = s.corrigerNumero(t, service, id, "87.D.26.0042")
	require.NoError(t, err)
	require.Equal(t, version, r.Dossier.Convention.Version, "the same number is no change")
	_, err = s.Service.CorrigerNumero(context.Background(), service, id, version-1, "87.D.26.0043")
	require.True(t, fault.Is(err, fault.Stale), "%v", err)
}

// FI-02 to FI-04 and AV-12 hold in expert mode.
func TestPE34LesReglesDuNumeroTiennent(t *testing.T) {
	s := nouvelleScene(t)
	service := enExpert(s.EnInstructeur())
	un, autre := s.Monde.Convention(fixture.Conv{Statut: convention.Signee}), s.Monde.Convention(fixture.Conv{Statut: convention.Publie})
	_, err := s.corrigerNumero(t, service, un, "   ")
	require.Equal(t, "NUMERO_REQUIS", fault.As(err).Fields[0].Code)
	_, err = s.corrigerNumero(t, service, un, "87.D.26.0050")
	require.NoError(t, err)
	_, err = s.corrigerNumero(t, service, autre, " 87.d.26.0050")
	require.True(t, fault.HasCode(err, "NUMERO_EXISTANT"), "%v", err)
	require.Equal(t, un.String(), fault.As(err).Extra["convention_uuid"])
	r, err := s.corrigerNumero(t, service, autre, "87-D-26-0050")
	require.NoError(t, err)
	require.Equal(t, "NUMERO_RESSEMBLANT", r.Avertissements[0].Code)
	require.Equal(t, 50, s.Compter(`SELECT dernier FROM compteur_numero_convention WHERE code_departement = '87' AND annee = 2026`), "FI-04: the counter follows a number typed by hand")

	premier := s.Monde.Avenant(un, convention.Signee, "duree")
	s.Executer(`UPDATE convention SET numero = '2' WHERE uuid = $1`, premier)
	second := s.Monde.Avenant(un, convention.Signee, "duree")
	_, err = s.corrigerNumero(t, service, second, " 2 ")
	require.True(t, fault.HasCode(err, "NUMERO_AVENANT_EXISTANT"), "AV-12: %v", err)
	_, err = s.corrigerNumero(t, service, second, "3")
	require.NoError(t, err)
}

// 02 §2.4: the number of the operation is corrected in expert mode, for the whole family and the other conventions of
// the operation; it is unique, and never erased.
func TestPE34CorrigerLeNumeroDOperation(t *testing.T) {
	s := nouvelleScene(t)
	service := s.EnInstructeur()
	op := s.Operation(s.BailleurID, s.AdministrationID)
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Signee, OperationID: op})
	voisine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee, OperationID: op, Financement: convention.PLAI})
	avenant, delAutre := s.Monde.Avenant(id, convention.Signee, "duree"), s.Monde.Avenant(voisine, convention.Projet, "duree")
	etrangere := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})

	_, err := s.enregistrer(t, service, id, `{"numero_operation":"20260000042"}`)
	require.True(t, fault.HasCode(err, "CHAMP_NON_MODIFIABLE"), "without the mode: %v", err)
	_, err = s.enregistrer(t, enExpert(service), id, `{"numero_operation":"  "}`)
	require.True(t, fault.Is(err, fault.Invalid), "never erased: %v", err)

	versions := map[uuid.UUID]int{}
	for _, c := range []uuid.UUID{id, voisine, avenant, delAutre} {
		versions[c] = s.Compter(`SELECT version FROM convention WHERE uuid = $1`, c)
	}
	_, err = s.enregistrer(t, enExpert(service), id, `{"numero_operation":"20260000042"}`)
	require.NoError(t, err)
	for c, v := range versions {
		require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention c JOIN operation o ON o.id = c.operation_id WHERE c.uuid = $1 AND o.numero_operation = '20260000042'`, c))
		require.Equal(t, v+1, s.Compter(`SELECT version FROM convention WHERE uuid = $1`, c), "CC-05")
	}
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM journal_audit WHERE mode = 'EXPERT' AND apres->>'numero_operation' = '20260000042'`))
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention WHERE donnees_modifiees_apres_signature`), "of the corrected one")

	_, err = s.enregistrer(t, enExpert(service), etrangere, `{"numero_operation":"20260000042"}`)
	require.True(t, fault.HasCode(err, "NUMERO_OPERATION_EXISTANT"), "%v", err)
}

// PE-34: the header of somebody who cannot have the mode, or on something else than data, leaves no trace of it.
func TestPE34LeModeSansEffetAilleurs(t *testing.T) {
	s := nouvelleScene(t)
	expert := enExpert(s.EnInstructeur())
	projet := s.Monde.Convention(fixture.Conv{})
	_, err := s.enregistrer(t, expert, projet, `{"ville":"Panazol"}`)
	require.NoError(t, err)
	signee := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	cmd := commandeComplete(1)
	_, err = s.Service.Executer(context.Background(), enExpert(s.EnBailleur()), signee, convention.CorrigerSignature, cmd)
	require.NoError(t, err)
	cmd.Version = 2
	_, err = s.Service.Executer(context.Background(), expert, signee, convention.CorrigerSignature, cmd)
	require.NoError(t, err)
	require.Equal(t, 3, s.Compter(`SELECT count(*) FROM journal_audit WHERE mode = 'NORMAL' AND action = '~'`))
	require.Zero(t, s.Compter(`SELECT count(*) FROM journal_audit WHERE mode = 'EXPERT'`))
	require.Zero(t, s.Compter(`SELECT count(*) FROM convention WHERE donnees_modifiees_apres_signature`))
}
