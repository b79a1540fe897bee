import type { BaseManifest } from './bundle/fields';
import type { Contrast } from './contrast/Contrast';
import { checkpoint, SynthesisError } from './errors';
import { brainVolume, type FoundBrain } from './findBrain';
import { message } from './messages';
import type { Stack } from './methods/Method';
import type { OnStep } from './progress';
import { boxAround, crop } from './volume/box';
import { above, eachRun, type Mask } from './volume/Mask';
import { modelGrid, resampleSmoothly } from './volume/modelGrid';
import { normalize } from './volume/normalize';
import { wantedSlices } from './volume/referenceSlices';
import { resample } from './volume/resample';
import type { Grid, Volume } from './volume/Volume';

export interface Prepared {
  sources: Stack;
  /** The brain where a result is wanted: of a thick reference on its own slices only. */
  brain: Mask;
}

/** Smallest brain volume we believe in, mL: below it the mask has failed or the field of view misses the brain. */
export const SMALLEST_BRAIN = 200;

/**
 * Acquired sources onto the bundle's grid around the brain, along the reference's axes: each is resampled and scaled by
 * its percentiles inside the brain. The volumes must lie on one another (registration/).
 * @param volumes acquired series in LPS, any grids
 * @param reference which of them gives the axes
 * @param found the brain in these volumes, along the axes of this reference
 * @throws SynthesisError `no-brain` or `cancelled`
 */
export async function prepare(
  volumes: ReadonlyMap<Contrast, Volume>,
  reference: Contrast,
  found: FoundBrain,
  rules: Pick<BaseManifest, 'grid' | 'normalization'>,
  onStep: OnStep = () => {},
  signal?: AbortSignal,
): Promise<Prepared> {
  const millilitres = brainVolume(found);
  if (millilitres < SMALLEST_BRAIN) {
    throw new SynthesisError(
      'no-brain',
      message('preparation/too-little-brain', { millilitres: Math.round(millilitres) }),
    );
  }
  const [rows, columns] = rules.grid.size;
  const { grid, slices } = wantedSlices(
    modelGrid(found.grid, found.mask, rules.grid.spacing, [columns, rows]),
    volumes.get(reference)!,
  );
  // Each source is resampled, then scaled; that it begins is told too.
  const of = 2 * volumes.size;
  let done = -1;
  const step = () => {
    onStep({ stage: 'prepare', done: ++done, of });
    return checkpoint(signal);
  };
  await step();
  const inside = brainOn(grid, found);
  const onGrid = new Map<Contrast, Volume>();
  for (const [contrast, volume] of volumes) {
    onGrid.set(contrast, resampleSmoothly(volume, grid, inside));
    await step();
  }
  const brain = shownIn([...onGrid.values()], inside);
  const { lower_percentile: lower, upper_percentile: upper, ceiling } = rules.normalization;
  const sources = new Map<Contrast, Volume>();
  for (const [contrast, volume] of onGrid) {
    sources.set(contrast, normalize(volume, brain, { lower, upper, ceiling }, volume.data));
    await step();
  }
  return { sources, brain: onSlices(brain, slices, columns * rows) };
}

/** The brain on another grid. */
function brainOn(grid: Grid, found: FoundBrain): Mask {
  // Beyond one voxel of background around it nothing needs to be interpolated.
  const box = boxAround(found.mask, found.grid.dims, 1);
  const brain = crop({ ...found.grid, data: new Float32Array(found.mask) }, box);
  return above(resample(brain, grid).data, 0.5);
}

/** What of a brain the sources show: what is 0 in every one of them was stripped, or never measured, and is no brain. */
function shownIn(sources: readonly Volume[], inside: Mask): Mask {
  const brain = inside.slice();
  const values = sources.map(({ data }) => data);
  eachRun(inside, (start, end) => {
    for (let i = start; i < end; i++) {
      let n = 0;
      while (n < values.length && !(values[n][i] > 0)) n++;
      if (n === values.length) brain[i] = 0;
    }
  });
  return brain;
}

/** A mask cleared on every slice but those given. */
function onSlices(mask: Mask, slices: readonly number[], plane: number): Mask {
  const kept = new Uint8Array(mask.length);
  for (const k of slices) kept.set(mask.subarray(k * plane, (k + 1) * plane), k * plane);
  return kept;
}
