package revision

import (
	"bufio"
	"context"
	"crypto/md5" // #nosec G501 -- size of the digest that clients send, not a protection
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"apilos/api/event"
	"apilos/api/fichier"
)

// Deposer receives a file of a pending revision (07 §4.3). What can be refused without reading is refused
// first; the content then goes to the store in one pass, counted and hashed. When a late check fails the
// object is removed. Errors, in the order of the contract: FICHIER_TROP_GROS, FICHIER_VIDE, MD5_DIFFERENT,
// ENCODAGE_REFUSE, LONGUEUR_DIFFERENTE, REVISION_NON_MODIFIABLE, FICHIER_DEJA_ATTACHE, STOCKAGE_INDISPONIBLE.
func (s *Service) Deposer(ctx context.Context, a Acteur, id string, d Depot) (*RevisionFichier, error) {
	r, g, err := s.ecrire(ctx, a, id)
	if err != nil {
		return nil, err
	}
	t, ok := typeDe(g, d.Type)
	if !ok {
		return nil, typeInconnu(d.Type)
	}
	contenu, err := avantLecture(r, t, d)
	if err != nil {
		return nil, err
	}
	nom, err := nomDe(d.Nom, t)
	if err != nil {
		return nil, err
	}
	f := &RevisionFichier{
		ID: s.c.Identifiants.Nouveau(), RevisionID: r.ID, Type: d.Type, Nom: nom, TypeMime: typeMime(d.TypeMime, nom, t),
		Compartiment: s.c.Coffre.Compartiment(), Antivirus: s.antivirusInitial(g), CreeLe: s.maintenant(),
	}
	f.CleObjet = cleObjet(r, f.ID)
	o, err := s.c.Coffre.Deposer(ctx, f.CleObjet, contenu, t.Max, f.TypeMime)
	if err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) { // the sender stopped in the middle
			return nil, longueurDifferente()
		}
		return nil, err
	}
	f.Taille, f.Sha256 = o.Taille, o.SHA256
	if err := apresLecture(d, o); err != nil {
		return nil, errors.Join(err, s.retirer(ctx, f.CleObjet))
	}
	if err := s.attacher(ctx, a, r, t, f); err != nil {
		return nil, err
	}
	return f, nil
}

// attacher records the file; when it cannot, the object goes away.
func (s *Service) attacher(ctx context.Context, a Acteur, r *Revision, t TypeFichier, f *RevisionFichier) error {
	tr := traceDe(&Revision{ID: r.ID, Nature: r.Nature, PorteeCle: r.PorteeCle, ClientID: r.ClientID, Fichiers: []RevisionFichier{*f}})
	j, err := journal(a, event.Ajout, commandeDepot, tr, f.CreeLe)
	if err != nil {
		return errors.Join(err, s.retirer(ctx, f.CleObjet))
	}
	issue, err := s.c.Store.AjouterFichier(ctx, f, t.Remplacable, j)
	switch {
	case err != nil:
		return errors.Join(fmt.Errorf("record file: %w", err), s.retirerSiAbsent(ctx, r.ID, f))
	case issue == AjoutDejaAttache:
		return errors.Join(dejaAttache(), s.retirer(ctx, f.CleObjet))
	case issue == AjoutNonModifiable:
		return errors.Join(nonModifiable(), s.retirer(ctx, f.CleObjet))
	}
	return nil
}

// retirer removes an object that belongs to nobody, even when the caller left. What it cannot remove is
// an orphan: the sweep collects it.
func (s *Service) retirer(ctx context.Context, cle string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), delaiRetrait)
	defer cancel()
	if err := s.c.Coffre.Retirer(ctx, cle); err != nil {
		return fmt.Errorf("remove object %s: %w", cle, err)
	}
	return nil
}

// retirerSiAbsent is for a write whose outcome is unknown: the answer of the database may have been lost
// after the commit. The object goes only when its row is known not to be there.
func (s *Service) retirerSiAbsent(ctx context.Context, id string, f *RevisionFichier) error {
	lecture, cancel := context.WithTimeout(context.WithoutCancel(ctx), delaiRetrait)
	defer cancel()
	r, err := s.c.Store.Charger(lecture, id)
	if err != nil {
		return fmt.Errorf("look for the file again: %w", err)
	}
	if r != nil && slices.ContainsFunc(r.Fichiers, func(x RevisionFichier) bool { return x.ID == f.ID }) {
		return nil
	}
	return s.retirer(ctx, f.CleObjet)
}

