package operation

import (
	"context"
	"fmt"

	"apilos/api/bailleur"
)

// operation finds or creates the root operation and returns it; Cause is set when the rule of overseas
// operations forbids it.
func (y *synchronisation) operation(ctx context.Context) (Operation, error) {
	if len(y.racines) == 0 {
		return y.creerOperation(ctx)
	}
	r := y.racines[0]
	if err := y.suivreBailleur(ctx, r); err != nil {
		return r.Operation, err
	}
	return y.actualiserOperation(ctx, r)
}

func (y *synchronisation) creerOperation(ctx context.Context) (Operation, error) {
	o := y.plan.Operation
	if HorsRegleOutreMer(o.CodeInseeDepartement, o.NatureLogement) {
		y.horsRegleOutreMer(*o.CodeInseeDepartement)
		y.renoncer(outreMerNature(*o.CodeInseeDepartement))
		return o, nil
	}
	b, err := y.bailleur(ctx)
	if err != nil || y.res.Cause != nil {
		return o, err
	}
	a, err := y.s.store.TrouverOuCreerAdministration(ctx, y.plan.Administration)
	if err != nil {
		return o, err
	}
	o.BailleurID, o.AdministrationID, o.SiapSynchroniseLe = b.ID, &a.ID, &y.le
	if err := y.s.store.CreerOperation(ctx, &o); err != nil {
		return o, err
	}
	y.situer(o)
	return o, nil
}

func (y *synchronisation) horsRegleOutreMer(departement string) {
	y.anomalies = append(y.anomalies, Anomalie{
		Code: CodeOutreMerNature, Champ: "donneesOperation.natureLogement", Valeur: string(y.plan.Operation.NatureLogement),
		Message: "Dans le département " + departement + ", seuls les foyers et les résidences sont conventionnés.",
	})
}

// bailleur finds the bailleur of the plan, or creates it if its key is right (01 §4.1).
func (y *synchronisation) bailleur(ctx context.Context) (bailleur.Bailleur, error) {
	prevu := y.plan.Bailleur
	connu, err := y.s.store.BailleurParIdentifiant(ctx, prevu.Identifiant)
	if err != nil {
		return bailleur.Bailleur{}, err
	}
	if connu == nil {
		if !identifiable(prevu.Identifiant) {
			f := bailleurNonIdentifie("donneesMo.siren")
			y.noterRefus(f)
			return bailleur.Bailleur{}, nil
		}
		cree, siretPris, err := y.s.store.TrouverOuCreerBailleur(ctx, prevu.Bailleur)
		if siretPris {
			y.anomalies = append(y.anomalies, Anomalie{
				Code: AnomalieSiretDejaUtilise, Champ: "donneesMo.siret", Valeur: *prevu.Siret,
				Message: "Ce SIRET est déjà celui d’un autre bailleur : il n’a pas été repris.",
			})
		}
		return cree, err
	}
	return *connu, y.renommer(ctx, *connu)
}

// renommer lets SIAP's operation decide of name and nature (05 B.6.1): never an empty name, never
// against a known sous-nature. The change is noted once.
func (y *synchronisation) renommer(ctx context.Context, b bailleur.Bailleur) error {
	prevu := y.plan.Bailleur
	nom, nature := b.Nom, b.NatureBailleur
	if prevu.NomDonne {
		nom = prevu.Nom
	}
	if prevu.NatureDonnee {
		nature = bailleur.NatureRetenue(b.SousNatureBailleur, prevu.NatureBailleur)
	}
	if nom == b.Nom && nature == b.NatureBailleur {
		return nil
	}
	if nom != b.Nom {
		y.anomalies = append(y.anomalies, Anomalie{
			Code: AnomalieBailleurRenomme, Champ: "donneesMo.nom", Valeur: nom,
			Message: fmt.Sprintf("Le bailleur s’appelait « %s » : le nom donné par l’opération du SIAP a été retenu.", b.Nom),
		})
	}
	return y.s.store.RenommerBailleur(ctx, b.ID, nom, nature, y.le)
}

