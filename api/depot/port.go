package depot

import (
	"context"
	"encoding/json"
	"time"

	"apilos/api/event"
)

// Annuaire is the public directory of administrations (07 section 7, routes 22 and 29).
type Annuaire interface {
	// Mairie returns the distinct valid e-mail addresses and the SIRET numbers of the mairies of a commune.
	Mairie(ctx context.Context, codeCommune string) (courriels, sirets []string, err error)
}

// BAN is what the deposit asks of the Base Adresse Nationale.
type BAN interface {
	// NbNumeros is the number of addresses known of a commune, 0 on any failure (07 section 4.4).
	NbNumeros(ctx context.Context, codeCommune string) int
	// District returns the identifier of a commune, false when it is unknown (bal.Districts).
	District(ctx context.Context, codeCommune string) (uuid string, ok bool)
	// Identifiants returns the identifiers of the BAN for a commune (07 section 4.6).
	Identifiants(ctx context.Context, codeCommune string) (*IdentifiantsBAN, error)
}

// IdentifiantsBAN are the identifiers that the BAN knows of a commune. The keys of both maps are
// interoperability keys: "87085_0010" of a toponyme, "87085_0010_00012_bis" of an address.
type IdentifiantsBAN struct {
	Commune   string
	Toponymes map[string]string
	Adresses  map[string]string
}

// ProConnect is the sign-in of public agents (routes 28 and 29).
type ProConnect interface {
	// URLAutorisation is the page where the person signs in; etat and nonce come back with the answer.
	URLAutorisation(ctx context.Context, etat, nonce string) (string, error)
	// Siret exchanges the code, verifies the tokens against the keys of the provider and the nonce, and
	// returns the SIRET of the person's organisation.
	Siret(ctx context.Context, code, nonce string) (string, error)
}

// Canaux of Message: the values of message_sortant.canal that the deposit writes.
const (
	CanalCourriel   = "EMAIL"
	CanalBAN        = "BAN"
	CanalMessagerie = "MESSAGERIE"
	CanalPartenaire = "PARTENAIRE"
)

// Types of Message, with the type of their charge.
const (
	TypeJeton             = "depot.jeton"          // EMAIL, ChargeJeton
	TypeCode              = "depot.code"           // EMAIL, ChargeCode
	TypeReprise           = "depot.reprise"        // EMAIL, ChargeReprise
	TypeComposer          = "ban.compose"          // BAN, ChargeComposer
	TypePublication       = "depot.publication"    // MESSAGERIE, ChargePublication
	TypePartenaireCreer   = "partenaire.creer"     // PARTENAIRE, ChargePartenaire
	TypePartenaireModif   = "partenaire.modifier"  // PARTENAIRE, ChargePartenaire
	TypePartenaireArret   = "partenaire.supprimer" // PARTENAIRE, ChargePartenaire
	TypePartenaireReprise = "partenaire.restaurer" // PARTENAIRE, ChargePartenaire
)

// Message is one thing to send once the transaction is committed.
type Message struct {
	Canal        string
	Type         string
	RevisionID   string // "" when no revision is concerned
	Destinataire string // e-mail address, "" for the other canaux
	CleUnicite   string // the same key is never sent twice
	Charge       any    // one of the Charge types below, stored as JSON
}

// Messages inserts rows of message_sortant and their jobs in the transaction that ctx carries.
type Messages interface {
	Envoyer(ctx context.Context, messages ...Message) error
}

// ChargeJeton is the e-mail « Accès à l’API dépôt d’une Base Adresse Locale ». The token is sealed: the
// delivery opens it with Sceau.Ouvrir just before it leaves, so that the table never holds it in clear.
type ChargeJeton struct {
	ClientID         string `json:"client_id"`
	Client           string `json:"client"`
	Mandataire       string `json:"mandataire"`
	ChefDeFile       string `json:"chef_de_file,omitempty"`
	JetonScelle      string `json:"jeton_scelle"`
	URLAPI           string `json:"url_api"`
	URLDocumentation string `json:"url_documentation"`
}

// ChargeCode is the e-mail « Demande de code d’identification ». The code is sealed as in ChargeJeton.
type ChargeCode struct {
	HabilitationID string    `json:"habilitation_id"`
	CodeCommune    string    `json:"code_commune"`
	Commune        string    `json:"commune"`
	Client         string    `json:"client"`
	CodeScelle     string    `json:"code_scelle"`
	ExpireLe       time.Time `json:"expire_le"`
}

// ChargeReprise is the e-mail « La commune de <nom> a repris la main sur sa Base Adresse Locale », to the
// partner whose revision was replaced; SMTP_BCC gets a copy.
type ChargeReprise struct {
	CodeCommune string `json:"code_commune"`
	Commune     string `json:"commune"`
	Client      string `json:"client"` // name of the client that published until now
	BALID       string `json:"bal_id,omitempty"`
}

// ChargeComposer asks the BAN to build a commune again.
type ChargeComposer struct {
	CodeCommune string `json:"code_commune"`
}

// ChargePublication is the line written in the chat of the team.
type ChargePublication struct {
	Texte string `json:"texte"`
}

// ChargePartenaire tells the partner directory of a client.
type ChargePartenaire struct {
	ClientID   string            `json:"client_id"`
	Nom        string            `json:"nom"`
	Perimetres []ChargePerimetre `json:"perimetres"`
}

// ChargePerimetre is a perimetre in a ChargePartenaire.
type ChargePerimetre struct {
	Type string `json:"type"`
	Code string `json:"code"`
}

// Fenetre is a part of a list. Limite 0 means everything.
type Fenetre struct{ Limite, Decalage int }

// Etat tells whether a list has changed: number of rows and last change of anything that it shows.
type Etat struct {
	Nombre  int
	Modifie time.Time
}

