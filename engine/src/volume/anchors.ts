import { checkpoint } from '../errors';
import { boundingBox, crop, cropValues, pasteValues } from './box';
import { eachRun, type Mask } from './Mask';
import { clip, type Normalized } from './normalize';
import {
  aroundCentre,
  aroundQuantile,
  fitShading,
  type Shading,
  supportOf,
  tissueSamples,
  withoutShading,
} from './shading';
import { percentiles } from './statistics';
import { findTissue, type TissueRule, withoutRim } from './tissue';
import type { Point3, Volume } from './Volume';

/** What makes the intensities of an image comparable with those of other patients. */
export interface AnchorRules {
  /** How the anchor tissue is found, the most informative image first. */
  tissue: readonly TissueRule[];
  /** mm under the surface of the region where there is none. */
  rim: number;
  /** What the median of the tissue becomes. */
  level: number;
  /** What one spread of the region becomes. */
  spread: number;
  /** By image: the quantile of the region, without its rim, near the tissue, in (0, 1). */
  quantiles: Readonly<Record<string, number>>;
}

/** An image whose intensities are anchored: in [0, ceiling], 0 outside the region. */
export interface Anchored extends Volume {
  /** Median of the anchor tissue before, without shading. */
  tissue: number;
  /** Spread of the region before, without shading. */
  spread: number;
  /** What was removed. */
  shading: Shading;
}

/** How a caller follows and cancels it. */
export interface AnchorRun {
  /** Called after each image of each of the `ANCHOR_ROUNDS`. */
  onImage?: () => void;
  signal?: AbortSignal;
}

/** Rounds of fits: the first follow a quantile of the region, the others the tissue. */
export const ANCHOR_ROUNDS = 4;
const TAILS = [8, 92] as const; // percentiles
const TAILS_APART = 2.81; // their distance in standard deviations of a normal distribution
const NARROWEST = 1e-3; // spread of an empty image
const UNKNOWN_FLOOR = 0.15; // typical; of values that are not a scanner's, some of them negative

/**
 * Anchors intensities, without shading: the anchor tissue becomes `level`, one spread of the region becomes
 * `spread`. Fits of the shading and search of the tissue alternate, because the tissue is found by ranks,
 * which shading changes.
 * @param images of one study on one grid
 * @throws SynthesisError `cancelled`
 */
export async function anchorIntensities(
  images: ReadonlyMap<string, Normalized>,
  region: Mask,
  rules: AnchorRules,
  ceiling: number,
  run: AnchorRun = {},
): Promise<Map<string, Anchored>> {
  const [{ dims, indexToWorld }] = images.values();
  // Most of the grid is background, and a rim of it is all that is looked at.
  const box = boundingBox(region, dims, 1);
  const cropped = new Map([...images].map(([role, image]) => [role, { ...image, ...crop(image, box) }]));
  const anchored = await anchorCropped(cropped, cropValues(region, dims, box), rules, ceiling, run);
  return new Map(
    [...anchored].map(([role, { data, shading, ...found }]) => {
      const centre = shading.centre.map((n, axis) => n + box.first[axis]) as Point3;
      const whole = pasteValues(data, new Float32Array(region.length), dims, box);
      return [role, { ...found, dims, indexToWorld, data: whole, shading: { ...shading, centre } }];
    }),
  );
}

/** The same where the region all but fills the grid. */
async function anchorCropped(
  images: ReadonlyMap<string, Normalized>,
  region: Mask,
  rules: AnchorRules,
  ceiling: number,
  { onImage, signal }: AnchorRun,
): Promise<Map<string, Anchored>> {
  const [grid] = images.values();
  const inner = withoutRim(region, grid, rules.rim);
  const support = supportOf(grid, region);
  // Before the last round the others need not be without shading.
  const telling = new Set(rules.tissue.map(({ roles }) => roles.find(role => images.has(role))));
  let tissue = inner;
  let flat = new Map<string, Volume>();
  const shadings = new Map<string, Shading>();
  for (let round = 1; round <= ANCHOR_ROUNDS; round++) {
    const samples = tissueSamples(tissue, support);
    const found = new Map<string, Volume>();
    for (const [role, image] of images) {
      if (round === ANCHOR_ROUNDS || telling.has(role)) {
        const floor = image.floor >= 0 ? image.floor : UNKNOWN_FLOOR;
        const weigh = round === 1 ? aroundQuantile(rules.quantiles[role]) : aroundCentre;
        const shading = fitShading(image.data, samples, floor, weigh);
        shadings.set(role, shading);
        found.set(role, withoutShading(image, region, shading, floor));
      }
      onImage?.();
      await checkpoint(signal);
    }
    flat = found;
    tissue = findTissue(flat, inner, rules.tissue);
  }
  return new Map(
    [...flat].map(([role, volume]) => [
      role,
      anchored(volume, shadings.get(role)!, tissue, region, rules, ceiling),
    ]),
  );
}

function anchored(
  { data, ...grid }: Volume,
  shading: Shading,
  tissue: Mask,
  region: Mask,
  rules: AnchorRules,
  ceiling: number,
): Anchored {
  const [low, high] = percentiles(data, region, TAILS);
  const spread = Math.max((high - low) / TAILS_APART, NARROWEST);
  const [median] = percentiles(data, tissue.includes(1) ? tissue : region, [50]);
  const scale = rules.spread / spread;
  eachRun(region, (start, end) => {
    for (let i = start; i < end; i++) data[i] = clip(rules.level + (data[i] - median) * scale, ceiling);
  });
  return { ...grid, data, tissue: median, spread, shading };
}
