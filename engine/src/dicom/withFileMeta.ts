import { EXPLICIT_BIG_ENDIAN, EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from './transferSyntaxes';

const PREAMBLE = 128;
/** Value representations with a length of four bytes that file meta information has (PS3.5 7.1.2). */
const LONG = ['OB', 'UN'];

/**
 * A file with preamble, `DICM` and file meta information (PS3.10 7.1), of which consoles and anonymizers
 * leave out a part or all.
 * @returns the same bytes if nothing is missing; undefined if they do not start like a DICOM file
 */
export function withFileMeta(bytes: Uint8Array): Uint8Array | undefined {
  const start = [PREAMBLE + 4, 4].find(end => ascii(bytes, end - 4, end) === 'DICM') ?? 0;
  if (bytes.length < start + 12) return start === PREAMBLE + 4 ? bytes : undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const file = bytes.subarray(start);
  if (view.getUint16(start, true) === 2) {
    if (view.getUint16(start + 2, true)) return joined(lengthElement(metaLength(view, start)), file);
    return start === PREAMBLE + 4 ? bytes : joined(file);
  }
  const syntax = syntaxOf(view, bytes, start);
  if (!syntax) return start ? bytes : undefined;
  const element = explicitElement(
    0x10,
    'UI',
    new TextEncoder().encode(syntax + '\0'.repeat(syntax.length % 2)),
  );
  return joined(lengthElement(element.length), element, file);
}

/** Transfer syntax of a dataset, by its first element. */
function syntaxOf(view: DataView, bytes: Uint8Array, start: number): string | undefined {
  const explicit = /^[A-Z]{2}$/.test(ascii(bytes, start + 4, start + 6));
  if (view.getUint16(start) === 8 && explicit) return EXPLICIT_BIG_ENDIAN;
  if (view.getUint16(start, true) !== 8) return undefined;
  if (explicit) return EXPLICIT_LITTLE_ENDIAN;
  return view.getUint32(start + 4, true) < bytes.length ? IMPLICIT_LITTLE_ENDIAN : undefined;
}

/** Bytes of the elements of group 2, which are explicit, little endian. */
function metaLength(view: DataView, start: number): number {
  let at = start;
  while (at + 12 <= view.byteLength && view.getUint16(at, true) === 2) {
    const vr = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5));
    at += LONG.includes(vr) ? 12 + view.getUint32(at + 8, true) : 8 + view.getUint16(at + 6, true);
  }
  return at - start;
}

function lengthElement(length: number): Uint8Array {
  return explicitElement(0, 'UL', Uint8Array.of(length, length >> 8, length >> 16, length >> 24));
}

/** An element of group 2, explicit, little endian. */
function explicitElement(element: number, vr: string, value: Uint8Array): Uint8Array {
  return Uint8Array.of(2, 0, element, 0, ...new TextEncoder().encode(vr), value.length, 0, ...value);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const head = [new Uint8Array(PREAMBLE), new TextEncoder().encode('DICM'), ...parts];
  const whole = new Uint8Array(head.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of head) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}
