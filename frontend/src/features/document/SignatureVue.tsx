/** The signature of a convention, for both sides: deposit, look, date; then the signed document and its corrections. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Stepper } from "@codegouvfr/react-dsfr/Stepper";
import { useEffect, useRef, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import type { ActionFaite, Convention } from "../../api/convention";
import { formatDate } from "../../lib/dates";
import { useEnLigne } from "../../lib/useEnLigne";
import { ActionBar, type ActionDePage } from "../../ui/ActionBar";
import { useAnnonce } from "../../ui/Annonces";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { Lien } from "../../ui/Lien";
import { useMessages } from "../../ui/Messages";
import { ApercuPdf } from "./ApercuPdf";
import { type DocumentDepose, useAnnulerDepot } from "./api";
import { ChampDate, RefusSignature } from "./DateSignature";
import { DejaSignee } from "./DejaSignee";
import { DocumentsAImprimer, VersionsPrecedentes, ZoneDepot } from "./Depot";
import { FichierDepose } from "./FichierDepose";
import {
  documentSigne,
  laConvention,
  signeLe,
  VOLETS_SIGNATURE,
  type VoletSignature,
  versionsPrecedentes,
  voletSignature,
} from "./rules";
import { type Signature, useSigner } from "./useSigner";

type Props = {
  convention: Convention;
  documents: readonly DocumentDepose[];
  tailleMax: number;
  /** « Revenir à l’instruction », for the side that may; null otherwise. */
  retour: ActionDePage | null;
};

export function SignatureVue(props: Props) {
  const { convention } = props;
  const [vientDeSigner, setVientDeSigner] = useState(false);
  if (convention.statut === "A_SIGNER") {
    return convention.depot_possible ? (
      <ParcoursSignature {...props} onSigne={() => setVientDeSigner(true)} />
    ) : (
      <EnAttente {...props} />
    );
  }
  if (!convention.est_valide) {
    return (
      <EmptyState
        titre={convention.statut === "ANNULEE" ? "Ce dossier est annulé" : "Ce dossier n’est pas encore à signer"}
        icone="fr-icon-draft-line"
        actions={
          <Button linkProps={{ to: `/conventions/${convention.uuid}/recapitulatif` }}>Voir le récapitulatif</Button>
        }
      >
        <p>
          {convention.statut === "ANNULEE"
            ? "Il n’y a plus rien à signer."
            : "La signature s’ouvre quand le service instructeur a validé le dossier."}
        </p>
      </EmptyState>
    );
  }
  return <DejaSignee {...props} prendreLeFocus={vientDeSigner} />;
}

/** Waiting for the signed document, for who only reads. */
function EnAttente({ convention, documents }: Props) {
  const current = documentSigne(documents);
  return (
    <>
      <p>Le bailleur et le service instructeur peuvent déposer ici le document signé par les deux parties.</p>
      {current?.utilisable ? <ApercuPdf document={current} /> : null}
      {current && !current.utilisable ? <FichierDepose document={current} /> : null}
      {current ? null : (
        <EmptyState titre="Aucun document signé pour l’instant" icone="fr-icon-draft-line">
          <p>
            Numéro {convention.numero}, validation du {formatDate(convention.valide_le)}.
          </p>
        </EmptyState>
      )}
    </>
  );
}

const TITRES: Record<VoletSignature, string> = {
  deposer: "Déposer le document signé",
  previsualiser: "Prévisualiser le document",
  dater: "Indiquer la date de signature",
};

type ParcoursProps = Props & { onSigne: () => void };

function ParcoursSignature({ convention, documents, tailleMax, retour, onSigne }: ParcoursProps) {
  const [search, setSearch] = useSearchParams();
  const document = documentSigne(documents);
  // Without a step in the address: where the file stands on arrival. A file that becomes ready never moves the page.
  const [arrivee] = useState(() => voletSignature(null, document));
  const volet = voletSignature(search.get("volet") ?? arrivee, document);
  const rank = VOLETS_SIGNATURE.indexOf(volet);
  const next = VOLETS_SIGNATURE[rank + 1];
  const online = useEnLigne();
  const title = useRef<HTMLDivElement>(null);
  const { afficher } = useMessages();
  const navigate = useNavigate();
  const moved = useRef(false);
  const aller = (target: VoletSignature) => {
    moved.current = true;
    setSearch({ volet: target });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus follows the step
  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    title.current?.focus();
    title.current?.scrollIntoView({ block: "nearest" });
  }, [volet]);

  const signature = useSigner(convention, "signer", ({ convention: signed, avertissements }: ActionFaite) => {
    if (!signed) {
      // The avenant was a sale (PE-21): the page would only answer that it does not exist.
      afficher({
        severite: "success",
        titre: "Signature enregistrée.",
        detail:
          "La convention et ses avenants sont maintenant au bailleur qui reprend les logements : vous ne les voyez plus.",
      });
      navigate("/conventions", { replace: true });
      return;
    }
    afficher({
      severite: avertissements.length > 0 ? "warning" : "success",
      titre: `${signeLe(signed)}.`,
      detail: (
        <>
          {avertissements.map(({ detail }) => `${detail} `)}
          <Lien to={`/conventions/${convention.uuid}/recapitulatif`}>Voir {laConvention(convention)}</Lien>
        </>
      ),
    });
    onSigne();
    setSearch({}, { replace: true });
  });
  const annuler = useAnnulerDepot(convention.uuid);
  const annoncer = useAnnonce();
  const retirer = () => {
    if (!document || annuler.isPending) return;
    annuler.mutate(
      { document: document.uuid, version: convention.version },
      {
        onSuccess: () => {
          annoncer("Dépôt annulé. Le fichier est archivé.");
          aller("deposer");
        },
      },
    );
  };
  const offline = online ? null : "Vous êtes hors connexion : la commande attend le retour du réseau.";

  return (
    <>
      <div ref={title} tabIndex={-1} className="ap-volet">
        <Stepper
          currentStep={rank + 1}
          stepCount={VOLETS_SIGNATURE.length}
          title={TITRES[volet]}
          nextTitle={next ? TITRES[next] : undefined}
        />
      </div>
      {volet === "deposer" ? <VoletDeposer uuid={convention.uuid} documents={documents} tailleMax={tailleMax} /> : null}
      {volet === "previsualiser" && document ? (
        <>
          <ApercuPdf document={document} />
          {annuler.error ? <ErrorState compact titre="Le dépôt n’a pas été annulé" erreur={annuler.error} /> : null}
        </>
      ) : null}
      {volet === "dater" ? <VoletDater convention={convention} signature={signature} /> : null}
      <ActionBar
        {...barre({ volet, document, aller, retirer, retrait: annuler.isPending, signature, offline })}
        gauche={retour && volet === "deposer" ? <Retour action={retour} /> : undefined}
        phrase={
          volet === "previsualiser" ? <strong>Est-ce bien le document signé par les deux parties ?</strong> : undefined
        }
      />
    </>
  );
}

