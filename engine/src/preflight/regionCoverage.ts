import { mat4 } from 'gl-matrix';
import type { Region } from '../domains/Region';
import { type Message, message } from '../messages';
import { type Grid, worldToIndex } from '../volume/Volume';

/** Share of the region whose voxel centres lie inside `grid`, 0 to 1. */
export function coveredShare({ grid: own, mask }: Pick<Region, 'grid' | 'mask'>, grid: Grid): number {
  const m = mat4.multiply(mat4.create(), worldToIndex(grid), own.indexToWorld);
  const [nx, ny, nz] = own.dims;
  // Indices in float32, as gl-matrix gives them.
  const contains = (axis: 0 | 1 | 2, i: number, j: number, k: number): boolean => {
    const at = Math.fround(m[axis] * i + m[4 + axis] * j + m[8 + axis] * k + m[12 + axis]);
    return at >= -0.5 && at <= grid.dims[axis] - 0.5;
  };
  let [inside, all] = [0, 0];
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        if (!mask[n]) continue;
        all++;
        if (contains(0, i, j, k) && contains(1, i, j, k) && contains(2, i, j, k)) inside++;
      }
    }
  }
  return all > 0 ? inside / all : 0;
}

/** Labels of the ends of a canonicalGrid, first and last along i, j, k. */
const FACES = [
  [message('face/right'), message('face/left')],
  [message('face/front'), message('face/back')],
  [message('face/lower'), message('face/upper')],
] as const;
/** A cut-off region covers more than this share of its largest section on the outermost voxels. */
const CUT_SHARE = 0.25;

/** The ends of the reference at which the region is cut off. */
export function cutFaces({ grid: { dims }, mask }: Pick<Region, 'grid' | 'mask'>): Message[] {
  const sections = dims.map(n => new Float64Array(n));
  const [nx, ny, nz] = dims;
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        if (!mask[n]) continue;
        sections[0][i]++;
        sections[1][j]++;
        sections[2][k]++;
      }
    }
  }
  return sections.flatMap((areas, axis) => {
    const limit = CUT_SHARE * areas.reduce((most, area) => Math.max(most, area), 0);
    return FACES[axis].filter((_, end) => areas[end === 0 ? 0 : areas.length - 1] > limit);
  });
}
