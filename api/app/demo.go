package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/compte"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/operation"
	"apilos/api/siap"
	"apilos/api/sim"
	"apilos/api/store"
	"github.com/google/uuid"
)

// demonstration plays what people would have done in the last weeks: operations opened from the
// simulated SIAP, files submitted, commented, validated and signed, with the services of the product.
// Nothing leaves the platform meanwhile.
type demonstration struct {
	db         *store.DB
	comptes    *compte.Service
	operations *operation.Service
	conv       *convention.Service
	scenario   *sim.Scenario
	heure      time.Time // of the play
	sortie     io.Writer
}

// muet drops the messages of the play: they would tell real inboxes of things long past.
type muet struct{}

func (muet) Emettre(context.Context, alert.Evenement) error { return nil }

const jourDemo = 24 * time.Hour

// semerDemo writes the demonstration data once; a platform that already has conventions is left as it is.
func semerDemo(ctx context.Context, p *pieces, sortie io.Writer) error {
	deja, err := p.db.ADesConventions(ctx)
	if err != nil || deja {
		return err
	}
	scenario, err := sim.Load("demo")
	if err != nil {
		return fmt.Errorf("demonstration data: %w", err)
	}
	d := &demonstration{db: p.db, comptes: p.comptes, scenario: scenario, heure: time.Now().Add(-45 * jourDemo), sortie: sortie}
	horloge := func() time.Time { return d.heure }
	moteur, err := p.moteur(horloge, nil)
	if err != nil {
		return fmt.Errorf("demonstration data: %w", err)
	}
	if d.conv, err = p.conventions(moteur, muet{}, nil, horloge); err != nil {
		return fmt.Errorf("demonstration data: %w", err)
	}
	depot := store.NewOperationStore(p.db)
	d.operations = operation.NewService(sourceDemo{scenario}, depot, d.conv, depot, horloge)
	if err := d.jouer(ctx); err != nil {
		return fmt.Errorf("demonstration data: %w", err)
	}
	return nil
}

// sourceDemo reads operations in the scenario itself: the play does not need the simulator's server.
type sourceDemo struct{ scenario *sim.Scenario }

func (s sourceDemo) Operation(_ context.Context, _ string, _ int64, numero string) (siap.OperationDTO, error) {
	dto, err := s.scenario.OperationDTO(numero)
	if err != nil {
		return dto, errors.Join(siap.ErrNotFound, err)
	}
	return dto, nil
}

func (s sourceDemo) RefreshOperation(ctx context.Context, login string, hab int64, numero string) (siap.OperationDTO, error) {
	return s.Operation(ctx, login, hab, numero)
}

func (d *demonstration) avancer(jours int) { d.heure = d.heure.Add(time.Duration(jours) * jourDemo) }

// entrer signs someone of the scenario in, through the real services, and out again.
func (d *demonstration) entrer(ctx context.Context, login string) (auth.Principal, error) {
	u, ok := d.scenario.Users[login]
	if !ok {
		return auth.Principal{}, fmt.Errorf("unknown login %s", login)
	}
	appel := compte.Appel{Agent: "données de démonstration"}
	c := u.Cerbere
	ouverte, err := d.comptes.OuvrirSession(ctx, compte.Ouverture{
		Identite: compte.Identite{ID: c.ID, Login: login, Nom: c.Nom, Prenom: c.Prenom, Email: c.Mel}, Appel: appel,
	})
	if err != nil {
		return auth.Principal{}, fmt.Errorf("sign %s in: %w", login, err)
	}
	acces, err := d.comptes.Rafraichir(ctx, compte.Demande{Jeton: ouverte.Jeton, Appel: appel})
	if err != nil {
		return auth.Principal{}, fmt.Errorf("sign %s in: %w", login, err)
	}
	p, err := d.comptes.Authenticate(ctx, acces.AccessToken)
	if err != nil {
		return auth.Principal{}, fmt.Errorf("sign %s in: %w", login, err)
	}
	return p, d.comptes.Fermer(ctx, acces.Jeton, appel)
}

// ouvrir opens an operation and returns its conventions by financement.
func (d *demonstration) ouvrir(ctx context.Context, p auth.Principal, numero string) (map[string]uuid.UUID, error) {
	res, err := d.operations.Synchroniser(ctx, p, operation.Demande{Numero: numero})
	if err != nil {
		return nil, fmt.Errorf("open operation %s: %w", numero, err)
	}
	out := map[string]uuid.UUID{}
	for _, r := range append(res.Creees, res.Existantes...) {
		out[string(r.Financement)] = r.UUID
	}
	return out, nil
}

// faire carries out a transition at the hour of the play.
func (d *demonstration) faire(ctx context.Context, p auth.Principal, id uuid.UUID, code convention.Code, cmd convention.Commande) error {
	dos, err := d.conv.Lire(ctx, p, id)
	if err != nil {
		return fmt.Errorf("%s: %w", code, err)
	}
	cmd.Version = dos.Convention.Version
	if _, err := d.conv.Executer(ctx, p, id, code, cmd); err != nil {
		return fmt.Errorf("%s on %s: %w", code, dos.Titre(), err)
	}
	return nil
}

type remarque struct{ objet, champ, message string }

func (d *demonstration) commenter(ctx context.Context, p auth.Principal, id uuid.UUID, remarques ...remarque) ([]uuid.UUID, error) {
	var out []uuid.UUID
	for _, r := range remarques {
		c, err := d.conv.Commenter(ctx, p, id, convention.NouveauCommentaire{NomObjet: r.objet, ChampObjet: r.champ, Message: r.message})
		if err != nil {
			return nil, fmt.Errorf("comment %s: %w", r.champ, err)
		}
		out = append(out, c.UUID)
	}
	return out, nil
}

// signer deposits a small PDF and gives the signature date.
func (d *demonstration) signer(ctx context.Context, p auth.Principal, id uuid.UUID) error {
	dos, err := d.conv.Lire(ctx, p, id)
	if err != nil {
		return err
	}
	_, err = d.conv.Deposer(ctx, p, id, convention.Depot{
		Version: dos.Convention.Version, Rubrique: convention.RubriqueDocumentSigne, Nom: "convention_signee.pdf",
		Contenu: bytes.NewReader(pdfDemo("Convention " + *dos.Convention.Numero + " (document de demonstration)")),
	})
	if err != nil {
		return fmt.Errorf("deposit signed file: %w", err)
	}
	jour := date.InParis(d.heure)
	return d.faire(ctx, p, id, convention.Signer, convention.Commande{DateSignature: &jour})
}

// pdfDemo writes a one-page PDF by hand: the product generates documents elsewhere.
func pdfDemo(texte string) []byte {
	var b bytes.Buffer
	var debuts []int
	objet := func(corps string) {
		debuts = append(debuts, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(debuts), corps)
	}
	b.WriteString("%PDF-1.4\n")
	objet("<< /Type /Catalog /Pages 2 0 R >>")
	objet("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	objet("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>")
	contenu := "BT /F1 16 Tf 60 760 Td (" + texte + ") Tj ET"
	objet(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(contenu), contenu))
	objet("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(debuts)+1)
	for _, o := range debuts {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(debuts)+1, table)
	return b.Bytes()
}
