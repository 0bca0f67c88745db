/**
 * Which thread is open lives in the address: `?commentaire={uuid}` for a comment, `?champ={cible}` for a field that has
 * none yet. Opening adds one step to the history and changing thread replaces it, so that Back closes the panel first,
 * even when the page was reached by a link to a comment.
 */
import { useCallback, useEffect, useMemo, useRef } from "react";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import type { Commentaire } from "../../api/convention";
import { cibleDe } from "./rules";

type EtatHistorique = { panneau?: boolean } | null;

export type Selection = {
  /** Field or table whose thread is open. */
  cible: string | null;
  /** Comment aimed at in that thread. */
  commentaire: string | null;
  /** The address names a comment that is not (or no longer) here. */
  introuvable: boolean;
  ouvrirChamp: (cible: string) => void;
  ouvrirCommentaire: (uuid: string) => void;
  fermer: () => void;
};

export function useSelection(comments: readonly Commentaire[] | undefined): Selection {
  const [params] = useSearchParams();
  const { pathname, search, hash, state } = useLocation();
  const navigate = useNavigate();
  const asked = params.get("commentaire");
  const field = params.get("champ");
  const opened = asked !== null || field !== null;
  const ours = (state as EtatHistorique)?.panneau === true;

  const address = useCallback(
    (change: (query: URLSearchParams) => void) => {
      const query = new URLSearchParams(search);
      query.delete("commentaire");
      query.delete("champ");
      change(query);
      const text = query.toString();
      return { pathname, search: text ? `?${text}` : "" };
    },
    [pathname, search],
  );

  const go = useCallback(
    (change: (query: URLSearchParams) => void) =>
      navigate(address(change), { replace: opened, state: { panneau: true }, preventScrollReset: true }),
    [navigate, address, opened],
  );
  const ouvrirChamp = useCallback((cible: string) => void go((query) => query.set("champ", cible)), [go]);
  const ouvrirCommentaire = useCallback((uuid: string) => void go((query) => query.set("commentaire", uuid)), [go]);
  const fermer = useCallback(() => {
    if (ours) void navigate(-1);
    else
      void navigate(
        address(() => undefined),
        { replace: true, preventScrollReset: true },
      );
  }, [ours, navigate, address]);

  // Reached by a link: puts the page without panel under it, once.
  const inserted = useRef(false);
  useEffect(() => {
    if (!opened || ours || inserted.current) return;
    inserted.current = true;
    const here = { pathname, search, hash };
    void Promise.resolve(
      navigate(
        address(() => undefined),
        { replace: true, preventScrollReset: true },
      ),
    ).then(() => navigate(here, { state: { panneau: true }, preventScrollReset: true }));
  }, [opened, ours, pathname, search, hash, navigate, address]);

  const aimed = asked === null ? undefined : comments?.find(({ uuid }) => uuid === asked);
  const cible = aimed ? cibleDe(aimed) : field;
  return useMemo(
    () => ({
      cible,
      commentaire: aimed ? aimed.uuid : null,
      introuvable: asked !== null && comments !== undefined && aimed === undefined,
      ouvrirChamp,
      ouvrirCommentaire,
      fermer,
    }),
    [cible, aimed, asked, comments, ouvrirChamp, ouvrirCommentaire, fermer],
  );
}
