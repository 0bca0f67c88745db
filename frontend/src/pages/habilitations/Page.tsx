/** Choice of the habilitation: one card each, the current one said in words. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { Habilitation } from "../../api/dto";
import { useContratSession, useSession } from "../../app/session/contexte";
import { phraseErreur } from "../../ui/ErrorState";
import { FilAriane } from "../../ui/FilAriane";
import { useMessages } from "../../ui/Messages";
import { CadrePage, TitrePage } from "../../ui/Page";

export function Component() {
  const { habilitations, liens } = useSession();
  const { changerHabilitation } = useContratSession();
  const { afficher } = useMessages();
  const navigate = useNavigate();
  const [busy, setBusy] = useState<number | null>(null);

  const choose = async (h: Habilitation) => {
    if (busy !== null) return;
    setBusy(h.id);
    try {
      await changerHabilitation(h.id);
      afficher({
        severite: "success",
        titre: `Vous travaillez maintenant pour ${[h.entete, h.sous_titre1].filter(Boolean).join(", ")}.`,
      });
      navigate("/conventions");
    } catch (error) {
      afficher({ severite: "error", titre: "L’habilitation n’a pas pu être changée", detail: phraseErreur(error) });
      setBusy(null);
    }
  };

  return (
    <CadrePage>
      <FilAriane page="Mes habilitations" />
      <TitrePage
        titre="Mes habilitations"
        chapeau={
          <p>
            L’habilitation détermine les conventions que vous voyez et ce que vous pouvez y faire. Elle vaut pour cet
            onglet : un autre onglet peut travailler sous une autre habilitation.
          </p>
        }
      />
      <ul className="fr-raw-list ap-habilitations">
        {habilitations.map((h) => (
          <li
            key={h.id}
            className={h.courante ? "ap-carte-habilitation ap-carte-habilitation--courante" : "ap-carte-habilitation"}
          >
            <div className="ap-carte-habilitation__badges">
              {h.courante ? (
                <span className="fr-badge fr-badge--sm fr-badge--success">Habilitation actuelle</span>
              ) : null}
              {h.favori ? (
                <span className="fr-badge fr-badge--sm fr-badge--blue-ecume fr-badge--icon-left fr-icon-star-line">
                  Favorite
                </span>
              ) : null}
              {h.lecture_seule ? (
                <span className="fr-badge fr-badge--sm fr-badge--icon-left fr-icon-eye-line">Lecture seule</span>
              ) : null}
            </div>
            <h2 className="fr-h5 fr-mb-0">{h.entete}</h2>
            <p className="ap-carte-habilitation__entite">{h.sous_titre1}</p>
            {h.sous_titre2 ? <p className="ap-mention fr-mb-0">{h.sous_titre2}</p> : null}
            <div className="ap-carte-habilitation__action">
              {!h.utilisable ? (
                <p className="ap-mention fr-mb-0">{h.motif ?? "Cette habilitation n’est pas utilisable."}</p>
              ) : h.courante ? (
                <Button priority="secondary" linkProps={{ to: "/conventions" }}>
                  Continuer avec cette habilitation
                </Button>
              ) : (
                <Button
                  onClick={() => void choose(h)}
                  nativeButtonProps={{
                    "aria-busy": busy === h.id || undefined,
                    "aria-disabled": busy !== null || undefined,
                  }}
                >
                  {busy === h.id ? "Changement…" : "Travailler avec cette habilitation"}
                  <span className="fr-sr-only">
                    {" "}
                    : {h.entete}, {h.sous_titre1}
                  </span>
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {liens.gestion_habilitations ? (
        <p>
          Une habilitation manque ou a changé ?{" "}
          <a
            href={liens.gestion_habilitations}
            target="_blank"
            rel="noopener noreferrer"
            title="Gérer mes habilitations dans le SIAP (nouvelle fenêtre)"
          >
            Gérer mes habilitations dans le SIAP
          </a>
        </p>
      ) : null}
    </CadrePage>
  );
}
