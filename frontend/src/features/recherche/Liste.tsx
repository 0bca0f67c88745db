/** Search, tabs, results: the whole block, whose only state is the address. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Select } from "@codegouvfr/react-dsfr/Select";
import { type ReactNode, useEffect, useState } from "react";
import { useNavigate } from "react-router";
import type { Configuration, ListeConventions } from "../../api/dto";
import { useCompacite } from "../../lib/compacite";
import { compte } from "../../lib/nombres";
import { useValeurCalme } from "../../lib/useDelai";
import { useAnnonce } from "../../ui/Annonces";
import type { OptionCombobox } from "../../ui/Combobox";
import { EmptyState } from "../../ui/EmptyState";
import { Pages } from "../../ui/Pages";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { useListe } from "./api";
import { type Etiquette, Etiquettes, etiquettes } from "./Etiquettes";
import { Exporter } from "./Exporter";
import { Formulaire } from "./Formulaire";
import {
  ecrireFiltres,
  estOnglet,
  type Filtres,
  lireTri,
  modifier,
  nombreDeCriteres,
  ONGLETS,
  PAR_PAGE,
  SANS_FILTRE,
  TRIS,
} from "./filtres";
import { Onglets } from "./Onglets";
import { Tableau } from "./Tableau";

type Props = {
  filtres: Filtres;
  configuration: Configuration | undefined;
  /** The reader is on the side of the bailleur. */
  coteBailleur: boolean;
  /** The reader may create a convention: the empty state offers it. */
  peutCreer: boolean;
  /** A reader is never expected to act: no « À traiter par moi ». */
  lectureSeule?: boolean;
};

const adresse = (filters: Filtres) => `/conventions?${ecrireFiltres(filters)}`;

export function Liste({ filtres, configuration, coteBailleur, peutCreer, lectureSeule = false }: Props) {
  const navigate = useNavigate();
  const requete = useListe(filtres);
  const [bailleur, setBailleur] = useState<OptionCombobox | null>(null);
  const rows = requete.data?.resultats ?? [];
  const change = (next: Filtres) => navigate(adresse(next), { preventScrollReset: true });
  const chosen = filtres.bailleur === "" ? null : bailleurConnu(filtres.bailleur, bailleur, rows);

  const names = {
    statut: (code: string) => configuration?.statuts.find((s) => s.code === code)?.libelle_neutre ?? code,
    financement: (code: string) => configuration?.financements.find((f) => f.code === code)?.libelle ?? code,
    bailleur: chosen?.libelle ?? "",
  };
  const criteria = etiquettes(filtres, names);
  useAnnonceDuNombre(requete.isPlaceholderData ? undefined : requete.data?.total);

  return (
    <>
      <Onglets onglets={lesOnglets(filtres, lectureSeule)} />
      <Formulaire
        filtres={filtres}
        onChange={change}
        bailleur={chosen}
        onBailleur={(option) => {
          setBailleur(option);
          change(modifier(filtres, { bailleur: option?.valeur ?? "" }));
        }}
        statuts={(configuration?.statuts ?? []).map((s) => ({ valeur: s.code, libelle: s.libelle_neutre }))}
        financements={(configuration?.financements ?? []).map((f) => ({ valeur: f.code, libelle: f.libelle }))}
      />
      <Etiquettes filtres={filtres} liste={criteria} onChange={change} />
      <Requete
        requete={requete}
        bloc
        squelette={<Skeleton forme="tableau" libelle="Chargement de la liste" />}
        titreErreur="La liste n’a pas pu être chargée"
      >
        {(page) =>
          page.total === 0 ? (
            <AucunResultat
              filtres={filtres}
              criteres={criteria}
              onChange={change}
              peutCreer={peutCreer}
              coteBailleur={coteBailleur}
            />
          ) : (
            <Resultats
              page={page}
              filtres={filtres}
              onChange={change}
              occupe={requete.isPlaceholderData}
              coteBailleur={coteBailleur}
            />
          )
        }
      </Requete>
    </>
  );
}

/** The name of a bailleur known only by its identifier comes from the rows. */
function bailleurConnu(
  uuid: string,
  chosen: OptionCombobox | null,
  rows: ListeConventions["resultats"],
): OptionCombobox {
  if (chosen?.valeur === uuid) return chosen;
  const name = rows.find((row) => row.bailleur.uuid === uuid)?.bailleur.nom;
  return { valeur: uuid, libelle: name ?? "bailleur choisi" };
}

function useAnnonceDuNombre(total: number | undefined) {
  const annoncer = useAnnonce();
  const calm = useValeurCalme(total, 400);
  useEffect(() => {
    if (calm !== undefined) annoncer(compte(calm, "résultat"));
  }, [calm, annoncer]);
}

