package operation

import (
	"strings"
	"unicode"

	"apilos/api/siap"
	"apilos/api/territoire"
)

// lireOperation reads the root operation (05 B.6.3 to B.6.5).
func (l *lecture) lireOperation(o siap.OperationDTO) error {
	d := o.DonneesOperation
	if d == nil {
		return incomplete("donneesOperation")
	}
	op := &l.plan.Operation
	op.Source, op.Version = SourceSIAP, 1
	op.NumeroOperation = l.texte("donneesOperation.numeroOperation", d.NumeroOperation.String(), longueurTexteCourt)
	op.Nom = l.texte("donneesOperation.nomOperation", d.NomOperation, longueurTexteCourt)
	op.TypeOperation = l.typeOperation(d)
	for _, a := range d.Aides {
		op.SecondeVie = op.SecondeVie || CodeAide(nettoyer(a.Code)) == AideSecondeVie
	}
	if NormaliserNumero(op.NumeroOperation) == "" {
		return incomplete("donneesOperation.numeroOperation")
	}
	err := l.lireLocalisation(o.DonneesLocalisation)
	nature, ok := natureLogement(nettoyer(d.NatureLogement), nettoyer(d.Typologie))
	if !ok {
		return incomplete("donneesOperation.natureLogement")
	}
	op.NatureLogement = nature
	return err
}

func (l *lecture) typeOperation(d *siap.DonneesOperationDTO) TypeOperation {
	if d.SansTravaux {
		return SansTravaux
	}
	switch s := nettoyer(d.SousNatureOperation); s {
	case "CNE", "NEUF":
		return Neuf
	case "AAM", "ACQUISAMELIORATION":
		return AcquisAmelioration
	case "AST", "ACQUISSANSTRAVAUX":
		return AcquisSansTravaux
	case "", "SANSOBJET":
		return SansObjet
	default:
		l.anomalie(AnomalieValeurInconnue, "donneesOperation.sousNatureOperation", s, "Sous-nature d’opération inconnue : « sans objet » a été retenu.")
		return SansObjet
	}
}

// natureLogement reads the nature, or the typologie when there is no nature. There is no default: the
// form and the documents depend on it.
func natureLogement(nature, typologie string) (NatureLogement, bool) {
	if nature == "" {
		nature = natureDeTypologie(typologie)
	}
	switch nature {
	case "LOO":
		return LogementsOrdinaires, true
	case "ALF":
		return AutreFoyer, true
	case "HEB":
		return Hebergement, true
	case "RES":
		return ResidenceSociale, true
	case "PEF":
		return PensionsDeFamille, true
	case "REA":
		return ResidenceDAccueil, true
	case "REU":
		return ResidenceUniversitaire, true
	}
	n := NatureLogement(nature)
	return n, n.Valid()
}

func natureDeTypologie(typologie string) string {
	switch typologie {
	case "CADA", "CPH", "CHRS", "LHSS", "LAM":
		return "HEB"
	case "RU":
		return "REU"
	case "LLS", "RELS":
		return "LOO"
	case "LF", "RELF":
		return "ALF"
	case "RHVS_M", "RHVS_IG":
		return string(Rhvs)
	}
	return ""
}

// lireLocalisation reads address, INSEE codes and zones. The two zonages are kept straight (00 decision 10).
func (l *lecture) lireLocalisation(loc *siap.LocalisationDTO) error {
	if loc == nil {
		return incomplete("donneesLocalisation")
	}
	op := &l.plan.Operation
	complete := loc.AdresseComplete != nil && loc.AdresseComplete.Complete
	if !complete && nettoyer(loc.Adresse) == "" {
		return incomplete("donneesLocalisation.adresse")
	}
	codeCommune := codeLieu(loc.Commune)
	if complete {
		a := loc.AdresseComplete
		op.Adresse, op.Ville = nettoyer(a.Adresse), nettoyer(a.Commune)
		if op.CodePostal = cinqChiffres(a.CodePostal); op.CodePostal == "" && a.CodePostal != "" {
			l.anomalie(AnomalieValeurInvalide, "donneesLocalisation.adresseComplete.codePostal", a.CodePostal.String(), "Code postal invalide : il a été ignoré.")
		}
		if codeCommune == "" {
			codeCommune = a.CodeInseeCommune
		}
	} else {
		op.Adresse, op.CodePostal, op.Ville = DecouperAdresse(nettoyer(loc.Adresse))
	}
	op.Ville = l.texte("donneesLocalisation.ville", op.Ville, longueurTexteCourt)
	l.lireCodesInsee(codeCommune, loc)
	op.Zone123 = l.zone123(nettoyer(loc.Zonage123.String()))
	op.ZoneAbc = l.zoneABC(nettoyer(loc.ZonageABC.String()))
	return nil
}

func (l *lecture) lireCodesInsee(commune siap.Code, loc *siap.LocalisationDTO) {
	recus := territoire.Codes{
		Commune:     strings.ToUpper(commune.String()),
		Departement: territoire.Normaliser(codeLieu(loc.Departement).String()),
		Region:      territoire.Normaliser(codeLieu(loc.Region).String()),
	}
	if cp := cinqChiffres(commune); cp != "" {
		recus.Commune = cp
	}
	codes := recus.Completer(l.plan.Operation.CodePostal)
	for _, c := range []struct{ champ, recu, retenu string }{
		{"donneesLocalisation.commune.codeInsee", recus.Commune, codes.Commune},
		{"donneesLocalisation.departement.codeInsee", recus.Departement, codes.Departement},
		{"donneesLocalisation.region.codeInsee", recus.Region, codes.Region},
	} {
		if c.recu != "" && c.recu != c.retenu {
			l.anomalie(AnomalieValeurInvalide, c.champ, c.recu, "Code INSEE inconnu : il a été ignoré.")
		}
	}
	op := &l.plan.Operation
	op.CodeInseeCommune = codes.Commune
	op.CodeInseeDepartement, op.CodeInseeRegion = ouNul(codes.Departement), ouNul(codes.Region)
}

func (l *lecture) zone123(s string) *Zone123 {
	z := Zone123(strings.TrimPrefix(s, "0"))
	if z.Valid() {
		return &z
	}
	if s != "" {
		l.anomalie(AnomalieValeurInconnue, "donneesLocalisation.zonage123", s, "Zone inconnue : elle a été ignorée.")
	}
	return nil
}

func (l *lecture) zoneABC(s string) *ZoneABC {
	z := ZoneABC(s)
	if z.Valid() {
		return &z
	}
	if s != "" {
		l.anomalie(AnomalieValeurInconnue, "donneesLocalisation.zonageABC", s, "Zone inconnue : elle a été ignorée.")
	}
	return nil
}

// DecouperAdresse cuts a one-line address around its last group of exactly five digits, the postcode
// (05 B.6.5). Without such a group the whole line is the street.
func DecouperAdresse(ligne string) (rue, codePostal, ville string) {
	debut := -1
	for i := 0; i < len(ligne); {
		j := i
		for j < len(ligne) && ligne[j] >= '0' && ligne[j] <= '9' {
			j++
		}
		if j-i == 5 {
			debut = i
		}
		i = max(j, i+1)
	}
	if debut < 0 {
		return bords(ligne), "", ""
	}
	return bords(ligne[:debut]), ligne[debut : debut+5], bords(ligne[debut+5:])
}

// bords removes blanks, commas and semicolons at both ends.
func bords(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' })
}

func codeLieu(l *siap.LieuDTO) siap.Code {
	if l == nil {
		return ""
	}
	return l.CodeInsee
}

func ouNul(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
