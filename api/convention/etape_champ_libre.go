package convention

import "slices"

// sectionChampLibre is the free text printed at the end of an avenant (03 §3.13).
func sectionChampLibre() Section {
	return Section{
		Code: EtapeChampLibre,
		Aide: "Ce texte est imprimé à la fin de l’avenant : désignation des immeubles, origine de propriété…",
		Champs: []Champ{{
			Cle: "champ_libre_avenant", Libelle: "Informations complémentaires", Type: TexteLong, Max: 5000, Cible: "convention__champ_libre_avenant",
			Lire: func(d *Dossier) any { return d.Convention.ChampLibreAvenant },
			Ecrire: func(d *Dossier, v any) Ecriture {
				d.Convention.ChampLibreAvenant = v.(string)
				return Ecriture{TableConvention, "champ_libre_avenant", v}
			},
		}},
	}
}

// sectionCommentaires is the message to the service; it is never printed (03 §3.13).
func sectionCommentaires() Section {
	return Section{
		Code: EtapeCommentaires,
		Aide: "Ce message s’adresse au service instructeur. Il n’est jamais imprimé.",
		Champs: []Champ{{
			Cle: "commentaires", Libelle: "Commentaires à l’attention du service", Type: TexteLong, Max: 5000, Cible: "convention__commentaires",
			Lire: func(d *Dossier) any { return d.Convention.Commentaires },
			Ecrire: func(d *Dossier, v any) Ecriture {
				d.Convention.Commentaires = v.(string)
				return Ecriture{TableConvention, "commentaires", v}
			},
		}},
	}
}

// etapesAvenant orders the steps of an avenant (03 §2.2) from those of its convention: the free text comes before the
// message to the service, and only the steps of checked types can be opened.
func (d *Dossier) etapesAvenant(codes []CodeEtape) []EtapeConvention {
	codes = slices.Insert(codes, slices.Index(codes, EtapeCommentaires), EtapeChampLibre)
	ouvertes, types := map[CodeEtape]bool{}, typesEtapes()
	for _, t := range d.TypesAvenant {
		for _, e := range types[t] {
			ouvertes[e] = true
		}
	}
	out, existantes := make([]EtapeConvention, 0, len(codes)), sections()
	for _, c := range codes {
		_, existe := existantes[c]
		out = append(out, EtapeConvention{Code: c, Facultative: c == EtapeChampLibre || c == EtapeCommentaires || (c == EtapeEDD && d.eddFacultatif()), Disponible: existe && ouvertes[c]})
	}
	return out
}
