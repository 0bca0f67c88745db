// Starts ReDoc on the document beside the page. A file of its own, since the policy forbids inline scripts; no search,
// which would need a worker made of a text.
const labels = {
  enum: "Valeurs possibles",
  enumSingleValue: "Valeur",
  enumArray: "Éléments",
  default: "Par défaut",
  deprecated: "Déprécié",
  example: "Exemple",
  examples: "Exemples",
  recursive: "Récursif",
  arrayOf: "Liste de ",
  const: "Valeur",
  download: "Télécharger",
  downloadSpecification: "Document OpenAPI",
  responses: "Réponses",
  requestSamples: "Exemples de requêtes",
  responseSamples: "Exemples de réponses",
};

window.addEventListener("DOMContentLoaded", () => {
  const page = document.getElementById("redoc");
  const { document: url, nonce } = page.dataset;
  page.removeAttribute("data-nonce");
  window.Redoc.init(
    url,
    { nonce, disableSearch: true, expandResponses: "200", pathInMiddlePanel: true, labels },
    page,
  );
});
