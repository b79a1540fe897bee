import type { BundleManifest } from './bundle/manifest';
import type { Stack } from './cdm/stack';
import { CONTRAST_LABELS, type Contrast } from './contrast/Contrast';
import { checkpoint, SynthesisError } from './errors';
import type { OnStep } from './progress';
import { brainMask, MASK_SPACING } from './volume/brainMask';
import { modelGrid, patientGrid, resampleSmoothly } from './volume/modelGrid';
import type { Mask } from './volume/morphology';
import { normalize } from './volume/normalize';
import { resample } from './volume/resample';
import type { Volume } from './volume/Volume';

export interface Prepared {
  sources: Stack;
  brain: Mask;
}

/** Smallest brain volume we believe in, mL: below it the mask has failed or the field of view misses the brain. */
const SMALLEST_BRAIN = 200;

/**
 * Acquired sources onto the bundle's grid: brain mask on 2 mm cubes along the reference's axes, then each source
 * resampled and scaled by its percentiles inside the brain. Alignment is taken from the headers.
 * @param volumes acquired series in LPS, any grids
 * @param reference which of them gives the axes
 * @throws SynthesisError `no-overlap` or `no-brain`
 */
export async function prepare(
  volumes: ReadonlyMap<Contrast, Volume>,
  reference: Contrast,
  manifest: BundleManifest,
  onStep: OnStep = () => {},
  signal?: AbortSignal,
): Promise<Prepared> {
  const of = 2 * volumes.size + 1;
  let done = 0;
  const step = () => {
    onStep({ stage: 'prepare', done: ++done, of });
    return checkpoint(signal);
  };
  const maskGrid = patientGrid(volumes.get(reference)!, [MASK_SPACING, MASK_SPACING, MASK_SPACING]);
  const coarse: Volume[] = [];
  for (const [contrast, volume] of volumes) {
    const onMaskGrid = resampleSmoothly(volume, maskGrid);
    if (!onMaskGrid.data.some(v => v > 0)) {
      throw new SynthesisError(
        'no-overlap',
        `The ${CONTRAST_LABELS[contrast]} series does not overlap the ${CONTRAST_LABELS[reference]} series in space; ` +
          'choose series of the same position.',
      );
    }
    coarse.push(onMaskGrid);
    await step();
  }
  const coarseMask = brainMask(coarse);
  const volume = (coarseMask.reduce((sum, v) => sum + v, 0) * MASK_SPACING ** 3) / 1000;
  if (volume < SMALLEST_BRAIN) {
    throw new SynthesisError(
      'no-brain',
      `Only ${Math.round(volume)} mL of brain were found in the sources; a brain study that covers the head is needed.`,
    );
  }
  const [rows, columns] = manifest.grid.size;
  const grid = modelGrid(maskGrid, coarseMask, manifest.grid.spacing, [columns, rows]);
  const brain = Uint8Array.from(
    resample({ ...maskGrid, data: Float32Array.from(coarseMask) }, grid).data,
    v => (v > 0.5 ? 1 : 0),
  );
  await step();
  const { lower_percentile: lower, upper_percentile: upper, ceiling } = manifest.normalization;
  const sources = new Map<Contrast, Volume>();
  for (const [contrast, volume] of volumes) {
    sources.set(contrast, normalize(resampleSmoothly(volume, grid), brain, { lower, upper, ceiling }));
    await step();
  }
  return { sources, brain };
}
