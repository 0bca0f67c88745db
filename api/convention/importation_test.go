package convention_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"apilos/api/operation"
	"apilos/api/revision"
	"apilos/api/revision/coffre"
	"apilos/api/revision/genre"
	"apilos/api/siap"
	"apilos/api/sim"
	"apilos/api/storage"
	"apilos/api/store"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// interrupteur is the switch of 02 §9.4.
type interrupteur struct{ ferme bool }

func (i *interrupteur) Ouvert(context.Context, auth.Principal, string) (bool, error) {
	return !i.ferme, nil
}

// ateliers is the recording by hand on a database, the engine of files and a simulated SIAP.
type atelier struct {
	*scene
	t            *testing.T
	Importation  *convention.Importation
	Interrupteur *interrupteur
	sim          *sim.Server
	// avecHabilitations is the same recording for somebody who has these habilitations.
	avecHabilitations func(sirensParRegion) *convention.Importation
}

func nouvelAtelier(t *testing.T) *atelier {
	t.Helper()
	t.Parallel()
	m, s := fixture.Nouveau(t), &sortie{}
	a := &atelier{scene: &scene{m, nil, s}, t: t, Interrupteur: &interrupteur{}}
	local, err := storage.NewLocal(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = local.Close() })
	ids, err := revision.NewIdentifiants(time.Now, rand.Reader)
	require.NoError(t, err)
	moteur, err := revision.New(revision.Config{Store: store.NewRevisions(m.Store), Coffre: coffre.New(local), Identifiants: ids, Horloge: time.Now})
	require.NoError(t, err)
	depots := genre.Depots{Moteur: moteur, Coffre: coffre.New(local)}
	a.Service = convention.NewService(m.Store, s, depots, nil, func() time.Time { return instant })
	require.NoError(t, moteur.Enregistrer(genre.Natures(a.Service)...))
	a.sim, err = sim.Start(t.Context(), sim.Options{Scenario: "minimal"})
	require.NoError(t, err)
	t.Cleanup(a.sim.Close)
	client, err := siap.New(siap.Config{Host: a.sim.URL(), Key: a.sim.Key()}, siap.WithLogger(slog.New(slog.DiscardHandler)),
		siap.WithPause(func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, func() float64 { return 0 }))
	require.NoError(t, err)
	t.Cleanup(client.Close)
	magasin := store.NewOperationStore(m.Store)
	operations := operation.NewService(client, magasin, a.Service, magasin, func() time.Time { return instant })
	a.Importation = convention.NewImportation(a.Service, store.NewImportations(m.Store), operations, depots, a.Interrupteur)
	a.avecHabilitations = func(h sirensParRegion) *convention.Importation {
		service := convention.NewService(m.Store, s, depots, nil, func() time.Time { return instant }, convention.AvecHabilitations(h))
		return convention.NewImportation(service, store.NewImportations(m.Store), operations, depots, a.Interrupteur)
	}
	return a
}

// depot gives a signed PDF and returns the id of its revision.
func (a *atelier) depot(p auth.Principal, texte string) string {
	a.t.Helper()
	piece, err := a.Importation.RecevoirDocument(context.Background(), p, "signe.pdf", bytes.NewReader(fixture.PDF(texte)))
	require.NoError(a.t, err)
	return piece.RevisionID
}

func (a *atelier) numeroOperation(id int64) (numero string) {
	a.t.Helper()
	require.NoError(a.t, a.Base.Pool.QueryRow(context.Background(), `SELECT numero_operation FROM operation WHERE id = $1`, id).Scan(&numero))
	return numero
}

func (a *atelier) signee(p auth.Principal, in convention.ImportConvention) (*convention.Dossier, bool, error) {
	return a.Importation.ImporterConvention(context.Background(), p, in)
}

// demande is a correct convention to record on the operation of the world.
func (a *atelier) demande(p auth.Principal) convention.ImportConvention {
	return convention.ImportConvention{
		NumeroOperation: a.numeroOperation(a.OperationID), Numero: "87.D.98.0012", NbLogements: 12, Financement: convention.PLUS,
		TypeHabitat: convention.Collectif, AnneeSignature: 1998, RevisionID: a.depot(p, "convention"),
	}
}

