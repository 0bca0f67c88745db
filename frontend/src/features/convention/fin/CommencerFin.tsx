/** « Dénoncer la convention », « Résilier la convention »: what to know first, then the form of the procedure. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useRef, useState } from "react";
import { useNavigate } from "react-router";
import { nouvelleCle } from "../../../api/client";
import type { Convention } from "../../../api/convention";
import { isApiError } from "../../../api/problem";
import { ConfirmDialog } from "../../../ui/ConfirmDialog";
import { Lien } from "../../../ui/Lien";
import { useCommencerFin } from "./api";
import { finsPossibles, type GenreFin, rappels, verbeDe } from "./rules";

type Props = {
  convention: Convention;
  lectureSeule: boolean;
};

export function CommencerFin({ convention, lectureSeule }: Props) {
  const [genre, setGenre] = useState<GenreFin | null>(null);
  const last = useRef<GenreFin>("denonciation");
  const cle = useRef("");
  const { mutate, isPending, error, reset } = useCommencerFin(convention.uuid);
  const navigate = useNavigate();
  const possibles = lectureSeule ? [] : finsPossibles(convention);
  if (possibles.length === 0) return null;
  if (genre) last.current = genre;
  const shown = genre ?? last.current;
  const enCours = isApiError(error) && typeof error.extra.avenant_uuid === "string" ? error.extra.avenant_uuid : null;
  const title = `${verbeDe(shown)} la convention`;
  return (
    <section className="ap-fin-commencer ap-ecran" aria-label="Mettre fin à la convention">
      <ul className="fr-btns-group fr-btns-group--inline fr-btns-group--sm fr-mb-n2w">
        {possibles.map((possible) => (
          <li key={possible}>
            <Button
              size="small"
              priority="tertiary"
              onClick={() => {
                reset();
                cle.current = nouvelleCle();
                setGenre(possible);
              }}
            >
              {verbeDe(possible)} la convention
            </Button>
          </li>
        ))}
      </ul>
      <ConfirmDialog
        ouvert={genre !== null}
        titre={title}
        libelleConfirmer="Commencer la demande"
        libelleOccupe="Création…"
        occupe={isPending}
        onFermer={() => setGenre(null)}
        onConfirmer={() =>
          mutate(
            { type: shown, cle: cle.current },
            { onSuccess: ({ uuid }) => void navigate(`/conventions/${uuid}/etapes/${shown}`) },
          )
        }
        erreur={error ?? undefined}
      >
        {rappels(shown, convention.date_fin_conventionnement).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <p className="fr-mb-0">
          Rien ne change pour l’instant : la demande s’ouvre en projet. La convention et ses avenants prennent fin quand
          le service la valide.
        </p>
        {enCours ? (
          <p className="fr-mt-2w fr-mb-0">
            <Lien to={`/conventions/${enCours}`}>Ouvrir l’avenant en cours</Lien>
          </p>
        ) : null}
      </ConfirmDialog>
    </section>
  );
}
