package app

import (
	"context"

	"apilos/api/alert"
	"apilos/api/compte"
	"apilos/api/store"
)

// compteTechnique calls SIAP in the jobs whose author has no SIAP account (02 AL-08): transitions made by SIAP
// itself or by the system, local accounts, the antivirus. Requests never use it.
func (p *pieces) compteTechnique() alert.CompteTechnique {
	return alert.CompteTechnique{Login: p.cfg.SIAPClient.TechnicalLogin, HabilitationID: int64(p.cfg.SIAPClient.TechnicalHabilitationID)}
}

// agent names the product and its version to SIAP (05 B.1).
func agent(version string) string {
	if version == "" {
		return "apilos"
	}
	return "apilos/" + version
}

// fusion has the mergers of a bailleur read later, in the transaction that activated its habilitation.
func (p *pieces) fusion(ctx context.Context, d compte.DemandeFusion) error {
	if err := store.NewFusionsSIAP(p.db).NoterNom(ctx, d, p.now().UTC()); err != nil {
		return err
	}
	return p.messages.LireFusions(ctx, d.BailleurID, d.HabilitationID)
}

// fusionEntrante is fusion for a call of SIAP: hourly, since such calls come by the hundred.
func (p *pieces) fusionEntrante(ctx context.Context, d compte.DemandeFusion) error {
	due, err := store.NewFusionsSIAP(p.db).Reserver(ctx, d, p.now().UTC(), compte.IntervalleFusions)
	if err != nil || !due {
		return err
	}
	return p.fusion(ctx, d)
}

// valeurInconnue notes a code of SIAP that the platform does not know, for both platforms to agree on it (05 B.9).
func (p *pieces) valeurInconnue(ctx context.Context, champ, valeur string) error {
	return store.NewFusionsSIAP(p.db).NoterInconnue(ctx, champ, valeur, p.now().UTC())
}
