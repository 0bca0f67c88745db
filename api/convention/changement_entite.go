package convention

import (
	"context"
	"fmt"
	"slices"
	"time"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"

	"github.com/google/uuid"
)

// Refusals of the changes of bailleur and of administration (02 §2.5).
const (
	CodeProgrammePartage      = "PROGRAMME_PARTAGE"
	CodeBailleurFige          = "BAILLEUR_FIGE"
	CodeBailleurHorsPerimetre = "BAILLEUR_HORS_PERIMETRE"
	CodeAdministrationAbsente = "ADMINISTRATION_INCONNUE"
)

// Commands of these changes, for the journal and the messages.
const (
	CommandeBailleur       = "changer_bailleur"
	CommandeAdministration = "changer_administration"
)

// cibleBailleur is the comment target of the choice of the bailleur: what opens it opens both changes.
const cibleBailleur = "bailleur__uuid"

// maxEntites is how many bailleurs or administrations a search proposes.
const maxEntites = 20

// Entite is a bailleur or an administration that may be chosen. Code is a SIREN ("" for a private bailleur) or the code
// of the service.
type Entite struct {
	ID   int64
	UUID uuid.UUID
	Nom  string
	Code string
}

// Voisine is a root convention of an operation.
type Voisine struct {
	ID     int64
	UUID   uuid.UUID
	Statut Statut
}

// ChoixBailleurs limits a search. All: no limit. Otherwise the bailleurs of these SIREN or of these ids.
type ChoixBailleurs struct {
	Tous   bool
	Sirens []string
	IDs    []int64
}

type storeEntites interface {
	// ChercherBailleurs searches a name or the beginning of a SIREN among the bailleurs of choix; id, when it is not
	// Nil, asks for that one only.
	ChercherBailleurs(ctx context.Context, choix ChoixBailleurs, q string, id uuid.UUID, limite int) ([]Entite, error)
	// ChercherAdministrations does the same among all the services.
	ChercherAdministrations(ctx context.Context, q string, id uuid.UUID, limite int) ([]Entite, error)
	// Voisines lists the root conventions of an operation, deleted ones left out.
	Voisines(ctx context.Context, operationID int64) ([]Voisine, error)
	// ChangerAdministration gives a service to the operations of every family of a root operation, raises the versions
	// and refreshes the lists; it locks the members after their roots, which the caller holds (CC-04). It returns how
	// many operations have changed.
	ChangerAdministration(ctx context.Context, operationID, administrationID int64, le time.Time) (int, error)
}

// Habilitations tells which bailleurs somebody stands for, whatever the one he acts under (PE-40).
type Habilitations interface {
	// SirensMorales are the SIREN of the valid habilitations MO_PERS_MORALE of p without région or for that one.
	SirensMorales(ctx context.Context, p auth.Principal, region string) ([]string, error)
}

// AvecHabilitations gives the bailleurs that a person may choose. Without it somebody of a bailleur only has his own.
func AvecHabilitations(h Habilitations) Option { return func(s *Service) { s.habilitations = h } }

// BailleurModifiable tells whether p may change the bailleur now, and why not (PE-40): a root at the statut PROJET, or
// an avenant of type bailleur that he may edit.
func (d *Dossier) BailleurModifiable(p auth.Principal) error {
	if !d.ModifiablePar(p).Accepte(cibleBailleur) {
		return fault.New(fault.Forbidden, "CHAMP_NON_MODIFIABLE", "Le choix du bailleur n’est pas ouvert à la modification.")
	}
	if !d.EstAvenant() && d.Convention.Statut != Projet {
		return fault.New(fault.Conflict, CodeBailleurFige, "Le bailleur d’une convention se change tant qu’elle est en projet, ensuite par un avenant.").
			With("statut_courant", string(d.Convention.Statut))
	}
	return nil
}

// AdministrationModifiable tells whether p may change the administration now, and why not (PE-42).
func (d *Dossier) AdministrationModifiable(p auth.Principal) error {
	m := d.ModifiablePar(p)
	if m.Tout || d.EstAvenant() && m.Accepte(cibleBailleur) {
		return nil
	}
	return fault.New(fault.Forbidden, "CHAMP_NON_MODIFIABLE", "Le choix de l’administration n’est pas ouvert à la modification.")
}

