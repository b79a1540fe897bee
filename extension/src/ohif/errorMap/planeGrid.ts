import { affineFromPlane, type Grid, type Point3 } from '@modality-synthesis/engine';

/** More take longer than a frame: a larger viewport is sampled more coarsely. */
const MOST_SAMPLES = 1_000_000;

/** A viewport's canvas as a grid of samples. */
export interface PlaneGrid extends Grid {
  /** CSS pixels between neighbouring samples; sample (x, y) is at ((x + 0.5) * step, (y + 0.5) * step). */
  step: number;
}

/**
 * The plane that a viewport shows, as a grid of one slice.
 * @param canvasToWorld from CSS pixels to LPS mm, affine
 * @param width of the canvas, CSS pixels
 * @param height of the canvas, CSS pixels
 */
export function planeGrid(
  canvasToWorld: (point: [number, number]) => Point3,
  width: number,
  height: number,
): PlaneGrid {
  const step = Math.max(1, Math.sqrt((width * height) / MOST_SAMPLES));
  const dims: Point3 = [Math.ceil(width / step), Math.ceil(height / step), 1];
  const origin = canvasToWorld([0, 0]);
  // Over the whole canvas, so that the rounding of world positions does not count.
  const right = scaled(origin, canvasToWorld([width, 0]), step / width);
  const down = scaled(origin, canvasToWorld([0, height]), step / height);
  const first = canvasToWorld([step / 2, step / 2]);
  return { dims, indexToWorld: affineFromPlane(first, right, down, [0, 0, 0], [1, 1]), step };
}

/** A share of the way from one point to another. */
function scaled([x, y, z]: Point3, to: Point3, share: number): Point3 {
  return [(to[0] - x) * share, (to[1] - y) * share, (to[2] - z) * share];
}

/** Whether two planes have their samples in the same places. */
export function samePlane(a: PlaneGrid, b: PlaneGrid): boolean {
  return (
    a.step === b.step &&
    a.dims.every((n, axis) => n === b.dims[axis]) &&
    a.indexToWorld.every((v, n) => v === b.indexToWorld[n])
  );
}
