package store

import (
	"context"
	"fmt"
	"strings"

	"apilos/api/comment"
	"apilos/api/convention"
	"apilos/api/event"
	"apilos/api/mesure"
	"apilos/api/operation"

	"github.com/jackc/pgx/v5"
)

// copie says which columns of a table COPY writes, and writes them for a row, in the same order. Columns left
// out keep their default.
type copie[T any] struct {
	table    string
	colonnes []string
	ecrire   func(l *ligneBinaire, x *T)
}

// copier sends rows by COPY, in the transaction.
func copier[T any](ctx context.Context, tx pgx.Tx, c copie[T], lignes []T) error {
	if len(lignes) == 0 {
		return nil
	}
	sql := "COPY " + c.table + " (" + strings.Join(c.colonnes, ", ") + ") FROM STDIN (FORMAT binary)"
	etiquette, err := tx.Conn().PgConn().CopyFrom(ctx, &fluxBinaire[T]{copie: c, lignes: lignes}, sql)
	if err != nil {
		return fmt.Errorf("copy rows of %s: %w", c.table, err)
	}
	if n := etiquette.RowsAffected(); n != int64(len(lignes)) {
		return fmt.Errorf("copy rows of %s: %d of %d written", c.table, n, len(lignes))
	}
	return nil
}

// copierTranche writes the tables in the order of their references.
func copierTranche(ctx context.Context, tx pgx.Tx, t *mesure.Tranche) error {
	for _, etape := range []func() error{
		func() error { return copier(ctx, tx, copieOperation(), t.Operations) },
		func() error { return copier(ctx, tx, copieCadastre(), t.Cadastre) },
		func() error { return copier(ctx, tx, copieConvention(), t.Conventions) },
		func() error { return copier(ctx, tx, copieFoyer(), t.Foyers) },
		func() error { return copier(ctx, tx, copieTypeAvenant(), t.TypesAvenant) },
		func() error { return copier(ctx, tx, copiePublication(), t.Publications) },
		func() error { return copier(ctx, tx, copieLot(), t.Lots) },
		func() error { return copier(ctx, tx, copieLogement(), t.Logements) },
		func() error { return copier(ctx, tx, copiePret(), t.Prets) },
		func() error { return copier(ctx, tx, copieHistorique(), t.Historiques) },
		func() error { return copier(ctx, tx, copieCommentaire(), t.Commentaires) },
	} {
		if err := etape(); err != nil {
			return err
		}
	}
	return nil
}

func copieOperation() copie[operation.Operation] {
	return copie[operation.Operation]{
		"operation",
		[]string{
			"id", "uuid", "origine_id", "nom", "numero_operation", "bailleur_id", "administration_id", "adresse", "code_postal", "ville",
			"code_insee_commune", "code_insee_departement", "code_insee_region", "annee_gestion_programmation", "zone_123", "zone_abc",
			"type_operation", "nature_logement", "anru", "anah", "vendeur", "acquereur", "date_acte_notarie", "reference_notaire",
			"permis_construire", "date_achevement_previsible", "date_achevement", "date_achat", "source", "siap_synchronise_le", "version",
			"cree_le", "mis_a_jour_le",
		},
		func(b *ligneBinaire, o *operation.Operation) {
			b.bigint(o.ID)
			b.uuid(o.UUID)
			ou(b, o.OrigineID, b.bigint)
			b.texte(o.Nom)
			b.texte(o.NumeroOperation)
			b.bigint(o.BailleurID)
			ou(b, o.AdministrationID, b.bigint)
			b.texte(o.Adresse)
			b.texte(o.CodePostal)
			b.texte(o.Ville)
			b.texte(o.CodeInseeCommune)
			ou(b, o.CodeInseeDepartement, b.texte)
			ou(b, o.CodeInseeRegion, b.texte)
			ou(b, o.AnneeGestionProgrammation, b.integer)
			ou(b, (*string)(o.Zone123), b.texte)
			ou(b, (*string)(o.ZoneAbc), b.texte)
			b.texte(string(o.TypeOperation))
			b.texte(string(o.NatureLogement))
			b.booleen(o.Anru)
			b.booleen(o.Anah)
			b.texte(o.Vendeur)
			b.texte(o.Acquereur)
			ou(b, o.DateActeNotarie, b.jour)
			b.texte(o.ReferenceNotaire)
			b.texte(o.PermisConstruire)
			ou(b, o.DateAchevementPrevisible, b.jour)
			ou(b, o.DateAchevement, b.jour)
			ou(b, o.DateAchat, b.jour)
			b.texte(string(o.Source))
			ou(b, o.SiapSynchroniseLe, b.instant)
			b.integer(o.Version)
			b.instant(o.CreeLe)
			b.instant(o.MisAJourLe)
		},
	}
}

