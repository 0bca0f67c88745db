/** Sheet of an account: who, which roles, and what the reader may change, each change with its reason. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Checkbox } from "@codegouvfr/react-dsfr/Checkbox";
import { Input } from "@codegouvfr/react-dsfr/Input";
import { Select } from "@codegouvfr/react-dsfr/Select";
import { useState } from "react";
import { errorsByPointer } from "../../api/problem";
import { formatDate, formatInstant } from "../../lib/dates";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { useMessages } from "../../ui/Messages";
import {
  type Action,
  actionsDe,
  type Compte,
  libelleRole,
  motifManque,
  nomDe,
  PRECISIONS,
  type Role,
  roleDonne,
  type SaisieRole,
  useDonDeRole,
  useReglageCompte,
} from "./comptes";
import { Deverrouiller } from "./Deverrouiller";
import { EtatsCompte } from "./ListeComptes";

export function FicheCompte({ compte }: { compte: Compte }) {
  const [action, setAction] = useState<Action | null>(null);
  const [role, setRole] = useState(false);
  const { reglages } = compte;
  const actions = actionsDe(compte);
  return (
    <>
      <div className="fr-mb-3w">
        <EtatsCompte de={compte} />
      </div>
      <div className="ap-fiche fr-mb-3w">
        <dl className="ap-fiche__termes">
          {(
            [
              ["Adresse électronique", compte.email],
              ["Identifiant", compte.identifiant],
              ["Compte", compte.client_api ? "client de l’API" : compte.cerbere ? "CERBERE" : "de la plateforme"],
              ["Dernière connexion", formatInstant(compte.derniere_connexion_le) || "Jamais"],
            ] as const
          ).map(([term, value]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value || "—"}</dd>
            </div>
          ))}
        </dl>
      </div>
      {compte.verrouille_jusqu_a ? (
        <Deverrouiller uuid={compte.uuid} jusqua={compte.verrouille_jusqu_a} onFait={() => undefined} />
      ) : null}
      <section aria-labelledby="roles" className="fr-mt-4w">
        <h2 id="roles" className="fr-h5">
          Rôles
        </h2>
        <Roles roles={compte.roles} />
        {reglages.roles ? (
          <Button type="button" size="small" priority="secondary" onClick={() => setRole(true)}>
            Donner un rôle
          </Button>
        ) : compte.cerbere ? (
          <p className="ap-mention">
            Ce compte vient de CERBERE : ses rôles sont ceux de ses habilitations dans le SIAP.
          </p>
        ) : null}
      </section>
      {actions.length > 0 ? (
        <section aria-labelledby="reglages" className="fr-mt-4w">
          <h2 id="reglages" className="fr-h5">
            Réglages
          </h2>
          <ul className="fr-btns-group fr-btns-group--inline fr-btns-group--sm">
            {actions.map((one) => (
              <li key={one.cle}>
                <Button type="button" size="small" priority="secondary" onClick={() => setAction(one)}>
                  {one.libelle}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {action ? <Regler key={action.cle} compte={compte} action={action} onFermer={() => setAction(null)} /> : null}
      {role ? <DonnerRole compte={compte} onFermer={() => setRole(false)} /> : null}
    </>
  );
}

function Roles({ roles }: { roles: readonly Role[] }) {
  if (roles.length === 0) return <p>Aucun rôle.</p>;
  return (
    <ul>
      {roles.map((role, rank) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is read as a whole and has no identifiers
        <li key={rank}>
          {libelleRole(role)}
          {role.expire_le ? <span className="ap-mention"> jusqu’au {formatDate(role.expire_le)}</span> : null}
        </li>
      ))}
    </ul>
  );
}

type MotifProps = { valeur: string; erreur?: string; onChange: (motif: string) => void };

function Motif({ valeur, erreur, onChange }: MotifProps) {
  return (
    <Input
      label="Motif (obligatoire)"
      hintText="5 à 500 caractères, gardés dans le journal"
      state={erreur ? "error" : "default"}
      stateRelatedMessage={erreur}
      nativeInputProps={{ value: valeur, maxLength: 500, onChange: (event) => onChange(event.target.value) }}
    />
  );
}

function Regler({ compte, action, onFermer }: { compte: Compte; action: Action; onFermer: () => void }) {
  const [motif, setMotif] = useState("");
  const [sent, setSent] = useState(false);
  const { mutate, isPending, error } = useReglageCompte(compte);
  const { afficher } = useMessages();
  const confirmer = () => {
    setSent(true);
    if (motifManque(motif)) return;
    mutate(
      { ...action.corps, motif: motif.trim() },
      {
        onSuccess: () => {
          afficher({ severite: "success", titre: `Le compte de ${nomDe(compte)} est modifié.` });
          onFermer();
        },
      },
    );
  };
  return (
    <ConfirmDialog
      ouvert
      titre={action.titre}
      libelleConfirmer={action.libelle}
      libelleOccupe="Enregistrement…"
      occupe={isPending}
      erreur={error}
      onConfirmer={confirmer}
      onFermer={onFermer}
    >
      <p>{action.consequence}</p>
      <Motif valeur={motif} erreur={sent ? motifManque(motif) : undefined} onChange={setMotif} />
    </ConfirmDialog>
  );
}

function DonnerRole({ compte, onFermer }: { compte: Compte; onFermer: () => void }) {
  const [saisie, setSaisie] = useState<SaisieRole>({ typologie: "BAILLEUR", cle: "", lectureSeule: false, motif: "" });
  const [sent, setSent] = useState(false);
  const { mutate, isPending, error } = useDonDeRole(compte);
  const { afficher } = useMessages();
  const changer = (change: Partial<SaisieRole>) => setSaisie((now) => ({ ...now, ...change }));
  const server = errorsByPointer(error);
  const refused = server["/siren"] ?? server["/administration"] ?? server["/perimetre"];
  const confirmer = () => {
    setSent(true);
    if (motifManque(saisie.motif)) return;
    mutate(roleDonne(saisie), {
      onSuccess: () => {
        afficher({ severite: "success", titre: `Le rôle de ${nomDe(compte)} est enregistré.` });
        onFermer();
      },
    });
  };
  return (
    <ConfirmDialog
      ouvert
      titre={`Donner un rôle à ${nomDe(compte)}`}
      libelleConfirmer="Donner ce rôle"
      libelleOccupe="Enregistrement…"
      occupe={isPending}
      erreur={refused ? undefined : error}
      onConfirmer={confirmer}
      onFermer={onFermer}
    >
      <p>Ce rôle remplace celui que le compte avait sur la plateforme.</p>
      <Select
        label="Rôle"
        nativeSelectProps={{
          value: saisie.typologie,
          onChange: (event) => changer({ typologie: event.target.value as Role["typologie"], cle: "" }),
        }}
      >
        <option value="BAILLEUR">Bailleur</option>
        <option value="INSTRUCTEUR">Instructeur</option>
        <option value="ADMINISTRATEUR">Administrateur</option>
      </Select>
      <Input
        label={PRECISIONS[saisie.typologie].libelle}
        hintText={PRECISIONS[saisie.typologie].aide}
        state={refused ? "error" : "default"}
        stateRelatedMessage={refused}
        nativeInputProps={{
          value: saisie.cle,
          maxLength: 255,
          onChange: (event) => changer({ cle: event.target.value }),
        }}
      />
      <Checkbox
        options={[
          {
            label: "Lecture seule",
            nativeInputProps: {
              checked: saisie.lectureSeule,
              onChange: (event) => changer({ lectureSeule: event.target.checked }),
            },
          },
        ]}
      />
      <Motif
        valeur={saisie.motif}
        erreur={sent ? motifManque(saisie.motif) : undefined}
        onChange={(motif) => changer({ motif })}
      />
    </ConfirmDialog>
  );
}
