/** E-mails and theme. Each choice is saved at once, and says so. */
import { RadioButtons } from "@codegouvfr/react-dsfr/RadioButtons";
import { useIsDark } from "@codegouvfr/react-dsfr/useIsDark";
import { useState } from "react";
import type { Preferences, Session } from "../../api/dto";
import { useCompacite } from "../../lib/compacite";
import { themeDeLAppareil } from "../../lib/theme";
import { ErrorState } from "../../ui/ErrorState";
import { useMessages } from "../../ui/Messages";
import { usePreferences } from "./api";

export function Courriels({ session }: { session: Session }) {
  const { mutate, error, variables } = usePreferences();
  const { afficher } = useMessages();
  const mine =
    session.typologie === "BAILLEUR"
      ? "Les conventions que vous avez soumises à l’instruction"
      : "Les conventions que vous avez instruites";
  const choices: { value: NonNullable<Preferences["preferences_email"]>; label: string }[] = [
    { value: "TOUS", label: "Toutes les conventions de votre périmètre" },
    { value: "PARTIEL", label: mine },
    { value: "AUCUN", label: "Aucun courriel" },
  ];
  const reading = session.detournement?.mode === "lecture";
  const current = variables?.preferences_email ?? session.utilisateur.preferences_email;
  return (
    <>
      <RadioButtons
        legend="Recevoir un courriel pour"
        hintText={`Envoyé à ${session.utilisateur.email}${reading ? ". Indisponible en consultation" : ""}`}
        disabled={reading}
        name="preferences_email"
        options={choices.map(({ value, label }) => ({
          label,
          nativeInputProps: {
            value,
            checked: current === value,
            onChange: () =>
              mutate(
                { preferences_email: value },
                {
                  onSuccess: () => afficher({ severite: "success", titre: "Votre choix de courriels est enregistré." }),
                },
              ),
          },
        }))}
      />
      {error ? <ErrorState compact titre="Votre choix n’a pas été enregistré" erreur={error} /> : null}
    </>
  );
}

const THEMES = [
  { value: "systeme", label: "Système", hint: "Suit le réglage de votre appareil" },
  { value: "clair", label: "Clair", hint: undefined },
  { value: "sombre", label: "Sombre", hint: undefined },
] as const;

/** The theme shown is the one of this device; choosing also keeps it on the account, for the next device, unless told. */
export function Affichage({ surLeCompte = true }: { surLeCompte?: boolean }) {
  const { mutate, error } = usePreferences();
  const { setIsDark } = useIsDark();
  const [compact, setCompact] = useCompacite();
  const [current, setCurrent] = useState(themeDeLAppareil);
  return (
    <>
      <RadioButtons
        legend="Thème"
        name="theme"
        orientation="horizontal"
        options={THEMES.map(({ value, label, hint }) => ({
          label,
          hintText: hint,
          nativeInputProps: {
            value,
            checked: current === value,
            onChange: () => {
              setCurrent(value);
              setIsDark(value === "systeme" ? "system" : value === "sombre");
              if (surLeCompte) mutate({ theme: value });
            },
          },
        }))}
      />
      <RadioButtons
        legend="Tableaux"
        name="densite"
        orientation="horizontal"
        options={[
          {
            label: "Confort",
            nativeInputProps: { value: "confort", checked: !compact, onChange: () => setCompact(false) },
          },
          {
            label: "Compact",
            hintText: "Plus de lignes à l’écran",
            nativeInputProps: { value: "compact", checked: compact, onChange: () => setCompact(true) },
          },
        ]}
      />
      {error ? <ErrorState compact titre="Votre choix n’a pas été enregistré sur votre compte" erreur={error} /> : null}
    </>
  );
}