func copieCadastre() copie[operation.ReferenceCadastrale] {
	return copie[operation.ReferenceCadastrale]{
		"reference_cadastrale",
		[]string{"uuid", "operation_id", "section", "numero", "lieudit", "surface", "surface_m2", "ordre", "cree_le", "mis_a_jour_le"},
		func(b *ligneBinaire, r *operation.ReferenceCadastrale) {
			b.uuid(r.UUID)
			b.bigint(r.OperationID)
			b.texte(r.Section)
			b.texte(r.Numero)
			b.texte(r.Lieudit)
			b.texte(r.Surface)
			ou(b, r.SurfaceM2, b.integer)
			b.integer(r.Ordre)
			b.instant(r.CreeLe)
			b.instant(r.MisAJourLe)
		},
	}
}

func copieConvention() copie[convention.Convention] {
	return copie[convention.Convention]{
		"convention",
		[]string{
			"id", "uuid", "operation_id", "parent_id", "base_id", "statut", "bailleur_effectif_id", "numero", "rang_avenant", "date_fin_conventionnement",
			"type1and2", "desc_avenant", "champ_libre_avenant", "premiere_soumission_le", "soumis_le", "valide_le", "signe_le",
			"date_publication_spf", "reference_spf", "date_denonciation", "motif_denonciation", "date_resiliation", "motif_resiliation",
			"source", "cree_par_id", "version", "cree_le", "mis_a_jour_le",
		},
		func(b *ligneBinaire, c *convention.Convention) {
			b.bigint(c.ID)
			b.uuid(c.UUID)
			b.bigint(c.OperationID)
			ou(b, c.ParentID, b.bigint)
			ou(b, c.BaseID, b.bigint)
			b.texte(string(c.Statut))
			ou(b, c.BailleurEffectifID, b.bigint)
			ou(b, c.Numero, b.texte)
			ou(b, c.RangAvenant, b.integer)
			ou(b, c.DateFinConventionnement, b.jour)
			ou(b, c.Type1and2, b.texte)
			b.texte(c.DescAvenant)
			b.texte(c.ChampLibreAvenant)
			ou(b, c.PremiereSoumissionLe, b.instant)
			ou(b, c.SoumisLe, b.instant)
			ou(b, c.ValideLe, b.jour)
			ou(b, c.SigneLe, b.jour)
			ou(b, c.DatePublicationSPF, b.jour)
			b.texte(c.ReferenceSPF)
			ou(b, c.DateDenonciation, b.jour)
			b.texte(c.MotifDenonciation)
			ou(b, c.DateResiliation, b.jour)
			b.texte(c.MotifResiliation)
			b.texte(c.Source)
			ou(b, c.CreeParID, b.bigint)
			b.integer(c.Version)
			b.instant(c.CreeLe)
			b.instant(c.MisAJourLe)
		},
	}
}

func copieFoyer() copie[convention.FoyerResidence] {
	return copie[convention.FoyerResidence]{
		"convention_foyer_residence",
		[]string{
			"convention_id", "gestionnaire", "gestionnaire_signataire_nom", "gestionnaire_signataire_fonction",
			"gestionnaire_signataire_date_deliberation", "type_attribution",
		},
		func(b *ligneBinaire, f *convention.FoyerResidence) {
			b.bigint(f.ConventionID)
			b.texte(f.Gestionnaire)
			b.texte(f.GestionnaireSignataireNom)
			b.texte(f.GestionnaireSignataireFonction)
			ou(b, f.GestionnaireSignataireDateDeliberation, b.jour)
			ou(b, f.TypeAttribution, b.texte)
		},
	}
}

func copieTypeAvenant() copie[convention.ConventionTypeAvenant] {
	return copie[convention.ConventionTypeAvenant]{
		"convention_type_avenant",
		[]string{"convention_id", "type_code", "coche_le"},
		func(b *ligneBinaire, t *convention.ConventionTypeAvenant) {
			b.bigint(t.ConventionID)
			b.texte(t.TypeCode)
			b.instant(t.CocheLe)
		},
	}
}

func copiePublication() copie[convention.PublicationSPF] {
	return copie[convention.PublicationSPF]{
		"publication_spf",
		[]string{"convention_id", "date_envoi", "date_publication", "reference", "importe", "cree_le", "mis_a_jour_le"},
		func(b *ligneBinaire, p *convention.PublicationSPF) {
			b.bigint(p.ConventionID)
			ou(b, p.DateEnvoi, b.jour)
			ou(b, p.DatePublication, b.jour)
			b.texte(p.Reference)
			b.booleen(p.Importe)
			b.instant(p.CreeLe)
			b.instant(p.MisAJourLe)
		},
	}
}

