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
  const [nx, ny] = grid.dims;
  const voxels = (spacing: number) => Math.max(1, Math.round(distance / spacing));
  let inner = mask;
  for (let n = voxels(width); n > 0; n--) inner = eroded(inner, [1, nx], grid.dims);
  for (let n = voxels(thickness); n > 0; n--) inner = eroded(inner, [nx * ny], grid.dims);
  return inner;
}

/** Clears voxels with a neighbour outside the mask or the volume; `strides` says along which axes. */
function eroded(mask: Mask, strides: readonly number[], [nx, ny, nz]: Point3): Mask {
  const out = mask.slice();
  const counts = new Map([
    [1, nx],
    [nx, ny],
    [nx * ny, nz],
  ]);
  for (const stride of strides) {
    const length = counts.get(stride)!;
    eachRun(mask, (start, end) => {
      for (let at = start; at < end; at++) {
        const n = Math.floor(at / stride) % length;
        if (n === 0 || n === length - 1 || !mask[at - stride] || !mask[at + stride]) out[at] = 0;
      }
    });
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
