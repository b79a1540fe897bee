import { vec3 } from 'gl-matrix';
import { type Dataset, number, numbers, point, text } from '../dicom/Dataset';
import { type Message, message } from '../messages';
import type { Point3 } from '../volume/Volume';

/** Of unit vectors and right angles, which headers round. */
const TOLERANCE = 0.01;
/** Characters, PS3.5 9. */
const MAX_UID = 64;
const UIDS = ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID', 'FrameOfReferenceUID'] as const;
/** Of an image, mm. */
const MAX_WIDTH = 1000;
/** From the scanner's centre, mm. */
const MAX_DISTANCE = 10_000;

/**
 * Checks a single image.
 * @returns the fault, a phrase before "in image 5"; null for a grey image with a plane in space
 */
export function validateImage(instance: Dataset): Message | null {
  return (
    validateUids(instance) ?? validateFrames(instance) ?? validatePixels(instance) ?? validatePlane(instance)
  );
}

/** A derived image repeats them, and a writer would cut a long one to another. */
function validateUids(instance: Dataset): Message | null {
  const keyword = UIDS.find(k => (text(instance[k])?.length ?? 0) > MAX_UID);
  return keyword ? message('attribute/uid-too-long', { keyword }) : null;
}

function validateFrames(instance: Dataset): Message | null {
  return (number(instance.NumberOfFrames) ?? 1) > 1 ? message('attribute/functional-groups') : null;
}

function validatePixels(instance: Dataset): Message | null {
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

function validatePlane(instance: Dataset): Message | null {
  const position = point(instance.ImagePositionPatient);
  const orientation = numbers(instance.ImageOrientationPatient, 6);
  const spacing = numbers(instance.PixelSpacing, 2);
  if (!position) return message('attribute/no-position');
  if (position.some(v => Math.abs(v) > MAX_DISTANCE)) return message('attribute/position-far');
  if (!orientation) return message('attribute/no-orientation');
  const row = orientation.slice(0, 3) as Point3;
  const column = orientation.slice(3) as Point3;
  const off = [vec3.length(row) - 1, vec3.length(column) - 1, vec3.dot(row, column)];
  if (off.some(v => Math.abs(v) > TOLERANCE)) return message('attribute/orientation');
  if (!spacing || spacing.some(v => v <= 0)) return message('attribute/pixel-spacing');
  if (spacing[0] * Number(instance.Rows) > MAX_WIDTH || spacing[1] * Number(instance.Columns) > MAX_WIDTH)
    return message('attribute/wider-than-a-metre');
  return null;
}

/** A whole number, not several. */
function isCount(value: unknown): boolean {
  const n = number(value);
  return n !== undefined && n === Number(value) && Number.isInteger(n) && n > 0;
}
