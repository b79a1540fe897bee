import { checkpoint } from '../../../errors';
import type { Network } from '../../../inference/Runtime';
import type { StepOptions } from '../../../progress';
import { noOverlap } from '../../../registration/overlap';
import { eachRun, type Mask } from '../../../volume/Mask';
import { canonicalGrid } from '../../../volume/modelGrid';
import { resampleAntialiased } from '../../../volume/resample';
import type { Volume } from '../../../volume/Volume';
import type { Region } from '../../Region';
import type { RoleId } from '../../Role';
import { message } from '../en';
import { BRAIN_NETWORK, type BrainRules } from './brainManifest';
import { extractBrain } from './extractBrain';
import type { ExtractedBrain } from './stripped';

/** The brain of a study, on a coarse canonical grid of the reference (LPS mm). */
export interface FoundBrain extends ExtractedBrain, Region {
  /** Sources that are skull-stripped by themselves. */
  strippedSources: readonly RoleId[];
}

/**
 * Finds the brain in acquired sources.
 * @param volumes acquired series in LPS, any grids, registered with each other
 * @param reference the one of them that gives the axes
 * @param network of the brain bundle, by its name
 * @throws SynthesisError `no-overlap` or `cancelled`
 */
export async function findBrain(
  volumes: ReadonlyMap<RoleId, Volume>,
  reference: RoleId,
  rules: BrainRules,
  network: (name: string) => Network,
  { onStep = () => {}, signal }: StepOptions = {},
): Promise<FoundBrain> {
  const grid = canonicalGrid(volumes.get(reference)!, rules.grid.spacing);
  // Per source: one resampling, and one network run per slab. The start is reported: the stage shown changes.
  const of = volumes.size * (1 + Math.ceil(grid.dims[2] / rules.grid.slab));
  let done = 0;
  const step = () => {
    onStep({ stage: 'region', part: 'brain', text: message('brain-mr/progress', { done, of }), done, of });
    done++;
  };
  step();
  const coarse = new Map<RoleId, Volume>();
  for (const [role, volume] of volumes) {
    const onGrid = resampleAntialiased(volume, grid);
    if (!onGrid.data.some(v => v > 0)) throw noOverlap(role, reference);
    coarse.set(role, onGrid);
    step();
    await checkpoint(signal);
  }
  const found = await extractBrain([...coarse.values()], network(BRAIN_NETWORK), rules, step, signal);
  const stripped = [...coarse].filter(([, { data }]) => brainShare(data, found.mask) > rules.stripped_share);
  return { ...found, grid, strippedSources: stripped.map(([role]) => role) };
}

/** Share of the brain in a source's support (values > 0). */
function brainShare(data: Float32Array, mask: Mask): number {
  let [inside, all] = [0, 0];
  for (let i = 0; i < data.length; i++) if (data[i] > 0) all++;
  eachRun(mask, (start, end) => {
    for (let i = start; i < end; i++) if (data[i] > 0) inside++;
  });
  return inside / all;
}
