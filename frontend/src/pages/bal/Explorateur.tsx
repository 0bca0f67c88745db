/** /bal: the public explorer of current address bases. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useMemo } from "react";
import { useLocation } from "react-router";
import { Explorateur } from "../../features/bal/Explorateur";
import { lireFiltres } from "../../features/bal/filtres";
import { TitrePage } from "../../ui/Page";
import { CadreBal } from "./Cadre";

export function Component() {
  const { search } = useLocation();
  const filtres = useMemo(() => lireFiltres(new URLSearchParams(search)), [search]);
  return (
    <CadreBal page="Bases adresses">
      <TitrePage
        titre="Bases adresses locales"
        page="/bal"
        chapeau={
          <p>
            Les adresses que les communes publient, dans leur version en vigueur. Chacun peut les consulter, les
            télécharger, et vérifier un fichier sans compte.
          </p>
        }
      >
        <Button priority="secondary" iconId="fr-icon-upload-2-line" linkProps={{ to: "/bal/deposer" }}>
          Vérifier un fichier
        </Button>
      </TitrePage>
      <Explorateur filtres={filtres} />
    </CadreBal>
  );
}
