/** From what is typed to what is sent; and what cannot be sent. */
import { jourDeParis } from "../../lib/dates";
import type { OptionCombobox } from "../../ui/Combobox";
import type { ClientAPI, CreationClient, Evenement, ModificationClient, Portee, TypePerimetre } from "./contrat";

/** What the form holds: texts, as typed. */
export type SaisieClient = {
  nom: string;
  description: string;
  portees: Portee[];
  perimetre: TypePerimetre;
  region: string;
  departement: string;
  administration: OptionCombobox | null;
  bailleurs: OptionCombobox[];
  /** Day, "" for no end. */
  expire_le: string;
  debit_par_minute: string;
  login_siap: string;
  habilitation_siap: string;
};

const DEBIT_MAX = 6000;

/** Next year, the same day. */
export function dansUnAn(now: Date = new Date()): string {
  const day = jourDeParis(now);
  const year = Number(day.slice(0, 4)) + 1;
  return `${year}${day.slice(4)}`.replace(/-02-29$/, "-02-28");
}

export const saisieDe = (client: ClientAPI | null, now?: Date): SaisieClient => ({
  nom: client?.nom ?? "",
  description: client?.description ?? "",
  portees: client?.portees ?? ["conventions:lire"],
  perimetre: client?.perimetre.type ?? "DEPARTEMENT",
  region: client?.perimetre.region ?? "",
  departement: client?.perimetre.departement ?? "",
  administration: null,
  bailleurs: [],
  expire_le: client ? (client.expire_le ? jourDeParis(client.expire_le) : "") : dansUnAn(now),
  debit_par_minute: client?.debit_par_minute ? String(client.debit_par_minute) : "",
  login_siap: client?.login_siap ?? "",
  habilitation_siap: client?.habilitation_siap ? String(client.habilitation_siap) : "",
});

const entier = (text: string): number | null => (/^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : null);

/** Last second of a day in Paris, whatever the season. */
export function finDeJournee(day: string): string {
  const winter = new Date(`${day}T23:59:59+01:00`);
  const end = jourDeParis(winter) === day ? winter : new Date(`${day}T23:59:59+02:00`);
  return end.toISOString();
}

export type Refus = Partial<Record<keyof SaisieClient, string | null>>;

/** Message of each field that cannot be sent; the perimeter is only asked at creation. */
export function controlerClient(s: SaisieClient, creation: boolean, now: Date = new Date()): Refus {
  const debit = s.debit_par_minute.trim() === "" ? 0 : entier(s.debit_par_minute);
  const siap = s.login_siap.trim() !== "";
  return {
    nom: s.nom.trim() === "" ? "Donnez un nom : il signe ce que fait le client." : null,
    portees: s.portees.length === 0 ? "Choisissez au moins une portée." : null,
    ...(creation ? perimetreManquant(s) : {}),
    expire_le: s.expire_le !== "" && s.expire_le < jourDeParis(now) ? "Choisissez une date à venir." : null,
    debit_par_minute:
      debit === null || (s.debit_par_minute.trim() !== "" && (debit < 1 || debit > DEBIT_MAX))
        ? `Donnez un nombre de 1 à ${DEBIT_MAX}, ou laissez vide.`
        : null,
    login_siap: !siap && s.habilitation_siap.trim() !== "" ? "Donnez l’identifiant du compte SIAP." : null,
    habilitation_siap: siap && !entier(s.habilitation_siap) ? "Donnez le numéro de l’habilitation." : null,
  };
}

function perimetreManquant(s: SaisieClient): Refus {
  switch (s.perimetre) {
    case "REGION":
      return { region: s.region ? null : "Choisissez la région." };
    case "DEPARTEMENT":
      return { departement: s.departement ? null : "Choisissez le département." };
    case "ADMINISTRATION":
      return { administration: s.administration ? null : "Choisissez l’administration." };
    case "BAILLEURS":
      return { bailleurs: s.bailleurs.length > 0 ? null : "Choisissez au moins un bailleur." };
    default:
      return {};
  }
}

/** Writing asks for reading: choosing the first chooses the second, dropping the second drops the first. */
export function basculerPortee(liste: readonly Portee[], portee: Portee, choisie: boolean): Portee[] {
  const next = new Set(liste);
  if (choisie) next.add(portee);
  else next.delete(portee);
  if (choisie && portee === "conventions:ecrire") next.add("conventions:lire");
  if (!choisie && portee === "conventions:lire") next.delete("conventions:ecrire");
  return [...next];
}

export function creationDe(s: SaisieClient): CreationClient {
  return {
    nom: s.nom.trim(),
    description: s.description.trim(),
    portees: s.portees,
    perimetre: {
      type: s.perimetre,
      ...(s.perimetre === "REGION" ? { region: s.region } : {}),
      ...(s.perimetre === "DEPARTEMENT" ? { departement: s.departement } : {}),
      ...(s.perimetre === "ADMINISTRATION" ? { administration: s.administration?.valeur } : {}),
      ...(s.perimetre === "BAILLEURS" ? { bailleurs: s.bailleurs.map(({ valeur }) => valeur) } : {}),
    },
    ...(s.expire_le ? { expire_le: finDeJournee(s.expire_le) } : {}),
    ...(entier(s.debit_par_minute) ? { debit_par_minute: entier(s.debit_par_minute) ?? undefined } : {}),
    ...(s.login_siap.trim()
      ? { login_siap: s.login_siap.trim(), habilitation_siap: entier(s.habilitation_siap) ?? undefined }
      : {}),
  };
}

/** Only what may change afterwards; an unchanged day keeps its hour. */
export function modificationDe(s: SaisieClient, client: ClientAPI): ModificationClient {
  const memeJour = client.expire_le && jourDeParis(client.expire_le) === s.expire_le;
  return {
    nom: s.nom.trim(),
    description: s.description.trim(),
    portees: s.portees,
    ...(memeJour ? {} : { expire_le: s.expire_le ? finDeJournee(s.expire_le) : null }),
    debit_par_minute: entier(s.debit_par_minute),
    login_siap: s.login_siap.trim(),
    habilitation_siap: s.login_siap.trim() ? entier(s.habilitation_siap) : null,
  };
}

export type SaisieWebhook = { url: string; description: string; evenements: Evenement[]; actif: boolean };

/** Events that nothing sends yet are not offered. */
const SANS_SOURCE: readonly Evenement[] = ["document.pret"];

export const offerts = (tous: readonly Evenement[], choisis: readonly Evenement[]): Evenement[] =>
  tous.filter((one) => !SANS_SOURCE.includes(one) || choisis.includes(one));

export function controlerWebhook({
  url,
  evenements,
}: SaisieWebhook): Partial<Record<keyof SaisieWebhook, string | null>> {
  return {
    url: /^https?:\/\/[^\s/]+/.test(url.trim())
      ? null
      : "Donnez une adresse complète, par exemple https://exemple.fr/reception.",
    evenements: evenements.length === 0 ? "Choisissez au moins un événement." : null,
  };
}
