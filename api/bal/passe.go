package bal

import (
	"context"
	"fmt"
	"io"
)

// passe is one reading of the rows.
type passe struct {
	collecter    bool             // keep the identite of each row
	identifiants *identifiants    // collected too, when not nil
	ensemble     *ensembleFichier // complete: its rules are applied
	preparer     preparation
}

// preparation turns a row into something that sortieBloc carries. It is called by the workers.
type preparation func(ctx context.Context, l *lecteurLigne, li *ligne, regles anomalies, id *identite, s *sortieBloc)

// sortieBloc is what a block gives.
type sortieBloc struct {
	premiere  int // rank in the file of its first row, known once it is received
	bilan     *bilan
	identites []identite
	connus    []identifiantConnu

	// What x.preparer makes: exported rows, or the text of the corrected file.
	lignes      []Ligne
	texte       []byte
	corrections corrections
}

// lecteurBloc is the state of a worker.
type lecteurBloc struct {
	lignes *lecteurLigne
	champs [][]byte
}

func (x *examen) passer(ctx context.Context, recevoir func(*sortieBloc) error, p passe) (*bilan, error) {
	lecture, err := x.texte.ouvrir(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = lecture.Close() }()
	if _, err := io.CopyN(io.Discard, lecture, int64(x.debutLignes)); err != nil {
		return nil, fmt.Errorf("skip the header: %w", err)
	}
	total := nouveauBilan(x.entete)
	total.ajouter(&x.avant)
	d := &decoupeur{lecture: lecture, dialecte: x.dialecte, taille: x.options.tailleBloc}
	travailleurs := x.options.Travailleurs
	if reste := len(x.texte.debut) - x.debutLignes + 1; x.texte.entier && reste <= x.options.tailleBloc {
		d.taille, travailleurs = reste, 1
	}
	err = parcourirBlocs(ctx, d, travailleurs, traitement[*lecteurBloc, *sortieBloc]{
		etat: func() *lecteurBloc {
			cellules := lecteurCellule{communes: nouvellesCommunes(x.options.Cog), aujourdhui: x.aujourdhui}
			return &lecteurBloc{lignes: nouveauLecteurLigne(x.entete, cellules)}
		},
		traiter: func(ctx context.Context, l *lecteurBloc, b portion) (*sortieBloc, error) {
			return x.lireBloc(ctx, l, p, b)
		},
		recevoir: func(s *sortieBloc) error {
			if p.identifiants != nil {
				p.identifiants.ajouter(s.connus)
			}
			s.premiere = total.lignes
			total.ajouter(s.bilan)
			return recevoir(s)
		},
	})
	return total, err
}

// lireBloc validates the records of a block.
func (x *examen) lireBloc(ctx context.Context, l *lecteurBloc, p passe, source portion) (*sortieBloc, error) {
	s := &sortieBloc{bilan: nouveauBilan(x.entete)}
	b := s.bilan
	b.octets = len(source.donnees)
	lex := lexeur{donnees: source.donnees, dialecte: x.dialecte, fin: source.dernier, champs: l.champs}
	for lex.suivant() {
		b.releverGuillemets(&lex, b.enregistrements)
		b.enregistrements++
		if lex.vide() {
			continue
		}
		if lex.nombre != x.entete.nombre {
			b.releverTaille(lex.nombre, x.entete.nombre)
		}
		if b.fatal {
			x.illisible.Store(true)
		}
		if b.fatal || x.illisible.Load() {
			b.lignes++
			continue
		}
		x.lireLigne(ctx, l.lignes, p, s, lex.champs)
	}
	if source.tropLong && !lex.ouvert {
		b.guillemetOuvert(b.enregistrements-1, len(source.donnees))
	}
	l.champs = lex.champs
	l.lignes.oublier()
	return s, ctx.Err()
}

// lireLigne validates a record and adds it to what the block gives.
func (x *examen) lireLigne(ctx context.Context, l *lecteurLigne, p passe, s *sortieBloc, champs [][]byte) {
	li := l.lireLigne(s.bilan.lignes, champs)
	regles := li.regles
	if li.ids.commune != nil && x.districts.contredit(ctx, li.commune, li.ids.commune) {
		regles.relever(regleIDCommuneAutreCommune)
	}
	code := ""
	if li.commune != nil {
		code = li.commune.code
	}
	s.bilan.compterCommune(code, li.rang)
	if x.options.CommuneAttendue != "" && code != x.options.CommuneAttendue {
		regles.relever(regleCommuneInattendue)
	}
	if p.collecter || p.ensemble != nil {
		id := identifier(li)
		if p.collecter {
			s.identites = append(s.identites, id)
		}
		if p.identifiants != nil {
			s.connus = ajouterConnus(s.connus, li, &id)
		}
		if p.ensemble != nil {
			p.ensemble.relever(&regles, &id)
		}
		if p.preparer != nil {
			p.preparer(ctx, l, li, regles, &id, s)
		}
	}
	s.bilan.compter(x.entete, li, regles)
}
