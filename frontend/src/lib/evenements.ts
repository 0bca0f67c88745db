/** Reads a stream of events (text/event-stream) piece by piece, wherever the network cuts it. */
export type Evenement = { nom: string; id: string | null; donnees: string };

/** Gives the next piece of text to the reader; it answers with the events that are whole. */
export type Lecteur = (morceau: string) => Evenement[];

export function lecteurEvenements(): Lecteur {
  let reste = "";
  /** A carriage return that ended the last piece: the line feed that may follow belongs to it. */
  let retour = false;
  let nom = "";
  let id: string | null = null;
  let donnees: string[] = [];

  const ligne = (texte: string, out: Evenement[]) => {
    if (texte === "") {
      if (donnees.length > 0) out.push({ nom: nom || "message", id, donnees: donnees.join("\n") });
      nom = "";
      id = null;
      donnees = [];
      return;
    }
    const deux = texte.indexOf(":");
    if (deux === 0) return; // a comment: the server is still there
    const champ = deux < 0 ? texte : texte.slice(0, deux);
    const valeur = deux < 0 ? "" : texte.slice(deux + 1).replace(/^ /, "");
    if (champ === "event") nom = valeur;
    else if (champ === "data") donnees.push(valeur);
    else if (champ === "id" && !valeur.includes("\0")) id = valeur;
  };

  return (morceau) => {
    const out: Evenement[] = [];
    let texte = retour && morceau.startsWith("\n") ? morceau.slice(1) : morceau;
    if (morceau !== "") retour = texte.endsWith("\r");
    texte = reste + texte;
    const lignes = texte.split(/\r\n|\n|\r/);
    reste = lignes.pop() ?? "";
    for (const l of lignes) ligne(l, out);
    return out;
  };
}
