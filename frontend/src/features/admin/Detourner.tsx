/** « Consulter en tant que… » : person, mode, reason (P87, UX-41). */
import { Badge } from "@codegouvfr/react-dsfr/Badge";
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Input } from "@codegouvfr/react-dsfr/Input";
import { RadioButtons } from "@codegouvfr/react-dsfr/RadioButtons";
import { type FormEvent, useRef, useState } from "react";
import type { CompteAdmin } from "../../api/dto";
import { errorsByPointer } from "../../api/problem";
import { commencerDetournement } from "../../app/session/detournement";
import { formatInstant } from "../../lib/dates";
import { Combobox, type OptionCombobox } from "../../ui/Combobox";
import { ErrorState } from "../../ui/ErrorState";
import { chercherComptes } from "./api";
import { Deverrouiller } from "./Deverrouiller";

const MOTIF_MIN = 10;
const MOTIF_MAX = 500;

/** Reason why the form cannot leave yet, for each field. */
export function refusDuDetournement(compte: CompteAdmin | null, motif: string): { compte?: string; motif?: string } {
  const length = [...motif.trim()].length;
  return {
    compte: compte
      ? compte.detournable
        ? undefined
        : "Les règles ne vous permettent pas d’agir à la place de cette personne."
      : "Choisissez la personne.",
    motif:
      length < MOTIF_MIN || length > MOTIF_MAX
        ? "Dites pourquoi, en 10 à 500 caractères : la personne pourra demander ce motif."
        : undefined,
  };
}

export function Detourner({ superuser }: { superuser: boolean }) {
  const [compte, setCompte] = useState<CompteAdmin | null>(null);
  const [mode, setMode] = useState<"lecture" | "complet">("lecture");
  const [motif, setMotif] = useState("");
  const [sent, setSent] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const found = useRef(new Map<string, CompteAdmin>());
  const refusals = refusDuDetournement(compte, motif);
  const server = errorsByPointer(error);

  const chercher = async (text: string, signal: AbortSignal): Promise<OptionCombobox[]> => {
    const comptes = await chercherComptes(text, signal);
    for (const one of comptes) found.current.set(one.uuid, one);
    return comptes.map((one) => ({
      valeur: one.uuid,
      libelle: `${one.prenom} ${one.nom}`.trim() || one.identifiant,
      detail: [one.email, one.actif ? "" : "compte désactivé", one.staff ? "équipe" : ""].filter(Boolean).join(", "),
    }));
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    if (busy || !compte || refusals.compte || refusals.motif) return;
    setBusy(true);
    setError(null);
    try {
      await commencerDetournement({ user_uuid: compte.uuid, motif: motif.trim(), mode });
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const motifError = server["/motif"] ?? (sent ? refusals.motif : undefined);
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="ap-acces" aria-label="Consulter en tant que">
      <Combobox
        libelle="Personne"
        aide="Nom, adresse électronique ou identifiant"
        valeur={
          compte
            ? { valeur: compte.uuid, libelle: `${compte.prenom} ${compte.nom}`.trim() || compte.identifiant }
            : null
        }
        onChange={(option) => setCompte(option ? (found.current.get(option.valeur) ?? null) : null)}
        chercher={chercher}
        erreur={sent || compte ? refusals.compte : undefined}
      />
      {compte ? <Fiche compte={compte} onDebloque={() => setCompte({ ...compte, verrouille_jusqu_a: null })} /> : null}
      <RadioButtons
        legend="Droits"
        name="mode"
        options={[
          {
            label: "Consultation seule",
            hintText: "Vous voyez ce que voit la personne ; rien ne peut être modifié.",
            nativeInputProps: { value: "lecture", checked: mode === "lecture", onChange: () => setMode("lecture") },
          },
          ...(superuser
            ? [
                {
                  label: "Consultation et modification",
                  hintText: "Ce que vous faites est enregistré sous vos deux noms.",
                  nativeInputProps: {
                    value: "complet",
                    checked: mode === "complet",
                    onChange: () => setMode("complet"),
                  },
                },
              ]
            : []),
        ]}
      />
      <Input
        label="Motif"
        hintText="10 à 500 caractères, gardés dans le journal"
        textArea
        state={motifError ? "error" : "default"}
        stateRelatedMessage={motifError}
        nativeTextAreaProps={{
          value: motif,
          rows: 3,
          maxLength: MOTIF_MAX,
          onChange: (event) => setMotif(event.target.value),
        }}
      />
      {error && !server["/motif"] ? <ErrorState compact titre="La session n’a pas été ouverte" erreur={error} /> : null}
      <Button type="submit" nativeButtonProps={{ "aria-busy": busy || undefined }}>
        {busy ? "Ouverture…" : mode === "lecture" ? "Ouvrir sa session en lecture" : "Ouvrir sa session"}
      </Button>
      <p className="fr-text--sm ap-mention fr-mt-2w">
        60 minutes au plus. Tout est journalisé, et la personne le voit dans ses paramètres.
      </p>
    </form>
  );
}

function Fiche({ compte, onDebloque }: { compte: CompteAdmin; onDebloque: () => void }) {
  const facts: [string, string][] = [
    ["Adresse électronique", compte.email],
    ["Identifiant", compte.identifiant],
    ["Compte", compte.cerbere ? "CERBERE" : "de la plateforme"],
    ["Dernière connexion", compte.derniere_connexion_le ? formatInstant(compte.derniere_connexion_le) : "Jamais"],
  ];
  return (
    <div className="ap-fiche fr-mb-3w">
      <dl className="ap-fiche__termes">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value || "—"}</dd>
          </div>
        ))}
      </dl>
      {compte.actif && !compte.staff && !compte.superuser ? null : (
        <p className="fr-mt-1w fr-mb-0">
          {compte.actif ? null : <Badge severity="warning">Désactivé</Badge>}
          {compte.superuser ? (
            <Badge severity="info">Super-utilisateur</Badge>
          ) : compte.staff ? (
            <Badge severity="info">Équipe</Badge>
          ) : null}
        </p>
      )}
      {compte.verrouille_jusqu_a ? (
        <Deverrouiller uuid={compte.uuid} jusqua={compte.verrouille_jusqu_a} onFait={onDebloque} />
      ) : null}
    </div>
  );
}
