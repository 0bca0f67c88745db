package bal

// champ is a column of the format (07 §10.4), in the order of the schema.
type champ uint8

const (
	champCleInterop champ = iota
	champUIDAdresse
	champIDBanCommune
	champIDBanToponyme
	champIDBanAdresse
	champVoieNom
	champToponyme
	champLieuditComplementNom
	champNumero
	champSuffixe
	champCommuneInsee
	champCommuneNom
	champCommuneDelegueeInsee
	champCommuneDelegueeNom
	champPosition
	champX
	champY
	champLong
	champLat
	champCadParcelles
	champSource
	champDateDerMaj
	champCertificationCommune

	nbChamps = iota
)

// descriptionChamp is what does not depend on the profile.
type descriptionChamp struct {
	nom         string
	depuis, fin string // first and last version of the format that have the field
	requis      bool   // an empty value is reported
	regional    bool   // may have variants <nom>_<langue>
}

var champs = [nbChamps]descriptionChamp{
	champCleInterop:           {"cle_interop", "1.1", "1.4", true, false},
	champUIDAdresse:           {"uid_adresse", "1.1", "1.3", false, false},
	champIDBanCommune:         {"id_ban_commune", "1.4", "1.5", false, false},
	champIDBanToponyme:        {"id_ban_toponyme", "1.4", "1.5", false, false},
	champIDBanAdresse:         {"id_ban_adresse", "1.4", "1.5", false, false},
	champVoieNom:              {"voie_nom", "1.1", "1.4", false, true},
	champToponyme:             {"toponyme", "1.5", "1.5", false, true},
	champLieuditComplementNom: {"lieudit_complement_nom", "1.2", "1.5", false, true},
	champNumero:               {"numero", "1.1", "1.5", true, false},
	champSuffixe:              {"suffixe", "1.1", "1.5", false, false},
	champCommuneInsee:         {"commune_insee", "1.2", "1.5", true, false},
	champCommuneNom:           {"commune_nom", "1.1", "1.5", true, true},
	champCommuneDelegueeInsee: {"commune_deleguee_insee", "1.2", "1.5", false, false},
	champCommuneDelegueeNom:   {"commune_deleguee_nom", "1.2", "1.5", false, true},
	champPosition:             {"position", "1.1", "1.5", false, false},
	champX:                    {"x", "1.1", "1.5", false, false},
	champY:                    {"y", "1.1", "1.5", false, false},
	champLong:                 {"long", "1.1", "1.5", false, false},
	champLat:                  {"lat", "1.1", "1.5", false, false},
	champCadParcelles:         {"cad_parcelles", "1.2", "1.5", false, false},
	champSource:               {"source", "1.1", "1.5", true, false},
	champDateDerMaj:           {"date_der_maj", "1.1", "1.5", true, false},
	champCertificationCommune: {"certification_commune", "1.3", "1.5", false, false},
}

// nom is the exact name of the column: case counts, and there is no other spelling.
func (c champ) nom() string { return champs[c].nom }

// dansVersion says whether that version of the format, "1.3" for example, has the field.
func (c champ) dansVersion(version string) bool {
	return champs[c].depuis <= version && version <= champs[c].fin
}

// champDe finds the field of that exact name.
func champDe(nom string) (champ, bool) {
	for c := range champs {
		if champs[c].nom == nom {
			return champ(c), true
		}
	}
	return 0, false
}
