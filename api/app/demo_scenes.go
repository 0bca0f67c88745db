package app

import (
	"context"
	"encoding/json"
	"errors"

	"apilos/api/auth"
	"apilos/api/convention"
	"github.com/google/uuid"
)

// People of the scenario that the play needs.
const (
	bailleurLimoges    = "marie.durand@example.org"
	bailleurResidences = "olivier.meunier@example.org"
	bailleurRennes     = "solene.legoff@example.org"
	bailleurMarseille  = "nadia.benali@example.org"
	serviceLimoges     = "luc.martin@example.org"
	serviceRennes      = "claire.lebreton@example.org"
	serviceMarseille   = "karim.haddad@example.org"
)

// jouer leaves something waiting for each role: a project to complete and one ready to submit, a file to
// correct, files to instruct, one to sign, one signed.
func (d *demonstration) jouer(ctx context.Context) error {
	return errors.Join(d.limoges(ctx), d.residences(ctx), d.ailleurs(ctx, bailleurRennes, serviceRennes, "20240350001"),
		d.ailleurs(ctx, bailleurMarseille, serviceMarseille, "20240130001"))
}

func (d *demonstration) limoges(ctx context.Context) error {
	debut := d.heure
	marie, err := d.entrer(ctx, bailleurLimoges)
	if err != nil {
		return err
	}
	luc, err := d.entrer(ctx, serviceLimoges)
	if err != nil {
		return err
	}
	tilleuls, err := d.ouvrir(ctx, marie, "20240870001")
	if err != nil {
		return err
	}
	pont, err := d.ouvrir(ctx, marie, "20240870002")
	if err != nil {
		return err
	}
	valoine, err := d.ouvrir(ctx, marie, "20240870003")
	if err != nil {
		return err
	}
	couzeix, err := d.ouvrir(ctx, marie, "20250870004")
	if err != nil {
		return err
	}
	for _, id := range []uuid.UUID{tilleuls["PLUS"], tilleuls["PLAI"], pont["PLUS"], valoine["PLAI"], couzeix["PLS"]} {
		if err := d.db.CompleterDemonstration(ctx, id); err != nil {
			return err
		}
	}
	// Signed: Les Tilleuls PLAI.
	if err := d.jusquaValidation(ctx, marie, luc, tilleuls["PLAI"]); err != nil {
		return err
	}
	d.avancer(9)
	if err := d.signer(ctx, marie, tilleuls["PLAI"]); err != nil {
		return err
	}
	// To correct: Les Tilleuls PLUS, five remarks on the step Opération.
	d.heure = debut.Add(20 * jourDemo)
	if err := d.aCorriger(ctx, marie, luc, tilleuls["PLUS"]); err != nil {
		return err
	}
	// To instruct, first reading: Le Pont Saint-Étienne.
	d.heure = debut.Add(39 * jourDemo)
	if err := d.faire(ctx, marie, pont["PLUS"], convention.Soumettre, convention.Commande{}); err != nil {
		return err
	}
	// To sign: Le clos de la Valoine.
	d.heure = debut.Add(33 * jourDemo)
	return d.jusquaValidation(ctx, marie, luc, valoine["PLAI"])
	// Le verger de Couzeix stays a complete project, ready to submit.
}

func (d *demonstration) jusquaValidation(ctx context.Context, bailleur, service auth.Principal, id uuid.UUID) error {
	if err := d.faire(ctx, bailleur, id, convention.Soumettre, convention.Commande{}); err != nil {
		return err
	}
	d.avancer(4)
	return d.faire(ctx, service, id, convention.Valider, convention.Commande{})
}

func (d *demonstration) aCorriger(ctx context.Context, bailleur, service auth.Principal, id uuid.UUID) error {
	if err := d.faire(ctx, bailleur, id, convention.Soumettre, convention.Commande{}); err != nil {
		return err
	}
	d.avancer(5)
	_, err := d.commenter(
		ctx, service, id,
		remarque{"programme", "nom", "Merci de reprendre le nom exact de la délibération."},
		remarque{"convention", "adresse", "Il manque l’adresse du second bâtiment."},
		remarque{"programme", "code_postal", "Le code postal ne correspond pas au quartier de Beaubreuil, pouvez-vous vérifier ?"},
		remarque{"programme", "nb_locaux_commerciaux", "Le permis mentionne un local commercial : à indiquer."},
		remarque{"programme", "autres_locaux_hors_convention", "La loge du gardien est-elle hors convention ?"},
	)
	if err != nil {
		return err
	}
	return d.faire(ctx, service, id, convention.DemanderCorrections, convention.Commande{
		Commentaire: "Bonjour, cinq points à reprendre sur l’étape Opération avant validation. Merci.",
	})
}

// residences leaves a résidence sociale sent back with corrections to check.
func (d *demonstration) residences(ctx context.Context) error {
	olivier, err := d.entrer(ctx, bailleurResidences)
	if err != nil {
		return err
	}
	luc, err := d.entrer(ctx, serviceLimoges)
	if err != nil {
		return err
	}
	gantiers, err := d.ouvrir(ctx, olivier, "20250870006")
	if err != nil {
		return err
	}
	id := gantiers["PLAI"]
	if err := d.db.CompleterDemonstration(ctx, id); err != nil {
		return err
	}
	if err := d.faire(ctx, olivier, id, convention.Soumettre, convention.Commande{}); err != nil {
		return err
	}
	d.avancer(3)
	remarques, err := d.commenter(
		ctx, luc, id,
		remarque{"programme", "ville", "La commune est bien Saint-Junien ?"},
		remarque{"convention", "adresse", "Précisez le numéro dans la rue."},
	)
	if err != nil {
		return err
	}
	if err := d.faire(ctx, luc, id, convention.DemanderCorrections, convention.Commande{Commentaire: "Deux précisions sur l’adresse."}); err != nil {
		return err
	}
	d.avancer(2)
	dos, err := d.conv.Lire(ctx, olivier, id)
	if err != nil {
		return err
	}
	_, err = d.conv.EnregistrerEtape(ctx, olivier, id, convention.EtapeOperation, convention.SaisieEtape{
		Version: dos.Convention.Version, CommentairesResolus: remarques,
		Valeurs: map[string]json.RawMessage{"adresse": json.RawMessage(`"4 rue des Gantiers\n6 rue des Gantiers"`)},
	})
	if err != nil {
		return err
	}
	return d.faire(ctx, olivier, id, convention.RenvoyerInstruction, convention.Commande{Commentaire: "Adresse précisée, la commune est la bonne."})
}

// ailleurs opens an operation of another territory and submits its PLUS.
func (d *demonstration) ailleurs(ctx context.Context, loginBailleur, loginService, numero string) error {
	bailleur, err := d.entrer(ctx, loginBailleur)
	if err != nil {
		return err
	}
	service, err := d.entrer(ctx, loginService)
	if err != nil {
		return err
	}
	conventions, err := d.ouvrir(ctx, bailleur, numero)
	if err != nil {
		return err
	}
	for _, id := range conventions {
		if err := d.db.CompleterDemonstration(ctx, id); err != nil {
			return err
		}
	}
	if err := d.faire(ctx, bailleur, conventions["PLUS"], convention.Soumettre, convention.Commande{}); err != nil {
		return err
	}
	d.avancer(1)
	_, err = d.commenter(ctx, service, conventions["PLUS"], remarque{"programme", "nom", "Le nom commercial suffit-il ?"})
	return err
}
