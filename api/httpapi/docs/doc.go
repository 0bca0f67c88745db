// Package docs serves an OpenAPI document and the page that shows it, without any outside address.
//
// The page is Swagger UI, whose two files come from the npm package swagger-ui-dist. They are half a
// megabyte and belong to somebody else, so they are not in the repository: scripts/openapi copies them
// compressed into ui/, where they are embedded and ignored by git. A program built without them shows
// the same document as a plain list, so a fresh clone builds, passes its tests and has a documentation.
package docs
