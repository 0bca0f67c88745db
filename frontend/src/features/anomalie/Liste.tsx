/** What SIAP says that could not be used, or says otherwise than the platform: read, export, close. */
import { Badge } from "@codegouvfr/react-dsfr/Badge";
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Select } from "@codegouvfr/react-dsfr/Select";
import { useMemo } from "react";
import { useLocation, useNavigate } from "react-router";
import { formatDate, jourDeParis } from "../../lib/dates";
import { lienOperation } from "../../lib/liens";
import { compte } from "../../lib/nombres";
import type { Colonne } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { phraseErreur } from "../../ui/ErrorState";
import { Lien } from "../../ui/Lien";
import { ListePaginee } from "../../ui/ListePaginee";
import { useMessages } from "../../ui/Messages";
import { Recherche } from "../../ui/Recherche";
import { type Anomalie, PAR_PAGE, useAnomalies, useDecision, useExport } from "./api";
import { ecrireFiltres, type FiltresAnomalies, lireFiltres } from "./filtres";
import { ANOMALIES, ETATS, libelleAnomalie } from "./rules";

const jour = (instant: string): string => formatDate(jourDeParis(instant));

const COLONNES: Colonne<Anomalie>[] = [
  {
    cle: "operation",
    titre: "Opération",
    enTete: true,
    rendu: ({ numero_operation }) =>
      numero_operation ? <Lien to={lienOperation(numero_operation)}>{numero_operation}</Lien> : "Sans opération",
  },
  {
    cle: "nature",
    titre: "Anomalie",
    className: "ap-colonne--moyenne",
    rendu: ({ code, message }) => (
      <>
        <strong>{libelleAnomalie(code)}</strong>
        <br />
        {message}
      </>
    ),
  },
  {
    cle: "donnee",
    titre: "Donnée",
    className: "ap-colonne--moyenne",
    rendu: ({ champ, valeur }) => (
      <>
        <code>{champ || "–"}</code>
        {valeur ? (
          <>
            <br />« {valeur} »
          </>
        ) : null}
      </>
    ),
  },
  { cle: "occurrences", titre: "Rencontrée", numerique: true, rendu: ({ occurrences }) => `${occurrences} fois` },
  { cle: "premiere", titre: "Première fois", rendu: ({ premiere_fois }) => jour(premiere_fois) },
  { cle: "derniere", titre: "Dernière fois", rendu: ({ derniere_fois }) => jour(derniere_fois) },
  {
    cle: "etat",
    titre: "État",
    rendu: ({ resolue_le }) => (
      <Badge small severity={resolue_le ? "success" : "warning"}>
        {resolue_le ? `Close le ${jour(resolue_le)}` : "Ouverte"}
      </Badge>
    ),
  },
];

export function AnomaliesListe({ lectureSeule }: { lectureSeule: boolean }) {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const filtres = useMemo(() => lireFiltres(new URLSearchParams(search)), [search]);
  const requete = useAnomalies(filtres);
  const decider = useDecider();
  const adresse = (next: FiltresAnomalies) => {
    const query = ecrireFiltres(next).toString();
    return query ? `${pathname}?${query}` : pathname;
  };
  const changer = (change: Partial<FiltresAnomalies>) =>
    navigate(adresse({ ...filtres, page: 1, ...change }), { preventScrollReset: true });
  const columns: Colonne<Anomalie>[] = lectureSeule
    ? COLONNES
    : [...COLONNES, { cle: "action", titre: "Action", rendu: (row) => <Decision row={row} {...decider} /> }];
  const filtered = filtres.q !== "" || filtres.code !== "" || filtres.etat !== "ouvertes";
  return (
    <>
      <Criteres filtres={filtres} changer={changer} />
      <ListePaginee
        requete={requete}
        page={filtres.page}
        parPage={PAR_PAGE}
        adresse={(page) => adresse({ ...filtres, page })}
        legende="Anomalies de données du SIAP"
        colonnes={columns}
        cleDe={(row) => row.uuid}
        nombre={(total) => compte(total, "anomalie")}
        outils={<Exporter filtres={filtres} />}
        vide={
          <EmptyState
            titre={filtered ? "Aucune anomalie avec ces critères" : "Aucune anomalie ouverte"}
            icone="fr-icon-checkbox-circle-line"
            actions={
              filtered ? (
                <Button priority="secondary" onClick={() => navigate(pathname)}>
                  Retirer les critères
                </Button>
              ) : null
            }
          />
        }
      />
    </>
  );
}

type Deciseur = { enCours: string | null; decider: (row: Anomalie) => void };

function useDecider(): Deciseur {
  const { mutate, isPending, variables } = useDecision();
  const { afficher } = useMessages();
  return {
    enCours: isPending ? (variables?.uuid ?? null) : null,
    decider: ({ uuid, version, resolue_le, code }) =>
      mutate(
        { uuid, version, resolue: !resolue_le },
        {
          onSuccess: () =>
            afficher({
              severite: "success",
              titre: `Anomalie « ${libelleAnomalie(code)} » ${resolue_le ? "rouverte" : "close"}.`,
            }),
          onError: (error) =>
            afficher({
              severite: "error",
              titre: "L’anomalie n’a pas pu être modifiée",
              detail: phraseErreur(error),
            }),
        },
      ),
  };
}

function Decision({ row, enCours, decider }: { row: Anomalie } & Deciseur) {
  const verb = row.resolue_le ? "Rouvrir" : "Clore";
  const subject = row.numero_operation ? `de l’opération ${row.numero_operation}` : `de « ${row.champ} »`;
  return (
    <Button
      size="small"
      priority="secondary"
      disabled={enCours === row.uuid}
      title={`${verb} l’anomalie « ${libelleAnomalie(row.code)} » ${subject}`}
      onClick={() => decider(row)}
    >
      {verb}
    </Button>
  );
}

function Exporter({ filtres }: { filtres: FiltresAnomalies }) {
  const { mutate, isPending } = useExport();
  const { afficher } = useMessages();
  return (
    <Button
      size="small"
      priority="tertiary"
      iconId="fr-icon-download-line"
      disabled={isPending}
      onClick={() =>
        mutate(filtres, {
          onError: (error) =>
            afficher({
              severite: "error",
              titre: "Le fichier n’a pas pu être préparé",
              detail: phraseErreur(error),
            }),
        })
      }
    >
      {isPending ? "Préparation…" : "Exporter (CSV)"}
    </Button>
  );
}

type PropsCriteres = { filtres: FiltresAnomalies; changer: (change: Partial<FiltresAnomalies>) => void };

function Criteres({ filtres, changer }: PropsCriteres) {
  return (
    <div className="ap-anomalies__criteres">
      <Recherche
        libelle="Numéro d’opération, champ, valeur ou message"
        valeur={filtres.q}
        onChercher={(q) => changer({ q })}
      />
      <Select
        label="Anomalie"
        nativeSelectProps={{
          value: filtres.code,
          onChange: (event) => changer({ code: event.target.value as FiltresAnomalies["code"] }),
        }}
      >
        <option value="">Toutes</option>
        {Object.entries(ANOMALIES).map(([code, libelle]) => (
          <option key={code} value={code}>
            {libelle}
          </option>
        ))}
      </Select>
      <Select
        label="État"
        nativeSelectProps={{
          value: filtres.etat,
          onChange: (event) => changer({ etat: event.target.value as FiltresAnomalies["etat"] }),
        }}
      >
        {Object.entries(ETATS).map(([code, libelle]) => (
          <option key={code} value={code}>
            {libelle}
          </option>
        ))}
      </Select>
    </div>
  );
}
