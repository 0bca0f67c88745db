// A reproducible source of numbers and the choices made with it: the same seed always gives the same data.

/** @param {number} graine */
export function hasard(graine) {
  let etat = graine >>> 0;
  const suivant = () => {
    // mulberry32: short, and good enough to vary test data
    etat = (etat + 0x6d2b79f5) >>> 0;
    let t = Math.imul(etat ^ (etat >>> 15), etat | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const entier = (n) => Math.floor(suivant() * n);
  return {
    entier,
    choix: (liste) => liste[entier(liste.length)],
    /** true once in n */
    unSur: (n) => entier(n) === 0,
    reel: (min, max) => min + suivant() * (max - min),
    uuid() {
      const hex = () => entier(16).toString(16);
      return "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replace(/[xy]/g, (c) => (c === "x" ? hex() : "89ab"[entier(4)]));
    },
  };
}
