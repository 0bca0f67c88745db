package genre_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"io"
	"strings"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"apilos/api/revision"
	"apilos/api/revision/coffre"
	"apilos/api/revision/controle"
	"apilos/api/revision/genre"
	"apilos/api/storage"
	"apilos/api/store"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// temoin keeps the events that would leave.
type temoin struct{ evenements []alert.Evenement }

func (t *temoin) Emettre(_ context.Context, e alert.Evenement) error {
	t.evenements = append(t.evenements, e)
	return nil
}

// analyses is the queue of the antivirus.
type analyses struct{ ids []int64 }

func (a *analyses) AnalyserFichier(_ context.Context, id int64) error {
	a.ids = append(a.ids, id)
	return nil
}

// scanner finds a virus in what holds the word VIRUS.
type scanner struct{ muet bool }

func (s *scanner) Analyser(_ context.Context, r io.Reader) (bool, error) {
	if s.muet {
		return false, errors.New("connection refused")
	}
	b, err := io.ReadAll(r)
	return bytes.Contains(b, []byte("VIRUS")), err
}

type banc struct {
	*fixture.Monde
	t        *testing.T
	objets   storage.Store
	conv     *convention.Service
	moteur   *revision.Service
	scanner  *scanner
	analyses *analyses
	temoin   *temoin
	bailleur auth.Principal
	service  auth.Principal
}

func nouveauBanc(t *testing.T, antivirus bool) *banc {
	t.Helper()
	t.Parallel()
	local, err := storage.NewLocal(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = local.Close() })
	b := &banc{Monde: fixture.Nouveau(t), t: t, objets: local, scanner: &scanner{}, analyses: &analyses{}, temoin: &temoin{}}
	ids, err := revision.NewIdentifiants(time.Now, rand.Reader)
	require.NoError(t, err)
	cfg := revision.Config{Store: store.NewRevisions(b.Store), Coffre: coffre.New(local), Identifiants: ids, Horloge: time.Now}
	var file convention.Analyseur
	if antivirus {
		cfg.Scanner, file = b.scanner, b.analyses
	}
	b.moteur, err = revision.New(cfg)
	require.NoError(t, err)
	b.conv = convention.NewService(b.Store, b.temoin, genre.Depots{Moteur: b.moteur, Coffre: coffre.New(local)}, file, time.Now)
	require.NoError(t, b.moteur.Enregistrer(genre.Natures(b.conv)...))
	b.bailleur, b.service = b.EnBailleur(), b.EnInstructeur()
	return b
}

func unPNG(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, image.NewGray(image.Rect(0, 0, 20, 10))))
	return out.Bytes()
}

type piece struct {
	typ, nom string
	contenu  []byte
}

func (b *banc) publier(p auth.Principal, n revision.Nature, cle string, pieces ...piece) (*revision.Revision, error) {
	depots := func(yield func(revision.Depot, error) bool) {
		for _, x := range pieces {
			if !yield(revision.Depot{Type: x.typ, Nom: x.nom, Contenu: bytes.NewReader(x.contenu), TailleAnnoncee: -1}, nil) {
				return
			}
		}
	}
	return b.moteur.PublierEnUnAppel(context.Background(), revision.Personne(p), revision.Creation{Nature: n, PorteeType: "convention", PorteeCle: cle}, depots, revision.Publication{})
}

func (b *banc) enVigueur(rubrique string) int {
	return b.Compter(`SELECT count(*) FROM fichier_rattache WHERE rubrique = $1 AND remplace_le IS NULL`, rubrique)
}

