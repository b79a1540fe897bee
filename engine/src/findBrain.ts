import { BRAIN_NETWORK, type BrainRules } from './brain/brainManifest';
import { extractBrain } from './brain/extractBrain';
import type { ExtractedBrain } from './brain/stripped';
import type { Contrast } from './contrast/Contrast';
import { checkpoint } from './errors';
import type { Network } from './inference/Runtime';
import type { OnStep } from './progress';
import { noOverlap } from './registration/overlap';
import { count, eachRun, type Mask } from './volume/Mask';
import { patientGrid, resampleSmoothly } from './volume/modelGrid';
import { type Grid, spacingOf, type Volume } from './volume/Volume';

/** The brain of a study, on a coarse grid along the reference's axes (a patientGrid; LPS mm). */
export interface FoundBrain extends ExtractedBrain {
  grid: Grid;
  /** Contrasts that show hardly more than the brain. */
  bare: readonly Contrast[];
}

/**
 * Finds the brain in acquired sources.
 * @param volumes acquired series in LPS, any grids, lying on one another
 * @param reference which of them gives the axes
 * @param network of the brain bundle, by its name
 * @throws SynthesisError `no-overlap` or `cancelled`
 */
export async function findBrain(
  volumes: ReadonlyMap<Contrast, Volume>,
  reference: Contrast,
  rules: BrainRules,
  network: (name: string) => Network,
  onStep: OnStep = () => {},
  signal?: AbortSignal,
): Promise<FoundBrain> {
  const grid = patientGrid(volumes.get(reference)!, rules.grid.spacing);
  // Each source is resampled once, and seen slab by slab by the network. What begins is told too: the words before speak of something else.
  const of = volumes.size * (1 + Math.ceil(grid.dims[2] / rules.grid.slab));
  let done = -1;
  const step = () => onStep({ stage: 'brain', done: ++done, of });
  step();
  const coarse = new Map<Contrast, Volume>();
  for (const [contrast, volume] of volumes) {
    const onGrid = resampleSmoothly(volume, grid);
    if (!onGrid.data.some(v => v > 0)) throw noOverlap(contrast, reference);
    coarse.set(contrast, onGrid);
    step();
    await checkpoint(signal);
  }
  const found = await extractBrain([...coarse.values()], network(BRAIN_NETWORK), rules, step, signal);
  const bare = [...coarse].filter(([, { data }]) => brainShare(data, found.mask) > rules.stripped_share);
  return { ...found, grid, bare: bare.map(([contrast]) => contrast) };
}

/** Share of what a source shows (values > 0) that is brain. */
function brainShare(data: Float32Array, mask: Mask): number {
  let [inside, all] = [0, 0];
  for (let i = 0; i < data.length; i++) if (data[i] > 0) all++;
  eachRun(mask, (start, end) => {
    for (let i = start; i < end; i++) if (data[i] > 0) inside++;
  });
  return inside / all;
}

/** Volume of the brain, mL. */
export function brainVolume({ grid, mask }: FoundBrain): number {
  const voxel = spacingOf(grid).reduce((product, mm) => product * mm, 1);
  return (count(mask) * voxel) / 1000;
}
