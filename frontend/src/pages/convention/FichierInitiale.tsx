/** The signed file that the root of an avenant has never had (AV-20): given here, checked and kept as any signed file. */
import { useConfiguration } from "../../app/configuration";
import { useDocuments } from "../../features/document/api";
import { ZoneDepot } from "../../features/document/Depot";
import { FichierDepose } from "../../features/document/FichierDepose";
import { documentEnVigueur } from "../../features/document/rules";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";

/** Until the configuration is read; the server decides anyway. */
const TAILLE_PAR_DEFAUT = 500 * 1024 * 1024;

export function FichierInitiale({ racine }: { racine: string }) {
  const configuration = useConfiguration();
  return (
    <Requete
      requete={useDocuments(racine)}
      bloc
      squelette={<Skeleton forme="cartes" nombre={1} libelle="Chargement des documents de la convention d’origine" />}
      titreErreur="Les documents de la convention d’origine n’ont pas pu être lus"
    >
      {(files) => {
        const given = documentEnVigueur(files, "DOCUMENT_SIGNE");
        return given ? (
          <FichierDepose document={given} />
        ) : (
          <ZoneDepot
            uuid={racine}
            documents={files}
            tailleMax={configuration.data?.limites.document_signe_octets ?? TAILLE_PAR_DEFAUT}
            libelle="Déposer le document signé de la convention d’origine"
          />
        );
      }}
    </Requete>
  );
}
