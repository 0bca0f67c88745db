/** A code that no commune bears, or no longer: said as such, whoever asks. */
import { NotFound } from "../../ui/NotFound";

export function CommuneInconnue({ code }: { code: string }) {
  return (
    <NotFound
      titre="Commune introuvable"
      detail={`Aucune commune actuelle ne porte le code INSEE « ${code} ».`}
      reprise={{
        phrase: "Vérifiez le code, ou cherchez la commune par son nom.",
        libelle: "Chercher une commune",
        vers: "/bal",
      }}
    />
  );
}
