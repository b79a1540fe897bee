import { mat4, vec3 } from 'gl-matrix';
import { affineFromPlane, type Point3 } from '../volume/Volume';
import { type Dataset, number, numbers, point } from './Dataset';
import { planeNormal } from './planeNormal';

/**
 * How far a derived image sees beyond the spacing of a source, mm: networks have slices of up to 3 mm and
 * look at their neighbours, and what they make is interpolated.
 */
const REACH = 10;

/**
 * Images of a source that a derived image shows: the others had part in registration, region and
 * normalization alone.
 * @param source its images, in any order; `sortSlices` accepts their headers
 * @param toReference rigid, 4x4, column-major, from the source's LPS mm to the reference's; default: the same
 *   space
 * @returns those within 10 mm and their spacing of the plane of an image of the reference
 */
export function imagesNear(
  source: readonly Dataset[],
  toReference: readonly number[] = [...mat4.create()],
): (plane: Dataset) => Dataset[] {
  const placed = source.map(image => ({ image, corners: cornersOf(image, toReference as mat4) }));
  const reach = REACH + spacingOf(source);
  return plane => {
    const { position, normal } = planeOf(plane);
    const at = vec3.dot(position, normal);
    const isNear = ({ corners }: (typeof placed)[number]) => {
      const along = corners.map(corner => vec3.dot(corner, normal) - at);
      return Math.min(...along) <= reach && Math.max(...along) >= -reach;
    };
    return placed.filter(isNear).map(({ image }) => image);
  };
}

function planeOf({ ImageOrientationPatient, ImagePositionPatient }: Dataset) {
  const orientation = numbers(ImageOrientationPatient, 6)!;
  const [row, column] = [orientation.slice(0, 3), orientation.slice(3)] as Point3[];
  return { position: point(ImagePositionPatient)!, row, column, normal: planeNormal(orientation) };
}

/** LPS mm of the reference. */
function cornersOf(image: Dataset, toReference: mat4): vec3[] {
  const { position, row, column, normal } = planeOf(image);
  const [betweenRows, betweenColumns] = numbers(image.PixelSpacing, 2)!;
  const toWorld = affineFromPlane(position, row, column, normal, [betweenColumns, betweenRows]);
  mat4.multiply(toWorld, toReference, toWorld);
  const [columns, rows] = [number(image.Columns)!, number(image.Rows)!];
  return [0, columns].flatMap(i => [0, rows].map(j => vec3.transformMat4(vec3.create(), [i, j, 0], toWorld)));
}

/** Mean distance of the images of a stack, mm. */
function spacingOf(stack: readonly Dataset[]): number {
  const { normal } = planeOf(stack[0]);
  const along = stack.map(image => vec3.dot(planeOf(image).position, normal));
  return (Math.max(...along) - Math.min(...along)) / Math.max(1, stack.length - 1);
}
