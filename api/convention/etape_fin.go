package convention

import (
	"strings"

	"apilos/api/comment"
	"apilos/api/date"
)

// maxTexteFin is the greatest length of the texts of a procedure, in characters.
const maxTexteFin = 5000

// champFin is the day of a procedure.
func (f fin) champJour(libelle, aide string) Champ {
	return Champ{
		Cle: f.colonne, Libelle: libelle, Type: Date, Requis: true, Aide: aide, Cible: "convention__" + f.colonne,
		Lire: func(d *Dossier) any { return f.jour(d.Convention) },
		Ecrire: func(d *Dossier, v any) Ecriture {
			j, _ := v.(*date.Date)
			if f.genre == GenreDenonciation {
				d.Convention.DateDenonciation = j
			} else {
				d.Convention.DateResiliation = j
			}
			return Ecriture{TableConvention, f.colonne, j}
		},
	}
}

// texteConvention is a long text kept in a column of the convention.
func texteConvention(c Champ, colonne string, acces func(*Convention) *string) Champ {
	c.Type, c.Max = TexteLong, maxTexteFin
	c.Lire = func(d *Dossier) any { return *acces(&d.Convention) }
	c.Ecrire = func(d *Dossier, v any) Ecriture {
		*acces(&d.Convention) = v.(string)
		return Ecriture{TableConvention, colonne, v}
	}
	return c
}

// verifierJour refuses a day that precedes the signature.
func (f fin) verifierJour(d *Dossier, _ date.Date) []Anomalie {
	if j := f.jour(d.Convention); j != nil {
		if detail := f.avantSignature(d, *j); detail != "" {
			return []Anomalie{{Pointer: "/" + f.colonne, Code: "DATE_INCOHERENTE", Detail: detail, Niveau: NiveauErreur}}
		}
	}
	return nil
}

// etapeFin is the only step of the form of a procedure, "" for another row.
func (d *Dossier) etapeFin() CodeEtape {
	f, _ := d.fin()
	return f.etape
}

// EtapeDe returns the step of d that shows a comment: a procedure has only one.
func (d *Dossier) EtapeDe(c comment.Commentaire) CodeEtape {
	if e := d.etapeFin(); e != "" {
		return e
	}
	return EtapeDe(c)
}

// fin counts what the form of a procedure expects; its day and the reason of a résiliation hold back its submission.
func (r *releve) fin(f fin) {
	c, d := r.d.Convention, r.d
	r.exiger(NiveauBloquant, f.jour(c) != nil, f.codeDate, f.etape, f.colonne, "Indiquez la date de "+f.genre.Nom()+".")
	if f.motifRequis {
		r.exiger(NiveauBloquant, rempli(f.raison(c)), f.codeMotif, f.etape, f.motif, "Indiquez le motif de la "+f.genre.Nom()+".")
	} else {
		r.exiger(NiveauConseil, rempli(f.raison(c)), "MOTIF_DENONCIATION", f.etape, f.motif, "Motif de la dénonciation")
	}
	if !d.ActeMasque {
		r.exiger(NiveauConseil, len(d.actes()) > 0, "ACTE_MANQUANT", f.etape, "acte", "Acte de "+f.genre.Nom())
	}
}

// carteFin shows a procedure: its fields, then the names of its files.
func (d *Dossier) carteFin(f fin) []ChampCarte {
	out := d.carteSection(sections()[f.etape])
	if !d.ActeMasque {
		out = append(out, ChampCarte{"convention__fichier_instruction_" + string(f.genre), "Pièces de l’acte", noms(d.actes())})
	}
	if f.genre == GenreResiliation {
		out = append(out, ChampCarte{"", "Fichiers joints aux commentaires", noms(d.courants(RubriqueCommentaires))})
	}
	return out
}

func noms(documents []Document) string {
	out := make([]string, 0, len(documents))
	for _, doc := range documents {
		out = append(out, doc.Fichier.NomReel)
	}
	return strings.Join(out, "\n")
}
