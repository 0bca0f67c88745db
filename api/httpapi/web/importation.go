package web

import (
	"context"
	"errors"
	"io"
	"net/http"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/httpapi"

	"github.com/labstack/echo/v4"

	"github.com/google/uuid"
)

// ServiceImportations records conventions and avenants by hand (convention.Importation).
type ServiceImportations interface {
	Bailleurs(ctx context.Context, p auth.Principal, q, codePostal string) ([]convention.EntiteAuChoix, error)
	Administrations(ctx context.Context, p auth.Principal, q string) ([]convention.EntiteAuChoix, error)
	RecevoirDocument(ctx context.Context, p auth.Principal, nom string, contenu io.Reader) (convention.PieceImport, error)
	CreerConvention(ctx context.Context, p auth.Principal, in convention.ConventionManuelle) (*convention.Dossier, error)
	ImporterConvention(ctx context.Context, p auth.Principal, in convention.ImportConvention) (*convention.Dossier, bool, error)
	ImporterAvenant(ctx context.Context, p auth.Principal, id uuid.UUID, in convention.ImportAvenant) (*convention.Dossier, bool, error)
	ConventionsInitiales(ctx context.Context, p auth.Principal, r convention.RechercheInitiale) ([]convention.ConventionInitiale, error)
	DeclarerConvention(ctx context.Context, p auth.Principal, in convention.ConventionDeclaree) (*convention.Dossier, error)
}

// Importations serves what is recorded by hand: conventions without agreement of SIAP (02 §9.2), conventions and avenants
// signed outside the platform (02 §3.6, §9.3, §9.4).
type Importations struct {
	Service     ServiceImportations
	Conventions Conventions // shows what was recorded
}

// Routes implements httpapi.Resource.
func (r Importations) Routes() []httpapi.Route {
	ajouter, choisir := httpapi.Requires(auth.AddConvention).Write(), httpapi.Requires(auth.AddConvention)
	return []httpapi.Route{
		{Method: http.MethodPost, Path: "/conventions", Access: ajouter, Handler: r.creer},
		{Method: http.MethodGet, Path: "/conventions/creation/bailleurs", Access: choisir, Handler: r.bailleurs},
		{Method: http.MethodGet, Path: "/conventions/creation/administrations", Access: choisir, Handler: r.administrations},
		{
			Method: http.MethodPost, Path: "/conventions/importation/documents", Access: ajouter, Handler: r.deposer,
			BodyLimit: convention.MaxDocumentSigne + (1 << 20), Timeout: dureeEnvoi, Limit: httpapi.LimitUpload,
		},
		{Method: http.MethodPost, Path: "/conventions/importation", Access: ajouter, Handler: r.importer},
		{Method: http.MethodPost, Path: "/conventions/:uuid/avenants/importation", Access: ajouter, Handler: r.importerAvenant},
		{Method: http.MethodGet, Path: "/avenants/recherche", Access: choisir, Handler: r.rechercher},
		{Method: http.MethodPost, Path: "/avenants/declaration", Access: ajouter, Handler: r.declarer},
	}
}

// rendre answers with the convention that was recorded, or that was there already.
func (r Importations) rendre(c echo.Context, d *convention.Dossier, deja bool) error {
	v, err := r.Conventions.vue(c.Request().Context(), httpapi.Principal(c), d)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, d.Convention.Version)
	if deja {
		return c.JSON(http.StatusOK, v)
	}
	return httpapi.Created(c, "/api/v1/conventions/"+d.Convention.UUID.String(), v)
}

