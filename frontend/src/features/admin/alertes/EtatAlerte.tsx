/** Where a message stands: its état, its tries, what comes next, why the last try failed. */
import { Badge } from "@codegouvfr/react-dsfr/Badge";
import { compte } from "../../../lib/nombres";
import { type Alerte, instantCourt, SEVERITES } from "./rules";

export function EtatAlerte({ alerte }: { alerte: Alerte }) {
  return (
    <Badge small severity={SEVERITES[alerte.etat]}>
      {alerte.etat_libelle}
    </Badge>
  );
}

/** « 3 essais, prochain le 12 mars 2026 à 14 h 32 ». */
export function EssaisAlerte({ alerte }: { alerte: Alerte }) {
  const { tentatives, prochain_essai_le, relances } = alerte;
  return (
    <>
      {tentatives === 0 ? "Aucun essai" : compte(tentatives, "essai")}
      {prochain_essai_le ? (
        <span className="ap-mention ap-alertes__suite">
          {tentatives === 0 ? "envoi prévu" : "prochain"} le {instantCourt(prochain_essai_le)}
        </span>
      ) : null}
      {relances > 0 ? <span className="ap-mention ap-alertes__suite">{compte(relances, "relance")}</span> : null}
    </>
  );
}

/** Where an alert stands in SIAP, when SIAP could be read. */
export function EtatAuSiap({ alerte }: { alerte: Alerte }) {
  if (alerte.etat_siap === "PRESENTE") return <>Affichée par le SIAP</>;
  if (alerte.etat_siap === "RETIREE") return <>Retirée du SIAP</>;
  return <>–</>;
}
