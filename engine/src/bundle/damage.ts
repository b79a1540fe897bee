import { type Message, message } from '../messages';
import type { BundleFile } from './fields';

/**
 * What is wrong with the bytes that came in the place of a file of a bundle.
 * @param file its address
 * @param start the first bytes, `received` of them in all
 */
export function damage(
  file: string,
  { bytes: expected }: BundleFile,
  start: Uint8Array,
  received: number,
): Message {
  if (isPage(start)) return message('bundle/page', { file });
  if (isGzip(start)) return message('bundle/compressed', { file });
  if (received < expected) return message('bundle/cut', { file, received, expected });
  return message('bundle/corrupt', { file });
}

/** Whether bytes are a web page, as a proxy, a login or a missing file answers. */
export function isPage(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 100));
  return /^\s*<(!doctype|html)/i.test(start);
}

/** RFC 1952, 2.3.1, with the one method that it has. */
const isGzip = ([id1, id2, method]: Uint8Array): boolean => id1 === 0x1f && id2 === 0x8b && method === 8;
