import { ROLE_IDS } from '../domains/brain-mr/roles';
import { type CdmManifest, type Diffusion, networkNames, SAMPLING } from '../methods/cdm/manifest';
import { tinyFields } from './tinyFields';

/** What samples are drawn with in a small bundle. */
export const TINY_DIFFUSION: Diffusion = {
  cell: { slices: 4, pixels: 4, least_share: 0.25 },
  keys: 48,
  units: { level: 0.5, spread: 0.1, error: 0.0625 },
  spread: { t1: 1, t1ce: 1, t2: 1, flair: 1 },
  correlation: 0.5,
  timesteps: [999, 30],
  alpha_bar: [0.001, 0.9],
  embedding: { size: 64, max_period: 10000 },
};

/**
 * A valid manifest of a small bundle of two members, all files empty of meaning; a fresh object at each
 * call.
 * @param diffusion where it can draw samples
 */
export function tinyManifest(diffusion?: Diffusion): CdmManifest {
  const members = 2;
  const names = [...networkNames(members), ...(diffusion ? SAMPLING : [])];
  const inputs = { images: [4, 20, 40, 36], availability: [4, 4] };
  return {
    ...tinyFields(names),
    id: 'tiny',
    method: 'cdm',
    roles: [...ROLE_IDS],
    grid: { spacing: [4, 4, 4], size: [40, 36], slab: 4, neighbours: 2 },
    members,
    ...(diffusion && { diffusion }),
    lesions: ['none', 'oedema', 'enhancing'],
    uncertainty: { factor: Object.fromEntries(ROLE_IDS.map(role => [role, 1])) },
    networks: Object.fromEntries(names.map(name => [name, { inputs, outputs: {}, flops: 0 }])),
  };
}
