package mail_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"apilos/api/date"
	"apilos/api/mail"
)

var objets = []mail.Objet{mail.ObjetConvention, mail.ObjetAvenant, mail.ObjetDenonciation, mail.ObjetResiliation}

func newModeles(t *testing.T) *mail.Modeles {
	t.Helper()
	m, err := mail.NewModeles()
	require.NoError(t, err)
	return m
}

// plain undoes what only typography and HTML change, to compare words.
func plain(s string) string {
	return strings.NewReplacer("\u00a0", " ", "&amp;", "&", "&#39;", "'", "&#34;", `"`, "&lt;", "<", "&gt;", ">", "&#43;", "+").Replace(s)
}

func TestEM27EveryTemplateRenders(t *testing.T) {
	m := newModeles(t)
	for _, code := range mail.Codes() {
		for _, objet := range objets {
			t.Run(code+" "+string(objet), func(t *testing.T) {
				d := mail.Exemple(code, objet)
				r, err := m.Render(code, d)
				require.NoError(t, err)
				for name, part := range map[string]string{"subject": r.Subject, "text": r.Text, "HTML": r.HTML} {
					require.NotEmpty(t, strings.TrimSpace(part), name)
					require.True(t, utf8.ValidString(part), name)
					for _, bad := range []string{"{{", "}}", "<no value>", "<nil>", "%!", "ZgotmplZ", "Ã", "\uFFFD", "&amp;amp;", "de l’la", "  le ", "!"} {
						if bad == "!" && name == "HTML" {
							continue // <!DOCTYPE> and !important
						}
						require.NotContains(t, part, bad, name)
					}
				}
				require.NotContains(t, r.Subject, "\n")
				require.LessOrEqual(t, utf8.RuneCountInString(r.Subject), 150)
				require.NotContains(t, r.Text, "<", "markup in the text version")
				require.NotContains(t, r.Text, "\n\n\n")
				require.Contains(t, r.HTML, `<html lang="fr"`)
				require.Contains(t, r.HTML, "prefers-color-scheme: dark")
				requireWellFormed(t, r.HTML)
				for _, want := range []string{"Bonjour Noël Garçon,", d.Lien} {
					require.Contains(t, plain(r.Text), want)
					require.Contains(t, plain(r.HTML), want)
				}
				require.Equal(t, d.LienPreferences != "", strings.Contains(r.HTML, "Choisir les courriels"), "EM-21")
				require.Equal(t, d.LienPreferences != "", strings.Contains(r.Text, "Choisir les courriels"), "EM-21")
			})
		}
	}
}

// requireWellFormed fails when a tag is not closed or closed twice.
func requireWellFormed(t *testing.T, html string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(html))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var open []string
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		switch tag := token.(type) {
		case xml.StartElement:
			if name := tag.Name.Local; name != "meta" && name != "br" {
				open = append(open, name)
			}
		case xml.EndElement:
			require.NotEmpty(t, open, "</%s> without beginning", tag.Name.Local)
			require.Equal(t, open[len(open)-1], tag.Name.Local)
			open = open[:len(open)-1]
		}
	}
	require.Empty(t, open)
}

// The column "data" of 02 §6, by field of Donnees: each must be visible in both versions.
func TestEM27EveryVariableIsShown(t *testing.T) {
	file := []string{"Libelle", "Bailleur", "Numero", "NumeroConvention", "Lien", "LienPreferences"}
	shown := map[string][]string{
		"EM-01": append([]string{"Auteur"}, file...),
		"EM-02": append([]string{"Auteur"}, file...),
		"EM-03": append([]string{"Auteur", "Commentaire"}, file...),
		"EM-04": append([]string{"Auteur", "Commentaire"}, file...),
		"EM-05": append([]string{"Administration", "Adresse", "CodePostal", "Ville", "NbExemplaires", "PieceJointe"}, file...),
		"EM-06": {"Prenom", "Nom", "NomFichier", "Lien"},
		"EM-11": {"Prenom", "Nom", "Email", "Lien", "LienPreferences"},
		"EM-12": {"Prenom", "Nom", "Email", "Lien", "LienPreferences"},
		"EM-13": append([]string{"Date"}, file...),
		"EM-14": append([]string{"Date", "Motif", "Auteur"}, file...),
		"EM-15": {"Prenom", "Nom", "Lien", "LienPreferences", "Listes"},
		"EM-16": {"Prenom", "Nom", "Lien", "LienPreferences", "Listes"},
		"EM-17": append([]string{"Cause"}, file...),
		"EM-18": append([]string{"Auteur", "Administration", "AdministrationPrecedente"}, file...),
		"EM-29": append([]string{"Cause"}, file...),
	}
	m := newModeles(t)
	used := map[string]bool{"Objet": true, "Evenement": true, "Depot": true} // tested apart
	for _, code := range mail.Codes() {
		require.NotEmpty(t, shown[code], code)
		d, marks := marked(t)
		r, err := m.Render(code, d)
		require.NoError(t, err)
		for _, field := range shown[code] {
			used[field] = true
			require.Contains(t, r.Text, marks[field], "%s, text, %s", code, field)
			require.Contains(t, r.HTML, marks[field], "%s, HTML, %s", code, field)
		}
	}
	for field := range marks(t) {
		require.True(t, used[field], "no template shows %s", field)
	}
}