// TestRevision_12_effectOfPublication: what each nature writes, and where.
func TestRevision_12_effectOfPublication(t *testing.T) {
	b := nouveauBanc(t, false)
	pdf, img := fixture.PDF("x"), unPNG(t)
	projet, signee := b.Convention(fixture.Conv{}), b.Convention(fixture.Conv{Statut: convention.Signee})
	aSigner, enPublication := b.Convention(fixture.Conv{Statut: convention.ASigner}), b.Convention(fixture.Conv{Statut: convention.PublicationEnCours})
	denonciation := b.Avenant(signee, convention.Projet, "denonciation")
	docx := docxValide(t)
	for nom, c := range map[string]struct {
		p         auth.Principal
		nature    revision.Nature
		cle       string
		pieces    []piece
		rubrique  string
		operation bool
	}{
		"signed":       {b.bailleur, revision.ConventionSignee, aSigner.String(), []piece{{"document", "signée.pdf", pdf}}, "DOCUMENT_SIGNE", false},
		"published":    {b.service, revision.PublicationFonciere, enPublication.String(), []piece{{"document", "spf.pdf", pdf}}, "DOCUMENT_PUBLIE", false},
		"annexe":       {b.bailleur, revision.Annexe, projet.String() + ":vendeur", []piece{{"piece:1", "a.png", img}, {"piece:2", "b.png", img}}, "VENDEUR", true},
		"other piece":  {b.bailleur, revision.Annexe, projet.String() + ":autre", []piece{{"piece:1", "a.pdf", pdf}}, "PIECE_JOINTE", false},
		"for comments": {b.bailleur, revision.Annexe, projet.String() + ":commentaires", []piece{{"piece:1", "a.pdf", pdf}}, "COMMENTAIRES", false},
		"plan":         {b.service, revision.Plan, projet.String() + ":plan", []piece{{"plan", "plan.pdf", pdf}}, "PLAN", true},
		"cerfa":        {b.service, revision.CerfaSurcharge, projet.String(), []piece{{"document", "cerfa.docx", docx}}, "CERFA_PERSONNALISE", false},
		"procedure":    {b.bailleur, revision.Instruction, denonciation.String(), []piece{{"piece:1", "lettre.pdf", pdf}}, "INSTRUCTION_DENONCIATION", false},
	} {
		r, err := b.publier(c.p, c.nature, c.cle, c.pieces...)
		require.NoError(t, err, nom)
		require.True(t, r.Courante)
		require.Equal(t, len(c.pieces), b.enVigueur(c.rubrique), nom)
		require.Equal(t, len(c.pieces), b.Compter(`SELECT count(*) FROM fichier_rattache a JOIN revision_fichier f ON f.fichier_id = a.fichier_id
			JOIN fichier x ON x.id = a.fichier_id AND x.cle_objet = f.cle_objet AND x.depose_par_id = $3
			WHERE a.rubrique = $1 AND a.revision_id = $2 AND (a.operation_id IS NOT NULL) = $4`, c.rubrique, r.ID, c.p.UtilisateurID, c.operation), nom)
	}
	require.NoError(t, b.Store.VerifierJournaux(context.Background()), "CC-32")

	// The slot is replaced as a whole, and the previous files are archived.
	_, err := b.publier(b.bailleur, revision.Annexe, projet.String()+":vendeur", piece{"piece:1", "c.png", img})
	require.NoError(t, err)
	require.Equal(t, 1, b.enVigueur("VENDEUR"))
	require.Equal(t, 2, b.Compter(`SELECT count(*) FROM fichier_rattache WHERE rubrique = 'VENDEUR' AND remplace_par_id = $1`, b.bailleur.UtilisateurID))
}

