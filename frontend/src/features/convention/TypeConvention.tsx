/** Type I or II of the convention of a bailleur that is neither HLM nor SEM, and the clauses that a type II keeps (NA-03). */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Checkbox } from "@codegouvfr/react-dsfr/Checkbox";
import { RadioButtons } from "@codegouvfr/react-dsfr/RadioButtons";
import { useState } from "react";
import { type Convention, useChoixType } from "../../api/convention";
import { ErrorState } from "../../ui/ErrorState";
import { useMessages } from "../../ui/Messages";

type Valeur = "Type1" | "Type2";
type Props = { convention: Convention; type: NonNullable<Convention["type_convention"]> };

const TYPES: Record<Valeur, string> = { Type1: "Type I", Type2: "Type II" };

/** In the middle of a sentence. */
const LIBELLES: Record<Valeur, string> = { Type1: "type I", Type2: "type II" };

/** In the order of the official model (02 §8.3). */
const OPTIONS = [
  "Logements financés sous le régime de la loi du 13 juillet 1928 ou du chapitre I (ILM 28, LOGECO, anciens prêts du Crédit foncier de France)",
  "Logements PLA-I des collectivités locales ou des organismes agréés",
  "Logements PLS acquis ou améliorés",
  "Logements améliorés avec une subvention de l’État (PALULOS, PAM)",
  "Logements PLUS acquis et améliorés par les collectivités locales",
  "Logements des bailleurs de l’article 41 ter autres que les SEM",
  "Logements de l’association foncière logement",
  "Autres logements de l’article L. 831-1 (2°)",
];

export function TypeConvention({ convention, type }: Props) {
  const [value, setValue] = useState<Valeur | null>(type.valeur ?? null);
  const [kept, setKept] = useState<ReadonlySet<number>>(new Set(type.options));
  const { mutate, isPending, error } = useChoixType(convention.uuid);
  const { afficher } = useMessages();
  const options = OPTIONS.map((_, index) => index + 1).filter((option) => kept.has(option));
  const changed = value !== (type.valeur ?? null) || options.join() !== [...type.options].sort().join();

  const save = () => {
    if (!value || !changed || isPending) return;
    mutate(
      { version: convention.version, type1and2: value, options },
      { onSuccess: () => afficher({ severite: "success", titre: `Convention de ${LIBELLES[value]} enregistrée` }) },
    );
  };

  return (
    <section className="ap-type-convention" id="type-convention" aria-labelledby="titre-type-convention">
      <h2 id="titre-type-convention" className="fr-h5 fr-mb-2w">
        Type de convention
      </h2>
      {type.modifiable ? (
        <>
          <RadioButtons
            legend="Type I ou type II"
            hintText="À choisir avant la validation : le modèle du document en dépend."
            name="type1and2"
            orientation="horizontal"
            options={(Object.keys(TYPES) as Valeur[]).map((code) => ({
              label: TYPES[code],
              nativeInputProps: { value: code, checked: value === code, onChange: () => setValue(code) },
            }))}
          />
          {value === "Type2" ? (
            <Checkbox
              legend="Logements concernés"
              hintText="Décochez pour rayer une mention du document."
              options={OPTIONS.map((label, index) => ({
                label,
                nativeInputProps: {
                  checked: kept.has(index + 1),
                  onChange: (event) => {
                    const next = new Set(kept);
                    if (event.target.checked) next.add(index + 1);
                    else next.delete(index + 1);
                    setKept(next);
                  },
                },
              }))}
            />
          ) : null}
          {error ? <ErrorState compact titre="Le type n’a pas été enregistré" erreur={error} /> : null}
          <Button
            size="small"
            onClick={save}
            nativeButtonProps={{
              "aria-busy": isPending || undefined,
              "aria-disabled": !value || !changed || isPending || undefined,
            }}
          >
            {isPending ? "Enregistrement…" : "Enregistrer le type"}
          </Button>
        </>
      ) : (
        <Lecture type={type} />
      )}
    </section>
  );
}

function Lecture({ type }: Pick<Props, "type">) {
  if (!type.valeur) return <p className="fr-mb-0">Pas encore choisi.</p>;
  return (
    <>
      <p className="fr-mb-1w">{TYPES[type.valeur]}</p>
      {type.valeur === "Type2" ? (
        <ul className="fr-mb-0">
          {OPTIONS.map((label, index) => (
            <li key={label}>
              {type.options.includes(index + 1) ? (
                label
              ) : (
                <s>
                  <span className="fr-sr-only">Rayé : </span>
                  {label}
                </s>
              )}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
