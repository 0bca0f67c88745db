/** Open sessions, each can be closed except the one in use. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useState } from "react";
import type { SessionOuverte } from "../../api/dto";
import { formatInstant, ilYA } from "../../lib/dates";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { type Colonne, DataTable } from "../../ui/DataTable";
import { useMessages } from "../../ui/Messages";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { useFermeture, useSessions } from "./api";
import { nomDuNavigateur } from "./navigateur";

export function Sessions({ lecture = false }: { lecture?: boolean }) {
  const requete = useSessions();
  const { mutate, isPending, error, reset } = useFermeture();
  const { afficher } = useMessages();
  const [chosen, setChosen] = useState<SessionOuverte | null>(null);
  const close = () => {
    if (!chosen) return;
    mutate(chosen.id, {
      onSuccess: () => {
        setChosen(null);
        afficher({ severite: "success", titre: `Session fermée : ${nomDuNavigateur(chosen.agent)}.` });
      },
    });
  };
  const columns: Colonne<SessionOuverte>[] = [
    {
      cle: "agent",
      titre: "Appareil",
      enTete: true,
      rendu: (s) => (
        <>
          {nomDuNavigateur(s.agent)}
          {s.courante ? <span className="fr-badge fr-badge--sm fr-badge--success fr-ml-1w">Cet appareil</span> : null}
        </>
      ),
    },
    { cle: "cree", titre: "Ouverte le", rendu: (s) => formatInstant(s.cree_le) },
    {
      cle: "vue",
      titre: "Dernière activité",
      rendu: (s) => <span title={formatInstant(s.vue_le)}>{ilYA(s.vue_le)}</span>,
    },
    { cle: "ip", titre: "Adresse réseau", rendu: (s) => s.ip },
    {
      cle: "action",
      titre: <span className="fr-sr-only">Action</span>,
      rendu: (s) =>
        s.courante ? (
          <span className="ap-mention">En cours</span>
        ) : lecture ? (
          <span className="ap-mention">Indisponible en consultation</span>
        ) : (
          <Button
            size="small"
            priority="secondary"
            onClick={() => {
              reset();
              setChosen(s);
            }}
          >
            Fermer<span className="fr-sr-only"> la session {nomDuNavigateur(s.agent)}</span>
          </Button>
        ),
    },
  ];
  return (
    <>
      <Requete
        requete={requete}
        bloc
        squelette={<Skeleton forme="tableau" nombre={3} />}
        titreErreur="Vos sessions n’ont pas pu être lues"
      >
        {(sessions) => (
          <DataTable
            legende="Sessions ouvertes"
            colonnes={columns}
            lignes={sessions}
            cleDe={(s) => s.id}
            vide={<p className="ap-mention">Aucune session ouverte.</p>}
          />
        )}
      </Requete>
      <ConfirmDialog
        ouvert={chosen !== null}
        titre="Fermer cette session ?"
        libelleConfirmer="Fermer la session"
        libelleOccupe="Fermeture…"
        occupe={isPending}
        erreur={error}
        onConfirmer={close}
        onFermer={() => setChosen(null)}
      >
        <p>
          {chosen ? nomDuNavigateur(chosen.agent) : ""} : une nouvelle connexion y sera nécessaire. Une saisie non
          enregistrée sur cet appareil peut y être perdue.
        </p>
      </ConfirmDialog>
    </>
  );
}
