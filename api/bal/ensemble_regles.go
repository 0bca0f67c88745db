package bal

import "math"

// identite is what the rules on the whole file keep of a row: empreintes, zero for what is missing.
type identite struct {
	commune, toponyme, adresse uint64 // identifiers
	rue                        uint64 // name of the street and its code in cle_interop
	lieu                       uint64 // number, suffix, name of the street and delegated commune
	nom                        uint64 // exact name of the street
	complement                 uint64 // exact lieudit_complement_nom
	estToponyme                bool   // the row names a place
	utiliseIDs                 bool
	// sansMarque: there is a uid_adresse, and it does not give the identifier of the address. The published rules count
	// this and the absence of uid_adresse as two different identifiers of an address.
	sansMarque bool
}

// identifier computes the identite of a row.
func identifier(li *ligne) identite {
	id := identite{
		commune:     empreinteFacultative(li.ids.commune),
		toponyme:    empreinteFacultative(li.ids.toponyme),
		adresse:     empreinteFacultative(li.ids.adresse),
		rue:         empreinteRue(li),
		complement:  empreinteFacultative(li.cellules[champLieuditComplementNom].valeur),
		estToponyme: li.estToponyme(),
		utiliseIDs:  li.utiliseIDs(),
	}
	if !id.estToponyme {
		id.lieu = empreinteLieu(li)
		id.sansMarque = id.adresse == 0 && li.cellules[champUIDAdresse].lue
	} else {
		id.nom = empreinteFacultative(li.nomVoie())
	}
	return id
}

func empreinteFacultative(texte []byte) uint64 {
	if len(texte) == 0 {
		return 0
	}
	return empreinte(texte)
}

func empreinteRue(li *ligne) uint64 {
	code := uint64(1)
	if li.cle.voie != nil {
		code = empreinte(enCapitales(li.cle.voie))
	}
	return joindre(li.voie.empreinte, code)
}

func empreinteLieu(li *ligne) uint64 {
	numero := uint64(math.MaxUint64)
	if c := &li.cellules[champNumero]; c.lue {
		numero = uint64(c.nombre)
	}
	h := joindre(li.voie.empreinte, numero)
	h = joindre(h, empreinte(li.cellules[champSuffixe].valeur))
	return joindre(h, empreinte(li.cellules[champCommuneDelegueeInsee].valeur))
}

// maxComplements bounds how many different lieudit_complement_nom are remembered. A file that has more is read a
// second time even when all of them turn out to be declared.
const maxComplements = 1 << 19

// ensembleFichier gathers what the rules on the whole file need (07 §10.8). Rows are added in the order of the file by
// one goroutine; once complete it is only read, by any number of goroutines.
type ensembleFichier struct {
	suitIDs, suitComplements bool // the file has columns for them

	lignes, avecIDs int
	premierCommune  uint64
	plusieurs       bool // identifiers of commune

	ruesDuToponyme  groupes // rule 4
	toponymesDeRue  groupes // rule 5, key: street and whether the row is a toponym
	lieuxDeAdresse  groupes // rule 6
	adressesDuLieu  groupes // rule 7
	lieuxSansID     bool    // addresses without identifier nor uid_adresse were left out of adressesDuLieu
	lieuxSansMarque bool    // and so were those whose uid_adresse does not give it
	nomsDeclares    ensemble
	complements     ensemble
	tropComplements bool
}

func nouvelEnsemble(e *entete) *ensembleFichier {
	return &ensembleFichier{
		suitIDs: e.presents[champUIDAdresse] || e.presents[champIDBanCommune] || e.presents[champIDBanToponyme] ||
			e.presents[champIDBanAdresse],
		suitComplements: e.presents[champLieuditComplementNom],
	}
}

func (f *ensembleFichier) ajouter(id *identite) {
	f.lignes++
	if f.suitComplements {
		f.ajouterNoms(id)
	}
	if !f.suitIDs {
		return
	}
	if id.utiliseIDs {
		f.avecIDs++
		if f.premierCommune == 0 {
			f.premierCommune = id.commune
		}
		f.plusieurs = f.plusieurs || id.commune != f.premierCommune
	}
	if id.toponyme != 0 {
		f.ruesDuToponyme.ajouter(id.toponyme, id.rue)
		f.toponymesDeRue.ajouter(cleRue(id), id.toponyme)
	}
	switch {
	case id.estToponyme:
	case id.adresse != 0:
		f.lieuxDeAdresse.ajouter(id.adresse, id.lieu)
		f.adressesDuLieu.ajouter(id.lieu, id.adresse)
	case id.sansMarque:
		f.lieuxSansMarque = true
	default:
		f.lieuxSansID = true
	}
}

