package convention_test

import (
	"testing"
	"time"

	"apilos/api/convention"
	"apilos/api/fichier"

	"github.com/stretchr/testify/require"
)

// Files of a step: the same bytes are the same file, the same name is a file that was replaced.
func TestComparaisonDesFichiers(t *testing.T) {
	doc := func(rubrique, nom, empreinte string) convention.Document {
		taille := int64(1_234_567)
		return convention.Document{Rattache: fichier.FichierRattache{Rubrique: rubrique}, Fichier: fichier.Fichier{NomReel: nom, Sha256: &empreinte, Taille: &taille}}
	}
	archive := doc("VENDEUR", "vieux.png", "vieux")
	archive.Rattache.RemplaceLe = &time.Time{}
	type documents []convention.Document
	for nom, c := range map[string]struct {
		bloc         string
		memeActe     bool
		avant, apres documents
		attendu      []string
	}{
		"same bytes, another name": {"cadastre", false, documents{doc("VENDEUR", "a.png", "1")}, documents{doc("VENDEUR", "b.png", "1"), archive}, nil},
		"added":                    {"edd", false, nil, documents{doc("EDD_CLASSIQUE", "a.pdf", "1")}, []string{" EDD classique ajoutee"}},
		"removed":                  {"cadastre", false, documents{doc("ACQUEREUR", "a.png", "1"), archive}, nil, []string{" Acquéreur supprimee"}},
		"replaced":                 {"cadastre", false, documents{doc("VENDEUR", "a.png", "1")}, documents{doc("VENDEUR", "a.png", "2")}, []string{" Vendeur modifiee"}},
		"a slot replaced whole": {
			"cadastre", false, documents{doc("VENDEUR", "a.png", "1"), doc("VENDEUR", "b.png", "2")}, documents{doc("VENDEUR", "c.png", "3")},
			[]string{" Vendeur modifiee", " Vendeur supprimee"},
		},
		"another slot is another file":    {"cadastre", false, documents{doc("VENDEUR", "a.png", "1")}, documents{doc("ACQUEREUR", "a.png", "1")}, []string{" Acquéreur ajoutee", " Vendeur supprimee"}},
		"those of one act, another act":   {"commentaires", false, documents{doc("COMMENTAIRES", "a.pdf", "1")}, documents{doc("COMMENTAIRES", "a.pdf", "1")}, []string{" Commentaires à l’attention du service ajoutee"}},
		"those of one act, the same act":  {"commentaires", true, documents{doc("COMMENTAIRES", "a.pdf", "1")}, documents{doc("COMMENTAIRES", "a.pdf", "1")}, nil},
		"a step without file has no line": {"duree", false, documents{doc("VENDEUR", "a.png", "1")}, nil, nil},
	} {
		avec := func(docs documents) *convention.VersionComplete {
			return uneVersion(func(d *convention.Dossier) {
				d.Documents = docs
				if c.memeActe {
					d.Convention.ID = 7
				}
			})
		}
		b := bloc(t, convention.Comparer(avec(c.avant), avec(c.apres), false), c.bloc)
		lignes := []string{}
		for _, x := range b.Tableaux {
			if x.Titre != "Fichiers" {
				continue
			}
			require.Equal(t, b.Etapes[0], x.Etape, nom)
			lignes = append(lignes, lignesChangees(x)...)
		}
		require.ElementsMatch(t, c.attendu, lignes, nom)
		require.Equal(t, len(c.attendu), b.NbChangements(), nom)
	}
	b := bloc(t, convention.Comparer(uneVersion(func(*convention.Dossier) {}), uneVersion(func(d *convention.Dossier) { d.Documents = documents{doc("VENDEUR", "a.png", "1")} }), true), "cadastre")
	champ := b.Tableaux[len(b.Tableaux)-1].Lignes[0].Champs[0]
	require.Equal(t, []string{"", "a.png (1,2\u202fMo)"}, []string{champ.Avant, champ.Apres})
	require.Equal(t, "1", *champ.ApresBrut)
}
