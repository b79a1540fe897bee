import { type Dataset, number, numbers, type Point3, point } from '@modality-synthesis/engine';
import { vec3 } from 'gl-matrix';

/** Where a plane lies: a position in it and its unit normal, LPS mm. */
export interface Plane {
  position: Point3;
  normal: Point3;
}

/** Normals apart by a quarter of a degree are parallel: headers round orientations. */
const PARALLEL = Math.cos(Math.PI / 720);

/** The plane of an image; undefined where its header does not tell it. */
export function planeOf({ ImagePositionPatient, ImageOrientationPatient }: Dataset): Plane | undefined {
  const position = point(ImagePositionPatient);
  const orientation = numbers(ImageOrientationPatient, 6);
  if (!position || !orientation) return undefined;
  const [row, column] = [orientation.slice(0, 3), orientation.slice(3)] as [Point3, Point3];
  const normal: Point3 = [0, 0, 0];
  vec3.normalize(normal, vec3.cross(normal, row, column));
  return { position, normal };
}

/** The middle of an image, LPS mm; undefined where its header does not tell it. */
export function centreOf(image: Dataset): Point3 | undefined {
  const position = point(image.ImagePositionPatient);
  const orientation = numbers(image.ImageOrientationPatient, 6);
  const spacing = numbers(image.PixelSpacing, 2);
  if (!position || !orientation || !spacing) return undefined;
  const along = ((Number(image.Columns) - 1) / 2) * spacing[1];
  const down = ((Number(image.Rows) - 1) / 2) * spacing[0];
  return position.map((v, i) => v + along * orientation[i] + down * orientation[3 + i]) as Point3;
}

/** Distance from a plane, signed, along its normal, mm. */
export function distanceTo({ position, normal }: Plane, world: Point3): number {
  return vec3.dot(normal, vec3.subtract([0, 0, 0], world, position));
}

/** Index of the image whose plane is nearest to a position (LPS mm); undefined where no header tells it. */
export function nearestImage(images: readonly Dataset[], world: Point3): number | undefined {
  return ranked(images, world)[0]?.index;
}

/**
 * Index of the image that shows a plane: parallel to it, and no further from it than half the distance to the
 * image's neighbour (of a single image: than half its SliceThickness).
 */
export function imageAt(images: readonly Dataset[], { position, normal }: Plane): number | undefined {
  const [nearest, ...others] = ranked(images, position);
  if (!nearest || Math.abs(vec3.dot(nearest.plane.normal, normal)) < PARALLEL) return undefined;
  const gaps = others
    .map(({ plane }) => Math.abs(distanceTo(nearest.plane, plane.position)))
    .filter(gap => gap > SAME_POSITION);
  const spacing = gaps.length > 0 ? Math.min(...gaps) : (number(images[nearest.index].SliceThickness) ?? 0);
  return nearest.distance <= spacing / 2 + SAME_POSITION ? nearest.index : undefined;
}

/** Positions closer than this are the same, mm. */
const SAME_POSITION = 1e-3;

function ranked(images: readonly Dataset[], world: Point3) {
  return images
    .flatMap((image, index) => {
      const plane = planeOf(image);
      return plane ? [{ index, plane, distance: Math.abs(distanceTo(plane, world)) }] : [];
    })
    .sort((a, b) => a.distance - b.distance);
}
