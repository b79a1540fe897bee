import { joined, type Sentence, say, type Text } from '@modality-synthesis/engine';

/**
 * Why an image is not in the archive: the HTTP status of the answer, or
 * `timeout` (no answer in time), `connection` (no answer at all), `refused` (an answer whose body names the image as
 * failed, PS3.18 10.5.3), `not-listed` (taken, but not found afterwards), `no-store` (nothing was sent).
 */
export type StoreFailureKind = number | 'timeout' | 'connection' | 'refused' | 'not-listed' | 'no-store';

/** One failed attempt. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';

  /** @param reasons FailureReason (0008,1197) of each image that the answer names as failed */
  constructor(
    readonly kind: StoreFailureKind,
    readonly reasons: readonly number[] = [],
  ) {
    super(`${kind}`);
  }

  /** Whether the same request may succeed a little later. */
  get passing(): boolean {
    const { kind } = this;
    if (typeof kind === 'number') return kind === 408 || kind === 429 || kind >= 500;
    return kind === 'timeout' || kind === 'connection' || kind === 'not-listed';
  }

  /** What happened and what to do, as two clauses without a full stop. */
  get words(): Sentence {
    return words(this.kind, this.reasons);
  }
}

function words(kind: StoreFailureKind, reasons: readonly number[]): Sentence {
  const why = reasons.length ? say`: ${joined(reasons.map(reasonWords), ', ')}` : '';
  switch (kind) {
    case 'timeout':
      return say`The archive did not answer in time; try again, or ask its administrator`;
    case 'connection':
      return say`The archive cannot be reached or the connection broke; check the network and try again`;
    case 'refused':
      return say`The archive refused an image${why}; ask its administrator`;
    case 'not-listed':
      return say`The archive took every image but does not list them all; try again, or ask its administrator`;
    case 'no-store':
      return say`This data source cannot store; download the result instead`;
    case 401:
      return say`The archive asks for a login (HTTP 401); log in again and try again`;
    case 403:
      return say`You may not store in this archive (HTTP 403); ask its administrator for the right to`;
    case 404:
    case 405:
    case 501:
      return say`This archive takes no images (HTTP ${kind}); download the result instead`;
    case 409:
      return say`The archive refused an image as conflicting (HTTP 409${why}); ask its administrator`;
    case 413:
      return say`An image is larger than the archive allows (HTTP 413); ask its administrator to raise the limit`;
  }
  if (kind >= 500) return say`The archive failed (HTTP ${kind}); try again later, or ask its administrator`;
  return say`The archive refused an image (HTTP ${kind}); ask its administrator`;
}

/** FailureReason (PS3.4 table B.2-1 and PS3.7 annex C) in words. */
function reasonWords(reason: number): Text {
  const code = `0x${reason.toString(16).toUpperCase().padStart(4, '0')}`;
  if (reason >> 8 === 0xa7) return say`out of resources (${code})`;
  if (reason >> 8 === 0xa9) return say`does not match its SOP class (${code})`;
  if (reason >> 12 === 0xc) return say`cannot be understood (${code})`;
  if (reason === 0x0110) return say`processing failure (${code})`;
  if (reason === 0x0122) return say`MR images are not supported (${code})`;
  if (reason === 0x0124) return say`not authorized (${code})`;
  return code;
}
