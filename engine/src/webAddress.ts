/**
 * An address of the web (http or https); undefined for any other text.
 * @param base of relative addresses; without it they are none
 */
export function webAddress(text: string, base?: string): URL | undefined {
  if (!text || !URL.canParse(text, base)) return undefined;
  const url = new URL(text, base);
  return /^https?:$/.test(url.protocol) ? url : undefined;
}

/** Whether an address has what must not be kept or shown: a password, or what a query may hold. */
export function mayHoldSecret({ username, password, search }: URL): boolean {
  return [username, password, search].some(part => part !== '');
}

/** An address without slashes at its end, to which a path is added. */
export const rootOf = ({ href }: URL): string => href.replace(/\/+$/, '');
