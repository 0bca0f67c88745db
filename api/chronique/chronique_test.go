package chronique_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/chronique"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/fichier"
	"apilos/api/internal/fixture"
	"apilos/api/store"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

var (
	instant = time.Date(2026, 4, 15, 9, 30, 0, 0, time.UTC)
	hier    = date.New(2026, time.April, 14)
	demain  = date.New(2026, time.April, 16)
	page    = chronique.Page{Page: 1, ParPage: 20}
)

// lecteur reads dossiers straight from the store.
type lecteur struct{ *store.DB }

func (l lecteur) Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, error) {
	return l.Charger(ctx, p, id)
}

type scene struct {
	*fixture.Monde
	*chronique.Service
	service, bailleur, superieur auth.Principal
}

func nouvelle(t *testing.T) scene {
	m := fixture.Nouveau(t)
	s := scene{Monde: m, Service: chronique.NewService(store.NewChroniques(m.Store), lecteur{m.Store}, func() time.Time { return instant })}
	s.service, s.bailleur = m.EnInstructeur(), m.EnBailleur()
	s.superieur = m.EnAdministrateur()
	s.superieur.Superuser = true
	return s
}

func saisie(typ, description string, jour *date.Date) chronique.Saisie {
	return chronique.Saisie{Type: &typ, Description: &description, SurvenuLe: jour}
}

func (s scene) noter(t *testing.T, conv uuid.UUID, typ string, jour date.Date) chronique.Evenement {
	t.Helper()
	_, e, err := s.Noter(t.Context(), s.service, conv, saisie(typ, "Reçu ce jour.", &jour))
	require.NoError(t, err)
	return e
}

