/**
 * For the team of the platform: gives a convention a statut that its transitions do not lead to, with a motive (CC-34).
 * What the server refuses is listed with its reasons; nothing is decided here.
 */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Input } from "@codegouvfr/react-dsfr/Input";
import { RadioButtons } from "@codegouvfr/react-dsfr/RadioButtons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { avecCle, lire, siVersion } from "../../api/client";
import { useCommande, useIntention } from "../../api/commande";
import { type Convention, clesConvention, clientConvention, rafraichirConvention } from "../../api/convention";
import { isApiError, isTransient } from "../../api/problem";
import type { components } from "../../api/schema";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorState } from "../../ui/ErrorState";
import { useMessages } from "../../ui/Messages";

type Statut = components["schemas"]["ForcageDemande"]["statut"];

export function ForcerStatut({ convention }: { convention: Convention }) {
  const { uuid, version, forcage_possible, statut_libelle } = convention;
  const [opened, setOpened] = useState(false);
  const [statut, setStatut] = useState<Statut | null>(null);
  const [motif, setMotif] = useState("");
  const [checked, setChecked] = useState(false);
  const intention = useIntention();
  const queries = useQueryClient();
  const { afficher } = useMessages();
  const targets = useQuery({
    queryKey: [...clesConvention.tout(uuid), "forcage", version],
    queryFn: ({ signal }) =>
      lire(clientConvention.GET("/conventions/{uuid}/forcage", { params: { path: { uuid } }, signal })),
    enabled: opened,
    retry: (count, error) => isTransient(error) && count < 2,
  });
  const { mutate, isPending, error, reset } = useCommande({
    mutationFn: (body: { statut: Statut; motif: string }) =>
      lire(
        clientConvention.POST("/conventions/{uuid}/forcage", {
          params: { path: { uuid }, header: { ...siVersion(version), ...avecCle(intention.cle(body)) } },
          body,
        }),
      ),
    onSettled: () => rafraichirConvention(queries, uuid),
  });
  if (!forcage_possible) return null;

  const open = () => {
    reset();
    setStatut(null);
    setMotif("");
    setChecked(false);
    setOpened(true);
  };
  const send = () => {
    setChecked(true);
    const reason = motif.trim();
    if (!statut || reason === "") return;
    mutate(
      { statut, motif: reason },
      {
        onSuccess: (after) => {
          intention.faite();
          setOpened(false);
          afficher({ severite: "success", titre: `Statut forcé : ${after.statut_libelle}` });
        },
      },
    );
  };
  const reasons = isApiError(error) ? error.errors.map(({ detail }) => detail) : [];

  return (
    <div className="ap-expert__entree ap-ecran">
      <Button size="small" priority="tertiary no outline" iconId="fr-icon-tools-line" onClick={open}>
        Forcer le statut
      </Button>
      <ConfirmDialog
        ouvert={opened}
        titre="Forcer le statut"
        icone="fr-icon-warning-line"
        taille="large"
        libelleConfirmer="Forcer le statut"
        libelleOccupe="Enregistrement…"
        occupe={isPending}
        erreur={error ?? undefined}
        onConfirmer={send}
        onFermer={() => setOpened(false)}
      >
        <p>
          Statut actuel : {statut_libelle}. Le nouveau statut, votre nom et le motif restent dans l’historique. Aucun
          courriel ne part ; les alertes d’action du SIAP sont supprimées.
        </p>
        {reasons.length > 0 ? (
          <ul role="alert">
            {reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        ) : null}
        {targets.data ? (
          <RadioButtons
            legend="Nouveau statut"
            name="forcage-statut"
            state={checked && !statut ? "error" : "default"}
            stateRelatedMessage={checked && !statut ? "Choisissez un statut." : undefined}
            options={targets.data.statuts.map(({ statut: code, libelle, possible, refus }) => ({
              label: libelle,
              hintText: refus.map(({ detail }) => detail).join(" ") || undefined,
              nativeInputProps: {
                value: code,
                disabled: !possible,
                checked: statut === code,
                onChange: () => {
                  reset();
                  setStatut(code);
                },
              },
            }))}
          />
        ) : targets.error ? (
          <ErrorState
            compact
            titre="Les statuts n’ont pas pu être lus"
            erreur={targets.error}
            onReessayer={() => void targets.refetch()}
          />
        ) : (
          <p className="ap-mention">Lecture des statuts…</p>
        )}
        <Input
          label="Motif (obligatoire)"
          hintText="Pourquoi, et à la demande de qui."
          textArea
          state={checked && motif.trim() === "" ? "error" : "default"}
          stateRelatedMessage={checked && motif.trim() === "" ? "Indiquez le motif." : undefined}
          nativeTextAreaProps={{
            value: motif,
            rows: 3,
            maxLength: 5000,
            onChange: (event) => {
              reset();
              setMotif(event.target.value);
            },
          }}
        />
      </ConfirmDialog>
    </div>
  );
}