// ActionsEtape lists what p may do in a step besides saving it.
func (d *Dossier) ActionsEtape(p auth.Principal, code CodeEtape) (actions []string) {
	if code != EtapeBailleur {
		return nil
	}
	if d.BailleurModifiable(p) == nil {
		actions = append(actions, CommandeBailleur)
	}
	if d.AdministrationModifiable(p) == nil {
		actions = append(actions, CommandeAdministration)
	}
	return actions
}

// BailleursPossibles searches the bailleurs that p may choose for a convention (PE-40): any for the service; for a
// bailleur, those of his valid habilitations of legal persons without région or for that of the operation. There is
// nothing to choose while the bailleur cannot change.
func (s *Service) BailleursPossibles(ctx context.Context, p auth.Principal, id uuid.UUID, q string) ([]Entite, error) {
	d, err := s.Lire(ctx, p, id)
	if err != nil {
		return nil, err
	}
	if d.BailleurModifiable(p) != nil {
		return nil, nil //nolint:nilerr // why it cannot change is said by the step
	}
	choix, err := s.choixBailleurs(ctx, p, d)
	if err != nil {
		return nil, err
	}
	return s.store.ChercherBailleurs(ctx, choix, q, uuid.Nil, maxEntites)
}

func (s *Service) choixBailleurs(ctx context.Context, p auth.Principal, d *Dossier) (ChoixBailleurs, error) {
	if p.Typologie != auth.Bailleur || p.Superuser {
		return ChoixBailleurs{Tous: true}, nil
	}
	if p.Login == "" || s.habilitations == nil { // a local account has no habilitation: its own bailleurs
		return ChoixBailleurs{IDs: p.BailleurIDs}, nil
	}
	sirens, err := s.habilitations.SirensMorales(ctx, p, texteDe(d.Operation.CodeInseeRegion))
	if err != nil {
		return ChoixBailleurs{}, fmt.Errorf("bailleurs of the habilitations: %w", err)
	}
	return ChoixBailleurs{Sirens: sirens}, nil
}

// AdministrationsPossibles searches the services that p may choose for a convention (PE-42): none while it cannot change.
func (s *Service) AdministrationsPossibles(ctx context.Context, p auth.Principal, id uuid.UUID, q string) ([]Entite, error) {
	d, err := s.Lire(ctx, p, id)
	if err != nil {
		return nil, err
	}
	if d.AdministrationModifiable(p) != nil {
		return nil, nil //nolint:nilerr // why it cannot change is said by the step
	}
	return s.store.ChercherAdministrations(ctx, q, uuid.Nil, maxEntites)
}

// ChangerBailleur gives another bailleur to the operation of a convention, and forgets the signatory typed for the former
// one. On a root it is refused while a convention that shares the operation is not PROJET (PE-41); on an avenant only its
// own version of the operation changes, and the effective bailleur follows at the signature (PE-21). It returns the
// convention as p sees it afterwards, nil when it has left his perimeter.
func (s *Service) ChangerBailleur(ctx context.Context, p auth.Principal, id, bailleurID uuid.UUID, version int) (*Dossier, error) {
	var out *Dossier
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		d, err := s.store.VerrouillerOperation(ctx, p, id)
		if err != nil {
			return err
		}
		if err := s.refuserLecture(ctx, d, p, version); err != nil {
			return err
		}
		if err := d.BailleurModifiable(p); err != nil {
			return err
		}
		choisi, err := s.bailleurChoisi(ctx, p, d, bailleurID)
		if err != nil {
			return err
		}
		voisines, err := s.voisinesEnProjet(ctx, d)
		if err != nil {
			return err
		}
		if choisi.ID != d.Operation.BailleurID {
			if err := s.ecrireBailleur(ctx, p, d, choisi, voisines); err != nil {
				return err
			}
		}
		out, err = s.apresChangement(ctx, p, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("change bailleur: %w", err)
	}
	return out, nil
}

func (s *Service) refuserLecture(ctx context.Context, d *Dossier, p auth.Principal, version int) error {
	if d.LectureSeule(p) || !p.Peut(auth.ChangeConvention) {
		return fault.PermissionRefusee()
	}
	return s.perimee(ctx, d, version)
}