// creer records a convention by hand.
//
//	@Summary		Créer une convention sans agrément
//	@Description	Pour une convention sans agrément dans le SIAP (« convention ANRU ») : crée l’opération et une convention au statut PROJET. Si l’opération existe déjà dans votre périmètre, 409 OPERATION_EXISTANTE la nomme : redemandez avec « utiliser_operation » pour lui ajouter la convention. Une convention déjà signée s’enregistre par /conventions/importation.
//	@Tags			conventions
//	@Accept			json
//	@Produce		json
//	@Param			Idempotency-Key	header		string				false	"Clé d’idempotence"
//	@Param			corps			body		ConventionManuelle	true	"Opération et convention"
//	@Success		201				{object}	Convention			"Convention créée"
//	@Header			201				{string}	Location			"Adresse de la convention"
//	@Header			201				{string}	ETag				"Version"
//	@Failure		400,401,403,409,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/conventions [post]
func (r Importations) creer(c echo.Context) error {
	var corps ConventionManuelle
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	saisie, err := corps.saisie()
	if err != nil {
		return err
	}
	saisie.NumeroOperation, saisie.TypeHabitat = corps.NumeroOperation, convention.TypeHabitat(corps.TypeHabitat)
	d, err := r.Service.CreerConvention(c.Request().Context(), httpapi.Principal(c), convention.ConventionManuelle{
		OperationSaisie: saisie, UtiliserOperation: corps.UtiliserOperation, RevisionID: corps.RevisionID,
	})
	if err != nil {
		return err
	}
	return r.rendre(c, d, false)
}

// bailleurs lists the bailleurs that the caller may give to a convention.
//
//	@Summary		Chercher un bailleur pour une convention à créer
//	@Description	Vos bailleurs si vous êtes bailleur, et pour un code postal ceux dont une habilitation vaut dans sa région ; sinon tous, sauf les propriétaires privés hors de votre périmètre. Au plus 20, dans l’ordre des noms.
//	@Tags			conventions
//	@Produce		json
//	@Param			q			query		string	false	"Nom ou début du SIREN"		maxLength(255)
//	@Param			code_postal	query		string	false	"Code postal de l’opération"	maxLength(5)
//	@Success		200	{array}		EntiteAuChoix	"Bailleurs"
//	@Failure		400,401,403,429,500	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/conventions/creation/bailleurs [get]
func (r Importations) bailleurs(c echo.Context) error {
	q, err := httpapi.Query(c, "q", "code_postal")
	if err != nil {
		return err
	}
	texte, code := q.TextMax("q", 255), q.TextMax("code_postal", 5)
	if err := q.Err(); err != nil {
		return err
	}
	liste, err := r.Service.Bailleurs(c.Request().Context(), httpapi.Principal(c), texte, code)
	return rendreChoix(c, liste, err)
}

// administrations lists the services that the caller may give to a convention.
//
//	@Summary		Chercher une administration pour une convention à créer
//	@Description	Toutes si vous êtes bailleur, celles de votre périmètre si vous êtes un service ; ni l’ANAH ni l’ANRU. Au plus 20, dans l’ordre des noms.
//	@Tags			conventions
//	@Produce		json
//	@Param			q	query		string	false	"Nom ou début du code"	maxLength(255)
//	@Success		200	{array}		EntiteAuChoix	"Administrations"
//	@Failure		400,401,403,429,500	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/conventions/creation/administrations [get]
func (r Importations) administrations(c echo.Context) error {
	q, err := httpapi.Query(c, "q")
	if err != nil {
		return err
	}
	texte := q.TextMax("q", 255)
	if err := q.Err(); err != nil {
		return err
	}
	liste, err := r.Service.Administrations(c.Request().Context(), httpapi.Principal(c), texte)
	return rendreChoix(c, liste, err)
}

func rendreChoix(c echo.Context, liste []convention.EntiteAuChoix, err error) error {
	if err != nil {
		return err
	}
	out := make([]EntiteAuChoix, 0, len(liste))
	for _, e := range liste {
		out = append(out, EntiteAuChoix(e))
	}
	return c.JSON(http.StatusOK, out)
}

