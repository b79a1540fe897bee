import { vec3 } from 'gl-matrix';
import type { Dataset } from '../dicom/Dataset';
import { type Sentence, say } from '../say';
import type { Point3 } from '../volume/Volume';
import { number, numbers, point, text } from './attributes';

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
export function faultOf(instance: Dataset): Sentence | null {
  return frameFault(instance) ?? pixelFault(instance) ?? planeFault(instance);
}

function frameFault(instance: Dataset): Sentence | null {
  return (number(instance.NumberOfFrames) ?? 1) > 1
    ? say`PerFrameFunctionalGroupsSequence does not describe each of the NumberOfFrames`
    : null;
}

function pixelFault(instance: Dataset): Sentence | null {
  const stored = number(instance.BitsStored);
  const high = number(instance.HighBit);
  if (!isCount(instance.Rows) || !isCount(instance.Columns)) return say`Rows or Columns is missing or zero`;
  if ((number(instance.SamplesPerPixel) ?? 1) !== 1) return say`SamplesPerPixel says colour`;
  const photometric = text(instance.PhotometricInterpretation) ?? 'MONOCHROME2';
  if (photometric !== 'MONOCHROME2')
    return say`PhotometricInterpretation is ${photometric}, not MONOCHROME2,`;
  if (![8, 16].includes(number(instance.BitsAllocated) ?? 16)) return say`BitsAllocated is neither 8 nor 16`;
  if (stored !== undefined && !(stored > 0 && stored <= (number(instance.BitsAllocated) ?? 16)))
    return say`BitsStored does not fit BitsAllocated`;
  if (stored !== undefined && high !== undefined && high !== stored - 1)
    return say`HighBit is not BitsStored - 1`;
  if ((number(instance.RescaleSlope) ?? 1) === 0) return say`RescaleSlope is zero`;
  return null;
}

function planeFault(instance: Dataset): Sentence | null {
  const position = point(instance.ImagePositionPatient);
  const orientation = numbers(instance.ImageOrientationPatient, 6);
  const spacing = numbers(instance.PixelSpacing, 2);
  if (!position) return say`ImagePositionPatient is missing or not three numbers`;
  if (position.some(v => Math.abs(v) > FARTHEST)) return say`ImagePositionPatient is more than 10 m away`;
  if (!orientation) return say`ImageOrientationPatient is missing or not six numbers`;
  const row = orientation.slice(0, 3) as Point3;
  const column = orientation.slice(3) as Point3;
  const off = [vec3.length(row) - 1, vec3.length(column) - 1, vec3.dot(row, column)];
  if (off.some(v => Math.abs(v) > ROUNDED))
    return say`ImageOrientationPatient is not two perpendicular unit vectors`;
  if (!spacing || spacing.some(v => v <= 0)) return say`PixelSpacing is missing or not two positive numbers`;
  if (spacing[0] * Number(instance.Rows) > WIDEST || spacing[1] * Number(instance.Columns) > WIDEST)
    return say`PixelSpacing makes a picture wider than a metre`;
  return null;
}

function isCount(value: unknown): boolean {
  const n = number(value);
  return n !== undefined && Number.isInteger(n) && n > 0;
}
