package depot

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"apilos/api/bal"
	"apilos/api/fault"
	"apilos/api/revision"
)

// Synchroniser publishes the current revision of a commune again, with the identifiers of the BAN, for the
// same client (07 section 4.6). A failure leaves the current revision as it is and no other one.
func (s *Service) Synchroniser(ctx context.Context, a Acteur, id string) (*RevisionLue, error) {
	if err := a.exigerAdmin(); err != nil {
		return nil, err
	}
	avant, err := s.Revision(ctx, id)
	if err != nil {
		return nil, err
	}
	if !avant.Courante {
		return nil, errPasCourante()
	}
	f := avant.FichierBAL()
	if f == nil {
		return nil, ErrFichierAbsent(avant.ID)
	}
	ids, err := s.identifiantsBAN(ctx, avant.PorteeCle)
	if err != nil {
		return nil, err
	}
	contexte, err := contexteSynchronise(avant)
	if err != nil {
		return nil, err
	}
	moteur := a.Moteur()
	moteur.ClientID, moteur.Admin = avant.Client.ID, true
	ctx = AvecClient(ctx, avant.Client)
	r, err := s.c.Moteur.Creer(ctx, moteur, revision.Creation{Nature: revision.Bal, PorteeType: PorteeCommune, PorteeCle: avant.PorteeCle, Contexte: contexte})
	if err != nil {
		return nil, err
	}
	publiee, err := s.republier(ctx, moteur, r.ID, f, ids)
	if err != nil {
		return nil, errors.Join(err, s.c.Moteur.Supprimer(context.WithoutCancel(ctx), moteur, r.ID))
	}
	apres := map[string]string{"revision": publiee.ID, "code_commune": avant.PorteeCle}
	if err := s.journaliser(ctx, a, "revision", "depot.synchroniser", avant.ID, "E", apres); err != nil {
		return nil, err
	}
	return s.lue(ctx, Acteur{Client: avant.Client}, publiee, nil)
}

func (s *Service) identifiantsBAN(ctx context.Context, code string) (*IdentifiantsBAN, error) {
	echec := fault.New(fault.BadGateway, "BAN_INDISPONIBLE", "Impossible de fetch id_ban_commune de la BAN pour la commune "+code)
	if s.c.BAN == nil {
		return nil, echec
	}
	ids, err := s.c.BAN.Identifiants(ctx, code)
	if err != nil {
		return nil, echec.Because(err)
	}
	return ids, nil
}

// contexteSynchronise is the previous context with extras.syncRevisionId.
func contexteSynchronise(avant *RevisionLue) (json.RawMessage, error) {
	c := map[string]any{}
	if err := json.Unmarshal(avant.Contexte, &c); err != nil {
		return nil, fmt.Errorf("context of revision %s: %w", avant.ID, err)
	}
	extras, ok := c["extras"].(map[string]any)
	if !ok {
		extras = map[string]any{}
	}
	extras["syncRevisionId"] = avant.ID
	c["extras"] = extras
	return jsonDe(c), nil
}

