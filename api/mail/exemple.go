package mail

import (
	"time"

	"apilos/api/date"
)

// Exemple returns invented but plausible data that fills every part of a template, for previews
// (/admin/courriels, 06 §7.1) and tests. Unknown codes give the same data.
func Exemple(code string, objet Objet) Donnees {
	day := date.New(2026, time.January, 15)
	d := Donnees{
		Objet: objet, Libelle: "Résidence des Tilleuls – 24 logements – PLUS", Bailleur: "Office public de l’habitat d’Exempleville",
		Auteur: "Hélène Lefèvre", Commentaire: "Bonjour,\nMerci de préciser la surface utile du lot n° 2 : elle diffère du plan.\n\nÇa reste à vérifier.",
		Lien:                     "https://apilos.example/conventions/0b5d4c1e-8a0e-4b7e-9d2f-3c5a6b7c8d9e/recapitulatif",
		LienPreferences:          "https://apilos.example/parametres/notifications",
		AdministrationPrecedente: "Rennes Métropole",
		Administration:           "Direction départementale des territoires et de la mer", Adresse: "12 rue de l’Église\nBâtiment B", CodePostal: "35000", Ville: "Rennes",
		NbExemplaires: 3, PieceJointe: "convention_35.D.26.0001.pdf",
		Prenom: "Noël", Nom: "Garçon", Email: "noel.garcon@bailleur.example", NomFichier: "plan de masse été.pdf",
		Date: &day, Evenement: EvenementAnnule, Motif: "Opération abandonnée : le permis n’a pas été délivré.",
		Cause: "le convertisseur de documents ne répond pas.",
	}
	d.Listes = []Liste{{Titre: "À instruire", Total: 2, Dossiers: []DossierLie{{Libelle: d.Libelle, Lien: d.Lien}}}}
	switch objet {
	case ObjetConvention:
		d.Numero = "35.D.26.0001"
	case ObjetAvenant, ObjetDenonciation, ObjetResiliation:
		d.Numero, d.NumeroConvention = "2", "35.D.19.0042"
	}
	if code == "EM-06" || code == "EM-17" { // they ignore preferences (EM-21)
		d.LienPreferences = ""
	}
	return d
}
