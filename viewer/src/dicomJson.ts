/** Converts datasets to the DICOM JSON Model (PS3.18 annex F). */
import type { Element, Elements } from '@modality-synthesis/engine/dicom/node';

export interface JsonElement {
  vr: string;
  Value?: JsonValue[];
  InlineBinary?: string;
  BulkDataURI?: string;
}

export type JsonValue = string | number | null | PersonName | DicomJson;
export interface PersonName {
  Alphabetic?: string;
  Ideographic?: string;
  Phonetic?: string;
}

/** Data elements by tag, eight upper-case hexadecimal digits. */
export interface DicomJson {
  [tag: string]: JsonElement;
}

/** Longest binary value in bytes that the metadata contains inline; larger ones have a BulkDataURI. */
const INLINE_BYTES = 4096;

/**
 * @param bulkDataUri address of the large value of a top-level tag; by default all binary values are inline
 */
export function toDicomJson(elements: Elements, bulkDataUri?: (tag: string) => string): DicomJson {
  const json: DicomJson = {};
  for (const tag of Object.keys(elements).sort()) {
    const element = elements[tag];
    // Group lengths describe the file, not the object.
    if (element && !tag.endsWith('0000'))
      json[tag] = toJsonElement(element, bulkDataUri && (() => bulkDataUri(tag)));
  }
  return json;
}

function toJsonElement(element: Element, bulkDataUri?: () => string): JsonElement {
  const vr = element.vr ?? 'UN';
  const values = Array.isArray(element.Value)
    ? element.Value
    : element.Value === undefined
      ? []
      : [element.Value];
  if (values[0] instanceof ArrayBuffer) {
    if (bulkDataUri && (values.length > 1 || values[0].byteLength > INLINE_BYTES))
      return { vr, BulkDataURI: bulkDataUri() };
    return { vr, InlineBinary: Buffer.from(values[0]).toString('base64') };
  }
  const converted = values.map(value => toJsonValue(vr, value));
  // PS3.18 F.2.5: an empty element has no Value; null stands for an empty value among others.
  return converted.every(value => value === null) ? { vr } : { vr, Value: converted };
}

function toJsonValue(vr: string, value: unknown): JsonValue {
  if (value === null || value === undefined || value === '') return null;
  if (vr === 'SQ') return toDicomJson(value as Elements);
  if (vr === 'PN') return personName(value);
  if (vr === 'AT' && typeof value === 'number') return value.toString(16).toUpperCase().padStart(8, '0');
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return String(value);
}

function personName(value: unknown): PersonName {
  if (typeof value !== 'object' || value === null) return { Alphabetic: String(value) };
  const { Alphabetic, Ideographic, Phonetic } = value as PersonName;
  return {
    ...(Alphabetic && { Alphabetic }),
    ...(Ideographic && { Ideographic }),
    ...(Phonetic && { Phonetic }),
  };
}

/** First value of an element as text; '' if it has none. */
export function textOf(json: DicomJson, tag: string): string {
  const value = json[tag]?.Value?.[0];
  if (value === null || value === undefined) return '';
  if (typeof value === 'object')
    return 'Alphabetic' in value && typeof value.Alphabetic === 'string' ? value.Alphabetic : '';
  return String(value);
}

/** First value of an element as a number, or the fallback. */
export function numberOf(json: DicomJson, tag: string, fallback: number): number {
  const text = textOf(json, tag);
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? number : fallback;
}
