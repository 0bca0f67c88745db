/** P22, step 2: the convention that was signed, on its operation. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import type { Operation } from "../../api/dto";
import { EmptyState } from "../../ui/EmptyState";
import { Lien } from "../../ui/Lien";
import { StatutBadge } from "../../ui/StatutBadge";
import { useSaisie } from "../../ui/useSaisie";
import { type ConventionCreee, useAjoutConvention } from "./api";
import { ChampAnnee, ChampDocument, ChampListe, ChampTexte, choixFinancements } from "./champs";
import { Formulaire, useCleDuContenu } from "./Formulaire";
import {
  controlerSignee,
  corpsSignee,
  financementsLibres,
  HABITATS,
  membre,
  type SaisieSignee,
  SIGNEE_VIDE,
} from "./rules";

type Props = { operation: Operation; onAjoutee: (convention: ConventionCreee) => void };

export function AjoutSurOperation({ operation, onAjoutee }: Props) {
  const libres = financementsLibres(operation);
  return (
    <>
      <OperationLiee operation={operation} />
      {libres.length === 0 ? (
        <EmptyState
          titre="Chaque financement a déjà sa convention"
          icone="fr-icon-checkbox-circle-line"
          actions={
            <Button priority="secondary" linkProps={{ to: "/conventions/ajout" }}>
              Choisir une autre opération
            </Button>
          }
        >
          <p>Il n’y a plus de convention à ajouter à cette opération. Ouvrez-en une pour lui ajouter un avenant.</p>
        </EmptyState>
      ) : (
        <FormulaireConvention operation={operation} onAjoutee={onAjoutee} />
      )}
    </>
  );
}

/** The operation, and what it has already. */
function OperationLiee({ operation }: { operation: Operation }) {
  const connues = operation.financements.flatMap(({ libelle, conventions }) =>
    conventions.map((convention) => ({ libelle, convention })),
  );
  const lieu = [operation.code_postal, operation.ville].filter(Boolean).join(" ");
  return (
    <section aria-labelledby="operation-liee" className="ap-creation__liee">
      <h2 id="operation-liee" className="fr-h5 fr-mb-1w">
        {operation.nom || `Opération ${operation.numero}`}
      </h2>
      <p className="fr-mb-1w">
        {[`N° ${operation.numero}`, operation.bailleur?.nom, lieu, operation.nature_logement_libelle]
          .filter(Boolean)
          .join(" · ")}
      </p>
      {connues.length > 0 ? (
        <>
          <h3 className="fr-text--md fr-mb-1v">Conventions de cette opération</h3>
          <ul className="fr-raw-list">
            {connues.map(({ libelle, convention }) => (
              <li key={`${libelle} ${convention.uuid}`} className="fr-mb-1v">
                <Lien to={`/conventions/${convention.uuid}`}>
                  {libelle}
                  {convention.numero ? `, n° ${convention.numero}` : ""}
                </Lien>{" "}
                <StatutBadge statut={convention.statut} libelle={convention.statut_libelle} />
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p className="fr-mb-0">Cette opération n’a pas encore de convention.</p>
      )}
    </section>
  );
}

function FormulaireConvention({ operation, onAjoutee }: Props) {
  const { mutate, isPending, error } = useAjoutConvention();
  const form = useSaisie<SaisieSignee>({ initiale: SIGNEE_VIDE, controler: controlerSignee });
  const cleDe = useCleDuContenu();
  const { valeurs, changer, champ } = form;
  const envoyer = () => {
    if (!form.valide()) return;
    const corps = corpsSignee(valeurs, operation.numero);
    mutate({ corps, cle: cleDe(corps) }, { onSuccess: onAjoutee, onError: form.refuser });
  };
  const porteur = membre(error, "convention_uuid");
  return (
    <Formulaire
      nom="Convention déjà signée"
      points={form.points}
      envoi={form.envoi}
      occupe={isPending}
      verbe="Ajouter la convention"
      verbeEnCours="Enregistrement…"
      erreur={error}
      titreErreur="La convention n’a pas été ajoutée"
      recours={
        porteur ? (
          <p>
            <Lien to={`/conventions/${porteur}`}>Ouvrir la convention qui existe déjà</Lien>
          </p>
        ) : null
      }
      onEnvoi={envoyer}
    >
      <ChampTexte
        label="Numéro de la convention (obligatoire)"
        hintText="Tel qu’il figure sur le document signé."
        nom="numero"
        etat={champ("numero")}
        valeur={valeurs.numero}
        onChange={(numero) => changer({ numero })}
      />
      <ChampListe
        label="Financement (obligatoire)"
        hintText="Ceux qui n’ont pas encore de convention sur cette opération."
        nom="financement"
        etat={champ("financement")}
        valeur={valeurs.financement}
        onChange={(financement) => changer({ financement })}
        invite="Choisissez un financement"
        choix={choixFinancements(financementsLibres(operation))}
      />
      <div className="fr-grid-row fr-grid-row--gutters">
        <div className="fr-col-12 fr-col-sm-6">
          <ChampTexte
            label="Nombre de logements (obligatoire)"
            nom="nb_logements"
            max={6}
            chiffres
            etat={champ("nb_logements")}
            valeur={valeurs.nb_logements}
            onChange={(nb_logements) => changer({ nb_logements })}
          />
        </div>
        <div className="fr-col-12 fr-col-sm-6">
          <ChampAnnee
            etat={champ("annee_signature")}
            valeur={valeurs.annee_signature}
            onChange={(annee_signature) => changer({ annee_signature })}
          />
        </div>
      </div>
      <ChampListe
        label="Type d’habitat"
        nom="type_habitat"
        etat={champ("type_habitat")}
        valeur={valeurs.type_habitat}
        onChange={(type_habitat) => changer({ type_habitat })}
        invite="Non connu"
        choix={Object.entries(HABITATS) as [keyof typeof HABITATS, string][]}
      />
      <ChampDocument
        libelle="Déposer la convention signée (obligatoire)"
        etat={champ("revision_id")}
        recu={valeurs.revision_id}
        onChange={(revision_id) => changer({ revision_id })}
      />
    </Formulaire>
  );
}
