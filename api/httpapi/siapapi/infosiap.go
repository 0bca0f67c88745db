package siapapi

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/echange"

	"github.com/google/uuid"
)

// ConventionInfoSIAP is a line of the export of every convention and avenant (05 A.9).
type ConventionInfoSIAP struct {
	UUID                    uuid.UUID         `json:"uuid"`
	ConventionParentUUID    *uuid.UUID        `json:"convention_parent_uuid"`
	NumeroConvention        *string           `json:"numero_convention"` // the parent's, for an avenant
	NumeroAvenant           *string           `json:"numero_avenant"`
	AvenantTypes            []string          `json:"avenant_types"`
	DepuisEcoloweb          bool              `json:"depuis_ecoloweb"`
	DateFinConventionnement *date.Date        `json:"date_fin_conventionnement"`
	ConventionDateSignature *date.Date        `json:"convention_date_signature"` // the parent's, for an avenant
	DateDenonciation        *date.Date        `json:"date_denonciation"`
	DateResiliation         *date.Date        `json:"date_resiliation"`
	FondPropre              *json.Number      `json:"fond_propre"`
	Gestionnaire            *string           `json:"gestionnaire"`
	Statut                  string            `json:"statut"`
	Operation               OperationInfoSIAP `json:"operation"`
	Lots                    []Lot             `json:"lots"`
}

// OperationInfoSIAP is the operation of a line of the export.
type OperationInfoSIAP struct {
	VersionOperation
	Bailleur       Bailleur        `json:"bailleur"`
	Administration *Administration `json:"administration"`
	NatureLogement string          `json:"nature_logement"`
}

// sourceEcoloweb marks the conventions taken over from Ecoloweb.
const sourceEcoloweb = "ECOLOWEB"

// Exporteur walks through every convention.
type Exporteur interface {
	Exporter(ctx context.Context, limite int, fn func(echange.Portion, convention.Convention) error) error
}

// EcrireInfoSIAP writes one JSON object per line and per convention, by uuid, limite of them at most (0: all).
func EcrireInfoSIAP(ctx context.Context, e Exporteur, limite int, w io.Writer) error {
	tampon := bufio.NewWriterSize(w, 64<<10)
	lignes := json.NewEncoder(tampon)
	lignes.SetEscapeHTML(false)
	err := e.Exporter(ctx, limite, func(p echange.Portion, c convention.Convention) error {
		return lignes.Encode(ligneInfoSIAP(p, c))
	})
	if err != nil {
		return err
	}
	if err := tampon.Flush(); err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	return nil
}

func ligneInfoSIAP(p echange.Portion, c convention.Convention) ConventionInfoSIAP {
	gestionnaire := p.Gestionnaires[c.ID]
	out := ConventionInfoSIAP{
		UUID: c.UUID, NumeroConvention: texte(c.Numero), AvenantTypes: []string{}, DepuisEcoloweb: c.Source == sourceEcoloweb,
		DateFinConventionnement: c.DateFinConventionnement, ConventionDateSignature: c.SigneLe,
		DateDenonciation: c.DateDenonciation, DateResiliation: c.DateResiliation, FondPropre: nombre(c.FondPropre),
		Gestionnaire: texte(&gestionnaire), Statut: c.Statut.Stocke(), Operation: operationInfoSIAP(p, c.OperationID), Lots: vueLots(&p.Contenu, c.ID),
	}
	if c.ParentID != nil {
		parent := p.Parents[*c.ParentID]
		out.ConventionParentUUID, out.NumeroConvention, out.NumeroAvenant = &parent.UUID, texte(parent.Numero), texte(c.Numero)
		out.ConventionDateSignature = parent.SigneLe
		out.AvenantTypes = append(out.AvenantTypes, p.Types[c.ID]...)
	}
	return out
}

func operationInfoSIAP(p echange.Portion, id int64) OperationInfoSIAP {
	o := p.Operations[id]
	out := OperationInfoSIAP{VersionOperation: vueVersion(o), Bailleur: vueBailleur(p.Bailleurs[o.BailleurID]), NatureLogement: string(o.NatureLogement)}
	if o.AdministrationID != nil {
		a := vueAdministration(p.Administrations[*o.AdministrationID])
		out.Administration = &a
	}
	return out
}