func (f *ensembleFichier) ajouterNoms(id *identite) {
	if id.nom != 0 {
		f.nomsDeclares.ajouter(id.nom)
	}
	if id.complement == 0 || f.tropComplements {
		return
	}
	if f.complements.ajouter(id.complement); f.complements.occupees > maxComplements {
		f.complements, f.tropComplements = ensemble{}, true
	}
}

func cleRue(id *identite) uint64 {
	if id.estToponyme {
		return joindre(id.rue, 2)
	}
	return joindre(id.rue, 3)
}

// resteLieux tells whether addresses without identifier must be looked at: the absence of identifier is a value, and only
// the addresses that have one are kept by the first reading.
func (f *ensembleFichier) resteLieux() bool {
	absents := f.lieuxSansID || f.lieuxSansMarque
	return absents && f.adressesDuLieu.occupees > 0 || f.lieuxSansID && f.lieuxSansMarque
}

// valeurSansMarque is the identifier of an address for sansMarque; zero is that of an absent uid_adresse.
const valeurSansMarque = 2

// maxLieuxSansID bounds how many addresses without identifier are remembered, in the files where both kinds of absence
// are met.
const maxLieuxSansID = 1 << 20

// ajouterLieu completes adressesDuLieu with an address without identifier.
func (f *ensembleFichier) ajouterLieu(id *identite) {
	if id.estToponyme || id.adresse != 0 {
		return
	}
	valeur := uint64(0)
	if id.sansMarque {
		valeur = valeurSansMarque
	}
	if f.lieuxSansID && f.lieuxSansMarque && f.adressesDuLieu.occupees < maxLieuxSansID {
		f.adressesDuLieu.ajouter(id.lieu, valeur)
		return
	}
	f.adressesDuLieu.ajouterSiConnue(id.lieu, valeur)
}

// designeDesLignes tells whether a rule on the whole file gives codes to some rows.
func (f *ensembleFichier) designeDesLignes() bool {
	if f.ruesDuToponyme.conflits+f.toponymesDeRue.conflits+f.lieuxDeAdresse.conflits+f.adressesDuLieu.conflits > 0 ||
		f.tropComplements {
		return true
	}
	for _, c := range f.complements.places {
		if c != 0 && !f.nomsDeclares.contient(c) {
			return true
		}
	}
	return false
}

// relever adds to a row the codes of the rules on the whole file.
func (f *ensembleFichier) relever(regles *anomalies, id *identite) {
	if id.toponyme != 0 {
		if f.ruesDuToponyme.enConflit(id.toponyme) {
			regles.relever(regleVoiesDunToponyme)
		}
		if f.toponymesDeRue.enConflit(cleRue(id)) {
			regles.relever(regleToponymesDuneVoie)
		}
	}
	if !id.estToponyme {
		if id.adresse != 0 && f.lieuxDeAdresse.enConflit(id.adresse) {
			regles.relever(regleAdressesDunID)
		}
		if f.adressesDuLieu.enConflit(id.lieu) {
			regles.relever(regleIDsDuneAdresse)
		}
	}
	if id.complement != 0 && !f.nomsDeclares.contient(id.complement) {
		regles.relever(regleComplementNonDeclare)
	}
}

// codesGlobaux are the rows.* codes.
func (f *ensembleFichier) codesGlobaux() (codes []string) {
	if f.lignes == 0 {
		codes = append(codes, "rows.empty")
	}
	if f.avecIDs > 0 && f.avecIDs < f.lignes {
		codes = append(codes, "rows.every_line_required_id_ban")
	}
	if f.avecIDs > 0 && f.avecIDs == f.lignes && f.plusieurs {
		codes = append(codes, "rows.multi_id_ban_commune")
	}
	return codes
}