// TestRevision_12_hiddenActe: the acte of a résiliation asked for by the service does not exist for the bailleur until it
// is validated (02 §3.8), word for word.
func TestRevision_12_hiddenActe(t *testing.T) {
	b := nouveauBanc(t, false)
	avenant := b.Avenant(b.Convention(fixture.Conv{Statut: convention.Signee}), convention.Projet, "resiliation")
	b.Executer(`ALTER TABLE convention_historique DISABLE TRIGGER USER`)
	b.Executer(`UPDATE convention_historique SET role_typologie = 'INSTRUCTEUR' WHERE convention_id = $1`, b.ID(avenant))
	b.Executer(`UPDATE convention SET cree_par_id = $2, date_resiliation = '2027-06-30' WHERE uuid = $1`, avenant, b.service.UtilisateurID)
	r, err := b.publier(b.service, revision.Instruction, avenant.String(), piece{"piece:1", "arrêté.pdf", fixture.PDF("x")})
	require.NoError(t, err)
	ctx, bailleur := context.Background(), revision.Personne(b.bailleur)
	_, err = b.moteur.Lire(ctx, bailleur, r.ID)
	_, inconnue := b.moteur.Lire(ctx, bailleur, "65f0c0ffee00000000000001")
	require.True(t, fault.Is(err, fault.NotFound), err)
	require.Equal(t, strings.ReplaceAll(inconnue.Error(), "65f0c0ffee00000000000001", r.ID), err.Error())
	_, err = b.moteur.Courante(ctx, bailleur, revision.Instruction, avenant.String())
	require.True(t, fault.Is(err, fault.NotFound), err)
	_, err = b.publier(b.bailleur, revision.Instruction, avenant.String(), piece{"piece:1", "lettre.pdf", fixture.PDF("y")})
	require.True(t, fault.Is(err, fault.NotFound), err)
	_, err = b.moteur.Lire(ctx, revision.Personne(b.service), r.ID)
	require.NoError(t, err)
	b.Executer(`UPDATE convention SET statut = 'RESILIEE' WHERE uuid = $1`, avenant)
	_, err = b.moteur.Lire(ctx, bailleur, r.ID)
	require.NoError(t, err)
}

// TestRevision_12_rights: who may create, and what a stranger learns.
func TestRevision_12_rights(t *testing.T) {
	b := nouveauBanc(t, false)
	projet, instruction := b.Convention(fixture.Conv{}).String(), b.Convention(fixture.Conv{Statut: convention.Instruction}).String()
	signee, aSigner := b.Convention(fixture.Conv{Statut: convention.Signee}).String(), b.Convention(fixture.Conv{Statut: convention.ASigner}).String()
	etranger, lecteur := b.EtrangerBailleur(), fixture.EnLecture(b.EnInstructeur())
	for nom, c := range map[string]struct {
		p       auth.Principal
		nature  revision.Nature
		cle     string
		attendu fault.Kind
	}{
		"annexe, bailleur, PROJET":            {b.bailleur, revision.Annexe, projet + ":vendeur", ""},
		"annexe, service, PROJET":             {b.service, revision.Annexe, projet + ":vendeur", ""},
		"annexe, bailleur, INSTRUCTION":       {b.bailleur, revision.Annexe, instruction + ":vendeur", fault.Conflict},
		"annexe, service, INSTRUCTION":        {b.service, revision.Annexe, instruction + ":vendeur", ""},
		"annexe, service, SIGNEE":             {b.service, revision.Annexe, signee + ":vendeur", fault.Conflict},
		"annexe, stranger":                    {etranger, revision.Annexe, projet + ":vendeur", fault.NotFound},
		"annexe, reader":                      {lecteur, revision.Annexe, projet + ":vendeur", fault.Forbidden},
		"annexe, nobody":                      {auth.Principal{}, revision.Annexe, projet + ":vendeur", fault.Forbidden},
		"unknown slot":                        {b.bailleur, revision.Annexe, projet + ":toit", fault.NotFound},
		"slot missing":                        {b.bailleur, revision.Annexe, projet, fault.NotFound},
		"slot where there is none":            {b.bailleur, revision.ConventionSignee, aSigner + ":x", fault.NotFound},
		"upper case would be another scope":   {b.bailleur, revision.Annexe, "6F1C1D52-6A0B-4C43-9A53-0C7A8F0C1A11:vendeur", fault.NotFound},
		"unknown convention":                  {b.bailleur, revision.Annexe, uuid.NewString() + ":vendeur", fault.NotFound},
		"signed, bailleur":                    {b.bailleur, revision.ConventionSignee, aSigner, ""},
		"signed, PROJET":                      {b.bailleur, revision.ConventionSignee, projet, fault.Conflict},
		"published, bailleur":                 {b.bailleur, revision.PublicationFonciere, signee, fault.Forbidden},
		"published, A_SIGNER":                 {b.service, revision.PublicationFonciere, aSigner, fault.Conflict},
		"cerfa, bailleur":                     {b.bailleur, revision.CerfaSurcharge, projet, fault.Forbidden},
		"cerfa, after validation":             {b.service, revision.CerfaSurcharge, aSigner, fault.Conflict},
		"procedure of an ordinary convention": {b.bailleur, revision.Instruction, projet, fault.Conflict},
	} {
		_, err := b.moteur.Creer(context.Background(), revision.Personne(c.p), revision.Creation{Nature: c.nature, PorteeType: "convention", PorteeCle: c.cle})
		if c.attendu == "" {
			require.NoError(t, err, nom)
			continue
		}
		require.True(t, fault.Is(err, c.attendu), "%s: %v", nom, err)
	}
	// A client of the deposit and its administrator see none of these natures.
	for _, a := range []revision.Acteur{{ClientID: "65f000000000000000000001"}, {Admin: true}} {
		_, err := b.moteur.Courante(context.Background(), a, revision.Annexe, projet+":vendeur")
		require.True(t, fault.Is(err, fault.NotFound))
	}
	// A reader reads, a stranger does not know.
	r, err := b.publier(b.bailleur, revision.Annexe, projet+":vendeur", piece{"piece:1", "a.png", unPNG(t)})
	require.NoError(t, err)
	_, err = b.moteur.Lire(context.Background(), revision.Personne(lecteur), r.ID)
	require.NoError(t, err)
	_, err = b.moteur.Lire(context.Background(), revision.Personne(etranger), r.ID)
	require.True(t, fault.Is(err, fault.NotFound))
	_, err = b.moteur.Restaurer(context.Background(), revision.Personne(lecteur), r.ID)
	require.True(t, fault.Is(err, fault.Forbidden))
}

