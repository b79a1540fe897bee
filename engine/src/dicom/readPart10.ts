import dcmjs from 'dcmjs';
import { decodeText } from './characterSets';
import type { Dataset, Elements } from './Dataset';
import { DEFLATED, EXPLICIT_LITTLE_ENDIAN } from './transferSyntaxes';
import { withFileMeta } from './withFileMeta';

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

/** Offset of the group length, after preamble, DICM and its tag (PS3.10 7.1). */
const META_LENGTH = 140;
/** Bytes to search: SpecificCharacterSet is among the first elements of a dataset. */
const SEARCHED = 64;
/** SpecificCharacterSet; an item with one of its own is decoded by dcmjs. */
const CHARACTER_SET = '00080005';
/** Value representations whose text is in SpecificCharacterSet (PS3.5 6.1.2.3). */
const TEXT = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);

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
 * Reads a whole Part-10 file, pixels included, by keyword.
 * @throws whatever dcmjs throws for a broken file
 */
export function readDataset(bytes: Uint8Array): Dataset {
  return dcmjs.data.DicomMetaDictionary.naturalizeDataset(readPart10(bytes).elements);
}

/**
 * Reads a Part-10 file. dcmjs refuses some character sets, drops what it finds wrong in a number and shortens
 * a UID with a letter to another one: text, decimal commas and UIDs are read here.
 * @param untilTag last tag to read, without its value
 * @throws whatever dcmjs throws for a broken file
 */
export function readPart10(bytes: Uint8Array, untilTag?: string): Part10 {
  const own = new Uint8Array(withFileMeta(bytes) ?? bytes);
  const characterSet = takeCharacterSet(own);
  const { meta, dict: elements } = dcmjs.data.DicomMessage.readFile(own.buffer, { untilTag });
  const transferSyntaxUid = String([meta['00020010']?.Value].flat()[0] || EXPLICIT_LITTLE_ENDIAN);
  // Its character set was packed with the rest: dcmjs has decoded the text.
  decodeValues(elements, transferSyntaxUid === DEFLATED ? null : characterSet);
  return { transferSyntaxUid, elements };
}

/** Blanks SpecificCharacterSet (0008,0005), so that dcmjs takes all text for Latin-1; returns what it was. */
function takeCharacterSet(bytes: Uint8Array): string {
  if (bytes.length < META_LENGTH + 4) return '';
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const start = META_LENGTH + 4 + view.getUint32(META_LENGTH, true);
  for (let at = start; at < Math.min(start + SEARCHED, bytes.length - 8); at += 2) {
    const little = view.getUint32(at, true) === 0x00050008;
    if (!little && view.getUint32(at) !== 0x00080005) continue;
    const explicit = latin1(bytes.subarray(at + 4, at + 6)) === 'CS';
    const length = explicit ? view.getUint16(at + 6, little) : view.getUint32(at + 4, little);
    const value = bytes.subarray(at + 8, at + 8 + length);
    const text = latin1(value);
    value.fill(0x20);
    return text;
  }
  return '';
}

/** @param characterSet null if the text is decoded */
function decodeValues(elements: Elements, characterSet: string | null): void {
  for (const element of Object.values(elements)) {
    const { vr = '' } = element;
    if (vr === 'SQ') {
      for (const item of [element.Value].flat()) {
        if (typeof item !== 'object' || item === null) continue;
        decodeValues(item as Elements, CHARACTER_SET in item ? null : characterSet);
      }
    }
    const raw = [element._rawValue].flat().filter(value => typeof value === 'string');
    if (vr === 'UI' && raw.length) element.Value = raw.map(value => value.replace(/[\0\s]+$/, ''));
    else if (vr === 'DS' && raw.some(value => /^[^.]*,[^.,]*$/.test(value)))
      element.Value = raw.map(value => (value.trim() ? Number(value.replace(',', '.')) : null));
    // A second byte of a character may look like the backslash between values.
    else if (TEXT.has(vr) && characterSet !== null && raw.some(value => !isAscii(value)))
      element.Value = decodeText(raw.join('\\'), characterSet)
        .split('\\')
        .map(value => (vr === 'PN' ? personName(value) : value.trimEnd()));
  }
}

/** A name's groups (PS3.5 6.2.1). */
function personName(value: string) {
  const [Alphabetic, Ideographic, Phonetic] = value.split('=').map(group => group.trim());
  return { Alphabetic, ...(Ideographic && { Ideographic }), ...(Phonetic && { Phonetic }) };
}

function isAscii(text: string): boolean {
  return [...text].every(char => char >= ' ' && char <= '~');
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