func copieLot() copie[convention.Lot] {
	return copie[convention.Lot]{
		"lot",
		[]string{
			"id", "uuid", "convention_id", "origine_id", "financement", "type_habitat", "nb_logements", "operation_unicite_id", "types_annexes",
			"surface_habitable_totale", "version", "cree_le", "mis_a_jour_le",
		},
		func(b *ligneBinaire, l *convention.Lot) {
			b.bigint(l.ID)
			b.uuid(l.UUID)
			b.bigint(l.ConventionID)
			ou(b, l.OrigineID, b.bigint)
			b.texte(string(l.Financement))
			b.texte(string(l.TypeHabitat))
			ou(b, l.NbLogements, b.integer)
			ou(b, l.OperationUniciteID, b.bigint)
			b.textes(l.TypesAnnexes)
			b.nombreOuNull(l.SurfaceHabitableTotale)
			b.integer(l.Version)
			b.instant(l.CreeLe)
			b.instant(l.MisAJourLe)
		},
	}
}

func copieLogement() copie[convention.Logement] {
	return copie[convention.Logement]{
		"logement",
		[]string{
			"uuid", "lot_id", "tableau", "ordre", "designation", "typologie", "surface_habitable", "surface_annexes", "surface_annexes_retenue",
			"surface_utile", "loyer_par_metre_carre", "coefficient", "loyer", "cree_le", "mis_a_jour_le",
		},
		func(b *ligneBinaire, l *convention.Logement) {
			b.uuid(l.UUID)
			b.bigint(l.LotID)
			b.texte(l.Tableau)
			b.integer(l.Ordre)
			b.texte(l.Designation)
			b.texte(l.Typologie)
			b.nombreOuNull(l.SurfaceHabitable)
			b.nombreOuNull(l.SurfaceAnnexes)
			b.nombreOuNull(l.SurfaceAnnexesRetenue)
			b.nombreOuNull(l.SurfaceUtile)
			b.nombreOuNull(l.LoyerParMetreCarre)
			b.nombreOuNull(l.Coefficient)
			b.nombreOuNull(l.Loyer)
			b.instant(l.CreeLe)
			b.instant(l.MisAJourLe)
		},
	}
}

func copiePret() copie[convention.Pret] {
	return copie[convention.Pret]{
		"pret",
		[]string{"uuid", "lot_id", "preteur", "numero", "date_octroi", "duree", "montant", "ordre", "cree_le", "mis_a_jour_le"},
		func(b *ligneBinaire, p *convention.Pret) {
			b.uuid(p.UUID)
			b.bigint(p.LotID)
			b.texte(p.Preteur)
			b.texte(p.Numero)
			ou(b, p.DateOctroi, b.jour)
			ou(b, p.Duree, b.integer)
			b.nombre(p.Montant)
			b.integer(p.Ordre)
			b.instant(p.CreeLe)
			b.instant(p.MisAJourLe)
		},
	}
}

func copieHistorique() copie[event.Historique] {
	return copie[event.Historique]{
		"convention_historique",
		[]string{
			"uuid", "convention_id", "statut", "statut_precedent", "transition", "commentaire", "utilisateur_id", "origine", "role_typologie",
			"profil_siap", "code_role_siap", "entite", "cree_le",
		},
		func(b *ligneBinaire, h *event.Historique) {
			b.uuid(h.UUID)
			b.bigint(h.ConventionID)
			b.texte(h.Statut)
			ou(b, h.StatutPrecedent, b.texte)
			b.texte(h.Transition)
			b.texte(h.Commentaire)
			ou(b, h.UtilisateurID, b.bigint)
			b.texte(h.Origine)
			ou(b, h.RoleTypologie, b.texte)
			b.texte(h.ProfilSiap)
			b.texte(h.CodeRoleSiap)
			b.texte(h.Entite)
			b.instant(h.CreeLe)
		},
	}
}

func copieCommentaire() copie[comment.Commentaire] {
	return copie[comment.Commentaire]{
		"commentaire",
		[]string{
			"uuid", "convention_id", "nom_objet", "champ_objet", "message", "statut", "auteur_id", "auteur_nom", "resolu_le", "resolu_par_id",
			"clos_le", "clos_par_id", "version", "cree_le", "mis_a_jour_le",
		},
		func(b *ligneBinaire, c *comment.Commentaire) {
			b.uuid(c.UUID)
			b.bigint(c.ConventionID)
			b.texte(c.NomObjet)
			b.texte(c.ChampObjet)
			b.texte(c.Message)
			b.texte(string(c.Statut))
			ou(b, c.AuteurID, b.bigint)
			b.texte(c.AuteurNom)
			ou(b, c.ResoluLe, b.instant)
			ou(b, c.ResoluParID, b.bigint)
			ou(b, c.ClosLe, b.instant)
			ou(b, c.ClosParID, b.bigint)
			b.integer(c.Version)
			b.instant(c.CreeLe)
			b.instant(c.MisAJourLe)
		},
	}
}