func champs(err error) []string {
	out := []string{}
	if f := fault.As(err); f != nil {
		for _, c := range f.Fields {
			out = append(out, c.Pointer)
		}
	}
	return out
}

func TestCR29ConventionDejaSignee(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnBailleur()
	d, deja, err := a.signee(p, a.demande(p))
	require.NoError(t, err)
	require.False(t, deja)
	c := d.Convention
	require.Equal(t, convention.Signee, c.Statut)
	require.Equal(t, date.New(1998, time.January, 1), *c.SigneLe)
	require.Equal(t, "ANNEE", c.PrecisionDateSignature)
	require.Equal(t, "IMPORT", c.Source)
	require.Equal(t, a.BailleurID, *c.BailleurEffectifID)
	require.Equal(t, 12, d.NbLogements())
	require.Equal(t, convention.Collectif, d.Lots[0].TypeHabitat)
	require.NotNil(t, d.DocumentCourant(convention.RubriqueDocumentSigne))
	require.Empty(t, a.Sortie.recus, "no alert, no mail")
	require.Equal(t, 1, a.Compter(`SELECT count(*) FROM convention_historique WHERE convention_id = $1`, c.ID))
	require.Equal(t, 1, a.Compter(`SELECT count(*) FROM convention_historique WHERE convention_id = $1 AND statut_precedent IS NULL AND statut = 'SIGNEE' AND transition = 'importer'`, c.ID))
	require.Equal(t, 1, a.Compter(`SELECT count(*) FROM convention_instantane WHERE convention_id = $1 AND motif = 'IMPORT'`, c.ID))
	require.Equal(t, 1, a.Compter(`SELECT count(*) FROM journal_audit WHERE objet_uuid = $1 AND commande = 'importer'`, c.UUID))
	require.NoError(t, a.Store.VerifierJournaux(context.Background()))
	lu, err := a.Service.Lire(context.Background(), p, c.UUID)
	require.NoError(t, err)
	require.Equal(t, c.Version, lu.Convention.Version)
}

func TestFI04NumeroDeLAnneeAvanceLeCompteur(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnInstructeur()
	in := a.demande(p)
	in.Numero, in.AnneeSignature = "87.D.26.0042", 2026
	_, _, err := a.signee(p, in)
	require.NoError(t, err)
	dernier, err := a.Store.DernierNumero(context.Background(), "87", 2026)
	require.NoError(t, err)
	require.Equal(t, 42, dernier)
}

func TestCC12ConventionRenvoyee(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnBailleur()
	in := a.demande(p)
	d, _, err := a.signee(p, in)
	require.NoError(t, err)
	encore, deja, err := a.signee(p, in) // the answer was lost
	require.NoError(t, err)
	require.True(t, deja)
	require.Equal(t, d.Convention.UUID, encore.Convention.UUID)
	in.RevisionID = a.depot(p, "convention") // the same file, sent again
	encore, deja, err = a.signee(p, in)
	require.NoError(t, err)
	require.True(t, deja)
	require.Equal(t, d.Convention.UUID, encore.Convention.UUID)
	require.Zero(t, a.Compter(`SELECT count(*) FROM revision WHERE statut = 'pending'`), "what is not used goes away")
	in.RevisionID = a.depot(p, "another one")
	_, _, err = a.signee(p, in)
	require.True(t, fault.HasCode(err, convention.CodeFinancementConventionne), "%v", err)
	require.Equal(t, d.Convention.UUID.String(), fault.As(err).Extra["convention_uuid"])
	require.Equal(t, 1, a.Compter(`SELECT count(*) FROM convention`))
	// A file serves once.
	in.Financement, in.Numero = convention.PLAI, "87.D.98.0013"
	in.RevisionID = d.Documents[0].Fichier.CleObjet
	_, _, err = a.signee(p, in)
	require.True(t, fault.HasCode(err, convention.CodeFichierImportInconnu), "%v", err)
	in.RevisionID = *d.Documents[0].Rattache.RevisionID
	_, _, err = a.signee(p, in)
	require.True(t, fault.HasCode(err, convention.CodeFichierImportInconnu), "%v", err)
}

