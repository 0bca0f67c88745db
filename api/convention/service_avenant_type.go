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

// CodeAvenantNonModifiable refuses a change of types outside of the matrix of 02 §2.4 (AV-17).
const CodeAvenantNonModifiable = "AVENANT_NON_MODIFIABLE"

type storeTypeAvenant interface {
	// BaseDe returns the version that an avenant amends: the one it was copied from (AV-15); for one that came without,
	// the ACTIF avenant before it, else the root.
	BaseDe(ctx context.Context, avenantID int64) (int64, error)
	// VersionDe loads a version with the rows of a comparison, whatever the perimeter.
	VersionDe(ctx context.Context, conventionID int64) (*VersionComplete, error)
	// Completer reads the rows of a comparison that a dossier does not hold.
	Completer(ctx context.Context, d *Dossier) (*VersionComplete, error)
	CocherType(ctx context.Context, conventionID int64, typ string, le time.Time) error
	// RetirerType removes a type and puts its bloc back as it is in the version base, in a number of statements that does
	// not depend on the number of rows (AV-14, AV-19); drafts of its steps are discarded.
	RetirerType(ctx context.Context, d *Dossier, b Bloc, base int64, p auth.Principal, le time.Time) error
}

// TypesOuverts tells whether p may check and remove types of this avenant now (AV-17); the error is the refusal.
func (d *Dossier) TypesOuverts(p auth.Principal) error {
	if d.LectureSeule(p) || !p.Peut(auth.ChangeConvention) {
		return fault.PermissionRefusee()
	}
	instructeur := p.CoteInstructeur() || p.Superuser || p.Staff
	s := d.Convention.Statut
	if s == Projet || (instructeur && s.EnCours()) || d.enModeExpert(p) {
		return nil
	}
	return fault.Newf(fault.Conflict, CodeAvenantNonModifiable,
		"Ce que modifie l’avenant ne peut plus être changé par vous au statut « %s ».", s.Libelle(p.CoteInstructeur(), d.Genre())).
		With("statut_courant", string(s))
}

// avenantATyper locks an avenant and checks what every change of types needs.
func (s *Service) avenantATyper(ctx context.Context, p auth.Principal, id uuid.UUID, version int) (*Dossier, error) {
	d, err := s.store.Verrouiller(ctx, p, id)
	if err != nil {
		return nil, err
	}
	if !d.EstAvenant() {
		return nil, fault.Introuvable("Ce dossier")
	}
	err = d.TypesOuverts(p)
	if fault.Is(err, fault.Forbidden) {
		return nil, err
	}
	if perime := s.perimee(ctx, d, version); perime != nil {
		return nil, perime
	}
	return d, err
}

// CocherType opens a bloc of an avenant (AV-13). Checking what is checked changes nothing. Errors: the refusals of
// AV-17 and AV-18, stale.
func (s *Service) CocherType(ctx context.Context, p auth.Principal, id uuid.UUID, typ string, version int) (*Dossier, error) {
	var out *Dossier
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		d, err := s.avenantATyper(ctx, p, id, version)
		if err != nil {
			return err
		}
		if out = d; slices.Contains(d.TypesAvenant, typ) {
			return nil
		}
		apres := append(slices.Clone(d.TypesAvenant), typ)
		if err := d.typeAdmisAvec(apres); err != nil {
			return err
		}
		le, _ := s.maintenant()
		if err := s.store.CocherType(ctx, d.Convention.ID, typ, le); err != nil {
			return err
		}
		out, err = s.conclureTypes(ctx, p, d, "type_avenant.cocher", map[string]any{"types": d.TypesAvenant}, map[string]any{"types": apres}, le)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("check type: %w", err)
	}
	return out, nil
}

// typeAdmisAvec checks the types of an avenant with the one just asked, whatever the order they came in.
func (d *Dossier) typeAdmisAvec(types []string) error {
	if err := d.typesAdmis(types[len(types)-1:]); err != nil {
		return err
	}
	connus := typesAvenant()
	for _, t := range types {
		if len(types) > 1 && connus[t] == finDeConvention {
			return refusType(CodeTypeExclusif, "/type", "Une dénonciation ou une résiliation ne se combine avec aucune autre modification.")
		}
	}
	return nil
}

// RetirerType removes a type and restores its bloc from the version that the avenant amends; what is lost is in the
// journal (AV-14, AV-15). A type that is not checked, or unknown, is no change: nil (AV-16).
func (s *Service) RetirerType(ctx context.Context, p auth.Principal, id uuid.UUID, typ string, version int) (*Dossier, error) {
	var out *Dossier
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		d, err := s.avenantATyper(ctx, p, id, version)
		if err != nil {
			return err
		}
		b, connu := BlocDe(typ)
		if !connu || !slices.Contains(d.TypesAvenant, typ) {
			return nil
		}
		base, err := s.store.BaseDe(ctx, d.Convention.ID)
		if err != nil {
			return err
		}
		perdu, retabli, err := s.pertes(ctx, d, b, base)
		if err != nil {
			return err
		}
		le, _ := s.maintenant()
		if err := s.store.RetirerType(ctx, d, b, base, p, le); err != nil {
			return err
		}
		retabli["types"] = slices.DeleteFunc(slices.Clone(d.TypesAvenant), func(t string) bool { return t == typ })
		perdu["types"] = d.TypesAvenant
		out, err = s.conclureTypes(ctx, p, d, "type_avenant.retirer", perdu, retabli, le)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("remove type: %w", err)
	}
	return out, nil
}

