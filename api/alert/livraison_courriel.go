package alert

import (
	"context"
	"errors"

	"apilos/api/mail"
)

// envoyer sends one e-mail to its one recipient. The Message-ID comes from the key of the row: a copy
// sent after a doubt is the same message for those who receive it (EM-26).
func (t *essai) envoyer(ctx context.Context) error {
	var charge chargeCourriel
	if err := t.l.lire(&charge); err != nil {
		return t.echouer(ctx, definitif("contenu du courriel illisible ou effacé"), false)
	}
	rendu, err := t.s.cfg.Gabarits.Render(t.l.Type, charge.Donnees)
	if err != nil {
		return t.echouer(ctx, definitif("mise en forme : %w", err), false)
	}
	externe, err := t.s.cfg.Courrier.Send(ctx, mail.Message{
		To: []string{t.l.Destinataire}, Cc: charge.Cc, Subject: rendu.Subject, Text: rendu.Text, HTML: rendu.HTML,
		MessageID: mail.MessageID(t.l.CleUnicite, t.s.cfg.Domaine),
	})
	switch {
	case err == nil:
		return t.conclure(ctx, Issue{Etat: Envoye, Externe: tronquer(externe, longueurDescriptif)})
	case errors.Is(err, mail.ErrPermanent):
		return t.echouer(ctx, &erreurDefinitive{err}, false)
	}
	var refus *mail.SendError
	repondu := errors.As(err, &refus) && refus.Code != 0 // the relay said no: nothing left
	return t.echouer(ctx, err, !repondu)
}
