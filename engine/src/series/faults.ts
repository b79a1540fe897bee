import { vec3 } from 'gl-matrix';
import { type Dataset, number, numbers, point, text } from '../dicom/Dataset';
import { type Message, message } from '../messages';
import type { Point3 } from '../volume/Volume';

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
export function faultOf(instance: Dataset): Message | null {
  return frameFault(instance) ?? pixelFault(instance) ?? planeFault(instance);
}

function frameFault(instance: Dataset): Message | null {
  return (number(instance.NumberOfFrames) ?? 1) > 1 ? message('attribute/functional-groups') : null;
}

function pixelFault(instance: Dataset): Message | null {
  const stored = number(instance.BitsStored);
  const high = number(instance.HighBit);
  if (!isCount(instance.Rows) || !isCount(instance.Columns)) return message('attribute/rows-columns');
  if ((number(instance.SamplesPerPixel) ?? 1) !== 1) return message('attribute/colour');
  const photometric = text(instance.PhotometricInterpretation) ?? 'MONOCHROME2';
  if (photometric !== 'MONOCHROME2')
    return message('attribute/photometric', { photometricInterpretation: photometric });
  if (![8, 16].includes(number(instance.BitsAllocated) ?? 16)) return message('attribute/bits-allocated');
  if (stored !== undefined && !(stored > 0 && stored <= (number(instance.BitsAllocated) ?? 16)))
    return message('attribute/bits-stored');
  if (stored !== undefined && high !== undefined && high !== stored - 1) return message('attribute/high-bit');
  if ((number(instance.RescaleSlope) ?? 1) === 0) return message('attribute/rescale-slope');
  return null;
}

function planeFault(instance: Dataset): Message | null {
  const position = point(instance.ImagePositionPatient);
  const orientation = numbers(instance.ImageOrientationPatient, 6);
  const spacing = numbers(instance.PixelSpacing, 2);
  if (!position) return message('attribute/no-position');
  if (position.some(v => Math.abs(v) > FARTHEST)) return message('attribute/position-far');
  if (!orientation) return message('attribute/no-orientation');
  const row = orientation.slice(0, 3) as Point3;
  const column = orientation.slice(3) as Point3;
  const off = [vec3.length(row) - 1, vec3.length(column) - 1, vec3.dot(row, column)];
  if (off.some(v => Math.abs(v) > ROUNDED)) return message('attribute/orientation');
  if (!spacing || spacing.some(v => v <= 0)) return message('attribute/pixel-spacing');
  if (spacing[0] * Number(instance.Rows) > WIDEST || spacing[1] * Number(instance.Columns) > WIDEST)
    return message('attribute/wider-than-a-metre');
  return null;
}

function isCount(value: unknown): boolean {
  const n = number(value);
  return n !== undefined && Number.isInteger(n) && n > 0;
}
