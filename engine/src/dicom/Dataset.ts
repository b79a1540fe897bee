import type { Point3 } from '../volume/Volume';

/** A DICOM dataset by keyword, as dcmjs naturalizes it. */
export type Dataset = Record<string, unknown>;

/** A data element. Binary values: one ArrayBuffer per frame or fragment if compressed, otherwise one. */
export interface Element {
  vr?: string;
  Value?: unknown;
  /** The values before dcmjs put them into their form; only of a file that was read. */
  _rawValue?: unknown;
}

/** A DICOM dataset by tag, eight upper-case hexadecimal digits, as dcmjs reads and writes it. */
export type Elements = Record<string, Element>;

/** Items of a sequence, also of a single one without a list. Omits values that are no datasets. */
export function items(sequence: unknown): Dataset[] {
  return [sequence].flat().filter(item => typeof item === 'object' && item !== null) as Dataset[];
}

/** A numeric attribute of `length` values, or null when it is absent or malformed. */
export function numbers(value: unknown, length: number): number[] | null {
  const list = anyNumbers(value);
  return list?.length === length ? list : null;
}

/** The same of any number of values. */
export function anyNumbers(value: unknown): number[] | null {
  const values = typeof value === 'string' ? value.split('\\') : value;
  const list = Array.from(
    (typeof values === 'number' ? [values] : (values as ArrayLike<unknown>)) ?? [],
    number,
  );
  return list.length > 0 && list.every(v => v !== undefined) ? list : null;
}

export function point(value: unknown): Point3 | null {
  return numbers(value, 3) as Point3 | null;
}

export function number(value: unknown): number | undefined {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  if ((typeof one !== 'string' && typeof one !== 'number') || one === '') return undefined;
  // Some writers put a decimal comma.
  const n = Number(typeof one === 'string' ? one.replace(',', '.') : one);
  return Number.isFinite(n) ? n : undefined;
}

/** An attribute of one value as text; undefined when it is absent or no text. */
export function text(value: unknown): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' || typeof first === 'number' ? String(first) : undefined;
}

/** All values of an attribute as text; undefined when it is absent. */
export function texts(value: unknown): string[] | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value.split('\\');
  return Array.isArray(value) ? value.flatMap(one => text(one) ?? []) : undefined;
}
