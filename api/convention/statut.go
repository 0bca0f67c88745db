package convention

import "slices"

// Statut is a life-cycle state (02 §1.1). The stored value is the code.
type Statut string

// The ten statuts, in life-cycle order.
const (
	Projet             Statut = "PROJET"
	Instruction        Statut = "INSTRUCTION"
	Correction         Statut = "CORRECTION"
	ASigner            Statut = "A_SIGNER"
	Signee             Statut = "SIGNEE"
	PublicationEnCours Statut = "PUBLICATION_EN_COURS"
	Publie             Statut = "PUBLIE"
	Resiliee           Statut = "RESILIEE"
	Denoncee           Statut = "DENONCEE"
	Annulee            Statut = "ANNULEE"
)

// Statuts lists the statuts by rank (02 §1.1).
func Statuts() []Statut {
	return []Statut{Projet, Instruction, Correction, ASigner, Signee, PublicationEnCours, Publie, Resiliee, Denoncee, Annulee}
}

// Valid tells whether s is one of the ten statuts.
func (s Statut) Valid() bool { return slices.Contains(Statuts(), s) }

// Groups of statuts used by rules (02, vocabulary).
var (
	enCours  = []Statut{Projet, Instruction, Correction}
	actifs   = []Statut{Signee, PublicationEnCours, Publie}
	terminal = []Statut{Resiliee, Denoncee, Annulee}
)

// EnCours tells whether s is PROJET, INSTRUCTION or CORRECTION.
func (s Statut) EnCours() bool { return slices.Contains(enCours, s) }

// Actif tells whether s is SIGNEE, PUBLICATION_EN_COURS or PUBLIE.
func (s Statut) Actif() bool { return slices.Contains(actifs, s) }

// Terminal tells whether s is RESILIEE, DENONCEE or ANNULEE.
func (s Statut) Terminal() bool { return slices.Contains(terminal, s) }

type libelles struct {
	stocke, bailleur, instructeur, neutre, icone string
	phraseBailleur, phraseInstructeur            string
}

// statutLibelles holds the texts of 02 §1.1; {accord} and {objet} are replaced by the genre.
var statutLibelles = map[Statut]libelles{
	Projet: {
		"1. Projet", "En projet", "En projet", "En projet", "edit",
		"Complétez les étapes, puis soumettez {demonstratif} au service instructeur.",
		"Le bailleur soumettra {demonstratif} quand le dossier sera complet.",
	},
	Instruction: {
		"2. Instruction requise", "En instruction", "À instruire", "À instruire", "eye",
		"Le service instructeur examine {demonstratif} : il validera ou vous demandera des corrections.",
		"Examinez {demonstratif}, puis validez ou demandez des corrections au bailleur.",
	},
	Correction: {
		"3. Corrections requises", "À corriger", "En correction", "En correction", "question-answer",
		"Corrigez les champs commentés, puis renvoyez {demonstratif} au service.",
		"Le bailleur renverra {demonstratif} une fois les corrections faites.",
	},
	ASigner: {"4. A signer", "À signer", "À signer", "À signer", "draft", "", ""},
	Signee: {
		"5. Signée", "Finalisée", "Finalisée", "Valide", "checkbox-circle",
		"Pour modifier son contenu, un avenant est nécessaire.",
		"Pour modifier son contenu, un avenant est nécessaire.",
	},
	PublicationEnCours: {"5. Publication en cours", "Publication en cours", "Publication en cours", "En Publication", "time", "", ""},
	Publie:             {"7. Publié", "Publié", "Publié", "Publié", "success", "", ""},
	Resiliee: {
		"6. Résiliée", "Résiliée", "Résiliée", "Résiliation", "close-circle",
		"Plus aucune modification n’est possible.", "Plus aucune modification n’est possible.",
	},
	Denoncee: {
		"7. Dénoncée", "Dénoncée", "Dénoncée", "Dénonciation", "close-circle",
		"Plus aucune modification n’est possible.", "Plus aucune modification n’est possible.",
	},
	Annulee: {
		"8. Annulée en suivi", "Annulé{accord} en suivi", "Annulé{accord} en suivi", "Annulation", "close-circle",
		"Plus aucune modification n’est possible.", "Plus aucune modification n’est possible.",
	},
}

// Stocke returns the historical label that SIAP, URL filters and imports use (00 decision 34).
func (s Statut) Stocke() string { return statutLibelles[s].stocke }

// Icone returns the DSFR icon name.
func (s Statut) Icone() string { return statutLibelles[s].icone }

// Neutre returns the label of filters.
func (s Statut) Neutre() string { return statutLibelles[s].neutre }

// Libelle returns the label for a side, agreed with the genre.
func (s Statut) Libelle(coteInstructeur bool, g Genre) string {
	l := statutLibelles[s]
	if coteInstructeur {
		return g.accorder(l.instructeur)
	}
	return g.accorder(l.bailleur)
}

// Phrase returns the sentence shown under the title for a side; empty when there is none.
func (s Statut) Phrase(coteInstructeur bool, g Genre) string {
	l := statutLibelles[s]
	if coteInstructeur {
		return g.accorder(l.phraseInstructeur)
	}
	return g.accorder(l.phraseBailleur)
}

// StatutDe reads a code or a historical label; ok is false for anything else.
func StatutDe(texte string) (Statut, bool) {
	if s := Statut(texte); s.Valid() {
		return s, true
	}
	for s, l := range statutLibelles {
		if l.stocke == texte {
			return s, true
		}
	}
	return "", false
}
