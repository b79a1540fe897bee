import { ROLE_IDS } from '../domains/brain-mr/roles';
import { type CdmManifest, networkNames } from '../methods/cdm/manifest';
import { tinyFields } from './tinyFields';

/**
 * A valid manifest of a small bundle of two members, all files empty of meaning; a fresh object at each
 * call.
 */
export function tinyManifest(): CdmManifest {
  const members = 2;
  const names = networkNames(ROLE_IDS, members);
  return {
    ...tinyFields(names),
    id: 'tiny',
    method: 'cdm',
    roles: [...ROLE_IDS],
    grid: { spacing: [4, 4, 4], size: [40, 36], slab: 4, neighbours: 1 },
    tokens: { count: 2, channels: 3, step_mm: 8 },
    scheduler: {
      kind: 'ddim',
      diffusion_steps: 1000,
      timesteps: [999, 499],
      alpha_bar: [0.001, 0.5],
      embedding: { size: 8, max_period: 10000 },
    },
    guidance: 'diffusion',
    members,
    samples: 1,
    uncertainty: { factor: Object.fromEntries(ROLE_IDS.map(c => [c, 1])) },
    networks: Object.fromEntries(names.map(n => [n, { inputs: inputs(n), outputs: {}, flops: 0 }])),
  };
}

function inputs(name: string): Record<string, number[]> {
  if (name.startsWith('cunet-encoder')) return { images: [4, 12, 40, 36], availability: [4, 4] };
  if (name.startsWith('cunet-decoder')) {
    return {
      features: [4, 1, 40, 36],
      tokens: [4, 2, 3],
      certainty: [4, 1],
      target: [4, 4],
      availability: [4, 4],
    };
  }
  return {};
}
