/** Avenants signed on paper of a convention: those that are known, and the form that adds one (P22 step 3, P24). */
import { Checkbox } from "@codegouvfr/react-dsfr/Checkbox";
import { useState } from "react";
import { type AvenantLigne, useAvenants } from "../../api/convention";
import { formatDate, jourDeParis } from "../../lib/dates";
import { nomDuGenre } from "../../lib/genres";
import { type Colonne, DataTable } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { Lien } from "../../ui/Lien";
import { useMessages } from "../../ui/Messages";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { StatutBadge } from "../../ui/StatutBadge";
import { useSaisie } from "../../ui/useSaisie";
import { type ConventionCreee, useAjoutAvenant } from "./api";
import { ChampAnnee, ChampBailleur, ChampDocument, ChampLong, ChampTexte } from "./champs";
import { Formulaire, useCleDuContenu } from "./Formulaire";
import {
  avenantVide,
  controlerAvenant,
  corpsAvenant,
  membre,
  type SaisieAvenant,
  TYPES_AVENANT,
  type TypeAvenant,
  typesPour,
} from "./rules";

/** « 1998 » when only the year is known: no day is invented. */
const signature = ({ date_signature, precision_date_signature }: AvenantLigne): string => {
  if (!date_signature) return "Pas encore signé";
  return precision_date_signature === "ANNEE" ? date_signature.slice(0, 4) : formatDate(date_signature);
};

const types = (codes: readonly string[]): string =>
  codes.map((code) => TYPES_AVENANT[code as TypeAvenant] ?? code).join(", ") || "Non précisé";

const COLONNES: Colonne<AvenantLigne>[] = [
  {
    cle: "numero",
    titre: "Avenant",
    enTete: true,
    rendu: ({ uuid, numero, genre, cree_le }) => (
      <Lien to={`/conventions/${uuid}`}>
        {nomDuGenre(genre)}
        {numero ? ` n° ${numero}` : ` sans numéro, du ${formatDate(jourDeParis(cree_le))}`}
      </Lien>
    ),
  },
  { cle: "signature", titre: "Signature", rendu: signature },
  {
    cle: "statut",
    titre: "Statut",
    rendu: ({ statut, statut_libelle }) => <StatutBadge statut={statut} libelle={statut_libelle} />,
  },
  { cle: "types", titre: "Ce qui change", rendu: ({ types: codes }) => types(codes) },
  { cle: "bailleur", titre: "Bailleur", rendu: ({ bailleur }) => bailleur },
];

export function AvenantsConnus({ uuid }: { uuid: string }) {
  const requete = useAvenants(uuid);
  return (
    <section aria-labelledby="avenants-connus">
      <h2 id="avenants-connus" className="fr-h4">
        Avenants connus
      </h2>
      <Requete
        requete={requete}
        bloc
        squelette={<Skeleton forme="tableau" nombre={2} libelle="Chargement des avenants" />}
        titreErreur="Les avenants n’ont pas pu être lus"
      >
        {(avenants) => (
          <DataTable
            legende="Avenants connus"
            colonnes={COLONNES}
            lignes={avenants}
            cleDe={({ uuid: id }) => id}
            vide={
              <EmptyState titre="Aucun avenant pour le moment" niveau={3} icone="fr-icon-file-line">
                <p>Ajoutez ci-dessous chaque avenant signé, dans l’ordre qui vous convient.</p>
              </EmptyState>
            }
          />
        )}
      </Requete>
    </section>
  );
}

type Props = { convention: ConventionCreee; avecTypes: boolean };

/** Repeatable: after each avenant the form is empty again. */
export function AjoutAvenant({ convention, avecTypes }: Props) {
  const [fois, setFois] = useState(0);
  return (
    <section aria-labelledby="ajout-avenant" className="fr-mt-6w">
      <h2 id="ajout-avenant" className="fr-h4">
        Ajouter un avenant signé
      </h2>
      <FormulaireAvenant
        key={fois}
        convention={convention}
        avecTypes={avecTypes}
        onAjoute={() => setFois((n) => n + 1)}
      />
    </section>
  );
}