// deposer receives a signed PDF before its convention is recorded, streamed.
//
//	@Summary		Déposer le document d’une convention ou d’un avenant déjà signé (PDF, 500 Mo au plus)
//	@Description	À faire avant d’enregistrer la convention ou l’avenant : donnez ensuite « revision_id » avec le formulaire. Le fichier est vérifié, et n’est visible que de vous tant qu’il n’a pas servi ; sans suite, il est effacé.
//	@Tags			conventions
//	@Accept			multipart/form-data
//	@Produce		json
//	@Param			fichier	formData	file	true	"Document signé, au format PDF"
//	@Success		201		{object}	DocumentImporte	"Document reçu"
//	@Header			201		{string}	Location		"Adresse de la révision"
//	@Failure		400,401,403,404,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/conventions/importation/documents [post]
func (r Importations) deposer(c echo.Context) error {
	nom, contenu, err := lireFichier(c)
	if err != nil {
		return err
	}
	piece, err := r.Service.RecevoirDocument(c.Request().Context(), httpapi.Principal(c), nom, contenu)
	if err != nil {
		return lectureDuCorps(err)
	}
	return httpapi.Created(c, "/api/v1/revisions/"+piece.RevisionID, DocumentImporte{piece.RevisionID, piece.Nom, piece.Taille, piece.Sha256})
}

// lireFichier reads the only part of a form, without keeping it in memory.
func lireFichier(c echo.Context) (nom string, contenu io.Reader, err error) {
	illisible := fault.New(fault.BadRequest, "formulaire_invalide", "Envoyez un formulaire « multipart/form-data » avec « fichier ».")
	mr, err := c.Request().MultipartReader()
	if err != nil {
		return "", nil, fault.New(fault.Unsupported, "type_non_pris_en_charge", "Envoyez un formulaire « multipart/form-data ».").Because(err)
	}
	part, err := mr.NextPart()
	switch {
	case errors.Is(err, io.EOF):
		return "", nil, fault.New(fault.Invalid, "invalide", "Aucun fichier reçu.").
			WithFields(fault.Field{Pointer: "/fichier", Code: "required", Detail: "Choisissez le fichier à déposer."})
	case err != nil:
		return "", nil, illisible.Because(err)
	case part.FormName() != "fichier":
		return "", nil, illisible
	}
	return part.FileName(), part, nil
}

// importer records a convention signed outside the platform.
//
//	@Summary		Ajouter une convention déjà signée
//	@Description	Enregistre au statut SIGNEE une convention signée hors de la plateforme, sur une opération de votre périmètre ou du SIAP ; seule l’année de la signature est connue. Ni alerte, ni courriel. Le même envoi, avec le même document, rend la convention déjà enregistrée (200). Ouvert par l’interrupteur « ajout_convention ».
//	@Tags			conventions
//	@Accept			json
//	@Produce		json
//	@Param			Idempotency-Key	header		string					false	"Clé d’idempotence"
//	@Param			corps			body		ConventionDejaSignee	true	"Convention"
//	@Success		201				{object}	Convention				"Convention enregistrée"
//	@Success		200				{object}	Convention				"Elle l’était déjà"
//	@Header			201				{string}	Location				"Adresse de la convention"
//	@Header			201				{string}	ETag					"Version"
//	@Failure		400,401,403,404,409,412,413,415,422,429,500,502,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/conventions/importation [post]
func (r Importations) importer(c echo.Context) error {
	var corps ConventionDejaSignee
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	d, deja, err := r.Service.ImporterConvention(c.Request().Context(), httpapi.Principal(c), convention.ImportConvention{
		NumeroOperation: corps.NumeroOperation, Numero: corps.Numero, NbLogements: corps.NbLogements, Financement: convention.Financement(corps.Financement),
		TypeHabitat: convention.TypeHabitat(corps.TypeHabitat), AnneeSignature: corps.AnneeSignature, RevisionID: corps.RevisionID,
	})
	if err != nil {
		return err
	}
	return r.rendre(c, d, deja)
}

