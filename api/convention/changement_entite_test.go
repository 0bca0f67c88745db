package convention_test

import (
	"context"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// sirensParRegion are the habilitations of legal persons of somebody: SIREN by région, "" for those without any.
type sirensParRegion map[string][]string

func (h sirensParRegion) SirensMorales(_ context.Context, _ auth.Principal, region string) ([]string, error) {
	return append(append([]string{}, h[""]...), h[region]...), nil
}

func (s *scene) avecHabilitations(h sirensParRegion) *convention.Service {
	return convention.NewService(s.Store, s.Sortie, sansDepots{}, nil, func() time.Time { return instant }, convention.AvecHabilitations(h))
}

type reference struct {
	uuid  uuid.UUID
	siren string
}

func (s *scene) bailleur(t *testing.T, id int64) reference {
	t.Helper()
	var r reference
	require.NoError(t, s.Base.Pool.QueryRow(context.Background(), `SELECT uuid, siren FROM bailleur WHERE id = $1`, id).Scan(&r.uuid, &r.siren))
	return r
}

func (s *scene) administration(t *testing.T, id int64) uuid.UUID {
	t.Helper()
	var u uuid.UUID
	require.NoError(t, s.Base.Pool.QueryRow(context.Background(), `SELECT uuid FROM administration WHERE id = $1`, id).Scan(&u))
	return u
}

func noms(entites []convention.Entite) (out []string) {
	for _, e := range entites {
		out = append(out, e.Nom)
	}
	return out
}

func TestPE40ChoixDuBailleur(t *testing.T) {
	s := nouvelleScene(t)
	ctx := context.Background()
	ici, ailleurs, sansRegion := s.Bailleur("Habitat 75", "HLM"), s.Bailleur("Habitat 93", "HLM"), s.Bailleur("National Habitat", "SEM")
	service := s.avecHabilitations(sirensParRegion{
		"": {s.bailleur(t, sansRegion).siren}, "75": {s.bailleur(t, ici).siren}, "93": {s.bailleur(t, ailleurs).siren},
	})
	id := s.Monde.Convention(fixture.Conv{})
	p := s.EnBailleur()

	choix, err := service.BailleursPossibles(ctx, p, id, "")
	require.NoError(t, err)
	require.Equal(t, []string{"Habitat 75", "National Habitat"}, noms(choix), "no région, or that of the operation")
	choix, err = service.BailleursPossibles(ctx, p, id, "natio")
	require.NoError(t, err)
	require.Equal(t, []string{"National Habitat"}, noms(choix))
	choix, err = service.BailleursPossibles(ctx, s.EnInstructeur(), id, "habitat 9")
	require.NoError(t, err)
	require.Equal(t, []string{"Habitat 93"}, noms(choix), "the service may choose any")
	local := p
	local.Login = ""
	choix, err = service.BailleursPossibles(ctx, local, id, "")
	require.NoError(t, err)
	require.Equal(t, []string{"Limousin Habitat"}, noms(choix), "a local account has no habilitation")

	for nom, voulu := range map[string]uuid.UUID{"another région": s.bailleur(t, ailleurs).uuid, "unknown": uuid.New()} {
		_, err = service.ChangerBailleur(ctx, p, id, voulu, s.version(id))
		require.True(t, fault.HasCode(err, "BAILLEUR_HORS_PERIMETRE"), "%s: %v", nom, err)
	}
	require.Equal(t, 1, s.version(id), "nothing written")

	s.Executer(`UPDATE convention SET signataire_nom = 'Ancienne Signataire', signataire_date_deliberation = DATE '2026-01-01' WHERE uuid = $1`, id)
	_, err = service.ChangerBailleur(ctx, p, id, s.bailleur(t, ici).uuid, s.version(id)+1)
	require.True(t, fault.Is(err, fault.Stale), err)
	d, err := service.ChangerBailleur(ctx, p, id, s.bailleur(t, ici).uuid, s.version(id))
	require.NoError(t, err)
	require.Nil(t, d, "it has left the perimeter of the actor")
	_, err = service.Lire(ctx, p, id)
	require.True(t, fault.Is(err, fault.NotFound))
	d, err = service.Lire(ctx, s.EnInstructeur(), id)
	require.NoError(t, err)
	require.Equal(t, "Habitat 75", d.Bailleur.Nom)
	require.Equal(t, ici, *d.Convention.BailleurEffectifID, "PE-21")
	require.Empty(t, d.Convention.SignataireNom, "the signatory of the former bailleur is forgotten")
	require.Nil(t, d.Convention.SignataireDateDeliberation)
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'changer_bailleur' AND avant->>'signataire_nom' = 'Ancienne Signataire'
		AND apres->>'bailleur_nom' = 'Habitat 75'`))
}

func TestPE40Statuts(t *testing.T) {
	s := nouvelleScene(t)
	ctx := context.Background()
	autre := s.bailleur(t, s.Bailleur("Autre", "HLM"))
	service := s.EnInstructeur()
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})
	_, err := s.Service.ChangerBailleur(ctx, service, id, autre.uuid, 1)
	require.True(t, fault.HasCode(err, "BAILLEUR_FIGE"), "a root is changed in PROJET only: %v", err)
	id = s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	_, err = s.Service.ChangerBailleur(ctx, service, id, autre.uuid, 1)
	require.True(t, fault.HasCode(err, "CHAMP_NON_MODIFIABLE"), err)
	choix, err := s.Service.BailleursPossibles(ctx, service, id, "")
	require.NoError(t, err)
	require.Empty(t, choix, "nothing to choose")
	id = s.Monde.Convention(fixture.Conv{})
	_, err = s.Service.ChangerBailleur(ctx, fixture.EnLecture(service), id, autre.uuid, 1)
	require.True(t, fault.Is(err, fault.Forbidden), err)
	_, err = s.Service.ChangerBailleur(ctx, s.EtrangerBailleur(), id, autre.uuid, 1)
	require.True(t, fault.Is(err, fault.NotFound), err)
	d, err := s.Service.ChangerBailleur(ctx, service, id, s.bailleur(t, s.BailleurID).uuid, 1)
	require.NoError(t, err)
	require.Equal(t, 1, d.Convention.Version, "the same bailleur is no change")
}

func TestPE41ProgrammePartage(t *testing.T) {
	s := nouvelleScene(t)
	ctx := context.Background()
	autre := s.Bailleur("Autre", "HLM")
	op := s.Operation(s.BailleurID, s.AdministrationID)
	plus := s.Monde.Convention(fixture.Conv{OperationID: op})
	plai := s.Monde.Convention(fixture.Conv{OperationID: op, Financement: convention.PLAI, Statut: convention.Signee})
	_, err := s.Service.ChangerBailleur(ctx, s.EnInstructeur(), plus, s.bailleur(t, autre).uuid, 1)
	require.True(t, fault.HasCode(err, "PROGRAMME_PARTAGE"), err)
	require.Equal(t, 0, s.Compter(`SELECT count(*) FROM operation WHERE bailleur_id = $1`, autre))

	s.Executer(`UPDATE convention SET statut = 'PROJET', numero = NULL, valide_le = NULL, signe_le = NULL WHERE uuid = $1`, plai)
	d, err := s.Service.ChangerBailleur(ctx, s.EnInstructeur(), plus, s.bailleur(t, autre).uuid, 1)
	require.NoError(t, err)
	require.Equal(t, autre, d.Bailleur.ID)
	require.Equal(t, 2, s.version(plai), "CC-05")
	require.Equal(t, 2, s.Compter(`SELECT count(*) FROM convention_recherche WHERE bailleur_effectif_id = $1`, autre), "the sibling follows")
	require.Equal(t, 2, s.Compter(`SELECT count(DISTINCT racine_id) FROM journal_audit WHERE commande = 'changer_bailleur'`), "journal of each family")
}

// The avenant has its own version of the operation: the convention keeps its bailleur until the signature (PE-21, PE-22).
func TestPE40AvenantDeTypeBailleur(t *testing.T) {
	s := nouvelleScene(t)
	ctx := context.Background()
	autre := s.Bailleur("Repreneur", "HLM")
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	sans := s.Avenant(racine, convention.Projet, "duree")
	_, err := s.Service.ChangerBailleur(ctx, s.EnInstructeur(), sans, s.bailleur(t, autre).uuid, 1)
	require.True(t, fault.HasCode(err, "CHAMP_NON_MODIFIABLE"), "AV-13: %v", err)
	s.Executer(`INSERT INTO convention_type_avenant (convention_id, type_code) VALUES ($1, 'bailleur')`, s.ID(sans))
	d, err := s.Service.ChangerBailleur(ctx, s.EnInstructeur(), sans, s.bailleur(t, autre).uuid, 1)
	require.NoError(t, err)
	require.Equal(t, autre, d.Bailleur.ID)
	r, err := s.Service.Lire(ctx, s.EnBailleur(), racine)
	require.NoError(t, err)
	require.Equal(t, s.BailleurID, r.Bailleur.ID)
	require.Equal(t, s.BailleurID, *r.Convention.BailleurEffectifID)
}

func TestPE42ChangementDAdministration(t *testing.T) {
	s := nouvelleScene(t)
	ctx := context.Background()
	nouvelle := s.Administration("DDT19", "DDT de la Corrèze")
	avant, apres := s.EnInstructeur(), s.EnInstructeur()
	apres.AdministrationID = nouvelle
	op := s.Operation(s.BailleurID, s.AdministrationID)
	racine := s.Monde.Convention(fixture.Conv{OperationID: op, Statut: convention.Signee})
	voisine := s.Monde.Convention(fixture.Conv{OperationID: op, Financement: convention.PLAI})
	av1 := s.Avenant(racine, convention.Annulee)
	av2 := s.Avenant(racine, convention.Projet, "bailleur")
	autre := s.Monde.Convention(fixture.Conv{})

	_, err := s.Service.ChangerAdministration(ctx, avant, av2, uuid.New(), 1)
	require.True(t, fault.HasCode(err, "ADMINISTRATION_INCONNUE"), err)
	_, err = s.Service.ChangerAdministration(ctx, avant, racine, s.administration(t, nouvelle), 1)
	require.True(t, fault.HasCode(err, "CHAMP_NON_MODIFIABLE"), "SIGNEE is not editable: %v", err)
	choix, err := s.Service.AdministrationsPossibles(ctx, s.EnBailleur(), av2, "corr")
	require.NoError(t, err)
	require.Equal(t, []string{"DDT de la Corrèze"}, noms(choix))

	d, err := s.Service.ChangerAdministration(ctx, avant, av2, s.administration(t, nouvelle), 1)
	require.NoError(t, err)
	require.Nil(t, d, "the actor loses sight of it")
	for _, id := range []uuid.UUID{racine, voisine, av1, av2} {
		_, err := s.Service.Lire(ctx, avant, id)
		require.True(t, fault.Is(err, fault.NotFound), "PE-25: %v", err)
		lu, err := s.Service.Lire(ctx, apres, id)
		require.NoError(t, err)
		require.Equal(t, nouvelle, lu.Administration.ID)
		require.Equal(t, 2, lu.Convention.Version, "each version moves")
	}
	_, err = s.Service.Lire(ctx, avant, autre)
	require.NoError(t, err, "other operations stay")
	require.Equal(t, 2, s.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'changer_administration' AND avant->>'administration_nom' = 'DDT de la Haute-Vienne'
		AND apres->>'administration_nom' = 'DDT de la Corrèze' AND apres->>'operations' = '3'`), "journal of each family")
	require.Len(t, s.Sortie.recus, 1, "D08: the services are told once")
	e := s.Sortie.recus[0]
	require.Equal(t, []any{"changer_administration", nouvelle, s.AdministrationID}, []any{e.Transition, e.AdministrationID, e.AdministrationPrecedenteID})
	require.Equal(t, racine, e.ConventionUUID)

	d, err = s.Service.ChangerAdministration(ctx, apres, av2, s.administration(t, nouvelle), 2)
	require.NoError(t, err)
	require.Equal(t, 2, d.Convention.Version, "the same service is no change")
	require.Len(t, s.Sortie.recus, 1)
}

func TestPE42BailleurEnCorrection(t *testing.T) {
	s := nouvelleScene(t)
	ctx := context.Background()
	nouvelle := s.administration(t, s.Administration("DDT23", "DDT de la Creuse"))
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Correction})
	_, err := s.Service.ChangerAdministration(ctx, s.EnBailleur(), id, nouvelle, 1)
	require.True(t, fault.HasCode(err, "CHAMP_NON_MODIFIABLE"), err)
	id = s.Monde.Convention(fixture.Conv{})
	p := s.EnBailleur()
	d, err := s.Service.ChangerAdministration(ctx, p, id, nouvelle, 1)
	require.NoError(t, err)
	require.Equal(t, "DDT de la Creuse", d.Administration.Nom, "the bailleur still sees it")
	require.Equal(t, []string{"changer_bailleur", "changer_administration"}, d.ActionsEtape(p, convention.EtapeBailleur))
	require.Empty(t, d.ActionsEtape(p, convention.EtapeFinancement))
}
