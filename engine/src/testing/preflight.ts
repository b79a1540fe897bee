import type { FoundBrain } from '../domains/brain-mr/region/findBrain';
import { METHODS } from '../methods';
import type { CdmManifest } from '../methods/cdm/manifest';
import type { PreflightFacts, SourceFacts } from '../preflight/facts';
import type { Grid, Point3 } from '../volume/Volume';
import { BRAIN_CENTRE, inBrain } from './head';
import { gridOfSteps, sampled } from './linear';
import { tinyManifest } from './tinyManifest';

/** An axial grid around the brain of the test head; `size` in mm along L, P, S. */
export function axial(size: Point3 = [200, 220, 160], spacing: Point3 = [2, 2, 4]): Grid {
  const dims = size.map((mm, r) => Math.round(mm / spacing[r])) as Point3;
  const [x, y, z] = BRAIN_CENTRE.map((c, r) => c - ((dims[r] - 1) * spacing[r]) / 2);
  return gridOfSteps(dims, [spacing[0], 0, 0], [0, spacing[1], 0], [0, 0, spacing[2]], [x, y, z]);
}

/** The brain of the test head as found on a grid of 4 mm of that size. */
export function foundBrain(size?: Point3, more: Partial<FoundBrain> = {}): FoundBrain {
  const grid = axial(size, [4, 4, 4]);
  const { data } = sampled(grid, world => (inBrain(world) ? 1 : 0));
  return { grid, mask: Uint8Array.from(data), stripped: false, strippedSources: [], ...more };
}

export const source = (more: Partial<SourceFacts> = {}): SourceFacts => ({
  role: 't1',
  description: 'AX T1',
  grid: axial(),
  ...more,
});

/** The tiny model, its manifest changed. */
export function model(manifest: CdmManifest = tinyManifest()) {
  return { manifest, method: METHODS[0], options: {} };
}

/** A job of T1 and T2 without anything to complain about, all facts known. */
export function soundFacts(more: Partial<PreflightFacts> = {}): PreflightFacts {
  return {
    sources: [source(), source({ role: 't2', description: 'AX T2' })],
    patients: [],
    rivals: [],
    reference: 't1',
    targets: ['flair'],
    model: model(),
    machine: { provider: 'Runs on the processor.', flopsPerSecond: 1e9, memory: 8e9 },
    download: { needed: 24e6, missing: 0 },
    pixels: {
      region: foundBrain(),
      alignment: new Map([['t2', { verdict: 'aligned', doubtful: false, millimetres: 0.2, degrees: 0.1 }]]),
    },
    ...more,
  };
}
