package bal

import (
	"context"
	"crypto/sha256"
	"encoding/binary"

	"github.com/google/uuid"
)

// Remediation is a value proposed for a field of a row (07 §10.12).
type Remediation struct {
	Codes   []string `json:"errors"`            // what it corrects
	Valeur  *string  `json:"value"`             // nil: the field must be corrected and no value is known
	Suppose bool     `json:"assumed,omitempty"` // a guess and not a correction: today, for a date that is not known
}

// remede is a Remediation being prepared.
type remede struct {
	champ   champ
	codes   []string
	valeur  string
	connu   bool
	suppose bool
}

func (r *remede) exporter() Remediation {
	sortie := Remediation{Codes: r.codes, Suppose: r.suppose}
	if r.connu {
		sortie.Valeur = &r.valeur
	}
	return sortie
}

// remedier proposes the values of a row.
func (x *examen) remedier(ctx context.Context, li *ligne, id *identite) []remede {
	var remedes []remede
	if li.cle.commune != nil && !li.cellules[champCommuneInsee].lue {
		remedes = append(remedes, x.remede(li, champCommuneInsee, li.cle.commune.code))
	}
	if nom := &li.cellules[champCommuneNom]; li.commune != nil && li.commune.actuelle && string(nom.valeur) != li.commune.nom {
		r := x.remede(li, champCommuneNom, li.commune.nom)
		if nom.lue {
			r.codes = append(r.codes, codesRegle[regleCommuneNomInvalide])
		}
		remedes = append(remedes, r)
	}
	if date := &li.cellules[champDateDerMaj]; !date.lue {
		j, connue := x.devinerDate(rogner(date.brut))
		if !connue {
			j = x.aujourdhui
		}
		r := x.remede(li, champDateDerMaj, j.String())
		r.suppose = !connue
		remedes = append(remedes, r)
	}
	if !li.utiliseIDs() {
		remedes = x.remedierIDs(ctx, remedes, li, id)
	}
	return remedes
}

// remede starts the correction of a field with the codes of its value.
func (x *examen) remede(li *ligne, ch champ, valeur string) remede {
	r := remede{champ: ch, valeur: valeur, connu: true, codes: []string{}}
	c := &li.cellules[ch]
	switch {
	case !x.entete.presents[ch]:
		r.codes = append(r.codes, "field."+ch.nom()+".missing")
	case len(rogner(c.brut)) == 0:
		r.codes = append(r.codes, ch.nom()+"."+nomsGenre[genreValeurManquante])
	default:
		for reste := c.codes &^ (1<<genreEspaces | 1<<genreCasseDouble); reste != 0; {
			var g int
			g, reste = reste.suivante()
			r.codes = append(r.codes, ch.nom()+"."+nomsGenre[g])
		}
	}
	return r
}

func (x *examen) remedierIDs(ctx context.Context, remedes []remede, li *ligne, id *identite) []remede {
	ajouter := func(ch champ, valeur string, connu bool) {
		r := x.remede(li, ch, valeur)
		r.connu = connu
		r.codes = append(r.codes, codesRegle[regleManqueIDBan], "rows.every_line_required_id_ban")
		remedes = append(remedes, r)
	}
	if li.ids.commune == nil {
		uuid, connu := x.districts.de(ctx, li.commune)
		ajouter(champIDBanCommune, uuid, connu)
	}
	if li.ids.toponyme == nil {
		ajouter(champIDBanToponyme, x.identifiants.toponyme(id.rue, x.options.Graine), true)
	}
	if li.ids.adresse == nil && !li.estToponyme() {
		ajouter(champIDBanAdresse, x.identifiants.adresse(id.lieu, x.options.Graine), true)
	}
	return remedes
}

// identifiants are those of the file, by street and by address: a row without identifier takes that of the rows about
// the same thing.
type identifiants struct {
	toponymes, adresses map[uint64]string
}

// identifiantConnu is an identifier found in a block.
type identifiantConnu struct {
	cle        uint64
	uuid       string
	estAdresse bool
}

func nouveauxIdentifiants() *identifiants {
	return &identifiants{toponymes: map[uint64]string{}, adresses: map[uint64]string{}}
}

// ajouterConnus lists the identifiers of a row.
func ajouterConnus(connus []identifiantConnu, li *ligne, id *identite) []identifiantConnu {
	if li.ids.toponyme != nil {
		connus = append(connus, identifiantConnu{cle: id.rue, uuid: string(li.ids.toponyme)})
	}
	if li.ids.adresse != nil && !id.estToponyme {
		connus = append(connus, identifiantConnu{cle: id.lieu, uuid: string(li.ids.adresse), estAdresse: true})
	}
	return connus
}

// ajouter merges what a block has, in the order of the file: the first identifier wins.
func (i *identifiants) ajouter(connus []identifiantConnu) {
	for _, c := range connus {
		cible := i.toponymes
		if c.estAdresse {
			cible = i.adresses
		}
		if _, deja := cible[c.cle]; !deja {
			cible[c.cle] = c.uuid
		}
	}
}

func (i *identifiants) toponyme(rue uint64, graine [16]byte) string {
	if connu, ok := i.toponymes[rue]; ok {
		return connu
	}
	return nouvelIdentifiant(graine, 't', rue)
}

func (i *identifiants) adresse(lieu uint64, graine [16]byte) string {
	if connu, ok := i.adresses[lieu]; ok {
		return connu
	}
	return nouvelIdentifiant(graine, 'a', lieu)
}

// nouvelIdentifiant makes the UUID of version 4 of a street or of an address. Every row about the same thing gets the
// same one, whichever goroutine reads it; the seed is drawn for each file.
func nouvelIdentifiant(graine [16]byte, genre byte, cle uint64) string {
	texte := append(graine[:], genre)
	somme := sha256.Sum256(binary.BigEndian.AppendUint64(texte, cle))
	id := uuid.UUID(somme[:16])
	id[6] = id[6]&0x0F | 0x40
	id[8] = id[8]&0x3F | 0x80
	return id.String()
}
