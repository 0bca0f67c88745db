/**
 * /bal/deposer and /bal/communes/:code/deposer: one page for both, so that a file already checked is not lost when its
 * commune is chosen.
 */

import { useMatch, useNavigate } from "react-router";
import { hasStatus } from "../../api/problem";
import { useContratSession, useSessionOuNull } from "../../app/session/contexte";
import { useCommune, useCourante } from "../../features/bal/api";
import type { Revision } from "../../features/bal/contrat";
import { Depot } from "../../features/bal/Depot";
import { peutAdministrer } from "../../features/bal/droits";
import { formatDate, jourDeParis } from "../../lib/dates";
import { compte } from "../../lib/nombres";
import { FilAriane } from "../../ui/FilAriane";
import { TitrePage } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { ACCUEIL_BAL, ReglagesBal } from "./Cadre";
import { CommuneInconnue } from "./CommuneInconnue";

const ADRESSE = "/bal/communes/:code/deposer";

export function Component() {
  const code = useMatch(ADRESSE)?.params.code ?? "";
  return (
    <ReglagesBal>
      <Contenu code={code} />
    </ReglagesBal>
  );
}

function Contenu({ code }: { code: string }) {
  const navigate = useNavigate();
  const session = useSessionOuNull();
  const { etat } = useContratSession();
  const commune = useCommune(code);
  const courante = useCourante(code);
  if (code && hasStatus(commune.error, 404)) return <CommuneInconnue code={code} />;
  const place = code ? (commune.data ?? { code, nom: `la commune ${code}` }) : null;
  const parents = place ? [ACCUEIL_BAL, { libelle: place.nom, lien: `/bal/communes/${code}` }] : [ACCUEIL_BAL];
  return (
    <>
      <FilAriane parents={parents} page={place ? "Déposer" : "Vérifier un fichier"} />
      <TitrePage
        titre={place ? `Déposer les adresses de ${place.nom}` : "Vérifier un fichier d’adresses"}
        page="/bal/deposer"
        chapeau={
          <p>
            {place
              ? enVigueur(courante.data)
              : "Le rapport dit ce qui va, ce qui bloque, et propose un fichier corrigé."}
          </p>
        }
      />
      {etat.etat === "chargement" ? (
        <Skeleton forme="fiche" libelle="Ouverture de la page" />
      ) : (
        <Depot
          commune={place}
          courante={courante.data ?? null}
          administration={peutAdministrer(session)}
          onCommune={(chosen) => navigate(`/bal/communes/${chosen}/deposer`, { preventScrollReset: true })}
        />
      )}
    </>
  );
}

function enVigueur(courante: Revision | null | undefined): string {
  if (courante === undefined) return "";
  if (courante === null) return "Aucune adresse publiée pour cette commune.";
  const rows = courante.validation.rowsCount;
  const day = formatDate(jourDeParis(courante.publishedAt ?? courante.createdAt));
  return `En vigueur : version du ${day}${rows === undefined ? "" : `, ${compte(rows, "adresse")}`}.`;
}
