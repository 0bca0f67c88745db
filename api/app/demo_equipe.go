package app

import (
	"context"
	"fmt"

	"apilos/api/compte"
	"apilos/api/fault"
	"apilos/api/sim"
)

// loginEquipe is who plays the staff in the demonstration: the administration of the deposit and « consulter en tant
// que » are open to her.
const loginEquipe = "sophie.bernard@example.org"

// semerEquipe gives the demonstration a superuser.
func semerEquipe(ctx context.Context, p *pieces) error {
	if p.comptesLocaux() {
		return nil
	}
	scenario, err := sim.Load("demo")
	if err != nil {
		return fmt.Errorf("demonstration staff: %w", err)
	}
	c := scenario.Users[loginEquipe].Cerbere
	i := compte.Intervention{Acteur: "données de démonstration", Motif: "Équipe de la démonstration"}
	_, err = p.comptes.Promouvoir(ctx, c.Mel, true, true, i)
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	appel := compte.Appel{Agent: "données de démonstration"}
	ouverte, err := p.comptes.OuvrirSession(ctx, compte.Ouverture{
		Identite: compte.Identite{ID: c.ID, Login: loginEquipe, Nom: c.Nom, Prenom: c.Prenom, Email: c.Mel}, Appel: appel,
	})
	if err != nil {
		return fmt.Errorf("demonstration staff: %w", err)
	}
	if err := p.comptes.Fermer(ctx, ouverte.Jeton, appel); err != nil {
		return fmt.Errorf("demonstration staff: %w", err)
	}
	_, err = p.comptes.Promouvoir(ctx, c.Mel, true, true, i)
	return err
}
