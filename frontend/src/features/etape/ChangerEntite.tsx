/**
 * Changes of bailleur and of administration (step Bailleur): commands of their own, beside the value they change. The
 * dialog says what the change entails before it is made; somebody who loses sight of the file is taken to his list.
 */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { useNavigate } from "react-router";
import { avecCle, lire, siVersion } from "../../api/client";
import { useCommande, useIntention } from "../../api/commande";
import { type Convention, clesConvention, clientConvention, rafraichirConvention } from "../../api/convention";
import { hasStatus } from "../../api/problem";
import { Combobox, type OptionCombobox } from "../../ui/Combobox";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { useMessages } from "../../ui/Messages";
import type { Etape } from "./api";

export type QuoiChanger = "bailleur" | "administration";

const ACTIONS = { bailleur: "changer_bailleur", administration: "changer_administration" } as const;

/** What may be changed from a field of the step; null when nothing may. */
export const changementDe = (etape: Etape, cle: string): QuoiChanger | null => {
  if (cle !== "bailleur" && cle !== "administration") return null;
  return etape.actions.includes(ACTIONS[cle]) ? cle : null;
};

const MOTS = {
  bailleur: { bouton: "Changer le bailleur", champ: "Nouveau bailleur", aide: "Cherchez par le nom ou le SIREN." },
  administration: {
    bouton: "Changer l’administration",
    champ: "Nouvelle administration",
    aide: "Cherchez par le nom ou le code du service.",
  },
} as const;

type Props = {
  quoi: QuoiChanger;
  convention: Convention;
  version: number;
  /** Something is typed and not saved: the change would meet it. */
  saisieEnCours: boolean;
};

async function chercher(uuid: string, quoi: QuoiChanger, q: string, signal: AbortSignal): Promise<OptionCombobox[]> {
  const params = { path: { uuid }, query: { q } };
  const { resultats } =
    quoi === "bailleur"
      ? await lire(clientConvention.GET("/conventions/{uuid}/bailleurs-possibles", { params, signal }))
      : await lire(clientConvention.GET("/conventions/{uuid}/administrations-possibles", { params, signal }));
  return resultats.map(({ uuid: valeur, nom, code }) => ({ valeur, libelle: nom, detail: code ?? undefined }));
}

function changer(uuid: string, quoi: QuoiChanger, choisi: string, version: number, cle: string) {
  const params = { path: { uuid }, header: { ...siVersion(version), ...avecCle(cle) } };
  return lire(
    quoi === "bailleur"
      ? clientConvention.POST("/conventions/{uuid}/changement-bailleur", { params, body: { bailleur: choisi } })
      : clientConvention.POST("/conventions/{uuid}/changement-administration", {
          params,
          body: { administration: choisi },
        }),
  );
}

export function ChangerEntite({ quoi, convention, version, saisieEnCours }: Props) {
  const { uuid } = convention;
  const words = MOTS[quoi];
  const [ouvert, setOuvert] = useState(false);
  const [choix, setChoix] = useState<OptionCombobox | null>(null);
  const [manque, setManque] = useState<string | undefined>(undefined);
  const intention = useIntention();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { afficher } = useMessages();
  const { mutate, isPending, error, reset } = useCommande({
    mutationFn: (choisi: OptionCombobox) =>
      changer(uuid, quoi, choisi.valeur, version, intention.cle([choisi.valeur, version])),
    onSuccess: async ({ visible }, choisi) => {
      const titre = quoi === "bailleur" ? "Bailleur changé" : "Administration changée";
      setOuvert(false);
      if (!visible) {
        afficher({
          severite: "success",
          titre,
          detail: `${convention.titre} relève maintenant de ${choisi.libelle} et n’est plus dans votre périmètre.`,
        });
        navigate("/conventions");
        queries.removeQueries({ queryKey: clesConvention.tout(uuid) });
        return;
      }
      afficher({ severite: "success", titre, detail: `Maintenant : ${choisi.libelle}.` });
      await rafraichirConvention(queries, uuid);
    },
    onError: async (refused) => {
      if (hasStatus(refused, 403, 404, 409, 412)) await rafraichirConvention(queries, uuid);
    },
  });
  useEffect(() => {
    if (ouvert) return;
    setChoix(null);
    setManque(undefined);
    reset();
  }, [ouvert, reset]);

  return (
    <>
      <Button type="button" size="small" priority="secondary" onClick={() => setOuvert(true)}>
        {words.bouton}
      </Button>
      {/* Out of the form of the step: Enter in the search must not save it. */}
      {createPortal(
        <ConfirmDialog
          ouvert={ouvert}
          titre={words.bouton}
          libelleConfirmer={words.bouton}
          libelleOccupe="Changement…"
          occupe={isPending}
          confirmable={choix !== null && !saisieEnCours}
          onRefus={() => setManque(saisieEnCours ? undefined : "Faites un choix dans les propositions.")}
          onConfirmer={() => {
            if (choix) mutate(choix);
          }}
          onFermer={() => setOuvert(false)}
          erreur={error}
        >
          {saisieEnCours ? (
            <p className="fr-message fr-message--warning" role="alert">
              Vous avez des saisies non enregistrées dans cette étape : enregistrez-les ou effacez-les d’abord.
            </p>
          ) : null}
          <Consequences quoi={quoi} convention={convention} />
          <Combobox
            libelle={words.champ}
            aide={words.aide}
            valeur={choix}
            erreur={manque}
            onChange={(option) => {
              setChoix(option);
              setManque(undefined);
            }}
            chercher={(text, signal) => chercher(uuid, quoi, text, signal)}
            minimum={1}
          />
        </ConfirmDialog>,
        document.body,
      )}
    </>
  );
}

function Consequences({ quoi, convention }: { quoi: QuoiChanger; convention: Convention }) {
  const avenant = convention.genre !== "convention";
  if (quoi === "administration") {
    return (
      <ul>
        <li>
          Le changement vaut pour la convention, tous ses avenants et les autres conventions de la même opération.
        </li>
        <li>
          L’administration actuelle n’y aura plus accès, aussitôt. Les deux services seront prévenus par courriel.
        </li>
      </ul>
    );
  }
  return (
    <ul>
      {avenant ? (
        <li>Seul cet avenant change : le nouveau bailleur deviendra celui de la convention à la signature.</li>
      ) : (
        <li>Le bailleur change pour toutes les conventions de cette opération, qui doivent être en projet.</li>
      )}
      <li>
        Le signataire saisi pour le bailleur actuel est effacé : celui de la fiche du nouveau bailleur est proposé.
      </li>
    </ul>
  );
}
