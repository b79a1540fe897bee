/** Begins a part; the pieces of its body follow. */
export const PART = Symbol('part');

const HEAD_END = '\r\n\r\n';

/**
 * Takes a multipart/related body (RFC 2387) apart as it arrives: a part is never in memory as a whole.
 * @throws RangeError when it ends before its last boundary
 */
export async function* multipartPieces(
  chunks: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<typeof PART | Uint8Array, void> {
  const delimiter = `\r\n--${boundary}`;
  // The first delimiter may lack its line break.
  let rest = Buffer.from('\r\n');
  let where: 'preamble' | 'head' | 'body' = 'preamble';
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    while (true) {
      if (where === 'head') {
        if (rest.subarray(0, 2).equals(Buffer.from('--'))) return;
        const end = rest.indexOf(HEAD_END);
        if (end < 0) break;
        rest = rest.subarray(end + HEAD_END.length);
        where = 'body';
        yield PART;
      }
      const at = rest.indexOf(delimiter);
      // The last bytes may be the beginning of a delimiter.
      const end = at < 0 ? Math.max(0, rest.length - delimiter.length + 1) : at;
      if (where === 'body' && end > 0) yield rest.subarray(0, end);
      rest = rest.subarray(at < 0 ? end : at + delimiter.length);
      if (at < 0) break;
      where = 'head';
    }
  }
  throw new RangeError('The multipart body ends early.');
}

/** The boundary in a Content-Type; undefined when it is not multipart. */
export function boundaryOf(contentType: string): string | undefined {
  const [, quoted, bare] = /^multipart\/.*;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  return quoted ?? bare;
}
