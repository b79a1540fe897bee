import { mat4, vec3 } from 'gl-matrix';
import { bounds } from './box';
import type { Mask } from './Mask';
import { boxShrink, resample } from './resample';
import { axisStep, type Grid, indexToWorld, type Point3, spacingOf, type Volume } from './Volume';

/**
 * A grid along the axes of `reference`, permuted and flipped to lie nearest to the patient's: i towards the left,
 * j towards the back, k towards the head (LPS). It covers the whole reference.
 * @param spacing mm along i, j, k of the new grid
 */
export function patientGrid(reference: Grid, spacing: Point3): Grid {
  const axes = patientAxes(reference);
  const steps = [0, 1, 2].map(r => vec3.scale(vec3.create(), axes[r].direction, spacing[r]));
  const dims = axes.map((a, r) => wholeVoxels(a.voxels * a.spacing, spacing[r])) as Point3;
  const centre = indexToWorld(reference, reference.dims.map(n => (n - 1) / 2) as Point3);
  return centred(centre, steps, dims);
}

/**
 * The bundle's grid around a brain: `size` voxels in plane centred on the mask, as many slices as the mask needs.
 * @param mask brain on `maskGrid`, which must be a patientGrid of the same reference
 * @throws RangeError when the mask is empty
 */
export function modelGrid(
  maskGrid: Grid,
  mask: Mask,
  spacing: Point3,
  size: readonly [number, number],
): Grid {
  const [low, high] = bounds(mask, maskGrid.dims);
  if (high[0] < low[0]) throw new RangeError('The mask is empty.');
  const centre = indexToWorld(maskGrid, [0, 1, 2].map(r => (low[r] + high[r]) / 2) as Point3);
  const gridSpacing = spacingOf(maskGrid);
  const steps = ([0, 1, 2] as const).map(r =>
    vec3.scale(vec3.create(), axisStep(maskGrid, r), spacing[r] / gridSpacing[r]),
  );
  const slices = wholeVoxels((high[2] - low[2] + 1) * gridSpacing[2], spacing[2]);
  return centred(centre, steps, [size[0], size[1], slices]);
}

/** `volume` on `grid`, averaged first over whole voxels where the grid is coarser; `where` as of `resample`. */
export function resampleSmoothly(volume: Volume, grid: Grid, where?: Mask): Volume {
  const own = spacingOf(volume);
  const finest = Math.min(...spacingOf(grid));
  return resample(
    boxShrink(volume, own.map(s => Math.max(1, Math.floor(finest / s + 1e-3))) as Point3),
    grid,
    0,
    where,
  );
}

/** How many voxels cover an extent; affines are float32, so an exact ratio may come out a hair too large. */
function wholeVoxels(extent: number, spacing: number): number {
  return Math.max(1, Math.ceil(extent / spacing - 1e-3));
}

function centred(centre: Point3, steps: readonly vec3[], dims: Point3): Grid {
  const origin = vec3.clone(centre);
  for (const r of [0, 1, 2]) vec3.scaleAndAdd(origin, origin, steps[r], -(dims[r] - 1) / 2);
  const [x, y, z] = steps;
  // biome-ignore format: one column of the matrix a line
  const affine = mat4.fromValues(x[0], x[1], x[2], 0, y[0], y[1], y[2], 0, z[0], z[1], z[2], 0, origin[0], origin[1], origin[2], 1);
  return { dims, indexToWorld: affine };
}

interface PatientAxis {
  direction: vec3;
  voxels: number;
  spacing: number;
}

/** For each patient axis (L, P, S) the reference axis that lies nearest to it, pointing its way. */
function patientAxes(reference: Grid): PatientAxis[] {
  const spacing = spacingOf(reference);
  const free = new Set([0, 1, 2] as const);
  const axes: PatientAxis[] = [];
  // The through-plane direction first (S), so that nearly diagonal planes keep their slices as slices.
  for (const patient of [2, 1, 0] as const) {
    let best: 0 | 1 | 2 = [...free][0];
    for (const axis of free) {
      if (Math.abs(cosine(reference, axis, patient)) > Math.abs(cosine(reference, best, patient)))
        best = axis;
    }
    free.delete(best);
    const sign = cosine(reference, best, patient) < 0 ? -1 : 1;
    const direction = vec3.scale(vec3.create(), axisStep(reference, best), sign / spacing[best]);
    axes[patient] = { direction, voxels: reference.dims[best], spacing: spacing[best] };
  }
  return axes;
}

function cosine(grid: Grid, axis: 0 | 1 | 2, patient: 0 | 1 | 2): number {
  return axisStep(grid, axis)[patient] / spacingOf(grid)[axis];
}
