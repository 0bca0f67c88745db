/** /500: an incident on the server's side. */
import { ErreurInattendue } from "../../app/Erreur";

export function Component() {
  return <ErreurInattendue />;
}