// republier runs the last three steps; the file is written while it is sent.
func (s *Service) republier(ctx context.Context, a revision.Acteur, id string, f *revision.RevisionFichier, ids *IdentifiantsBAN) (*revision.Revision, error) {
	tube, entree := io.Pipe()
	go func() { entree.CloseWithError(s.reecrire(ctx, s.ouvreur(f), entree, ids)) }()
	_, err := s.c.Moteur.Deposer(ctx, a, id, revision.Depot{Type: revision.FichierBal, TypeMime: "text/csv", Contenu: tube, TailleAnnoncee: -1})
	_ = tube.Close() // stops the writer when the engine refused the file
	if err != nil {
		return nil, err
	}
	r, err := s.c.Moteur.Calculer(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if r.Prete == nil || !*r.Prete {
		return nil, fault.New(fault.Stale, "SYNCHRONISATION_NON_VALIDE", "La révision synchronisée avec la BAN n’est pas valide : elle n’a pas été publiée")
	}
	return s.c.Moteur.Publier(ctx, a, id, revision.Publication{SansHabilitation: true})
}

// colonnes1_5 are those of the format 1.5, in its order; variants of languages follow their base.
var colonnes1_5 = []string{
	"id_ban_commune", "id_ban_toponyme", "id_ban_adresse", "toponyme", "lieudit_complement_nom", "numero", "suffixe", "commune_insee", "commune_nom",
	"commune_deleguee_insee", "commune_deleguee_nom", "position", "x", "y", "long", "lat", "cad_parcelles", "source", "date_der_maj", "certification_commune",
}

// colonneSortie is a column to write and where it comes from.
type colonneSortie struct{ nom, origine string }

// plan lists the columns of the new file: those of 1.5 that the file has, the identifiers, the name of the
// street under its new name.
func plan(fichier []bal.ColonneDuFichier) []colonneSortie {
	var out []colonneSortie
	for _, nom := range colonnes1_5 {
		trouve := false
		for _, origine := range fichier {
			champ := origine.Champ
			if champ == "voie_nom" {
				champ = "toponyme"
			}
			if champ != nom || (nom == "toponyme" && origine.Champ == "voie_nom" && aChamp(fichier, "toponyme")) {
				continue
			}
			sortie := nom
			if origine.Langue != "" {
				sortie += "_" + origine.Langue
			}
			out = append(out, colonneSortie{sortie, origine.Nom})
			trouve = true
		}
		if !trouve && (strings.HasPrefix(nom, "id_ban_") || nom == "toponyme" || nom == "commune_insee") {
			out = append(out, colonneSortie{nom: nom})
		}
	}
	return out
}

func aChamp(fichier []bal.ColonneDuFichier, champ string) bool {
	for _, c := range fichier {
		if c.Champ == champ {
			return true
		}
	}
	return false
}

// reecrire writes the file in the style of 1.5, with the identifiers of the BAN. It is read twice: for its
// columns, then for its rows.
func (s *Service) reecrire(ctx context.Context, ouvrir Ouvreur, w io.Writer, ids *IdentifiantsBAN) error {
	options := s.optionsBAL(s.maintenant())
	options.Districts = nil
	r, err := bal.Valider(ctx, bal.Source(ouvrir), options)
	if err != nil {
		return fmt.Errorf("read current file: %w", err)
	}
	if !r.LectureReussie {
		return fault.New(fault.Stale, "FICHIER_ILLISIBLE", "Le fichier courant ne peut pas être lu")
	}
	colonnes := plan(r.Colonnes)
	sortie := csv.NewWriter(w)
	sortie.Comma, sortie.UseCRLF = ';', true
	champs := make([]string, len(colonnes))
	for n, c := range colonnes {
		champs[n] = c.nom
	}
	if err := sortie.Write(champs); err != nil {
		return fmt.Errorf("write synchronised file: %w", err)
	}
	options.Ligne = func(l bal.Ligne) error {
		for n, c := range colonnes {
			champs[n] = ids.champ(c, l)
		}
		return sortie.Write(champs)
	}
	if _, err := bal.Valider(ctx, bal.Source(ouvrir), options); err != nil {
		return fmt.Errorf("write synchronised file: %w", err)
	}
	sortie.Flush()
	return sortie.Error()
}

// champ is the value of a column in the new file. An identifier that the BAN does not know stays what it
// was: the BAN may not have given it yet.
func (ids *IdentifiantsBAN) champ(c colonneSortie, l bal.Ligne) string {
	brut := strings.TrimSpace(l.Brutes[c.origine])
	cle, _ := l.Valeurs["cle_interop"].(string)
	cle = strings.ToLower(cle)
	parties := strings.SplitN(cle, "_", 3)
	switch c.nom {
	case "id_ban_commune":
		return ids.Commune
	case "id_ban_toponyme":
		if len(parties) == 3 {
			if id, ok := ids.Toponymes[parties[0]+"_"+parties[1]]; ok {
				return id
			}
		}
	case "id_ban_adresse":
		if id, ok := ids.Adresses[cle]; ok {
			return id
		}
	case "commune_insee":
		if brut == "" && cle != "" {
			return strings.ToUpper(parties[0])
		}
	}
	return brut
}
