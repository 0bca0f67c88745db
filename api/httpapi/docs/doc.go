// Package docs serves an OpenAPI document and the page that shows it, without any outside address.
//
// The pages are Swagger UI and, for the API of SIAP, ReDoc, whose files come from the npm packages swagger-ui-dist and
// redoc. They weigh nearly a megabyte and belong to somebody else, so they are not in the repository:
// scripts/swagger-ui.mjs copies them compressed into ui/, where they are embedded and ignored by git. A program built without them shows
// the same document as a plain list, so a fresh clone builds, passes its tests and has a documentation.
package docs
