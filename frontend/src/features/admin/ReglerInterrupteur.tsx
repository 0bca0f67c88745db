/** Dialog that changes one switch: for whom, the consequence in words, the reason. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Checkbox } from "@codegouvfr/react-dsfr/Checkbox";
import { Input } from "@codegouvfr/react-dsfr/Input";
import { RadioButtons } from "@codegouvfr/react-dsfr/RadioButtons";
import { useState } from "react";
import { errorsByPointer } from "../../api/problem";
import { Combobox, type OptionCombobox } from "../../ui/Combobox";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { useMessages } from "../../ui/Messages";
import { chercherComptes } from "./api";
import {
  chercherAdministrations,
  type Interrupteur,
  refusDuReglage,
  reglageDe,
  type Saisie,
  saisieDe,
  texteDe,
  useReglage,
} from "./interrupteurs";

const ETATS: { valeur: Saisie["etat"]; libelle: string }[] = [
  { valeur: "tous", libelle: "Activé pour tout le monde" },
  { valeur: "certains", libelle: "Activé pour certains" },
  { valeur: "personne", libelle: "Désactivé" },
];

const ROLES = [
  ["BAILLEUR", "Bailleurs"],
  ["INSTRUCTEUR", "Instructeurs"],
  ["ADMINISTRATEUR", "Administrateurs"],
] as const;

export function ReglerInterrupteur({ interrupteur, onFermer }: { interrupteur: Interrupteur; onFermer: () => void }) {
  const [open, setOpen] = useState(true);
  const [saisie, setSaisie] = useState<Saisie>(() => saisieDe(interrupteur));
  const [sent, setSent] = useState(false);
  const { mutate, isPending, error } = useReglage(interrupteur);
  const { afficher } = useMessages();
  const texte = texteDe(interrupteur);
  const refus = refusDuReglage(saisie);
  const server = errorsByPointer(error);
  const changer = (change: Partial<Saisie>) => setSaisie((now) => ({ ...now, ...change }));
  const fermer = () => {
    setOpen(false);
    onFermer();
  };
  const confirmer = () => {
    setSent(true);
    if (refus.motif || refus.portee) return;
    mutate(reglageDe(saisie, interrupteur.ciblable), {
      onSuccess: () => {
        afficher({ severite: "success", titre: `${texte.libelle} : le réglage est enregistré.` });
        fermer();
      },
    });
  };
  const motif = server["/motif"] ?? (sent ? refus.motif : undefined);
  return (
    <ConfirmDialog
      ouvert={open}
      titre={texte.libelle}
      libelleConfirmer="Enregistrer le réglage"
      libelleOccupe="Enregistrement…"
      occupe={isPending}
      erreur={error}
      onConfirmer={confirmer}
      onFermer={fermer}
      taille="large"
    >
      <RadioButtons
        legend="État"
        name={`etat-${interrupteur.nom}`}
        options={ETATS.filter(({ valeur }) => valeur !== "certains" || interrupteur.ciblable).map(
          ({ valeur, libelle }) => ({
            label: libelle,
            nativeInputProps: {
              value: valeur,
              checked: saisie.etat === valeur,
              onChange: () => changer({ etat: valeur }),
            },
          }),
        )}
      />
      {saisie.etat === "certains" ? (
        <Ciblage saisie={saisie} changer={changer} erreur={sent ? refus.portee : undefined} />
      ) : null}
      <p aria-live="polite">
        <strong>Conséquence.</strong> {saisie.etat === "personne" ? texte.inactif : texte.actif}
        {saisie.etat === "certains" ? " Pour les autres, rien ne change par rapport à « Désactivé »." : ""} Effet
        partout en 30 secondes au plus.
      </p>
      {interrupteur.ciblable ? (
        <Input
          label="Retrait prévu le"
          hintText="Date à laquelle cet interrupteur ne servira plus, si elle est connue"
          nativeInputProps={{
            type: "date",
            value: saisie.retrait,
            onChange: (event) => changer({ retrait: event.target.value }),
          }}
        />
      ) : null}
      <Input
        label="Motif (obligatoire)"
        hintText="5 à 500 caractères, gardés dans le journal"
        state={motif ? "error" : "default"}
        stateRelatedMessage={motif}
        nativeInputProps={{
          value: saisie.motif,
          maxLength: 500,
          onChange: (event) => changer({ motif: event.target.value }),
        }}
      />
    </ConfirmDialog>
  );
}

type CiblageProps = { saisie: Saisie; changer: (change: Partial<Saisie>) => void; erreur?: string };

function Ciblage({ saisie, changer, erreur }: CiblageProps) {
  const { typologies, administrations, utilisateurs } = saisie;
  return (
    <div className="ap-interrupteurs__cibles fr-mb-2w">
      <Checkbox
        legend="Rôles"
        orientation="horizontal"
        small
        state={erreur ? "error" : "default"}
        stateRelatedMessage={erreur}
        options={ROLES.map(([valeur, label]) => ({
          label,
          nativeInputProps: {
            checked: typologies.includes(valeur),
            onChange: (event) =>
              changer({
                typologies: event.target.checked ? [...typologies, valeur] : typologies.filter((one) => one !== valeur),
              }),
          },
        }))}
      />
      <Choisis
        libelle="Ajouter une administration"
        aide="Nom ou code"
        nom="Administrations choisies"
        choisis={administrations}
        onChange={(liste) => changer({ administrations: liste })}
        chercher={chercherAdministrations}
      />
      <Choisis
        libelle="Ajouter une personne"
        aide="Nom, adresse électronique ou identifiant"
        nom="Personnes choisies"
        choisis={utilisateurs}
        onChange={(liste) => changer({ utilisateurs: liste })}
        chercher={async (q, signal) =>
          (await chercherComptes(q, signal)).map(({ uuid, prenom, nom, identifiant, email }) => ({
            valeur: uuid,
            libelle: `${prenom} ${nom}`.trim() || identifiant,
            detail: email,
          }))
        }
      />
    </div>
  );
}

type ChoisisProps = {
  libelle: string;
  aide: string;
  nom: string;
  choisis: OptionCombobox[];
  onChange: (liste: OptionCombobox[]) => void;
  chercher: (q: string, signal: AbortSignal) => Promise<OptionCombobox[]>;
};

function Choisis({ libelle, aide, nom, choisis, onChange, chercher }: ChoisisProps) {
  return (
    <>
      <Combobox
        key={choisis.length}
        libelle={libelle}
        aide={aide}
        valeur={null}
        chercher={chercher}
        onChange={(option) => {
          if (option && !choisis.some(({ valeur }) => valeur === option.valeur)) onChange([...choisis, option]);
        }}
      />
      {choisis.length > 0 ? (
        <ul className="ap-int-choisis fr-raw-list" aria-label={nom}>
          {choisis.map((one) => (
            <li key={one.valeur}>
              <span>{one.libelle}</span>
              <Button
                type="button"
                size="small"
                priority="tertiary no outline"
                iconId="fr-icon-delete-line"
                title={`Retirer ${one.libelle}`}
                onClick={() => onChange(choisis.filter(({ valeur }) => valeur !== one.valeur))}
              >
                Retirer
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
