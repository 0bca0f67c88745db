/** Who of the staff acted as the reader, and when (05 C.5). */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useState } from "react";
import type { Consultation } from "../../api/dto";
import { formatInstant } from "../../lib/dates";
import { type Colonne, DataTable } from "../../ui/DataTable";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { useConsultations } from "./api";

const COLONNES: Colonne<Consultation>[] = [
  { cle: "par", titre: "Qui", enTete: true, rendu: (c) => c.par || "Équipe APiLos" },
  { cle: "debut", titre: "Début", rendu: (c) => formatInstant(c.debut_le) },
  { cle: "fin", titre: "Fin", rendu: (c) => (c.en_cours ? "En cours" : c.fin_le ? formatInstant(c.fin_le) : "—") },
  {
    cle: "mode",
    titre: "Droits",
    rendu: (c) => (c.mode === "lecture" ? "Consultation seule" : "Consultation et modification"),
  },
];

const PAR_PAGE = 5;

export function Consultations() {
  const [shown, setShown] = useState(PAR_PAGE);
  const requete = useConsultations(shown);
  return (
    <Requete
      requete={requete}
      bloc
      squelette={<Skeleton forme="tableau" nombre={2} />}
      titreErreur="La liste n’a pas pu être lue"
    >
      {({ resultats, total }) =>
        total === 0 ? (
          <p className="ap-mention">Personne n’a consulté votre compte.</p>
        ) : (
          <>
            <DataTable
              legende="Qui a consulté mon compte"
              colonnes={COLONNES}
              lignes={resultats}
              cleDe={(c) => c.uuid}
            />
            {total > resultats.length && resultats.length < 100 ? (
              <Button priority="tertiary" size="small" onClick={() => setShown((n) => Math.min(100, n + 20))}>
                Voir les plus anciennes ({total - resultats.length})
              </Button>
            ) : null}
          </>
        )
      }
    </Requete>
  );
}