func marks(t *testing.T) map[string]string {
	t.Helper()
	_, m := marked(t)
	return m
}

// marked fills every field of Donnees with a value found nowhere else.
func marked(t *testing.T) (mail.Donnees, map[string]string) {
	t.Helper()
	day := date.New(2031, time.March, 17)
	d := mail.Donnees{Objet: mail.ObjetAvenant, Evenement: mail.EvenementAnnule, NbExemplaires: 7531, Date: &day, Listes: []mail.Liste{
		{Titre: "Marque des listes", Total: 9, Dossiers: []mail.DossierLie{{Libelle: "Marque du dossier", Lien: "https://apilos.example/dossier"}}},
	}}
	marks := map[string]string{"Objet": "avenant", "Evenement": "annulé", "NbExemplaires": "7531", "Date": "17/03/2031", "Depot": "-", "Listes": "Marque du dossier"}
	v := reflect.ValueOf(&d).Elem()
	for i := range v.NumField() {
		field, name := v.Field(i), v.Type().Field(i).Name
		if marks[name] != "" {
			continue
		}
		require.Equal(t, reflect.String, field.Kind(), name)
		marks[name] = fmt.Sprintf("Marque%02dÉ", i)
		if strings.HasPrefix(name, "Lien") {
			marks[name] = fmt.Sprintf("https://apilos.example/marque%02d", i)
		}
		field.SetString(marks[name])
	}
	return d, marks
}

func TestEM27MissingValues(t *testing.T) {
	m := newModeles(t)
	tests := map[string][]string{
		"EM-01": {"objet", "libelle", "bailleur", "auteur", "lien"},
		"EM-02": {"objet", "libelle", "bailleur", "auteur", "lien"},
		"EM-03": {"objet", "libelle", "bailleur", "auteur", "lien"},
		"EM-04": {"objet", "libelle", "bailleur", "auteur", "lien"},
		"EM-05": {"objet", "libelle", "lien", "nb_exemplaires"},
		"EM-06": {"nom_fichier"},
		"EM-11": {"email", "lien"},
		"EM-12": {"email", "lien"},
		"EM-13": {"objet", "libelle", "lien", "date"},
		"EM-14": {"objet", "libelle", "lien", "date", "evenement"},
		"EM-15": {"lien", "listes"},
		"EM-16": {"lien", "listes"},
		"EM-17": {"objet", "libelle", "lien", "cause"},
		"EM-18": {"objet", "libelle", "auteur", "lien", "administration"},
		"EM-29": {"objet", "libelle", "lien", "cause"},
	}
	for _, code := range mail.Codes() {
		_, err := m.Render(code, mail.Donnees{})
		var missing *mail.MissingError
		require.ErrorAs(t, err, &missing, code)
		require.Equal(t, tests[code], missing.Champs, code)
		require.Equal(t, code, missing.Code)
		for _, name := range tests[code] { // one at a time, through the names of the stored charge
			_, err := m.Render(code, without(t, mail.Exemple(code, mail.ObjetConvention), name))
			require.ErrorAs(t, err, &missing, "%s without %s", code, name)
			require.Equal(t, []string{name}, missing.Champs, code)
		}
	}
	_, err := m.Render("EM-99", mail.Exemple("EM-01", mail.ObjetConvention))
	require.ErrorIs(t, err, mail.ErrModele)
}

// without passes d through JSON, as message_sortant.charge does, and loses one member.
func without(t *testing.T, d mail.Donnees, name string) mail.Donnees {
	t.Helper()
	b, err := json.Marshal(d)
	require.NoError(t, err)
	var members map[string]any
	require.NoError(t, json.Unmarshal(b, &members))
	require.Contains(t, members, name)
	delete(members, name)
	b, err = json.Marshal(members)
	require.NoError(t, err)
	var out mail.Donnees
	require.NoError(t, json.Unmarshal(b, &out))
	return out
}