const Retour = ({ action }: { action: ActionDePage }) => (
  <Button
    priority="tertiary"
    onClick={() => {
      if (!action.indisponible) action.onActiver?.();
    }}
    nativeButtonProps={{
      "aria-disabled": action.indisponible ? true : undefined,
      title: action.indisponible ?? undefined,
    }}
  >
    {action.libelle}
  </Button>
);

type BarreArgs = {
  volet: VoletSignature;
  document: DocumentDepose | null;
  aller: (volet: VoletSignature) => void;
  retirer: () => void;
  retrait: boolean;
  signature: Signature;
  offline: string | null;
};

function barre({ volet, document, aller, retirer, retrait, signature, offline }: BarreArgs): {
  principale: ActionDePage;
  autres: ActionDePage[];
} {
  switch (volet) {
    case "deposer":
      return {
        principale: {
          code: "continuer",
          libelle: "Continuer",
          onActiver: () => aller("previsualiser"),
          preconditions: manque(document),
        },
        autres: [],
      };
    case "previsualiser":
      return {
        principale: { code: "oui", libelle: "Oui, indiquer la date", onActiver: () => aller("dater") },
        autres: [
          {
            code: "non",
            libelle: "Non, annuler le dépôt",
            libelleOccupe: "Annulation…",
            occupe: retrait,
            onActiver: retirer,
            indisponible: offline,
          },
        ],
      };
    case "dater":
      return {
        principale: {
          code: "signer",
          libelle: "Enregistrer la signature",
          libelleOccupe: "Enregistrement…",
          occupe: signature.occupe,
          onActiver: signature.envoyer,
          indisponible: offline,
        },
        autres: [{ code: "precedent", libelle: "Précédent", onActiver: () => aller("previsualiser") }],
      };
  }
}

function manque(document: DocumentDepose | null) {
  if (!document) return [{ code: "FICHIER_SIGNE_MANQUANT", detail: "Déposez le document signé, au format PDF." }];
  return document.utilisable
    ? []
    : [{ code: "FICHIER_NON_VERIFIE", detail: "La vérification antivirus du document n’est pas terminée." }];
}

function VoletDeposer({
  uuid,
  documents,
  tailleMax,
}: {
  uuid: string;
  documents: readonly DocumentDepose[];
  tailleMax: number;
}) {
  return (
    <div className="ap-volet__contenu ap-volet__contenu--deux">
      <section className="ap-encadre ap-a-faire" aria-labelledby="ap-a-faire">
        <h3 id="ap-a-faire" className="fr-h6">
          À faire
        </h3>
        <ol>
          <li>Imprimez 3 exemplaires du document.</li>
          <li>Faites-les signer par le bailleur et par le service instructeur.</li>
          <li>Numérisez un exemplaire signé et déposez-le ici, au format PDF.</li>
        </ol>
        <DocumentsAImprimer documents={documents} />
      </section>
      <div>
        <ZoneDepot
          uuid={uuid}
          documents={documents}
          tailleMax={tailleMax}
          libelle="Document signé par les deux parties"
        />
        <VersionsPrecedentes documents={versionsPrecedentes(documents)} />
      </div>
    </div>
  );
}

function VoletDater({ convention, signature }: { convention: Convention; signature: Signature }) {
  const action = convention.transitions_possibles.find(({ code }) => code === "signer");
  return (
    <form
      noValidate
      className="ap-volet__contenu"
      onSubmit={(event) => {
        event.preventDefault();
        signature.envoyer();
      }}
    >
      {action ? <p>{action.confirmation}</p> : null}
      <ChampDate
        date={signature.date}
        onDate={signature.changer}
        avis={signature.avis}
        montrerErreur={signature.tente}
      />
      <RefusSignature signature={signature} />
    </form>
  );
}
