package web

import (
	"encoding/json"
	"errors"
	"io"
	"iter"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"

	"apilos/api/fault"
	"apilos/api/httpapi"
	"apilos/api/revision"
	"apilos/api/revision/genre"

	"github.com/labstack/echo/v4"
)

// deposer receives a file of a revision: the raw body, or the part « fichier » of a form.
//
//	@Summary		Déposer un fichier d’une révision
//	@Description	Le corps est le fichier lui-même (son nom dans l’en-tête Content-Disposition), ou un formulaire avec « fichier ». « type » est « document », « preuve », « plan » ou « piece:1 » à « piece:99 » selon la nature. Tant que la révision est en attente, un nouveau dépôt remplace le fichier. En-têtes vérifiés pour un corps brut : Content-MD5, Content-Length ; Content-Encoding est refusé.
//	@Tags			revisions
//	@Accept			multipart/form-data
//	@Produce		json
//	@Param			id			path		string	true	"Identifiant de la révision"
//	@Param			type		path		string	true	"Type de fichier"
//	@Param			Content-MD5	header		string	false	"MD5 du contenu, en hexadécimal ou en base64"
//	@Param			fichier		formData	file	true	"Fichier"
//	@Success		200			{object}	FichierVue
//	@Failure		400,401,403,404,409,412,413,415,422,429,500,503	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/revisions/{id}/files/{type} [put]
func (r Revisions) deposer(c echo.Context) error {
	id, err := revisionSeule(c)
	if err != nil {
		return err
	}
	typ, err := httpapi.TextParam(c, "type", 30)
	if err != nil {
		return err
	}
	d, err := depotRecu(c)
	if err != nil {
		return err
	}
	d.Type = typ
	prolonger(c)
	f, err := r.Service.Deposer(c.Request().Context(), acteur(c), id, d)
	if err != nil {
		return genre.PourPersonne(lectureDuCorps(err))
	}
	return c.JSON(http.StatusOK, vueFichier(*f))
}

// depotRecu reads the headers of an upload; the content is not read.
func depotRecu(c echo.Context) (revision.Depot, error) {
	req := c.Request()
	mediaType, _, _ := mime.ParseMediaType(req.Header.Get(echo.HeaderContentType))
	if mediaType == echo.MIMEMultipartForm {
		mr, err := req.MultipartReader()
		if err != nil {
			return revision.Depot{}, formulaireIllisible(err)
		}
		part, err := mr.NextPart()
		if err != nil || part.FormName() != "fichier" {
			return revision.Depot{}, formulaireIllisible(err)
		}
		return revision.Depot{Nom: part.FileName(), TypeMime: part.Header.Get(echo.HeaderContentType), Contenu: part, TailleAnnoncee: -1}, nil
	}
	nom := ""
	if _, params, err := mime.ParseMediaType(req.Header.Get(echo.HeaderContentDisposition)); err == nil {
		nom = params["filename"]
	}
	return revision.Depot{
		Nom: nom, TypeMime: mediaType, Contenu: req.Body, TailleAnnoncee: req.ContentLength,
		MD5: req.Header.Get("Content-MD5"), Encodage: req.Header.Get(echo.HeaderContentEncoding),
	}, nil
}

func formulaireIllisible(cause error) error {
	return fault.New(fault.BadRequest, "formulaire_invalide", "Envoyez un formulaire « multipart/form-data » complet, dans l’ordre attendu.").Because(cause)
}

// lectureDuCorps names what an interrupted or excessive form does to its reader.
func lectureDuCorps(err error) error {
	var tropLong *http.MaxBytesError
	if fault.As(err) != nil || errors.As(err, &tropLong) {
		return err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, multipart.ErrMessageTooLarge) || strings.Contains(err.Error(), "multipart:") {
		return formulaireIllisible(err)
	}
	return err
}

// prolonger moves the deadlines of the server, made for pages, for a long transfer.
func prolonger(c echo.Context) {
	rc := http.NewResponseController(c.Response())
	fin := time.Now().Add(dureeEnvoi)
	_, _ = rc.SetReadDeadline(fin), rc.SetWriteDeadline(fin) // a server without deadlines (tests) has none to move
}

