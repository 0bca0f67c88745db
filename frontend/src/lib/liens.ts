/** Addresses of pages that several features link to. */

/** Address of the page of an operation; a number may hold slashes, which stay in the path. */
export const lienOperation = (numero: string): string =>
  `/operations/${numero.split("/").map(encodeURIComponent).join("/")}`;