// suivreBailleur compares the bailleur of an existing operation with SIAP's. It stays the same (05
// B.6.3); another one is noted, never created for that.
func (y *synchronisation) suivreBailleur(ctx context.Context, r Racine) error {
	connu, err := y.s.store.BailleurParIdentifiant(ctx, y.plan.Bailleur.Identifiant)
	if err != nil {
		return err
	}
	if connu == nil || connu.ID != r.BailleurID {
		y.anomalies = append(y.anomalies, Anomalie{
			Code: AnomalieBailleurDifferent, Champ: "donneesMo.siren", Valeur: valeurOu(y.plan.Bailleur.Siren, ""),
			Message: fmt.Sprintf("Le SIAP donne un autre bailleur que celui de l’opération (%s).", r.BailleurNom),
		})
	}
	if connu == nil {
		return nil
	}
	return y.renommer(ctx, *connu)
}

// actualiserOperation takes from SIAP what an existing operation takes, unless a convention is already
// beyond PROJET: the differences are then only told and noted.
func (y *synchronisation) actualiserOperation(ctx context.Context, r Racine) (Operation, error) {
	o := r.Operation
	connue, err := y.s.store.AdministrationParCode(ctx, y.plan.Administration.Code)
	if err != nil {
		return o, err
	}
	administrationID := int64(0)
	if connue != nil {
		administrationID = connue.ID
	}
	maj := actualiser(r, y.plan, administrationID)
	if maj.outreMer {
		y.horsRegleOutreMer(valeurOu(premierCode(o.CodeInseeDepartement, y.plan.Operation.CodeInseeDepartement), ""))
	}
	if len(maj.colonnes) > 0 {
		if err := y.ecrireActualisation(ctx, &o, maj); err != nil {
			return o, err
		}
	}
	if HorsRegleOutreMer(o.CodeInseeDepartement, o.NatureLogement) {
		if !maj.outreMer {
			y.horsRegleOutreMer(*o.CodeInseeDepartement)
		}
		y.renoncer(outreMerNature(*o.CodeInseeDepartement))
	}
	return o, nil
}

func premierCode(codes ...*string) *string {
	for _, c := range codes {
		if c != nil {
			return c
		}
	}
	return nil
}

func (y *synchronisation) ecrireActualisation(ctx context.Context, o *Operation, maj actualisation) error {
	// The conventions are locked before deciding: one of them may be leaving PROJET at this moment.
	if err := y.s.store.VerrouillerConventions(ctx, o.ID); err != nil {
		return err
	}
	var err error
	if y.conventions, err = y.s.store.Conventions(ctx, y.numero); err != nil {
		return err
	}
	var ids []int64
	for _, c := range y.conventions {
		if c.instruite() {
			y.anomalies = append(y.anomalies, maj.ecarts...)
			y.res.Messages = append(y.res.Messages, messageNonActualisee(maj.ecarts))
			return nil
		}
		if c.OperationID == o.ID {
			ids = append(ids, c.ID)
		}
	}
	if _, change := maj.colonnes["administration_id"]; change {
		a, err := y.s.store.TrouverOuCreerAdministration(ctx, y.plan.Administration)
		if err != nil {
			return err
		}
		maj.colonnes["administration_id"] = a.ID
	}
	if err := y.s.store.ModifierOperation(ctx, o.ID, maj.colonnes, y.le); err != nil {
		return err
	}
	y.aRafraichir = append(y.aRafraichir, ids...)
	racines, err := y.s.store.Racines(ctx, y.numero)
	if err != nil {
		return err
	}
	for _, r := range racines {
		if r.ID == o.ID {
			*o = r.Operation
		}
	}
	return nil
}

// identifiable tells whether a new bailleur may be keyed by this identifier.
func identifiable(identifiant string) bool {
	_, err := bailleur.NouvelIdentifiant(identifiant)
	return err == nil
}
