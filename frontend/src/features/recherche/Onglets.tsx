/** Lists made ready. Each is an address, so each is a link. */
import { cx } from "../../lib/cx";
import { Lien } from "../../ui/Lien";

export type Onglet = { code: string; libelle: string; lien: string; courant: boolean };

export function Onglets({ onglets }: { onglets: readonly Onglet[] }) {
  return (
    <nav className="ap-onglets" aria-label="Listes prêtes">
      <ul className="fr-raw-list">
        {onglets.map(({ code, libelle, lien, courant }) => (
          <li key={code}>
            <Lien
              to={lien}
              className={cx("ap-onglet", courant && "ap-onglet--courant")}
              aria-current={courant ? "page" : undefined}
            >
              {libelle}
            </Lien>
          </li>
        ))}
      </ul>
    </nav>
  );
}