// TestRevision_12_rightsAreAskedAgainWhenPublishing: the dossier moved between compute and publish.
func TestRevision_12_rightsAreAskedAgainWhenPublishing(t *testing.T) {
	b := nouveauBanc(t, false)
	ctx, a := context.Background(), revision.Personne(b.bailleur)
	id := b.Convention(fixture.Conv{})
	r, err := b.moteur.Creer(ctx, a, revision.Creation{Nature: revision.Annexe, PorteeType: "convention", PorteeCle: id.String() + ":vendeur"})
	require.NoError(t, err)
	img := unPNG(t)
	_, err = b.moteur.Deposer(ctx, a, r.ID, revision.Depot{Type: "piece:1", Nom: "a.png", Contenu: bytes.NewReader(img), TailleAnnoncee: int64(len(img))})
	require.NoError(t, err)
	_, err = b.moteur.Calculer(ctx, a, r.ID)
	require.NoError(t, err)
	_, err = b.moteur.Publier(ctx, a, r.ID, revision.Publication{Version: 7})
	require.True(t, fault.Is(err, fault.Stale), "CC-01: %v", err)
	b.Executer(`UPDATE convention SET statut = 'INSTRUCTION', soumis_le = now(), premiere_soumission_le = now() WHERE uuid = $1`, id)
	_, err = b.moteur.Publier(ctx, a, r.ID, revision.Publication{})
	require.True(t, fault.HasCode(err, "DEPOT_INTERDIT"), "%v", err)
	require.Zero(t, b.Compter(`SELECT count(*) FROM revision WHERE statut = 'published'`))
}

