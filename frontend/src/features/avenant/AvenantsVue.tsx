/** Avenants of a signed convention, and the start of a new one: the dialog asks what it changes. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Checkbox } from "@codegouvfr/react-dsfr/Checkbox";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useIntention } from "../../api/commande";
import { type AvenantLigne, type Convention, useAvenants } from "../../api/convention";
import { isApiError } from "../../api/problem";
import { formatDate, jourDeParis } from "../../lib/dates";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Lien } from "../../ui/Lien";
import { StatutBadge } from "../../ui/StatutBadge";
import { useCreerAvenant, useTypes } from "./api";
import { nomDeVersion } from "./rules";

const EN_COURS: readonly string[] = ["PROJET", "INSTRUCTION", "CORRECTION", "A_SIGNER"];

/** Statuts of a convention that an avenant may amend. */
export const amendable = ({ statut }: Pick<Convention, "statut">): boolean =>
  statut === "SIGNEE" || statut === "PUBLICATION_EN_COURS" || statut === "PUBLIE";

export function AvenantsVue({ convention, lectureSeule }: { convention: Convention; lectureSeule: boolean }) {
  const { uuid } = convention;
  const avenants = useAvenants(uuid);
  const [open, setOpen] = useState(false);
  if (!avenants.data) return null;
  const others = avenants.data.filter((avenant) => avenant.uuid !== uuid);
  const running = avenants.data.find(({ statut }) => EN_COURS.includes(statut));
  if (others.length === 0 && lectureSeule) return null;
  return (
    <section aria-labelledby="titre-avenants" className="ap-types ap-ecran">
      <div className="ap-types__tete">
        <h2 id="titre-avenants" className="fr-h5 fr-mb-0">
          Avenants
        </h2>
        {lectureSeule ? null : running ? (
          <Lien to={`/conventions/${running.uuid}/recapitulatif`} className="fr-btn fr-btn--secondary fr-btn--sm">
            Ouvrir l’avenant en cours
          </Lien>
        ) : convention.avenant_creable ? (
          <Button size="small" iconId="fr-icon-add-line" onClick={() => setOpen(true)}>
            Créer un avenant
          </Button>
        ) : null}
      </div>
      {running && !lectureSeule ? (
        <p className="ap-mention fr-mb-1w">
          Un seul avenant peut être en cours{"\u00a0"}: terminez-le ou annulez-le avant d’en créer un autre.
        </p>
      ) : null}
      {others.length === 0 ? (
        <p className="ap-mention fr-mb-0">Aucun avenant pour le moment.</p>
      ) : (
        <ul className="fr-raw-list ap-avenants">
          {others.map((avenant) => (
            <Ligne key={avenant.uuid} avenant={avenant} />
          ))}
        </ul>
      )}
      {convention.avenant_creable && !lectureSeule && !running ? (
        <p className="fr-mt-2w fr-mb-0">
          <Lien className="fr-link fr-link--sm" to={`/conventions/${uuid}/avenants/depot`}>
            Déposer un ancien avenant signé
          </Lien>
        </p>
      ) : null}
      <Creation convention={convention} ouvert={open} onFermer={() => setOpen(false)} />
    </section>
  );
}

function Ligne({ avenant }: { avenant: AvenantLigne }) {
  return (
    <li className="ap-avenants__ligne">
      <Lien to={`/conventions/${avenant.uuid}/recapitulatif`}>
        {nomDeVersion(avenant)}
        {avenant.numero
          ? ""
          : `, ${avenant.genre === "avenant" ? "créé" : "créée"} le ${formatDate(jourDeParis(avenant.cree_le))}`}
      </Lien>
      <StatutBadge statut={avenant.statut} libelle={avenant.statut_libelle} />
    </li>
  );
}

type CreationProps = { convention: Convention; ouvert: boolean; onFermer: () => void };

function Creation({ convention, ouvert, onFermer }: CreationProps) {
  const { uuid } = convention;
  const types = useTypes(uuid, ouvert);
  const create = useCreerAvenant(uuid);
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const intention = useIntention();
  const running = isApiError(create.error) ? create.error.extra.avenant_uuid : undefined;
  const choices = (types.data?.types ?? []).filter(({ disponible }) => disponible);
  const closed = (types.data?.types ?? []).filter(({ disponible }) => !disponible);
  return (
    <ConfirmDialog
      ouvert={ouvert}
      titre="Créer un avenant"
      libelleConfirmer="Créer l’avenant"
      libelleOccupe="Création…"
      // Busy until the page of the new avenant has taken the place of this one.
      occupe={create.isPending || create.isSuccess}
      erreur={create.error}
      onFermer={() => {
        create.reset();
        onFermer();
      }}
      onConfirmer={() =>
        create.mutate(
          { types: chosen, cle: intention.cle([uuid, chosen]) },
          {
            onSuccess: (avenant) => {
              intention.faite();
              const first = choices.find(({ type }) => type === chosen[0]);
              const step =
                chosen.length === 1 && first
                  ? avenant.etapes.find(({ lien }) => lien.endsWith(fin(first.lien)))
                  : undefined;
              void navigate(step?.disponible ? step.lien : `/conventions/${avenant.uuid}/recapitulatif`);
            },
          },
        )
      }
    >
      <p>
        L’avenant reprend toutes les données de la dernière version en vigueur. Cochez ce qu’il modifie{"\u00a0"}; vous
        pourrez compléter ce choix ensuite.
      </p>
      {choices.length > 0 ? (
        <Checkbox
          legend="Que modifie cet avenant ?"
          options={choices.map(({ type, libelle }) => ({
            label: libelle,
            nativeInputProps: {
              checked: chosen.includes(type),
              onChange: () => setChosen(chosen.includes(type) ? chosen.filter((t) => t !== type) : [...chosen, type]),
            },
          }))}
        />
      ) : null}
      {closed.length > 0 ? (
        <p className="ap-mention">
          Ne se saisissent pas encore en ligne{"\u00a0"}:{" "}
          {closed.map(({ libelle }) => libelle.toLowerCase()).join(", ")}.
        </p>
      ) : null}
      {typeof running === "string" ? (
        <Lien to={`/conventions/${running}/recapitulatif`}>Ouvrir l’avenant en cours</Lien>
      ) : null}
    </ConfirmDialog>
  );
}

/** End of the address of a step: « /etapes/financement ». */
const fin = (lien: string): string => lien.replace(/^.*(\/etapes\/[^/?#]+).*$/, "$1");