func (s *Service) bailleurChoisi(ctx context.Context, p auth.Principal, d *Dossier, id uuid.UUID) (Entite, error) {
	choix, err := s.choixBailleurs(ctx, p, d)
	if err != nil {
		return Entite{}, err
	}
	trouves, err := s.store.ChercherBailleurs(ctx, choix, "", id, 1)
	if err != nil {
		return Entite{}, err
	}
	if len(trouves) == 0 { // unknown, or not his: the same answer
		return Entite{}, fault.New(fault.Invalid, CodeBailleurHorsPerimetre, "Choisissez un bailleur de votre périmètre.").
			WithFields(fault.Field{Pointer: "/bailleur", Code: CodeBailleurHorsPerimetre, Detail: "Choisissez un bailleur de votre périmètre."})
	}
	return trouves[0], nil
}

// voisinesEnProjet are the other conventions of a shared operation; an avenant has its own version of it.
func (s *Service) voisinesEnProjet(ctx context.Context, d *Dossier) ([]Voisine, error) {
	if d.EstAvenant() {
		return nil, nil
	}
	voisines, err := s.store.Voisines(ctx, d.Operation.ID)
	if err != nil {
		return nil, err
	}
	voisines = slices.DeleteFunc(voisines, func(v Voisine) bool { return v.ID == d.Convention.ID })
	for _, v := range voisines {
		if v.Statut != Projet {
			return nil, fault.New(fault.Conflict, CodeProgrammePartage,
				"Une autre convention de la même opération n’est plus en projet : le bailleur ne peut plus changer que par un avenant.")
		}
	}
	return voisines, nil
}

// signataireOublie empties what was typed about who signs for the former bailleur: the record of the new one is shown.
var signataireOublie = []struct {
	colonne string
	vide    any
	lire    func(Convention) any
}{
	{"signataire_nom", "", func(c Convention) any { return c.SignataireNom }},
	{"signataire_fonction", "", func(c Convention) any { return c.SignataireFonction }},
	{"signataire_date_deliberation", nil, func(c Convention) any { return c.SignataireDateDeliberation }},
	{"signataire_bloc_signature", "", func(c Convention) any { return c.SignataireBlocSignature }},
	{"identification_bailleur", false, func(c Convention) any { return c.IdentificationBailleur }},
	{"identification_bailleur_detail", "", func(c Convention) any { return c.IdentificationBailleurDetail }},
}

func (s *Service) ecrireBailleur(ctx context.Context, p auth.Principal, d *Dossier, choisi Entite, voisines []Voisine) error {
	le, _ := s.maintenant()
	avant := map[string]any{"bailleur": d.Bailleur.UUID, "bailleur_nom": d.Bailleur.Nom}
	apres := map[string]any{"bailleur": choisi.UUID, "bailleur_nom": choisi.Nom}
	ecritures := []Ecriture{{TableOperation, "bailleur_id", choisi.ID}}
	for _, o := range signataireOublie {
		if v := o.lire(d.Convention); enTexte(v) != "" && v != false {
			avant[o.colonne], apres[o.colonne] = v, o.vide
			ecritures = append(ecritures, Ecriture{TableConvention, o.colonne, o.vide})
		}
	}
	if d.enModeExpert(p) {
		ecritures = append(ecritures, modifieeApresSignature)
	}
	if err := s.store.Ecrire(ctx, d, ecritures, le); err != nil {
		return err
	}
	touchees := append(voisines, Voisine{ID: d.Convention.ID, UUID: d.Convention.UUID})
	for _, v := range touchees {
		famille := v.ID
		if v.ID == d.Convention.ID {
			famille = d.Racine.ID
		}
		if err := s.store.RecalculerBailleurEffectif(ctx, famille); err != nil {
			return err
		}
		if err := s.store.RafraichirRecherche(ctx, famille, v.ID); err != nil {
			return err
		}
		j, err := journal(p, event.Modification, "operation", d.Operation.ID, v.UUID, CommandeBailleur, avant, apres, le)
		if err != nil {
			return err
		}
		j.Mode = d.modeJournal(p)
		if err := s.store.Journaliser(ctx, famille, j); err != nil {
			return err
		}
		avant = map[string]any{"bailleur": avant["bailleur"], "bailleur_nom": avant["bailleur_nom"]}
	}
	return nil
}

