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

/** Caches: the images of a series share sequences, and items of others, which are slow to encode. */
const encodedSequences = new WeakMap<object, EncodedSequence>();
const encodedItems = new WeakMap<object, Uint8Array>();

const SYNTAX = DicomMetaDictionary.denaturalizeDataset({ TransferSyntaxUID: EXPLICIT_LITTLE_ENDIAN });
/** Of a file with that alone in its header, bytes. */
const HEADER_LENGTH = new DicomDict(SYNTAX).write().byteLength;

/** Item and sequence of undefined length, and their ends (PS3.5 7.5.2). */
const UNDEFINED = [0xff, 0xff, 0xff, 0xff];
const ITEM = Uint8Array.of(0xfe, 0xff, 0x00, 0xe0, ...UNDEFINED);
const END_OF_ITEM = Uint8Array.of(0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0);
const END_OF_SEQUENCE = Uint8Array.of(0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0);

/**
 * A dataset as a Part-10 file (PS3.10), Explicit VR Little Endian, text in UTF-8.
 * @param dataset naturalized, with SOPClassUID and SOPInstanceUID; PixelData an ArrayBuffer of OW values.
 *   Items of sequences must not change after they were written
 */
export function writePart10(dataset: Dataset): ArrayBuffer {
  return concat([new Uint8Array(headerOf(dataset)), ...encodedElements(dataset)]);
}

/** The elements of a dataset, or of an item, in the order of their tags. */
function encodedElements(dataset: Dataset): Uint8Array[] {
  const entries = Object.entries(dataset);
  const isSequence = ([keyword, value]: [string, unknown]) =>
    keyword.endsWith('Sequence') && Array.isArray(value);
  const sequences = entries
    .filter(isSequence)
    .map(([keyword, items]) => encodeSequence(keyword, items as Dataset[]));
  const rest = DicomMetaDictionary.denaturalizeDataset({
    ...Object.fromEntries(entries.filter(entry => !isSequence(entry))),
    _vrMap: { PixelData: 'OW' },
  });
  const tags = Object.keys(rest).sort();
  const parts: Uint8Array[] = [];
  for (const { tag, bytes } of sequences.sort((a, b) => (a.tag < b.tag ? -1 : 1))) {
    parts.push(encode(take(rest, tags.splice(0, tags.filter(t => t < tag).length))), bytes);
  }
  parts.push(encode(take(rest, tags)));
  return parts;
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
    const old = encodeSequence(keyword, items as Dataset[]).bytes;
    const at = indexOf(bytes, old);
    if (at < 0) throw new RangeError(`The file has another ${keyword}.`);
    const replacement = encodeSequence(keyword, after[keyword] as Dataset[]).bytes;
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

function encodeSequence(keyword: string, items: readonly Dataset[]): EncodedSequence {
  const known = encodedSequences.get(items);
  if (known?.keyword === keyword) return known;
  const [tag] = Object.keys(DicomMetaDictionary.denaturalizeDataset({ [keyword]: [] }));
  const start = [tag.slice(2, 4), tag.slice(0, 2), tag.slice(6), tag.slice(4, 6)].map(hex =>
    parseInt(hex, 16),
  );
  const header = Uint8Array.of(...start, ...new TextEncoder().encode('SQ'), 0, 0, ...UNDEFINED);
  const encoded = items.map(encodeItem);
  const made = { keyword, tag, bytes: new Uint8Array(concat([header, ...encoded, END_OF_SEQUENCE])) };
  encodedSequences.set(items, made);
  return made;
}

function encodeItem(item: Dataset): Uint8Array {
  const known = encodedItems.get(item);
  if (known) return known;
  const made = new Uint8Array(concat([ITEM, ...encodedElements(item), END_OF_ITEM]));
  encodedItems.set(item, made);
  return made;
}

/** Data elements by tag as they stand in a file, without a header. */
function encode(elements: Elements): Uint8Array {
  if (Object.keys(elements).length === 0) return new Uint8Array();
  const file = new DicomDict(SYNTAX);
  file.dict = elements;
  return new Uint8Array(file.write({ fragmentMultiframe: false }), HEADER_LENGTH);
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
