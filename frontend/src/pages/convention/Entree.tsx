/** /conventions/{uuid}: the page that its statut asks for, chosen by the server. */
import { Navigate, useLocation, useParams } from "react-router";
import { useConvention } from "../../api/convention";
import { pageDEntree } from "../../features/convention/rules";
import { Squelette } from "../../features/convention/Squelette";
import { Requete } from "../../ui/Requete";

export function Component() {
  const { uuid = "" } = useParams();
  const { search } = useLocation();
  return (
    <Requete
      requete={useConvention(uuid)}
      squelette={<Squelette />}
      titreErreur="La convention n’a pas pu être ouverte"
    >
      {(convention) => {
        const page = pageDEntree(convention);
        return <Navigate to={search && !page.includes("?") ? page + search : page} replace />;
      }}
    </Requete>
  );
}
