import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createBrowserRouter, RouterProvider } from "react-router";
import { demarrerDsfr } from "./app/dsfr";
import { Fournisseurs } from "./app/Fournisseurs";
import { routes } from "./app/routes";
import { retirerHabilitationDeLAdresse } from "./app/session/adresse";

demarrerDsfr();

// Before the router reads the address: the habilitation asked by SIAP must not stay in it.
const demande = retirerHabilitationDeLAdresse();
const router = createBrowserRouter(routes);
const root = document.getElementById("root");

if (root) {
  createRoot(root).render(
    <StrictMode>
      <Fournisseurs demande={demande}>
        <RouterProvider router={router} />
      </Fournisseurs>
    </StrictMode>,
  );
}