// pertes are the values that a removal loses, and those that it puts back.
func (s *Service) pertes(ctx context.Context, d *Dossier, b Bloc, base int64) (perdu, retabli map[string]any, err error) {
	avant, err := s.store.VersionDe(ctx, base)
	if err != nil {
		return nil, nil, err
	}
	apres, err := s.store.Completer(ctx, d)
	if err != nil {
		return nil, nil, err
	}
	perdu, retabli = map[string]any{}, map[string]any{}
	x := comparerBloc(lecteur{}, b, avant, apres)
	for _, c := range x.Champs {
		if c.Change {
			perdu[c.nomJournal()], retabli[c.nomJournal()] = c.ApresBrut, c.AvantBrut
		}
	}
	for _, t := range x.Tableaux {
		var lignesPerdues, lignesRetablies []map[string]any
		for _, l := range t.Lignes {
			if l.Sort == LigneInchangee {
				continue
			}
			p, r := map[string]any{"ligne": l.Nom, "lot": l.Lot, "sort": l.Sort}, map[string]any{"ligne": l.Nom, "lot": l.Lot}
			for _, c := range l.Champs {
				p[c.Cle], r[c.Cle] = c.ApresBrut, c.AvantBrut
			}
			lignesPerdues, lignesRetablies = append(lignesPerdues, p), append(lignesRetablies, r)
		}
		if lignesPerdues != nil {
			perdu[string(t.Table)], retabli[string(t.Table)] = lignesPerdues, lignesRetablies
		}
	}
	return perdu, retabli, nil
}

func (c ChampCompare) nomJournal() string {
	if c.Lot == "" {
		return c.Cle
	}
	return c.Cle + " " + string(c.Lot)
}

// conclureTypes raises the version, writes the journal and reads again.
func (s *Service) conclureTypes(ctx context.Context, p auth.Principal, d *Dossier, commande string, avant, apres map[string]any, le time.Time) (*Dossier, error) {
	colonnes, signe := map[string]any{}, d.Convention.Statut.Actif()
	if signe {
		colonnes[modifieeApresSignature.Colonne] = modifieeApresSignature.Valeur
	}
	if err := s.store.Modifier(ctx, d, colonnes, le); err != nil {
		return nil, err
	}
	if signe { // the bailleur of a signed version may have changed (PE-21)
		if err := s.store.RecalculerBailleurEffectif(ctx, d.Racine.ID); err != nil {
			return nil, err
		}
	}
	j, err := journal(p, event.Modification, "convention", d.Convention.ID, d.Convention.UUID, commande, avant, apres, le)
	if err != nil {
		return nil, err
	}
	j.Mode = d.modeJournal(p)
	if err := s.store.Journaliser(ctx, d.Racine.ID, j); err != nil {
		return nil, err
	}
	if err := s.store.RafraichirRecherche(ctx, d.Racine.ID); err != nil {
		return nil, err
	}
	return s.store.Charger(ctx, p, d.Convention.UUID)
}

// Comparer compares an avenant with the version that it amends, or with another version of its family that p sees.
// not_found when the row is no avenant, or when the other one is not of the family or not in the perimeter of p.
func (s *Service) Comparer(ctx context.Context, p auth.Principal, id uuid.UUID, avec *uuid.UUID) (Comparaison, error) {
	d, err := s.Lire(ctx, p, id)
	if err != nil {
		return Comparaison{}, err
	}
	if !d.EstAvenant() {
		return Comparaison{}, fault.Introuvable("Ce dossier")
	}
	base, err := s.store.BaseDe(ctx, d.Convention.ID)
	if err != nil {
		return Comparaison{}, err
	}
	autre, err := s.store.UUIDConvention(ctx, base)
	if err != nil {
		return Comparaison{}, err
	}
	if avec != nil {
		autre = *avec
	}
	avant, err := s.store.Charger(ctx, p, autre)
	if err != nil {
		return Comparaison{}, err
	}
	if avant.Racine.ID != d.Racine.ID {
		return Comparaison{}, fault.Introuvable("Ce dossier")
	}
	vAvant, err := s.store.Completer(ctx, avant)
	if err != nil {
		return Comparaison{}, err
	}
	vApres, err := s.store.Completer(ctx, d)
	if err != nil {
		return Comparaison{}, err
	}
	return Comparer(vAvant, vApres, avant.Convention.ID == base), nil
}