func TestChargeKeepsEverything(t *testing.T) {
	d, _ := marked(t)
	b, err := json.Marshal(d)
	require.NoError(t, err)
	var back mail.Donnees
	require.NoError(t, json.Unmarshal(b, &back))
	require.Equal(t, d, back)
}

func TestWordsOfEachVariant(t *testing.T) {
	m := newModeles(t)
	tests := []struct {
		code    string
		objet   mail.Objet
		change  func(*mail.Donnees)
		subject string
		body    string // in both versions
	}{
		{"EM-01", mail.ObjetConvention, nil, "Convention transmise au service instructeur : n° 35.D.26.0001 – Résidence", "puis la valider ou vous demander des corrections"},
		{"EM-01", mail.ObjetAvenant, nil, "Avenant transmis au service instructeur : n° 2 à la convention 35.D.19.0042 –", "puis le valider ou vous demander des corrections"},
		{"EM-01", mail.ObjetResiliation, nil, "Résiliation transmise", "a soumis la résiliation au service"},
		{"EM-01", mail.ObjetConvention, func(d *mail.Donnees) { d.Numero = "" }, "Convention transmise au service instructeur : Résidence", "a soumis la convention"},
		{"EM-02", mail.ObjetConvention, nil, "À instruire : convention n°", "Une convention est à instruire"},
		{"EM-02", mail.ObjetAvenant, nil, "À instruire : avenant n°", "Un avenant est à instruire"},
		{"EM-02", mail.ObjetDenonciation, nil, "À instruire : dénonciation n°", "Examinez-la, puis validez-la"},
		{"EM-03", mail.ObjetAvenant, nil, "Corrections demandées : avenant", "a examiné l’avenant et vous demande des corrections"},
		{"EM-04", mail.ObjetConvention, nil, "Corrections faites : convention", "a mis à jour la convention"},
		{"EM-05", mail.ObjetConvention, nil, "À signer : convention", "La convention est validée, vous pouvez la signer"},
		{"EM-05", mail.ObjetAvenant, nil, "À signer : avenant", "L’avenant est validé, vous pouvez le signer"},
		{"EM-05", mail.ObjetConvention, func(d *mail.Donnees) { d.PieceJointe = "" }, "À signer", "se trouve sur APiLos"},
		{"EM-05", mail.ObjetConvention, func(d *mail.Donnees) { d.PieceJointe = "convention.ZIP" }, "À signer", "L’archive jointe à ce courriel (convention.ZIP)"},
		{"EM-05", mail.ObjetConvention, func(d *mail.Donnees) { d.NbExemplaires = 1 }, "À signer", "signez le document en un exemplaire."},
		{"EM-05", mail.ObjetConvention, func(d *mail.Donnees) { d.Administration, d.Adresse, d.CodePostal, d.Ville = "", "", "", "" }, "À signer", "au service instructeur."},
		{"EM-06", mail.ObjetConvention, nil, "Fichier refusé : un virus a été détecté dans « plan de masse été.pdf »", "personne n’a pu le télécharger"},
		{"EM-06", mail.ObjetConvention, func(d *mail.Donnees) { d.Prenom, d.Nom = "", "" }, "Fichier refusé", "Bonjour,"},
		{"EM-11", "", nil, "Votre avis", "votre première demande"},
		{"EM-12", "", nil, "Votre avis", "votre première instruction"},
		{"EM-13", mail.ObjetConvention, nil, "Signée le 15/01/2026 : convention", "La convention a été signée le 15/01/2026"},
		{"EM-18", mail.ObjetConvention, nil, "Changement d’administration : convention", "De Rennes Métropole à Direction départementale"},
		{"EM-13", mail.ObjetAvenant, nil, "Signé le 15/01/2026 : avenant", "L’avenant a été signé le 15/01/2026"},
		{"EM-14", mail.ObjetAvenant, nil, "Avenant annulé : n° 2", "L’avenant a été annulé le 15/01/2026"},
		{"EM-14", mail.ObjetConvention, func(d *mail.Donnees) { d.Evenement = mail.EvenementDenonce }, "Convention dénoncée au 15/01/2026", "La convention est dénoncée par Hélène Lefèvre, avec effet au 15/01/2026"},
		{"EM-14", mail.ObjetConvention, func(d *mail.Donnees) { d.Evenement = mail.EvenementResilie }, "Convention résiliée au 15/01/2026", "La convention est résiliée"},
		{"EM-17", mail.ObjetAvenant, nil, "Document non généré : avenant", "Le document de l’avenant n’a pas pu être généré"},
		{"EM-29", mail.ObjetConvention, nil, "Bailleur non prévenu : convention", "que la convention est à signer"},
	}
	for _, tt := range tests {
		t.Run(tt.code+" "+string(tt.objet)+" "+tt.body, func(t *testing.T) {
			d := mail.Exemple(tt.code, tt.objet)
			if tt.change != nil {
				tt.change(&d)
			}
			r, err := m.Render(tt.code, d)
			require.NoError(t, err)
			require.True(t, strings.HasPrefix(plain(r.Subject), tt.subject), r.Subject)
			require.Contains(t, plain(r.Text), tt.body)
			require.Contains(t, plain(r.HTML), tt.body)
		})
	}
}

