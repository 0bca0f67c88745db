/**
 * The commune's agreement, when the client needs it to publish: one that was already given, else a code sent to the
 * mairie, else the identity of one of its agents (ProConnect, in another window: the file and the token stay here).
 */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Input } from "@codegouvfr/react-dsfr/Input";
import { RadioButtons } from "@codegouvfr/react-dsfr/RadioButtons";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { formatDateLongue, jourDeParis } from "../../lib/dates";
import { phraseErreur } from "../../ui/ErrorState";
import { LienExterne } from "../../ui/Lien";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { useReglages } from "./chemin";
import type { Deposant } from "./client";
import type { Commune, HabilitationCommune } from "./contrat";
import {
  adresseProConnect,
  creerHabilitation,
  envoyerCode,
  lireCourriels,
  lireHabilitation,
  lireHabilitations,
  validerCode,
} from "./operations";

type Props = {
  commune: Pick<Commune, "code" | "nom">;
  deposant: Deposant;
  habilitation: HabilitationCommune | null;
  onHabilitation: (habilitation: HabilitationCommune) => void;
};

/** The one that lets publish; the latest of those still waiting otherwise. */
export function meilleure(list: readonly HabilitationCommune[]): HabilitationCommune | null {
  const latest = [...list].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  return (
    latest.find(({ status }) => status === "accepted") ?? latest.find(({ status }) => status === "pending") ?? null
  );
}

export function HabilitationVue({ commune, deposant, habilitation, onHabilitation }: Props) {
  const { base } = useReglages();
  const requete = useQuery({
    queryKey: ["depot", "habilitations", commune.code],
    queryFn: async ({ signal }) => {
      const found = meilleure(await lireHabilitations(base, deposant, commune.code, signal));
      if (found) onHabilitation(found);
      return found;
    },
    gcTime: 0,
    enabled: habilitation === null,
  });
  return (
    <section className="ap-bal-encadre ap-bal-habilitation" aria-labelledby="habilitation">
      <h2 id="habilitation" className="fr-h5 fr-mb-1w">
        Habilitation de la commune
      </h2>
      {habilitation ? (
        <Etat habilitation={habilitation} commune={commune} deposant={deposant} onHabilitation={onHabilitation} />
      ) : (
        <Requete
          requete={requete}
          bloc
          squelette={<Skeleton nombre={2} libelle="Lecture des habilitations" />}
          titreErreur="Les habilitations n’ont pas pu être lues"
        >
          {() => <Demande commune={commune} deposant={deposant} onHabilitation={onHabilitation} />}
        </Requete>
      )}
    </section>
  );
}

type EtatProps = Omit<Props, "habilitation"> & { habilitation: HabilitationCommune };

function Etat({ habilitation, commune, deposant, onHabilitation }: EtatProps) {
  const { status, acceptedAt } = habilitation;
  if (status === "accepted") {
    return (
      <p className="fr-message fr-message--valid fr-mb-0" role="status">
        {commune.nom} vous autorise à publier ses adresses
        {acceptedAt ? ` depuis le ${formatDateLongue(jourDeParis(acceptedAt))}` : ""}.
      </p>
    );
  }
  if (status === "rejected") {
    return (
      <>
        <p className="fr-message fr-message--error" role="status">
          Cette demande d’habilitation a été rejetée. Vous pouvez en faire une autre.
        </p>
        <Demande commune={commune} deposant={deposant} onHabilitation={onHabilitation} />
      </>
    );
  }
  return <Code habilitation={habilitation} commune={commune} deposant={deposant} onHabilitation={onHabilitation} />;
}

