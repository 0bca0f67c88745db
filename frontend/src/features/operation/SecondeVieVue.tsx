/** P14: choosing the conventions that a seconde vie operation replaces, or saying that it was never conventioned. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Select } from "@codegouvfr/react-dsfr/Select";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { useIntention } from "../../api/commande";
import type { Operation, OrigineSecondeVie, SecondeVie, SecondeVieFaite } from "../../api/dto";
import { formatDate } from "../../lib/dates";
import { compte } from "../../lib/nombres";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { type Colonne, DataTable } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { Lien } from "../../ui/Lien";
import { useMessages } from "../../ui/Messages";
import { Pages } from "../../ui/Pages";
import { Recherche } from "../../ui/Recherche";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { StatutBadge } from "../../ui/StatutBadge";
import { useSynchronisation } from "./api";
import { enumerer } from "./mixte";
import { libellesManquants } from "./rules";
import { PAR_PAGE, type StatutOrigine, useChoixOrigines, useOriginesPossibles } from "./secondeVie";

type Props = { operation: Operation; etat: SecondeVie };

const lienOperation = (numero: string): string => `/operations/${encodeURIComponent(numero)}`;

export function SecondeVieVue({ operation, etat }: Props) {
  const [chosen, setChosen] = useState<readonly OrigineSecondeVie[]>(etat.origines);
  const ajouter = (row: OrigineSecondeVie) =>
    setChosen((before) => (before.some(({ uuid }) => uuid === row.uuid) ? before : [...before, row]));
  const retirer = (row: OrigineSecondeVie) => setChosen((before) => before.filter(({ uuid }) => uuid !== row.uuid));
  const first = etat.conventions.length === 0;

  if (!etat.ouverte) {
    return (
      <div className="fr-alert fr-alert--info">
        <p>
          La fonctionnalité Seconde Vie n’est pas disponible pour le moment. Aucune convention n’est créée pour cette
          opération.
        </p>
      </div>
    );
  }
  return (
    <>
      {etat.modifiable ? null : (
        <div className="fr-alert fr-alert--info fr-alert--sm fr-mb-3w">
          <p>{etat.raison}</p>
        </div>
      )}
      {etat.conventions.length > 0 ? (
        <p>
          Convention seconde vie :{" "}
          {etat.conventions.map(({ uuid, titre }, index) => (
            <span key={uuid}>
              {index > 0 ? ", " : ""}
              <Lien to={`/conventions/${uuid}`}>{titre}</Lien>
            </span>
          ))}
        </p>
      ) : null}
      <Choisies
        operation={operation}
        etat={etat}
        choisies={chosen}
        premiere={first}
        onRetirer={etat.modifiable ? retirer : undefined}
      />
      {etat.modifiable ? <Chercher operation={operation} choisies={chosen} onAjouter={ajouter} /> : null}
      {etat.modifiable && first ? <JamaisConventionnee operation={operation} /> : null}
    </>
  );
}

type ChoisiesProps = {
  operation: Operation;
  etat: SecondeVie;
  choisies: readonly OrigineSecondeVie[];
  premiere: boolean;
  onRetirer?: (row: OrigineSecondeVie) => void;
};

function Choisies({ operation, etat, choisies, premiere, onRetirer }: ChoisiesProps) {
  return (
    <section aria-labelledby="origines-choisies">
      <h2 id="origines-choisies" className="fr-h4">
        {choisies.length === 0 ? "Sélection" : compte(choisies.length, "convention d’origine", "conventions d’origine")}
      </h2>
      {etat.origines_hors_perimetre > 0 ? (
        <p className="ap-mention">
          {compte(
            etat.origines_hors_perimetre,
            "autre convention d’origine n’est",
            "autres conventions d’origine ne sont",
          )}{" "}
          pas dans votre périmètre.
        </p>
      ) : null}
      <DataTable
        legende="Conventions d’origine choisies"
        colonnes={colonnes(onRetirer ? (row) => <Retirer row={row} onRetirer={onRetirer} /> : null)}
        lignes={choisies}
        cleDe={({ uuid }) => uuid}
        vide={
          <EmptyState titre="Aucune convention d’origine" icone="fr-icon-recycle-line">
            <p>
              {onRetirer
                ? "Cherchez ci-dessous les conventions que cette opération remplace."
                : "Cette opération n’en remplace aucune."}
            </p>
          </EmptyState>
        }
      />
      {onRetirer ? <Valider operation={operation} etat={etat} choisies={choisies} premiere={premiere} /> : null}
    </section>
  );
}

function Retirer({ row, onRetirer }: { row: OrigineSecondeVie; onRetirer: (row: OrigineSecondeVie) => void }) {
  return (
    <Button size="small" priority="tertiary" iconId="fr-icon-close-line" onClick={() => onRetirer(row)}>
      Retirer<span className="fr-sr-only"> {nom(row)}</span>
    </Button>
  );
}

const nom = ({ numero, operation_nom }: OrigineSecondeVie): string => numero ?? operation_nom;

const memes = (a: readonly OrigineSecondeVie[], b: readonly OrigineSecondeVie[]): boolean =>
  a.length === b.length && a.every(({ uuid }) => b.some((row) => row.uuid === uuid));

/** One command: creates the first time, replaces afterwards, removes everything when the list is empty. */
function Valider({ operation, etat, choisies, premiere }: Omit<ChoisiesProps, "onRetirer">) {
  const intention = useIntention();
  const [asking, setAsking] = useState(false);
  const { mutate, isPending, error, reset } = useChoixOrigines(operation.numero);
  const { afficher } = useMessages();
  const navigate = useNavigate();
  const unchanged = memes(choisies, etat.origines) && etat.origines_hors_perimetre === 0;
  const removing = !premiere && choisies.length === 0;

  const send = () => {
    const origines = choisies.map(({ uuid }) => uuid);
    mutate(
      { origines, cle: intention.cle(origines) },
      {
        onSuccess: (done) => {
          intention.faite();
          setAsking(false);
          afficher(compteRendu(done, removing));
          const [only] = done.conventions;
          navigate(premiere && only ? `/conventions/${only.uuid}/etapes/bailleur` : lienOperation(operation.numero));
        },
      },
    );
  };
  if (premiere && choisies.length === 0) {
    return <p className="fr-mt-2w ap-mention">Sélectionnez au moins une convention d’origine.</p>;
  }
  const label = premiere ? "Créer la convention seconde vie" : "Mettre à jour la sélection";
  return (
    <div className="fr-mt-3w">
      {unchanged && !premiere ? (
        <p className="ap-mention">La sélection est enregistrée.</p>
      ) : (
        <Button onClick={() => setAsking(true)}>{label}</Button>
      )}
      <ConfirmDialog
        ouvert={asking}
        titre={label}
        libelleConfirmer={removing ? "Retirer les origines" : label}
        occupe={isPending}
        erreur={error}
        onConfirmer={send}
        onFermer={() => {
          reset();
          setAsking(false);
        }}
        icone="fr-icon-arrow-right-line"
      >
        {premiere ? (
          <p className="fr-mb-0">
            Une convention est créée pour {enumerer(libellesManquants(operation))}, reliée à{" "}
            {compte(choisies.length, "convention d’origine", "conventions d’origine")}
            {operation.conventions_manquantes.length > 1 ? ", et ces financements sont groupés en une seule" : ""}. Les
            conventions d’origine ne changent pas.
          </p>
        ) : removing ? (
          <p className="fr-mb-0">
            La convention ne remplacera plus aucune autre : son document suivra le modèle ordinaire.
          </p>
        ) : (
          <p className="fr-mb-0">
            La convention remplacera {enumerer(choisies.map(nom))}, à la place des origines actuelles.
          </p>
        )}
      </ConfirmDialog>
    </div>
  );
}

