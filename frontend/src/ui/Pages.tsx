/** Links to the pages of a list, when it has more than one. A page beyond the last one shows as the last. */
import { Pagination } from "@codegouvfr/react-dsfr/Pagination";

type Props = {
  total: number;
  parPage: number;
  page: number;
  adresse: (page: number) => string;
};

export function Pages({ total, parPage, page, adresse }: Props) {
  const count = Math.ceil(total / parPage);
  if (count <= 1) return null;
  return (
    <Pagination
      className="ap-pagination"
      count={count}
      defaultPage={Math.min(page, count)}
      showFirstLast
      getPageLinkProps={(number) => ({ to: adresse(number) })}
    />
  );
}
