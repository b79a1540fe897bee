import dcmjs from 'dcmjs';
import type { Dataset, Elements } from './Dataset';
import { EXPLICIT_LITTLE_ENDIAN } from './transferSyntaxes';

const { DicomDict, DicomMetaDictionary } = dcmjs.data;

/** Names this writer (PS3.7 D.3.3.2). */
const IMPLEMENTATION_CLASS_UID = '2.25.212137406329218262034962083911474215021';

/** A sequence as it stands in a file. */
interface EncodedSequence {
  keyword: string;
  tag: string;
  bytes: Uint8Array;
}

/** Cache by items: all images of a series share hundreds of references, which are slow to encode. */
const encodedSequences = new WeakMap<object, EncodedSequence>();

/**
 * A dataset as a Part-10 file (PS3.10), Explicit VR Little Endian, text in UTF-8.
 * @param dataset naturalized, with SOPClassUID and SOPInstanceUID; PixelData an ArrayBuffer of OW values.
 *   Items of sequences must not change after they were written
 */
export function writePart10(dataset: Dataset): ArrayBuffer {
  const entries = Object.entries(dataset);
  const isSequence = ([keyword, value]: [string, unknown]) =>
    keyword.endsWith('Sequence') && Array.isArray(value);
  const sequences = entries
    .filter(isSequence)
    .map(([keyword, items]) => encodeSequence(keyword, items as object));
  const rest = DicomMetaDictionary.denaturalizeDataset({
    ...Object.fromEntries(entries.filter(entry => !isSequence(entry))),
    _vrMap: { PixelData: 'OW' },
  });
  const tags = Object.keys(rest).sort();
  const parts: Uint8Array[] = [new Uint8Array(headerOf(dataset))];
  for (const { tag, bytes } of sequences.sort((a, b) => (a.tag < b.tag ? -1 : 1))) {
    parts.push(encode(take(rest, tags.splice(0, tags.filter(t => t < tag).length))), bytes);
  }
  parts.push(encode(take(rest, tags)));
  return concat(parts);
}

/**
 * A file of `writePart10` with other items in some of its sequences; everything else stays as it is.
 * @param before these sequences as they were written
 * @param after the same by keyword
 * @throws RangeError when the file does not hold them
 */
export function replaceSequences(file: ArrayBuffer, before: Dataset, after: Dataset): ArrayBuffer {
  let bytes = new Uint8Array(file);
  for (const [keyword, items] of Object.entries(before)) {
    const old = encodeSequence(keyword, items as object).bytes;
    const at = indexOf(bytes, old);
    if (at < 0) throw new RangeError(`The file has another ${keyword}.`);
    const replacement = encodeSequence(keyword, after[keyword] as object).bytes;
    bytes = new Uint8Array(concat([bytes.subarray(0, at), replacement, bytes.subarray(at + old.length)]));
  }
  return bytes.buffer;
}

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  for (let at = bytes.indexOf(part[0]); at >= 0; at = bytes.indexOf(part[0], at + 1)) {
    let n = 1;
    while (n < part.length && bytes[at + n] === part[n]) n++;
    if (n === part.length) return at;
  }
  return -1;
}

/** Preamble and file meta information (PS3.10 7.1). */
function headerOf({ SOPClassUID, SOPInstanceUID }: Dataset): ArrayBuffer {
  return new DicomDict(
    DicomMetaDictionary.denaturalizeDataset({
      FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
      MediaStorageSOPClassUID: SOPClassUID,
      MediaStorageSOPInstanceUID: SOPInstanceUID,
      TransferSyntaxUID: EXPLICIT_LITTLE_ENDIAN,
      ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
      ImplementationVersionName: 'MODALITY_SYNTH',
    }),
  ).write();
}

function encodeSequence(keyword: string, items: object): EncodedSequence {
  const known = encodedSequences.get(items);
  if (known?.keyword === keyword) return known;
  const elements = DicomMetaDictionary.denaturalizeDataset({ [keyword]: items });
  const made = { keyword, tag: Object.keys(elements)[0], bytes: encode(elements) };
  encodedSequences.set(items, made);
  return made;
}

/** Data elements by tag as they stand in a file, without a header. */
function encode(elements: Elements): Uint8Array {
  const file = new DicomDict(
    DicomMetaDictionary.denaturalizeDataset({ TransferSyntaxUID: EXPLICIT_LITTLE_ENDIAN }),
  );
  const header = file.write().byteLength;
  file.dict = elements;
  return new Uint8Array(file.write({ fragmentMultiframe: false }), header);
}

function take(elements: Elements, tags: readonly string[]): Elements {
  return Object.fromEntries(tags.map(tag => [tag, elements[tag]]));
}

function concat(parts: readonly Uint8Array[]): ArrayBuffer {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole.buffer;
}