func TestCR28Refus(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnBailleur()
	bon := a.demande(p)
	for nom, c := range map[string]struct {
		changer func(*convention.ImportConvention)
		champ   string
	}{
		"no number":       {func(in *convention.ImportConvention) { in.Numero = "  " }, "/numero"},
		"long number":     {func(in *convention.ImportConvention) { in.Numero = string(make([]byte, 256)) }, "/numero"},
		"no dwelling":     {func(in *convention.ImportConvention) { in.NbLogements = 0 }, "/nb_logements"},
		"LLS":             {func(in *convention.ImportConvention) { in.Financement = "LLS" }, "/financement"},
		"1899":            {func(in *convention.ImportConvention) { in.AnneeSignature = 1899 }, "/annee_signature"},
		"next year":       {func(in *convention.ImportConvention) { in.AnneeSignature = 2027 }, "/annee_signature"},
		"no file":         {func(in *convention.ImportConvention) { in.RevisionID = "" }, "/revision_id"},
		"unknown file":    {func(in *convention.ImportConvention) { in.RevisionID = "0123456789abcdef01234567" }, "/revision_id"},
		"strange file":    {func(in *convention.ImportConvention) { in.RevisionID = "x" }, "/revision_id"},
		"no operation":    {func(in *convention.ImportConvention) { in.NumeroOperation = "" }, "/numero_operation"},
		"strange habitat": {func(in *convention.ImportConvention) { in.TypeHabitat = "MAISON" }, "/type_habitat"},
	} {
		in := bon
		c.changer(&in)
		_, _, err := a.signee(p, in)
		require.True(t, fault.Is(err, fault.Invalid), "%s: %v", nom, err)
		require.Equal(t, []string{c.champ}, champs(err), nom)
	}
	_, _, err := a.signee(p, convention.ImportConvention{})
	require.Len(t, champs(err), 6, "every field at once: %v", err)
	// PLUS has a convention already: of a mixed one as well.
	a.Monde.Convention(fixture.Conv{OperationID: a.OperationID})
	_, _, err = a.signee(p, bon)
	require.True(t, fault.HasCode(err, convention.CodeFinancementConventionne), "%v", err)
	a.Executer(`UPDATE convention SET statut = 'ANNULEE'`)
	_, _, err = a.signee(p, bon)
	require.NoError(t, err, "an ANNULEE one does not count")
}

func TestFI03NumeroDUneConventionImportee(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnBailleur()
	visible := a.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	cachee := a.Monde.Convention(fixture.Conv{Statut: convention.Signee, OperationID: a.Operation(a.Bailleur("Autre", "HLM"), a.AdministrationID)})
	for _, x := range []struct {
		holder uuid.UUID
		seen   bool
	}{{visible, true}, {cachee, false}} {
		in := a.demande(p)
		require.NoError(t, a.Base.Pool.QueryRow(context.Background(), `SELECT ' ' || lower(numero) || ' ' FROM convention WHERE uuid = $1`, x.holder).Scan(&in.Numero))
		_, _, err := a.signee(p, in)
		require.True(t, fault.HasCode(err, convention.CodeNumeroExistant), "%v", err)
		require.Equal(t, []string{"/numero"}, champs(err))
		uuidDonne, donne := fault.As(err).Extra["convention_uuid"]
		require.Equal(t, x.seen, donne, "%v", uuidDonne)
	}
}

