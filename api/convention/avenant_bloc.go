package convention

import (
	"strings"

	"apilos/api/comment"
)

// Tables of blocs besides those that steps write.
const (
	tableFoyerResidence Table = "convention_foyer_residence"
	tableLogement       Table = "logement"
	tableAnnexe         Table = "annexe"
	tablePret           Table = "pret"
	tableStationnement  Table = "stationnement"
	tableLocalCollectif Table = "local_collectif"
	tableCadastre       Table = "reference_cadastrale"
	tableLogementEDD    Table = "logement_edd"
)

// Bloc is what a type of avenant changes (02 §3.4). One table of blocs says which fields a checked type opens (AV-13,
// PE-33), which columns and rows its removal restores (AV-14) and what a comparison shows.
type Bloc struct {
	Type    string
	Libelle string
	Etapes  []CodeEtape // steps where it is filled, in order
	famille familleType
	Champs  []ChampBloc
	Lignes  []LignesBloc
	// FichiersOperation and FichiersConvention are the rubriques of its files.
	FichiersOperation  []string
	FichiersConvention []string
	CiblesFichiers     []string // comment targets of files that no column names
}

// ChampBloc is a column of a bloc.
type ChampBloc struct {
	Table   Table
	Colonne string
	// Cibles open with the type. The first one is a comment target that names the column, unless Libelle does.
	Cibles  []string
	Libelle string
	// Propre belongs to one act alone: it starts empty in each avenant (02 §3.2) and goes back to that.
	Propre bool
	// Suite follows another field: restored with it, never shown.
	Suite bool
	dire  func(*VersionComplete, any) string // nil: by its Go type
}

// Nom returns the label of the column.
func (c ChampBloc) Nom() string {
	if c.Libelle != "" {
		return c.Libelle
	}
	return libelleCible(c.Cibles[0])
}

// LignesBloc is a table of rows of a bloc: its removal replaces them by copies of the previous ones.
type LignesBloc struct {
	Table    Table
	Titre    string
	Cibles   []string // comment targets of the whole table (PE-31)
	Colonnes []ChampBloc
	lire     func(*VersionComplete) []ligneComparable
}

// Concerne tells whether the bloc exists for the nature of housing of d.
func (b Bloc) Concerne(d *Dossier) bool { return b.famille.concerne(d) }

// FinDeConvention tells whether the type ends the convention; it is exclusive of every other one (AV-18).
func (b Bloc) FinDeConvention() bool { return b.famille == finDeConvention }

// Formulaire is the first step of the bloc that has a form, "" while the product has none.
func (b Bloc) Formulaire() CodeEtape {
	for _, e := range b.Etapes {
		if _, ok := sections()[e]; ok {
			return e
		}
	}
	return ""
}

// cibles lists what the type opens.
func (b Bloc) cibles() []string {
	var out []string
	for _, c := range b.Champs {
		out = append(out, c.Cibles...)
	}
	for _, l := range b.Lignes {
		out = append(out, l.Cibles...)
	}
	return append(out, b.CiblesFichiers...)
}

// BlocDe returns the bloc of a type of avenant.
func BlocDe(typ string) (Bloc, bool) {
	for _, b := range Blocs() {
		if b.Type == typ {
			return b, true
		}
	}
	return Bloc{}, false
}

// typesAvenant gives the family of each of the 14 types of the table type_avenant, which is closed (02 §3.4).
func typesAvenant() map[string]familleType {
	out := map[string]familleType{}
	for _, b := range Blocs() {
		out[b.Type] = b.famille
	}
	return out
}

// typesEtapes gives the steps that each type opens.
func typesEtapes() map[string][]CodeEtape {
	out := map[string][]CodeEtape{}
	for _, b := range Blocs() {
		out[b.Type] = b.Etapes
	}
	return out
}

func libelleCible(cle string) string {
	objet, champ, _ := strings.Cut(cle, "__")
	c, _ := comment.TrouverCible(objet, champ)
	return c.Libelle
}

// JamaisModifieParAvenant are the columns that an avenant copies and never changes: "table.colonne", or a whole table.
// A column that is copied is either here or in a bloc; a test wants somebody to decide.
func JamaisModifieParAvenant() []string {
	return []string{
		"operation.numero_operation", "operation.seconde_vie", "operation.administration_precedente_id", "operation.adresse",
		"operation.annee_gestion_programmation", "operation.zone_123", "operation.zone_abc", "operation.surface_utile_totale",
		"operation.surface_corrigee_totale", "operation.nature_logement", "operation.source", "operation.anomalie_import", "operation.siap_synchronise_le",
		"convention.type1and2", "convention.type2_options",
		"lot.financement", "lot.nb_logements_plai_adp",
		"repartition_surface", // read only (03 §3.16)
		"fichier_rattache",    // by rubrique: FichiersOperation
	}
}
