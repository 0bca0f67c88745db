package operation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"
)

// Preparee finds the root operation of a number, or creates it from what SIAP said, in the transaction of ctx. The
// number stays locked until its end.
type Preparee func(ctx context.Context) (Racine, error)

// Preparer serves those who record a convention signed outside the platform (02 §9.4): it needs the operation, not the
// conventions that a synchronisation would add. SIAP is read now and only when nobody here has the operation; nothing
// is written before the function that is returned runs. Errors: not_found for a number that the actor cannot use,
// those of the data of SIAP, and its outages.
func (s *Service) Preparer(ctx context.Context, p auth.Principal, numero string) (Preparee, error) {
	if !p.Peut(auth.AddConvention) {
		return nil, fault.PermissionRefusee()
	}
	brut, normalise, err := numeroLisible(numero)
	if err != nil {
		return nil, err
	}
	y := &synchronisation{s: s, p: p, origine: event.OrigineWeb, brut: brut, numero: normalise, le: s.horloge().UTC().Truncate(time.Microsecond)}
	visibles, err := s.store.RacinesVisibles(ctx, p, normalise)
	if err != nil {
		return nil, fmt.Errorf("find operation %s: %w", normalise, err)
	}
	if len(visibles) == 0 {
		if err := y.interroger(ctx); err != nil {
			return nil, err
		}
	}
	return y.preparer, nil
}

// interroger reads the operation in SIAP, for an operation that is not visible here.
func (y *synchronisation) interroger(ctx context.Context) error {
	if y.p.Login == "" || y.p.HabilitationID == 0 { // only CERBERE accounts speak to SIAP
		return fault.Introuvable("Cette opération")
	}
	dto, err := y.s.source.RefreshOperation(ctx, y.p.Login, y.p.HabilitationID, y.brut)
	if err == nil {
		y.lire(dto)
		return nil
	}
	message, cause, err := echecSIAP(err, y.brut)
	switch {
	case err != nil:
		return fmt.Errorf("read operation %s in SIAP: %w", y.numero, err)
	case message.Code == CodeSIAPIndisponible:
		return cause
	}
	return fault.Introuvable("Cette opération").Because(cause)
}

func (y *synchronisation) preparer(ctx context.Context) (Racine, error) {
	y.res, y.anomalies, y.aRafraichir = Resultat{Numero: y.brut}, slices.Clone(y.plan.Anomalies), nil
	if err := y.s.store.VerrouillerNumero(ctx, y.numero); err != nil {
		return Racine{}, err
	}
	visibles, err := y.s.store.RacinesVisibles(ctx, y.p, y.numero)
	if err != nil {
		return Racine{}, err
	}
	if len(visibles) > 0 {
		return y.connue(ctx, visibles)
	}
	if y.racines, err = y.s.store.Racines(ctx, y.numero); err != nil {
		return Racine{}, err
	}
	if len(y.racines) > 0 {
		return Racine{}, horsPerimetre(y.brut)
	}
	return y.nouvelle(ctx)
}

// connue is the operation when it is here: several that differ are for the assistance to sort out. A future bailleur
// sees the operation of its avenant, but a convention recorded on it would not be its own (PE-22).
func (y *synchronisation) connue(ctx context.Context, visibles []Racine) (Racine, error) {
	if len(visibles) > 1 {
		if f, conflit := doublon(y.brut, visibles); conflit {
			return Racine{}, f
		}
	}
	permis, err := y.s.store.DansPerimetre(ctx, y.p, visibles[0].situation())
	if err == nil && !permis {
		err = fault.Introuvable("Cette opération")
	}
	return visibles[0], err
}

// nouvelle creates the operation that SIAP described.
func (y *synchronisation) nouvelle(ctx context.Context) (Racine, error) {
	if y.plan.Operation.NumeroOperation == "" && y.refus == nil { // seen a moment ago, gone since
		return Racine{}, fault.Introuvable("Cette opération")
	}
	if y.refus != nil {
		return Racine{}, y.refus
	}
	permis, err := y.dansPerimetre(ctx)
	if err != nil {
		return Racine{}, err
	}
	if !permis {
		return Racine{}, horsPerimetre(y.brut)
	}
	o, err := y.operation(ctx)
	switch {
	case err != nil:
		return Racine{}, err
	case y.res.Cause != nil:
		return Racine{}, y.res.Cause
	}
	if err := y.garderInstantane(ctx, o.ID); err != nil {
		return Racine{}, err
	}
	if err := y.s.store.NoterAnomalies(ctx, y.numeroLu(), y.anomalies, y.le); err != nil {
		return Racine{}, err
	}
	racines, err := y.s.store.Racines(ctx, y.numero)
	if err != nil {
		return Racine{}, err
	}
	for _, r := range racines {
		if r.ID == o.ID {
			return r, nil
		}
	}
	return Racine{}, fmt.Errorf("operation %s is not there after its creation", y.numero)
}
