// Starts Swagger UI on the document beside the page. A file of its own, since the policy forbids inline scripts.
window.addEventListener("DOMContentLoaded", () => {
  window.SwaggerUIBundle({
    url: document.getElementById("swagger-ui").dataset.document,
    dom_id: "#swagger-ui",
    docExpansion: "none",
    deepLinking: true,
    validatorUrl: null,
  });
});
