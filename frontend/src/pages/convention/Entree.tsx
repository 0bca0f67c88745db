/**
 * /conventions/{uuid}: the page that its statut asks for, chosen by the server. A signed convention has its overview
 * here (P61); while its publication runs, the overview is asked for by name.
 */
import { Navigate, useLocation, useParams, useSearchParams } from "react-router";
import { useConvention } from "../../api/convention";
import { aUneVueDEnsemble, pageDEntree } from "../../features/convention/rules";
import { Squelette } from "../../features/convention/Squelette";
import { Requete } from "../../ui/Requete";
import { VueEnsemble } from "./VueEnsemble";

export function Component() {
  const { uuid = "" } = useParams();
  const { search, pathname } = useLocation();
  const [params] = useSearchParams();
  return (
    <Requete
      requete={useConvention(uuid)}
      squelette={<Squelette />}
      titreErreur="La convention n’a pas pu être ouverte"
    >
      {(convention) => {
        const page = pageDEntree(convention);
        if (aUneVueDEnsemble(convention) && (page === pathname || params.get("vue") === "ensemble"))
          return <VueEnsemble key={uuid} convention={convention} />;
        // An overview asked for a convention that has none any more leads to where it stands.
        const target = page === pathname ? `${pathname}/recapitulatif` : page;
        return <Navigate to={search && !target.includes("?") ? target + search : target} replace />;
      }}
    </Requete>
  );
}
