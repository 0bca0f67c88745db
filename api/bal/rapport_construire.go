package bal

import "slices"

// rapportRefuse is the report of a file that is not text.
func rapportRefuse(r refus) *Rapport {
	rapport := rapportVide()
	rapport.ajouterErreur(ErreurLecture{Type: "File", Code: string(r), Message: r.message(), Ligne: -1, Position: -1})
	return rapport
}

func rapportVide() *Rapport {
	return &Rapport{
		EntetesBruts: []string{}, ErreursLecture: []ErreurLecture{}, Colonnes: []ColonneDuFichier{}, ColonnesAbsentes: []ColonneAbsente{},
		CodesGlobaux: []string{}, CodesLignes: []string{}, Codes: []string{}, CodesProfil: []CodeNiveau{}, Resume: []CodeResume{},
		Communes: []CommuneDuFichier{},
	}
}

func (r *Rapport) ajouterErreur(e ErreurLecture) {
	r.ErreursLecture = append(r.ErreursLecture, e)
	r.NombreErreursLecture++
}

// rapportLecture is the report of what could be read before looking at rows.
func (x *examen) rapportLecture() *Rapport {
	r := rapportVide()
	r.Encodage, r.FinDeLigne, r.Separateur = x.texte.encodage, x.dialecte.finLigne, string(x.dialecte.separateur)
	for _, c := range x.entete.colonnes {
		r.EntetesBruts = append(r.EntetesBruts, c.nom)
	}
	return r
}

// rapport is the report of the file once read.
func (x *examen) rapport(b *bilan, ensemble *ensembleFichier) *Rapport {
	r := x.rapportLecture()
	r.ErreursLecture = append(r.ErreursLecture, b.guillemets...)
	if x.dialecte.introuvable {
		r.ErreursLecture = append(r.ErreursLecture, erreurSeparateur())
		b.fatal = true
	}
	r.ErreursLecture = append(r.ErreursLecture, b.tailles...)
	r.ErreursLecture = r.ErreursLecture[:min(len(r.ErreursLecture), maxErreursLecture)]
	r.NombreErreursLecture = b.nbGuillemets + b.nbTailles
	if x.dialecte.introuvable {
		r.NombreErreursLecture++
	}
	if b.fatal {
		return r
	}
	r.LectureReussie = true
	r.Lignes = b.lignes
	r.Profil = profils[x.entete.profil].Code
	r.absents = x.entete.manquants()
	r.lignesInvalides = b.invalides
	r.LignesInvalides = b.invalides[x.entete.profil]
	r.Colonnes = x.entete.decrire()
	x.jugerFichier(r)
	x.rassemblerCodes(r, b, ensemble)
	r.CodesProfil = r.retenus(r.Profil)
	r.ColonnesAbsentes = r.absentes(r.Profil)
	r.Valide = !slices.ContainsFunc(r.CodesProfil, func(c CodeNiveau) bool { return c.Niveau == Erreur })
	r.ValiditesProfils = make(map[string]ValiditeProfil, len(profils))
	for _, p := range profils {
		r.ValiditesProfils[p.Code] = ValiditeProfil{p.Code, p.Nom, r.valide(p.Code)}
	}
	r.Communes = append(r.Communes, b.communes...)
	r.LignesAutresCommunes = b.communesOmises
	x.resumer(r, b)
	return r
}

func erreurSeparateur() ErreurLecture {
	return ErreurLecture{Type: "Delimiter", Code: "UndetectableDelimiter", Message: "Unable to auto-detect delimiting character; defaulted to ','", Ligne: -1, Position: -1}
}

// decrire lists the columns of the file.
func (e *entete) decrire() []ColonneDuFichier {
	liste := make([]ColonneDuFichier, len(e.colonnes))
	for i, c := range e.colonnes {
		liste[i].Nom = c.nom
		if !c.connue {
			continue
		}
		liste[i].Champ = c.champ.nom()
		if c.langue != "" {
			liste[i].ChampLocal, liste[i].Langue = c.nom, c.langue
		}
	}
	return liste
}

// jugerFichier tells whether the file is written as the format asks.
func (x *examen) jugerFichier(r *Rapport) {
	r.Fichier = &EtatFichier{
		Encodage:   ValeurFichier{r.Encodage, r.Encodage == encodageUTF8},
		Separateur: ValeurFichier{r.Separateur, r.Separateur == ";"},
		FinDeLigne: ValeurFichier{nomFinLigne(r.FinDeLigne), r.FinDeLigne != "\r"},
	}
}

// rassemblerCodes lists the codes of the file in the order of 07 §10.10.
func (x *examen) rassemblerCodes(r *Rapport, b *bilan, ensemble *ensembleFichier) {
	for _, c := range r.absents {
		r.CodesGlobaux = append(r.CodesGlobaux, "field."+c.nom()+".missing")
	}
	r.CodesGlobaux = append(r.CodesGlobaux, ensemble.codesGlobaux()...)
	if !r.Fichier.Encodage.Valide {
		r.CodesGlobaux = append(r.CodesGlobaux, "file.encoding.non_standard")
	}
	if !r.Fichier.Separateur.Valide {
		r.CodesGlobaux = append(r.CodesGlobaux, "file.delimiter.non_standard")
	}
	if !r.Fichier.FinDeLigne.Valide {
		r.CodesGlobaux = append(r.CodesGlobaux, "file.linebreak.non_standard")
	}
	for _, rang := range b.rangsReleves() {
		if rang != x.entete.rangRegle(regleCommuneInattendue) {
			r.CodesLignes = append(r.CodesLignes, x.entete.code(rang))
		}
	}
	r.Codes = append(append(r.Codes, r.CodesGlobaux...), r.CodesLignes...)
}

// resumer prepares the summary: codes that the profile shows, most serious first.
func (x *examen) resumer(r *Rapport, b *bilan) {
	ajouter := func(code string, niveau Niveau, c *compteur) {
		resume := CodeResume{Code: code, Niveau: niveau, Libelle: Libelle(code), Nombre: 1, PremieresLignes: []int{}}
		if c != nil {
			resume.Nombre, resume.PremieresValeurs = c.nombre, c.valeurs
			for _, l := range c.lignes {
				resume.PremieresLignes = append(resume.PremieresLignes, l+2)
			}
		}
		r.Resume = append(r.Resume, resume)
	}
	for _, code := range r.CodesGlobaux {
		if !HorsVersion(r.Profil, code) {
			ajouter(code, NiveauDe(r.Profil, code), nil)
		}
	}
	for _, rang := range b.rangsReleves() {
		code := x.entete.code(rang)
		if !HorsVersion(r.Profil, code) {
			ajouter(code, NiveauDe(r.Profil, code), b.compteurs[rang])
		}
	}
	gravite := map[Niveau]int{Erreur: 0, Avertissement: 1, Information: 2}
	slices.SortStableFunc(r.Resume, func(a, b CodeResume) int { return gravite[a.Niveau] - gravite[b.Niveau] })
}
