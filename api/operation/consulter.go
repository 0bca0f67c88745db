package operation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"apilos/api/auth"
	"apilos/api/fault"
	"apilos/api/siap"
)

// Provenance says whose description of an operation is shown.
type Provenance string

// Provenances.
const (
	DepuisSIAP  Provenance = "siap"
	DepuisLocal Provenance = "local"
)

// Vue is what the page of an operation shows (06 §1.11).
type Vue struct {
	Provenance Provenance
	LuLe       time.Time
	// Operation is as SIAP describes it, or as stored when SIAP did not answer. Its ID is 0 when there
	// is no local operation in the perimeter.
	Operation      Operation
	Bailleur       BailleurVu
	Administration *AdministrationVue
	Financements   []FinancementVu
	Avenants       []ConventionOperation
	OperationIDs   []int64    // local roots of the perimeter, for the lines of the list
	Manquantes     []CodeAide // financements without convention, that a synchronisation would create
	Messages       []Message
	PeutCreer      bool // the synchronisation is worth asking for
}

// BailleurVu names a bailleur; UUID is empty when it is not known here. Siren is empty for a private
// owner (00 decision 11).
type BailleurVu struct {
	UUID, Nom, Siren string
}

// AdministrationVue names a service.
type AdministrationVue struct {
	Nom, Code string
}

// FinancementVu groups the conventions of one financement.
type FinancementVu struct {
	Financement CodeAide
	NbLogements int
	TypeHabitat string
	Conventions []ConventionOperation
}

// Consulter returns what p may see of an operation, without writing anything (CC-13). An outage or a
// refusal of SIAP leaves the local view (CR-08, CR-09). It fails with PROGRAMME_INTROUVABLE when neither
// SIAP nor the perimeter knows the number, and SIAP_NON_AUTORISE when SIAP refuses and nothing is
// visible here.
func (s *Service) Consulter(ctx context.Context, p auth.Principal, numero string) (Vue, error) {
	if !p.Peut(auth.ViewConvention) {
		return Vue{}, fault.PermissionRefusee()
	}
	brut, normalise, err := numeroLisible(numero)
	if err != nil {
		return Vue{}, err
	}
	c := &consultation{s: s, p: p, brut: brut, numero: normalise}
	if err := c.charger(ctx); err != nil {
		return Vue{}, fmt.Errorf("read operation %s: %w", normalise, err)
	}
	dto, message, err := s.interroger(ctx, p, brut)
	if err != nil {
		return Vue{}, err
	}
	c.vue.LuLe = s.horloge().UTC()
	if message != nil {
		return c.locale(*message)
	}
	if err := c.siap(ctx, dto); err != nil {
		return Vue{}, fmt.Errorf("read operation %s: %w", normalise, err)
	}
	return c.vue, nil
}

// interroger asks SIAP; a failure that people can work with is a message.
func (s *Service) interroger(ctx context.Context, p auth.Principal, numero string) (siap.OperationDTO, *Message, error) {
	if p.Login == "" || p.HabilitationID == 0 {
		m := messageSansHabilitation()
		return siap.OperationDTO{}, &m, nil
	}
	dto, err := s.source.Operation(ctx, p.Login, p.HabilitationID, numero)
	if err == nil {
		return dto, nil, nil
	}
	m, _, err := echecSIAP(err, numero)
	if err != nil {
		return siap.OperationDTO{}, nil, fmt.Errorf("read operation %s in SIAP: %w", numero, err)
	}
	return siap.OperationDTO{}, &m, nil
}

type consultation struct {
	s            *Service
	p            auth.Principal
	brut, numero string
	vue          Vue
	racines      []Racine              // of the perimeter
	visibles     []ConventionOperation // idem
}

func (c *consultation) charger(ctx context.Context) error {
	var err error
	if c.racines, err = c.s.store.RacinesVisibles(ctx, c.p, c.numero); err != nil {
		return err
	}
	if c.visibles, err = c.s.store.ConventionsVisibles(ctx, c.p, c.numero); err != nil {
		return err
	}
	for _, r := range c.racines {
		c.vue.OperationIDs = append(c.vue.OperationIDs, r.ID)
	}
	for _, v := range c.visibles {
		if v.ParentID != nil {
			c.vue.Avenants = append(c.vue.Avenants, v)
		}
	}
	return nil
}

// locale is the view without SIAP.
func (c *consultation) locale(m Message) (Vue, error) {
	c.vue.Provenance, c.vue.Messages = DepuisLocal, []Message{m}
	c.vue.Operation.NumeroOperation = c.brut
	if len(c.racines) > 0 {
		c.decrire(c.racines[0])
	} else if len(c.visibles) == 0 {
		switch m.Code {
		case CodeInconnueSIAP, CodeSIAPRefus:
			introuvable := messageProgrammeIntrouvable(c.brut)
			return Vue{}, fault.New(fault.NotFound, introuvable.Code, m.Detail+" "+introuvable.Detail)
		case CodeSIAPNonAutorise:
			return Vue{}, fault.New(fault.Forbidden, m.Code, "Accès refusé par le SIAP pour votre habilitation. Choisissez une autre habilitation, ou demandez l’accès à l’opération dans le SIAP.")
		}
	}
	c.grouper(nil)
	return c.vue, nil
}

