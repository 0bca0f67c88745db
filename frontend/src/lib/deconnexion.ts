/**
 * What must be erased from the device when the user signs out (drafts kept in IndexedDB…). Whoever keeps something
 * registers its eraser; sign-out waits for all of them.
 */
type Eraser = () => Promise<void> | void;

const erasers = new Set<Eraser>();

/** Registers an eraser; returns the function that withdraws it. */
export function aLaDeconnexion(eraser: Eraser): () => void {
  erasers.add(eraser);
  return () => erasers.delete(eraser);
}

/** Runs every eraser; one that fails does not stop the others. */
export async function effacerLesTraces(): Promise<void> {
  await Promise.allSettled([...erasers].map((eraser) => eraser()));
}