function lesOnglets(filters: Filtres, lectureSeule: boolean) {
  return ONGLETS.filter(({ aMoi }) => !(aMoi && lectureSeule)).map(({ code, libelle, statut, aMoi, tri }) => ({
    code,
    libelle,
    lien: adresse({ ...SANS_FILTRE, statut, aMoi, tri }),
    courant: estOnglet(filters, { statut, aMoi }),
  }));
}

type ResultatsProps = {
  page: ListeConventions;
  filtres: Filtres;
  onChange: (filters: Filtres) => void;
  occupe: boolean;
  coteBailleur: boolean;
};

function Resultats({ page, filtres, onChange, occupe, coteBailleur }: ResultatsProps) {
  const [compact, setCompact] = useCompacite();
  const known = TRIS.some(({ valeur }) => valeur === filtres.tri);
  return (
    <>
      <div className="ap-resultats__tete">
        <p className="ap-resultats__nombre">{compte(page.total, "résultat")}</p>
        <Select
          label="Trier par"
          className="ap-resultats__tri"
          nativeSelectProps={{
            value: filtres.tri,
            onChange: (event) => onChange(modifier(filtres, { tri: lireTri(event.target.value) })),
          }}
        >
          {known ? null : <option value={filtres.tri}>Ordre de la colonne</option>}
          {TRIS.map(({ valeur, libelle }) => (
            <option key={valeur} value={valeur}>
              {libelle}
            </option>
          ))}
        </Select>
        <Exporter filtres={filtres} total={page.total} />
        <Button
          className="ap-resultats__densite"
          size="small"
          priority="tertiary no outline"
          iconId={compact ? "fr-icon-menu-fill" : "fr-icon-list-unordered"}
          onClick={() => setCompact(!compact)}
        >
          {compact ? "Affichage confort" : "Affichage compact"}
        </Button>
      </div>
      <Tableau
        lignes={page.resultats}
        recherche={`${filtres.q} ${filtres.numero} ${filtres.lieu}`}
        coteBailleur={coteBailleur}
        compact={compact}
        occupe={occupe}
        tri={filtres.tri}
        onTri={(tri) => onChange(modifier(filtres, { tri: lireTri(tri) }))}
      />
      <Pages
        total={page.total}
        parPage={page.par_page || PAR_PAGE}
        page={page.page}
        adresse={(number) => adresse({ ...filtres, page: number })}
      />
    </>
  );
}

type VideProps = {
  filtres: Filtres;
  criteres: Etiquette[];
  onChange: (filters: Filtres) => void;
  peutCreer: boolean;
  coteBailleur: boolean;
};

function AucunResultat({ filtres, criteres, onChange, peutCreer, coteBailleur }: VideProps) {
  const searched = filtres.q || filtres.numero || filtres.lieu;
  const create = peutCreer ? (
    <Button priority="secondary" linkProps={{ to: "/operations" }}>
      Créer une convention
    </Button>
  ) : null;
  if (nombreDeCriteres(filtres) === 0) {
    return <Bienvenue coteBailleur={coteBailleur} actions={create} />;
  }
  return (
    <EmptyState
      titre={
        searched ? `Aucun résultat pour « ${searched} » dans votre périmètre` : "Aucun résultat dans votre périmètre"
      }
      icone="fr-icon-search-line"
      actions={
        <>
          {criteres.slice(0, 4).map(({ cle, texte, sans }) => (
            <Button key={cle} size="small" priority="secondary" onClick={() => onChange(sans)}>
              Retirer « {texte.replace(/[«»]/g, "").trim()} »
            </Button>
          ))}
          <Button size="small" onClick={() => onChange(SANS_FILTRE)}>
            Voir toutes les conventions
          </Button>
        </>
      }
    >
      <p>Vérifiez l’orthographe, ou retirez un critère.</p>
    </EmptyState>
  );
}

/** P03: no convention at all in the perimeter. What comes next, by side. */
function Bienvenue({ coteBailleur, actions }: { coteBailleur: boolean; actions: ReactNode }) {
  return (
    <EmptyState
      titre="Aucune convention dans votre périmètre pour le moment"
      actions={actions}
      icone="fr-icon-folder-2-line"
    >
      {coteBailleur ? (
        <>
          <p>
            Une convention se crée depuis une opération du SIAP, financement par financement. Pour la remplir d’une
            traite, réunissez :
          </p>
          <ul className="ap-bienvenue">
            <li>l’identité du signataire et la délibération qui l’autorise ;</li>
            <li>les références cadastrales et l’origine de propriété ;</li>
            <li>les prêts de l’opération, avec leurs dates et leurs durées ;</li>
            <li>le tableau des logements, des annexes et des stationnements.</li>
          </ul>
        </>
      ) : (
        <p>
          Les conventions que les bailleurs de votre territoire vous soumettent apparaîtront ici, la plus ancienne
          d’abord. Si vous en attendez une, vérifiez dans le SIAP le service gestionnaire indiqué sur l’opération.
        </p>
      )}
    </EmptyState>
  );
}
