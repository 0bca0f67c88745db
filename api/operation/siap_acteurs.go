package operation

import (
	"strings"

	"apilos/api/administration"
	"apilos/api/bailleur"
	"apilos/api/siap"
	"apilos/api/territoire"
)

// lireBailleur reads the maître d'ouvrage (05 B.6.1).
func (l *lecture) lireBailleur(o siap.OperationDTO) error {
	mo, chemin := o.EntiteMorale, "entiteMorale"
	if mo == nil {
		mo, chemin = o.DonneesMo, "donneesMo"
	}
	if mo == nil {
		return incomplete("donneesMo")
	}
	b := &l.plan.Bailleur
	b.NatureDonnee = nettoyer(mo.CodeFamilleMO) != ""
	b.NatureBailleur = bailleur.NatureDe(nettoyer(mo.CodeFamilleMO))
	b.SousNatureBailleur = bailleur.NonRenseigne
	b.Nom = l.texte(chemin+".nom", premier(mo.Nom, mo.RaisonSociale), longueurTexteCourt)
	b.NomDonne = b.Nom != ""
	b.Adresse = l.texte(chemin+".adresseLigne4", premier(mo.AdresseLigne, mo.AdresseLigne4), longueurTexteCourt)
	b.CodePostal, b.Ville = l.codePostalEtVille(chemin, mo)

	pivot, champ := mo.Siren.String(), chemin+".siren"
	if b.NatureBailleur == bailleur.Prives {
		pivot, champ = premier(mo.Email, mo.Siret.String()), chemin+".email"
	}
	id, err := identifier(pivot, champ)
	if err != nil {
		return err
	}
	id.Appliquer(&b.Bailleur, mo.Siret.String())
	if !b.NomDonne {
		b.Nom = nomParDefaut(id)
		l.anomalie(AnomalieBailleurSansNom, chemin+".nom", "", "Le maître d’ouvrage n’a pas de nom.")
	}
	return nil
}

// identifier reads the pivot. A SIREN whose key is wrong is let through here when it has the right
// shape: whether it may be created depends on it being known already (01 §4.1).
func identifier(pivot, champ string) (bailleur.Identifiant, error) {
	id := bailleur.Classer(nettoyer(pivot))
	if id.Valeur == "" || id.Type == bailleur.TypeHistorique {
		return id, bailleurNonIdentifie(champ)
	}
	return id, nil
}

// nomParDefaut names a bailleur that SIAP leaves without name: the database wants one, and the next
// answer with a name replaces it. It never shows the e-mail of a private owner.
func nomParDefaut(id bailleur.Identifiant) string {
	if id.Type == bailleur.TypeEmail {
		return "Bailleur privé"
	}
	return "Bailleur " + id.Valeur
}

func (l *lecture) codePostalEtVille(chemin string, mo *siap.MaitreOuvrageDTO) (codePostal, ville string) {
	ligne := nettoyer(mo.AdresseLigne6)
	sansChiffres := strings.TrimLeft(ligne, "0123456789 \t")
	ville = l.texte(chemin+".ville", premier(mo.Ville, sansChiffres), longueurTexteCourt)
	if cp := cinqChiffres(mo.CodePostal); cp != "" {
		return cp, ville
	}
	if len(ligne) >= 5 && territoire.CodePostalValide(ligne[:5]) {
		return ligne[:5], ville
	}
	if mo.CodePostal != "" {
		l.anomalie(AnomalieValeurInvalide, chemin+".codePostal", mo.CodePostal.String(), "Code postal invalide : il a été ignoré.")
	}
	return "", ville
}

// cinqChiffres reads a postcode, or an INSEE code, that may have lost its first zero by being sent as a
// number; "" when it is not one.
func cinqChiffres(c siap.Code) string {
	s := c.String()
	if len(s) == 4 {
		s = "0" + s
	}
	if territoire.CodePostalValide(s) {
		return s
	}
	return ""
}

// lireAdministration reads the service in charge (05 B.6.2).
func (l *lecture) lireAdministration(o siap.OperationDTO) error {
	if o.Gestionnaire == nil || o.Gestionnaire.Code == "" {
		return incomplete("gestionnaire.code")
	}
	code := l.texte("gestionnaire.code", o.Gestionnaire.Code.String(), longueurCodeAdministration)
	if code == "" {
		return incomplete("gestionnaire.code")
	}
	l.plan.Administration = administration.Nouvelle(code, l.texte("gestionnaire.libelle", o.Gestionnaire.Libelle, longueurTexteCourt))
	return nil
}
