/** What the tabs of this browser tell each other: a sign-out closes them all, an extended session is extended in all. */
export type MessageOnglets = { type: "fin" } | { type: "session"; expireLe: string };

const CANAL = "apilos.session";

export function direAuxOnglets(message: MessageOnglets): void {
  if (!("BroadcastChannel" in window)) return;
  const channel = new BroadcastChannel(CANAL);
  channel.postMessage(message);
  channel.close();
}

/** Listens to the other tabs; returns the function that stops. */
export function ecouterLesOnglets(listener: (message: MessageOnglets) => void): () => void {
  if (!("BroadcastChannel" in window)) return () => undefined;
  const channel = new BroadcastChannel(CANAL);
  channel.onmessage = (event: MessageEvent<MessageOnglets>) => listener(event.data);
  return () => channel.close();
}