func TestOptionalPartsDisappear(t *testing.T) {
	m := newModeles(t)
	for code, trace := range map[string]string{"EM-03": "Message laissé", "EM-04": "Message laissé", "EM-14": "Motif"} {
		d := mail.Exemple(code, mail.ObjetConvention)
		r, err := m.Render(code, d)
		require.NoError(t, err)
		require.Contains(t, r.Text, trace)
		require.Contains(t, r.HTML, trace)
		d.Commentaire, d.Motif = "", ""
		r, err = m.Render(code, d)
		require.NoError(t, err)
		require.NotContains(t, r.Text, trace)
		require.NotContains(t, r.HTML, trace)
	}
	d := mail.Exemple("EM-06", mail.ObjetConvention)
	d.Lien = ""
	r, err := m.Render("EM-06", d)
	require.NoError(t, err)
	require.NotContains(t, r.HTML, "Déposer un autre fichier")
}

func TestHostileValues(t *testing.T) {
	m := newModeles(t)
	const attack = "<script>alert(1)</script>\r\nBcc: victime@exemple.fr\x00\x1b & \"'"
	for _, code := range mail.Codes() {
		d := mail.Exemple(code, mail.ObjetConvention)
		v := reflect.ValueOf(&d).Elem()
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if v.Field(i).Kind() == reflect.String && name != "Objet" && name != "Evenement" && !strings.HasPrefix(name, "Lien") {
				v.Field(i).SetString(attack)
			}
		}
		r, err := m.Render(code, d)
		require.NoError(t, err, code)
		require.NotContains(t, r.HTML, "<script", code)
		require.NotContains(t, r.Subject, "\n", code)
		require.NotContains(t, r.Subject, "\r", code)
		for _, part := range []string{r.Subject, r.Text, r.HTML} {
			require.NotContains(t, part, "\x00", code)
			require.NotContains(t, part, "\x1b", code)
		}
		requireWellFormed(t, r.HTML)
	}
	for _, link := range []string{"javascript:alert(1)", "/relative", "//host/x", "mailto:a@b.fr", "https://", "::"} {
		d := mail.Exemple("EM-01", mail.ObjetConvention)
		d.Lien = link
		_, err := m.Render("EM-01", d)
		require.Error(t, err, link)
		d = mail.Exemple("EM-01", mail.ObjetConvention)
		d.LienPreferences = link
		_, err = m.Render("EM-01", d)
		require.Error(t, err, link)
	}
}

func TestQuotedTextKeepsItsLines(t *testing.T) {
	m := newModeles(t)
	d := mail.Exemple("EM-03", mail.ObjetConvention)
	d.Commentaire = "\n  Ligne un\r\nLigne deux\n\nLigne <trois>  \n"
	r, err := m.Render("EM-03", d)
	require.NoError(t, err)
	require.Contains(t, r.Text, "> Ligne un\n> Ligne deux\n>\n> Ligne <trois>\n")
	require.Contains(t, r.HTML, "Ligne un<br>Ligne deux<br><br>Ligne &lt;trois&gt;")
}

func TestSubjectIsShortened(t *testing.T) {
	m := newModeles(t)
	d := mail.Exemple("EM-03", mail.ObjetConvention)
	d.Libelle = strings.Repeat("é", 400)
	r, err := m.Render("EM-03", d)
	require.NoError(t, err)
	require.Equal(t, 150, utf8.RuneCountInString(r.Subject))
	require.True(t, strings.HasSuffix(r.Subject, "…"))
	require.True(t, strings.HasPrefix(plain(r.Subject), "Corrections demandées : convention n° 35.D.26.0001 – é"), "what matters comes first")
}
