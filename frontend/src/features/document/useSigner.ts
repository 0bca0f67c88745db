/** T11 and T12: gives or corrects the signature date. A refusal of the version or of the status has the page read again. */
import { useState } from "react";
import { useIntention } from "../../api/commande";
import { type ActionFaite, type Convention, natureDuRefus, useAction } from "../../api/convention";
import { jourDeParis } from "../../lib/dates";
import { allerAuChamp } from "../../ui/ErrorSummary";
import { ID_DATE } from "./DateSignature";
import { type AvisDate, avisDate } from "./rules";

export type Signature = {
  date: string;
  changer: (day: string) => void;
  avis: AvisDate | null;
  /** An attempt was made: mistakes are shown. */
  tente: boolean;
  envoyer: () => void;
  occupe: boolean;
  erreur: unknown;
  /** The convention moved meanwhile: read again, decide again. */
  perime: boolean;
};

export function useSigner(
  convention: Convention,
  code: "signer" | "corriger_signature",
  onFait: (reply: ActionFaite) => void,
): Signature {
  const today = jourDeParis(new Date());
  const [date, setDate] = useState(() =>
    code === "corriger_signature" ? (convention.televersement_convention_signee_le ?? today) : today,
  );
  const [tente, setTente] = useState(false);
  const { mutateAsync, isPending, error } = useAction(convention.uuid);
  const intention = useIntention();
  const avis = avisDate(date, today, convention.valide_le ?? null);

  const envoyer = () => {
    if (isPending) return;
    setTente(true);
    if (avis?.niveau === "erreur") {
      allerAuChamp(ID_DATE);
      return;
    }
    // Awaited: the answer changes the page, and must be followed all the same. Refusals are shown from `error`.
    mutateAsync({
      code,
      version: convention.version,
      cle: intention.cle([code, convention.version, date]),
      corps: { date_signature: date },
    }).then(onFait, () => undefined);
  };

  const kind = error ? natureDuRefus(error) : null;
  return {
    date,
    changer: (day) => {
      setTente(false);
      setDate(day);
    },
    avis,
    tente,
    envoyer,
    occupe: isPending,
    erreur: kind === "perime" ? null : error,
    perime: kind === "perime",
  };
}
