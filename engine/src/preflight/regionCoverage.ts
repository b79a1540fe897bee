import { mat4 } from 'gl-matrix';
import type { Region } from '../domains/Region';
import { type Message, message } from '../messages';
import type { Mask } from '../volume/Mask';
import { type Grid, type Point3, worldToIndex } from '../volume/Volume';

/** Shares by region and grids: a preflight asks several times, and one is made at each change. */
const counted = new WeakMap<Mask, Map<string, number>>();

/** Share of the region whose voxel centres lie inside `grid`, 0 to 1. */
export function coveredShare({ grid: own, mask }: Pick<Region, 'grid' | 'mask'>, grid: Grid): number {
  const shares = counted.get(mask) ?? new Map<string, number>();
  counted.set(mask, shares);
  const grids = [own, grid].flatMap(({ dims, indexToWorld }) => [...dims, ...indexToWorld]).join();
  const share = shares.get(grids) ?? shareInside(own, mask, grid);
  shares.set(grids, share);
  return share;
}

function shareInside(own: Grid, mask: Mask, grid: Grid): number {
  const m = mat4.multiply(mat4.create(), worldToIndex(grid), own.indexToWorld);
  const [nx, ny, nz] = own.dims;
  let [inside, all] = [0, 0];
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        if (!mask[n]) continue;
        all++;
        let axis = 0;
        // Indices in single precision, as gl-matrix has them.
        for (; axis < 3; axis++) {
          const at = Math.fround(m[axis] * i + m[4 + axis] * j + m[8 + axis] * k + m[12 + axis]);
          if (at < -0.5 || at > grid.dims[axis] - 0.5) break;
        }
        if (axis === 3) inside++;
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

/** By region, for the same reason. */
const cuts = new WeakMap<Pick<Region, 'grid' | 'mask'>, readonly Message[]>();

/** The ends of the reference at which the region is cut off. */
export function cutFaces(region: Pick<Region, 'grid' | 'mask'>): readonly Message[] {
  const faces = cuts.get(region) ?? facesCut(region.grid.dims, region.mask);
  cuts.set(region, faces);
  return faces;
}

function facesCut(dims: Point3, mask: Mask): Message[] {
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
