/** What only paper shows: when the page was printed, and its address. */
import { useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { useSearchParams } from "react-router";
import type { Tableau } from "../../api/convention";
import { formatInstant } from "../../lib/dates";

export function ImpressionPied() {
  const [at, setAt] = useState(() => new Date().toISOString());
  useEffect(() => {
    const refresh = () => setAt(new Date().toISOString());
    window.addEventListener("beforeprint", refresh);
    return () => window.removeEventListener("beforeprint", refresh);
  }, []);
  return (
    <p className="ap-impression">
      Imprimé le {formatInstant(at)} — {window.location.origin}
      {window.location.pathname}
    </p>
  );
}

/** True while the page is being printed: what depends on the width of the screen must not depend on the width of the paper. */
export function useImpression(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    // The page is laid out for paper right after the event: the change must be in the document before.
    const before = () => flushSync(() => setPrinting(true));
    const after = () => setPrinting(false);
    window.addEventListener("beforeprint", before);
    window.addEventListener("afterprint", after);
    return () => {
      window.removeEventListener("beforeprint", before);
      window.removeEventListener("afterprint", after);
    };
  }, []);
  return printing;
}

/** A table on paper: whole, plain, its header repeated on each page. */
export function TableauImprime({ tableau: { titre, colonnes, lignes, total } }: { tableau: Tableau }) {
  const look = (index: number) => (colonnes[index]?.numerique ? "ap-cellule--nombre" : undefined);
  return (
    <table className="ap-tableau-imprime">
      <caption className="fr-sr-only">{titre}</caption>
      <thead>
        <tr>
          {colonnes.map(({ cle, libelle }, index) => (
            <th key={cle} scope="col" className={look(index)}>
              {libelle}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lignes.map(({ uuid, cellules }) => (
          <tr key={uuid}>
            {colonnes.map(({ cle }, index) => (
              <td key={cle} className={look(index)}>
                {cellules[index] || "–"}
              </td>
            ))}
          </tr>
        ))}
        {total && total.length > 0 ? (
          <tr className="ap-tableau-imprime__total">
            {colonnes.map(({ cle }, index) => (
              <td key={cle} className={look(index)}>
                {total[index]}
              </td>
            ))}
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}

/** `?imprimer=1`: opens the print dialog once the content is there, then forgets it. */
export function useImpressionDemandee(pret: boolean): void {
  const [params, setParams] = useSearchParams();
  const wanted = params.get("imprimer") === "1";
  useEffect(() => {
    if (!wanted || !pret) return undefined;
    const timer = setTimeout(() => {
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          next.delete("imprimer");
          return next;
        },
        { replace: true, preventScrollReset: true },
      );
      window.print();
    }, 400);
    return () => clearTimeout(timer);
  }, [wanted, pret, setParams]);
}
