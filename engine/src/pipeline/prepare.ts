import type { BaseManifest } from '../bundle/fields';
import { DOMAINS } from '../domains';
import { type Region, regionVolume } from '../domains/Region';
import type { Contrast } from '../domains/Role';
import { checkpoint, SynthesisError } from '../errors';
import { message } from '../messages';
import type { Stack } from '../methods/Method';
import { counter, type StepOptions } from '../progress';
import { alignToReferenceSlices } from '../volume/alignToReferenceSlices';
import { boundingBox, crop } from '../volume/box';
import { eachRun, type Mask, threshold } from '../volume/Mask';
import { modelGrid } from '../volume/modelGrid';
import { normalize } from '../volume/normalize';
import { resample, resampleAntialiased } from '../volume/resample';
import type { Grid, Volume } from '../volume/Volume';

export interface Prepared {
  sources: Stack;
  /** The brain on the slices to synthesize: of a thick reference, on its own slices only. */
  brain: Mask;
}

/**
 * Resamples the sources onto the bundle's grid around the brain, along the axes of the reference, and
 * normalizes each by its percentiles inside the brain.
 * @param volumes acquired series in LPS, any grids, registered with each other
 * @param reference the one of them that gives the axes
 * @param found the brain in these volumes, along the axes of this reference
 * @throws SynthesisError `no-brain` or `cancelled`
 */
export async function prepare(
  volumes: ReadonlyMap<Contrast, Volume>,
  reference: Contrast,
  found: Region,
  rules: Pick<BaseManifest, 'grid' | 'normalization'>,
  { onStep = () => {}, signal }: StepOptions = {},
): Promise<Prepared> {
  const millilitres = regionVolume(found);
  if (millilitres < DOMAINS[0].region.smallest) {
    throw new SynthesisError(
      'no-brain',
      message('preparation/too-little-brain', { millilitres: Math.round(millilitres) }),
    );
  }
  const [rows, columns] = rules.grid.size;
  const { grid, slices } = alignToReferenceSlices(
    modelGrid(found.grid, found.mask, rules.grid.spacing, [columns, rows]),
    volumes.get(reference)!,
  );
  // Per source: one resampling and one normalization. The start is reported too: it changes the stage shown.
  const of = 2 * volumes.size;
  const step = counter(onStep, 'prepare', of);
  onStep({ stage: 'prepare', done: 0, of });
  await checkpoint(signal);
  const inside = brainOn(grid, found);
  const onGrid = new Map<Contrast, Volume>();
  for (const [contrast, volume] of volumes) {
    onGrid.set(contrast, resampleAntialiased(volume, grid, inside));
    step();
    await checkpoint(signal);
  }
  const brain = shownIn([...onGrid.values()], inside);
  const { lower_percentile: lower, upper_percentile: upper, ceiling } = rules.normalization;
  const sources = new Map<Contrast, Volume>();
  for (const [contrast, volume] of onGrid) {
    sources.set(contrast, normalize(volume, brain, { lower, upper, ceiling }, volume.data));
    step();
    await checkpoint(signal);
  }
  return { sources, brain: onSlices(brain, slices, columns * rows) };
}

/** The brain on another grid. */
function brainOn(grid: Grid, found: Region): Mask {
  // One voxel of background around the brain is enough for interpolation.
  const box = boundingBox(found.mask, found.grid.dims, 1);
  const brain = crop({ ...found.grid, data: new Float32Array(found.mask) }, box);
  return threshold(resample(brain, grid).data, 0.5);
}

/** Brain voxels that any source shows; what is 0 in all of them was stripped or not acquired. */
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
