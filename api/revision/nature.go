package revision

// Nature is the kind of a revision (07 §12).
type Nature string

// Natures.
const (
	Bal                 Nature = "bal"
	ConventionSignee    Nature = "convention_signee"
	PublicationFonciere Nature = "publication_fonciere"
	Annexe              Nature = "annexe"
	Plan                Nature = "plan"
	CerfaSurcharge      Nature = "cerfa_surcharge"
	Instruction         Nature = "instruction"
	Evenement           Nature = "evenement"
)

// States of a revision; the words are those of the deposit contract.
const (
	EnAttente = "pending"
	Publiee   = "published"
)

// Types of files of a revision. Pieces are "piece:1", "piece:2"…
const (
	FichierBal      = "bal"
	FichierDocument = "document"
	FichierPreuve   = "preuve"
	FichierPlan     = "plan"
	FichierPiece    = "piece:*" // pattern of TypeFichier.Type
)

// Codes that the engine itself adds to a validation.
const (
	// InfoIdentique: the content equals that of the current revision (07 §12).
	InfoIdentique = "file.identical_to_current"
)
