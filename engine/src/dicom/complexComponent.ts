import { type Dataset, number, text } from './Dataset';

/** Values of GE's private element, by number. */
const GE_COMPONENTS = ['MAGNITUDE', 'PHASE', 'REAL', 'IMAGINARY'] as const;

/**
 * ComplexImageComponent (PS3.3 C.8.13.3.1.2); of GE's classic images from "Private Image Type" (0043,102F)
 * in the block of GEMS_PARM_01. Undefined if neither says.
 */
export function complexComponent(instance: Dataset): string | undefined {
  const standard = text(instance.ComplexImageComponent)?.trim().toUpperCase();
  if (standard) return standard;
  const creator = text(instance['00430010'])?.trim();
  const value = shortOf(instance['0043102F']);
  return creator === 'GEMS_PARM_01' && value !== undefined ? GE_COMPONENTS[value] : undefined;
}

/** A number, or two bytes little endian: a private element of an implicit file has no type. */
function shortOf(value: unknown): number | undefined {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  if (!(one instanceof ArrayBuffer)) return number(one);
  return one.byteLength === 2 ? new DataView(one).getInt16(0, true) : undefined;
}