function Demande({ commune, deposant, onHabilitation }: Omit<Props, "habilitation">) {
  const { base } = useReglages();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const ask = async () => {
    setBusy(true);
    setFailure(null);
    try {
      onHabilitation(await creerHabilitation(base, deposant, commune.code));
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <p>
        Votre client publie avec l’accord de la commune : demandez une habilitation, que la mairie de {commune.nom}{" "}
        confirmera par un code reçu à son adresse, ou avec ProConnect.
      </p>
      <Button onClick={() => void ask()} disabled={busy}>
        {busy ? "Demande en cours…" : "Demander l’habilitation"}
      </Button>
      <Refus erreur={failure} />
    </>
  );
}

function Refus({ erreur }: { erreur: unknown }) {
  return erreur ? (
    <p className="fr-message fr-message--error fr-mt-1w" role="alert">
      {phraseErreur(erreur)}
    </p>
  ) : null;
}

function Code({ habilitation, commune, deposant, onHabilitation }: EtatProps) {
  const { base } = useReglages();
  const [email, setEmail] = useState("");
  const [envoyeA, setEnvoyeA] = useState<string | null>(null);
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const courriels = useQuery({
    queryKey: ["bal", "courriels", commune.code],
    queryFn: ({ signal }) => lireCourriels(base, commune.code, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const attempt = async (command: () => Promise<void>) => {
    setBusy(true);
    setFailure(null);
    try {
      await command();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const reread = async () => onHabilitation(await lireHabilitation(base, deposant, habilitation.id));
  const send = (to: string) =>
    attempt(async () => {
      await envoyerCode(base, deposant, habilitation.id, to);
      setEnvoyeA(to);
    });
  const check = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      try {
        await validerCode(base, deposant, habilitation.id, code.trim());
      } finally {
        // Refused too often, the demand is rejected: what is shown follows the server.
        await reread().catch(() => undefined);
      }
    });
  };
  return (
    <Requete
      requete={courriels}
      bloc
      squelette={<Skeleton nombre={2} libelle="Lecture des adresses de la mairie" />}
      titreErreur="Les adresses de la mairie n’ont pas pu être lues"
    >
      {(adresses) => (
        <>
          {adresses.length === 0 ? (
            <p>
              L’annuaire de l’administration ne donne aucune adresse électronique pour la mairie de {commune.nom}.
              Utilisez ProConnect, ou écrivez à l’assistance.
            </p>
          ) : (
            <>
              <RadioButtons
                legend="Adresse de la mairie qui recevra le code"
                small
                disabled={busy}
                options={adresses.map((adresse, rank) => ({
                  label: adresse,
                  nativeInputProps: {
                    checked: email === adresse || (email === "" && rank === 0),
                    onChange: () => setEmail(adresse),
                  },
                }))}
              />
              <Button
                priority={envoyeA ? "tertiary" : "primary"}
                disabled={busy}
                onClick={() => void send(email || (adresses[0] ?? ""))}
              >
                {envoyeA ? "Renvoyer le code" : "Envoyer le code à la mairie"}
              </Button>
            </>
          )}
          {envoyeA || habilitation.emailCommune ? (
            <form onSubmit={check} className="ap-bal-code">
              <p role="status" className="fr-mb-1w">
                Un code à 6 chiffres a été envoyé à {envoyeA ?? habilitation.emailCommune}. Il est valable 24 heures.
              </p>
              <Input
                label="Code reçu par la mairie"
                nativeInputProps={{
                  value: code,
                  inputMode: "numeric",
                  autoComplete: "one-time-code",
                  maxLength: 6,
                  onChange: (event) => setCode(event.target.value.replace(/\D/g, "")),
                }}
              />
              <Button type="submit" disabled={busy || code.length !== 6}>
                Valider le code
              </Button>
            </form>
          ) : null}
          <Refus erreur={failure} />
          <p className="fr-mt-2w fr-mb-0">
            <LienExterne
              className="fr-link"
              href={adresseProConnect(
                base,
                habilitation.id,
                `${window.location.origin}/bal/communes/${encodeURIComponent(commune.code)}`,
              )}
            >
              Confirmer avec ProConnect, pour un agent de la mairie
            </LienExterne>{" "}
            puis{" "}
            <button type="button" className="fr-link" onClick={() => void attempt(reread)}>
              relire l’habilitation
            </button>
          </p>
        </>
      )}
    </Requete>
  );
}
