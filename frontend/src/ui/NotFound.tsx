/**
 * One page for what does not exist and for what the current habilitation may not see (02: 404), so that nothing
 * reveals what exists elsewhere. The other habilitations are offered: often the link belongs to one of them.
 */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { createContext, useContext, useState } from "react";
import { Artwork } from "./Artwork";
import { ErrorState } from "./ErrorState";
import { TitrePage } from "./Page";

export type AutreHabilitation = { id: number; libelle: string };
type Contrat = { autres: AutreHabilitation[]; changer: (id: number) => Promise<void>; accueil: string };

/** Filled by the session, so that any page may show `NotFound` without knowing about habilitations. */
export const AutresHabilitations = createContext<Contrat>({
  autres: [],
  changer: () => Promise.resolve(),
  accueil: "/",
});

const picture = new URL(
  "../../../node_modules/@codegouvfr/react-dsfr/dsfr/artwork/pictograms/system/technical-error.svg",
  import.meta.url,
).href;

type Props = {
  reference?: string | null;
  titre?: string;
  /** What the server says, when it says more than « unknown or forbidden ». */
  detail?: string;
  /** Where to go from a page that is not about conventions. */
  reprise?: { phrase: string; libelle: string; vers: string };
};

export function NotFound({
  reference,
  titre = "Page introuvable",
  detail = "Cette page n’existe pas, ou votre habilitation actuelle n’y donne pas accès.",
  reprise,
}: Props) {
  const { autres, changer, accueil } = useContext(AutresHabilitations);
  const [failure, setFailure] = useState<unknown>(null);
  return (
    <div className="fr-container ap-introuvable">
      <div className="fr-grid-row fr-grid-row--gutters fr-grid-row--middle">
        <div className="fr-col-12 fr-col-md-8">
          <TitrePage titre={titre} />
          <p className="fr-text--lead">{detail}</p>
          <p>{reprise?.phrase ?? "Vérifiez l’adresse saisie, ou reprenez depuis la liste de vos conventions."}</p>
          {!reprise && autres.length > 0 ? (
            <div className="fr-mb-3w">
              <p className="fr-mb-1w">
                <strong>Essayer avec une autre habilitation :</strong>
              </p>
              <ul className="fr-btns-group fr-btns-group--sm fr-btns-group--inline">
                {autres.map(({ id, libelle }) => (
                  <li key={id}>
                    <Button priority="secondary" onClick={() => void changer(id).catch(setFailure)}>
                      {libelle}
                    </Button>
                  </li>
                ))}
              </ul>
              {failure ? <ErrorState compact titre="L’habilitation n’a pas pu être changée" erreur={failure} /> : null}
            </div>
          ) : null}
          {reference ? (
            <p className="fr-text--sm">
              Référence : <code>{reference}</code>
            </p>
          ) : null}
          <Button linkProps={{ to: reprise?.vers ?? accueil }}>
            {reprise?.libelle ?? (accueil === "/" ? "Revenir à l’accueil" : "Voir mes conventions")}
          </Button>
        </div>
        <div className="fr-col-4 fr-hidden fr-unhidden-md ap-introuvable__image">
          <Artwork src={picture} taille={160} />
        </div>
      </div>
    </div>
  );
}