// enUnAppel creates, receives, validates and publishes.
//
//	@Summary		Déposer et publier en un appel
//	@Description	Formulaire : « nature », « portee_type », « portee_cle », puis au besoin « contexte » (objet JSON) et « version », enfin les fichiers, chacun dans une partie qui porte son type (« document », « preuve », « plan », « piece:1 »… ; « fichier » désigne le fichier principal). Si une étape échoue, rien n’est gardé ; des fichiers refusés donnent 422 FICHIER_REFUSE, un élément par défaut trouvé.
//	@Tags			revisions
//	@Accept			multipart/form-data
//	@Produce		json
//	@Param			nature		formData	string	true	"Nature"
//	@Param			portee_type	formData	string	true	"Type de portée"
//	@Param			portee_cle	formData	string	true	"Clé de la portée"
//	@Param			contexte	formData	string	false	"Contexte, objet JSON"
//	@Param			version		formData	integer	false	"Version de la convention lue"
//	@Param			fichier		formData	file	true	"Fichier principal"
//	@Success		200			{object}	RevisionVue
//	@Failure		400,401,403,404,409,412,413,415,422,429,500,503	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/revisions:publish [post]
func (r Revisions) enUnAppel(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	mr, err := c.Request().MultipartReader()
	if err != nil {
		return fault.New(fault.Unsupported, "type_non_pris_en_charge", "Envoyez un formulaire « multipart/form-data ».").Because(err)
	}
	creation, p, premier, err := champsDuFormulaire(mr)
	if err != nil {
		return err
	}
	if err := exigerPortee(creation); err != nil {
		return err
	}
	prolonger(c)
	out, err := r.Service.PublierEnUnAppel(c.Request().Context(), acteur(c), creation, fichiersDuFormulaire(creation.Nature, mr, premier), p)
	if err != nil {
		return genre.PourPersonne(lectureDuCorps(err))
	}
	return rendre(c, http.StatusOK, out, nil)
}

// maxChamp bounds a text of the form, in bytes.
const maxChamp = 64 << 10

// champsDuFormulaire reads the texts up to the first file.
func champsDuFormulaire(mr *multipart.Reader) (creation revision.Creation, p revision.Publication, premier *multipart.Part, err error) {
	for {
		part, err := mr.NextPart()
		if errors.Is(err, io.EOF) {
			return creation, p, nil, nil
		}
		if err != nil {
			return creation, p, nil, formulaireIllisible(err)
		}
		if part.FileName() != "" {
			return creation, p, part, nil
		}
		brut, err := io.ReadAll(io.LimitReader(part, maxChamp+1))
		if err != nil || len(brut) > maxChamp {
			return creation, p, nil, formulaireIllisible(err)
		}
		switch part.FormName() {
		case "nature":
			creation.Nature = revision.Nature(brut)
		case "portee_type":
			creation.PorteeType = string(brut)
		case "portee_cle":
			creation.PorteeCle = string(brut)
		case "contexte":
			creation.Contexte = json.RawMessage(brut)
		case "version":
			if p.Version, err = strconv.Atoi(string(brut)); err != nil || p.Version < 1 || p.Version > maxVersionEnvoyee {
				return creation, p, nil, versionInvalide()
			}
		default:
			return creation, p, nil, formulaireIllisible(nil)
		}
	}
}

// fichiersDuFormulaire gives the files of a form as they come.
func fichiersDuFormulaire(n revision.Nature, mr *multipart.Reader, premier *multipart.Part) iter.Seq2[revision.Depot, error] {
	return func(yield func(revision.Depot, error) bool) {
		for part := premier; part != nil; {
			typ := part.FormName()
			if typ == "fichier" {
				typ = typePrincipal(n)
			}
			d := revision.Depot{Type: typ, Nom: part.FileName(), TypeMime: part.Header.Get(echo.HeaderContentType), Contenu: part, TailleAnnoncee: -1}
			if !yield(d, nil) {
				return
			}
			suivante, err := mr.NextPart()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(revision.Depot{}, formulaireIllisible(err))
				return
			}
			part = suivante
		}
	}
}

// typePrincipal is the type of the file of a nature that has one.
func typePrincipal(n revision.Nature) string {
	switch n {
	case revision.Bal:
		return revision.FichierBal
	case revision.Plan:
		return revision.FichierPlan
	case revision.Annexe, revision.Instruction:
		return "piece:1"
	}
	return revision.FichierDocument
}