// avantLecture makes the checks that need nothing of the content but its first byte. Without announced
// length, a refused content is read to its end first, since its size decides the answer (07 §4.3: rules 1
// and 2 win over the others).
func avantLecture(r *Revision, t TypeFichier, d Depot) (io.Reader, error) {
	if d.TailleAnnoncee > t.Max {
		return nil, TropGros(t.Max)
	}
	lecteur := bufio.NewReaderSize(d.Contenu, 32<<10)
	if d.TailleAnnoncee == 0 {
		return nil, vide()
	}
	if d.TailleAnnoncee < 0 {
		if _, err := lecteur.Peek(1); errors.Is(err, io.EOF) {
			return nil, vide()
		} else if err != nil {
			return nil, fmt.Errorf("read deposit: %w", err)
		}
	}
	err := etatDuDepot(r, t, d)
	if err != nil && d.TailleAnnoncee < 0 {
		if n, _ := io.Copy(io.Discard, io.LimitReader(lecteur, t.Max+1)); n > t.Max {
			return nil, TropGros(t.Max)
		}
	}
	return lecteur, err
}

func etatDuDepot(r *Revision, t TypeFichier, d Depot) error {
	switch {
	case d.Encodage != "":
		return encodageRefuse()
	case r.Statut != EnAttente:
		return nonModifiable()
	case !t.Remplacable && slices.ContainsFunc(r.Fichiers, func(f RevisionFichier) bool { return f.Type == d.Type }):
		return dejaAttache()
	}
	return nil
}

// apresLecture compares what was announced with what came.
func apresLecture(d Depot, o Objet) error {
	switch {
	case o.Taille == 0:
		return vide()
	case d.MD5 != "" && !memeMD5(d.MD5, o.MD5):
		return md5Different()
	case d.TailleAnnoncee >= 0 && d.TailleAnnoncee != o.Taille:
		return longueurDifferente()
	}
	return nil
}

// memeMD5 accepts hexadecimal in any case, and base64 (RFC 1864).
func memeMD5(annonce, hexa string) bool {
	annonce = strings.TrimSpace(annonce)
	if strings.EqualFold(annonce, hexa) {
		return true
	}
	b, err := base64.StdEncoding.DecodeString(annonce)
	return err == nil && len(b) == md5.Size && hex.EncodeToString(b) == hexa
}

// typeDe finds the type of file typ among those of a nature.
func typeDe(g Genre, typ string) (TypeFichier, bool) {
	for _, t := range g.Fichiers() {
		if t.accepte(typ) {
			return t, true
		}
	}
	return TypeFichier{}, false
}

// cleObjet is the key of a file: the one of the deposit contract for an address file (07 §11).
func cleObjet(r *Revision, fichierID string) string {
	if Nature(r.Nature) == Bal {
		return fichierID
	}
	return "revisions/" + r.Nature + "/" + r.ID + "/" + fichierID
}

// antivirusInitial is the state of a file that has just come.
func (s *Service) antivirusInitial(g Genre) string {
	if _, analysable := g.(Analysable); analysable && s.c.Scanner != nil {
		return fichier.EnAttente
	}
	return fichier.NonAnalyse
}

// maxNom is the length of the column, in characters.
const maxNom = 255

// nomDe checks the original name: without path, at most 255 characters, with an extension of the type.
func nomDe(nom string, t TypeFichier) (string, error) {
	if i := strings.LastIndexAny(nom, `/\`); i >= 0 {
		nom = nom[i+1:]
	}
	nom = strings.TrimSpace(nom)
	if strings.ContainsRune(nom, '"') || !utf8.ValidString(nom) || strings.ContainsFunc(nom, unicode.IsControl) {
		return "", nomInvalide()
	}
	if len(t.Extensions) > 0 && !slices.Contains(t.Extensions, extension(nom)) {
		return "", extensionRefusee(t.Extensions)
	}
	if runes := []rune(nom); len(runes) > maxNom {
		ext := []rune(extension(nom))
		nom = string(runes[:maxNom-len(ext)]) + string(ext)
	}
	return nom, nil
}

// extension is that of a name, lower case, with its dot.
func extension(nom string) string {
	i := strings.LastIndexByte(nom, '.')
	if i < 0 || len(nom)-i > 10 {
		return ""
	}
	return strings.ToLower(nom[i:])
}

// typeMime trusts the sender only when the nature knows no better.
func typeMime(annonce, nom string, t TypeFichier) string {
	switch {
	case t.TypeMime != "":
		return t.TypeMime
	case t.Mime != nil:
		return t.Mime(extension(nom))
	}
	if annonce == "" || len(annonce) > 255 || !utf8.ValidString(annonce) || strings.ContainsFunc(annonce, unicode.IsControl) {
		return "application/octet-stream"
	}
	return annonce
}
