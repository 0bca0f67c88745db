package bal

// nom is a name of street or place and the form it is compared with.
type nom struct {
	normalise string
	empreinte uint64 // of normalise
}

// noms remembers the names already normalised: a file of 100 000 rows has a few thousand of them, on rows that follow
// each other. One per goroutine.
type noms struct {
	normaliseur normaliseur
	connus      map[string]*nom
	vide        *nom
	tampon      []byte
}

// maxNoms bounds the memory of a file whose names are all different; the memory starts again from nothing.
const maxNoms = 16384

func nouveauxNoms() noms {
	vide := &nom{empreinte: empreinte(nil)}
	return noms{connus: make(map[string]*nom), vide: vide}
}

func (n *noms) trouver(texte []byte) *nom {
	if len(texte) == 0 {
		return n.vide
	}
	if connu, ok := n.connus[string(texte)]; ok {
		return connu
	}
	n.tampon = n.normaliseur.ajouter(n.tampon[:0], string(texte))
	nouveau := &nom{normalise: string(n.tampon), empreinte: empreinte(n.tampon)}
	if len(n.connus) >= maxNoms {
		clear(n.connus)
	}
	n.connus[string(texte)] = nouveau
	return nouveau
}
