/** The word that every label of and on a synthetic image begins with. */
export const SYNTHETIC = 'SYNTHETIC';

/** A label with the word before it, once. */
export function withWord(label = ''): string {
  return label.startsWith(SYNTHETIC) ? label : `${SYNTHETIC} ${label}`.trim();
}
