import { BRAIN_NETWORK, type BrainManifest } from './brain/brainManifest';
import { extractBrain } from './brain/extractBrain';
import type { CdmManifest } from './bundle/manifest';
import type { Stack } from './cdm/stack';
import { CONTRAST_LABELS, type Contrast } from './contrast/Contrast';
import { checkpoint, SynthesisError } from './errors';
import type { Network } from './inference/Runtime';
import type { OnStep } from './progress';
import { modelGrid, patientGrid, resampleSmoothly } from './volume/modelGrid';
import type { Mask } from './volume/morphology';
import { normalize } from './volume/normalize';
import { wantedSlices } from './volume/referenceSlices';
import { resample } from './volume/resample';
import { spacingOf, type Volume } from './volume/Volume';

export interface Prepared {
  sources: Stack;
  /** The brain where a result is wanted: of a thick reference on its own slices only. */
  brain: Mask;
}

/** What preparation needs to know of the two bundles. */
export interface PreparationRules {
  brain: Pick<BrainManifest, 'grid' | 'input' | 'stripped_share'>;
  cdm: Pick<CdmManifest, 'grid' | 'normalization'>;
}

/** Smallest brain volume we believe in, mL: below it the mask has failed or the field of view misses the brain. */
const SMALLEST_BRAIN = 200;

/**
 * Acquired sources onto the bundle's grid: the brain is found on a coarse grid along the reference's axes, then each
 * source is resampled and scaled by its percentiles inside the brain. Alignment is taken from the headers.
 * @param volumes acquired series in LPS, any grids
 * @param reference which of them gives the axes
 * @param network of the brain bundle, by its name
 * @throws SynthesisError `no-overlap`, `no-brain` or `cancelled`
 */
export async function prepare(
  volumes: ReadonlyMap<Contrast, Volume>,
  reference: Contrast,
  rules: PreparationRules,
  network: (name: string) => Network,
  onStep: OnStep = () => {},
  signal?: AbortSignal,
): Promise<Prepared> {
  const maskGrid = patientGrid(volumes.get(reference)!, rules.brain.grid.spacing);
  // Each source is resampled twice, and seen slab by slab by the brain network between.
  const slabs = volumes.size * Math.ceil(maskGrid.dims[2] / rules.brain.grid.slab);
  const of = 2 * volumes.size + slabs;
  let done = 0;
  const step = () => onStep({ stage: 'prepare', done: ++done, of });
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
    step();
    await checkpoint(signal);
  }
  const coarseMask = await extractBrain(coarse, network(BRAIN_NETWORK), rules.brain, step, signal);
  const voxel = spacingOf(maskGrid).reduce((product, mm) => product * mm, 1);
  const volume = (coarseMask.reduce((sum, v) => sum + v, 0) * voxel) / 1000;
  if (volume < SMALLEST_BRAIN) {
    throw new SynthesisError(
      'no-brain',
      `Only ${Math.round(volume)} mL of brain were found in the sources; a brain study that covers the head is needed.`,
    );
  }
  const [rows, columns] = rules.cdm.grid.size;
  const { grid, slices } = wantedSlices(
    modelGrid(maskGrid, coarseMask, rules.cdm.grid.spacing, [columns, rows]),
    volumes.get(reference)!,
  );
  const onGrid = new Map<Contrast, Volume>();
  for (const [contrast, volume] of volumes) {
    onGrid.set(contrast, resampleSmoothly(volume, grid));
    step();
    await checkpoint(signal);
  }
  // The coarse mask holds voxels that lie partly outside; what is 0 in every source was stripped, or never measured.
  const acquired = [...onGrid.values()];
  const brain = Uint8Array.from(
    resample({ ...maskGrid, data: Float32Array.from(coarseMask) }, grid).data,
    (v, i) => (v > 0.5 && acquired.some(({ data }) => data[i] > 0) ? 1 : 0),
  );
  const { lower_percentile: lower, upper_percentile: upper, ceiling } = rules.cdm.normalization;
  const sources = new Map<Contrast, Volume>();
  for (const [contrast, volume] of onGrid) {
    sources.set(contrast, normalize(volume, brain, { lower, upper, ceiling }));
  }
  return { sources, brain: onSlices(brain, slices, columns * rows) };
}

/** A mask cleared on every slice but those given. */
function onSlices(mask: Mask, slices: readonly number[], plane: number): Mask {
  const kept = new Uint8Array(mask.length);
  for (const k of slices) kept.set(mask.subarray(k * plane, (k + 1) * plane), k * plane);
  return kept;
}
