package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"apilos/api/bal"
)

// ecrireRapportBal writes the verdict, then the codes by severity.
func ecrireRapportBal(w io.Writer, nom string, r *bal.Rapport) error {
	var texte bytes.Buffer
	switch {
	case r.Valide && len(r.Resume) == 0:
		fmt.Fprintf(&texte, "%s : valide, sans anomalie.\n", nom)
	case r.Valide:
		fmt.Fprintf(&texte, "%s : valide.\n", nom)
	case r.LectureReussie:
		fmt.Fprintf(&texte, "%s : non valide.\n", nom)
	case r.Refuse():
		fmt.Fprintf(&texte, "%s : illisible.\n", nom)
	default:
		fmt.Fprintf(&texte, "%s : non valide, le fichier n'est pas un tableau de colonnes régulier.\n", nom)
	}
	if r.LectureReussie {
		fmt.Fprintf(&texte, "%s, profil %s, %s, %s.\n", accorder(r.Lignes, "ligne"), r.Profil, r.Encodage, r.Fichier.FinDeLigne.Valeur)
	}
	for _, e := range r.ErreursLecture {
		fmt.Fprintf(&texte, "  %s%s\n", messageLecture(e), lieuLecture(e))
	}
	if reste := r.NombreErreursLecture - len(r.ErreursLecture); reste > 0 {
		fmt.Fprintf(&texte, "  et %s.\n", accorder(reste, "autre erreur"))
	}
	for _, groupe := range []struct {
		niveau bal.Niveau
		titre  string
	}{{bal.Erreur, "Erreurs"}, {bal.Avertissement, "Avertissements"}, {bal.Information, "Informations"}} {
		ecrireCodesBal(&texte, r, groupe.niveau, groupe.titre)
	}
	_, err := w.Write(texte.Bytes())
	return err
}

func ecrireCodesBal(texte *bytes.Buffer, r *bal.Rapport, niveau bal.Niveau, titre string) {
	titre = "\n" + titre + "\n"
	for _, c := range r.Resume {
		if c.Niveau != niveau {
			continue
		}
		texte.WriteString(titre)
		titre = ""
		fmt.Fprintf(texte, "  %s\n    %s", c.Libelle, c.Code)
		if len(c.PremieresLignes) > 0 {
			fmt.Fprintf(texte, " — %s : %s", accorder(c.Nombre, "ligne"), lieux(c))
		}
		texte.WriteByte('\n')
	}
}

// lieux lists the first lines, with their value when it is short.
func lieux(c bal.CodeResume) string {
	var liste []string
	for i, ligne := range c.PremieresLignes {
		lieu := strconv.Itoa(ligne)
		if i < min(len(c.PremieresValeurs), 3) && c.PremieresValeurs[i] != "" {
			lieu += " (" + strconv.Quote(c.PremieresValeurs[i]) + ")"
		}
		liste = append(liste, lieu)
	}
	if c.Nombre > len(liste) {
		liste = append(liste, "…")
	}
	return strings.Join(liste, ", ")
}

// messageLecture says in French what the published messages say in English.
func messageLecture(e bal.ErreurLecture) string {
	switch e.Code {
	case "UndetectableDelimiter":
		return "Le séparateur de colonnes n'a pas été trouvé"
	case "MissingQuotes":
		return "Un guillemet ouvert n'est jamais fermé"
	case "InvalidQuotes":
		return "Un guillemet fermant est suivi d'un autre caractère"
	case "TooFewFields":
		return "Il manque des colonnes"
	case "TooManyFields":
		return "Il y a trop de colonnes"
	}
	return e.Message
}

// lieuLecture is the line as a spreadsheet shows it.
func lieuLecture(e bal.ErreurLecture) string {
	switch {
	case e.Ligne < 0:
		return ""
	case e.Type == "Quotes": // records, header counted
		return fmt.Sprintf(" (ligne %d)", e.Ligne+1)
	}
	return fmt.Sprintf(" (ligne %d)", e.Ligne+2)
}

// ecrireCorrectionBal says what was corrected, by field.
func ecrireCorrectionBal(w io.Writer, sortie string, c *bal.Correction) error {
	var texte bytes.Buffer
	fmt.Fprintf(&texte, "%s : %s.\n", sortie, accorder(c.Rapport.Lignes, "ligne écrite"))
	for _, champ := range slices.Sorted(maps.Keys(c.Corrections)) {
		fmt.Fprintf(&texte, "  %s : %s\n", champ, accorder(c.Corrections[champ], "valeur proposée"))
	}
	if c.DatesSupposees > 0 {
		fmt.Fprintf(&texte, "Attention : %s sans date lisible ont reçu la date du jour.\n", accorder(c.DatesSupposees, "ligne"))
	}
	_, err := w.Write(texte.Bytes())
	return err
}

// accorder writes a number and its noun, each word in the plural from two on.
func accorder(n int, nom string) string {
	if n > 1 {
		nom = strings.ReplaceAll(nom, " ", "s ") + "s"
	}
	return strconv.Itoa(n) + " " + nom
}

// barreProgression shows on the terminal how much of a file was read. It does nothing elsewhere.
type barreProgression struct {
	sortie  io.Writer // nil: nothing is shown
	titre   string
	taille  int64
	montree int
}

const largeurBarre = 40

func (p program) nouvelleBarre(chemin, titre string) *barreProgression {
	b := &barreProgression{titre: titre, montree: -1}
	terminal, ok := p.stderr.(*os.File)
	if !ok {
		return b
	}
	etat, err := terminal.Stat()
	fichier, erreurFichier := os.Stat(chemin)
	if err != nil || erreurFichier != nil || etat.Mode()&os.ModeCharDevice == 0 || fichier.Size() == 0 {
		return b
	}
	b.sortie, b.taille = terminal, fichier.Size()
	return b
}

// avancer redraws when one more step is reached.
func (b *barreProgression) avancer(lu int64) {
	if b.sortie == nil {
		return
	}
	pas := int(min(lu*largeurBarre/b.taille, largeurBarre))
	if pas == b.montree {
		return
	}
	b.montree = pas
	fmt.Fprintf(b.sortie, "\r%s [%s%s] %3d %%", b.titre, strings.Repeat("#", pas), strings.Repeat(" ", largeurBarre-pas), pas*100/largeurBarre)
}

// effacer leaves the line clean for what follows.
func (b *barreProgression) effacer() {
	if b.sortie != nil && b.montree >= 0 {
		fmt.Fprintf(b.sortie, "\r%s\r", strings.Repeat(" ", largeurBarre+len(b.titre)+10))
	}
}