// Store keeps what the deposit knows. Methods that return a pointer give nil when there is no such row.
// The functions given to the Parcourir methods are called once per row, in order, while rows are read: a
// complete list is never in memory.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	Journaliser(ctx context.Context, j event.Journal) error
	storeAnnuaire
	storeTerritoire
	storeHabilitation
	storeRevision
	storeStatistique
}

type storeAnnuaire interface {
	// ClientParJeton finds the client whose token has this digest, with its mandataire and chef de file.
	ClientParJeton(ctx context.Context, empreinte string) (*ClientDetail, error)
	Client(ctx context.Context, id string) (*ClientDetail, error)
	ClientParLegacy(ctx context.Context, legacyID string) (*ClientDetail, error)
	EtatClients(ctx context.Context) (Etat, error)
	ParcourirClients(ctx context.Context, f Fenetre, fn func(ClientDetail) error) error
	InsererClient(ctx context.Context, c *Client) error
	ModifierClient(ctx context.Context, id string, colonnes map[string]any) error

	Mandataire(ctx context.Context, id string) (*Mandataire, error)
	EtatMandataires(ctx context.Context) (Etat, error)
	ParcourirMandataires(ctx context.Context, f Fenetre, fn func(Mandataire) error) error
	InsererMandataire(ctx context.Context, m *Mandataire) error
	ModifierMandataire(ctx context.Context, id string, colonnes map[string]any) error

	ChefDeFile(ctx context.Context, id string) (*ChefDeFile, error)
	EtatChefs(ctx context.Context) (Etat, error)
	ParcourirChefs(ctx context.Context, f Fenetre, fn func(ChefDetail) error) error
	InsererChef(ctx context.Context, c *ChefDeFile) error
	ModifierChef(ctx context.Context, id string, colonnes map[string]any) error
	Perimetres(ctx context.Context, chefID string) ([]Perimetre, error)
	// RemplacerPerimetres deletes the list of a chef de file and writes this one.
	RemplacerPerimetres(ctx context.Context, chefID string, p []Perimetre) error
	// ListeClients, ListeMandataires and ListeChefs are pages for the staff, by name, with their total.
	ListeClients(ctx context.Context, texte string, f Fenetre) ([]ClientDetail, int, error)
	ListeMandataires(ctx context.Context, texte string, f Fenetre) ([]Mandataire, int, error)
	ListeChefs(ctx context.Context, texte string, f Fenetre) ([]ChefDetail, int, error)
	// ClientsDuChef lists the clients of a chef de file, for the partner directory.
	ClientsDuChef(ctx context.Context, chefID string) ([]Client, error)
}

// Departements gives the names of départements by code.
type storeTerritoire interface {
	Departements(ctx context.Context) (map[string]string, error)
}

type storeHabilitation interface {
	Habilitation(ctx context.Context, id string) (*Habilitation, error)
	// VerrouillerHabilitation is Habilitation with a row lock until the end of the transaction.
	VerrouillerHabilitation(ctx context.Context, id string) (*Habilitation, error)
	InsererHabilitation(ctx context.Context, h *Habilitation) error
	ModifierHabilitation(ctx context.Context, id string, colonnes map[string]any) error
	// ConsommerEssai counts one attempt, in one statement, when some are left; reste is what remains, false
	// when there was none.
	ConsommerEssai(ctx context.Context, id string, le time.Time) (reste int, ok bool, err error)
	Habilitations(ctx context.Context, ids []string) ([]Habilitation, error)
	// HabilitationsDuClient lists those of a client for a commune, newest first.
	HabilitationsDuClient(ctx context.Context, clientID, codeCommune string) ([]Habilitation, error)
	// ListeHabilitations is for the staff: newest first.
	ListeHabilitations(ctx context.Context, f FiltreHabilitations) ([]HabilitationDetail, int, error)

	// GarderEtat keeps the state of a ProConnect sign-in under its digest, until it expires.
	GarderEtat(ctx context.Context, empreinte string, objet json.RawMessage, expire time.Time) error
	// ConsommerEtat returns what was kept, once; nil when unknown, used or expired.
	ConsommerEtat(ctx context.Context, empreinte string, le time.Time) (json.RawMessage, error)
}

type storeRevision interface {
	// Proprietaire returns the client and the commune of a revision of nature bal, ok false without one.
	Proprietaire(ctx context.Context, id string) (clientID, codeCommune string, ok bool, err error)
	// Revision returns a revision of nature bal with its client and files.
	Revision(ctx context.Context, id string) (*RevisionLue, error)
	// Courante returns the current revision of a commune, nil without one.
	Courante(ctx context.Context, codeCommune string) (*RevisionLue, error)
	EtatRevisions(ctx context.Context, f FiltreRevisions) (Etat, error)
	// ParcourirRevisions reads revisions with their client, without files.
	ParcourirRevisions(ctx context.Context, f FiltreRevisions, fn func(*RevisionLue) error) error
	// ParcourirDernieres reads the most recently created revision of each commune, by commune; clientID
	// limits to those of one client, "" means all.
	ParcourirDernieres(ctx context.Context, clientID string, f Fenetre, fn func(*RevisionLue) error) error
	EtatDernieres(ctx context.Context, clientID string) (Etat, error)
}

type storeStatistique interface {
	// PremieresPublications is one row per day from du to au inclusive, cumulative.
	PremieresPublications(ctx context.Context, du, au time.Time) ([]JourPremieres, error)
	// Publications has one row per day, commune.
	Publications(ctx context.Context, du, au time.Time) ([]JourPublications, error)
	// DernieresPublications is one row per commune ever published, sorted, with the total.
	DernieresPublications(ctx context.Context, f Fenetre) ([]DernierePublication, int, error)
}
