// Package mail sends the e-mails of the platform (02 §6) and renders their French templates.
//
// Two parts that do not know each other:
//   - transport: a Message goes out through a Sender, SMTP (SMTP_URL) or Directory (files under
//     .data/mails, for development, with a reader for the development mailbox);
//   - templates: Modeles renders one of the codes EM-nn with its Donnees into a subject, a text and an
//     HTML page, from the files of modele/.
//
// Invariants:
//   - the Message-ID comes from the idempotency key of the caller: a message sent twice by a restarted
//     worker is the same message for the servers and clients that receive it (EM-26);
//   - addresses are never disclosed to other recipients: PerRecipient gives one message each (EM-25);
//   - an invalid address is dropped and told to the caller, never an error (EM-23);
//   - a template that uses an unknown field does not load, and a missing mandatory value is an error:
//     nothing leaves with a hole in it (EM-27);
//   - errors carry no e-mail address, so that they may be logged (06 §7.3), and say whether trying
//     again may help (ErrTemporary) or not (ErrPermanent).
//
// What it does not do: it chooses neither recipients nor moment, retries nothing and keeps no trace; a
// job does, on rows of message_sortant.
package mail