func TestFI03DeuxImportationsEnsemble(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnBailleur()
	demandes := make([]convention.ImportConvention, 6)
	for n := range demandes {
		demandes[n] = a.demande(p)
		demandes[n].NumeroOperation = a.numeroOperation(a.Operation(a.BailleurID, a.AdministrationID))
	}
	require.Equal(t, map[string]int{"": 1, convention.CodeNumeroExistant: 5}, a.ensemble(len(demandes), func(n int) error {
		_, _, err := a.signee(p, demandes[n])
		return err
	}))
	require.Equal(t, 1, a.Compter(`SELECT count(*) FROM convention`))
	// The same form sent at once by two people on one operation.
	for n := range demandes {
		demandes[n] = a.demande(p)
		demandes[n].Numero = "87.D.98.0099"
	}
	require.Equal(t, map[string]int{"": 6}, a.ensemble(len(demandes), func(n int) error {
		_, _, err := a.signee(p, demandes[n])
		return err
	}), "CC-12")
	require.Equal(t, 2, a.Compter(`SELECT count(*) FROM convention`))
}

// ensemble runs n commands together and counts their outcomes by code.
func (a *atelier) ensemble(n int, commande func(n int) error) map[string]int {
	a.t.Helper()
	erreurs := make([]error, n)
	var wg sync.WaitGroup
	for k := range erreurs {
		wg.Go(func() { erreurs[k] = commande(k) })
	}
	wg.Wait()
	out := map[string]int{}
	for _, err := range erreurs {
		code := ""
		if err != nil {
			f := fault.As(err)
			require.NotNil(a.t, f, "%v", err)
			code = f.Code
		}
		out[code]++
	}
	return out
}

func TestCR27OperationInconnueOuCachee(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnBailleur()
	in := a.demande(p)
	in.NumeroOperation = "2099 0000 1"
	_, _, absente := a.signee(p, in)
	require.True(t, fault.Is(absente, fault.NotFound), "%v", absente)
	in.NumeroOperation = a.numeroOperation(a.Operation(a.Bailleur("Autre", "HLM"), a.AdministrationID))
	_, _, cachee := a.signee(p, in)
	require.Equal(t, fault.As(absente).Message, fault.As(cachee).Message, "PE-20")
	require.Equal(t, fault.As(absente).Code, fault.As(cachee).Code)
}

func TestSW_ajoutConventionFerme(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnBailleur()
	in := a.demande(p)
	a.Interrupteur.ferme = true
	_, _, err := a.signee(p, in)
	require.True(t, fault.Is(err, fault.NotFound))
	require.True(t, fault.HasCode(err, convention.CodeAjoutFerme))
}

func TestPE01LecteurNEnregistreRien(t *testing.T) {
	a := nouvelAtelier(t)
	auteur := a.EnInstructeur()
	in := a.demande(auteur)
	lecteur := fixture.EnLecture(a.EnInstructeur())
	_, _, err := a.signee(lecteur, in)
	require.True(t, fault.Is(err, fault.Forbidden), "%v", err)
	_, err = a.Importation.RecevoirDocument(context.Background(), lecteur, "x.pdf", bytes.NewReader(fixture.PDF("x")))
	require.True(t, fault.Is(err, fault.Forbidden), "%v", err)
	_, _, err = a.signee(a.EnInstructeur(), in)
	require.True(t, fault.HasCode(err, convention.CodeFichierImportInconnu), "the file is its author's: %v", err)
	_, err = a.Importation.RecevoirDocument(context.Background(), auteur, "x.pdf", bytes.NewReader([]byte("MZ not a pdf")))
	require.True(t, fault.HasCode(err, "PDF_REQUIS"), "DO-06: %v", err)
	require.Equal(t, 1, a.Compter(`SELECT count(*) FROM revision`), "a refused file leaves nothing")
}

func TestCC20EchecDeLaPublicationNeLaisseRien(t *testing.T) {
	a := nouvelAtelier(t)
	p := a.EnBailleur()
	in := a.demande(p)
	a.Executer(`UPDATE revision_fichier SET antivirus = 'INFECTE'`) // the verdict came meanwhile
	_, _, err := a.signee(p, in)
	require.Error(t, err)
	require.Zero(t, a.Compter(`SELECT count(*) FROM convention`))
	require.Zero(t, a.Compter(`SELECT count(*) FROM convention_historique`))
	require.Equal(t, 1, a.Compter(`SELECT count(*) FROM revision WHERE statut = 'pending'`))
}
