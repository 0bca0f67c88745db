/** Habilitations given or refused by communes; an administrator may accept one that waits, once the proof is at hand. */
import { Badge } from "@codegouvfr/react-dsfr/Badge";
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Select } from "@codegouvfr/react-dsfr/Select";
import { useState } from "react";
import { formatDate, jourDeParis } from "../../../lib/dates";
import { ConfirmDialog } from "../../../ui/ConfirmDialog";
import type { Colonne } from "../../../ui/DataTable";
import { Lien } from "../../../ui/Lien";
import { useMessages } from "../../../ui/Messages";
import { lireHabilitations, STATUTS, useValidation } from "./api";
import type { Habilitation, StatutHabilitation } from "./contrat";
import { ListeAdmin } from "./ListeAdmin";

const SEVERITES = { pending: "info", accepted: "success", rejected: "error" } as const;

const communeDe = ({ nom_commune, code_commune }: Habilitation): string =>
  nom_commune === code_commune ? code_commune : `${nom_commune} (${code_commune})`;

const jour = (instant: string | null | undefined): string => (instant ? formatDate(jourDeParis(instant)) : "–");

export function HabilitationsListe({ lectureSeule }: { lectureSeule: boolean }) {
  const [chosen, setChosen] = useState<Habilitation | null>(null);
  const columns: (Colonne<Habilitation> | null)[] = [
    {
      cle: "commune",
      titre: "Commune",
      enTete: true,
      className: "ap-colonne--moyenne",
      rendu: (row) => <Lien to={`/bal/communes/${row.code_commune}`}>{communeDe(row)}</Lien>,
    },
    { cle: "client", titre: "Client", className: "ap-colonne--moyenne", rendu: (row) => row.client.nom },
    {
      cle: "statut",
      titre: "État",
      rendu: (row) => (
        <Badge small severity={SEVERITES[row.statut]}>
          {STATUTS[row.statut]}
        </Badge>
      ),
    },
    { cle: "cree", titre: "Demandée le", rendu: (row) => jour(row.cree_le) },
    { cle: "reponse", titre: "Réponse le", rendu: (row) => jour(row.accepte_le ?? row.rejete_le) },
    lectureSeule
      ? null
      : {
          cle: "action",
          titre: "Action",
          rendu: (row) =>
            row.statut === "pending" ? (
              <Button
                size="small"
                priority="secondary"
                title={`Accepter l’habilitation de ${communeDe(row)} pour ${row.client.nom}`}
                onClick={() => setChosen(row)}
              >
                Accepter
              </Button>
            ) : (
              "–"
            ),
        },
  ];
  return (
    <>
      <ListeAdmin
        cle="habilitations"
        lecture={lireHabilitations}
        nom="habilitation"
        recherche="Commune (nom ou code INSEE) ou client"
        colonnes={columns.filter((column) => column !== null)}
        filtre={({ statut }, changer) => (
          <Select
            label="État"
            nativeSelectProps={{
              value: statut,
              onChange: (event) => changer({ statut: event.target.value as StatutHabilitation | "" }),
            }}
          >
            <option value="">Tous</option>
            {Object.entries(STATUTS).map(([code, libelle]) => (
              <option key={code} value={code}>
                {libelle}
              </option>
            ))}
          </Select>
        )}
      />
      {lectureSeule ? null : <Acceptation habilitation={chosen} onFermer={() => setChosen(null)} />}
    </>
  );
}

function Acceptation({ habilitation, onFermer }: { habilitation: Habilitation | null; onFermer: () => void }) {
  const { mutate, isPending, error, reset } = useValidation();
  const { afficher } = useMessages();
  const close = () => {
    reset();
    onFermer();
  };
  const accept = () => {
    if (!habilitation) return;
    mutate(habilitation.id, {
      onSuccess: () => {
        close();
        afficher({
          severite: "success",
          titre: `L’habilitation de ${communeDe(habilitation)} pour ${habilitation.client.nom} est acceptée.`,
        });
      },
    });
  };
  return (
    <ConfirmDialog
      ouvert={habilitation !== null}
      titre={habilitation ? `Accepter l’habilitation de ${communeDe(habilitation)}` : "Accepter l’habilitation"}
      libelleConfirmer="Accepter l’habilitation"
      libelleOccupe="Enregistrement…"
      occupe={isPending}
      erreur={error}
      icone="fr-icon-warning-line"
      onConfirmer={accept}
      onFermer={close}
    >
      <p>
        {habilitation?.client.nom} pourra publier les adresses de{" "}
        {habilitation ? communeDe(habilitation) : "la commune"}. N’acceptez que si vous avez la preuve de l’accord de la
        mairie. Cette décision est journalisée à votre nom.
      </p>
    </ConfirmDialog>
  );
}