func TestJO10Creation(t *testing.T) {
	s := nouvelle(t)
	conv := s.Convention(fixture.Conv{Statut: convention.Signee})
	_, e, err := s.Noter(t.Context(), s.service, conv, saisie("RETOUR_PREFET", "  Revenue signée.\r\nUn exemplaire. ", &hier))
	require.NoError(t, err)
	require.Equal(t, "Revenue signée.\nUn exemplaire.", e.Description)
	require.Equal(t, hier, e.SurvenuLe)
	require.Equal(t, s.service.NomComplet(), e.CreePar)
	_, ancien, err := s.Noter(t.Context(), s.service, conv, saisie("ECHANGE", "Appel du bailleur", nil))
	require.NoError(t, err)
	require.Equal(t, date.InParis(instant), ancien.SurvenuLe, "today by default")

	j, err := s.Evenements(t.Context(), s.service, conv, page)
	require.NoError(t, err)
	require.Equal(t, 2, j.Total)
	require.True(t, j.EcriturePossible)
	require.Equal(t, []uuid.UUID{ancien.UUID, e.UUID}, []uuid.UUID{j.Evenements[0].UUID, j.Evenements[1].UUID}, "at its date, the latest first")
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'evenement.cree' AND apres->>'type_evenement' = 'RETOUR_PREFET' AND utilisateur_id = $1`, s.service.UtilisateurID))
	require.NoError(t, s.Store.VerifierJournal(t.Context(), s.ID(conv)))

	for nom, in := range map[string]struct {
		saisie chronique.Saisie
		codes  []string
	}{
		"unknown type":        {saisie("AUTRE_CHOSE", "x", nil), []string{"bad_choice"}},
		"no description":      {saisie("AUTRE", " ", nil), []string{"required"}},
		"long description":    {saisie("AUTRE", strings.Repeat("é", 5001), nil), []string{"too_long"}},
		"in the future":       {saisie("AUTRE", "x", &demain), []string{"DATE_FUTURE"}},
		"everything together": {saisie("", "", &demain), []string{"bad_choice", "required", "DATE_FUTURE"}},
	} {
		_, _, err := s.Noter(t.Context(), s.service, conv, in.saisie)
		f := fault.As(err)
		require.NotNil(t, f, nom)
		require.Equal(t, fault.Invalid, f.Kind, nom)
		var codes []string
		for _, c := range f.Fields {
			codes = append(codes, c.Code)
		}
		require.Equal(t, in.codes, codes, nom)
	}
	require.Equal(t, 2, s.Compter(`SELECT count(*) FROM evenement`))
}

func TestJO10OuvertAPartirDeASigner(t *testing.T) {
	s := nouvelle(t)
	for _, statut := range convention.Statuts() {
		conv := s.Convention(fixture.Conv{Statut: statut})
		_, _, err := s.Noter(t.Context(), s.service, conv, saisie("AUTRE", "x", nil))
		j, lecture := s.Evenements(t.Context(), s.service, conv, page)
		require.NoError(t, lecture)
		switch statut {
		case convention.Projet, convention.Instruction, convention.Correction, convention.Annulee:
			require.Equal(t, chronique.CodeJournalFerme, fault.As(err).Code, statut)
			require.False(t, j.Ouvert || j.EcriturePossible, statut)
		default:
			require.NoError(t, err, statut)
			require.Equal(t, 1, j.Total, statut)
		}
	}
}

func TestJO11CorrectionGardeLaVersion(t *testing.T) {
	s := nouvelle(t)
	conv := s.Convention(fixture.Conv{Statut: convention.Signee})
	e := s.noter(t, conv, "ENVOI_PREFET", hier)
	autre := s.EnAdministrateur()

	texte := "Envoyée en recommandé"
	_, corrige, err := s.Corriger(t.Context(), autre, e.UUID, 1, chronique.Saisie{Description: &texte})
	require.NoError(t, err)
	require.Equal(t, []any{2, texte, "ENVOI_PREFET", autre.NomComplet()}, []any{corrige.Version, corrige.Description, corrige.TypeEvenement, corrige.ModifiePar})
	_, meme, err := s.Corriger(t.Context(), autre, e.UUID, 2, chronique.Saisie{Description: &texte})
	require.NoError(t, err)
	require.Equal(t, 2, meme.Version, "what does not change is no version")
	_, _, err = s.Corriger(t.Context(), autre, e.UUID, 1, chronique.Saisie{Description: &texte})
	require.True(t, fault.Is(err, fault.Stale), "CC-01")

	versions, err := s.Versions(t.Context(), s.superieur, e.UUID)
	require.NoError(t, err)
	require.Len(t, versions, 1, "and the one in force: 2 versions")
	require.Equal(t, []any{1, "Reçu ce jour.", autre.NomComplet()}, []any{versions[0].Version, versions[0].Description, versions[0].RemplaceePar})
	_, err = s.Versions(t.Context(), s.service, e.UUID)
	require.True(t, fault.Is(err, fault.Forbidden), "previous versions are for superusers")

	_, barre, err := s.Annuler(t.Context(), s.service, e.UUID, 2)
	require.NoError(t, err)
	require.NotNil(t, barre.AnnuleLe)
	require.Equal(t, s.service.NomComplet(), barre.AnnulePar)
	j, err := s.Evenements(t.Context(), s.service, conv, page)
	require.NoError(t, err)
	require.Equal(t, 1, j.Total, "struck through, not deleted")
	for _, refuse := range []func() error{
		func() error {
			_, _, err := s.Corriger(t.Context(), s.service, e.UUID, 3, chronique.Saisie{Description: &texte})
			return err
		},
		func() error { _, _, err := s.Annuler(t.Context(), s.service, e.UUID, 3); return err },
		func() error { return s.PeutJoindre(t.Context(), s.service, e.UUID) },
	} {
		require.Equal(t, chronique.CodeEvenementAnnule, fault.As(refuse()).Code)
	}
	require.NoError(t, s.Store.VerifierJournal(t.Context(), s.ID(conv)))
}

// TestJO12Droits: a bailleur never reads nor writes, a reader reads, and who does not see the convention sees nothing.
func TestJO12Droits(t *testing.T) {
	s := nouvelle(t)
	conv := s.Convention(fixture.Conv{Statut: convention.Signee})
	e := s.noter(t, conv, "AUTRE", hier)
	etranger := s.EnInstructeur()
	etranger.AdministrationID = s.Administration("DDT35", "DDT 35")
	appels := func(p auth.Principal, conv, id uuid.UUID) map[string]error {
		out := map[string]error{}
		_, out["liste"] = s.Evenements(t.Context(), p, conv, page)
		_, _, out["lecture"] = s.Evenement(t.Context(), p, id)
		_, _, out["ajout"] = s.Noter(t.Context(), p, conv, saisie("AUTRE", "x", nil))
		_, _, out["correction"] = s.Corriger(t.Context(), p, id, 1, saisie("ECHANGE", "x", nil))
		_, _, out["annulation"] = s.Annuler(t.Context(), p, id, 1)
		out["pièces"] = s.VerifierJonction(t.Context(), p, id, 1)
		return out
	}
	for nom, err := range appels(s.bailleur, conv, e.UUID) {
		require.True(t, fault.Is(err, fault.Forbidden), "bailleur, %s: %v", nom, err)
	}
	for nom, err := range appels(fixture.EnLecture(s.service), conv, e.UUID) {
		if nom == "liste" || nom == "lecture" {
			require.NoError(t, err, nom)
			continue
		}
		require.True(t, fault.Is(err, fault.Forbidden), "reader, %s: %v", nom, err)
	}
	absents := appels(etranger, uuid.New(), uuid.New())
	for nom, err := range appels(etranger, conv, e.UUID) {
		require.True(t, fault.Is(err, fault.NotFound), "JO-14, %s: %v", nom, err)
		require.Equal(t, absents[nom].Error(), err.Error(), "JO-14, %s: word for word", nom)
	}
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM evenement WHERE version = 1 AND annule_le IS NULL`), "nothing was written")
}

