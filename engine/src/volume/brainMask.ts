import { close, dilate, erode, fillHolesBySlice, largestComponent, type Mask } from './morphology';
import { percentiles } from './normalize';
import type { Point3, Volume } from './Volume';

/** Edge of the cubic voxels on which the mask is found, mm. */
export const MASK_SPACING = 2;

/** Less than this, in mL, is no head: the largest brains have 1.8 L, heads covered to the skull base 2.3 L and more. */
const SMALLEST_HEAD = 1900;
/** Where brain and CSF lie on the averaged scale; a single contrast may show the brain darker than several do. */
const BRAIN_LEVEL = { single: 0.28, several: 0.36, highest: 0.95 };
/** How far under the skin the brain lies at least, voxels. */
const SCALP = 4;
/** Radius that cuts the brain free of eyes, muscles and dura, voxels. */
const NECK = 4;
/** Height of the brain below its top at most, voxels. */
const BRAIN_HEIGHT = 72;

/**
 * A simple brain mask out of one or more contrasts of a whole head, until the brain-extraction network comes: bone is
 * dark in every contrast, fat is bright in every contrast, brain and CSF lie between once the contrasts are averaged.
 * Those voxels are cut free by erosion, the largest piece is the brain, and it grows back. A study that is already
 * stripped keeps its own support.
 * @param volumes sources on one patientGrid (k towards the head) of MASK_SPACING cubes, values >= 0 in any unit
 * @returns mask on that grid; empty where nothing was found
 * @throws RangeError when a volume is zero everywhere
 */
export function brainMask(volumes: readonly Volume[]): Mask {
  const { dims } = volumes[0];
  const tissue = average(volumes);
  const head = fillHolesBySlice(largestComponent(close(above(tissue, 0.12), dims, 2), dims), dims);
  if ((count(head) * MASK_SPACING ** 3) / 1000 < SMALLEST_HEAD) return head;
  const inside = erode(head, dims, SCALP);
  const lowest = volumes.length > 1 ? BRAIN_LEVEL.several : BRAIN_LEVEL.single;
  const between = Uint8Array.from(tissue, (v, i) =>
    inside[i] && v > lowest && v < BRAIN_LEVEL.highest ? 1 : 0,
  );
  const core = belowTop(largestComponent(erode(between, dims, NECK), dims), dims);
  const grown = dilate(largestComponent(core, dims), dims, NECK + 0.5);
  return fillHolesBySlice(close(grown, dims, 4), dims);
}

/** Mean over the contrasts, each scaled so that 1 is the 98th percentile of what is not background. */
function average(volumes: readonly Volume[]): Float32Array {
  const mean = new Float32Array(volumes[0].data.length);
  for (const { data } of volumes) {
    const [peak] = percentiles(data, above(data, 0), [99.9]);
    const [bright] = percentiles(data, above(data, 0.1 * peak), [98]);
    for (let i = 0; i < mean.length; i++) mean[i] += Math.max(0, data[i]) / bright / volumes.length;
  }
  return mean;
}

/** Drops what lies further below the mask's top than a brain is high: the neck. */
function belowTop(mask: Mask, dims: Point3): Mask {
  const plane = dims[0] * dims[1];
  const top = Math.floor(mask.lastIndexOf(1) / plane);
  return mask.fill(0, 0, Math.max(0, (top - BRAIN_HEIGHT) * plane));
}

function above(values: Float32Array, limit: number): Mask {
  const mask = new Uint8Array(values.length);
  for (let i = 0; i < mask.length; i++) mask[i] = values[i] > limit ? 1 : 0;
  return mask;
}

function count(mask: Mask): number {
  let n = 0;
  for (let i = 0; i < mask.length; i++) n += mask[i];
  return n;
}
