import { isPage } from '../bundle/damage';
import { type Message, message } from '../messages';

/** The types under which browsers run a script (WHATWG MIME Sniffing, 4.6), but the oldest. */
const JAVASCRIPT = /^(text|application)\/(x-)?(java|ecma)script\s*(;|$)/i;

/**
 * What is wrong with a script or WebAssembly file as it arrives, as far as another request tells: what
 * browsers say themselves names neither file nor reason. Undefined where nothing is found.
 */
export async function servedFault(file: string): Promise<Message | undefined> {
  let response: Response;
  let bytes: ArrayBuffer;
  try {
    response = await fetch(file, { cache: 'no-cache' });
  } catch {
    return undefined;
  }
  if (!response.ok) return message('served/http-error', { file, status: response.status });
  try {
    bytes = await response.arrayBuffer();
  } catch {
    return message('served/damaged', { file });
  }
  if (isPage(new Uint8Array(bytes))) return message('served/page', { file });
  if (new URL(file).pathname.endsWith('.wasm'))
    return WebAssembly.validate(bytes) ? undefined : message('served/damaged', { file });
  const type = response.headers.get('Content-Type') ?? '';
  return JAVASCRIPT.test(type) ? undefined : message('served/type', { file, type });
}

/**
 * Threads are workers that run this script: in an isolated page browsers refuse one without the page's
 * header, without a word to who waits for it.
 */
export async function threadFault(file: string): Promise<Message | undefined> {
  const response = await fetch(file).catch(() => undefined);
  await response?.body?.cancel();
  if (!response?.ok || response.headers.has('Cross-Origin-Embedder-Policy')) return undefined;
  return message('served/not-isolated', { file });
}