func TestJO11PiecesEnVersions(t *testing.T) {
	s := nouvelle(t)
	conv := s.Convention(fixture.Conv{Statut: convention.Signee})
	e := s.noter(t, conv, "AUTRE", hier)
	joindre := func(noms ...string) string {
		revision := strings.ReplaceAll(uuid.NewString(), "-", "")[:24]
		s.Executer(`INSERT INTO revision (id, nature, portee_type, portee_cle, statut, prete, publie_le) VALUES ($1, 'evenement', 'evenement', $2, 'published', NULL, now())`, revision, e.UUID.String())
		var fichiers []fichier.Fichier
		for _, n := range noms {
			sha := strings.Repeat("a", 64)
			fichiers = append(fichiers, fichier.Fichier{UUID: uuid.New(), Compartiment: "essai", CleObjet: uuid.NewString(), NomReel: n, TypeMime: "application/pdf", Sha256: &sha, Antivirus: fichier.Sain})
		}
		require.NoError(t, s.Store.InTx(t.Context(), func(ctx context.Context) error {
			return s.Joindre(ctx, s.service, e.UUID, revision, fichiers)
		}))
		return revision
	}
	joindre("courrier.pdf", "accusé.pdf")
	seconde := joindre(`..\courrier corrigé.pdf`)
	_, lu, err := s.Evenement(t.Context(), s.service, e.UUID)
	require.NoError(t, err)
	require.Equal(t, []any{3, seconde, 1, "courrier corrigé.pdf"}, []any{lu.Version, lu.Revision, len(lu.Fichiers), lu.Fichiers[0].Fichier.NomReel})
	versions, err := s.Versions(t.Context(), s.superieur, e.UUID)
	require.NoError(t, err)
	require.Len(t, versions, 2)
	require.Len(t, versions[0].Fichiers, 2, "DO-07: replaced files stay readable")

	f, racine, err := s.Fichier(t.Context(), s.service, versions[0].Fichiers[0].Rattache.UUID)
	require.NoError(t, err)
	require.Equal(t, []any{"courrier.pdf", s.ID(conv)}, []any{f.NomReel, racine})
	_, _, err = s.Fichier(t.Context(), s.bailleur, lu.Fichiers[0].Rattache.UUID)
	require.True(t, fault.Is(err, fault.NotFound), "JO-12: as if it did not exist")
	require.NoError(t, s.Store.VerifierJournal(t.Context(), s.ID(conv)))
}

// TestCC50EvenementsPagines: 100 per page at most is the transport's; order and number of statements are here.
func TestCC50EvenementsPagines(t *testing.T) {
	s := nouvelle(t)
	conv := s.Convention(fixture.Conv{Statut: convention.Signee})
	for range 25 {
		s.noter(t, conv, "AUTRE", hier)
	}
	vus := map[uuid.UUID]bool{}
	for n := 1; n <= 3; n++ {
		j, err := s.Evenements(t.Context(), s.service, conv, chronique.Page{Page: n, ParPage: 10})
		require.NoError(t, err)
		require.Equal(t, 25, j.Total)
		for _, e := range j.Evenements {
			vus[e.UUID] = true
		}
	}
	require.Len(t, vus, 25, "each once, on one page")
}

func TestTypesEvenement(t *testing.T) {
	s := nouvelle(t)
	require.Len(t, event.TypesEvenement(), 24)
	conv := s.Convention(fixture.Conv{Statut: convention.Signee})
	vus := map[string]bool{}
	for _, x := range event.TypesEvenement() {
		require.NotEmpty(t, x.Libelle)
		require.False(t, vus[x.Libelle], "%s twice", x.Libelle)
		vus[x.Libelle] = true
		s.noter(t, conv, string(x.Code), hier) // the schema knows it
	}
}
