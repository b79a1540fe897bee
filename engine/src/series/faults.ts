import { vec3 } from 'gl-matrix';
import type { Dataset } from '../dicom/Dataset';
import type { Point3 } from '../volume/Volume';
import { number, numbers, point } from './attributes';

/** Unit vectors and right angles are written with some digits only. */
const ROUNDED = 0.01;
/** No head is wider than this, mm. */
const WIDEST = 1000;
/** No patient lies farther from the scanner's centre than this, mm. */
const FARTHEST = 10_000;

/**
 * What makes an image unusable, whatever the others of its series are like; words that go before "in image 5".
 * @returns null for a grey image with a plane in space
 */
export function faultOf(instance: Dataset): string | null {
  return frameFault(instance) ?? pixelFault(instance) ?? planeFault(instance);
}

function frameFault(instance: Dataset): string | null {
  return (number(instance.NumberOfFrames) ?? 1) > 1
    ? 'PerFrameFunctionalGroupsSequence does not describe each of the NumberOfFrames'
    : null;
}

function pixelFault(instance: Dataset): string | null {
  const stored = number(instance.BitsStored);
  const high = number(instance.HighBit);
  if (!isCount(instance.Rows) || !isCount(instance.Columns)) return 'Rows or Columns is missing or zero';
  if ((number(instance.SamplesPerPixel) ?? 1) !== 1) return 'SamplesPerPixel says colour';
  const photometric = instance.PhotometricInterpretation ?? 'MONOCHROME2';
  if (photometric !== 'MONOCHROME2') return `PhotometricInterpretation is ${photometric}, not MONOCHROME2,`;
  if (![8, 16].includes(number(instance.BitsAllocated) ?? 16)) return 'BitsAllocated is neither 8 nor 16';
  if (stored !== undefined && !(stored > 0 && stored <= Number(instance.BitsAllocated ?? 16)))
    return 'BitsStored does not fit BitsAllocated';
  if (stored !== undefined && high !== undefined && high !== stored - 1)
    return 'HighBit is not BitsStored - 1';
  if ((number(instance.RescaleSlope) ?? 1) === 0) return 'RescaleSlope is zero';
  return null;
}

function planeFault(instance: Dataset): string | null {
  const position = point(instance.ImagePositionPatient);
  const orientation = numbers(instance.ImageOrientationPatient, 6);
  const spacing = numbers(instance.PixelSpacing, 2);
  if (!position) return 'ImagePositionPatient is missing or not three numbers';
  if (position.some(v => Math.abs(v) > FARTHEST)) return 'ImagePositionPatient is more than 10 m away';
  if (!orientation) return 'ImageOrientationPatient is missing or not six numbers';
  const row = orientation.slice(0, 3) as Point3;
  const column = orientation.slice(3) as Point3;
  const off = [vec3.length(row) - 1, vec3.length(column) - 1, vec3.dot(row, column)];
  if (off.some(v => Math.abs(v) > ROUNDED))
    return 'ImageOrientationPatient is not two perpendicular unit vectors';
  if (!spacing || spacing.some(v => v <= 0)) return 'PixelSpacing is missing or not two positive numbers';
  if (spacing[0] * Number(instance.Rows) > WIDEST || spacing[1] * Number(instance.Columns) > WIDEST)
    return 'PixelSpacing makes a picture wider than a metre';
  return null;
}

function isCount(value: unknown): boolean {
  const n = number(value);
  return n !== undefined && Number.isInteger(n) && n > 0;
}
