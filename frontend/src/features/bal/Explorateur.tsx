/** Current address bases of the country: search, filters in the address bar, one page of results. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Input } from "@codegouvfr/react-dsfr/Input";
import { Select } from "@codegouvfr/react-dsfr/Select";
import { type FormEvent, useEffect, useId, useState } from "react";
import { useNavigate } from "react-router";
import { formatDateLongue, jourDeParis } from "../../lib/dates";
import { DEPARTEMENTS } from "../../lib/departements";
import { compte, formatEntier } from "../../lib/nombres";
import { useValeurCalme } from "../../lib/useDelai";
import { useAnnonce } from "../../ui/Annonces";
import { type Colonne, DataTable } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { Lien } from "../../ui/Lien";
import { Pages } from "../../ui/Pages";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { type PageRevisions, useRevisionsCourantes } from "./api";
import type { RevisionCourante } from "./contrat";
import { adresseExplorateur, type Filtres, modifier, nombreDeCriteres, PAR_PAGE, SANS_FILTRE } from "./filtres";

export function Explorateur({ filtres }: { filtres: Filtres }) {
  const navigate = useNavigate();
  const requete = useRevisionsCourantes(filtres);
  const change = (next: Filtres) => navigate(adresseExplorateur(next), { preventScrollReset: true });
  useAnnonceDuNombre(requete.isPlaceholderData ? undefined : requete.data?.total);
  return (
    <>
      <Criteres filtres={filtres} onChange={change} />
      <Requete
        requete={requete}
        bloc
        squelette={<Skeleton forme="tableau" libelle="Chargement des bases adresses" />}
        titreErreur="Les bases adresses n’ont pas pu être chargées"
      >
        {(page) =>
          page.total === 0 ? (
            <Vide filtres={filtres} onChange={change} />
          ) : (
            <Resultats page={page} filtres={filtres} occupe={requete.isPlaceholderData} />
          )
        }
      </Requete>
    </>
  );
}

function useAnnonceDuNombre(total: number | undefined) {
  const annoncer = useAnnonce();
  const calm = useValeurCalme(total, 400);
  useEffect(() => {
    if (calm !== undefined) annoncer(compte(calm, "base adresse", "bases adresses"));
  }, [calm, annoncer]);
}

type CriteresProps = { filtres: Filtres; onChange: (filtres: Filtres) => void };

function Criteres({ filtres, onChange }: CriteresProps) {
  const [text, setText] = useState(filtres.q);
  const id = useId();
  useEffect(() => setText(filtres.q), [filtres.q]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange(modifier(filtres, { q: text.trim() }));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: the search element is unknown to the oldest browsers we serve
    <div role="search" className="ap-bal-recherche">
      <form onSubmit={submit} aria-label="Rechercher une commune">
        <label className="fr-label fr-mb-1w" htmlFor={`${id}-q`}>
          Commune
          <span className="fr-hint-text">Nom ou code INSEE</span>
        </label>
        <div className="fr-search-bar">
          <input
            id={`${id}-q`}
            className="fr-input"
            type="search"
            name="q"
            autoComplete="off"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <button className="fr-btn" type="submit" title="Rechercher">
            Rechercher
          </button>
        </div>
      </form>
      <Select
        label="Département"
        nativeSelectProps={{
          value: filtres.departement,
          onChange: (event) => onChange(modifier(filtres, { departement: event.target.value })),
        }}
      >
        <option value="">Tous les départements</option>
        {DEPARTEMENTS.map(({ code, nom }) => (
          <option key={code} value={code}>
            {code} {nom}
          </option>
        ))}
      </Select>
      <Input
        label="Publiée depuis le"
        nativeInputProps={{
          type: "date",
          value: filtres.depuis,
          max: jourDeParis(new Date()),
          onChange: (event) => onChange(modifier(filtres, { depuis: event.target.value })),
        }}
      />
    </div>
  );
}

const nomDe = ({ nomCommune }: RevisionCourante) => nomCommune;
const deposantDe = ({ client }: RevisionCourante) => client.nom;
const jourDe = ({ publishedAt }: RevisionCourante) =>
  publishedAt ? formatDateLongue(jourDeParis(publishedAt)) : "date inconnue";

const COLONNES: Colonne<RevisionCourante>[] = [
  {
    cle: "commune",
    titre: "Commune",
    enTete: true,
    className: "ap-colonne--moyenne",
    rendu: (row) => (
      <>
        <Lien to={`/bal/communes/${row.codeCommune}`}>{nomDe(row)}</Lien>{" "}
        <span className="ap-mention ap-nombre">{row.codeCommune}</span>
      </>
    ),
  },
  { cle: "publiee", titre: "En vigueur depuis le", rendu: jourDe },
  {
    cle: "adresses",
    titre: "Adresses",
    numerique: true,
    rendu: (row) => (row.rowsCount == null ? "–" : formatEntier(row.rowsCount)),
  },
  { cle: "format", titre: "Format", rendu: (row) => (row.format ? `BAL ${row.format}` : "–") },
  { cle: "client", titre: "Déposée par", className: "ap-colonne--moyenne", rendu: deposantDe },
];

function Carte({ row }: { row: RevisionCourante }) {
  const facts = [
    row.rowsCount == null ? null : compte(row.rowsCount, "adresse"),
    `depuis le ${jourDe(row)}`,
    deposantDe(row),
  ].filter(Boolean);
  return (
    <>
      <p className="fr-mb-0">
        <Lien to={`/bal/communes/${row.codeCommune}`}>{nomDe(row)}</Lien>{" "}
        <span className="ap-mention">{row.codeCommune}</span>
      </p>
      <p className="fr-text--sm fr-mb-0">{facts.join(" · ")}</p>
    </>
  );
}

function Resultats({ page, filtres, occupe }: { page: PageRevisions; filtres: Filtres; occupe: boolean }) {
  return (
    <>
      <p className="ap-bal-nombre">{compte(page.total, "base adresse", "bases adresses")}</p>
      <DataTable
        legende="Bases adresses en vigueur"
        colonnes={COLONNES}
        lignes={page.revisions}
        cleDe={(row) => row.id}
        occupe={occupe}
        carte={(row) => <Carte row={row} />}
      />
      <Pages
        total={page.total}
        parPage={PAR_PAGE}
        page={filtres.page}
        adresse={(number) => adresseExplorateur({ ...filtres, page: number })}
      />
    </>
  );
}

function Vide({ filtres, onChange }: CriteresProps) {
  const filtered = nombreDeCriteres(filtres) > 0;
  const title = filtres.q ? `Aucune adresse publiée pour « ${filtres.q} »` : "Aucune adresse publiée";
  const withFilters = filtered && !filtres.q ? `${title} avec ces critères` : title;
  return (
    <EmptyState
      titre={filtered ? withFilters : "Aucune adresse publiée pour le moment"}
      icone="fr-icon-map-pin-2-line"
      actions={
        <>
          {filtres.q && nombreDeCriteres(filtres) > 1 ? (
            <Button priority="secondary" onClick={() => onChange({ ...SANS_FILTRE, q: filtres.q })}>
              Chercher dans toute la France
            </Button>
          ) : null}
          {filtered ? (
            <Button priority="secondary" onClick={() => onChange(SANS_FILTRE)}>
              Voir toutes les bases adresses
            </Button>
          ) : null}
          <Button linkProps={{ to: "/bal/deposer" }}>Vérifier un fichier</Button>
        </>
      }
    >
      <p>
        {filtered
          ? "Vérifiez l’orthographe ou le code INSEE. Une commune qui n’a encore rien publié n’apparaît pas dans cette liste."
          : "Les bases adresses des communes apparaîtront ici dès leur première publication."}
      </p>
    </EmptyState>
  );
}