// telecharger sends a file of a revision.
//
//	@Summary		Télécharger un fichier d’une révision
//	@Description	Envoyé au fil de l’eau. « If-None-Match » avec l’empreinte donnée par « ETag », et « Range » pour une partie du fichier. Un fichier que l’antivirus n’a pas encore vérifié donne 409 FICHIER_NON_VERIFIE.
//	@Tags			revisions
//	@Produce		application/pdf,image/png,image/jpeg,text/csv,application/octet-stream
//	@Param			id		path		string	true	"Identifiant de la révision"
//	@Param			type	path		string	true	"Type de fichier"
//	@Param			Range	header		string	false	"Partie voulue, bytes=debut-fin"
//	@Success		200		{file}		file	"Contenu"
//	@Success		206		{file}		file	"Partie du contenu"
//	@Success		304		"Déjà connu de l’appelant"
//	@Success		416		"Partie hors du fichier"
//	@Failure		400,401,403,404,409,429,500,503	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/revisions/{id}/files/{type}/download [get]
func (r Revisions) telecharger(c echo.Context) error {
	id, err := revisionSeule(c)
	if err != nil {
		return err
	}
	typ, err := httpapi.TextParam(c, "type", 30)
	if err != nil {
		return err
	}
	ctx, a := c.Request().Context(), acteur(c)
	rev, f, err := r.Service.Fichier(ctx, a, id, typ)
	if err != nil {
		return genre.PourPersonne(err)
	}
	h := c.Response().Header()
	etag := `"` + f.Sha256 + `"`
	h.Set("ETag", etag)
	h.Set("Accept-Ranges", "bytes")
	if connu(c.Request().Header.Values("If-None-Match"), etag) {
		return c.NoContent(http.StatusNotModified)
	}
	debut, longueur, statut := plage(c.Request().Header, etag, f.Taille)
	if statut == http.StatusRequestedRangeNotSatisfiable {
		h.Set("Content-Range", "bytes */"+strconv.FormatInt(f.Taille, 10))
		return c.NoContent(statut)
	}
	httpapi.SetFile(c, nomServi(f), typeServi(f.TypeMime), false)
	h.Set("Cache-Control", "private, no-cache") // an ETag is of use only to who may keep the answer
	h.Set(echo.HeaderContentLength, strconv.FormatInt(longueur, 10))
	if statut == http.StatusPartialContent {
		h.Set("Content-Range", "bytes "+strconv.FormatInt(debut, 10)+"-"+strconv.FormatInt(debut+longueur-1, 10)+"/"+strconv.FormatInt(f.Taille, 10))
	}
	if c.Request().Method == http.MethodHead {
		return c.NoContent(statut)
	}
	corps, err := r.Service.Telecharger(ctx, a, rev, f, debut, longueur)
	if err != nil {
		h.Del("Content-Range")
		return genre.PourPersonne(err)
	}
	defer corps.Close()
	_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(dureeTelechargement))
	c.Response().WriteHeader(statut)
	_, err = io.Copy(c.Response(), corps)
	return err
}

func nomServi(f revision.RevisionFichier) string {
	if f.Nom == "" {
		return f.Type
	}
	return f.Nom
}

// typeServi gives a browser only types that it may know; the rest is bytes to save.
func typeServi(declare string) string {
	switch declare {
	case "application/pdf", "image/png", "image/jpeg", "text/csv":
		return declare
	}
	return "application/octet-stream"
}

// connu tells whether If-None-Match names the file.
func connu(entetes []string, etag string) bool {
	for _, e := range entetes {
		for _, t := range strings.Split(e, ",") {
			if t = strings.TrimPrefix(strings.TrimSpace(t), "W/"); t == "*" || t == etag {
				return true
			}
		}
	}
	return false
}

// plage reads « Range »: one interval; several, or a header that does not parse, give the whole file, and
// so does an If-Range of another version.
func plage(h http.Header, etag string, taille int64) (debut, longueur int64, statut int) {
	entier := func() (int64, int64, int) { return 0, taille, http.StatusOK }
	brut, ok := strings.CutPrefix(h.Get("Range"), "bytes=")
	if si := h.Get("If-Range"); !ok || strings.Contains(brut, ",") || si != "" && si != etag {
		return entier()
	}
	premier, dernier, ok := strings.Cut(strings.TrimSpace(brut), "-")
	if !ok {
		return entier()
	}
	fin := taille - 1
	if premier == "" { // the last bytes
		n, err := strconv.ParseInt(dernier, 10, 64)
		if err != nil || n < 0 {
			return entier()
		}
		if n == 0 {
			return 0, 0, http.StatusRequestedRangeNotSatisfiable
		}
		debut = max(0, taille-n)
		return debut, taille - debut, http.StatusPartialContent
	}
	debut, err := strconv.ParseInt(premier, 10, 64)
	if err != nil || debut < 0 {
		return entier()
	}
	if dernier != "" {
		n, err := strconv.ParseInt(dernier, 10, 64)
		if err != nil || n < debut {
			return entier()
		}
		fin = min(fin, n)
	}
	if debut >= taille {
		return 0, 0, http.StatusRequestedRangeNotSatisfiable
	}
	return debut, fin - debut + 1, http.StatusPartialContent
}
