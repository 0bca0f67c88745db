package alert

import (
	"context"
	"errors"
	"slices"
	"strings"

	"apilos/api/siap"
)

// ensemble resolves a set of recipients (02 §6).
func (p *preparation) ensemble(ctx context.Context, vers ensemble) ([]Personne, error) {
	st, f, le := p.t.s.cfg.Store, p.charge.Faits, p.t.s.maintenant()
	conventionID := *p.t.l.ConventionID
	switch vers {
	case versBailleur:
		return st.DestinatairesBailleur(ctx, conventionID, le)
	case versInstructeurs:
		return st.DestinatairesInstructeurs(ctx, conventionID, f.AdministrationID, le)
	case versInstructeursSG:
		return p.instructeursPlus(ctx)
	case versActeur:
		return p.une(ctx, f.ActeurID, true)
	case versDeposant:
		return p.une(ctx, f.DeposeParID, false) // EM-06 ignores preferences (EM-21)
	case versAdministrations:
		liste, err := st.DestinatairesAdministration(ctx, conventionID, f.AdministrationID, le)
		if err != nil {
			return nil, err
		}
		anciens, err := st.DestinatairesAdministration(ctx, conventionID, f.AdministrationPrecedenteID, le)
		if err != nil {
			return nil, err
		}
		return p.sansActeur(ctx, append(liste, anciens...))
	case versDeuxSaufActeur:
		bailleurs, err := st.DestinatairesBailleur(ctx, conventionID, le)
		if err != nil {
			return nil, err
		}
		instructeurs, err := st.DestinatairesInstructeurs(ctx, conventionID, f.AdministrationID, le)
		if err != nil {
			return nil, err
		}
		return p.sansActeur(ctx, append(bailleurs, instructeurs...))
	}
	return nil, definitif("destinataires inconnus : %s", vers)
}

// une returns one account, or nobody when it is unknown, closed, or takes no e-mail and that counts.
func (p *preparation) une(ctx context.Context, id int64, selonPreference bool) ([]Personne, error) {
	if id == 0 {
		return nil, nil
	}
	x, err := p.t.s.cfg.Store.Personne(ctx, id)
	if err != nil || x == nil || !x.Active || (selonPreference && x.SansCourriel) {
		return nil, err
	}
	return []Personne{*x}, nil
}

// sansActeur removes the actor, known by account or by address.
func (p *preparation) sansActeur(ctx context.Context, liste []Personne) ([]Personne, error) {
	acteur, err := p.une(ctx, p.charge.Faits.ActeurID, false)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(liste, func(x Personne) bool {
		return slices.ContainsFunc(acteur, func(a Personne) bool { return a.ID == x.ID || strings.EqualFold(a.Email, x.Email) })
	}), nil
}

// instructeursPlus is INSTR+: every user of the administration who takes e-mails, and the gestionnaires
// that SIAP names for the operation, minus those who refuse them (05 B.7). SIAP out of reach leaves the
// local users (EM-24).
func (p *preparation) instructeursPlus(ctx context.Context) ([]Personne, error) {
	f := p.charge.Faits
	liste, err := p.t.s.cfg.Store.DestinatairesAdministration(ctx, *p.t.l.ConventionID, f.AdministrationID, p.t.s.maintenant())
	compte, ok := p.t.identifiants()
	if err != nil || f.NumeroOperation == "" || !ok {
		return liste, err
	}
	operation, err := p.t.s.cfg.SIAP.Operation(ctx, compte.Login, compte.HabilitationID, f.NumeroOperation)
	if errors.Is(err, siap.ErrNotFound) {
		return liste, nil // an operation of ours alone has no gestionnaire there
	}
	if err != nil {
		p.siapSansEcho = true
		p.t.s.cfg.Journal.WarnContext(ctx, "gestionnaires de l’opération non lus dans le SIAP", "message", p.t.l.ID, "error", err.Error())
		return liste, nil
	}
	adresses := gestionnaires(operation)
	if len(adresses) == 0 {
		adresses = p.gestionnairesDeLHabilitation(ctx, compte, operation)
	}
	refusees, err := p.t.s.cfg.Store.AdressesRefusees(ctx, adresses)
	if err != nil {
		return nil, err
	}
	for _, a := range adresses {
		if !refusees[a] {
			liste = append(liste, Personne{Email: a, Active: true})
		}
	}
	return liste, nil
}

// gestionnaires lists, in lower case and once each, the addresses of the users of the second gestionnaire,
// else of the first, who have the profile SER_GEST (05 B.7).
func gestionnaires(o siap.OperationDTO) []string {
	for _, g := range []*siap.GestionnaireDTO{o.GestionnaireSecondaire, o.Gestionnaire} {
		if g == nil {
			continue
		}
		if adresses := instructeursDe(g.Utilisateurs); len(adresses) > 0 {
			return adresses
		}
	}
	return nil
}

// gestionnairesDeLHabilitation asks SIAP for the users of the service when the operation names none of them (05 B.3,
// call 11). A SIAP without this call leaves the local users.
func (p *preparation) gestionnairesDeLHabilitation(ctx context.Context, compte CompteTechnique, o siap.OperationDTO) []string {
	for _, g := range []*siap.GestionnaireDTO{o.GestionnaireSecondaire, o.Gestionnaire} {
		if g == nil || g.Code == "" {
			continue
		}
		users, err := p.t.s.cfg.SIAP.UsersAdministration(ctx, compte.Login, compte.HabilitationID, g.Code.String())
		if err != nil {
			p.siapSansEcho = p.siapSansEcho || errors.Is(err, siap.ErrUnavailable) || errors.Is(err, siap.ErrUnauthorized) || errors.Is(err, siap.ErrBadGateway)
			p.t.s.cfg.Journal.WarnContext(ctx, "utilisateurs du service non lus dans le SIAP", "message", p.t.l.ID, "error", err.Error())
			continue
		}
		if adresses := instructeursDe(users); len(adresses) > 0 {
			return adresses
		}
	}
	return nil
}

// instructeursDe keeps the addresses of the users who have the profile SER_GEST.
func instructeursDe(users []siap.UtilisateurGroupeDTO) []string {
	var out []string
	for _, u := range users {
		adresse := strings.ToLower(strings.TrimSpace(u.Email))
		if adresse == "" || !u.AProfil(siap.SerGest) || slices.Contains(out, adresse) {
			continue
		}
		out = append(out, adresse)
	}
	return out
}
