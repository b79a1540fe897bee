import { count, eachRun, type Mask } from './Mask';
import { percentiles } from './statistics';
import { type Grid, type Point3, spacingOf, type Volume } from './Volume';

/** Where the voxels of a tissue lie among the intensities of an image. */
export interface TissueRule {
  /** The first of these images that is there counts. */
  roles: readonly string[];
  /** Percentiles inside the region, under its rim, between which the tissue lies. */
  percentiles: readonly [lower: number, upper: number];
}

const ENOUGH = 2000; // mm² of the slices together: a further rule that leaves less is not applied

/**
 * Voxels of a tissue by the ranks of their intensities, which need no unit.
 * @param volumes on one grid, any scale
 * @param inner the region without its rim (`withoutRim`)
 * @param rules the most informative first
 */
export function findTissue(
  volumes: ReadonlyMap<string, Volume>,
  inner: Mask,
  rules: readonly TissueRule[],
): Mask {
  if (!inner.includes(1)) return inner;
  let tissue = inner;
  for (const { roles, percentiles: ranks } of rules) {
    const role = roles.find(one => volumes.has(one));
    const volume = role === undefined ? undefined : volumes.get(role);
    if (!volume) continue;
    const smooth = smoothed(volume, inner);
    const [low, high] = percentiles(smooth, inner, ranks);
    const further = tissue.slice();
    eachRun(tissue, (start, end) => {
      for (let i = start; i < end; i++) if (!(smooth[i] > low && smooth[i] < high)) further[i] = 0;
    });
    const [width, height] = spacingOf(volume);
    if (tissue !== inner && count(further) * width * height < ENOUGH) break;
    tissue = further;
  }
  return tissue;
}

/**
 * A mask without its outer `distance` mm, at least one voxel; the edges of the volume erode. First in plane,
 * then along k, as training does.
 */
export function withoutRim(mask: Mask, grid: Grid, distance: number): Mask {
  const [width, , thickness] = spacingOf(grid);
  const voxels = (spacing: number) => Math.max(1, Math.round(distance / spacing));
  let inner = mask;
  for (let n = voxels(width); n > 0; n--) inner = eroded(inner, [0, 1], grid.dims);
  for (let n = voxels(thickness); n > 0; n--) inner = eroded(inner, [2], grid.dims);
  return inner;
}

/** Clears voxels with a neighbour outside the mask or the volume; `axes` says along which. */
function eroded(mask: Mask, axes: readonly (0 | 1 | 2)[], dims: Point3): Mask {
  const [nx, ny, nz] = dims;
  const strides = [1, nx, nx * ny];
  const out = mask.slice();
  for (const axis of axes) {
    const stride = strides[axis];
    const last = dims[axis] - 1;
    for (let row = 0; row < ny * nz; row++) {
      const start = row * nx;
      const end = start + nx;
      const n = axis === 1 ? row % ny : Math.floor(row / ny);
      if (axis > 0 && (n === 0 || n === last)) {
        out.fill(0, start, end);
        continue;
      }
      if (axis === 0) out[start] = out[end - 1] = 0;
      for (let at = start; at < end; at++)
        if (mask[at] && !(mask[at - stride] && mask[at + stride])) out[at] = 0;
    }
  }
  return out;
}

/** Mean over the 3 x 3 x 3 voxels around each voxel of a mask that does not touch the edges; 0 elsewhere. */
function smoothed({ data, dims: [nx, ny] }: Volume, mask: Mask): Float32Array {
  const slice = nx * ny;
  const row = (at: number) => data[at - nx] + data[at] + data[at + nx];
  /** Sum over the 3 x 3 voxels along j and k: each serves three voxels of a run. */
  const across = (at: number) => row(at - slice) + row(at) + row(at + slice);
  const out = new Float32Array(data.length);
  eachRun(mask, (start, end) => {
    let [before, here] = [across(start - 1), across(start)];
    for (let at = start; at < end; at++) {
      const next = across(at + 1);
      out[at] = (before + here + next) / 27;
      before = here;
      here = next;
    }
  });
  return out;
}
