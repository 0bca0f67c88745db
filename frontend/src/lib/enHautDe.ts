/**
 * A page that was already read comes back where it was scrolled. After a command that leads to it, its top is what
 * matters: the message that says what was done is there.
 */
export async function enHautDe(navigation: void | Promise<void>): Promise<void> {
  await navigation;
  requestAnimationFrame(() => window.scrollTo(0, 0));
}