function FormulaireAvenant({ convention, avecTypes, onAjoute }: Props & { onAjoute: () => void }) {
  const lots = convention.lots;
  const { afficher } = useMessages();
  const { mutate, isPending, error } = useAjoutAvenant(convention.uuid);
  const form = useSaisie<SaisieAvenant>({ initiale: avenantVide(lots.length), controler: controlerAvenant });
  const cleDe = useCleDuContenu();
  const { valeurs, changer, champ } = form;
  const envoyer = () => {
    if (!form.valide()) return;
    const corps = corpsAvenant(
      valeurs,
      lots.map(({ financement }) => financement),
    );
    mutate(
      { corps, cle: cleDe(corps) },
      {
        onSuccess: (avenant) => {
          afficher({ severite: "success", titre: `Avenant n° ${avenant.numero} enregistré` });
          onAjoute();
        },
        onError: form.refuser,
      },
    );
  };
  const enCours = membre(error, "avenant_uuid");
  return (
    <Formulaire
      nom="Avenant déjà signé"
      points={form.points}
      envoi={form.envoi}
      occupe={isPending}
      verbe={avecTypes ? "Déposer l’avenant" : "Ajouter l’avenant"}
      verbeEnCours="Enregistrement…"
      erreur={error}
      titreErreur="L’avenant n’a pas été ajouté"
      recours={
        enCours ? (
          <p>
            <Lien to={`/conventions/${enCours}`}>Ouvrir l’avenant en cours</Lien>
          </p>
        ) : null
      }
      onEnvoi={envoyer}
    >
      <div className="fr-grid-row fr-grid-row--gutters">
        <div className="fr-col-12 fr-col-sm-6">
          <ChampTexte
            label="Numéro de l’avenant (obligatoire)"
            nom="numero"
            etat={champ("numero")}
            valeur={valeurs.numero}
            onChange={(numero) => changer({ numero })}
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
      <fieldset className="ap-creation__groupe">
        <legend className="fr-h6 fr-mb-1w">Ce que l’avenant a changé</legend>
        <p className="fr-text--sm">Laissez vide ce qui n’a pas changé.</p>
        <ChampBailleur
          libelle="Bailleur après cet avenant"
          aide={`Convention d’origine : ${convention.bailleur.nom}. Nom ou SIREN, deux caractères au moins.`}
          etat={champ("bailleur_uuid")}
          valeur={valeurs.bailleur_uuid}
          onChange={(bailleur_uuid) => changer({ bailleur_uuid })}
        />
        {lots.map(({ financement, financement_libelle, nb_logements }, index) => (
          <ChampTexte
            key={financement}
            label={
              lots.length > 1
                ? `Nombre de logements ${financement_libelle} après cet avenant`
                : "Nombre de logements après cet avenant"
            }
            hintText={nb_logements ? `Convention d’origine : ${nb_logements}` : undefined}
            nom={index === 0 ? "nb_logements" : `nb_logements-${index}`}
            max={6}
            chiffres
            etat={index === 0 ? champ("nb_logements") : { state: "default" }}
            valeur={valeurs.nb_logements[index] ?? ""}
            onChange={(text) =>
              changer({ nb_logements: valeurs.nb_logements.map((before, k) => (k === index ? text : before)) })
            }
          />
        ))}
        {avecTypes ? (
          <div id="champ-types" tabIndex={-1}>
            <Checkbox
              {...champ("types")}
              legend="Autres modifications"
              hintText="Le bailleur, les logements et le texte ci-dessous sont reconnus d’eux-mêmes."
              options={typesPour(convention.operation.nature_logement).map((type) => ({
                label: TYPES_AVENANT[type],
                nativeInputProps: {
                  checked: valeurs.types.includes(type),
                  onChange: ({ target }) =>
                    changer({
                      types: target.checked ? [...valeurs.types, type] : valeurs.types.filter((x) => x !== type),
                    }),
                },
              }))}
            />
          </div>
        ) : null}
        {avecTypes ? (
          <ChampLong
            label="Description"
            hintText="En quelques mots, l’objet de l’avenant."
            nom="desc_avenant"
            etat={champ("desc_avenant")}
            valeur={valeurs.desc_avenant}
            onChange={(desc_avenant) => changer({ desc_avenant })}
          />
        ) : null}
        <ChampLong
          label="Informations complémentaires"
          hintText="Texte de l’avenant qui ne figure pas ailleurs, 5 000 caractères au plus."
          nom="champ_libre_avenant"
          etat={champ("champ_libre_avenant")}
          valeur={valeurs.champ_libre_avenant}
          onChange={(champ_libre_avenant) => changer({ champ_libre_avenant })}
        />
      </fieldset>
      <ChampDocument
        libelle="Déposer l’avenant signé (obligatoire)"
        etat={champ("revision_id")}
        recu={valeurs.revision_id}
        onChange={(revision_id) => changer({ revision_id })}
      />
    </Formulaire>
  );
}