function compteRendu({ conventions, messages }: SecondeVieFaite, removed: boolean) {
  const detail = messages.map((message) => message.detail).join(" ");
  return {
    severite: messages.length > 0 ? ("warning" as const) : ("success" as const),
    titre: removed
      ? "Conventions d’origine retirées"
      : `${compte(conventions.length, "convention reliée", "conventions reliées")} à ses origines`.replace(
          /s reliées à ses/,
          "s reliées à leurs",
        ),
    detail: detail || undefined,
  };
}

const STATUTS: Record<StatutOrigine, string> = {
  SIGNEE: "Signée",
  PUBLICATION_EN_COURS: "Publication en cours",
  PUBLIE: "Publiée",
};

const enStatut = (value: string | null): StatutOrigine | null =>
  value !== null && value in STATUTS ? (value as StatutOrigine) : null;

type ChercherProps = {
  operation: Operation;
  choisies: readonly OrigineSecondeVie[];
  onAjouter: (row: OrigineSecondeVie) => void;
};

/** The search is in the address, so that a page of results can be reloaded. */
function Chercher({ operation, choisies, onAjouter }: ChercherProps) {
  const [params, setParams] = useSearchParams();
  const q = params.get("q") ?? "";
  const statut = enStatut(params.get("statut"));
  const page = Math.max(1, Number(params.get("page")) || 1);
  const found = useOriginesPossibles(operation.numero, { q, statut, page });
  const change = (next: Record<string, string | null>) =>
    setParams(
      (before) => {
        const out = new URLSearchParams(before);
        out.delete("page");
        for (const [name, value] of Object.entries(next)) {
          if (value) out.set(name, value);
          else out.delete(name);
        }
        return out;
      },
      { preventScrollReset: true },
    );
  return (
    <section aria-labelledby="chercher-origines" className="fr-mt-5w">
      <h2 id="chercher-origines" className="fr-h4">
        Ajouter des conventions d’origine
      </h2>
      <p>Conventions signées de votre périmètre, d’une autre opération.</p>
      <div className="ap-filtres-origines">
        <Recherche
          libelle="Numéro, nom de l’opération ou commune"
          valeur={q}
          onChercher={(text) => change({ q: text })}
        />
        <Select
          label="Statut"
          nativeSelectProps={{ value: statut ?? "", onChange: (event) => change({ statut: event.target.value }) }}
        >
          <option value="">Tous</option>
          {Object.entries(STATUTS).map(([code, label]) => (
            <option key={code} value={code}>
              {label}
            </option>
          ))}
        </Select>
      </div>
      {q === "" ? null : (
        <Requete
          requete={found}
          bloc
          squelette={<Skeleton forme="tableau" nombre={3} libelle="Recherche des conventions d’origine" />}
        >
          {({ resultats, total }) => (
            <>
              <p role="status" className="fr-mb-1w">
                <strong>
                  {total === 0
                    ? "Aucune convention trouvée"
                    : compte(total, "convention trouvée", "conventions trouvées")}
                </strong>
              </p>
              {total > 0 ? (
                <DataTable
                  legende="Conventions trouvées"
                  colonnes={colonnes((row) => <Ajouter row={row} choisies={choisies} onAjouter={onAjouter} />)}
                  lignes={resultats}
                  cleDe={({ uuid }) => uuid}
                  occupe={found.isPlaceholderData}
                />
              ) : (
                <p className="ap-mention">
                  Vérifiez l’orthographe, ou cherchez un autre mot. Les conventions non signées et les avenants ne sont
                  pas proposés.
                </p>
              )}
              <Pages
                total={total}
                parPage={PAR_PAGE}
                page={page}
                adresse={(number) => {
                  const to = new URLSearchParams(params);
                  to.set("page", String(number));
                  return `?${to}`;
                }}
              />
            </>
          )}
        </Requete>
      )}
    </section>
  );
}

