import type { BaseManifest } from '../bundle/fields';
import { domainOf } from '../domains';
import { type Region, regionVolume } from '../domains/Region';
import type { RoleId } from '../domains/Role';
import { checkpoint, SynthesisError } from '../errors';
import { counter, type StepOptions } from '../progress';
import { alignToReference } from '../volume/alignToReference';
import { ANCHOR_ROUNDS, anchorIntensities } from '../volume/anchors';
import { boundingBox, crop } from '../volume/box';
import { eachRun, type Mask, onSlices, threshold } from '../volume/Mask';
import { modelGrid } from '../volume/modelGrid';
import { type Normalized, normalize } from '../volume/normalize';
import { resample, resampleAntialiased } from '../volume/resample';
import type { Unshaded } from '../volume/targetShading';
import type { Grid, Volume } from '../volume/Volume';

export interface Prepared {
  /** Normalized, 0 outside the region. */
  sources: ReadonlyMap<RoleId, Unshaded>;
  /** The region on the slices to synthesize: of a thick reference, on its own slices only. */
  region: Mask;
}

/**
 * Resamples the sources onto the bundle's grid around the region, along the axes of the reference, and
 * normalizes each by its percentiles inside the region and, where the bundle has them, by anchors.
 * @param volumes acquired series in LPS, any grids, registered with each other
 * @param reference the one of them that gives the axes
 * @param found the region in these volumes, along the axes of this reference
 * @throws SynthesisError `no-region` or `cancelled`
 */
export async function prepare(
  volumes: ReadonlyMap<RoleId, Volume>,
  reference: RoleId,
  found: Region,
  rules: Pick<BaseManifest, 'domain' | 'grid' | 'normalization'>,
  { onStep = () => {}, signal }: StepOptions = {},
): Promise<Prepared> {
  const millilitres = regionVolume(found);
  const { region: finder, words } = domainOf(rules.domain);
  if (millilitres < finder.smallest) {
    throw new SynthesisError('no-region', words.tooSmall({ millilitres: Math.round(millilitres) }));
  }
  const [rows, columns] = rules.grid.size;
  const { grid, slices } = alignToReference(
    modelGrid(found.grid, found.mask, rules.grid.spacing, [columns, rows]),
    volumes.get(reference)!,
  );
  const { lower_percentile: lower, upper_percentile: upper, ceiling, anchors } = rules.normalization;
  // Per source: one resampling, one normalization, and the fits of its shading. The start is reported too: it
  // changes the stage shown.
  const of = (2 + (anchors ? ANCHOR_ROUNDS : 0)) * volumes.size;
  const step = counter(onStep, 'prepare', of);
  onStep({ stage: 'prepare', done: 0, of });
  await checkpoint(signal);
  const inside = regionOn(grid, found);
  const onGrid = new Map<RoleId, Volume>();
  for (const [role, volume] of volumes) {
    onGrid.set(role, resampleAntialiased(volume, grid, inside));
    step();
    await checkpoint(signal);
  }
  const region = shownIn([...onGrid.values()], inside);
  const sources = new Map<RoleId, Normalized>();
  for (const [role, volume] of onGrid) {
    sources.set(role, normalize(volume, region, { lower, upper, ceiling }, volume.data));
    step();
    await checkpoint(signal);
  }
  return {
    sources: anchors
      ? await anchorIntensities(sources, region, anchors, ceiling, { onImage: step, signal })
      : sources,
    region: onSlices(region, slices, columns * rows),
  };
}

/** The region on another grid. */
function regionOn(grid: Grid, found: Region): Mask {
  // One voxel of background around the region is enough for interpolation.
  const box = boundingBox(found.mask, found.grid.dims, 1);
  const region = crop({ ...found.grid, data: new Float32Array(found.mask) }, box);
  return threshold(resample(region, grid).data, 0.5);
}

/** Voxels of the region that any source shows; what is 0 in all of them was stripped or not acquired. */
function shownIn(sources: readonly Volume[], inside: Mask): Mask {
  const region = inside.slice();
  const values = sources.map(({ data }) => data);
  eachRun(inside, (start, end) => {
    for (let i = start; i < end; i++) {
      let n = 0;
      while (n < values.length && !(values[n][i] > 0)) n++;
      if (n === values.length) region[i] = 0;
    }
  });
  return region;
}
