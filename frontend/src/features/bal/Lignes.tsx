/** Lines on which one control speaks: the value that was read, the value that is proposed. Twenty at a time. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { compte, formatEntier } from "../../lib/nombres";
import { type Colonne, DataTable } from "../../ui/DataTable";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { lireLignes, type SourceDeLignes } from "./api";
import { useReglages } from "./chemin";
import type { Controle } from "./contrat";
import { type EcartDeLigne, ecartsDe } from "./lignes";

const PAR_PAGE = 20;

type Props = {
  controle: Controle;
  source: SourceDeLignes;
  /** Makes the keys of what was read unique: another file is another report. */
  cle: string;
};

/** Id of the cell that carries a line number, target of the buttons above the table. */
export const idDeLigne = (code: string, line: number): string => `ligne-${code.replace(/\W/g, "-")}-${line}`;

export function Lignes({ controle, source, cle }: Props) {
  const { base } = useReglages();
  const [depuis, setDepuis] = useState(0);
  const { code, level, count, label } = controle;
  const requete = useQuery({
    queryKey: ["bal", "lignes", cle, code, level, depuis],
    queryFn: async ({ signal }) => {
      const page = await lireLignes(base, source, { code, niveau: level, depuis, nombre: PAR_PAGE }, signal);
      return { ecarts: page.lignes.flatMap((ligne) => ecartsDe(ligne, code)), lues: page.lignes.length };
    },
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Requete
      requete={requete}
      bloc
      squelette={<Skeleton forme="tableau" nombre={Math.min(3, count)} libelle="Lecture des lignes" />}
      titreErreur="Les lignes n’ont pas pu être lues"
    >
      {({ ecarts, lues }) => (
        <>
          <DataTable
            legende={`Lignes concernées : ${label}`}
            colonnes={colonnes(code, ecarts)}
            lignes={ecarts}
            cleDe={(ecart) => ecart.cle}
            compact
            occupe={requete.isPlaceholderData}
            carte={(ecart) => <Carte code={code} ecart={ecart} />}
            vide={<p className="ap-mention">Aucune ligne à montrer pour ce contrôle.</p>}
          />
          {count > PAR_PAGE ? (
            <Pages depuis={depuis} lues={lues} total={count} occupe={requete.isPlaceholderData} onChange={setDepuis} />
          ) : null}
        </>
      )}
    </Requete>
  );
}

function colonnes(code: string, ecarts: readonly EcartDeLigne[]): Colonne<EcartDeLigne>[] {
  const column = ecarts.some(({ colonne }) => colonne !== null);
  const proposed = ecarts.some(({ proposee }) => proposee !== null);
  const all: (Colonne<EcartDeLigne> | null)[] = [
    {
      cle: "ligne",
      titre: "Ligne",
      enTete: true,
      numerique: true,
      rendu: ({ ligne }) => (
        <span id={idDeLigne(code, ligne)} tabIndex={-1} className="ap-bal-ligne">
          <span className="fr-sr-only">Ligne </span>
          {formatEntier(ligne)}
        </span>
      ),
    },
    { cle: "adresse", titre: "Adresse", className: "ap-colonne--moyenne", rendu: ({ adresse }) => adresse || "–" },
    column ? { cle: "colonne", titre: "Colonne", rendu: ({ colonne }) => <code>{colonne ?? "–"}</code> } : null,
    column
      ? { cle: "lue", titre: "Valeur lue", rendu: ({ lue }) => <span className="ap-bal-valeur">{lue}</span> }
      : null,
    proposed
      ? {
          cle: "proposee",
          titre: "Valeur proposée",
          rendu: ({ proposee, supposee }) =>
            proposee === null ? (
              "–"
            ) : (
              <span className="ap-bal-valeur ap-bal-valeur--proposee">
                {proposee}
                {supposee ? <span className="ap-mention"> (à vérifier)</span> : null}
              </span>
            ),
        }
      : null,
  ];
  return all.filter((c) => c !== null);
}

/** On a phone: where, then what was read and what is proposed. */
function Carte({ code, ecart }: { code: string; ecart: EcartDeLigne }) {
  const { ligne, adresse, colonne, lue, proposee, supposee } = ecart;
  return (
    <>
      <p className="fr-mb-0">
        <strong id={idDeLigne(code, ligne)} tabIndex={-1} className="ap-bal-ligne">
          Ligne {formatEntier(ligne)}
        </strong>
        {adresse ? `, ${adresse}` : ""}
      </p>
      {colonne ? (
        <p className="fr-text--sm fr-mb-0">
          <code>{colonne}</code> : <span className="ap-bal-valeur">{lue}</span>
          {proposee === null ? null : (
            <>
              , proposition : <span className="ap-bal-valeur ap-bal-valeur--proposee">{proposee}</span>
              {supposee ? <span className="ap-mention"> (à vérifier)</span> : null}
            </>
          )}
        </p>
      ) : null}
    </>
  );
}

type PagesProps = {
  depuis: number;
  lues: number;
  total: number;
  occupe: boolean;
  onChange: (depuis: number) => void;
};

function Pages({ depuis, lues, total, occupe, onChange }: PagesProps) {
  return (
    <div className="ap-bal-pages">
      <p className="fr-text--sm fr-mb-0" role="status">
        {lues === 0
          ? "Plus de ligne à montrer"
          : `${formatEntier(depuis + 1)} à ${formatEntier(depuis + lues)} sur ${compte(total, "ligne")}`}
      </p>
      <Button
        size="small"
        priority="tertiary"
        disabled={depuis === 0 || occupe}
        onClick={() => onChange(Math.max(0, depuis - PAR_PAGE))}
      >
        Lignes précédentes
      </Button>
      <Button
        size="small"
        priority="tertiary"
        disabled={depuis + PAR_PAGE >= total || lues < PAR_PAGE || occupe}
        onClick={() => onChange(depuis + PAR_PAGE)}
      >
        Lignes suivantes
      </Button>
    </div>
  );
}
