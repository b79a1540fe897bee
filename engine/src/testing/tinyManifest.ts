import { ROLE_IDS } from '../domains/brain-mr/roles';
import { type CdmManifest, networkNames } from '../methods/cdm/manifest';

/**
 * A valid manifest of a small bundle of two members, all files empty of meaning; a fresh object at each
 * call.
 */
export function tinyManifest(): CdmManifest {
  const members = 2;
  const names = networkNames(ROLE_IDS, members);
  const each = <T>(value: (name: string) => T) => Object.fromEntries(names.map(n => [n, value(n)]));
  return {
    format: 'modality-synthesis-bundle/4',
    id: 'tiny',
    version: '0.0.1',
    name: 'Tiny',
    method: 'cdm',
    changelog: {},
    intended_use: 'Tests.',
    not_for: ['Patients.'],
    limitations: ['It is empty of meaning.'],
    data_sources: [],
    license: 'MIT',
    domain: 'brain-mr',
    roles: [...ROLE_IDS],
    grid: { spacing: [4, 4, 4], size: [40, 36], slab: 4, neighbours: 1 },
    normalization: { region: 'brain', lower_percentile: 0, upper_percentile: 100, ceiling: 1.25 },
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
    networks: each(name => ({ inputs: inputs(name), outputs: {}, flops: 0 })),
    files: { fp32: each(name => ({ path: `fp32/${name}.onnx`, bytes: 3, sha256: '0'.repeat(64) })) },
    self_test: { seed: 1, tolerance: { fp32: 1e-4, fp16: 1e-2 }, networks: each(() => ({})) },
    metrics: {},
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
