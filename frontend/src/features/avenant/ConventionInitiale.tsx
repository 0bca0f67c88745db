/** What the root lacks before its avenant is validated (AV-20): the service gives it here, the others read what is missing. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Input } from "@codegouvfr/react-dsfr/Input";
import { type FormEvent, type ReactNode, useState } from "react";
import { useIntention } from "../../api/commande";
import type { Convention } from "../../api/convention";
import { ErrorState } from "../../ui/ErrorState";
import { Lien } from "../../ui/Lien";
import { type TypesAvenant, useCompleterInitiale } from "./api";

type Props = {
  convention: Convention;
  initiale: TypesAvenant["convention_initiale"];
  /** Deposit of its signed file, for who may: recommended, never required. */
  fichier?: ReactNode;
};

export function ConventionInitiale({ convention, initiale, fichier }: Props) {
  const complete = useCompleterInitiale(convention.uuid);
  const intention = useIntention();
  const [ville, setVille] = useState("");
  const [nombres, setNombres] = useState<Record<string, string>>({});
  const [essaye, setEssaye] = useState(false);
  const sansVille = initiale.ville_manquante && ville.trim() === "";
  const faux = (code: string) => !/^[1-9]\d{0,5}$/.test((nombres[code] ?? "").trim());
  const envoyer = (event: FormEvent) => {
    event.preventDefault();
    setEssaye(true);
    if (sansVille || initiale.lots.some(({ financement }) => faux(financement))) return;
    const corps = {
      ville: ville.trim(),
      lots: initiale.lots.map(({ financement }) => ({ financement, nb_logements: Number(nombres[financement]) })),
    };
    complete.mutate({ version: convention.version, cle: intention.cle([convention.version, corps]), corps });
  };
  return (
    <div id="convention_initiale" tabIndex={-1} className="fr-callout fr-mt-2w fr-mb-0 ap-initiale">
      <h3 className="fr-callout__title fr-h6">
        {initiale.complete ? "Complétez la convention d’origine (conseillé)" : "La convention d’origine est incomplète"}
      </h3>
      <p className="fr-mb-2w">
        {initiale.complete
          ? "Son document signé n’est pas sur la plateforme. L’avenant peut être validé sans lui."
          : "Cet avenant ne pourra pas être validé sans ces informations."}{" "}
        <Lien to={`/conventions/${initiale.parent.uuid}/recapitulatif`}>
          Ouvrir la convention{initiale.parent.numero ? ` n° ${initiale.parent.numero}` : " d’origine"}
        </Lien>
      </p>
      {initiale.complete ? null : initiale.modifiable ? (
        <form onSubmit={envoyer} noValidate>
          {complete.error ? (
            <ErrorState compact titre="La convention n’a pas été complétée" erreur={complete.error} />
          ) : null}
          {initiale.ville_manquante ? (
            <Input
              label="Ville (obligatoire)"
              state={essaye && sansVille ? "error" : "default"}
              stateRelatedMessage="Indiquez la ville."
              nativeInputProps={{ value: ville, maxLength: 255, onChange: (e) => setVille(e.target.value) }}
            />
          ) : null}
          {initiale.lots.map(({ financement, financement_libelle }) => (
            <Input
              key={financement}
              label={`Nombre de logements ${financement_libelle} (obligatoire)`}
              state={essaye && faux(financement) ? "error" : "default"}
              stateRelatedMessage="Indiquez un nombre entier supérieur à zéro."
              nativeInputProps={{
                inputMode: "numeric",
                value: nombres[financement] ?? "",
                onChange: (e) => setNombres({ ...nombres, [financement]: e.target.value }),
              }}
            />
          ))}
          <Button type="submit" nativeButtonProps={{ "aria-busy": complete.isPending || undefined }}>
            Compléter la convention d’origine
          </Button>
        </form>
      ) : (
        <p className="fr-mb-0">Le service instructeur la complétera avant la validation.</p>
      )}
      {fichier ? (
        <div className={initiale.complete ? undefined : "fr-mt-3w"}>
          {initiale.complete ? null : (
            <p className="fr-mb-1w">
              Conseillé : son document signé. L’avenant peut être validé sans lui. Le statut et la date de signature de
              la convention ne changeront pas.
            </p>
          )}
          {fichier}
        </div>
      ) : null}
    </div>
  );
}