func TestRevision_12_validation(t *testing.T) {
	b := nouveauBanc(t, false)
	id := b.Convention(fixture.Conv{}).String()
	for nom, c := range map[string]struct {
		nature revision.Nature
		cle    string
		piece  piece
		code   string
	}{
		"PDF where an image is printed": {revision.Annexe, id + ":vendeur", piece{"piece:1", "a.pdf", fixture.PDF("x")}, genre.ErreurTypeRefuse},
		"wrong extension":               {revision.Annexe, id + ":autre", piece{"piece:1", "a.jpg", fixture.PDF("x")}, controle.TypeInattendu},
		"image that cannot be read":     {revision.Annexe, id + ":vendeur", piece{"piece:1", "a.png", unPNG(t)[:40]}, controle.ImageIllisible},
		"HEIC":                          {revision.Annexe, id + ":vendeur", piece{"piece:1", "a.heic", []byte("\x00\x00\x00\x18ftypheic")}, controle.ImageIllisible},
		"docx that does not open":       {revision.CerfaSurcharge, id, piece{"document", "a.docx", []byte("PK\x03\x04")}, controle.DocIllisible},
	} {
		p := b.service
		_, err := b.publier(p, c.nature, c.cle, c.piece)
		f := fault.As(err)
		require.NotNil(t, f, nom)
		require.Equal(t, revision.CodeRefuse, f.Code, nom)
		require.Equal(t, c.code, f.Fields[0].Code, nom)
		require.NotEqual(t, c.code, f.Fields[0].Detail, "%s: said in words", nom)
	}
	_, err := b.publier(b.service, revision.CerfaSurcharge, id, piece{"document", "a.docm", []byte("PK")})
	require.True(t, fault.HasCode(err, revision.CodeExtension), "%v", err)
	require.Zero(t, b.Compter(`SELECT count(*) FROM revision`), "nothing is left of refused deposits")

	r, err := b.publier(b.service, revision.Plan, id+":plan", piece{"plan", "plan.pdf", fixture.PDF("x")})
	require.NoError(t, err)
	var v revision.Validation
	require.NoError(t, json.Unmarshal(r.Validation, &v))
	require.Contains(t, v.Infos, "pdf.page_size:210x297")
}

// TestRevision_12_plans: a plan is that of a convention, of a version of the operation or of a lot, under the rules of the
// conventions it concerns; plans of different objects live side by side.
func TestRevision_12_plans(t *testing.T) {
	b := nouveauBanc(t, false)
	ctx := context.Background()
	plus := b.Convention(fixture.Conv{Statut: convention.Signee})
	var operation, lot uuid.UUID
	require.NoError(t, b.Base.Pool.QueryRow(ctx, `SELECT o.uuid, l.uuid FROM convention c JOIN operation o ON o.id = c.operation_id
		JOIN lot l ON l.convention_id = c.id WHERE c.uuid = $1`, plus).Scan(&operation, &lot))
	publier := func(p auth.Principal, typ string, id uuid.UUID) error {
		depots := func(yield func(revision.Depot, error) bool) {
			yield(revision.Depot{Type: "plan", Nom: "plan.pdf", Contenu: bytes.NewReader(fixture.PDF(id.String())), TailleAnnoncee: -1}, nil)
		}
		_, err := b.moteur.PublierEnUnAppel(ctx, revision.Personne(p), revision.Creation{Nature: revision.Plan, PorteeType: typ, PorteeCle: id.String() + ":plan"},
			depots, revision.Publication{})
		return err
	}
	require.True(t, fault.HasCode(publier(b.bailleur, "operation", operation), "DEPOT_INTERDIT"), "every convention of the operation is signed")
	b.Executer(`UPDATE convention SET statut = 'PROJET', signe_le = NULL, numero = NULL WHERE uuid = $1`, plus)
	for range 2 {
		require.NoError(t, publier(b.bailleur, "operation", operation))
		require.NoError(t, publier(b.service, "lot", lot))
		require.NoError(t, publier(b.service, "convention", plus))
	}
	require.Equal(t, 3, b.enVigueur("PLAN"), "each one replaced its own")
	for _, id := range []uuid.UUID{plus, operation, lot} {
		r, err := b.moteur.Courante(ctx, revision.Personne(b.bailleur), revision.Plan, id.String()+":plan")
		require.NoError(t, err)
		require.Equal(t, id.String()+":plan", r.PorteeCle)
	}
	require.Equal(t, 3, b.Compter(`SELECT count(*) FROM fichier_rattache WHERE rubrique = 'PLAN' AND remplace_le IS NOT NULL`))
	for nom, err := range map[string]error{
		"stranger":                      publier(b.EtrangerBailleur(), "operation", operation),
		"stranger, lot":                 publier(b.EtrangerBailleur(), "lot", lot),
		"a lot is no operation":         publier(b.service, "operation", lot),
		"a convention is no lot":        publier(b.service, "lot", plus),
		"unknown":                       publier(b.service, "lot", uuid.New()),
		"an operation is no convention": publier(b.service, "convention", operation),
	} {
		require.True(t, fault.Is(err, fault.NotFound), "%s: %v", nom, err)
	}
	require.True(t, fault.Is(publier(fixture.EnLecture(b.EnInstructeur()), "lot", lot), fault.Forbidden))
	require.True(t, fault.HasCode(publier(b.service, "commune", lot), "PORTEE_INVALIDE"))
	_, err := b.moteur.Creer(ctx, revision.Personne(b.service), revision.Creation{Nature: revision.Annexe, PorteeType: "lot", PorteeCle: lot.String() + ":vendeur"})
	require.True(t, fault.HasCode(err, "PORTEE_INVALIDE"), "plans only: %v", err)
}

