package depot

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"apilos/api/fault"
	"apilos/api/revision"
)

// Genre is the nature "bal" of the revision engine: public, for API clients, one file per revision.
type Genre struct{ s *Service }

// Genre returns the nature to register in the engine.
func (s *Service) Genre() Genre { return Genre{s} }

var _ revision.Genre = Genre{}

// Nature implements revision.Genre.
func (Genre) Nature() revision.Nature { return revision.Bal }

// Libelle implements revision.Genre.
func (Genre) Libelle() string { return "Base Adresse Locale" }

// Fichiers implements revision.Genre: one file, never replaced (07 section 4.3).
func (g Genre) Fichiers() []revision.TypeFichier {
	return []revision.TypeFichier{{Type: revision.FichierBal, Max: g.s.c.Reglages.TailleMax, TypeMime: "text/csv", Obligatoire: true}}
}

// Portee implements revision.Genre: the commune was checked by the route, which alone knows whether former
// codes pass; here any known one does, for an active client.
func (g Genre) Portee(_ context.Context, a revision.Acteur, typ, cle string) error {
	switch {
	case typ != PorteeCommune || !g.s.c.Cog.Connue(cle):
		return ErrCommuneInconnue()
	case a.ClientID == "":
		return fault.New(fault.Forbidden, "CLIENT_REQUIS", "Une Base Adresse Locale est déposée au nom d’un client de l’API de dépôt")
	}
	return nil
}

// PeutLire implements revision.Genre: revisions of addresses are public.
func (Genre) PeutLire(context.Context, revision.Acteur, *revision.Revision) error { return nil }

// PeutEcrire implements revision.Genre.
func (Genre) PeutEcrire(_ context.Context, a revision.Acteur, r *revision.Revision) error {
	if a.Admin || PeutAdministrer(a.Principal) || (a.ClientID != "" && a.ClientID == valeur(r.ClientID)) {
		return nil
	}
	return ErrPasProprietaire()
}

// PeutPublier implements revision.Genre.
func (g Genre) PeutPublier(ctx context.Context, a revision.Acteur, r *revision.Revision) error {
	return g.PeutEcrire(ctx, a, r)
}

// cleClient carries the client that authenticated the request, so that the steps do not read it again.
type cleClient struct{}

// AvecClient puts the client of the request in a context.
func AvecClient(ctx context.Context, c *ClientDetail) context.Context {
	if c == nil {
		return ctx
	}
	return context.WithValue(ctx, cleClient{}, c)
}

// clientDe returns the client of a revision: that of the request, or the stored one.
func (s *Service) clientDe(ctx context.Context, r *revision.Revision) (*ClientDetail, error) {
	id := valeur(r.ClientID)
	if c, ok := ctx.Value(cleClient{}).(*ClientDetail); ok && c.ID == id {
		return c, nil
	}
	c, err := s.c.Store.Client(ctx, id)
	if err == nil && c == nil {
		err = fmt.Errorf("client %s of revision %s is missing", id, r.ID)
	}
	return c, err
}

// Valider implements revision.Genre: the format of the file, then the rules of the deposit.
func (g Genre) Valider(ctx context.Context, e revision.Entree) (revision.Validation, error) {
	f, ok := e.Fichier(revision.FichierBal)
	if !ok {
		return revision.Validation{}, fmt.Errorf("revision %s has no address file", e.Revision.ID)
	}
	j, err := g.s.juger(ctx, f.Ouvrir, e.Revision.PorteeCle, e.Horloge)
	if err != nil {
		return revision.Validation{}, err
	}
	if !j.lu {
		return j.v, nil
	}
	client, err := g.s.clientDe(ctx, e.Revision)
	if err != nil {
		return revision.Validation{}, err
	}
	horsPerimetre := false
	if client.ChefDeFileID != nil {
		ps, err := g.s.c.Store.Perimetres(ctx, *client.ChefDeFileID)
		if err != nil {
			return revision.Validation{}, err
		}
		horsPerimetre = !g.s.dansPerimetre(e.Revision.PorteeCle, ps)
	}
	ajouterRegles(&j.v, constat{
		autreCommune: j.autreCommune, horsPerimetre: horsPerimetre, dernier: g.dernier(ctx, e), nouveau: valeurEntiere(j.v.RowsCount),
	})
	return j.v, nil
}

// dernier is the number of rows to compare with: that of the current revision, 0 when it does not say; else
// the number of addresses that the BAN knows.
func (g Genre) dernier(ctx context.Context, e revision.Entree) int {
	if e.Courante == nil {
		if g.s.c.BAN == nil {
			return 0
		}
		return g.s.c.BAN.NbNumeros(ctx, e.Revision.PorteeCle)
	}
	var v struct {
		RowsCount *int `json:"rowsCount"`
	}
	if err := json.Unmarshal(e.Courante.Validation, &v); err != nil {
		return 0
	}
	return valeurEntiere(v.RowsCount)
}

func valeurEntiere(p *int) int {
	if p == nil {
		return 0
	}
	return *p
}

// instantane is what a revision keeps of the habilitation that allowed it: never the address nor the PIN.
type instantane struct {
	ID          string            `json:"id"`
	CodeCommune string            `json:"codeCommune"`
	CreeLe      string            `json:"createdAt"`
	MisAJourLe  string            `json:"updatedAt"`
	Strategie   *preuveInstantane `json:"strategy"`
}

type preuveInstantane struct {
	Type string `json:"type"`
}

// FormatDate is that of the contract: UTC, with milliseconds.
const FormatDate = "2006-01-02T15:04:05.000Z"

// DateContrat writes an instant as the contract does.
func DateContrat(t time.Time) string { return t.UTC().Format(FormatDate) }

// AvantPublier implements revision.Genre: the rule of the habilitation (07 section 4.5, step 3).
func (g Genre) AvantPublier(ctx context.Context, p *revision.EnPublication) error {
	if p.Publication.SansHabilitation && (p.Acteur.Admin || PeutAdministrer(p.Acteur.Principal)) {
		return nil
	}
	client, err := g.s.clientDe(ctx, p.Revision)
	if err != nil || client.Strategie != StrategieHabilitation {
		return err
	}
	id := p.Publication.HabilitationID
	if id == "" {
		return errHabilitationRequise(client.Nom)
	}
	h, err := g.s.Habilitation(ctx, id)
	if err != nil && fault.As(err) == nil {
		return err
	}
	if h == nil || h.ClientID != client.ID || h.CodeCommune != p.Revision.PorteeCle || !h.ValideLe(p.Le) {
		return errHabilitationInvalide(id)
	}
	i := instantane{ID: h.ID, CodeCommune: h.CodeCommune, CreeLe: DateContrat(h.CreeLe), MisAJourLe: DateContrat(h.MisAJourLe)}
	if preuve := h.Preuve(); preuve != nil {
		i.Strategie = &preuveInstantane{preuve.Type}
	}
	p.Habilitation = jsonDe(i)
	return nil
}

// ApresPublier implements revision.Genre: what is told to others leaves with the transaction.
func (g Genre) ApresPublier(ctx context.Context, p *revision.EnPublication) error {
	messages, err := g.s.avis(ctx, p)
	if err != nil || len(messages) == 0 {
		return err
	}
	return g.s.c.Messages.Envoyer(ctx, messages...)
}
