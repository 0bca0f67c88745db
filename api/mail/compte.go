package mail

// CodeMotDePasse is the template of the link that sets a new password (05 C.6): Prenom, Nom, Email and Lien, which
// holds a secret and is never stored.
const CodeMotDePasse = "CPT-01"