// TestDO06_infectedFilesAreNeverPublished: natures scanned at compute.
func TestDO06_infectedFilesAreNeverPublished(t *testing.T) {
	b := nouveauBanc(t, true)
	ctx, a := context.Background(), revision.Personne(b.bailleur)
	cle := b.Convention(fixture.Conv{}).String() + ":autre"
	_, err := b.publier(b.bailleur, revision.Annexe, cle, piece{"piece:1", "a.pdf", fixture.PDF("VIRUS")})
	require.True(t, fault.HasCode(err, revision.CodeRefuse), "%v", err)
	require.Equal(t, revision.ErreurInfecte, fault.As(err).Fields[0].Code)
	require.Len(t, b.temoin.evenements, 1, "AL-T12, EM-06")
	ev := b.temoin.evenements[0]
	require.Equal(t, []any{"virus", "a.pdf", b.bailleur.UtilisateurID, int64(0), "antivirus"},
		[]any{ev.Transition, ev.FichierNom, ev.DeposeParID, ev.FichierID, ev.Acteur.Login})
	require.NotEmpty(t, ev.RevisionFichierID)
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'document.infecte' AND objet_uuid::text || ':autre' = $1`, cle))

	b.scanner.muet = true
	_, err = b.publier(b.bailleur, revision.Annexe, cle, piece{"piece:1", "a.pdf", fixture.PDF("x")})
	require.True(t, fault.HasCode(err, revision.CodeAntivirusMuet), "%v", err)
	b.scanner.muet = false
	r, err := b.publier(b.bailleur, revision.Annexe, cle, piece{"piece:1", "a.pdf", fixture.PDF("x")})
	require.NoError(t, err)
	require.Equal(t, "SAIN", r.Fichiers[0].Antivirus)
	require.Empty(t, b.analyses.ids, "scanned already")
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM fichier WHERE antivirus = 'SAIN'`))

	// Step by step, the bytes of an infected file go away at once and its revision never becomes ready.
	r, err = b.moteur.Creer(ctx, a, revision.Creation{Nature: revision.Annexe, PorteeType: "convention", PorteeCle: cle})
	require.NoError(t, err)
	f, err := b.moteur.Deposer(ctx, a, r.ID, revision.Depot{Type: "piece:1", Nom: "a.pdf", Contenu: bytes.NewReader(fixture.PDF("VIRUS")), TailleAnnoncee: -1})
	require.NoError(t, err)
	for range 2 {
		r, err = b.moteur.Calculer(ctx, a, r.ID)
		require.NoError(t, err)
		require.False(t, *r.Prete)
		require.Contains(t, string(r.Validation), revision.ErreurInfecte)
		_, err = b.objets.Stat(ctx, f.CleObjet)
		require.ErrorIs(t, err, storage.ErrNotFound)
		require.Len(t, b.temoin.evenements, 2, "computed twice, told once")
	}
	require.NotEqual(t, ev.RevisionFichierID, b.temoin.evenements[1].RevisionFichierID, "another file is another message")

	// A file that waits for its verdict is not published, whatever the result of an older compute.
	r, err = b.moteur.Creer(ctx, a, revision.Creation{Nature: revision.Annexe, PorteeType: "convention", PorteeCle: cle})
	require.NoError(t, err)
	pdf := fixture.PDF("y")
	_, err = b.moteur.Deposer(ctx, a, r.ID, revision.Depot{Type: "piece:1", Nom: "a.pdf", Contenu: bytes.NewReader(pdf), TailleAnnoncee: -1})
	require.NoError(t, err)
	_, err = b.moteur.Calculer(ctx, a, r.ID)
	require.NoError(t, err)
	b.Executer(`UPDATE revision_fichier SET antivirus = 'EN_ATTENTE' WHERE revision_id = $1`, r.ID)
	_, err = b.moteur.Publier(ctx, a, r.ID, revision.Publication{})
	require.True(t, fault.HasCode(err, revision.CodeImpossible), "%v", err)
	_, _, err = b.moteur.Fichier(ctx, a, r.ID, "piece:1")
	require.True(t, fault.HasCode(err, revision.CodeFichierBloque))
}

