/**
 * Files are served by an address that lives 60 seconds and is asked at the moment of use (05 C.3).
 */
import { api, lire } from "./client";

/** One-time address of a document; `enLigne` to show it in the page instead of saving it. */
export async function adresseDe(documentUuid: string, enLigne = false): Promise<string> {
  const { url } = await lire(
    api.POST("/telechargements", { body: { document_uuid: documentUuid, en_ligne: enLigne } }),
  );
  return url;
}

/** Saves a document on the device. */
export async function telecharger(documentUuid: string): Promise<void> {
  const link = document.createElement("a");
  link.href = await adresseDe(documentUuid);
  link.rel = "noopener";
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}
