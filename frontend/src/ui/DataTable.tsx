/**
 * Read-only table with the DSFR look: caption, row headers, sort buttons, sticky header, named and focusable scroll
 * region. Below 768 px each row becomes a card, so that nothing has to be read sideways on a phone.
 */
import { type ReactNode, type RefObject, useEffect, useId, useRef, useState } from "react";
import { cx } from "../lib/cx";
import { useEstPetitEcran } from "../lib/useMediaQuery";

export type Sens = "asc" | "desc";
export type Tri = { cle: string; sens: Sens };

export type Colonne<T> = {
  cle: string;
  titre: ReactNode;
  rendu: (row: T) => ReactNode;
  /** The column names its row (`th scope=row`): one per table. */
  enTete?: boolean;
  triable?: boolean;
  /** Right-aligned, tabular figures. */
  numerique?: boolean;
  /** Left out of the automatic card. */
  horsCarte?: boolean;
  className?: string;
};

type Props<T> = {
  legende: string;
  /** The caption is read but not shown unless told. */
  legendeVisible?: boolean;
  colonnes: Colonne<T>[];
  lignes: readonly T[];
  cleDe: (row: T) => string;
  tri?: Tri | null;
  onTri?: (tri: Tri) => void;
  compact?: boolean;
  /** Own card for small screens; by default the columns as a list of terms. */
  carte?: (row: T) => ReactNode;
  /** Last row: totals. One cell per column. */
  total?: ReactNode[];
  occupe?: boolean;
  /** Instead of the rows when there are none. */
  vide?: ReactNode;
  classeLigne?: (row: T) => string | undefined;
};

export function DataTable<T>(props: Props<T>) {
  const small = useEstPetitEcran();
  if (props.lignes.length === 0 && props.vide) return <>{props.vide}</>;
  return small ? <Cards {...props} /> : <Grid {...props} />;
}

function Cards<T>({ legende, legendeVisible, colonnes, lignes, cleDe, carte, total, occupe }: Props<T>) {
  const id = useId();
  const header = colonnes.find((column) => column.enTete) ?? colonnes[0];
  return (
    <div className="ap-cartes-tableau" aria-busy={occupe || undefined}>
      <p id={id} className={legendeVisible ? "ap-cartes-tableau__legende" : "fr-sr-only"}>
        {legende}
      </p>
      <ul className="ap-cartes-tableau__liste fr-raw-list" aria-labelledby={id}>
        {lignes.map((row) => (
          <li key={cleDe(row)} className="ap-carte-ligne">
            {carte ? (
              carte(row)
            ) : (
              <>
                {header ? <div className="ap-carte-ligne__titre">{header.rendu(row)}</div> : null}
                <dl className="ap-carte-ligne__termes">
                  {colonnes
                    .filter((column) => column !== header && !column.horsCarte)
                    .map((column) => (
                      <div key={column.cle}>
                        <dt>{column.titre}</dt>
                        <dd>{column.rendu(row)}</dd>
                      </div>
                    ))}
                </dl>
              </>
            )}
          </li>
        ))}
      </ul>
      {total ? (
        <dl className="ap-carte-ligne ap-carte-ligne__termes ap-carte-ligne--total">
          {colonnes.map((column, index) => {
            const cell = total[index];
            return cell === null || cell === undefined || cell === "" || column === header ? null : (
              <div key={column.cle}>
                <dt>Total {column.titre}</dt>
                <dd>{cell}</dd>
              </div>
            );
          })}
        </dl>
      ) : null}
    </div>
  );
}

function Grid<T>({
  legende,
  legendeVisible = false,
  colonnes,
  lignes,
  cleDe,
  tri,
  onTri,
  compact,
  total,
  occupe,
  classeLigne,
}: Props<T>) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const scrolls = useDefile(scroller);
  return (
    <div
      className={cx(
        "fr-table fr-table--multiline ap-table",
        !legendeVisible && "fr-table--no-caption",
        compact && "fr-table--sm ap-table--compact",
      )}
    >
      <div className="fr-table__wrapper">
        <div className="fr-table__container">
          <div
            ref={scroller}
            className="fr-table__content ap-table__defilement"
            {...(scrolls ? { tabIndex: 0, role: "region", "aria-label": `Tableau défilant : ${legende}` } : {})}
          >
            <table aria-busy={occupe || undefined}>
              <caption id={id}>{legende}</caption>
              <thead>
                <tr>
                  {colonnes.map((column) => (
                    <th
                      key={column.cle}
                      scope="col"
                      className={cx(column.numerique && "ap-cellule--nombre", column.className)}
                      aria-sort={
                        column.triable
                          ? tri?.cle === column.cle
                            ? tri.sens === "asc"
                              ? "ascending"
                              : "descending"
                            : "none"
                          : undefined
                      }
                    >
                      {column.triable && onTri ? (
                        <SortButton column={column} tri={tri ?? null} onTri={onTri} />
                      ) : (
                        column.titre
                      )}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {lignes.map((row) => (
                  <tr key={cleDe(row)} className={classeLigne?.(row)}>
                    {colonnes.map((column) => {
                      const className = cx(column.numerique && "ap-cellule--nombre", column.className);
                      return column.enTete ? (
                        <th key={column.cle} scope="row" className={className}>
                          {column.rendu(row)}
                        </th>
                      ) : (
                        <td key={column.cle} className={className}>
                          {column.rendu(row)}
                        </td>
                      );
                    })}
                  </tr>
                ))}
              </tbody>
              {total ? (
                <tfoot>
                  <tr>
                    {colonnes.map((column, index) => (
                      <td key={column.cle} className={cx(column.numerique && "ap-cellule--nombre")}>
                        {total[index]}
                      </td>
                    ))}
                  </tr>
                </tfoot>
              ) : null}
            </table>
          </div>
        </div>
      </div>
    </div>
  );
}

/** True while the table is wider than its box: only then is the box a region that the keyboard must reach to scroll. */
function useDefile(box: RefObject<HTMLDivElement | null>): boolean {
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (!element || !("ResizeObserver" in window)) return undefined;
    const look = () => setScrolls(element.scrollWidth > element.clientWidth + 1);
    const observer = new ResizeObserver(look);
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, [box]);
  return scrolls;
}

function SortButton<T>({ column, tri, onTri }: { column: Colonne<T>; tri: Tri | null; onTri: (tri: Tri) => void }) {
  const current = tri?.cle === column.cle ? tri.sens : null;
  const next: Sens = current === "asc" ? "desc" : "asc";
  return (
    <button
      type="button"
      className={cx("ap-tri", current && `ap-tri--${current}`)}
      onClick={() => onTri({ cle: column.cle, sens: next })}
      title={`Trier par ordre ${next === "asc" ? "croissant" : "décroissant"}`}
    >
      {column.titre}
      <span
        className={
          current === "desc"
            ? "fr-icon-arrow-down-line fr-icon--sm"
            : current === "asc"
              ? "fr-icon-arrow-up-line fr-icon--sm"
              : "fr-icon-arrow-up-down-line fr-icon--sm"
        }
        aria-hidden="true"
      />
    </button>
  );
}