// TestDO06_signedDocument: the signature step, its verdict, its history, its restoration.
func TestDO06_signedDocument(t *testing.T) {
	b := nouveauBanc(t, true)
	ctx := context.Background()
	id := b.Convention(fixture.Conv{Statut: convention.Signee})
	deposer := func(texte string) convention.Document {
		d, err := b.conv.Lire(ctx, b.service, id)
		require.NoError(t, err)
		doc, err := b.conv.Deposer(ctx, b.service, id, convention.Depot{
			Version: d.Convention.Version, Rubrique: convention.RubriqueDocumentSigne, Nom: "signé.pdf", Contenu: bytes.NewReader(fixture.PDF(texte)),
		})
		require.NoError(t, err)
		require.Equal(t, "EN_ATTENTE", doc.Fichier.Antivirus)
		require.NotNil(t, doc.Rattache.RevisionID)
		return doc
	}
	courante := func() string {
		r, err := b.moteur.Courante(ctx, revision.Personne(b.service), revision.ConventionSignee, id.String())
		require.NoError(t, err)
		return r.ID
	}
	un := deposer("un")
	require.Equal(t, []int64{un.Fichier.ID}, b.analyses.ids)
	require.Equal(t, *un.Rattache.RevisionID, courante())
	require.NoError(t, b.conv.Verdict(ctx, un.Fichier.ID, "SAIN"))
	_, f, err := b.moteur.Fichier(ctx, revision.Personne(b.service), *un.Rattache.RevisionID, "document")
	require.NoError(t, err, "the revision knows the verdict")
	require.Equal(t, "SAIN", f.Antivirus)

	deux := deposer("deux")
	require.Equal(t, *deux.Rattache.RevisionID, courante())
	require.Equal(t, 1, b.enVigueur("DOCUMENT_SIGNE"))
	require.NoError(t, b.conv.Verdict(ctx, deux.Fichier.ID, "INFECTE"))
	require.Equal(t, *un.Rattache.RevisionID, courante(), "the previous one is back in force")
	require.Equal(t, 1, b.enVigueur("DOCUMENT_SIGNE"))
	_, err = b.objets.Stat(ctx, deux.Fichier.CleObjet)
	require.ErrorIs(t, err, storage.ErrNotFound)
	_, err = b.moteur.Restaurer(ctx, revision.Personne(b.service), *deux.Rattache.RevisionID)
	require.True(t, fault.HasCode(err, revision.CodeNonRestaurable))

	trois := deposer("trois")
	require.NoError(t, b.conv.Verdict(ctx, trois.Fichier.ID, "SAIN"))
	r, err := b.moteur.Restaurer(ctx, revision.Personne(b.service), *un.Rattache.RevisionID)
	require.NoError(t, err)
	_, err = b.moteur.Calculer(ctx, revision.Personne(b.service), r.ID)
	require.NoError(t, err)
	_, err = b.moteur.Publier(ctx, revision.Personne(b.service), r.ID, revision.Publication{})
	require.NoError(t, err)
	d, err := b.conv.Lire(ctx, b.service, id)
	require.NoError(t, err)
	require.Equal(t, un.Fichier.ID, d.DocumentCourant("DOCUMENT_SIGNE").Fichier.ID, "same file, no copy")
	require.Equal(t, 3, b.Compter(`SELECT count(*) FROM fichier`))
	require.NoError(t, b.Store.VerifierJournaux(ctx))
}

