import type { Region } from '../domains/Region';
import type { RoleId } from '../domains/Role';
import type { Mask } from '../volume/Mask';
import type { Volume } from '../volume/Volume';
import type { InputFeatures } from './InputFeatures';
import { pairFeatures } from './pairFeatures';
import { regionFeatures } from './regionFeatures';
import { samplesOf } from './Samples';
import { sourceFeatures } from './sourceFeatures';

/**
 * Features of prepared inputs.
 * @param sources on one model grid, normalized, 0 outside the region
 * @param inside the region on that grid, on the slices to synthesize; not empty
 * @param region as it was found, on its own grid; not empty
 */
export function describeStack(
  sources: ReadonlyMap<RoleId, Volume>,
  inside: Mask,
  region: Region,
): InputFeatures {
  const all = [...sources];
  const samples = samplesOf(all[0][1], inside);
  return {
    sources: new Map(all.map(([role, { data }]) => [role, sourceFeatures(data, samples)])),
    pairs: all.flatMap(([one, a], n) =>
      all.slice(n + 1).map(([other, b]) => ({
        roles: [one, other],
        features: pairFeatures(a.data, b.data, samples),
      })),
    ),
    region: regionFeatures(region),
  };
}