// importerAvenant records an avenant signed outside the platform.
//
//	@Summary		Ajouter un avenant déjà signé
//	@Description	Sur une convention en vigueur : l’avenant prend sa place dans l’ordre des signatures. Ses types sont déduits de ce qui change (bailleur, nombre de logements, texte) et s’ajoutent à ceux que vous cochez. Le même envoi, avec le même document, rend l’avenant déjà enregistré (200). Un avenant en cours l’empêche : 409 AVENANT_EN_COURS donne son identifiant.
//	@Tags			avenants
//	@Accept			json
//	@Produce		json
//	@Param			uuid			path		string				true	"Identifiant de la convention ou d’un de ses avenants"	format(uuid)
//	@Param			Idempotency-Key	header		string				false	"Clé d’idempotence"
//	@Param			corps			body		AvenantDejaSigne	true	"Avenant"
//	@Success		201				{object}	Convention			"Avenant enregistré"
//	@Success		200				{object}	Convention			"Il l’était déjà"
//	@Header			201				{string}	Location			"Adresse de l’avenant"
//	@Header			201				{string}	ETag				"Version"
//	@Failure		400,401,403,404,409,412,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/avenants/importation [post]
func (r Importations) importerAvenant(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	var corps AvenantDejaSigne
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	in, err := corps.demande()
	if err != nil {
		return err
	}
	d, deja, err := r.Service.ImporterAvenant(c.Request().Context(), httpapi.Principal(c), id, in)
	if err != nil {
		return err
	}
	return r.rendre(c, d, deja)
}

// rechercher finds the convention to amend.
//
//	@Summary		Chercher la convention à modifier par un avenant
//	@Description	Les conventions de votre périmètre dont le numéro se termine ainsi, validées ou signées cette année-là dans ce département. Les barres, tirets, espaces et points du numéro ne comptent pas. Au plus 20.
//	@Tags			avenants
//	@Produce		json
//	@Param			departement	query		string	true	"Code INSEE du département"	maxLength(3)	example(87)
//	@Param			annee		query		int		true	"Année de validation ou de signature"	minimum(1900)	maximum(2200)
//	@Param			numero		query		string	true	"Quatre derniers caractères du numéro, ou davantage"	maxLength(255)	example(0042)
//	@Success		200			{array}		ConventionInitiale	"Conventions"
//	@Failure		400,401,403,422,429,500	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/avenants/recherche [get]
func (r Importations) rechercher(c echo.Context) error {
	q, err := httpapi.Query(c, "departement", "annee", "numero")
	if err != nil {
		return err
	}
	demande := convention.RechercheInitiale{Departement: q.TextMax("departement", 3), Annee: q.Int("annee", 0, 1900, 2200), Numero: q.TextMax("numero", 255)}
	if err := q.Err(); err != nil {
		return err
	}
	p := httpapi.Principal(c)
	trouvees, err := r.Service.ConventionsInitiales(c.Request().Context(), p, demande)
	if err != nil {
		return err
	}
	out := make([]ConventionInitiale, 0, len(trouvees))
	for _, x := range trouvees {
		out = append(out, vueConventionInitiale(p, x))
	}
	return c.JSON(http.StatusOK, out)
}

// declarer records an unknown convention and starts its avenant.
//
//	@Summary		Créer un avenant sur une convention inconnue de la plateforme
//	@Description	Enregistre la convention au statut SIGNEE (opération, lot, numéro, année) et crée son avenant au statut PROJET, avec son numéro. Cherchez d’abord la convention par /avenants/recherche.
//	@Tags			avenants
//	@Accept			json
//	@Produce		json
//	@Param			Idempotency-Key	header		string				false	"Clé d’idempotence"
//	@Param			corps			body		ConventionDeclaree	true	"Convention et numéro de l’avenant"
//	@Success		201				{object}	Convention			"Avenant créé"
//	@Header			201				{string}	Location			"Adresse de l’avenant"
//	@Header			201				{string}	ETag				"Version"
//	@Failure		400,401,403,409,412,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/avenants/declaration [post]
func (r Importations) declarer(c echo.Context) error {
	var corps ConventionDeclaree
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	saisie, err := corps.saisie()
	if err != nil {
		return err
	}
	d, err := r.Service.DeclarerConvention(c.Request().Context(), httpapi.Principal(c), convention.ConventionDeclaree{
		OperationSaisie: saisie, Numero: corps.Numero, AnneeSignature: corps.AnneeSignature, NumeroAvenant: corps.NumeroAvenant, RevisionID: corps.RevisionID,
	})
	if err != nil {
		return err
	}
	return r.rendre(c, d, false)
}
