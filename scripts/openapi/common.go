package main

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"apilos/api/httpapi/depreciation"
	"github.com/getkin/kin-openapi/openapi3"
)

// describeChain says what the chain of /api/v1 does for every route, so that no handler repeats it (05 E.1):
// the tag of a read and its 304, what is deprecated and until when.
func describeChain(doc *openapi3.T) error {
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			switch method {
			case http.MethodGet:
				describeTag(op)
			case http.MethodPost:
				describePost(path, op)
			}
			if err := describeDeprecations(op, depreciation.De(method, path)); err != nil {
				return fmt.Errorf("%s %s: %w", method, path, err)
			}
		}
	}
	for _, d := range depreciation.Liste() {
		if item := doc.Paths.Find(d.Chemin); item == nil || item.GetOperation(d.Methode) == nil {
			return fmt.Errorf("%s %s is deprecated but not documented", d.Methode, d.Chemin)
		}
	}
	return nil
}

func describeTag(op *openapi3.Operation) {
	ok := op.Responses.Status(http.StatusOK)
	if ok == nil || ok.Value == nil || ok.Value.Content.Get(mimeJSON) == nil || len(ok.Value.Content) > 1 {
		return
	}
	if ok.Value.Headers == nil {
		ok.Value.Headers = openapi3.Headers{}
	}
	ok.Value.Headers["ETag"] = &openapi3.HeaderRef{Value: &openapi3.Header{Parameter: openapi3.Parameter{
		Description: "Étiquette forte de la réponse, à renvoyer dans « If-None-Match » ; pour un élément qui a une version, à renvoyer dans « If-Match » pour le modifier",
		Schema:      openapi3.NewStringSchema().NewRef(),
	}}}
	if op.Responses.Status(http.StatusNotModified) == nil {
		text := "La réponse n’a pas changé depuis celle dont l’étiquette est donnée"
		op.Responses.Set("304", &openapi3.ResponseRef{Value: &openapi3.Response{Description: &text}})
	}
	if op.Parameters.GetByInAndName("header", "If-None-Match") == nil {
		op.AddParameter(&openapi3.Parameter{
			In: "header", Name: "If-None-Match", Description: "Étiquette d’une réponse déjà reçue : 304 si rien n’a changé",
			Schema: openapi3.NewStringSchema().NewRef(),
		})
	}
}

// withoutReplay lists the POST whose answer is never kept, since it holds a secret (httpapi.Route.NoReplay): they
// take no Idempotency-Key. A test of api/app compares this list with the routes.
func withoutReplay() []string {
	return []string{
		"/telechargements", "/depot/clients", "/depot/clients/{id}/jeton", "/webhooks", "/webhooks/{uuid}/secret", "/admin/clients-api", "/admin/clients-api/{uuid}/jeton",
		"/admin/detournements",
		"/exports/conventions", "/exports/{uuid}/telechargement",
	}
}

// describePost says that a POST may carry a key, and that what it creates has an address.
func describePost(path string, op *openapi3.Operation) {
	if secured(op) && !slices.Contains(withoutReplay(), path) && op.Parameters.GetByInAndName("header", "Idempotency-Key") == nil {
		op.AddParameter(&openapi3.Parameter{
			In: "header", Name: "Idempotency-Key", Description: "Identifiant d’une intention, 24 heures : la même requête envoyée deux fois n’agit qu’une fois",
			Schema: openapi3.NewStringSchema().WithMinLength(8).WithMaxLength(255).NewRef(),
		})
		for _, status := range []string{"400", "409", "422"} { // what a wrong key, or one in use, answers
			if op.Responses.Value(status) == nil {
				op.Responses.Set(status, op.Responses.Status(http.StatusInternalServerError))
			}
		}
	}
	created := op.Responses.Status(http.StatusCreated)
	if created == nil || created.Value == nil || created.Value.Headers["Location"] != nil {
		return
	}
	if created.Value.Headers == nil {
		created.Value.Headers = openapi3.Headers{}
	}
	created.Value.Headers["Location"] = &openapi3.HeaderRef{Value: &openapi3.Header{Parameter: openapi3.Parameter{
		Description: "Adresse de ce qui a été créé", Schema: openapi3.NewStringSchema().NewRef(),
	}}}
}

// describeDeprecations adds the former names of parameters, with the schema of those that replace them.
func describeDeprecations(op *openapi3.Operation, list []depreciation.Depreciation) error {
	for _, d := range list {
		end := d.Retrait.Format(time.DateOnly)
		if d.Parametre == "" {
			op.Deprecated = true
			op.Description += "\n\nDéprécié, retrait le " + end + " : utilisez « " + d.Remplacant + " »."
			continue
		}
		by := op.Parameters.GetByInAndName("query", d.Remplacant)
		if by == nil {
			return fmt.Errorf("%s is replaced by %s, which is not documented", d.Parametre, d.Remplacant)
		}
		old := *by
		old.Name, old.Required, old.Deprecated = d.Parametre, false, true
		old.Description = "Ancien nom de « " + d.Remplacant + " », retrait le " + end
		op.AddParameter(&old)
	}
	return nil
}
