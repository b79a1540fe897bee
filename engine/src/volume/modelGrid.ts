import { mat4, vec3 } from 'gl-matrix';
import { bounds } from './box';
import type { Mask } from './Mask';
import { axisStep, type Grid, indexToWorld, type Point3, spacingOf } from './Volume';

/**
 * The canonical grid of a reference: along its axes, permuted and flipped to be nearest to LPS (i to the
 * left, j to the back, k to the head). Shares the centre of the reference and covers all of it.
 * @param spacing of the new grid along i, j, k, mm
 */
export function canonicalGrid(reference: Grid, spacing: Point3): Grid {
  const axes = patientAxes(reference);
  const steps = [0, 1, 2].map(r => vec3.scale(vec3.create(), axes[r].direction, spacing[r]));
  const dims = axes.map((a, r) => voxelsCovering(a.voxels * a.spacing, spacing[r])) as Point3;
  const centre = indexToWorld(reference, reference.dims.map(n => (n - 1) / 2) as Point3);
  return centredGrid(centre, steps, dims);
}

/**
 * The bundle's grid around a region, along the axes of `maskGrid`: `size` voxels in plane, centred on the
 * mask, and as many slices as the mask needs.
 * @param mask region on `maskGrid`, a canonical grid
 * @param spacing of the new grid along i, j, k, mm
 * @param size columns and rows
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
  const slices = voxelsCovering((high[2] - low[2] + 1) * gridSpacing[2], spacing[2]);
  return centredGrid(centre, steps, [size[0], size[1], slices]);
}

/** Voxels that cover an extent (mm); tolerates the float32 rounding of affines. */
function voxelsCovering(extent: number, spacing: number): number {
  return Math.max(1, Math.ceil(extent / spacing - 1e-3));
}

/** A grid with the given centre (LPS mm), voxel steps (LPS mm along i, j, k) and size. */
function centredGrid(centre: Point3, steps: readonly vec3[], dims: Point3): Grid {
  const origin = vec3.clone(centre);
  for (const r of [0, 1, 2]) vec3.scaleAndAdd(origin, origin, steps[r], -(dims[r] - 1) / 2);
  const [x, y, z] = steps;
  // biome-ignore format: one column of the matrix per line
  const indexToWorld = mat4.fromValues(
    x[0], x[1], x[2], 0,
    y[0], y[1], y[2], 0,
    z[0], z[1], z[2], 0,
    origin[0], origin[1], origin[2], 1,
  );
  return { dims, indexToWorld };
}

interface PatientAxis {
  direction: vec3;
  voxels: number;
  spacing: number;
}

/** For each patient axis (L, P, S) the nearest reference axis, pointing the same way. */
function patientAxes(reference: Grid): PatientAxis[] {
  const spacing = spacingOf(reference);
  const free = new Set([0, 1, 2] as const);
  const axes: PatientAxis[] = [];
  // S first, so that slices of a nearly diagonal plane stay slices.
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

/** Cosine of the angle between a grid axis and a patient axis. */
function cosine(grid: Grid, axis: 0 | 1 | 2, patient: 0 | 1 | 2): number {
  return axisStep(grid, axis)[patient] / spacingOf(grid)[axis];
}
