import dcmjs from 'dcmjs';
import type { Dataset, Elements } from './Dataset';
import { EXPLICIT_LITTLE_ENDIAN } from './transferSyntaxes';

// Keeps the messages of dcmjs out of our output.
dcmjs.log.setLevel('silent');
dcmjs.log.getLogger('validation.dcmjs').setLevel('silent');

export const PIXEL_DATA = '7FE00010';

/** A Part-10 file (PS3.10) as read, all text in Unicode. */
export interface Part10 {
  transferSyntaxUid: string;
  elements: Elements;
}

/** A Part-10 file up to its pixels. */
export interface Part10Header extends Part10 {
  /** The same elements by keyword. */
  instance: Dataset;
  hasPixels: boolean;
}

/** Kanji; the only extension of an 8-bit or 7-bit set that we know. */
const KANJI = 'ISO 2022 IR 87';
const KATAKANA = /^ISO[ _](2022 )?IR 13$/;
const ESCAPE = String.fromCharCode(0x1b);
/** Escape sequence to kanji with the kanji, and back (PS3.3 C.12.1.1.2). */
const TO_KANJI = new RegExp(`${ESCAPE}\\$[@B]([^${ESCAPE}]*)`, 'g');
const FROM_KANJI = new RegExp(`${ESCAPE}[()][BIJ]`, 'g');
/** Offset of the group length, after preamble, DICM and its tag (PS3.10 7.1). */
const META_LENGTH = 140;
/** Bytes to search: SpecificCharacterSet is among the first elements of a dataset. */
const SEARCHED = 64;

/** Part-10 files start with 128 bytes of anything, then `DICM` (PS3.10 7.1). */
export function isPart10(bytes: Uint8Array): boolean {
  return bytes.length > 132 && latin1(bytes.subarray(128, 132)) === 'DICM';
}

/**
 * Reads a Part-10 file up to its PixelData.
 * @throws whatever dcmjs throws for a broken file
 */
export function readPart10Header(bytes: Uint8Array): Part10Header {
  const { transferSyntaxUid, elements } = readPart10(bytes, PIXEL_DATA);
  const hasPixels = PIXEL_DATA in elements;
  delete elements[PIXEL_DATA];
  const instance = dcmjs.data.DicomMetaDictionary.naturalizeDataset(elements);
  return { transferSyntaxUid, elements, instance, hasPixels };
}

/**
 * Reads a Part-10 file. dcmjs supports one character set per file; Japanese files have two and are decoded by
 * their escape sequences (PS3.5 6.1.2.5, H.3).
 * @param untilTag last tag to read, without its value
 * @throws whatever dcmjs throws for a broken file
 */
export function readPart10(bytes: Uint8Array, untilTag?: string): Part10 {
  const own = new Uint8Array(bytes);
  const katakana = useOneCharacterSet(own);
  const { meta, dict: elements } = dcmjs.data.DicomMessage.readFile(own.buffer, { untilTag });
  if (katakana) {
    for (const element of Object.values(elements)) element.Value = decodeKanji(element.Value);
  }
  const [transferSyntaxUid] = [meta['00020010']?.Value].flat();
  return { transferSyntaxUid: String(transferSyntaxUid || EXPLICIT_LITTLE_ENDIAN), elements };
}

/**
 * Replaces the two character sets of a Japanese file by one, in place.
 * @returns true if single bytes are katakana: then dcmjs leaves the kanji escape sequences undecoded
 */
function useOneCharacterSet(bytes: Uint8Array): boolean {
  const value = characterSetValue(bytes);
  const [first, ...others] = latin1(value)
    .split('\\')
    .map(set => set.trim());
  if (!others.includes(KANJI)) return false;
  const katakana = KATAKANA.test(first);
  const one = (katakana ? 'ISO_IR 13' : KANJI).padEnd(value.length);
  value.set(Array.from(one, c => c.charCodeAt(0)));
  return katakana;
}

/** Value field of SpecificCharacterSet (0008,0005), little endian; empty where there is none. */
function characterSetValue(bytes: Uint8Array): Uint8Array {
  if (bytes.length < META_LENGTH + 4) return new Uint8Array();
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const start = META_LENGTH + 4 + view.getUint32(META_LENGTH, true);
  for (let at = start; at < Math.min(start + SEARCHED, bytes.length - 8); at += 2) {
    if (view.getUint32(at, true) !== 0x00050008) continue;
    const explicit = latin1(bytes.subarray(at + 4, at + 6)) === 'CS';
    const length = explicit ? view.getUint16(at + 6, true) : view.getUint32(at + 4, true);
    return bytes.subarray(at + 8, at + 8 + length);
  }
  return new Uint8Array();
}

/** Text, or a name's groups, with every kanji escape sequence decoded. */
function decodeKanji(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodeKanji);
  if (typeof value === 'string') {
    return value.replace(TO_KANJI, (_, codes: string) => kanji(codes)).replace(FROM_KANJI, '');
  }
  if (typeof value !== 'object' || value === null || !('Alphabetic' in value)) return value;
  return Object.fromEntries(Object.entries(value).map(([group, text]) => [group, decodeKanji(text)]));
}

function kanji(codes: string): string {
  const bytes = Uint8Array.from(`${ESCAPE}$B${codes}`, c => c.charCodeAt(0));
  return new TextDecoder('iso-2022-jp').decode(bytes);
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