func (c *consultation) decrire(r Racine) {
	c.vue.Operation = r.Operation
	c.vue.Bailleur = bailleurVu(r)
	if r.AdministrationCode != nil {
		c.vue.Administration = &AdministrationVue{valeurOu(r.AdministrationNom, ""), *r.AdministrationCode}
	}
}

// siap is the view of an operation that SIAP knows.
func (c *consultation) siap(ctx context.Context, dto siap.OperationDTO) error {
	plan, refus := lireReponse(dto, c.numero)
	c.vue.Provenance = DepuisSIAP
	c.vue.Operation = plan.Operation
	if len(c.racines) > 0 {
		c.vue.Operation.ID, c.vue.Operation.UUID = c.racines[0].ID, c.racines[0].UUID
	}
	c.vue.Bailleur = BailleurVu{Nom: plan.Bailleur.Nom, Siren: sirenPublic(plan.Bailleur)}
	if len(c.racines) > 0 && c.racines[0].BailleurIdentifiant == plan.Bailleur.Identifiant {
		c.vue.Bailleur.UUID = c.racines[0].BailleurUUID.String()
	}
	if plan.Administration.Code != "" {
		c.vue.Administration = &AdministrationVue{plan.Administration.Nom, plan.Administration.Code}
	}
	c.grouper(&plan)
	c.vue.Messages = append(c.vue.Messages, doubles(plan, c.visibles)...)
	if refus != nil {
		c.vue.Messages = append(c.vue.Messages, messageDe(refus))
		return nil
	}
	return c.prevoir(ctx, plan)
}

// prevoir tells what a synchronisation by the same person would do.
func (c *consultation) prevoir(ctx context.Context, plan Plan) error {
	racines, err := c.s.store.Racines(ctx, c.numero)
	if err != nil {
		return err
	}
	toutes, err := c.s.store.Conventions(ctx, c.numero)
	if err != nil {
		return err
	}
	situation, err := c.s.situation(ctx, plan, racines)
	if err != nil {
		return err
	}
	permis, err := c.s.store.DansPerimetre(ctx, c.p, situation)
	if err != nil {
		return err
	}
	if !permis {
		if c.p.Peut(auth.AddConvention) {
			c.vue.Messages = append(c.vue.Messages, messageDe(horsPerimetre(c.brut)))
		}
		return nil
	}
	if f := c.obstacle(plan, racines, toutes); f != nil {
		c.vue.Messages = append(c.vue.Messages, messageDe(f))
		return nil
	}
	for _, l := range manquants(plan, toutes) {
		c.vue.Manquantes = append(c.vue.Manquantes, l.Aide)
	}
	if plan.Operation.SecondeVie && len(c.vue.Manquantes) > 0 {
		m, err := c.s.attenteSecondeVie(ctx, c.numero)
		if err != nil {
			return err
		}
		if m != nil {
			c.vue.Messages = append(c.vue.Messages, *m)
		}
	}
	c.vue.PeutCreer = c.p.Peut(auth.AddConvention)
	return nil
}

// obstacle is the reason why a synchronisation would create nothing; a mere duplicate is told too.
func (c *consultation) obstacle(plan Plan, racines []Racine, toutes []ConventionOperation) *fault.Error {
	if len(racines) > 1 {
		f, conflit := doublon(c.brut, racines)
		if conflit {
			return f
		}
		c.vue.Messages = append(c.vue.Messages, messageDe(f))
	}
	if incoherent(plan, racines, toutes) {
		return sansTravauxIncoherent()
	}
	departement, nature := plan.Operation.CodeInseeDepartement, plan.Operation.NatureLogement
	if len(racines) > 0 {
		o := racines[0].Operation
		departement = premierCode(o.CodeInseeDepartement, departement)
		if HorsRegleOutreMer(departement, nature) {
			nature = o.NatureLogement
		}
	}
	if HorsRegleOutreMer(departement, nature) {
		return outreMerNature(*departement)
	}
	return nil
}

// grouper sorts the visible conventions by financement: those of SIAP first, then what only the
// platform knows. A convention with several lots is in each of its groups.
func (c *consultation) grouper(plan *Plan) {
	if plan != nil {
		for _, l := range plan.Lots {
			c.vue.Financements = append(c.vue.Financements, FinancementVu{Financement: l.Aide, NbLogements: l.NbLogements, TypeHabitat: l.TypeHabitat})
		}
	}
	prevus := len(c.vue.Financements)
	for _, conv := range c.visibles {
		if conv.ParentID != nil {
			continue
		}
		for i, f := range conv.Financements {
			g := c.groupe(f)
			g.Conventions = append(g.Conventions, conv)
			if g.TypeHabitat == "" {
				g.TypeHabitat = conv.TypesHabitat[i]
			}
			local := slices.IndexFunc(c.vue.Financements, func(v FinancementVu) bool { return v.Financement == f }) >= prevus
			if local && conv.active() {
				g.NbLogements += conv.NbLogements[i]
			}
		}
	}
}

func (c *consultation) groupe(f CodeAide) *FinancementVu {
	i := slices.IndexFunc(c.vue.Financements, func(v FinancementVu) bool { return v.Financement == f })
	if i < 0 {
		c.vue.Financements = append(c.vue.Financements, FinancementVu{Financement: f})
		i = len(c.vue.Financements) - 1
	}
	return &c.vue.Financements[i]
}
