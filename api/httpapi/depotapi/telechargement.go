package depotapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"apilos/api/depot"
	"apilos/api/revision"

	"github.com/labstack/echo/v4"
)

// telecharger sends the file of a revision.
//
//	@Summary		Télécharger le fichier d’une révision
//	@Description	Les octets déposés, que la révision soit publiée ou non. « Range », « If-None-Match » et « If-Range » sont acceptés.
//	@Tags			revisions
//	@Produce		text/csv
//	@Param			revisionId	path		string	true	"Identifiant de la révision"
//	@Success		200			{file}		file	"Fichier"
//	@Success		206			{file}		file	"Partie du fichier"
//	@Failure		400,404,429,500,503	{object}	Erreur	"Refus"
//	@Router			/revisions/{revisionId}/files/bal/download [get]
func (r *API) telecharger(c echo.Context) error {
	rev, err := r.Service.Revision(c.Request().Context(), parametre(c, "revisionId"))
	if err != nil {
		return err
	}
	return r.servir(c, rev)
}

// telechargerCourante sends the file of the current revision of a commune.
//
//	@Summary		Télécharger le fichier courant d’une commune
//	@Description	Les octets de la révision en production. « Range », « If-None-Match » et « If-Range » sont acceptés.
//	@Tags			revisions
//	@Produce		text/csv
//	@Param			codeCommune				path		string	true	"Code INSEE"	example(87085)
//	@Param			ancienneCommuneAllowed	query		string	false	"« true » : un ancien code de commune est accepté"
//	@Success		200						{file}		file	"Fichier"
//	@Success		206						{file}		file	"Partie du fichier"
//	@Failure		404,429,500,503	{object}	Erreur	"Refus"
//	@Router			/communes/{codeCommune}/current-revision/files/bal/download [get]
func (r *API) telechargerCourante(c echo.Context) error {
	code, err := r.commune(c)
	if err != nil {
		return err
	}
	rev, err := r.Service.Courante(c.Request().Context(), code)
	if err != nil {
		return err
	}
	return r.servir(c, rev)
}

// servir streams a file, or the part of it that is asked for.
func (r *API) servir(c echo.Context, rev *depot.RevisionLue) error {
	f := rev.FichierBAL()
	if f == nil {
		return depot.ErrFichierAbsent(rev.ID)
	}
	contenu := &lecteur{ctx: c.Request().Context(), service: r.Service, fichier: f}
	defer contenu.Close()
	if err := contenu.ouvrir(); err != nil { // before any header: a missing object is a refusal
		return err
	}
	h := c.Response().Header()
	h.Set("ETag", `"`+f.Sha256+`"`)
	h.Set("Cache-Control", "no-cache")
	h.Set(echo.HeaderContentType, "text/csv")
	h.Set(echo.HeaderContentDisposition, `attachment; filename="bal-`+rev.PorteeCle+`.csv"`)
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, contenu)
	return nil
}

// lecteur reads an object as http.ServeContent wants it: the stream is opened again when the position
// moves, never before a read.
type lecteur struct {
	ctx     context.Context
	service interface {
		Ouvrir(ctx context.Context, f *revision.RevisionFichier, debut, longueur int64) (io.ReadCloser, error)
	}
	fichier  *revision.RevisionFichier
	position int64
	flux     io.ReadCloser
	ici      int64 // position of flux
}

func (l *lecteur) ouvrir() error {
	if l.flux != nil && l.ici == l.position {
		return nil
	}
	if err := l.Close(); err != nil {
		return err
	}
	flux, err := l.service.Ouvrir(l.ctx, l.fichier, l.position, 0)
	if err != nil {
		return err
	}
	l.flux, l.ici = flux, l.position
	return nil
}

// Read implements io.Reader.
func (l *lecteur) Read(b []byte) (int, error) {
	if l.position >= l.fichier.Taille {
		return 0, io.EOF
	}
	if err := l.ouvrir(); err != nil {
		return 0, err
	}
	n, err := l.flux.Read(b)
	l.position += int64(n)
	l.ici = l.position
	return n, err
}

// Seek implements io.Seeker.
func (l *lecteur) Seek(decalage int64, depuis int) (int64, error) {
	switch depuis {
	case io.SeekCurrent:
		decalage += l.position
	case io.SeekEnd:
		decalage += l.fichier.Taille
	}
	if decalage < 0 {
		return 0, errors.New("seek before the start of the file")
	}
	l.position = decalage
	return decalage, nil
}

// Close implements io.Closer.
func (l *lecteur) Close() error {
	if l.flux == nil {
		return nil
	}
	flux := l.flux
	l.flux = nil
	return flux.Close()
}