function Ajouter({ row, choisies, onAjouter }: { row: OrigineSecondeVie } & Omit<ChercherProps, "operation">) {
  if (choisies.some(({ uuid }) => uuid === row.uuid)) return <span className="ap-mention">Choisie</span>;
  return (
    <Button size="small" priority="secondary" iconId="fr-icon-add-line" onClick={() => onAjouter(row)}>
      Choisir<span className="fr-sr-only"> {nom(row)}</span>
    </Button>
  );
}

function colonnes(action: ((row: OrigineSecondeVie) => React.ReactNode) | null): Colonne<OrigineSecondeVie>[] {
  const list: Colonne<OrigineSecondeVie>[] = [
    {
      cle: "convention",
      titre: "Convention",
      enTete: true,
      rendu: (row) => (
        <>
          <Lien to={`/conventions/${row.uuid}`}>{row.numero ?? "Sans numéro"}</Lien>
          <span className="ap-ligne__detail ap-bloc-ligne">
            {row.operation_nom}, {row.ville}
          </span>
        </>
      ),
    },
    {
      cle: "financement",
      titre: "Financement",
      rendu: (row) => `${row.financements.join(", ")}, ${compte(row.nb_logements, "logement")}`,
    },
    { cle: "bailleur", titre: "Bailleur", rendu: (row) => row.bailleur },
    {
      cle: "statut",
      titre: "État",
      rendu: (row) => (
        <>
          <StatutBadge statut={row.statut} libelle={row.statut_libelle} />
          {row.date_signature ? (
            <span className="ap-ligne__detail ap-bloc-ligne">signée le {formatDate(row.date_signature)}</span>
          ) : null}
        </>
      ),
    },
  ];
  if (!action) return list;
  return [
    ...list,
    {
      cle: "action",
      titre: <span className="fr-sr-only">Action</span>,
      className: "ap-colonne--action",
      rendu: action,
    },
  ];
}

/** The other answer to the choice: the conventions are created as for any operation (SV-01). */
function JamaisConventionnee({ operation }: { operation: Operation }) {
  const intention = useIntention();
  const { mutate, isPending, error } = useSynchronisation(operation.numero, true);
  const { afficher } = useMessages();
  const navigate = useNavigate();
  if (!operation.peut_creer || operation.conventions_manquantes.length === 0) return null;
  const create = () => {
    if (isPending) return;
    mutate(intention.cle(operation.numero), {
      onSuccess: ({ creees }) => {
        intention.faite();
        afficher({
          severite: "success",
          titre: `${compte(creees.length, "convention créée", "conventions créées")} : ${enumerer(creees.map(({ financement }) => financement))}`,
        });
        navigate(lienOperation(operation.numero));
      },
    });
  };
  return (
    <section aria-labelledby="jamais" className="fr-mt-5w">
      <h2 id="jamais" className="fr-h4">
        L’opération n’a jamais été conventionnée
      </h2>
      <p>
        La création suit alors le chemin ordinaire, sans convention d’origine, pour{" "}
        {enumerer(libellesManquants(operation))}.
      </p>
      <Button
        priority="secondary"
        onClick={create}
        nativeButtonProps={{ "aria-busy": isPending || undefined, "aria-disabled": isPending || undefined }}
      >
        {isPending ? "Création…" : "Créer sans convention d’origine"}
      </Button>
      {error ? <ErrorState compact titre="La création n’a pas abouti" erreur={error} onReessayer={create} /> : null}
    </section>
  );
}
