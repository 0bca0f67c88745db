/**
 * The common states of a page or of a block fed by one query: skeleton, error with retry, unknown or forbidden, data.
 * A background refresh never blanks what is being read.
 */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type ApiError, isApiError, isUnknownOrForbidden } from "../api/problem";
import { ErrorState } from "./ErrorState";
import { NotFound } from "./NotFound";
import { Skeleton } from "./Skeleton";

type Props<T> = {
  requete: UseQueryResult<T>;
  /** In the final shape of the content. */
  squelette?: ReactNode;
  /** Title of the error, when the default one is too vague. */
  titreErreur?: string;
  /** A block that fails alone: small error, and no « page introuvable ». */
  bloc?: boolean;
  children: (data: T) => ReactNode;
};

export function Requete<T>({ requete, squelette = <Skeleton />, titreErreur, bloc = false, children }: Props<T>) {
  const { data, error, isPending, refetch } = requete;
  if (data !== undefined) return <>{children(data)}</>;
  if (isPending && !error) return <>{squelette}</>;
  if (!bloc && isApiError(error) && error.code === "CONVENTION_REGROUPEE") return <Regroupee erreur={error} />;
  if (!bloc && isUnknownOrForbidden(error)) return <NotFound reference={isApiError(error) ? error.requestId : null} />;
  const alert = <ErrorState erreur={error} titre={titreErreur} compact={bloc} onReessayer={() => void refetch()} />;
  return bloc ? alert : <div className="fr-container fr-py-6w">{alert}</div>;
}

/** A convention that was absorbed by another one: its old address leads there. */
function Regroupee({ erreur }: { erreur: ApiError }) {
  return (
    <NotFound
      titre="Convention regroupée"
      detail={erreur.detail}
      reprise={{
        phrase: "Ses lots, ses commentaires et son historique y sont gardés.",
        libelle: "Ouvrir la convention qui la remplace",
        vers: `/conventions/${String(erreur.extra.convention_uuid)}`,
      }}
    />
  );
}
