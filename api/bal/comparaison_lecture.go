package bal

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cespare/xxhash/v2"
)

// fichierCompare is a file to compare, read as many times as needed. The zero value is an empty file.
type fichierCompare struct {
	texte    *texte
	dialecte dialecte
	entete   *entete
	places   [nbChamps]int // 1 + rank of the column of a field, 0 when the file has not got it
}

func ouvrirCompare(ctx context.Context, source Source) (*fichierCompare, error) {
	t, err := reconnaitre(ctx, source)
	if err != nil {
		return nil, err
	}
	if t.refus != "" {
		return nil, ErrIllisible
	}
	f := &fichierCompare{texte: t, dialecte: devinerDialecte(t.debut)}
	if f.dialecte.introuvable {
		return nil, ErrIllisible
	}
	l := lexeur{donnees: t.debut, dialecte: f.dialecte, fin: true}
	for l.suivant() {
		if !l.vide() {
			break
		}
	}
	f.entete = lireEntete(l.champs, l.nombre)
	for i, c := range f.entete.colonnes {
		if c.connue && c.langue == "" && f.places[c.champ] == 0 {
			f.places[c.champ] = i + 1
		}
	}
	return f, nil
}

// parcourir gives the data rows in the order of the file. A row that has too few fields is read as if the last
// ones were empty.
func (f *fichierCompare) parcourir(ctx context.Context, cle string, suivre func(*ligneComparee)) (err error) {
	if f.texte == nil {
		return nil
	}
	lecture, err := f.texte.ouvrir(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lecture.Close()) }()
	ligne := ligneComparee{fichier: f}
	d := decoupeur{lecture: lecture, dialecte: f.dialecte, taille: tailleBloc}
	var l lexeur
	for dernier := false; !dernier; {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("compare the files: %w", err)
		}
		l.donnees, dernier, err = d.suivant(l.donnees)
		if err != nil {
			return err
		}
		l.dialecte, l.fin, l.pos = f.dialecte, dernier, 0
		for l.suivant() {
			if l.vide() {
				continue
			}
			if ligne.numero++; ligne.numero > 1 {
				ligne.valeurs = l.champs
				ligne.identifier(cle)
				suivre(&ligne)
			}
		}
	}
	return nil
}

// choisirCle finds what the addresses of both files are recognised by.
func choisirCle(ctx context.Context, fichiers ...*fichierCompare) (string, error) {
	ids, cles := true, true
	for _, f := range fichiers {
		if f.texte == nil {
			continue
		}
		ids = ids && (f.places[champIDBanAdresse] > 0 || f.places[champUIDAdresse] > 0)
		cles = cles && f.places[champCleInterop] > 0
	}
	for _, f := range fichiers {
		if !ids && !cles {
			break
		}
		err := f.parcourir(ctx, "", func(l *ligneComparee) {
			ids = ids && l.idBan() != nil
			cles = cles && len(l.valeur(champCleInterop)) > 0
		})
		if err != nil {
			return "", err
		}
	}
	switch {
	case ids:
		return CleIDBan, nil
	case cles:
		return CleInterop, nil
	}
	return CleAdresse, nil
}

// empreinteLongue stands for a key: 16 bytes, so that two addresses are never taken for one.
type empreinteLongue [16]byte

func nouvelleEmpreinteLongue(texte []byte) (e empreinteLongue) {
	binary.LittleEndian.PutUint64(e[:], xxhash.Sum64(texte))
	d := xxhash.NewWithSeed(1)
	_, _ = d.Write(texte) // never fails
	binary.LittleEndian.PutUint64(e[8:], d.Sum64())
	return e
}

// occurrence is the key of the nth row of that key.
func (e empreinteLongue) occurrence(n uint32) empreinteLongue {
	return nouvelleEmpreinteLongue(binary.LittleEndian.AppendUint32(e[:], n))
}

// ligneComparee is the row being read. One is used again and again.
type ligneComparee struct {
	fichier *fichierCompare
	numero  int // line, the header is 1
	valeurs [][]byte
	cle     empreinteLongue

	normaliseur normaliseur
	tampon      []byte
}

// valeur is the text of a field without the spaces around, empty when the file has not got it.
func (l *ligneComparee) valeur(c champ) []byte {
	if i := l.fichier.places[c]; i > 0 && i <= len(l.valeurs) {
		return rogner(l.valeurs[i-1])
	}
	return nil
}

// voie is the name of the street or place, in the column of either version of the format.
func (l *ligneComparee) voie() []byte {
	if v := l.valeur(champVoieNom); len(v) > 0 {
		return v
	}
	return l.valeur(champToponyme)
}

// commune is the code of the commune, else that of the interoperability key.
func (l *ligneComparee) commune() []byte {
	if v := l.valeur(champCommuneInsee); len(v) > 0 {
		return v
	}
	commune, _, _ := bytes.Cut(l.valeur(champCleInterop), []byte("_"))
	return commune
}

// numeroAdresse is the number without leading zeros.
func (l *ligneComparee) numeroAdresse() []byte { return bytes.TrimLeft(l.valeur(champNumero), "0") }

// idBan is the identifier of the address, that of the place for the row of a place, nil when there is none.
func (l *ligneComparee) idBan() []byte {
	marques, _ := lireMarques(l.valeur(champUIDAdresse))
	id, enColonne := marques.adresse, l.valeur(champIDBanAdresse)
	if string(l.valeur(champNumero)) == "99999" {
		id, enColonne = marques.toponyme, l.valeur(champIDBanToponyme)
	}
	if len(enColonne) > 0 {
		return enColonne
	}
	return id
}

// identifier computes the key of the row.
func (l *ligneComparee) identifier(cle string) {
	b := l.tampon[:0]
	switch cle {
	case CleIDBan:
		b = append(b, bytes.ToLower(l.idBan())...)
	case CleInterop:
		b = append(b, bytes.ToLower(l.valeur(champCleInterop))...)
	case CleAdresse:
		b = append(append(b, l.commune()...), 0)
		b = append(l.normaliseur.ajouter(b, string(l.voie())), 0)
		b = append(append(b, l.numeroAdresse()...), 0)
		b = append(b, bytes.ToLower(l.valeur(champSuffixe))...)
	}
	l.tampon = b
	l.cle = nouvelleEmpreinteLongue(b)
}
