/** P23: the convention that an avenant is about, found by three facts that its paper tells. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { type FormEvent, useEffect, useState } from "react";
import { nouvelleCle } from "../../api/client";
import { formatDate } from "../../lib/dates";
import { DEPARTEMENTS } from "../../lib/departements";
import { compte } from "../../lib/nombres";
import { useAnnonce } from "../../ui/Annonces";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { ErrorSummary } from "../../ui/ErrorSummary";
import { Lien } from "../../ui/Lien";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { StatutBadge } from "../../ui/StatutBadge";
import { useSaisie } from "../../ui/useSaisie";
import { type ConventionInitiale, type CriteresInitiale, useConventionsInitiales, useCreationAvenant } from "./api";
import { ChampAnnee, ChampListe, ChampTexte } from "./champs";

type Saisie = { departement: string; annee: string; numero: string };

type Props = {
  criteres: CriteresInitiale | null;
  onChercher: (criteres: CriteresInitiale) => void;
};

export function RechercheInitiale({ criteres, onChercher }: Props) {
  const form = useSaisie<Saisie>({
    initiale: {
      departement: criteres?.departement ?? "",
      annee: criteres ? String(criteres.annee) : "",
      numero: criteres?.numero ?? "",
    },
    controler: ({ departement, annee, numero }) => ({
      departement: departement ? null : "Choisissez le département.",
      annee: annee ? null : "Choisissez l’année.",
      numero: numero.replace(/[\s./-]/g, "") ? null : "Indiquez les quatre derniers caractères du numéro.",
    }),
  });
  const { valeurs, changer, champ } = form;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (form.valide())
      onChercher({ departement: valeurs.departement, annee: Number(valeurs.annee), numero: valeurs.numero.trim() });
  };
  return (
    <form onSubmit={submit} noValidate aria-label="Convention à modifier" className="ap-creation__formulaire">
      <ErrorSummary points={form.points} envoi={form.envoi} />
      <div className="fr-grid-row fr-grid-row--gutters">
        <div className="fr-col-12 fr-col-md-5">
          <ChampListe
            label="Département (obligatoire)"
            hintText="Celui des logements"
            nom="departement"
            etat={champ("departement")}
            valeur={valeurs.departement}
            onChange={(departement) => changer({ departement })}
            invite="Choisissez un département"
            choix={DEPARTEMENTS.map(({ code, nom }) => [code, `${nom} (${code})`] as const)}
          />
        </div>
        <div className="fr-col-12 fr-col-sm-6 fr-col-md-3">
          <ChampAnnee
            label="Année (obligatoire)"
            hintText="Validation ou signature"
            nom="annee"
            etat={champ("annee")}
            valeur={valeurs.annee}
            onChange={(annee) => changer({ annee })}
          />
        </div>
        <div className="fr-col-12 fr-col-sm-6 fr-col-md-4">
          <ChampTexte
            label="Fin du numéro (obligatoire)"
            hintText="Ses quatre derniers caractères"
            nom="numero"
            max={40}
            etat={champ("numero")}
            valeur={valeurs.numero}
            onChange={(numero) => changer({ numero })}
          />
        </div>
      </div>
      <Button type="submit" iconId="fr-icon-search-line">
        Chercher la convention
      </Button>
    </form>
  );
}

type ResultatsProps = {
  criteres: CriteresInitiale;
  onCree: (avenant: string) => void;
  onDeclarer: () => void;
};

export function ConventionsTrouvees({ criteres, onCree, onDeclarer }: ResultatsProps) {
  const requete = useConventionsInitiales(criteres);
  const annoncer = useAnnonce();
  const trouvees = requete.data;
  useEffect(() => {
    if (trouvees) annoncer(compte(trouvees.length, "convention"));
  }, [trouvees, annoncer]);
  return (
    <section aria-labelledby="conventions-trouvees" className="fr-mt-6w">
      <h2 id="conventions-trouvees" className="fr-h4">
        {trouvees === undefined ? "Recherche en cours" : compte(trouvees.length, "convention")}
      </h2>
      <Requete
        requete={requete}
        bloc
        squelette={<Skeleton forme="cartes" nombre={1} libelle="Recherche de la convention" />}
        titreErreur="La recherche n’a pas abouti"
      >
        {(liste) =>
          liste.length === 0 ? (
            <EmptyState
              titre="Aucune convention de votre périmètre ne correspond"
              niveau={3}
              icone="fr-icon-search-line"
              actions={<Button onClick={onDeclarer}>Déclarer la convention et créer son avenant</Button>}
            >
              <p>
                Vérifiez l’année et la fin du numéro. Si la convention n’est pas dans la plateforme, décrivez-la : son
                avenant sera créé en même temps.
              </p>
            </EmptyState>
          ) : (
            <>
              <ul className="fr-raw-list">
                {liste.map((convention) => (
                  <Trouvee key={convention.uuid} convention={convention} onCree={onCree} />
                ))}
              </ul>
              <p className="fr-mt-3w">
                Ce n’est pas votre convention ?{" "}
                <button type="button" className="fr-link" onClick={onDeclarer}>
                  Déclarer une convention absente de la plateforme
                </button>
              </p>
            </>
          )
        }
      </Requete>
    </section>
  );
}

function Trouvee({ convention, onCree }: { convention: ConventionInitiale; onCree: (avenant: string) => void }) {
  const { mutate, isPending, error } = useCreationAvenant();
  const [cle] = useState(nouvelleCle);
  const { uuid, numero, nom, ville, code_postal, bailleur, financements, nb_logements } = convention;
  return (
    <li className="ap-carte-ligne ap-creation__trouvee">
      <h3 className="fr-h6 fr-mb-1v">
        <Lien to={`/conventions/${uuid}`}>
          {nom}, n° {numero}
        </Lien>{" "}
        <StatutBadge statut={convention.statut} libelle={convention.statut_libelle} />
      </h3>
      <p className="ap-ligne__faits">
        {[
          bailleur,
          `${code_postal} ${ville}`.trim(),
          compte(nb_logements, "logement"),
          financements.join(", "),
          convention.valide_le && `validée le ${formatDate(convention.valide_le)}`,
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      {error ? <ErrorState compact titre="L’avenant n’a pas été créé" erreur={error} /> : null}
      {convention.avenant_en_cours ? (
        <p className="fr-mb-0">
          Un avenant est déjà en cours.{" "}
          <Lien to={`/conventions/${convention.avenant_en_cours}`}>Ouvrir l’avenant en cours</Lien>
        </p>
      ) : null}
      {convention.avenant_possible ? (
        <ul className="fr-btns-group fr-btns-group--inline-sm fr-btns-group--sm fr-mb-n2w">
          <li>
            <Button
              size="small"
              nativeButtonProps={{ "aria-busy": isPending || undefined }}
              onClick={() => {
                if (!isPending) mutate({ corps: uuid, cle }, { onSuccess: (avenant) => onCree(avenant.uuid) });
              }}
            >
              {isPending ? "Création…" : "Créer un avenant"}
              <span className="fr-sr-only"> de la convention {numero}</span>
            </Button>
          </li>
          <li>
            <Button size="small" priority="tertiary" linkProps={{ to: `/conventions/${uuid}/avenants/depot` }}>
              Déposer d’abord ses avenants signés
            </Button>
          </li>
        </ul>
      ) : null}
      {!convention.avenant_possible && !convention.avenant_en_cours ? (
        <p className="fr-mb-0">Un avenant se crée sur une convention signée.</p>
      ) : null}
    </li>
  );
}
