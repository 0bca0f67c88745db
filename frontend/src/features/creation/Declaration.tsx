/** P23, when the convention is not found: it is described, recorded as signed, and its avenant is started. */
import { Lien } from "../../ui/Lien";
import { useSaisie } from "../../ui/useSaisie";
import { type ConventionCreee, type CriteresInitiale, useDeclaration } from "./api";
import { ChampAnnee, ChampDocument, ChampsOperation, ChampTexte } from "./champs";
import { Formulaire, useCleDuContenu } from "./Formulaire";
import { controlerDeclaree, corpsDeclaree, membre, OPERATION_VIDE, type SaisieDeclaree } from "./rules";

type Props = { criteres: CriteresInitiale | null; onCree: (avenant: ConventionCreee) => void };

export function Declaration({ criteres, onCree }: Props) {
  const { mutate, isPending, error } = useDeclaration();
  const form = useSaisie<SaisieDeclaree>({
    initiale: {
      ...OPERATION_VIDE,
      numero: "",
      annee_signature: criteres ? String(criteres.annee) : "",
      numero_avenant: "",
      revision_id: null,
    },
    controler: controlerDeclaree,
  });
  const cleDe = useCleDuContenu();
  const { valeurs, changer, champ } = form;
  const envoyer = () => {
    if (!form.valide()) return;
    const corps = corpsDeclaree(valeurs);
    mutate({ corps, cle: cleDe(corps) }, { onSuccess: onCree, onError: form.refuser });
  };
  const porteur = membre(error, "convention_uuid");
  return (
    <Formulaire
      nom="Convention absente de la plateforme"
      points={form.points}
      envoi={form.envoi}
      occupe={isPending}
      verbe="Enregistrer la convention et créer l’avenant"
      verbeEnCours="Création…"
      erreur={error}
      titreErreur="L’avenant n’a pas été créé"
      recours={
        porteur ? (
          <p>
            <Lien to={`/conventions/${porteur}`}>Ouvrir la convention qui porte ce numéro</Lien>
          </p>
        ) : null
      }
      onEnvoi={envoyer}
    >
      <div className="fr-grid-row fr-grid-row--gutters">
        <div className="fr-col-12 fr-col-sm-6">
          <ChampTexte
            label="Numéro de la convention (obligatoire)"
            hintText="En entier, par exemple 75.D.12.0042"
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
      <ChampsOperation valeurs={valeurs} changer={changer} champ={champ} />
      <ChampDocument
        libelle="Déposer la convention signée (facultatif)"
        etat={champ("revision_id")}
        recu={valeurs.revision_id}
        onChange={(revision_id) => changer({ revision_id })}
      />
      <ChampTexte
        label="Numéro de l’avenant à créer (obligatoire)"
        hintText="Par exemple 3 si deux avenants ont déjà été signés."
        nom="numero_avenant"
        etat={champ("numero_avenant")}
        valeur={valeurs.numero_avenant}
        onChange={(numero_avenant) => changer({ numero_avenant })}
      />
    </Formulaire>
  );
}