// ChangerAdministration moves a convention to another service, with every family of its operation (PE-25, PE-42): the
// former service loses sight of them at once, and both are told (D08). It returns the convention as p sees it
// afterwards, nil when it has left his perimeter.
func (s *Service) ChangerAdministration(ctx context.Context, p auth.Principal, id, administrationID uuid.UUID, version int) (*Dossier, error) {
	var out *Dossier
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		d, racine, err := s.verrouillerRacines(ctx, p, id)
		if err != nil {
			return err
		}
		if err := s.refuserLecture(ctx, d, p, version); err != nil {
			return err
		}
		if err := d.AdministrationModifiable(p); err != nil {
			return err
		}
		trouvees, err := s.store.ChercherAdministrations(ctx, "", administrationID, 1)
		if err != nil {
			return err
		}
		if len(trouvees) == 0 {
			return fault.New(fault.Invalid, CodeAdministrationAbsente, "Choisissez une administration.").
				WithFields(fault.Field{Pointer: "/administration", Code: CodeAdministrationAbsente, Detail: "Choisissez une administration de la liste."})
		}
		if err := s.ecrireAdministration(ctx, p, d, racine, trouvees[0]); err != nil {
			return err
		}
		out, err = s.apresChangement(ctx, p, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("change administration: %w", err)
	}
	return out, nil
}

// verrouillerRacines locks the roots that share the operation of the family, then reads the convention again.
func (s *Service) verrouillerRacines(ctx context.Context, p auth.Principal, id uuid.UUID) (d, racine *Dossier, err error) {
	if d, err = s.store.Charger(ctx, p, id); err != nil {
		return nil, nil, err
	}
	if d.LectureSeule(p) { // somebody who sees an avenant alone does not see its root (PE-22)
		return nil, nil, fault.PermissionRefusee()
	}
	if racine, err = s.store.VerrouillerOperation(ctx, p, d.Racine.UUID); err != nil {
		return nil, nil, err
	}
	d, err = s.store.Verrouiller(ctx, p, id)
	return d, racine, err
}

func (s *Service) ecrireAdministration(ctx context.Context, p auth.Principal, d, racine *Dossier, choisie Entite) error {
	le, _ := s.maintenant()
	voisines, err := s.store.Voisines(ctx, racine.Operation.ID)
	if err != nil {
		return err
	}
	changees, err := s.store.ChangerAdministration(ctx, racine.Operation.ID, choisie.ID, le)
	if err != nil || changees == 0 {
		return err
	}
	avant := map[string]any{}
	if a := d.Administration; a != nil {
		avant["administration"], avant["administration_nom"] = a.UUID, a.Nom
	}
	apres := map[string]any{"administration": choisie.UUID, "administration_nom": choisie.Nom, "operations": changees}
	for _, v := range voisines {
		j, err := journal(p, event.Modification, "operation", racine.Operation.ID, v.UUID, CommandeAdministration, avant, apres, le)
		if err != nil {
			return err
		}
		j.Mode = d.modeJournal(p)
		if err := s.store.Journaliser(ctx, v.ID, j); err != nil {
			return err
		}
	}
	if d.enModeExpert(p) {
		d.Convention.Version++ // raised with those of its family
		if err := s.store.Ecrire(ctx, d, []Ecriture{modifieeApresSignature}, le); err != nil {
			return err
		}
	}
	e := racine.evenement(p, le)
	e.Transition, e.Reference = CommandeAdministration, fmt.Sprintf("v%d", racine.Convention.Version+1)
	e.AdministrationPrecedenteID, e.AdministrationPrecedenteNom = e.AdministrationID, e.AdministrationNom
	e.AdministrationID, e.AdministrationNom, e.CodeGestion = choisie.ID, choisie.Nom, choisie.Code
	if err := s.sortant.Emettre(ctx, e); err != nil {
		return fmt.Errorf("tell the services: %w", err)
	}
	return nil
}

// apresChangement returns the dossier as p sees it after a change, nil when it has left his perimeter.
func (s *Service) apresChangement(ctx context.Context, p auth.Principal, id uuid.UUID) (*Dossier, error) {
	d, err := s.store.Charger(ctx, p, id)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return d, err
}