// TestSG01_cancelledDeposit: before the signature the document is archived and no revision is in force.
func TestSG01_cancelledDeposit(t *testing.T) {
	b := nouveauBanc(t, false)
	ctx := context.Background()
	id := b.Convention(fixture.Conv{Statut: convention.ASigner})
	d, err := b.conv.Lire(ctx, b.bailleur, id)
	require.NoError(t, err)
	in := convention.Depot{Version: d.Convention.Version, Rubrique: convention.RubriqueDocumentSigne, Nom: "a.pdf", Contenu: bytes.NewReader(fixture.PDF("x"))}
	doc, err := b.conv.Deposer(ctx, b.bailleur, id, in)
	require.NoError(t, err)
	in.Contenu = bytes.NewReader(fixture.PDF("y"))
	_, err = b.conv.Deposer(ctx, b.bailleur, id, in)
	require.True(t, fault.Is(err, fault.Stale), "CC-01: %v", err)
	require.NoError(t, b.conv.AnnulerDepot(ctx, b.bailleur, id, doc.Rattache.UUID, d.Convention.Version+1))
	require.Zero(t, b.enVigueur("DOCUMENT_SIGNE"))
	_, err = b.moteur.Courante(ctx, revision.Personne(b.bailleur), revision.ConventionSignee, id.String())
	require.True(t, fault.HasCode(err, revision.CodeSansCourante))

	for contenu, code := range map[string]string{"": "PDF_REQUIS", "MZ\x90": "PDF_REQUIS", "%PDF-1.7 abîmé": revision.CodeRefuse} {
		in.Version, in.Contenu = d.Convention.Version+2, bytes.NewReader([]byte(contenu))
		_, err = b.conv.Deposer(ctx, b.bailleur, id, in)
		require.True(t, fault.HasCode(err, code) && fault.Is(err, fault.Invalid), "%q: %v", contenu, err)
	}
	liste, err := b.objets.List(ctx, "", "", storage.MaxList)
	require.NoError(t, err)
	require.Len(t, liste, 1, "refused deposits leave nothing; the archived one stays (DO-07)")
}

// TestDO07_proofOfSignature goes with its document.
func TestDO07_proofOfSignature(t *testing.T) {
	b := nouveauBanc(t, false)
	cle := b.Convention(fixture.Conv{Statut: convention.ASigner}).String()
	_, err := b.publier(b.bailleur, revision.ConventionSignee, cle, piece{"document", "a.pdf", fixture.PDF("x")}, piece{"preuve", "p.pdf", fixture.PDF("p")})
	require.NoError(t, err)
	require.Equal(t, 1, b.enVigueur("PREUVE_SIGNATURE"))
	_, err = b.publier(b.bailleur, revision.ConventionSignee, cle, piece{"document", "b.pdf", fixture.PDF("y")})
	require.NoError(t, err)
	require.Zero(t, b.enVigueur("PREUVE_SIGNATURE"), "the proof of another document")
	require.Equal(t, 1, b.enVigueur("DOCUMENT_SIGNE"))
}
